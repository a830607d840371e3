"""What a new date does to all that waits for it, said before it is confirmed."""

import datetime as dt
from collections.abc import Mapping

import msgspec

from pmtui.domain.dates import say_date
from pmtui.domain.project_data import ProjectData
from pmtui.domain.schedule import CycleError, Shift, knock_on


class Consequence(msgspec.Struct, frozen=True):
    """What moves: tasks and milestones, and the calendar days of tolerance left (``None``: no finish set)."""

    tasks: tuple[Shift, ...] = ()
    milestones: tuple[Shift, ...] = ()
    tolerance_left: int | None = None

    def words(self, data: ProjectData, today: dt.date) -> str:
        """In one line, the worst first; empty when nothing moves."""
        parts = []
        for shift in self.milestones[:2]:
            milestone = data.get(shift.key)
            name = f"{shift.key} {milestone.name}" if milestone else shift.key
            parts.append(f"{name} {_brief(shift.old, today)} → {_brief(shift.new, today)}")
        if len(self.milestones) > 2:
            parts.append(f"{len(self.milestones) - 2} more milestones")
        if (self.milestones or self.tasks) and self.tolerance_left is not None:
            left = self.tolerance_left
            parts.append(f"{left} days of tolerance left" if left >= 0 else f"{-left} days past tolerance")
        if self.tasks:
            parts.append(f"{len(self.tasks)} task{'s move' if len(self.tasks) > 1 else ' moves'} too")
        return ", ".join(parts)


def consequence(data: ProjectData, moved: Mapping[str, dt.date]) -> Consequence:
    """What moving these tasks to these dates does, in working days over finish-to-start links."""
    known = {number: day for number, day in moved.items() if number in data.activities}
    if not known:
        return Consequence()
    try:
        shifts = knock_on(data.activities, known, data.calendar)
    except CycleError:
        return Consequence()
    milestones = tuple(s for s in shifts if data.activities[s.key].milestone)
    tasks = tuple(s for s in shifts if not data.activities[s.key].milestone)
    return Consequence(tasks, milestones, tolerance_left(data, {s.key: s.new for s in shifts} | known))


def tolerance_left(data: ProjectData, moved: Mapping[str, dt.date]) -> int | None:
    """Calendar days between the forecast finish and the tolerated one; negative when it is passed."""
    finish = data.project.finish
    if finish is None:
        return None
    dates = [moved.get(key, a.due) for key, a in data.activities.items() if a.open]
    forecast = max((d for d in dates if d), default=finish)
    return data.project.tolerance_days - max(0, (forecast - finish).days)


def holds_up(data: ProjectData, number: str) -> tuple[str, ...]:
    """Open tasks and milestones that wait for a task, directly or through open ones, nearest first.

    What is done or cancelled holds up nothing.
    """
    reached: dict[str, None] = {}
    waiting = [number] if _is_open(data, number) else []
    for key in waiting:
        for after in data.successors.get(key, ()):
            if after not in reached and after != number and _is_open(data, after):
                reached[after] = None
                waiting.append(after)
    return tuple(reached)


def _is_open(data: ProjectData, number: str) -> bool:
    record = data.get(number)
    return record is not None and record.is_open


def _brief(day: dt.date, today: dt.date) -> str:
    """A date without its weekday: ``4 Dec``."""
    words = say_date(day, today).split()
    return " ".join(words[1:]) if len(words) == 3 and not words[0].isdigit() else " ".join(words)
