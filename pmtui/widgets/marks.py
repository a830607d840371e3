"""What a list and a board have in common where lines are marked: which, and word when that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from pmtui.widgets.toned import LineView

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from typing import Unpack

    from textual.widget import Widget

    from pmtui.widgets.toned import Names


class MarkedLines(LineView):
    """A body of lines, some of whose keys are marked, also those that a filter or a fold hides."""

    @dataclass
    class MarksChanged(Message):
        """Other keys are marked than before."""

        lines: MarkedLines

        @property
        def control(self) -> Widget:
            """The list or board, for `@on` with a selector."""
            return self.lines

        def can_replace(self, message: Message) -> bool:
            """Only what is marked in the end matters."""
            return isinstance(message, MarkedLines.MarksChanged) and message.lines is self.lines

    def __init__(self, **names: Unpack[Names]) -> None:
        """Mark nothing."""
        super().__init__(**names)
        self._marked: frozenset[Hashable] = frozenset()

    @property
    def marked(self) -> frozenset[Hashable]:
        """The marked keys, also those that are not seen."""
        return self._marked

    def toggle_mark(self, key: Hashable) -> None:
        """Mark `key`, or take its mark away."""
        self.set_marks(self._marked ^ {key})

    def set_marks(self, keys: Iterable[Hashable]) -> None:
        """Mark `keys` and no others."""
        marked = frozenset(keys)
        if marked != self._marked:
            self._marked = marked
            self.refresh_changed()
            self.post_message(self.MarksChanged(self))
