"""What the projects of a workspace share: made when first written, undone like everything else."""

import threading

import pytest
from factories import new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import SavedFilter, Task
from pmtui.services.desk import Desk
from pmtui.services.project import Outcome
from pmtui.services.shared import open_shared, shared
from pmtui.store.workspace import SHARED

LATE = SavedFilter(title="late-mine", text="late mine")


def add(store, record):
    with store.change("save filter") as change:
        found = change.add(record)
    return Outcome((found.number,), f"{found.number} saved")


def desk_over(path, user="ana", name="s1"):
    new_project(path).close()
    desk = Desk(session(path, user, name))
    desk.open_all()
    return desk


def test_nothing_is_made_until_something_is_shared(tmp_path):
    assert open_shared(session(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


def test_what_one_shares_another_reads_and_it_is_no_project(tmp_path):
    store = shared(session(tmp_path))
    add(store, LATE)
    other = open_shared(session(tmp_path, "ben", "s2"))
    (found,) = other.data.filters.values()
    assert (found.title, found.text, found.created_by) == ("late-mine", "late mine", "ana")
    assert session(tmp_path).workspace.codes() == []
    assert session(tmp_path).workspace.unreadable() == []


def test_a_task_is_not_shared_and_a_filter_is_no_project_s(tmp_path):
    with pytest.raises(Refused, match="not kept here"):
        add(shared(session(tmp_path)), Task(title="Kick-off"))
    with pytest.raises(Refused, match="not kept here"):
        add(new_project(tmp_path), LATE)


def test_the_desk_undoes_and_brings_back_what_was_shared(tmp_path):
    desk = desk_over(tmp_path / "ws")
    assert desk.shared is None
    store = desk.share()
    desk.commit(store, lambda: add(store, LATE))
    assert "=late-mine" in desk.undo().words
    assert not store.data.filters
    desk.redo()
    assert store.data.filters


def test_what_was_shared_before_a_restart_can_still_be_undone(tmp_path):
    desk = desk_over(tmp_path / "ws")
    store = desk.share()
    desk.commit(store, lambda: add(store, LATE))
    desk.close()
    again = Desk(session(tmp_path / "ws"))
    again.open_all()
    again.undo()
    assert not again.shared.data.filters


def test_a_colleague_s_is_not_undone(tmp_path):
    desk = desk_over(tmp_path / "ws")
    add(shared(session(tmp_path / "ws", "ben", "s2")), LATE)
    with pytest.raises(Refused, match="nothing to undo"):
        desk.undo()


def test_others_changes_come_in(tmp_path):
    desk = desk_over(tmp_path / "ws")
    store = desk.share()
    told = []
    desk.listeners.append(lambda code, _: told.append(code))
    add(shared(session(tmp_path / "ws", "ben", "s2")), LATE)
    assert desk.refresh() == 1
    assert store.data.filters and told == [SHARED]


def test_those_who_share_first_at_the_same_moment_share_one_store(tmp_path):
    problems = []

    def share(number):
        try:
            store = shared(session(tmp_path / "ws", f"u{number}", f"s{number}"))
            add(store, SavedFilter(title=f"mine-{number}", text="mine"))
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=share, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert len(open_shared(session(tmp_path / "ws")).data.filters) == 6
