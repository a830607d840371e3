"""The board: columns of cards, lanes across them, one cursor that stands on a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from pmtui.widgets.board_model import (
    GUTTER,
    BoardColumn,
    BoardModel,
    Card,
    ColumnSpan,
    Lane,
    Place,
)
from pmtui.widgets.cells import clip_spans, fit_spans, joined, width_of
from pmtui.widgets.marks import MarkedLines
from pmtui.widgets.toned import CURSOR_BAR, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from typing import Unpack

    from textual.widget import Widget

    from pmtui.widgets.cells import Cell, Span
    from pmtui.widgets.toned import Names

__all__ = ["BoardColumn", "BoardView", "Card", "Lane"]

_CACHED_CARDS = 4096
_HEADER_LINES = 2
FOLDED = "\u25b8"
"""Before the name of a lane that is folded."""
BEFORE, AFTER = "\u2039", "\u203a"
"""Hints in the header that there are columns to the left and to the right."""


def no_card(_key: Hashable, _width: int) -> Card:
    """Draw nothing: the card of a board that was not told how."""
    return Card(())


class BoardView(MarkedLines):
    """Columns of cards under a fixed header; the lines in view are all that is drawn."""

    @dataclass
    class CursorMoved(Message, bubble=False):
        """The cursor stands on another card, or on none."""

        key: Hashable | None
        board: BoardView

        @property
        def control(self) -> Widget:
            """The board, for `@on` with a selector."""
            return self.board

        def can_replace(self, message: Message) -> bool:
            """Only the newest place matters where several wait."""
            return isinstance(message, BoardView.CursorMoved) and message.board is self.board

    def __init__(
        self,
        card: Callable[[Hashable, int], Card] = no_card,
        *,
        card_height: int = 3,
        **names: Unpack[Names],
    ) -> None:
        """Make an empty board; `card` draws a key for a width, in at most `card_height` lines."""
        super().__init__(**names)
        self._card = card
        self._card_height = card_height
        self._model = BoardModel(card_height=card_height)
        self._place: Place | None = None
        self._row_wanted = 0
        self._left = 0
        self._cards: dict[tuple[Hashable, int], tuple[tuple[Span, ...], ...]] = {}
        self._painted: dict[tuple[Hashable, int, bool], tuple[list[Segment], ...]] = {}
        self._empty: tuple[Cell, ...] = ()
        self._visible: list[Hashable] | None = None
        self._window: tuple[tuple[int, int], list[ColumnSpan], bool, bool] | None = None

    # What is shown

    @property
    def card(self) -> Callable[[Hashable, int], Card]:
        """What draws a key for a width; setting it draws all cards anew."""
        return self._card

    @card.setter
    def card(self, card: Callable[[Hashable, int], Card]) -> None:
        self._card = card
        self.invalidate()

    @property
    def card_height(self) -> int:
        """How many lines a card has: with one there is no space between cards."""
        return self._card_height

    @card_height.setter
    def card_height(self, lines: int) -> None:
        if lines != self._card_height:
            self._card_height = lines
            self._cards.clear()
            self._painted.clear()
            self.set_model(self._model.columns, self._model.lanes)

    @property
    def empty(self) -> tuple[Cell, ...]:
        """What is drawn where there are no cards."""
        return self._empty

    @empty.setter
    def empty(self, lines: Sequence[Cell]) -> None:
        self._empty = tuple(lines)
        self.refresh_changed()

    def set_model(self, columns: Sequence[BoardColumn], lanes: Sequence[Lane]) -> None:
        """Show `lanes` across `columns`; the cursor stays on its card, or near where it was.

        Cards are kept from one call to the next: `invalidate` the keys whose content changed.
        """
        old, old_place, old_key = self._model, self._place, self.cursor_key
        self._model = BoardModel(columns, lanes, self._card_height)
        self._place = self._model.find_again(old, old_place)
        self._window = self._visible = None
        if self._place:
            self._row_wanted = self._place.row
        if self.size.height:
            if self.top and self._place and old_place:
                self.top += self._model.line_of(self._place) - old.line_of(old_place)
            self.top = self._aligned(min(max(0, self.top), self.last_top))
            self._reveal_cursor()
        self.refresh_changed()
        self._announce(old_key)

    def invalidate(self, keys: Iterable[Hashable] | None = None) -> None:
        """Draw the cards of `keys`, or all, anew when they are next in view."""
        stale = None if keys is None else set(keys)
        self._painted.clear()
        self._cards = (
            {} if stale is None else {known: rows for known, rows in self._cards.items() if known[0] not in stale}
        )
        self.refresh_changed()

    # The cursor

    @property
    def cursor_key(self) -> Hashable | None:
        """The key under the cursor, None on an empty board."""
        return self._model.key_at(self._place)

    @property
    def cursor_column(self) -> Hashable | None:
        """The id of the column under the cursor."""
        return self._model.columns[self._place.column].id if self._place else None

    @property
    def cursor_lane(self) -> str | None:
        """The title of the lane under the cursor."""
        return self._model.lanes[self._place.lane].title if self._place else None

    @property
    def visible_keys(self) -> list[Hashable]:
        """The keys that are not folded away, column by column as they are read; one list for one model."""
        if self._visible is None:
            self._visible = list(self._model.visible_keys())
        return self._visible

    def move(self, dx: int, dy: int) -> None:
        """Move `dy` cards down, then `dx` columns right, over what is empty or folded."""
        if self._place is None:
            return
        place = self._place
        if dy:
            place = self._model.vertical(place, dy)
            self._row_wanted = place.row
        for _ in range(abs(dx)):
            place = self._model.horizontal(place, 1 if dx > 0 else -1, self._row_wanted)
        self._go(place)

    def move_to(self, key: Hashable) -> bool:
        """Put the cursor on `key`; False, and no move, if it cannot be seen."""
        place = self._model.find(key)
        if place:
            self._row_wanted = place.row
            self._go(place)
        return place is not None

    def move_first(self) -> None:
        """Put the cursor on the first card of its column."""
        self._to_end(last=False)

    def move_last(self) -> None:
        """Put the cursor on the last card of its column."""
        self._to_end(last=True)

    def page(self, direction: int) -> None:
        """Move by a screen of cards down (1) or up (-1)."""
        self.move(0, (1 if direction > 0 else -1) * max(1, self.body_height // self._model.slot))

    # Where things are

    @property
    def fixed_lines(self) -> int:
        """The columns' names and the rule under them."""
        return _HEADER_LINES if self.size.height > _HEADER_LINES else 0

    @property
    def line_count(self) -> int:
        """How many lines all lanes take."""
        return self._model.line_count

    @property
    def cursor_offset(self) -> Offset | None:
        """Where the cursor's card begins, in the widget."""
        if self._place is None:
            return None
        x = next((at for column, at, _ in self.columns_in_view() if column == self._place[1]), 0)
        return Offset(x + 1, self._model.line_of(self._place) - self.top + self.fixed_lines)

    @property
    def last_top(self) -> int:
        """The furthest that the board scrolls: to where a card begins."""
        top = super().last_top
        aligned = self._aligned(top)
        return aligned if aligned == top else aligned + self._model.slot

    def reflow(self) -> None:
        """Keep the cursor in view in the new size."""
        super().reflow()
        self.top = self._aligned(self.top)
        self._reveal_cursor()

    def columns_in_view(self) -> list[ColumnSpan]:
        """Give the columns that are drawn now, and where."""
        return self._view(self.size.width)[0]

    def _view(self, width: int) -> tuple[list[ColumnSpan], bool, bool]:
        column = self._place.column if self._place else self._left
        known = (width, column)
        if self._window is None or self._window[0] != known:
            columns, before, after = self._model.lay_out(width, self._left, column)
            self._window = (known, columns, before, after)
            if columns:
                self._left = columns[0].column
        return self._window[1:]

    def _aligned(self, top: int) -> int:
        """Give the line at or above `top` where a card or a lane begins."""
        if self._model.is_empty:
            return 0
        return top - self._model.at_line(top)[2]

    def _reveal_cursor(self) -> bool:
        if self._place is None or not self.size.height:
            return False
        first = self._model.line_of(self._place)
        last = first + self._card_height - 1
        named = int(self._model.titled and self._place.row == 0)
        if first - named >= self.top and last < self.top + self.body_height:
            return False
        top = self._aligned(max(0, min(first - named, last - self.body_height // 2)))
        if last >= top + self.body_height:
            top = first
        return self.scroll_body(top)

    def _to_end(self, *, last: bool) -> None:
        place = self._model.end_of(self._place.column, last=last) if self._place else None
        if place:
            self._row_wanted = place.row
            self._go(place)

    def _go(self, place: Place) -> None:
        if self._place is None or place == self._place:
            return
        old, old_key, old_columns = self._place, self.cursor_key, self.columns_in_view()
        self._place = place
        columns = self.columns_in_view()
        if self._reveal_cursor() or columns != old_columns:
            self.refresh_changed()
        else:
            self._refresh_card(old, columns)
            self._refresh_card(place, columns)
        self._announce(old_key)

    def _refresh_card(self, place: Place, columns: Sequence[ColumnSpan]) -> None:
        line = self._model.line_of(place)
        for column, x, width in columns:
            if column == place.column:
                self.refresh_body(line, self._card_height, x, width + GUTTER)

    def _announce(self, old_key: Hashable | None) -> None:
        if self.cursor_key != old_key:
            self.tell_screen(self.CursorMoved(self.cursor_key, self))

    # Drawing

    def forget_styles(self) -> None:
        """Forget the cards drawn with the old styles too."""
        super().forget_styles()
        self._painted.clear()

    def draw_line(self, y: int) -> Strip:
        """Draw a line of the header, a lane's name, or one line of each column's card."""
        width, height = self.size
        fixed = _HEADER_LINES if height > _HEADER_LINES else 0
        if y < fixed:
            return self._draw_rule() if y else self._draw_header()
        row = y - fixed
        if self._model.is_empty:
            return self.draw_empty(self._empty, row)
        at = row + self.top
        if at >= self._model.line_count:
            return self.strip((), width)
        lane, card_row, line = self._model.at_line(at)
        if card_row < 0:
            return self._draw_lane(lane)
        segments: list[Segment] = []
        for column in self._view(width)[0]:
            segments += self._card_segments(column, lane, card_row, line)
        return Strip(segments).adjust_cell_length(width, self.tone_style(""))

    def _card_segments(self, span: ColumnSpan, lane: int, row: int, line: int) -> list[Segment]:
        column, _, width = span
        keys = self._model.keys(lane, column)
        folded = self._model.columns[column].folded
        if folded or row >= len(keys) or line >= self._card_height:
            return self.segments(((" " * (GUTTER + width), ""),))
        key = keys[row]
        place = self._place
        cursor = place is not None and place.row == row and place.column == column and place.lane == lane
        mark = MARK if line == 0 and key in self._marked else " "
        return [Segment(mark, self.tone_style("accent")), *self._card_lines(key, width, cursor=cursor)[line]]

    def _card_lines(self, key: Hashable, width: int, *, cursor: bool) -> tuple[list[Segment], ...]:
        """A card as it is painted, kept until its content or the styles change."""
        known = self._painted.get((key, width, cursor))
        if known is None:
            if len(self._painted) >= _CACHED_CARDS:
                self._painted.clear()
            bar = (CURSOR_BAR if cursor else " ", "")
            rows = self._card_rows(key, width)
            known = tuple(self.segments((bar, *row), cursor=cursor) for row in rows)
            self._painted[key, width, cursor] = known
        return known

    def _card_rows(self, key: Hashable, width: int) -> tuple[tuple[Span, ...], ...]:
        rows = self._cards.get((key, width))
        if rows is None:
            if len(self._cards) >= _CACHED_CARDS:
                self._cards.clear()
            card = self._card(key, width)
            padded: tuple[Cell, ...] = (*card.lines, *[""] * self._card_height)
            rows = self._cards[key, width] = tuple(
                tuple((text, tone or card.tone) for text, tone in fit_spans(line, width))
                for line in padded[: self._card_height]
            )
        return rows

    def _draw_header(self) -> Strip:
        columns, before, after = self._view(self.size.width)
        row: list[Span] = []
        for place, (at, _, width) in enumerate(columns):
            hint = BEFORE + " " if before and not place else "  "
            row += [(hint, "accent"), *self._column_name(at, width)]
        row.append((AFTER if after else " ", "accent"))
        return self.strip(row, self.size.width)

    def _column_name(self, at: int, width: int) -> tuple[Span, ...]:
        column, count = self._model.columns[at], self._model.counts[at]
        if column.folded:
            return fit_spans((column.title, "muted"), width)
        held = count if column.held is None else column.held
        over = column.limit is not None and held > column.limit
        shown = str(count) if count == held else f"{count} of {held}"
        told = f" {shown}" if column.limit is None else f" {shown}/{column.limit}"
        if over:
            told += "!"
        title = clip_spans((column.title, "strong"), max(0, width - len(told)))
        return fit_spans((*title, (told, "warn" if over else "muted")), width)

    def _draw_rule(self) -> Strip:
        row: list[Span] = []
        for at, _, width in self.columns_in_view():
            count = str(self._model.counts[at])
            line = fit_spans((count, "muted"), width) if self._model.columns[at].folded else ()
            row += [("  ", ""), *(line or (("─" * width, "muted"),))]
        return self.strip(row, self.size.width)

    def _draw_lane(self, lane: int) -> Strip:
        width = max(0, self.size.width - GUTTER - 1)
        shown = self._model.lanes[lane]
        count = f" {self._model.lane_sizes[lane]}"
        sign = FOLDED + " " if shown.folded else ""
        tone = "muted" if shown.folded else "title"
        title = clip_spans((sign + shown.title, tone), max(0, width - len(count) - 4))
        if title:
            title = (*title, (" ", ""))
        rule = "─" * max(0, width - width_of(title) - len(count))
        row = joined(((("  ", ""),), title, ((rule + count, "muted"),)))
        return self.strip(row, self.size.width)
