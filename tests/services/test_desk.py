"""One user's desk: what undo takes back when others, other projects or rules stand in the way, or after a restart."""

import datetime as dt
import random

import pytest
from factories import MONDAY, add, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import CostEntry, Meeting, Task
from pmtui.services import meetings, records, reports, tasks
from pmtui.services.desk import Desk
from pmtui.services.projects import add_project, open_project
from pmtui.services.quick import add_line
from pmtui.store import Author, StoreError
from pmtui.store.archive import pack, restore, write_archive


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


# After a restart


class Clock:
    """A clock that goes on by a second each time it is read."""

    def __init__(self):
        self.now = MONDAY

    def __call__(self):
        self.now += dt.timedelta(seconds=1)
        return self.now


def seated(path, clock, name="pane", user="ana"):
    """A desk as it is when pmtui is started in a pane."""
    sitting = session(path, user, name)
    sitting.now = clock
    desk = Desk(sitting)
    desk.open_all()
    return desk


def two_projects(path):
    for code in "pq":
        add(new_project(path, code=code), Task(title=f"in {code}"), Task(title="second"))
    return Clock()


def test_undo_goes_on_where_the_last_run_left_off_and_redo_too(tmp_path):
    clock = two_projects(tmp_path)
    desk = seated(tmp_path, clock)
    for owner in ("ana", "ben", "chi"):
        desk.act([("p", "T-1")], lambda p, n, owner=owner: tasks.delegate(p, n, owner))
    owners = []
    for step in ("undo", "undo", "redo", "undo", "undo", "redo"):
        desk.close()
        desk = seated(tmp_path, clock)
        getattr(desk, step)()
        owners.append(desk.record(("p", "T-1")).owner)
    assert owners == ["ben", "ana", "ben", "ana", "", "ana"]


def test_one_key_over_two_projects_is_one_step_after_a_restart(tmp_path):
    clock = two_projects(tmp_path)
    seated(tmp_path, clock).act([("p", "T-1"), ("q", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    seated(tmp_path, clock).act([("q", "T-2")], lambda p, n: tasks.delegate(p, n, "ana"))

    def owners(desk):
        return [desk.record(key).owner for key in (("p", "T-1"), ("q", "T-1"), ("q", "T-2"))]

    assert [owners(undone) for undone in _each(tmp_path, clock, "undo", "undo")] == [["ana", "ana", ""], ["", "", ""]]
    assert [owners(redone) for redone in _each(tmp_path, clock, "redo", "redo")] == [["ana", "ana", ""], ["ana"] * 3]


def _each(path, clock, *steps):
    for step in steps:
        desk = seated(path, clock)
        getattr(desk, step)()
        yield desk


def test_another_panes_steps_and_a_colleagues_are_left_alone(tmp_path):
    clock = two_projects(tmp_path)
    seated(tmp_path, clock).act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    seated(tmp_path, clock, "other pane").act([("p", "T-2")], lambda p, n: tasks.delegate(p, n, "ana"))
    seated(tmp_path, clock, "bens", "ben").act([("q", "T-1")], lambda p, n: tasks.delegate(p, n, "ben"))
    desk = seated(tmp_path, clock)
    desk.undo()
    with pytest.raises(Refused, match=r"nothing to undo.*C shows"):
        desk.undo()
    assert [desk.record(key).owner for key in (("p", "T-1"), ("p", "T-2"), ("q", "T-1"))] == ["", "ana", "ben"]


def test_a_refused_undo_says_who_when_and_what_and_the_way_out_and_stays(tmp_path):
    clock = two_projects(tmp_path)
    desk = seated(tmp_path, clock)
    desk.act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    desk.act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "dora"))
    ben = seated(tmp_path, clock, "bens", "ben")
    ben.act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ben"))
    desk = seated(tmp_path, clock)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            desk.undo()
        told = str(refused.value)
        assert told.startswith("T-1: ben changed owner since, 09:00; C shows others to take back")
        assert "handed T-1 from @dora to @ben" in told
    assert desk.record(("p", "T-1")).owner == "ben"


def test_a_change_of_another_day_says_the_day(tmp_path):
    clock = two_projects(tmp_path)
    seated(tmp_path, clock).act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    clock.now += dt.timedelta(days=2)
    assert seated(tmp_path, clock).undo().words == "undo: handed T-1 to @ana, done 2 Mar"


def test_what_is_frozen_leaves_earlier_steps_to_be_taken_back_one_by_one(tmp_path):
    clock = two_projects(tmp_path)
    desk = seated(tmp_path, clock)
    desk.act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    handed = desk.projects["p"].sequence
    desk.commit(desk.projects["p"], lambda: reports.issue(desk.projects["p"]))
    for run in (desk, seated(tmp_path, clock)):
        with pytest.raises(Refused, match="C shows others to take back"):
            run.undo()
    desk.take_back("p", handed)
    assert desk.record(("p", "T-1")).owner == ""
    desk.redo()
    assert desk.record(("p", "T-1")).owner == "ana"


def test_published_minutes_stay_published(tmp_path):
    clock = two_projects(tmp_path)
    desk = seated(tmp_path, clock)
    number = add(desk.projects["p"], Meeting(title="Weekly", start=MONDAY.replace(tzinfo=None)))[0]
    desk.commit(desk.projects["p"], lambda: meetings.hold(desk.projects["p"], number, ["ana"]))
    desk.commit(desk.projects["p"], lambda: meetings.publish(desk.projects["p"], number))
    with pytest.raises(Refused, match="C shows others"):
        seated(tmp_path, clock).undo()
    assert seated(tmp_path, clock).record(("p", number)).status == "published"


def test_an_own_change_of_another_session_can_be_taken_back_and_a_colleagues_not(tmp_path):
    clock = two_projects(tmp_path)
    seated(tmp_path, clock, "yesterday").act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    seated(tmp_path, clock, "bens", "ben").act([("p", "T-2")], lambda p, n: tasks.delegate(p, n, "ben"))
    desk = seated(tmp_path, clock)
    theirs = desk.projects["p"].sequence
    desk.take_back("p", theirs - 1)
    assert desk.record(("p", "T-1")).owner == ""
    with pytest.raises(Refused, match="not a change of yours"):
        desk.take_back("p", theirs)
    again = seated(tmp_path, clock)
    again.redo()
    assert again.record(("p", "T-1")).owner == "ana"


def test_a_command_in_the_same_pane_is_a_step_of_it(tmp_path):
    clock = two_projects(tmp_path)
    desk = seated(tmp_path, clock)
    desk.act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    desk.act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ben"))
    shell = seated(tmp_path, clock)
    shell.undo()
    desk.refresh()
    desk.undo()
    assert desk.record(("p", "T-1")).owner == ""
    desk.redo()
    desk.redo()
    assert desk.record(("p", "T-1")).owner == "ben"


def test_undo_of_a_named_project_leaves_later_steps_in_others(tmp_path):
    clock = two_projects(tmp_path)
    desk = seated(tmp_path, clock)
    desk.act([("p", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    desk.act([("q", "T-1")], lambda p, n: tasks.delegate(p, n, "ana"))
    desk.undo("p")
    assert [desk.record((code, "T-1")).owner for code in "pq"] == ["", "ana"]
    with pytest.raises(Refused, match="nothing to undo here"):
        desk.undo("p")


def test_that_a_project_was_added_is_not_taken_back(tmp_path):
    clock = Clock()
    desk = seated(tmp_path, clock)
    desk.adopt(add_project(desk.session, "new", "New"))
    desk = seated(tmp_path, clock)
    with pytest.raises(Refused, match="nothing to undo"):
        desk.undo()
    with pytest.raises(Refused, match="archives it"):
        desk.take_back("new", desk.projects["new"].sequence)
    assert desk.projects["new"].data.project.title == "New"


@pytest.mark.parametrize("seed", range(8))
def test_random_steps_restarts_and_compactions_leave_what_a_plain_model_says(tmp_path, seed):
    """The model keeps the whole state before and after each act; nobody else writes."""
    rnd = random.Random(seed)
    clock = two_projects(tmp_path)
    desk = seated(tmp_path, clock)
    keys = [(code, number) for code in "pq" for number in ("T-1", "T-2")]
    state = dict.fromkeys(keys, "")
    done, undone = [], []
    for n in range(60):
        what = rnd.choice(["act", "act", "undo", "undo", "redo", "restart", "compact"])
        if what == "act":
            chosen = rnd.sample(keys, rnd.randint(1, 3))
            desk.act(chosen, lambda p, numbers, n=n: tasks.delegate(p, numbers, f"o{n}"))
            done.append(dict(state))
            state |= dict.fromkeys(chosen, f"o{n}")
            undone.clear()
        elif what in {"undo", "redo"}:
            source, other = (done, undone) if what == "undo" else (undone, done)
            if source:
                getattr(desk, what)()
                other.append(dict(state))
                state = source.pop()
            else:
                with pytest.raises(Refused, match=f"nothing to {what}"):
                    getattr(desk, what)()
        elif what == "restart":
            desk.close()
            desk = seated(tmp_path, clock)
        else:
            desk.projects[rnd.choice("pq")].db.journal.compact()
        assert {key: desk.record(key).owner for key in keys} == state


def test_undo_takes_back_nothing_of_a_project_that_was_put_in_the_place_of_another(tmp_path):
    home, other = tmp_path / "home", tmp_path / "other"
    add(new_project(home, code="p"), Task(title="mine"))
    theirs = new_project(other, code="p")
    add(theirs, Task(title="theirs"))
    records.edit_record(theirs, "T-1", {"title": "changed in another session"})
    theirs.close()
    archive = tmp_path / "p.pmtui"
    write_archive(archive, "p", pack(other / "p", Author("ana", "s1")))
    desk = desk_over(home)
    desk.commit(desk.projects["p"], lambda: tasks.complete(desk.projects["p"], ["T-1"]))
    restore(archive, home, Author("ben", "s2"), 0, replace=True)
    desk.refresh()
    with pytest.raises(Refused, match="nothing to undo"):
        desk.undo()
    assert desk.projects["p"].data.get("T-1").title == "changed in another session"


def test_a_project_that_somebody_added_is_found(tmp_path):
    desk = Desk(session(tmp_path / "ws"))
    desk.open_all()
    assert not desk.open_new()
    new_project(tmp_path / "ws", user="ben").close()
    assert desk.open_new()
    assert (list(desk.projects), desk.code) == (["hris"], "hris")
    assert not desk.open_new()
