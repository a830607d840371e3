"""Who has which open actions of which meetings: the list across meetings, and one person's as a text to send."""

import datetime as dt
from collections.abc import Iterator, Sequence

import msgspec

from pmtui.domain.agenda import survivor
from pmtui.domain.dates import MONTHS, WEEKDAYS
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting, Task


class OpenAction(msgspec.Struct, frozen=True):
    """An open action and the meeting that asked for it."""

    task: Task
    meeting: Meeting


def open_actions_of_all(data: ProjectData) -> dict[str, tuple[OpenAction, ...]]:
    """Open actions by owner, people by name and nobody last; each person's by due date, those without one last.

    An action that was merged stands as the task it was merged into.
    """
    found: dict[str, OpenAction] = {}
    for task, meeting in _asked_for(data):
        lasting = survivor(data, task)
        if lasting.is_open:
            found.setdefault(lasting.number, OpenAction(lasting, meeting))
    owners = sorted({a.task.owner for a in found.values()}, key=lambda o: (not o, data.full_name(o).lower(), o))
    far = dt.date.max
    return {
        owner: tuple(
            sorted((a for a in found.values() if a.task.owner == owner), key=lambda a: (a.task.due or far, a.task.id))
        )
        for owner in owners
    }


def list_text(data: ProjectData, owner: str, actions: Sequence[OpenAction], today: dt.date) -> str:
    """A person's list as plain text: each action with its due day, how late it is, and its meeting."""
    who = data.full_name(owner) or "nobody yet"
    lines = [f"Open actions of {who}, {data.project.title or data.project.code}, {_day(today)}", ""]
    for action in actions:
        due = due_words(action.task, today)
        lines.append(f"- {action.task.number} {action.task.title}: {due} ({said_in(action.meeting)})")
    return "\n".join(lines)


def due_words(task: Task, today: dt.date) -> str:
    """``due Fri 27 Nov 2026, 3 days late``: exact, since it is read on another day."""
    if task.due is None:
        return "no date yet"
    late = (today - task.due).days
    said = f", {late} day{'' if late == 1 else 's'} late" if late > 0 else ""
    return f"due {_day(task.due)}{said}"


def said_in(meeting: Meeting) -> str:
    """The meeting that asked for an action: ``HRIS weekly of Mon 23 Nov 2026``."""
    return f"{meeting.title} of {_day(meeting.start.date())}"


def _day(day: dt.date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def _asked_for(data: ProjectData) -> Iterator[tuple[Task, Meeting]]:
    """Tasks that came from a meeting; then those that a meeting names and that came from elsewhere."""
    for task in data.tasks.values():
        source = data.get(task.source) if task.source else None
        if isinstance(source, Meeting):
            yield task, source
    for meeting in sorted(data.meetings.values(), key=lambda m: (m.start, m.id)):
        for number in meeting.actions:
            named = data.get(number)
            if isinstance(named, Task):
                yield named, meeting
