"""The reasons to choose from follow what the history holds, and what is decided in the session."""

from factories import day, new_project, session

from pmtui.domain.reasons import ENDED, MOVED
from pmtui.domain.records import Task
from pmtui.services import tasks
from pmtui.services.projects import open_project
from pmtui.services.reasons import reasons_of


def project(tmp_path):
    return new_project(tmp_path / "ws", *(Task(title=f"t{n}", due=day(-9)) for n in range(4)))


def first(found):
    return (found[0].key, found[0].words)


def test_they_are_read_from_the_history_by_another_session(tmp_path):
    mine = project(tmp_path)
    for offset in (1, 2):
        tasks.reschedule(mine, ["T-1"], day(offset), "test data late")
    theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
    assert first(reasons_of(theirs, MOVED)) == ("1", "test data late")


def test_they_follow_what_is_decided_here_and_elsewhere(tmp_path):
    mine = project(tmp_path)
    assert first(reasons_of(mine, MOVED)) == ("v", "vendor late")
    tasks.reschedule(mine, ["T-1"], day(1), "capacity")
    assert first(reasons_of(mine, MOVED)) == ("c", "capacity")
    theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
    for number in ("T-1", "T-2", "T-3"):
        tasks.reschedule(theirs, [number], day(5), "scope grew")
    mine.refresh()
    assert first(reasons_of(mine, MOVED)) == ("s", "scope grew")


def test_what_was_taken_back_taught_nothing(tmp_path):
    mine = project(tmp_path)
    for offset in (1, 2):
        tasks.reschedule(mine, ["T-1"], day(offset), "a slip of the tongue")
        mine.undo()
    assert all(reason.words != "a slip of the tongue" for reason in reasons_of(mine, MOVED))
    for offset in (1, 2):
        tasks.reschedule(mine, ["T-1"], day(offset), "another slip")
    assert first(reasons_of(mine, MOVED)) == ("1", "another slip")
    mine.undo()
    assert all(reason.words != "another slip" for reason in reasons_of(mine, MOVED))


def test_dropping_learns_from_dropping(tmp_path):
    mine = project(tmp_path)
    for number in ("T-1", "T-2"):
        tasks.drop(mine, [number], "the site closes")
    assert first(reasons_of(mine, ENDED)) == ("1", "the site closes")
    assert all(reason.words != "the site closes" for reason in reasons_of(mine, MOVED))
