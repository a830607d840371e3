"""When: the question every date is moved by, each answer with what it does to the finish."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pmtui.domain.consequence import consequence
from pmtui.domain.dates import DateError, read_date, say_date
from pmtui.domain.records import Milestone, Task
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.services import tasks, verbs
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell

if TYPE_CHECKING:
    from pmtui.screens.questions import RecordQuestions


class DateQuestion:
    """Asks for a date by one key; for tasks and milestones the reason by another confirms it."""

    def __init__(self, view: "RecordQuestions", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._project = view.desk.projects[keys[0][0]]
        self._asks_why = any(isinstance(view.desk.record(key), (Task, Milestone)) for key in keys)
        self._only_tasks = all(isinstance(view.desk.record(key), Task) for key in keys)

    def ask(self) -> None:
        """Show the choices."""
        today = self._project.today
        answers = (
            ("t", "today", today),
            ("m", "tomorrow", read_date("tomorrow", today)),
            ("f", "Friday", read_date("fri", today)),
            ("w", "+1 week", today + dt.timedelta(days=7)),
        )
        choices = [
            Choice(key, f"{word} {say_date(day, today)}".strip(), self.effect(day)) for key, word, day in answers
        ]
        choices[0] = Choice("t", "today", self.effect(today))
        choices[1] = Choice("m", "tomorrow", self.effect(answers[1][2]))
        choices.append(Choice("p", "pick a date"))
        if self._only_tasks:
            choices.append(Choice("a", "accept the delay: the date stays"))
            choices.append(Choice("c", "correct a wrong date: no slip"))
        dates = {key: day for key, _, day in answers}

        def take(key: str | None) -> None:
            if key in dates:
                self._why(dates[key])
            elif key == "a":
                self._view.act_on_keys(self._keys, tasks.accept_delay)
            elif key in {"p", "c"}:
                self._pick(corrects=key == "c")

        name = self._view.naming(self._keys)
        self._view.app.push_screen(ChoiceScreen(((name, "strong"), (" → when?", "")), choices), take)

    def effect(self, day: dt.date) -> str:
        """What a date does, in words."""
        moved = {number: day for code, number in self._keys if code == self._project.code}
        return consequence(self._project.data, moved).words(self._project.data, self._project.today)

    def _why(self, day: dt.date) -> None:
        if not self._asks_why:
            self._view.act_on_keys(self._keys, lambda p, numbers: verbs.set_date(p, numbers, day))
            return
        effect = self.effect(day)
        slips = max((r.slip_count for r in map(self._view.desk.record, self._keys) if isinstance(r, Task)), default=0)
        say = effect or ("moved three times or more: ! escalates" if slips >= 2 else "")
        question: Cell = (
            (self._view.naming(self._keys), "strong"),
            (f" → {say_date(day, self._project.today)}, why?", ""),
        )

        def move(reason: str) -> None:
            self._view.act_on_keys(self._keys, lambda p, numbers: verbs.set_date(p, numbers, day, reason))

        self._view.ask_why(question, move, (say, "warn") if say else "")

    def _pick(self, *, corrects: bool) -> None:
        today = self._project.today

        def reader(text: str) -> Sequence[Cell]:
            if not text.strip():
                return [("fri  +2w  eom  15 dec  2026-12-15", "muted")]
            try:
                day = read_date(text, today)
            except DateError as error:
                return [(str(error), "bad")]
            effect = "" if corrects else self.effect(day)
            return [((f"{say_date(day, today)} {day.year}", "strong"), (f"   {effect}", "warn"))]

        def check(text: str) -> str:
            try:
                read_date(text, today)
            except DateError as error:
                return str(error)
            return ""

        def take(text: str | None) -> None:
            if text is None:
                return
            day = read_date(text, today)
            if corrects:
                self._view.act_on_keys(self._keys, lambda p, numbers: tasks.correct_date(p, numbers, day))
            else:
                self._why(day)

        label = f"{self._view.naming(self._keys)} → date"
        self._view.app.push_screen(LineScreen(label, reader=reader, check=check), take)
