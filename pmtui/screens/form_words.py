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
    shown = _days_of(project, str(value)) if field.kind is Kind.REPEATS else show_value(field, value, project.today)
    return ("" if field.kind in _AS_TYPED or shown == text else shown), False


def _days_of(project: OpenProject, words: str) -> str:
    """The next days of a repetition that names them; else its words."""
    from pmtui.domain.dates import say_date
    from pmtui.domain.repeats import coming, read_repeats  # only where something repeats

    repeats, today = read_repeats(words, project.today), project.today
    if not repeats.names_days:
        return repeats.say(today)
    return ", ".join(say_date(day, today) for day in coming(repeats, None, today, project.data.calendar))
