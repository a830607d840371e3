"""The report has every item that a committee expects, counted from the records, and stays one page."""

import datetime as dt
from decimal import Decimal

import pytest

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import (
    BudgetLine,
    Change,
    CostEntry,
    Decision,
    Issue,
    Milestone,
    Project,
    Report,
    Risk,
    Task,
)
from pmtui.domain.records.report import Override
from pmtui.domain.records.risk import ScoreAt
from pmtui.reports.markdown import to_markdown
from pmtui.reports.model import freeze, thaw
from pmtui.reports.page import to_lines
from pmtui.reports.status import KEPT, build

TODAY = dt.date(2026, 11, 16)
START = TODAY - dt.timedelta(days=6)


def day(offset):
    return TODAY + dt.timedelta(days=offset)


def project(*records, **settings):
    settings = {"title": "HRIS deployment", "manager": "ana", "finish": day(18)} | settings
    tables = {"project": {1: Project(id=1, code="hris", **settings)}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


def task(number, **more):
    return Task(**{"id": number, "title": f"task {number}", "owner": "ben"} | more)


def done(number, offset, **more):
    return task(number, status="done", percent_done=100, finish_date=day(offset), **more)


def report(*records, words=None, overrides=(), previous=None, start=START, end=TODAY, **settings):
    data = project(*records, **settings)
    return build(data, start, end, TODAY, words=words, overrides=overrides, previous=previous)


def numbers(listing):
    return [row.number for row in listing.rows]


def test_done_are_tasks_finished_and_milestones_reached_in_the_period_both_ends_included():
    found = report(
        done(1, -6), done(2, 0), done(3, -7), task(4, status="cancelled", cancelled_reason="x"),
        Milestone(id=1, title="Data migrated", forecast=day(-2), actual=day(-2)),
        Milestone(id=2, title="Kick-off", forecast=day(-60), actual=day(-60)),
    ).done  # fmt: skip
    assert numbers(found) == ["MS-1", "T-1", "T-2"]


def test_a_light_stands_beside_the_one_of_the_last_report_with_its_trend():
    before = report(overrides=(Override("scope", "R", "x"),))
    last = Report(
        id=1,
        period_start=START,
        period_end=day(-7),
        status="issued",
        issued_on=day(-7),
        numbers=freeze(before),
        text="x",
    )
    page = to_markdown(report(overrides=(Override("time", "A", "y"),), previous=last))
    assert "| Light | Now | In SR-1 | Why |" in page
    assert "| Time | ▲ amber ↓ | ● green | set by hand: y" in page
    assert "| Scope | ● green ↑ | ▼ red |" in page
    assert "| Risk | ● green | ● green |" in page


def test_late_says_since_when_and_by_how_much():
    (row,) = report(task(1, due=day(-9), slip_count=3), task(2, due=TODAY), done(3, 0, due=day(-5))).late.rows
    assert (row.number, row.due, row.days, row.moved) == ("T-1", day(-9), 9, 3)


def test_late_puts_what_others_wait_for_before_what_is_only_old():
    found = report(task(1, due=day(-30)), task(2, due=day(-1)), task(3, depends_on=("T-2",)))
    assert numbers(found.late) == ["T-2", "T-1"]


def test_next_is_what_is_due_in_a_period_as_long():
    found = report(
        task(1, due=day(1)), task(2, due=day(7)), task(3, due=day(8)), task(4, due=day(2), status="backlog"),
        Milestone(id=1, title="Test", forecast=day(3)),
    )  # fmt: skip
    assert numbers(found.next) == ["MS-1", "T-1", "T-2"]
    assert (found.next_start, found.next_end) == (day(1), day(7))


def test_a_period_shorter_than_a_week_looks_a_week_ahead():
    assert report(start=TODAY).next_end == day(7)


def test_milestones_show_baseline_forecast_and_actual():
    (row,) = report(Milestone(id=1, title="Go live", baseline=day(0), forecast=day(6))).milestones.rows
    assert (row.baseline, row.forecast, row.actual, row.days) == (day(0), day(6), None, 6)


def test_the_budget_adds_up():
    shown = report(
        BudgetLine(id=1, category="labour", planned=Decimal(1000)),
        BudgetLine(id=2, category="buffer", planned=Decimal(200), kind="contingency"),
        CostEntry(id=1, date=TODAY, budget_line="B-1", net=Decimal(1100)),
        CostEntry(id=2, date=TODAY, budget_line="B-2", net=Decimal(50), status="committed", caused_by="R-1"),
    )
    money = shown.money
    assert (money.budget, money.actual, money.committed) == (Decimal(1050), Decimal(1100), Decimal(50))
    assert money.variance == money.budget - money.eac == Decimal(-100)
    assert money.contingency_left == Decimal(150)
    assert [(line.category, line.amount) for line in money.over] == [("labour", Decimal(100))]
    assert "The budget is 1,000 and 50 drawn on what is set aside." in to_markdown(shown)


def test_risks_are_the_worst_open_ones_with_owner_response_and_trend():
    def risk(number, p, i, **more):
        return Risk(
            id=number, title="x", owner="chi", review_date=TODAY, probability=p, impact=i,
            scores=(ScoreAt(day(-30), 6), ScoreAt(day(-2), p * i)), **more,
        )  # fmt: skip

    found = report(
        risk(1, 2, 2), risk(2, 4, 5, response="reduce", actions=("T-1", "T-2")), risk(3, 5, 5, status="closed"),
        task(1), done(2, 0), task(3, source="R-2"),
    ).risks  # fmt: skip
    assert numbers(found) == ["R-2", "R-1"]
    worst, least = found.rows
    assert (worst.score, worst.band, worst.before, worst.who) == (20, "high", 6, "chi")
    assert (worst.response, least.response) == ("reduce, T-1, T-3", "none yet")


def test_issues_are_the_gravest_open_ones():
    def issue(number, **more):
        return Issue(**{"id": number, "title": "x", "owner": "chi", "target_date": day(-2)} | more)

    found = report(
        issue(1), issue(2, urgency=5, impact=5, resolution="call"), issue(3, status="resolved"),
        issue(4, decision_needed_from="the board", target_date=TODAY),
    ).issues  # fmt: skip
    assert numbers(found) == ["I-2", "I-1", "I-4"]
    assert [row.response for row in found.rows] == ["call", "none yet", "decision of the board"]
    assert [row.days for row in found.rows] == [2, 2, 0]


def test_changes_are_the_open_ones_and_those_that_ended_in_the_period():
    def change(number, status, updated):
        when = dt.datetime.combine(day(updated), dt.time(9), dt.UTC)
        return Change(id=number, title="x", requester="ana", description="x", status=status, updated=when)

    found = report(change(1, "submitted", -90), change(2, "rejected", -3), change(3, "implemented", -30)).changes
    assert numbers(found) == ["CR-1", "CR-2"]


def test_decisions_wanted_are_issues_and_undecided_changes_by_date():
    found = report(
        Change(id=1, title="Extra", requester="ana", description="x", decider="dora", decision_due=day(-1)),
        Change(id=2, title="No", requester="ana", description="x", status="rejected"),
        Issue(id=1, title="Stuck", owner="chi", target_date=TODAY, decision_needed_from="board"),
    ).wanted
    assert [(row.number, row.who, row.late) for row in found.rows] == [("CR-1", "dora", True), ("I-1", "board", False)]


def test_decisions_taken_are_those_of_the_period():
    found = report(Decision(id=1, title="x", date=day(-6)), Decision(id=2, title="y", date=day(-7)))
    assert numbers(found.decided) == ["D-1"]


def test_each_light_has_last_periods_beside_it():
    frozen = {"lights": [{"name": "cost", "colour": "R"}, {"name": "overall", "colour": "R"}]}
    last = Report(id=7, period_start=START, period_end=START, status="issued", numbers=frozen)
    found = report(previous=last)
    assert [(light.name, light.previous) for light in found.lights] == [
        ("overall", "R"), ("time", ""), ("cost", "R"), ("scope", ""), ("risk", ""),
    ]  # fmt: skip
    assert found.previous_number == "SR-7"


def test_freezing_and_thawing_gives_the_same_report():
    found = report(*crowded(), words={"summary": "x"}, overrides=[Override("risk", "G", "because")])
    assert thaw(freeze(found)) == found
    assert thaw({"lights": "x"}) is None


def crowded(count=40):
    """A project with far more of everything than a page holds, all with long names."""
    name = "Train the key users of all regional offices in both shifts x"
    assert len(name) == 60
    records = []
    for n in range(1, count + 1):
        records += [
            Task(id=n, title=name, owner="alexandra.papadopoulos", due=day(-n)),
            Task(id=1000 + n, title=name, owner="ben", due=day(n % 7 + 1)),
            Task(id=2000 + n, title=name, owner="ben", status="done", percent_done=100, finish_date=day(-(n % 6))),
            Milestone(id=n, title=name, forecast=day(n), baseline=day(n - 3)),
            Risk(id=n, title=name, owner="chi", review_date=TODAY, probability=n % 5 + 1, impact=4),
            Issue(id=n, title=name, owner="chi", target_date=day(-n), decision_needed_from="Steering committee"),
            Change(id=n, title=name, requester="ana", description="x", delta_cost=Decimal(n), decision_due=day(-n)),
            Decision(id=n, title=name, date=day(-(n % 6)), decided_by="Steering committee"),
            BudgetLine(id=n, category=name, planned=Decimal(100), forecast=Decimal(200)),
        ]
    return records


@pytest.mark.parametrize("width", [38, 58, 80, 100, 120])
def test_one_page_however_much_there_is(width):
    found = report(*crowded())
    lines = to_lines(found, width)
    text = ["".join(text for text, _ in line) for line in lines]
    assert len(lines) <= (130 if width >= 80 else 220)
    assert "and 32 more" in text  # tasks that are late
    assert "and 35 more" in text  # risks
    assert len(to_markdown(found).splitlines()) <= 150


def test_a_report_keeps_more_rows_than_its_page_shows():
    found = report(*crowded(150))
    assert (len(found.late.rows), found.late.total) == (KEPT, 150)


def test_words_of_done_and_next_replace_the_rows_and_keep_the_count():
    page = to_markdown(report(done(1, 0), task(2, due=day(2)), words={"done": "- Nearly all", "next": "The rest"}))
    assert "- Nearly all\n\nIn all 1 item finished or reached by the logs." in page
    assert "The rest\n\nIn all 1 item due by the logs." in page
    assert "task 1" not in page


def test_words_of_decisions_wanted_never_hide_a_decision():
    stuck = Issue(id=1, title="Stuck", owner="chi", target_date=TODAY, decision_needed_from="board")
    page = to_markdown(report(stuck, words={"decisions wanted": "Release the contingency"}))
    assert "Release the contingency" in page
    assert "| I-1 | Stuck | board |" in page


def test_an_empty_project_has_every_section_and_says_that_there_is_nothing():
    page = to_markdown(report())
    for section in (
        "Lights", "Summary", "Done in the period", "Late", "Next period, 17 Nov to 23 Nov 2026", "Milestones",
        "Budget, EUR", "Risks", "Issues", "Changes", "Decisions wanted", "Decisions taken in the period",
    ):  # fmt: skip
        assert f"## {section}\n" in page
    assert "Nothing is late." in page


def test_cents_are_shown_for_all_amounts_or_none():
    line = BudgetLine(id=1, category="labour", planned=Decimal("1234567.50"))
    page = to_markdown(report(line))
    assert "| 1,234,567.50 | 0.00 | 0.00 | 1,234,567.50 | 0.00 | 0.00 |" in page
