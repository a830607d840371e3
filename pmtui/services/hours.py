"""What is done with hours: logged on tasks, set in a week's grid, frozen with their month."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from pmtui.domain.dates import say_date
from pmtui.domain.labour import charged_line, difference, hours_words, rate_on
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import HoursEntry, Person, Task
from pmtui.domain.records.hours import DAY
from pmtui.domain.text import clean, fold
from pmtui.domain.week import sum_of
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several


def log(project: OpenProject, numbers: Sequence[str], values: Mapping[str, Any]) -> Outcome:
    """Log the same hours on each of these tasks, as one change; who and when are the user and today unless said."""
    given = {"who": project.session.user, "date": project.today, **values}
    with project.change("log hours") as change:
        for number in dict.fromkeys(numbers):
            task = _task(change, number)
            change.add(HoursEntry(**{**given, "task": task.number}))
            change.said += _left(change, number)
        _doubtful(change, given["who"], given["date"])
    hours, day = hours_words(given["hours"]), say_date(given["date"], project.today)
    whose = "" if fold(given["who"]) == fold(project.session.user) else f" of @{given['who']}"
    each = " each" if len(numbers) > 1 else ""
    return Outcome(tuple(numbers), f"{hours}{each}{whose} on {several(numbers)}, {day}", tuple(change.said))


def set_cell(
    project: OpenProject, who: str, day: dt.date, task: str, hours: float, seen: float | None = None
) -> Outcome:
    """Let a person have so many hours on a task (empty: none) on a day, in all.

    One entry is changed; of several, the newest takes the difference, and gives way to the one before it where that
    is not enough. 0 deletes them. ``seen`` is the sum as the user saw it: what others logged meanwhile counts too.
    """
    with project.change("set hours") as change:
        found = entries_in(change.data, who, day, task)
        now = sum_of(found)
        more = round(now - seen, 2) if seen is not None else 0.0
        wanted = round(hours + more, 2)
        if more:
            did = "logged" if more > 0 else "took off"
            change.said.append(f"somebody {did} {hours_words(abs(more))} meanwhile, both count")
        if not 0 <= wanted <= DAY:
            raise Refused([Problem("hours", f"{wanted:g}", "allowed: 0 to 24")])
        if wanted == now:
            return Outcome((task,) if task else (), "")
        _bring(change, found, HoursEntry(who=who, date=day, hours=wanted, task=task), wanted)
        change.said += _left(change, task) if task else []
        _doubtful(change, who, day)
    what = hours_words(wanted) if wanted else "no hours"
    where = f" on {task}" if task else ""
    words = f"{what}{where}, {say_date(day, project.today)}"
    return Outcome((task,) if task else (), words, tuple(change.said))


def set_note(project: OpenProject, number: str, note: str) -> Outcome:
    """What the hours of an entry were for."""
    with project.change("note hours") as change:
        change.edit(project.get(number), note=clean(note))
    return Outcome((number,), f"{number} noted", tuple(change.said))


def entries_in(data: ProjectData, who: str, day: dt.date, task: str) -> list[HoursEntry]:
    """A person's entries on a task and a day, the oldest first."""
    found = (e for e in data.hours.values() if e.date == day and e.task == task and fold(e.who) == fold(who))
    return sorted(found, key=lambda entry: entry.id)


def entries_of_month(data: ProjectData, month: str) -> list[HoursEntry]:
    """The entries of a month, which is written ``2026-03``."""
    return [entry for entry in data.hours.values() if f"{entry.date:%Y-%m}" == month]


def month_words(data: ProjectData, month: str) -> str:
    """The hours of a month, and how many have no rate; empty where there are none."""
    worked = data.labour.by_month.get(month) if data.hours else None
    if worked is None:
        return ""
    return hours_words(worked.hours) + (f", {hours_words(worked.unrated)} without a rate" if worked.unrated else "")


def freeze(change: Change, month: str) -> None:
    """Store with each entry of a month the rate that it has: from now on no change of rates reaches it."""
    people = change.data
    _rate(change, ((e, rate_on(people.person(e.who), e.date)) for e in entries_of_month(change.data, month)))


def thaw(change: Change, month: str) -> None:
    """Take the stored rates of a month away: while it is open its hours cost what the people's rates say."""
    _rate(change, ((entry, None) for entry in entries_of_month(change.data, month)))


def warning(data: ProjectData, who: str, day: dt.date, today: dt.date) -> str:
    """What is doubtful about hours of a person on a day, though it stands; empty where nothing is."""
    if day > today:
        return f"{say_date(day, today)} is still to come"
    person = data.person(who)
    away = next((a for a in person.absences if a.first <= day <= a.last), None) if person else None
    if away is not None:
        return f"@{who} is away until {say_date(away.last, today)}"
    return "" if data.calendar.is_working(day) else f"{say_date(day, today)} is no working day"


def rate_effect(project: OpenProject, person: Person) -> str:
    """By how much a person's hours would cost more or less with other rates; empty where they would not."""
    data = project.data
    more = difference(data, person)
    if not more:
        return ""
    closed = "; closed months stay" if any(_in_closed(data, e) for e in entries_by(data, person.handle)) else ""
    word = "more" if more > 0 else "less"
    return f"@{person.handle}'s hours cost {abs(more):,.2f} {data.project.currency} {word}{closed}"


def entries_by(data: ProjectData, who: str) -> list[HoursEntry]:
    """All entries of a person."""
    return [entry for entry in data.hours.values() if fold(entry.who) == fold(who)]


def _in_closed(data: ProjectData, entry: HoursEntry) -> bool:
    return f"{entry.date:%Y-%m}" in data.project.closed_months


def _rate(change: Change, rated: Iterable[tuple[HoursEntry, Any]]) -> None:
    for entry, rate in list(rated):
        if entry.rate != rate:
            change.replace(msgspec.structs.replace(entry, rate=rate))


def _bring(change: Change, found: Sequence[HoursEntry], new: HoursEntry, wanted: float) -> None:
    """Bring the sum of the entries of a cell to what is wanted."""
    if not found:
        change.add(new)
        return
    rest = round(wanted - sum_of(found), 2)
    for entry in reversed(found):
        hours = round(entry.hours + rest, 2)
        if hours > 0:
            change.edit(entry, hours=hours)
            return
        change.remove(entry)
        rest = hours


def _left(change: Change, number: str) -> list[str]:
    """What remains of a task, and that it has ended, as far as that is known."""
    task = change.data.get(number)
    if not isinstance(task, Task):
        return []
    if not task.is_open:
        return [f"{number} is {task.status}"]
    return [f"{number} {task.remaining:g}h left"] if task.remaining is not None else []


def _doubtful(change: Change, who: str, day: dt.date) -> None:
    found = warning(change.data, who, day, change.today)
    change.said += [found] if found else []
    line = charged_line(change.data)
    if line is None:
        return
    from pmtui.domain.budget import totals  # only where hours are charged

    over = next((t for t in totals(change.data).lines if t.line.id == line.id and t.left < 0), None)
    change.said += [f"{line.category} is {-over.left:,.2f} over its budget"] if over else []


def _task(change: Change, number: str) -> Task:
    found = change.data.get(number)
    if not isinstance(found, Task):
        raise Refused(f"{number}: hours are logged on tasks")
    return found
