"""Earned value from the plan's progress, forecasts by a named method, the cash curve, what can be cut."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from pmtui.domain.behind import (
    BASE_LINES,
    LINE_FIGURES,
    MONEY_FIGURES,
    MONTH_FIGURES,
    VALUE_FIGURES,
    Books,
    Figure,
    behind,
    opened,
    shared_out,
)
from pmtui.domain.budget import budget_on, totals, would_overspend_together
from pmtui.domain.cash import cash_flow, undated_commitments
from pmtui.domain.control import METHODS, actual_cost, budget_at_completion, standing
from pmtui.domain.cutting import cutting
from pmtui.domain.earned_value import EacMethod
from pmtui.domain.lights import lights
from pmtui.domain.progress import progress
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, BudgetVersion, CostEntry, Decision, Project, Task
from pmtui.domain.records.cost import VersionLine

D = Decimal
MONDAY = dt.date(2026, 3, 2)
FRIDAY = dt.date(2026, 3, 6)
CENT = D("0.01")


def data_of(*records, **project):
    tables = {"project": {1: Project(id=1, code="demo", title="Demo", **project)}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


def task(number, **fields):
    return Task(id=number, title=f"task {number}", **fields)


def line(number, planned, **more):
    return BudgetLine(id=number, category=f"line {number}", planned=D(planned), **more)


def entry(number, on, net, status="invoiced", date=MONDAY, **more):
    return CostEntry(id=number, budget_line=f"B-{on}", net=D(net), status=status, date=date, **more)


class TestProgress:
    def test_work_is_weighed_by_its_estimate_and_eight_hours_where_there_is_none(self):
        found = progress(data_of(task(1, estimate=24.0, percent_done=50), task(2)), MONDAY)
        assert (found.weight, found.done, found.unestimated) == (D(32), D(12), 1)

    def test_what_is_done_counts_in_full_and_what_is_cancelled_not_at_all(self):
        done = task(1, status="done", percent_done=100, estimate=8.0)
        found = progress(data_of(done, task(2, status="cancelled", estimate=80.0, cancelled_reason="no")), MONDAY)
        assert (found.weight, found.done) == (D(8), D(8))
        assert found.is_complete

    def test_a_parent_whose_parts_carry_the_work_is_not_counted_twice(self):
        parts = (task(1, estimate=16.0), task(2, parent="T-1", estimate=8.0), task(3, parent="T-1", estimate=8.0))
        assert progress(data_of(*parts), MONDAY).weight == D(16)

    def test_what_a_split_left_with_the_parent_was_done(self):
        parent = task(1, estimate=6.0, remaining=0.0, percent_done=60)
        found = progress(data_of(parent, task(2, parent="T-1", estimate=4.0)), MONDAY)
        assert (found.weight, found.done) == (D(10), D(6))

    def test_a_parent_whose_parts_are_all_cancelled_carries_its_work_again(self):
        parts = (task(1, estimate=16.0), task(2, parent="T-1", estimate=8.0, status="cancelled"))
        assert progress(data_of(*parts), MONDAY).weight == D(16)

    @pytest.mark.parametrize(
        ("day", "share"),
        [("2026-03-01", 0), ("2026-03-02", "0.2"), ("2026-03-04", "0.6"), ("2026-03-06", 1), ("2026-04-01", 1)],
    )
    def test_is_planned_evenly_over_the_working_days_to_the_baseline(self, day, share):
        one = task(1, start=MONDAY, due=dt.date(2026, 5, 1), baseline_due=FRIDAY)
        (work,) = progress(data_of(one), dt.date.fromisoformat(day)).work
        assert work.planned == D(share)

    def test_without_a_start_it_is_planned_over_the_days_of_its_estimate(self):
        (work,) = progress(data_of(task(1, estimate=24.0, due=FRIDAY)), dt.date(2026, 3, 4)).work
        assert work.planned == D(1) / 3

    def test_the_weekend_before_a_sunday_is_no_work(self):
        one = task(1, estimate=8.0, due=dt.date(2026, 3, 8))
        assert [progress(data_of(one), day).work[0].planned for day in (dt.date(2026, 3, 5), FRIDAY)] == [0, 1]

    def test_a_start_after_the_baseline_gives_way_to_the_estimate(self):
        one = task(1, estimate=16.0, start=dt.date(2026, 4, 1), due=dt.date(2026, 4, 9), baseline_due=FRIDAY)
        assert progress(data_of(one), dt.date(2026, 3, 5)).work[0].planned == D("0.5")

    def test_without_any_date_it_is_planned_over_the_projects_whole_time(self):
        project = {"start": MONDAY, "finish": dt.date(2026, 3, 13)}
        found = progress(data_of(task(1), **project), FRIDAY)
        assert (found.work[0].planned, found.undated) == (D("0.5"), 1)

    def test_where_no_date_is_known_nothing_is_planned(self):
        found = progress(data_of(task(1)), FRIDAY)
        assert (found.planned, found.start, found.finish) == (D(0), None, None)

    def test_an_absurd_estimate_does_no_harm(self):
        found = progress(data_of(task(1, estimate=1e15, due=dt.date(5, 1, 3))), FRIDAY)
        assert found.work[0].planned == 1


def pra(**project):
    """The case of the CRAN package PRA's tests: planned 10/20/40/70/100 % over five months, 35 % done, 36k spent."""
    months = [(1, 2, 10), (2, 3, 10), (3, 4, 20), (4, 5, 30), (5, 6, 30)]
    days = [dt.date(2025, month, 1) for month in range(1, 8)]
    work = [
        task(
            at,
            estimate=float(share),
            start=days[first - 1],
            baseline_due=days[first] - dt.timedelta(days=1),
            percent_done={1: 100, 2: 100, 3: 75}.get(at, 0),
            **({"status": "done"} if at < 3 else {}),
        )
        for at, (first, _, share) in enumerate(months, 1)
    ]
    money = (line(1, 100_000), entry(1, 1, 36_000, date=dt.date(2025, 3, 1)))
    return data_of(*work, *money, **project)


THIRD_MONTH_END = dt.date(2025, 3, 31)


class TestStanding:
    def test_the_published_case_comes_out_of_a_plan(self):
        """The CRAN package PRA, tests: PV 40k, EV 35k, SV -5k, CV -1k; ES 2.75, SPI(t) 0.9167, IEAC(t) 5.4545."""
        found = standing(pra(), THIRD_MONTH_END)
        value = found.value
        assert (value.bac, value.pv, value.ev, value.ac) == (D(100_000), D(40_000), D(35_000), D(36_000))
        assert (value.sv, value.cv, value.spi) == (D(-5_000), D(-1_000), D("0.875"))
        earned = found.timing.earned
        assert (earned.es, earned.at, earned.pd) == (D("2.75"), D(3), D(5))
        assert earned.spi.quantize(D("0.0001")) == D("0.9167")
        assert earned.ieac.quantize(D("0.0001")) == D("5.4545")
        assert found.timing.planned_finish == dt.date(2025, 5, 31)
        # 108 working days divided by SPI(t) are 117.8: ten more after the end of May
        assert found.timing.finish == dt.date(2025, 6, 13)

    def test_time_passes_by_working_days_within_a_month(self):
        # 14 March 2025 ends the 10th of the month's 21 working days
        assert standing(pra(), dt.date(2025, 3, 14)).timing.earned.at == 2 + D(10) / 21

    def test_before_the_work_was_to_begin_there_is_no_earned_schedule(self):
        assert standing(pra(), dt.date(2024, 12, 31)).timing is None

    def test_work_that_is_done_keeps_its_earned_schedule_from_that_day_on(self):
        done = [
            task(1, estimate=8.0, status="done", percent_done=100, start=MONDAY, baseline_due=FRIDAY, finish_date=on)
            for on in (dt.date(2026, 3, 6),)
        ]
        now, later = (standing(data_of(*done, line(1, 10)), day).timing for day in (FRIDAY, dt.date(2026, 9, 1)))
        assert now == later

    def test_bac_is_the_base_budget_as_it_was_approved(self):
        lines = (line(1, 100), line(2, 50, kind="contingency"), line(3, 70, kind="management reserve"))
        assert budget_at_completion(data_of(*lines)) == D(100)
        approved = BudgetVersion(
            id=1, title="v1", status="approved", lines=(VersionLine(line="B-1", category="line 1", planned=D(80)),)
        )
        assert budget_at_completion(data_of(*lines, approved)) == D(80)

    def test_ac_is_what_was_spent_and_what_was_received_without_an_invoice(self):
        entries = (
            entry(1, 1, 10),
            entry(2, 1, 20, "paid"),
            entry(3, 1, 40, "committed"),
            entry(4, 1, 80, "committed", received_on=MONDAY),
            entry(5, 1, 160, "committed", received_on=FRIDAY),
            entry(6, 1, 320, "planned"),
            entry(7, 1, 640, "void", void_reason="twice"),
            entry(8, 1, -5, credit_note=True),
            entry(9, 1, 1280, date=FRIDAY),
            entry(10, 1, 7, "invoiced", received_on=MONDAY),
        )
        data = data_of(line(1, 1000), *entries)
        assert actual_cost(data, MONDAY) == D(10 + 20 + 80 - 5 + 7)
        assert actual_cost(data, FRIDAY) == D(10 + 20 + 80 - 5 + 7 + 160 + 1280)

    def test_a_ratio_without_a_denominator_is_not_known(self):
        value = standing(data_of(line(1, 100), task(1)), MONDAY).value
        assert (value.cpi, value.spi) == (None, None)


class TestForecast:
    @pytest.mark.parametrize(
        ("method", "eac", "name"),
        [
            ("cpi", "102857.14", "by CPI"),
            ("remaining at plan", "101000.00", "remaining at plan"),
            ("cpi and spi", "112408.16", "by CPI and SPI"),
        ],
    )
    def test_is_made_by_the_method_that_was_chosen_and_says_so(self, method, eac, name):
        budget = budget_on(pra(eac_method=method), THIRD_MONTH_END)
        assert (budget.eac, budget.method, budget.fallback) == (D(eac), name, "")
        assert budget.variance == budget.released - budget.eac

    def test_from_the_bottom_up_is_what_the_lines_come_to(self):
        data = pra()
        assert budget_on(data, THIRD_MONTH_END) == totals(data)
        assert totals(data).method == "bottom up"

    def test_falls_back_to_the_lines_where_the_method_has_nothing_to_go_by_and_says_why(self):
        cases = {
            "there is no work to measure": data_of(line(1, 100), entry(1, 1, 5), eac_method="cpi"),
            "no cost yet": data_of(line(1, 100), task(1, percent_done=50), eac_method="cpi"),
            "nothing is earned yet": data_of(line(1, 100), task(1), entry(1, 1, 5), eac_method="cpi"),
            "nothing is planned yet": data_of(
                line(1, 100), task(1, percent_done=50), entry(1, 1, 5), eac_method="cpi and spi"
            ),
        }
        for why, data in cases.items():
            budget = budget_on(data, FRIDAY)
            assert budget.eac == totals(data).eac
            assert budget.method == "bottom up"
            assert why in budget.fallback

    def test_the_cost_light_goes_by_it_and_names_it(self):
        data = pra(eac_method="cpi and spi")
        light = lights(data, THIRD_MONTH_END).cost
        assert (light.colour, light.why) == ("A", "estimate at completion by CPI and SPI 12.4 % over the budget")
        assert lights(pra(), THIRD_MONTH_END).cost.why == "estimate at completion as budgeted"

    def test_every_method_has_a_name_and_what_it_takes_for_true(self):
        assert set(METHODS) == set(EacMethod)


class TestCashFlow:
    def data(self, **project):
        entries = (
            entry(1, 1, "100.10", date=dt.date(2026, 1, 15)),
            entry(2, 1, "50", "paid", date=dt.date(2026, 3, 1)),
            entry(3, 1, "30", "committed", invoice_expected_on=dt.date(2026, 4, 2)),
            entry(4, 1, "20", "committed", invoice_expected_on=dt.date(2026, 2, 2)),
            entry(5, 1, "10", "committed"),
            entry(6, 1, "40", "planned", date=dt.date(2026, 5, 5)),
        )
        days = {"start": dt.date(2026, 1, 1), "finish": dt.date(2026, 5, 29)}
        return data_of(line(1, "1000"), *entries, **days | project)

    def test_each_amount_falls_in_its_month(self):
        data = self.data()
        months = {f"{m.month:%m}": m for m in cash_flow(data, totals(data), MONDAY)}
        assert list(months) == ["01", "02", "03", "04", "05"]
        assert [months[m].actual for m in months] == [D("100.10"), 0, 50, 0, 0]
        assert [months[m].committed for m in months] == [0, 0, 30, 30, 0]
        assert undated_commitments(data) == 1

    def test_what_is_to_come_is_spread_over_working_days_and_planned_entries_stand_in_their_month(self):
        data = self.data()
        rest = D(1000) - D("250.10")
        found = cash_flow(data, totals(data), MONDAY)
        # 21, 22 and 21 working days after Mon 2 March to Fri 29 May
        reached = [(rest * days / 64).quantize(CENT) for days in (21, 43)]
        assert [m.to_come for m in found[2:]] == [reached[0], reached[1] - reached[0], rest - reached[1] + 40]

    def test_the_months_come_to_the_eac_to_the_cent(self):
        for method in ("bottom up", "cpi"):
            data = self.data(eac_method=method).with_records({"tasks": {1: task(1, percent_done=13, due=FRIDAY)}})
            budget = budget_on(data, MONDAY)
            found = cash_flow(data, budget, MONDAY)
            parts = sum(m.actual + m.committed + m.to_come for m in found)
            assert found[-1].total == parts == budget.eac

    def test_after_the_finish_all_that_is_to_come_is_due_now(self):
        data = self.data(finish=dt.date(2026, 2, 28))
        found = cash_flow(data, totals(data), MONDAY)
        assert next(m for m in found if m.month == dt.date(2026, 3, 1)).to_come == D(1000) - D("250.10")

    def test_without_money_there_is_nothing(self):
        assert cash_flow(data_of(), totals(data_of()), MONDAY) == ()


class TestCutting:
    def test_frees_what_is_neither_committed_nor_planned_the_most_first(self):
        data = data_of(
            line(1, 1000),
            line(2, 500),
            line(3, 300, kind="contingency"),
            entry(1, 1, 400),
            entry(2, 1, 500, "committed"),
            entry(3, 2, 100, "planned"),
        )
        found = cutting(data, MONDAY)
        assert [(c.totals.line.id, c.free, c.droppable) for c in found.lines] == [(2, 400, 100), (1, 100, 0)]
        assert (found.free, found.droppable, found.freeable, found.wanted) == (500, 100, 600, 0)

    def test_an_overspent_line_frees_only_what_is_planned_on_it(self):
        data = data_of(line(1, 100), entry(1, 1, 90), entry(2, 1, 30, "planned"), entry(3, 1, 50, "planned"))
        found = cutting(data, MONDAY)
        (cut,) = found.lines
        assert (cut.free, cut.droppable, found.wanted, found.short) == (0, 80, 70, 0)
        assert [e.id for e in cut.candidates] == [3, 2]

    def test_says_how_much_is_short(self):
        found = cutting(data_of(line(1, 100), entry(1, 1, 150), line(2, 20)), MONDAY)
        assert (found.wanted, found.freeable, found.short) == (50, 20, 30)

    def test_a_forecast_set_lower_has_saved_the_rest_already(self):
        (cut,) = cutting(data_of(line(1, 100, forecast=D(60)), entry(1, 1, 40)), MONDAY).lines
        assert cut.free == 20

    def test_where_all_is_committed_nothing_can_be_cut(self):
        assert cutting(data_of(line(1, 100), entry(1, 1, 100, "committed")), MONDAY).lines == ()


class TestWouldOverspendTogether:
    def test_entries_that_fit_alone_may_overspend_together(self):
        data = data_of(line(1, 100), entry(1, 1, 40))
        new = [entry(0, 1, 35), entry(-1, 1, 35, "committed"), entry(-2, 1, 900, "planned")]
        assert would_overspend_together(data, new[:1]) == {}
        assert would_overspend_together(data, new) == {1: D(10)}

    def test_an_entry_that_is_changed_counts_once_and_one_that_moves_leaves_its_line(self):
        data = data_of(line(1, 100), line(2, 10), entry(1, 1, 90))
        assert would_overspend_together(data, [entry(1, 1, 95)]) == {}
        assert would_overspend_together(data, [entry(1, 2, 90)]) == {2: D(80)}

    def test_a_line_overspent_already_is_told_only_where_they_add_to_it(self):
        data = data_of(line(1, 100), entry(1, 1, 150))
        assert would_overspend_together(data, [entry(2, 1, -20, credit_note=True)]) == {}
        assert would_overspend_together(data, [entry(2, 1, 1)]) == {1: D(51)}


def random_project(chosen):
    """Any project's money and work: every status, credit notes, all kinds of lines, forecasts by hand, lost lines."""
    kinds = ("base", "base", "base", "contingency", "management reserve")
    lines = [
        line(
            at,
            D(chosen.randint(0, 10**7)) / 100,
            kind=chosen.choice(kinds),
            forecast=D(chosen.randint(0, 10**7)) / 100 if chosen.random() < 0.3 else None,
        )
        for at in range(1, chosen.randint(2, 7))
    ]
    entries = []
    for at in range(1, chosen.randint(1, 40)):
        credit = chosen.random() < 0.2
        entries.append(
            entry(
                at,
                chosen.randint(1, len(lines) + 1),
                D(chosen.randint(1, 10**6)) / 100 * (-1 if credit else 1),
                chosen.choice(("planned", "committed", "invoiced", "paid", "void")),
                MONDAY + dt.timedelta(days=chosen.randint(-200, 60)),
                credit_note=credit,
                caused_by=chosen.choice(("", "D-1")),
                received_on=MONDAY - dt.timedelta(days=3) if chosen.random() < 0.3 else None,
                invoice_expected_on=MONDAY + dt.timedelta(days=9) if chosen.random() < 0.5 else None,
            )
        )
    tasks = []
    for at in range(1, chosen.randint(1, 25)):
        done = chosen.random() < 0.3
        tasks.append(
            task(
                at,
                estimate=chosen.choice((None, 0.1, 8.0, 33.3, 77.0)),
                status="done" if done else chosen.choice(("to do", "doing", "cancelled")),
                percent_done=100 if done else chosen.randint(0, 99),
                due=MONDAY + dt.timedelta(days=chosen.randint(-90, 90)) if chosen.random() < 0.8 else None,
                parent=f"T-{at - 1}" if at > 1 and chosen.random() < 0.2 else "",
            )
        )
    return lines, entries, tasks, chosen.choice(tuple(EacMethod)).value


def all_figures(data):
    numbers = [f"B-{t.line.id}" for t in totals(data).lines]
    figures = [Figure(name, of) for of in ("", BASE_LINES, *numbers) for name in LINE_FIGURES]
    months = {f"{e.date:%Y-%m}" for e in data.costs.values()}
    figures += [Figure(name, of, month) for of in ("", *numbers) for month in months for name in MONTH_FIGURES]
    figures += [Figure(name) for name in (*MONEY_FIGURES, *VALUE_FIGURES, "drawn", "contingency", "es")]
    return figures + [Figure("eac", method.value) for method in EacMethod]


class TestBehindEveryNumber:
    def test_every_total_is_the_sum_of_what_is_behind_it_in_any_order(self):
        chosen = random.Random(2026)
        for _ in range(60):
            lines, entries, tasks, method = random_project(chosen)
            project = {"eac_method": method, "start": dt.date(2025, 9, 1), "finish": dt.date(2026, 6, 30)}
            decided = Decision(id=1, title="Release", text="from the reserve", decided_by="committee", date=MONDAY)
            data = data_of(*lines, *entries, *tasks, decided, **project)
            for mixed in (lines, entries, tasks):
                chosen.shuffle(mixed)
            again = data_of(decided, *entries, *tasks, *lines, **project)
            books, others = Books(data, MONDAY), Books(again, MONDAY)
            for figure in all_figures(data):
                found = opened(books, figure)
                assert found == opened(others, figure), figure
                if found.adds and found.amount is not None:
                    assert sum((part.amount for part in found.parts), D(0)) == found.amount, figure
                    for part in found.parts:
                        if part.figure:
                            assert abs(opened(books, part.figure).amount) == abs(part.amount), (figure, part)

    def test_totals_of_the_money_line_and_the_table_are_the_figures(self):
        chosen = random.Random(7)
        for _ in range(60):
            lines, entries, tasks, method = random_project(chosen)
            data = data_of(*lines, *entries, *tasks, eac_method=method)
            budget, books = budget_on(data, MONDAY), Books(data, MONDAY)

            def amount(name, of="", books=books):
                return opened(books, Figure(name, of)).amount

            shown = (budget.planned, budget.committed, budget.actual, budget.eac, budget.variance)
            assert tuple(map(amount, MONEY_FIGURES)) == (*shown, budget.contingency_left)
            for t in budget.lines:
                told = (t.planned, t.committed, t.actual, t.forecast, t.left)
                assert tuple(amount(name, t.line.number) for name in LINE_FIGURES) == told

    def test_entries_that_are_void_are_behind_nothing(self):
        data = data_of(line(1, 100), entry(1, 1, 30, "void", void_reason="x"), entry(2, 1, 20))
        numbers = {part.number for f in all_figures(data) for part in behind(data, f, MONDAY).parts}
        assert "C-1" not in numbers
        assert "C-2" in numbers

    def test_a_forecast_says_what_is_booked_and_what_is_only_planned(self):
        data = data_of(line(1, 100), entry(1, 1, 30), entry(2, 1, 20, "planned"))
        found = behind(data, Figure("forecast", "B-1"), MONDAY)
        assert [(part.number, part.amount) for part in found.parts] == [("C-1", 30), ("C-2", 20), ("B-1", 50)]

    def test_earned_value_is_shared_out_to_the_cent(self):
        data = data_of(line(1, 100), *(task(at, percent_done=100, status="done") for at in (1, 2, 3)))
        found = behind(data, Figure("ev"), MONDAY)
        assert [part.amount for part in found.parts] == [D("33.34"), D("33.33"), D("33.33")]
        assert found.parts[0].note == "8 h (no estimate), 100 % done"

    def test_an_unknown_name_is_no_number(self):
        with pytest.raises(KeyError):
            behind(data_of(), Figure("profit"), MONDAY)


def test_cents_that_are_left_go_to_the_largest_remainders():
    assert shared_out(D("0.05"), [D(1), D(1), D(3)]) == [D("0.01"), D("0.01"), D("0.03")]
    assert shared_out(D("1.00"), [D(1), D(1), D(1)]) == [D("0.34"), D("0.33"), D("0.33")]
    assert shared_out(D(5), [D(0), D(0)]) == [D(0), D(0)]
    assert shared_out(D(0), []) == []
