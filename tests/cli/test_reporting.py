"""Reports of every kind from the shell: data on standard output, usable from cron."""

import json

import pytest
from click.testing import CliRunner
from factories import add, day, new_project, session

from pmtui.cli import cli
from pmtui.domain.records import Issue, Risk, Task
from pmtui.services import reports
from pmtui.shell.context import Shell


@pytest.fixture
def run(tmp_path):
    """A command over two projects, of which one has issued a status report."""
    first = new_project(
        tmp_path / "ws",
        Task(title="Load test", owner="ben", due=day(-9)),
        Risk(title="Vendor leaves", owner="ana", review_date=day(3), probability=2, impact=2),
        Issue(title="Firewall late", owner="ana", target_date=day(3)),
    )
    reports.save_words(first, "summary", "As issued.")
    reports.issue(first)
    add(first, Task(title="New and late", due=day(-1)))
    first.close()
    new_project(tmp_path / "ws", code="erp").close()

    def invoke(*words, project="hris"):
        named = ["--project", project] if project else []
        return CliRunner().invoke(cli, [*named, *words], obj=Shell(given=session(tmp_path / "ws")))

    return invoke


def ok(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(result, exit_code=1):
    assert result.exit_code == exit_code, result.output
    assert result.stdout == ""
    return result.stderr


def test_the_raid_log_takes_a_filter(run):
    assert "## Risks (1)" in ok(run("report", "--kind", "raid"))
    narrowed = ok(run("report", "--kind", "raid", "--filter", "is:issue"))
    assert "## Issues (1)" in narrowed
    assert "## Risks (0)" in narrowed
    assert "firewal" in refused(run("report", "--kind", "raid", "--filter", "firewal:x"), 2)
    (risk,) = json.loads(ok(run("report", "--kind", "raid", "--json")))["risks"]
    assert (risk["number"], risk["who"]) == ("R-1", "ana")


def test_the_week_takes_a_period(run):
    assert "Week 2 Mar to 8 Mar 2026" in ok(run("report", "--kind", "weekly", "--format", "txt"))
    assert "**Week** 1 Feb to 7 Feb 2026" in ok(run("report", "--kind", "weekly", "--period", "2026-02-01..2026-02-07"))
    assert "before the first" in refused(run("report", "--kind", "weekly", "--period", "2026-02-07..2026-02-01"))


def test_the_pack_is_of_all_projects_or_of_those_named_issued_or_drafts(run):
    both = ok(run("report", "--kind", "pack", project=""))
    assert "# Committee pack: 2 projects" in both
    assert "SR-1, 2 Mar" in both
    assert "As issued." in both
    one = ok(run("report", "--kind", "pack", "--projects", "hris", "--drafts", project=""))
    assert "# Committee pack: 1 project" in one
    assert "draft, 2 Mar" in one
    assert "there are erp, hris" in refused(run("report", "--kind", "pack", "--projects", "crm", project=""))


def test_an_exception_report_is_written_issued_and_printed_by_its_number(run):
    assert "nothing is written" in refused(run("report", "--kind", "exception", "--issue"))
    written = run(
        "report", "--kind", "exception", "--write", "title", "We are late", "--write", "Cause", "The vendor", "--issue"
    )
    assert "Exception report SR-2" in ok(written)
    assert "SR-2 issued" in written.stderr
    assert "We are late" in ok(run("report", "SR-2"))
    assert json.loads(ok(run("report", "sr-2", "--json")))["words"]["cause"] == "The vendor"
    assert "allowed: title, cause" in refused(run("report", "--kind", "exception", "--write", "weather", "sunny"))


def test_an_end_project_report_is_previewed_and_nothing_is_written(run):
    before = ok(run("history"))
    assert "# HRIS deployment: End-project report" in ok(run("report", "--kind", "end-project"))
    assert ok(run("history")) == before


def test_what_changed_since_the_last_or_between_two(run):
    since_last = ok(run("report", "--compare"))
    assert "SR-1 → draft" in since_last
    assert "- late\\: 1 → 2 tasks" in since_last or "- late: 1 → 2 tasks" in since_last
    assert ok(run("report", "--compare", "SR-1")) == since_last
    ok(run("report", "--write", "summary", "Worse.", "--issue"))
    between = json.loads(ok(run("report", "SR-2", "--compare", "SR-1", "--json")))
    assert (between["before"], between["after"]) == ("SR-1", "SR-2")
    assert between["changes"]["Words"] == ["summary, new: Worse.", "summary, gone: As issued."]
    assert "no status report was issued yet" in refused(run("report", "--compare", project="erp"))


@pytest.mark.parametrize(
    "words",
    [
        ("--kind", "raid", "--issue"),
        ("--kind", "weekly", "SR-1"),
        ("--kind", "pack", "--period", "2026-02-01..2026-02-07"),
        ("--kind", "exception", "--period", "2026-02-01..2026-02-07"),
        ("--filter", "late"),
        ("--projects", "hris"),
        ("--compare", "SR-1", "--issue"),
        ("SR-1", "--write", "summary", "x"),
        ("--kind", "weather"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(run, words):
    assert "Usage" in refused(run("report", *words), 2)
