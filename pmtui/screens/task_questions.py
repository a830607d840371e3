"""What is asked of tasks alone: blocked, partly done, chased, split, raised, merged."""

from collections.abc import Hashable, Sequence

from pmtui.domain.dates import say_date
from pmtui.domain.records import Task
from pmtui.keymap import key_of
from pmtui.screens.answers import read_block
from pmtui.screens.chosen import ChosenRecords
from pmtui.screens.prompts import Item, LineScreen, PickerScreen
from pmtui.services import tasks
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell


class TaskQuestions(ChosenRecords):
    """What can be decided of tasks."""

    def action_record_block(self) -> None:
        """Blocked by what; or no longer blocked."""
        keys = self.chosen()
        if not self.applies("block", keys):
            return
        blocked = [isinstance(r, Task) and r.status == "blocked" for r in map(self.desk.record, keys)]
        if all(blocked):
            self.act_on_keys(keys, tasks.unblock)
        else:
            self._ask_block(keys)

    def _ask_block(self, keys: Sequence[Key]) -> None:
        def reader(text: str) -> Sequence[Cell]:
            reason, follow, problem = read_block(text, self.project.today)
            if problem:
                return [(problem, "bad")]
            when = (
                f", follow up {say_date(follow, self.project.today)}" if follow else ", no follow-up: end with a date"
            )
            return (
                [((f"⊘ {reason}", "warn"), (when, "muted"))]
                if reason
                else [("what it waits for, then a date to follow up: vendor quote +5d", "muted")]
            )

        def check(text: str) -> str:
            reason, _, problem = read_block(text, self.project.today)
            return problem or ("" if reason else "say by what it is blocked")

        def take(text: str | None) -> None:
            if text is not None:
                reason, follow, _ = read_block(text, self.project.today)
                self.act_on_keys(keys, lambda p, numbers: tasks.block(p, numbers, reason, follow))

        self.app.push_screen(LineScreen(f"{self.naming(keys)} blocked by", reader=reader, check=check), take)

    def action_record_progress(self) -> None:
        """Partly done: how far, then by when."""
        from pmtui.screens.progress import ProgressQuestion

        keys = self.chosen()
        if self.applies("progress", keys):
            ProgressQuestion(self, keys).ask()

    def action_record_hours(self) -> None:
        """Hours worked on it: how many, on which day, by whom, what for."""
        from pmtui.screens.hours_line import HoursQuestion

        keys = self.chosen()
        if self.applies("hours", keys):
            HoursQuestion(self, keys).ask()

    def action_record_chase(self) -> None:
        """Whom, with the text to send, which is copied; asked again in three working days."""
        from pmtui.screens.handing_on import ChaseQuestion

        keys = self.chosen()
        if self.applies("chase", keys):
            ChaseQuestion(self, keys).ask()

    def action_record_split(self) -> None:
        """The parts' titles, separated by semicolons."""
        key = self.cursor()
        if key is None or not self.applies("split", [key]):
            return

        def take(text: str | None) -> None:
            if text is not None:
                self.act_on_keys([key], lambda p, numbers: tasks.split(p, numbers[0], text.split(";")))

        def reader(text: str) -> Sequence[Cell]:
            parts = [part.strip() for part in text.split(";") if part.strip()]
            return [(f"{len(parts)} part{'s' if len(parts) != 1 else ''}: {' · '.join(parts)}", "muted")]

        def check(text: str) -> str:
            return "" if text.strip(" ;") else "name the parts, separated by ;"

        screen = LineScreen(f"{self.naming([key])} split into (; between)", reader=reader, check=check)
        self.app.push_screen(screen, take)

    def action_record_issue(self) -> None:
        """Raise an issue; a risk that occurred becomes one."""
        from pmtui.screens.handing_on import raise_an_issue
        from pmtui.services import risks

        keys = self.chosen()
        if not self.applies("issue", keys):
            return
        kinds = {type(self.desk.record(key)) for key in keys}
        if kinds == {Task}:
            raise_an_issue(self, keys)
        elif Task in kinds:
            self.tell_error("raise issues from tasks, or from risks that occurred, not from both at once")
        else:
            self.act_on_keys(keys, risks.occurred)

    def action_record_risk(self) -> None:
        """Raise a risk."""
        from pmtui.screens.handing_on import raise_a_risk

        keys = self.chosen()
        if self.applies("risk", keys):
            raise_a_risk(self, keys)

    def action_record_escalate(self) -> None:
        """An issue that needs somebody's decision."""
        from pmtui.screens.handing_on import escalate

        keys = self.chosen()
        if self.applies("escalate", keys):
            escalate(self, keys)

    def action_record_escalate_slipped(self) -> None:
        """Escalate what was moved last, where it was once too often."""
        from pmtui.screens.handing_on import escalate

        keys = [key for key in self.slipped if self.desk.record(key) is not None]
        if not keys:
            slipped, any_task = key_of("record.escalate_slipped"), key_of("record.escalate")
            self.tell_error(f"{slipped} escalates what was just moved for the third time; {any_task} any task")
        elif self.applies("escalate", keys):
            escalate(self, keys)

    def _ask_survivor(self, keys: Sequence[Key]) -> None:
        if len({code for code, _ in keys}) > 1:
            self.tell_error("these are of several projects: merge those of one at a time")
            return
        project = self.desk.projects[keys[0][0]]
        chosen = {number for _, number in keys}
        items = [
            Item(t.number, f"{t.number} {t.title}", t.status)
            for t in project.data.tasks.values()
            if t.number not in chosen and t.is_open
        ]

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self.act_on_keys(keys, lambda p, numbers: tasks.merge(p, numbers, str(picked)))

        self.app.push_screen(PickerScreen(f"{self.naming(keys)} is a duplicate of", items), take)
