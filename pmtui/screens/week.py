"""A person's week: hours by task and day, typed straight into the grid."""

import datetime as dt
from collections.abc import Hashable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from pmtui.domain.dates import say_date
from pmtui.domain.labour import plain_hours
from pmtui.domain.quickhours import read_time_spent
from pmtui.domain.records import HoursEntry
from pmtui.domain.week import DAYS, Week, WeekRow, entries_of, monday_of, week_of
from pmtui.keymap import BY_ID, Action, key_of
from pmtui.screens.answers import new_person
from pmtui.screens.prompts import Item, LineScreen, PickerScreen
from pmtui.screens.table_view import TableView
from pmtui.screens.week_rows import grid_columns, row_cells, story_of_cell, sum_rows, week_facts
from pmtui.services import hours
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import RecordTable
from pmtui.widgets.sum_lines import SumLines

TYPED = frozenset("0123456789.,:")
"""What hours are typed with; the first of them is a digit, or a point."""

LOW = 30
"""Lines below which the details have fewer."""

LONGEST = 5
"""Characters of the longest hours: ``12:30``."""


class WeekScreen(TableView):
    """The grid of a week. A row is a task, a column a day; the cursor stands on a cell, and stays on it."""

    view = "week"
    title_word = "Hours"
    is_list = False
    leads_back = True
    CSS_PATH = "week.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._who = ""
        self._monday = dt.date.min
        self._day = 0
        self._typed = ""
        self._seen = 0.0
        self._week: Week | None = None
        self._also: dict[tuple[str, str, dt.date], dict[str, None]] = {}

    def compose_body(self) -> ComposeResult:
        """What the week comes to, the grid, its sums."""
        with Vertical(id="body"):
            yield DocumentView(id="week")
            yield RecordTable(id="grid")
            yield SumLines(id="sums", show_header=False)

    def on_mount(self) -> None:
        """Begin with the user's own week, on today."""
        today = self.desk.session.today
        self._who, self._monday, self._day = self.desk.session.user, monday_of(today), today.weekday()
        self.set_class(self.size.height < LOW, "-low")

    def on_resize(self) -> None:
        """Columns and details as there is room for them."""
        self.set_class(self.size.height < LOW, "-low")
        if self._week is not None and self.desk.projects:
            self.show_data()

    @property
    def table(self) -> RecordTable:
        """The grid."""
        return self.query_one("#grid", RecordTable)

    @property
    def cursor_task(self) -> str:
        """The task of the row under the cursor; empty where it is none."""
        key = self.table.cursor_key
        return str(key[1]) if isinstance(key, tuple) else ""

    @property
    def date(self) -> dt.date:
        """The day of the column under the cursor."""
        return self._monday + dt.timedelta(days=self._day)

    # What is shown ------------------------------------------------------------------

    def show_data(self) -> None:
        """The week as it is now; the cursor stays on its cell, and what is being typed in it."""
        project = self.project
        week = self._week = week_of(project.data, self._who, self._monday, self._rows_beside())
        rows = {(project.code, row.task): row for row in week.rows}
        width = self._room()
        today = project.today

        def render(key: Hashable) -> Sequence[Cell]:
            at = self._day if key == self.table.cursor_key else -1
            return row_cells(project.data, rows[key], width, at, self._typed) if key in rows else ()

        for table in (self.table, self.query_one("#sums", RecordTable)):
            table.columns = grid_columns(week, width)
            table.invalidate()
        self.table.set_lines(list(rows), render)
        sums = sum_rows(week, self._elsewhere(), today)
        self.query_one("#sums", RecordTable).set_lines(list(sums), lambda name: sums[str(name)])
        self.query_one("#week", DocumentView).set_document(lambda wide: week_facts(project.data, week, today, wide))
        self.show_details()

    def _room(self) -> int:
        return self.size.width // 2 if self.has_class("with-preview") else self.size.width

    def _rows_beside(self) -> dict[str, None]:
        """Tasks that have a row here though they have no hours yet."""
        return self._also.setdefault((self.project.code, self._who, self._monday), {})

    def _elsewhere(self) -> list[float]:
        """The same person's hours of each day in the other projects that are open."""
        found = [0.0] * DAYS
        for other in self.desk.projects.values():
            for entry in entries_of(other.data, self._who, self._monday) if other is not self.project else ():
                found[(entry.date - self._monday).days] += entry.hours
        return found

    def _entries(self) -> Sequence[HoursEntry]:
        """What the cell under the cursor is made of."""
        row = self._row()
        return row.entries[self._day] if row else ()

    def _row(self) -> WeekRow | None:
        return next((row for row in self._week.rows if row.task == self.cursor_task), None) if self._week else None

    def show_details(self) -> None:
        """The entries of the cell under the cursor."""
        project, task, day = self.project, self.cursor_task, self.date
        entries, who = self._entries(), self._who
        pane = self.query_one("#details", DocumentView)
        pane.set_document(lambda width: story_of_cell(project, who, task, day, entries, width))
        self.show_footer()

    def on_record_table_cursor_moved(self) -> None:
        """Another row."""
        self._show_cell()

    def _show_cell(self) -> None:
        """The cell under the cursor, and the one that was, are drawn anew."""
        self.table.invalidate()
        self.show_details()

    def footer_key(self, action: Action) -> str:
        """Any digit types, and weeks go both ways."""
        if action.id == "week.earlier":
            return f"{action.key} {key_of('week.later')}"
        return "0-9" if action.id == "week.type" else super().footer_key(action)

    def footer_enabled(self, action: Action) -> bool:
        """A note is of hours."""
        return bool(self._entries()) if action.id in {"record.note", "week.clear"} else True

    # Moving -------------------------------------------------------------------------

    def action_week_left(self) -> None:
        """The day before, as far as the week goes."""
        self._to_day(self._day - 1)

    def action_week_right(self) -> None:
        """The day after, as far as the week goes."""
        self._to_day(self._day + 1)

    def action_week_keep(self) -> None:
        """The next day; what was typed is kept already."""
        self._to_day(self._day + 1)

    def _to_day(self, day: int) -> None:
        self._day = min(max(0, day), DAYS - 1)
        self._show_cell()

    def action_week_earlier(self) -> None:
        """The week before."""
        self._to_week(self._monday - dt.timedelta(days=DAYS))

    def action_week_later(self) -> None:
        """The week after."""
        self._to_week(self._monday + dt.timedelta(days=DAYS))

    def action_week_now(self) -> None:
        """The week that it is, on today."""
        self._day = self.project.today.weekday()
        self._to_week(monday_of(self.project.today))

    def _to_week(self, monday: dt.date) -> None:
        self._monday = monday
        self.show_data()

    # Typing -------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Digits go into the cell; any other key first keeps what was typed, and waits where that can't be."""
        character = event.character or ""
        begins = bool(self._typed) or character.isdigit() or character in {".", ","}
        if character and character in TYPED and begins:
            _take(event)
            self._type(character)
        elif self._typed and event.key == "backspace":
            _take(event)
            self._typed = self._typed[:-1]
            self._show_cell()
        elif self._typed and event.key not in BY_ID["week.leave_typed"].keys:
            kept = self._keep()
            if not kept or event.key in BY_ID["week.open"].keys:
                _take(event)

    def _type(self, character: str) -> None:
        why = self.why_not("week.type") or self._why_closed()
        if why:
            self.tell_error(why)
            return
        if not self._typed:
            row = self._row()
            self._seen = row.hours(self._day) if row else 0.0
            self.tell("")
        self._typed = (self._typed + character)[:LONGEST]
        self._show_cell()

    def _why_closed(self) -> str:
        """Why the day takes no hours; empty where it does."""
        month = f"{self.date:%Y-%m}"
        closed = month in self.project.data.project.closed_months
        return f"the month {month} is closed; book it in an open month" if closed else ""

    def _keep(self) -> bool:
        """Let the cell hold what was typed, durable before it is shown; whether it does."""
        try:
            wanted = read_time_spent(self._typed)
        except ValueError:
            self.tell_error(f"'{self._typed}' is no time; allowed: hours such as 3, 2.5, 7:30")
            return False
        return self._set(wanted, self._seen)

    def _set(self, wanted: float, seen: float) -> bool:
        project, who, day, task = self.project, self._who, self.date, self.cursor_task

        def write() -> Outcome:
            return hours.set_cell(project, who, day, task, wanted, seen)

        done = self.perform(lambda: self.desk.commit(project, write)) is not None
        if done:
            self._typed = ""
        self.show_data()
        return done

    def action_week_type(self) -> None:
        """From the list of actions: say how."""
        self.tell("Type a number in a cell: 3, 2.5 or 7:30; an arrow, Tab or Enter keeps it.")

    def action_week_clear(self) -> None:
        """No hours in the cell."""
        why, row = self._why_closed(), self._row()
        if why:
            self.tell_error(why)
        elif row is None or not row.entries[self._day]:
            self.tell("There are no hours in this cell.")
        else:
            self._set(0.0, row.hours(self._day))

    def action_week_leave_typed(self) -> None:
        """Not what was typed; where nothing was, back."""
        if self._typed:
            self._typed = ""
            self.tell("")
            self._show_cell()
        else:
            self.action_view_back()

    def action_record_note(self) -> None:
        """What the newest entry of the cell was for."""
        entries, project = self._entries(), self.project
        if not entries:
            self.tell_error("a note is of hours: type these first")
            return
        entry = entries[-1]

        def take(text: str | None) -> None:
            if text is not None:
                self.perform(lambda: self.desk.commit(project, lambda: hours.set_note(project, entry.number, text)))
                self.show_data()

        label = f"{entry.number} {plain_hours(entry.hours)} h, {say_date(entry.date, project.today)}: what for"
        self.app.push_screen(LineScreen(label, value=entry.note), take)

    # Rows and people ------------------------------------------------------------------

    def action_week_add_row(self) -> None:
        """A row for a task that is picked."""
        project, shown = self.project, {row.task for row in self._week.rows} if self._week else set()
        tasks = sorted(project.data.tasks.values(), key=lambda t: (not t.is_open, t.owner != self._who, t.id))
        items = [Item(t.number, f"{t.number} {t.title}", t.status) for t in tasks if t.number not in shown]

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self._rows_beside()[str(picked)] = None
                self.show_data()
                self.table.move_to((project.code, str(picked)))

        self.app.push_screen(PickerScreen("A row for which task?", items), take)

    def action_week_copy(self) -> None:
        """The tasks that had hours last week."""
        before = entries_of(self.project.data, self._who, self._monday - dt.timedelta(days=DAYS))
        shown = {row.task for row in self._week.rows} if self._week else set()
        tasks = dict.fromkeys(entry.task for entry in before if entry.task and entry.task not in shown)
        self._rows_beside().update(tasks)
        self.show_data()
        rows = f"{len(tasks)} row{'' if len(tasks) == 1 else 's'}"
        self.tell(f"{rows} of last week, without its hours." if tasks else "Last week has no other tasks.")

    def action_week_who(self) -> None:
        """Whose week."""
        items = [Item(handle, f"@{handle} {name}".strip(), "you" * own) for handle, name, own in self._people()]

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self._who = str(picked)
                self.show_data()

        self.app.push_screen(PickerScreen("Whose week?", items, others=new_person), take)

    def _people(self) -> list[tuple[str, str, bool]]:
        me = self.desk.session.user
        known = {person.handle: person.full_name for person in self.project.data.people.values()}
        known.setdefault(me, "")
        return [(handle, known[handle], handle == me) for handle in sorted(known, key=lambda h: (h != me, h))]

    # Elsewhere ------------------------------------------------------------------------

    def action_week_open(self) -> None:
        """What hours cost, by person, month and task."""
        from pmtui.screens.labour import labour_page

        self.app.push_screen(labour_page(self.project))

    def action_view_export(self) -> None:
        """The week's entries, as a CSV file in the folder pmtui was started in."""
        from pmtui.services.exporting import export_shown

        entries = entries_of(self.project.data, self._who, self._monday)
        if not entries:
            self.tell_error(f"there are no hours in this week: {key_of('week.earlier')} goes to the one before")
            return
        keys = [(self.project.code, entry.number) for entry in entries]
        self.perform(lambda: export_shown(self.desk, keys, "hours"))

    def projects_written(self, action_id: str) -> Sequence[OpenProject]:
        """The project whose week it is."""
        del action_id
        return [self.project]


def _take(event: events.Key) -> None:
    event.stop()
    event.prevent_default()
