"""How a document takes up paper: widths of columns, heights of parts, and what is left out so that it is one page.

All lengths are points (1/72 inch). The page is as wide as A4 and as high as Letter, so that it prints on either.
HTML, Word and PDF are set from the same measures, so that all three show the same rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pmtui.reports.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Figures,
    Foot,
    Heading,
    Paragraph,
    Table,
    Title,
)
from pmtui.reports.measure import line_height, width, wrap
from pmtui.reports.words import left_out, more_words, plain

A4 = (595.28, 841.89)
MARGIN = 42.5
EDGE = 36.0
"""Blank at the sides, and above and below."""

DOT = " · "
BULLET = "• "


@dataclass(frozen=True, slots=True)
class Sheet:
    """The room there is, and the sizes of type that are tried, the largest first."""

    width: float
    height: float
    sizes: tuple[float, ...]


PAGE = Sheet(A4[0] - 2 * MARGIN, 792 - 2 * EDGE - 14, (9.0, 8.5, 8.0, 7.5))
"""A4's width, Letter's height less a line, since no two programs set a page to the point."""

FLOWING = 10.0
"""The size of type of documents that may take several pages."""

TITLE, ASIDE, HEAD = 1.7, 1.1, 1.12
"""Sizes of the page's name, of what stands beside it, and of sections' names, in em."""

ABOVE_HEADING = 0.65
BETWEEN = 0.3
ROW_PADDING = 0.28
CELL_PADDING = 0.35
"""Blanks in em: above a section, after a paragraph, in a row (above and below together), at each side of a cell."""

LEAST_NAMES = 0.38
"""The part of the width that the column of names keeps."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A document as it is set: its parts, the size of type, and how many pages it takes."""

    blocks: tuple[Block, ...]
    size: float
    pages: int = 1


def fit(blocks: Sequence[Block], sheet: Sheet = PAGE) -> Fitted:
    """The document on one page: in the largest type that fits, else with rows left out and counted.

    Words are never left out: where they alone are more than a page, all is shown, on several.
    """
    for size in sheet.sizes[:-1]:
        if height(blocks, sheet.width, size) <= sheet.height:
            return Fitted(tuple(blocks), size)
    small, smallest = sheet.sizes[-2:]
    for size, least in ((small, 4), (smallest, 2), (smallest, 1), (smallest, 0)):
        shortened = _shortened(blocks, sheet, size, least)
        if shortened is not None:
            return Fitted(shortened, size)
    size = sheet.sizes[0]
    return Fitted(tuple(blocks), size, pages(blocks, sheet, size))


def flow(blocks: Sequence[Block], sheet: Sheet = PAGE) -> Fitted:
    """The document on as many pages as it takes."""
    return Fitted(tuple(blocks), FLOWING, pages(blocks, sheet, FLOWING))


def pages(blocks: Sequence[Block], sheet: Sheet, size: float) -> int:
    """About how many pages it takes; exactly one where it fits."""
    return max(1, -int(-height(blocks, sheet.width, size) // sheet.height))


def _shortened(blocks: Sequence[Block], sheet: Sheet, size: float, least: int) -> tuple[Block, ...] | None:
    """The parts with rows taken off the longest tables until all fits; ``None`` where it never does.

    Each table keeps ``least`` rows.
    """
    found = list(blocks)
    heights = [block_height(block, sheet.width, size) for block in found]
    spaces = _spaces(found, size)
    while sum(heights) + spaces > sheet.height:
        longest = max(range(len(found)), key=lambda at: _first_to_go(found[at], least), default=-1)
        block = found[longest] if found else None
        if not isinstance(block, Table) or not _can_go(block, least):
            return None
        found[longest] = without_a_row(block)
        heights[longest] = block_height(found[longest], sheet.width, size)
    return tuple(found)


def _first_to_go(block: Block, least: int) -> tuple[int, int]:
    """The longest table first; of equally long ones the one that matters least."""
    return _can_go(block, least), -block.keep if isinstance(block, Table) else 0


def _can_go(block: Block, least: int) -> int:
    """How many rows may be left out."""
    return max(0, len(block.rows) - least) if isinstance(block, Table) and not block.whole else 0


def without_a_row(table: Table) -> Table:
    """The table without the row that matters least, which is counted beneath."""
    rank = table.rank or tuple(range(len(table.rows)))
    least = max(range(len(rank)), key=rank.__getitem__)
    rows = tuple(row for at, row in enumerate(table.rows) if at != least)
    kept = tuple(place for at, place in enumerate(rank) if at != least)
    more = more_words(left_out(table.more) + 1, none_shown=not rows)
    return replace(table, rows=rows, rank=kept, more=more)


# Heights ------------------------------------------------------------------------------


def height(blocks: Sequence[Block], room: float, size: float) -> float:
    """How high parts are under one another."""
    return sum(block_height(block, room, size) for block in blocks) + _spaces(blocks, size)


def space_above(block: Block, *, first: bool) -> float:
    """The blank above a part, in em."""
    return 0.0 if first or not isinstance(block, (Heading, Figures, Table, Foot)) else ABOVE_HEADING


def _spaces(blocks: Sequence[Block], size: float) -> float:
    return size * sum(space_above(block, first=at == 0) for at, block in enumerate(blocks))


def block_height(block: Block, room: float, size: float) -> float:
    """How high a part is, without the blank above it."""
    match block:
        case Title():
            aside = lines_height([block.aside], size * ASIDE, room) if block.aside else 0.0
            return lines_height([block.text], size * TITLE, room, bold=True) + aside + size * BETWEEN
        case Facts():
            words = DOT.join(f"{plain(label)} {plain(value)}" for label, value in block.items)
            return lines_height([words], size, room) + size * BETWEEN
        case Heading():
            return lines_height([block.text], size * HEAD, room, bold=True) + size * BETWEEN
        case Paragraph():
            return lines_height(block.text.split("\n"), size, room) + size * BETWEEN
        case Foot():
            return lines_height([block.text], size, room) + size * BETWEEN
        case Bullets():
            indent = width(BULLET, size) * 2
            return sum(lines_height([item], size, room - indent) for item in block.items) + size * BETWEEN
        case Figures():
            return _figures_height(block, room, size)
        case Table():
            return _table_height(block, room, size)


def lines_height(texts: Iterable[str], size: float, room: float, *, bold: bool = False) -> float:
    """How high texts are, each on lines of its own, wrapped."""
    lines = (line for text in texts for line in wrap(plain(text), room, size, bold=bold))
    return size * sum(map(line_height, lines))


def _figures_height(block: Figures, room: float, size: float) -> float:
    title = lines_height([block.title], size * HEAD, room, bold=True) + size * ROW_PADDING if block.title else 0.0
    return title + sum(
        row_height([Cell(label) for label, _ in line], [room / len(line)] * len(line), size)
        + row_height([cell for _, cell in line], [room / len(line)] * len(line), size, bold=True)
        for line in figure_lines(block, room, size)
    )


def figure_lines(block: Figures, room: float, size: float) -> list[tuple[tuple[str, Cell], ...]]:
    """The figures on as few lines as they fit on, equally many on each."""
    items = block.items
    widest = max(
        (max(width(plain(label), size), width(plain(c.text), size, bold=True)) for label, c in items), default=0
    )
    most = max(1, int(room // (widest + 2 * CELL_PADDING * size))) if widest else 1
    count = -(-len(items) // most)
    each = -(-len(items) // count) if count else 1
    return [items[at : at + each] for at in range(0, len(items), each)]


def _table_height(block: Table, room: float, size: float) -> float:
    widths = column_widths(block.columns, block.rows, room, size)
    total = header_height(block, widths, size) + sum(row_height(row, widths, size) for row in block.rows)
    return total + (lines_height([block.more], size, room) if block.more else 0.0)


def row_height(cells: Sequence[Cell], widths: Sequence[float], size: float, *, bold: bool = False) -> float:
    """How high a row is: its highest cell."""
    inner = (column - 2 * CELL_PADDING * size for column in widths)
    highest = max(
        (
            lines_height([cell.text], size, room, bold=bold or cell.tone in BOLD_TONES)
            for cell, room in zip(cells, inner, strict=True)
        ),
        default=size,
    )
    return highest + ROW_PADDING * size


BOLD_TONES = frozenset({"strong", "good", "warn", "bad"})
"""Tones of cells that are set bold, so that they say on a print without colours what they say in colour."""


# Columns -------------------------------------------------------------------------------


def titled_columns(table: Table) -> int:
    """How many columns the table's name stands over, in place of theirs; none where it has no name."""
    if not table.title:
        return 0
    flex = flex_column(table.columns)
    return 1 if flex == len(table.columns) - 1 else flex + 1


def header_cells(table: Table) -> tuple[tuple[str, int], ...]:
    """The heading's texts and how many columns each stands over; the table's own name is the first, if it has one."""
    over = titled_columns(table)
    names = tuple((column.title, 1) for column in table.columns[over:])
    return ((table.title, over), *names) if over else names


def header_height(table: Table, widths: Sequence[float], size: float) -> float:
    """How high a table's heading is."""
    begins = [0, *accumulate(span for _, span in header_cells(table))]
    highest = size
    for at, (text, span) in enumerate(header_cells(table)):
        scale = HEAD if at == 0 and table.title else 1.0
        room = sum(widths[begins[at] : begins[at] + span]) - 2 * CELL_PADDING * size
        highest = max(highest, lines_height([text], size * scale, room, bold=True))
    return highest + ROW_PADDING * size


def flex_column(columns: Sequence[Column]) -> int:
    """The column that takes the room that is left: that of names."""
    return next((at for at, column in enumerate(columns) if column.flex), len(columns) - 1)


def column_widths(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], room: float, size: float
) -> tuple[float, ...]:
    """The width shared among columns: each as wide as its texts, the column of names has the rest.

    Where not all fit, none is wider than it says at most, and where names would get too little, the widest of the
    others give way; what is too long wraps.
    """
    flex = flex_column(columns)
    cells = [[row[at] for row in rows] for at in range(len(columns))]
    free = [_natural(column, cells[at], size) for at, column in enumerate(columns)]
    if sum(free) <= room:
        return (*free[:flex], free[flex] + room - sum(free), *free[flex + 1 :])
    widths = [_capped(column, free[at], room, size) for at, column in enumerate(columns)]
    widths[flex] = 0.0
    spare = sum(widths) - room * (1 - LEAST_NAMES)
    while spare > 0.01 and len(columns) > 1:
        order = sorted(widths, reverse=True)
        equal = [at for at, found in enumerate(widths) if found >= order[0] - 0.01]
        lower = max((found for found in order if found < order[0] - 0.01), default=0.0)
        step = min(order[0] - lower, spare / len(equal))
        for at in equal:
            widths[at] -= step
        spare -= step * len(equal)
    widths[flex] = room - sum(widths)
    return tuple(widths)


def _natural(column: Column, cells: Sequence[Cell], size: float) -> float:
    """As wide as the widest of a column's texts."""
    texts = (width(plain(cell.text), size, bold=cell.tone in BOLD_TONES) for cell in cells)
    return max([width(plain(column.title), size, bold=True), *texts]) + 2 * CELL_PADDING * size + 0.5


def _capped(column: Column, wanted: float, room: float, size: float) -> float:
    """No wider than the column says that it takes at most, in letters of middling width."""
    most = column.most * 0.6 * size + 2 * CELL_PADDING * size if column.most else room * 0.4
    title = width(plain(column.title), size, bold=True) + 2 * CELL_PADDING * size + 0.5
    return min(wanted, max(most, title))
