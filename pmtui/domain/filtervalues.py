"""What a comparison of a filter asks of one field: its value, an order, a period, a range."""

import datetime as dt
import operator
import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.filterscope import Predicate, Scope, WrongPart
from pmtui.domain.filterwords import Token
from pmtui.domain.flow import plain
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import RecordType, split_number
from pmtui.domain.records.base import STAMPS
from pmtui.domain.text import fold

Get = Callable[[Any, ProjectData], Any]

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
_DAYS = {Kind.DATE, Kind.MOMENT}
_HYPHENED = re.compile(r"[a-z]+-[a-z]+|[0-9]{1,2}-[a-z]+(?:-[0-9]+)?")
_PERIOD = re.compile(r"(?:(?P<which>this|next|last)[- ]?)?(?P<unit>week|month|quarter|year)")


def _getter(record_type: RecordType, field: Field, scope: Scope) -> Get:
    name, today = field.name, scope.today
    if name in record_type.fields or name not in record_type.derived:
        return lambda record, _: getattr(record, name)
    derive = record_type.derived[name]
    return lambda record, data: derive(record, data, today)


def test_of(record_type: RecordType, field: Field, token: Token, scope: Scope) -> Predicate:
    """The predicate of one field; ``ValueError`` says what its values are."""
    get = _getter(record_type, field, scope)
    if token.how in {"<", "<=", ">", ">="}:
        if field.kind in _UNORDERED:
            raise ValueError(f"{field.label.lower()} has no order; write {token.name}:{token.value}")
        return _ordered(field, token, scope, get)
    parts = [token.value] if token.quoted else [part for part in token.value.split(",") if part] or [token.value]
    found = [_part(field, part, token, scope, get) for part in parts]
    if token.how == "!=":
        return lambda record, data: not any(test(record, data) for test in found)
    if len(found) == 1:
        return found[0]
    return lambda record, data: any(test(record, data) for test in found)


def _part(field: Field, part: str, token: Token, scope: Scope, get: Get) -> Predicate:
    try:
        return _equal(field, part, token, scope, get)
    except ValueError as wrong:
        raise WrongPart(str(wrong), part) from None


def _ordered(field: Field, token: Token, scope: Scope, get: Get) -> Predicate:
    compare, key = _COMPARE[token.how], _key_of(field)
    if field.kind in _DAYS:  # of a week or a month: from its first day, or up to its last
        limit = period_of(field, token.value, scope)[token.how in {"<=", ">"}]
    else:
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


def _equal(field: Field, part: str, token: Token, scope: Scope, get: Get) -> Predicate:
    if not token.quoted and part.lower() in {"none", "any"}:
        empty, wanted = (None, "", ()), part.lower() == "none"
        return lambda record, data: (get(record, data) in empty) == wanted
    if field.kind in {Kind.REFERENCE, Kind.REFERENCES}:
        return _refers(part, get)
    if field.kind in _DAYS:
        return _on_day(field, part, scope, get)
    if field.name == "status" and plain(part) == "open" and "open" not in field.choices:
        return lambda record, _: bool(record.is_open)
    if ".." in part and not token.quoted and field.kind not in _UNORDERED:
        return _between(field, part, scope, get)
    holds = _holds(field, part, scope, exact=token.how == "=")
    return lambda record, data: holds(get(record, data))


def _holds(field: Field, part: str, scope: Scope, *, exact: bool) -> Callable[[Any], bool]:
    """Whether a value is the one that was written, compared as its kind is."""
    if field.kind in _TEXTS:
        text = fold(part)
        return lambda value: _text_is(value, text, exact=exact)
    if field.kind in {Kind.PERSON, Kind.PEOPLE, Kind.TAGS}:
        handle = handle_of(part, scope) if field.kind is not Kind.TAGS else fold(part.lstrip("#"))
        return lambda value: _is_among(value, handle)
    key = _key_of(field)
    wanted = key(_value(field, part, scope))
    return lambda value: bool(key(value) == wanted)


def _text_is(value: Any, wanted: str, *, exact: bool) -> bool:
    text = fold(" ".join(value) if isinstance(value, tuple) else str(value))
    return text == wanted if exact else wanted in text


def _is_among(value: Any, wanted: str) -> bool:
    return any(fold(item) == wanted for item in value) if isinstance(value, tuple) else fold(value) == wanted


def _refers(part: str, get: Get) -> Predicate:
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


def _between(field: Field, part: str, scope: Scope, get: Get) -> Predicate:
    """``8..15``, ``normal..high``: both included, either left out."""
    key = _key_of(field)
    low, high = (key(_value(field, end, scope)) if end else None for end in part.split("..", 1))
    if low is not None and high is not None and high < low:
        raise ValueError(f"{part} ends before it begins")

    def holds(record: Any, data: ProjectData) -> bool:
        value = get(record, data)
        if value is None or value == "":
            return False
        place = key(value)
        return (low is None or low <= place) and (high is None or place <= high)

    return holds


def _on_day(field: Field, part: str, scope: Scope, get: Get) -> Predicate:
    """A day, a week or a month, or ``mon..fri``."""
    begin, dots, end = part.partition("..")
    first, last = period_of(field, begin, scope) if begin or not dots else (dt.date.min, dt.date.min)
    if dots:
        last = period_of(field, end, scope)[1] if end else dt.date.max
        if begin and end and last < first:  # fri is the one after mon
            last = period_of(field, end, msgspec.structs.replace(scope, today=first))[1]
        if last < first:
            raise ValueError(f"{part} ends before it begins")

    def holds(record: Any, data: ProjectData) -> bool:
        value = get(record, data)
        day = value.date() if isinstance(value, dt.datetime) else value
        return day is not None and first <= day <= last

    return holds


def period_of(field: Field, text: str, scope: Scope) -> tuple[dt.date, dt.date]:
    """The first and the last day of ``week``, ``next-month``, ``last-year``, or of a day."""
    found = _PERIOD.fullmatch(fold(text))
    if not found:
        day = _value(field, text, scope)
        return day, day
    today, away = scope.today, {"next": 1, "last": -1}.get(found["which"] or "", 0)
    if found["unit"] == "week":
        monday = today + dt.timedelta(days=7 * away - today.weekday())
        return monday, monday + dt.timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[found["unit"]]
    begin = (today.year * 12 + today.month - 1) // months * months + away * months
    return _month(begin), _month(begin + months) - dt.timedelta(days=1)


def _month(count: int) -> dt.date:
    return dt.date(count // 12, count % 12 + 1, 1)


def handle_of(part: str, scope: Scope) -> str:
    """A person's handle as it is compared; ``me`` is whoever asks."""
    handle = fold(part.lstrip("@"))
    return fold(scope.me) if handle == "me" and scope.me else handle


def _value(field: Field, text: str, scope: Scope) -> Any:
    """A value of a field from a filter; ``ValueError`` says what is allowed."""
    from pmtui.domain.problems import Refused
    from pmtui.domain.values import Reading, read_hours, read_money, read_value

    if field.kind in _DAYS:
        return _day(field, text, scope)
    try:
        if field.kind in {Kind.INTEGER, Kind.SCALE, Kind.PERCENT, Kind.MONEY}:
            return read_money(text.removesuffix("%"))
        if field.kind is Kind.HOURS:
            return read_hours(text)
        return read_value(field, text.replace("-", " ") if field.kind is Kind.CHOICE else text, Reading(scope.today))
    except (Refused, ValueError):
        raise ValueError(field.allowed) from None


def _day(field: Field, text: str, scope: Scope) -> dt.date:
    from pmtui.domain.dates import DateError, read_date

    prefer: Literal["past", "future"] = "past" if field.past or field.name in STAMPS else "future"
    try:
        return read_date(text, scope.today, prefer=prefer)
    except DateError as wrong:
        why = wrong
        if _HYPHENED.fullmatch(fold(text)):
            try:  # 15-dec and next-fri: a word of a filter has no blanks
                return read_date(text.replace("-", " "), scope.today, prefer=prefer)
            except DateError as spaced:
                why = spaced
        raise ValueError(str(why).replace("15 dec", "15-dec")) from None
