"""The heat map in the view of risks: its cursor, the cell that filters the list, and what moved since a month ago."""

from collections import Counter
from collections.abc import Sequence

from pmtui.domain.heat import INHERENT, NOW, OPPORTUNITIES, RESIDUAL, Move, Steps, cell_of, drift, is_in, moves
from pmtui.domain.records import Record, Risk
from pmtui.keymap import key_of
from pmtui.screens.map_words import ARROWS, TITLES, note_of_cell, note_of_grid
from pmtui.screens.records_view import RecordsView
from pmtui.screens.risk_words import TONES
from pmtui.services.risks import MONTH
from pmtui.widgets.bars import FooterBar
from pmtui.widgets.cells import Span
from pmtui.widgets.heat_map import HeatMap

NEXT = {RESIDUAL: NOW, NOW: OPPORTUNITIES}
"""What the second grid shows after what."""


class HeatMapView(RecordsView):
    """A view with a heat map over its list; subclasses show the list, of one cell where ``_cell`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self._on_map = False
        self._second = RESIDUAL
        self._cell: tuple[str, Steps] | None = None
        self._moves: dict[str, tuple[Move, ...]] = {}

    @property
    def heat_map(self) -> HeatMap:
        """The heat map."""
        return self.query_one("#map", HeatMap)

    # What it shows ---------------------------------------------------------------

    def show_map(self, found: Sequence[Risk]) -> None:
        """Count the open risks that are shown, and mark where they came to since a month ago."""
        project = self.project
        since = project.today - MONTH
        seen = [risk for risk in project.data.risks.values() if self.passes(risk, project)]
        grids = (INHERENT, self._second)
        self._moves = {grid: tuple(moves(seen, grid, since)) for grid in grids}
        counts = tuple(
            Counter(cell for risk in found if is_in(risk, grid) and (cell := cell_of(risk, grid))) for grid in grids
        )
        arrows = tuple(
            {cell: arrow for cell in count if (arrow := self._arrow(grid, cell))}
            for grid, count in zip(grids, counts, strict=True)
        )
        tones = ("", "good" if self._second == OPPORTUNITIES else "")
        self.heat_map.set_counts((TITLES[INHERENT], TITLES[self._second]), counts, arrows, tones)
        self._show_note()

    def _arrow(self, grid: str, cell: Steps) -> Span | None:
        way = drift(self._moves[grid], cell)
        worse = -way if grid == OPPORTUNITIES else way
        return (ARROWS[way], "bad" if worse > 0 else "good") if way else None

    def _show_note(self) -> None:
        """Beneath the grids: what moved to the cell under the cursor or away, or in all of the second grid."""
        if self._on_map:
            grid, (_, *steps) = self._grid(), self.heat_map.cursor
            self.heat_map.set_note(note_of_cell(self._moves.get(grid, ()), (steps[0], steps[1]), grid))
        else:
            since = self.project.today - MONTH
            self.heat_map.set_note(note_of_grid(self._moves.get(self._second, ()), since, self.project.today))

    def band_of_cell(self, probability: int, impact: int) -> Span:
        """The letter and tone of a cell."""
        if not self.desk.projects:
            return (" ", "")
        band = self.project.data.band(probability * impact)
        return (band.letter, TONES[band.tone])

    def in_cell(self, risk: Risk) -> bool:
        """Whether a risk stands in the cell that filters the list."""
        if self._cell is None:
            return True
        grid, steps = self._cell
        return is_in(risk, grid) and cell_of(risk, grid) == steps

    def cell_title(self) -> str:
        """What the list shows while a cell filters it."""
        if self._cell is None:
            return "Open"
        grid, (probability, impact) = self._cell
        what = "opportunities," if grid == OPPORTUNITIES else f"threats, {grid}"
        return f"Open {what} P{probability} × I{impact}: Esc shows all"

    # Its keys --------------------------------------------------------------------

    def action_risks_heat_map(self) -> None:
        """To the heat map, to the cell of the risk under the cursor; in it, one to the left."""
        if self._on_map:
            self._move_map(-1, 0)
            return
        if not self.shows_map():
            return
        record, grid = self.record(), self.heat_map.cursor[0]
        if self._cell is not None:
            self.heat_map.move_to(grid, *self._cell[1])
        elif isinstance(record, Risk) and is_in(record, self._grid()) and (cell := cell_of(record, self._grid())):
            self.heat_map.move_to(grid, *cell)
        self.give_keys(to_map=True)
        self._tell_cell()

    def shows_map(self) -> bool:
        """Whether the map is of what is listed now."""
        return True

    def action_risks_map_left(self) -> None:
        """One to the left in the heat map."""
        if self._on_map:
            self._move_map(-1, 0)

    def action_risks_map_right(self) -> None:
        """One to the right in the heat map."""
        if self._on_map:
            self._move_map(1, 0)

    def action_risks_other_grid(self) -> None:
        """From inherent to residual, to what is now, to opportunities, and round."""
        if not self._on_map:
            return
        if self.heat_map.cursor[0] and self._second in NEXT:
            self._second = NEXT[self._second]
        else:
            self._second = RESIDUAL
            self.heat_map.switch_grid()
        self.show_data()
        self._tell_cell()

    def action_record_open(self) -> None:
        """Open the record; in the heat map, filter the list by the cell."""
        if self._on_map:
            self.heat_map.choose()
        else:
            super().action_record_open()

    def on_heat_map_cell_chosen(self, event: HeatMap.CellChosen) -> None:
        """The list shows the risks of one cell."""
        if not self.heat_map.count_at(event.grid, event.probability, event.impact):
            what = "opportunity" if self._grid() == OPPORTUNITIES else "threat"
            self.tell_error(f"no open {what} stands in this cell")
            return
        self._cell = (self._grid(), (event.probability, event.impact))
        self.give_keys(to_map=False)
        self.show_data()
        self.rows.move_first()
        self.tell("")

    def action_view_clear(self) -> None:
        """Back from the heat map; then the marks, the cell and the filter are cleared."""
        if self._on_map or (self._cell is not None and not self.rows.marked):
            self._cell = None
            self.give_keys(to_map=False)
            self.show_data()
            self.tell("")
        else:
            super().action_view_clear()

    def action_view_back(self) -> None:
        """Back from the heat map, else from the view."""
        if self._on_map:
            self.action_view_clear()
        else:
            super().action_view_back()

    def show_footer(self) -> None:
        """What can be done now: in the list, or in the heat map."""
        if not self._on_map:
            super().show_footer()
            return
        walks = " ".join(map(key_of, ("risks.heat_map", "move.down", "move.up", "risks.map_right")))
        keys = [(walks, "move", True), (key_of("record.open"), "show only these", True)]
        keys.append((key_of("risks.other_grid"), "other grid", True))
        self.query_one("#footer", FooterBar).set([*keys, ("Esc", "back to the list", True)])

    def move_page(self, direction: int) -> None:
        """A page of the list; the heat map has none."""
        if not self._on_map:
            super().move_page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """The ends of the list; the heat map has none."""
        if not self._on_map:
            super().move_to_end(last=last)

    def _grid(self) -> str:
        return self._second if self.heat_map.cursor[0] else INHERENT

    def give_keys(self, *, to_map: bool) -> None:
        """The keys go to the heat map, or back to the list."""
        self._on_map = to_map
        self.heat_map.show_cursor = to_map
        self.set_class(to_map, "-on-map")
        self._show_note()
        self.show_footer()

    def _move_map(self, dx: int, dy: int) -> None:
        self.heat_map.move(dx, dy)
        self._show_note()
        self._tell_cell()

    def _tell_cell(self) -> None:
        """Which risks stand in the cell under the cursor."""
        _, probability, impact = self.heat_map.cursor
        grid, score = self._grid(), probability * impact
        found = [risk for risk in self._of_grid(grid) if cell_of(risk, grid) == (probability, impact)]
        letter, tone = self.band_of_cell(probability, impact)
        names = ", ".join(f"{r.number} {r.name}" for r in found) or "none here"
        where: Span = (f"{grid} P{probability} × I{impact} = {score} {letter}  ", tone)
        self.tell((where, (names, "" if found else "muted")))

    def _of_grid(self, grid: str) -> list[Risk]:
        project = self.project

        def fits(record: Record) -> bool:
            return record.is_open and self.passes(record, project)

        return [risk for risk in project.data.risks.values() if is_in(risk, grid) and fits(risk)]
