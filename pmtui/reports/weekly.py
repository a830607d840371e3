"""The team's week: by person what was done, what is blocked or late, and what is due in the week after.

Weeks begin on Monday. Each task is told once; hours are those that were logged for the days of the week.
"""

import datetime as dt
from collections.abc import Iterator

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Task
from pmtui.domain.records.task import BACKLOG, BLOCKED, DONE
from pmtui.reports.blocks import Block, Cell, Column, Facts, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.words import count, day, full_day, period

WEEK = dt.timedelta(days=7)
_DAY = dt.timedelta(days=1)


class WorkRow(msgspec.Struct, frozen=True):
    """A task: done on or due on a day; ``days`` is how late it is, ``why`` what blocks it."""

    number: str
    title: str
    on: dt.date | None
    days: int = 0
    why: str = ""


class PersonWeek(msgspec.Struct, frozen=True):
    """The week of one person; an empty ``who`` stands for tasks that nobody has."""

    who: str
    name: str
    hours: float = 0.0
    done: tuple[WorkRow, ...] = ()
    blocked: tuple[WorkRow, ...] = ()
    late: tuple[WorkRow, ...] = ()
    next: tuple[WorkRow, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.hours or self.done or self.blocked or self.late or self.next)


class TeamWeek(msgspec.Struct, frozen=True):
    """The week from ``start`` to ``end``, both included, as things are ``on`` a day; what is next ends ``next_end``."""

    code: str
    project: str
    start: dt.date
    end: dt.date
    next_end: dt.date
    on: dt.date
    people: tuple[PersonWeek, ...]

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""
        return tuple(_parts(self))


def build_weekly(data: ProjectData, start: dt.date, end: dt.date, today: dt.date) -> TeamWeek:
    """The team's days from ``start`` to ``end``; blocked and late are as they are ``today``."""
    next_end = end + WEEK
    found: dict[str, dict[str, list[WorkRow]]] = {}
    for task in data.tasks.values():
        part, row = _told(task, start, end, next_end, today)
        if row is not None:
            found.setdefault(task.owner, {}).setdefault(part, []).append(row)
    hours: dict[str, float] = {}
    for entry in data.hours.values():
        if start <= entry.date <= end:
            hours[entry.who] = hours.get(entry.who, 0.0) + entry.hours
    handles = sorted({*found, *hours}, key=lambda who: (not who, data.full_name(who).casefold(), who))
    people = [_person(data, who, hours.get(who, 0.0), found.get(who, {})) for who in handles]
    return TeamWeek(
        code=data.project.code,
        project=data.project.title,
        start=start,
        end=end,
        next_end=next_end,
        on=today,
        people=tuple(person for person in people if not person.is_empty),
    )


def _told(task: Task, start: dt.date, end: dt.date, next_end: dt.date, today: dt.date) -> tuple[str, WorkRow | None]:
    """The part of the week that a task is told in, and its row; none where it is not told."""
    if task.status == DONE:
        done = task.finish_date if task.finish_date and start <= task.finish_date <= end else None
        return "done", WorkRow(task.number, task.title, done) if done else None
    if not task.is_open:
        return "", None
    late = task.days_late(today)
    if task.status == BLOCKED:
        return "blocked", WorkRow(task.number, task.title, task.due, late, task.blocked_reason)
    if late:
        return "late", WorkRow(task.number, task.title, task.due, late)
    if task.due and task.status != BACKLOG and task.due <= next_end:
        return "next", WorkRow(task.number, task.title, task.due)
    return "", None


def _person(data: ProjectData, who: str, hours: float, parts: dict[str, list[WorkRow]]) -> PersonWeek:
    def by_day(row: WorkRow) -> tuple[dt.date, int]:
        return row.on or dt.date.max, data.id_of(row.number)

    ordered = {part: tuple(sorted(rows, key=by_day)) for part, rows in parts.items()}
    return PersonWeek(who, data.full_name(who) if who else "Nobody", hours, **ordered)


def _parts(week: TeamWeek) -> Iterator[Block]:
    yield Title(week.project or week.code, "The team's week")
    totals = [
        ("Week", period(week.start, week.end)),
        ("Next", period(week.end + _DAY, week.next_end)),
        ("Done", f"{sum(len(p.done) for p in week.people):,}"),
        ("Blocked", f"{sum(len(p.blocked) for p in week.people):,}"),
        ("Late", f"{sum(len(p.late) for p in week.people):,}"),
        ("Due", f"{sum(len(p.next) for p in week.people):,}"),
    ]
    hours = sum(person.hours for person in week.people)
    yield Facts(tuple(totals + ([("Hours", f"{hours:,.1f}")] if hours else [])))
    if not week.people:
        yield Heading("Team")
        yield Paragraph("Nobody has anything done, due, late or blocked in these days.", "muted")
    for person in week.people:
        yield from _table(person, week.on)
    yield Foot(f"As the logs stood on {full_day(week.on)}.")


def _table(person: PersonWeek, on: dt.date) -> Iterator[Block]:
    counts = [
        (len(person.done), "done"),
        (len(person.blocked), "blocked"),
        (len(person.late), "late"),
        (len(person.next), "due"),
    ]
    said = [f"{number:,} {word}" for number, word in counts if number]
    said += [f"{person.hours:,.1f} h"] if person.hours else []
    title = f"{person.name}: {', '.join(said)}"
    rows = [
        *((Cell("done", "good"), row) for row in person.done),
        *((Cell("blocked", "warn"), row) for row in person.blocked),
        *((Cell("late", "bad"), row) for row in person.late),
        *((Cell("due"), row) for row in person.next),
    ]
    if not rows:
        yield Heading(title)
        yield Paragraph("Only hours in these days.", "muted")
        return
    explained = any(row.why or row.days for _, row in rows)
    why = (Column("Why", most=28),) if explained else ()
    columns = (Column(""), Column("No.", most=8), Column("Task", flex=True), *why, Column("When", "right"))
    yield Table(title, columns, tuple(_cells(what, row, on, explained=explained) for what, row in rows))


def _cells(what: Cell, row: WorkRow, on: dt.date, *, explained: bool) -> tuple[Cell, ...]:
    reasons = (row.why, f"{count(row.days, 'day')} late" if row.days else "")
    why = (Cell(", ".join(filter(None, reasons))),) if explained else ()
    when = Cell(day(row.on, on), "bad" if row.days else "")
    return (what, Cell(row.number, "muted"), Cell(row.title), *why, when)
