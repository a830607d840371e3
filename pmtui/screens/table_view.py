"""Views whose cursor stands on the lines of one table, which are no records that a verb acts on."""

from pmtui.screens.view import ViewScreen
from pmtui.widgets.record_table import RecordTable


class TableView(ViewScreen):
    """A view moved along its table. Subclasses give :attr:`table`."""

    @property
    def table(self) -> RecordTable:
        """The lines."""
        raise NotImplementedError

    def move_by(self, lines: int) -> None:
        """Along the table."""
        self.table.move(lines)

    def move_page(self, direction: int) -> None:
        """A page up or down."""
        self.table.page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """To the first line or the last."""
        if last:
            self.table.move_last()
        else:
            self.table.move_first()
