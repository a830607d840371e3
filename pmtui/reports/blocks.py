"""The parts of a page, neither Markdown nor terminal: both are made from one sequence of these.

Texts are the records' own, not yet escaped or cut; tones are those of the screen and say nothing
that the text does not say.
"""

import re
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

_BULLET = re.compile(r"^\s*[-*•]\s+")


@dataclass(frozen=True, slots=True)
class Title:
    """The page's name, and what kind of page it is."""

    text: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled facts in a row."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; a line end in them is one on the page."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table, with its tone."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Amounts with their labels, under a heading."""

    title: str
    items: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the ``flex`` one takes the room that is left; ``wrap`` breaks its text instead of cutting it.

    ``most`` is the most cells that it takes while there are others beside it.
    """

    title: str
    align: Literal["left", "right"] = "left"
    flex: bool = False
    wrap: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading; ``more`` says what was left out.

    ``rank`` tells how much each row matters, 0 the most, where they stand in another order: on a page that is
    full, those that matter least are left out first. ``keep`` tells how much the table matters beside others, 0 the
    least; ``whole`` tables are never shortened.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str = ""
    rank: tuple[int, ...] = ()
    keep: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Foot:
    """The page's last words."""

    text: str


Block: TypeAlias = Title | Facts | Heading | Paragraph | Bullets | Figures | Table | Foot


class Document(Protocol):
    """What can be printed."""

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""


def text_blocks(text: str) -> tuple[Block, ...]:
    """Words as people type them, in paragraphs and lists.

    Lines that begin with ``-`` or ``*`` are a list; an empty line parts paragraphs.
    """
    found: list[Block] = []
    lines: list[str] = []
    bullets: list[str] = []

    def flush() -> None:
        if lines:
            found.append(Paragraph("\n".join(lines)))
        if bullets:
            found.append(Bullets(tuple(bullets)))
        lines.clear()
        bullets.clear()

    for line in text.splitlines():
        is_bullet = bool(_BULLET.match(line)) and bool(_BULLET.sub("", line).strip())
        if not line.strip() or (is_bullet and lines) or (not is_bullet and bullets):
            flush()
        if is_bullet:
            bullets.append(_BULLET.sub("", line).strip())
        elif line.strip():
            lines.append(line.strip())
    flush()
    return tuple(found)
