import datetime as dt
import os
from collections import Counter
from decimal import Decimal

import msgspec
import pytest

from pmtui.demo import MARKER, build, demo_folder, demo_workspace
from pmtui.demo.datacentre import DATACENTRE
from pmtui.domain.lights import lights
from pmtui.domain.problems import Refused
from pmtui.domain.validation import problems_of
from pmtui.services import tasks
from pmtui.services.projects import add_project, open_project
from pmtui.services.session import Session

CODES = ("dc-move", "erp-rollout", "hris-deployment")
MONDAY = dt.date(2026, 11, 16)
WEEK = tuple(MONDAY + dt.timedelta(days=n) for n in range(7))
ODD_DAYS = (dt.date(2028, 2, 29), dt.date(2027, 1, 1), dt.date(2027, 3, 1), dt.date(2026, 7, 31))


def at(day, hour=9):
    return lambda: dt.datetime.combine(day, dt.time(hour, tzinfo=dt.timezone(dt.timedelta(hours=1))))


def opened(folder, day):
    return {code: open_project(Session(folder, user="zed", name="t", now=at(day)), code) for code in CODES}


def contents(folder):
    return {code: (folder / code / "data.json").read_bytes() for code in CODES}


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def as_open_months(data):
    """The same project before its months were closed: what its entries were checked against."""
    project = msgspec.structs.replace(data.project, closed_months=())
    return data.with_records({"project": {1: project}})


@pytest.fixture
def one_story(monkeypatch):
    """The smallest story alone, where it matters only when a demo is made."""
    monkeypatch.setattr("pmtui.demo.stories.STORIES", (DATACENTRE,))


@pytest.fixture(scope="module")
def monday(tmp_path_factory):
    """A demo of one Monday, to read from only."""
    folder = tmp_path_factory.mktemp("monday") / "demo"
    build(folder, at(MONDAY))
    return folder


def late(data, today):
    """What triage should ask about, told in the plainest way."""
    found = [t for t in data.tasks.values() if t.status not in {"done", "cancelled"} and t.due and t.due < today]
    found = [t for t in found if not (t.snoozed_until and t.snoozed_until > today)]
    found += [
        r for r in data.risks.values() if r.status in {"proposed", "assessing", "approved"} and r.review_date < today
    ]
    found += [i for i in data.issues.values() if i.status == "open" and i.target_date < today]
    found += [
        c
        for c in data.costs.values()
        if c.status == "committed" and c.invoice_expected_on and c.invoice_expected_on < today
    ]
    found += [
        m
        for m in data.meetings.values()
        if m.status in {"planned", "held"} and m.start.date() + dt.timedelta(days=3) < today
    ]
    found += [
        c
        for c in data.changes.values()
        if c.status in {"submitted", "postponed"} and c.decision_due and c.decision_due < today
    ]
    return Counter(record.TYPE.kind for record in found)


# The same and another -------------------------------------------------------


def test_the_same_seed_and_day_give_the_same_bytes_at_any_hour(monday, tmp_path):
    build(tmp_path / "again", at(MONDAY, hour=17))
    assert contents(tmp_path / "again") == contents(monday)


def test_another_seed_gives_another_history(monday, tmp_path):
    build(tmp_path / "other", at(MONDAY), seed=2)
    other = contents(tmp_path / "other")
    assert all(other[code] != before for code, before in contents(monday).items())


# What every day's demo holds ------------------------------------------------


@pytest.mark.parametrize("day", [*WEEK, *ODD_DAYS], ids=str)
def test_any_day_gives_three_projects_worth_a_look(day, tmp_path):
    build(tmp_path / "demo", at(day))
    projects = opened(tmp_path / "demo", day)
    waiting = Counter()
    for code, project in projects.items():
        data = project.data
        assert not project.damaged
        then = as_open_months(data)
        assert [p for record in then.records() for p in problems_of(record, then)] == [], code
        waiting += late(data, day)
        times = [dt.datetime.fromtimestamp(t.time / 1000, at(day)().tzinfo) for t in project.history()]
        assert times == sorted(times)
        assert times[-1].date() < day
        assert all(data.calendar.is_working(time.date()) and 8 <= time.hour < 19 for time in times)
        assert {m.start.date() >= day for m in data.meetings.values() if m.status == "planned"} == {True}
    assert 23 <= waiting.total() <= 30, waiting
    assert 2 <= waiting["risk"] <= 3
    assert waiting["issue"] == 2
    assert 1 <= waiting["cost"] <= 2
    assert waiting["meeting"] == waiting["change"] == 1
    colours = {code: lights(project.data, day).colours() for code, project in projects.items()}
    assert colours["hris-deployment"] == {"time": "A", "cost": "G", "scope": "G", "risk": "A", "overall": "A"}
    assert colours["erp-rollout"]["cost"] == colours["erp-rollout"]["overall"] == "R"
    assert colours["dc-move"]["overall"] == "G"


# What the Monday's holds ----------------------------------------------------


def test_the_hris_board_is_as_the_product_shows_it(monday):
    data = opened(monday, MONDAY)["hris-deployment"].data
    titles = {number: data.get(number).title for number in ("T-48", "T-51", "T-60", "MS-2", "W-3")}
    assert titles == {
        "T-48": "Sign off the data migration test plan",
        "T-51": "Load test the payroll interface",
        "T-60": "Single sign-on",
        "MS-2": "UAT start",
        "W-3": "Migration",
    }
    plan = data.get("T-48")
    assert (plan.owner, plan.priority, plan.slip_count, plan.deliverable) == ("ana", "high", 3, "W-3")
    assert plan.last_chased
    assert plan.is_overdue(MONDAY)
    assert set(data.successors["T-48"]) >= {"T-51", "T-60", "MS-2"}
    statuses = Counter(task.status for task in data.tasks.values())
    assert statuses["done"] >= 31
    assert statuses["blocked"] == 2
    assert 4 <= statuses["doing"] <= data.project.wip_limits["doing"] == 5
    assert 10 <= sum(task.is_overdue(MONDAY) for task in data.tasks.values()) <= 12
    assert max(task.slip_count for task in data.tasks.values()) == 4


def test_each_project_has_its_registers(monday):
    for code, project in opened(monday, MONDAY).items():
        data = project.data
        assert 35 <= len(data.tasks) <= 85, code
        assert 8 <= len(data.risks) <= 15
        assert {r.status for r in data.risks.values()} >= {"approved", "occurred", "closed"}
        assert any(len(r.scores) >= 3 for r in data.risks.values())
        assert 25 <= len(data.costs) <= 50
        assert {c.status for c in data.costs.values()} >= {"planned", "committed", "invoiced", "paid"}
        assert sum(c.credit_note for c in data.costs.values()) == 1
        assert {line.kind for line in data.budget_lines.values()} == {"base", "contingency", "management reserve"}
        assert any(data.get(c.budget_line).kind == "contingency" for c in data.costs.values() if c.caused_by)
        assert 5 <= len(data.milestones) <= 8
        assert all(issue.source for issue in data.issues.values() if issue.source)
        assert data.decisions
        assert any(task.source.startswith("M-") for task in data.tasks.values())
        assert all(person.email.endswith("@example.org") for person in data.people.values())
        assert all(person.status == "confirmed" for person in data.people.values())
        assert data.project.closed_months[-1] == "2026-09"


def test_money_is_where_the_story_says(monday):
    projects = opened(monday, MONDAY)

    def used(code, category):
        data = projects[code].data
        line = data.budget_line_named(category)
        spent = sum(
            c.net
            for c in data.costs.values()
            if c.budget_line == line.number and c.status in {"committed", "invoiced", "paid"}
        )
        return spent / line.planned

    assert Decimal("0.85") < used("hris-deployment", "external") < Decimal("0.95")
    assert Decimal(1) < used("erp-rollout", "external") < Decimal("1.1")


def test_reports_were_issued_and_minutes_published(monday):
    projects = opened(monday, MONDAY)
    issued = {code: [r for r in p.data.reports.values() if r.status == "issued"] for code, p in projects.items()}
    assert {code: len(reports) for code, reports in issued.items()} == {
        "dc-move": 2,
        "erp-rollout": 3,
        "hris-deployment": 5,
    }
    assert all(report.text and report.words["summary"] for reports in issued.values() for report in reports)
    for project in projects.values():
        published = [m for m in project.data.meetings.values() if m.status == "published"]
        assert published
        assert all(m.minutes and m.minutes_number and m.present for m in published)


def test_today_has_a_meeting_and_the_committee_is_near(monday):
    meetings = opened(monday, MONDAY)["hris-deployment"].data.meetings.values()
    ahead = {m.title: m.start for m in meetings if m.status == "planned"}
    assert ahead["HRIS weekly"] == dt.datetime(2026, 11, 16, 14)
    assert MONDAY < ahead["Steering committee"].date() <= MONDAY + dt.timedelta(days=10)


def test_several_people_did_it_and_some_of_it_lately(monday):
    for project in opened(monday, MONDAY).values():
        history = list(project.history())
        assert len({t.user for t in history}) >= 5
        assert "zed" not in {t.user for t in history}
        yesterday = dt.datetime.combine(MONDAY - dt.timedelta(days=3), dt.time(), dt.UTC).timestamp() * 1000
        assert sum(t.time > yesterday for t in history) >= 2
        moved = [t.note.reason for t in history if t.note.verb == "reschedule"]
        assert moved
        assert all(moved)


# Made anew, or left alone ---------------------------------------------------


def dc_move(folder, day):
    return open_project(Session(folder, user="zed", name="t", now=at(day)), "dc-move")


def data_of(folder):
    return (folder / "dc-move" / "data.json").read_bytes()


def test_an_untouched_demo_of_another_day_is_made_anew(tmp_path, one_story):
    folder = demo_workspace(at(MONDAY), tmp_path / "demo")
    before = data_of(folder)
    assert data_of(demo_workspace(at(MONDAY), folder)) == before
    stamp = (folder / MARKER).stat().st_ino
    demo_workspace(at(MONDAY, hour=18), folder)
    assert (folder / MARKER).stat().st_ino == stamp, "the same day's demo is not made twice"
    after = data_of(demo_workspace(at(MONDAY + dt.timedelta(days=1)), folder))
    assert after != before


def test_a_touched_demo_is_kept_until_it_is_reset(tmp_path, one_story):
    folder = demo_workspace(at(MONDAY), tmp_path / "demo")
    project = dc_move(folder, MONDAY)
    tasks.complete(project, ["T-28"])
    project.close()
    tomorrow = MONDAY + dt.timedelta(days=1)
    demo_workspace(at(tomorrow), folder)
    assert dc_move(folder, tomorrow).data.get("T-28").status == "done"
    demo_workspace(at(tomorrow), folder, reset=True)
    assert dc_move(folder, tomorrow).data.get("T-28").status != "done"


def test_a_project_added_to_the_demo_counts_as_touched(tmp_path, one_story):
    folder = demo_workspace(at(MONDAY), tmp_path / "demo")
    add_project(Session(folder, user="zed", name="t", now=at(MONDAY)), "mine", "Mine").close()
    demo_workspace(at(MONDAY + dt.timedelta(days=1)), folder)
    assert (folder / "mine" / "data.json").exists()


def test_a_demo_that_somebody_is_looking_at_is_left_to_them(tmp_path, one_story):
    folder = demo_workspace(at(MONDAY), tmp_path / "demo")
    before = data_of(folder)
    (folder / "dc-move" / "presence").mkdir()
    sign = folder / "dc-move" / "presence" / "ui-1"
    sign.touch()
    demo_workspace(at(MONDAY + dt.timedelta(days=1)), folder)
    assert data_of(folder) == before
    os.utime(sign, (0, 0))
    demo_workspace(at(MONDAY + dt.timedelta(days=1)), folder)
    assert data_of(folder) != before


def test_a_folder_that_is_no_demo_is_never_replaced(tmp_path, one_story):
    mine = tmp_path / "mine"
    add_project(Session(mine, user="zed", name="t", now=at(MONDAY)), "payroll", "Payroll").close()
    with pytest.raises(Refused, match="no demo"):
        demo_workspace(at(MONDAY), mine, reset=True)
    assert (mine / "payroll" / "data.json").exists()


def test_a_build_that_fails_leaves_nothing_and_what_was_there(tmp_path, one_story, monkeypatch):
    folder = demo_workspace(at(MONDAY), tmp_path / "demo")
    before = data_of(folder)

    def fails(*_):
        raise OSError("no space left")

    monkeypatch.setattr("pmtui.demo.stories.play_all", fails)
    with pytest.raises(OSError, match="no space"):
        build(folder, at(MONDAY))
    assert data_of(folder) == before
    assert names_in(tmp_path) == ["demo"]


def test_it_lives_in_the_state_folder_and_nowhere_else(tmp_path, monkeypatch):
    for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "PMTUI_WORKSPACE"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    path = demo_workspace(at(MONDAY))
    assert path == demo_folder() == tmp_path / "xdg_state_home" / "pmtui" / "demo"
    assert names_in(tmp_path) == ["xdg_state_home"]
    assert names_in(path.parent) == ["demo"]
    assert names_in(path) == [MARKER, *CODES]
    assert path.stat().st_mode & 0o077 == 0
