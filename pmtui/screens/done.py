"""Done, when: the day a task was done or a milestone reached, and the hours it took."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pmtui.domain.dates import say_date
from pmtui.domain.records import Milestone, Record, Task
from pmtui.screens.answers import read_when_done, verb_again
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.services import verbs
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell

if TYPE_CHECKING:
    from pmtui.screens.chosen import ChosenRecords


def asks_when(records: Sequence[Record | None]) -> bool:
    """Whether these are all of a kind that is done on a day."""
    return all(isinstance(record, Task) for record in records) or all(isinstance(r, Milestone) for r in records)


class DoneQuestion:
    """Asks when; the verb's own key once more is today, so that the usual answer is one key twice."""

    def __init__(self, view: "ChosenRecords", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._records = [record for record in map(view.desk.record, keys) if record is not None]
        self._today = view.desk.session.today

    def ask(self) -> None:
        """Show the days it may have been."""
        yesterday = self._today - dt.timedelta(days=1)
        again = verb_again("record.done", "d", "yop")
        days = {again: self._today, "y": yesterday}
        choices = [Choice(again, "today", also="enter"), Choice("y", "yesterday")]
        asked = {verbs.date_of(record) for record in self._records}
        due = asked.pop() if len(asked) == 1 else None
        if due is not None and due < yesterday:
            days["o"] = due
            choices.append(Choice("o", f"on the day it was due, {say_date(due, self._today)}"))
        takes_hours = all(isinstance(record, Task) for record in self._records)
        choices.append(Choice("p", "another day, and hours" if takes_hours else "another day"))

        def take(key: str | None) -> None:
            if key == "p":
                self._pick(takes_hours=takes_hours)
            elif key is not None:
                self._finish(days[key], None)

        word = "done" if takes_hours else "reached"
        name = self._view.naming(self._keys)
        self._view.app.push_screen(ChoiceScreen(((name, "strong"), (f" {word}, when?", "")), choices), take)

    def _finish(self, day: dt.date, hours: float | None) -> None:
        on = None if day == self._today else day
        self._view.act_on_keys(self._keys, lambda p, numbers: verbs.complete(p, numbers, "", on, hours))

    def _pick(self, *, takes_hours: bool) -> None:
        logged = self._logged_already()

        def reader(text: str) -> Sequence[Cell]:
            if not text.strip():
                return [("mon  12 nov  2026-11-12" + ("  ~6h  yesterday ~6h" if takes_hours else ""), "muted"), *logged]
            on, hours, problem = read_when_done(text, self._today)
            if problem:
                return [(problem, "bad")]
            day = on or self._today
            return [
                (
                    (f"{say_date(day, self._today)} {day.year}", "strong"),
                    (f"   {hours:g}h{' each' if len(self._keys) > 1 else ''}, added to its hours" if hours else "", ""),
                )
            ]

        def check(text: str) -> str:
            _, hours, problem = read_when_done(text, self._today)
            return problem or ("" if takes_hours or not hours else "a milestone takes no hours")

        def take(text: str | None) -> None:
            if text is not None:
                on, hours, _ = read_when_done(text, self._today)
                self._finish(on or self._today, hours)

        label = f"{self._view.naming(self._keys)} done on" + (" (~hours)" if takes_hours else "")
        self._view.app.push_screen(LineScreen(label, reader=reader, check=check), take)

    def _logged_already(self) -> list[Cell]:
        """That hours were logged on the task day by day: what is said here comes on top of them."""
        projects = [self._view.desk.projects[code].data for code, _ in self._keys]
        found = sum(data.logged.get(number, 0.0) for data, (_, number) in zip(projects, self._keys, strict=True))
        return (
            [(f"{round(found, 2):g}h are logged already: ~hours here are others than these", "muted")] if found else []
        )
