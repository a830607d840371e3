"""Which line of a TOML file says what: ``tomllib`` gives the values alone."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_QUOTES = ('"""', "'''", '"', "'")
_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or an assignment: its line (from 1), its place in the text, and what it is about.

    ``path`` is the whole name, its table's included; empty where it can't be read. ``parts`` counts those of the
    name as it is written; ``value`` is where the value stands, the same place twice in a header.
    """

    line: int
    start: int
    end: int
    path: tuple[str, ...]
    value: tuple[int, int]
    parts: int = 0
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One value with its whole name and line."""

    path: tuple[str, ...]
    value: object
    line: int


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that is no TOML, what it is about as far as it can be told, and why."""

    line: int
    why: str
    name: str = ""


def read_lines(text: str) -> tuple[list[Said], list[Malformed]]:
    """Every value of a TOML text with its line, and each line that can't be read; the others are read all the same."""
    said: list[Said] = []
    wrong: list[Malformed] = []
    seen: set[tuple[str, ...]] = set()
    for statement in statements(text):
        part = text[statement.start : statement.end]
        try:
            found = tomllib.loads(part)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            wrong.append(malformed(error, statement.line, ".".join(statement.path)))
            continue
        if statement.is_header or not statement.path:
            continue
        if statement.path in seen:
            wrong.append(Malformed(statement.line, "is said twice; allowed: once", ".".join(statement.path)))
            continue
        seen.add(statement.path)
        value: object = found
        for _ in range(statement.parts):
            value = next(iter(value.values())) if isinstance(value, Mapping) else value
        said.append(Said(statement.path, value, statement.line))
    if not wrong:
        try:
            tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            wrong.append(malformed(error, 1))
    return said, wrong


def malformed(error: Exception, first: int, name: str = "") -> Malformed:
    """Why a part of a TOML text that begins in line ``first`` is none, and in which line of the whole."""
    if isinstance(error, RecursionError):
        return Malformed(first, "is nested too deeply", name)
    found = _LINE.search(str(error))
    line = int(found[1]) if found and found[1] else 1
    why = f'is no TOML: {_LINE.sub("", str(error)).lower()}; allowed: name = "text", or name = ["d", "D"]'
    return Malformed(first + line - 1, why, name)


def statements(text: str) -> Iterator[Statement]:
    """The headers and assignments of a TOML text, in their order, also of one with bad lines."""
    table: tuple[str, ...] = ()
    at = 0
    while at < len(text):
        if text[at] in " \t\r\n":
            at += 1
        elif text[at] == "#":
            at = _line_end(text, at)
        else:
            found = _statement(text, at, table)
            table = found.path if found.is_header else table
            yield found
            at = max(found.end, at + 1)
            at = _line_end(text, at)


def _statement(text: str, start: int, table: tuple[str, ...]) -> Statement:
    line = text.count("\n", 0, start) + 1
    if text[start] == "[":
        end = _trimmed(text, start, _value_end(text[: _line_end(text, start)], start))
        name = text[start:end].strip("[] \t")
        return Statement(line, start, end, _path(name), (end, end), is_header=True)
    equals = _equals(text, start)
    if equals < 0:
        end = _trimmed(text, start, _line_end(text, start))
        return Statement(line, start, end, (), (end, end))
    begin = equals + 1
    while begin < len(text) and text[begin] in " \t":
        begin += 1
    end = _trimmed(text, begin, _value_end(text, begin))
    if "\n" in text[begin:end] and not _is_toml(text[start:end]):
        end = _trimmed(text, begin, _line_end(text, begin))  # never closed: the lines after it are their own
    path = _path(text[start:equals])
    return Statement(line, start, end, (*table, *path) if path else (), (begin, end), len(path))


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def _equals(text: str, at: int) -> int:
    """Where the ``=`` of an assignment stands; -1 where its line has none."""
    quote = ""
    for place in range(at, _line_end(text, at)):
        character = text[place]
        if quote:
            quote = "" if character == quote and not (quote == '"' and text[place - 1] == "\\") else quote
        elif character in "\"'":
            quote = character
        elif character == "=":
            return place
    return -1


def _value_end(text: str, at: int) -> int:
    """Where a value ends: at the end of its line or a comment, outside of strings and brackets."""
    depth = 0
    while at < len(text):
        character = text[at]
        quote = next((mark for mark in _QUOTES if text.startswith(mark, at)), "")
        if quote:
            at = _string_end(text, at, quote)
            continue
        if character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        elif character in "#\n" and depth <= 0:
            return at
        elif character == "#":
            at = _line_end(text, at)
            continue
        at += 1
    return len(text)


def _string_end(text: str, at: int, quote: str) -> int:
    """The place after a string; a string of one line that is not closed ends with its line."""
    place = at + len(quote)
    last = len(text) if len(quote) == 3 else _line_end(text, at)
    while place < last:
        if text[place] == "\\" and quote[0] == '"':
            place += 2
        elif text.startswith(quote, place):
            return place + len(quote)
        else:
            place += 1
    return last


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _path(name: str) -> tuple[str, ...]:
    """The parts of a dotted name, quotes taken off; nothing where it is none."""
    try:
        found: object = tomllib.loads(f"{name.strip()} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    parts: list[str] = []
    while isinstance(found, Mapping) and len(found) == 1:
        part, found = next(iter(found.items()))
        parts.append(part)
    return tuple(parts)
