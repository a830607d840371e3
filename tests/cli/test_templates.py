"""Templates in the shell: listed, shown, applied on a day, saved, deleted."""

import json

import pytest
from click.testing import CliRunner
from factories import add, day, new_project, session

from pmtui.cli import cli
from pmtui.domain.records import Task
from pmtui.services.projects import open_project
from pmtui.shell.context import Shell


@pytest.fixture
def run(tmp_path):
    project = new_project(tmp_path / "ws")
    add(project, Task(title="Pack", owner="ana", due=day(3)), Task(title="Move", due=day(4), depends_on=("T-1",)))
    project.close()

    def command(*words, text=None):
        return CliRunner().invoke(cli, words, obj=Shell(given=session(tmp_path / "ws")), input=text)

    return command


def tasks(tmp_path):
    project = open_project(session(tmp_path / "ws", name="look"), "hris")
    found = list(project.data.tasks.values())
    project.close()
    return found


def test_they_are_listed_and_shown(run):
    assert run("templates").stdout.splitlines()[1].startswith("Go-live cut-over     22  T-15wd to T+12wd")
    assert [t["name"] for t in json.loads(run("templates", "--json").stdout)] == [
        "Go-live cut-over",
        "Project kick-off",
        "Month-end",
    ]
    assert run("templates", "show", "month").stdout.startswith("Chase suppliers for late invoices @manager T-4wd")
    assert run("templates", "show", "zz").exit_code == 1


def test_a_dry_run_adds_nothing_and_tells_days_off(run, tmp_path):
    found = run("templates", "apply", "Go-live cut-over", "--on", "2026-12-12", "--dry-run")
    assert found.exit_code == 0
    assert "  10  Sat 12 Dec  @ana   Cut over" in found.stdout
    assert "line 10: Cut over: Sat 12 Dec is no working day" in found.stderr
    assert found.stderr.endswith("22 would be added\n")
    plan = json.loads(run("templates", "apply", "go-live", "--on", "2026-12-12", "--dry-run", "--json").stdout)
    assert (plan[9]["title"], plan[9]["due"], plan[9]["after"]) == ("Cut over", "2026-12-12", [9])
    assert len(tasks(tmp_path)) == 2


def test_it_is_applied_as_one_change_and_undone(run, tmp_path):
    found = run("templates", "apply", "month", "--on", "eom")
    assert found.stdout.split() == [f"T-{n}" for n in range(3, 11)]
    assert found.stderr.startswith("8 tasks added: T-3 to T-10")
    run("undo")
    assert len(tasks(tmp_path)) == 2


def test_tasks_are_saved_and_come_back_on_another_day(run, tmp_path):
    found = run("templates", "save", "Office move", "T-1", "t2", "--on", "2026-03-06", "--about", "For every office")
    assert (found.stdout, found.stderr) == ("Office move\n", "template Office move saved: 2 lines\n")
    assert run("templates", "show", "office").stdout.splitlines() == [
        "Pack @manager due T-1wd",
        'Move due T after "Pack"',
    ]
    assert run("templates", "save", "office move", "T-1", "--on", "fri").exit_code == 1
    run("templates", "apply", "office", "--on", "2026-03-13")
    assert [(t.title, t.due, t.depends_on) for t in tasks(tmp_path)[2:]] == [
        ("Pack", day(10), ()),
        ("Move", day(11), ("T-3",)),
    ]
    assert run("templates", "delete", "office move").exit_code == 0
    assert run("templates", "show", "office").exit_code == 1


def test_lines_are_saved_from_standard_input_and_wrong_ones_are_told(run):
    assert run("templates", "save", "Mine", "-", text="- a T-1wd\n  - b T @zoe\n").exit_code == 0
    found = run("templates", "save", "Bad", "-", text="a\nb due 2026-02-31\n")
    assert found.exit_code == 1
    assert "line 2" in found.stderr


def test_wrong_usage(run):
    assert run("templates", "save", "x", "T-1").exit_code == 2
    assert run("templates", "apply", "month").exit_code == 2
    assert "is not a date" in run("templates", "apply", "month", "--on", "zz").stderr


def test_a_line_that_can_not_be_added_here_keeps_all_of_them_out(run, tmp_path):
    run("templates", "save", "Needs", "-", text="a\nb in W-9\n")
    found = run("templates", "apply", "needs", "--on", "fri")
    assert found.exit_code == 1
    assert "nothing was added: 1 line of Needs" in found.stderr
    assert len(tasks(tmp_path)) == 2
