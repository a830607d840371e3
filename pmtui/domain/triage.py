"""What is overdue, of every kind, in the order of its consequence."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from pmtui.domain.consequence import holds_up
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Record, Task
from pmtui.domain.records.task import PRIORITIES

WEIGHTS = {"holds up a milestone": 40, "holds up a task": 10, "priority": 15, "a day late": 1, "a slip": 5}
"""What makes an overdue item come first, in points; days late count up to thirty, tasks up to five."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """One item of the triage queue: how many calendar days it is late, its weight and why."""

    number: str
    days_late: int
    weight: int
    why: tuple[str, ...]


def overdue_items(data: ProjectData, today: dt.date) -> list[Overdue]:
    """Everything a manager must decide about, the heaviest first; snoozed items wait for their day."""
    found = [_weighed(data, record, late) for record, late in _late_records(data, today)]
    return sorted(found, key=lambda item: (-item.weight, -item.days_late, item.number))


def overdue_count(data: ProjectData, today: dt.date) -> int:
    """How many items the queue holds."""
    return sum(1 for _ in _late_records(data, today))


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


def _snoozed(task: Task, today: dt.date) -> bool:
    return task.snoozed_until is not None and task.snoozed_until > today


def _weighed(data: ProjectData, record: Record, late: int) -> Overdue:
    points = min(late, 30) * WEIGHTS["a day late"]
    why = [f"{late} day{'s' if late != 1 else ''} late"]
    if isinstance(record, Task):
        held = holds_up(data, record.number)
        milestones = [n for n in held if n.startswith("MS-")]
        tasks = len(held) - len(milestones)
        if milestones:
            points += WEIGHTS["holds up a milestone"]
            why.append(f"holds up {milestones[0]}")
        if tasks:
            points += min(tasks, 5) * WEIGHTS["holds up a task"]
            why.append(f"holds up {tasks} task{'s' if tasks != 1 else ''}")
        step = PRIORITIES.index(record.priority) - 1 if record.priority in PRIORITIES else 0
        if step:
            points += step * WEIGHTS["priority"]
            why.append(f"priority {record.priority}")
        if record.slip_count:
            points += record.slip_count * WEIGHTS["a slip"]
            why.append(f"moved {record.slip_count} time{'s' if record.slip_count != 1 else ''}")
    return Overdue(record.number, late, points, tuple(why))
