"""What changed between two status reports: which two is asked where there is a choice."""

from collections.abc import Hashable

from pmtui.domain.dates import say_date
from pmtui.domain.problems import Refused
from pmtui.domain.records import Report
from pmtui.domain.records.report import STATUS
from pmtui.reports.page import to_lines
from pmtui.screens.page import PageScreen
from pmtui.screens.prompts import Item, PickerScreen
from pmtui.screens.view import ViewScreen
from pmtui.services import reports

DRAFT = "draft"


def ask_differences(view: ViewScreen, issued: Report | None) -> None:
    """Of the last one issued and the draft; of the one under the cursor, and one that is picked."""
    known = [report for report in view.project.data.reports.values() if report.status == "issued"]
    known = [report for report in known if report.kind == STATUS]
    if not known:
        view.tell("No report was issued yet: the second one is compared with the first.")
        return
    if issued is None or len(known) == 1:
        show_differences(view, issued.number if issued else None, None)
        return
    today, number = view.project.today, issued.number
    others = sorted((r for r in known if r.number != number), key=lambda r: -r.id)
    items = [Item(DRAFT, "The draft, with the numbers of today")]
    items += [
        Item(report.number, report.number, f"issued {say_date(report.issued_on, today)}" if report.issued_on else "")
        for report in others
    ]

    def take(picked: Hashable | None) -> None:
        if picked is not None:
            show_differences(view, number, None if picked == DRAFT else str(picked))

    view.app.push_screen(PickerScreen(f"What changed between {number} and", items), take)


def show_differences(view: ViewScreen, number: str | None, other: str | None) -> None:
    """A page of what changed, by the part of the report; it follows every change of the draft."""
    project = view.project
    try:
        found = reports.compared(project, number, other)
    except Refused as refused:
        view.tell_error(refused)
        return
    names = (found.before.number, found.after.number if found.after.issued else "the draft")
    title = f"What changed from {names[0]} to {names[1]}"
    view.app.push_screen(PageScreen(title, lambda width: to_lines(reports.compared(project, number, other), width)))
