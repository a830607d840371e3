"""A document as a PDF with its typeface inside, set line by line from the same measures as the page was fitted with."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from unicodedata import bidirectional

from fpdf import FPDF

from pmtui.reports.blocks import Block, Bullets, Cell, Column, Facts, Figures, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.formats import About, Made, said_of_pages
from pmtui.reports.measure import BOLD, LEADING, REGULAR, line_height, own_face, width, wrap
from pmtui.reports.palette import ACCENT, MUTED, RULE, TINTS, ink
from pmtui.reports.paper import (
    A4,
    ASIDE,
    BETWEEN,
    BOLD_TONES,
    BULLET,
    CELL_PADDING,
    DOT,
    EDGE,
    HEAD,
    MARGIN,
    PAGE,
    ROW_PADDING,
    TITLE,
    Fitted,
    column_widths,
    figure_lines,
    fit,
    header_cells,
    header_height,
    row_height,
    space_above,
)
from pmtui.reports.plain_data import is_light
from pmtui.reports.system_fonts import fonts_for
from pmtui.reports.words import plain

_OWN = "pmtui"
_BASELINE = 0.93
"""From the top of a line to where its letters stand, in em."""

_BOX = "□"
_TOLD = 12
"""Characters that no font has, named at once."""


def to_pdf(fitted: Fitted, about: About) -> Made:
    """The file, and what it could not show."""
    page = _Page(fitted.size, about)
    page.put_all(fitted.blocks)
    if about.one_page and fitted.pages == 1 and page.pdf.pages_count > 1:
        fitted = fit(fitted.blocks, replace(PAGE, height=PAGE.height * 0.9))
        page = _Page(fitted.size, about)
        page.put_all(fitted.blocks)
    said = [said_of_pages(page.pdf.pages_count)] if about.one_page and page.pdf.pages_count > 1 else []
    said += _said_of_fonts(page.unknown)
    return Made(bytes(page.pdf.output()), tuple(said))


def _said_of_fonts(unknown: set[str]) -> list[str]:
    """What is said of characters that stand as boxes in the file."""
    if not unknown:
        return []
    named = " ".join(sorted(unknown)[:_TOLD])
    more = f" and {len(unknown) - _TOLD} more" if len(unknown) > _TOLD else ""
    return [f"no font here has {named}{more}: they are boxes in the PDF; install one (Noto), or take Word or HTML"]


class _Page:
    """A PDF that is being written from the top of its page down; ``unknown`` are characters that no font has."""

    def __init__(self, size: float, about: About) -> None:
        for name in ("fontTools", "fpdf"):  # what they warn of is said by whoever asked for the file
            logging.getLogger(name).setLevel(logging.ERROR)
        self.size = size
        self.unknown: set[str] = set()
        self.pdf = _File(about)
        self._foreign: set[str] = set()
        self.pdf.add_page()

    @property
    def bottom(self) -> float:
        """Where the page ends: a one-page document keeps to Letter's height as it was fitted."""
        return A4[1] - EDGE

    def put_all(self, blocks: Sequence[Block]) -> None:
        """Write the parts under one another."""
        self._load_fonts(blocks)
        for at, block in enumerate(blocks):
            self.pdf.y += space_above(block, first=at == 0) * self.size
            self._put(block)

    def _put(self, block: Block) -> None:
        match block:
            case Title():
                self._title(block)
            case Facts():
                self._facts(block)
            case Heading():
                self._heading(block)
            case Figures():
                self._figures(block)
            case Table():
                self._table(block)
            case Foot():
                self._rule()
                self._lines(block.text, "muted")
            case Paragraph() | Bullets():
                self._words(block)

    # Words ---------------------------------------------------------------------

    def _title(self, block: Title) -> None:
        text, aside = plain(block.text), plain(block.aside)
        beside = width(aside, self.size * ASIDE, bold=True)
        top = self.pdf.y
        if aside and width(text, self.size * TITLE, bold=True) + beside + self.size * 2 <= PAGE.width:
            line = self.size * TITLE * max(map(line_height, (text, aside)))
            self._write(aside, PAGE.width - beside, top + line - self.size * ASIDE * LEADING, ASIDE, True, ACCENT)
            aside = ""
        self._lines(text, "", scale=TITLE, bold=True, colour=ACCENT)
        if aside:
            self._lines(aside, "", scale=ASIDE, bold=True, colour=ACCENT)
        self._skip(BETWEEN / 4)
        self._rule(ACCENT, 1.4)
        self._skip(BETWEEN * 3 / 4)

    def _facts(self, block: Facts) -> None:
        """Labelled facts: their labels quieter where all are on one line."""
        pieces = [
            (f"{DOT if at else ''}{plain(label)} ", plain(value)) for at, (label, value) in enumerate(block.items)
        ]
        words = "".join(label + value for label, value in pieces)
        tall = self.size * line_height(words)
        if width(words, self.size) > PAGE.width:
            self._lines(words, "")
        else:
            x = 0.0
            for label, value in pieces:
                for text, tone in ((label, "muted"), (value, "")):
                    self._write(text, x, self.pdf.y, 1.0, False, ink(tone))
                    x += self._true_width(text, self.size, False)
            self.pdf.y += tall
        self._skip(BETWEEN)

    def _heading(self, block: Heading) -> None:
        self._keep(self.size * HEAD * LEADING * 3)
        self._lines(block.text, "", scale=HEAD, bold=True, colour=ACCENT)
        self._skip(BETWEEN / 3)
        self._rule()
        self._skip(BETWEEN * 2 / 3)

    def _words(self, block: Paragraph | Bullets) -> None:
        for text in block.text.split("\n") if isinstance(block, Paragraph) else block.items:
            if isinstance(block, Paragraph):
                self._lines(plain(text), block.tone)
            else:
                self._bullet(text)
        self._skip(BETWEEN)

    def _bullet(self, item: str) -> None:
        indent = width(BULLET, self.size)
        for at, line in enumerate(wrap(plain(item), PAGE.width - 2 * indent, self.size)):
            self._keep(self.size * line_height(line))
            if at == 0:
                self._write(BULLET.strip(), 0.3 * indent, self.pdf.y, 1.0, False, MUTED)
            self._write(line, 1.3 * indent, self.pdf.y, 1.0, False, ink(""))
            self.pdf.y += self.size * line_height(line)

    def _lines(self, text: str, tone: str, *, scale: float = 1.0, bold: bool = False, colour: str = "") -> None:
        """A text over the width, wrapped."""
        for line in wrap(plain(text), PAGE.width, self.size * scale, bold=bold or tone in BOLD_TONES):
            tall = self.size * scale * line_height(line)
            self._keep(tall)
            self._write(line, 0, self.pdf.y, scale, bold or tone in BOLD_TONES, colour or ink(tone))
            self.pdf.y += tall

    # Tables --------------------------------------------------------------------

    def _figures(self, block: Figures) -> None:
        if block.title:
            self._keep(self.size * 5)
            self._lines(block.title, "", scale=HEAD, bold=True, colour=ACCENT)
            self._skip(ROW_PADDING / 2)
            self._rule()
            self._skip(ROW_PADDING / 2)
        for line in figure_lines(block, PAGE.width, self.size):
            widths = [PAGE.width / len(line)] * len(line)
            columns = [Column("", "right")] * len(line)
            self._row([Cell(label, "muted") for label, _ in line], widths, columns)
            self._row([cell for _, cell in line], widths, columns, bold=True)

    def _table(self, block: Table) -> None:
        widths = column_widths(block.columns, block.rows, PAGE.width, self.size)
        first = row_height(block.rows[0], widths, self.size) if block.rows else 0.0
        self._keep(header_height(block, widths, self.size) + first)
        self._table_heading(block, widths)
        for at, row in enumerate(block.rows):
            tall = row_height(row, widths, self.size)
            if self.pdf.y + tall > self.bottom:
                self.pdf.add_page()
                self._table_heading(block, widths)
            elif at:
                self._rule("eceff2")
            self._row(row, widths, block.columns)
        if block.more:
            self._lines(block.more, "muted")

    def _table_heading(self, block: Table, widths: Sequence[float]) -> None:
        cells = header_cells(block)
        begins = [0, *accumulate(span for _, span in cells)]
        tall, top = header_height(block, widths, self.size), self.pdf.y
        for at, (text, span) in enumerate(cells):
            name = at == 0 and bool(block.title)
            x, room = sum(widths[: begins[at]]), sum(widths[begins[at] : begins[at] + span])
            align = "left" if name else block.columns[begins[at]].align
            colour, scale = (ACCENT, HEAD) if name else (MUTED, 1.0)
            high = self._cell_height(text, room, scale, bold=True)
            self._cell(text, x, top + tall - high - ROW_PADDING * self.size / 2, room, scale, True, colour, align)
        self.pdf.y = top + tall
        self._rule()

    def _row(
        self, cells: Sequence[Cell], widths: Sequence[float], columns: Sequence[Column], *, bold: bool = False
    ) -> None:
        tall = row_height(cells, widths, self.size, bold=bold)
        self._keep(tall)
        top, x = self.pdf.y, 0.0
        for cell, room, column in zip(cells, widths, columns, strict=True):
            if is_light(cell):
                self.pdf.set_fill_color("#" + TINTS[cell.tone])
                self.pdf.rect(MARGIN + x, top + 0.4, room, tall - 0.4, style="F")
            strong = bold or cell.tone in BOLD_TONES
            self._cell(cell.text, x, top + ROW_PADDING * self.size / 2, room, 1.0, strong, ink(cell.tone), column.align)
            x += room
        self.pdf.y = top + tall

    def _cell_height(self, text: str, room: float, scale: float, *, bold: bool) -> float:
        inner, size = room - 2 * CELL_PADDING * self.size, self.size * scale
        return size * sum(map(line_height, wrap(plain(text), inner, size, bold=bold)))

    def _cell(
        self, text: str, x: float, y: float, room: float, scale: float, bold: bool, colour: str, align: str
    ) -> None:
        """A text wrapped in a cell whose left edge is at ``x``; outer cells end where the page's text does."""
        pad, size = CELL_PADDING * self.size, self.size * scale
        right = x + room if x + room > PAGE.width - 0.01 else x + room - pad
        for line in wrap(plain(text), room - 2 * pad, size, bold=bold):
            at = right - self._true_width(line, size, bold) if align == "right" else x + pad if x else x
            self._write(line, at, y, scale, bold, colour, room - 2 * pad)
            y += size * line_height(line)

    # The pen --------------------------------------------------------------------

    def _skip(self, ems: float) -> None:
        self.pdf.y += ems * self.size

    def _keep(self, points: float) -> None:
        """Begin a new page where this one has no room for so much."""
        if self.pdf.y + points > self.bottom + 0.01:
            self.pdf.add_page()

    def _rule(self, colour: str = RULE, weight: float = 0.6) -> None:
        self.pdf.set_draw_color("#" + colour)
        self.pdf.set_line_width(weight)
        self.pdf.line(MARGIN, self.pdf.y, A4[0] - MARGIN, self.pdf.y)

    def _write(
        self, text: str, x: float, y: float, scale: float, bold: bool, colour: str, room: float = PAGE.width
    ) -> None:
        """A line with its top at ``y``; squeezed where it would not fit."""
        size, taken = self.size * scale, self._true_width(text, self.size * scale, bold)
        self.pdf.set_stretching(100 * room / taken if taken > room > 0 else 100)
        self.pdf.set_text_color("#" + colour)
        shown = self._shown(text)
        if self._is_foreign(shown):  # set by the library's own line, which shapes and orders scripts
            self.pdf.set_xy(MARGIN + x, y)
            self.pdf.cell(w=taken + size, h=size * line_height(text), text=shown)
            self.pdf.y = y
        else:
            self.pdf.text(MARGIN + x, y + size * _BASELINE, shown)
        self.pdf.set_stretching(100)

    def _true_width(self, text: str, size: float, bold: bool) -> float:
        self.pdf.set_font(_OWN, "B" if bold else "", size)
        return float(self.pdf.get_string_width(self._shown(text)))

    # Fonts ----------------------------------------------------------------------

    def _shown(self, text: str) -> str:
        """The text, with a box for what no font has."""
        return "".join(_BOX if c in self.unknown else c for c in text) if self.unknown else text

    def _is_foreign(self, text: str) -> bool:
        return not text.isascii() and not self._foreign.isdisjoint(text)

    def _load_fonts(self, blocks: Sequence[Block]) -> None:
        """Add what this machine has for the characters that our typeface lacks."""
        own = own_face()
        used = {
            character for block in blocks for text in _texts(block) for character in text if character.isprintable()
        }
        lacking = {character for character in used if character not in own}
        fonts = fonts_for(lacking)
        self.unknown = {c for c in lacking if not any(c in font for font in fonts)}
        leftward = {character for character in used if bidirectional(character) in {"R", "AL"}}
        self._foreign = (lacking - self.unknown) | leftward
        names = [f"other{at}" for at in range(len(fonts))]
        for name, font in zip(names, fonts, strict=True):
            self.pdf.add_font(name, "", str(font.path))
        if fonts:
            self.pdf.set_fallback_fonts(names, exact_match=False)
        if self._foreign:
            self.pdf.set_text_shaping(True)  # only where a script may need it: it takes a tenth of a second


def _texts(block: Block) -> list[str]:
    """All the words of a part."""
    match block:
        case Title():
            found = [block.text, block.aside]
        case Facts():
            found = [text for item in block.items for text in item]
        case Heading() | Paragraph() | Foot():
            found = block.text.split("\n")
        case Bullets():
            found = list(block.items)
        case Figures():
            found = [block.title, *(text for label, cell in block.items for text in (label, cell.text))]
        case Table():
            found = [block.title, *(c.title for c in block.columns), *(cell.text for row in block.rows for cell in row)]
    return list(map(plain, found))


class _File(FPDF):
    """The file: what it says of itself, and its pages' numbers where it may have several."""

    def __init__(self, about: About) -> None:
        super().__init__(unit="pt", format=A4)
        self._numbered = not about.one_page
        self.set_margins(MARGIN, EDGE, MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.set_title(about.title)
        self.set_subject(about.subject)
        self.set_author(about.author)
        self.set_creator("pmtui")
        self.set_producer("pmtui")
        self.set_lang(about.language)
        self.set_creation_date(dt.datetime(about.on.year, about.on.month, about.on.day, tzinfo=dt.UTC))
        self.add_font(_OWN, "", str(REGULAR))
        self.add_font(_OWN, "B", str(BOLD))

    def footer(self) -> None:
        """The page's number."""
        if self._numbered:
            self.set_font(_OWN, "", 8)
            self.set_text_color("#" + MUTED)
            self.set_xy(A4[0] - MARGIN - 60, A4[1] - EDGE / 2 - 8)
            self.cell(w=60, h=10, text=f"{self.page_no()} of {{nb}}", align="R")
