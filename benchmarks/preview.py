"""How long the preview beside the board takes to follow a change, on a project of 5,000 tasks.

``python -m benchmarks.preview [--tasks 5000] [--size 200x50] [--rounds 10]`` prints, from the key that decides to the
last byte that it brings: the board alone, the board with the report beside it, and the same keys when nothing changes
(moving the cursor). The changes are a card moved, a task done, and each of them undone.

The bar: with the preview, the 95th percentile of every change is at most 100 ms. The time on the processor is told
beside it: on a machine that has other work too, it is what the change takes by itself.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.line import Line, workspace
from benchmarks.ui import percentile

BAR = 100.0
"""Milliseconds from the key to the last byte, at the 95th percentile."""

QUIET = 0.06
"""Seconds without a byte after which the frame is over; the details of the card follow later, and are no part of it."""

PATIENCE = 3.0

CHANGES = {"move a card": ("", "L"), "undo it": ("", "u"), "done": ("d", "d"), "undo that": ("", "u")}
"""What is pressed first, without being timed, and the key that decides."""


def settle(line: Line) -> None:
    """Read until nothing comes for a while."""
    while line.read(0.3):
        pass


def on_processor(pid: int) -> float:
    """Milliseconds that the threads of a process were on a processor so far."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6


def time_of(line: Line, key: str) -> tuple[float, float]:
    """Milliseconds from a key to the last byte of the frame that it brings, and on the processor meanwhile."""
    before, begin = on_processor(line.pid), time.perf_counter()
    line.send(key)
    if not line.read(PATIENCE):
        raise TimeoutError(f"nothing came after {key!r}")
    last = time.perf_counter()
    spent = on_processor(line.pid)
    while line.read(QUIET):
        last, spent = time.perf_counter(), on_processor(line.pid)
    return (last - begin) * 1000, spent - before


def measure(line: Line, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Each change, and a cursor moved, so many times."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(rounds):
        for name, (before, key) in CHANGES.items():
            if before:
                line.send(before)
            settle(line)
            found[name].append(time_of(line, key))
        settle(line)
        found["move the cursor"].append(time_of(line, "j"))
    return found


def begin(place: Path, state: Path, size: tuple[int, int], *, preview: bool) -> Line:
    """The board over a workspace, with the report beside it or not."""
    line = Line.pmtui(place, state, size)
    line.until(b"overdue")
    line.send("2")
    line.until(b"To do ")
    settle(line)
    if preview:
        line.send("v")
        line.until(b"Status report")
        settle(line)
    line.send("l")
    settle(line)
    return line


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5_000)
    parser.add_argument("--size", default="200x50")
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    width, height = (int(part) for part in asked.size.split("x"))
    compileall.compile_dir("pmtui", quiet=1)
    with tempfile.TemporaryDirectory() as name:
        found = {}
        for preview in (False, True):
            place = workspace(Path(name) / str(preview), asked.tasks, spread=True)
            line = begin(place, Path(name) / "state", (width, height), preview=preview)
            found[preview] = measure(line, asked.rounds)
            line.close()
    print(f"{asked.tasks:,} tasks, {asked.size}, true colour, Python {sys.version.split()[0]}")
    print("| key | board alone | p95 | processor | with the preview | p95 | processor |\n|---|---|---|---|---|---|---|")
    for key in found[True]:
        print(f"| {key} | {' | '.join(cell for each in found.values() for cell in told(each[key]))} |")
    worst = max(percentile([ms for ms, _ in times], 0.95) for times in found[True].values())
    print(f"bar: p95 with the preview ≤ {BAR:.0f} ms; worst {worst:.0f} ms")


def told(times: list[tuple[float, float]]) -> list[str]:
    """The median, the 95th percentile, and the median on the processor."""
    until = [ms for ms, _ in times]
    figures = (statistics.median(until), percentile(until, 0.95), statistics.median(ms for _, ms in times))
    return [f"{ms:.0f} ms" for ms in figures]


if __name__ == "__main__":
    main()
