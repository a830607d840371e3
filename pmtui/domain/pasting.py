"""A pasted text as lines that each add a record: bullets, tick boxes, numbers and indentation taken off and kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pmtui.domain.quickgrammar import split_kind

TAB = 4
"""Columns that a tab at the beginning of a line moves on to the next multiple of."""

_LINES = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_INDENT = re.compile(r"[ \t\u00a0\u3000]*")
_BULLET = re.compile(r"(?:[-*+•◦▪‣·–—]|>)[ \t]+")
_NUMBER = re.compile(r"(?:\(?[0-9]{1,3}[.)]|\(?[a-z][.)])[ \t]+", re.IGNORECASE)
_BOX = re.compile(r"(?:\[(?P<mark>[ xX✓✔-]?)\]|(?P<box>[☐☑☒✅✓✔]))[ \t]+")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_BARE = re.compile(r"[-*+•◦▪‣·–—=_#>\s]*(?:\[[ xX]?\])?\s*")
_TICKED = frozenset("xX✓✔☑☒✅")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line: where it was (from 1), what it says, its kind, whether its box was ticked.

    ``above`` is the place among the lines of the one that it is indented under; ``None`` at the top.
    """

    line: int
    text: str
    kind: str
    ticked: bool = False
    above: int | None = None


def split_paste(text: str, kind: str) -> list[PastedLine]:
    """The lines that say something, each without its bullet and box; ``kind`` is that of lines that name none."""
    found: list[PastedLine] = []
    outer: list[tuple[int, int]] = []
    for place, raw in enumerate(_LINES.split(text), start=1):
        if _BARE.fullmatch(raw):
            continue
        width = _columns(raw)
        said, ticked = _bare(raw, kind)
        while outer and outer[-1][0] >= width:
            outer.pop()
        named, _ = split_kind(said, kind)
        above = outer[-1][1] if outer else None
        outer.append((width, len(found)))
        found.append(PastedLine(place, said, named, ticked, above))
    return found


def parents(lines: Sequence[PastedLine]) -> list[int | None]:
    """The task that each line's task is a part of: the nearest one it is indented under; other kinds have none."""
    found: list[int | None] = []
    for line in lines:
        above = line.above if line.kind == "task" else None
        while above is not None and lines[above].kind != "task":
            above = lines[above].above
        found.append(above)
    return found


def _columns(raw: str) -> int:
    """How far a line is indented."""
    columns = 0
    for character in raw[: _INDENT.match(raw).end()]:  # type: ignore[union-attr]
        columns = (columns // TAB + 1) * TAB if character == "\t" else columns + 1
    return columns


def _bare(raw: str, kind: str) -> tuple[str, bool]:
    """What a line says, and whether its box is ticked; an outline number is a deliverable's own."""
    text = raw.strip()
    marks = (_BULLET, _HEADING) if kind == "deliverable" else (_BULLET, _NUMBER, _HEADING)
    for mark in marks:
        begun = mark.match(text)
        if begun:
            text = text[begun.end() :]
            break
    box = _BOX.match(text)
    if box is None:
        return text, False
    return text[box.end() :], (box["mark"] or box["box"] or " ") in _TICKED
