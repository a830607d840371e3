"""A document as lines for the terminal: the page as it will be issued, in the width there is."""

from collections.abc import Iterator, Sequence
from itertools import chain

from rich.cells import cell_len

from pmtui.reports.blocks import (
    Block,
    Bullets,
    Cell,
    Document,
    Facts,
    Figures,
    Foot,
    Heading,
    Paragraph,
    Table,
    Title,
)
from pmtui.reports.layout import GAP, Line, cut, lay_out, pad, wrap
from pmtui.reports.words import plain

MEASURE = 100
"""The widest page; beyond it the eye loses the line."""

_BULLET = "• "
_DOT = " · "


def to_lines(document: Document, width: int) -> list[Line]:
    """The document's lines, each a list of (text, tone), none wider than ``width`` cells."""
    measure = max(20, min(width, MEASURE))
    lines: list[Line] = []
    for block in document.blocks():
        if lines and isinstance(block, (Title, Heading, Figures, Table, Foot)):
            lines.append([])
        lines += _lines(block, measure)
    return lines if width >= measure else [_clipped(line, width) for line in lines]


def _lines(block: Block, width: int) -> Iterator[Line]:
    match block:
        case Title():
            return _title(block, width)
        case Facts():
            return _facts(block, width)
        case Heading():
            return _heading(block.text, width)
        case Paragraph():
            return _paragraph(block.text, block.tone, width)
        case Bullets():
            return _bullets(block, width)
        case Figures():
            return _figures(block, width)
        case Table():
            return _table(block, width)
        case Foot():
            return chain([_rule(width)], _paragraph(block.text, "muted", width))


def _paragraph(text: str, tone: str, width: int) -> Iterator[Line]:
    for line in wrap(plain(text, lines=True), width):
        yield [(line, tone)]


def _bullets(block: Bullets, width: int) -> Iterator[Line]:
    for item in block.items:
        for at, line in enumerate(wrap(plain(item), width - len(_BULLET))):
            yield [(_BULLET if at == 0 else " " * len(_BULLET), "muted"), (line, "")]


def _rule(width: int) -> Line:
    return [("─" * width, "muted")]


def _heading(text: str, width: int) -> Iterator[Line]:
    yield [(cut(plain(text), width), "title")]
    yield _rule(width)


def _title(block: Title, width: int) -> Iterator[Line]:
    text, aside = plain(block.text), plain(block.aside)
    room = width - cell_len(aside) - 2 * GAP
    if aside and cell_len(text) <= room:
        yield [(text, "title"), (" " * (width - cell_len(text) - cell_len(aside)), ""), (aside, "strong")]
    else:
        for line in wrap(text, width):
            yield [(line, "title")]
        if aside:
            yield [(cut(aside, width), "strong")]
    yield [("━" * width, "muted")]


def _facts(block: Facts, width: int) -> Iterator[Line]:
    """As many facts on a line as fit; one too long for a line is wrapped."""
    line: Line = []
    used = 0
    for label, value in ((plain(name), plain(text)) for name, text in block.items):
        cells = cell_len(label) + 1 + cell_len(value)
        if line and used + len(_DOT) + cells > width:
            yield line
            line, used = [], 0
        if cells > width:
            first, *rest = wrap(f"{label} {value}", width)
            yield [(first, "")]
            yield from ([(more, "")] for more in rest)
            continue
        if line:
            line.append((_DOT, "muted"))
            used += len(_DOT)
        line += [(f"{label} ", "muted"), (value, "")]
        used += cells
    if line:
        yield line


def _figures(block: Figures, width: int) -> Iterator[Line]:
    """Amounts under their labels, as many on a line as fit; at the narrowest they face each other."""
    yield from _heading(block.title, width)
    items = [(plain(label), Cell(plain(cell.text), cell.tone)) for label, cell in block.items]
    for columns in (len(items), 3, 2):
        grid = [items[at : at + columns] for at in range(0, len(items), columns)]
        widths = [
            max(max(cell_len(label), cell_len(cell.text)) for label, cell in (row[c] for row in grid if c < len(row)))
            for c in range(min(columns, len(items)))
        ]
        spare = width - sum(widths) - GAP * (len(widths) - 1)
        if spare >= 0:
            yield from _grid(grid, widths, spare)
            return
    for label, cell in items:
        amount = cut(cell.text, width)
        yield [(pad(label, width - cell_len(amount)), "head"), (amount, cell.tone)]


def _grid(grid: Sequence[Sequence[tuple[str, Cell]]], widths: Sequence[int], spare: int) -> Iterator[Line]:
    gaps = max(1, len(widths) - 1)
    between = [GAP + spare // gaps + (at < spare % gaps) for at in range(gaps)]
    between = [min(gap, 3 * GAP) for gap in between]
    for at, row in enumerate(grid):
        labels: Line = []
        amounts: Line = []
        for place, (label, cell) in enumerate(row):
            if place:
                labels.append((" " * between[place - 1], ""))
                amounts.append((" " * between[place - 1], ""))
            labels.append((pad(label, widths[place], "right"), "head"))
            amounts.append((pad(cell.text, widths[place], "right"), cell.tone))
        if at:
            yield []
        yield labels
        yield amounts


def _table(block: Table, width: int) -> Iterator[Line]:
    layout = lay_out(block.columns, block.rows, width)
    yield from layout.heading(plain(block.title), width)
    yield _rule(width)
    for row in block.rows:
        yield from layout.row(row)
    if block.more:
        yield [(cut(block.more, width), "muted")]


def _clipped(line: Line, width: int) -> Line:
    """A line for a pane too narrow for any page."""
    kept: Line = []
    for text, tone in line:
        room = width - sum(cell_len(shown) for shown, _ in kept)
        if room > 0:
            kept.append((cut(text, room), tone))
    return kept
