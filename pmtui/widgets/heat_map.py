"""Two grids of probability by impact, side by side: the exposure before and after the responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.strip import Strip

from pmtui.widgets.cells import fit_spans, spans
from pmtui.widgets.toned import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Unpack

    from rich.segment import Segment
    from textual.geometry import Size
    from textual.widget import Widget

    from pmtui.widgets.cells import Cell, Span
    from pmtui.widgets.toned import Names

SIDE = 5
_AXIS = 4
_BOTH_GRIDS = 60
_WIDE_CELLS = 71
_HEIGHT = SIDE + 4


def no_band(_probability: int, _impact: int) -> tuple[str, str]:
    """Give no letter and no tone."""
    return " ", ""


class HeatMap(LineView):
    """Counts in two grids of five by five; each cell says its band by a letter and a tone, and what moved by an arrow.

    A line beneath the grids says what one likes of the cell under the cursor.
    """

    DEFAULT_CSS = """
    HeatMap {
        height: 9;
    }
    """

    @dataclass
    class CellChosen(Message):
        """A cell was chosen, to filter by it."""

        grid: int
        probability: int
        impact: int
        heat_map: HeatMap

        @property
        def control(self) -> Widget:
            """The heat map, for `@on` with a selector."""
            return self.heat_map

    def __init__(
        self,
        band: Callable[[int, int], tuple[str, str]] = no_band,
        **names: Unpack[Names],
    ) -> None:
        """Make an empty map; `band` gives the letter and tone for a probability and an impact."""
        super().__init__(**names)
        self._band = band
        self._titles = ("", "")
        self._counts: tuple[Mapping[tuple[int, int], int], ...] = ({}, {})
        self._arrows: tuple[Mapping[tuple[int, int], Span], ...] = ({}, {})
        self._tones = ("", "")
        self._note: Cell = ""
        self._cursor = (0, SIDE, SIDE)
        self._show_cursor = True

    @property
    def band(self) -> Callable[[int, int], tuple[str, str]]:
        """What gives the letter and tone for a probability and an impact."""
        return self._band

    @band.setter
    def band(self, band: Callable[[int, int], tuple[str, str]]) -> None:
        self._band = band
        self.refresh_changed()

    @property
    def show_cursor(self) -> bool:
        """Whether the cursor is drawn: not while another part of the screen has the keys."""
        return self._show_cursor

    @show_cursor.setter
    def show_cursor(self, show: bool) -> None:
        self._show_cursor = show
        self.refresh_changed()

    def set_counts(
        self,
        titles: tuple[str, str],
        counts: tuple[Mapping[tuple[int, int], int], ...],
        arrows: tuple[Mapping[tuple[int, int], Span], ...] = ({}, {}),
        tones: tuple[str, str] = ("", ""),
    ) -> None:
        """Show two grids: the number of risks by probability and impact, both 1 to 5.

        ``arrows`` stand before some of them; ``tones`` are those of a whole grid, in place of its bands'.
        """
        self._tones = tones
        self._titles = titles
        self._counts = tuple(dict(grid) for grid in counts)
        self._arrows = tuple(dict(grid) for grid in arrows)
        self.refresh_changed()

    def set_note(self, note: Cell) -> None:
        """Say something beneath the grids."""
        if note != self._note:
            self._note = note
            self.refresh_changed()

    @property
    def cursor(self) -> tuple[int, int, int]:
        """The grid (0 or 1), the probability and the impact under the cursor."""
        return self._cursor

    def count_at(self, grid: int, probability: int, impact: int) -> int:
        """Give the number shown in a cell."""
        return self._counts[grid].get((probability, impact), 0) if grid < len(self._counts) else 0

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor `dx` cells right and `dy` down, within its grid."""
        grid, probability, impact = self._cursor
        self._go(grid, probability - dy, impact + dx)

    def move_to(self, grid: int, probability: int, impact: int) -> None:
        """Put the cursor on a cell."""
        self._go(min(max(0, grid), 1), probability, impact)

    def switch_grid(self) -> None:
        """Put the cursor on the same cell of the other grid."""
        grid, probability, impact = self._cursor
        self._go(1 - grid, probability, impact)

    def choose(self) -> None:
        """Say that the cell under the cursor was chosen."""
        self.post_message(self.CellChosen(*self._cursor, self))

    def _go(self, grid: int, probability: int, impact: int) -> None:
        cursor = (grid, min(max(1, probability), SIDE), min(max(1, impact), SIDE))
        if cursor != self._cursor:
            self._cursor = cursor
            self.refresh_changed()

    @property
    def line_count(self) -> int:
        """How many lines the map takes."""
        return _HEIGHT

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Give the height of the map."""
        del container, viewport, width
        return _HEIGHT

    def draw_line(self, y: int) -> Strip:
        """Draw one line of the grids in view."""
        width = self.size.width
        if y > SIDE + 2:
            return Strip(self.segments(fit_spans(((" ", ""), *spans(self._note)), width)))
        grids = (0, 1) if width >= _BOTH_GRIDS else (self._cursor[0],)
        cell = 6 if width >= _WIDE_CELLS else 5
        segments: list[Segment] = []
        for place, grid in enumerate(grids):
            if place:
                segments += self.segments(((" " * (width // 2 - _AXIS - SIDE * cell), ""),))
            segments += self._grid_line(grid, y, cell)
        return Strip(segments).adjust_cell_length(width, self.tone_style(""))

    def _grid_line(self, grid: int, y: int, cell: int) -> list[Segment]:
        size = _AXIS + SIDE * cell
        active = grid == self._cursor[0] and self._show_cursor
        if y == 0:
            title = (self._titles[grid], "title" if active else "strong")
            return self.segments(fit_spans(((" ", ""), title), size))
        if y == 1:
            return self.segments(fit_spans((" probability ↑ by impact →", "muted"), size))
        if y < SIDE + 2:
            return self._row(grid, SIDE + 2 - y, cell)
        digits = "".join(str(impact).rjust(cell - 2).ljust(cell) for impact in range(1, SIDE + 1))
        return self.segments(fit_spans((" " * _AXIS + digits, "muted"), size))

    def _row(self, grid: int, probability: int, cell: int) -> list[Segment]:
        segments = self.segments(((f" {probability}".ljust(_AXIS), "muted"),))
        for impact in range(1, SIDE + 1):
            letter, tone = self._band(probability, impact)
            tone = self._tones[grid] or tone
            here = self._show_cursor and self._cursor == (grid, probability, impact)
            row: tuple[Span, ...] = (
                ("[" if here else " ", "strong" if here else ""),
                *self._number(grid, (probability, impact), cell - 3, tone),
                *fit_spans((letter, tone), 1),
                ("]" if here else " ", "strong" if here else ""),
            )
            segments += self.segments(row, cursor=here)
        return segments

    def _number(self, grid: int, cell: tuple[int, int], width: int, tone: str) -> tuple[Span, ...]:
        """A cell's count, an arrow before it where there is one and room for it; a dot where it holds none."""
        count = self._counts[grid].get(cell, 0)
        if not count:
            return (("·".rjust(width), "muted"),)
        text = str(count) if count < 100 else "++"
        arrow = self._arrows[grid].get(cell) if grid < len(self._arrows) else None
        if arrow is None or len(text) >= width:
            return ((text.rjust(width), tone),)
        return (" " * (width - len(text) - 1), ""), arrow, (text, tone)
