"""The action list: who has which open actions of which meetings, with the verbs of the board."""

from collections.abc import Sequence

from textual.app import ComposeResult

from pmtui.domain.action_list import OpenAction, list_text, open_actions_of_all
from pmtui.domain.dates import say_date, short_due
from pmtui.domain.records import Task
from pmtui.keymap import key_of
from pmtui.screens.details import due_tone
from pmtui.screens.list_view import ListView
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.record_table import Column, Heading, RecordTable


class ActionListScreen(ListView):
    """Open actions of all meetings, person by person; what is done leaves the list."""

    view = "actions"
    title_word = "Actions"
    opened_from = "meetings"
    leads_back = True
    adds = "task"

    def __init__(self) -> None:
        super().__init__()
        self._actions: dict[Key, OpenAction] = {}

    def compose_body(self) -> ComposeResult:
        """One list, a section a person."""
        columns = (
            Column("number", "No", 6),
            Column("title", "Action", minimum=34),
            Column("meeting", "", 5),
            Column("called", "Meeting", 22, priority=3),
            Column("said", "Said", 10, priority=2),
            Column("when", "Due", 10, "right"),
        )
        yield RecordTable(columns, show_header=False, id="body")

    def show_data(self) -> None:
        """Each person's actions by due date; those of nobody last."""
        data, code = self.project.data, self.project.code
        self._shown, self._actions, self.total = [], {}, 0
        lines: list[Key | Heading] = []
        for owner, actions in open_actions_of_all(data).items():
            self.total += len(actions)
            shown = {(code, a.task.number): a for a in actions if self.passes(a.task, self.project)}
            if shown:
                lines += [Heading(self._heading(owner, list(shown.values()))), *shown]
                self._actions |= shown
                self._shown += shown
        purpose = "Open actions of meetings, by person: the lines A: of a meeting's notes."
        self.table.empty = self.empty_lines(purpose, key_of("go.meetings"), "goes to the meetings, to write notes")
        self.table.invalidate()
        self.table.set_lines(lines, self._row)
        self.show_details()

    def _heading(self, owner: str, actions: Sequence[OpenAction]) -> str:
        today = self.project.today
        late = sum(1 for action in actions if action.task.is_overdue(today))
        name = self.project.data.full_name(owner)
        who = f"@{owner} {name if name != owner else ''}".rstrip() if owner else "Nobody yet"
        return f"{who}   {len(actions)} open{f', {late} late' if late else ''}"

    def _row(self, key: object) -> Sequence[Cell]:
        record = self.desk.record(key) if isinstance(key, tuple) else None
        if not isinstance(record, Task) or key not in self._actions:
            return ("", ("gone", "muted"), "", "", "", "")
        meeting, today = self._actions[key].meeting, self.project.today
        mark: Span = ("⊘ " if record.status == "blocked" else "", "warn")
        due = short_due(record.due, today) if record.due else "no date"
        return (
            (record.number, "muted"),
            (mark, (record.title, "")),
            (meeting.number, "muted"),
            (meeting.title, "muted"),
            (say_date(meeting.start.date(), today), "muted"),
            (due, due_tone(record.due, today)),
        )

    def action_actions_copy_list(self) -> None:
        """The list of the person under the cursor, as it is shown, to the terminal's clipboard."""
        record = self.record()
        if not isinstance(record, Task):
            self.tell_error("there is nobody's list under the cursor")
            return
        actions = [action for action in self._actions.values() if action.task.owner == record.owner]
        data = self.project.data
        self.app.copy_to_clipboard(list_text(data, record.owner, actions, self.project.today))
        count = f"{len(actions)} action{'' if len(actions) == 1 else 's'}"
        who = f"@{record.owner}" if record.owner else "nobody"
        self.tell(((f"Copied {count} of {who}", ""), ("  (in tmux this needs: set -g set-clipboard on)", "muted")))
