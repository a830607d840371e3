"""What repeats is due again on the day that its words say, never on one that has passed."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmtui.domain.calendar import WorkingCalendar
from pmtui.domain.repeats import RepeatError, coming, first_day, next_due, next_of, read_repeats, shift_day

MONDAY = dt.date(2026, 3, 2)
CALENDAR = WorkingCalendar()


@pytest.mark.parametrize(
    ("words", "due", "expected"),
    [
        ("every day", "2026-03-02", "2026-03-03"),
        ("every week", "2026-02-26", "2026-03-05"),
        ("every week", "2026-03-06", "2026-03-13"),
        ("every 2 weeks", "2026-02-26", "2026-03-12"),
        ("every other fri", "2026-03-06", "2026-03-20"),
        ("every friday", "2026-03-03", "2026-03-06"),
        ("every wednesday", "2026-03-03", "2026-03-04"),
        ("every month", "2026-01-31", "2026-03-31"),
        ("every month", "2026-03-31", "2026-04-30"),
        ("every quarter", "2026-03-01", "2026-06-01"),
        ("every year", "2024-02-29", "2027-02-28"),
        ("every 2nd tue", "2026-03-10", "2026-04-14"),
        ("every last fri", "2026-03-02", "2026-03-27"),
        ("every weekday", "2026-03-06", "2026-03-09"),
        ("every last weekday", "2026-03-02", "2026-03-31"),
        ("every 1st weekday", "2026-03-02", "2026-04-01"),
        ("every last day", "2026-03-02", "2026-03-31"),
        ("2 weeks", "2026-03-02", "2026-03-16"),
        ("month", None, "2026-04-02"),
    ],
)
def test_the_next_one(words, due, expected):
    found = next_due(words, due and dt.date.fromisoformat(due), MONDAY)
    assert found == dt.date.fromisoformat(expected)


@pytest.mark.parametrize("words", ["", "often", "every", "every 0 days", "every 7th tue", "every last month"])
def test_what_can_not_be_read_is_no_date(words):
    assert next_due(words, None, MONDAY) is None


RULES = st.sampled_from(
    [
        "day", "3 days", "weekday", "week", "2 weeks", "mon", "mon, wed and fri", "other fri", "2 weeks on mon and thu",
        "month", "3 months", "quarter", "2nd tue", "last fri", "1st and 3rd mon", "3 months on the last fri",
        "1st weekday", "last weekday", "15th", "31st", "1st and 15th", "last day", "year", "2 years", "year on 29 feb",
        "year on 1 apr",
    ]
)  # fmt: skip
ENDINGS = st.sampled_from(["", " or next working day", " or previous working day", " 5 times", " until 2060-01-01"])
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1))


def read(words, today=MONDAY):
    return read_repeats(words, today)


@settings(max_examples=300, deadline=None)
@given(RULES, ENDINGS, DAYS, st.integers(-40, 400))
def test_the_next_one_is_after_the_last_and_after_today_and_obeys_the_rule(words, ending, due, passed):
    today = due + dt.timedelta(days=passed)
    rule = read(f"every {words}{ending}")
    day, following = next_of(rule, due, today, CALENDAR)
    assert day > max(due, today)
    days = list(itertools.takewhile(lambda found: found <= day + dt.timedelta(days=9), rule.occurrences(due)))
    assert day in {shift_day(rule, found, CALENDAR) for found in days}
    between = (found for found in days if found > max(due, today) + dt.timedelta(days=9))
    assert all(shift_day(rule, found, CALENDAR) >= day for found in between), "none was left out"
    if rule.shift:
        assert CALENDAR.is_working(day)
    assert replace(following, begins=None, times=rule.times) == rule
    assert following.times == (rule.times - 1 if rule.times else None)


@settings(max_examples=200, deadline=None)
@given(RULES, ENDINGS, DAYS)
def test_done_one_after_the_other_they_are_the_days_of_the_rule_itself(words, ending, due):
    """Neither days off nor short months carry the series away."""
    rule = read(f"every {words}{ending}")
    wanted = dict.fromkeys(shift_day(rule, day, CALENDAR) for day in itertools.islice(rule.occurrences(due), 12))
    wanted = [day for day in wanted if day > due][: (rule.times or 99) - 1]
    found, day, following = [], due, rule
    while len(found) < len(wanted):
        step = next_of(following, day, day, CALENDAR)
        day, following = step
        found.append(day)
    assert found == wanted


@given(RULES, ENDINGS, DAYS)
def test_what_is_kept_reads_back_as_it_was(words, ending, today):
    rule = read(f"every {words}{ending}", today)
    assert read(rule.write(), dt.date(2030, 5, 5)) == rule
    assert read(rule.say(dt.date(1990, 1, 1)), today) == rule


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("every monday, wednesday and friday", "every mon, wed and fri"),
        ("Every other Fri", "every 2 weeks on fri"),
        ("monthly", "every month"),
        ("every quarter", "every 3 months"),
        ("every month last fri", "every last fri"),
        ("every month on the 2nd tue", "every 2nd tue"),
        ("every first working day of the month", "every 1st weekday"),
        ("every 1 apr", "every year on 1 apr"),
        ("every year apr 1st", None),
        ("every fri until 30 jun", "every fri until 2026-06-30"),
        ("every fri for 6 times", "every fri 6 times"),
        ("every fri 6 times until 30 jun", "every fri until 2026-06-30 6 times"),
        ("every 15th or the next working day", "every 15th or next working day"),
        ("every month or next working day from 1 may", "every month from 2026-05-01 or next working day"),
        ("every last day or previous working day", "every last day or previous working day"),
    ],
)
def test_many_ways_of_saying_it(words, kept):
    if kept is None:
        with pytest.raises(RepeatError):
            read(words)
    else:
        assert read(words).write() == kept


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("every blue moon", "Allowed: every day"),
        ("every fri until 2026-02-31", "28 days"),
        ("every fri 0 times", "1 to 999 times"),
        ("every 30 feb", "no repetition"),
        ("every 32nd", "no repetition"),
        ("every fri from 2026-05-01 until 2026-04-01", "ends before it begins"),
        ("every " + "mon and " * 400, "no repetition"),
    ],
)
def test_what_is_wrong_says_what_is_allowed(words, said):
    with pytest.raises(RepeatError, match=said):
        read(words)


def test_it_ends():
    assert next_of(read("every fri once more"), MONDAY, MONDAY) is None
    assert next_of(read("every fri until 2026-03-06"), dt.date(2026, 3, 6), MONDAY) is None
    assert [str(day) for day in coming(read("every fri 2 times"), None, MONDAY)] == ["2026-03-06", "2026-03-13"]


def test_days_off_of_the_country_are_known():
    days = WorkingCalendar(country="FR")
    rule = read("every 1st or next working day")
    assert next_of(rule, dt.date(2026, 4, 1), dt.date(2026, 4, 1), days)[0] == dt.date(2026, 5, 4), "1 May is a Friday"


def test_a_series_told_in_weeks_keeps_its_weekday_over_a_day_off():
    rule = read("every 2 weeks or next working day")
    holiday = WorkingCalendar(extra_holidays=frozenset({dt.date(2026, 3, 20)}))
    day, following = next_of(rule, dt.date(2026, 3, 6), MONDAY, holiday)
    assert (day, following.begins) == (dt.date(2026, 3, 23), dt.date(2026, 3, 6))
    assert next_of(following, day, day, holiday)[0] == dt.date(2026, 4, 3)


def test_the_first_day_is_the_one_it_names():
    assert first_day(read("every 2nd tue"), MONDAY) == dt.date(2026, 3, 10)
    assert first_day(read("every mon"), MONDAY) == MONDAY
    assert first_day(read("every 2 weeks"), MONDAY) is None
