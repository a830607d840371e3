"""The pages that the cost view opens: charts, earned value, where to cut, and every number with what is behind it."""

import msgspec

from pmtui.domain.records import CostEntry
from pmtui.keymap import key_of
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.records_view import RecordsView
from pmtui.services.costs import overspend_notes


class ControlPages(RecordsView):
    """What a view over costs leads to."""

    def shown_line(self) -> str:
        """The number of the budget line that the cursor is on, or whose entries alone are shown; empty for none."""
        return ""

    def shown_month(self) -> str:
        """The month of the entry under the cursor, such as ``2026-03``; empty for none."""
        return ""

    def action_record_done(self) -> None:
        """The next step of an entry; asked first where that would overspend a budget line."""
        entries = [e for key in self.chosen() if isinstance(e := self.desk.record(key), CostEntry)]
        steps = [msgspec.structs.replace(e, status="committed") for e in entries if e.status == "planned"]
        over = overspend_notes(self.project.data, steps) if steps else []
        if not over:
            super().action_record_done()
            return

        def take(key: str | None) -> None:
            if key is not None:
                super(ControlPages, self).action_record_done()

        choices = [Choice("d", "commit it all the same", also=key_of("record.done"))]
        self.app.push_screen(ChoiceScreen((f"▲ {', '.join(over)}", "warn"), choices), take)

    def action_costs_chart(self) -> None:
        """Charts on a page."""
        from pmtui.screens.charts import ChartsScreen

        if self.has_project():
            self.app.push_screen(ChartsScreen())

    def action_costs_earned_value(self) -> None:
        """Earned value, the forecasts, the earned schedule."""
        from pmtui.screens.earned_value import EarnedValueScreen

        if self.has_project():
            self.app.push_screen(EarnedValueScreen())

    def action_costs_cut(self) -> None:
        """Lines with money that is not committed."""
        from pmtui.screens.cutting import CuttingScreen

        if self.has_project():
            self.app.push_screen(CuttingScreen())

    def action_costs_numbers(self) -> None:
        """Every number that is shown, to be opened."""
        from pmtui.screens.numbers import NumbersScreen

        if self.has_project():
            self.app.push_screen(NumbersScreen(self.shown_line(), self.shown_month()))
