"""Templates are kept for everybody, and applied as one change."""

import datetime as dt

import msgspec
import pytest
from factories import add, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import Person, Task
from pmtui.services import templates
from pmtui.services.pasted import PastedLines
from pmtui.services.shared import open_shared, shared

FRIDAY = dt.date(2026, 3, 27)


def applied(project, name, day, store=None):
    text, said = templates.lines_on(project, templates.template_named(store, name), day)
    return PastedLines(project, text, "task"), said


def charter(project, **values):
    with project.change("seed") as change:
        change.replace(msgspec.structs.replace(change.data.project, **values))


@pytest.mark.parametrize("name", ["Go-live cut-over", "Project kick-off", "Month-end"])
def test_one_that_ships_is_added_whole_with_its_parts_and_links_and_undone_at_once(tmp_path, name):
    project = new_project(tmp_path / "ws")
    lines, _ = applied(project, name, FRIDAY)
    assert all(line.state == "good" for line in lines.lines)
    before = project.sequence
    count = len(lines.lines)
    lines.add()
    assert (len(project.data.tasks), project.sequence) == (count, before + 1)
    assert any(task.depends_on for task in project.data.tasks.values())
    project.undo()
    assert not project.data.tasks


def test_dates_are_counted_and_days_off_are_said(tmp_path):
    project = new_project(tmp_path / "ws")
    store = shared(session(tmp_path / "ws"))
    templates.save_template(
        store, "Move", "Pack T-2wd ~4h\nMove start T due T\n  Unpack T+1 after previous\nRest T+1wd"
    )
    lines, _ = applied(project, "move", dt.date(2026, 3, 7), store)
    assert [(line.title, line.said) for line in lines.lines if line.said] == [
        ("Move", ["Sat 7 Mar is no working day"]),
        ("Unpack", ["Sun 8 Mar is no working day"]),
    ]
    assert "no line here" in lines.lines[2].problems[0], "there is none before it beside it"
    lines.edit(lines.lines[2], 'Unpack due 8 mar after "Pack"')
    lines.add()
    found = {task.title: task for task in project.data.tasks.values()}
    assert (found["Pack"].due, found["Move"].start, found["Rest"].due) == (day(3), day(5), day(7))
    assert (found["Unpack"].parent, found["Unpack"].depends_on) == ("T-2", ("T-1",))


def test_roles_are_the_people_who_have_them(tmp_path):
    project = new_project(tmp_path / "ws", Person(handle="ivo", role="DBA"))
    charter(project, manager="ben", sponsor="")
    store = shared(session(tmp_path / "ws"))
    templates.save_template(store, "Roles", "a @manager\nb @sponsor\nc @dba\nd @ivo\ne @zoe")
    lines, said = applied(project, "Roles", FRIDAY, store)
    lines.add()
    assert [task.owner for task in project.data.tasks.values()] == ["ben", "", "ivo", "ivo", "zoe"]
    assert said == ["no sponsor is set (P in Today): those tasks have no owner"]


def test_tasks_that_are_there_make_one_that_makes_them_again(tmp_path):
    project = new_project(
        tmp_path / "ws",
        Task(title="Pack", owner="ana", due=day(3), estimate=4.0),
        Task(title="Move", due=day(5), depends_on=("T-1",), tags=("office",)),
        Task(title="Unpack", due=day(6), parent="T-2"),
    )
    text, said = templates.from_tasks(project, ["T-1", "T-2", "T-3"], day(5))
    store = shared(session(tmp_path / "ws"))
    templates.save_template(store, "Move", text)
    lines, _ = applied(project, "Move", day(12), store)
    lines.add()
    for old, new in ((1, 4), (2, 5), (3, 6)):
        was, now = project.data.tasks[old], project.data.tasks[new]
        assert (now.title, now.owner, now.tags, now.estimate) == (was.title, was.owner, was.tags, was.estimate)
        assert now.due == was.due + dt.timedelta(days=7)
    assert (project.data.tasks[5].depends_on, project.data.tasks[6].parent) == (("T-4",), "T-5")
    assert said == ()


def test_it_is_kept_with_an_author_and_an_undo(tmp_path):
    assert open_shared(session(tmp_path / "ws")) is None
    store = shared(session(tmp_path / "ws", user="ben"))
    templates.save_template(store, "Move", "a T-1")
    assert templates.template_named(store, "MOVE").by == "ben"
    with pytest.raises(Refused, match="there is one already"):
        templates.save_template(store, "move", "b")
    templates.save_template(store, "move", "b T", replace=True)
    assert templates.template_named(store, "Move").tasks == "b T"
    store.undo()
    assert templates.template_named(store, "Move").tasks == "a T-1"
    assert templates.delete_template(store, "Move").words == "template Move deleted"
    assert store.story().told(next(store.history(newest_first=True))).sentence() == "deleted the template Move"
    store.undo()
    assert next(t.title for t in templates.all_templates(store)) == "Move"


def test_a_copy_of_one_that_ships_takes_its_place(tmp_path):
    store = shared(session(tmp_path / "ws"))
    shipped = templates.template_named(store, "month")
    templates.copy_template(store, shipped)
    found = [t for t in templates.all_templates(store) if t.title == "Month-end"]
    assert [bool(t.number) for t in found] == [True]
    templates.copy_template(store, found[0])
    assert "Month-end copy" in [t.title for t in templates.all_templates(store)]
    with pytest.raises(Refused, match="ships with pmtui"):
        templates.delete_template(store, "Go-live cut-over")


def test_an_unknown_name_says_which_there_are(tmp_path):
    with pytest.raises(Refused, match="Go-live cut-over, Project kick-off, Month-end"):
        templates.template_named(None, "zz")


def test_a_line_that_can_not_be_read_is_refused_when_it_is_saved(tmp_path):
    store = shared(session(tmp_path / "ws"))
    with pytest.raises(Refused, match="TP-1 tasks: line 2 due: '2026-02-31': is not a date"):
        templates.save_template(store, "x", "a\nb due 2026-02-31")


def test_only_tasks_make_one(tmp_path):
    project = new_project(tmp_path / "ws", Task(title="a"))
    add(project, Person(handle="zoe"))
    with pytest.raises(Refused, match="tasks alone"):
        templates.from_tasks(project, ["T-1", "P-1"], FRIDAY)
