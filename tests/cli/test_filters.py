"""Filters in the shell: pointed at where they can't be read, saved under names, the same everywhere."""

import json

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from factories import add, day, new_project, session

from pmtui.cli import cli
from pmtui.domain.records import Task
from pmtui.services.shared import open_shared
from pmtui.shell.context import Shell


@pytest.fixture
def run(tmp_path):
    project = new_project(tmp_path / "ws")
    add(project, Task(title="Migrate payroll", owner="ana", due=day(-3)), Task(title="Interface", owner="ben"))
    project.close()

    def command(*words):
        return CliRunner().invoke(cli, words, obj=Shell(given=session(tmp_path / "ws")))

    return command


def test_the_word_that_can_not_be_read_has_carets_under_it(run):
    found = run("list", "tasks", "日本", "ownr:ana", "late")
    assert found.exit_code == 2
    assert found.stdout == ""
    assert found.stderr.splitlines() == [
        "filter: no record has a field ownr; is it owner?",
        "  日本 ownr:ana late",
        "       ^^^^^^^^",
    ]


def test_export_points_too(run):
    found = run("export", "tasks", "status:zzz")
    assert found.exit_code == 2
    assert found.stderr.splitlines()[-2:] == ["  status:zzz", "         ^^^"]


def test_a_filter_is_saved_listed_used_renamed_and_deleted(run):
    assert run("filters").stderr.startswith("no filter is saved yet")
    assert run("filters", "add", "late-ana", "late", "@ana").stderr == "late-ana saved: late @ana\n"
    assert run("filters").stdout.splitlines() == ["Name      Filter     By", "late-ana  late @ana  ana"]
    (saved,) = json.loads(run("filters", "--json").stdout)
    assert (saved["name"], saved["filter"], saved["created_by"]) == ("late-ana", "late @ana", "ana")
    assert run("list", "tasks", "--filter", "late-ana").stderr == "1 of 2 tasks shown\n"
    assert run("list", "tasks", "--filter", "late-ana", "payroll", "or", "x").stderr == "1 of 2 tasks shown\n"
    assert run("list", "tasks", "-=late-ana").stderr == "1 of 2 tasks shown\n"
    assert run("export", "tasks", "--filter", "late-ana").stderr == "1 task written\n"
    assert run("filters", "rename", "late-ana", "ana late").stderr == "late-ana is now called ana-late\n"
    assert run("filters", "delete", "ana-late").exit_code == 0
    assert json.loads(run("filters", "list", "--json").stdout) == []


def test_undo_brings_a_deleted_filter_back(run, tmp_path):
    run("filters", "add", "late-ana", "late")
    run("filters", "delete", "late-ana")
    assert run("undo").stderr == "undo: deleted the filter =late-ana: late\n"
    assert [f.title for f in open_shared(session(tmp_path / "ws")).data.filters.values()] == ["late-ana"]


def test_a_name_that_is_taken_needs_a_word(run):
    run("filters", "add", "late-ana", "late")
    refused = run("filters", "add", "late-ana", "blocked")
    assert refused.exit_code == 1
    assert "late-ana is saved already: late" in refused.stderr
    assert run("filters", "add", "--replace", "late-ana", "blocked").exit_code == 0


def test_a_filter_that_can_not_be_read_is_not_saved(run):
    found = run("filters", "add", "typo", "late", "ownr:ana")
    assert found.exit_code == 2
    assert found.stderr.splitlines()[-1] == "       ^^^^^^^^"


def test_an_unknown_name_is_told_with_those_there_are(run):
    run("filters", "add", "late-ana", "late")
    found = run("list", "tasks", "--filter", "late-ann")
    assert found.exit_code == 2
    assert "no filter is saved as late-ann; is it late-ana?" in found.stderr


def test_a_circle_is_refused_with_its_names(run):
    run("filters", "add", "one", "late")
    run("filters", "add", "two", "=one", "open")
    found = run("filters", "add", "--replace", "one", "=two")
    assert found.exit_code == 1
    assert "one → two → one" in found.stderr


def test_names_are_completed(run, tmp_path):
    run("filters", "add", "late-ana", "late")
    completing = ShellComplete(cli, {"obj": Shell(given=session(tmp_path / "ws"))}, "pmtui", "_PMTUI_COMPLETE")
    found = completing.get_completions(["list", "tasks", "--filter"], "LA")
    assert [item.value for item in found] == ["late-ana"]
    assert [item.value for item in completing.get_completions(["filters", "delete"], "x")] == []


def test_the_doctor_looks_at_what_projects_share(run):
    run("filters", "add", "one", "late")
    assert "what projects share" in run("doctor").stdout


def test_projects_stay_the_only_projects(run):
    run("filters", "add", "one", "late")
    assert [p["code"] for p in json.loads(run("projects", "--json").stdout)] == ["hris"]


def test_check_and_backup_cover_what_projects_share_and_restore_brings_it_back(run, tmp_path):
    run("filters", "add", "one", "late")
    assert [row["project"] for row in json.loads(run("check", "--json").stdout)] == ["hris", "_workspace"]
    assert json.loads(run("check", "--json").stdout)[1]["notes"] == []
    packed = run("backup", "--all", str(tmp_path)).stdout.splitlines()
    assert len(packed) == 2
    run("filters", "delete", "one")
    assert run("restore", packed[1], "--as", "other").exit_code == 1
    assert run("restore", packed[1], "--replace").stdout == "_workspace\n"
    assert run("filters").stdout.splitlines()[1].startswith("one")


def test_the_shared_store_has_a_history_and_takes_no_task(run):
    run("filters", "add", "one", "late")
    assert "ana saved the filter =one: late" in run("--project", "_workspace", "history").stdout
    refused = run("--project", "_workspace", "add", "task", "Kick-off")
    assert refused.exit_code == 1
    assert "a task is not kept here" in refused.stderr


def test_the_report_s_preview_ends_with_what_a_filter_shows(run):
    run("filters", "add", "late-ana", "late", "@ana")
    page = run("report", "--list", "=late-ana", "--list", "zebra").stdout
    assert "## Listed: =late-ana" in page
    assert "| T-1 | Migrate payroll | ana | 27 Feb | to do |" in page
    assert "Nothing fits." in page
    text = run("report", "--format", "txt", "--list", "=late-ana").stdout
    assert "T-1  Migrate payroll" in text
    told = json.loads(run("report", "--json", "--list", "=late-ana").stdout)
    assert told["listed"] == [{"filter": "=late-ana", "numbers": ["T-1"]}]
    assert "listed" not in json.loads(run("report", "--json").stdout)


def test_a_report_that_is_issued_has_no_lists_and_a_list_that_can_not_be_read_is_pointed_at(run):
    assert run("report", "--issue", "--list", "late").exit_code == 2
    found = run("report", "--list", "late ownr:x")
    assert found.exit_code == 2
    assert found.stderr.splitlines()[-1] == "       ^^^^^^"


def test_scripts_get_what_was_saved(run):
    assert run("filters", "add", "one", "late").stdout == "one\n"
    assert json.loads(run("filters", "rename", "one", "two", "--json").stdout)["name"] == "two"
