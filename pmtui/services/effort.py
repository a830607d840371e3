"""What hours do to their task: they are taken off what remains of it, and given back."""

from typing import TYPE_CHECKING

import msgspec

from pmtui.domain.records import HoursEntry, Task

if TYPE_CHECKING:
    from pmtui.services.change import Change


def take_hours(change: "Change", before: HoursEntry | None, after: HoursEntry | None) -> HoursEntry | None:
    """Let a task's remaining hours follow an entry that is added, changed or deleted; the entry as it is then.

    What remains is what was said last, else the estimate; it never falls below nothing, and an entry gives back
    exactly what it took. Nothing remains of a task that has ended, and of one without an estimate nobody knows.
    """
    if before and after and (before.task, before.hours) == (after.task, after.hours):
        return after
    if before is not None and before.taken:
        task = _open_task(change, before.task)
        if task is not None and task.remaining is not None:
            _leave(change, task, task.remaining + before.taken)
    if after is None:
        return None
    task = _open_task(change, after.task)
    left = None if task is None else task.remaining if task.remaining is not None else task.estimate
    taken = min(left, after.hours) if left is not None else None
    if task is not None and left is not None and taken:
        _leave(change, task, left - taken)
    return msgspec.structs.replace(after, taken=taken or None)


def _open_task(change: "Change", number: str) -> Task | None:
    found = change.data.get(number) if number else None
    return found if isinstance(found, Task) and found.is_open else None


def _leave(change: "Change", task: Task, remaining: float) -> None:
    change.replace(msgspec.structs.replace(task, remaining=round(remaining, 2)))
