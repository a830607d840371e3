"""What hours cost, on a page: by person, month and task, or the entries of one person and month."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.dates import MONTHS
from pmtui.domain.labour import Labour, Worked, charged_line, charged_twice, labour_cost, plain_hours
from pmtui.domain.project_data import ProjectData
from pmtui.keymap import key_of
from pmtui.screens.money import month_name
from pmtui.screens.page import PageScreen
from pmtui.screens.summary import amount
from pmtui.widgets.cells import Span, fit, wrap

if TYPE_CHECKING:
    from pmtui.domain.records import HoursEntry
    from pmtui.services.project import OpenProject

HOURS, COST = 11, 15
"""Cells of the hours and of the cost."""

Line = Sequence[Span]


def labour_page(project: "OpenProject", who: str = "", month: str = "") -> PageScreen:
    """The hours of a project and their cost; where a person or a month is named, of these alone, entry by entry."""
    named = " ".join(part for part in (f"@{who}" if who else "", month_name(month) if month else "") if part)
    title = f"{project.data.project.title or project.code}: hours" + (f" of {named}" if named else "")

    def lines(width: int) -> list[Line]:
        return labour_lines(project.data, who, month, width)

    return PageScreen(title, lines)


def labour_lines(data: ProjectData, who: str, month: str, width: int) -> list[Line]:
    """The page's lines."""
    labour = data.labour
    if who or month:
        chosen = [
            entry
            for entry, _ in labour.entries
            if (not who or _handle(data, entry.who) == who) and (not month or f"{entry.date:%Y-%m}" == month)
        ]
        labour = labour_cost(data, chosen)
    if not labour.entries:
        return [((part, ""),) for part in wrap(_nothing(), width)]
    room = width - HOURS - COST
    heading = (fit("", room), "head"), (fit("Hours", HOURS, "right"), "head")
    lines: list[Line] = [(*heading, (fit(f"Cost {data.project.currency}", COST, "right"), "head"))]
    lines += [_line("All", labour.total, room, "strong"), *_charged(data, labour, width)]
    if labour.unrated_words:
        said = f"▲ {labour.unrated_words}. {key_of('settings.rate')} on a person in the project's settings gives one."
        lines += [((part, "warn"),) for part in wrap(said, width)]
    lines += _part("By person", {f"@{h} {_name(data, h)}".strip(): w for h, w in labour.by_person.items()}, room)
    closed = data.project.closed_months
    months = {f"{month_name(m)}{'   closed' if m in closed else ''}": w for m, w in labour.by_month.items()}
    lines += _part("By month", months, room)
    lines += _part("By task", {_task(data, n): w for n, w in labour.by_task.items()}, room)
    if who or month:
        several = len(labour.by_person) > 1
        lines += [(("", ""),), (("Entries", "title"),)]
        lines += [_entry(entry, worked, room, named=several) for entry, worked in labour.entries]
    return lines


def _charged(data: ProjectData, labour: Labour, width: int) -> list[Line]:
    """Which budget line they are charged to, or which setting would; and that the line has entries too."""
    line = charged_line(data)
    if line is None:
        label = data.project.TYPE.fields["labour_line"].label
        words = f"They cost the budget nothing: “{label}” in the project's settings names the line that takes them."
        return [((part, "muted"),) for part in wrap(words, width)]
    words = f"Charged to {line.number} {line.category}, as actual cost."
    twice = charged_twice(data)
    lines: list[Line] = [((part, "muted"),) for part in wrap(words, width)]
    if twice and labour.entries:
        lines += [((part, "warn"),) for part in wrap(twice_words(data), width)]
    return lines


def twice_words(data: ProjectData) -> str:
    """That the line of the hours has entries too; empty where it has not."""
    line, twice = charged_line(data), charged_twice(data)
    if line is None or twice is None:
        return ""
    booked, hours = (amount(value, cents=True) for value in twice)
    return f"▲ {line.number} has both entries ({booked}) and hours ({hours}): is the same work in both?"


def _nothing() -> str:
    log, week = key_of("record.hours"), key_of("hours.week")
    return f"No hours yet: {log} on a task logs them, {week} in Costs shows the week's grid."


def _part(title: str, sums: Mapping[str, Worked], room: int) -> list[Line]:
    return [(("", ""),), ((title, "title"),), *(_line(name, worked, room) for name, worked in sums.items())]


def _line(name: str, worked: Worked, room: int, tone: str = "") -> Line:
    partly = worked.unrated and worked.unrated < worked.hours
    cost = "no rate" if worked.unrated == worked.hours else amount(worked.cost, cents=True) + ("▲" if partly else "")
    warn = "warn" if worked.unrated else tone
    return (
        (fit(name, room), tone),
        (fit(plain_hours(worked.hours), HOURS, "right"), tone),
        (
            fit(cost, COST, "right"),
            warn,
        ),
    )


def _entry(entry: "HoursEntry", worked: Worked, room: int, *, named: bool) -> Line:
    who = f"@{entry.who} " if named else ""
    day = f"{entry.date.day:>2} {MONTHS[entry.date.month - 1][:3]}"
    return _line(f"{entry.number:<6}{day}  {who}{entry.task} {entry.note}".rstrip(), worked, room)


def _task(data: ProjectData, number: str) -> str:
    found = data.get(number) if number else None
    return f"{number} {found.name}" if found else number or "no task"


def _name(data: ProjectData, handle: str) -> str:
    person = data.person(handle)
    return person.full_name if person else ""


def _handle(data: ProjectData, who: str) -> str:
    person = data.person(who)
    return person.handle if person else who
