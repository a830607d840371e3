"""When: the question every date is moved by, each answer with what it does to the finish."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.consequence import consequence
from pmtui.domain.dates import DateError, read_date, say_date
from pmtui.domain.records import Milestone, Task
from pmtui.domain.triage import SLIPS_TO_ESCALATE
from pmtui.keymap import key_of
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.services import tasks, verbs
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell, Span

if TYPE_CHECKING:
    from pmtui.screens.chosen import ChosenRecords


def usual_days(today: dt.date) -> dict[str, tuple[str, dt.date]]:
    """The days that one key names, with their words."""
    friday, week = read_date("fri", today), today + dt.timedelta(days=7)
    return {
        "t": ("today", today),
        "m": ("tomorrow", read_date("tomorrow", today)),
        "f": (f"Friday {say_date(friday, today)}".replace("Friday Fri", "Friday"), friday),
        "w": (f"+1 week {say_date(week, today)}", week),
    }


class NewDates:
    """New dates for some records: the choices with what each does, and a line to type one in."""

    def __init__(self, view: "ChosenRecords", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self.today = view.desk.session.today
        self.days = usual_days(self.today)

    def choices(self) -> list[Choice]:
        """The usual days, each with its effect."""
        return [Choice(key, word, self.effect(day)) for key, (word, day) in self.days.items()]

    def effect(self, day: dt.date) -> str:
        """What a date does, in words, over all the projects concerned."""
        moved: dict[str, dict[str, dt.date]] = {}
        for code, number in self._keys:
            moved.setdefault(code, {})[number] = day
        found = []
        for code, dates in moved.items():
            data = self._view.desk.projects[code].data
            words = consequence(data, dates).words(data, self.today)
            found.append(f"{code}: {words}" if words and len(moved) > 1 else words)
        return "; ".join(filter(None, found))

    def pick(self, then: Callable[[dt.date], None], *, tells_effect: bool = True) -> None:
        """Ask for a date by a line, read while it is typed."""

        def reader(text: str) -> Sequence[Cell]:
            if not text.strip():
                return [("fri  +2w  eom  15 dec  2026-12-15", "muted")]
            try:
                day = read_date(text, self.today)
            except DateError as error:
                return [(str(error), "bad")]
            effect = self.effect(day) if tells_effect else ""
            return [((f"{say_date(day, self.today)} {day.year}", "strong"), (f"   {effect}", "warn"))]

        def check(text: str) -> str:
            try:
                read_date(text, self.today)
            except DateError as error:
                return str(error)
            return ""

        def take(text: str | None) -> None:
            if text is not None:
                then(read_date(text, self.today))

        label = f"{self._view.naming(self._keys)} → date"
        self._view.app.push_screen(LineScreen(label, reader=reader, check=check), take)


class DateQuestion:
    """Asks for a date by one key; for tasks and milestones the reason by another confirms it."""

    def __init__(self, view: "ChosenRecords", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._dates = NewDates(view, keys)
        records = [view.desk.record(key) for key in keys]
        self._tasks = [record for record in records if isinstance(record, Task)]
        self._milestones = any(isinstance(record, Milestone) for record in records)

    def ask(self) -> None:
        """Show the choices."""
        choices = [*self._dates.choices(), Choice("p", "pick a date")]
        if len(self._tasks) == len(self._keys):
            choices.append(Choice("a", "accept the delay: the date stays"))
            choices.append(Choice("c", "correct a wrong date: no slip"))

        def take(key: str | None) -> None:
            if key in self._dates.days:
                self._why(self._dates.days[key][1])
            elif key == "a":
                self._view.act_on_keys(self._keys, tasks.accept_delay)
            elif key == "p":
                self._dates.pick(self._why)
            elif key == "c":
                self._dates.pick(self._correct, tells_effect=False)

        name = self._view.naming(self._keys)
        self._view.app.push_screen(ChoiceScreen(((name, "strong"), (" → when?", "")), choices), take)

    def _correct(self, day: dt.date) -> None:
        self._view.act_on_keys(self._keys, lambda p, numbers: tasks.correct_date(p, numbers, day))

    def _why(self, day: dt.date) -> None:
        if not self._tasks and not self._milestones:
            self._view.act_on_keys(self._keys, lambda p, numbers: verbs.set_date(p, numbers, day))
            return
        question: Cell = (
            (self._view.naming(self._keys), "strong"),
            (f" → {say_date(day, self._dates.today)}, why?", ""),
        )
        self._view.ask_why(
            question,
            lambda reason: self._move(day, reason),
            self._say(day),
            project=self._view.desk.projects[self._keys[0][0]],
            required=self._milestones,
        )

    def _say(self, day: dt.date) -> Cell:
        """What the date does, and which slip it is."""
        said: list[Span] = []
        effect = self._dates.effect(day)
        if effect:
            said.append((effect, "warn"))
        slips = max((task.slip_count + 1 for task in self._tasks if task.due and task.due < day), default=0)
        if slips >= SLIPS_TO_ESCALATE:
            said += [(" · ", "muted")] if said else []
            said.append((f"slip number {slips}: {key_of('record.escalate_slipped')} then escalates it", "bad"))
        return tuple(said)

    def _move(self, day: dt.date, reason: str) -> None:
        move_on_keys(self._view, self._keys, lambda p, numbers: verbs.set_date(p, numbers, day, reason))


def move_on_keys(
    view: "ChosenRecords", keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]
) -> None:
    """Apply a service that may move dates; what slips once too often is offered to be escalated."""
    before = {key: _slips(view.desk.record(key)) for key in keys}
    view.act_on_keys(keys, service)
    after = {key: _slips(view.desk.record(key)) for key in keys}
    slipped = [key for key in keys if after[key] > before[key] and after[key] >= SLIPS_TO_ESCALATE]
    if slipped:
        view.offer_escalation(slipped, max(after[key] for key in slipped))


def _slips(record: object) -> int:
    return record.slip_count if isinstance(record, Task) else 0
