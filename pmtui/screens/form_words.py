"""What a form says beside a one-line field: what was understood, what is allowed, what is wrong."""

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Refused
from pmtui.domain.values import show_value
from pmtui.services import records
from pmtui.services.project import OpenProject

_AS_TYPED = {Kind.LINE, Kind.LINKS, Kind.TAGS}


def said_of(project: OpenProject, field: Field, text: str, *, focused: bool) -> tuple[str, bool]:
    """The words beside a field that holds this, and whether they tell what is wrong; what was typed is not repeated."""
    if not text:
        return (field.allowed if focused else ""), False
    try:
        value = records.read_field(project, field, text)
    except Refused as refused:
        return (refused.problems[0].allowed if refused.problems else str(refused)), True
    shown = show_value(field, value, project.today)
    return ("" if field.kind in _AS_TYPED or shown == text else shown), False
