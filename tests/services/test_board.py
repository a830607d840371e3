"""A step along the board, and limits that hold on every way to write."""

import datetime as dt

import pytest
from factories import TODAY, add, new_project

from pmtui.domain.problems import Refused
from pmtui.domain.records import Task
from pmtui.services import records, tasks, verbs
from pmtui.services.board import step
from pmtui.services.quick import add_line


def limited(tmp_path, *, strict=True, **limits):
    project = new_project(
        tmp_path / "ws",
        Task(title="One", due=TODAY),
        Task(title="Two", status="doing"),
        Task(title="Three", status="blocked", blocked_reason="firewall"),
    )
    with project.change("settings") as change:
        change.edit(change.data.project, wip_limits=limits or {"doing": 1}, wip_strict=strict)
    return project


def status(project, number):
    return project.get(number).status


WAYS = {
    "a step": lambda p: step(p, ["T-1"], 1),
    "a status by name": lambda p: verbs.set_status(p, ["T-1"], "doing"),
    "no longer blocked": lambda p: tasks.unblock(p, ["T-3"]),
    "progress": lambda p: tasks.progress(p, ["T-1"], 50),
    "the shell's edit": lambda p: records.edit_record(p, "T-1", {"status": "doing"}),
    "a new one": lambda p: add(p, Task(title="Four", status="doing")),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_limit_that_holds_refuses_on_every_way(tmp_path, way):
    project = limited(tmp_path)
    before = project.sequence
    with pytest.raises(Refused, match=r"it holds 1, its limit is 1: .*Board limits in Project settings"):
        WAYS[way](project)
    assert project.sequence == before


@pytest.mark.parametrize("way", WAYS)
def test_a_limit_that_warns_lets_it_pass_and_says_so(tmp_path, way):
    project = limited(tmp_path, strict=False)
    outcome = WAYS[way](project)
    assert sum(t.status == "doing" for t in project.data.tasks.values()) == 2
    if way != "a new one":
        assert "▲ 2 in doing, the limit is 1" in outcome.said


def test_what_is_in_a_full_column_can_be_changed_there(tmp_path):
    project = limited(tmp_path)
    tasks.delegate(project, ["T-2"], "ben")
    tasks.reschedule(project, ["T-2"], TODAY + dt.timedelta(days=3))
    assert project.get("T-2").owner == "ben"


def test_undo_and_redo_are_not_held_back_by_a_limit(tmp_path):
    project = limited(tmp_path, doing=1)
    step(project, ["T-2"], 1)
    step(project, ["T-1"], 1)
    back = next(t for t in project.history() if t.note.verb == "done")
    project.undo(back.sequence)
    assert [status(project, n) for n in ("T-1", "T-2")] == ["doing", "doing"]


def test_corrections_and_imports_are_not_held_back_by_a_limit(tmp_path):
    project = limited(tmp_path)
    with project.change("import plan.csv") as change:
        first = change.reserve_ids("tasks", 1)
        change.replace_many([Task(id=first, title="As it is elsewhere", status="doing")])
    assert status(project, f"T-{first}") == "doing"


def test_what_waits_is_never_refused_a_place_among_the_done(tmp_path):
    project = limited(tmp_path, done=1)
    tasks.complete(project, ["T-1", "T-2"])
    assert status(project, "T-1") == "done"


def test_each_of_several_goes_one_step_and_those_at_the_end_stay(tmp_path):
    project = limited(tmp_path, strict=False, blocked=9)
    outcome = step(project, ["T-1", "T-2", "T-3"], 1)
    assert [status(project, n) for n in ("T-1", "T-2", "T-3")] == ["doing", "done", "done"]
    assert outcome.words == "T-1 in doing, 2 records in done"
    again = step(project, ["T-1", "T-2"], 1)
    assert again.words == "T-1 in done"
    assert again.said == ("T-2 stayed: no column beyond done",)
    with pytest.raises(Refused, match="no column beyond done"):
        step(project, ["T-1"], 1)
    step(project, ["T-1"], -1)
    assert status(project, "T-1") == "doing"


def test_a_step_into_done_makes_the_next_of_what_repeats(tmp_path):
    project = limited(tmp_path, strict=False)
    add_line(project, "task", "Weekly report due today every week")
    outcome = step(project, ["T-4"], 1)
    assert status(project, "T-4") == "doing"
    outcome = step(project, ["T-4"], 1)
    assert any("is the next one" in said for said in outcome.said)
