"""What it costs to look for others, as a share of a core; and an idle pmtui against an empty Textual app.

``python -m benchmarks.idle [--projects 3 15] [--others 4] [--app 30]`` prints a table. The looks of a minute are done
one after the other: for what others wrote every half second, for who is here every five seconds. With ``--app`` both
apps then stand idle in a pseudo-terminal for as many seconds, and what the system charged each of them is told.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pmtui.app import LOOK_AROUND_EVERY, LOOK_EVERY, PmtuiApp
from pmtui.domain.records import Task
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.looked import Looked
from pmtui.services.presence import Presence
from pmtui.services.projects import add_project
from pmtui.services.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = 60.0
SETTLED = 4.0
"""Seconds until an app that was started is idle."""

EMPTY = "from textual.app import App; App().run(mouse=False)"


def workspace(folder: Path, projects: int) -> Path:
    """A workspace of some projects, with a hundred tasks each."""
    session = Session(folder, user="ben", name="bench", durable=False)
    for at in range(projects):
        project = add_project(session, f"p{at:02}", f"Project {at}")
        with project.change("seed") as change:
            for number in range(100):
                change.add(Task(title=f"Task {number}"))
        project.close()
    return folder


def looks(folder: Path, others: int) -> tuple[float, float]:
    """CPU seconds of a minute's looks for what others wrote, and for who is here."""
    session = Session(folder, user="ana", name="ana", durable=False)
    desk = Desk(session)
    desk.open_all()
    app = PmtuiApp(desk, Drafts(folder / "d"), Looked(folder / "l.json"))
    codes = list(desk.projects)
    crowd = [Presence(Session(folder, user=f"u{at}", name=f"u{at}")) for at in range(others)]
    for other in crowd:
        other.look(codes, "today")
    app.presence.look(codes, "today")
    wrote = median_cpu(app._look, round(MINUTE / LOOK_EVERY))  # noqa: SLF001 - it is what is measured
    here = median_cpu(lambda: app.presence.look(codes, "today"), round(MINUTE / LOOK_AROUND_EVERY))
    app.presence.leave()
    for other in crowd:
        other.leave()
    desk.close()
    return wrote, here


def median_cpu(look: Callable[[], object], times: int) -> float:
    """CPU seconds of some looks: the median of nine minutes."""
    minutes = []
    for _ in range(9):
        begin = time.process_time()
        for _ in range(times):
            look()
        minutes.append(time.process_time() - begin)
    return statistics.median(minutes)


def idle_cpu(arguments: list[str], seconds: float, state: Path) -> tuple[float, int]:
    """CPU seconds that a program in a pseudo-terminal took while idle, and the bytes it wrote."""
    pid, fd = pty.fork()
    if pid == 0:
        here = {
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "XDG_STATE_HOME": str(state),
            "PYTHONPATH": str(Path.cwd()),
        }
        os.execve(sys.executable, [sys.executable, *arguments], os.environ | here | {"XDG_STATE_HOME": str(state)})
    try:
        _drain(fd, SETTLED)
        before = _charged(pid)
        written = _drain(fd, seconds)
        return _charged(pid) - before, written
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def _drain(fd: int, seconds: float) -> int:
    taken, end = 0, time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([fd], [], [], left)[0]:
            with contextlib.suppress(OSError):
                taken += len(os.read(fd, 65536))
    return taken


def _charged(pid: int) -> float:
    """CPU seconds of all threads of a process; its nanoseconds from the scheduler, where they are told."""
    with contextlib.suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, nargs="+", default=[3, 15])
    parser.add_argument("--others", type=int, default=4)
    parser.add_argument("--app", type=float, default=0.0)
    asked = parser.parse_args()
    print("a minute's looks, in thousandths of a core")
    print("projects  others  what they wrote  who is here    all  a project")
    with tempfile.TemporaryDirectory() as name:
        for count in asked.projects:
            folder = workspace(Path(name) / str(count), count)
            wrote, here = (share / MINUTE * 1000 for share in looks(folder, asked.others))
            print(
                f"{count:>8}  {asked.others:>6}  {wrote:>15.3f}  {here:>11.3f}  {wrote + here:>5.3f}"
                f"  {(wrote + here) / count:>9.4f}"
            )
        if not asked.app:
            return
        print(f"idle for {asked.app:g} s: thousandths of a core, bytes written")
        runs = {
            f"pmtui, {count} projects": ["-m", "pmtui", "--workspace", f"{name}/{count}"] for count in asked.projects
        }
        for title, arguments in {"an empty Textual app": ["-c", EMPTY], **runs}.items():
            cpu, written = idle_cpu(arguments, asked.app, Path(name) / "state")
            print(f"{title:<22}  {cpu / asked.app * 1000:>6.2f}  {written:>6}")


if __name__ == "__main__":
    main()
