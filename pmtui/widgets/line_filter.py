"""The last filter before the terminal: no text that reaches it can act there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
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
            else Segment(_in_its_columns(safe(twinned(segment.text)), segment.cell_length), segment.style)
            for segment in segments
        ]


def _in_its_columns(text: str, width: int) -> str:
    """A text in as many cells as the one whose place it takes: what stands beside it was laid out for those."""
    return text if cell_len(text) == width else set_cell_size(text, width)
