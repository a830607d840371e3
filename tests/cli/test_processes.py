"""The shell as real processes: start-up, kills, pipes, odd terminals."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PMTUI = [sys.executable, "-m", "pmtui"]


@pytest.fixture
def workspace(tmp_path) -> Path:
    subprocess.run([*PMTUI, "--workspace", str(tmp_path), "projects", "add", "hris"], check=True, capture_output=True)
    return tmp_path


def pmtui(workspace: Path, *args: str, **kwargs) -> subprocess.CompletedProcess:
    return subprocess.run([*PMTUI, "--workspace", str(workspace), *args], capture_output=True, timeout=60, **kwargs)


RUNS = {
    "add": "add task 'One due fri every month'", "list": "list tasks late", "show": "show T-1 --json",
    "edit": "edit T-1 due=mon", "done": "done T-1", "undo": "undo", "redo": "redo", "history": "history T-1",
    "report": "report --format txt", "import": "import plan.csv --dry-run",
    "match": "match bank.csv --dry-run", "export": "export tasks --format json",
    "projects": "projects", "check": "check", "doctor": "doctor", "backup": "backup hris.zip",
    "restore": "restore hris.zip --as again", "compact": "compact", "config": "config",
    "completion": "completion bash", "delete": "delete T-2", "filters": "filters", "manual": "manual",
    "templates": "templates", "send": "send --help",
    "minutes": "minutes M-1", "calendar": "calendar",
}  # fmt: skip
"""How every command is called that shows no screen."""

AFTER_A_COMMAND = """
import os, shlex, sys
from pmtui.cli import cli
os.chdir(sys.argv[1])
for line in sys.argv[2:]:
    cli(["--workspace", "ws", "--project", "hris", *shlex.split(line)], standalone_mode=False)
    loaded = {"textual", "asyncio"} & {name.partition(".")[0] for name in sys.modules}
    assert not loaded, (line, loaded)
heavy = {"holidays", "jinja2", "docx", "pptx", "fpdf", "lxml", "PIL", "fontTools", "uharfbuzz"}
light = heavy & {name.partition(".")[0] for name in sys.modules}
assert not light, light
"""
"""The script that runs commands one after the other, and asks after each what was loaded."""


def test_no_command_loads_the_screen(tmp_path):
    from pmtui.cli import COMMANDS

    assert RUNS.keys() == COMMANDS.keys() - {"demo"}, "a command that is not looked at"
    subprocess.run(
        [*PMTUI, "--workspace", str(tmp_path / "ws"), "projects", "add", "hris"], check=True, capture_output=True
    )
    pmtui(tmp_path / "ws", "add", "meeting", "Kick-off fri 10:00")
    (tmp_path / "plan.csv").write_text("title,due\nOne,2026-12-01\n")
    (tmp_path / "bank.csv").write_text("Date,Vendor,Amount\n2026-11-03,Acme,-5\n")
    environ = os.environ | {"XDG_STATE_HOME": str(tmp_path / "state")}
    done = subprocess.run(
        [sys.executable, "-c", AFTER_A_COMMAND, str(tmp_path), *RUNS.values()],
        capture_output=True, text=True, timeout=60, env=environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_killed_process_loses_no_number_that_was_printed(workspace):
    process = subprocess.Popen(
        [*PMTUI, "--workspace", str(workspace), "add", "task", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin and process.stdout
    process.stdin.write(b"".join(b"Task number %d @ana\n" % n for n in range(2000)))
    process.stdin.flush()
    printed = [process.stdout.readline().decode().strip() for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    printed += process.stdout.read().decode().split()
    process.wait(timeout=10)
    process.stdin.close()
    process.stdout.close()
    found = json.loads(pmtui(workspace, "list", "tasks", "--json").stdout)
    assert len(printed) >= 25
    assert set(printed) <= {task["number"] for task in found}
    assert pmtui(workspace, "check").returncode == 0


def test_undo_in_the_next_process_of_the_same_shell(workspace):
    assert pmtui(workspace, "add", "task", "One").stdout == b"T-1\n"
    assert pmtui(workspace, "undo").returncode == 0
    assert json.loads(pmtui(workspace, "list", "tasks", "--json").stdout) == []


def test_a_reader_that_goes_away_is_no_traceback(workspace):
    many = "".join(f"Task number {n} with a title\n" for n in range(300))
    pmtui(workspace, "add", "task", "-", input=many.encode())
    listed = subprocess.Popen(
        [*PMTUI, "--workspace", str(workspace), "list", "tasks", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert listed.stdout and listed.stderr
    listed.stdout.close()
    assert listed.stderr.read() == b""
    listed.stderr.close()
    assert listed.wait(timeout=30) == 1


def test_an_output_that_is_not_utf_8(workspace):
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    pmtui(workspace, "add", "task", "Réunion à Lyon → 会議")
    shown = pmtui(workspace, "list", "tasks", env=environment)
    assert shown.returncode == 0
    assert "Réunion à Lyon ? ??".encode("latin-1") in shown.stdout
    (task,) = json.loads(pmtui(workspace, "list", "tasks", "--json", env=environment).stdout)
    assert task["title"] == "Réunion à Lyon → 会議"


def interrupted(process, tries=10):
    """Its exit code after Ctrl+C; pressed again where the signal came just before it began to wait for input."""
    for _ in range(tries):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(timeout=5)
    raise AssertionError("it does not end")


def test_interrupted_is_130(workspace):
    process = subprocess.Popen(
        [*PMTUI, "--workspace", str(workspace), "add", "task", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(b"One\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"T-1\n"
    assert interrupted(process) == 130
    assert process.stderr.read() == b""
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()


def test_without_a_terminal_the_screen_is_refused_in_a_line(workspace):
    done = pmtui(workspace, stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert b"pmtui list" in done.stderr
    assert done.stderr.count(b"\n") == 1
