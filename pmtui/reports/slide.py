"""A report as one 16:9 slide for a committee: lights, money, milestones, risks, and the decisions it is to take."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import pptx
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.table import _Cell as SlideCell
from pptx.text.text import TextFrame
from pptx.util import Pt

from pmtui.reports.blocks import Block, Bullets, Cell, Column, Facts, Figures, Heading, Paragraph, Table, Title
from pmtui.reports.formats import About
from pmtui.reports.measure import LEADING, width, wrap
from pmtui.reports.packed import moment, without_clock
from pmtui.reports.palette import ACCENT, MUTED, RULE, TINTS, ink
from pmtui.reports.paper import (
    BOLD_TONES,
    CELL_PADDING,
    DOT,
    ROW_PADDING,
    Sheet,
    block_height,
    column_widths,
    figure_lines,
    fit,
    header_cells,
    header_height,
    row_height,
)
from pmtui.reports.words import more_words, plain

WIDTH, HEIGHT = 960.0, 540.0
"""A 16:9 slide of 13⅓ by 7½ inches."""

_SIDE = 34.0
_TOP = 158.0
_BETWEEN = 28.0
_COLUMN = Sheet((WIDTH - 2 * _SIDE - _BETWEEN) / 2, HEIGHT - _TOP - 40, (12.0, 11.0, 10.5, 10.0))
"""One of the two columns: the room for it, and sizes of type that can still be read from the last chair."""

_LEFT = ("Budget", "Milestones")
_RIGHT = ("Decisions wanted", "Also waiting for a decision", "Risks")
_MOST_POINTS = 4
_MOST_LINES = 2
_MOST_LETTERS = 120
"""Points of a list, lines of a point, and letters of a name that a slide shows; the report has the rest."""

_FACE = "Arial"


def to_slide(blocks: Sequence[Block], about: About) -> bytes:
    """The file's bytes: the same for the same document."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    parts = _Parts.of(blocks)
    _title(slide, parts)
    _lights(slide, parts.lights)
    for x, names in ((_SIDE, _LEFT), (_SIDE + _COLUMN.width + _BETWEEN, _RIGHT)):
        _Pen(slide, x).put_all(parts.named(names))
    told = deck.core_properties
    told.title, told.subject, told.author = about.title, about.subject, about.author
    told.last_modified_by, told.language, told.comments, told.revision = about.author, about.language, "", 1
    told.created = told.modified = moment(about.on)
    packed = io.BytesIO()
    deck.save(packed)
    return without_clock(packed.getvalue(), about.on)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A report's parts that a slide shows, by their names."""

    title: Title
    facts: Facts
    lights: Table | None
    sections: tuple[tuple[str, tuple[Block, ...]], ...]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> "_Parts":
        title, facts, lights = Title(""), Facts(()), None
        sections: dict[str, list[Block]] = {}
        name = ""
        for block in blocks:
            if isinstance(block, Title):
                title = block
            elif isinstance(block, Facts):
                facts = block
            elif isinstance(block, Table) and block.title == "Lights":
                lights = block
            else:
                name = block.text if isinstance(block, Heading) else getattr(block, "title", "") or name
                sections.setdefault(name, []).append(block)
        return cls(title, facts, lights, tuple((name, tuple(parts)) for name, parts in sections.items()))

    def named(self, names: Iterable[str]) -> list[Block]:
        """The parts of sections whose names begin so, in this order."""
        return [
            block
            for wanted in names
            for name, parts in self.sections
            if name == wanted or name.startswith(f"{wanted},")
            for block in _short(parts)
        ]


def _short(parts: Sequence[Block]) -> list[Block]:
    """A section's parts without what only the report has room for: its words as a few points, names cut."""
    tables = [_with_short_names(part) if isinstance(part, Table) else part for part in parts]
    shown: list[Block] = [part for part in tables if isinstance(part, (Heading, Figures, Table))]
    words: list[str] = []
    for part in parts:
        if isinstance(part, Paragraph):
            words += part.text.split("\n")
        elif isinstance(part, Bullets):
            words += part.items
    points = [_cut(text) for text in words[:_MOST_POINTS]]
    if len(words) == 1:
        return [*shown, Paragraph(points[0], "muted")]
    left = more_words(len(words) - _MOST_POINTS)
    return [*shown, Bullets((*points, left) if left else tuple(points))] if words else shown


def _cut(text: str) -> str:
    lines = wrap(plain(text), _COLUMN.width - 20, _COLUMN.sizes[0])
    return text if len(lines) <= _MOST_LINES else " ".join(lines[:_MOST_LINES]).rstrip(" .,;") + "…"


def _with_short_names(table: Table) -> Table:
    rows = (tuple(replace(cell, text=_shorter(plain(cell.text))) for cell in row) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _shorter(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else name[: _MOST_LETTERS - 1].rstrip() + "…"


# Above the columns ----------------------------------------------------------------------


def _title(slide: Slide, parts: _Parts) -> None:
    shape = slide.shapes.title
    assert shape is not None, "the layout has a title"
    shape.left, shape.top, shape.width, shape.height = map(Pt, (_SIDE, 20, WIDTH - 2 * _SIDE, 34))
    room, aside = WIDTH - 2 * _SIDE, plain(parts.title.aside)
    text = plain(parts.title.text)
    whole = f"{text}  {aside}".rstrip()
    size = next((size for size in (26, 22, 18, 15, 12, 10) if width(whole, size, bold=True) <= room), 9)
    frame = _frame(shape.text_frame)
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    if size == 9:
        text = _fitting(text, room - width(f"  {aside}", size, bold=True), size, bold=True)
    _run(frame, text, size, ACCENT, bold=True)
    if aside:
        _run(frame, f"  {aside}", min(size, 18), MUTED)
    words = DOT.join(f"{plain(label)} {plain(value)}" for label, value in parts.facts.items)
    below = _text_box(slide, _SIDE, 56, room, 20)
    _run(below, _fitting(words, room, 12), 12, MUTED)
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, Pt(_SIDE), Pt(78), Pt(WIDTH - _SIDE), Pt(78))
    line.line.color.rgb, line.line.width = _rgb(ACCENT), Pt(1.5)
    _without_look(line)


def _lights(slide: Slide, lights: Table | None) -> None:
    """A box a light: its name, its colour by shape, word and tint, and what it was."""
    rows = lights.rows if lights else ()
    gap = 10.0
    each = (WIDTH - 2 * _SIDE - gap * (len(rows) - 1)) / max(1, len(rows))
    for at, row in enumerate(rows):
        name, now, before = row[:3]
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(_SIDE + at * (each + gap)), Pt(88), Pt(each), Pt(56))
        box.fill.solid()
        box.fill.fore_color.rgb = _rgb(TINTS.get(now.tone, "f1f3f5"))
        box.line.color.rgb, box.line.width = _rgb(ink(now.tone)), Pt(1)
        _without_look(box)
        frame = _frame(box.text_frame, inside=6)
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _run(frame, plain(name.text), 12, ink("strong"), bold=at == 0)
        _run(frame, plain(now.text), 18, ink(now.tone), bold=True, new_line=True)
        if lights and len(row) > 3:
            was = f"{lights.columns[2].title} {plain(before.text)}"
            _run(frame, was[:1].lower() + was[1:], 10, MUTED, new_line=True)


# The columns ----------------------------------------------------------------------------


class _Pen:
    """What writes parts under one another in a column that begins at ``x``."""

    def __init__(self, slide: Slide, x: float) -> None:
        self._slide = slide
        self._x = x
        self._y = _TOP
        self._size = _COLUMN.sizes[0]

    def put_all(self, blocks: Sequence[Block]) -> None:
        """Fit the parts in the column, and write them."""
        fitted = fit(blocks, _COLUMN)
        self._size = fitted.size
        for at, block in enumerate(fitted.blocks):
            if at and isinstance(block, (Heading, Figures, Table)):
                self._y += 0.7 * self._size
            high = block_height(block, _COLUMN.width, self._size)
            self._put(block, high)
            self._y += high

    def _put(self, block: Block, high: float) -> None:
        match block:
            case Heading():
                self._line(block.text, high, ACCENT, bold=True)
            case Paragraph():
                self._line(block.text, high, ink(block.tone))
            case Bullets():
                frame = _text_box(self._slide, self._x, self._y, _COLUMN.width, high)
                for at, item in enumerate(block.items):
                    _run(frame, plain(item), self._size, ink(""), new_line=at > 0, bullet=True)
            case Figures():
                self._figures(block)
            case Table():
                self._table(block, high)

    def _line(self, text: str, high: float, colour: str, *, bold: bool = False) -> None:
        frame = _text_box(self._slide, self._x, self._y, _COLUMN.width, high)
        _run(frame, plain(text), self._size, colour, bold=bold)

    def _figures(self, block: Figures) -> None:
        lines = figure_lines(block, _COLUMN.width, self._size)
        across = max(map(len, lines), default=1)
        widths = (_COLUMN.width / across,) * across
        columns = (Column("", "right"),) * across
        cells: list[tuple[Cell, ...]] = []
        for line in lines:
            blank = (Cell(""),) * (across - len(line))
            cells += [(*(Cell(label, "muted") for label, _ in line), *blank), (*(cell for _, cell in line), *blank)]
        grid = Table(block.title, columns, tuple(cells))
        self._grid(grid, widths, ((block.title, across),), bold=True)

    def _table(self, block: Table, high: float) -> None:
        widths = column_widths(block.columns, block.rows, _COLUMN.width, self._size)
        taken = self._grid(block, widths, header_cells(block))
        if block.more:
            frame = _text_box(self._slide, self._x, self._y + taken, _COLUMN.width, high - taken)
            _run(frame, plain(block.more), self._size, MUTED)

    def _grid(
        self, block: Table, widths: Sequence[float], heading: Sequence[tuple[str, int]], *, bold: bool = False
    ) -> float:
        """A table under the pen; how high it is."""
        heights = [header_height(block, widths, self._size)]
        heights += [row_height(row, widths, self._size, bold=bold) for row in block.rows]
        frame = self._slide.shapes.add_table(
            len(heights), len(widths), Pt(self._x), Pt(self._y), Pt(sum(widths)), Pt(sum(heights))
        )
        table = frame.table
        _without_style(frame)
        for at, points in enumerate(widths):
            table.columns[at].width = Pt(points)
        for at, points in enumerate(heights):
            table.rows[at].height = Pt(points)
        begins = [0, *accumulate(span for _, span in heading)]
        for at, (text, span) in enumerate(heading):
            cell = table.cell(0, begins[at])
            if span > 1:
                cell.merge(table.cell(0, begins[at] + span - 1))
            name = at == 0 and bool(block.title)
            align = "left" if name else block.columns[begins[at]].align
            self._fill(cell, Cell(text, "" if name else "muted"), align, bold=True, colour=ACCENT if name else "")
            _edge(cell, RULE)
        for at, row in enumerate(block.rows, 1):
            for place, (shown, column) in enumerate(zip(row, block.columns, strict=True)):
                strong = bold or shown.tone in BOLD_TONES
                self._fill(table.cell(at, place), shown, column.align, bold=strong)
        return sum(heights)

    def _fill(self, place: SlideCell, cell: Cell, align: str, *, bold: bool, colour: str = "") -> None:
        pad, ends = Pt(CELL_PADDING * self._size), Pt(ROW_PADDING * self._size / 2)
        place.margin_left = place.margin_right = pad
        place.margin_top = place.margin_bottom = ends
        place.fill.background()
        frame = _frame(place.text_frame, inside=None)
        _run(frame, plain(cell.text), self._size, colour or ink(cell.tone), bold=bold)
        if align == "right":
            frame.paragraphs[0].alignment = PP_ALIGN.RIGHT


# Words ------------------------------------------------------------------------------------


def _text_box(slide: Slide, x: float, y: float, wide: float, high: float) -> TextFrame:
    return _frame(slide.shapes.add_textbox(Pt(x), Pt(y), Pt(wide), Pt(high)).text_frame)


def _frame(frame: TextFrame, inside: float | None = 0.0) -> TextFrame:
    """A frame whose text wraps, as wide as was measured."""
    frame.word_wrap = True
    if inside is not None:
        frame.margin_left = frame.margin_right = Pt(inside)
        frame.margin_top = frame.margin_bottom = Pt(0)
    return frame


def _run(
    frame: TextFrame,
    text: str,
    size: float,
    colour: str,
    *,
    bold: bool = False,
    new_line: bool = False,
    bullet: bool = False,
) -> None:
    paragraph = frame.add_paragraph() if new_line else frame.paragraphs[-1]
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.line_spacing = Pt(round(size * LEADING, 1))
    run = paragraph.add_run()
    run.text = f"• {text}" if bullet else text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FACE
    run.font.color.rgb = _rgb(colour)


def _fitting(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text on one line, cut where it must be."""
    if width(text, size, bold=bold) <= room:
        return text
    end = len(text)
    while end and width(text[:end] + "…", size, bold=bold) > room:
        end -= 1
    return text[:end].rstrip() + "…"


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.upper())


def _without_look(shape: Any) -> None:
    """No shadow, nor what else the library's theme gives a shape."""
    style = shape._element.find(qn("p:style"))  # noqa: SLF001 - the library has no name for it
    if style is not None:
        shape._element.remove(style)  # noqa: SLF001


def _without_style(frame: Any) -> None:
    """No bands and fills of the library's usual table style."""
    properties = frame.table._tbl.tblPr  # noqa: SLF001 - nor for a table without bands
    for name in ("bandRow", "firstRow"):
        properties.attrib.pop(name, None)
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"


def _edge(cell: SlideCell, colour: str) -> None:
    """A line under a cell."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - the library has no name for cells' lines
    line = properties.makeelement(qn("a:lnB"), {"w": str(Pt(0.75)), "cap": "flat", "cmpd": "sng", "algn": "ctr"})
    solid = line.makeelement(qn("a:solidFill"), {})
    value = solid.makeelement(qn("a:srgbClr"), {"val": colour.upper()})
    solid.append(value)
    line.append(solid)
    properties.insert(0, line)
