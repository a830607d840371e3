"""Minutes and calendars from the shell."""

import datetime as dt

import pytest
from click.testing import CliRunner
from factories import day, new_project

from pmtui.cli import cli
from pmtui.domain.records import Meeting, Milestone
from pmtui.services.meetings import publish


@pytest.fixture
def run(tmp_path):
    project = new_project(
        tmp_path / "ws",
        Meeting(title="Steering", start=dt.datetime(2026, 3, 2, 10), notes="Said [/foo]."),
        Milestone(title="UAT", forecast=day(30)),
    )
    publish(project, "M-1")
    project.close()

    def call(*arguments):
        return CliRunner().invoke(cli, ["--workspace", str(tmp_path / "ws"), *arguments])

    return call


def test_minutes_are_printed_as_they_were_published(run):
    done = run("minutes", "M-1")
    assert done.exit_code == 0
    assert done.stdout.startswith("# Steering: Minutes 1\n")
    assert "Said [/foo]." in run("minutes", "M-1", "--format", "txt").stdout
    assert run("minutes", "MS-1").exit_code == 1


def test_a_calendar_goes_out_and_comes_in_unchanged(run, tmp_path):
    whole = run("calendar")
    assert (whole.exit_code, whole.stderr) == (0, "1 meeting and 1 milestone written\n")
    file = tmp_path / "cal.ics"
    file.write_text(whole.stdout)
    done = run("import", str(file), "--dry-run")
    assert done.exit_code == 0, done.output
    assert "1 meeting unchanged; 1 milestone unchanged" in done.stdout


def test_export_writes_one_kind_filtered(run):
    done = run("export", "meetings", "steering", "--format", "ics")
    assert done.stdout.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Steering" in done.stdout
    assert "BEGIN:VEVENT" not in run("export", "meetings", "weekly", "--format", "ics").stdout
    assert run("export", "tasks", "--format", "ics").exit_code == 2


def test_what_is_bad_names_its_line_and_uid(run, tmp_path):
    file = tmp_path / "bad.ics"
    lines = [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "UID:bad@x",
        "SUMMARY:Sync",
        "DTSTART:never",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    file.write_text("\n".join(lines))
    done = run("import", str(file))
    assert done.exit_code == 1
    assert "line 2" in done.stderr
    assert "bad@x" in done.stderr
