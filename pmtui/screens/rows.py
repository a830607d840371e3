"""What a list and a board of records have in common."""

from collections.abc import Hashable, Iterable
from typing import Protocol


class Rows(Protocol):
    """What a list and a board have in common."""

    @property
    def cursor_key(self) -> Hashable | None:
        """What the cursor is on."""

    @property
    def marked(self) -> frozenset[Hashable]:
        """What is marked, also where a filter hides it."""

    def toggle_mark(self, key: Hashable) -> None:
        """Mark, or unmark."""

    def set_marks(self, keys: Iterable[Hashable]) -> None:
        """Mark these alone."""

    def move_to(self, key: Hashable) -> bool:
        """Put the cursor on a record; whether it is shown."""

    def move_first(self) -> None:
        """To the first."""

    def move_last(self) -> None:
        """To the last."""

    def page(self, direction: int) -> None:
        """A page down or up."""

    def invalidate(self, keys: Iterable[Hashable] | None = None) -> None:
        """Draw these anew."""
