"""A task that repeats has its next one however it is done, in the same undo."""

import datetime as dt

import pytest
from factories import day, new_project

from pmtui.domain.problems import Refused
from pmtui.domain.records import Task
from pmtui.services import records, tasks, verbs
from pmtui.services.quick import add_line


def the(project, number):
    return project.data.get(number)


DONE_BY = {
    "the key": lambda p: verbs.complete(p, ["T-1"]),
    "in bulk": lambda p: tasks.complete(p, ["T-1", "T-2"]),
    "the board": lambda p: tasks.move_to(p, ["T-1"], "done"),
    "its percent": lambda p: tasks.progress(p, ["T-1"], 100),
    "the form": lambda p: records.edit_record(p, "T-1", {"percent_done": "100"}),
    "the shell": lambda p: verbs.set_status(p, ["T-1"], "done"),
}


@pytest.mark.parametrize("how", DONE_BY)
def test_the_next_one_is_made_however_it_is_done_and_undone_with_it(tmp_path, how):
    repeating = Task(title="Report", owner="ana", due=day(-6), repeats="every 2nd tue", tags=("pmo",), estimate=2)
    project = new_project(tmp_path, repeating, Task(title="other"))
    DONE_BY[how](project)
    new = the(project, "T-3")
    assert (the(project, "T-1").status, the(project, "T-1").repeats) == ("done", "")
    assert (new.title, new.due, new.repeats, new.status) == ("Report", day(8), "every 2nd tue", "to do")
    assert (new.owner, new.tags, new.estimate, new.slip_count) == ("ana", ("pmo",), 2, 0)
    project.undo()
    assert the(project, "T-3") is None
    assert (the(project, "T-1").status, the(project, "T-1").repeats) == ("to do", "every 2nd tue")


def test_a_slip_does_not_carry_the_series_away(tmp_path):
    project = new_project(tmp_path, Task(title="Weekly", due=day(-3), repeats="every week"))
    tasks.reschedule(project, ["T-1"], day(0), "holiday")
    tasks.complete(project, ["T-1"])
    assert the(project, "T-2").due == day(4), "a Friday, as the first one was"


def test_one_done_before_its_day_is_not_due_again_on_it(tmp_path):
    project = new_project(tmp_path, Task(title="Report", due=day(8), repeats="every 2nd tue"))
    records.edit_record(project, "T-1", {"due": day(1).isoformat()})
    tasks.complete(project, ["T-1"])
    assert the(project, "T-2").due == dt.date(2026, 4, 14)


def test_missed_ones_are_passed_over(tmp_path):
    project = new_project(tmp_path, Task(title="Daily", due=day(-30), repeats="every day"))
    assert tasks.complete(project, ["T-1"]).said == ("T-2 is the next one, due tomorrow",)


def test_a_day_off_is_the_working_day_after_where_that_was_said(tmp_path):
    project = new_project(
        tmp_path, Task(title="Pay", due=dt.date(2026, 2, 15), repeats="every 15th or next working day")
    )
    tasks.complete(project, ["T-1"])
    assert the(project, "T-2").due == dt.date(2026, 3, 16), "the 15th is a Sunday"


def test_the_last_one_says_so(tmp_path):
    project = new_project(tmp_path, Task(title="Review", due=day(0), repeats="every week 2 times"))
    assert tasks.complete(project, ["T-1"]).said == ("T-2 is the next one, due Mon 9 Mar, 1 left with it",)
    assert the(project, "T-2").repeats == "every week once more"
    assert tasks.complete(project, ["T-2"]).said == ("T-2 was the last one: it repeated every week once more",)
    assert len(project.data.tasks) == 2


def test_what_is_dropped_repeats_no_more_and_says_so(tmp_path):
    project = new_project(tmp_path, Task(title="Review", due=day(0), repeats="every week"))
    assert tasks.drop(project, ["T-1"], "no need").said == ("T-1 repeated; no next one is made, as it is dropped",)
    assert len(project.data.tasks) == 1


def test_a_line_a_form_and_an_edit_give_the_first_day(tmp_path):
    project = new_project(tmp_path, Task(title="Old"))
    add_line(project, "task", "Report every last fri until 30 jun")
    records.add_record(project, Task.TYPE, {"title": "Form", "repeats": "Every 2nd Tue"})
    records.edit_record(project, "T-1", {"repeats": "every fri"})
    assert [(t.due, t.repeats) for t in project.data.tasks.values()] == [
        (day(4), "every fri"),
        (dt.date(2026, 3, 27), "every last fri until 2026-06-30"),
        (day(8), "every 2nd tue"),
    ]
    records.edit_record(project, "T-2", {"repeats": "every month"})
    assert the(project, "T-2").due == dt.date(2026, 3, 27), "a due date that is there stays"


def test_what_is_no_repetition_is_refused_with_what_is_allowed(tmp_path):
    project = new_project(tmp_path, Task(title="Old"))
    with pytest.raises(Refused, match="'every blue moon': is no repetition"):
        records.edit_record(project, "T-1", {"repeats": "every blue moon"})
