"""A person's week: hours by task and day, and how many hours each day has for them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from pmtui.domain.calendar import WorkingCalendar
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import HoursEntry, Person, Task
from pmtui.domain.records.task import DOING
from pmtui.domain.text import fold

DAYS = 7
USUAL_DAY = 8.0
"""Hours of a working day of somebody of whom no more is known."""


class WeekRow(msgspec.Struct, frozen=True):
    """The entries of a task (its number; empty: of no task) by day, Monday first."""

    task: str
    entries: tuple[tuple[HoursEntry, ...], ...]

    def hours(self, day: int) -> float:
        """The hours of a day, 0 for Monday."""
        return sum_of(self.entries[day])

    @property
    def total(self) -> float:
        """The hours of the week."""
        return sum_of(entry for day in self.entries for entry in day)


class Week(msgspec.Struct, frozen=True):
    """The week of a person from a Monday on: a row a task, and the hours that each day has for them."""

    who: str
    monday: dt.date
    rows: tuple[WeekRow, ...]
    capacity: tuple[float, ...]

    def day(self, place: int) -> dt.date:
        """The date of a day, 0 for Monday."""
        return self.monday + dt.timedelta(days=place)

    def hours(self, place: int) -> float:
        """All hours of a day."""
        return round(sum(row.hours(place) for row in self.rows), 2)

    @property
    def total(self) -> float:
        """All hours of the week."""
        return round(sum(row.total for row in self.rows), 2)


def monday_of(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def sum_of(entries: Iterable[HoursEntry]) -> float:
    """The hours of some entries, exactly as they are written."""
    return float(sum((Decimal(str(entry.hours)) for entry in entries), Decimal(0)))


def entries_of(data: ProjectData, who: str, first: dt.date, days: int = DAYS) -> list[HoursEntry]:
    """A person's entries from a day on, the earliest first."""
    last, handle = first + dt.timedelta(days=days - 1), fold(who)
    found = (e for e in data.hours.values() if first <= e.date <= last and fold(e.who) == handle)
    return sorted(found, key=lambda e: (e.date, e.id))


def week_of(data: ProjectData, who: str, monday: dt.date, also: Iterable[str] = ()) -> Week:
    """A person's week: tasks with hours in it, those of theirs in doing, those named besides; no task comes last."""
    days: dict[str, list[list[HoursEntry]]] = {}
    for entry in entries_of(data, who, monday):
        days.setdefault(entry.task, [[] for _ in range(DAYS)])[(entry.date - monday).days].append(entry)
    doing = (t.number for t in data.tasks.values() if t.status == DOING and t.owner and fold(t.owner) == fold(who))
    there = (number for number in also if isinstance(data.get(number), Task))
    shown = sorted({*days, *doing, *there, ""}, key=lambda number: (not number, data.id_of(number)))
    rows = tuple(WeekRow(task, _frozen(days.get(task, [[]] * DAYS))) for task in shown)
    person, calendar = data.person(who), data.calendar
    capacity = tuple(capacity_on(person, monday + dt.timedelta(days=place), calendar) for place in range(DAYS))
    return Week(who, monday, rows, capacity)


def capacity_on(person: Person | None, day: dt.date, calendar: WorkingCalendar) -> float:
    """The hours that a person has on a day: none on days off, on holidays and while away."""
    if not calendar.is_working(day) or is_away(person, day):
        return 0.0
    return person.hours_a_day if person else USUAL_DAY


def is_away(person: Person | None, day: dt.date) -> bool:
    """Whether a person is away on a day."""
    return person is not None and any(absence.first <= day <= absence.last for absence in person.absences)


def _frozen(days: Sequence[Sequence[HoursEntry]]) -> tuple[tuple[HoursEntry, ...], ...]:
    return tuple(tuple(day) for day in days)
