"""The line that logs hours on tasks, and what it means, read while it is typed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pmtui.domain.dates import say_date
from pmtui.domain.labour import hours_words
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickline import ParsedLine, read_line
from pmtui.domain.records import Task
from pmtui.screens.prompts import LineScreen
from pmtui.services import hours
from pmtui.services.adding import Draft, check
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span

if TYPE_CHECKING:
    from pmtui.screens.chosen import ChosenRecords

EXAMPLE = "3   2.5 wrote the tests   1d yesterday   7:30 mon @ben what for"


class HoursQuestion:
    """Asks how long, and when, by whom and what for; the same on each of several tasks."""

    def __init__(self, view: "ChosenRecords", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._projects = {code: view.desk.projects[code] for code, _ in keys}
        self._first = self._projects[keys[0][0]]

    def ask(self) -> None:
        """Ask for the line."""

        def take(text: str | None) -> None:
            if text is not None:
                values = self._read(self._first, text).values
                self._view.act_on_keys(self._keys, lambda p, numbers: hours.log(p, numbers, values))

        label = f"{self._view.naming(self._keys)} hours" + (" on each" if len(self._keys) > 1 else "")
        self._view.app.push_screen(LineScreen(label, reader=self._reading, check=self._problem), take)

    def _read(self, project: OpenProject, text: str) -> ParsedLine:
        return read_line("hours", text, project.data, project.today)

    def _problem(self, text: str) -> str:
        """Why the line can't be logged on all of them; empty where it can."""
        parsed = self._read(self._first, text)
        if parsed.problems:
            return str(parsed.problems[0])
        if "task" in parsed.values:
            return f"{parsed.values['task']}: the hours are of the task under the cursor; in quotes it is a note"
        for code, project in self._projects.items():
            mine = [number for of, number in self._keys if of == code]
            given = {"who": project.session.user, "date": project.today, **parsed.values}
            drafts = [Draft(replace(parsed, values={**given, "task": number})) for number in mine]
            problems = [problem for found in check(project, drafts) for problem in found]
            if problems:
                return str(problems[0])
        return ""

    def _reading(self, text: str) -> Sequence[Cell]:
        if not text.strip():
            return [(EXAMPLE, "muted")]
        parsed = self._read(self._first, text)
        if parsed.problems:
            return [(str(problem), "bad") for problem in parsed.problems[:2]]
        project, values = self._first, parsed.values
        who, day = str(values.get("who") or project.session.user), values.get("date") or project.today
        assert isinstance(day, dt.date), "dates are read as such"
        lines: list[Cell] = [_understood(values, who, day, project.today)]
        problem = self._problem(text)
        if problem:
            return [*lines, (problem, "bad")]
        lines += [((effect, "muted"),) for effect in self._effects(who, day, values["hours"])]
        doubt = hours.warning(project.data, who, day, project.today)
        lines += [(f"▲ {doubt}", "warn")] if doubt else []
        lines += [(f"new person {who}, unconfirmed", "warn")] if project.data.person(who) is None else []
        return [*lines, *((said, "warn") for said in parsed.said if said != "this day is still to come")]

    def _effects(self, who: str, day: dt.date, logged: Any) -> list[str]:
        """What the task and the person's day come to with these hours."""
        data, count = self._first.data, len(self._keys)
        there = data.hours_on(who, day) + logged * count
        found = [f"@{who} has {hours_words(round(there, 2))} on that day then"]
        task = data.get(self._keys[0][1])
        return [f"{_then(data, task, logged)}   {found[0]}"] if count == 1 and isinstance(task, Task) else found


def _understood(values: dict[str, object], who: str, day: dt.date, today: dt.date) -> tuple[Span, ...]:
    note = str(values.get("note", ""))
    told: list[Span] = [(hours_words(float(str(values["hours"]))), "strong"), (f"   {say_date(day, today)}", "strong")]
    told += [(f" {day.year}", "strong")] if day.year != today.year else []
    return (*told, (f"   @{who}", "strong"), *([("   Note ", "muted"), (note, "strong")] if note else []))


def _then(data: ProjectData, task: Task, logged: float) -> str:
    """The effort of a task with these hours, of how many estimated, and what is left of it."""
    effort = data.effort(task) + logged
    of = f" of {task.estimate:g}" if task.estimate else ""
    left = task.remaining if task.remaining is not None else task.estimate
    rest = f", {max(0.0, left - logged):g}h left" if left is not None and task.is_open else ""
    return f"{task.number} {effort:g}{of}h{rest}"
