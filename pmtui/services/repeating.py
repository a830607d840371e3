"""Tasks that repeat: the next one is made in the change that makes one done, so that one undo takes back both."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pmtui.domain.dates import say_date
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Task
from pmtui.services.change import Change

SAME = ("title", "owner", "priority", "deliverable", "estimate", "parent", "tags")
"""What the next one takes over."""


def repeat(change: Change, task: Task) -> None:
    """Make the next one of a task that repeats and is being done; from then on that one repeats.

    Its start is as far ahead of its due date as before. Days that passed meanwhile are passed over, and said.
    """
    from pmtui.domain.repeats import RepeatError, next_of, read_repeats  # only where something repeats

    if not task.repeats or not task.is_open:
        return
    try:
        repeats = read_repeats(task.repeats, change.today)
    except RepeatError:
        change.said.append(f"{task.number} repeats {task.repeats!r}, which is not understood: no next one was made")
        return
    counted = task.baseline_due if task.slip_count and task.baseline_due else task.due
    later = max((day for day in (task.due, task.baseline_due) if day), default=None)
    found = next_of(repeats, counted, change.today, change.data.calendar, after=later)
    change.edit(task, repeats="")
    if found is None:
        change.said.append(f"{task.number} was the last one: it repeated {repeats.say(change.today)}")
        return
    due, following = found
    ahead = task.due - task.start if task.due and task.start else None
    start = due - ahead if ahead is not None else None
    values: dict[str, Any] = {name: getattr(task, name) for name in SAME}
    new = change.add(Task(due=due, start=start, repeats=following.write(), **values), decided=False)
    left = f", {following.times} left with it" if following.times else ""
    change.said.append(f"{new.number} is the next one, due {say_date(due, change.today)}{left}")


def with_first_due(values: Mapping[str, Any], data: ProjectData, today: dt.date) -> dict[str, Any]:
    """The values of a task, due on the first day that its repetition says where no due date was given."""
    from pmtui.domain.repeats import first_day, read_repeats

    words = values.get("repeats")
    if not words or values.get("due"):
        return dict(values)
    day = first_day(read_repeats(str(words), today), today, data.calendar)
    return {**values, "due": day} if day else dict(values)


def end(change: Change, task: Task, why: str) -> None:
    """Say of a task that repeats, and is not done but left, that it does so no more."""
    if task.repeats and task.is_open:
        change.said.append(f"{task.number} repeated; no next one is made, as it is {why}")
