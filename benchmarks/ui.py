"""Start, keys and memory of the board at any number of tasks, against Textual itself in the same run.

``python -m benchmarks.ui [--tasks 100 1000 10000 50000] [--size 120x40] [--starts 7] [--keys 60]`` prints tables:

* from the start of the process until the board is painted, against ``import textual.app`` in a fresh interpreter;
* from a key to the last byte it brings (the details pane, which follows a tenth of a second later, apart), against an
  app that updates one ``Static`` on a key;
* memory, against ``import textual.app``; a key held at thirty a second: how long after its release bytes still come;
* a shell command, against bare Python.

Everything takes turns, so that a noisy moment hits all alike. The tree is compiled first, as an install does.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.line import Line, workspace

FLOOR = "import textual.app"
STATIC = """
from textual.app import App
from textual.widgets import Static
class One(App):
    def compose(self):
        self.at = 0
        yield Static("ready")
    def on_key(self):
        self.at += 1
        self.query_one(Static).update(f"pressed {self.at}")
One().run(mouse=False)
"""
MEMORY = "import textual.app, time; print('ready', flush=True); time.sleep(60)"

LATER = 0.09
"""Seconds after a key, from which on what comes is the details pane: it follows a tenth of a second and more later."""

HELD, RATE = 60, 30.0
"""Keys of a key held, and how many a second."""

BARS = {
    "board painted": 1.4,
    "memory": 1.6,
    "key, median": 1.3,
    "key, p95": 2.0,
    "shell": 8.0,
    "50k/1k": 1.2,
    "lag": 30.0,
}


def run_time(*arguments: str) -> float:
    """Seconds of a run of Python."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - begin


def start_time(place: Path, state: Path, size: tuple[int, int]) -> float:
    """Seconds from the start until the board has come, in one frame; the settings say to begin with it."""
    line = Line.pmtui(place, state, size)
    try:
        return line.until(b"To do ")
    finally:
        line.close()


def key_times(line: Line, keys: list[str]) -> list[float]:
    """Milliseconds from each key to the last byte that it brings at once."""
    times = []
    for key in keys:
        while line.read(0.25):
            pass
        begin = last = time.perf_counter()
        line.send(key)
        while line.read(LATER - (time.perf_counter() - begin)):
            last = time.perf_counter()
        times.append((last - begin) * 1000)
    return times


def lag_after(line: Line, key: str) -> float:
    """Milliseconds after the release of a key that was held, until the last byte but the details' has come."""
    while line.read(0.4):
        pass
    begin = time.perf_counter()
    for at in range(HELD):
        while time.perf_counter() < begin + at / RATE:
            line.read(begin + at / RATE - time.perf_counter())
        line.send(key)
    released = last = time.perf_counter()
    while line.read(LATER - (time.perf_counter() - released)):
        last = time.perf_counter()
    return (last - released) * 1000


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def memory_floor(state: Path, size: tuple[int, int]) -> float:
    """Megabytes of ``import textual.app``."""
    line = Line.start(["-c", MEMORY], state, size)
    try:
        line.until(b"ready")
        return line.memory
    finally:
        line.close()


class Measured:
    """What was found, by number of tasks."""

    def __init__(self, tasks: list[int]) -> None:
        self.tasks = tasks
        self.floor: list[float] = []
        self.starts: dict[int, list[float]] = defaultdict(list)
        self.static: list[float] = []
        self.board: dict[int, list[float]] = defaultdict(list)
        self.today: dict[int, list[float]] = defaultdict(list)
        self.lag: dict[int, float] = {}
        self.memory: dict[int, float] = {}


def measure_starts(found: Measured, places: dict[int, Path], state: Path, size: tuple[int, int], times: int) -> None:
    """The starts, in turns."""
    state = state / "board-first"
    settings = state / "pmtui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('view = "board"\n', encoding="utf-8")
    for _ in range(times):
        found.floor.append(run_time("-c", FLOOR))
        for count, place in places.items():
            found.starts[count].append(start_time(place, state, size))


def measure_keys(found: Measured, places: dict[int, Path], state: Path, size: tuple[int, int], times: int) -> None:
    """Keys on the board and in Today, in turns with the ``Static``; then the key held, and memory."""
    static = Line.start(["-c", STATIC], state, size)
    static.until(b"ready")
    lines = {count: Line.pmtui(place, state, size) for count, place in places.items()}
    for line in lines.values():
        line.until(b"overdue")
        line.send("2")
        line.until(b"To do ")
    rounds = max(1, times // 6)
    for _ in range(rounds):
        found.static += key_times(static, ["j"] * 6)
        for count, line in lines.items():
            found.board[count] += key_times(line, ["j", "j", "l", "k", "h", "j"])
    for count, line in lines.items():
        line.send("1")
        found.today[count] += key_times(line, ["j", "j", "k", "j", "k", "j"] * rounds)
        line.send("2")
        found.lag[count] = statistics.median(lag_after(line, key) for key in ("j", "k", "j"))
        found.memory[count] = line.memory
        line.close()
    static.close()


HEAD = (
    "tasks", "board painted", "× import", "key on the board", "×", "p95", "×", "key in Today", "×", "held: lag",
    "memory", "× import",
)  # fmt: skip


def print_all(found: Measured, memory: float, shell: float, bare: float) -> None:
    """The tables, with the bars."""
    floor, static = statistics.median(found.floor), statistics.median(found.static)
    print(f"import textual.app {floor * 1000:.0f} ms, {memory:.1f} MB; a Static on a key {static:.1f} ms")
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for count in found.tasks:
        start, keys = statistics.median(found.starts[count]), found.board[count]
        middle, high, today = statistics.median(keys), percentile(keys, 0.95), statistics.median(found.today[count])
        row = [f"{count:,}", f"{start * 1000:.0f} ms", f"{start / floor:.2f}"]
        row += [told for ms in (middle, high, today) for told in (f"{ms:.1f} ms", f"{ms / static:.2f}")]
        row += [f"{found.lag[count]:.0f} ms", f"{found.memory[count]:.1f} MB", f"{found.memory[count] / memory:.2f}"]
        print(f"| {' | '.join(row)} |")
    print(f"a shell command {shell * 1000:.0f} ms, bare Python {bare * 1000:.0f} ms: {shell / bare:.1f} ×")
    print(", ".join(f"{name} ≤ {bar:g}" for name, bar in BARS.items()))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, nargs="+", default=[100, 1_000, 10_000, 50_000])
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--keys", type=int, default=60)
    asked = parser.parse_args()
    width, height = (int(part) for part in asked.size.split("x"))
    size = width, height
    compileall.compile_dir("pmtui", quiet=1)
    with tempfile.TemporaryDirectory() as name:
        places = {count: workspace(Path(name) / str(count), count, spread=True) for count in asked.tasks}
        state = Path(name) / "state"
        found = Measured(asked.tasks)
        measure_starts(found, places, state, size, asked.starts)
        measure_keys(found, places, state, size, asked.keys)
        listed = ["-m", "pmtui", "--workspace", str(places[asked.tasks[0]]), "show", "T-1"]
        shells = [(run_time(*listed), run_time("-c", "pass")) for _ in range(asked.starts)]
        shell, bare = (statistics.median(each) for each in zip(*shells, strict=True))
        print(f"{asked.size}, true colour, Python {sys.version.split()[0]}")
        print_all(found, memory_floor(state, size), shell, bare)


if __name__ == "__main__":
    main()
