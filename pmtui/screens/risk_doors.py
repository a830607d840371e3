"""What is opened from the register of risks: the exposure, and the review of one risk after another."""

from pmtui.keymap import key_of
from pmtui.screens.records_view import RecordsView


class RiskDoors(RecordsView):
    """A view over risks that leads to their exposure and their review."""

    def action_risks_exposure(self) -> None:
        """What it may cost in all, by category, and what covers it."""
        from pmtui.screens.exposure import ExposureScreen

        if self.has_project():
            self.app.push_screen(ExposureScreen())

    def action_risks_review(self) -> None:
        """One risk at a time, the due ones first."""
        from pmtui.screens.risk_review import RiskReviewScreen

        if not self.has_project():
            return
        if any(risk.is_open for risk in self.project.data.risks.values()):
            self.app.push_screen(RiskReviewScreen(self.project))
        else:
            self.tell_error(f"there is no open risk to review; {key_of('record.add')} adds one")
