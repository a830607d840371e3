"""How much of the work is done, and how much should be: what earned value is made of.

Work is weighed in hours: a task's estimate, or eight where none is known. Cancelled tasks are out of
scope. A task whose parts carry the work is not counted a second time: of it counts only what a split
left with it, which is work that was done. Work is planned evenly over the working days from a task's
start to its baseline due; where no start is known, over the days that its estimate takes.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil

import msgspec

from pmtui.domain.calendar import WorkingCalendar
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Task
from pmtui.domain.records.task import CANCELLED, DONE

ZERO, ONE = Decimal(0), Decimal(1)
DAY_HOURS = 8
"""Hours of a working day, and of a task without an estimate."""

_LONGEST = 2600
"""Working days, ten years of them, that an estimate is taken for at most."""

_DAY = dt.timedelta(days=1)


class Work(msgspec.Struct, frozen=True):
    """A task's part in the work: its ``weight`` in hours, and the shares (0 to 1) done and planned by a day."""

    number: str
    title: str
    weight: Decimal
    done: Decimal
    planned: Decimal
    estimated: bool = True
    dated: bool = True


class Progress(msgspec.Struct, frozen=True):
    """The work in scope on a day, task by task, and the days from and to which it was planned."""

    on: dt.date
    work: tuple[Work, ...]
    start: dt.date | None = None
    finish: dt.date | None = None

    @property
    def weight(self) -> Decimal:
        """All hours."""
        return sum((part.weight for part in self.work), ZERO)

    @property
    def done(self) -> Decimal:
        """The hours' worth that is done."""
        return sum((part.weight * part.done for part in self.work), ZERO)

    @property
    def planned(self) -> Decimal:
        """The hours' worth that was planned to be done."""
        return sum((part.weight * part.planned for part in self.work), ZERO)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.work) and all(part.done == 1 for part in self.work)

    @property
    def unestimated(self) -> int:
        """How many tasks count as a day's work for want of an estimate."""
        return sum(1 for part in self.work if not part.estimated)

    @property
    def undated(self) -> int:
        """How many tasks are planned over the project's whole time for want of a date."""
        return sum(1 for part in self.work if not part.dated)


class Plan:
    """When the work of a project was planned: for each task in scope the days between which it grows evenly."""

    def __init__(self, data: ProjectData) -> None:
        self._found = list(_in_scope(data))
        self._calendar = data.calendar
        spans = [_span(task, hours, self._calendar) for task, hours, _ in self._found]
        known = [span for span in spans if span is not None]
        whole = _whole_time(data, known)
        self._spans = [span or whole for span in spans]
        self._dated = [span is not None for span in spans]
        days = [day for span in self._spans if span is not None for day in span]
        self.start: dt.date | None = min(days) + _DAY if days else None
        self.finish: dt.date | None = max(days, default=None)
        self._counted: dict[dt.date, int] = {}

    def progress(self, on: dt.date) -> Progress:
        """Where the work stands on a day; what is done is what is done now."""
        work = tuple(
            Work(
                task.number,
                task.title,
                hours,
                ONE if own or task.status == DONE else Decimal(task.percent_done) / 100,
                self._share(span, on),
                estimated=bool(task.estimate),
                dated=dated,
            )
            for (task, hours, own), span, dated in zip(self._found, self._spans, self._dated, strict=True)
        )
        return Progress(on, work, self.start, self.finish)

    def planned_share(self, on: dt.date) -> Decimal:
        """The share of all the work, 0 to 1, that was planned to be done by a day."""
        weight = sum((hours for _, hours, _ in self._found), ZERO)
        parts = zip(self._found, self._spans, strict=True)
        planned = sum((hours * self._share(span, on) for (_, hours, _), span in parts), ZERO)
        return planned / weight if weight else ZERO

    def working_days(self, before: dt.date, to: dt.date) -> int:
        """The working days after one day, up to and including another; each day is counted to once."""
        return self._days_to(to) - self._days_to(before)

    def _share(self, span: tuple[dt.date, dt.date] | None, on: dt.date) -> Decimal:
        """How much of what grows evenly after the first day, up to the second, is there; 0 where nothing is planned."""
        if span is None or on <= span[0]:
            return ZERO
        if on >= span[1]:
            return ONE
        days = self.working_days(*span)
        return Decimal(self.working_days(span[0], on)) / days if days else ZERO

    def _days_to(self, day: dt.date) -> int:
        if day not in self._counted:
            assert self.start is not None
            self._counted[day] = self._calendar.working_days_between(self.start - _DAY, day)
        return self._counted[day]


def progress(data: ProjectData, on: dt.date) -> Progress:
    """Where the work stands, against what was planned by a day."""
    return Plan(data).progress(on)


def _in_scope(data: ProjectData) -> Iterator[tuple[Task, Decimal, bool]]:
    """The tasks that count, in the order of their numbers, their hours, and whether those are what a split left."""
    wanted = [task for _, task in sorted(data.tasks.items()) if task.status != CANCELLED]
    above = {task.parent for task in wanted if task.parent}
    for task in wanted:
        hours = Decimal(str(task.estimate)) if task.estimate else ZERO
        if task.number not in above:
            yield task, hours or Decimal(DAY_HOURS), False
        elif hours and task.remaining == 0:
            yield task, hours, True


def _span(task: Task, hours: Decimal, calendar: WorkingCalendar) -> tuple[dt.date, dt.date] | None:
    """The day before a task was to begin, and the day it was due by its baseline; ``None`` without one."""
    end = task.baseline_due or task.due
    if end is None:
        return None
    try:
        if task.start and task.start <= end:
            return task.start - _DAY, end
        last = end if calendar.is_working(end) else calendar.add_working_days(end, -1)
        return calendar.add_working_days(last, -min(max(1, ceil(hours / DAY_HOURS)), _LONGEST)), end
    except (OverflowError, ValueError):  # at the beginning of the years
        return end, end


def _whole_time(data: ProjectData, spans: Sequence[tuple[dt.date, dt.date]]) -> tuple[dt.date, dt.date] | None:
    """The project's whole time, by its dates, else by those of its tasks; ``None`` where no day is known."""
    start = data.project.start - _DAY if data.project.start else min((begin for begin, _ in spans), default=None)
    finish = data.project.finish or max((end for _, end in spans), default=None)
    return (start, finish) if start is not None and finish is not None and start < finish else None
