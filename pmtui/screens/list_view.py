"""Views whose records stand in one list, section by section."""

from collections.abc import Sequence
from typing import ClassVar

from pmtui.screens.records_view import RecordsView
from pmtui.screens.rows import Rows
from pmtui.services.desk import Key
from pmtui.widgets.record_table import RecordTable


class ListView(RecordsView):
    """A view over one :class:`RecordTable`; subclasses fill ``_shown`` with the records in it, in order."""

    list_id: ClassVar[str] = "#body"

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Key] = []

    @property
    def table(self) -> RecordTable:
        """The list."""
        return self.query_one(self.list_id, RecordTable)

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.table

    def shown_keys(self) -> Sequence[Key]:
        """The records shown, section by section."""
        return self._shown

    def move_by(self, lines: int) -> None:
        """Along the list, over its headings."""
        self.table.move(lines)

    def on_record_table_cursor_moved(self) -> None:
        """The details follow."""
        self.cursor_moved()
