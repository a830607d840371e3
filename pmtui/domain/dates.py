"""Dates as people write them, and as people say them.

A small grammar reads one date or moment; whatever it cannot read for certain it refuses,
and says why. "Today" is always given by the caller. All names are English, whatever the
locale. Dates are calendar dates without a time zone; moments are local and naive.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal

import msgspec

Prefer = Literal["future", "past"]

WEEKDAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    *("Saturday", "Sunday"),
)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
FIRST_YEAR, LAST_YEAR = 1970, 2200
ALLOWED_DATES = "fri, tomorrow, +2w, eom, 15 dec, 2026-12-15"
ALLOWED_MOMENTS = "fri 10:00, tomorrow 9h30, 10:00, 2026-12-15 14:00"

_LONGEST, _FRIDAY, _HALF_A_YEAR = 60, 4, 183


class DateError(ValueError):
    """A text that is no date, or could be two.

    `text` is what was written, `problem` what is wrong with it, `allowed` examples of what
    can be written instead.
    """

    def __init__(self, text: str, problem: str, allowed: str = ALLOWED_DATES) -> None:
        super().__init__(text, problem, allowed)
        self.text = text
        self.problem = problem
        self.allowed = allowed

    def __str__(self) -> str:
        return f"{_quoted(self.text)} {self.problem}. Allowed: {self.allowed}"


class _Reading(msgspec.Struct, frozen=True):
    """What a rule may look at besides the text."""

    today: date
    prefer: Prefer
    day_first: bool | None


_Rule = Callable[[re.Match[str], _Reading], date]


def read_date(text: str, today: date, *, prefer: Prefer = "future", day_first: bool | None = None) -> date:
    """The date that `text` means on the day `today`.

    Words: today, tomorrow, yesterday; weekdays (`fri` on a Friday is a week away); `next
    fri` (of next week, weeks begin on Monday), `last fri` (the latest before today); `eow`
    (Friday of this week, of the next at a weekend), `eom`, `eoq`, `eoy`. Offsets in calendar
    units: `+3d`, `-2w`, `+1m`, `+1y`, `in 2 weeks`; a month later on the 31st is that
    month's last day. Dates: `15 dec`, `dec 15 2026`, `fri 27 nov`, `15.12.`, `15/12/2026`,
    `2026-12-15`, `2026-W50-5`; a time after an ISO date is dropped.

    `prefer` says which way a weekday, or a date without a year, is looked for; the latter
    may be today itself. `day_first` settles `04/05/2026`, refused as doubtful without it.

    Raises DateError for whatever is impossible, doubtful or outside 1970 to 2200.
    """
    plain = _plain(text)
    reading = _Reading(today, prefer, day_first)
    try:
        for pattern, rule in _compiled(like=False):
            if found := pattern.fullmatch(plain):
                return _in_range(rule(found, reading))
    except DateError as wrong:
        raise DateError(text, wrong.problem, wrong.allowed) from None
    except (ValueError, OverflowError):
        raise DateError(text, _OUT_OF_RANGE) from None
    raise DateError(text, "is not a date")


def read_moment(text: str, today: date, *, prefer: Prefer = "future", day_first: bool | None = None) -> datetime:
    """The local moment that `text` means: a date, a time (then today), or both.

    Times are `10:00`, `9h30`, `9h`, on the 24-hour clock; a date alone is its midnight.
    Raises DateError like `read_date`.
    """
    plain = _plain(text, ALLOWED_MOMENTS)
    found = re.fullmatch(_TIME_AT_END, plain)
    try:
        clock = _clock(found) if found else time()
        words = (found["date"] if found else plain) or "today"
        day = read_date(words, today, prefer=prefer, day_first=day_first)
    except DateError as wrong:
        general = wrong.allowed == ALLOWED_DATES
        allowed = ALLOWED_MOMENTS if general else wrong.allowed
        raise DateError(text, wrong.problem, allowed) from None
    return datetime.combine(day, clock)


def is_date_like(text: str) -> bool:
    """Whether a word of a typed line, or several, looks meant as a date.

    True for what is written like a date even when it is impossible (`2026-02-31`), so that a
    line parser can say so; false for what titles contain: month names alone, bare numbers,
    `2w`, `24/7`, version numbers, and `Tom` with a capital. Never raises.
    """
    if len(text) > _LONGEST or not text.isascii() or text.strip() == "Tom":
        return False
    plain = " ".join(text.lower().split())
    return any(pattern.fullmatch(plain) for pattern, _ in _compiled(like=True))


def say_month(month: str) -> str:
    """``2026-03`` as people say it: March 2026."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def say_date(day: date, today: date, *, style: Literal["words", "iso"] = "words") -> str:
    """A date for the screen: "tomorrow", "Fri 27 Nov", or "27 Nov 2027" when far away.

    The year is left out within the same year and within half a year either way.
    """
    if style == "iso":
        return day.isoformat()
    away = (day - today).days
    if away in _NEAR:
        return _NEAR[away]
    if _year_is_plain(day, today):
        return f"{WEEKDAYS[day.weekday()][:3]} {_day_month(day)}"
    return f"{_day_month(day)} {day.year}"


def say_lateness(days_late: int) -> str:
    """Calendar days late in words; negative when still ahead: "due in 3 days"."""
    if days_late > 0:
        return f"{days_late} day{'s' if days_late > 1 else ''} late"
    if days_late == 0:
        return "due today"
    return "due tomorrow" if days_late == -1 else f"due in {-days_late} days"


def say_due(day: date, today: date) -> str:
    """A due date: "9 days late", "today", "tomorrow", then as `say_date`."""
    if day < today:
        return say_lateness((today - day).days)
    return say_date(day, today)


def short_due(day: date, today: date) -> str:
    """A due date for a card: "9d late", "today", "due Fri" within 6 days, "27 Nov".

    When the year is not plain, the month and the year: "Nov 2027".
    """
    ahead = (day - today).days
    if ahead < 0:
        return f"{-ahead}d late"
    if ahead == 0:
        return "today"
    if ahead < len(WEEKDAYS):
        return f"due {WEEKDAYS[day.weekday()][:3]}"
    if _year_is_plain(day, today):
        return _day_month(day)
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_OUT_OF_RANGE = f"is not a date: years go from {FIRST_YEAR} to {LAST_YEAR}"


def _year_is_plain(day: date, today: date) -> bool:
    return day.year == today.year or abs((day - today).days) <= _HALF_A_YEAR


def _day_month(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def _quoted(text: str) -> str:
    """The text on one line, short and printable, for a message."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "'" + "".join(c if c.isprintable() else "?" for c in cut) + "'"


def _plain(text: object, allowed: str = ALLOWED_DATES) -> str:
    """The text in small letters with single blanks; DateError if it can be no date."""
    if not isinstance(text, str):
        raise DateError(repr(text), "is not a text", allowed)
    plain = " ".join(text.lower().split())
    if not plain:
        raise DateError(text, "is empty", allowed)
    if len(plain) > _LONGEST or not plain.isascii():
        raise DateError(text, "is not a date", allowed)
    return plain


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DateError("", _OUT_OF_RANGE)
    return day


def _problem(year: int | None, month: int, day: int) -> str | None:
    """Why there is no such day, or None; without a year, any year may have it."""
    if not 1 <= month <= len(MONTHS):
        return f"is not a date: there is no month {month}"
    if day < 1:
        return f"is not a date: there is no day {day}"
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return _OUT_OF_RANGE
    longest = monthrange(year or 2000, month)[1]
    if day <= longest:
        return None
    name = MONTHS[month - 1] + (f" {year}" if year else "")
    most = "at most " if year is None and month == 2 else ""
    return f"is not a date: {name} has {most}{longest} days"


def _given(reading: _Reading, year: int | None, month: int, day: int) -> date:
    """The date with these numbers; without a year, the nearest the preferred way."""
    if problem := _problem(year, month, day):
        raise DateError("", problem)
    if year is not None:
        return date(year, month, day)
    past = reading.prefer == "past"
    for away in range(9):  # leap days are up to eight years apart
        candidate = reading.today.year + (-away if past else away)
        if day <= monthrange(candidate, month)[1]:
            found = date(candidate, month, day)
            if found == reading.today or (found < reading.today) == past:
                return found
    raise DateError("", _OUT_OF_RANGE)


def _word(found: re.Match[str], reading: _Reading) -> date:
    away = {"tod": 0, "today": 0, "yesterday": -1}.get(found[0], 1)
    return reading.today + timedelta(days=away)


def _weekday_number(name: str) -> int:
    return [day[:3].lower() for day in WEEKDAYS].index(name[:3])


def _weekday(found: re.Match[str], reading: _Reading) -> date:
    today = reading.today
    ahead = (_weekday_number(found["weekday"]) - today.weekday()) % 7
    if found["which"] == "next":
        monday = today + timedelta(days=7 - today.weekday())
        return monday + timedelta(days=_weekday_number(found["weekday"]))
    if found["which"] == "last" or reading.prefer == "past":
        return today - timedelta(days=7 - ahead)
    return today + timedelta(days=ahead or 7)


def _offset(found: re.Match[str], reading: _Reading) -> date:
    from dateutil.relativedelta import relativedelta  # start-up time counts

    count = int(found["count"]) * (-1 if found["sign"] == "-" else 1)
    unit = found["unit"][0]
    if unit in "dw":
        return reading.today + timedelta(days=count if unit == "d" else count * 7)
    return reading.today + relativedelta(months=count if unit == "m" else count * 12)


def _bare_count(found: re.Match[str], _reading: _Reading) -> date:
    there, back = f"+{found[0]}", f"-{found[0]}"
    raise DateError("", "is doubtful: ahead of today, or before", f"{there}, {back}")


def _end_of(found: re.Match[str], reading: _Reading) -> date:
    today = reading.today
    if found["period"] == "w":
        return today + timedelta(days=(_FRIDAY - today.weekday()) % 7)
    quarter_end = (today.month + 2) // 3 * 3
    month = {"m": today.month, "q": quarter_end, "y": 12}[found["period"]]
    return date(today.year, month, monthrange(today.year, month)[1])


def _named_month(found: re.Match[str], reading: _Reading) -> date:
    month = [name[:3].lower() for name in MONTHS].index(found["month"][:3]) + 1
    day = _given(reading, _year(found["year"]), month, int(found["day"]))
    meant = found["weekday"]
    if meant and _weekday_number(meant) != day.weekday():
        said = f"{_day_month(day)} {day.year} is a {WEEKDAYS[day.weekday()]}"
        raise DateError("", f"is not a date: {said}")
    return day


def _numbered(found: re.Match[str], reading: _Reading) -> date:
    """Day, month and perhaps a year: the day is first with dots, else it may not be."""
    year, first, second = _year(found["year"]), int(found["a"]), int(found["b"])
    by_day, by_month = (second, first), (first, second)
    if found["mark"] == ".":
        return _given(reading, year, *by_day)
    possible = [two for two in (by_day, by_month) if not _problem(year, *two)]
    if not possible:
        wrong = by_month if second > len(MONTHS) >= first else by_day
        return _given(reading, year, *wrong)
    if reading.day_first is not None:
        wanted = by_day if reading.day_first else by_month
        return _given(reading, year, *(wanted if wanted in possible else possible[0]))
    dates = [_given(reading, year, *two) for two in possible]
    if len(set(dates)) > 1:
        said = " or ".join(f"{_day_month(day)} {day.year}" for day in dates)
        allowed = ", ".join(day.isoformat() for day in dates)
        raise DateError("", f"is doubtful: it could be {said}", allowed)
    return dates[0]


def _year(text: str | None) -> int | None:
    if text is not None and len(text) != 4:
        raise DateError("", "is doubtful: a year has four digits")
    return None if text is None else int(text)


def _iso(found: re.Match[str], reading: _Reading) -> date:
    if found["zone"]:
        raise DateError("", "is doubtful: a time zone can change the day")
    if found["hour"]:
        _clock(found)
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    return _given(reading, year, month, day)


def _iso_week(found: re.Match[str], _reading: _Reading) -> date:
    year, week, day = int(found["year"]), int(found["week"]), found["day"]
    _in_range(date(year, 1, 1))
    if week not in range(1, date(year, 12, 28).isocalendar().week + 1):
        raise DateError("", f"is not a date: {year} has no week {week}")
    if day is None:
        first = f"{year}-W{week:02}-1"
        raise DateError("", f"is a week, not a date: {first} is its Monday", first)
    if day not in "1234567":
        raise DateError("", f"is not a date: a week has no day {day}")
    return date.fromisocalendar(year, week, int(day))


def _clock(found: re.Match[str]) -> time:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        raise DateError("", "is not a time: hours go to 23, minutes to 59")
    return time(hour, minute)


_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{2}|[0-9]{4})"
_FIRST, _SECOND = r"(?P<a>[0-9]{1,2})", r"(?P<b>[0-9]{1,2})"
_COUNT = r"(?P<count>[0-9]{1,4}) ?(?P<unit>d(?:ays?)?|w(?:eeks?)?|m(?:onths?)?|y(?:ears?)?)"
_CLOCK = r"(?P<hour>[0-9]{1,2})(?:(?::|h)(?P<minute>[0-9]{2})(?::[0-5][0-9])?|h)"
_ISO = r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
_ZONE = r"(?P<zone> ?z| ?[+-][0-9]{2}:?[0-9]{2})"

_TIME_AT_END = rf"(?:(?P<date>.+?)(?: at | |t))?{_CLOCK}"

_LIKE: tuple[tuple[str, _Rule], ...] = (
    (r"today|tod|tomorrow|tom|yesterday", _word),
    (r"eo(?P<period>[wmqy])", _end_of),
    (rf"(?:(?P<which>next|last) )?{_WEEKDAY}", _weekday),
    (rf"(?:(?P<sign>[+-]) ?|in ){_COUNT}", _offset),
    (rf"{_ISO}(?:[t ]{_CLOCK}(?:[.,][0-9]+)?{_ZONE}?)?", _iso),
    (r"(?P<year>[0-9]{4})-?w(?P<week>[0-9]{1,2})(?:-?(?P<day>[0-9]))?", _iso_week),
    (rf"(?:{_WEEKDAY},? )?{_DAY}\.? ?{_MONTH}(?:,? {_YEAR})?", _named_month),
    (rf"(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?:,? {_YEAR})?", _named_month),
    (rf"{_FIRST}(?P<mark>\.) ?{_SECOND}\. ?(?P<year>[0-9]{{4}})?", _numbered),
    (rf"{_FIRST}(?P<mark>[/-]){_SECOND}(?P=mark){_YEAR}", _numbered),
)
# Read as dates where a date is asked for, but too common in titles to look like one.
_UNLIKE: tuple[tuple[str, _Rule], ...] = (
    (_COUNT, _bare_count),
    (rf"{_FIRST}(?P<mark>/){_SECOND}(?P<year>(?!))?", _numbered),
    (rf"{_FIRST}(?P<mark>\.) ?{_SECOND}\. ?(?P<year>[0-9]{{2}})", _numbered),
)


@cache
def _compiled(*, like: bool) -> tuple[tuple[re.Pattern[str], _Rule], ...]:
    """The rules ready to match, made when the first date is read: start-up time."""
    rules = _LIKE if like else _LIKE + _UNLIKE
    return tuple((re.compile(pattern), rule) for pattern, rule in rules)
