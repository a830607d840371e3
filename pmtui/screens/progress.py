"""Partly done: how far, then what is left and by when."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pmtui.domain.dates import say_date
from pmtui.domain.records import Task
from pmtui.domain.values import read_hours
from pmtui.screens.answers import verb_again
from pmtui.screens.dates import NewDates, move_on_keys
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.services import tasks
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell

if TYPE_CHECKING:
    from pmtui.screens.chosen import ChosenRecords


class ProgressQuestion:
    """Asks for the percent by a digit, then for a new date; hours left are offered beside it."""

    def __init__(self, view: "ChosenRecords", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._dates = NewDates(view, keys)
        self._tasks = [record for record in map(view.desk.record, keys) if isinstance(record, Task)]

    def ask(self) -> None:
        """How far."""
        choices = [Choice(str(n), f"{n * 10} %") for n in range(1, 10)] + [Choice("0", "0 %"), Choice("p", "pick")]

        def check(text: str) -> str:
            typed = text.strip().removesuffix("%").strip()
            return "" if typed.isdecimal() and int(typed) <= 100 else "a whole number from 0 to 100"

        def pick(text: str | None) -> None:
            if text is not None:
                self._by_when(int(text.strip().removesuffix("%")), None)

        def take(key: str | None) -> None:
            if key == "p":
                label = f"{self._view.naming(self._keys)} is done to, in %"
                self._view.app.push_screen(LineScreen(label, check=check), pick)
            elif key is not None:
                self._by_when(int(key) * 10, None)

        question: Cell = ((self._view.naming(self._keys), "strong"), (" is how far?", ""))
        self._view.app.push_screen(ChoiceScreen(question, choices), take)

    def _by_when(self, percent: int, remaining: float | None) -> None:
        """By when the rest is done; 100 % asks nothing more."""
        if percent == 100:
            self._put(percent, None, None)
            return
        kept = self._due()
        choices = [
            Choice(
                "enter",
                f"the date stays{f', {kept}' if kept else ''}",
                also=verb_again("record.progress", "percent_sign", "tmfwph"),
            )
        ]
        choices += [*self._dates.choices(), Choice("p", "pick a date")]
        if len(self._keys) == 1:
            choices.append(Choice("h", "hours left: type them"))

        def take(key: str | None) -> None:
            if key == "h":
                self._hours(percent)
            elif key == "p":
                self._dates.pick(lambda day: self._put(percent, remaining, day))
            elif key == "enter":
                self._put(percent, remaining, None)
            elif key is not None:
                self._put(percent, remaining, self._dates.days[key][1])

        said = f" {percent} % done{self._left(percent, remaining)}, the rest by when?"
        question: Cell = ((self._view.naming(self._keys), "strong"), (said, ""))
        self._view.app.push_screen(ChoiceScreen(question, choices), take)

    def _due(self) -> str:
        dates = {task.due for task in self._tasks}
        due = dates.pop() if len(dates) == 1 else None
        return say_date(due, self._dates.today) if due else ""

    def _left(self, percent: int, remaining: float | None) -> str:
        estimate = self._tasks[0].estimate if len(self._tasks) == 1 else None
        hours = remaining if remaining is not None else round(estimate * (100 - percent) / 100, 1) if estimate else None
        return "" if hours is None else f", {hours:g}h left"

    def _hours(self, percent: int) -> None:
        def check(text: str) -> str:
            try:
                read_hours(text)
            except ValueError:
                return "allowed: hours such as 6, 2.5, 3d (a day is 8 hours)"
            return ""

        def take(text: str | None) -> None:
            if text is not None:
                self._by_when(percent, read_hours(text))

        label = f"{self._view.naming(self._keys)} hours left"
        self._view.app.push_screen(LineScreen(label, check=check), take)

    def _put(self, percent: int, remaining: float | None, due: dt.date | None) -> None:
        def put(project: OpenProject, numbers: Sequence[str]) -> Outcome:
            return tasks.progress(project, numbers, percent, remaining, due)

        move_on_keys(self._view, self._keys, put)
