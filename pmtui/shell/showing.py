"""Records as JSON and as plain tables, without colour."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Record, RecordType
from pmtui.domain.records.base import STAMPS
from pmtui.domain.values import show_value

_RIGHT = {Kind.MONEY, Kind.INTEGER, Kind.HOURS, Kind.PERCENT, Kind.SCALE}


def as_json(record: Record, data: ProjectData, today: dt.date) -> dict[str, Any]:
    """A record for scripts: its number, its fields by name, what follows from them, and its stamps."""
    fields = record.TYPE.fields
    found: dict[str, Any] = {"number": record.number}
    found |= {name: _builtin(getattr(record, name)) for name in fields if name not in STAMPS}
    found |= {name: _builtin(derive(record, data, today)) for name, derive in record.TYPE.derived.items()}
    return found | {name: _builtin(getattr(record, name)) for name in STAMPS if name in fields}


def _builtin(value: Any) -> Any:
    """JSON's kinds: dates as ISO text, money as decimal text, nothing as null."""
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return f"{value:f}"
    return msgspec.to_builtins(value)


def table(records: Sequence[Record], record_type: RecordType, data: ProjectData) -> list[str]:
    """A list as aligned text: numbers on the right, nothing cut."""
    columns = [record_type.fields[name] for name in record_type.columns]
    rows = [["Number", *(field.label for field in columns)]]
    rows += [[record.number, *(_cell(field, record, data) for field in columns)] for record in records]
    right = [False, *(field.kind in _RIGHT for field in columns)]
    return aligned(rows, right)


def aligned(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """Rows of cells as lines whose columns stand below each other."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(*part) for part in zip(row, widths, right, strict=True)).rstrip() for row in rows]


def _padded(cell: str, wanted: int, right: bool) -> str:
    blanks = " " * (wanted - width(cell))
    return blanks + cell if right else cell + blanks


def width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def _cell(field: Field, record: Record, data: ProjectData) -> str:
    value = getattr(record, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if field.kind is Kind.REFERENCE:
        other = data.get(str(value))
        return f"{value} {other.name}" if other else str(value)
    return show_value(field, value, dt.date.min)


def details(record: Record, data: ProjectData, today: dt.date) -> list[str]:
    """Everything a record holds, a line a field; long texts stand below their label."""
    lines = [f"{record.number} {record.name}"]
    shown: list[tuple[str, str]] = []
    for name, field in record.TYPE.fields.items():
        value = getattr(record, name)
        if name == record.TYPE.title or value is None or value in ("", (), {}, 0, False):
            continue
        shown.append((field.label, _told(field, value, record, data)))
    for name, derive in record.TYPE.derived.items():
        value = derive(record, data, today)
        if value:
            shown.append((name.replace("_", " ").capitalize(), "yes" if value is True else str(value)))
    label_width = max((width(label) for label, _ in shown), default=0)
    for label, text in shown:
        first, *rest = text.split("\n")
        lines.append(f"  {label}{' ' * (label_width - width(label))}  {first}")
        lines += [f"  {' ' * label_width}  {line}" for line in rest]
    return lines


def _told(field: Field, value: Any, record: Record, data: ProjectData) -> str:
    if field.kind is Kind.STRUCTURE:
        builtin = msgspec.to_builtins(value)
        return "\n".join(map(_parts, builtin if isinstance(builtin, (list, tuple)) else [builtin]))
    if isinstance(value, dt.date):
        return _cell(field, record, data)
    if field.kind is Kind.REFERENCES:
        others = [(number, data.get(number)) for number in value]
        return "\n".join(f"{number} {other.name}" if other else number for number, other in others)
    return _cell(field, record, data)


def _parts(value: Any) -> str:
    """A value of several parts, on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_parts(part)}" for name, part in value.items())
    return "; ".join(map(_parts, value)) if isinstance(value, (list, tuple)) else str(value)
