"""Risks: the register, the heat map that filters it, and the exposure against contingency."""

from collections import Counter
from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from pmtui.domain.exposure import PROBABILITY_SCALE
from pmtui.domain.records import Record, Risk
from pmtui.keymap import Action, key_of
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.records_view import RecordsView
from pmtui.screens.risk_words import BROAD_COLUMNS, COLUMNS, TONES, exposure_column, exposure_lines, risk_story, row_of
from pmtui.screens.rows import Rows
from pmtui.services import risks
from pmtui.services.desk import Key
from pmtui.widgets.bars import FooterBar
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.heat_map import HeatMap
from pmtui.widgets.record_table import Heading, RecordTable

INHERENT, RESIDUAL, NOW = "inherent", "residual", "now"
TITLES = {INHERENT: "Inherent", RESIDUAL: "Residual, else now", NOW: "Now"}
STEP_WORDS = ("very low", "low", "medium", "high", "very high")
BROAD = 160
"""Columns from which the exposure stands beside the heat map."""

LOW = 17
"""Lines of a screen below which the list needs the room of the details."""

Steps = tuple[int, int]
"""A probability and an impact."""


class RisksScreen(RecordsView):
    """Open risks by score; ``h`` gives the keys to the heat map, whose cells filter the list."""

    view = "risks"
    title_word = "Risks"
    adds = "risk"
    CSS_PATH = "risks.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Key] = []
        self._on_map = False
        self._with_ended = False
        self._second = RESIDUAL
        self._cell: tuple[str, Steps] | None = None
        self._of = ""

    def compose_body(self) -> ComposeResult:
        """The exposure, the heat map, the register."""
        with Vertical(id="body"):
            with Container(id="top"):
                yield DocumentView(id="exposure")
                yield HeatMap(self._band, id="map")
            yield RecordTable(COLUMNS, id="list")

    def on_mount(self) -> None:
        """The keys begin in the list."""
        self.heat_map.show_cursor = False

    def on_resize(self) -> None:
        """The heat map stands there wherever it leaves the list room."""
        width, height = self.size
        self.set_class(width >= 110 or (width >= 100 and height >= 32), "-with-map")
        self.set_class(height < LOW, "-low")
        self.table.columns = BROAD_COLUMNS if width >= BROAD else COLUMNS
        if self.desk.projects:
            self._show_exposure()

    @property
    def table(self) -> RecordTable:
        """The register."""
        return self.query_one("#list", RecordTable)

    @property
    def heat_map(self) -> HeatMap:
        """The heat map."""
        return self.query_one("#map", HeatMap)

    @property
    def rows(self) -> Rows:
        """The register."""
        return self.table

    def shown_keys(self) -> Sequence[Key]:
        """The risks shown, in order."""
        return self._shown

    def cursor(self) -> Key | None:
        """The risk under the cursor; none while the heat map has the keys."""
        return None if self._on_map else super().cursor()

    def chosen(self) -> list[Key]:
        """The risks that a verb acts on; none while the heat map has the keys."""
        return [] if self._on_map else super().chosen()

    def applies(self, verb: str, keys: Sequence[Key]) -> bool:
        """Verbs act in the list, where one sees on what."""
        if self._on_map:
            self.tell_error("the heat map has the keys: Esc goes back to the list")
            return False
        return super().applies(verb, keys)

    def on_record_table_cursor_moved(self) -> None:
        """The details follow."""
        self.cursor_moved()

    def reveal(self, key: Key) -> None:
        """Put the cursor on a risk, also on one that has ended or that the cell leaves out."""
        record = self.desk.record(key)
        if key not in self._shown and isinstance(record, Risk):
            self._cell = None
            self._with_ended = self._with_ended or not record.is_open
            self.show_data()
        super().reveal(key)

    # What is shown ---------------------------------------------------------------

    def show_data(self) -> None:
        """Open risks by score, then those that have ended where they are wanted."""
        project = self.project
        if self._of != project.code:
            self._of, self._cell = project.code, None
        found = [risk for risk in project.data.risks.values() if self.passes(risk, project)]
        still_open = sorted((r for r in found if r.is_open), key=lambda r: (-r.score, r.review_date, r.id))
        ended = sorted((r for r in found if not r.is_open), key=lambda r: (r.status, -r.id))
        self._show_map(still_open)
        self._show_exposure()
        if self._cell is not None:
            still_open = [risk for risk in still_open if self._in_cell(risk)]
            ended = []
        shown = [*still_open, *ended] if self._with_ended else still_open
        self._shown = [(project.code, risk.number) for risk in shown]
        lines: list[Key | Heading] = list(self._shown)
        if self._cell is not None or (ended and self._with_ended):
            lines.insert(0, Heading(self._open_title(), len(still_open)))
        if ended:
            words = "Closed, rejected, occurred" + ("" if self._with_ended else f": {key_of('risks.ended')} shows them")
            lines.insert(len(still_open) + self._with_ended, Heading(words, len(ended)))
        table = self.table
        table.empty = self.empty_lines(
            "Risks: what may happen, how bad it would be, what is done about it.",
            key_of("record.add"),
            "adds the first",
        )
        table.invalidate()
        table.set_lines(lines, self._row)
        self.show_details()

    def _open_title(self) -> str:
        if self._cell is None:
            return "Open"
        of, (probability, impact) = self._cell
        return f"Open threats, {of} P{probability} × I{impact}: Esc shows all"

    def _row(self, key: Hashable) -> Sequence[Cell]:
        record = self.desk.record(key)  # type: ignore[arg-type]
        if not isinstance(record, Risk):
            return (str(key), ("gone", "muted"))
        return row_of(record, self.project.data, self.desk.session.today)

    def _show_exposure(self) -> None:
        project, (width, height) = self.project, self.size
        found = [risk for risk in project.data.risks.values() if risk.is_open]
        pane = self.query_one("#exposure", DocumentView)
        if width >= BROAD:
            pane.set_document(lambda room: exposure_column(project, found, room))
        else:
            pane.set_document(lambda room: exposure_lines(project, found, room, tall=height >= 30))

    def _show_map(self, found: Sequence[Risk]) -> None:
        threats = [risk for risk in found if risk.kind == "threat"]
        counts = tuple(
            Counter(cell for risk in threats if (cell := self._cell_of(risk, of))) for of in (INHERENT, self._second)
        )
        self.heat_map.set_counts((TITLES[INHERENT], TITLES[self._second]), counts)

    def _band(self, probability: int, impact: int) -> Span:
        if not self.desk.projects:
            return (" ", "")
        band = self.project.data.band(probability * impact)
        return (band.letter, TONES[band.tone])

    @staticmethod
    def _cell_of(risk: Risk, of: str) -> Steps | None:
        """Where a risk stands in a grid; what is left counts as it is now until it is assessed."""
        if of == INHERENT:
            steps = (risk.inherent_probability, risk.inherent_impact)
        elif of == RESIDUAL and risk.residual_score:
            steps = (risk.residual_probability, risk.residual_impact)
        else:
            steps = (risk.probability, risk.impact)
        return (steps[0], steps[1]) if steps[0] and steps[1] else None

    def _in_cell(self, risk: Risk) -> bool:
        return self._cell is None or (risk.kind == "threat" and self._cell_of(risk, self._cell[0]) == self._cell[1])

    def show_details(self) -> None:
        """The story of the risk under the cursor."""
        self._timer = None
        key = self.table.cursor_key
        record = self.desk.record(key) if isinstance(key, tuple) else None
        pane = self.query_one("#details", DocumentView)
        if isinstance(record, Risk):
            project, risk = self.project, record
            pane.set_document(lambda width: risk_story(project, risk, width))
        else:
            pane.set_document(lambda _width: [])
        self.show_footer()

    def show_footer(self) -> None:
        """What can be done now: in the list, or in the heat map."""
        if not self._on_map:
            super().show_footer()
            return
        moves = " ".join(map(key_of, ("risks.heat_map", "move.down", "move.up", "risks.map_right")))
        keys = [(moves, "move", True), (key_of("record.open"), "show only these", True)]
        keys.append((key_of("risks.other_grid"), "other grid", True))
        self.query_one("#footer", FooterBar).set([*keys, ("Esc", "back to the list", True)])

    def footer_enabled(self, action: Action) -> bool:
        """Assessing wants a risk under the cursor."""
        if action.id in {"risks.probability", "risks.impact"}:
            return self.record() is not None
        return super().footer_enabled(action)

    # Assessing ---------------------------------------------------------------------

    def action_risks_probability(self) -> None:
        """Probability, then 1 to 5."""
        self._ask_step("probability")

    def action_risks_impact(self) -> None:
        """Impact, then 1 to 5."""
        self._ask_step("impact")

    def _ask_step(self, name: str) -> None:
        keys = self.chosen()
        if not self.applies("assess", keys):
            return
        choices = []
        for step, word in enumerate(STEP_WORDS, 1):
            likely = f", {PROBABILITY_SCALE[step - 1] * 100:.0f} %" if name == "probability" else ""
            choices.append(Choice(str(step), word + likely, self._effect(keys, name, step)))

        def take(key: str | None) -> None:
            if key is not None:
                self.act_on_keys(keys, lambda p, numbers: risks.assess(p, numbers, **{name: int(key)}))

        question: Cell = ((self.naming(keys), "strong"), (f"  {name}?", ""))
        self.app.push_screen(ChoiceScreen(question, choices), take)

    def _effect(self, keys: Sequence[Key], name: str, step: int) -> str:
        """What a step would make of the scores."""
        found = [record for record in map(self.desk.record, keys) if isinstance(record, Risk)]
        other = "impact" if name == "probability" else "probability"
        scores = sorted(step * (getattr(risk, other) or 0) for risk in found)
        if not scores[-1]:
            return f"a score once the {other} is known"
        data = self.project.data
        if len(found) > 1:
            return f"scores {scores[0]} to {scores[-1]}, the worst {data.band(scores[-1]).name}"
        now = "   as it is" if getattr(found[0], name) == step else ""
        return f"score {scores[0]} {data.band(scores[0]).name}{now}"

    # The heat map --------------------------------------------------------------------

    def move_by(self, lines: int) -> None:
        """Along the list, or in the heat map."""
        if self._on_map:
            self._move_map(0, lines)
        else:
            self.table.move(lines)

    def move_page(self, direction: int) -> None:
        """A page of the list; the heat map has none."""
        if not self._on_map:
            super().move_page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """The ends of the list; the heat map has none."""
        if not self._on_map:
            super().move_to_end(last=last)

    def action_risks_heat_map(self) -> None:
        """To the heat map, to the cell of the risk under the cursor; in it, one to the left."""
        if self._on_map:
            self._move_map(-1, 0)
            return
        record, grid = self.record(), self.heat_map.cursor[0]
        if self._cell is not None:
            self.heat_map.move_to(grid, *self._cell[1])
        elif isinstance(record, Risk) and (cell := self._cell_of(record, self._grid())):
            self.heat_map.move_to(grid, *cell)
        self._give_keys(to_map=True)
        self._tell_cell()

    def action_risks_map_left(self) -> None:
        """One to the left in the heat map."""
        if self._on_map:
            self._move_map(-1, 0)

    def action_risks_map_right(self) -> None:
        """One to the right in the heat map."""
        if self._on_map:
            self._move_map(1, 0)

    def action_risks_other_grid(self) -> None:
        """From inherent to residual to what is now, and round."""
        if not self._on_map:
            return
        if self._grid() == RESIDUAL:
            self._second = NOW
        else:
            self._second = RESIDUAL
            self.heat_map.switch_grid()
        self.show_data()
        self._tell_cell()

    def action_risks_ended(self) -> None:
        """Show those that have ended, or hide them."""
        self._with_ended = not self._with_ended
        self._cell = None
        self.show_data()

    def action_record_open(self) -> None:
        """Open the risk; in the heat map, filter the list by the cell."""
        if self._on_map:
            self.heat_map.choose()
        else:
            super().action_record_open()

    def on_heat_map_cell_chosen(self, event: HeatMap.CellChosen) -> None:
        """The list shows the threats of one cell."""
        if not self.heat_map.count_at(event.grid, event.probability, event.impact):
            self.tell_error("no open threat stands in this cell")
            return
        self._cell = (self._grid(), (event.probability, event.impact))
        self._give_keys(to_map=False)
        self.show_data()
        self.table.move_first()
        self.tell("")

    def action_view_clear(self) -> None:
        """Back from the heat map; then the marks, the cell and the filter are cleared."""
        if self._on_map or (self._cell is not None and not self.rows.marked):
            self._cell = None
            self._give_keys(to_map=False)
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

    def _grid(self) -> str:
        return self._second if self.heat_map.cursor[0] else INHERENT

    def _give_keys(self, *, to_map: bool) -> None:
        self._on_map = to_map
        self.heat_map.show_cursor = to_map
        self.set_class(to_map, "-on-map")
        self.table.refresh()
        self.show_footer()

    def _move_map(self, dx: int, dy: int) -> None:
        self.heat_map.move(dx, dy)
        self._tell_cell()

    def _tell_cell(self) -> None:
        """Which threats stand in the cell under the cursor."""
        _, probability, impact = self.heat_map.cursor
        of, score = self._grid(), probability * impact
        found = [r for r in self._threats() if self._cell_of(r, of) == (probability, impact)]
        letter, tone = self._band(probability, impact)
        names = ", ".join(f"{r.number} {r.name}" for r in found) or "none here"
        where: Span = (f"{of} P{probability} × I{impact} = {score} {letter}  ", tone)
        self.tell((where, (names, "" if found else "muted")))

    def _threats(self) -> list[Risk]:
        project = self.project

        def fits(record: Record) -> bool:
            return record.is_open and self.passes(record, project)

        return [risk for risk in project.data.risks.values() if risk.kind == "threat" and fits(risk)]
