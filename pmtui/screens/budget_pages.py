"""What Costs opens of the budget: its versions, a line's months, what differs from the approved, and the draws."""

from collections.abc import Sequence

from pmtui.domain.records import BudgetLine, CostEntry
from pmtui.keymap import key_of
from pmtui.screens.budget_words import differences_lines, proposal_words
from pmtui.screens.draw_words import draw_lines
from pmtui.screens.entry_line import overspend_words
from pmtui.screens.page import PageScreen
from pmtui.screens.records_view import RecordsView
from pmtui.services.desk import Key
from pmtui.services.phasing import why_not
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Span


def differences_page(project: OpenProject) -> PageScreen:
    """How the lines differ from the approved version; then the draws on what is set aside."""

    def lines(width: int) -> list[Sequence[Span]]:
        data = project.data
        found: list[Sequence[Span]] = [(("Lines as they are against the approved version", "head"),)]
        found += [*differences_lines(data, width), (("", ""),)]
        found.append((("Draws on contingency and management reserve", "head"),))
        return [*found, *draw_lines(data, project.today, width)]

    return PageScreen(f"{project.data.project.title}: what differs, and draws", lines)


class BudgetPages(RecordsView):
    """The keys of Costs that open something of the budget, and what is told of it."""

    def action_costs_versions(self) -> None:
        """Propose and approve versions of the budget."""
        from pmtui.screens.budget_versions import BudgetVersionsScreen

        if self.has_project():
            self.app.push_screen(BudgetVersionsScreen(self.desk, self.project))

    def action_costs_differences(self) -> None:
        """What differs from the approved version, and the draws."""
        if self.has_project():
            self.app.push_screen(differences_page(self.project))

    def action_costs_phasing(self) -> None:
        """The months of the budget line under the cursor, or of the entry's."""
        from pmtui.screens.phasing import PhasingScreen

        record = self.record()
        line = self.project.data.get(record.budget_line) if isinstance(record, CostEntry) else record
        if isinstance(line, BudgetLine) and why_not(line):
            self.tell_error(f"{line.number}: {why_not(line)}")
        elif isinstance(line, BudgetLine):
            self.app.push_screen(PhasingScreen(self.desk, self.project, line.number))
        else:
            self.tell_error("months are planned for a budget line: put the cursor on one, or on one of its entries")

    def action_record_edit(self) -> None:
        """The form of a line or an entry; a sum and a line that is only approved have none."""
        if self.are_there(self.chosen()):
            super().action_record_edit()

    def are_there(self, keys: Sequence[Key]) -> bool:
        """Whether all of these are records; says what they are where not."""
        under = self.rows.cursor_key
        on = [*keys] or ([under] if isinstance(under, tuple) else [])
        gone = next((str(number) for code, number in on if self.desk.record((code, number)) is None), None)
        if not on:
            self.tell_error(f"there is nothing under the cursor; {key_of('record.add')} adds one")
        elif gone is not None:
            version = self.project.data.approved_version
            approved = version is not None and self.project.data.id_of(gone) in self.project.data.baseline_lines
            kept = f"{gone} was deleted; it counts until a version without it is approved: {key_of('costs.versions')}"
            self.tell_error(kept if approved else f"{gone.capitalize()}: sums are not changed themselves")
        return bool(on) and gone is None

    def tell_outcome(self, outcome: Outcome) -> None:
        """What was done; which line is overspent by it, or what of it is still to be approved."""
        super().tell_outcome(outcome)
        data = self.project.data
        more = overspend_words(data, outcome.numbers) or proposal_words(data, outcome.numbers)
        if more:
            undo: tuple[Span, ...] = ((f"   {key_of('desk.undo')}", "accent"), (" undo", "muted"))
            self.tell(((f"▲ {more}", "warn"), (f"   {outcome.words}", "muted"), *undo))
