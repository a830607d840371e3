"""Recurrence rules give the days that dateutil gives, and never work beyond the last day asked for."""

import datetime as dt
import random

import pytest
from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, YEARLY, rrule, weekday
from factories import work_of

from pmtui.domain.recurrence import Rule, day_named, occurrences

START = dt.datetime(2026, 3, 2, 9, 30)
FREQS = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}


def random_rule(pick):
    freq = pick.choice(list(FREQS))
    plain = freq in {"DAILY", "WEEKLY"} or pick.random() < 0.5
    places = [0] if plain else [1, 2, -1, -2, 5]  # dateutil takes plain and placed days together as one condition
    days = tuple({(pick.randrange(7), pick.choice(places)) for _ in range(pick.choice([0, 0, 1, 2]))})
    month_days = () if freq == "WEEKLY" else tuple(pick.sample([1, 2, 15, 28, 31, -1, -3], pick.choice([0, 0, 1, 2])))
    if month_days:
        days = tuple((day, 0) for day, _ in days)
    return Rule(
        freq,
        interval=pick.choice([1, 1, 2, 3]),
        count=pick.choice([None, None, 1, 7]),
        until=pick.choice([None, None, START + dt.timedelta(days=pick.randrange(800))]),
        days=days,
        month_days=month_days,
        months=tuple(pick.sample(range(1, 13), pick.choice([0, 0, 1, 3]))),
        places=() if freq == "WEEKLY" else tuple(pick.sample([1, 2, -1], pick.choice([0, 0, 0, 1]))),
        week_start=pick.choice([0, 6]),
    )


def by_dateutil(rule, start, last):
    given = {
        "byweekday": [weekday(day, place) if place else weekday(day) for day, place in rule.days] or None,
        "bymonthday": rule.month_days or None,
        "bymonth": rule.months or None,
        "bysetpos": rule.places or None,
    }
    given = {name: value for name, value in given.items() if value}
    found = rrule(FREQS[rule.freq], dtstart=start, interval=rule.interval, wkst=rule.week_start, **given)
    kept = []
    for moment in found:
        at_end = moment.date() > last or (rule.until and moment > rule.until)
        if at_end or (rule.count is not None and len(kept) >= rule.count):
            break
        kept.append(moment)
    return kept


@pytest.mark.parametrize("seed", range(6))
def test_the_days_are_those_of_dateutil(seed):
    pick = random.Random(seed)
    for _ in range(60):
        rule = random_rule(pick)
        start = START + dt.timedelta(days=pick.randrange(400))
        last = start.date() + dt.timedelta(days=pick.choice([30, 400, 1200]))
        if rule.places and not (rule.days or rule.month_days):
            continue  # the place of a day that stands alone
        if (rule.month_days or rule.days) and not any(
            True for _ in zip(range(1), occurrences(rule, start, dt.date(2040, 1, 1)), strict=False)
        ):
            continue  # dateutil would look for it up to the year 9999
        assert list(occurrences(rule, start, last)) == by_dateutil(rule, start, last), rule


def test_a_day_that_never_comes_costs_no_more_than_the_days_asked_for():
    never = Rule("DAILY", months=(2,), month_days=(30,))
    last = dt.date(2027, 3, 2)
    assert list(occurrences(never, START, last)) == []
    assert work_of(lambda: list(occurrences(never, START, last))) < 20_000


def test_a_huge_interval_ends():
    assert list(occurrences(Rule("WEEKLY", interval=10**9), START, dt.date(2200, 1, 1))) == [START]
    assert list(occurrences(Rule("YEARLY", interval=10**9), START, dt.date(2200, 1, 1))) == [START]


def test_days_by_name():
    assert (day_named("MO"), day_named("-1FR"), day_named("+2tu")) == ((0, 0), (4, -1), (1, 2))
    assert MO.weekday == 0
    with pytest.raises(ValueError):
        day_named("XX")
