"""The way from a list of anything to a record in its own view."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmtui.screens.view import ViewScreen

VIEW_OF = {
    "tasks": "board", "risks": "risks", "costs": "costs", "budget_lines": "costs", "meetings": "meetings",
}  # fmt: skip
"""The view that shows a table's records; any other record opens as a page."""


def go_to(view: "ViewScreen", code: str, number: str) -> None:
    """Show a record in its own view, else as a page."""
    from pmtui.screens.page import record_page
    from pmtui.screens.records_view import RecordsView

    project = view.desk.projects[code]
    record = project.data.get(number)
    if record is None:
        view.tell_error(f"{number} is no longer there")
        return
    target = VIEW_OF.get(record.TYPE.table)
    if target is None:
        view.app.push_screen(record_page(project, record))
        return
    view.desk.look_at(code)
    view.pmtui.data_changed.publish(None)
    view.go(target)

    def place() -> None:
        shown = view.app.screen
        if isinstance(shown, RecordsView):
            if shown.filter_text and (code, number) not in shown.shown_keys():
                shown.apply_filter("")
            shown.reveal((code, number))

    view.app.call_later(place)
