"""The field for a text of many lines."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding
from textual.widgets import TextArea


class LongText(TextArea):
    """A text area whose Tab leaves it; Ctrl+_ takes back what was typed, since Ctrl+Z is the terminal's own."""

    BINDINGS: ClassVar = [Binding("ctrl+underscore", "undo", "Take back", show=False)]

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - as every widget says it
        """Show `text`, wrapped to the width."""
        super().__init__(text, soft_wrap=True, tab_behavior="focus", id=id)
        self.cursor_blink = False
