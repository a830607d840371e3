"""``pmtui doctor``: what stands in the way, told with its remedy; nothing is changed and nothing hangs."""

import fcntl
import json
import os
import pty
import subprocess
import sys
import termios
import threading

import pytest
from click.testing import CliRunner
from factories import new_project, session

from pmtui.cli import cli
from pmtui.domain.records import Task
from pmtui.services import doctor as services
from pmtui.services.doctor import NOTE, OK, PROBLEM, examine, file_system
from pmtui.shell import doctor as shell
from pmtui.shell.context import Shell
from pmtui.terminal import asking
from pmtui.terminal.asking import round_trip

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def workspace(tmp_path):
    new_project(tmp_path / "ws", Task(title="Sign off the plan")).close()
    return tmp_path / "ws"


@pytest.fixture
def run(workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("PMTUI_PROJECT", raising=False)
    return lambda *args: CliRunner().invoke(cli, ["doctor", *args], obj=Shell(given=session(workspace)))


def told(path, **more):
    """What is told of a workspace, by topic; the last of each."""
    return {found.topic: found for found in examine(session(path), path.parent / "state", **more)}


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_whole_workspace_has_no_problem_and_is_left_as_it_was(run, workspace):
    before = names(workspace)
    result = run()
    assert result.exit_code == 0, result.output
    assert "no terminal here" in result.stdout
    assert "locks: tried" in result.stdout
    assert "project hris: whole" in result.stdout
    assert "no problem found" in result.stderr
    assert names(workspace) == before


def test_every_line_begins_with_how_it_stands(run):
    assert {line.split(None, 1)[0] for line in run().stdout.splitlines()} <= {OK, NOTE, PROBLEM}


def test_scripts_get_json(run):
    found = json.loads(run("--json").stdout)
    assert found["problems"] == 0
    assert {"terminal", "workspace", "program"} < set(found)
    assert {one["topic"]: one["level"] for one in found["workspace"]}["permissions"] == OK


def test_a_damaged_project_is_a_problem_with_its_remedy(run, workspace):
    journal = next((workspace / "hris").glob("journal.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b"Sign off", b"Sign up ", 1))
    result = run()
    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if "project hris" in line]
    assert line.startswith(PROBLEM)
    assert "check --repair" in line
    assert "1 problem" in result.stderr


def test_a_workspace_that_is_not_there_is_no_problem_until_it_cannot_be_made(tmp_path):
    assert told(tmp_path / "new")["workspace"].level == OK
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("")
    assert told(tmp_path / "file")["workspace"].level == PROBLEM


@pytest.mark.parametrize(
    ("mode", "level", "word"),
    [
        (0o700, OK, "alone"),
        (0o750, OK, "may read"),
        (0o2770, OK, "shared with the group"),
        (0o770, NOTE, "chmod g+s"),
        (0o705, NOTE, "chmod o-rwx"),
        (0o2777, PROBLEM, "chmod o-rwx"),
    ],
)
def test_permissions_are_told_with_what_to_do(workspace, mode, level, word):
    workspace.chmod(mode)
    found = told(workspace)["permissions"]
    assert found.level == level
    assert word in f"{found.words} {found.remedy}"


def test_a_file_system_is_that_of_the_longest_mount_point(tmp_path):
    mounts = tmp_path / "mountinfo"
    deep = tmp_path / "a b" / "ws"
    deep.mkdir(parents=True)
    escaped = str(tmp_path / "a b").replace(" ", "\\040")
    mounts.write_text(
        f"1 0 8:1 / / rw,relatime - ext4 /dev/sda1 rw\nnonsense\n2 1 0:30 / {escaped} rw shared:1 - nfs4 server:/x rw\n"
    )
    assert file_system(deep, mounts) == "nfs4"
    assert file_system(tmp_path, mounts) == "ext4"
    assert file_system(tmp_path, tmp_path / "none") == ""
    assert told(deep, mounts=mounts)["file system"].level == NOTE


def test_locks_that_hold_nobody_back_are_a_problem(workspace, monkeypatch):
    monkeypatch.setattr(services.fcntl, "flock", lambda fd, how: None)
    assert told(workspace)["locks"].level == PROBLEM


def test_a_file_system_without_locks_is_a_problem(workspace, monkeypatch):
    def refuse(fd, how):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(services.fcntl, "flock", refuse)
    found = told(workspace)["locks"]
    assert (found.level, "No locks available" in found.words) == (PROBLEM, True)
    assert not [name for name in names(workspace) if "doctor" in name]


def test_a_slow_disk_is_noted(workspace, monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr(services.time, "perf_counter", lambda: next(now))
    assert told(workspace)["durability"].level == NOTE


@pytest.mark.parametrize(("free", "level"), [(10 << 20, PROBLEM), (500 << 20, NOTE), (50 << 30, OK)])
def test_little_space_is_told(workspace, monkeypatch, free, level):
    left = os.statvfs(workspace)
    parts = list(left)
    parts[1], parts[4] = 1, free
    monkeypatch.setattr(services.os, "statvfs", lambda path: os.statvfs_result(parts))
    assert told(workspace)["disk"].level == level


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_what_is_closed_to_the_user_is_told(workspace):
    (workspace / "hris").chmod(0o500)
    assert told(workspace)["project hris"].level == NOTE
    (workspace / "hris").chmod(0)
    assert told(workspace)["project hris"].level == PROBLEM
    (workspace / "hris").chmod(0o700)


def test_what_is_closed_to_the_user_is_told_also_to_root(workspace, monkeypatch):
    monkeypatch.setattr(services.os, "access", lambda path, how: not how & os.W_OK)
    found = told(workspace)
    assert found["project hris"].level == NOTE
    assert "chgrp" in found["project hris"].remedy
    assert found["locks"].level == NOTE
    assert found["drafts"].level == PROBLEM


def test_the_state_folder_is_for_the_user_alone(workspace):
    state = workspace.parent / "state"
    state.mkdir(mode=0o700)
    assert told(workspace)["drafts"].level == OK
    state.chmod(0o755)
    assert told(workspace)["drafts"].level == NOTE


def test_a_workspace_that_is_closed_is_told_and_ends_nothing(workspace, monkeypatch):
    def closed(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pmtui.store.workspace.os.scandir", closed)
    monkeypatch.setattr(services.os, "access", lambda path, how: path != workspace)
    found = told(workspace)
    assert found["workspace"].level == PROBLEM
    assert "drafts" in found


# The terminal ---------------------------------------------------------------------


def test_the_line_is_measured_by_an_answer_of_the_terminal(answering):
    source, heard = answering(b"typed ahead\x1b[0n")
    before = termios.tcgetattr(source)
    found = round_trip(source, source, times=2)
    assert found is not None and 0 <= found < 2
    assert heard.count(b"\x1b[5n") == 2
    assert termios.tcgetattr(source) == before


def test_a_terminal_that_never_answers_is_not_waited_for(answering):
    source, _ = answering(b"")
    before = termios.tcgetattr(source)
    assert round_trip(source, source, timeout=0.05) is None
    assert termios.tcgetattr(source) == before


@pytest.fixture
def answering(monkeypatch):
    """Make a terminal that answers every question so."""
    ends = []

    def make(answer):
        outer, inner = pty.openpty()
        heard = bytearray()
        monkeypatch.setattr(asking.os, "tcgetpgrp", lambda fd: os.getpgrp())

        def serve():
            while True:
                try:
                    data = os.read(outer, 1024)
                except OSError:
                    return
                heard.extend(data)
                if answer:
                    os.write(outer, answer * data.count(b"\x1b[5n"))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        ends.append((outer, inner, thread))
        return inner, heard

    yield make
    for outer, inner, thread in ends:
        os.close(inner)  # the reader's end of file
        thread.join(5)
        os.close(outer)


def test_in_a_terminal_all_of_it_is_told(workspace, tmp_path):
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, b"\x0a\x00\x1e\x00\x00\x00\x00\x00")  # 10 rows, 30 columns
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "TERM": "xterm", "SSH_TTY": "/dev/pts/9",
        "XDG_STATE_HOME": str(tmp_path / "state"), "PMTUI_BORDERS": "round",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "pmtui", "--workspace", str(workspace), "doctor", "--json"],
        stdin=inner, stdout=subprocess.PIPE, stderr=inner, env=environment, timeout=60,
    )  # fmt: skip
    os.close(inner)
    os.close(outer)
    assert done.returncode == 1
    found = {one["topic"]: one for one in json.loads(done.stdout)["terminal"]}
    assert "within ssh" in found["terminal"]["words"]
    assert (found["size"]["level"], found["colours"]["level"]) == (PROBLEM, NOTE)
    assert "PMTUI_BORDERS=round" in found["look"]["words"]
    assert "not measured" in found["line"]["words"]


@pytest.mark.parametrize(
    ("environ", "options", "level", "word"),
    [
        ({"TERM": "tmux-256color", "TMUX": "x"}, {"set-clipboard": "external"}, NOTE, "set-clipboard on"),
        ({"TERM": "tmux-256color", "TMUX": "x"}, {"set-clipboard": "on"}, OK, "likely"),
        ({"TERM": "tmux-256color", "TMUX": "x"}, {}, NOTE, "not told"),
        ({"TERM": "screen", "STY": "1.x"}, {}, NOTE, "screen passes"),
        ({"TERM": "linux"}, {}, NOTE, "no clipboard"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7000"}, {}, NOTE, "unlikely"),
        ({"TERM": "xterm-kitty"}, {}, OK, "likely"),
        ({"TERM": "xterm-256color"}, {}, OK, "perhaps"),
    ],
)
def test_whether_copies_arrive_is_told_with_the_reason(monkeypatch, environ, options, level, word):
    monkeypatch.setattr(asking, "tmux_option", lambda name: options.get(name, ""))
    found = shell.clipboard(environ)
    assert found.level == level
    assert word in f"{found.words} {found.remedy}"


@pytest.mark.parametrize(("held", "level"), [("500", NOTE), ("20", OK), ("", NOTE)])
def test_tmux_that_holds_esc_back_is_noted(monkeypatch, held, level):
    monkeypatch.setattr(asking, "tmux_option", lambda name: held)
    found = list(shell.multiplexer({"TMUX": "x", "TERM": "tmux-256color"}))
    assert [one.level for one in found] == [level]
    assert shell.multiplexer({"TMUX": "x", "TERM": "xterm-256color"}) is not None
    assert len(list(shell.multiplexer({"TMUX": "x", "TERM": "xterm-256color"}))) == 2


@pytest.mark.parametrize(
    ("environ", "level", "word"),
    [
        ({"TERM": "xterm-256color"}, OK, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, OK, "true"),
        ({"TERM": "xterm"}, NOTE, "sixteen"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, NOTE, "unset COLORTERM"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, NOTE, "NO_COLOR"),
        ({"TERM": "vt220"}, NOTE, "has none"),
    ],
)
def test_colours_are_told_with_the_reason(environ, level, word):
    found = {one.topic: one for one in shell.look(environ)}["colours"]
    assert found.level == level
    assert word in f"{found.words} {found.remedy}"


# The program ----------------------------------------------------------------------


def test_modules_that_are_not_compiled_are_noted(tmp_path):
    (tmp_path / "one.py").write_text("")
    found = shell.compiled(tmp_path)
    assert found.level == NOTE
    assert "compileall" in found.remedy
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(tmp_path)], check=True, timeout=60)
    assert shell.compiled(tmp_path).level == OK


def test_a_textual_that_the_display_layer_does_not_know_is_noted(monkeypatch):
    from pmtui.terminal.display import WRITTEN_FOR

    assert shell.written_for() == WRITTEN_FOR
    assert shell.textual_version({}).level == OK
    assert shell.textual_version({"PMTUI_DISPLAY": "stock"}).level == NOTE
    monkeypatch.setattr(shell, "written_for", lambda: "0.1")
    assert shell.textual_version({}).level == NOTE
