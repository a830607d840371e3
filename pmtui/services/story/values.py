"""What a transaction touched, and the values it wrote as people write them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from typing import Any

import msgspec

from pmtui.domain.dates import MONTHS
from pmtui.domain.fields import Field, Kind
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BY_TABLE, Record, RecordType
from pmtui.domain.records.base import STAMPS
from pmtui.domain.text import clean
from pmtui.domain.values import show_value
from pmtui.store.journal import DELETE, INSERT, UPDATE, Transaction

LONGEST = 60
"""Characters of a value in a sentence; the entry's details have all of it."""

MOST = 4
"""Fields told in a sentence; the others are counted."""

SILENT = {"rank", "order", "position", *STAMPS}
"""Fields that say nothing to people."""

FOLLOWING = {
    "slip_count", "scores", "ended", "snoozed_until", "inherent_probability", "inherent_impact", "period_fixed",
    "numbers", "baseline_due", "external", "phasing",
}  # fmt: skip
"""Fields that follow from others: told in the details alone, unless nothing else changed."""

_SETS = {Kind.TAGS, Kind.PEOPLE, Kind.REFERENCES, Kind.LINKS}
_HALF_A_YEAR = 183


@dataclass(frozen=True, slots=True)
class FieldTold:
    """One field of a record that a change touched: its label, and its value before and after in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Touch:
    """A record that a transaction added (``i``), changed (``u``) or deleted (``d``).

    ``changes`` are the stored values before and after by field; ``title`` is the record's name then, where
    the change tells it, else as it is now.
    """

    what: str
    type: RecordType
    id: int
    title: str
    changes: Mapping[str, tuple[Any, Any]]

    @cached_property
    def number(self) -> str:
        """The record's number."""
        return self.type.number(self.id)

    @property
    def name(self) -> str:
        """How a sentence calls it: its number, a person's handle, a saved filter's name, the project."""
        if self.type.kind == "project":
            return "the project"
        if self.type.kind == "filter" and self.title:
            return f"the filter ={self.title}"
        if self.type.kind == "template" and self.title:
            return f"the template {self.title}"
        return f"@{self.title}" if self.type.kind == "person" and self.title else self.number

    def after(self, field: str) -> Any:
        """The value that a field was given; ``None`` where it was not touched or was emptied."""
        return self.changes.get(field, (None, None))[1]

    def before(self, field: str) -> Any:
        """The value that a field had; ``None`` where it was not touched or was empty."""
        return self.changes.get(field, (None, None))[0]


def touched(transaction: Transaction, data: ProjectData) -> list[Touch]:
    """The records that a transaction touched, in its order."""
    return [touch for op in transaction.ops if (touch := _touch(op, data)) is not None]


def _touch(op: Sequence[Any], data: ProjectData) -> Touch | None:
    what, table, record_id, stored = op[:4]
    record_type = BY_TABLE.get(table)
    if record_type is None or what not in {INSERT, UPDATE, DELETE} or not isinstance(stored, dict):
        return None
    changes: dict[str, tuple[Any, Any]] = {}
    for name, value in stored.items():
        if name in STAMPS:
            continue
        if what == UPDATE:
            changes[name] = (value[0], value[1])
        else:
            changes[name] = (None, value) if what == INSERT else (value, None)
    record = data.tables.get(table, {}).get(record_id)
    before, after = changes.get(record_type.title, (None, None))
    title = str(after or before or (record.name if record is not None else ""))
    return Touch(what, record_type, record_id, clean(title), changes)


@dataclass(frozen=True)
class Values:
    """How values are said: dates for a reader of this day, money in the project's currency."""

    today: dt.date
    currency: str = ""

    def day(self, day: dt.date) -> str:
        """A day, never as "tomorrow", which is another day when the story is read again."""
        plain = day.year == self.today.year or abs((day - self.today).days) <= _HALF_A_YEAR
        return f"{day.day} {MONTHS[day.month - 1][:3]}" + ("" if plain else f" {day.year}")

    def say(self, field: Field, stored: Any) -> str:
        """A stored value; empty where there is none. What no longer fits its field is said as it stands."""
        if stored is None or stored in ("", [], {}):
            return ""
        try:
            value = _value(field, stored)
        except (ValueError, TypeError, InvalidOperation):
            value = str(stored)
        if isinstance(value, dt.datetime):
            return f"{self.day(value.date())} {value:%H:%M}"
        if isinstance(value, dt.date):
            return self.day(value)
        shown = clean(show_value(field, value, self.today), lines=True)
        money = field.kind is Kind.MONEY and "%" not in field.label
        return f"{shown} {self.currency}".rstrip() if money else f"{shown} %" if field.kind is Kind.PERCENT else shown

    def brief(self, field: Field, stored: Any) -> str:
        """A value for a sentence: on one line, and cut where it is long."""
        text = " ".join(self.say(field, stored).split())
        return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"

    def field(self, touch: Touch, name: str) -> FieldTold | None:
        """A field's change with its values in full; ``None`` for one that says nothing to people."""
        field = touch.type.fields.get(name)
        if name in SILENT:
            return None
        if field is None:
            return FieldTold(name, clean(str(touch.before(name) or "")), clean(str(touch.after(name) or "")))
        if field.kind is Kind.STRUCTURE:
            return FieldTold(field.label, *_differing(touch.before(name), touch.after(name)))
        return FieldTold(field.label, self.say(field, touch.before(name)), self.say(field, touch.after(name)))

    def fields(self, touch: Touch) -> Iterator[FieldTold]:
        """What a change did to a record, field by field in their order, values in full.

        Of a record that was added or deleted, what is as it is usually is left out, and its title.
        """
        known = [name for name in touch.type.fields if name in touch.changes]
        if touch.what != UPDATE:
            usual = _usual(touch.type.struct) | {touch.type.title: touch.title}
            known = [name for name in known if usual.get(name) not in touch.changes[name]]
        for name in (*known, *(name for name in touch.changes if name not in touch.type.fields)):
            told = self.field(touch, name)
            if told is not None and told.before != told.after:
                yield told

    def change(self, touch: Touch, name: str) -> str:
        """A field's change in a sentence: ``due 30 Oct → 12 Nov``, ``tags +#cutover``, ``notes (+2 lines)``."""
        field = touch.type.fields.get(name) or Field(name)
        label, (before, after) = _label(field), touch.changes[name]
        if field.kind is Kind.TEXT:
            return f"{label} ({_lines(str(before or ''), str(after or ''))})"
        if field.kind is Kind.STRUCTURE:
            return label
        if field.kind in _SETS and isinstance(before or [], list) and isinstance(after or [], list):
            return f"{label} {self._members(field, before or [], after or [])}".rstrip()
        return f"{label} {self.brief(field, before) or 'none'} → {self.brief(field, after) or 'none'}"

    def changes(self, touch: Touch) -> str:
        """What changed in a record, for a sentence; what merely follows is left to the details."""
        names = [name for name in (*touch.type.fields, *touch.changes) if name in touch.changes and name not in SILENT]
        names = list(dict.fromkeys(names))
        told = [name for name in names if name not in FOLLOWING] or names
        more = f" and {len(told) - MOST} more" if len(told) > MOST else ""
        return ", ".join(self.change(touch, name) for name in told[:MOST]) + more

    def _members(self, field: Field, before: Sequence[Any], after: Sequence[Any]) -> str:
        more = [f"+{self.brief(field, [item])}" for item in after if item not in before]
        less = [f"−{self.brief(field, [item])}" for item in before if item not in after]
        found = [*more, *less]
        return " ".join(found[:4]) + (f" and {len(found) - 4} more" if len(found) > 4 else "") if found else "order"


@cache
def _usual(struct: type[Record]) -> dict[str, object]:
    """What the fields of a record hold where nothing else is said."""
    return {f.name: f.default for f in msgspec.structs.fields(struct) if isinstance(f.default, (str, int, float))}


def _label(field: Field) -> str:
    return field.label if field.label.isupper() else field.label[:1].lower() + field.label[1:]


def _value(field: Field, stored: Any) -> object:
    if field.kind is Kind.DATE:
        return dt.date.fromisoformat(stored)
    if field.kind is Kind.MOMENT:
        return dt.datetime.fromisoformat(stored)
    if field.kind is Kind.MONEY:
        return Decimal(str(stored))
    return tuple(str(item) for item in stored) if isinstance(stored, list) else stored


def _lines(before: str, after: str) -> str:
    """How a long text changed: ``+2 lines``, ``−1 line``, ``1 line changed``."""
    old, new = before.splitlines(), after.splitlines()
    more = len(new) - len(old)
    if more:
        return f"{'+' if more > 0 else '−'}{abs(more)} line{'' if abs(more) == 1 else 's'}"
    changed = sum(1 for one, other in zip(old, new, strict=True) if one != other)
    return f"{changed} line{'' if changed == 1 else 's'} changed"


def _differing(before: Any, after: Any) -> tuple[str, str]:
    """Of a value of several parts, those that differ, before and after."""
    if isinstance(before, list) and isinstance(after, list):
        return _parts([one for one in before if one not in after]), _parts([one for one in after if one not in before])
    if isinstance(before, dict) and isinstance(after, dict):
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        old, new = ({name: parts[name] for name in names if name in parts} for parts in (before, after))
        return _parts(old), _parts(new)
    return _parts(before), _parts(after)


def _parts(stored: Any) -> str:
    """A value of several parts, as plain as it goes."""
    if stored is None or stored in ("", [], {}):
        return ""
    if isinstance(stored, dict):
        return ", ".join(f"{clean(str(name))} {_parts(value)}".strip() for name, value in stored.items())
    if isinstance(stored, list):
        return "; ".join(_parts(item) for item in stored)
    return clean(str(stored))
