"""What one word of a filter asks of a record: a field's value, a fact, or text."""

import datetime as dt
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pmtui.domain.fields import Field, Kind
from pmtui.domain.filterfacts import FACTS, fact
from pmtui.domain.filterwords import Token
from pmtui.domain.flow import plain
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import TYPES, Record, RecordType, split_number
from pmtui.domain.text import fold
from pmtui.domain.values import read_hours

Predicate = Callable[[Any, ProjectData], bool]
Node = Callable[[RecordType], Predicate]
"""Makes the predicate for a kind of record."""

ALIASES = {
    "who": ("owner", "requester", "decided_by"),
    "slips": ("slip_count",),
    "pri": ("priority",),
    "p": ("probability",),
    "i": ("impact",),
    "u": ("urgency",),
    "est": ("estimate",),
    "wbs": ("deliverable", "code"),
    "tag": ("tags",),
    "after": ("depends_on",),
    "waiting": ("waiting_for",),
    "review": ("review_date",),
    "target": ("target_date",),
    "line": ("budget_line",),
    "amount": ("net", "planned"),
    "mail": ("email",),
}
"""Further names of fields, beside their own, their labels and the headings that import knows."""

SEARCHED = (
    "note",
    "category",
    "full_name",
    "code",
    "vendor",
    "notes",
    "description",
    "text",
    "cause",
    "effect",
)
"""The texts that plain words look in, beside number, name and tags."""

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    ":": operator.eq,
    "=": operator.eq,
    "!=": operator.eq,
}
_TEXTS = {Kind.LINE, Kind.TEXT, Kind.LINKS, Kind.REPEATS}
_UNORDERED = {*_TEXTS, Kind.PERSON, Kind.PEOPLE, Kind.TAGS, Kind.REFERENCE, Kind.REFERENCES, Kind.FLAG}


class FilterError(ValueError):
    """A filter that no record could answer: ``start`` and ``end`` are the place in its text."""

    def __init__(self, text: str, start: int, end: int, message: str) -> None:
        super().__init__(text, start, end, message)
        self.text = text
        self.start = start
        self.end = end
        self.message = message

    def __str__(self) -> str:
        return f"{self.text[self.start : self.end]!r}: {self.message}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a filter is read with."""

    text: str
    today: dt.date
    me: str

    def error(self, token: Token, message: str, *, at_value: bool = False) -> FilterError:
        """An error that points at a word, or at its value."""
        start = token.value_start if at_value and token.value else token.start
        return FilterError(self.text, start, token.end, message)


def never(_record: Record, _data: ProjectData) -> bool:
    """No record of the kind can have it."""
    return False


def term_of(token: Token, scope: Scope) -> Node:
    """What one word asks."""
    if token.name:
        return _comparison(token, token.name, scope)
    text, mark = token.text, token.text[:1]
    if token.quoted or len(text) < 2 or mark not in "@#!~":
        if fold(text) in FACTS and not token.quoted:
            return fact(fold(text), scope.today, scope.me)
        return _words(fold(text))
    how, value = ":", text[1:]
    for sign in ("<=", ">=", "<", ">"):
        if mark == "~" and value.startswith(sign):
            how, value = sign, value[len(sign) :]
            break
    marked = Token(text, token.start, token.end, "", text[:1], how, value, token.end - len(value))
    return _marked(marked, mark, scope)


def _marked(token: Token, mark: str, scope: Scope) -> Node:
    """``@ana`` is any of a record's people, ``#tag`` a tag, ``!high`` a priority, ``~8h`` an estimate."""
    if mark == "@":
        wanted = {_handle(part, scope) for part in token.value.split(",")}
        return lambda record_type: _has_person(record_type, wanted)
    if mark == "!" and token.value in set("12345"):
        return _comparison(token, "urgency", scope)
    return _comparison(token, {"#": "tags", "!": "priority", "~": "estimate"}[mark], scope)


def _has_person(record_type: RecordType, wanted: set[str]) -> Predicate:
    stamps = {"created_by", "updated_by"}
    fields = [f for n, f in record_type.fields.items() if f.kind in {Kind.PERSON, Kind.PEOPLE} and n not in stamps]
    if not fields:
        return never
    singles = [f.name for f in fields if f.kind is Kind.PERSON]
    several = [f.name for f in fields if f.kind is Kind.PEOPLE]

    def has(record: Any, _: ProjectData) -> bool:
        return any(fold(getattr(record, name)) in wanted for name in singles) or any(
            fold(handle) in wanted for name in several for handle in getattr(record, name)
        )

    return has


def _words(wanted: str) -> Node:
    """Text anywhere in a record that people wrote."""

    def ready(record_type: RecordType) -> Predicate:
        title = record_type.title
        others = [n for n in SEARCHED if n in record_type.fields and n != title]
        numbered = any(c in "0123456789" for c in wanted)

        def has(record: Any, _: ProjectData) -> bool:
            if wanted in fold(str(getattr(record, title))):
                return True
            for name in others:
                text = getattr(record, name)
                if text and wanted in fold(text):
                    return True
            if record.tags and any(wanted in fold(tag) for tag in record.tags):
                return True
            return numbered and fold(record.number).startswith(wanted)

        return has

    return ready


def _comparison(token: Token, name: str, scope: Scope) -> Node:
    """``field:value`` and its like; an unknown field or a value no kind could have is an error."""
    candidates = list(_fields_named(name))
    if not candidates:
        raise scope.error(token, _unknown(name))
    if not token.value:
        raise scope.error(token, f"{token.text} needs a value, such as none or any")
    problems: dict[str, None] = {}
    tests: dict[str, Predicate] = {}
    for record_type, field in candidates:
        try:
            tests[record_type.kind] = _test(record_type, field, token, scope)
        except ValueError as wrong:
            problems[str(wrong)] = None
    if not tests:
        raise scope.error(token, _allowed(problems), at_value=True)
    return lambda record_type: tests.get(record_type.kind, never)


def _fields_named(name: str) -> Iterator[tuple[RecordType, Field]]:
    """For each kind the field that a name means: its own name first, then alias, label, heading."""
    wanted = fold(name).replace("-", "_")
    for record_type in TYPES:
        field = _field_of(record_type, wanted)
        if field and field.kind is not Kind.STRUCTURE:
            yield record_type, field


def _field_of(record_type: RecordType, wanted: str) -> Field | None:
    fields = record_type.fields
    if wanted in fields:
        return fields[wanted]
    if wanted in record_type.derived:
        kind = Kind.LINE if wanted in {"band", "category", "superseded_by"} else Kind.INTEGER
        return Field(wanted, Kind.FLAG if wanted == "overdue" else kind, name=wanted)
    if wanted in {"number", "name"}:
        return Field(wanted, name=wanted)
    alias = next((fields[other] for other in ALIASES.get(wanted, ()) if other in fields), None)
    spaced = wanted.replace("_", " ")
    named = (f for f in fields.values() if fold(f.label).replace("-", " ") == spaced)
    headed = (f for f in fields.values() if spaced in f.headings)
    return alias or next(named, None) or next(headed, None)


def _allowed(problems: Iterable[str]) -> str:
    """What several kinds allow, said once."""
    listed = list(problems)
    if not all(problem.startswith("allowed: ") for problem in listed):
        return "; ".join(listed)
    words = [word for problem in listed for word in problem.removeprefix("allowed: ").split(", ")]
    return "allowed: " + ", ".join(dict.fromkeys(words))


def _unknown(name: str) -> str:
    from difflib import get_close_matches  # only for what was not understood

    known = {field for record_type in TYPES for field in (*record_type.fields, *record_type.derived)}
    close = get_close_matches(fold(name), sorted({*known, *ALIASES}), n=3, cutoff=0.6)
    hint = f"; is it {' or '.join(close)}?" if close else "; text with a colon goes in quotes"
    return f"no record has a field {name}{hint}"


def _getter(record_type: RecordType, field: Field, scope: Scope) -> Callable[[Any, ProjectData], Any]:
    name, today = field.name, scope.today
    if name in record_type.fields or name not in record_type.derived:
        return lambda record, _: getattr(record, name)
    derive = record_type.derived[name]
    return lambda record, data: derive(record, data, today)


def _test(record_type: RecordType, field: Field, token: Token, scope: Scope) -> Predicate:
    """The predicate of one field; ``ValueError`` says what its values are."""
    get = _getter(record_type, field, scope)
    if token.how in {"<", "<=", ">", ">="}:
        if field.kind in _UNORDERED:
            raise ValueError(f"{field.label.lower()} has no order; write {token.name}:{token.value}")
        return _ordered(field, token, scope, get)
    parts = [token.value] if token.quoted else [part for part in token.value.split(",") if part] or [token.value]
    found = [_equal(field, part, token, scope, get) for part in parts]
    if token.how == "!=":
        return lambda record, data: not any(test(record, data) for test in found)
    if len(found) == 1:
        return found[0]
    return lambda record, data: any(test(record, data) for test in found)


def _ordered(field: Field, token: Token, scope: Scope, get: Callable[[Any, ProjectData], Any]) -> Predicate:
    compare, key = _COMPARE[token.how], _key_of(field)
    limit = key(_value(field, token.value, scope))

    def holds(record: Any, data: ProjectData) -> bool:
        value = get(record, data)
        return value is not None and value != "" and compare(key(value), limit)

    return holds


def _key_of(field: Field) -> Callable[[Any], Any]:
    """What is compared: a moment's day, a choice's place in the order of choices."""
    if field.kind is Kind.CHOICE:
        order = {choice: place for place, choice in enumerate(field.choices)}
        return lambda value: order.get(value, -1)
    if field.kind is Kind.MOMENT:
        return lambda value: value.date() if isinstance(value, dt.datetime) else value
    return lambda value: value


def _equal(field: Field, part: str, token: Token, scope: Scope, get: Callable[[Any, ProjectData], Any]) -> Predicate:
    if not token.quoted and part.lower() in {"none", "any"}:
        empty, wanted = (None, "", ()), part.lower() == "none"
        return lambda record, data: (get(record, data) in empty) == wanted
    if field.kind in {Kind.REFERENCE, Kind.REFERENCES}:
        return _refers(part, get)
    if field.kind in {Kind.DATE, Kind.MOMENT}:
        return _on_day(field, part, scope, get)
    if field.name == "status" and plain(part) == "open" and "open" not in field.choices:
        return lambda record, _: bool(record.is_open)
    holds = _holds(field, part, scope, exact=token.how == "=")
    return lambda record, data: holds(get(record, data))


def _holds(field: Field, part: str, scope: Scope, *, exact: bool) -> Callable[[Any], bool]:
    """Whether a value is the one that was written, compared as its kind is."""
    if field.kind in _TEXTS:
        text = fold(part)
        return lambda value: _text_is(value, text, exact=exact)
    if field.kind in {Kind.PERSON, Kind.PEOPLE, Kind.TAGS}:
        handle = _handle(part, scope) if field.kind is not Kind.TAGS else fold(part.lstrip("#"))
        return lambda value: _is_among(value, handle)
    key = _key_of(field)
    wanted = key(_value(field, part, scope))
    return lambda value: bool(key(value) == wanted)


def _text_is(value: Any, wanted: str, *, exact: bool) -> bool:
    text = fold(" ".join(value) if isinstance(value, tuple) else str(value))
    return text == wanted if exact else wanted in text


def _is_among(value: Any, wanted: str) -> bool:
    return any(fold(item) == wanted for item in value) if isinstance(value, tuple) else fold(value) == wanted


def _refers(part: str, get: Callable[[Any, ProjectData], Any]) -> Predicate:
    """A record referred to, by its number or by what it is called."""
    found, text = split_number(part), fold(part)
    number = found[0].number(found[1]) if found else ""

    def refers(record: Any, data: ProjectData) -> bool:
        value = get(record, data)
        for item in value if isinstance(value, tuple) else (value,) if value else ():
            if number:
                if item == number:
                    return True
            elif (other := data.get(item)) and (text in fold(other.name) or text == fold(getattr(other, "code", ""))):
                return True
        return False

    return refers


def _on_day(field: Field, part: str, scope: Scope, get: Callable[[Any, ProjectData], Any]) -> Predicate:
    """A day, ``week`` or ``month`` (this one), or ``2026-03-01..2026-03-31``."""
    first, last = _period(field, part, scope)

    def holds(record: Any, data: ProjectData) -> bool:
        value = get(record, data)
        day = value.date() if isinstance(value, dt.datetime) else value
        return day is not None and first <= day <= last

    return holds


def _period(field: Field, part: str, scope: Scope) -> tuple[dt.date, dt.date]:
    today = scope.today
    if part.lower() == "week":
        monday = today - dt.timedelta(days=today.weekday())
        return monday, monday + dt.timedelta(days=6)
    if part.lower() == "month":
        first = today.replace(day=1)
        return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    begin, dots, end = part.partition("..")
    if dots:
        return (
            _value(field, begin, scope) if begin else dt.date.min,
            _value(field, end, scope) if end else dt.date.max,
        )
    day = _value(field, part, scope)
    return day, day


def _handle(part: str, scope: Scope) -> str:
    handle = fold(part.lstrip("@"))
    return fold(scope.me) if handle == "me" and scope.me else handle


def _value(field: Field, text: str, scope: Scope) -> Any:
    """A value of a field from a filter; ``ValueError`` says what is allowed."""
    from pmtui.domain.dates import read_date
    from pmtui.domain.problems import Refused
    from pmtui.domain.values import Reading, read_money, read_value

    if field.kind in {Kind.DATE, Kind.MOMENT}:
        return read_date(text, scope.today, prefer="past" if field.past else "future")
    try:
        if field.kind in {Kind.INTEGER, Kind.SCALE, Kind.PERCENT, Kind.MONEY}:
            return read_money(text.removesuffix("%"))
        if field.kind is Kind.HOURS:
            return read_hours(text)
        return read_value(field, text, Reading(scope.today))
    except (Refused, ValueError):
        raise ValueError(field.allowed) from None
