"""Scripts that read a record, think, and write it back: `show --json` tells where, `edit --base` joins."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from pmtui.cli import cli
from pmtui.services.session import Session
from pmtui.shell.context import Shell

NOW = dt.datetime(2026, 3, 4, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command as pat, or as somebody else, in a project with one task."""
    for name in ("PMTUI_PROJECT", "PMTUI_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*args: str, user: str = "pat"):
        who = Session(tmp_path / "w", user=user, name=f"sh-{user}", now=lambda: NOW, durable=False)
        return CliRunner().invoke(cli, list(args), obj=Shell(given=who))

    assert invoke("projects", "add", "hris", "--name", "HRIS").exit_code == 0
    assert invoke("add", "task", "Migrate due fri").exit_code == 0
    assert invoke("edit", "T-1", "notes=one", "actual_effort=4").exit_code == 0
    return invoke


def read(run) -> dict:
    return json.loads(run("show", "T-1", "--json").stdout)


def test_an_edit_with_its_base_is_joined_with_what_others_wrote(run):
    began = read(run)
    assert run("edit", "T-1", "notes=one\nben", "actual_effort=6", "owner=ben", user="ben").exit_code == 0
    result = run("edit", "T-1", "--base", str(began["change"]), "notes=one\npat", "actual_effort=5")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "Actual effort: ben added 2h meanwhile (09:00), both count" in result.stderr
    after = read(run)
    assert (after["notes"], after["actual_effort"], after["owner"]) == ("one\nben\npat", 7.0, "ben")
    assert after["change"] == began["change"] + 2


def test_a_conflict_exits_1_with_both_values_who_and_when(run):
    base = str(read(run)["change"])
    assert run("edit", "T-1", "due=2026-03-12", user="ben").exit_code == 0
    result = run("edit", "T-1", "--base", base, "due=2026-03-13", "title=Move")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "T-1 due: 'Fri 13 Mar': ben changed it meanwhile (09:00) to Thu 12 Mar\n"
    assert read(run)["title"] == "Migrate"


def test_without_a_base_the_edit_is_of_the_record_as_it_is(run):
    assert run("edit", "T-1", "due=2026-03-12", user="ben").exit_code == 0
    assert run("edit", "T-1", "due=2026-03-13").exit_code == 0
    assert read(run)["due"] == "2026-03-13"


def test_a_status_is_compared_with_its_base_too(run):
    base = str(read(run)["change"])
    assert run("edit", "T-1", "status=doing", user="ben").exit_code == 0
    result = run("edit", "T-1", "--base", base, "status=done")
    assert result.exit_code == 1
    assert "ben changed it meanwhile (09:00) to doing" in result.stderr
    assert run("edit", "T-1", "--base", str(read(run)["change"]), "status=done").exit_code == 0
    assert read(run)["finish_date"] == "2026-03-04"


@pytest.mark.parametrize(
    ("base", "words", "exit_code"),
    [
        ("99", "99: there is no such change yet; the last one is 3", 1),
        ("-1", "-1: there is no such change yet", 1),
        ("1", "T-1 was not there yet after 1", 1),
        ("soon", "'soon' is not a valid integer", 2),
    ],
)
def test_an_unknown_base_is_refused_in_words(run, base, words, exit_code):
    result = run("edit", "T-1", "--base", base, "title=x")
    assert result.exit_code == exit_code
    assert words in result.stderr
    assert read(run)["title"] == "Migrate"
