"""Adding from one line: what is filled in, what is said, what is refused."""

import datetime as dt
from decimal import Decimal

import pytest

from pmtui.domain.problems import Refused
from pmtui.services.project import OpenProject
from pmtui.services.projects import add_project
from pmtui.services.quick import add_line
from pmtui.services.session import Session

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def project(tmp_path) -> OpenProject:
    session = Session(tmp_path, user="pat", name="s1", now=lambda: NOW, durable=False)
    return add_project(session, "hris", "HRIS")


def test_a_task_is_added_and_told(project):
    outcome = add_line(project, "task", "Migrate payroll data @ana due fri !high")
    assert outcome.numbers == ("T-1",)
    assert outcome.words == "T-1 Migrate payroll data · @ana · due Fri 6 Mar · high"
    assert outcome.said == ("@ana is new here: added to the people, unconfirmed",)
    assert project.data.person("ana").status == "unconfirmed"
    assert project.data.tasks[1].created_by == "pat"


def test_a_risk_has_an_owner_and_a_review(project):
    add_line(project, "risk", "Vendor p4 i3")
    risk = project.data.risks[1]
    assert (risk.owner, risk.review_date, risk.inherent_score) == ("pat", dt.date(2026, 4, 1), 12)


def test_an_issue_and_a_change_have_what_is_required(project):
    add_line(project, "issue", "Payroll file rejected")
    add_line(project, "change", "Second language cost 12000")
    assert (project.data.issues[1].owner, project.data.issues[1].target_date) == ("pat", dt.date(2026, 3, 18))
    assert (project.data.changes[1].requester, project.data.changes[1].description) == (
        "pat",
        "Second language",
    )


def test_a_category_without_a_budget_line_makes_one_and_says_so(project):
    outcome = add_line(project, "cost", '1250.50 travel "Workshop Lyon" vendor:SNCF 2026-03-02 paid')
    assert outcome.numbers == ("C-1",)
    assert outcome.said == ("B-1 travel is a new budget line with nothing planned",)
    assert add_line(project, "cost", "99 travel").said == ()
    assert (project.data.costs[1].net, project.data.costs[1].budget_line) == (Decimal("1250.50"), "B-1")
    assert project.data.budget_lines[1].planned == 0
    project.undo()
    project.undo()
    assert not project.data.costs
    assert not project.data.budget_lines


def test_defaults_fill_what_the_line_does_not_say(project):
    add_line(project, "task", "One", defaults={"status": "doing", "owner": "ana"})
    add_line(project, "task", "Two @ben", defaults={"status": "doing", "owner": "ana"})
    assert [(t.owner, t.status) for t in project.data.tasks.values()] == [("ana", "doing"), ("ben", "doing")]


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("task", "x due 2026-02-31", "2026-02-31"),
        ("task", "x start fri due thu", "its start"),
        ("task", "x status:blocked", "blocked"),
        ("cost", "-50 travel", "credit note"),
        ("report", "x", "one line adds"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_written(project, kind, line, said):
    before = project.sequence
    with pytest.raises(Refused, match=said):
        add_line(project, kind, line)
    assert project.sequence == before
    assert add_line(project, "task", "next").numbers[0].startswith("T-")


@pytest.mark.parametrize(
    ("kind", "line", "number"),
    [
        ("meeting", "Steering committee fri 10:00", "M-1"),
        ("milestone", "UAT 2026-04-01", "MS-1"),
        ("decision", "Go @ana", "D-1"),
        ("deliverable", "1 All", "W-1"),
        ("person", "@zoe", "P-2"),
        ("budget line", "travel 900", "B-1"),
    ],
)
def test_every_kind_is_added(project, kind, line, number):
    assert add_line(project, kind, line).numbers == (number,)
