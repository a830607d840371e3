"""What every verb asks before it acts, by the same keys in every list, on one record or on those marked."""

from collections.abc import Callable, Hashable, Sequence

from textual import events

from pmtui.domain.dates import say_date
from pmtui.domain.records import Change, Issue, Record, Task
from pmtui.keymap import ACTIONS, TASKS, actions_of, key_of
from pmtui.screens.answers import letter_for, new_person, people_items, read_block
from pmtui.screens.prompts import Choice, ChoiceScreen, Item, LineScreen, PickerScreen
from pmtui.screens.rows import Rows
from pmtui.screens.view import ViewScreen
from pmtui.services import records, tasks, verbs
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell, clip_spans, plain

REASONS = (
    Choice("v", "vendor late"),
    Choice("d", "waiting for a decision"),
    Choice("c", "capacity"),
    Choice("s", "scope grew"),
    Choice("e", "estimate was short"),
    Choice("i", "illness or leave"),
    Choice("o", "other: type it"),
    Choice("enter", "no reason"),
)
"""Why a date moves, by one key."""

BY_ANOTHER_KEY = {"published": "meetings.publish", "occurred": "record.issue", "issued": "report.issue"}
"""Statuses that have an action of their own, and which."""


class RecordQuestions(ViewScreen):
    """A view whose rows are records, and what can be decided of them."""

    # What subclasses give ----------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The list or board."""
        raise NotImplementedError

    def shown_keys(self) -> Sequence[Key]:
        """The records shown, in order."""
        raise NotImplementedError

    # The cursor ---------------------------------------------------------------

    def cursor(self) -> Key | None:
        """The record under the cursor."""
        key = self.rows.cursor_key
        return key if isinstance(key, tuple) and self.desk.record(key) is not None else None

    def record(self) -> Record | None:
        """The record under the cursor, as it is now."""
        key = self.cursor()
        return self.desk.record(key) if key else None

    def chosen(self) -> list[Key]:
        """The records marked and shown, else the one under the cursor."""
        marked = self.rows.marked
        found = [key for key in self.shown_keys() if key in marked]
        cursor = self.cursor()
        return found or ([cursor] if cursor else [])

    def project_of_cursor(self) -> OpenProject:
        """The project of the record under the cursor, else the one in view."""
        key = self.cursor()
        return self.desk.projects[key[0]] if key else self.project

    # Verbs ---------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A verb that works elsewhere says so, rather than nothing."""
        if any(event.key in action.keys for action in actions_of(self.view)):
            return
        for action in ACTIONS:
            if event.key in action.keys and action.id.startswith("record."):
                where = ", ".join(view.capitalize() for view in action.views if view != "triage")
                verb = action.id.partition(".")[2]
                on = "works on tasks" if action.views == TASKS else "works"
                self.tell_error(f"{action.key}: {verb} {on}, in {where}")

    def applies(self, verb: str, keys: Sequence[Key]) -> bool:
        """Whether a verb applies to all of these; says why where it does not."""
        if not keys:
            self.tell_error(f"there is nothing under the cursor; {key_of('record.add')} adds one")
            return False
        for key in keys:
            record = self.desk.record(key)
            if record is not None and not has_verb(record, verb):
                status = getattr(record, "status", "")
                state = f", it is {status}" if status and not record.is_open else ""
                self.tell_error(f"{record.number}: {verb} does not apply to a {record.TYPE.words[0]}{state}")
                return False
        return True

    def act_on(self, verb: str, service: Callable[[OpenProject, Sequence[str]], Outcome]) -> None:
        """Apply a service to what is chosen, and forget the marks."""
        keys = self.chosen()
        if self.applies(verb, keys) and self.act(keys, service) is not None:
            self.rows.set_marks(())

    def act_on_keys(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> None:
        """Apply a service to records that were chosen before a question was asked."""
        if self.act(keys, service) is not None:
            self.rows.set_marks(())

    def naming(self, keys: Sequence[Key]) -> str:
        """What a question calls the records."""
        if len(keys) > 1:
            return f"{len(keys)} records"
        record = self.desk.record(keys[0])
        name = f"{keys[0][1]} {record.name}" if record else keys[0][1]
        return plain(clip_spans(name, max(20, self.size.width - 36)))

    def action_record_done(self) -> None:
        """Done, in the kind's own sense; an issue is asked how it was resolved."""
        keys = self.chosen()
        if not self.applies("done", keys):
            return
        if not all(isinstance(self.desk.record(key), Issue) for key in keys):
            self.act_on_keys(keys, verbs.complete)
            return

        def take(how: str | None) -> None:
            if how is not None:
                self.act_on_keys(keys, lambda p, numbers: verbs.complete(p, numbers, how))

        self.app.push_screen(LineScreen(f"{self.naming(keys)} resolved, how?"), take)

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
        picker = PickerScreen(label, people_items(project), others=new_person, aside="left")

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
        choices = [Choice(letter_for(name, names), name, value=name) for name in names]

        def take(status: str | None) -> None:
            if status == "blocked":
                self._ask_block(keys)
            elif status in {"cancelled", "void"}:
                self._ask_reason(keys, f"{status}, why?", verbs.drop)
            elif status and isinstance(record, Change):
                self._ask_reason(
                    keys, f"{status}, why?", lambda p, numbers, why: verbs.set_status(p, numbers, status, why)
                )
            elif status:
                self.act_on_keys(keys, lambda p, numbers: verbs.set_status(p, numbers, status))

        self.app.push_screen(ChoiceScreen(((f"{self.naming(keys)} is {now} → ", ""), ("to?", "strong")), choices), take)

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

    def action_record_drop(self) -> None:
        """Drop, later phase, merge, delete."""
        keys = self.chosen()
        if not keys:
            self.tell_error("there is nothing under the cursor")
            return
        all_tasks = all(isinstance(self.desk.record(key), Task) for key in keys)
        choices = [Choice("d", "drop: cancelled, with a reason")]
        if all_tasks:
            choices += [Choice("l", "later phase: to the backlog"), Choice("m", "merge: a duplicate of another")]
        choices.append(Choice("D", f"delete it ({key_of('desk.undo')} brings it back)"))

        def take(key: str | None) -> None:
            if key == "d":
                self._ask_reason(keys, "dropped, why?", verbs.drop)
            elif key == "l":
                self.act_on_keys(keys, tasks.defer)
            elif key == "m":
                self._ask_survivor(keys)
            elif key == "D":
                self.act_on_keys(keys, records.delete_records)

        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)}:", choices), take)

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

    def _ask_reason(
        self, keys: Sequence[Key], question: str, service: Callable[[OpenProject, Sequence[str], str], Outcome]
    ) -> None:
        def take(text: str | None) -> None:
            if text is not None:
                self.act_on_keys(keys, lambda p, numbers: service(p, numbers, text))

        def check(text: str) -> str:
            return "" if text.strip() else "a reason is kept with it"

        self.app.push_screen(LineScreen(f"{self.naming(keys)} {question}", check=check), take)

    def ask_why(self, question: Cell, then: Callable[[str], None], say: Cell = "") -> None:
        """The reason of a change by one key, or typed."""

        def take(key: str | None) -> None:
            if key is None:
                return
            if key == "o":
                self.app.push_screen(LineScreen("Reason"), lambda text: then(text) if text is not None else None)
            else:
                then("" if key == "enter" else next(c.word for c in REASONS if c.key == key))

        self.app.push_screen(ChoiceScreen(question, REASONS, say), take)

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

    def action_record_mark(self) -> None:
        """Mark, and go one down."""
        key = self.cursor()
        if key is not None:
            self.rows.toggle_mark(key)
            self.move_by(1)
            self.show_marks()

    def action_record_mark_all(self) -> None:
        """Mark all shown; once more, none."""
        shown = self.shown_keys()
        all_marked = bool(shown) and all(key in self.rows.marked for key in shown)
        self.rows.set_marks(() if all_marked else shown)
        self.show_marks()

    def show_marks(self) -> None:
        """How many are marked."""
        count = sum(1 for key in self.shown_keys() if key in self.rows.marked)
        self.tell(
            ((f"{count} marked", "strong"), ("  verbs act on all of them, Esc unmarks", "muted")) if count else ""
        )


def has_verb(record: Record, verb: str) -> bool:
    """Whether a verb applies to a record now; a status can be changed of all that has one."""
    return record.TYPE.flow is not None if verb == "status" else verb in verbs.verbs_of(record)
