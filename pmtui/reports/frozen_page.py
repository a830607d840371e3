"""A page that was frozen as Markdown, as the parts it was made from, to be shown like any other page."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pmtui.domain.lights import COLOURS, SHAPES, TONES, WORDS
from pmtui.reports.blocks import Block, Bullets, Cell, Column, Facts, Figures, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.words import left_out

_ESCAPED = re.compile(r"\\([^\w\s])")
_FACT = re.compile(r"\*\*(?P<label>.+?)\*\* (?P<value>.*?)(?= · \*\*|$)")
_LIGHTS = {f"{SHAPES[colour]} {WORDS[colour]}": TONES[colour] for colour in COLOURS}
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class FrozenPage:
    """The parts of a page, in order."""

    parts: tuple[Block, ...]

    def blocks(self) -> tuple[Block, ...]:
        """The parts."""
        return self.parts


def frozen_page(markdown: str) -> FrozenPage:
    """The page that a text made by :mod:`pmtui.reports.markdown` says; other Markdown as paragraphs."""
    found: list[Block] = []
    for block in _blocks(re.split(r"\n{2,}", markdown.strip())):
        last = found[-1] if found else None
        if isinstance(block, Table) and isinstance(last, Heading):
            found[-1] = _under(last.text, block)
        elif isinstance(block, Paragraph) and isinstance(last, Table) and left_out(block.text):
            found[-1] = replace(last, more=block.text)
        else:
            found.append(block)
    return FrozenPage(tuple(found))


def _under(title: str, table: Table) -> Table | Figures:
    """A table under its heading; one row of nothing but numbers is figures with their labels."""
    if len(table.rows) == 1 and all(column.align == "right" for column in table.columns):
        labels = (column.title for column in table.columns)
        return Figures(title, tuple(zip(labels, table.rows[0], strict=True)))
    return replace(table, title=title, whole=title == "Lights")


def _blocks(chunks: list[str]) -> Iterator[Block]:
    foot = False
    for chunk in chunks:
        lines = chunk.split("\n")
        if chunk == "---":
            foot = True
        elif chunk.startswith("# "):
            yield Title(_text(chunk[2:]))
        elif chunk.startswith("## "):
            yield Heading(_text(chunk[3:]))
        elif all(line.startswith("- ") for line in lines):
            yield Bullets(tuple(_text(line[2:]) for line in lines))
        elif chunk.startswith("| ") and len(lines) > 1:
            yield _table(lines)
        elif chunk.startswith("**") and _FACT.match(chunk):
            yield Facts(tuple((_text(fact["label"]), _text(fact["value"])) for fact in _FACT.finditer(chunk)))
        else:
            text = "\n".join(_text(line.removesuffix("\\")) for line in lines)
            yield Foot(text) if foot else Paragraph(text)


def _table(lines: list[str]) -> Table:
    titles, marks, *rows = (_cells(line) for line in lines)
    widths = [max([len(title), *(len(row[at]) for row in rows if at < len(row))]) for at, title in enumerate(titles)]
    flex = widths.index(max(widths))
    columns = tuple(
        Column(title, "right" if mark.endswith(":") else "left", flex=at == flex)
        for at, (title, mark) in enumerate(zip(titles, marks, strict=False))
    )
    blank = [""] * len(columns)
    return Table("", columns, tuple(tuple(map(_cell, [*row, *blank][: len(columns)])) for row in rows))


def _cell(text: str) -> Cell:
    """A cell, with the tone of the light that it shows."""
    return Cell(text, _LIGHTS.get(text, ""))


def _cells(line: str) -> list[str]:
    return [_text(cell.strip()) for cell in _BAR.split(line.strip())[1:-1]]


def _text(markdown: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", markdown)).strip()
