"""One user's desk: what undo takes back when others, other projects or rules stand in the way."""

import pytest
from factories import add, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import CostEntry, Task
from pmtui.services import records, tasks
from pmtui.services.desk import Desk
from pmtui.services.projects import add_project, open_project
from pmtui.services.quick import add_line
from pmtui.store import StoreError


def desk_over(path):
    desk = Desk(session(path, name="desk"))
    desk.open_all()
    return desk


def test_an_undo_that_one_project_refuses_takes_back_nothing_and_stays_refused(tmp_path):
    for code in "pq":
        add(new_project(tmp_path, code=code), Task(title=f"in {code}"))
    desk = desk_over(tmp_path)
    desk.commit(desk.projects["q"], lambda: add_line(desk.projects["q"], "task", "Earlier"))
    desk.act([("p", "T-1"), ("q", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    theirs = open_project(session(tmp_path, "ben", "other"), "p")
    tasks.delegate(theirs, ["T-1"], "ben")
    for _ in range(3):
        with pytest.raises((Refused, StoreError)):
            desk.undo()
    assert desk.projects["q"].data.get("T-1").owner == "ana"
    assert desk.projects["q"].data.get("T-2").title == "Earlier"
    assert desk.projects["p"].data.get("T-1").owner == "ben"


def test_what_changed_nothing_is_no_step_to_undo(tmp_path):
    add(new_project(tmp_path, code="p"), Task(title="a", owner="ana"))
    desk = desk_over(tmp_path)
    desk.act([("p", "T-1")], lambda p, n: tasks.move_to(p, n, "doing"))
    theirs = open_project(session(tmp_path, "ben", "other"), "p")
    records.add_note(theirs, ["T-1"], "from ben")
    desk.act([("p", "T-1")], lambda p, n: records.edit_record(p, n[0], {"owner": "ana"}))
    desk.undo()
    assert desk.projects["p"].data.get("T-1").status == "to do"
    assert desk.projects["p"].data.get("T-1").title == "a"


def test_undo_redo_undo_over_two_projects(tmp_path):
    for code in "pq":
        add(new_project(tmp_path, code=code), Task(title=f"in {code}"))
    desk = desk_over(tmp_path)
    outcome = desk.act([("p", "T-1"), ("q", "T-1")], tasks.complete)
    assert outcome.words == "2 records done" or "T-1 done" in outcome.words

    def statuses():
        return {p.data.get("T-1").status for p in desk.projects.values()}

    for status, step in (("to do", desk.undo), ("done", desk.redo), ("to do", desk.undo), ("done", desk.redo)):
        step()
        assert statuses() == {status}


def test_an_undo_never_leaves_a_link_to_nothing(tmp_path):
    project = new_project(tmp_path)
    number = add_line(project, "task", "First").numbers[0]
    theirs = open_project(session(tmp_path, "ben", "other"), "hris")
    add(theirs, Task(title="Second", depends_on=(number,)))
    with pytest.raises(Refused, match="T-2"):
        project.undo()
    assert project.data.get("T-1").title == "First"


def test_an_undo_never_takes_a_budget_line_that_others_book_on(tmp_path):
    project = new_project(tmp_path)
    add_line(project, "cost", "100 travel train")
    theirs = open_project(session(tmp_path, "ben", "other"), "hris")
    add(theirs, CostEntry(date=day(0), budget_line="B-1", net=5))
    with pytest.raises(Refused, match="C-2"):
        project.undo()
    assert project.data.get("B-1") is not None


def test_a_project_that_had_to_be_read_anew_shows_what_others_wrote(tmp_path):
    mine = new_project(tmp_path, Task(title="a"))
    theirs = open_project(session(tmp_path, "ben", "other"), "hris")
    base = mine.data.get("T-1")
    theirs.db.journal.compact()
    records.edit_record(theirs, "T-1", {"title": "ben's"})
    theirs.db.journal.compact()
    told = []
    mine.listeners.append(told.append)
    mine.refresh()
    assert told
    assert mine.data.get("T-1").title == "ben's"
    with pytest.raises(Refused, match="ben changed it meanwhile"):
        records.edit_record(mine, "T-1", {"title": "ana's"}, base=base)


def test_a_text_that_is_too_long_is_refused_and_never_cut(tmp_path):
    project = new_project(tmp_path, Task(title="a", notes="x" * 199_990))
    with pytest.raises(Refused, match="at most 200,000"):
        records.add_note(project, ["T-1"], "one word more than fits here")
    with pytest.raises(Refused, match="at most 500"):
        records.edit_record(project, "T-1", {"title": "y" * 501})
    assert project.data.get("T-1").title == "a"


def test_a_project_cut_short_while_it_was_made_can_be_made(tmp_path):
    session(tmp_path).workspace.add("hris").close()
    project = add_project(session(tmp_path), "hris", "HRIS")
    assert project.data.project.title == "HRIS"
    with pytest.raises(StoreError, match="already"):
        add_project(session(tmp_path), "hris", "Again")


def test_a_users_undo_in_a_shared_terminal_is_their_own(tmp_path, monkeypatch):
    from pmtui.services import session as sessions

    mine = sessions.shell_session()
    monkeypatch.setattr(sessions.os, "getuid", lambda: 65534)
    assert sessions.shell_session() != mine
