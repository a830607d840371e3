"""A process in a pseudo-terminal, read by a terminal emulator."""

import datetime as dt
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
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

    def __init__(self, arguments, folder, size=(80, 24), ignoring=(), program=(), **more):
        self.screen = pyte.Screen(*size)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state"), "LC_ALL": "C.UTF-8",
            "TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parents[2]), **more,
        }  # fmt: skip
        packed = struct.pack("HHHH", size[1], size[0], 0, 0)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, packed)  # before it looks
            for number in ignoring:
                signal.signal(number, signal.SIG_IGN)
            if program:
                os.execvpe(program[0], program, environment)
            os.execve(sys.executable, [sys.executable, "-m", "pmtui", *arguments], environment)
        self.status = None

    @property
    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def read(self, seconds):
        """Take in what comes within some seconds at most; whether anything did."""
        if self.fd is None:
            time.sleep(seconds)
            return False
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

    def settle(self, quiet=0.6):
        """Read until nothing comes for a while."""
        while self.read(quiet):
            pass

    def resize(self, width, height):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.screen.resize(height, width)

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
            os.kill(self.pid, signal.SIGCONT)
            os.waitpid(self.pid, 0)
        if self.fd is not None:
            os.close(self.fd)


@contextmanager
def terminal(*arguments, folder, **more):
    opened = Terminal(arguments, folder, **more)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def multiplexed(inside, home, settings, *, term="", waits_for_esc=True, size=(80, 24)):
    """pmtui over ``home / "ws"`` in a window of tmux or GNU screen, as these come but for what is asked."""
    if not shutil.which(inside):
        pytest.skip(f"{inside} is not installed")
    (home / "sockets").mkdir(mode=0o700)
    environ = {"SCREENDIR": f"{home}/sockets", "TMUX_TMPDIR": f"{home}/sockets"}
    lines = ["startup_message off", "altscreen on"] + ["maptimeout 5"] * (not waits_for_esc)
    (home / "screenrc").write_text("\n".join(lines))
    if inside == "tmux":
        options = ["set", "-g", "status", "off", ";", "set", "-as", "terminal-features", ",xterm*:RGB", ";"]
        options += ["set", "-g", "default-terminal", term, ";"] * bool(term)
        options += ["set", "-sg", "escape-time", "5", ";"] * (not waits_for_esc)
        start = ["tmux", "-u", "-f", "/dev/null", *options, "new-session"]
    else:
        start = ["screen", "-U", "-c", f"{home}/screenrc", "-S", "pmtui", *["-T", term] * bool(term)]
    command = ["env", *(f"{name}={value}" for name, value in settings.items()), sys.executable, "-m", "pmtui"]
    try:
        with terminal(
            folder=home, size=size, program=(*start, *command, "--workspace", f"{home}/ws"), **environ
        ) as opened:
            yield opened
    finally:
        end = ["tmux", "kill-server"] if inside == "tmux" else ["screen", "-S", "pmtui", "-X", "quit"]
        subprocess.run(end, check=False, capture_output=True, env=os.environ | environ)


def now_days(offset):
    return dt.date.today() + dt.timedelta(days=offset)


def small_workspace(path):
    """A workspace with one overdue task."""
    new_project(path, Task(title="Sign off the plan", owner="ana", due=now_days(-9))).close()
    return path


def records(workspace):
    return open_project(Session(workspace, name="reader"), "hris").data.tasks
