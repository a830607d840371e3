"""Working calendars: which days count, and how far a number of them reaches.

All durations here are working days; all dates are calendar dates. Country holidays come
from the `holidays` library, imported only when a calendar names a country, and only public
holidays of the whole country or region count.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import msgspec

WEEK = 7
_DAY = timedelta(days=1)


class WorkingCalendar(msgspec.Struct, frozen=True):
    """The working days of a project.

    `working_days` holds weekday numbers, Monday 0 to Sunday 6; `country` is an ISO 3166 code
    such as `FR`, or with a region `DE-BY`, empty for none; `extra_holidays` are days off of
    the project's own.

    Raises ValueError for a calendar without a working day or with a weekday that does not
    exist. The country is not looked up here: `country_problem` checks it where it is
    entered, and a method raises ValueError if it is unknown.
    """

    working_days: frozenset[int] = frozenset(range(5))
    country: str = ""
    extra_holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.working_days:
            raise ValueError("a working calendar needs at least one working day")
        if wrong := sorted(self.working_days - frozenset(range(WEEK))):
            raise ValueError(f"{wrong[0]} is not a weekday: Monday is 0, Sunday 6")

    def is_working(self, day: date) -> bool:
        """Whether work is done on the day."""
        return day.weekday() in self.working_days and not self._is_off(day)

    def next_working(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    def add_working_days(self, day: date, n: int) -> date:
        """The nth working day after `day`; before it when n is negative.

        With n = 0 the day itself, working or not. Raises ValueError when the date would
        leave the years 1 to 9999.
        """
        step, left, found = (_DAY if n > 0 else -_DAY), abs(n), day
        try:
            while left:
                found += step
                left -= self.is_working(found)
        except OverflowError:
            raise ValueError(f"{n} working days from {day} is no date") from None
        return found

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie after `a`, up to and including `b`.

        Negative when b is before a: then those after b, up to and including a.
        """
        if b < a:
            return -self.working_days_between(b, a)
        weeks, rest = divmod((b - a).days, WEEK)
        tail = sum((b - i * _DAY).weekday() in self.working_days for i in range(rest))
        return weeks * len(self.working_days) + tail - self._days_off_between(a, b)

    def _is_off(self, day: date) -> bool:
        return day in self.extra_holidays or (self.country != "" and day in _country_holidays(self.country, day.year))

    def _days_off_between(self, a: date, b: date) -> int:
        """Holidays on what would be working days, after a, up to and including b."""
        days = set(self.extra_holidays)
        if self.country:
            for year in range(a.year, b.year + 1):
                days |= _country_holidays(self.country, year)
        return sum(a < day <= b and day.weekday() in self.working_days for day in days)


def country_problem(code: str) -> str | None:
    """What is wrong with a country code, or None for one whose holidays are known.

    An empty code means no country and is right.
    """
    if not code:
        return None
    from holidays.utils import list_supported_countries  # start-up time counts

    country, _, region = code.partition("-")
    known = list_supported_countries()
    if country not in known:
        return f"'{code}' is not a country code with known holidays, such as FR or DE-BY"
    if (region or code.endswith("-")) and region not in known[country]:
        regions = ", ".join(known[country]) or "none"
        return f"'{code}': {country} has no region '{region}'; allowed: {regions}"
    return None


@cache
def _country_holidays(code: str, year: int) -> frozenset[date]:
    """The public holidays of a country, or a region of it, in one year."""
    if problem := country_problem(code):
        raise ValueError(problem)
    from holidays import country_holidays  # start-up time counts

    country, _, region = code.partition("-")
    return frozenset(country_holidays(country, subdiv=region or None, years=year))
