"""Tasks that repeat: what ``every 2nd tue until 30 jun`` means, in words and in dates.

:func:`read_repeats` reads what people write and gives :class:`Repeats`, whose :meth:`~Repeats.write` is what is kept.
The occurrences are those of iCalendar's recurrence rules (RFC 5545, by ``dateutil.rrule``), except that a day that a
month does not have is its last one, where a rule alone would leave the month out.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pmtui.domain.dates import MONTHS, WEEKDAYS, DateError, read_date, say_date
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.domain.calendar import WorkingCalendar

ALLOWED = (
    "allowed: every day, every 2 weeks, every fri, every 2 weeks on mon and thu, every 2nd tue, every last fri, "
    "every 15th, every last day, every weekday, every quarter, every year on 1 apr; "
    "then: until 30 jun, 6 times, or next working day"
)

Unit = Literal["day", "weekday", "week", "month", "year"]
Shift = Literal["", "next", "previous"]

WORKING_WEEK = 5
_LAST, _SHORTEST_MONTH, _MOST_TIMES, _LONGEST = -1, 28, 999, 120
_LONGEST_BREAK = dt.timedelta(days=62)
"""Longer than any run of days off, over which a due date would be carried."""


class RepeatError(ValueError):
    """Words that say no repetition; the message tells what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """How a task repeats.

    Each ``count`` ``unit``s: on ``days`` of the week (Monday 0), on the ``places`` (1 to 5, -1 the last) of those days
    within the month, or on the days ``dates`` of the month (-1 its last), within a ``month`` where it is yearly.
    ``begins`` is the day that is counted from, where it is not the due date; ``until`` the last day that counts,
    ``times`` how many there are still, this one included. ``shift`` is where an occurrence goes that is on a day off.
    """

    unit: Unit
    count: int = 1
    days: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    dates: tuple[int, ...] = ()
    month: int = 0
    begins: dt.date | None = None
    until: dt.date | None = None
    times: int | None = None
    shift: Shift = ""

    @property
    def names_days(self) -> bool:
        """Whether it says on which days, so that the first one follows from it."""
        return bool(self.unit == "weekday" or self.days or self.dates or self.begins)

    def write(self) -> str:
        """The words that are kept: read back, they mean the same on any day."""
        return self._in_words(lambda day: day.isoformat(), str.lower)

    def say(self, today: dt.date) -> str:
        """The words for people."""
        return self._in_words(lambda day: say_date(day, today), str)

    def _in_words(self, date: Any, case: Any) -> str:
        words = [f"every {self._pattern(case)}"]
        words += [f"from {date(self.begins)}"] if self.begins else []
        words += [f"until {date(self.until)}"] if self.until else []
        words += [f"{self.times} times" if self.times != 1 else "once more"] if self.times else []
        words += [f"or {self.shift} working day"] if self.shift else []
        return " ".join(words)

    def _pattern(self, case: Any) -> str:
        units = self.unit if self.count == 1 else f"{self.count} {self.unit}s"
        named = _listed([case(WEEKDAYS[day][:3]) for day in self.days])
        if self.unit == "week" and self.days:
            return named if self.count == 1 else f"{units} on {named}"
        if self.unit == "year" and self.month:
            return f"{units} on {self.dates[0]} {case(MONTHS[self.month - 1][:3])}"
        if self.places:
            whole = len(self.days) == WORKING_WEEK
            on = f"{_listed([_ordinal(place) for place in self.places])} {'weekday' if whole else named}"
        elif self.dates:
            on = _listed(["last day" if day == _LAST else _ordinal(day) for day in self.dates])
        else:
            return units
        return on if self.count == 1 and self.unit == "month" else f"{units} on the {on}"

    def occurrences(self, anchor: dt.date) -> Iterator[dt.date]:
        """Its days from ``anchor`` on, before any of them is shifted; the anchor is one where the rule says no day."""
        from dateutil.rrule import rrule, rruleset  # only where something repeats

        found = rruleset()
        for rule in self._rules(self.begins or anchor):
            found.rrule(rrule(dtstart=dt.datetime.combine(self.begins or anchor, dt.time()), **rule))
        days = (moment.date() for moment in found)
        return itertools.takewhile(lambda day: self.until is None or day <= self.until, days)

    def _rules(self, anchor: dt.date) -> list[dict[str, Any]]:
        """The rules in iCalendar's terms; several where each has its own last day of a short month."""
        from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, weekday

        every = {"interval": self.count}
        if self.unit == "day":
            return [{"freq": DAILY, **every}]
        if self.unit == "weekday":
            return [{"freq": DAILY, "byweekday": range(WORKING_WEEK)}]
        if self.unit == "week":
            return [{"freq": WEEKLY, **every, **({"byweekday": self.days} if self.days else {})}]
        if self.unit == "year":
            within = {"bymonth": self.month} if self.month else {"bymonth": anchor.month}
            return [{"freq": YEARLY, **every, **within, **_on(day)} for day in self.dates or (anchor.day,)]
        if self.places and len(self.days) == WORKING_WEEK:
            return [{"freq": MONTHLY, **every, "byweekday": self.days, "bysetpos": self.places}]
        if self.places:
            named = [weekday(day, place) for day in self.days for place in self.places]
            return [{"freq": MONTHLY, **every, "byweekday": named}]
        return [{"freq": MONTHLY, **every, **_on(day)} for day in self.dates or (anchor.day,)]


def read_repeats(text: str, today: dt.date) -> Repeats:
    """What the words of a repetition mean; dates without a year are the nearest ahead of ``today``.

    Raises :class:`RepeatError` for what is no repetition, doubtful or never comes.
    """
    if len(text) > _LONGEST:
        raise RepeatError(f"is no repetition. {ALLOWED[0].upper()}{ALLOWED[1:]}")
    plain = " ".join(fold(text).replace(",", " , ").split())
    plain = plain.removeprefix("repeats ").removeprefix("every ")
    rest, ends = _read_ends(_ALIASES.get(plain, plain), today)
    found = _read_pattern(_ALIASES.get(rest, rest))
    if found is None:
        raise RepeatError(f"is no repetition. {ALLOWED[0].upper()}{ALLOWED[1:]}")
    found = replace(found, **ends)
    if found.until and found.begins and found.until < found.begins:
        raise RepeatError("ends before it begins")
    return found


def next_of(
    repeats: Repeats,
    due: dt.date | None,
    today: dt.date,
    calendar: "WorkingCalendar | None" = None,
    after: dt.date | None = None,
) -> tuple[dt.date, Repeats] | None:
    """The next due date after ``due`` and ``today``, and how the next one repeats; ``None`` where there is none.

    Weeks, months and years are counted from ``due`` (or from ``today`` where there is none), those missed meanwhile
    are passed over. ``after`` is a further day that it must come after. ``calendar`` tells the days off, Saturdays and
    Sundays where it is left out. What the next one counts from is written into it where its own date no longer tells.
    """
    if repeats.times is not None and repeats.times <= 1:
        return None
    anchor = repeats.begins or due or today
    later = max(day for day in (due, today, after) if day)
    for day in repeats.occurrences(anchor):
        shifted = shift_day(repeats, day, calendar) if day > later - _LONGEST_BREAK else day
        if shifted > later:
            following = replace(repeats, times=repeats.times - 1 if repeats.times else None)
            drifts = not repeats.begins and (shifted != day or _loses_day(repeats, anchor, day))
            return shifted, replace(following, begins=anchor if due else day) if drifts else following
    return None


def first_day(repeats: Repeats, today: dt.date, calendar: "WorkingCalendar | None" = None) -> dt.date | None:
    """The first day on or after ``today`` that it says; ``None`` where it says none."""
    if not repeats.names_days:
        return None
    shifted = (shift_day(repeats, day, calendar) for day in repeats.occurrences(today))
    return next((day for day in shifted if day >= today), None)


def coming(
    repeats: Repeats, due: dt.date | None, today: dt.date, calendar: "WorkingCalendar | None" = None, most: int = 3
) -> list[dt.date]:
    """The due dates to come, each done on its day: the first one, then those after it; at most ``most``."""
    first = due or first_day(repeats, today, calendar) or today
    days = [first]
    while len(days) < most:
        found = next_of(repeats, days[-1], days[-1], calendar)
        if found is None:
            break
        day, repeats = found
        days.append(day)
    return days


def next_due(
    repeats: str, due: dt.date | None, today: dt.date, calendar: "WorkingCalendar | None" = None
) -> dt.date | None:
    """The day after both ``due`` and ``today`` on which it is due again; ``None`` where it ends or can't be read."""
    try:
        found = next_of(read_repeats(repeats, today), due, today, calendar)
    except RepeatError:
        return None
    return found[0] if found else None


def say_repeats(text: str, today: dt.date) -> str:
    """What is kept of a repetition, in words for people; as it stands where it can't be read."""
    try:
        return read_repeats(text, today).say(today)
    except RepeatError:
        return text


def brief_repeats(text: str, today: dt.date) -> str:
    """How it repeats without when that ends, for a card."""
    try:
        found = read_repeats(text, today)
    except RepeatError:
        return text
    return replace(found, begins=None, until=None, times=None, shift="").say(today)


def shift_day(repeats: Repeats, day: dt.date, calendar: "WorkingCalendar | None" = None) -> dt.date:
    """The day itself, or the working day after or before it where that is asked for."""
    if not repeats.shift:
        return day
    if calendar is None:
        from pmtui.domain.calendar import WorkingCalendar

        calendar = WorkingCalendar()
    if calendar.is_working(day):
        return day
    return calendar.add_working_days(day, 1 if repeats.shift == "next" else -1)


def _loses_day(repeats: Repeats, anchor: dt.date, day: dt.date) -> bool:
    """Whether a month too short for the day that is counted from would move all that come after."""
    return repeats.unit in {"month", "year"} and not (repeats.dates or repeats.places) and anchor.day != day.day


def _on(day: int) -> dict[str, Any]:
    """A day of the month; one that a month may lack is the last day there is up to it."""
    if day <= _SHORTEST_MONTH:
        return {"bymonthday": day}
    return {"bymonthday": range(_SHORTEST_MONTH, day + 1), "bysetpos": -1}


# Reading ---------------------------------------------------------------------------

_ALIASES = {
    "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year",
    "annually": "year", "fortnight": "2 weeks", "fortnightly": "2 weeks", "end of month": "last day", "eom": "last day",
}  # fmt: skip
_WORD_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": _LAST}
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?"
_PLACE = r"(?:[0-9]{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|last)"
_AND = r"(?: , and | and | & | , | )"
_MONTH = "|".join(rf"{name[:3].lower()}(?:{name[3:].lower()})?" for name in MONTHS)
_SHIFT = re.compile(r"(?:,? )or (?:on )?(?:the )?(?P<which>next|previous) (?:working ?day|work ?day|business day)\b")
_ENDS = re.compile(
    r"^(?P<pattern>.+?)(?: (?:from|starting) (?P<begins>.+?))?(?: (?:until|till) (?P<until>.+?))?"
    r"(?: (?:for )?(?P<times>[0-9]{1,4}) times?| (?P<once>once more))?(?: (?:until|till) (?P<until2>.+?))?$"
)
_COUNTED = re.compile(
    rf"(?:(?P<count>[0-9]{{1,2}}|other|{_PLACE}) )?(?P<unit>day|week|month|quarter|year)s?(?: (?:on )?(?P<on>.+))?"
)
_DAYS = re.compile(rf"(?P<other>other )?(?P<days>{_DAY}(?:{_AND}{_DAY})*)")
_PLACES = re.compile(
    rf"(?:the )?(?P<places>{_PLACE}(?:{_AND}{_PLACE})*)"
    rf"(?: (?P<what>day|weekday|working day|{_DAY}))?(?: of (?:the|each|every) month)?"
)
_YEARLY = re.compile(rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<month>{_MONTH})|(?P<m>{_MONTH}) (?P<d>[0-9]{{1,2}})")


def _read_ends(text: str, today: dt.date) -> tuple[str, dict[str, Any]]:
    """The pattern alone, and what comes after it: from, until, how often, and where days off go."""
    ends: dict[str, Any] = {}
    found = _SHIFT.search(text)
    if found:
        ends["shift"] = found["which"]
        text = " ".join((text[: found.start()] + text[found.end() :]).split())
    tail = _ENDS.match(text)
    if tail is None:
        return text, ends
    for name, words in (("begins", tail["begins"]), ("until", tail["until"] or tail["until2"])):
        if words:
            try:
                ends[name] = read_date(words, today)
            except DateError as wrong:
                raise RepeatError(str(wrong)) from None
    if tail["times"] or tail["once"]:
        ends["times"] = int(tail["times"] or 1)
        if not 1 <= ends["times"] <= _MOST_TIMES:
            raise RepeatError(f"allowed: 1 to {_MOST_TIMES} times")
    return tail["pattern"].rstrip(" ,"), ends


def _read_pattern(text: str) -> Repeats | None:
    if text in {"weekday", "weekdays", "working day", "workday"}:
        return Repeats("weekday")
    counted = _COUNTED.fullmatch(text)
    if counted and counted["on"] is None and counted["count"] == "last":
        return Repeats("month", dates=(_LAST,)) if counted["unit"] == "day" else None
    if counted:
        return _counted(counted)
    found = _DAYS.fullmatch(text)
    if found:
        return Repeats("week", count=2 if found["other"] else 1, days=_days_in(found["days"]))
    return _in_month(text, 1) or _in_year(text, 1)


def _counted(found: re.Match[str]) -> Repeats | None:
    """``2 weeks on mon``, ``month on the last fri``, ``year on 1 apr``, or a unit alone."""
    words, unit, on = found["count"] or "1", found["unit"], found["on"]
    count = 2 if words == "other" else int(words) if words.isdigit() else _place(words)
    if count < 1:
        return None
    if unit == "quarter":
        count, unit = count * 3, "month"
    if on is None:
        return Repeats(unit, count)  # type: ignore[arg-type]
    if unit == "week":
        days = _DAYS.fullmatch(on)
        return Repeats("week", count, days=_days_in(days["days"])) if days and not days["other"] else None
    return _in_month(on, count) if unit == "month" else _in_year(on, count) if unit == "year" else None


def _in_month(text: str, count: int) -> Repeats | None:
    """``2nd tue``, ``1st and 3rd mon``, ``last weekday``, ``15th``, ``last day``."""
    found = _PLACES.fullmatch(text)
    if found is None:
        return None
    places = tuple(dict.fromkeys(_place(word) for word in re.findall(_PLACE, found["places"])))
    what = found["what"]
    if what in {None, "day"}:
        bare_last = what is None and _LAST in places
        return None if bare_last or not all(p == _LAST or 1 <= p <= 31 for p in places) else _dated(count, places)
    if not all(place == _LAST or 1 <= place <= 5 for place in places):
        return None
    days = tuple(range(WORKING_WEEK)) if what in {"weekday", "working day"} else _days_in(what)
    return Repeats("month", count, days=days, places=places)


def _dated(count: int, days: tuple[int, ...]) -> Repeats:
    """On days of the month; its last one is the 31st or whatever it has instead."""
    return Repeats("month", count, dates=tuple(31 if day == _LAST and len(days) > 1 else day for day in days))


def _in_year(text: str, count: int) -> Repeats | None:
    """``1 apr``, ``apr 1``."""
    found = _YEARLY.fullmatch(text)
    if found is None:
        return None
    day, name = int(found["day"] or found["d"]), found["month"] or found["m"]
    month = [known[:3].lower() for known in MONTHS].index(name[:3]) + 1
    longest = 29 if month == 2 else 30 if month in {4, 6, 9, 11} else 31
    return Repeats("year", count, dates=(day,), month=month) if 1 <= day <= longest else None


def _days_in(text: str) -> tuple[int, ...]:
    known = [name[:3].lower() for name in WEEKDAYS]
    return tuple(sorted({known.index(word[:3]) for word in re.findall(_DAY, text)}))


def _place(word: str) -> int:
    return _WORD_PLACES.get(word) or int(word[:-2])


def _ordinal(number: int) -> str:
    if number == _LAST:
        return "last"
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
