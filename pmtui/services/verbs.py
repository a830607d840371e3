"""The same verb on a record of any kind: done, a new date, another owner, status."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from pmtui.domain.consequence import consequence
from pmtui.domain.dates import say_date
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Change, CostEntry, Deliverable, Issue, Meeting, Milestone, Person, Record, Risk, Task
from pmtui.domain.records.plan import own_reason
from pmtui.domain.text import clean
from pmtui.services import costs, risks, tasks
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several
from pmtui.services.repeating import repeat

Numbers = Sequence[str]

OWN_WAY = frozenset({"occurred", "published", "issued"})
"""Statuses that are more than a word: set on their own, by :func:`set_status`."""

DATE_FIELDS: dict[type[Record], str] = {
    Task: "due",
    Risk: "review_date",
    Issue: "target_date",
    CostEntry: "invoice_expected_on",
    Milestone: "forecast",
    Change: "decision_due",
    Meeting: "start",
}
"""The date that "when" means for a kind of record."""

OWNER_FIELDS: dict[type[Record], str] = {
    Task: "owner",
    Risk: "owner",
    Issue: "owner",
    Deliverable: "owner",
    Change: "decider",
}
"""The person that "who" means for a kind of record."""


def date_of(record: Record) -> dt.date | None:
    """The date that triage and lists show for a record."""
    value = getattr(record, DATE_FIELDS.get(type(record), ""), None)
    return value.date() if isinstance(value, dt.datetime) else value


def owner_of(record: Record) -> str:
    """The person a record is with; empty where it is with nobody."""
    return str(getattr(record, OWNER_FIELDS.get(type(record), ""), ""))


def verbs_of(record: Record) -> frozenset[str]:
    """The verbs that apply to a record now, by name."""
    found = {"open", "edit", "note", "link", "copy", "drop"}
    if isinstance(record, (Change, Issue, Meeting, Deliverable, CostEntry)) and _moves(record):
        found.add("status")
    if isinstance(record, Task):
        found |= {"status", "split", "block", "progress", "chase", "issue", "risk", "escalate", "hours"}
    if isinstance(record, Risk):
        found |= {"assess", "status", "issue"}
    if isinstance(record, Issue):
        found.add("assess")
    if isinstance(record, (Risk, Issue)) and record.is_open:
        found.add("action")
    if isinstance(record, (Task, Risk, Issue, CostEntry, Meeting, Milestone, Deliverable, Person)) and record.is_open:
        found.add("done")
    if not _undated(record):
        found.add("date")
    if type(record) in OWNER_FIELDS:
        found.add("who")
    return frozenset(found)


def _moves(record: Record) -> tuple[str, ...]:
    """The statuses that may follow a record's own; a meeting's minutes are published by their own key."""
    flow = record.TYPE.flow
    moves = flow.moves.get(str(getattr(record, "status", "")), ()) if flow else ()
    return tuple(status for status in moves if not (isinstance(record, Meeting) and status == "published"))


def _undated(record: Record) -> str:
    """Why a record's date can't be moved; empty where it can."""
    if type(record) not in DATE_FIELDS:
        return f"a {record.TYPE.words[0]} has no date to move"
    status = str(getattr(record, "status", "reached"))
    begun = (isinstance(record, Meeting) and status != "planned") or getattr(record, "is_actual", False)
    return f"it is {status}, its date stays" if begun or not record.is_open else ""


def complete(
    project: OpenProject, numbers: Numbers, how: str = "", on: dt.date | None = None, effort: float | None = None
) -> Outcome:
    """Done, in the kind's own sense: closed, resolved (``how``), paid, published, reached, accepted.

    A task is done, and a milestone reached, today unless ``on`` says when; ``effort`` are the hours a task took.
    """
    found = [project.get(number) for number in numbers]
    if all(isinstance(record, Task) for record in found):
        return tasks.complete(project, numbers, on, effort)
    if all(isinstance(record, CostEntry) for record in found):
        return costs.advance(project, numbers)
    if all(isinstance(record, Meeting) for record in found):
        return _publish(project, numbers)
    with project.change("done") as change:
        words = [_finish(change.current(record), on or project.today, clean(how)) for record in found]
        for record, values in zip(found, words, strict=True):
            if isinstance(record, Task):
                repeat(change, change.current(record))
            change.edit(record, **values)
    ends = {str(values.get("status", "reached")) for values in words}
    return Outcome(tuple(numbers), f"{several(numbers)} {ends.pop() if len(ends) == 1 else 'done'}", tuple(change.said))


def _publish(project: OpenProject, numbers: Numbers) -> Outcome:
    from pmtui.services import meetings

    if len(numbers) != 1:
        raise Refused([Problem("status", "published", "publish one at a time: " + ", ".join(numbers))])
    return meetings.publish(project, numbers[0])


def _finish(record: Record, on: dt.date, how: str) -> dict[str, object]:
    if isinstance(record, Milestone):
        return {"actual": on}
    ends = {Task: "done", Risk: "closed", Issue: "resolved", Deliverable: "accepted", Person: "confirmed"}
    end = ends.get(type(record))
    if end is None:
        alone = isinstance(record, (CostEntry, Meeting))
        why = (
            f"do {record.TYPE.words[1]} on their own" if alone else f"a {record.TYPE.words[0]} is not done by this key"
        )
        raise Refused([Problem("status", "", why, record.number)])
    values: dict[str, object] = {"status": end}
    if isinstance(record, Task):
        values["finish_date"] = on
    if isinstance(record, Issue) and how:
        values["resolution"] = how
    return values


def set_date(project: OpenProject, numbers: Numbers, day: dt.date, reason: str = "") -> Outcome:
    """A new date, with its reason: due, next review, target, expected invoice, forecast, start.

    Refused, naming all of them, where some have no date that can still be moved.
    """
    found = [project.get(number) for number in numbers]
    stay = [Problem("date", "", why, record.number) for record in found if (why := _undated(record))]
    if stay:
        raise Refused(stay)
    if all(isinstance(record, Task) for record in found):
        return tasks.reschedule(project, numbers, day, reason)
    moved = {n: day for n, record in zip(numbers, found, strict=True) if isinstance(record, (Task, Milestone))}
    effect = consequence(project.data, moved).words(project.data, project.today)
    with project.change("reschedule", clean(reason), effect) as change:
        for record in found:
            value: object = dt.datetime.combine(day, record.start.time()) if isinstance(record, Meeting) else day
            values = {DATE_FIELDS[type(record)]: value}
            if isinstance(record, Milestone):
                values["forecast_reason"] = own_reason(record, clean(reason))
            if isinstance(record, Task) and record.start and record.start > day:
                values["start"] = day
            change.edit(record, **values)
    words = f"{several(numbers)} moved to {say_date(day, project.today)}" + (f" · {effect}" if effect else "")
    return Outcome(tuple(numbers), words, tuple(change.said))


def set_owner(project: OpenProject, numbers: Numbers, owner: str) -> Outcome:
    """Another person; nobody when empty."""
    with project.change("delegate") as change:
        for number in numbers:
            record = project.get(number)
            field = OWNER_FIELDS.get(type(record))
            if field is None:
                raise Refused([Problem("owner", "", f"a {record.TYPE.words[0]} has no owner", number)])
            change.edit(record, **{field: owner})
    now = f"now @{owner}" if owner else "without owner"
    return Outcome(tuple(numbers), f"{several(numbers)} {now}", tuple(change.said))


def set_status(project: OpenProject, numbers: Numbers, status: str, reason: str = "") -> Outcome:
    """Another status by its name; where it is more than a word, what it means is done.

    A risk that occurred becomes an issue, minutes are published, a cost is void with its reason; a
    report is only issued by its own command.
    """
    found = [project.get(number) for number in numbers]
    if all(isinstance(record, Task) for record in found):
        if status == "blocked":
            return tasks.block(project, numbers, reason)
        if status == "cancelled":
            return tasks.drop(project, numbers, reason)
        return tasks.move_to(project, numbers, status)
    if all(isinstance(record, Risk) for record in found):
        return risks.set_status(project, numbers, status)
    named = {status_named(record, status) for record in found}
    if named & {"published", "void", "issued", "occurred"} and len({type(record) for record in found}) > 1:
        raise Refused([Problem("status", status, "set it on records of one kind at a time")])
    if "published" in named:
        return _publish(project, numbers)
    if "void" in named:
        return costs.void(project, numbers, reason)
    if "issued" in named:
        raise Refused(f"{several(numbers)}: a report is issued by: pmtui report --issue")
    with project.change(status, clean(reason)) as change:
        for record in found:
            change.edit(record, status=status_named(record, status))
    return Outcome(tuple(numbers), f"{several(numbers)} {', '.join(sorted(named))}", tuple(change.said))


def status_named(record: Record, word: str) -> str:
    """The status of a record's own that a word means; refused with those there are."""
    flow = record.TYPE.flow
    found = flow.named(word) if flow else None
    if found is None:
        allowed = "allowed: " + ", ".join(flow.statuses) if flow else f"a {record.TYPE.words[0]} has no status"
        raise Refused([Problem("status", word, allowed, record.number)])
    return found


def drop(project: OpenProject, numbers: Numbers, reason: str) -> Outcome:
    """Not to be done, or not valid: cancelled tasks, void costs, rejected risks and changes, cancelled meetings."""
    found = [project.get(number) for number in numbers]
    if all(isinstance(record, Task) for record in found):
        return tasks.drop(project, numbers, reason)
    if all(isinstance(record, CostEntry) for record in found):
        return costs.void(project, numbers, reason)
    ends = {Risk: ("rejected", "closed"), Change: ("rejected",), Meeting: ("cancelled",), Issue: ("closed",)}
    with project.change("drop", clean(reason)) as change:
        for record in found:
            flow, now = record.TYPE.flow, str(getattr(record, "status", ""))
            end = next((e for e in ends.get(type(record), ()) if flow and flow.allows(now, e)), None)
            if end is None:
                why = f"a {record.TYPE.words[0]} that is {now} can't be dropped" if now else "it can only be deleted"
                raise Refused([Problem("status", "", why, record.number)])
            change.edit(record, status=end)
    return Outcome(tuple(numbers), f"{several(numbers)} dropped", tuple(change.said))


def archive(project: OpenProject, *, archived: bool) -> Outcome:
    """Put a project out of the views over all, or back."""
    with project.change("archive" if archived else "bring back") as change:
        change.replace(msgspec.structs.replace(change.data.project, archived=archived))
    return Outcome((), "archived: Today and Triage leave it out" if archived else "back in Today and Triage")
