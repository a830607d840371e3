"""What hours cost: to the cent, the same however they are added up, and where they join the budget."""

import datetime as dt
import random
from decimal import Decimal as D

import pytest
from factories import TODAY, day

from pmtui.domain.behind import BASE_LINES, LINE_FIGURES, Figure, behind
from pmtui.domain.budget import months, spent_by_month, totals, would_overspend
from pmtui.domain.calendar import WorkingCalendar
from pmtui.domain.cash import cash_flow
from pmtui.domain.control import actual_cost
from pmtui.domain.labour import (
    charged_line,
    charged_twice,
    difference,
    labour_cost,
    plain_hours,
    rate_of,
    rate_on,
    worth,
)
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickhours import read_time_spent
from pmtui.domain.quickline import read_line
from pmtui.domain.records import BudgetLine, CostEntry, HoursEntry, Person, Project, Task
from pmtui.domain.records.person import Absence, Rate
from pmtui.domain.week import capacity_on, monday_of, week_of

RATES = (Rate(dt.date(2026, 1, 1), D(80)), Rate(dt.date(2026, 2, 15), D("90.50")))


def entry(number, who="ana", on=TODAY, hours=1.0, task="", **more):
    return HoursEntry(id=number, who=who, date=on, hours=hours, task=task, **more)


def data(*records, **charter):
    tables = {"project": {1: Project(id=1, code="hris", title="HRIS", **charter)}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


def person(number, handle, *rates, **more):
    return Person(id=number, handle=handle, rates=rates, **more)


@pytest.mark.parametrize(
    ("on", "rate"),
    [
        (dt.date(2025, 12, 31), None),
        (dt.date(2026, 1, 1), D(80)),
        (dt.date(2026, 2, 14), D(80)),
        (dt.date(2026, 2, 15), D("90.50")),
        (dt.date(2030, 1, 1), D("90.50")),
    ],
)
def test_a_rate_is_valid_from_its_day_until_a_later_one_begins(on, rate):
    assert rate_on(person(1, "ana", *RATES), on) == rate
    assert rate_on(person(1, "ana", *reversed(RATES)), on) == rate
    assert rate_on(None, on) is None


@pytest.mark.parametrize(
    ("hours", "rate", "cost"),
    [(0.01, "0.50", "0.01"), (0.33, "82.55", "27.24"), (1.5, "33.33", "50.00"), (7.25, "71.90", "521.28")],
)
def test_an_entry_is_rounded_to_the_cent_half_up(hours, rate, cost):
    known = data(person(1, "ana", Rate(dt.date(2026, 1, 1), D(rate))))
    assert worth(entry(1, hours=hours), known).cost == D(cost)


def test_hours_without_a_rate_cost_nothing_and_are_said():
    known = data(person(1, "ana", *RATES), person(2, "ben"), entry(1), entry(2, "ben", hours=12.0), entry(3, "zoe"))
    labour = known.labour
    assert (labour.total.hours, labour.total.cost, labour.total.unrated) == (D(14), D("90.50"), D(13))
    assert labour.unrated_words == "13 h without a rate: @ben, @zoe"
    assert data(person(1, "ana", *RATES), entry(1)).labour.unrated_words == ""


def test_a_closed_month_costs_what_was_stored_whatever_the_rates_say():
    closed = entry(1, on=dt.date(2026, 2, 20), rate=D(70))
    known = data(person(1, "ana", *RATES), closed, entry(2), closed_months=("2026-02",))
    assert [rate_of(e, known) for e in known.hours.values()] == [D(70), D("90.50")]
    dearer = person(1, "ana", Rate(dt.date(2026, 1, 1), D(100)))
    assert difference(known, dearer) == D("9.50")
    assert labour_cost(known.with_records({"people": {1: dearer}}), [closed]).total.cost == D("70.00")
    unrated = data(person(1, "ana", *RATES), entry(1, on=dt.date(2026, 2, 20)), closed_months=("2026-02",))
    assert unrated.labour.total.unrated == 1


@pytest.mark.parametrize("seed", range(20))
def test_any_order_gives_the_same_and_every_way_to_add_up_comes_to_the_total(seed):
    pick = random.Random(seed)
    people = [
        person(
            at,
            handle,
            *(
                Rate(dt.date(2026, pick.randint(1, 12), pick.randint(1, 28)), D(pick.randint(0, 20000)) / 100)
                for _ in range(pick.randint(0, 4))
            ),
        )
        for at, handle in enumerate(("ana", "ben", "chi"), start=1)
    ]
    entries = [
        entry(
            at,
            pick.choice(("ana", "ben", "chi", "zoe")),
            dt.date(2026, pick.randint(1, 12), pick.randint(1, 28)),
            pick.randint(1, 2400) / 100,
            pick.choice(("T-1", "T-2", "")),
            rate=pick.choice((None, D("33.33"))),
        )
        for at in range(1, 60)
    ]
    closed = tuple(pick.sample([f"2026-{month:02}" for month in range(1, 13)], 3))
    line = BudgetLine(id=1, category="labour", planned=D(1000))
    known = data(line, *people, *entries, closed_months=closed, labour_line="B-1")
    labour = known.labour
    for sums in (labour.by_person, labour.by_month, labour.by_task, labour.by_person_and_month):
        assert sum((w.cost for w in sums.values()), D(0)) == labour.total.cost
        assert sum((w.hours for w in sums.values()), D(0)) == labour.total.hours
        assert sum((w.unrated for w in sums.values()), D(0)) == labour.total.unrated
    assert sum((w.cost for _, w in labour.entries), D(0)) == labour.total.cost
    assert totals(known).actual == labour.total.cost
    assert (months(known)[-1].total if labour.total.cost else D(0)) == labour.total.cost
    mixed = [*people, *entries, line]
    pick.shuffle(mixed)
    assert labour_cost(data(*mixed, closed_months=closed), pick.sample(entries, len(entries))) == labour
    turned = [person(p.id, p.handle, *pick.sample(p.rates, len(p.rates))) for p in people]
    assert labour_cost(data(*turned, closed_months=closed), entries) == labour


def budgeted(*more, **charter):
    lines = (BudgetLine(id=1, category="labour", planned=D(1000)), BudgetLine(id=2, category="travel", planned=D(500)))
    return data(*lines, person(1, "ana", *RATES), *more, **charter)


def test_without_a_line_for_them_hours_cost_the_budget_nothing():
    known = budgeted(entry(1, hours=8.0))
    assert charged_line(known) is None
    assert (totals(known).actual, months(known)) == (D(0), ())


def test_hours_are_actual_on_their_line_in_their_month_and_leave_less_for_entries():
    booked = CostEntry(id=1, date=TODAY, budget_line="B-1", net=D(100))
    known = budgeted(entry(1, hours=8.0), entry(2, on=dt.date(2026, 1, 20), hours=2.0), booked, labour_line="B-1")
    labour, travel = totals(known).lines
    assert (labour.actual, labour.left, labour.forecast) == (D("984.00"), D("16.00"), D(1000))
    assert travel.actual == 0
    assert totals(known).actual == D("984.00")
    assert [(m.month.month, m.actual, m.total) for m in months(known)] == [
        (1, D("160.00"), D("160.00")),
        (2, D(0), D("160.00")),
        (3, D("824.00"), D("984.00")),
    ]
    assert spent_by_month(known, 1) == {dt.date(2026, 1, 1): D("160.00"), dt.date(2026, 3, 1): D("824.00")}
    assert spent_by_month(known, 2) == {}
    new = CostEntry(date=TODAY, budget_line="B-1", net=D(20))
    assert would_overspend(known, new) == D("4.00")
    assert would_overspend(budgeted(entry(1, hours=8.0), booked), new) == 0


@pytest.mark.parametrize("line", ["B-1", ""])
def test_every_number_with_hours_in_it_opens_to_what_adds_up_to_it(line):
    booked = [
        CostEntry(id=1, date=TODAY, budget_line="B-1", net=D("100.10")),
        CostEntry(id=2, date=day(-40), budget_line="B-2", net=D("50.05"), status="committed"),
    ]
    logged = [entry(1, hours=7.33), entry(2, on=dt.date(2026, 1, 20), hours=2.0), entry(3, on=day(9), hours=4.0)]
    known = budgeted(*booked, *logged, labour_line=line)
    figures = [Figure(name, of) for name in LINE_FIGURES for of in ("", BASE_LINES, "B-1", "B-2")]
    figures += [Figure(name) for name in ("ac", "eac", "variance")] + [Figure("actual", "B-1", "2026-03")]
    for figure in figures:
        found = behind(known, figure, TODAY)
        assert not found.adds or sum((p.amount for p in found.parts), D(0)) == found.amount, figure
    assert actual_cost(known, TODAY) == D("100.10") + (D("823.37") if line else 0)
    flow = cash_flow(known, totals(known), TODAY)
    assert sum(m.actual + m.committed + m.to_come for m in flow) == totals(known).eac
    assert sum(m.actual for m in flow) == totals(known).actual


def test_a_line_with_entries_and_hours_is_told():
    booked = CostEntry(id=1, date=TODAY, budget_line="B-1", net=D(100))
    assert charged_twice(budgeted(entry(1), booked, labour_line="B-1")) == (D(100), D("90.50"))
    assert charged_twice(budgeted(entry(1), booked, labour_line="B-2")) is None
    assert charged_twice(budgeted(entry(1), booked)) is None
    planned = CostEntry(id=1, date=TODAY, budget_line="B-1", net=D(100), status="planned")
    assert charged_twice(budgeted(entry(1), planned, labour_line="B-1")) is None


# The line that says hours -------------------------------------------------------------


def said(line):
    known = data(Task(id=48, title="Write the tests"), person(1, "ben"))
    return read_line("hours", line, known, TODAY)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("3", {"hours": 3.0}),
        ("2.5 wrote the tests", {"hours": 2.5, "note": "wrote the tests"}),
        ("2,5h", {"hours": 2.5}),
        ("1d", {"hours": 8.0}),
        ("7:30 t48", {"hours": 7.5, "task": "T-48"}),
        ("3h fri @ben note", {"hours": 3.0, "date": day(-3), "who": "ben", "note": "note"}),
        ("3 T-48 yesterday note", {"hours": 3.0, "task": "T-48", "date": day(-1), "note": "note"}),
        ("T-48: 3 fixed", {"task": "T-48", "hours": 3.0, "note": "fixed"}),
        ("3 27 feb on T-48", {"hours": 3.0, "date": dt.date(2026, 2, 27), "task": "T-48"}),
        ("2026-02-27 3 fixed 4 bugs", {"date": dt.date(2026, 2, 27), "hours": 3.0, "note": "fixed 4 bugs"}),
        ("wrote 2 tests 3h", {"hours": 3.0, "note": "wrote 2 tests"}),
        ('3 "mon T-48"', {"hours": 3.0, "note": "mon T-48"}),
    ],
)
def test_a_line_says_hours_and_in_any_order_the_rest(line, values):
    parsed = said(line)
    assert (parsed.values, parsed.problems) == (values, ())


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("wrote 2 tests", "hours: how long? Such as 3, 2.5, 7:30 or 1d, before the note"),
        ("25", "hours: '25': allowed: more than 0, at most 24, such as 3, 2.5, 1d (8 hours)"),
        ("0", "hours: '0': allowed: more than 0, at most 24, such as 3, 2.5, 1d (8 hours)"),
        ("3 T-99", "task: 'T-99': there is no such task here"),
    ],
)
def test_a_line_that_says_none_or_too_many_is_told(line, problem):
    assert str(said(line).problems[0]) == problem


def test_a_second_time_and_a_day_to_come_are_said():
    assert said("3h then 2h").said == ("2h stays in the note; one line says one time",)
    assert said("3 tomorrow").said == ("this day is still to come",)


@pytest.mark.parametrize(("text", "hours"), [("3", 3.0), ("2.5", 2.5), ("7:30", 7.5), ("0:20", 0.33), ("0", 0.0)])
def test_a_cell_takes_hours_and_minutes(text, hours):
    assert read_time_spent(text) == hours


@pytest.mark.parametrize("text", ["", "7:60", "3:", ":30", "x"])
def test_a_cell_takes_no_more(text):
    with pytest.raises(ValueError):
        read_time_spent(text)


# The week ------------------------------------------------------------------------------


def test_a_week_has_what_has_hours_what_is_being_done_and_what_was_asked_for():
    tasks = [
        Task(id=1, title="Mine", owner="ana", status="doing"),
        Task(id=2, title="Later", owner="ana"),
        Task(id=3, title="Not mine", owner="ben", status="doing"),
        Task(id=4, title="Done", owner="ben", status="done", percent_done=100, finish_date=TODAY),
        Task(id=5, title="Asked for"),
    ]
    entries = [entry(1, hours=2.5, task="T-4"), entry(2, "Ana", day(2), 1.0, "T-4"), entry(3, "ben", hours=8.0)]
    week = week_of(data(*tasks, *entries, entry(4, on=day(-1), hours=8.0)), "ana", TODAY, ["T-5", "T-99"])
    assert [row.task for row in week.rows] == ["T-1", "T-4", "T-5", ""]
    assert [week.rows[1].hours(at) for at in range(7)] == [2.5, 0, 1.0, 0, 0, 0, 0]
    assert (week.hours(0), week.total, week.rows[1].total) == (2.5, 3.5, 3.5)


def test_a_day_has_room_for_the_persons_hours_unless_they_are_away_or_it_is_off():
    ana = person(1, "ana", hours_a_day=7.0, absences=(Absence(day(2), day(3)),))
    week = week_of(data(ana), "ana", TODAY)
    assert week.capacity == (7.0, 7.0, 0.0, 0.0, 7.0, 0.0, 0.0)
    assert capacity_on(None, TODAY, WorkingCalendar()) == 8.0
    assert capacity_on(ana, dt.date(2026, 5, 1), WorkingCalendar(country="FR")) == 0.0
    assert monday_of(day(6)) == TODAY


@pytest.mark.parametrize(
    ("hours", "shown"), [(3.0, "3"), (2.5, "2.5"), (D("1234.50"), "1,234.5"), (0, "0"), (D("100.00"), "100")]
)
def test_hours_are_shown_without_needless_zeros(hours, shown):
    assert plain_hours(hours) == shown
