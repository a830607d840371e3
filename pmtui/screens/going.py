"""The way from a list of anything to a record in its own view."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmtui.screens.records_view import RecordsView
    from pmtui.screens.view import ViewScreen
    from pmtui.services.desk import Key
    from pmtui.services.project import OpenProject

VIEW_OF = {
    "tasks": "board", "risks": "risks", "issues": "risks", "costs": "costs", "budget_lines": "costs",
    "meetings": "meetings", "decisions": "decisions", "people": "settings", "milestones": "settings",
    "deliverables": "settings",
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
            _reveal(shown, project, (code, number))

    view.app.call_later(place)


def _reveal(shown: "RecordsView", project: "OpenProject", key: "Key") -> None:
    """Put the cursor on a record; a filter that hides it is cleared, and said; what no list has opens as a page."""
    from pmtui.screens.page import record_page

    shown.reveal(key)
    hidden_by = shown.filter_text if shown.cursor() != key else ""
    if hidden_by:
        shown.apply_filter("")
        shown.reveal(key)
    record = project.data.get(key[1])
    if shown.cursor() != key and record is not None:
        shown.tell("")
        shown.app.push_screen(record_page(project, record))
    elif hidden_by:
        shown.tell((("the filter ", "muted"), (f"/{hidden_by}", "accent"), (f" hid {key[1]}: it is cleared", "muted")))
