"""A list of records, up to tens of thousands: only the lines in view are ever asked for."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from pmtui.widgets.cells import Cell, Span, clip_spans, fit, fit_spans, safe, width_of
from pmtui.widgets.columns import GAP, GUTTER, Column, Heading, column_widths
from pmtui.widgets.marks import MarkedLines
from pmtui.widgets.toned import CURSOR_BAR, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from typing import Unpack

    from textual.geometry import Size
    from textual.widget import Widget

    from pmtui.widgets.toned import Names

__all__ = ["Column", "Heading", "RecordTable"]

_CACHED_ROWS = 4096


class RecordTable(MarkedLines):
    """A table whose cursor stands on a record, not on a line."""

    @dataclass
    class CursorMoved(Message, bubble=False):
        """The cursor stands on another record, or on none."""

        key: Hashable | None
        table: RecordTable

        @property
        def control(self) -> Widget:
            """The table, for `@on` with a selector."""
            return self.table

        def can_replace(self, message: Message) -> bool:
            """Only the newest place matters where several wait."""
            return isinstance(message, RecordTable.CursorMoved) and message.table is self.table

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        show_header: bool = True,
        **names: Unpack[Names],
    ) -> None:
        """Make an empty table of `columns`."""
        super().__init__(**names)
        self._columns = tuple(columns)
        self._show_header = show_header
        self._lines: list[Hashable | Heading] = []
        self._headings: list[int] = []
        self._render_row: Callable[[Hashable], Sequence[Cell]] | None = None
        self._cells: dict[Hashable, Sequence[Cell]] = {}
        self._rows: dict[Hashable, tuple[tuple[Span, ...], tuple[Span, ...]]] = {}
        self._widths: tuple[int, list[int]] = (-1, [])
        self._cursor = -1
        self._empty: tuple[Cell, ...] = ()

    # What is shown

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns; setting them draws the table anew."""
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[Column]) -> None:
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._widths = (-1, [])
            self.invalidate()

    @property
    def show_header(self) -> bool:
        """Whether the line of column headings is drawn."""
        return self._show_header

    @show_header.setter
    def show_header(self, show: bool) -> None:
        self._show_header = show
        self.reflow()
        self.refresh_changed()

    @property
    def empty(self) -> tuple[Cell, ...]:
        """What is drawn where there are no lines."""
        return self._empty

    @empty.setter
    def empty(self, lines: Sequence[Cell]) -> None:
        self._empty = tuple(lines)
        self.refresh_changed()

    def set_lines(self, lines: Sequence[Hashable | Heading], render: Callable[[Hashable], Sequence[Cell]]) -> None:
        """Show `lines`; `render` gives the cells of a key, one for each column, when it is in view.

        Cells are kept from one call to the next: `invalidate` the keys whose content changed.
        """
        old, old_cursor = self._lines, self._cursor
        old_key, old_count = self.cursor_key, len(old)
        self._lines = list(lines)
        self._render_row = render
        self._cursor = self._find_again(old, old_cursor)
        self._headings = [at for at, line in enumerate(self._lines) if isinstance(line, Heading)]
        if self.size.height:
            # The record stays on its line of the screen, unless the top of the list is in view.
            if self.top or self._cursor >= self.body_height:
                self.top += self._cursor - max(0, old_cursor)
            self.top = min(max(0, self.top), self.last_top)
            self._reveal_cursor()
        self.refresh_changed()
        if len(self._lines) != old_count:
            self.resize_if_auto()
        self._announce(old_key)

    def invalidate(self, keys: Iterable[Hashable] | None = None) -> None:
        """Ask again for the cells of `keys`, or of all, when they are next in view."""
        if keys is None:
            self._cells.clear()
            self._rows.clear()
        else:
            for key in keys:
                self._cells.pop(key, None)
                self._rows.pop(key, None)
        self.refresh_changed()

    # The cursor

    @property
    def cursor_key(self) -> Hashable | None:
        """The key under the cursor, None in an empty table."""
        return self._lines[self._cursor] if self._cursor >= 0 else None

    def move(self, delta: int) -> None:
        """Move the cursor over `delta` records, as far as there are any."""
        step = 1 if delta > 0 else -1
        target = at = self._cursor
        for _ in range(abs(delta)):
            at = self._next_record(at + step, step)
            if at < 0:
                break
            target = at
        self._go(target)

    def move_to(self, key: Hashable) -> bool:
        """Put the cursor on `key`; False, and no move, if it is not in the table."""
        try:
            self._go(self._lines.index(key))
        except ValueError:
            return False
        return True

    def move_first(self) -> None:
        """Put the cursor on the first record."""
        self._go(self._next_record(0, 1))

    def move_last(self) -> None:
        """Put the cursor on the last record."""
        self._go(self._next_record(len(self._lines) - 1, -1))

    def page(self, direction: int) -> None:
        """Move by a screen down (1) or up (-1), one line kept in view."""
        step = 1 if direction > 0 else -1
        distance = max(1, self.body_height - 1)
        at = min(max(0, self._cursor + step * distance), max(0, len(self._lines) - 1))
        target = self._next_record(at, step)
        if target < 0:
            target = self._next_record(at, -step)
        self.scroll_body(self.top + step * distance)
        self._go(target)

    # Where things are

    @property
    def lines(self) -> Sequence[Hashable | Heading]:
        """The lines as they were set."""
        return self._lines

    @property
    def line_count(self) -> int:
        """How many lines there are, headings included."""
        return len(self._lines)

    @property
    def fixed_lines(self) -> int:
        """One line of column headings, if shown and if there is room for more."""
        return int(self._show_header and self.size.height > 2)

    @property
    def range_text(self) -> str:
        """Which records are in view, such as 21 to 40 of 1,234; empty where all are."""
        if self.line_count <= self.body_height:
            return ""
        first, last = self.top, min(self.line_count, self.top + self.body_height)
        first -= bisect_left(self._headings, first)
        last -= bisect_left(self._headings, last)
        return f"{first + 1:,}\u2013{last:,} of {self.line_count - len(self._headings):,}"

    @property
    def cursor_offset(self) -> Offset | None:
        """Where the cursor's line begins, in the widget."""
        if self._cursor < 0:
            return None
        return Offset(0, self._cursor - self.top + self.fixed_lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Give the height for a table that is as tall as its lines."""
        del container, viewport, width
        body = self.line_count or len(self._empty) + 1
        return body + int(self._show_header)

    def reflow(self) -> None:
        """Keep the cursor in view in the new size."""
        super().reflow()
        self._reveal_cursor()

    def _next_record(self, at: int, step: int) -> int:
        while 0 <= at < len(self._lines):
            if not isinstance(self._lines[at], Heading):
                return at
            at += step
        return -1

    def _find_again(self, old: list[Hashable | Heading], at: int) -> int:
        """Give the line for the cursor that stood on line `at` of `old`."""
        if at < 0 or not self._lines:
            return self._next_record(0, 1)
        try:
            return self._lines.index(old[at])
        except ValueError:
            pass
        present = {line: place for place, line in enumerate(self._lines)}
        for line in old[at + 1 :]:
            if line in present and not isinstance(line, Heading):
                return present[line]
        if any(line in present for line in old[:at] if not isinstance(line, Heading)):
            return self._next_record(len(self._lines) - 1, -1)
        return self._next_record(0, 1)

    def _go(self, target: int) -> None:
        if target in (-1, self._cursor):
            return
        old, old_key = self._cursor, self.cursor_key
        self._cursor = target
        if not self._reveal_cursor():
            self.refresh_body(old)
            self.refresh_body(target)
        self._announce(old_key)

    def _announce(self, old_key: Hashable | None) -> None:
        if self.cursor_key != old_key:
            self.tell_screen(self.CursorMoved(self.cursor_key, self))

    def _reveal_cursor(self) -> bool:
        """Bring the cursor into view, with the heading above it where that fits."""
        if self._cursor < 0 or not self.size.height:
            return False
        first = self._cursor
        while first > 0 and isinstance(self._lines[first - 1], Heading):
            first -= 1
        first = max(first, self._cursor - self.body_height + 1)
        return self.reveal(first, self._cursor)

    # Drawing

    def draw_line(self, y: int) -> Strip:
        """Draw the column headings, a section's heading, a record or nothing."""
        if y < self.fixed_lines:
            return self._draw_header()
        row = y - self.fixed_lines
        if not self._lines:
            return self.draw_empty(self._empty, row)
        at = row + self.top
        if at >= len(self._lines):
            return self.strip((), self.size.width)
        line = self._lines[at]
        if isinstance(line, Heading):
            return self._draw_heading(line)
        cursor = at == self._cursor
        bar = (CURSOR_BAR if cursor else " ", "")
        mark = (MARK + " ", "accent") if line in self._marked else ("  ", "")
        named, more = self._row(line)
        segments = self.segments((bar, mark, *named), cursor=cursor) + self.segments(more)
        ground = self.tone_style("", cursor=cursor and not more)
        return Strip(segments).adjust_cell_length(self.size.width, ground)

    def widths(self) -> list[int]:
        """Give each column's width now; 0 for one that is left out."""
        width = self.size.width
        if self._widths[0] != width:
            self._widths = (width, column_widths(self._columns, width - GUTTER))
            self._rows.clear()
        return self._widths[1]

    def _row(self, key: Hashable) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """What names a record, up to its flexible column, has the cursor's ground; and what follows."""
        widths = self.widths()
        row = self._rows.get(key)
        if row is None:
            cells = self._cells.get(key)
            if cells is None:
                if len(self._cells) >= _CACHED_ROWS:
                    self._cells.clear()
                    self._rows.clear()
                cells = self._render_row(key) if self._render_row else ()
                self._cells[key] = cells
            row = self._rows[key] = self._lay_out(cells, widths)
        return row

    def _lay_out(self, cells: Sequence[Cell], widths: Sequence[int]) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        row: list[Span] = []
        named = 0
        room = self.size.width - GUTTER
        for column, cell, wanted in zip(self._columns, cells, widths, strict=False):
            if not wanted or room <= 0:
                continue
            if row:
                row.append((" " * min(GAP, room), ""))
                room -= GAP
            row.extend(fit_spans(cell, max(0, min(wanted, room)), column.align))
            room -= wanted
            if column.width is None:
                named = named or len(row)
        named = named or len(row)
        return tuple(row[:named]), tuple(row[named:])

    def _draw_header(self) -> Strip:
        told = self.range_text if self._lines else ""
        cells: list[Cell] = []
        for column, width in zip(self._columns, self.widths(), strict=True):
            heading = safe(column.heading)
            free = width - width_of(heading) - len(told)
            if told and column.width is None and free >= GAP:
                cells.append(((heading + " " * free, "head"), (told, "muted")))
                told = ""
            else:
                cells.append((heading, "head"))
        named, more = self._lay_out(cells, self.widths())
        return self.strip(((" " * GUTTER, ""), *named, *more), self.size.width)

    def _draw_heading(self, heading: Heading) -> Strip:
        width = self.size.width
        if not heading.text:
            return self.strip((), width)
        count = "" if heading.count is None else f" {heading.count:,}"
        text = clip_spans((heading.text, "title"), max(0, width - 1 - len(count)))
        return self.strip(((" ", ""), *text, (fit(count, len(count)), "muted")), width)
