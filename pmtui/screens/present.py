"""Who was present: a list of people to tick off."""

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from pmtui.domain.records import Meeting
from pmtui.domain.series import before
from pmtui.domain.values import read_handle
from pmtui.screens.prompts import LineScreen
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, safe
from pmtui.widgets.record_table import Column, RecordTable


class PresentScreen(ModalScreen[tuple[str, ...] | None]):
    """Space ticks a person, Enter takes those ticked; who was invited stands first, then who came the last time."""

    BINDINGS: ClassVar = []
    CSS_PATH = "present.tcss"

    def __init__(self, project: OpenProject, meeting: Meeting) -> None:
        super().__init__()
        self._project = project
        self._meeting = meeting
        everyone = sorted(person.handle for person in project.data.people.values())
        earlier = before(project.data, meeting)
        self._last = earlier[-1].present if earlier else ()
        self._people = list(dict.fromkeys((*meeting.invited, *meeting.present, *self._last, *everyone)))

    def compose(self) -> ComposeResult:
        """The meeting, its people, the keys."""
        with Vertical(classes="picker present"):
            yield Label(safe(f"{self._meeting.number} {self._meeting.title} · who was present?"), markup=False)
            table = RecordTable((Column("person", ""), Column("aside", "", 10, "right", priority=1)), show_header=False)
            table.empty = (("nobody is known here yet", "muted"), (("a", "accent"), (" adds somebody", "muted")))
            yield table
            yield Label(safe("space there   * all   a somebody else   ⏎ take   Esc leave"), markup=False)

    @property
    def table(self) -> RecordTable:
        """The people."""
        return self.query_one(RecordTable)

    def on_mount(self) -> None:
        """Those marked present so far are ticked."""
        self._show()
        self.table.set_marks(self._meeting.present)

    def on_key(self, event: events.Key) -> None:
        """One key each; others do nothing."""
        event.stop()
        event.prevent_default()
        table, moves = self.table, {"j": 1, "down": 1, "k": -1, "up": -1}
        if event.key in moves:
            table.move(moves[event.key])
        elif event.key == "space" and table.cursor_key is not None:
            table.toggle_mark(table.cursor_key)
            table.move(1)
        elif event.key == "asterisk":
            table.set_marks(() if len(table.marked) == len(self._people) else self._people)
        elif event.key == "a":
            self._ask()
        elif event.key == "enter":
            self.dismiss(tuple(handle for handle in self._people if handle in table.marked))
        elif event.key in {"escape", "q"}:
            self.dismiss(None)

    def _ask(self) -> None:
        def check(text: str) -> str:
            try:
                read_handle(text)
            except ValueError:
                return "allowed: one person, such as @ana"
            return ""

        def take(text: str | None) -> None:
            if text is not None:
                handle = read_handle(text)
                if handle not in self._people:
                    self._people.append(handle)
                    self._show()
                self.table.set_marks({*self.table.marked, handle})
                self.table.move_to(handle)

        self.app.push_screen(LineScreen("Also present", value="@", check=check), take)

    def _show(self) -> None:
        self.table.set_lines(self._people, self._row)

    def _row(self, key: Hashable) -> Sequence[Cell]:
        person = self._project.data.person(str(key))
        name = f"@{key}  {person.full_name}".rstrip() if person else f"@{key}"
        aside = "invited" if key in self._meeting.invited else "last time" if key in self._last else ""
        return (name, (aside, "muted"))
