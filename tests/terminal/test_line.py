"""When the line drops, stalls, or sends any byte: what a user types is kept, and the terminal given back."""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from terminal.ptys import records, small_workspace, terminal

ROOT = Path(__file__).parents[2]
SOON = 5.0
"""Seconds: a second is promised, and the machine may be busy."""

LEFT = b"\x1b[?1049l"
SHOWN = b"\x1b[?25h"


@pytest.fixture
def workspace(tmp_path):
    return small_workspace(tmp_path / "ws")


@contextmanager
def opened(workspace, tmp_path, *, until="Sign off the plan", **more):
    with terminal("--workspace", str(workspace), folder=tmp_path, **more) as screen:
        screen.wait(until)
        screen.settle()
        yield screen


def drafts(tmp_path):
    return [json.loads(path.read_text()) for path in (tmp_path / "state").rglob("drafts/*.json")]


def type_in_form(screen):
    screen.keys("e")
    screen.wait("Edit T-1")
    screen.keys(" of the vendor")
    screen.wait("of the vendor")


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def ends(pid, seconds=SOON):
    end = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not is_alive(pid)


def threads(pid):
    return sorted((task / "comm").read_text().strip() for task in Path(f"/proc/{pid}/task").iterdir())


# The line goes away ---------------------------------------------------------------


@pytest.mark.parametrize(("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_a_signal_keeps_the_draft_and_gives_the_terminal_back(workspace, tmp_path, number, code):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        before = termios.tcgetattr(screen.fd)
        screen.wait("Sign off the plan")
        type_in_form(screen)
        os.kill(screen.pid, number)
        assert screen.exit_code(SOON) == code
        assert LEFT in screen.raw[-400:]
        assert SHOWN in screen.raw[-400:]
        assert termios.tcgetattr(screen.fd) == before
    assert [draft["title"] for draft in drafts(tmp_path)] == ["Sign off the plan of the vendor"]
    with opened(workspace, tmp_path) as screen:
        screen.keys("e")
        screen.wait("A draft of this form was kept")
        assert "Sign off the plan of the vendor" in screen.text


@pytest.mark.parametrize("ignoring", [(), (signal.SIGHUP,)], ids=["", "as under nohup"])
def test_a_terminal_that_closes_ends_it_with_the_draft_kept(workspace, tmp_path, ignoring):
    with opened(workspace, tmp_path, ignoring=ignoring) as screen:
        type_in_form(screen)
        os.close(screen.fd)
        screen.fd = None
        assert screen.exit_code(SOON) == 129
    assert [draft["title"] for draft in drafts(tmp_path)] == ["Sign off the plan of the vendor"]


@contextmanager
def under_a_leader(workspace, tmp_path, *, leads):
    """pmtui below another process, which holds the terminal or not: the pid of both, and the terminal's other end."""
    told = tmp_path / "pid"
    script = (
        "import os, signal, subprocess, sys, pathlib\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "child = subprocess.Popen([sys.executable, '-m', 'pmtui', '--workspace', sys.argv[1]],"
        f" start_new_session={not leads})\n"
        "pathlib.Path(sys.argv[2]).write_text(str(child.pid))\n"
        "child.wait()\n"
    )
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"),
        "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-c", script, str(workspace), str(told)], environment)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    taken, end = b"", time.monotonic() + 30
    while b"Sign off" not in taken and time.monotonic() < end:
        if select.select([fd], [], [], 0.2)[0]:
            taken += os.read(fd, 65536)
    child = int(told.read_text())
    try:
        yield pid, child, fd
    finally:
        for each in (child, pid):
            if is_alive(each):
                os.kill(each, signal.SIGKILL)
        os.waitpid(pid, 0)


def test_a_terminal_gone_without_any_signal_leaves_no_orphan(workspace, tmp_path):
    with under_a_leader(workspace, tmp_path, leads=False) as (_, child, fd):
        os.close(fd)
        assert ends(child)


def test_the_end_of_its_input_ends_it(workspace, tmp_path):
    with under_a_leader(workspace, tmp_path, leads=True) as (leader, child, fd):
        os.kill(leader, signal.SIGKILL)
        assert ends(child)
        os.close(fd)


def test_a_process_that_can_not_leave_in_order_ends_all_the_same(workspace, tmp_path):
    hook(tmp_path, "from pmtui.app import PmtuiApp\nPmtuiApp.on_unmount = lambda self: time.sleep(600)\n")
    with opened(workspace, tmp_path, PYTHONPATH=f"{tmp_path / 'hook'}:{ROOT}") as screen:
        before = termios.tcgetattr(screen.fd)[3]
        os.kill(screen.pid, signal.SIGTERM)
        assert screen.exit_code(SOON) == 143
        assert termios.tcgetattr(screen.fd)[3] != before


# A terminal that stalls -------------------------------------------------------------


def test_a_stalled_terminal_holds_up_nothing_and_is_right_again_with_little(workspace, tmp_path):
    with opened(workspace, tmp_path, size=(120, 40)) as screen:
        whole = len(screen.raw)
        for _ in range(60):
            screen.keys("2")
            time.sleep(0.02)
            screen.keys("3")
            time.sleep(0.02)
        screen.keys("1e")
        time.sleep(1.0)
        screen.keys(" of the vendor")
        end = time.monotonic() + 20
        while not drafts(tmp_path) and time.monotonic() < end:
            time.sleep(0.1)
        assert [draft["title"] for draft in drafts(tmp_path)] == ["Sign off the plan of the vendor"]
        subprocess.run(
            [sys.executable, "-m", "pmtui", "--workspace", str(workspace), "edit", "T-1", "owner=ben"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path / "other")}, check=True,
            capture_output=True,
        )  # fmt: skip
        screen.wait(lambda: "of the vendor" in screen.text and "ben" in screen.text)
        screen.settle()
        assert len(screen.raw) - whole < 65536
        seen = screen.text
        screen.keys("\x0c")
        screen.settle()
        assert screen.text == seen


# Any byte ---------------------------------------------------------------------------


GARBAGE = [
    b"\xe9", b"\xff\xfe\x80\xc0\xaf", b"\x1b[99~", b"\x1b[100~", b"\x1b[1;2;3;4z", b"\x1b[<0;10;10M\x1b[<0;10;10m",
    b"\x1b[Mddd", b"\x1bOd", b"\x1b]52;c;ZGRkZA==\x07", b"\x1bPdddd\x1b\\", b"\x1b_dddd\x1b\\", b"\x1b[?62;1;2c",
    b"\x1b[>0;276;0c", b"\x1b[999999999999u", b"\x1b[\xe9", b"\xc2\x9b", b"\x1b[100;5~", b"\x1b[[Z", b"\x1b[" + b"1" * 200 + b"d",
    b"\x1b[5n\x1b[0n", b"\x1b[200~dxd\x1b[31mdd\x1b[201~",
]  # fmt: skip


@pytest.mark.parametrize("cut", [False, True], ids=["at once", "byte by byte"])
def test_bytes_that_are_no_keys_neither_end_it_nor_act(workspace, tmp_path, cut):
    with opened(workspace, tmp_path) as screen:
        before = screen.text
        for garbage in GARBAGE:
            for part in [garbage[n : n + 1] for n in range(len(garbage))] if cut else [garbage]:
                screen.keys(part)
        screen.settle()
        assert screen.text == before
        screen.keys("e")
        screen.wait("Edit T-1")
        screen.keys(b" caf\xe9 \x1b[99~ok")
        screen.wait("caf\ufffd ok")
        assert records(workspace)[1].status == "to do"


def test_a_huge_paste_with_escapes_in_it_stays_text(workspace, tmp_path):
    with opened(workspace, tmp_path) as screen:
        pasted = b"\x1b[200~safe\x1b[31mdelete\x1bd " + b"many words, " * 20_000 + b"\x1b[201~"
        for at in range(0, len(pasted), 2048):
            while not select.select([], [screen.fd], [], 0.05)[1]:
                screen.read(0.01)
            screen.keys(pasted[at : at + 2048])
            screen.read(0)
        screen.keys("?")
        screen.wait("Keys ·")
        screen.keys("q")
        screen.wait("▸ Today")
        assert records(workspace)[1].status == "to do"
        screen.keys(b"a\x1b[200~safe\x1b[31mred\x1b[201~")
        screen.wait("safe[31mred")


# Stopped and on again ---------------------------------------------------------------


def test_stopped_from_outside_it_goes_on_whole(workspace, tmp_path):
    with opened(workspace, tmp_path) as screen:
        before, running = screen.text, threads(screen.pid)
        for _ in range(3):
            os.kill(screen.pid, signal.SIGSTOP)
            os.waitpid(screen.pid, os.WUNTRACED)
            os.write(screen.fd, b"")
            screen.stream.feed(b"\x1b[H\x1b[2Janother program wrote here\r\n")
            os.kill(screen.pid, signal.SIGCONT)
            screen.wait(lambda: screen.text == before)
        screen.settle()
        assert threads(screen.pid) == running
        screen.keys("q")
        assert screen.exit_code() == 0


def test_ctrl_z_and_fg_in_a_shell_also_from_a_form(workspace, tmp_path):
    command = f"{sys.executable} -m pmtui --workspace {workspace}"
    with terminal(folder=tmp_path, program=("bash", "--norc", "-i"), PS1="shell> ") as screen:
        screen.wait("shell>")
        screen.keys(f"{command}\n")
        screen.wait("Sign off the plan")
        screen.settle()
        for keys, word in (("", "Sign off"), ("e", "Edit T-1"), (" of the vendor", "of the vendor")):
            screen.keys(keys)
            screen.wait(word)
            screen.settle()
            whole = screen.text
            screen.keys("\x1a")
            screen.wait("Stopped")
            screen.keys("echo is $((20+3))\n")
            screen.wait("is 23")
            screen.stream.feed(b"\x1b[H\x1b[2J")
            screen.keys("fg\n")
            screen.wait(lambda whole=whole: screen.text == whole)
        screen.keys("\x1b")
        screen.wait("▸ Today")
        screen.keys("?")
        screen.wait("Keys ·")
        screen.keys("qq")
        screen.wait("shell>")
        screen.keys("echo code $?; exit\n")
        screen.wait("code 0")


# An error nobody foresaw --------------------------------------------------------------


def hook(tmp_path, code):
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(f"import time\n{code}")


def test_an_error_leaves_a_file_without_what_anybody_wrote(workspace, tmp_path):
    hook(tmp_path, (
        "from pmtui.screens.today import TodayScreen\n"
        "def fail(self):\n    secret = 'salary of ana'\n    raise ValueError(secret)\n"
        "TodayScreen.action_show_help = TodayScreen.action_add = fail\n"
        "TodayScreen.key_f9 = fail\n"
    ))  # fmt: skip
    with opened(workspace, tmp_path, PYTHONPATH=f"{tmp_path / 'hook'}:{ROOT}") as screen:
        screen.keys("\x1b[20~")
        assert screen.exit_code(SOON) == 1
        after = screen.raw.rpartition(SHOWN)[2].decode()
        assert LEFT in screen.raw
    assert after.count("\n") == 1
    assert "pmtui failed (ValueError)" in after
    assert "salary" not in screen.raw.decode()
    (kept,) = (tmp_path / "state").rglob("crash-*.txt")
    assert "salary" not in kept.read_text().replace("secret = 'salary of ana'", "")
    assert "in fail" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


# Any size ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (5, 3), (39, 9), (40, 10), (300, 100)])
def test_any_size_is_survived_and_grown_out_of(workspace, tmp_path, size):
    with terminal("--workspace", str(workspace), folder=tmp_path, size=size) as screen:
        screen.wait(lambda: b"\x1b[?1049h" in screen.raw)
        screen.settle(1.0)
        screen.resize(80, 24)
        screen.wait("Sign off the plan")
        screen.keys("q")
        assert screen.exit_code() == 0


def test_a_storm_of_sizes(workspace, tmp_path):
    with opened(workspace, tmp_path) as screen:
        for number in range(60):
            screen.resize(1 + number * 37 % 300, 1 + number * 13 % 100)
            screen.keys("123456"[number % 6])
            screen.read(0.01)
        screen.resize(80, 24)
        screen.settle(1.0)
        screen.keys("1")
        screen.wait("Sign off the plan")
        screen.settle()
        seen = screen.text
        screen.keys("\x0c")
        screen.settle()
        assert screen.text == seen


def test_a_size_that_comes_back_at_once_is_drawn_anew(workspace, tmp_path):
    with opened(workspace, tmp_path) as screen:
        before = screen.text
        os.kill(screen.pid, signal.SIGSTOP)
        os.waitpid(screen.pid, os.WUNTRACED)
        screen.resize(60, 12)
        screen.resize(80, 24)
        os.kill(screen.pid, signal.SIGCONT)
        screen.wait(lambda: screen.text == before)
