"""Twenty overdue items of the demo decided in triage, by a script that presses the keys a manager would; and how many.

``python -m benchmarks.triage_keys [--items 20] [--day 2026-11-30]`` builds the demo as of a day in a folder of its own,
opens the app over it at 80×24, decides item after item by what the screen shows of it, and prints the keys. What was
decided is then read from the store by another session. It fails where that is another number, or more keys were pressed
than allowed (45 for twenty).
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pmtui.app import PmtuiApp
from pmtui.demo import build
from pmtui.domain.records import Change, CostEntry, Issue, Meeting, Record, Risk, Task
from pmtui.keymap import shown_key
from pmtui.screens.triage import TriageScreen
from pmtui.services.decided import decided_overdue
from pmtui.services.desk import Desk, Key
from pmtui.services.drafts import Drafts
from pmtui.services.looked import Looked
from pmtui.services.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.pilot import Pilot

KEYS_AN_ITEM = 45 / 20
"""What a decision may cost on the average."""

MOST_TOGETHER = 3
"""Reviews that are put off together, marked one after another."""

PATIENCE = 200
"""Looks at whether a key was followed, before it never will be."""


def decision(record: Record, escalated: int) -> tuple[str, tuple[str, ...]]:
    """What a manager decides about an item, by what its story says, and the keys that do it."""
    if isinstance(record, Task):
        return _task_decision(record, escalated)
    if isinstance(record, Meeting):
        return "publish the minutes", ("d", "d")
    if isinstance(record, Risk) and record.score >= 15:
        return "it occurred: an issue", ("i",)
    if isinstance(record, Change):
        return "decide by Friday", ("r", "f")
    assert isinstance(record, (Risk, Issue, CostEntry)), record.number
    return "a week on", ("r", "w")


def _task_decision(task: Task, escalated: int) -> tuple[str, tuple[str, ...]]:
    if task.waiting_for or task.blocked_reason:
        return "chase", ("c", "c")
    if task.percent_done >= 75:
        return "done", ("d", "d")
    if task.percent_done >= 50:
        return "90 %, the rest by Friday", ("percent_sign", "9", "f")
    if task.slip_count >= 3 and not escalated:
        return "escalate to the sponsor", ("exclamation_mark", "s", "w")
    if task.slip_count >= 2:
        return "accept the delay", ("r", "a")
    if task.priority == "low":
        return "drop, no longer needed", ("x", "d", "n")
    if task.slip_count:
        return "done", ("d", "d")
    return "Friday, capacity", ("r", "f", "c")


class Run:
    """One sitting: the keys pressed, and what for."""

    def __init__(self, app: PmtuiApp, pilot: Pilot[None], items: int) -> None:
        self.pressed: list[str] = []
        self.rows: list[tuple[str, str, str]] = []
        self._app = app
        self._pilot = pilot
        self._items = items
        self._escalated = 0

    async def press(self, *keys: str) -> None:
        """Press keys, and let the app follow."""
        for key in keys:
            await self._pilot.press(key)
            self.pressed.append(shown_key(key))
            await self._pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Let the app work until something holds."""
        for _ in range(PATIENCE):
            if holds():
                return
            await self._pilot.pause(0.01)
        sys.exit(f"after {' '.join(self.pressed)}: the screen never followed")

    async def decide_all(self) -> None:
        """Triage, then decision after decision."""
        await self.press("t")
        self.rows.append(("", "open triage", "t"))
        decided = 0
        while decided < self._items:
            decided += await self._decide(self._screen.shown_keys(), self._items - decided)

    @property
    def _screen(self) -> TriageScreen:
        screen = self._app.screen
        assert isinstance(screen, TriageScreen)
        return screen

    async def _decide(self, left: Sequence[Key], most: int) -> int:
        """Decide the item shown, with those after it where all of them are reviews to put off; how many."""
        here = self._screen.cursor()
        at = left.index(here) if here in left else 0
        together: list[Key] = []
        for key in left[at : at + min(MOST_TOGETHER, most)]:
            record = self._app.desk.record(key)
            if not isinstance(record, (Risk, Issue)) or decision(record, 0)[1] != ("r", "w"):
                break
            together.append(key)
        if len(together) > 1:
            await self._do(together, f"{len(together)} together: a week on", (*("space",) * len(together), "r", "w"))
            return len(together)
        record = self._app.desk.record(left[at])
        assert record is not None
        words, keys = decision(record, self._escalated)
        self._escalated += words.startswith("escalate")
        await self._do(left[at : at + 1], words, keys)
        return 1

    async def _do(self, items: Sequence[Key], words: str, keys: Sequence[str]) -> None:
        await self.press(*keys)
        await self.until(lambda: not set(items) & set(self._screen.shown_keys()))
        numbers = ", ".join(number for _, number in items)
        self.rows.append((numbers, words, " ".join(map(shown_key, keys))))


async def sitting(folder: Path, now: dt.datetime, items: int) -> Run:
    """Decide some items in the real app."""
    desk = Desk(Session(folder, user="gus", name="bench", now=lambda: now, durable=False))
    desk.open_all()
    state = folder.parent / "state"
    app = PmtuiApp(desk, Drafts(state / "drafts"), Looked(state / "looked.json"))
    async with app.run_test(size=(80, 24)) as pilot:
        run = Run(app, pilot, items)
        await run.decide_all()
    return run


def decided_in_store(folder: Path, now: dt.datetime) -> int:
    """How many overdue items this sitting decided, as another session reads it from the store."""
    desk = Desk(Session(folder, user="reader", name="reader", now=lambda: now))
    desk.open_all()
    today = now.date()
    found = [d for p in desk.projects.values() for d in decided_overdue(p, today, today)]
    return sum(1 for decided in found if decided.transaction.session == "bench")


def main() -> None:
    """Run, print, and fail where it was not done or took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date(2026, 11, 30))
    wanted = parser.parse_args()
    now = dt.datetime.combine(wanted.day, dt.time(9), dt.UTC)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "demo"
        build(folder, lambda: now)
        run = asyncio.run(sitting(folder, now, wanted.items))
        decided = decided_in_store(folder, now)
    print("| item | decision | keys |\n|---|---|---|")
    for number, words, keys in run.rows:
        print(f"| {number} | {words} | `{keys}` |")
    allowed = round(KEYS_AN_ITEM * wanted.items)
    print(f"\n{decided} decided in the store, {len(run.pressed)} keys pressed, {allowed} allowed")
    if decided != wanted.items or len(run.pressed) > allowed:
        sys.exit(1)


if __name__ == "__main__":
    main()
