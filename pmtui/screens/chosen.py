"""The records that a verb acts on: the one under the cursor, or those marked; and the reason it is given."""

from collections.abc import Callable, Sequence

from textual import events

from pmtui.domain.reasons import MOVED
from pmtui.domain.records import Record
from pmtui.keymap import ACTIONS, TASKS, actions_of, key_of
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.screens.rows import Rows
from pmtui.screens.view import ViewScreen
from pmtui.services import verbs
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.bars import StatusLine
from pmtui.widgets.cells import Cell, clip_spans, plain, spans

UNDO_TOLD = 3
"""Spans of the status line that say what was done and how to undo it; what else is said comes after."""

OTHER, NONE = "\0other", "\0none"
"""Answers to why that are no reason themselves."""


class ChosenRecords(ViewScreen):
    """A view whose rows are records, one under the cursor and any of them marked.

    ``slipped`` are the records that were moved last, where it was once too often.
    """

    def __init__(self) -> None:
        super().__init__()
        self.slipped: list[Key] = []
        self._seen: dict[Key, Record] = {}

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

    # Acting on them ------------------------------------------------------------

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
                kind = record.TYPE.words[0]
                article = "an" if kind[0] in "aeiou" else "a"
                self.tell_error(f"{record.number}: {verb} does not apply to {article} {kind}{state}")
                return False
        self.remember(keys)
        return True

    def remember(self, keys: Sequence[Key]) -> None:
        """Keep records as they are shown now: what is decided from here on is decided on these."""
        self._seen = {key: record for key in keys if (record := self.desk.record(key)) is not None}

    def act_on_keys(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> bool:
        """Apply a service to records that were chosen, and seen, before a question was asked; whether it was done."""
        self.slipped = []
        with self.desk.having_seen(self._seen):
            done = self.act(keys, service) is not None
        if done:
            self.rows.set_marks(())
        return done

    def naming(self, keys: Sequence[Key]) -> str:
        """What a question calls the records."""
        if len(keys) > 1:
            return f"{len(keys)} records"
        record = self.desk.record(keys[0])
        name = f"{keys[0][1]} {record.name}" if record else keys[0][1]
        return plain(clip_spans(name, max(20, self.size.width - 36)))

    def _ask_reason(
        self, keys: Sequence[Key], question: str, service: Callable[[OpenProject, Sequence[str], str], Outcome]
    ) -> None:
        """The reason by a line; it must be given."""

        def take(text: str | None) -> None:
            if text is not None:
                self.act_on_keys(keys, lambda p, numbers: service(p, numbers, text))

        self.app.push_screen(LineScreen(f"{self.naming(keys)} {question}", check=_some_reason), take)

    def ask_why(
        self,
        question: Cell,
        then: Callable[[str], None],
        say: Cell = "",
        *,
        project: OpenProject,
        kind: str = MOVED,
        required: bool = False,
    ) -> None:
        """The reason of a change by one key, those given most lately first, or typed; none unless ``required``."""
        from pmtui.services.reasons import reasons_of

        choices = [Choice(reason.key, reason.words, value=reason.words) for reason in reasons_of(project, kind)]
        choices.append(Choice("o", "other: type it", value=OTHER))
        if not required:
            choices.append(Choice("enter", "no reason", value=NONE))

        def typed(text: str | None) -> None:
            if text is not None:
                then(text)

        def take(reason: str | None) -> None:
            if reason == OTHER:
                self.app.push_screen(LineScreen("Reason", check=_some_reason if required else None), typed)
            elif reason is not None:
                then("" if reason == NONE else reason)

        self.app.push_screen(ChoiceScreen(question, choices, say), take)

    def offer_escalation(self, keys: Sequence[Key], slips: int) -> None:
        """Say that one key escalates what has just been moved once too often; any other key passes it over."""
        self.slipped = list(keys)
        what = "it" if len(keys) == 1 else f"{len(keys)} of them"
        offer = f" escalates {what}, moved {slips} times"
        parts = spans(self.query_one("#status", StatusLine).content)
        told, more = parts[:UNDO_TOLD], parts[UNDO_TOLD:]
        self.tell((*told, (f"   {key_of('record.escalate_slipped')}", "accent"), (offer, "warn"), *more))


def has_verb(record: Record, verb: str) -> bool:
    """Whether a verb applies to a record now; a status can be changed of all that has one."""
    return record.TYPE.flow is not None if verb == "status" else verb in verbs.verbs_of(record)


def _some_reason(text: str) -> str:
    return "" if text.strip() else "a reason is kept with it"
