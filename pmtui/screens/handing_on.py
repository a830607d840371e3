"""Handing a task on: chased with a text to send, raised as an issue or a risk, escalated to who decides."""

import datetime as dt
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.dates import say_date
from pmtui.domain.records import Task
from pmtui.screens.answers import letter_for, new_person, people_items, verb_again
from pmtui.screens.dates import NewDates
from pmtui.screens.prompts import Choice, ChoiceScreen, PickerScreen
from pmtui.services import tasks
from pmtui.services.desk import Key
from pmtui.widgets.bars import StatusLine
from pmtui.widgets.cells import Cell, Span, spans

if TYPE_CHECKING:
    from pmtui.screens.chosen import ChosenRecords

FIRST = "\0first"
"""The answer that chases whom the text is shown for."""

LEVELS = {"1": "minor", "2": "small", "3": "as usual", "4": "serious", "5": "grave"}
"""Urgency and impact, or a risk's impact, by their step."""

LIKELY = {"1": "hardly", "2": "unlikely", "3": "possible", "4": "likely", "5": "almost certain"}
"""A risk's probability by its step."""


class ChaseQuestion:
    """Asks whom to chase, showing the text that is copied; the verb's own key once more takes the first."""

    def __init__(self, view: "ChosenRecords", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._tasks = [task for task in map(view.desk.record, keys) if isinstance(task, Task)]
        self._project = view.desk.projects[keys[0][0]]

    def ask(self) -> None:
        """Show the text to the first person, and who else it could go to."""
        people = self._people()
        if not people:
            self._pick()
            return
        alone = len(self._tasks) == 1
        first = people[0] if alone else "each one's owner, or who it waits for"
        others = people[1:] if alone else ()
        letters = {letter_for(name, ("c", "p", *others)): name for name in others}
        own = verb_again("record.chase", "c", {"p", *letters})
        choices = [Choice(own, first, value=FIRST, also="enter")]
        choices += [Choice(letter, name, value=f"@{name}") for letter, name in letters.items()]
        choices.append(Choice("p", "somebody else"))

        def take(key: str | None) -> None:
            if key == "p":
                self._pick()
            elif key is not None:
                self._chase(key.removeprefix("@") if key.startswith("@") else people[0] if alone else "")

        again = self._project.data.calendar.add_working_days(self._project.today, tasks.LEFT_ALONE)
        until = say_date(again, self._project.today)
        question: Cell = ((self._view.naming(self._keys), "strong"), (" chase whom?", ""))
        say: Cell = ((f"{self._shown_text()}   ", "muted"), (f"Asked about again {until}.", ""))
        self._view.app.push_screen(ChoiceScreen(question, choices, say), take)

    def _people(self) -> list[str]:
        """Who may be chased, the likeliest first."""
        names = [name for task in self._tasks for name in (task.waiting_for, task.owner) if name]
        if len(self._tasks) == 1:
            before = [self._project.data.get(number) for number in self._tasks[0].depends_on]
            names += [task.owner for task in before if isinstance(task, Task) and task.is_open and task.owner]
        return list(dict.fromkeys(names))

    def _shown_text(self) -> str:
        """The text; of several the first, so that the choices stay in sight."""
        first, *others = self._text("").splitlines()
        return f"{first} And {len(others)} more, one for each." if others else first

    def _text(self, whom: str) -> str:
        texts = (tasks.chase_text(self._view.desk.projects[code], number, whom) for code, number in self._keys)
        return "\n".join(texts)

    def _pick(self) -> None:
        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self._chase(str(picked))

        label = f"{self._view.naming(self._keys)} → chase whom?"
        picker = PickerScreen(label, people_items(self._project), others=new_person)
        self._view.app.push_screen(picker, take)

    def _chase(self, whom: str) -> None:
        text = self._text(whom)
        self._view.act_on_keys(self._keys, lambda p, numbers: tasks.chase(p, numbers, whom))
        self._view.app.copy_to_clipboard(text)
        status = self._view.query_one("#status", StatusLine)
        copied: tuple[Span, ...] = (("   the text is copied", ""), (" (in tmux: set -g set-clipboard on)", "muted"))
        self._view.tell((*spans(status.content), *copied))


def raise_an_issue(view: "ChosenRecords", keys: Sequence[Key]) -> None:
    """An issue from a task, how grave by one key."""

    def take(key: str | None) -> None:
        if key is not None:
            view.act_on_keys(keys, lambda p, numbers: tasks.raise_issue(p, numbers, level=int(key)))

    again = verb_again("record.issue", "i", LEVELS)
    choices = [Choice(key, word, also=again if key == "3" else "") for key, word in LEVELS.items()]
    view.app.push_screen(ChoiceScreen(((view.naming(keys), "strong"), (" is an issue, how grave?", "")), choices), take)


def raise_a_risk(view: "ChosenRecords", keys: Sequence[Key]) -> None:
    """A risk from a task: how likely and how grave by a key each, or later."""
    name: Span = (view.naming(keys), "strong")
    graves = [Choice(key, word) for key, word in LEVELS.items()]

    def grave(likely: str) -> None:
        def take(impact: str | None) -> None:
            if impact is not None:
                steps = int(likely), int(impact)
                view.act_on_keys(keys, lambda p, numbers: tasks.raise_risk(p, numbers, "", *steps))

        question: Cell = (name, (f" as a risk, {LIKELY[likely]}, how grave?", ""))
        view.app.push_screen(ChoiceScreen(question, graves), take)

    def take(likely: str | None) -> None:
        if likely == "R":
            view.act_on_keys(keys, tasks.raise_risk)
        elif likely is not None:
            grave(likely)

    again = verb_again("record.risk", "R", LIKELY)
    choices = [
        *(Choice(key, word) for key, word in LIKELY.items()),
        Choice(again, "assess it later", value="R", also="enter"),
    ]
    view.app.push_screen(ChoiceScreen((name, (" as a risk, how likely?", "")), choices), take)


def escalate(view: "ChosenRecords", keys: Sequence[Key]) -> None:
    """An issue that needs somebody's decision, by a day."""
    charter = view.desk.projects[keys[0][0]].data.project
    levels = {
        "s": ("sponsor", charter.sponsor),
        "m": ("project manager", charter.manager),
        "c": ("steering committee", ""),
    }
    name: Span = (view.naming(keys), "strong")

    def needed(to: str | None) -> None:
        if to:
            _ask_by(view, keys, levels[to][1] or levels[to][0])

    choices = [Choice(key, word, f"@{who}" if who else "") for key, (word, who) in levels.items()]
    view.app.push_screen(ChoiceScreen((name, (": a decision is needed from?", "")), choices), needed)


def _ask_by(view: "ChosenRecords", keys: Sequence[Key], to: str) -> None:
    """By when the decision is needed."""
    dates = NewDates(view, keys)

    def act(day: dt.date) -> None:
        view.act_on_keys(keys, lambda p, numbers: tasks.raise_issue(p, numbers, decision_from=to, decision_by=day))

    def take(key: str | None) -> None:
        if key == "p":
            dates.pick(act, tells_effect=False)
        elif key is not None:
            act(dates.days[key][1])

    choices = [Choice(key, word, also="enter" if key == "w" else "") for key, (word, _) in dates.days.items()]
    question: Cell = ((view.naming(keys), "strong"), (f" to {to}, needed by?", ""))
    view.app.push_screen(ChoiceScreen(question, [*choices, Choice("p", "pick a date")]), take)
