"""One value in a TOML text changed; every other character stays as it was."""

import json
from collections.abc import Sequence

from pmtui.domain.toml_lines import Statement, statements


def with_value(text: str, where: Sequence[str], value: str | Sequence[str]) -> str:
    """The text with a value at its place (``("theme",)``, ``("keys", "record.done")``), a comment after it kept."""
    new = _written(value)
    found = list(statements(text))
    for statement in found:
        if _is(statement, where):
            begin, end = statement.value
            return text[:begin] + new + text[end:]
    ending = "\r\n" if "\r\n" in text else "\n"
    line = f"{_named(where[-1])} = {new}{ending}"
    table = tuple(where[:-1])
    at = _after(text, found, table)
    if at is not None:
        gap = ending if at and text[at - 1] != "\n" else ""
        below = ending if at == 0 and text else ""
        return text[:at] + gap + line + below + text[at:]
    before = text if not text or text.endswith("\n") else text + ending
    return before + (ending if before else "") + f"[{'.'.join(table)}]{ending}" + line


def without(text: str, where: Sequence[str]) -> str:
    """The text without the lines that assign a value."""
    for statement in statements(text):
        if _is(statement, where):
            start = text.rfind("\n", 0, statement.start) + 1
            end = text.find("\n", statement.end)
            return text[:start] + (text[end + 1 :] if end >= 0 else "")
    return text


def _is(statement: Statement, where: Sequence[str]) -> bool:
    """Whether a statement assigns what is meant; ``record.done`` may be written with or without quotes."""
    return not statement.is_header and ".".join(statement.path) == ".".join(where)


def _after(text: str, found: Sequence[Statement], table: tuple[str, ...]) -> int | None:
    """Where a new line of a table goes: after its last one; nothing where the table is not there."""
    at = 0 if not table else None
    current: tuple[str, ...] = ()
    for statement in found:
        current = statement.path if statement.is_header else current
        if current == table:
            end = text.find("\n", statement.end)
            at = len(text) if end < 0 else end + 1
    return at


def _written(value: str | Sequence[str]) -> str:
    """A value in TOML, whose strings are JSON's."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(map(_written, value))}]"


def _named(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else _written(name)
