"""Views that a filter narrows: read while it is typed, kept, told with its count for as long as it is on."""

import datetime as dt
from collections.abc import Mapping

from textual.app import ComposeResult

from pmtui.domain.filters import Filter, FilterError, read_filter
from pmtui.domain.records import Record
from pmtui.screens.questions import RecordQuestions
from pmtui.services.project import OpenProject
from pmtui.services.saved_filters import saved_texts
from pmtui.store import StoreError
from pmtui.widgets.bars import StatusLine
from pmtui.widgets.cells import Cell


class FilteredView(RecordQuestions):
    """A view whose records a filter chooses. Subclasses ask :meth:`passes`, and set ``total`` when they show."""

    def __init__(self) -> None:
        super().__init__()
        self.filter_text = ""
        self.filter: Filter | None = None
        self.total = 0
        """How many records there would be without the filter."""
        self._read_as: tuple[dt.date, int] | None = None

    def compose_beneath(self) -> ComposeResult:
        """The filter's own line, while one is on."""
        yield StatusLine(id="filtered")

    def saved_filters(self) -> Mapping[str, str]:
        """What is saved under a name in this workspace; nothing where it can't be read, which is said."""
        try:
            return saved_texts(self.desk.shared)
        except (StoreError, OSError) as error:
            self.tell_error(error)
            return {}

    def read(self, text: str) -> Filter | None:
        """The filter that a text means here; ``None`` for none. Raises :class:`FilterError`."""
        if not text.strip():
            return None
        session = self.desk.session
        return read_filter(text, session.today, me=session.user, saved=self.saved_filters())

    def action_view_filter(self) -> None:
        """Filter while typing; Enter keeps it, Esc takes it back."""
        from pmtui.screens.filter_line import FilterLine

        before = self.filter_text

        def take(text: str | None) -> None:
            self.apply_filter(before if text is None else text)

        self.app.push_screen(FilterLine(self), take)

    def apply_filter(self, text: str) -> FilterError | None:
        """Show what a filter lets through; what is wrong where it can't be read: the last good one stays."""
        try:
            self.filter = self.read(text)
        except FilterError as error:
            return error
        self.filter_text = text.strip()
        self._read_as = self._read_with()
        if self.desk.projects:
            self.show_data()
        self.show_filter()
        return None

    def show_all(self) -> None:
        """Everything, by the filter as its saved parts are now."""
        if self.filter_text and self._read_as != self._read_with():
            self._read_as = self._read_with()
            try:
                self.filter = self.read(self.filter_text)
            except FilterError as error:
                self.tell_error(f"/{self.filter_text} shows what it did: {error}")
        super().show_all()
        self.show_filter()

    def _read_with(self) -> tuple[dt.date, int]:
        """What a filter means something else after: the day, and what is saved."""
        shared = self.desk.stores().keys() - self.desk.projects.keys()
        return self.desk.session.today, sum(self.desk.stores()[code].sequence for code in shared)

    def count_words(self) -> str:
        """How many of all are shown."""
        return f"{len(self.shown_keys()):,} of {self.total:,} shown"

    def show_filter(self) -> None:
        """Which filter is on, how much it shows, and the key that clears it."""
        for line in self.query("#filtered").results(StatusLine):
            line.display = bool(self.filter_text)
            if self.filter_text:
                key, clears = ("Esc", "accent"), (" clears it", "muted")
                line.set(((f"/{self.filter_text}", "accent"), (f"   {self.count_words()}   ", ""), key, clears))

    def passes(self, record: Record, project: OpenProject) -> bool:
        """Whether the filter lets a record through."""
        return self.filter is None or self.filter.matches(record, project.data)

    def empty_lines(self, purpose: str, key: str, does: str) -> tuple[Cell, ...]:
        """What an empty view says: its filter, or what it is for and the key that begins."""
        if self.filter_text:
            ways: Cell = (
                ("Esc", "accent"),
                (" clears the filter, ", "muted"),
                ("/", "accent"),
                (" changes it", "muted"),
            )
            return (((f"Nothing fits /{self.filter_text}", ""),), ways)
        return (purpose, ((key, "accent"), (f" {does}", "muted")))

    def action_view_clear(self) -> None:
        """Clear marks, then the filter."""
        if self.rows.marked:
            self.rows.set_marks(())
        elif self.filter_text:
            self.apply_filter("")
        self.tell("")
