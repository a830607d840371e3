"""A document as a Word file: real paragraphs, lists and tables, to be edited further."""

import io
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph

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
from pmtui.reports.formats import About
from pmtui.reports.measure import LEADING
from pmtui.reports.packed import moment, without_clock
from pmtui.reports.palette import ACCENT, MUTED, RULE, TINTS, ink
from pmtui.reports.paper import (
    A4,
    ABOVE_HEADING,
    ASIDE,
    BETWEEN,
    BOLD_TONES,
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
    header_cells,
    space_above,
)
from pmtui.reports.plain_data import is_light
from pmtui.reports.words import plain

_FACE = "Arial"
_TWIPS = 20
"""Word counts in twentieths of a point."""


def to_word(fitted: Fitted, about: About) -> bytes:
    """The file's bytes: the same for the same document."""
    page = _Page(fitted.size, about)
    for at, block in enumerate(fitted.blocks):
        page.put(block, first=at == 0)
    packed = io.BytesIO()
    page.word.save(packed)
    return without_clock(packed.getvalue(), about.on)


class _Page:
    """A Word document that is being written, in one size of type."""

    def __init__(self, size: float, about: About) -> None:
        self.word: WordDocument = docx.Document()
        self.size = size
        _describe(self.word, about)
        _set_page(self.word, size, numbered=not about.one_page)

    def put(self, block: Block, *, first: bool) -> None:
        """Write a part under what is there."""
        if isinstance(block, (Figures, Table)) and not first:
            self._gap(space_above(block, first=first) * self.size)
        match block:
            case Title():
                self._title(block)
            case Facts():
                self._facts(block)
            case Heading():
                self._heading(block, first=first)
            case Paragraph():
                self._lines(block)
            case Bullets():
                self._bullets(block)
            case Figures():
                self._figures(block)
            case Table():
                self._table(block)
            case Foot():
                self._foot(block)

    # Words ---------------------------------------------------------------------

    def _title(self, block: Title) -> None:
        paragraph = self._paragraph(block.text, "", scale=TITLE, style="Title")
        if block.aside:
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph = self._paragraph(block.aside, "strong", scale=ASIDE, style="Subtitle")
        _rule(paragraph, "bottom", ACCENT, eighths=12)

    def _facts(self, block: Facts) -> None:
        paragraph = self._paragraph("", "")
        for at, (label, value) in enumerate(block.items):
            self._run(paragraph, f"{DOT if at else ''}{plain(label)} ", "muted")
            self._run(paragraph, plain(value), "")

    def _lines(self, block: Paragraph) -> None:
        paragraph = self._paragraph("", "")
        for at, line in enumerate(filter(None, map(plain, block.text.split("\n")))):
            if at:
                paragraph.add_run().add_break()
            self._run(paragraph, line, block.tone)

    def _heading(self, block: Heading, *, first: bool) -> None:
        paragraph = self._paragraph(block.text, "", scale=HEAD, style="Heading 2")
        paragraph.paragraph_format.space_before = Pt(0 if first else ABOVE_HEADING * self.size)
        _rule(paragraph, "bottom")

    def _bullets(self, block: Bullets) -> None:
        for item in block.items:
            paragraph = self._paragraph("", "", style="List Bullet")
            self._run(paragraph, plain(item), "")
            paragraph.paragraph_format.space_after = Pt(0)

    def _foot(self, block: Foot) -> None:
        paragraph = self._paragraph(block.text, "muted")
        paragraph.paragraph_format.space_before = Pt(ABOVE_HEADING * self.size)
        _rule(paragraph, "top")

    def _gap(self, points: float) -> None:
        """The blank above a table, which has none of its own, and would grow together with the one before."""
        paragraph = self.word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(max(1.0, round(points)))
        paragraph.paragraph_format.keep_with_next = True

    def _paragraph(self, text: str, tone: str, *, scale: float = 1.0, style: str = "Normal") -> WordParagraph:
        paragraph = self.word.add_paragraph(style=style)
        paragraph.paragraph_format.space_after = Pt(BETWEEN * self.size)
        self._space(paragraph, scale)
        if text:
            self._run(paragraph, plain(text), tone, scale=scale, colour=ACCENT if scale > 1 else "")
        return paragraph

    def _space(self, paragraph: WordParagraph, scale: float = 1.0) -> None:
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        paragraph.paragraph_format.line_spacing = Pt(LEADING * self.size * scale)

    def _run(
        self,
        paragraph: WordParagraph,
        text: str,
        tone: str,
        *,
        scale: float = 1.0,
        bold: bool = False,
        colour: str = "",
    ) -> None:
        run = paragraph.add_run(text)
        run.font.size = Pt(_half(self.size * scale))
        run.font.bold = bold or scale > 1 or tone in BOLD_TONES
        run.font.color.rgb = RGBColor.from_string((colour or ink(tone)).upper())

    # Tables --------------------------------------------------------------------

    def _figures(self, block: Figures) -> None:
        lines = figure_lines(block, PAGE.width, self.size)
        across = max(map(len, lines), default=1)
        columns = (Column("", "right"),) * across
        table = self._grid(1 if block.title else 0, [PAGE.width / across] * across)
        if block.title:
            self._heading_row(table, ((block.title, across),), columns, named=True)
        for line in lines:
            blank = [Cell("")] * (across - len(line))
            self._row(table, [*(Cell(label, "muted") for label, _ in line), *blank], columns, bold=True)
            self._row(table, [*(cell for _, cell in line), *blank], columns, bold=True)

    def _table(self, block: Table) -> None:
        widths = column_widths(block.columns, block.rows, PAGE.width, self.size)
        table = self._grid(1, widths)
        self._heading_row(table, header_cells(block), block.columns, named=bool(block.title))
        for at, row in enumerate(block.rows):
            self._row(table, row, block.columns, ruled=at > 0)
        if block.more:
            self._paragraph(block.more, "muted").paragraph_format.space_after = Pt(0)

    def _grid(self, rows: int, widths: Sequence[float]) -> WordTable:
        table = self.word.add_table(rows=rows, cols=len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        for column, points in zip(table.columns, widths, strict=True):
            column.width = Pt(points)
        _pad(table, sides=CELL_PADDING * self.size, ends=ROW_PADDING * self.size / 2)
        return table

    def _heading_row(
        self, table: WordTable, cells: Sequence[tuple[str, int]], columns: Sequence[Column], *, named: bool
    ) -> None:
        row = table.rows[0]
        begins = [0, *accumulate(span for _, span in cells)]
        for at, (text, span) in enumerate(cells):
            first, last = row.cells[begins[at]], row.cells[begins[at] + span - 1]
            cell = first.merge(last) if span > 1 else first
            name = named and at == 0
            align = "left" if name else columns[begins[at]].align
            shown = Cell(text, "" if name else "muted")
            self._fill(cell, shown, align, scale=HEAD if name else 1.0, bold=True)
            _borders(cell, "bottom", RULE)
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no name for a repeated heading
        properties.append(OxmlElement("w:cantSplit"))
        properties.append(OxmlElement("w:tblHeader"))

    def _row(
        self,
        table: WordTable,
        cells: Sequence[Cell],
        columns: Sequence[Column],
        *,
        bold: bool = False,
        ruled: bool = False,
    ) -> None:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001
        for place, cell, column in zip(row.cells, cells, columns, strict=True):
            self._fill(place, cell, column.align, bold=bold)
            if ruled:
                _borders(place, "top", "eceff2")
            if is_light(cell):
                _shade(place, TINTS[cell.tone])

    def _fill(self, place: WordCell, cell: Cell, align: str, *, scale: float = 1.0, bold: bool = False) -> None:
        paragraph = place.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        self._space(paragraph, scale)
        if align == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        colour = ACCENT if scale > 1 else ""
        self._run(paragraph, plain(cell.text), cell.tone, scale=scale, bold=bold, colour=colour)


def _half(points: float) -> float:
    """The size in half points, all that Word has; down, so that lines stay as long as was measured."""
    return int(points * 2) / 2


# The file --------------------------------------------------------------------------


def _describe(word: WordDocument, about: About) -> None:
    told = word.core_properties
    told.title, told.subject, told.author = about.title, about.subject, about.author
    told.last_modified_by, told.language, told.comments, told.revision = about.author, about.language, "", 1
    told.created = told.modified = moment(about.on)


def _set_page(word: WordDocument, size: float, *, numbered: bool) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = map(Pt, A4)
    section.left_margin = section.right_margin = Pt(MARGIN)
    section.top_margin = section.bottom_margin = Pt(EDGE)
    section.header_distance = section.footer_distance = Pt(EDGE / 2)
    for name in ("Normal", "Title", "Subtitle", "Heading 2", "List Bullet"):
        style = word.styles[name]
        style.font.name = _FACE
        style.font.size = Pt(size)
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:cs"), _FACE)
        _plain_style(style.element)
    bullet = word.styles["List Bullet"].paragraph_format
    bullet.left_indent, bullet.first_line_indent = Pt(size * 1.1), Pt(-size * 0.9)
    if numbered:
        _number_pages(word, size)


def _plain_style(style: Any) -> None:
    """Take the lines, blanks and wide letters off that the library's template gives its titles."""
    for properties in (style.get_or_add_pPr(), style.get_or_add_rPr()):
        for name in ("w:pBdr", "w:contextualSpacing", "w:spacing", "w:kern"):
            for found in properties.findall(qn(name)):
                properties.remove(found)


def _number_pages(word: WordDocument, size: float) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for text, field in (("", "PAGE"), (" of ", "NUMPAGES")):
        run = paragraph.add_run(text)
        run.font.size = Pt(size)
        run.font.color.rgb = RGBColor.from_string(MUTED.upper())
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), field)
        paragraph._p.append(element)  # noqa: SLF001 - the library has no name for a field


def _pad(table: WordTable, *, sides: float, ends: float) -> None:
    """The blanks in each cell of a table."""
    margins = OxmlElement("w:tblCellMar")
    for side, points in (("top", ends), ("left", sides), ("bottom", ends), ("right", sides)):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(round(points * _TWIPS)))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - the library has no name for cells' blanks


def _rule(paragraph: WordParagraph, side: str, colour: str = RULE, eighths: int = 4) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_line(side, colour, eighths))
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - nor for a paragraph's lines
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
    )


def _borders(cell: WordCell, side: str, colour: str) -> None:
    borders = OxmlElement("w:tcBorders")
    borders.append(_line(side, colour, 4))
    cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 - nor for a cell's


def _line(side: str, colour: str, eighths: int) -> Any:
    element = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "0"), ("color", colour.upper())):
        element.set(qn(f"w:{name}"), value)
    return element


def _shade(cell: WordCell, colour: str) -> None:
    element = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour.upper())):
        element.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(element)  # noqa: SLF001 - nor for what it stands on
