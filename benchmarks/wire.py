"""Bytes that each thing a user does puts on the line: Textual alone, and what is sent here; and a working session.

``python -m benchmarks.wire [--tasks 10000] [--size 120x40] [--session]`` starts pmtui twice in a pseudo-terminal over
the same workspace, once with ``PMTUI_DISPLAY=stock``, and prints a table with the bars. What comes later than a tenth
of a second after a key is the details pane, which follows the last key; it is counted apart. With ``--session`` the
keys of ten minutes' work are played, and what they cost is told in seconds of a line of 115,200 baud, and of
waiting where a round trip takes 200 ms.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.line import Line, workspace

QUIET, LATER = 0.4, 0.1
"""Seconds without a byte after which all has come; after a key, when what comes is the details pane."""

BAUD, BITS = 115_200, 10
"""Bits a second, and bits that a byte takes with its start and its stop."""

ROUND_TRIP, FIRST_WINDOW = 0.2, 10 * 1460
"""Seconds; and bytes that TCP sends after a pause before it waits for an answer; each round trip doubles them."""

UP, DOWN, PAGE, ESCAPE = "k", "j", "\x1b[6~", "\x1b"

BARS = {"cursor, list": 300, "cursor, board": 600, "form": 10_000, "idle, 10 s": 0}

MORNING = (
    ("1", 1), (DOWN, 25), (UP, 6), (PAGE, 3), ("e", 1), (" and tell the vendor", 1), ("\r", 1), (DOWN, 12), ("rf", 1),
    (DOWN, 8), ("d", 1), ("u", 1), ("w", 1), (ESCAPE, 1), ("t", 1), ("j", 6), ("rm", 1), ("q", 1), ("2", 1), (DOWN, 12),
    ("l", 3), ("h", 3), ("L", 1), ("H", 1), ("?", 1), ("q", 1), ("a", 1),
    ("Ask for the firewall change @ben due fri", 1), ("\r", 1),
    (":", 1), ("runbook", 1), (ESCAPE, 1), ("3", 1), (DOWN, 5), ("4", 1), (DOWN, 5), ("5", 1), ("6", 1),
)  # fmt: skip
"""Keys, and how often each is pressed; the letters of a text are keys of their own."""

ROUNDS = 2
"""So many such rounds are ten minutes' work: 360 keys, more than one in two seconds."""


class Counted:
    """pmtui in a pseudo-terminal, and the bytes that keys cost."""

    def __init__(self, workspace: Path, state: Path, display: str, size: tuple[int, int]) -> None:
        self.line = Line.pmtui(workspace, state, size, PMTUI_DISPLAY=display)

    def taken(self, quiet: float = QUIET, least: float = 0.0) -> tuple[int, int]:
        """Bytes until none come for a while: at once, and later."""
        begin = time.monotonic()
        soon = later = 0
        while data := self.line.read(max(quiet, least - (time.monotonic() - begin))):
            if time.monotonic() - begin < LATER:
                soon += len(data)
            else:
                later += len(data)
        return soon, later

    def press(self, keys: str, quiet: float = QUIET) -> tuple[int, int]:
        """Bytes that keys cost: at once, and later."""
        self.line.send(keys)
        return self.taken(quiet)


def figures(line: Counted) -> dict[str, int]:
    """Bytes for each thing; medians where it is done more than once."""
    found = {"start": sum(line.taken(2.0, 4.0))}
    moves = [line.press(DOWN) for _ in range(16)]
    found["cursor, list"], found["its details"] = (round(statistics.median(each)) for each in zip(*moves, strict=True))
    found["scroll by a page"] = round(statistics.median(sum(line.press(PAGE)) for _ in range(4)))
    found["form"] = sum(line.press("e"))
    found["back from it"] = sum(line.press(ESCAPE))
    found["help"] = sum(line.press("?"))
    line.press("q")
    found["view switch"] = sum(line.press("2", 1.0))
    moves = [line.press(key) for key in (DOWN, DOWN, DOWN, UP, UP, "l", "h", DOWN, "l", DOWN, "h", UP)]
    found["cursor, board"], found["its details "] = (
        round(statistics.median(each)) for each in zip(*moves, strict=True)
    )
    found["idle, 10 s"] = sum(line.taken(10.0))
    return found


def session(line: Counted) -> list[int]:
    """Bytes that each key of the session cost."""
    line.taken(2.0, 4.0)
    costs = []
    for keys, times in MORNING * ROUNDS:
        pressed = [keys] if keys.startswith("\x1b") else list(keys)
        costs += [sum(line.press(key, 0.2)) for key in pressed * times]
    return costs


def seconds_on(costs: list[int]) -> tuple[float, float]:
    """Seconds that a serial line is busy, and that a user waits for round trips."""
    busy = sum(costs) * BITS / BAUD
    trips = 0
    for cost in costs:
        window, left = FIRST_WINDOW, cost - FIRST_WINDOW
        trips += 1
        while left > 0:
            window *= 2
            left -= window
            trips += 1
    return busy, trips * ROUND_TRIP


def print_figures(stock: dict[str, int], ours: dict[str, int]) -> None:
    """The table, with what was promised."""
    print("| what | Textual alone, bytes | pmtui, bytes | bar | |\n|---|---|---|---|---|")
    for name, before in stock.items():
        bar = BARS.get(name)
        told = "" if bar is None else f"≤ {bar:,}" if bar else "0"
        met = "" if bar is None else "met" if ours[name] <= bar else "missed"
        print(f"| {name.strip()} | {before:,} | {ours[name]:,} | {told} | {met} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--session", action="store_true")
    asked = parser.parse_args()
    width, height = (int(part) for part in asked.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        made = workspace(Path(name) / "ws", asked.tasks)
        found: dict[str, dict[str, int]] = {}
        costs: dict[str, list[int]] = {}
        for display in ("stock", "ours"):
            here = shutil.copytree(made, Path(name) / display / "ws")
            line = Counted(here, Path(name) / display / "state", display, (width, height))
            found[display] = figures(line)
            line.line.close()
            if asked.session:
                line = Counted(here, Path(name) / display / "state", display, (width, height))
                costs[display] = session(line)
                line.line.close()
        print(f"{asked.tasks:,} tasks, {asked.size}, true colour")
        print_figures(found["stock"], found["ours"])
        for display, each in costs.items():
            busy, waited = seconds_on(each)
            print(f"session, {display}: {len(each)} keys, {sum(each):,} bytes, {busy:.1f} s, {waited:.1f} s")


if __name__ == "__main__":
    main()
