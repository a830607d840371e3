"""What is asked of tasks alone: blocked, partly done, chased, split, raised, merged."""

from collections.abc import Hashable, Sequence

from pmtui.domain.dates import say_date
from pmtui.domain.records import Task
from pmtui.screens.answers import read_block
from pmtui.screens.chosen import ChosenRecords
from pmtui.screens.prompts import Choice, ChoiceScreen, Item, LineScreen, PickerScreen
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
        """Partly done."""
        keys = self.chosen()
        if not self.applies("progress", keys):
            return
        choices = [Choice(str(n), f"{n * 10} %") for n in range(1, 10)] + [Choice("0", "0 %"), Choice("p", "pick")]

        def set_percent(percent: int) -> None:
            self.act_on_keys(keys, lambda p, numbers: tasks.progress(p, numbers, percent))

        def check(text: str) -> str:
            typed = text.strip().removesuffix("%").strip()
            return "" if typed.isdecimal() and int(typed) <= 100 else "a whole number from 0 to 100"

        def pick(text: str | None) -> None:
            if text is not None:
                set_percent(int(text.strip().removesuffix("%")))

        def take(key: str | None) -> None:
            if key == "p":
                self.app.push_screen(LineScreen(f"{self.naming(keys)} is done to, in %", check=check), pick)
            elif key is not None:
                set_percent(int(key) * 10)

        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)} is how far?", choices), take)

    def action_record_chase(self) -> None:
        """The text to send, copied, and asked again in three working days."""
        keys = self.chosen()
        if not self.applies("chase", keys):
            return
        texts = [tasks.chase_text(self.desk.projects[code], number) for code, number in keys]
        self.app.copy_to_clipboard("\n".join(texts))
        self.act_on_keys(keys, tasks.chase)

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
        from pmtui.services import risks

        keys = self.chosen()
        if not self.applies("issue", keys):
            return
        if isinstance(self.desk.record(keys[0]), Task):
            self.act_on_keys(keys, tasks.raise_issue)
        else:
            self.act_on_keys(keys, risks.occurred)

    def action_record_risk(self) -> None:
        """Raise a risk."""
        self.act_on("risk", tasks.raise_risk)

    def action_record_escalate(self) -> None:
        """An issue that needs somebody's decision."""
        keys = self.chosen()
        if not self.applies("escalate", keys):
            return
        charter = self.desk.projects[keys[0][0]].data.project
        levels = [
            ("s", "sponsor", charter.sponsor),
            ("m", "project manager", charter.manager),
            ("c", "steering committee", ""),
        ]
        choices = [Choice(k, word, f"@{who}" if who else "", value=who or word) for k, word, who in levels]

        def take(to: str | None) -> None:
            if to:
                self.act_on_keys(keys, lambda p, numbers: tasks.raise_issue(p, numbers, decision_from=to))

        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)}: a decision is needed from?", choices), take)

    def _ask_survivor(self, keys: Sequence[Key]) -> None:
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
