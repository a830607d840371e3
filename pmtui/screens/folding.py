"""Folding: which columns and lanes of the board are a stripe or a line, chosen by one key."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from pmtui.domain.records.task import COLUMNS
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.widgets.cells import Cell, plain

if TYPE_CHECKING:
    from pmtui.screens.board import BoardScreen
    from pmtui.services.layouts import BoardLayout

MOST_LANES = 9 - len(COLUMNS)
"""Folded lanes that have a digit of their own; ``a`` opens the others."""


class FoldQuestion:
    """Asks what to fold or open: what the cursor is in, a column by its digit, lanes."""

    def __init__(self, view: "BoardScreen") -> None:
        self._view = view
        self._layout = view.layout_kept
        column = view.board.cursor_column
        self._column = "" if column is None else str(column)
        self._lane = view.board.cursor_lane or ""
        kind = f"{self._layout.lanes}:"
        names = [lane.title for lane in view.lanes if lane.title]
        self._folded = [name for name in names if f"{kind}{name}" in self._layout.folded_lanes]
        self._open = [name for name in names if name not in self._folded]

    def ask(self) -> None:
        """Show what can be folded and opened, with what each holds."""
        question: Cell = (("Fold or open ", "strong"), ("the cursor goes to the nearest card", "muted"))
        self._view.app.push_screen(ChoiceScreen(question, self._choices()), self._take)

    def _choices(self) -> list[Choice]:
        found = []
        if self._column:
            found.append(Choice("z", f"fold {_title(self._column)}"))
        if self._lane:
            found.append(Choice("l", f"fold lane {plain(self._lane)}"))
        if self._lane and len(self._open) > 1:
            found.append(Choice("o", "fold the other lanes"))
        for digit, status in enumerate(COLUMNS, 1):
            does = "open" if status in self._layout.folded else "fold"
            found.append(Choice(str(digit), f"{does} {_title(status)} {self._view.count(status)}"))
        for digit, name in enumerate(self._folded[:MOST_LANES], len(COLUMNS) + 1):
            found.append(Choice(str(digit), f"open lane {plain(name)}"))
        if self._folded or self._layout.folded:
            found.append(Choice("a", "open all"))
        return found

    def _take(self, key: str | None) -> None:
        if key is not None:
            self._view.lay_out(self._after(key))

    def _after(self, key: str) -> "BoardLayout":
        if key == "a":
            return msgspec.structs.replace(self._layout, folded=(), folded_lanes=())
        if key == "z":
            return turned_column(self._layout, self._column)
        if key == "l":
            return turned_lanes(self._layout, [self._lane])
        if key == "o":
            return turned_lanes(self._layout, [name for name in self._open if name != self._lane])
        at = int(key) - 1
        if at < len(COLUMNS):
            return turned_column(self._layout, COLUMNS[at])
        return turned_lanes(self._layout, [self._folded[at - len(COLUMNS)]])


def turned_column(layout: "BoardLayout", status: str) -> "BoardLayout":
    """The layout with a column folded that was open, or open that was folded."""
    folded = tuple(s for s in COLUMNS if (s in layout.folded) != (s == status))
    return msgspec.structs.replace(layout, folded=folded)


def turned_lanes(layout: "BoardLayout", names: Sequence[str]) -> "BoardLayout":
    """The layout with lanes of its kind folded that were open, or open that were folded."""
    turned = {f"{layout.lanes}:{name}": None for name in names}
    kept = (name for name in layout.folded_lanes if name not in turned)
    return msgspec.structs.replace(
        layout, folded_lanes=(*kept, *(name for name in turned if name not in layout.folded_lanes))
    )


def _title(status: str) -> str:
    return status[0].upper() + status[1:]
