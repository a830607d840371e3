"""The cells of a week's grid: hours by task and day, sums against what each day has room for."""

import datetime as dt
from collections.abc import Sequence

from pmtui.domain.dates import MONTHS, say_date
from pmtui.domain.labour import labour_cost, plain_hours
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import HoursEntry, Task
from pmtui.domain.records.task import CANCELLED, DONE
from pmtui.domain.week import DAYS, Week, WeekRow, is_away
from pmtui.keymap import key_of
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.services.hours import warning
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.record_table import Column

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROOMY = 100
"""Columns from which on a day is named in three letters."""

NARROW, WIDE = 5, 6
"""Cells of a day, as there is room."""

CURSOR, CARET = "▸", "_"
OVER, UNDER, EVEN = "▲", "▼", "✓"
"""More hours than a day has room for, fewer once it is over, and just so many."""


def grid_columns(week: Week, width: int) -> tuple[Column, ...]:
    """A column for the task, one a day, one for the sum."""
    letters, cells = (3, WIDE) if width >= ROOMY else (2, NARROW)
    days = [Column(f"day{at}", f"{WEEKDAYS[at][:letters]} {week.day(at).day:>2}", cells, "right") for at in range(DAYS)]
    return (Column("task", "Task", minimum=8), *days, Column("total", "Sum", 6, "right"))


def row_cells(data: ProjectData, row: WeekRow, width: int, at: int, typed: str) -> Sequence[Cell]:
    """A row; the cell at place ``at`` has the cursor (-1: none), and shows what is typed in it."""
    task = data.get(row.task)
    name: Cell = ("no task", "muted")
    if isinstance(task, Task):
        ended = {DONE: " ✓", CANCELLED: " cancelled"}.get(task.status, "")
        name = ((f"{task.number} ", "muted"), (task.title, ""), (ended, "muted"))
    cells: list[Cell] = [_shown(row.hours(day)) or ("·", "muted") for day in range(DAYS)]
    if at >= 0:
        cells[at] = (_under_cursor(row.hours(at), typed, WIDE if width >= ROOMY else NARROW), "title")
    return (name, *cells, (_shown(row.total), "strong"))


def _under_cursor(hours: float, typed: str, room: int) -> str:
    """A cell with its cursor, or with the caret of what is typed; the number itself goes first where it is long."""
    if typed:
        return typed + CARET if len(typed) < room else typed
    shown = _shown(hours) or "·"
    return CURSOR + shown if len(shown) < room else shown


def sum_rows(week: Week, elsewhere: Sequence[float], today: dt.date) -> dict[str, Sequence[Cell]]:
    """The sums of the days, the same person's hours in other projects, the room there is, and the difference."""
    all_hours = [round(week.hours(day) + elsewhere[day], 2) for day in range(DAYS)]
    rows: dict[str, Sequence[Cell]] = {
        "sum": _sums("Sum", [week.hours(day) for day in range(DAYS)], "strong"),
    }
    if any(elsewhere):
        rows["elsewhere"] = _sums("other projects", elsewhere, "muted")
    rows["capacity"] = _sums("Capacity", week.capacity, "muted", nothing="–")
    differences = [_difference(all_hours[day], week.capacity[day], week.day(day), today) for day in range(DAYS)]
    over = _difference(round(sum(all_hours), 2), round(sum(week.capacity), 2), week.day(DAYS - 1), today)
    rows["difference"] = (("", ""), *differences, over)
    return rows


def _sums(name: str, hours: Sequence[float], tone: str, nothing: str = "") -> Sequence[Cell]:
    cells: list[Cell] = [(_shown(value) or nothing, tone) for value in hours]
    return ((name, tone), *cells, (_shown(round(sum(hours), 2)), tone))


def _difference(hours: float, room: float, day: dt.date, today: dt.date) -> Cell:
    """More than there is room for; fewer, once the day is over; as many. Days to come say only that they are full."""
    more = round(hours - room, 2)
    if more > 0:
        return (f"{OVER}{_shown(more)}", "warn")
    if not more:
        return (EVEN, "good") if hours else ""
    return (f"{UNDER}{_shown(-more)}", "warn") if day < today else ""


def _shown(hours: float) -> str:
    return plain_hours(hours) if hours else ""


def week_facts(data: ProjectData, week: Week, today: dt.date, width: int) -> Sequence[Sequence[Span]]:
    """Whose week, from when to when, how many hours of how many, and what they cost."""
    person, last = data.person(week.who), week.day(DAYS - 1)
    labour = labour_cost(data, [e for row in week.rows for day in row.entries for e in day])
    first = f"{week.monday.day} {MONTHS[week.monday.month - 1][:3]}"
    number = week.monday.isocalendar().week
    now = " this week" if week.monday <= today <= last else ""
    facts: list[Fact] = [
        ((f"@{week.who}", "strong"), (f" {person.full_name}" if person and person.full_name else "", "")),
        (
            (f"week {number}", "strong"),
            (f" {first} to {last.day} {MONTHS[last.month - 1][:3]} {last.year}", ""),
            (now, "accent"),
        ),
        ((plain_hours(week.total), "strong"), (f" of {plain_hours(sum(week.capacity))} h", "muted")),
    ]
    if labour.total.cost:
        facts.append(((amount(labour.total.cost, cents=True), ""), (f" {data.project.currency}", "muted")))
    if labour.total.unrated:
        facts.append(((f"▲ {plain_hours(labour.total.unrated)} h without a rate", "warn"),))
    return flowed(facts, width)


def story_of_cell(
    project: OpenProject, who: str, task: str, day: dt.date, entries: Sequence[HoursEntry], width: int
) -> list[Sequence[Span]]:
    """The day and the task of a cell, its entries with their notes, and what is doubtful about the day."""
    data, today = project.data, project.today
    found = data.get(task)
    name = f"{found.number} {found.title}" if isinstance(found, Task) else "no task"
    lines: list[Sequence[Span]] = [((say_date(day, today), "strong"), (f"  {name}", ""))]
    month = f"{day:%Y-%m}"
    if month in data.project.closed_months:
        lines.append(((f"the month {month} is closed: its hours stay as they are", "muted"),))
    elif day <= today or entries or is_away(data.person(who), day):
        doubt = warning(data, who, day, today)
        lines += [((f"▲ {doubt}", "warn"),)] if doubt else []
    for entry in entries:
        words = f"{entry.number}  {plain_hours(entry.hours)} h  {entry.note or 'no note'}"
        lines += [((part, "" if entry.note else "muted"),) for part in wrap(words, width)]
    if entries:
        lines[-1] = (*lines[-1], (f"   {key_of('record.note')}", "accent"), (" note", "muted"))
    if isinstance(found, Task):
        lines += [((part, "muted"),) for part in wrap(_task_words(data, found), width)]
    elif not entries:
        keys = ((key_of("week.add_row"), "accent"), (" a row for a task   ", "muted"))
        lines.append((*keys, (key_of("week.copy"), "accent"), (" last week's tasks", "muted")))
    return lines


def _task_words(data: ProjectData, task: Task) -> str:
    of = f" of {task.estimate:g} h estimated" if task.estimate else ""
    left = f", {task.remaining:g} h left" if task.remaining is not None and task.is_open else ""
    return f"{task.number} {plain_hours(data.effort(task))} h{of}{left}, {task.status}"
