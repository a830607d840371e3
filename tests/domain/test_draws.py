"""Draws on what is set aside name what caused them, and tell what is left."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from pmtui.domain.budget import totals
from pmtui.domain.draws import drawn_for, draws
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, BudgetVersion, Change, CostEntry, Decision, Issue, Project, Risk
from pmtui.domain.records.cost import VersionLine
from pmtui.domain.validation import problems_of
from pmtui.domain.versions import differences, lines_as_they_are, moved, total_of, totals_by_kind

D = Decimal
DAY = dt.date(2026, 3, 2)
LINES = (
    BudgetLine(id=1, category="labour", planned=D(10000)),
    BudgetLine(id=2, category="contingency", planned=D(1000), kind="contingency"),
    BudgetLine(id=3, category="reserve", planned=D(2000), kind="management reserve"),
)
CAUSES = {
    "risks": {
        1: Risk(id=1, title="Late", owner="ben", review_date=DAY),
        2: Risk(id=2, title="Lost", owner="ben", review_date=DAY),
    },
    "issues": {1: Issue(id=1, title="Late indeed", owner="ben", target_date=DAY)},
    "changes": {
        1: Change(id=1, title="More", requester="ana", description="more", status="approved"),
        2: Change(id=2, title="Asked", requester="ana", description="more", status="submitted"),
    },
    "decisions": {1: Decision(id=1, title="Spend it", decided_by="board", date=DAY)},
}


def money(*entries, lines=LINES, versions=()):
    tables = {
        "project": {1: Project(id=1, code="demo", title="Demo")},
        "budget_lines": {line.id: line for line in lines},
        "budget_versions": {version.id: version for version in versions},
        "costs": {entry.id: entry for entry in entries},
    }
    return ProjectData({**tables, **CAUSES})


def entry(number, on, net, cause="", status="invoiced", **more):
    values = {"net": D(net), "status": status, "date": DAY, **more}
    return CostEntry(id=number, budget_line=f"B-{on}", caused_by=cause, **values)


def problems(found, data=None):
    return [problem.allowed for problem in problems_of(found, data or money(found))]


class TestNaming:
    @pytest.mark.parametrize("cause", ["R-1", "CR-1", "I-1"])
    def test_contingency_takes_a_risk_a_change_or_what_became_an_issue(self, cause):
        assert problems(entry(1, 2, 10, cause)) == []

    @pytest.mark.parametrize("cause", ["", "D-1"])
    def test_contingency_takes_nothing_else(self, cause):
        assert problems(entry(1, 2, 10, cause)) == [
            "a draw on contingency names its risk or change, such as R-3 or CR-1"
        ]

    @pytest.mark.parametrize("cause", ["CR-1", "CR-2", "D-1"])
    def test_the_reserve_takes_a_change_or_a_decision(self, cause):
        assert problems(entry(1, 3, 10, cause)) == []

    @pytest.mark.parametrize("cause", ["", "R-1", "I-1"])
    def test_the_reserve_takes_nothing_else(self, cause):
        (why,) = problems(entry(1, 3, 10, cause))
        assert "names the change or decision that released it" in why

    def test_a_number_that_is_none_is_told_once(self):
        assert problems(entry(1, 2, 10, "R-9")) == ["there is no such risk or change or issue or decision here"]

    def test_void_entries_and_base_lines_need_none(self):
        assert problems(entry(1, 2, 10, status="void", void_reason="twice")) == []
        assert problems(entry(1, 1, 10)) == []

    def test_it_is_the_approved_kind_that_says_what_is_set_aside(self):
        lines = (BudgetLine(id=2, category="contingency", planned=D(1000)),)
        approved = BudgetVersion(
            id=1, title="First", status="approved", decided_by="board", decided_on=DAY,
            lines=(VersionLine("B-2", "contingency", D(1000), "contingency"),),
        )  # fmt: skip
        found = entry(1, 2, 10)
        assert problems(found, money(found, lines=lines)) == []
        assert problems(found, money(found, lines=lines, versions=[approved])) != []


class TestWhatIsLeft:
    def test_of_each_pot_what_is_expected_apart(self):
        data = money(
            entry(1, 2, 300, "R-1"), entry(2, 2, 200, "R-1", "committed"), entry(3, 2, 100, "R-2", "planned"),
            entry(4, 3, 500, "D-1"), entry(5, 2, 999, "R-1", "void"), entry(6, 1, 700),
        )  # fmt: skip
        contingency, reserve = draws(data).pots
        assert (contingency.set_aside, contingency.drawn, contingency.expected) == (D(1000), D(500), D(100))
        assert (contingency.left, reserve.left) == (D(500), D(1500))
        assert contingency.left == totals(data).contingency_left

    def test_more_drawn_than_set_aside_leaves_less_than_nothing(self):
        assert draws(money(entry(1, 2, 1500, "R-1"))).pots[0].left == D(-500)

    def test_there_is_no_pot_where_nothing_is_set_aside_nor_drawn(self):
        assert draws(money(lines=LINES[:1])).pots == ()


class TestForWhom:
    def test_the_most_drawn_for_comes_first(self):
        data = money(entry(1, 2, 100, "R-1"), entry(2, 2, 300, "R-2"), entry(3, 3, 50, "CR-1"))
        assert [(of.cause, of.drawn) for of in draws(data).causes] == [
            ("R-2", D(300)),
            ("R-1", D(100)),
            ("CR-1", D(50)),
        ]

    def test_a_record_knows_what_was_drawn_for_it(self):
        data = money(entry(1, 2, 100, "R-1"), entry(2, 2, 40, "R-1", "planned"), entry(3, 1, 900, "R-1"))
        found = drawn_for(data, "R-1")
        assert (found.drawn, found.expected) == (D(100), D(40))
        assert drawn_for(data, "R-2") is None

    def test_money_of_a_base_line_is_no_draw(self):
        assert drawn_for(money(entry(1, 1, 900, "R-1")), "R-1") is None


class TestReleased:
    @pytest.mark.parametrize("cause", ["D-1", "CR-1"])
    def test_what_was_decided_joins_the_budget(self, cause):
        budget = totals(money(entry(1, 3, 500, cause)))
        assert (budget.released, budget.eac, budget.variance) == (D(10500), D(10500), D(0))

    def test_a_change_that_is_not_approved_releases_nothing_and_that_is_told(self):
        data = money(entry(1, 3, 500, "CR-2"))
        assert totals(data).variance == D(-500)
        assert draws(data).causes[0].draws[0].unreleased == "CR-2 is submitted, not approved"

    def test_not_more_than_there_is(self):
        assert totals(money(entry(1, 3, 2500, "D-1"))).variance == D(-500)


class TestVersions:
    def test_differences_name_what_was_added_deleted_renamed_and_turned_into_another_kind(self):
        before = lines_as_they_are(money())
        after = (
            VersionLine("B-1", "wages", D(9000)),
            VersionLine("B-2", "contingency", D(1000), "base"),
            VersionLine("B-4", "travel", D(500)),
        )
        found = {difference.line: difference for difference in differences(before, after)}
        assert {number: d.amount for number, d in found.items()} == {
            "B-1": D(-1000), "B-2": D(0), "B-3": D(-2000), "B-4": D(500),
        }  # fmt: skip
        assert found["B-1"].words == ("was labour",)
        assert found["B-2"].words == ("contingency → base",)
        assert (found["B-3"].words, found["B-4"].words) == (("deleted",), ("added",))

    def test_what_is_moved_from_contingency_to_a_base_line_is_said(self):
        before = lines_as_they_are(money())
        after = (
            VersionLine("B-1", "labour", D(10600)),
            VersionLine("B-2", "contingency", D(400), "contingency"),
            before[2],
        )
        found = moved(differences(before, after))
        assert (found.amount, found.giving, found.taking) == (D(600), ("contingency",), ("labour",))
        assert moved(differences(before, before)) is None

    def test_totals_are_the_sums_of_the_lines_whatever_they_are(self):
        chance = random.Random(5)
        for _ in range(100):
            lines = [
                VersionLine(f"B-{n}", "x", D(chance.randrange(10**9)) / 100, chance.choice(["base", "contingency"]))
                for n in range(chance.randint(0, 12))
            ]
            assert sum(totals_by_kind(lines).values()) == total_of(lines) == sum(line.planned for line in lines)
            others = [*lines[: len(lines) // 2], VersionLine("B-99", "y", D(7))]
            assert sum(d.amount for d in differences(lines, others)) == total_of(others) - total_of(lines)


def test_any_order_of_entries_and_lines_gives_the_same_totals_to_the_cent():
    chance = random.Random(7)
    kinds = ["base", "base", "contingency", "management reserve"]
    states = ["planned", "committed", "invoiced", "paid", "void"]
    for _ in range(60):
        lines = [
            BudgetLine(id=n, category=f"l{n}", planned=D(chance.randrange(10**7)) / 100, kind=chance.choice(kinds))
            for n in range(1, chance.randint(2, 8))
        ]
        entries = [
            entry(n, chance.randint(1, 9), D(chance.randrange(-(10**6), 10**6)) / 100,
                  chance.choice(["", "R-1", "CR-1", "CR-2", "D-1"]), chance.choice(states))
            for n in range(1, chance.randint(2, 30))
        ]  # fmt: skip
        data = money(*entries, lines=lines)
        budget, drawn = totals(data), draws(data)
        chance.shuffle(lines)
        chance.shuffle(entries)
        again = money(*entries, lines=lines)
        assert totals(again) == budget
        assert draws(again) == drawn
        assert sum((pot.drawn for pot in drawn.pots), D(0)) == sum((of.drawn for of in drawn.causes), D(0))
        assert budget.eac == sum((found.forecast for found in budget.lines), D(0))
        assert budget.planned == sum((line.planned for line in lines if line.kind == "base"), D(0))
