"""A field's value from what a person wrote, and back into words.

Forms, the shell's ``edit``, one-line entry and import all read through :func:`read_value`.
"""

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

import msgspec

from pmtui.domain.dates import DateError, read_date, read_moment, say_date
from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import plain
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import split_number
from pmtui.domain.text import clean

_HOURS = re.compile(r"^~?(\d+(?:[.,]\d+)?)\s*(h|hrs?|hours?|d|days?|w|weeks?)?$", re.IGNORECASE)
_HOURS_IN = {"h": 1.0, "d": 8.0, "w": 40.0}
MOST_HOURS = 100_000.0
"""More than fifty person-years is a slip of the finger."""

_HANDLE = re.compile(r"^[\w][\w.\-]{0,39}$")
_MONEY_NOISE = re.compile(r"[\s\u00a0\u202f']")


class Reading(msgspec.Struct, frozen=True):
    """How values are read: the day it is, and whether 04/05 has its day first (``None``: doubtful)."""

    today: dt.date
    day_first: bool | None = None


def read_value(field: Field, text: str, reading: Reading) -> object:
    """The value that ``text`` means for a field; empty text empties it.

    Raises :class:`Refused` with a :class:`Problem` that says what is allowed.
    """
    text = clean(text, lines=field.kind is Kind.TEXT)
    if not text:
        return empty_value(field)
    try:
        return _READERS.get(field.kind, _line)(field, text, reading)
    except DateError as error:
        raise Refused([Problem(field.name, text, str(error))]) from None
    except (ValueError, InvalidOperation):
        raise Refused([Problem(field.name, text, field.allowed)]) from None


def empty_value(field: Field) -> object:
    """What a field holds when nothing is written in it."""
    if field.kind in {Kind.TAGS, Kind.PEOPLE, Kind.REFERENCES, Kind.LINKS}:
        return ()
    if field.kind is Kind.FLAG:
        return False
    if field.kind is Kind.PERCENT:
        return 0
    numeric = {Kind.INTEGER, Kind.HOURS, Kind.MONEY, Kind.DATE, Kind.MOMENT, Kind.SCALE, Kind.STRUCTURE}
    return None if field.kind in numeric else ""


def read_money(text: str) -> Decimal:
    """An amount as people write it: ``1250.50``, ``1 250,50``, ``1,250.50``, ``€ 99``.

    A lone comma or point before exactly three digits, as in ``1,250``, groups thousands.
    Raises ``ValueError`` for anything else, also for amounts past 10¹².
    """
    bare = _MONEY_NOISE.sub("", text.strip().strip("€$£").strip())
    if not re.fullmatch(r"[+-]?\d[\d.,]*", bare, re.ASCII):
        raise ValueError(text)
    last = max(bare.rfind(","), bare.rfind("."))
    whole, cents = (bare[:last], bare[last + 1 :]) if last >= 0 else (bare, "")
    if len(cents) == 3 and whole.lstrip("+-") != "0":
        whole, cents = whole + cents, ""
    whole = whole.replace(",", "").replace(".", "")
    amount = Decimal(f"{whole}.{cents}" if cents else whole)
    if abs(amount) >= Decimal(10) ** 12 or -int(amount.as_tuple().exponent) > 2:
        raise ValueError(text)
    return amount + 0  # there is no negative nothing


def read_rate(text: str, decimals: int) -> Decimal:
    """A rate as people write it: ``0.92``, ``0,9215``; a lone comma or point is always the decimal one.

    Raises ``ValueError`` for anything else, also for more decimals than are allowed.
    """
    bare = _MONEY_NOISE.sub("", text).replace(",", ".")
    if not re.fullmatch(rf"\d{{1,9}}(?:\.\d{{1,{decimals}}})?", bare, re.ASCII):
        raise ValueError(text)
    return Decimal(bare)


def show_rate(rate: Decimal) -> str:
    """A rate without the nothing at its end."""
    return f"{rate.normalize():f}"


def read_hours(text: str) -> float:
    """Hours from ``6``, ``2.5h``, ``3d`` (8 hours each) or ``1w`` (40 hours)."""
    match = _HOURS.match(text.strip())
    if match is None:
        raise ValueError(text)
    unit = (match[2] or "h")[0].lower()
    hours = round(float(match[1].replace(",", ".")) * _HOURS_IN[unit], 2)
    if hours > MOST_HOURS:
        raise ValueError(text)
    return hours


def read_handle(text: str) -> str:
    """A person's handle, without its ``@``."""
    handle = text.strip().lstrip("@").lower()
    if not _HANDLE.match(handle):
        raise ValueError(text)
    return handle


def show_value(field: Field, value: object, today: dt.date) -> str:
    """A value in words, for the screen; exact enough to be read back."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{say_date(value.date(), today)} {value:%H:%M}"
    if isinstance(value, dt.date):
        return say_date(value, today)
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if field.decimals == 2 else show_rate(value)
    if isinstance(value, tuple):
        return " ".join(_prefixed(field, str(item)) for item in value)
    if field.kind is Kind.HOURS and isinstance(value, (int, float)):
        return f"{value:g}h"
    if field.kind is Kind.REPEATS:
        from pmtui.domain.repeats import say_repeats  # only where something repeats

        return say_repeats(str(value), today)
    return _prefixed(field, str(value))


def write_value(field: Field, value: object) -> str:
    """A value as a form shows it for editing: read back, it is the same."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(_prefixed(field, str(item)) for item in value)
    if isinstance(value, float):
        return f"{value:g}"
    return _prefixed(field, str(value))


def _prefixed(field: Field, text: str) -> str:
    if field.kind in {Kind.PERSON, Kind.PEOPLE}:
        return f"@{text}"
    return f"#{text}" if field.kind is Kind.TAGS and field.name == "tags" else text


def _line(_: Field, text: str, __: Reading) -> object:
    return text


def _integer(field: Field, text: str, _: Reading) -> object:
    number = int(text.rstrip("%").strip() if field.kind is Kind.PERCENT else text)
    if field.kind is Kind.PERCENT and not 0 <= number <= 100:
        raise ValueError(text)
    if (field.low is not None and number < field.low) or (field.high is not None and number > field.high):
        raise ValueError(text)
    return number


def _money(field: Field, text: str, _: Reading) -> object:
    return read_money(text) if field.decimals == 2 else read_rate(text, field.decimals)


def _hours(_: Field, text: str, __: Reading) -> object:
    return read_hours(text)


def _date(field: Field, text: str, reading: Reading) -> object:
    prefer = "past" if field.past else "future"
    return read_date(text, reading.today, prefer=prefer, day_first=reading.day_first)  # type: ignore[arg-type]


def _moment(_: Field, text: str, reading: Reading) -> object:
    return read_moment(text, reading.today)


def _flag(_: Field, text: str, __: Reading) -> object:
    words = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


def _choice(field: Field, text: str, _: Reading) -> object:
    wanted = plain(text.lstrip("!"))
    exact = [choice for choice in field.choices if plain(choice) == wanted]
    begun = [choice for choice in field.choices if wanted and plain(choice).startswith(wanted)]
    if not exact and len(begun) != 1:
        raise ValueError(text)
    return exact[0] if exact else begun[0]


def _person(_: Field, text: str, __: Reading) -> object:
    return read_handle(text)


def _people(_: Field, text: str, __: Reading) -> object:
    return tuple(dict.fromkeys(read_handle(word) for word in re.split(r"[\s,;]+", text) if word))


def _tags(_: Field, text: str, __: Reading) -> object:
    return tuple(dict.fromkeys(word.lstrip("#") for word in re.split(r"[\s,;]+", text) if word.lstrip("#")))


def _links(_: Field, text: str, __: Reading) -> object:
    return tuple(dict.fromkeys(text.split()))


def _reference(_: Field, text: str, __: Reading) -> object:
    found = split_number(text)
    if found is None:
        return text
    return found[0].number(found[1])


def _references(field: Field, text: str, reading: Reading) -> object:
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    if any(split_number(word) is None for word in words):
        raise ValueError(text)
    return tuple(dict.fromkeys(str(_reference(field, word, reading)) for word in words))


def _repeats(field: Field, text: str, reading: Reading) -> object:
    from pmtui.domain.repeats import RepeatError, read_repeats  # only where something repeats

    try:
        return read_repeats(text, reading.today).write()
    except RepeatError as error:
        raise Refused([Problem(field.name, text, str(error))]) from None


_READERS = {
    Kind.INTEGER: _integer,
    Kind.PERCENT: _integer,
    Kind.SCALE: _integer,
    Kind.MONEY: _money,
    Kind.HOURS: _hours,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.PERSON: _person,
    Kind.PEOPLE: _people,
    Kind.TAGS: _tags,
    Kind.LINKS: _links,
    Kind.REFERENCE: _reference,
    Kind.REFERENCES: _references,
    Kind.REPEATS: _repeats,
}
