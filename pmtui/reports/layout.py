"""Text set in cells of a terminal: cut, wrapped and laid out in columns, wide characters included.

Widths are terminal cells: a Latin letter takes one, a Chinese or Japanese character two.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len

from pmtui.reports.blocks import Cell, Column
from pmtui.reports.words import plain

Span: TypeAlias = tuple[str, str]
Line: TypeAlias = list[Span]

GAP = 2
LEAST_FLEX = 16
"""Cells that the column of names needs; with less, a row takes two lines."""

INDENT = 2


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` cells, with "…" where something is left out."""
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    kept = text[: width - 1]
    while cell_len(kept) > width - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def pad(text: str, width: int, align: str = "left") -> str:
    """The text cut or filled up to exactly ``width`` cells."""
    text = cut(text, width)
    blanks = " " * (width - cell_len(text))
    return blanks + text if align == "right" else text + blanks


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` cells, broken between words, else within one."""
    lines: list[str] = []
    for written in text.split("\n"):
        line, used = "", 0
        for word in written.split():
            for piece in _pieces(word, width):
                cells = cell_len(piece)
                if line and used + 1 + cells <= width:
                    line, used = f"{line} {piece}", used + 1 + cells
                else:
                    if line:
                        lines.append(line)
                    line, used = piece, cells
        lines.append(line)
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word, in parts that fit where it is longer than a line."""
    while cell_len(word) > width:
        end = max(1, min(width, len(word)))
        while end > 1 and cell_len(word[:end]) > width:
            end -= 1
        yield word[:end]
        word = word[end:]
    if word:
        yield word


@dataclass(frozen=True, slots=True)
class _Row:
    """Columns that share a line: their places among the table's, widths, and the line's indent."""

    places: tuple[int, ...]
    widths: tuple[int, ...]
    indent: int


@dataclass(frozen=True, slots=True)
class TableLayout:
    """How a table's columns share the width: all on one line, or each row on two."""

    columns: tuple[Column, ...]
    lines: tuple[_Row, ...]

    def heading(self, title: str, width: int) -> list[Line]:
        """The heading's lines: the table's title stands in place of the first columns' names."""
        flex = _flex(self.columns)
        last = flex == len(self.columns) - 1
        named = self.lines[0] if last else self.lines[-1]
        left = named.indent
        names: Line = []
        for place, cells in zip(named.places, named.widths, strict=True):
            if place > flex or (last and place > 0):
                column = self.columns[place]
                names += [(" " * GAP, "")] if names else []
                names.append((pad(column.title, cells, column.align), "head"))
            else:
                left += cells + GAP
        if not names:
            return [[(cut(title, width), "title")]]
        written = " " * left + "".join(text for text, _ in names)
        free = len(written) - len(written.lstrip())
        if cell_len(title) > free - GAP:
            return [[(cut(title, width), "title")], [(" " * left, ""), *names]]
        return [[(pad(title, free), "title"), (written[free:].rstrip(), "head")]]

    def row(self, cells: Sequence[Cell]) -> list[Line]:
        """A row's lines."""
        return [line for part in self.lines for line in self._lines(part, cells)]

    def _lines(self, part: _Row, cells: Sequence[Cell]) -> Iterator[Line]:
        texts: list[list[str]] = []
        for place, width in zip(part.places, part.widths, strict=True):
            text = plain(cells[place].text)
            texts.append(wrap(text, width) if self.columns[place].wrap else [cut(text, width)])
        for at in range(max(map(len, texts))):
            line: Line = [(" " * part.indent, "")] if part.indent else []
            for place, width, shown in zip(part.places, part.widths, texts, strict=True):
                if line and place != part.places[0]:
                    line.append((" " * GAP, ""))
                text = shown[at] if at < len(shown) else ""
                line.append((pad(text, width, self.columns[place].align), cells[place].tone))
            line[-1] = (line[-1][0].rstrip(), line[-1][1])
            yield line


def lay_out(columns: tuple[Column, ...], rows: Iterable[Sequence[Cell]], width: int) -> TableLayout:
    """Share ``width`` among the columns; where the names would get too little, rows take two lines."""
    known = list(rows)
    natural = [_natural(column, place, known) for place, column in enumerate(columns)]
    flex = _flex(columns)
    fixed = sum(natural) - natural[flex] + GAP * (len(columns) - 1)
    if width - fixed >= LEAST_FLEX:
        widths = tuple(width - fixed if i == flex else natural[i] for i in range(len(columns)))
        return TableLayout(columns, (_Row(tuple(range(len(columns))), widths, 0),))
    split = flex if flex == len(columns) - 1 else flex + 1
    first, second = tuple(range(split)), tuple(range(split, len(columns)))
    return TableLayout(
        columns, (_fitted(first, natural, flex, width, 0), _fitted(second, natural, flex, width, INDENT))
    )


def _flex(columns: Sequence[Column]) -> int:
    return next(i for i, column in enumerate(columns) if column.flex)


def _natural(column: Column, place: int, rows: Sequence[Sequence[Cell]]) -> int:
    widest = max([cell_len(column.title), *(cell_len(plain(row[place].text)) for row in rows)])
    return min(widest, column.most) if column.most else widest


def _fitted(places: tuple[int, ...], natural: Sequence[int], flex: int, width: int, indent: int) -> _Row:
    """Widths that fill a line: the flex column, else the first, takes or gives what is over."""
    room = width - indent - GAP * (len(places) - 1)
    widths = [natural[i] for i in places]
    if indent or flex in places:
        widths[places.index(flex) if flex in places else 0] += max(0, room - sum(widths))
    while sum(widths) > room:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return _Row(places, tuple(widths), indent)
