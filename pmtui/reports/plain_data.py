"""A document as plain data, lists, dicts, texts and numbers, for templates."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from pmtui.domain.lights import SHAPES
from pmtui.reports.blocks import Block, Bullets, Cell, Facts, Figures, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.formats import About
from pmtui.reports.palette import INKS, TINTS
from pmtui.reports.paper import PAGE, Fitted, column_widths, figure_lines, header_cells
from pmtui.reports.words import full_day, plain

Data: TypeAlias = dict[str, Any]

_SHAPES = tuple(f"{shape} " for shape in SHAPES.values())
TONES = frozenset(INKS)


def is_light(cell: Cell) -> bool:
    """Whether a cell shows a light: it is in a light's tone, and its shape stands first."""
    return cell.tone in TINTS and cell.text.startswith(_SHAPES)


def plain_about(about: About, size: float) -> Data:
    """What a file says of itself, and the size of its type in points."""
    return {
        "title": plain(about.title),
        "subject": plain(about.subject),
        "author": plain(about.author),
        "date": about.on.isoformat(),
        "day": full_day(about.on),
        "language": about.language,
        "size": size,
    }


def plain_blocks(fitted: Fitted) -> list[Data]:
    """The parts of a page; texts are as they were written, not yet escaped."""
    return [_plain(block, fitted.size) for block in fitted.blocks]


def _plain(block: Block, size: float) -> Data:
    match block:
        case Title():
            return {"kind": "title", "text": plain(block.text), "aside": plain(block.aside)}
        case Facts():
            items = [{"label": plain(label), "value": plain(value)} for label, value in block.items]
            return {"kind": "facts", "facts": items}
        case Heading():
            return {"kind": "heading", "text": plain(block.text)}
        case Paragraph():
            lines = [line for line in map(plain, block.text.split("\n")) if line]
            return {"kind": "paragraph", "lines": lines, "tone": _tone(block.tone)}
        case Foot():
            return {"kind": "foot", "text": plain(block.text)}
        case Bullets():
            return {"kind": "bullets", "points": list(map(plain, block.items))}
        case Figures():
            figures = [[_figure(*item) for item in line] for line in figure_lines(block, PAGE.width, size)]
            flat = [figure for line in figures for figure in line]
            return {"kind": "figures", "title": plain(block.title), "lines": figures, "figures": flat}
        case Table():
            return _table(block, size)


def _table(block: Table, size: float) -> Data:
    widths = column_widths(block.columns, block.rows, PAGE.width, size)
    columns = [
        {"title": plain(column.title), "align": column.align, "percent": round(100 * taken / PAGE.width, 2)}
        for column, taken in zip(block.columns, widths, strict=True)
    ]
    return {
        "kind": "table",
        "title": plain(block.title),
        "over": header_cells(block)[0][1] if block.title else 0,
        "columns": columns,
        "rows": [_row(row, block) for row in block.rows],
        "more": plain(block.more),
    }


def _row(cells: Sequence[Cell], table: Table) -> list[Data]:
    return [_cell(cell) | {"align": column.align} for cell, column in zip(cells, table.columns, strict=True)]


def _figure(label: str, cell: Cell) -> Data:
    return {"label": plain(label)} | _cell(cell)


def _cell(cell: Cell) -> Data:
    return {"text": plain(cell.text), "tone": _tone(cell.tone), "light": is_light(cell)}


def _tone(tone: str) -> str:
    return tone if tone in TONES else ""
