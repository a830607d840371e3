"""What is overdue, of every kind, in the order of its consequence; and what each decision about it counts as."""

import datetime as dt
from collections.abc import Iterator

import msgspec

from pmtui.domain.consequence import holds_up
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Issue, Milestone, Record, Risk, Task
from pmtui.domain.records.task import BLOCKED, PRIORITIES

DAYS, TASKS_HELD = 30, 5
"""Days late and tasks held up that count at most, so that no single term decides alone."""

WEIGHTS = {
    "holds up a milestone": 40, "holds up a task": 10, "priority": 15, "a day late": 1, "a slip": 5,
    "a point of a score": 2,
}  # fmt: skip
"""What makes an overdue item come first, in points."""

SLIPS_TO_ESCALATE = 3
"""From this slip on, triage offers to escalate."""

DECIDED = {
    "done": "done", "advance": "done", "reschedule": "moved", "review": "reviewed", "drop": "dropped",
    "void": "dropped", "delegate": "delegated", "block": "blocked", "unblock": "unblocked", "chase": "chased",
    "split": "split", "progress": "partly done", "defer": "deferred", "merge": "merged", "accept the delay": "accepted",
    "correct": "corrected", "raise issue": "raised", "raise risk": "raised", "escalate": "escalated",
    "occurred": "occurred", "publish": "published", "publish minutes": "published", "closed": "closed",
    "delete": "deleted", "move": "moved on", "approved": "approved", "rejected": "rejected",
    "postponed": "postponed", "resolved": "resolved", "implemented": "done", "cancelled": "dropped",
}  # fmt: skip
"""What a transaction's verb decides about an overdue item; any other decides it only where it is late no more."""


class Term(msgspec.Struct, frozen=True):
    """One reason for an item's place: in words, its points, and how they are counted."""

    words: str
    points: int
    rule: str


class Overdue(msgspec.Struct, frozen=True):
    """One item of the triage queue: how many calendar days it is late, and what gives it its place."""

    number: str
    days_late: int
    terms: tuple[Term, ...]

    @property
    def weight(self) -> int:
        """Its points: the more, the earlier it comes."""
        return sum(term.points for term in self.terms)

    @property
    def why(self) -> tuple[str, ...]:
        """The terms in words."""
        return tuple(term.words for term in self.terms)


def overdue_items(data: ProjectData, today: dt.date) -> list[Overdue]:
    """Everything a manager must decide about, the heaviest first; snoozed items wait for their day."""
    found = [Overdue(record.number, late, _terms(data, record, late)) for record, late in _late_records(data, today)]
    return sorted(found, key=lambda item: (-item.weight, -item.days_late, item.number))


def overdue_numbers(data: ProjectData, today: dt.date) -> set[str]:
    """The numbers of what the queue holds, without its order: a pass over the records, nothing more."""
    return {record.number for record, _ in _late_records(data, today)}


def overdue_count(data: ProjectData, today: dt.date) -> int:
    """How many items the queue holds."""
    return sum(1 for _ in _late_records(data, today))


def waiting_count(data: ProjectData, today: dt.date) -> int:
    """How many overdue tasks the queue leaves out until the day that somebody said to ask again."""
    return sum(1 for task in data.tasks.values() if task.is_overdue(today) and _snoozed(task, today))


def open_tasks(data: ProjectData, _: dt.date) -> int:
    """How many tasks are still to be done."""
    return sum(1 for task in data.tasks.values() if task.is_open)


def _late_records(data: ProjectData, today: dt.date) -> Iterator[tuple[Record, int]]:
    for record, date in _asked_about(data, today):
        if date is not None:
            yield record, (today - date).days


def _asked_about(data: ProjectData, today: dt.date) -> Iterator[tuple[Record, dt.date | None]]:
    yield from ((t, t.due) for t in data.tasks.values() if t.due and t.is_overdue(today) and not _snoozed(t, today))
    yield from ((r, r.review_date) for r in data.risks.values() if r.review_is_due(today))
    yield from ((i, i.target_date) for i in data.issues.values() if i.is_overdue(today))
    yield from ((c, c.invoice_expected_on) for c in data.costs.values() if c.invoice_is_late(today))
    yield from ((m, m.minutes_due) for m in data.meetings.values() if m.minutes_are_late(today))
    yield from ((c, c.decision_due) for c in data.changes.values() if c.decision_is_late(today))
    yield from ((m, m.forecast) for m in data.milestones.values() if m.is_open and m.forecast < today)


def _snoozed(task: Task, today: dt.date) -> bool:
    """Whether somebody said when to ask again: after a chase, or on the day a blocker is followed up."""
    if task.status == BLOCKED and task.follow_up is not None and task.follow_up > today:
        return True
    return task.snoozed_until is not None and task.snoozed_until > today


def _terms(data: ProjectData, record: Record, late: int) -> tuple[Term, ...]:
    """What gives a late record its place; lateness first, since every one has it."""
    day = WEIGHTS["a day late"]
    first = Term(_count(late, "day") + " late", min(late, DAYS) * day, f"{day} a day, {DAYS} days at most")
    return (first, *_own_terms(data, record))


def _own_terms(data: ProjectData, record: Record) -> Iterator[Term]:
    if isinstance(record, Task):
        yield from _held_terms(data, record)
        yield from _task_terms(record)
    elif isinstance(record, Milestone):
        points = WEIGHTS["holds up a milestone"]
        yield Term("a milestone itself", points, f"{points} for a milestone that can't be kept")
    elif isinstance(record, (Risk, Issue)):
        score = record.score if isinstance(record, Risk) else record.urgency * record.impact
        point = WEIGHTS["a point of a score"]
        if score:
            yield Term(f"score {score}", score * point, f"{point} a point, {25 * point} at most")


def _held_terms(data: ProjectData, task: Task) -> Iterator[Term]:
    held = holds_up(data, task.number)
    milestones = [n for n in held if n.startswith(f"{Milestone.TYPE.prefix}-")]
    tasks = len(held) - len(milestones)
    if milestones:
        points = WEIGHTS["holds up a milestone"]
        yield Term(f"holds up {milestones[0]}", points, f"{points} for any milestone")
    if tasks:
        each = WEIGHTS["holds up a task"]
        points = min(tasks, TASKS_HELD) * each
        yield Term(f"holds up {_count(tasks, 'task')}", points, f"{each} a task, {TASKS_HELD} tasks at most")


def _task_terms(task: Task) -> Iterator[Term]:
    step = PRIORITIES.index(task.priority) - 1 if task.priority in PRIORITIES else 0
    if step:
        each = WEIGHTS["priority"]
        yield Term(f"priority {task.priority}", step * each, f"{each} a step above normal, less below")
    if task.slip_count:
        each = WEIGHTS["a slip"]
        yield Term(f"moved {_count(task.slip_count, 'time')}", task.slip_count * each, f"{each} each time")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
