"""What a written file says, read with the libraries that others read it with: tables by their names, lights, counts."""

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from pmtui.reports.words import left_out


@dataclass
class Read:
    """Tables by name: rows of texts below the heading; how many rows of each were left out; all the other words."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    last: str = ""

    def table(self, rows: list[list[str]]) -> None:
        self.last = rows[0][0]
        self.tables[self.last] = rows[1:]

    def text(self, text: str) -> None:
        if left_out(text) and self.last:
            self.left[self.last] = left_out(text)
        elif text.strip():
            self.words.append(text)
            self.last = ""

    @property
    def figures(self) -> dict[str, str]:
        """The amounts of the budget by their labels."""
        lines = next(rows for name, rows in self.tables.items() if name.startswith("Budget,"))
        pairs = zip(lines[::2], lines[1::2], strict=True)
        return {
            label: amount for labels, amounts in pairs for label, amount in zip(labels, amounts, strict=True) if label
        }

    @property
    def lights(self) -> dict[str, str]:
        """The lights by their names: shape and word."""
        return {row[0].lower(): row[1] for row in self.tables["Lights"]}


def read(ending: str, data: bytes) -> Read:
    return {"html": _html, "docx": _docx, "pptx": _pptx, "md": _md}[ending](data)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Read()
        self.rows: list[list[str]] = []
        self.inside: list[str] = []
        self.bit = ""
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.inside.append(tag)
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        if tag in {"th", "td", "p", "li", "h1", "h2", "div", "footer"}:
            self.bit = ""

    def handle_data(self, data):
        if "style" not in self.inside:
            self.bit += data

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass
        if tag in {"th", "td"}:
            self.rows[-1].append(self.bit)
        elif tag == "table":
            self.found.table(self.rows)
        elif tag in {"p", "li", "h1", "h2", "div", "footer"}:
            self.found.text(self.bit)


def tags_of(text: str) -> _Tags:
    """The page as its tags and attributes."""
    parser = _Tags()
    parser.feed(text)
    return parser


def _html(data: bytes) -> Read:
    return tags_of(data.decode()).found


def _docx(data: bytes) -> Read:
    import docx
    from docx.table import Table

    found = Read()
    for part in docx.Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(part, Table):
            head, *rows = part.rows
            found.table([_merged(head.cells), *([cell.text for cell in row.cells] for row in rows)])
        elif part.text.strip():
            found.text(part.text)
    return found


def _merged(cells) -> list[str]:
    """The texts of a heading, in which one cell may stand over several columns."""
    kept = [cell for at, cell in enumerate(cells) if at == 0 or cell._tc is not cells[at - 1]._tc]
    return [cell.text for cell in kept]


def _pptx(data: bytes) -> Read:
    import pptx

    found = Read()
    deck = pptx.Presentation(io.BytesIO(data))
    assert len(deck.slides) == 1
    lights = []
    for shape in deck.slides[0].shapes:
        if shape.has_table:
            rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
            found.table(rows)
        elif shape.has_text_frame:
            lines = shape.text_frame.text.split("\n")
            if len(lines) == 3 and re.match(r"[●▲▼] ", lines[1]):
                lights.append(lines)
            else:
                found.text(shape.text_frame.text)
    found.tables["Lights"] = lights
    return found


def _md(data: bytes) -> Read:
    found = Read()
    name = ""
    for chunk in re.split(r"\n{2,}", data.decode().strip()):
        lines = chunk.split("\n")
        if chunk.startswith("## "):
            name = _unescaped(chunk[3:])
        elif chunk.startswith("| "):
            head, _, *rows = ([_unescaped(cell) for cell in re.split(r"(?<!\\) \| ", line[2:-2])] for line in lines)
            if name.startswith("Budget,"):
                rows = [head, *rows]
            found.table([[name], *rows])
        else:
            found.text(_unescaped(chunk))
    return found


def _unescaped(text: str) -> str:
    import html

    return html.unescape(re.sub(r"\\([^\w\s])", r"\1", text)).strip()


def pdf_pages(data: bytes) -> list[str]:
    """The text of each page, without blanks: how a line was broken does not matter."""
    import pypdf

    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]
