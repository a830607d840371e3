"""What is done with money besides the verbs of every record: months, receipts, parts, credit notes, files of a bank."""

from typing import TYPE_CHECKING

from pmtui.domain.problems import Refused
from pmtui.domain.records import CostEntry
from pmtui.screens.records_view import RecordsView
from pmtui.services.project import OpenProject, Outcome

if TYPE_CHECKING:
    from pmtui.domain.records import ImportMapping
    from pmtui.exchange.statement_in import Sheet


class CostVerbs(RecordsView):
    """The keys of the cost log that are its own."""

    _last_path = ""

    def action_costs_close_month(self) -> None:
        """Close a month, or reopen one."""
        from pmtui.screens.months import MonthQuestion

        MonthQuestion(self).ask()

    def action_costs_received(self) -> None:
        """The goods or work of commitments came, the invoice is to come; what is accrued."""
        from pmtui.screens.receipts import ReceivedQuestion, accruals_page

        keys = self.chosen()
        why = self.why_not("costs.part")  # the list can be read all the same
        entries = [entry for key in keys if isinstance(entry := self.desk.record(key), CostEntry)]
        if not why and len(entries) == len(keys) > 0 and all(entry.status == "committed" for entry in entries):
            self.remember(keys)
            ReceivedQuestion(self, keys).ask()
        elif entries and len(keys) == 1 and entries[0].status == "planned":
            self.tell_error(f"{entries[0].number} is planned: only a commitment is received; commit it first")
        else:
            self.app.push_screen(accruals_page(self.project))

    def action_costs_part(self) -> None:
        """An invoice of a part of the commitment under the cursor."""
        from pmtui.screens.part_invoice import PartQuestion

        key = self.cursor()
        if key is None:
            self.tell_error("there is nothing under the cursor")
            return
        self.remember([key])
        PartQuestion(self, key).ask()

    def action_costs_credit(self) -> None:
        """A credit note of the entry under the cursor: its vendor and line come along."""
        record = self.record()
        if not isinstance(record, CostEntry) or not record.is_actual or record.credit_note:
            self.tell_error("a credit note takes back what was invoiced or paid: put the cursor on that")
            return
        self.ask_to_add(self.project, "cost", f"credits {record.number} -")

    def action_costs_statement(self) -> None:
        """A bank's or ERP's file: its path, its columns, then row by row what it is."""
        from pmtui.screens.path_line import PathScreen

        if not self.has_project():
            return

        def take(path: str | None) -> None:
            if path is not None:
                self._last_path = path
                self._map_statement(path)

        label = f"File of a bank or an ERP, to match with {self.project.code}"
        self.app.push_screen(PathScreen(label, self._last_path), take)

    def _map_statement(self, path: str) -> None:
        from pmtui.screens.statement_mapping import MappingScreen
        from pmtui.services.paths import as_path
        from pmtui.services.statements import read_file

        project = self.project
        try:
            data, source = read_file(as_path(path))
            screen = MappingScreen(self.desk, project, data, source)
        except Refused as refused:
            self.tell_error(refused)
            return
        self.app.push_screen(screen, lambda found: self._match_statement(project, *found) if found else None)

    def _match_statement(self, project: OpenProject, sheet: "Sheet", mapping: "ImportMapping") -> None:
        from pmtui.screens.statements import StatementScreen
        from pmtui.services.statements import Matching

        matching = Matching(project, sheet, mapping, self.desk.projects.values())
        self.app.push_screen(StatementScreen(self.desk, matching), self._statement_left)

    def _statement_left(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self.tell_outcome(outcome)
