"""The columns of a table, and how they share a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmtui.widgets.cells import Align

GUTTER = 3
GAP = 2


class Column(msgspec.Struct, frozen=True):
    """A column of the table.

    Without a `width` it is flexible and shares what the others leave, never less than `minimum`.
    Where the screen is too narrow the columns of the highest `priority` go first; 0 always stays.
    """

    key: str
    heading: str
    width: int | None = None
    align: Align = "left"
    priority: int = 0
    minimum: int = 16


class Heading(msgspec.Struct, frozen=True):
    """A line that names a section, with how many it holds; an empty one is a blank line."""

    text: str
    count: int | None = None


def column_widths(columns: Sequence[Column], width: int) -> list[int]:
    """Give each column's width in a line of `width` cells; 0 for one that is left out."""
    kept = list(range(len(columns)))

    def needed() -> int:
        sizes = (columns[at].width or columns[at].minimum for at in kept)
        return sum(sizes) + GAP * max(0, len(kept) - 1)

    while needed() > width:
        droppable = [at for at in kept if columns[at].priority > 0]
        if not droppable:
            break
        kept.remove(max(droppable, key=lambda at: (columns[at].priority, at)))
    widths = [0] * len(columns)
    for at in kept:
        widths[at] = columns[at].width or columns[at].minimum
    flexible = [at for at in kept if columns[at].width is None]
    spare = width - needed()
    for place, at in enumerate(flexible):
        share, rest = divmod(spare, len(flexible))
        widths[at] = max(1, widths[at] + share + (place < rest))
    return widths
