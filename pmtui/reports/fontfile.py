"""What a TrueType or OpenType file says of its characters: which it has, and how wide they are.

Only four of a font's tables are read, so that a file of 20 MB costs no more than one of 400 KB.
Source: the OpenType specification, chapters ``cmap`` (formats 4 and 12), ``head``, ``hhea``, ``hmtx``, ``OS/2``.
"""

import struct
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

_RESTRICTED = 0x0002
"""The bit of ``OS/2.fsType`` that forbids to embed the font."""


class UnreadableFont(Exception):
    """The file is no font that can be read."""


class FontFile:
    """One face of a font file; the first one of a collection unless ``face`` says which."""

    def __init__(self, path: Path, face: int = 0) -> None:
        self.path = path
        self._face = face
        try:
            with path.open("rb") as file:
                self._tables = _directory(file, face)
        except (OSError, struct.error) as error:
            raise UnreadableFont(f"{path}: {error}") from error

    def __contains__(self, character: str) -> bool:
        return ord(character) in self._glyphs

    def advance(self, character: str) -> float:
        """How far the pen moves after a character, in em; raises ``KeyError`` where the font has none."""
        glyph = self._glyphs[ord(character)]
        advances = self._advances
        return advances[min(glyph, len(advances) - 1)] / self._units

    @cached_property
    def may_be_embedded(self) -> bool:
        """Whether its maker allows to put it into a document."""
        table = self._table("OS/2")
        return len(table) < 10 or not struct.unpack_from(">H", table, 8)[0] & _RESTRICTED

    @cached_property
    def _glyphs(self) -> dict[int, int]:
        table = self._table("cmap")
        try:
            return _characters(table)
        except (struct.error, IndexError) as error:
            raise UnreadableFont(f"{self.path}: {error}") from error

    @cached_property
    def _units(self) -> int:
        return int(struct.unpack_from(">H", self._table("head"), 18)[0]) or 1000

    @cached_property
    def _advances(self) -> tuple[int, ...]:
        (count,) = struct.unpack_from(">H", self._table("hhea"), 34)
        both: tuple[int, ...] = struct.unpack_from(f">{2 * count}H", self._table("hmtx"))
        return both[::2]  # each with the blank before its glyph

    def _table(self, name: str) -> bytes:
        where = self._tables.get(name)
        if where is None:
            return b""
        with self.path.open("rb") as file:
            file.seek(where[0])
            return file.read(where[1])


def _directory(file: BinaryIO, face: int) -> dict[str, tuple[int, int]]:
    """Where each table is: offset and length."""
    start = 0
    if file.read(4) == b"ttcf":
        _, count = struct.unpack(">II", file.read(8))
        if face >= count:
            raise UnreadableFont(f"it has {count} faces")
        file.seek(12 + 4 * face)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (count,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    entries = (struct.unpack(">4sIII", file.read(16)) for _ in range(min(count, 200)))
    return {tag.decode("latin-1"): (offset, length) for tag, _, offset, length in entries}


def _characters(table: bytes) -> dict[int, int]:
    """The glyph of each character, by the widest of the font's maps of Unicode."""
    (count,) = struct.unpack_from(">H", table, 2)
    maps = [struct.unpack_from(">HHI", table, 4 + 8 * at) for at in range(count)]
    unicode = {(platform, encoding): offset for platform, encoding, offset in maps}
    for wanted in ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3)):
        if wanted in unicode:
            offset = unicode[wanted]
            (form,) = struct.unpack_from(">H", table, offset)
            reader = {4: _segments, 12: _groups}.get(form)
            if reader is not None:
                return reader(table, offset)
    return {}


def _segments(table: bytes, at: int) -> dict[int, int]:
    """Format 4: segments of characters, each shifted, or through a list of glyphs."""
    count = struct.unpack_from(">H", table, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", table, at + 14)
    starts = struct.unpack_from(f">{count}H", table, at + 16 + 2 * count)
    shifts = struct.unpack_from(f">{count}H", table, at + 16 + 4 * count)
    place = at + 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", table, place)
    found: dict[int, int] = {}
    for segment in range(count):
        for code in range(starts[segment], ends[segment] + 1):
            glyph = code
            if ranges[segment]:
                where = place + 2 * segment + ranges[segment] + 2 * (code - starts[segment])
                if where + 2 > len(table):
                    continue
                (glyph,) = struct.unpack_from(">H", table, where)
            shifted = (glyph + shifts[segment]) & 0xFFFF if glyph else 0
            if shifted and code != 0xFFFF:
                found[code] = shifted
    return found


def _groups(table: bytes, at: int) -> dict[int, int]:
    """Format 12: groups of characters whose glyphs follow one another."""
    (count,) = struct.unpack_from(">I", table, at + 12)
    found: dict[int, int] = {}
    for group in range(count):
        first, last, glyph = struct.unpack_from(">III", table, at + 16 + 12 * group)
        if first > last or last > 0x10FFFF:
            raise UnreadableFont("its map of characters is damaged")
        found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
    return found
