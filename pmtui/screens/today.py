"""Today: what needs me now, over all projects."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from pmtui.domain.dates import say_date, short_due
from pmtui.domain.records import Meeting, Record, Risk, Task
from pmtui.keymap import key_of
from pmtui.screens.details import Line, due_tone
from pmtui.screens.header import name_among, project_line
from pmtui.screens.list_view import ListView
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject
from pmtui.services.verbs import date_of, owner_of
from pmtui.widgets.cells import Cell, Span, fit, width_of
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable

WEEK = dt.timedelta(days=7)
COLUMNS = (
    Column("number", "No", 6),
    Column("title", "What"),
    Column("owner", "Who", 7, priority=2),
    Column("when", "When", 10, "right"),
)
Pick = Callable[[OpenProject], Iterable[Record]]


class TodayScreen(ListView):
    """Sections of what is overdue, due, blocked, waited for, to review, to decide, and what others changed."""

    view = "today"
    title_word = "Today"
    spans_projects = True
    list_id = "#list"
    details_beside = 140
    CSS_PATH = "today.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._notes: dict[Key, str] = {}

    def compose_body(self) -> ComposeResult:
        """The lights of each project, then the list."""
        table = RecordTable(id="list", show_header=False)
        with Vertical(id="body"):
            yield DocumentView(id="lights")
            yield table

    def show_data(self) -> None:
        """Every section that has something in it; a record stands in the first that it belongs to."""
        self.show_lights()
        self._shown, self._notes = [], {}
        lines: list[Key | Heading] = []
        seen: set[Key] = set()
        there: set[Key] = set()
        for title, keys in self._sections():
            there.update(keys)
            fresh = [key for key in keys if key not in seen and self._passes(key)]
            if fresh:
                seen.update(fresh)
                lines += [Heading(title, len(fresh)), *fresh]
                self._shown += fresh
        self.total = len(there)
        table = self.table
        widest = max((width_of(project.code) for project in self.desk.shown()), default=0)
        several = [Column("project", "Project", min(24, widest), priority=3)] if len(self.desk.shown()) > 1 else []
        table.columns = (*COLUMNS, *several)
        table.empty = self._empty()
        table.invalidate()
        table.set_lines(lines, self._row)
        self.show_details()

    def _empty(self) -> tuple[Cell, ...]:
        if self.filter_text:
            return self.empty_lines("", "", "")
        ways: tuple[Span, ...] = ((key_of("go.board"), "accent"), (" goes to the board, ", "muted"))
        ways = (*ways, (key_of("record.add"), "accent"), (" adds a task", "muted"))
        return ("Nothing needs you now: nothing overdue, due this week, blocked or to decide.", ways)

    def _passes(self, key: Key) -> bool:
        record = self.desk.record(key)
        return record is not None and self.passes(record, self.desk.projects[key[0]])

    def _sections(self) -> Iterator[tuple[str, list[Key]]]:
        today = self.desk.session.today
        yield "Overdue", [(code, item.number) for code, item in self.desk.overdue()]
        yield "Meetings today", self._all(lambda p: (m for m in p.data.meetings.values() if m.start.date() == today))
        yield "Due this week", self._by_date(lambda p: (t for t in p.data.tasks.values() if _is_due(t, today)))
        yield "Blocked", self._all(lambda p: (t for t in p.data.tasks.values() if t.status == "blocked"))
        yield "Waiting and chased", self._all(lambda p: (t for t in p.data.tasks.values() if _waits(t)))
        yield "Risks to review this week", self._all(lambda p: (r for r in p.data.risks.values() if _review(r, today)))
        yield "Decisions wanted", self._all(_undecided)
        yield "Others changed", self._changed_keys()

    def _all(self, pick: Pick) -> list[Key]:
        return [(p.code, record.number) for p in self.desk.shown() for record in pick(p)]

    def _by_date(self, pick: Pick) -> list[Key]:
        keys = self._all(pick)
        far = dt.date.max
        return sorted(keys, key=lambda key: (date_of(self._record(key)) or far, key))

    def _record(self, key: Key) -> Record:
        return self.desk.projects[key[0]].get(key[1])

    def _changed_keys(self) -> list[Key]:
        found = []
        for project in self.desk.shown():
            for number, words in self.pmtui.looked.since(project):
                self._notes[project.code, number] = words
                found.append((project.code, number))
        return found

    def _row(self, key: object) -> Sequence[Cell]:
        assert isinstance(key, tuple)
        record = self.desk.record(key)
        if record is None:
            return (str(key[1]), ("gone", "muted"), "", "", "")
        today = self.desk.session.today
        title: tuple[Span, ...] = ((mark_of(record), "warn"), (record.name, ""))
        if key in self._notes:
            title = (*title, (f"  {self._notes[key]}", "muted"))
        return (
            (key[1], "muted"),
            title,
            owner_of(record) or ("–", "muted"),
            _when(record, today),
            (key[0], "muted"),
        )

    def show_lights(self) -> None:
        """A line a project: its lights with their trend, how much is late, the next milestone."""
        shown = self.desk.shown()[:6] if len(self.desk.shown()) > 1 else []
        called = [name_among(project, self.desk.projects.values()) for project in shown]
        longest = max((width_of(name) for name in called), default=0)

        def lines(width: int) -> list[Line]:
            names = min(longest, width // 3)
            rule: list[Line] = [(("─" * width, "muted"),)] if shown else []
            return [project_line(p, fit(n, names), width) for p, n in zip(shown, called, strict=True)] + rule

        self.query_one("#lights", DocumentView).set_document(lines)


def _is_due(task: Task, today: dt.date) -> bool:
    return task.due is not None and today <= task.due < today + WEEK and task.is_open


def _waits(task: Task) -> bool:
    return bool(task.waiting_for or task.last_chased) and task.is_open


def _review(risk: Risk, today: dt.date) -> bool:
    return risk.is_open and today <= risk.review_date < today + WEEK


def _undecided(project: OpenProject) -> Iterator[Record]:
    yield from (change for change in project.data.changes.values() if change.is_undecided())
    yield from (i for i in project.data.issues.values() if i.is_open and i.decision_needed_from)


def mark_of(record: Record) -> str:
    """A sign before the title: blocked, urgent, moved often."""
    if isinstance(record, Task):
        if record.status == "blocked":
            return "⊘ "
        if record.priority in {"high", "urgent"}:
            return "! "
    return ""


def _when(record: Record, today: dt.date) -> Cell:
    if isinstance(record, Meeting):
        return f"{record.start:%H:%M}" if record.start.date() == today else say_date(record.start.date(), today)
    day = date_of(record)
    if day is None or not record.is_open:
        return ("", "")
    return (short_due(day, today), due_tone(day, today))
