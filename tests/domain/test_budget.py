"""The money adds up: to the cent, in any order, whatever state an entry is in."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmtui.domain.budget import months, planned_curve, totals, would_overspend
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, CostEntry, Project

D = Decimal
DAY = dt.date(2026, 3, 2)


def money(lines=(), entries=(), **project):
    return ProjectData(
        {
            "project": {1: Project(id=1, code="demo", title="Demo", **project)},
            "budget_lines": {line.id: line for line in lines},
            "costs": {entry.id: entry for entry in entries},
        }
    )


def line(number, planned, **more):
    return BudgetLine(id=number, category=f"line {number}", planned=D(planned), **more)


def entry(number, on, net, status="invoiced", date=DAY, **more):
    return CostEntry(id=number, budget_line=f"B-{on}", net=D(net), status=status, date=date, **more)


def test_actual_is_invoiced_and_paid_and_void_counts_nowhere():
    states = ["planned", "committed", "invoiced", "paid", "void"]
    data = money([line(1, 1000)], [entry(i, 1, 10**i, s) for i, s in enumerate(states)])
    (found,) = totals(data).lines
    assert (found.committed, found.actual, found.left) == (D(10), D(1100), D(-110))
    assert found.forecast == D(1111)
    assert found.over


def test_a_line_costs_what_is_planned_until_more_is_booked():
    data = money([line(1, 1000)], [entry(1, 1, 400), entry(2, 1, 300, "committed"), entry(3, 1, 200, "planned")])
    assert totals(data).eac == D(1000)
    assert totals(data.with_records({"costs": {4: entry(4, 1, 150, "planned")}})).eac == D(1050)


def test_a_stated_forecast_goes_before_the_sums():
    budget = totals(money([line(1, 1000, forecast=D(900))], [entry(1, 1, 100)]))
    assert (budget.eac, budget.variance) == (D(900), D(100))


def test_contingency_is_money_only_when_drawn():
    lines = [line(1, 1000), line(2, 200, kind="contingency"), line(3, 300, kind="management reserve")]
    untouched = totals(money(lines))
    assert (untouched.planned, untouched.contingency, untouched.management_reserve) == (
        D(1000),
        D(200),
        D(300),
    )
    assert (untouched.eac, untouched.variance, untouched.contingency_left) == (D(1000), D(0), D(200))
    drawn = totals(money(lines, [entry(1, 2, 50, caused_by="R-1"), entry(2, 2, 30, "committed", caused_by="R-1")]))
    assert (drawn.eac, drawn.variance, drawn.contingency_left) == (D(1080), D(0), D(120))
    assert (drawn.released, drawn.over_percent) == (D(1080), D(0))
    beyond = totals(money(lines, [entry(1, 2, 250, caused_by="R-1")]))
    assert (beyond.eac, beyond.released, beyond.variance) == (D(1250), D(1200), D(-50))


def test_a_credit_note_gives_money_back():
    data = money([line(1, 1000)], [entry(1, 1, 1200), entry(2, 1, -300, credit_note=True)])
    assert totals(data).actual == D(900)
    assert totals(data).eac == D(1000)


def test_money_on_a_line_that_cannot_be_read_is_still_counted():
    budget = totals(money([line(1, 1000)], [entry(1, 9, 70)]))
    assert budget.actual == D(70)
    assert budget.lines[-1].line.category == "B-9"


def test_without_a_budget_there_is_no_percentage():
    assert totals(money()).over_percent is None
    assert totals(money([line(1, 200)], [entry(1, 1, 250)])).over_percent == D(25)


amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
bookings = st.lists(
    st.tuples(st.integers(1, 3), amounts, st.sampled_from(["planned", "committed", "invoiced", "paid", "void"])),
    max_size=25,
)


@given(bookings, st.randoms(use_true_random=False))
def test_totals_are_the_exact_sums_in_any_order(rows, random):
    entries = [entry(i, on, net, status) for i, (on, net, status) in enumerate(rows, 1)]
    lines = [line(1, 500), line(2, 70, kind="contingency"), line(3, "10.10")]
    budget = totals(money(lines, entries))
    random.shuffle(entries)
    assert totals(money(lines, entries)) == budget
    assert budget.actual == sum((e.net for e in entries if e.status in {"invoiced", "paid"}), D(0))
    assert budget.committed == sum((e.net for e in entries if e.status == "committed"), D(0))
    assert budget.eac == sum((t.forecast for t in budget.lines), D(0))
    assert budget.variance == budget.released - budget.eac


class TestWouldOverspend:
    def test_says_by_how_much_the_line_is_over_afterwards(self):
        data = money([line(1, 1000)], [entry(1, 1, 700), entry(2, 1, 200, "committed")])
        assert would_overspend(data, entry(0, 1, 100)) == 0
        assert would_overspend(data, entry(0, 1, "100.01")) == D("0.01")

    def test_an_entry_that_is_edited_counts_once(self):
        data = money([line(1, 1000)], [entry(1, 1, 700)])
        assert would_overspend(data, entry(1, 1, 1001)) == D(1)

    @pytest.mark.parametrize("status", ["planned", "void"])
    def test_what_spends_nothing_overspends_nothing(self, status):
        assert would_overspend(money([line(1, 1)]), entry(0, 1, 100, status)) == 0

    def test_a_credit_note_never_overspends(self):
        data = money([line(1, 10)], [entry(1, 1, 100)])
        assert would_overspend(data, entry(0, 1, -5, credit_note=True)) == 0


class TestMonths:
    def test_every_month_between_the_first_and_the_last_is_there(self):
        booked = [
            entry(1, 1, 5, date=dt.date(2026, 2, 28)),
            entry(2, 1, 10, date=dt.date(2025, 11, 30)),
            entry(3, 1, 99, "committed", date=dt.date(2026, 6, 1)),
        ]
        found = months(money([line(1, 100)], booked))
        assert [(f"{m.month:%Y-%m}", m.actual, m.total) for m in found] == [
            ("2025-11", 10, 10), ("2025-12", 0, 10), ("2026-01", 0, 10), ("2026-02", 5, 15),
        ]  # fmt: skip

    def test_nothing_spent_is_no_month(self):
        assert months(money([line(1, 100)])) == ()


class TestPlannedCurve:
    def test_spreads_the_budget_over_working_days(self):
        data = money([line(1, 4200)], start=dt.date(2026, 2, 2), finish=dt.date(2026, 3, 31))
        # 20 working days in February and 22 in March, of 42
        assert [p.total for p in planned_curve(data)] == [D(2000), D(4200)]

    def test_ends_at_the_budget_to_the_cent(self):
        data = money([line(1, "1000.01")], start=dt.date(2026, 1, 7), finish=dt.date(2026, 12, 3))
        curve = [p.total for p in planned_curve(data)]
        assert curve == sorted(curve)
        assert curve[-1] == D("1000.01")
        assert len(curve) == 12

    def test_contingency_is_not_planned_to_be_spent(self):
        lines = [line(1, 100), line(2, 50, kind="contingency")]
        data = money(lines, start=DAY, finish=DAY)
        assert [p.total for p in planned_curve(data)] == [D(100)]

    def test_needs_a_start_and_a_finish(self):
        assert planned_curve(money([line(1, 100)], start=DAY)) == ()
