"""Dates as files write them. All of a file's dates are looked at before one is read: 04/05/2026 is doubtful alone."""

import datetime as dt
import re
from collections.abc import Iterable

from pmtui.domain.dates import FIRST_YEAR, LAST_YEAR, MONTHS, DateError, read_date
from pmtui.domain.problems import Problem, Refused

ALLOWED = "allowed: a date in full, such as 2026-12-15, 15/12/2026 or 15 Dec 2026"

_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?", re.ASCII)
_NUMBERS = re.compile(r"(?:[A-Za-z]{2,9},? )?(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ].*)?", re.ASCII)
_NAMED = re.compile(r"(?:[A-Za-z]{2,9},? )?(\d{1,2})[- ]([A-Za-z]{3,9})\.?[- ,]+(\d{4}|\d{2})(?:[T ].*)?", re.ASCII)
_YEAR = re.compile(r"\b\d{4}\b", re.ASCII)
_CLOCK = re.compile(
    r"[T ](\d{1,2})[:h](\d{2})(?::\d{2}(?:[.,]\d+)?)? ?([AaPp])?\.?[Mm]?\.?(?P<zone>Z|[+-]\d{2}:?\d{2})?$"
)
_ANY_DAY = dt.date(2000, 1, 1)


def day_order(cells: Iterable[tuple[int, str]]) -> bool | None:
    """Whether the file writes the day before the month; ``None`` where no cell tells.

    ``cells`` are all of its cells with their lines. Raises :class:`Refused` where some say one and
    some the other.
    """
    seen: dict[bool, tuple[int, str]] = {}
    for line, text in cells:
        found = _NUMBERS.fullmatch(text.strip()) if len(text) < 40 else None
        if found is None or found[2] == ".":
            continue
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second or second > 12 >= first:
            seen.setdefault(first > 12, (line, text.strip()))
    if len(seen) == 2:
        (day_line, by_day), (month_line, by_month) = seen[True], seen[False]
        shown = f"{by_day} (line {day_line}), {by_month} (line {month_line})"
        why = "dates are written both ways, day first and month first; say which with --dates dmy or --dates mdy"
        raise Refused([Problem("dates", shown, why)])
    return next(iter(seen), None)


def is_doubtful(text: str) -> bool:
    """Whether the text is a date that its two orders read differently."""
    found = _NUMBERS.fullmatch(text.strip())
    return found is not None and found[2] != "." and found[1] != found[3] and int(found[1]) <= 12 >= int(found[3])


def read_day(text: str, day_first: bool | None) -> dt.date:
    """The day that a cell means. A time of day, and its zone, are left out: the day is taken as written.

    Two-digit years are those from 1970 to 2069. Raises ``ValueError`` with what is wrong.
    """
    text = text.strip()
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _NUMBERS.fullmatch(text):
        day, month = int(found[1]), int(found[3])
        if found[2] != "." and day_first is False:
            day, month = month, day
        order = "" if found[2] == "." else f" with the {'month' if day_first is False else 'day'} first"
        return _day(_full_year(found[4]), month, day, order)
    if found := _NAMED.fullmatch(text):
        months = [number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(found[2].lower())]
        if len(months) == 1:
            return _day(_full_year(found[3]), months[0], int(found[1]))
    if not _YEAR.search(text):
        raise ValueError(ALLOWED)
    try:
        return read_date(text, _ANY_DAY, day_first=day_first)
    except DateError as error:
        raise ValueError(f"{error.problem}; {ALLOWED}") from None


def read_time(text: str, day_first: bool | None) -> dt.datetime:
    """The local moment that a cell means; midnight without a time. A time zone is refused: it moves the hour."""
    clock = _CLOCK.search(text.strip())
    day = read_day(text, day_first)
    if clock is None:
        return dt.datetime.combine(day, dt.time())
    if clock["zone"]:
        raise ValueError("a time zone; allowed: local time, such as 2026-12-15 14:30")
    hour, half = int(clock[1]), (clock[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.datetime.combine(day, dt.time(hour, int(clock[2])))


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return 1900 + year if year >= FIRST_YEAR - 1900 else 2000 + year


def _day(year: int, month: int, day: int, order: str = "") -> dt.date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"allowed: years from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise ValueError(f"there is no such day{order}; {ALLOWED}") from None
