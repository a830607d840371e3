"""A page of styled lines to read: a report's preview, a record's details, the help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmtui.widgets.cells import fit_spans
from pmtui.widgets.toned import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Unpack

    from textual.geometry import Size
    from textual.strip import Strip

    from pmtui.widgets.cells import Span
    from pmtui.widgets.toned import Names

_MARGIN = 1


class DocumentView(LineView):
    """Lines that are wrapped already, scrolled by the screen; `▲` and `▼` say there is more."""

    def __init__(self, **names: Unpack[Names]) -> None:
        """Make an empty page."""
        super().__init__(**names)
        self._width_to_lines: Callable[[int], Sequence[Sequence[Span]]] | None = None
        self._lines: Sequence[Sequence[Span]] = ()
        self._wrapped_for = -1

    def set_document(self, width_to_lines: Callable[[int], Sequence[Sequence[Span]]]) -> None:
        """Show what `width_to_lines` gives for the page's width, and ask it again on each resize.

        The page stays where it is scrolled to; only lines that changed are drawn again.
        """
        self._width_to_lines = width_to_lines
        self._wrapped_for = -1
        self._wrap()
        super().reflow()
        self.refresh_changed()
        self.resize_if_auto()

    @property
    def text_width(self) -> int:
        """How many cells a line of text may take."""
        return max(1, self.size.width - _MARGIN)

    @property
    def line_count(self) -> int:
        """How many lines the document has."""
        return len(self._lines)

    def scroll_by(self, lines: int) -> None:
        """Scroll `lines` down, or up if negative, as far as there is text."""
        self.scroll_body(self.top + lines)

    def page(self, direction: int) -> None:
        """Scroll by a screen down (1) or up (-1), one line kept in view."""
        self.scroll_by(direction * max(1, self.body_height - 1))

    def scroll_first(self) -> None:
        """Go to the beginning."""
        self.scroll_body(0)

    def scroll_last(self) -> None:
        """Go to the end."""
        self.scroll_body(self.last_top)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Give the height for a page that is as tall as its text."""
        del container, viewport
        return len(self._width_to_lines(max(1, width - _MARGIN))) if self._width_to_lines else 0

    def reflow(self) -> None:
        """Wrap the document to the new width."""
        self._wrap()
        super().reflow()

    def draw_line(self, y: int) -> Strip:
        """Draw one line of text and, at the edges, whether there is more."""
        self._wrap()
        at = y + self.top
        text = self._lines[at] if at < len(self._lines) else ()
        more = " "
        if y == 0 and self.top:
            more = "▲"
        elif y == self.size.height - 1 and self.top < self.last_top:
            more = "▼"
        row = (*fit_spans(tuple(text), self.text_width), (more, "muted"))
        return self.strip(row, self.size.width)

    def _wrap(self) -> None:
        if self._width_to_lines and self.size.width and self._wrapped_for != self.text_width:
            self._wrapped_for = self.text_width
            self._lines = self._width_to_lines(self.text_width)
