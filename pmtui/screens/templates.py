"""Templates of task sets: applied on a day, made of marked tasks, edited, deleted."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pmtui.domain.dates import DateError, read_date, say_date
from pmtui.domain.problems import Refused
from pmtui.domain.text import clean
from pmtui.screens.prompts import LineScreen
from pmtui.services import templates
from pmtui.services.desk import Desk
from pmtui.services.pasted import PastedLines, day_of
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.templates import Shown
from pmtui.store import StoreError
from pmtui.store.workspace import SHARED
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, RecordTable

SAME_KEYS = {"j": "down", "k": "up", "g": "home", "G": "end", "q": "escape"}
"""Keys that do the same as others."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A template on a day: the lines that it would add, and what is to be said of them."""

    title: str
    text: str
    said: str


OTHERS = "what others made stays"
"""What a refused undo adds: here only this user's own templates are taken back."""


class TemplatesScreen(ModalScreen[Applied | None]):
    """The templates of the workspace; Enter asks for the day and gives the lines to preview.

    ``numbers`` are the tasks that were marked, of which a template can be made.
    """

    CSS_PATH = "templates.tcss"
    BINDINGS = []  # noqa: RUF012 - Textual's own convention

    def __init__(self, desk: Desk, project: OpenProject, numbers: Sequence[str]) -> None:
        super().__init__()
        self._desk = desk
        self._project = project
        self._numbers = numbers
        self._found: dict[str, Shown] = {}

    def compose(self) -> ComposeResult:
        """The list, and the lines of the one under the cursor."""
        yield HeaderBar(id="header")
        columns = (
            Column("title", ""),
            Column("count", "", 8, "right"),
            Column("span", "", 20, priority=1),
            Column("by", "", 10, priority=2),
        )
        yield RecordTable(columns, show_header=False, id="body")
        yield DocumentView(id="details")
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Show what there is, and again after each change."""
        project = self._project.code
        self.query_one(HeaderBar).set(((f" {project}", "muted"), (" ▸ Templates of task sets", "strong")), "")
        self.app.data_changed.subscribe(self, lambda _: self._show())  # type: ignore[attr-defined]
        self._show()

    def on_resize(self) -> None:
        """The lines have another width."""
        self._show_details()

    def on_record_table_cursor_moved(self) -> None:
        """The lines of another one."""
        self._show_details()
        self.query_one("#details", DocumentView).scroll_first()

    @property
    def table(self) -> RecordTable:
        """The list."""
        return self.query_one("#body", RecordTable)

    def template(self) -> Shown | None:
        """The one under the cursor."""
        return self._found.get(str(self.table.cursor_key))

    def on_key(self, event: events.Key) -> None:
        """Move, apply, save, edit, delete, undo, leave."""
        event.stop()
        event.prevent_default()
        table, page = self.table, self.query_one("#details", DocumentView)
        does: dict[str, Callable[[], object]] = {
            "down": lambda: table.move(1),
            "up": lambda: table.move(-1),
            "home": table.move_first,
            "end": table.move_last,
            "pagedown": lambda: page.page(1),
            "pageup": lambda: page.page(-1),
            "enter": self._apply,
            "s": self._save,
            "e": self._edit,
            "x": self._delete,
            "u": lambda: self._perform(lambda: self._desk.undo(SHARED, OTHERS)),
            "U": lambda: self._perform(lambda: self._desk.redo(SHARED, OTHERS)),
            "escape": lambda: self.dismiss(None),
        }
        does.get(SAME_KEYS.get(event.key, event.key), lambda: None)()

    # What is done -----------------------------------------------------------------

    def _apply(self) -> None:
        """Ask for the day; then the lines are previewed."""
        template = self.template()
        if template is None:
            return
        if self._project.read_only:
            self.query_one(StatusLine).set((f"! {self._project.read_only}", "bad"))
            return

        def reader(day: dt.date) -> Sequence[Cell]:
            return about_day(self._project, template, day)

        def take(day: dt.date) -> None:
            try:
                text, said = templates.lines_on(self._project, template, day)
            except Refused as refused:
                self.query_one(StatusLine).set((f"! {refused}", "bad"))
                return
            title = f"{template.title} on {say_date(day, self._project.today)}"
            self.dismiss(Applied(title, text, "; ".join(said)))

        self._ask_day(f"{template.title} on which day?", reader, take)

    def _ask_day(self, label: str, about: Callable[[dt.date], Sequence[Cell]], then: Callable[[dt.date], None]) -> None:
        today = self._project.today

        def read(text: str) -> tuple[dt.date | None, str]:
            try:
                return read_date(text, today), ""
            except DateError as error:
                return None, str(error)

        def reader(text: str) -> Sequence[Cell]:
            day, wrong = read(text)
            if day is not None:
                return about(day)
            hint = "the day that T means: fri, 12 dec, 2026-12-12, eom"
            return [(wrong, "bad")] if text.strip() else [(hint, "muted")]

        def take(text: str | None) -> None:
            day = read(text)[0] if text is not None else None
            if day is not None:
                then(day)

        self.app.push_screen(LineScreen(label, reader=reader, check=lambda text: read(text)[1]), take)

    def _save(self) -> None:
        """Make one of the tasks that were marked: its name, then the day that their dates are counted from."""
        if not self._numbers:
            said = (("no task is marked: ", "warn"), ("q", "accent"), (", then ", "muted"), ("space", "accent"))
            self.query_one(StatusLine).set(
                (*said, (" marks tasks, and ", "muted"), ("T s", "accent"), (" saves them", "muted"))
            )
            return
        count = f"{len(self._numbers)} task{'' if len(self._numbers) == 1 else 's'}"
        known = {t.title.lower() for t in self._found.values() if t.number}

        def check(name: str) -> str:
            if not clean(name):
                return "a template has a name, such as go-live checklist"
            return f"{clean(name)} is there already" if clean(name).lower() in known else ""

        def named(name: str | None) -> None:
            if name is not None:
                self._ask_day(f"{clean(name)}: T is which day?", about, lambda day: self._saved(clean(name), day))

        def about(day: dt.date) -> Sequence[Cell]:
            text, said = templates.from_tasks(self._project, self._numbers, day)
            lines: list[Cell] = [(line, "") for line in text.split("\n")[:4]]
            more = text.count("\n") - 3
            lines += [(f"and {more} more", "muted")] if more > 0 else []
            return [*lines, *((words, "warn") for words in said[:2])]

        self.app.push_screen(LineScreen(f"Template of {count}, called", check=check), named)

    def _saved(self, name: str, day: dt.date) -> None:
        text, said = templates.from_tasks(self._project, self._numbers, day)

        def save() -> Outcome:
            shared = self._desk.share()
            done = self._desk.commit(shared, lambda: templates.save_template(shared, name, text))
            return Outcome(done.numbers, done.words, (*done.said, *said))

        if self._perform(save) is not None:
            self.table.move_to(name.lower())

    def _edit(self) -> None:
        """The form; one that ships is copied first."""
        from pmtui.domain.records import Template
        from pmtui.screens.form import FormScreen

        template = self.template()
        if template is None:
            return
        number = template.number
        if not number:
            copied = self._perform(lambda: self._copied(template))
            if copied is None:
                return
            number = copied.numbers[0]
            self.query_one(StatusLine).set((f"{template.title} ships with pmtui: this is your copy of it", "muted"))
        shared = self._desk.share()
        record = shared.data.get(number)
        if record is not None:

            def saved(outcome: Outcome | None) -> None:
                if outcome is not None:
                    self._tell(outcome)
                self._show()

            self.app.push_screen(FormScreen(self._desk, shared, Template.TYPE, record), saved)

    def _copied(self, template: Shown) -> Outcome:
        shared = self._desk.share()
        return self._desk.commit(shared, lambda: templates.copy_template(shared, template))

    def _delete(self) -> None:
        template = self.template()
        if template is None:
            return
        if not template.number:
            self.query_one(StatusLine).set((f"{template.title} ships with pmtui; it can't be deleted", "warn"))
            return
        shared = self._desk.share()
        self._perform(lambda: self._desk.commit(shared, lambda: templates.delete_template(shared, template.title)))

    def _perform(self, service: Callable[[], Outcome]) -> Outcome | None:
        """Call a service; tell what it did or why it refused."""
        try:
            outcome = service()
        except (Refused, StoreError, OSError) as error:
            self.query_one(StatusLine).set((f"! {str(error).splitlines()[0]}", "bad"))
            return None
        self._show()
        self._tell(outcome)
        return outcome

    def _tell(self, outcome: Outcome) -> None:
        undo: tuple[Span, ...] = () if outcome.words.startswith("undo") else (("   u", "accent"), (" undo", "muted"))
        said = tuple((f"   {words}", "muted") for words in outcome.said)
        self.query_one(StatusLine).set(((f"✓ {outcome.words}", ""), *undo, *said))

    # What is shown ------------------------------------------------------------------

    def _show(self) -> None:
        try:
            found = templates.all_templates(self._desk.shared)
        except (StoreError, OSError) as error:
            found = templates.all_templates(None)
            self.query_one(StatusLine).set((f"! what is shared can't be read: {error}", "bad"))
        self._found = {template.title.lower(): template for template in found}
        self.table.invalidate()
        self.table.set_lines(list(self._found), self._row)
        self._show_details()

    def _row(self, key: Hashable) -> Sequence[Cell]:
        template = self._found[str(key)]
        count = f"{template.count} task{'' if template.count == 1 else 's'}"
        return (template.title, (count, "muted"), (template.span, "muted"), (template.by or "ships", "muted"))

    def _show_details(self) -> None:
        template = self.template()

        def lines(width: int) -> list[tuple[Span, ...]]:
            if template is None:
                return []
            about = [((part, "muted"),) for part in wrap(template.about, width)] if template.about else []
            return [*about, *(line for text in template.tasks.split("\n") for line in _hanging(text, width))]

        self.query_one("#details", DocumentView).set_document(lines)
        marked = len(self._numbers)
        items = [("⏎", "apply", template is not None)]
        items += [("s", f"save {marked} marked" if marked else "save marked tasks", bool(marked))]
        items += [("e", "edit" if template is None or template.number else "edit a copy", template is not None)]
        items += [("x", "delete", bool(template and template.number)), ("u", "undo", True), ("PgDn", "more", True)]
        self.query_one(FooterBar).set([*items, ("q", "back", True)])


def about_day(project: OpenProject, template: Shown, day: dt.date) -> list[Cell]:
    """What a template would add on a day: how many, from when to when, and what falls on a day off."""
    today = project.today
    try:
        text, said = templates.lines_on(project, template, day)
    except Refused as refused:
        return [(str(refused), "bad")]
    lines = PastedLines(project, text, "task").lines
    found_days = (day_of(value) for line in lines for value in line.parsed.values.values())
    dates = [found_day for found_day in found_days if found_day is not None]
    reach = f", from {say_date(min(dates), today)} to {say_date(max(dates), today)}" if dates else ""
    count = f"{len(lines)} line{'s' if len(lines) != 1 else ''}"
    found: list[Cell] = [((say_date(day, today), "strong"), (f"   {count}{reach}", "muted"))]
    off = sum(1 for line in lines if line.said)
    found += [(f"▲ {off} on a day that is no working day", "warn")] if off else []
    found += [("▲ it begins before today", "warn")] if dates and min(dates) < today else []
    return [*found, *((words, "warn") for words in said)]


def _hanging(text: str, width: int) -> list[tuple[Span, ...]]:
    """A line of a template, its own indentation kept where it goes on."""
    indent = len(text) - len(text.lstrip(" "))
    first, *more = wrap(text.strip(), max(10, width - indent - 2)) or [""]
    return [((" " * indent + first, ""),), *(((" " * (indent + 2) + part, ""),) for part in more)]
