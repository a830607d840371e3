"""What every verb asks before it acts, by the same keys in every list, on one record or on those marked."""

from collections.abc import Callable, Hashable, Sequence

from pmtui.domain.reasons import ENDED
from pmtui.domain.records import Change, Issue, Meeting, Task
from pmtui.keymap import key_of
from pmtui.screens.answers import letter_for, new_person, people_items, verb_again
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen, PickerScreen
from pmtui.screens.task_questions import TaskQuestions
from pmtui.services import records, tasks, verbs
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell

BY_ANOTHER_KEY = {"published": "meetings.publish", "occurred": "record.issue", "issued": "report.issue"}
"""Statuses that have an action of their own, and which."""


class RecordQuestions(TaskQuestions):
    """What can be decided of records of any kind."""

    def action_record_done(self) -> None:
        """Done, in the kind's own sense; a task is asked when, an issue how it was resolved."""
        from pmtui.screens.done import DoneQuestion, asks_when

        keys = self.chosen()
        if not self.applies("done", keys):
            return
        minutes = [key for key in keys if isinstance(self.desk.record(key), Meeting)]
        if minutes:
            if len(keys) > 1:
                named = minutes[0][1]
                self.tell_error(f"publish {named} by itself: minutes are frozen, and can't be undone")
            else:
                self.ask_publish(keys[0], verb_again("record.done", "d", ""))
            return
        if asks_when([self.desk.record(key) for key in keys]):
            DoneQuestion(self, keys).ask()
            return
        if not all(isinstance(self.desk.record(key), Issue) for key in keys):
            self.act_on_keys(keys, verbs.complete)
            return

        def take(how: str | None) -> None:
            if how is not None:
                self.act_on_keys(keys, lambda p, numbers: verbs.complete(p, numbers, how))

        self.app.push_screen(LineScreen(f"{self.naming(keys)} resolved, how?"), take)

    def ask_publish(self, key: Key, answer: str, doubt: str = "") -> None:
        """Asked once more, by the key it comes with, since published minutes are frozen: no undo brings them back."""

        def take(picked: str | None) -> None:
            if picked:
                self.act_on_keys([key], verbs.complete)

        question: Cell = ((f"Publish the minutes of {self.naming([key])}?", "strong"),)
        publish = Choice(answer, "publish", "numbered and frozen: no undo, a later decision corrects them")
        self.app.push_screen(ChoiceScreen(question, [publish], (doubt, "warn") if doubt else ""), take)

    def action_record_date(self) -> None:
        """When: the choice of dates, each with what it does."""
        from pmtui.screens.dates import DateQuestion

        keys = self.chosen()
        if self.applies("date", keys):
            DateQuestion(self, keys).ask()

    def action_record_who(self) -> None:
        """Who has it; each person with their open load."""
        keys = self.chosen()
        if not self.applies("who", keys):
            return
        project = self.desk.projects[keys[0][0]]
        label = f"{self.naming(keys)} → who?"
        picker = PickerScreen(label, people_items(project), others=new_person)

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self.act_on_keys(keys, lambda p, numbers: verbs.set_owner(p, numbers, str(picked)))

        self.app.push_screen(picker, take)

    def action_record_status(self) -> None:
        """To a status by its name."""
        keys = self.chosen()
        if not self.applies("status", keys):
            return
        record = self.desk.record(keys[0])
        if record is None or record.TYPE.flow is None:
            return
        now = str(getattr(record, "status", ""))
        to = [s for s in record.TYPE.flow.statuses if s != now and record.TYPE.flow.allows(now, s)]
        names = [s for s in to if s not in BY_ANOTHER_KEY]
        if not names:
            others = [f"{s} by {key_of(BY_ANOTHER_KEY[s])}" for s in to]
            self.tell_error(
                f"{record.number}: {now}, then {', '.join(others)}" if to else f"{record.number}: {now} is final"
            )
            return
        choices = [Choice(letter_for(name, record.TYPE.flow.statuses), name, value=name) for name in names]

        def take(status: str | None) -> None:
            if status == "blocked":
                self._ask_block(keys)
            elif status in {"cancelled", "void"}:
                self._ask_end(keys, f"{status}, why?", verbs.drop)
            elif status and isinstance(record, Change):
                self._ask_reason(
                    keys, f"{status}, why?", lambda p, numbers, why: verbs.set_status(p, numbers, status, why)
                )
            elif status:
                self.act_on_keys(keys, lambda p, numbers: verbs.set_status(p, numbers, status))

        self.app.push_screen(ChoiceScreen(((f"{self.naming(keys)} is {now} → ", ""), ("to?", "strong")), choices), take)

    def action_record_drop(self) -> None:
        """Drop, later phase, merge, delete."""
        keys = self.chosen()
        if not self.applies("drop", keys):
            return
        all_tasks = all(isinstance(self.desk.record(key), Task) for key in keys)
        choices = [Choice("d", "drop: cancelled, with a reason")]
        if all_tasks:
            choices += [Choice("l", "later phase: to the backlog"), Choice("m", "merge: a duplicate of another")]
        choices.append(Choice("D", f"delete it ({key_of('desk.undo')} brings it back)"))

        def take(key: str | None) -> None:
            if key == "d":
                self._ask_end(keys, "dropped, why?", verbs.drop)
            elif key == "l":
                self._ask_end(keys, "left to a later phase, why?", tasks.defer, required=False)
            elif key == "m":
                self._ask_survivor(keys)
            elif key == "D":
                self.act_on_keys(keys, records.delete_records)

        question: Cell = ((self.naming(keys), "strong"), (":", ""))
        self.app.push_screen(ChoiceScreen(question, choices, self._held_up(keys)), take)

    def _held_up(self, keys: Sequence[Key]) -> Cell:
        """What waits for these, and would go on without them."""
        held = [
            f"{number} {record.name}"
            for code, one in keys
            for number in self.desk.projects[code].data.successors.get(one, ())
            if (record := self.desk.record((code, number))) is not None
            and record.is_open
            and (code, number) not in keys
        ]
        if not held:
            return ""
        more = f" and {len(held) - 3} more" if len(held) > 3 else ""
        return (("Holds up ", "muted"), (", ".join(held[:3]) + more, "warn"))

    def _ask_end(
        self,
        keys: Sequence[Key],
        question: str,
        service: Callable[[OpenProject, Sequence[str], str], Outcome],
        *,
        required: bool = True,
    ) -> None:
        """Why something is not to be done, by one key or typed."""

        def end(reason: str) -> None:
            self.act_on_keys(keys, lambda p, numbers: service(p, numbers, reason))

        self.ask_why(
            ((self.naming(keys), "strong"), (f" {question}", "")),
            end,
            project=self.desk.projects[keys[0][0]],
            kind=ENDED,
            required=required,
        )

    def action_record_note(self) -> None:
        """A dated line in the notes."""
        keys = self.chosen()
        if not self.applies("note", keys):
            return

        def take(text: str | None) -> None:
            if text:
                self.act_on_keys(keys, lambda p, numbers: records.add_note(p, numbers, text))

        self.app.push_screen(LineScreen(f"Note on {self.naming(keys)}"), take)

    def action_record_copy(self) -> None:
        """One line a record, to the terminal's clipboard."""
        keys = self.chosen()
        if keys:
            text = "\n".join(records.as_text(self.desk.projects[code], number) for code, number in keys)
            self.app.copy_to_clipboard(text)
            self.tell(
                ((f"Copied {self.naming(keys)}", ""), ("  (in tmux this needs: set -g set-clipboard on)", "muted"))
            )
