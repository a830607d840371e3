"""Risks: the register with its heat map and exposure; and the issue log, which one key puts in its place."""

from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from pmtui.domain.records import Issue, Record, Risk
from pmtui.keymap import Action, key_of
from pmtui.screens.issue_words import ISSUE_COLUMNS, in_order, issue_row, issue_story, log_lines
from pmtui.screens.risk_doors import RiskDoors
from pmtui.screens.risk_map import HeatMapView
from pmtui.screens.risk_questions import RiskQuestions
from pmtui.screens.risk_words import BROAD_COLUMNS, COLUMNS, exposure_column, exposure_lines, risk_story, row_of
from pmtui.screens.rows import Rows
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.heat_map import HeatMap
from pmtui.widgets.record_table import Heading, RecordTable

BROAD = 160
"""Columns from which the exposure stands beside the heat map."""

LOW = 17
"""Lines of a screen below which the list needs the room of the details."""

RISK_PURPOSE = "Risks: what may happen, how bad it would be, what is done about it."
ISSUE_PURPOSE = "Issues: what has happened, and needs work or somebody's decision."
ISSUE_WORDS = {"risks.probability": "urgency", "risks.log": "risks"}
"""How the footer of the issue log names what it names otherwise among the risks."""


class RisksScreen(HeatMapView, RiskQuestions, RiskDoors):
    """Open risks by score, whose heat map filters them by a cell; or open issues, the gravest first."""

    view = "risks"
    title_word = "Risks"
    CSS_PATH = "risks.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Key] = []
        self._issues = False
        self._with_ended = False
        self._of = ""

    def compose_body(self) -> ComposeResult:
        """The exposure, the heat map, the register."""
        with Vertical(id="body"):
            with Container(id="top"):
                yield DocumentView(id="exposure")
                yield HeatMap(self.band_of_cell, id="map")
            yield RecordTable(COLUMNS, id="list")

    def on_mount(self) -> None:
        """The keys begin in the list."""
        self.heat_map.show_cursor = False

    def on_resize(self) -> None:
        """The heat map stands there wherever it leaves the list room."""
        width, height = self.size
        self.set_class(width >= 110 or (width >= 100 and height >= 32), "-with-map")
        self.set_class(height < LOW, "-low")
        self._lay_out_columns()
        if self.desk.projects:
            self._show_exposure()

    def _lay_out_columns(self) -> None:
        broad = BROAD_COLUMNS if self.size.width >= BROAD else COLUMNS
        self.table.columns = ISSUE_COLUMNS if self._issues else broad

    @property
    def table(self) -> RecordTable:
        """The list."""
        return self.query_one("#list", RecordTable)

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.table

    def shown_keys(self) -> Sequence[Key]:
        """The risks or issues shown, in order."""
        return self._shown

    def kind_to_add(self) -> str:
        """What ``a`` adds: one of those that are listed."""
        return "issue" if self._issues else "risk"

    def cursor(self) -> Key | None:
        """The record under the cursor; none while the heat map has the keys."""
        return None if self._on_map else super().cursor()

    def chosen(self) -> list[Key]:
        """The records that a verb acts on; none while the heat map has the keys."""
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

    def move_by(self, lines: int) -> None:
        """Along the list, or in the heat map."""
        if self._on_map:
            self._move_map(0, lines)
        else:
            self.table.move(lines)

    def reveal(self, key: Key) -> None:
        """Put the cursor on a risk or an issue, also on one that has ended, is in the other log or in no such cell."""
        self._show_log_of(key)
        super().reveal(key)

    def place_cursor(self, key: Key) -> bool:
        """Put the cursor on a record that was just written, in its own log; whether it is shown."""
        record = self.desk.record(key)
        if isinstance(record, (Risk, Issue)) and isinstance(record, Issue) != self._issues:
            self._show_log_of(key)
        return super().place_cursor(key)

    def _show_log_of(self, key: Key) -> None:
        record = self.desk.record(key)
        if key in self._shown or not isinstance(record, (Risk, Issue)):
            return
        self._cell = None
        self._with_ended = self._with_ended or not record.is_open
        self._show_log(issues=isinstance(record, Issue))

    # What is shown ---------------------------------------------------------------

    def action_risks_log(self) -> None:
        """The issue log in the place of the risks, or back; marks and the cell stay where they belong."""
        if not self.has_project():
            return
        if self._on_map:
            self.give_keys(to_map=False)
        self._cell, self._with_ended = None, False
        self.rows.set_marks(())
        self._show_log(issues=not self._issues)
        self.tell("")

    def _show_log(self, *, issues: bool) -> None:
        if issues != self._issues:
            self._issues = issues
            self.title_word = "Issues" if issues else "Risks"
            self.set_class(issues, "-issues")
            self._lay_out_columns()
        self.show_all()

    def shows_map(self) -> bool:
        """The heat map is of risks."""
        if self._issues:
            self.tell_error(f"the heat map is of risks: {key_of('risks.log')} goes back to them")
        return not self._issues

    def show_data(self) -> None:
        """Open ones by how grave they are, then those that have ended where they are wanted."""
        project = self.project
        if self._of != project.code:
            self._of, self._cell = project.code, None
        records = self._issues_in_order() if self._issues else self._risks_in_order()
        self._show_exposure()
        still_open = [record for record in records if record.is_open and self._is_in_sight(record)]
        ended = [] if self._cell else [record for record in records if not record.is_open]
        ended.sort(key=lambda record: (str(getattr(record, "status", "")), -record.id))
        self._set_lines(still_open, ended)

    def _issues_in_order(self) -> Sequence[Record]:
        there = [issue for issue in self.project.data.issues.values() if self.passes(issue, self.project)]
        return sorted(there, key=in_order)

    def _risks_in_order(self) -> Sequence[Record]:
        there = [risk for risk in self.project.data.risks.values() if self.passes(risk, self.project)]
        self.show_map([risk for risk in there if risk.is_open])
        return sorted(there, key=lambda risk: (-risk.score, risk.review_date, risk.id))

    def _set_lines(self, still_open: Sequence[Record], ended: Sequence[Record]) -> None:
        project, with_ended = self.project, self._with_ended and self._cell is None
        shown = [*still_open, *ended] if with_ended else still_open
        self._shown = [(project.code, record.number) for record in shown]
        there = project.data.issues if self._issues else project.data.risks
        self.total = sum(
            1 for r in there.values() if (r.is_open and self._is_in_sight(r)) or (with_ended and not r.is_open)
        )
        lines: list[Key | Heading] = list(self._shown)
        if self._cell is not None or (ended and with_ended):
            lines.insert(0, Heading(self.cell_title(), len(still_open)))
        if ended:
            what = "Resolved, closed" if self._issues else "Closed, rejected, occurred"
            words = what + ("" if with_ended else f": {key_of('risks.ended')} shows them")
            lines.insert(len(still_open) + with_ended, Heading(words, len(ended)))
        table = self.table
        purpose = ISSUE_PURPOSE if self._issues else RISK_PURPOSE
        table.empty = self.empty_lines(purpose, key_of("record.add"), "adds the first")
        table.invalidate()
        table.set_lines(lines, self._row)
        self.show_details()

    def _is_in_sight(self, record: Record) -> bool:
        return not isinstance(record, Risk) or self.in_cell(record)

    def _row(self, key: Hashable) -> Sequence[Cell]:
        record = self.desk.record(key)  # type: ignore[arg-type]
        data, today = self.project.data, self.desk.session.today
        if isinstance(record, Issue) and self._issues:
            return issue_row(record, data, today)
        if isinstance(record, Risk) and not self._issues:
            return row_of(record, data, today)
        return (str(key), ("gone", "muted"))

    def _show_exposure(self) -> None:
        project, (width, height) = self.project, self.size
        pane = self.query_one("#exposure", DocumentView)
        found = [risk for risk in project.data.risks.values() if risk.is_open]
        if self._issues:
            issues = [issue for issue in project.data.issues.values() if issue.is_open]
            pane.set_document(lambda room: log_lines(project, issues, room))
        elif width >= BROAD:
            pane.set_document(lambda room: exposure_column(project, found, room))
        else:
            pane.set_document(lambda room: exposure_lines(project, found, room, tall=height >= 30))

    def show_details(self) -> None:
        """The story of the risk or issue under the cursor."""
        self._timer = None
        key = self.table.cursor_key
        record = self.desk.record(key) if isinstance(key, tuple) else None
        pane, project = self.query_one("#details", DocumentView), self.project
        if isinstance(record, Risk):
            risk = record
            pane.set_document(lambda width: risk_story(project, risk, width))
        elif isinstance(record, Issue):
            issue = record
            pane.set_document(lambda width: issue_story(project, issue, width))
        else:
            pane.set_document(lambda _width: [])
        self.show_footer()

    def footer_enabled(self, action: Action) -> bool:
        """Assessing wants a record under the cursor, and an action one that is open; the map is of risks."""
        record = self.record()
        if action.id in {"risks.probability", "risks.impact"}:
            return record is not None
        if action.id == "risks.action":
            return record is not None and record.is_open
        if action.id == "risks.heat_map":
            return not self._issues
        return super().footer_enabled(action)

    def footer_word(self, action: Action) -> str:
        """What the footer calls an action in the log that is shown."""
        return ISSUE_WORDS.get(action.id, "") * self._issues or super().footer_word(action)

    def action_risks_ended(self) -> None:
        """Show those that have ended, or hide them."""
        self._with_ended = not self._with_ended
        self._cell = None
        self.show_data()
