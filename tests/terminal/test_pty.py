"""The product in a real terminal: started by its command, driven by bytes, read by a terminal emulator."""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest
from factories import new_project

from pmtui.domain.records import Task
from pmtui.services.projects import open_project
from pmtui.services.session import Session


class Terminal:
    """A process in a pseudo-terminal; ``wait`` reads until something is on the screen."""

    def __init__(self, arguments, folder, size=(80, 24), **more):
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parents[2]), **more,
        }  # fmt: skip
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(sys.executable, [sys.executable, "-m", "pmtui", *arguments], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.status = None

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def read(self, seconds):
        """Take in what comes within some seconds at most; whether anything did."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.raw += data
        self.stream.feed(data)
        return bool(data)

    def wait(self, condition, seconds=30.0):
        """Read until a text stands on the screen, or a condition holds."""
        holds = (lambda: condition in self.text) if isinstance(condition, str) else condition
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"it never came:\n{self.text}"
            self.read(0.2)

    def keys(self, text):
        os.write(self.fd, text.encode() if isinstance(text, str) else text)

    def exit_code(self, seconds=20.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
                return os.waitstatus_to_exitcode(status)
        raise AssertionError(f"it did not end:\n{self.text}")

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


@contextmanager
def terminal(*arguments, folder, **more):
    opened = Terminal(arguments, folder, **more)
    try:
        yield opened
    finally:
        opened.close()


def now_days(offset):
    import datetime as dt

    return dt.date.today() + dt.timedelta(days=offset)


@pytest.fixture
def workspace(tmp_path):
    new_project(tmp_path / "ws", Task(title="Sign off the plan", owner="ana", due=now_days(-9))).close()
    return tmp_path / "ws"


def records(workspace):
    return open_project(Session(workspace, name="reader"), "hris").data.tasks


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_an_overdue_task_is_triaged_by_four_keys_and_kept(workspace, tmp_path, size):
    with terminal("--workspace", str(workspace), folder=tmp_path, size=size) as screen:
        screen.wait("Sign off the plan")
        screen.keys("t")
        screen.wait("Triage · 1 of 1")
        screen.keys("rfv")
        screen.wait("All 1 decided")
        screen.keys("qq")
        assert screen.exit_code() == 0
    assert records(workspace)[1].slip_count == 1


def test_the_terminal_is_given_back_as_it_was(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        before = termios.tcgetattr(screen.fd)
        screen.wait("Sign off the plan")
        screen.keys("q")
        assert screen.exit_code() == 0
        assert screen.raw.rstrip().endswith(b"\x1b[?1049l") or b"\x1b[?1049l" in screen.raw[-400:]
        assert termios.tcgetattr(screen.fd)[3] == before[3]
        assert b"\x1b[?1000h" not in screen.raw


def test_every_view_is_walked_by_keys_alone(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        for key, title in (
            ("1", "Today"),
            ("2", "Board"),
            ("3", "Risks"),
            ("4", "Costs"),
            ("5", "Meetings"),
            ("6", "Report"),
        ):
            screen.keys(key)
            screen.wait(f"▸ {title}")
            screen.keys("?")
            screen.wait("Keys ·")
            screen.keys("q")
            screen.wait(f"▸ {title}")
        screen.keys("1")
        screen.wait("▸ Today")
        screen.keys("P")
        screen.wait("Settings")
        screen.keys("q")
        screen.wait("▸ Today")
        screen.keys("q")
        assert screen.exit_code() == 0


def test_a_change_by_the_shell_is_on_the_screen_without_a_key(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        screen.wait("Sign off the plan")
        with terminal(
            "--workspace", str(workspace), "add", "task", "From the shell due today", folder=tmp_path
        ) as other:
            assert other.exit_code() == 0
        screen.wait("From the shell")
        screen.keys("q")
        assert screen.exit_code() == 0


def test_without_a_terminal_it_names_the_shell_commands(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path, TERM="dumb") as screen:
        assert screen.exit_code() == 1
        assert "pmtui list tasks" in screen.raw.decode()


def test_keys_that_arrive_all_at_once_do_what_they_do_one_by_one(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        screen.wait("Sign off the plan")
        screen.keys("2aWrite the runbook @ben due fri\r:T-2\rrm\rw@chi\r")
        screen.wait(lambda: getattr(records(workspace).get(2), "owner", "") == "chi")
        found = records(workspace)[2]
        assert (found.title, found.due) == ("Write the runbook", now_days(1))
        screen.keys("qq")
        assert screen.exit_code() == 0


def test_a_paste_stays_text(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        screen.wait("Sign off the plan")
        screen.keys("\x1b[200~ddxD\x1b[201~")
        screen.keys("a\x1b[200~Pasted ddd title\x1b[201~")
        screen.wait("Pasted ddd title")
        screen.keys("\r")
        screen.wait(lambda: 2 in records(workspace))
        assert (records(workspace)[1].status, records(workspace)[2].title) == ("to do", "Pasted ddd title")
