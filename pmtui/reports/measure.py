"""How much room a text takes on paper, in points, set in the typeface that comes with pmtui.

Liberation Sans has the widths of Arial and Helvetica, so that one measure holds for the PDF, which embeds it, and
for Word, slides and browsers, which have one of the three. A character that it lacks is taken for as wide as such
characters are at most.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pmtui.reports.fontfile import FontFile

FOLDER = Path(__file__).with_name("fonts")
REGULAR = FOLDER / "LiberationSans-Regular.ttf"
BOLD = FOLDER / "LiberationSans-Bold.ttf"

_SQUARE = 1.05
_LETTER = 0.9
"""The most that a letter takes of a script that is written with letters, in em; of one with squares, and a bit."""

_TALL = 1.5
"""The height of a line in em where a script stands above and below Latin letters."""

LEADING = 1.2
"""From line to line, in em."""


@cache
def own_face(*, bold: bool = False) -> FontFile:
    """The typeface that comes with pmtui."""
    return FontFile(BOLD if bold else REGULAR)


@cache
def _em(character: str, bold: bool) -> float:
    face = own_face(bold=bold)
    if character in face:
        return face.advance(character)
    if unicodedata.combining(character) or unicodedata.category(character) == "Mn":
        return 0.0
    return _SQUARE if unicodedata.east_asian_width(character) in "WF" else _LETTER


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line is, in points."""
    return size * sum(_em(character, bold) for character in text)


def line_height(text: str) -> float:
    """From this line to the next, in em."""
    return LEADING if text.isascii() or all(c in own_face() for c in text) else _TALL


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most ``room`` points, broken between words, else within one."""
    blank = width(" ", size, bold=bold)
    lines: list[str] = []
    for written in text.split("\n"):
        line, used = "", 0.0
        for word in written.split():
            for piece in _pieces(word, room, size, bold=bold):
                takes = width(piece, size, bold=bold)
                if line and used + blank + takes <= room:
                    line, used = f"{line} {piece}", used + blank + takes
                else:
                    if line:
                        lines.append(line)
                    line, used = piece, takes
        lines.append(line)
    return lines


def _pieces(word: str, room: float, size: float, *, bold: bool) -> Iterator[str]:
    """A word, in parts that fit where it is longer than a line; marks stay with their letter."""
    begin, used = 0, 0.0
    for at, character in enumerate(word):
        takes = width(character, size, bold=bold)
        if at > begin and takes and used + takes > room:
            yield word[begin:at]
            begin, used = at, 0.0
        used += takes
    yield word[begin:]
