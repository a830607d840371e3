"""A page that was frozen as Markdown, as the parts it was made from, to be shown like any other page."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pmtui.reports.blocks import Block, Bullets, Cell, Column, Facts, Foot, Heading, Paragraph, Table, Title

_ESCAPED = re.compile(r"\\([^\w\s])")
_FACT = re.compile(r"\*\*(?P<label>.+?)\*\* (?P<value>.*?)(?= · \*\*|$)")
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
        if isinstance(block, Table) and found and isinstance(found[-1], Heading):
            found[-1] = Table(found[-1].text, block.columns, block.rows)
        else:
            found.append(block)
    return FrozenPage(tuple(found))


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
    return Table("", columns, tuple(tuple(map(Cell, [*row, *blank][: len(columns)])) for row in rows))


def _cells(line: str) -> list[str]:
    return [_text(cell.strip()) for cell in _BAR.split(line.strip())[1:-1]]


def _text(markdown: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", markdown)).strip()
