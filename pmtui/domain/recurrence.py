"""The days of a recurrence rule of iCalendar (RFC 5545), bounded by a last day whatever the rule says.

``dateutil``'s rules look for a next day up to the year 9999, which a rule that never comes (31 February) makes minutes
of work; a file from a stranger may hold thousands. Here the work is that of the days between the first and the last.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec

Freq = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS = range(1, 13)


class Rule(msgspec.Struct, frozen=True):
    """A rule: each ``interval`` periods, those of their days that fit.

    ``days`` are days of the week (Monday 0) with their place in the month or year, from 1, -1 the last, 0 any;
    ``month_days`` days of the month, -1 the last; ``places`` which of a period's days are meant. ``until`` is the last
    moment, ``count`` how many there are.
    """

    freq: Freq
    interval: int = 1
    count: int | None = None
    until: dt.datetime | None = None
    days: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    week_start: int = 0


def day_named(text: str) -> tuple[int, int]:
    """``MO`` is (0, 0), ``-1FR`` is (4, -1). Raises ``ValueError`` for what is no day."""
    number = text[:-2]
    return _DAYS.index(text[-2:].upper()), int(number) if number else 0


def occurrences(rule: Rule, start: dt.datetime, last: dt.date) -> Iterator[dt.datetime]:
    """The moments of a rule from ``start`` on, in order, none after the day ``last``."""
    left = rule.count
    for begin in _periods(rule, start.date(), last):
        for day in _picked(rule, sorted(_days_of(rule, begin, start.date()))):
            moment = dt.datetime.combine(day, start.time())
            if moment < start:
                continue
            if day > last or (rule.until is not None and moment > rule.until) or left == 0:
                return
            left = None if left is None else left - 1
            yield moment


def _periods(rule: Rule, start: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The first day of each period that counts."""
    step = max(1, rule.interval)
    day = start
    if rule.freq == "WEEKLY":
        day = start - dt.timedelta(days=(start.weekday() - rule.week_start) % 7)
    if rule.freq in {"MONTHLY", "YEARLY"}:
        months = step * (12 if rule.freq == "YEARLY" else 1)
        at = start.year * 12 + (start.month - 1 if rule.freq == "MONTHLY" else 0)
        while at // 12 <= last.year:
            yield dt.date(at // 12, at % 12 + 1, 1)
            at += months
        return
    days = step * (7 if rule.freq == "WEEKLY" else 1)
    while day <= last:
        yield day
        if days > (last - day).days:
            return
        day += dt.timedelta(days=days)


def _days_of(rule: Rule, begin: dt.date, start: dt.date) -> Iterator[dt.date]:
    """The days of a period that fit the rule, before their places are looked at."""
    if rule.freq == "DAILY":
        yield from (
            day for day in (begin,) if _fits_month(rule, day) and _fits_weekday(rule, day) and _fits_date(rule, day)
        )
    elif rule.freq == "WEEKLY":
        wanted = {day for day, _ in rule.days} or {start.weekday()}
        week = (begin + dt.timedelta(days=each) for each in range(7))
        yield from (day for day in week if day.weekday() in wanted and _fits_month(rule, day))
    elif rule.freq == "MONTHLY":
        if _fits_month(rule, begin):
            yield from _of_month(rule, begin.year, begin.month, start)
    elif rule.days and not rule.months and not rule.month_days:
        yield from _of_year(rule, begin.year)
    else:
        months = rule.months or (_MONTHS if rule.month_days else (start.month,))
        for month in sorted(set(months) & set(_MONTHS)):
            yield from _of_month(rule, begin.year, month, start)


def _of_month(rule: Rule, year: int, month: int, start: dt.date) -> Iterator[dt.date]:
    length = calendar.monthrange(year, month)[1]
    for number in range(1, length + 1):
        day = dt.date(year, month, number)
        if not rule.days and not rule.month_days:
            fits = number == start.day
        else:
            fits = _fits_date(rule, day) and (not rule.days or _is_placed(rule, day, number, length))
        if fits:
            yield day


def _of_year(rule: Rule, year: int) -> Iterator[dt.date]:
    first, length = dt.date(year, 1, 1), 366 if calendar.isleap(year) else 365
    for number in range(1, length + 1):
        day = first + dt.timedelta(days=number - 1)
        if _is_placed(rule, day, number, length):
            yield day


def _is_placed(rule: Rule, day: dt.date, number: int, length: int) -> bool:
    """Whether a day is one of the named ones at its place, counted from the beginning or the end of its period."""
    ahead, behind = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
    return any(day.weekday() == wanted and place in {0, ahead, behind} for wanted, place in rule.days)


def _fits_month(rule: Rule, day: dt.date) -> bool:
    return not rule.months or day.month in rule.months


def _fits_weekday(rule: Rule, day: dt.date) -> bool:
    return not rule.days or any(day.weekday() == wanted for wanted, _ in rule.days)


def _fits_date(rule: Rule, day: dt.date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    return not rule.month_days or day.day in rule.month_days or day.day - length - 1 in rule.month_days


def _picked(rule: Rule, days: list[dt.date]) -> list[dt.date]:
    """The days of a period at the places that the rule names."""
    if not rule.places:
        return days
    chosen = {days[at - 1 if at > 0 else at] for at in rule.places if at and -len(days) <= at <= len(days)}
    return sorted(chosen)
