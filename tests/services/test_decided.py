"""What was decided about overdue items is material of the report."""

from factories import TODAY, add, day, new_project, session

from pmtui.domain.records import Issue, Risk, Task
from pmtui.services import reports, tasks, verbs
from pmtui.services.decided import decided_overdue
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject


def pile(tmp_path) -> OpenProject:
    return new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9)),
        Task(title="Load test", owner="ben", due=day(-1)),
        Task(title="In time", owner="ben", due=day(5)),
        Risk(title="Vendor", owner="ana", review_date=day(-1)),
        Issue(title="Rejected", owner="ana", target_date=day(-1)),
    )


def test_only_what_was_overdue_counts_and_each_item_once(tmp_path):
    project = pile(tmp_path)
    tasks.reschedule(project, ["T-1"], day(-2), "vendor late")
    tasks.complete(project, ["T-1"])
    tasks.reschedule(project, ["T-2", "T-3"], day(9), "capacity")
    verbs.set_date(project, ["R-1"], day(7))
    verbs.complete(project, ["I-1"], "sent again")
    found = {decided.number: decided.word for decided in decided_overdue(project, day(-7), TODAY)}
    assert found == {"T-1": "done", "T-2": "moved", "R-1": "moved", "I-1": "done"}


def test_what_was_taken_back_was_not_decided_and_what_was_brought_back_was(tmp_path):
    project = pile(tmp_path)
    tasks.complete(project, ["T-1"])
    project.undo()
    tasks.drop(project, ["T-2"], "no budget")
    project.undo()
    project.redo()
    tasks.complete(project, ["T-3"])
    assert [decided.number for decided in decided_overdue(project, day(-7), TODAY)] == ["T-2"]


def test_another_period_is_another_report(tmp_path):
    project = pile(tmp_path)
    tasks.complete(project, ["T-1"])
    assert decided_overdue(project, day(-7), day(-1)) == []


def test_the_summary_offers_the_count_and_each_decision(tmp_path):
    project = pile(tmp_path)
    desk = Desk(session(tmp_path / "ws"))
    desk.open_all()
    desk.act([("hris", "T-1"), ("hris", "T-2")], lambda p, n: verbs.set_date(p, n, day(4), "vendor late"))
    desk.act([("hris", "R-1")], verbs.complete)
    project.refresh()
    offered = reports.offered(project, "summary")
    assert "3 overdue items decided: 2 moved, 1 done." in offered
    assert any(line.startswith("Moved T-1") and "to 6 Mar: vendor late" in line.replace("Fri ", "") for line in offered)


def test_no_decision_offers_nothing(tmp_path):
    project = pile(tmp_path)
    add(project, Task(title="more"))
    assert not any("overdue item" in line for line in reports.offered(project, "summary"))
