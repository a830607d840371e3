"""The lights follow the project's own thresholds, say why, and keep both colours of an override."""

import datetime as dt
from decimal import Decimal

import pytest

from pmtui.domain.lights import Light, colour_named, colours_of, forecast_finish, last_issued, lights
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import (
    BudgetLine,
    Change,
    CostEntry,
    Issue,
    Milestone,
    Project,
    Report,
    Risk,
    Task,
)
from pmtui.domain.records.project import LightRules
from pmtui.domain.records.report import Override

TODAY = dt.date(2026, 11, 16)
FINISH = dt.date(2026, 12, 4)


def days(count):
    return dt.timedelta(days=count)


def project(*records, **settings):
    tables = {"project": {1: Project(id=1, code="demo", title="Demo", **settings)}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


def milestone(late, number=1, **more):
    return Milestone(id=number, title="Go live", forecast=FINISH + days(late), baseline=FINISH, **more)


def risk(number, score, **more):
    p, i = score
    return Risk(id=number, title="Vendor", owner="ana", review_date=TODAY, probability=p, impact=i, **more)


def change(number, due, **more):
    return Change(id=number, title="x", requester="ana", description="x", decision_due=due, **more)


def issue(number, kind="off-specification", **more):
    return Issue(id=number, title="x", owner="ana", target_date=TODAY, kind=kind, **more)


class TestTime:
    @pytest.mark.parametrize(("late", "colour"), [(0, "G"), (7, "G"), (8, "A"), (30, "A"), (31, "R")])
    def test_is_green_to_a_week_amber_to_a_month_red_beyond(self, late, colour):
        assert lights(project(milestone(late), finish=FINISH), TODAY).time.colour == colour

    def test_says_the_dates_and_the_days(self):
        found = lights(project(milestone(6), finish=FINISH), TODAY).time
        assert found.why == "forecast finish 10 Dec, 6 days past 4 Dec"

    def test_an_open_task_moves_the_finish_a_finished_or_unplanned_one_does_not(self):
        late = {"title": "x", "due": FINISH + days(20)}
        done = Task(id=2, status="done", percent_done=100, finish_date=TODAY, **late)
        backlog = Task(id=3, status="backlog", **late)
        assert forecast_finish(project(done, backlog, finish=FINISH), TODAY).late == 0
        assert forecast_finish(project(Task(id=1, **late), finish=FINISH), TODAY).late == 20

    def test_what_is_open_cannot_finish_before_today(self):
        after = FINISH + days(40)
        data = project(Task(id=1, title="x", due=FINISH - days(3)), finish=FINISH)
        assert lights(data, after).time.colour == "R"
        assert "40 days past 4 Dec" in lights(data, after).time.why

    def test_without_a_finish_the_last_milestones_baseline_counts(self):
        first = Milestone(id=1, title="Start", forecast=TODAY, baseline=TODAY, actual=TODAY)
        assert lights(project(first, milestone(8, 2)), TODAY).time.colour == "A"

    def test_a_project_that_finished_late_stays_late(self):
        data = project(milestone(0, actual=FINISH + days(9)))
        assert forecast_finish(data, TODAY + days(300)).late == 9

    def test_without_any_date_it_is_green_and_says_so(self):
        found = lights(project(), TODAY).time
        assert (found.colour, found.why) == ("G", "no finish date to compare with")


class TestCost:
    @pytest.mark.parametrize(
        ("spent", "colour"), [("1000", "G"), ("1099.99", "G"), ("1100", "A"), ("1199.99", "A"), ("1200", "R")]
    )
    def test_is_green_below_10_percent_over_and_red_from_20(self, spent, colour):
        line = BudgetLine(id=1, category="labour", planned=Decimal(1000))
        entry = CostEntry(id=1, date=TODAY, budget_line="B-1", net=Decimal(spent))
        assert lights(project(line, entry), TODAY).cost.colour == colour

    def test_the_words_never_round_up_to_a_threshold(self):
        line = BudgetLine(id=1, category="labour", planned=Decimal(1000), forecast=Decimal("1099.99"))
        found = lights(project(line), TODAY).cost
        assert found.why == "estimate at completion 9.9 % over the budget"

    def test_without_a_budget_it_says_so(self):
        assert lights(project(), TODAY).cost.why == "no budget to compare with"

    def test_money_without_a_budget_is_amber(self):
        line = BudgetLine(id=1, category="labour")
        entry = CostEntry(id=1, date=TODAY, budget_line="B-1", net=Decimal(1500), status="committed")
        found = lights(project(line, entry), TODAY).cost
        assert (found.colour, found.why) == ("A", "no budget, 1,500.00 EUR spent or committed")

    def test_a_draw_that_the_contingency_covers_is_green(self):
        base = BudgetLine(id=1, category="labour", planned=Decimal(100))
        buffer = BudgetLine(id=2, category="buffer", kind="contingency", planned=Decimal(50))
        entry = CostEntry(id=1, date=TODAY, budget_line="B-2", net=Decimal(50), caused_by="R-1")
        assert lights(project(base, buffer, entry), TODAY).cost.colour == "G"


class TestScope:
    def test_is_amber_with_one_change_undecided_past_its_date_red_with_two(self):
        late = TODAY - days(1)
        assert lights(project(change(1, TODAY)), TODAY).scope.colour == "G"
        assert lights(project(change(1, late)), TODAY).scope.colour == "A"
        assert lights(project(change(1, late), change(2, late)), TODAY).scope.colour == "R"
        assert lights(project(change(1, late, status="approved")), TODAY).scope.colour == "G"

    def test_is_red_with_an_open_off_specification_issue(self):
        found = lights(project(issue(3)), TODAY).scope
        assert (found.colour, found.why) == ("R", "I-3 off specification")
        assert lights(project(issue(3, status="closed"), issue(4, "problem")), TODAY).scope.colour == "G"


class TestRisk:
    @pytest.mark.parametrize(("score", "colour"), [((3, 4), "G"), ((3, 5), "A"), ((4, 5), "A"), ((5, 5), "R")])
    def test_is_amber_from_high_red_from_very_high(self, score, colour):
        assert lights(project(risk(1, score), risk(2, (1, 1))), TODAY).risk.colour == colour

    def test_names_the_worst(self):
        assert lights(project(risk(1, (3, 5)), risk(2, (4, 5))), TODAY).risk.why == "worst R-2 with 20, high"

    def test_closed_risks_and_opportunities_do_not_count(self):
        data = project(risk(1, (5, 5), status="closed"), risk(2, (5, 5), kind="opportunity"))
        assert lights(data, TODAY).risk.colour == "G"


def test_overall_is_the_worst_and_names_it():
    data = project(milestone(8), risk(1, (5, 5)), finish=FINISH)
    found = lights(data, TODAY).overall
    assert (found.colour, found.why) == ("R", "risk red")
    assert lights(project(), TODAY).overall.why == "all four are green"


def test_thresholds_are_the_projects_own():
    data = project(milestone(2), finish=FINISH, lights=LightRules(amber_days=1, red_days=1))
    assert lights(data, TODAY).time.colour == "R"


class TestOverride:
    BY_HAND = Override("time", "R", "the vendor is insolvent")

    def test_shows_its_colour_and_keeps_the_ruled_one(self):
        found = lights(project(finish=FINISH), TODAY, overrides=[self.BY_HAND])
        assert (found.time.colour, found.time.ruled, found.time.override) == ("R", "G", self.BY_HAND)
        assert found.overall.colour == "R"

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason_it_does_not_count(self, reason):
        assert lights(project(), TODAY, overrides=[Override("time", "R", reason)]).time.colour == "G"


class TestPrevious:
    def test_is_the_last_issued_reports(self):
        frozen = {"lights": [{"name": "time", "colour": "A"}, {"name": "overall", "colour": "A"}]}
        reports = [
            Report(id=n, period_start=TODAY, period_end=TODAY, status=s, issued_on=on, numbers=numbers)
            for n, s, on, numbers in [
                (1, "issued", TODAY - days(7), frozen),
                (2, "issued", TODAY - days(14), {}),
                (3, "draft", None, {}),
            ]
        ]
        last = last_issued(project(*reports))
        assert last and last.id == 1
        found = lights(project(), TODAY, previous=colours_of(last))
        assert (found.time.previous, found.time.trend, found.cost.previous) == ("A", 1, None)

    @pytest.mark.parametrize("numbers", [{}, {"lights": 3}, {"lights": [7, {"name": "time", "colour": "pink"}]}])
    def test_numbers_that_say_nothing_are_no_lights(self, numbers):
        assert colours_of(Report(period_start=TODAY, period_end=TODAY, numbers=numbers)) == {}


def test_each_colour_has_a_shape_and_a_word_of_its_own():
    looks = {(light.shape, light.word) for light in (Light("x", c, "") for c in "GAR")}
    assert looks == {("●", "green"), ("▲", "amber"), ("▼", "red")}
    assert [colour_named(word) for word in ("g", "AMBER", "Red", "", "blue")] == ["G", "A", "R", None, None]
