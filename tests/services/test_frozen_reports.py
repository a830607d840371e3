"""What was issued never changes, whatever happens to the data; and what changed since is named."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from factories import MONDAY, TODAY, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, Change, CostEntry, Decision, Issue, Milestone, Person, Risk, Task
from pmtui.reports.compare import grouped
from pmtui.reports.markdown import to_markdown
from pmtui.services import reports
from pmtui.services.desk import Desk
from pmtui.services.projects import open_project
from pmtui.store import UndoRefused


def records():
    return (
        Person(handle="ben", full_name="Ben Ode"),
        BudgetLine(category="travel", planned=Decimal(12000)),
        Milestone(title="UAT start", forecast=day(12), baseline=day(12)),
        Task(title="Load test", owner="ben", due=day(-9)),
        Task(title="Kick-off held", status="done", percent_done=100, finish_date=day(-2)),
        Risk(title="Vendor leaves", owner="ana", review_date=day(9), probability=2, impact=2),
        Issue(title="Firewall late", owner="ana", target_date=day(3)),
        Change(title="One more site", requester="ben", description="It", decider="ana", decision_due=day(2)),
    )


def later(path, days, user="ana", name="s1"):
    """The project opened anew, some days later."""
    return open_project(session(path, user, name, MONDAY + dt.timedelta(days=days)), "hris")


def stored_line(path):
    """The bytes of the first report's document, as they stand in the snapshot."""
    lines = (path / "hris" / "data.json").read_bytes().split(b"\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(b'"reports":{'))
    return lines[at + 1].rstrip(b",}")  # what stands after it is the table's end, and the file's


def frozen(project):
    """Everything of the first report that is kept: its document, what it froze, its page, as bytes."""
    document = dict(project.db.journal.documents("reports")["1"])
    report = project.data.get("SR-1")
    page = to_markdown(reports.preview(project, report))
    return json.dumps(document, sort_keys=True).encode(), report.text.encode(), page.encode()


def change_much(project):
    """Many kinds of change: of what the report names, of what it counts, and of what it is called by."""
    with project.change("work") as change:
        data = change.data
        change.edit(data.get("T-1"), title="Renamed", owner="zoe", due=day(20))
        change.edit(data.get("MS-1"), forecast=day(40), forecast_reason="vendor")
        change.edit(data.get("R-1"), probability=5, impact=5, owner="ben")
        change.edit(data.get("I-1"), status="resolved", resolution="A new rule")
        change.edit(data.get("CR-1"), status="approved", delta_cost=Decimal(9000))
        change.edit(data.get("PRJ-1"), title="Another name", manager="ben", currency="USD", phase="Test")
        change.edit(data.get("P-1"), full_name="Benedict Ode")
        change.edit(data.get("B-1"), planned=Decimal(1), forecast=Decimal(50000))
    with project.change("more") as change:
        change.add(CostEntry(date=TODAY, budget_line="B-1", vendor="x", net=Decimal("999.99"), status="paid"))
        change.add(Decision(title="Go on", date=TODAY, decided_by="ana"))
        change.add(Task(title="New and late", due=day(-1)))
        change.remove(change.data.get("T-2"))


def test_an_issued_report_is_byte_for_byte_the_same_whatever_happens_to_the_data(tmp_path):
    project = new_project(tmp_path, *records())
    reports.save_words(project, "summary", "All is *well*.")
    reports.override_light(project, "risk", "amber", "the vendor is shaky")
    reports.issue(project)
    project.db.journal.compact()
    before, line = frozen(project), stored_line(tmp_path)
    change_much(project)
    assert frozen(project) == before
    project.db.journal.compact()
    assert stored_line(tmp_path) == line
    project.close()
    again = later(tmp_path, 30)
    change = again.data.get("T-1")
    with again.change("work") as later_change:
        later_change.edit(change, status="done")
    assert frozen(again) == before
    reports.save_words(again, "summary", "Not so well.")
    reports.issue(again)
    assert frozen(again) == before
    again.db.journal.compact()
    assert stored_line(tmp_path) == line
    assert again.data.get("SR-2").text != again.data.get("SR-1").text


def test_no_undo_reaches_into_what_was_issued(tmp_path):
    project = new_project(tmp_path, *records())
    reports.save_words(project, "summary", "As it was.")
    reports.issue(project)
    before = frozen(project)
    written = [t.sequence for t in project.history() if any(op[1] == "reports" for op in t.ops)]
    assert len(written) == 2
    for sequence in reversed(written):
        with pytest.raises((Refused, UndoRefused)):
            project.undo(sequence)
    with pytest.raises((Refused, UndoRefused)):
        project.undo()
    desk = Desk(session(tmp_path))
    desk.open_all()
    with pytest.raises(Refused):
        desk.undo()
    assert frozen(project) == before
    assert frozen(later(tmp_path, 0, "ben", "s2")) == before


def test_issuing_again_is_the_next_number_and_leaves_the_first(tmp_path):
    project = new_project(tmp_path, *records())
    reports.issue(project)
    before = frozen(project)
    project.close()
    again = later(tmp_path, 7)
    assert reports.issue(again).numbers == ("SR-2",)
    assert frozen(again) == before


class TestDifferences:
    @pytest.fixture
    def project(self, tmp_path):
        project = new_project(tmp_path, *records())
        with project.change("plan") as change:
            change.edit(project.data.get("PRJ-1"), finish=day(12))
        reports.save_words(project, "summary", "All is well.\n- Tests go on")
        reports.issue(project)
        change_much(project)
        project.close()
        return later(tmp_path, 7)

    def test_the_draft_against_the_last_names_every_part_that_changed(self, project):
        reports.save_words(project, "summary", "Not so well.\n- Tests go on")
        page = reports.compared(project)
        found = grouped(page.before, page.after)
        assert "name HRIS deployment → Another name" in found["Project"]
        assert any(line.startswith("time light green → amber") for line in found["Lights"])
        assert "budget 12,000 → 1 USD (-11,999)" in found["Money"]
        assert "travel is over its budget by 49,999" in found["Money"]
        assert "MS-1 UAT start forecast 14 Mar → 11 Apr, 28 days later" in found["Milestones"]
        assert "T-1 Load test is no longer late" in found["Late"]
        assert "T-3 New and late is late since 1 Mar" in found["Late"]
        assert "R-1 Vendor leaves score 4 → 25, very high; owner ana → ben" in found["Risks"]
        assert "I-1 Firewall late is resolved" in found["Issues"]
        assert "CR-1 One more site submitted → approved; cost – → +9,000" in found["Changes"]
        assert "CR-1 One more site: no decision is wanted any more" in found["Decisions wanted"]
        assert found["Words"] == ["summary, new: Not so well.", "summary, gone: All is well."]

    def test_any_two_that_were_issued_whichever_is_named_first(self, project, tmp_path):
        reports.issue(project)
        project.close()
        third = later(tmp_path, 14)
        with third.change("done") as change:
            change.edit(third.data.get("T-3"), status="done", finish_date=day(10))
        reports.issue(third)
        forth, back = reports.compared(third, "SR-2", "SR-3"), reports.compared(third, "SR-3", "SR-2")
        assert to_markdown(forth) == to_markdown(back)
        text = to_markdown(forth)
        assert "SR-2 → SR-3" in text
        assert "T-3 New and late is done, 12 Mar" in text
        assert "T-3 New and late is done\n" in text
        assert "SR-1 → SR-3" in to_markdown(reports.compared(third, "SR-1", "SR-3"))

    def test_is_refused_where_there_is_nothing_to_compare(self, project, tmp_path):
        with pytest.raises(Refused, match="issued report"):
            reports.compared(project, "SR-1", "T-1")
        fresh = new_project(tmp_path / "other", code="erp")
        with pytest.raises(Refused, match="no status report was issued yet"):
            reports.compared(fresh)
