"""The difference of two reports is told in lines, and nothing is told that is not known."""

import datetime as dt
from decimal import Decimal

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, Issue, Milestone, Project, Risk
from pmtui.reports.compare import differences
from pmtui.reports.offers import offers
from pmtui.reports.status import build

TODAY = dt.date(2026, 3, 2)


def report(*records):
    tables = {"project": {1: Project(id=1, code="demo", title="Demo")}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return build(ProjectData(tables), TODAY - dt.timedelta(days=7), TODAY, TODAY)


def milestone(**more):
    return Milestone(**{"id": 1, "title": "Go live", "forecast": TODAY, "baseline": TODAY} | more)


def risk(number, score=2):
    return Risk(id=number, title="Vendor", owner="ana", review_date=TODAY, probability=1, impact=score)


def test_the_same_report_has_no_difference():
    same = report(milestone(), risk(1))
    assert differences(same, same) == []


def test_milestones_moved_reached_new_and_open_again():
    later = milestone(forecast=TODAY + dt.timedelta(days=1))
    reached = milestone(actual=TODAY)
    assert "MS-1 Go live forecast 2 Mar → 3 Mar, 1 day later" in differences(report(milestone()), report(later))
    assert "MS-1 Go live reached on 2 Mar" in differences(report(milestone()), report(reached))
    assert "MS-1 Go live is open again" in differences(report(reached), report(milestone()))
    assert "MS-1 Go live is new, forecast 2 Mar" in differences(report(), report(milestone()))


def test_risks_and_issues_that_came_and_went():
    issue = Issue(id=4, title="Firewall", owner="ana", target_date=TODAY)
    assert differences(report(risk(1)), report(risk(2, 4), issue)) == [
        "R-2 Vendor is new, 4 low",
        "R-1 Vendor is closed",
        "I-4 Firewall was raised",
    ]
    assert "I-4 Firewall is resolved" in differences(report(issue), report())


def test_a_risk_pushed_out_by_others_is_not_told_as_closed():
    many = [risk(n, 5) for n in range(2, 110)]
    assert not any("closed" in line for line in differences(report(risk(1, 1)), report(risk(1, 1), *many)))


def test_money_is_told_with_its_difference():
    line = BudgetLine(id=1, category="labour", planned=Decimal(1000))
    more = BudgetLine(id=1, category="labour", planned=Decimal(1000), forecast=Decimal(1500))
    found = differences(report(line), report(more))
    assert "EAC 1,000 → 1,500 EUR (+500)" in found
    assert "variance 0 → -500 EUR (-500)" in found
    assert any(text.startswith("cost light green → red") for text in found)


def test_the_summary_offers_the_worst_light_first():
    found = offers(
        report(risk(1, 5), BudgetLine(id=1, category="x", planned=Decimal(10), forecast=Decimal(13))), "summary"
    )
    assert found[0] == "Cost is red: estimate at completion 30 % over the budget."
    assert "3 EUR over the budget at completion." in found


def test_a_red_light_is_offered_as_a_decision():
    late = milestone(forecast=TODAY + dt.timedelta(days=60))
    assert offers(report(late), "decisions wanted") == [
        "Time is red, forecast finish 1 May, 60 days past 2 Mar: how to go on"
    ]
    assert offers(report(late), "weather") == []
