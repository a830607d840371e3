"""pmtui report: every format to a file or a pipe, minutes by their number, and the templates of the pages."""

import json
import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner
from factories import session
from read_back import pdf_pages, read

from pmtui.cli import cli
from pmtui.services.page_templates import folder
from pmtui.shell.context import Shell


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = session(tmp_path / "ws", "pat")

    def call(*args):
        return CliRunner().invoke(cli, args, obj=Shell(given=given))

    assert call("projects", "add", "hris", "--name", "HRIS deployment").exit_code == 0
    assert call("add", "task", "Load test @ben due 2026-02-20").exit_code == 0
    assert call("add", "risk", "Vendor late @chi p4 i5").exit_code == 0
    return call


def ok(result):
    assert result.exit_code == 0, result.output
    return result


def refused(result, exit_code=1):
    assert result.exit_code == exit_code, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize("ending", ["md", "html", "docx", "pptx"])
def test_the_format_is_that_of_the_files_ending(run, tmp_path, ending):
    said = ok(run("report", "--output", f"status.{ending}")).stderr
    assert f"status.{ending} written" in said
    path = tmp_path / f"status.{ending}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert read(ending, path.read_bytes()).tables["Risks"][0][1] == "Vendor late"


def test_txt_json_and_pdf_files(run, tmp_path):
    for name in ("a.txt", "a.json", "a.PDF"):
        ok(run("report", "--output", name))
    assert "Vendor late" in (tmp_path / "a.txt").read_text()
    assert json.loads((tmp_path / "a.json").read_text())["code"] == "hris"
    assert "Vendorlate" in pdf_pages((tmp_path / "a.PDF").read_bytes())[0]


def test_a_file_that_is_there_is_never_written_over(run, tmp_path):
    (tmp_path / "status.html").write_text("mine")
    assert "there is such a file already" in refused(run("report", "--output", "status.html"))
    assert (tmp_path / "status.html").read_text() == "mine"


def test_nothing_is_issued_where_the_page_cannot_be_written(run, tmp_path, monkeypatch):
    (tmp_path / "status.html").write_text("mine")
    refused(run("report", "--issue", "--output", "status.html"))
    monkeypatch.setattr("pmtui.reports.formats.find_spec", lambda name: None)
    assert "pmtui[pdf]" in refused(run("report", "--issue", "--output", "status.pdf"))
    assert json.loads(ok(run("list", "reports", "--json")).stdout) == []


def test_an_unknown_ending_is_wrong_usage(run):
    assert "allowed: md, txt, html" in refused(run("report", "--output", "status.odt"), exit_code=2)
    refused(run("report", "--format", "odt"), exit_code=2)


def test_a_pipe_gets_the_bytes_and_a_terminal_none(tmp_path, run):
    command = [sys.executable, "-m", "pmtui", "--workspace", str(tmp_path / "ws"), "report", "--format", "docx"]
    environ = os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")}
    piped = subprocess.run(command, capture_output=True, timeout=60, env=environ)
    assert read("docx", piped.stdout).tables["Risks"]
    ours, theirs = pty.openpty()
    shown = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, timeout=60, env=environ)
    os.close(theirs)
    os.close(ours)
    assert shown.returncode == 2
    assert b"name a file with --output, or redirect it" in shown.stderr


def test_the_json_of_an_issued_report_are_its_frozen_numbers(run):
    ok(run("report", "--issue"))
    frozen = json.loads(ok(run("report", "SR-1", "--format", "json")).stdout)
    assert frozen == json.loads(ok(run("report", "SR-1", "--json")).stdout)
    ok(run("add", "risk", "Another @chi p5 i5"))
    assert json.loads(ok(run("report", "SR-1", "--json")).stdout) == frozen
    assert frozen["risks"]["total"] == 1


def test_minutes_by_their_number(run, tmp_path):
    ok(run("add", "meeting", "Steering 27 feb 10:00"))
    assert "not published yet" in refused(run("report", "M-1"))
    from pmtui.services import meetings
    from pmtui.services.projects import open_project

    meetings.publish(open_project(session(tmp_path / "ws", "pat"), "hris"), "M-1")
    assert "# Steering: Minutes 1" in ok(run("report", "M-1")).stdout
    ok(run("report", "M-1", "--output", "m.docx"))
    assert read("docx", (tmp_path / "m.docx").read_bytes()).words[0] == "Steering: Minutes 1"
    assert "minutes are text" in refused(run("report", "M-1", "--json"), exit_code=2)
    assert "such as SR-1, or of a meeting" in refused(run("report", "T-1"))


def test_a_template_is_written_out_checked_and_used(run, tmp_path):
    assert "the pages are those that ship" in ok(run("report", "--template-check")).stderr
    ok(run("report", "--write-template", "html"))
    assert "it is there already" in refused(run("report", "--write-template", "report.html"))
    assert ok(run("report", "--template-check")).stdout == "report.html: sound\n"
    path = folder(tmp_path / "ws") / "report.html"
    path.write_text("<h1>{{ report.project }}</h1>")
    assert ok(run("report", "--format", "html")).stdout == "<h1>HRIS deployment</h1>\n"
    path.write_text("\n{{ report.nothing }}")
    checked = run("report", "--template-check")
    assert checked.exit_code == 1
    assert checked.stdout.startswith(f"report.html: {path} line 2: there is no 'nothing'; allowed: ")
    assert f"{path} line 2" in refused(run("report", "--output", "x.html"))
    assert not (tmp_path / "x.html").exists()


def test_lists_are_in_every_format(run, tmp_path):
    ok(run("report", "--list", "late", "--output", "x.docx"))
    assert read("docx", (tmp_path / "x.docx").read_bytes()).tables["Listed: late"][0][1] == "Load test"


LIBRARIES = {"md": set(), "html": {"jinja2"}, "docx": {"docx"}, "pptx": {"pptx"}, "pdf": {"fpdf", "uharfbuzz"}}
WHAT_IS_LOADED = """
import sys
from pmtui.cli import cli
cli(["--workspace", "ws", "report", "--output", f"x.{sys.argv[1]}"], standalone_mode=False)
print(*sorted({"jinja2", "docx", "pptx", "fpdf", "uharfbuzz", "textual"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("ending", LIBRARIES)
def test_a_format_loads_its_own_library_alone(run, tmp_path, ending):
    environ = os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "-c", WHAT_IS_LOADED, ending]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path, env=environ)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == LIBRARIES[ending]
