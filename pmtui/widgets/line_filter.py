"""The last filter before the terminal: no text that reaches it can act there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from pmtui.widgets.cells import safe
from pmtui.widgets.glyphs import twinned

if TYPE_CHECKING:
    from textual.color import Color


class HarmlessText(LineFilter):
    """Replace what could move, hide or reorder text, whichever widget let it through."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, harmless; those that are so already are kept as they are."""
        del background
        return [
            segment
            if segment.control or (segment.text.isascii() and segment.text.isprintable())
            else Segment(safe(twinned(segment.text)), segment.style)
            for segment in segments
        ]
