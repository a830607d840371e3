"""A document as GitHub flavoured Markdown, in which no record's text acts as markup."""

import re
from collections.abc import Iterator

from pmtui.reports.blocks import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Figures,
    Foot,
    Heading,
    Paragraph,
    Table,
    Title,
)
from pmtui.reports.words import plain

_MARKUP = re.compile(r"[\\`*_\[\]#|~$]")
_SCHEME = re.compile(r"(?<=[A-Za-z]):(?=\S)")
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HTML = re.compile("[&<>]")
_AT = re.compile("@")
_LINE_START = re.compile(r"^([-+=])|^(\d{1,9})([.)])")


def to_markdown(document: Document) -> str:
    """The document's text: ends in one line end, with one empty line between its parts."""
    return "\n\n".join(filter(None, (_text(block) for block in document.blocks()))) + "\n"


def escape(text: str) -> str:
    """A text on one line that shows as it is written wherever it stands: no markup, link, HTML or mention."""
    text = _MARKUP.sub(r"\\\g<0>", plain(text))
    text = _WWW.sub(r"\1\\.", _SCHEME.sub(r"\\:", text))
    return _AT.sub(r"\\@", _HTML.sub(lambda found: _ENTITIES[found[0]], text))


def begin_line(text: str) -> str:
    """The same where it begins a line, that it be no list, rule or heading."""
    return _LINE_START.sub(_start, escape(text))


def _start(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _text(block: Block) -> str:
    match block:
        case Title():
            aside = f": {escape(block.aside)}" if block.aside else ""
            return f"# {begin_line(block.text)}{aside}"
        case Facts():
            return " · ".join(f"**{escape(label)}** {escape(value)}" for label, value in block.items)
        case Heading():
            return f"## {begin_line(block.text)}"
        case Paragraph():
            return "\\\n".join(begin_line(line) for line in block.text.split("\n") if line.strip())
        case Foot():
            return f"---\n\n{begin_line(block.text)}"
        case Bullets():
            return "\n".join(f"- {begin_line(item)}" for item in block.items)
        case Figures():
            columns = tuple(Column(label, "right") for label, _ in block.items)
            return _titled(block.title, _rows(columns, [[cell.text for _, cell in block.items]]))
        case Table():
            rows = [[cell.text for cell in row] for row in block.rows]
            table = _titled(block.title, _rows(block.columns, rows))
            return f"{table}\n\n{escape(block.more)}" if block.more else table


def _titled(title: str, lines: Iterator[str]) -> str:
    table = "\n".join(lines)
    return f"## {begin_line(title)}\n\n{table}" if title else table


def _rows(columns: tuple[Column, ...], rows: list[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(escape(column.title) for column in columns) + " |"
    yield "| " + " | ".join("---:" if column.align == "right" else "---" for column in columns) + " |"
    for row in rows:
        yield "| " + " | ".join(escape(text) for text in row) + " |"
