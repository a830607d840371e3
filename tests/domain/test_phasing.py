"""Months always come to what is planned, to the cent, whatever is done to either."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from pmtui.domain.budget import planned_curve
from pmtui.domain.calendar import WorkingCalendar
from pmtui.domain.phasetext import read_phases, write_phases
from pmtui.domain.phasing import MonthAmount, even, problem_of, rescaled, shares, total, with_month, working_days
from pmtui.domain.problems import Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, BudgetVersion, Project
from pmtui.domain.records.cost import VersionLine

D = Decimal
CALENDAR = WorkingCalendar()
JANUARY, JUNE = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
DAYS = working_days(JANUARY, JUNE, CALENDAR)


def phasing(**months):
    return tuple(MonthAmount(name.replace("m", "").replace("_", "-"), D(value)) for name, value in months.items())


def money(*lines, versions=(), **project):
    tables = {
        "project": {1: Project(id=1, code="demo", title="Demo", **project)},
        "budget_lines": {line.id: line for line in lines},
        "budget_versions": {version.id: version for version in versions},
    }
    return ProjectData(tables)


def line(number, planned, months=(), **more):
    return BudgetLine(id=number, category=f"line {number}", planned=D(planned), phasing=months, **more)


def curve(data):
    return {f"{point.month:%Y-%m}": point.total for point in planned_curve(data)}


class TestParts:
    def test_come_to_the_amount_to_the_cent(self):
        assert shares(D(100), [1, 1, 1]) == [D("33.33"), D("33.34"), D("33.33")]
        assert shares(D("0.01"), [1, 1]) == [D("0.00"), D("0.01")]

    def test_are_equal_where_nothing_weighs(self):
        assert shares(D(10), [0, 0]) == [D(5), D(5)]

    def test_nothing_goes_where_there_are_no_working_days(self):
        assert shares(D(10), [2, 0]) == [D(10), D(0)]

    def test_are_never_negative_and_always_whole_whatever_the_weights(self):
        chance = random.Random(11)
        for _ in range(400):
            amount = D(chance.randrange(10**8)) / 100
            weights = [D(chance.randrange(500)) / chance.choice([1, 10, 100]) for _ in range(chance.randint(1, 24))]
            parts = shares(amount, weights)
            assert sum(parts) == amount
            assert all(part >= 0 and part == part.quantize(D("0.01")) for part in parts)


class TestEvenly:
    def test_by_the_working_days_of_each_month_both_ends_included(self):
        spread = even(D(4200), dt.date(2026, 2, 2), dt.date(2026, 3, 31), CALENDAR)
        assert spread == phasing(m2026_02=2000, m2026_03=2200)

    def test_over_the_turn_of_the_year(self):
        spread = even(D(100), dt.date(2025, 12, 15), dt.date(2026, 1, 15), CALENDAR)
        assert [phase.month for phase in spread] == ["2025-12", "2026-01"]


class TestOneMonth:
    MONTHS = phasing(m2026_01=1000, m2026_02=2000, m2026_03=3000)

    def test_the_rest_goes_to_the_others_in_their_proportions(self):
        found = with_month(self.MONTHS, "2026-01", D(3000), D(6000))
        assert found == phasing(m2026_01=3000, m2026_02=1200, m2026_03=1800)

    def test_months_that_are_kept_stay(self):
        found = with_month(self.MONTHS, "2026-01", D(500), D(6000), kept={"2026-02"})
        assert found == phasing(m2026_01=500, m2026_02=2000, m2026_03=3500)

    def test_a_new_month_is_put_in_its_place(self):
        found = with_month(self.MONTHS, "2025-12", D(600), D(6000))
        assert found == phasing(m2025_12=600, m2026_01=900, m2026_02=1800, m2026_03=2700)

    def test_more_than_is_planned_is_refused_with_the_most_that_goes(self):
        with pytest.raises(Refused, match=r"500\.00 more than the 6,000\.00 planned; at most 4,000\.00 here"):
            with_month(self.MONTHS, "2026-01", D(4500), D(6000), kept={"2026-02"})

    def test_less_is_refused_where_no_other_month_can_take_the_rest(self):
        with pytest.raises(Refused, match=r"500\.00 of the 6,000\.00 planned would be in no month"):
            with_month(self.MONTHS, "2026-01", D(500), D(6000), kept={"2026-02", "2026-03"})

    def test_the_last_one_to_be_typed_may_be_exactly_what_is_left(self):
        found = with_month(self.MONTHS, "2026-01", D(1000), D(6000), kept={"2026-02", "2026-03"})
        assert found == self.MONTHS


class TestAnotherAmount:
    def test_keeps_the_shape(self):
        assert rescaled(phasing(m2026_01=1, m2026_02=3), D(100)) == phasing(m2026_01=25, m2026_02=75)

    def test_of_nothing_keeps_the_months(self):
        nothing = rescaled(phasing(m2026_01=1, m2026_02=3), D(0))
        assert nothing == phasing(m2026_01=0, m2026_02=0)
        assert rescaled(nothing, D(10)) == phasing(m2026_01=5, m2026_02=5)


class TestTyped:
    def read(self, text, planned=6000, days=DAYS):
        return read_phases(text, D(planned), days, "2026-03")

    @pytest.mark.parametrize(
        ("text", "months"),
        [
            ("2026-01 5000, feb 1000", {"2026-01": 5000, "2026-02": 1000}),
            ("jan 5,000.50; February 999.50", {"2026-01": "5000.50", "2026-02": "999.50"}),
            ("jan 5000,50, feb 999,50", {"2026-01": "5000.50", "2026-02": "999.50"}),
            ("jan 1000,2026-02 5 000", {"2026-01": 1000, "2026-02": 5000}),
            ("jan..mar 6000", {"2026-01": 2000, "2026-02": 2000, "2026-03": 2000}),
            ("dec 1000, jan 5000", {"2026-12": 1000, "2027-01": 5000}),
            ("jan 2027 6000", {"2027-01": 6000}),
            ("jan 2000, feb 4000", {"2026-01": 2000, "2026-02": 4000}),
        ],
    )
    def test_months_and_amounts_as_people_write_them(self, text, months):
        typed = self.read(text)
        assert typed.problem == ""
        assert {phase.month: phase.amount for phase in typed.phasing} == {m: D(a) for m, a in months.items()}

    def test_rest_spreads_what_is_left_over_the_projects_other_months_by_their_working_days(self):
        typed = self.read("jan 1000, rest", planned=2080)
        days = {month: count for month, count in DAYS.items() if month != "2026-01"}
        assert total(typed.phasing) == D(2080)
        assert typed.phasing[1].amount == (D(1080) * days["2026-02"] / sum(days.values())).quantize(D("0.01"))

    def test_the_difference_is_told(self):
        assert self.read("jan 5000").gap(D(6000)) == D(1000)
        assert self.read("jan 7000").gap(D(6000)) == D(-1000)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("jan", "an amount is missing"),
            ("jan x", "x is no amount"),
            ("jan -5", "0 or more"),
            ("ju 5", "allowed: months and amounts"),
            ("jux 5", "allowed: months and amounts"),
            ("2026-13 5", "allowed: months and amounts"),
            ("9999-12 5, rest", "allowed: months and amounts"),
            ("5000", "allowed: months and amounts"),
            ("jan 1, 2026-01 2", "2026-01 is named twice"),
            ("mar..jan 2026 5", "the second month of a range comes after the first"),
            ("jan 7000, rest", "rest: 1,000.00 too much"),
        ],
    )
    def test_what_can_not_be_read_says_why(self, text, why):
        assert why in self.read(text).problem

    def test_rest_needs_a_start_and_a_finish(self):
        assert "no start and finish" in self.read("2026-01 1, rest", days={}).problem

    def test_what_was_written_is_read_back(self):
        months = even(D("1234.56"), JANUARY, JUNE, CALENDAR)
        assert self.read(write_phases(months)).phasing == months


class TestRule:
    @pytest.mark.parametrize(
        ("months", "why"),
        [
            (phasing(m2026_01=90), "10.00 less"),
            (phasing(m2026_01=110), "10.00 more"),
            ((MonthAmount("2026-1", D(100)),), "a month such as 2026-03"),
            ((MonthAmount("2026-13", D(100)),), "a month such as 2026-03"),
            ((MonthAmount("2026-01", D(50)),) * 2, "named twice"),
            (phasing(m2026_01=110, m2026_02=-10), "0 or more"),
        ],
    )
    def test_months_that_do_not_fit_are_refused(self, months, why):
        problem = problem_of(months, D(100))
        assert problem is not None
        assert why in f"{problem.allowed} {problem}"


class TestCurve:
    def test_a_phased_line_is_planned_in_its_months(self):
        data = money(line(1, 6000, phasing(m2026_02=1000, m2026_05=5000)))
        assert curve(data) == {"2026-02": D(1000), "2026-03": D(1000), "2026-04": D(1000), "2026-05": D(6000)}

    def test_others_are_spread_evenly_beside_it_and_the_end_is_the_budget(self):
        data = money(
            line(1, 6000, phasing(m2026_02=1000, m2026_08=5000)), line(2, 4200),
            start=dt.date(2026, 2, 2), finish=dt.date(2026, 3, 31),
        )  # fmt: skip
        assert curve(data)["2026-02"] == D(3000)
        assert curve(data)["2026-03"] == D(5200)
        assert curve(data)["2026-08"] == D(10200)

    def test_there_is_none_where_a_line_has_neither_months_nor_dates_to_be_spread_between(self):
        assert planned_curve(money(line(1, 6000, phasing(m2026_02=6000)), line(2, 1))) == ()

    def test_it_is_the_approved_months_that_count(self):
        approved = BudgetVersion(
            id=1, title="First", status="approved",
            lines=(VersionLine("B-1", "line 1", D(600), phasing=phasing(m2026_01=600)),),
        )  # fmt: skip
        data = money(line(1, 900, phasing(m2026_05=900)), versions=[approved])
        assert curve(data) == {"2026-01": D(600)}


def test_months_come_to_what_is_planned_after_any_edits_in_any_order():
    chance = random.Random(3)
    for _ in range(120):
        planned = D(chance.randrange(1, 10**7)) / 100
        months = even(planned, JANUARY, JUNE, CALENDAR)
        for _ in range(12):
            act = chance.choice(["month", "amount", "typed"])
            if act == "amount":
                planned = D(chance.randrange(10**7)) / 100
                months = rescaled(months, planned)
            elif act == "month":
                kept = set(chance.sample([m.month for m in months], chance.randint(0, len(months) - 1)))
                amount = D(chance.randrange(int(planned * 100) + 1)) / 100
                month = chance.choice(months).month
                try:
                    months = with_month(months, month, amount, planned, kept)
                except Refused:
                    continue
                assert next(m.amount for m in months if m.month == month) == amount
            else:
                months = read_phases(f"feb {planned / 2:.2f}, rest", planned, DAYS, "2026-03").phasing
            assert total(months) == planned
            assert problem_of(months, planned) is None
