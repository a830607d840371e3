"""The same verb on a record of any kind: done, a new date, another owner, status."""

import datetime as dt
from collections.abc import Sequence

import msgspec

from pmtui.domain.dates import say_date
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Change, CostEntry, Deliverable, Issue, Meeting, Milestone, Person, Record, Risk, Task
from pmtui.domain.text import clean
from pmtui.services import costs, risks, tasks
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several

Numbers = Sequence[str]

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
    found = {"open", "edit", "note", "copy", "drop"}
    if isinstance(record, Task):
        found |= {"status", "split", "block", "progress", "chase", "issue", "risk", "escalate"}
    if isinstance(record, Risk):
        found |= {"assess", "status", "issue"}
    if isinstance(record, (Task, Risk, Issue, CostEntry, Meeting, Milestone, Deliverable, Person)) and record.is_open:
        found.add("done")
    if type(record) in DATE_FIELDS and record.is_open:
        found.add("date")
    if type(record) in OWNER_FIELDS:
        found.add("who")
    return frozenset(found)


def complete(project: OpenProject, numbers: Numbers, how: str = "") -> Outcome:
    """Done, in the kind's own sense: closed, resolved (``how``), paid, published, reached, accepted."""
    found = [project.get(number) for number in numbers]
    if all(isinstance(record, Task) for record in found):
        return tasks.complete(project, numbers)
    if all(isinstance(record, CostEntry) for record in found):
        return costs.advance(project, numbers)
    if all(isinstance(record, Meeting) for record in found):
        from pmtui.services import meetings

        return [meetings.publish(project, number) for number in numbers][-1]
    with project.change("done") as change:
        words = [_finish(change.current(record), project.today, clean(how)) for record in found]
        for record, values in zip(found, words, strict=True):
            change.edit(record, **values)
    return Outcome(tuple(numbers), f"{several(numbers)} {_last_word(words[-1])}", tuple(change.said))


def _last_word(values: dict[str, object]) -> str:
    return str(values.get("status", "reached"))


def _finish(record: Record, today: dt.date, how: str) -> dict[str, object]:
    if isinstance(record, Milestone):
        return {"actual": today}
    ends = {Task: "done", Risk: "closed", Issue: "resolved", Deliverable: "accepted", Person: "confirmed"}
    end = ends.get(type(record))
    if end is None:
        raise Refused([Problem("status", "", f"a {record.TYPE.words[0]} is not done by this key", record.number)])
    values: dict[str, object] = {"status": end}
    if isinstance(record, Task):
        values["finish_date"] = today
    if isinstance(record, Issue) and how:
        values["resolution"] = how
    return values


def set_date(project: OpenProject, numbers: Numbers, day: dt.date, reason: str = "") -> Outcome:
    """A new date, with its reason: due, next review, target, expected invoice, forecast, start."""
    found = [project.get(number) for number in numbers]
    if all(isinstance(record, Task) for record in found):
        return tasks.reschedule(project, numbers, day, reason)
    with project.change("reschedule", clean(reason)) as change:
        for record in found:
            field = DATE_FIELDS.get(type(record))
            if field is None:
                raise Refused([Problem("date", "", f"a {record.TYPE.words[0]} has no date to move", record.number)])
            value: object = dt.datetime.combine(day, record.start.time()) if isinstance(record, Meeting) else day
            values = {field: value}
            if isinstance(record, Milestone):
                values["forecast_reason"] = clean(reason)
            change.edit(record, **values)
    return Outcome(tuple(numbers), f"{several(numbers)} moved to {say_date(day, project.today)}", tuple(change.said))


def set_owner(project: OpenProject, numbers: Numbers, owner: str) -> Outcome:
    """Another person; nobody when empty."""
    with project.change("delegate") as change:
        for number in numbers:
            record = project.get(number)
            field = OWNER_FIELDS.get(type(record))
            if field is None:
                raise Refused([Problem("owner", "", f"a {record.TYPE.words[0]} has no owner", number)])
            change.edit(record, **{field: owner})
    return Outcome(tuple(numbers), f"{several(numbers)} now @{owner}", tuple(change.said))


def set_status(project: OpenProject, numbers: Numbers, status: str, reason: str = "") -> Outcome:
    """Another status by its name; a task's and a risk's own rules apply."""
    found = [project.get(number) for number in numbers]
    if all(isinstance(record, Task) for record in found):
        if status == "blocked":
            return tasks.block(project, numbers, reason)
        if status == "cancelled":
            return tasks.drop(project, numbers, reason)
        return tasks.move_to(project, numbers, status)
    if all(isinstance(record, Risk) for record in found):
        return risks.set_status(project, numbers, status)
    with project.change(status, clean(reason)) as change:
        for record in found:
            change.edit(record, status=status)
    return Outcome(tuple(numbers), f"{several(numbers)} {status}", tuple(change.said))


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
