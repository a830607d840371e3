"""Views over records: the same verbs by the same keys in every list, on one record or on those marked."""

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from pmtui.domain.records import BY_KIND, Task
from pmtui.keymap import Action
from pmtui.screens.adding import AddsRecords
from pmtui.screens.chosen import has_verb
from pmtui.screens.details import short_story
from pmtui.screens.marking import MarkingView
from pmtui.screens.read_only import ADDING
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.bars import StatusLine
from pmtui.widgets.cells import plain
from pmtui.widgets.document_view import DocumentView

DETAILS_AFTER = 0.15
"""Seconds after the last key until the details follow the cursor."""


class RecordsView(AddsRecords, MarkingView):
    """A view whose rows are records. Subclasses give :attr:`rows`, :meth:`shown_keys` and ``adds``."""

    adds: ClassVar[str] = "task"

    def __init__(self) -> None:
        super().__init__()
        self._timer: asyncio.TimerHandle | None = None
        self._pending_project: str = ""

    def kind_to_add(self) -> str:
        """What ``a`` adds now."""
        return self.adds

    # The cursor ------------------------------------------------------------

    def reveal(self, key: Key) -> None:
        """Put the cursor on a record, where it is shown."""
        if not self.rows.move_to(key):
            self.tell(f"{key[1]} is not among what is shown here")

    def move_page(self, direction: int) -> None:
        """A page up or down."""
        self.rows.page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """To the first or last."""
        if last:
            self.rows.move_last()
        else:
            self.rows.move_first()

    def cursor_moved(self) -> None:
        """The details and the footer follow, a moment after the last key.

        The loop's own timer: one of Textual's is a task, and each key would begin one and cancel another.
        """
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(DETAILS_AFTER, self._details_are_due)

    def _details_are_due(self) -> None:
        self._timer = None
        if self.is_running:
            self.call_next(self.show_details)

    def show_details(self) -> None:
        """The story of the record under the cursor."""
        self._timer = None
        key, record = self.cursor(), self.record()
        pane = self.query_one("#details", DocumentView)
        if key is None or record is None:
            pane.set_document(lambda _width: [])
        else:
            project = self.desk.projects[key[0]]
            pane.set_document(lambda width: short_story(project, record, width))
        self.show_footer()

    def footer_enabled(self, action: Action) -> bool:
        """Whether the verb applies to the record under the cursor."""
        place, _, verb = action.id.partition(".")
        if place != "record" or verb in {"add", "add_form", "templates"}:
            return True
        record = self.record()
        if record is None:
            return False
        return verb.startswith("mark") or has_verb(record, verb)

    def projects_written(self, action_id: str) -> Sequence[OpenProject]:
        """The project in view; where several are shown, those of the records that a verb would act on."""
        if not self.spans_projects:
            return super().projects_written(action_id)
        if action_id in ADDING:
            return [self.project_of_cursor()]
        return [self.desk.projects[code] for code in dict.fromkeys(code for code, _ in self.chosen())]

    # Adding, editing, opening ----------------------------------------------------

    def action_record_add(self) -> None:
        """One line adds one, read while it is typed; several are pasted."""
        if self.has_project():
            project = self.project_of_cursor() if self.spans_projects else self.project
            self.ask_to_add(project, self.kind_to_add(), self.line_to_add(self.kind_to_add()))

    def template_tasks(self) -> tuple[OpenProject, Sequence[str]]:
        """Of the project under the cursor, the tasks that are marked."""
        project = self.project_of_cursor() if self.spans_projects else self.project
        marked = [key for key in self.chosen() if self.rows.marked and key[0] == project.code]
        return project, [number for code, number in marked if isinstance(self.desk.record((code, number)), Task)]

    def line_to_add(self, kind: str) -> str:
        """What the line that adds begins with."""
        del kind
        return ""

    def added(self, project: OpenProject, outcome: Outcome) -> None:
        """Put the cursor on what was added, where it is shown."""
        self.place_cursor((project.code, outcome.numbers[0]))

    def place_cursor(self, key: Key) -> bool:
        """Put the cursor on a record that was just written; whether it is shown."""
        self.show_data()
        return self.rows.move_to(key)

    def action_record_add_form(self) -> None:
        """A form adds one."""
        from pmtui.screens.form import FormScreen

        if not self.has_project():
            return

        project = self.project_of_cursor() if self.spans_projects else self.project
        self.app.push_screen(FormScreen(self.desk, project, BY_KIND[self.kind_to_add()]), self._saved_in(project))

    def action_record_edit(self) -> None:
        """The record's form."""
        from pmtui.screens.form import FormScreen

        key, record = self.cursor(), self.record()
        if key is None or record is None or not self.applies("edit", [key]):
            return
        why = record.TYPE.frozen(record, self.desk.projects[key[0]].data)
        if why:
            self.tell_error(f"{record.number}: {why}")
        else:
            project = self.desk.projects[key[0]]
            self.app.push_screen(FormScreen(self.desk, project, record.TYPE, record), self._saved_in(project))

    def _saved_in(self, project: OpenProject) -> Callable[[Outcome | None], None]:
        return lambda outcome: self.saved(project, outcome)

    def saved(self, project: OpenProject, outcome: Outcome | None) -> None:
        """Tell what a form wrote, and go to its record."""
        if outcome is not None:
            self.tell_outcome(outcome)
            if outcome.numbers:
                self.place_cursor((project.code, outcome.numbers[0]))

    def action_record_link(self) -> None:
        """To another record, or to an address or ticket outside; or no longer."""
        from pmtui.screens.linking import LinkQuestion

        keys = self.chosen()
        if self.applies("link", keys):
            LinkQuestion(self, keys).ask()

    def action_record_open(self) -> None:
        """All of the record, with its history."""
        from pmtui.screens.page import record_page

        key, record = self.cursor(), self.record()
        if key is None or record is None:
            return

        def said(action: Callable[[], None]) -> Callable[[], str]:
            def do() -> str:
                if self.cursor() != key:
                    return f"{key[1]} is no longer in the list"
                self.tell("")
                action()
                return plain(self.query_one("#status", StatusLine).content)

            return do

        edit, undo = said(self.action_record_edit), said(self.action_desk_undo)
        keys = {"record.edit": ("edit", edit), "desk.undo": ("undo", undo)}
        self.app.push_screen(record_page(self.desk.projects[key[0]], record, keys))

    def action_view_export(self) -> None:
        """What is shown, as a CSV file in the folder pmtui was started in."""
        from pmtui.services.exporting import export_shown

        keys = self.shown_keys()
        outcome = self.perform(lambda: export_shown(self.desk, keys, self.view))
        if outcome is not None and outcome.words.startswith("1 rows"):
            self.tell(f"✓ {outcome.words.replace('1 rows', '1 row', 1)}")
