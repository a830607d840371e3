"""Cells: text with a tone, and the arithmetic of terminal widths.

Everything that another person typed passes through `safe` on its way to the screen, so no control
sequence, bidi override or zero-width character ever reaches the terminal.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, TypeAlias

from rich.cells import cell_len, get_character_cell_size

from pmtui.widgets.glyphs import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Align: TypeAlias = Literal["left", "right"]
Span: TypeAlias = tuple[str, str]
"""Text and its tone."""
Cell: TypeAlias = "str | Span | tuple[Span, ...]"
"""What a column shows: plain text, one span, or several."""

TONES = ("", "muted", "strong", "accent", "bad", "warn", "good", "head", "title")
"""Every tone a span may have; an unknown one is drawn as plain text."""

ELLIPSIS = "…"
MOST_MARKS = 4

_SPACES = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_BEYOND_LATIN = re.compile("[^\x20-\u02ff]")
_ASCII_UNITS = re.compile(" +|[^ ]+")
_NO_LINE_START = frozenset(
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff1f\uff01\uff09\u3009\u300b\u300d\u300f\u3011\u3015\u2026\u30fc"
)
"""Closing marks and the like, which East Asian text never puts first on a line."""


def safe(text: str) -> str:
    """Give `text` without what could move, hide or reorder other text on a terminal.

    White space that moves the cursor becomes a space; every other control, format and zero-width
    character is dropped, and a base keeps at most four combining marks.
    """
    if _HOSTILE.search(text):
        text = _HOSTILE.sub("", _SPACES.sub(" ", text))
    if _BEYOND_LATIN.search(text):
        text = "".join(_few_marks(text))
    return text if text.isascii() else spelled(text)


def _few_marks(text: str) -> Iterator[str]:
    marks = MOST_MARKS
    for character in text:
        if get_character_cell_size(character) == 0 or unicodedata.combining(character):
            marks += 1
            if marks > MOST_MARKS:
                continue
        else:
            marks = 0
        yield character


def spans(cell: Cell) -> tuple[Span, ...]:
    """Give the spans of `cell`."""
    if isinstance(cell, str):
        return ((cell, ""),)
    if cell and isinstance(cell[0], str):
        return (cell,)
    return cell


def plain(cell: Cell) -> str:
    """Give the text of `cell`, made safe, without its tones."""
    return "".join(safe(text) for text, _ in spans(cell))


def width_of(cell: Cell) -> int:
    """Give the width of `cell` in terminal cells."""
    return cell_len(plain(cell))


def fit(text: str, width: int, align: Align = "left") -> str:
    """Give `text`, made safe, exactly `width` cells wide: padded, or cut with "…"."""
    text = _clip(_bounded(text, width), width)
    padding = " " * (width - cell_len(text))
    return padding + text if align == "right" else text + padding


def fit_spans(cell: Cell, width: int, align: Align = "left") -> tuple[Span, ...]:
    """Give the spans of `cell`, made safe, exactly `width` cells wide together."""
    clipped = clip_spans(cell, width)
    missing = width - sum(cell_len(text) for text, _ in clipped)
    if missing <= 0:
        return clipped
    padding = (" " * missing, "")
    return (padding, *clipped) if align == "right" else (*clipped, padding)


def clip_spans(cell: Cell, width: int) -> tuple[Span, ...]:
    """Give the spans of `cell`, made safe and cut with "…" to at most `width` cells."""
    pieces = [(_bounded(text, width), tone) for text, tone in spans(cell)]
    if sum(cell_len(text) for text, _ in pieces) <= width:
        return tuple(piece for piece in pieces if piece[0])
    kept: list[Span] = []
    room = width
    for index, (text, tone) in enumerate(pieces):
        size = cell_len(text)
        more = any(rest for rest, _ in pieces[index + 1 :])
        if size < room or (size == room and not more):
            kept.append((text, tone))
            room -= size
            continue
        if room > 0:
            kept.append((_clip(text + ELLIPSIS if more else text, room), tone))
        break
    return tuple(piece for piece in kept if piece[0])


def wrap(text: str, width: int) -> list[str]:
    """Break `text` into safe lines of at most `width` cells.

    Lines break at spaces and between wide characters. A line break in `text` stays one; a word
    longer than a line is broken. There is always a line.
    """
    lines = [line for part in text.split("\n") for line in _wrap_line(safe(part), max(1, width))]
    return lines or [""]


def _wrap_line(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text.rstrip()]
    lines: list[str] = []
    line, used = "", 0
    for unit in _units(text):
        size = cell_len(unit)
        if used + size > width and unit.strip():
            if line.strip():
                lines.append(line.rstrip())
            *full, line = _chop(unit, width)
            lines.extend(full)
            used = cell_len(line)
        else:
            line, used = line + unit, used + size
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _units(text: str) -> Iterator[str]:
    """Give the pieces between which a line may break."""
    if text.isascii():
        yield from _ASCII_UNITS.findall(text)
        return
    begin, kind = 0, ""
    for at, character in enumerate(text):
        size = get_character_cell_size(character)
        if size == 0 or character in _NO_LINE_START:
            continue
        new = "wide" if size > 1 else "space" if character == " " else "word"
        if at > begin and (new != kind or new == "wide"):
            yield text[begin:at]
            begin = at
        kind = new
    if begin < len(text):
        yield text[begin:]


def _chop(word: str, width: int) -> list[str]:
    """Break a word into pieces of at most `width` cells."""
    if word.isascii():
        return [word[at : at + width] for at in range(0, len(word), width)]
    pieces, begin, used = [], 0, 0
    for at, character in enumerate(word):
        size = get_character_cell_size(character)
        if at > begin and used + size > width:
            pieces.append(word[begin:at])
            begin, used = at, 0
        used += size
    return [*pieces, word[begin:]]


def _bounded(text: str, width: int) -> str:
    """Make safe no more of `text` than `width` cells need: a megabyte in a title is cheap."""
    most = 8 * max(0, width) + 32
    return safe(text) if len(text) <= most else safe(text[:most]) + ELLIPSIS


def _clip(text: str, width: int) -> str:
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    return _head(text, width - 1).rstrip() + ELLIPSIS


def _head(text: str, width: int) -> str:
    if text.isascii():
        return text[:width]
    used = 0
    for index, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > width:
            return text[:index]
    return text


def joined(parts: Iterable[Iterable[Span]]) -> tuple[Span, ...]:
    """Give one row of spans from several, neighbours of one tone made one."""
    result: list[Span] = []
    for part in parts:
        for text, tone in part:
            if result and result[-1][1] == tone:
                result[-1] = (result[-1][0] + text, tone)
            elif text:
                result.append((text, tone))
    return tuple(result)
