"""What can't be written says so before anybody types into it."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from pmtui.keymap import ACTIONS
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject

if TYPE_CHECKING:
    from pmtui.screens.view import ViewScreen

READING = {"record.open", "record.copy", "record.mark", "record.mark_range", "record.mark_all", "record.mark_filter"}
"""Actions on records that write nothing."""

WRITING = {
    *(action.id for action in ACTIONS if action.id.startswith("record.") and action.id not in READING),
    *("board.move_left", "board.move_right", "board.raise_card", "board.lower_card"),
    *("risks.probability", "risks.impact", "risks.action", "costs.close_month"),
    *("costs.part", "costs.credit", "costs.statement"),
    *("review.as_it_is", "review.steps", "review.respond"),
    *("meetings.notes", "meetings.editor", "meetings.present", "meetings.publish"),
    *("meetings.agenda", "meetings.write_agenda", "meetings.next", "decisions.supersede"),
    *("report.pick", "report.earlier", "report.later", "report.light", "report.issue"),
    *("settings.rate", "settings.away", "settings.archive", "settings.scales", "history.take_back"),
    "figures.method",
    *("week.type", "week.clear"),
}
"""Actions that write the project they act on."""

DAMAGED = (
    "its files are damaged; what is shown is sound, but later changes may be missing. "
    "In the shell, pmtui check tells what is wrong, pmtui check --repair writes a repaired copy"
)
OUTSIDE = "outside pmtui"
"""What the reason says where a file was edited by hand, which is no damage."""

ADDING = {"record.add", "record.add_form"}

_METHODS = {f"action_{action.name}": action.id for action in ACTIONS if action.id in WRITING}

Method = Callable[["ViewScreen"], None]


def refuse_before_asking(view: type) -> None:
    """Make a view's own writing actions refuse where they can't write, from whatever key or list they are called."""
    for name, action_id in _METHODS.items():
        if name in vars(view):
            setattr(view, name, _guarded(vars(view)[name], action_id))


def _guarded(method: Method, action_id: str) -> Method:
    @wraps(method)
    def guarded(view: "ViewScreen", *arguments: Any) -> None:
        why = view.why_not(action_id)
        if why:
            view.tell_error(why)
        else:
            method(view, *arguments)

    return guarded


def whole_reason(desk: Desk, projects: Sequence[OpenProject]) -> str:
    """Why these projects can't be written, and what can be done about it, a line each; empty where all can."""
    closed = [project for project in projects if project.read_only]
    return "\n".join(f"{project.code} is read-only: {_reason(desk, project)}" for project in closed)


def _reason(desk: Desk, project: OpenProject) -> str:
    """What a manager can do with; which byte of which file is damaged is for ``pmtui check`` to tell."""
    if project.db.journal.damage and OUTSIDE not in project.read_only:
        return DAMAGED
    return project.read_only.replace(f"{desk.session.path}/", "")
