"""Exposure: what the open risks may cost or bring, by category and in all, against the contingency that is left."""

from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from pmtui.domain.records import Risk
from pmtui.domain.risk_exposure import (
    Gap,
    Part,
    by_category,
    exposure,
    gaps,
    open_risks,
    spreads,
    top_by_score,
    top_by_value,
)
from pmtui.keymap import Action, key_of
from pmtui.screens.details import Line
from pmtui.screens.exposure_words import (
    NAMES,
    behind,
    columns_of,
    exposure_facts,
    gap_cells,
    nothing_to_sum,
    part_cells,
    risk_cells,
    spread_lines,
)
from pmtui.screens.going import go_to
from pmtui.screens.records_view import RecordsView
from pmtui.screens.table_view import TableView
from pmtui.screens.view import BROAD
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Heading, RecordTable

TOP = 5
"""Risks shown as the worst, by score and by what they are expected to cost."""

TALL = 34
"""Lines of a screen from which on there is room for a higher curve."""

CLEARED = 3
"""Things that may stand before what is to be shown in the register, each cleared by itself."""

ALL, CATEGORY, SCORE, VALUE, GAP = "all", "category", "score", "value", "gap"


class ExposureScreen(TableView):
    """Categories, the worst risks and what the register lacks; each line leads to the risks behind it."""

    view = "exposure"
    title_word = "Exposure"
    leads_back = True
    details_beside = BROAD
    CSS_PATH = "exposure.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[Hashable, Part | Gap | Risk] = {}
        self._alone = False

    def compose_body(self) -> ComposeResult:
        """What is expected, above the table."""
        with Vertical(id="body"):
            yield DocumentView(id="facts")
            yield RecordTable(id="list")

    @property
    def table(self) -> RecordTable:
        """The table."""
        return self.query_one("#list", RecordTable)

    # What is shown ------------------------------------------------------------------

    def show_data(self) -> None:
        """Everything from the records as they are now; the cursor stays on its line."""
        project = self.project
        data, currency = project.data, project.data.project.currency
        found = project.worked_out(exposure)
        self._lines = self._gather()
        self.query_one("#facts", DocumentView).set_document(lambda width: exposure_facts(found, currency, width))
        table = self.table
        table.columns = columns_of(found, currency)
        table.empty = (
            "Exposure: what the open risks may cost, and what is left to cover it.",
            ((key_of("view.back"), "accent"), (" goes back to the risks, where ", "muted"),
             (key_of("record.add"), "accent"), (" adds the first", "muted")),
        )  # fmt: skip
        table.invalidate()

        def cells(key: Hashable) -> Sequence[Cell]:
            line = self._lines[key]
            if isinstance(line, Part):
                return part_cells(line, found, strong=key == (ALL, ""))
            return gap_cells(line) if isinstance(line, Gap) else risk_cells(line, data, found)

        table.set_lines(self._headed(), cells)
        self.show_details()
        self._tell_behind()

    def _gather(self) -> dict[Hashable, Part | Gap | Risk]:
        project = self.project
        data = project.data
        there = tuple(risk.number for risk in open_risks(data))
        if not there:
            return {}
        found = project.worked_out(exposure)
        lines: dict[Hashable, Part | Gap | Risk] = {
            (ALL, ""): Part("All open risks", there, found.expected, found.gain, "open")
        }
        lines |= {(CATEGORY, part.filter): part for part in project.worked_out(by_category)}
        lines |= {(VALUE, risk.number): risk for risk in top_by_value(data, TOP)}
        lines |= {(SCORE, risk.number): risk for risk in top_by_score(data, TOP)}
        lines |= {(GAP, gap.words): gap for gap in project.worked_out(gaps)}
        return lines

    def _headed(self) -> list[Hashable | Heading]:
        """The lines under their headings."""
        titles = {
            CATEGORY: "By category",
            VALUE: "The highest expected losses",
            SCORE: "The highest scores",
            GAP: "What the register lacks",
        }
        lines: list[Hashable | Heading] = []
        before = ALL
        for key in self._lines:
            assert isinstance(key, tuple)
            if key[0] != before:
                lines.append(Heading(titles[key[0]]))
                before = key[0]
            lines.append(key)
        return lines

    def show_details(self) -> None:
        """The drawing of what it may come to."""
        project = self.project
        found, both = project.worked_out(exposure), project.worked_out(spreads)
        net = self._has_gains() and not self._alone
        spread = both.net if net else both.losses
        pane = self.query_one("#details", DocumentView)

        def lines(width: int) -> Sequence[Line]:
            if spread.least == spread.greatest == 0:
                return nothing_to_sum()
            return spread_lines(spread, found, width, pane.size.height, net=net)

        pane.set_document(lines)

    def _has_gains(self) -> bool:
        return bool(self.desk.projects) and self.project.worked_out(exposure).gain > 0

    def on_resize(self) -> None:
        """The drawing has another height."""
        super().on_resize()
        self.set_class(self.size.height >= TALL, "-tall")
        if self.desk.projects:
            self.call_after_refresh(self.show_details)

    def on_record_table_cursor_moved(self) -> None:
        """What is behind the line is told."""
        self._tell_behind()
        self.show_footer()

    def _tell_behind(self) -> None:
        line = self._under_cursor()
        if line is not None:
            numbers = (line.number,) if isinstance(line, Risk) else line.numbers
            self.tell(behind(numbers, self.project.data, self.size.width - 2))

    def _under_cursor(self) -> Part | Gap | Risk | None:
        return self._lines.get(self.table.cursor_key) if self.table.cursor_key is not None else None

    def footer_enabled(self, action: Action) -> bool:
        """Opening wants a line, and the opportunities want to be there."""
        if action.id == "exposure.open":
            return self._under_cursor() is not None
        return action.id != "exposure.opportunities" or self._has_gains()

    def footer_word(self, action: Action) -> str:
        """What the keys do now."""
        if action.id == "exposure.open":
            return "go to it" if isinstance(self._under_cursor(), Risk) else "show its risks"
        if action.id == "exposure.opportunities":
            return NAMES[self._alone]
        return super().footer_word(action)

    # Keys --------------------------------------------------------------------------

    def action_exposure_open(self) -> None:
        """To the risk, or to the register with only the risks behind the line."""
        line, code = self._under_cursor(), self.project.code
        if isinstance(line, Risk):
            go_to(self, code, line.number)
        elif line is not None:
            self.go("risks")
            wanted, first = line.filter, (code, line.numbers[0])
            self.app.call_later(lambda: _show_only(self.app.screen, wanted, first))

    def action_exposure_opportunities(self) -> None:
        """Draw what the threats may come to alone, or less the opportunities."""
        if not self._has_gains():
            self.tell_error("no open opportunity has a probability and a cost: the threats stand alone")
            return
        self._alone = not self._alone
        self.show_details()
        self.show_footer()


def _show_only(shown: object, wanted: str, first: Key) -> None:
    """Show the register with what a filter lets through, whatever it showed before: a cell, marks, another filter."""
    if isinstance(shown, RecordsView):
        for _ in range(CLEARED):
            shown.action_view_clear()
        shown.reveal(first)
        shown.apply_filter(wanted)
        shown.move_to_end(last=False)
        shown.tell("")
