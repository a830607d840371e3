"""The changes of a project: who did what, when and why; one's own can be taken back."""

import dataclasses
from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher

from textual import events
from textual.app import ComposeResult

from pmtui.domain.dates import say_date
from pmtui.domain.problems import Refused
from pmtui.keymap import Action, key_of
from pmtui.screens.details import Line
from pmtui.screens.going import go_to
from pmtui.screens.prompts import LineScreen
from pmtui.screens.table_view import TableView
from pmtui.screens.view import ViewScreen
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject
from pmtui.services.story.changelist import ChangeList
from pmtui.services.story.filter import Wanted, read_wanted
from pmtui.services.story.telling import Told, gap_words
from pmtui.services.story.values import FieldTold
from pmtui.widgets.cells import Cell, Span, fit, width_of, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable

AHEAD = 200
"""Changes kept read below the cursor."""

MOST_RECORDS = 40
"""Records of one change told in the details."""

TALL, DETAILS, DETAILS_TALL = 34, 8, 13
"""Lines from which on there is room for more details, and the details' lines without and with it."""

LABEL = 18
"""Cells of a field's label in the details."""

MOST_COMPARED = 500
"""Lines of a text up to which it is told line by line what changed in it."""

HINT = "words T-48 @ana mine since:mon until:fri   ⏎ keep   Esc back"


class HistoryScreen(TableView):
    """The changes, newest first, day by day; the one under the cursor in full beneath.

    ``of`` is the record it was opened from; ``only`` shows what was done to that one alone.
    """

    view = "history"
    title_word = "Changes"
    details_beside = 1000
    leads_back = True

    def __init__(self, project: OpenProject, of: str = "", *, only: bool = False) -> None:
        super().__init__()
        self._of = of
        self._only = only and bool(of)
        self._text = ""
        self._wanted = Wanted()
        self._changes = ChangeList(project)
        self._gone: frozenset[int] = frozenset()
        self._reading = False
        self._to_end = False

    @property
    def table(self) -> RecordTable:
        """The list."""
        return self.query_one("#body", RecordTable)

    def compose_body(self) -> ComposeResult:
        """The list."""
        table = RecordTable(id="body", show_header=False)
        table.columns = (Column("time", "", 5), Column("who", "", 7, priority=1), Column("what", ""))
        yield table

    def on_mount(self) -> None:
        """Read the newest, and more as it is looked at; what was opened is the project in view from here on."""
        self.desk.look_at(self._changes.project.code)
        self._begin()
        super().on_mount()

    def show_data(self) -> None:
        """Take in what was written since, the cursor stays on its change; or another project's."""
        if self._changes.project is not self.project:
            self._of, self._only = "", False
            self._begin()
        self._changes.fresh()
        self.table.invalidate()
        self._show_lines()
        self.show_details()

    def on_resize(self) -> None:
        """Sentences have another width."""
        super().on_resize()
        self.query_one("#details").styles.height = DETAILS_TALL if self.size.height >= TALL else DETAILS
        self.table.invalidate()

    # The list --------------------------------------------------------------------

    def _begin(self) -> None:
        """Read from the newest on, by the filter."""
        wanted = self._wanted
        if self._only:
            wanted = dataclasses.replace(wanted, record=self._record_wanted())
        self._changes = ChangeList(self.project, wanted)
        self._changes.more()
        self.table.invalidate()

    def _record_wanted(self) -> tuple[str, int] | None:
        return read_wanted(self._of, self.project.today, me="").record

    def _show_lines(self) -> None:
        """Day by day; what is not kept is told where it would stand."""
        changes, today = self._changes, self.project.today
        self._gone = changes.taken_back()
        lines: list[int | Heading] = []
        day, before = None, self.project.sequence + 1
        whole = changes.wanted == Wanted()
        for sequence in changes.shown:
            if whole:
                lines += [Heading(gap_words(gap)) for gap in changes.gaps_between(before, sequence)]
            when = changes.time(sequence).date()
            if when != day:
                said = say_date(when, today)
                lines.append(Heading(said[:1].upper() + said[1:]))
                day = when
            lines.append(sequence)
            before = sequence
        if changes.ended and whole:
            lines += [Heading(gap_words(gap)) for gap in changes.gaps_between(before, 0)]
        self.table.empty = self._empty()
        self.table.set_lines(lines, self._row)
        if self._to_end:
            self.table.move_last()
        self._read_on()

    def _empty(self) -> tuple[Cell, ...]:
        if not self._changes.ended:
            return ("Looking …",)
        if self._text:
            return (f"Nothing fits /{self._text}", (("Esc", "accent"), (" clears the filter", "muted")))
        return ("Nothing was changed here yet: what people do in this project is told here, with who and when.",)

    def _row(self, key: object) -> Sequence[Cell]:
        assert isinstance(key, int)
        told = self._changes.told(key)
        gone = key in self._gone
        width = self.table.widths()[2]
        who = (
            ("outside", "warn")
            if told.outside
            else (told.user, "accent" if told.own and not gone else "muted" if gone else "")
        )
        return (f"{told.when:%H:%M}", "muted"), who, (told.sentence(width), "muted" if gone else "")

    def _read_on(self) -> None:
        """Read more while there is less beneath the cursor than is soon looked at."""
        cursor = self.table.cursor_key
        at = self._place(cursor)
        short = self._to_end or len(self._changes.shown) - at < AHEAD
        if short and not self._changes.ended and not self._reading:
            self._reading = True
            self.call_later(self._read_more)

    def _place(self, key: object) -> int:
        """How many changes stand above one; they are numbered downwards."""
        return bisect_left(self._changes.shown, -key, key=lambda n: -n) if isinstance(key, int) else 0

    def _read_more(self) -> None:
        self._reading = False
        before = self._changes.ended
        if self._changes.more() or self._changes.ended != before:
            self._show_lines()
        else:
            self._read_on()
        self._show_state()

    def _show_state(self) -> None:
        """The filter with what it found, and how far was read."""
        changes = self._changes
        parts = [f"only {self._of}" if self._only else "", f"/{self._text}" if self._text else ""]
        filtered = "   ".join(filter(None, parts))
        if not filtered:
            self.tell("")
            return
        count = f"{len(changes.shown):,} shown"
        looking = (
            "" if changes.ended or not self._reading else f", looking: {changes.read:,} of {self.project.sequence:,}"
        )
        key = (key_of("history.only"), " shows all") if self._only and not self._text else ("Esc", " clears it")
        self.tell(((f"{filtered}   {count}{looking}", "accent"), (f"   {key[0]}", "accent"), (key[1], "muted")))

    # The one under the cursor ------------------------------------------------------

    def selected(self) -> Told | None:
        """The change under the cursor."""
        key = self.table.cursor_key
        return self._changes.told(key) if isinstance(key, int) else None

    def on_record_table_cursor_moved(self) -> None:
        """The details follow, and more is read where the end comes near."""
        self.show_details()
        self._read_on()

    def show_details(self) -> None:
        """All of the change under the cursor."""
        told = self.selected()
        pane = self.query_one("#details", DocumentView)
        gone = told is not None and told.sequence in self._gone
        pane.set_document(lambda width: details_of(told, width, gone=gone) if told else [])
        self.show_footer()

    def footer_enabled(self, action: Action) -> bool:
        """Whether a key applies to the change under the cursor."""
        told = self.selected() if self._changes.shown else None
        if action.id == "history.take_back":
            return told is not None and told.own and told.sequence not in self._gone and not self.project.read_only
        if action.id == "history.only":
            return bool(self._of)
        return action.id != "history.open" or (told is not None and self._goal(told) is not None)

    def footer_word(self, action: Action) -> str:
        """What ``o`` does now."""
        if action.id == "history.only":
            return "all" if self._only else f"only {self._of}" if self._of else "only"
        return super().footer_word(action)

    # Keys --------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A key that is pressed while earlier changes are read ends the way to the oldest."""
        super().on_key(event)
        self._to_end = False

    def move_to_end(self, *, last: bool) -> None:
        """To the newest, or to the oldest, however long reading takes; any other key stops that."""
        self._to_end = last
        if last:
            self.table.move_last()
            self._read_on()
        else:
            self.table.move_first()

    def _goal(self, told: Told) -> Key | None:
        """The first record of a change that is still there; the one it was opened from before others."""
        numbers = sorted(told.numbers, key=lambda number: number != self._of)
        found = (number for number in numbers if self.project.data.get(number) is not None)
        number = next(found, "")
        return (self.project.code, number) if number else None

    def action_history_open(self) -> None:
        """To the record, in its view."""
        told = self.selected()
        goal = self._goal(told) if told else None
        if goal is not None:
            go_to(self, *goal)
        elif told is not None:
            self.tell_error(f"{', '.join(told.numbers[:3])} is no longer there")

    def action_history_take_back(self) -> None:
        """Take back the change under the cursor, where it is the user's own."""
        told = self.selected()
        if told is None:
            return
        if not told.own:
            who = "made outside pmtui" if told.outside else f"{told.user}'s"
            self.tell_error(f"this change is {who}: only your own can be taken back")
        elif told.sequence in self._gone:
            self.tell_error(f"it was taken back already; {key_of('desk.redo')} brings back what you took back last")
        else:
            self.perform(lambda: self.desk.take_back(self.project.code, told.sequence))

    def action_history_only(self) -> None:
        """Only what was done to the record it was opened from, or all."""
        if not self._of:
            self.tell_error("this list was not opened from a record; / T-48 shows one")
            return
        self._only = not self._only
        self._restart()

    def action_history_filter(self) -> None:
        """Filter while typing; Enter keeps it, Esc takes it back."""
        before = self._text

        def reader(text: str) -> Sequence[Cell]:
            problem = self._apply(text)
            if problem:
                return [(problem, "bad")]
            count = f"{len(self._changes.shown):,} shown" + ("" if self._changes.ended else ", looking further")
            return [(count, "muted")]

        def take(text: str | None) -> None:
            self._apply(before if text is None else text)
            self._show_state()

        self.app.push_screen(LineScreen("/", value=self._text, reader=reader, hint=HINT), take)

    def action_history_clear(self) -> None:
        """Show all again."""
        self._only, self._text, self._wanted = False, "", Wanted()
        self._restart()

    def _apply(self, text: str) -> str:
        """Show what a filter lets through; the problem where it can't be read (the last good one stays)."""
        try:
            wanted = read_wanted(text, self.project.today, me=self.desk.session.user)
        except Refused as error:
            return str(error)
        self._text = text.strip()
        if wanted != self._wanted:
            self._wanted = wanted
            self._restart()
        return ""

    def _restart(self) -> None:
        self._begin()
        self._show_lines()
        self._show_state()
        self.show_details()


def details_of(told: Told, width: int, *, gone: bool) -> list[Line]:
    """A change in full: when, by whom, the sentence, each record with its fields before and after."""
    when = f"{told.when:%a} {told.when.day} {told.when:%b %Y %H:%M:%S}"
    who = "by hand, outside pmtui" if told.outside else f"{told.user}{' (you)' if told.own else ''}"
    facts = f"{when} · {who} · change {told.sequence:,}"
    lines: list[Line] = [((part, "strong"),) for part in wrap(told.sentence(10_000), width)]
    lines.append(((fit(facts, min(width, width_of(facts))), "muted"), (" · taken back since" if gone else "", "warn")))
    for record in told.records[:MOST_RECORDS]:
        if len(told.records) > 1:
            lines.append(((f"{record.did} ", "muted"), (record.number, "accent"), (f" {record.title}", "")))
        for field in record.fields:
            for at, part in enumerate(_before_and_after(field, max(10, width - LABEL - 2))):
                lines.append(((f"  {fit(field.label if at == 0 else '', LABEL)}", "muted"), part))
    if len(told.records) > MOST_RECORDS:
        lines.append(((f"and {len(told.records) - MOST_RECORDS:,} more records", "muted"),))
    return lines


def _before_and_after(field: FieldTold, width: int) -> list[Span]:
    """A field's values in lines of this width; of a text of several lines, those that went and those that came."""
    before, after = field.before.splitlines(), field.after.splitlines()
    if not before or not 1 < max(len(before), len(after)) <= MOST_COMPARED:
        change = field.after if not before else f"{field.before} → {field.after or 'none'}"
        return [(part, "") for line in change.splitlines() for part in wrap(line, width)]
    lines: list[Span] = []
    for what, one, two, three, four in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            lines += [(part, "muted") for line in before[one:two] for part in _signed("−", line, width)]
            lines += [(part, "") for line in after[three:four] for part in _signed("+", line, width)]
    return lines or [("blanks alone", "muted")]


def _signed(sign: str, line: str, width: int) -> list[str]:
    """A line of a text behind its sign, wrapped beneath itself."""
    rows = wrap(line, width - 2) or [""]
    return [f"{sign} {rows[0]}", *(f"  {row}" for row in rows[1:])]


def open_changes(view: ViewScreen) -> None:
    """The changes of the project in view, or of the one that the record under the cursor is in."""
    from pmtui.screens.questions import RecordQuestions

    if not view.has_project():
        return
    key = view.cursor() if isinstance(view, RecordQuestions) else None
    project = view.desk.projects[key[0]] if key else view.project
    view.app.push_screen(HistoryScreen(project, key[1] if key else ""))
