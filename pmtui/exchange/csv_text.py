"""Bytes of a CSV file to records of cells: encoding, delimiter, quotes (RFC 4180, and what tools really write)."""

import re
from dataclasses import dataclass

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.text import clean

DELIMITERS = ",;\t|"
ROW_LIMIT = 100_000
COLUMN_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """The cells of one record and the line of the file that it begins on."""

    line: int
    cells: tuple[str, ...]


def decode(data: bytes) -> tuple[str, str]:
    """The text in the bytes, its line ends made one character, and what to say about its encoding (mostly nothing).

    A mark at the beginning decides; then UTF-8; then Windows-1252, which is said. Raises
    :class:`Refused` for what is no text.
    """
    said = ""
    try:
        marked = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        text, said = _windows(data), "read as Windows-1252 text: it is not UTF-8"
    return plain_lines(text), said


def plain_lines(text: str) -> str:
    """A text whose line ends are one character; raises :class:`Refused` for what is no text."""
    if "\x00" in text:
        raise Refused("this is no text file: it holds zero bytes")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        why = f"line {line}: byte 0x{data[error.start]:02x} is neither UTF-8 nor Windows-1252; save the file as UTF-8"
        raise Refused(why) from None


def read_records(text: str, delimiter: str = "") -> list[CsvRecord]:
    """The records of a CSV text, blank ones left out; the first is the heading.

    The ``delimiter`` is found out from the heading where none is given. Raises :class:`Refused`, naming the line,
    for a quote that is not closed or stands wrong.
    """
    said = re.match(r"\s*sep=(.)\n", text)
    records = _scan(text, said[1], said.end()) if said else _scan(text, delimiter or delimiter_of(text), 0)
    return [record for record in records if any(cell.strip() for cell in record.cells)]


def delimiter_of(text: str) -> str:
    """Which of ``, ; tab |`` divides the heading; the comma where none stands there."""
    begin = len(text) - len(text.lstrip("\n \ufeff"))
    quoted = False
    counts = dict.fromkeys(DELIMITERS, 0)
    for character in text[begin:]:
        if character == '"':
            quoted = not quoted
        elif not quoted and character == "\n":
            break
        elif not quoted and character in counts:
            counts[character] += 1
    return max(DELIMITERS, key=lambda mark: counts[mark])


def _scan(text: str, mark: str, begin: int) -> list[CsvRecord]:
    # Possessive quantifiers: a quote that is never closed costs one pass, not one per character.
    quoted = re.compile(r'[ ]*+"([^"]*+(?:""[^"]*+)*+)"[ ]*+')
    opening = re.compile(r'[ ]*+"')
    bare = re.compile(rf"[^{re.escape(mark)}\n]*+")
    records: list[CsvRecord] = []
    cells: list[str] = []
    line, first, at = text.count("\n", 0, begin) + 1, 0, begin
    while at <= len(text):
        first = first or line
        opened = opening.match(text, at) is not None
        found = quoted.match(text, at) if opened else bare.match(text, at)
        if found is None:
            raise Refused([Problem("", _shown(text, at), "a quote is opened here and never closed", line=line)])
        cells.append(found[1].replace('""', '"') if opened else found[0])
        line += found[0].count("\n")
        at = found.end()
        after = text[at : at + 1]
        if after not in {mark, "\n", ""}:
            why = 'text after a closing quote; a quote within a quoted cell is written ""'
            raise Refused([Problem("", _shown(text, found.start()), why, line=line)])
        if len(cells) > COLUMN_LIMIT or len(records) > ROW_LIMIT:
            raise Refused(f"more than {ROW_LIMIT:,} rows or {COLUMN_LIMIT:,} columns; import a part of the file")
        if after != mark:
            records.append(CsvRecord(first, tuple(cells)))
            cells, first = [], 0
            line += 1
        at += 1
    return records


def _shown(text: str, at: int) -> str:
    return clean(text[at : at + 60].partition("\n")[0])
