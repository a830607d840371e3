"""An edit of a record that others changed since it was read: joined with theirs, or refused with both values."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pmtui.domain.dates import say_date
from pmtui.domain.fields import Field, Kind, Merge
from pmtui.domain.merge import Conflict, merge_values
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Record
from pmtui.domain.text import clean
from pmtui.domain.values import show_value
from pmtui.services.change import Change
from pmtui.services.project import OpenProject
from pmtui.store import Transaction

NOTHING = "nothing"
"""An empty value, in words."""

_MOST_TOLD = 500
"""Characters of a text that a refusal tells."""


class Writer(msgspec.Struct, frozen=True):
    """Who gave a field its value, and when: a time of today, else with its day; empty where nobody knows."""

    who: str
    when: str = ""

    @property
    def aside(self) -> str:
        """The time in brackets, after a blank."""
        return f" ({self.when})" if self.when else ""


class Dispute(msgspec.Struct, frozen=True):
    """A conflict in a field, and who else wrote there."""

    field: Field
    conflict: Conflict
    writer: Writer


class Conflicted(Refused):
    """Others changed the same fields meanwhile, in ways that can't be joined; nothing was written."""

    def __init__(self, disputes: Sequence[Dispute], number: str, today: dt.date) -> None:
        self.disputes = tuple(disputes)
        super().__init__([_problem(dispute, number, today) for dispute in disputes])


def writer_of(project: OpenProject, record: Record, field: str) -> Writer:
    """Who changed a field of a record last; its last author where the history does not tell."""
    last = project.last_change(record.TYPE.table, record.id, field)
    if last is None:
        return Writer(record.updated_by or "somebody", _clock(project, record.updated))
    return _writer(project, last)


def merged(
    project: OpenProject, change: Change, base: Record, current: Record, values: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Those of the values to write on a record as it is now, joined with what others wrote since ``base``.

    What was joined is told in ``change.said``. Raises :class:`Conflicted`, and :class:`Refused` where
    the record can no longer be changed.
    """
    why = current.TYPE.frozen(current, change.data)
    if why:
        raise Refused(f"{current.number}: {why}")
    fields = current.TYPE.fields
    found = merge_values(current.TYPE, base, current, values)
    if found.conflicts:
        disputes = [Dispute(fields[c.field], c, writer_of(project, current, c.field)) for c in found.conflicts]
        raise Conflicted(disputes, current.number, project.today)
    for name in found.joined:
        writer = writer_of(project, current, name)
        change.said.append(_joined_words(fields[name], getattr(base, name), getattr(current, name), writer, project))
    return found.values


def tell_followed(
    project: OpenProject, change: Change, base: Record, current: Record, after: Record, values: Mapping[str, Any]
) -> None:
    """Tell what of others' changes gave way to what follows from this one.

    Raises :class:`Refused` where a value of this one gave way to theirs, which it would not have without.
    """
    if not any(getattr(base, name) != getattr(current, name) for name in current.TYPE.fields):
        return
    theirs = [f for f in current.TYPE.fields.values() if _is_news(f, base, current)]
    wanted: Record = msgspec.structs.replace(base, **values)
    alone: Record = current.TYPE.follow(base, wanted, project.today)
    lost = [
        name
        for name, value in values.items()
        if getattr(after, name) != value and getattr(alone, name) == getattr(wanted, name)
    ]
    if lost:
        raise Refused([_overruled(project, current, after, current.TYPE.fields[name], theirs) for name in lost])
    for field in theirs:
        now, then = getattr(current, field.name), getattr(after, field.name)
        if field.name not in values and then != now:
            writer = writer_of(project, current, field.name)
            shown, stays = (_shown(field, value, project.today) for value in (now, then))
            change.said.append(
                f"{field.label}: {writer.who} changed it meanwhile{writer.aside} to {shown}; now it is {stays}"
            )


def deleted_words(project: OpenProject, record: Record) -> str:
    """That a record is gone, and who deleted it when."""
    for transaction in project.history(newest_first=True, record=(record.TYPE.table, record.id)):
        if any(op[0] == "d" and op[1] == record.TYPE.table and op[2] == record.id for op in transaction.ops):
            writer = _writer(project, transaction)
            return f"{record.number}: {writer.who} deleted it meanwhile{writer.aside}"
    return f"{record.number} is no longer there; somebody deleted it"


def _is_news(field: Field, base: Record, current: Record) -> bool:
    """Whether others wrote something else in a field; what is only counted is nobody's words."""
    counted = field.kind is Kind.INTEGER and not field.form
    return not counted and getattr(base, field.name) != getattr(current, field.name)


def _overruled(project: OpenProject, current: Record, after: Record, field: Field, theirs: Sequence[Field]) -> Problem:
    cause = next((f for f in theirs if f.name == "status"), theirs[0] if theirs else field)
    writer = writer_of(project, current, cause.name)
    shown = _shown(cause, getattr(current, cause.name), project.today)
    stays = _shown(field, getattr(after, field.name), project.today)
    why = f"{writer.who} changed {cause.label.lower()} meanwhile{writer.aside} to {shown}, which makes this {stays}"
    return Problem(field.name, "", why, current.number)


def _joined_words(field: Field, base: Any, theirs: Any, writer: Writer, project: OpenProject) -> str:
    if field.merge is Merge.ADD:
        more = (theirs or 0) - (base or 0)
        did = "added" if more > 0 else "took off"
        amount = show_value(field, round(abs(more), 2), project.today)
        return f"{field.label}: {writer.who} {did} {amount} meanwhile{writer.aside}, both count"
    did = "wrote in it" if field.merge is Merge.LINES else "changed it"
    return f"{field.label}: {writer.who} {did} meanwhile{writer.aside}, both are kept"


def _problem(dispute: Dispute, number: str, today: dt.date) -> Problem:
    field, conflict, writer = dispute.field, dispute.conflict, dispute.writer
    if conflict.lines:
        clashes = conflict.lines.clashes
        mine = " / ".join(line for part in clashes for line in part.mine)
        theirs = " / ".join(line for part in clashes for line in part.theirs)
        what = "the same lines"
    else:
        mine, theirs = (show_value(field, value, today) for value in (conflict.mine, conflict.theirs))
        what = "it"
    if len(theirs) > _MOST_TOLD:
        theirs = theirs[: _MOST_TOLD - 1] + "…"
    did = f"changed {what} meanwhile{writer.aside} to {theirs}" if theirs else f"emptied {what} meanwhile{writer.aside}"
    return Problem(field.name, mine or NOTHING, f"{writer.who} {did}", number)


def _shown(field: Field, value: Any, today: dt.date) -> str:
    return show_value(field, value, today) or NOTHING


def _writer(project: OpenProject, transaction: Transaction) -> Writer:
    own = transaction.user == project.session.user
    who = "you, in another pane" if own else clean(transaction.user)
    return Writer(who, _clock(project, dt.datetime.fromtimestamp(transaction.time / 1000, dt.UTC)))


def _clock(project: OpenProject, moment: dt.datetime | None) -> str:
    """A moment as people of the session's zone say it; a time of today without its day."""
    if moment is None:
        return ""
    local = moment.astimezone(project.session.now().tzinfo)
    clock = f"{local:%H:%M}"
    return clock if local.date() == project.today else f"{say_date(local.date(), project.today)} {clock}"
