"""What is opened from the register of risks: their exposure."""

from pmtui.screens.records_view import RecordsView


class RiskDoors(RecordsView):
    """A view over risks that leads to their exposure."""

    def action_risks_exposure(self) -> None:
        """What it may cost in all, by category, and what covers it."""
        from pmtui.screens.exposure import ExposureScreen

        if self.has_project():
            self.app.push_screen(ExposureScreen())
