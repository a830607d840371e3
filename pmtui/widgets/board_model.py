"""What a board is made of, and where each card stands: sums only, nothing is drawn here."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from pmtui.widgets.cells import Cell

CARD_MINIMUM = 18
FOLDED_WIDTH = 4
GUTTER = 2


class BoardColumn(msgspec.Struct, frozen=True):
    """A column: its work-in-progress limit, and whether it is folded to a stripe.

    ``held`` is what counts against the limit where not all of it is shown.
    """

    id: Hashable
    title: str
    limit: int | None = None
    folded: bool = False
    held: int | None = None


class Lane(msgspec.Struct, frozen=True):
    """A lane across all columns: its keys by column id. Without a title it is not named; folded, it is its name."""

    title: str = ""
    cells: Mapping[Hashable, Sequence[Hashable]] = msgspec.field(default_factory=dict)
    folded: bool = False


class Card(msgspec.Struct, frozen=True):
    """One to three lines of a card, and the tone of what has none of its own."""

    lines: tuple[Cell, ...]
    tone: str = ""


class Place(NamedTuple):
    """Where a card stands: lane, column and row in the cell where they cross."""

    lane: int
    column: int
    row: int


class ColumnSpan(NamedTuple):
    """A column on the screen: its index, where its gutter begins, the width of its text."""

    column: int
    x: int
    width: int


class BoardModel:
    """Columns and lanes, and the lines that they take."""

    def __init__(self, columns: Sequence[BoardColumn] = (), lanes: Sequence[Lane] = (), card_height: int = 3) -> None:
        """Index `lanes` for cards of `card_height` lines; only lists of keys are looked at."""
        self.columns = tuple(columns)
        self.lanes = tuple(lanes)
        self.card_height = card_height
        self.slot = card_height + 1 if card_height > 1 else 1
        self.titled = len(self.lanes) > 1 or any(lane.title for lane in self.lanes)
        every = [[lane.cells.get(column.id, ()) for column in self.columns] for lane in self.lanes]
        self.counts = [sum(len(cells[at]) for cells in every) for at in range(len(self.columns))]
        self.lane_sizes = [sum(map(len, cells)) for cells in every]
        nothing: list[Sequence[Hashable]] = [() for _ in self.columns]
        self._keys = [nothing if lane.folded else cells for lane, cells in zip(self.lanes, every, strict=True)]
        open_columns = [at for at, column in enumerate(self.columns) if not column.folded]
        self.rows = [max((len(cells[at]) for at in open_columns), default=0) for cells in self._keys]
        heights = [self._lane_height(rows) for rows in self.rows]
        self.lane_tops = list(accumulate(heights, initial=0))

    def _lane_height(self, rows: int) -> int:
        space = int(self.titled and self.card_height == 1)
        return int(self.titled) + rows * self.slot + space

    @property
    def line_count(self) -> int:
        """How many lines all lanes take."""
        return self.lane_tops[-1]

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a card to stand on nor a folded lane to see."""
        folded = (size for lane, size in zip(self.lanes, self.lane_sizes, strict=True) if lane.folded)
        return not any(self.rows) and not any(folded)

    def keys(self, lane: int, column: int) -> Sequence[Hashable]:
        """Give the keys that are seen where `lane` and `column` cross."""
        return self._keys[lane][column]

    def visible_keys(self) -> Iterator[Hashable]:
        """Give the keys that are not folded away, column by column, lane after lane."""
        for at, column in enumerate(self.columns):
            if not column.folded:
                for cells in self._keys:
                    yield from cells[at]

    def key_at(self, place: Place | None) -> Hashable | None:
        """Give the key at `place`."""
        return None if place is None else self._keys[place.lane][place.column][place.row]

    def line_of(self, place: Place) -> int:
        """Give the first line of the card at `place`."""
        return self.lane_tops[place.lane] + int(self.titled) + place.row * self.slot

    def at_line(self, line: int) -> tuple[int, int, int]:
        """Give lane, row and line within the row of `line`; row -1 is the lane's name."""
        lane = min(bisect_right(self.lane_tops, line) - 1, len(self.lanes) - 1)
        offset = line - self.lane_tops[lane] - int(self.titled)
        if offset < 0:
            return lane, -1, 0
        return lane, *divmod(offset, self.slot)

    # Finding places

    def find(self, key: Hashable | None) -> Place | None:
        """Give the place of `key`, if it can be seen."""
        for lane, cells in enumerate(self._keys):
            for column, keys in enumerate(cells):
                if key in keys and not self.columns[column].folded:
                    return Place(lane, column, list(keys).index(key))
        return None

    def column_places(self, column: int) -> Iterator[Place]:
        """Give the places of `column` from top to bottom, lane after lane."""
        for lane, cells in enumerate(self._keys):
            for row in range(len(cells[column])):
                yield Place(lane, column, row)

    def end_of(self, column: int, *, last: bool) -> Place | None:
        """Give the first or the last place of `column`."""
        lanes = range(len(self.lanes))
        for lane in reversed(lanes) if last else lanes:
            if size := len(self._keys[lane][column]):
                return Place(lane, column, size - 1 if last else 0)
        return None

    def first_place(self) -> Place | None:
        """Give the first card of the first column that has one."""
        return self.nearest_column(0)

    def nearest_column(self, column: int) -> Place | None:
        """Give the first card of `column`, or of the nearest open one that has cards."""
        by_distance = sorted(range(len(self.columns)), key=lambda at: (abs(at - column), at))
        for at in by_distance:
            if not self.columns[at].folded and (found := self.end_of(at, last=False)):
                return found
        return None

    def vertical(self, place: Place, delta: int) -> Place:
        """Go `delta` cards down its column, over the lanes that have none there."""
        lane, column, row = place
        row += delta
        while True:
            size = len(self._keys[lane][column])
            if 0 <= row < size:
                return Place(lane, column, row)
            step = 1 if row >= size else -1
            if not 0 <= lane + step < len(self.lanes):
                return self.end_of(column, last=step > 0) or place
            lane += step
            row = row - size if step > 0 else row + len(self._keys[lane][column])

    def horizontal(self, place: Place, step: int, row: int) -> Place:
        """Go to the next open column with cards, at about `row`, in this lane if one has any."""
        stop = len(self.columns) if step > 0 else -1
        ahead = [at for at in range(place.column + step, stop, step) if not self.columns[at].folded]
        by_distance = sorted(range(len(self.lanes)), key=lambda at: (abs(at - place.lane), at))
        for lanes in ([place.lane], by_distance):
            for column in ahead:
                for lane in lanes:
                    if size := len(self._keys[lane][column]):
                        return Place(lane, column, min(row, size - 1))
        return place

    def find_again(self, old: BoardModel, place: Place | None) -> Place | None:
        """Give the place for a cursor that stood at `place` of `old`.

        On the same card wherever it went; else on the next that is still in the column, the one
        before, the same row, or the nearest column that has cards.
        """
        if place is None:
            return self.first_place()
        if found := self.find(old.key_at(place)):
            return found
        identity = old.columns[place.column].id
        column = next((at for at, new in enumerate(self.columns) if new.id == identity), None)
        if column is None:
            return self.nearest_column(min(place.column, max(0, len(self.columns) - 1)))
        if self.columns[column].folded:
            return self.nearest_column(column)
        return self._neighbour(old, place, column) or self.nearest_column(column)

    def _neighbour(self, old: BoardModel, place: Place, column: int) -> Place | None:
        places = {self.key_at(there): there for there in self.column_places(column)}
        former = list(old.column_places(place.column))
        at = former.index(place)
        for there in (*former[at + 1 :], *reversed(former[:at])):
            if (found := places.get(old.key_at(there))) is not None:
                return found
        return self.end_of(column, last=False)

    # Columns on the screen

    def shown(self) -> list[int]:
        """Give the columns that are drawn: a folded one only when it holds something."""
        return [at for at, column in enumerate(self.columns) if not column.folded or self.counts[at]]

    def lay_out(self, width: int, left: int, cursor: int) -> tuple[list[ColumnSpan], bool, bool]:
        """Give the columns in view, and whether some are hidden to the left and to the right.

        `left` is the first column wanted; it gives way so that the column `cursor` is in view.
        """
        shown = self.shown()
        start = next((at for at, column in enumerate(shown) if column >= left), 0)
        target = shown.index(cursor) if cursor in shown else start
        start = min(start, target)
        while True:
            end = self._fitting(shown, start, width)
            if target < end or start >= target:
                break
            start += 1
        while start > 0 and self._fitting(shown, start - 1, width) == len(shown):
            start -= 1
        end = self._fitting(shown, start, width)
        return self._share(shown[start:end], width), start > 0, end < len(shown)

    def _least(self, column: int) -> int:
        return GUTTER + (FOLDED_WIDTH if self.columns[column].folded else CARD_MINIMUM)

    def _fitting(self, shown: Sequence[int], start: int, width: int) -> int:
        used, end = 0, start
        while end < len(shown) and used + self._least(shown[end]) <= width:
            used += self._least(shown[end])
            end += 1
        return max(end, min(start + 1, len(shown)))

    def _share(self, shown: Sequence[int], width: int) -> list[ColumnSpan]:
        is_open = [not self.columns[at].folded for at in shown]
        folded = (FOLDED_WIDTH + GUTTER) * is_open.count(False)
        share, rest = divmod(max(0, width - 1 - folded), max(1, is_open.count(True)))
        spans, x, place = [], 0, 0
        for column, opened in zip(shown, is_open, strict=True):
            size = share + (place < rest) if opened else FOLDED_WIDTH + GUTTER
            place += opened
            spans.append(ColumnSpan(column, x, max(1, size - GUTTER)))
            x += size
        return spans
