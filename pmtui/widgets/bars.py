"""The lines above and below every view: where I am, what I can do, what just happened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from pmtui.widgets.cells import clip_spans, fit_spans, safe, spans, width_of
from pmtui.widgets.toned import TonedView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Unpack

    from textual import events
    from textual.strip import Strip

    from pmtui.widgets.cells import Cell, Span
    from pmtui.widgets.toned import Names

FooterItem: TypeAlias = tuple[str, str, bool]
"""A key as it is printed, the word for what it does, and whether it applies now."""

_LEAST_LEFT = 16
_BETWEEN = "  "
_MOST_TOLD = 3
"""Lines that what is said takes at most."""


class HeaderBar(TonedView):
    """One line: where I am on the left, how it stands on the right."""

    DEFAULT_CSS = """
    HeaderBar {
        height: 1;
        background: $panel;
    }
    """

    def __init__(self, **names: Unpack[Names]) -> None:
        """Make an empty bar."""
        super().__init__(**names)
        self._content: tuple[Cell, Cell] = ("", "")

    def set(self, left: Cell, right: Cell = "") -> None:
        """Show `left` and `right`; nothing is repainted where they are what is shown."""
        if (left, right) != self._content:
            self._content = (left, right)
            self.refresh()

    @property
    def content(self) -> tuple[Cell, Cell]:
        """What is shown on the left and on the right."""
        return self._content

    def set_right(self, right: Cell) -> None:
        """Show `right` beside what stands on the left."""
        self.set(self._content[0], right)

    def render_line(self, y: int) -> Strip:
        """Draw both sides; the left one is cut with "…" before the right one gives way."""
        width = self.size.width
        if y:
            return self.strip((), width)
        left, right = self._content
        inner = max(0, width - 2)
        least = min(width_of(left), _LEAST_LEFT)
        gap = len(_BETWEEN) if width_of(right) else 0
        right_row = clip_spans(right, max(0, inner - least - gap))
        right_width = width_of(right_row)
        gap = len(_BETWEEN) if right_width else 0
        left_row = fit_spans(left, max(0, inner - right_width - gap))
        row = ((" ", ""), *left_row, (" " * gap, ""), *right_row)
        return self.strip(row, width)


class StatusLine(TonedView):
    """The filter, an error, or what was done last and how to undo it: one line, and more where it says more."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
    }
    """

    def __init__(self, **names: Unpack[Names]) -> None:
        """Make an empty line."""
        super().__init__(**names)
        self._content: Cell = ""
        self._rows: list[tuple[Span, ...]] = []

    @property
    def content(self) -> Cell:
        """What is shown."""
        return self._content

    def set(self, content: Cell) -> None:
        """Show `content`; nothing is repainted where it is what is shown."""
        if content != self._content:
            self._content = content
            self._lay_out()
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """What is said has another width."""
        del event
        self._lay_out()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a line, a cell in from the edge."""
        width = self.size.width
        row = self._rows[y] if y < len(self._rows) else ()
        return self.strip(((" ", ""), *clip_spans(row, max(0, width - 2))) if row else (), width)

    def _lay_out(self) -> None:
        width = self.size.width - 2
        self._rows = wrap_spans(self._content, width, _MOST_TOLD if width > 0 else 1)
        height = max(1, len(self._rows))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height


class FooterBar(TonedView):
    """The keys that can be used now, the most important first, as many as fit; help always."""

    DEFAULT_CSS = """
    FooterBar {
        height: 1;
    }
    """

    def __init__(self, *, lines: int = 1, **names: Unpack[Names]) -> None:
        """Make an empty footer, `lines` (1 or 2) tall."""
        super().__init__(**names)
        self._items: tuple[FooterItem, ...] = ()
        self.styles.height = lines

    def set(self, items: Sequence[FooterItem]) -> None:
        """Show `items`, in their order of importance; the last is never left out."""
        if tuple(items) != self._items:
            self._items = tuple(items)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of keys."""
        width = self.size.width
        rows = lay_out_keys(self._items, max(0, width - 2), max(1, self.size.height))
        row: list[Span] = [(" ", "")]
        for place, (key, word, enabled) in enumerate(rows[y] if y < len(rows) else ()):
            between = _BETWEEN if place else ""
            row += [(between, ""), (safe(key), "accent" if enabled else "muted")]
            row.append((" " + safe(word) if word else "", "" if enabled else "muted"))
        return self.strip(clip_spans(tuple(row), width), width)


def lay_out_keys(items: Sequence[FooterItem], width: int, lines: int) -> list[list[FooterItem]]:
    """Give the items of each line: whole ones in their order, and the last item always."""
    if not items:
        return []
    sizes = [width_of(key) + (width_of(word) + 1 if word else 0) for key, word, _ in items]
    gap = len(_BETWEEN)
    rows: list[list[FooterItem]] = [[]]
    used = 0
    for item, size in zip(items[:-1], sizes[:-1], strict=True):
        if len(rows) < lines and used and used + gap + size > width:
            rows.append([])
            used = 0
        reserved = gap + sizes[-1] if len(rows) == lines else 0
        needed = size + (gap if used else 0)
        if used + needed + reserved > width:
            continue
        rows[-1].append(item)
        used += needed
    if used and used + gap + sizes[-1] > width and len(rows) < lines:
        rows.append([])
    rows[-1].append(items[-1])
    return rows


def wrap_spans(cell: Cell, width: int, most: int) -> list[tuple[Span, ...]]:
    """A cell in up to `most` lines of whole words; the last has all that is left, however wide."""
    rows: list[list[Span]] = [[]]
    used = 0
    for text, tone in spans(cell):
        for part in re.findall(r"\s+|\S+", text):
            size = width_of(part)
            if used and used + size > width and len(rows) < most and not part.isspace():
                if rows[-1][-1][0].isspace():
                    rows[-1].pop()
                rows.append([])
                used = 0
            if used or not part.isspace() or len(rows) == 1:
                rows[-1].append((part, tone))
                used += size
    return [tuple(row) for row in rows]
