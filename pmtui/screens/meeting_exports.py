"""What of the meetings is written to a file: minutes, the list, a calendar."""

from collections.abc import Callable

from pmtui.domain.records import Meeting
from pmtui.screens.exporting import Other, ask_format
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.records_view import RecordsView
from pmtui.services.exporting import export_calendar, export_minutes
from pmtui.services.printing import printed_minutes


def ask_export(view: RecordsView, as_csv: Callable[[], None]) -> None:
    """Ask by one key what is exported, published minutes in which format, and write it."""
    record, project = view.record(), view.desk.projects.get(view.desk.code)
    if project is None:
        view.tell_error("nothing to export in this view")
        return

    def write_calendar() -> None:
        view.perform(lambda: export_calendar(project))

    def write_draft(number: str) -> None:
        view.perform(lambda: export_minutes(project, number))

    calendar = Choice("i", "calendar", "all meetings and milestones, as .ics for Outlook and others")
    others: list[Other] = [
        (Choice("c", "CSV", "the list of meetings"), as_csv),
        (calendar, write_calendar),
    ]
    if isinstance(record, Meeting) and record.status == "published":
        ask_format(view, project, printed_minutes(project, record), others)
        return
    if isinstance(record, Meeting):
        draft = Choice("m", "Markdown", f"the minutes of {record.number} as they would be now")
        others.insert(0, (draft, lambda: write_draft(record.number)))

    def take(answer: str | None) -> None:
        for choice, write in others:
            if choice.key == answer:
                write()

    view.app.push_screen(ChoiceScreen((("Export", "strong"),), [choice for choice, _ in others]), take)
