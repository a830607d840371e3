"""What the benchmarks of the screen share: a program in a pseudo-terminal, and a workspace of any size."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pmtui.domain.records import Task
from pmtui.services.projects import add_project
from pmtui.services.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VERBS = (
    "Agree",
    "Check",
    "Clear",
    "Draft",
    "Freeze",
    "Map",
    "Move",
    "Name",
    "Order",
    "Publish",
    "Retest",
    "Sign",
    "Test",
)
THINGS = (
    "the data migration test plan", "nine charts of accounts", "licences that are bound to hardware",
    "the list of systems of wave 3", "the UAT testers of each business unit", "the cut-over runbook",
    "the payment file with the bank", "job roles and access profiles",
)  # fmt: skip
PEOPLE = ("ana", "ben", "chi", "dora", "emil", "farah", "gus", "hana")
STATUSES = ("to do", "to do", "doing", "done", "to do", "done", "to do", "done")


def workspace(folder: Path, tasks: int, *, spread: bool = False) -> Path:
    """A workspace with so many tasks, a hundredth of them overdue; with ``spread`` in all columns of the board."""
    project = add_project(Session(folder, name="bench", durable=False), "hris", "HRIS deployment")
    today = dt.datetime.now().astimezone().date()
    with project.change("seed") as change:
        for at in range(tasks):
            title = f"{VERBS[at % len(VERBS)]} {THINGS[at // 3 % len(THINGS)]}"
            late = at % 100 == 0
            due = today + dt.timedelta(days=-1 - at % 20 if late else at % 90)
            status = STATUSES[at // 7 % len(STATUSES)] if spread and not late else "to do"
            change.add(Task(title=title, owner=PEOPLE[at % len(PEOPLE)], due=due, status=status))
    project.db.journal.compact()
    project.close()
    return folder


@dataclass
class Line:
    """A program in a pseudo-terminal, whose bytes are counted and timed."""

    pid: int
    fd: int
    began: float = field(default_factory=time.monotonic)

    @classmethod
    def start(cls, arguments: Sequence[str], state: Path, size: tuple[int, int], **more: str) -> Line:
        """Start Python with these arguments on a true-colour terminal."""
        here: Mapping[str, str] = {
            "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": str(state),
            "XDG_CONFIG_HOME": str(state), "PYTHONPATH": str(Path.cwd()), **more,
        }  # fmt: skip
        packed = struct.pack("HHHH", size[1], size[0], 0, 0)
        began = time.monotonic()
        pid, fd = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, packed)
            os.execve(sys.executable, [sys.executable, *arguments], os.environ | here)
        return cls(pid, fd, began)

    @classmethod
    def pmtui(cls, workspace: Path, state: Path, size: tuple[int, int], **more: str) -> Line:
        """Start pmtui over a workspace."""
        return cls.start(["-m", "pmtui", "--workspace", str(workspace)], state, size, **more)

    def read(self, seconds: float) -> bytes:
        """What comes within some seconds at most; nothing where nothing does, or where it has ended."""
        if not select.select([self.fd], [], [], max(0.0, seconds))[0]:
            return b""
        try:
            return os.read(self.fd, 65536)
        except OSError:
            return b""

    def until(self, words: bytes, patience: float = 60.0) -> float:
        """Seconds from the start until some words have come, of those that are sent in one piece."""
        seen = b""
        end = time.monotonic() + patience
        while words not in seen:
            if time.monotonic() > end:
                raise TimeoutError(f"{words!r} never came")
            seen = seen[-200_000:] + self.read(0.2)
        return time.monotonic() - self.began

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self.fd, keys.encode())

    def close(self) -> None:
        """End it."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    @property
    def memory(self) -> float:
        """Megabytes of it that are in memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
