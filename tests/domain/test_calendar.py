"""Working days are counted and added as a wall calendar would."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.calendar import WorkingCalendar, country_problem

FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)
MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
CALENDARS = st.builds(
    WorkingCalendar,
    working_days=st.frozensets(st.integers(0, 6), min_size=1),
    country=st.sampled_from(["", "FR", "DE-BY"]),
    extra_holidays=st.frozensets(DAYS, max_size=5),
)


def test_weeks_are_monday_to_friday_by_default() -> None:
    calendar = WorkingCalendar()
    assert calendar.is_working(FRIDAY)
    assert not calendar.is_working(SATURDAY)
    assert calendar.next_working(FRIDAY) == FRIDAY
    assert calendar.next_working(SATURDAY) == MONDAY


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (FRIDAY, 0, FRIDAY),
        (SATURDAY, 0, SATURDAY),
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (FRIDAY, 5, date(2026, 11, 27)),
        (MONDAY, -1, FRIDAY),
        (SATURDAY, -1, FRIDAY),
    ],
)
def test_adds_working_days(start: date, n: int, end: date) -> None:
    assert WorkingCalendar().add_working_days(start, n) == end


@pytest.mark.parametrize(
    ("a", "b", "days"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, SATURDAY, 0),
        (FRIDAY, MONDAY, 1),
        (MONDAY, FRIDAY, -1),
        (FRIDAY, date(2026, 12, 4), 10),
    ],
)
def test_counts_working_days(a: date, b: date, days: int) -> None:
    assert WorkingCalendar().working_days_between(a, b) == days


def test_a_country_takes_its_holidays_and_a_region_more() -> None:
    epiphany, new_year = date(2026, 1, 6), date(2026, 1, 1)
    assert not WorkingCalendar(country="DE").is_working(new_year)
    assert WorkingCalendar(country="DE").is_working(epiphany)
    assert not WorkingCalendar(country="DE-BY").is_working(epiphany)


def test_the_projects_own_days_off_count() -> None:
    calendar = WorkingCalendar(extra_holidays=frozenset({MONDAY}))
    assert calendar.add_working_days(FRIDAY, 1) == date(2026, 11, 24)


def test_a_week_can_be_sunday_to_thursday() -> None:
    calendar = WorkingCalendar(working_days=frozenset({6, 0, 1, 2, 3}))
    assert calendar.next_working(FRIDAY) == date(2026, 11, 22)


@pytest.mark.parametrize("working_days", [frozenset[int](), frozenset({7})])
def test_refuses_a_week_that_cannot_be(working_days: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="day"):
        WorkingCalendar(working_days=working_days)


def test_refuses_a_number_of_days_that_ends_nowhere() -> None:
    with pytest.raises(ValueError, match="is no date"):
        WorkingCalendar().add_working_days(date(9999, 12, 1), 100)


@pytest.mark.parametrize("code", ["", "FR", "GB", "UK", "DE-BY", "US-CA"])
def test_known_countries_are_no_problem(code: str) -> None:
    assert country_problem(code) is None


@pytest.mark.parametrize("code", ["XX", "fr", "France", "DE-ZZ", "DE-", "-", "../x"])
def test_unknown_countries_are_named_and_refused(code: str) -> None:
    assert code in (country_problem(code) or "")
    with pytest.raises(ValueError, match=r"country|region"):
        WorkingCalendar(country=code).is_working(FRIDAY)


@given(CALENDARS, DAYS, st.integers(-30, 30))
def test_what_is_added_is_what_lies_between(calendar: WorkingCalendar, day: date, n: int) -> None:
    start = calendar.next_working(day)
    end = calendar.add_working_days(start, n)
    assert calendar.is_working(end)
    assert calendar.working_days_between(start, end) == n


@given(CALENDARS, DAYS, st.integers(0, 400))
def test_counting_agrees_with_looking_at_each_day(calendar: WorkingCalendar, a: date, days: int) -> None:
    b = a + timedelta(days=days)
    each = sum(calendar.is_working(a + timedelta(days=i + 1)) for i in range(days))
    assert calendar.working_days_between(a, b) == each
    assert calendar.working_days_between(b, a) == -each


def test_the_holidays_library_waits_until_a_country_is_named() -> None:
    program = (
        "import sys, datetime\n"
        "from pmtui.domain.calendar import WorkingCalendar\n"
        "WorkingCalendar().is_working(datetime.date(2026, 11, 20))\n"
        "sys.exit('holidays' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
