"""Templates of task sets: the lines that one would type, with dates counted from one day.

``T-5`` is five days before that day, ``T+2wd`` two working days after it, ``T-1w`` a week before it. Indentation
makes parts, ``after "Back up the database"`` or ``after previous`` what a task waits for. Everything else is the
language of the line that adds a task.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.pasting import split_paste
from pmtui.domain.problems import Problem
from pmtui.domain.text import clean, fold

if TYPE_CHECKING:
    from pmtui.domain.calendar import WorkingCalendar
    from pmtui.domain.records import Task

ALLOWED_DAYS = "allowed: T, T-5 (days), T-2w (weeks), T+3wd (working days); text goes in quotes"
FURTHEST = 999
"""The most units that a date may be from the day."""

_QUOTED = re.compile(r'"[^"]*"')
_DATED = ("due", "start", "starts", "review", "by", "from", "on", "until", "follow-up", "expected")
_ASKED = re.compile(rf"(?<!\S)(?P<word>{'|'.join(_DATED)}) (?P<at>T|(?:T ?)?[+-]\d{{1,4}}(?:wd|[dw])?)(?=[\s,;]|$)")
_BARE = re.compile(r"(?<!\S)(?P<at>T(?:[+-]\d{1,4}(?:wd|[dw])?)?)(?=[\s,;]|$)")
_AT = re.compile(r"T? ?(?P<sign>[+-])(?P<count>\d{1,4})(?P<unit>wd|[dw])?")
_ANY_DAY = dt.date(2024, 7, 3)
"""A day on which templates are read to see whether they can be; what they say is counted from a day given later."""

_AFTER_NUMBER = re.compile(r"(?<!\S)after (T-?\d+)", re.IGNORECASE)
BY_TITLE = 'T-5 is a day here; a task waits for another by its title: after "…", or after previous'
_UNREAD = re.compile(r"(?<!\S)T ?[+-]\S*")
"""What looks like a date counted from the day where none was read."""

_DAY = dt.timedelta(days=1)

Moment = Callable[[str], str]
"""What to write in place of a date that is counted from the day."""


def on_day(text: str, day: dt.date, calendar: "WorkingCalendar | None" = None) -> str:
    """A template's text with its dates, counted from a day; raises ``ValueError`` for a date that does not exist."""

    def date(words: str) -> str:
        return date_at(words, day, calendar).isoformat()

    return "\n".join(_with_dates(line, date) for line in clean(text, lines=True).split("\n"))


def date_at(words: str, day: dt.date, calendar: "WorkingCalendar | None" = None) -> dt.date:
    """The date that ``T-5``, ``T+2wd``, ``-1w`` or ``T`` means; raises ``ValueError`` where there is none."""
    found = _AT.fullmatch(words)
    if found is None:
        return day
    count = int(found["count"]) * (1 if found["sign"] == "+" else -1)
    if abs(count) > FURTHEST:
        raise ValueError(f"{words}: at most {FURTHEST} from the day")
    if found["unit"] == "wd":
        from pmtui.domain.calendar import WorkingCalendar  # only where working days are counted

        return (calendar or WorkingCalendar()).add_working_days(day, count)
    try:
        return day + dt.timedelta(days=count * (7 if found["unit"] == "w" else 1))
    except OverflowError:
        raise ValueError(f"{words} from {day} is no date") from None


def say_at(date: dt.date, day: dt.date, calendar: "WorkingCalendar") -> str:
    """A date as it is counted from a day: in working days where both ends are ones, else in calendar days."""
    if date == day:
        return "T"
    if calendar.is_working(date):
        after, until = (day, date) if date > day else (date - _DAY, day - _DAY)
        count = calendar.working_days_between(after, until) * (1 if date > day else -1)
        if count and calendar.add_working_days(day, count) == date:
            return f"T{count:+d}wd"
    return f"T{(date - day).days:+d}"


def span(text: str) -> str:
    """From when to when a template's dates go: ``T-10wd to T+5``; empty where it has none."""
    found = [match["at"].replace(" ", "") for line in text.split("\n") for match in _places(line)]
    if not found:
        return ""
    by_day = sorted(dict.fromkeys(found), key=lambda words: date_at(words, _ANY_DAY))
    first, last = (words if words.startswith("T") else f"T{words}" for words in (by_day[0], by_day[-1]))
    return first if first == last else f"{first} to {last}"


def count_lines(text: str) -> int:
    """How many records a template adds."""
    return sum(1 for line in split_paste(text, "task") if not line.ticked)


def line_as_written(text: str, place: int) -> str:
    """A line of a text by its place, from 1."""
    return clean(text, lines=True).split("\n")[place - 1]


def template_problems(text: str) -> list[Problem]:
    """What in a template can't be read, by line; references to records are looked up when it is applied."""
    from pmtui.domain.project_data import ProjectData
    from pmtui.domain.quickgrammar import split_kind
    from pmtui.domain.quickline import read_line

    try:
        lines = split_paste(on_day(text, _ANY_DAY), "task")
    except ValueError as error:
        return [Problem("tasks", "", str(error))]
    if not lines:
        return [Problem("tasks", "", "a template has at least one line, such as: Freeze the interface T-5wd @manager")]
    problems: list[Problem] = []
    texts, refs = split_links([line.text for line in lines])
    for line, said, asked in zip(lines, texts, refs, strict=True):
        kind, rest = split_kind(said, "task")
        found = read_line(kind, rest, ProjectData({}), _ANY_DAY).problems
        wrong = [problem for problem in found if "there is no such" not in problem.allowed]
        problems += [Problem(f"tasks, {p.field}", p.value, p.allowed, line=line.line) for p in wrong]
        known = {fold(title) for title in map(title_of, texts)} | {PREVIOUS}
        numbered = _AFTER_NUMBER.search(_QUOTED.sub("", line_as_written(text, line.line)))
        problems += [Problem("tasks, after", numbered[1], BY_TITLE, line=line.line)] if numbered else []
        unread = _UNREAD.search(_QUOTED.sub("", said))
        problems += [Problem("tasks", unread[0], ALLOWED_DAYS, line=line.line)] if unread else []
        missing = [name for name in asked if fold(name) not in known]
        problems += [Problem("tasks, after", name, NO_SUCH_LINE, line=line.line) for name in missing]
    return problems


# What a task waits for, within a text -------------------------------------------------

PREVIOUS = "previous"
NO_SUCH_LINE = 'no line here has this title; write after "…", or after previous'

_ONE = r'(?:previous(?=[\s,;]|$)|"[^"]+"|“[^”]+”)'
_AFTER = re.compile(rf"(?<!\S)after (?P<names>{_ONE}(?:\s*,\s*{_ONE})*)", re.IGNORECASE)


def split_links(lines: Sequence[str]) -> tuple[list[str], list[tuple[str, ...]]]:
    """Lines without ``after "…"`` and ``after previous``, and the titles that each waits for."""
    texts: list[str] = []
    links: list[tuple[str, ...]] = []
    for line in lines:
        found = [match["names"] for match in _AFTER.finditer(line)]
        names = [name.strip('"“”') for words in found for name in re.findall(_ONE, words, re.IGNORECASE)]
        texts.append(" ".join(_AFTER.sub(" ", line).split()) if found else line)
        links.append(tuple(names))
    return texts, links


def title_of(text: str) -> str:
    """The title in a line, which what waits for it names."""
    from pmtui.domain.project_data import ProjectData
    from pmtui.domain.quickgrammar import split_kind
    from pmtui.domain.quickline import read_line

    kind, rest = split_kind(text, "task")
    return str(read_line(kind, rest, ProjectData({}), _ANY_DAY).values.get("title", ""))


# A template of tasks that are there --------------------------------------------------


def template_of(
    tasks: Sequence["Task"], day: dt.date, calendar: "WorkingCalendar", roles: Mapping[str, str]
) -> tuple[str, list[str]]:
    """Tasks as a template, their dates counted from a day; and what of them it can't say.

    ``roles`` are the words for people, by handle, such as the manager's; others stay who they are.
    """
    by_number = {task.number: task for task in tasks}
    lines: list[str] = []
    said: list[str] = []

    def put(task: "Task", depth: int) -> None:
        waits = [by_number[n].title for n in task.depends_on if n in by_number]
        others = [n for n in task.depends_on if n not in by_number]
        if others:
            said.append(f"{task.number} waits for {', '.join(others)}, which is not in the template")
        lines.append("  " * depth + _line_of(task, waits, day, calendar, roles))
        for part in (other for other in ordered if other.parent == task.number and other is not task):
            put(part, depth + 1)

    ordered = sorted(tasks, key=lambda task: (task.due or dt.date.max, task.id))
    for task in ordered:
        if task.parent not in by_number:
            put(task, 0)
    return "\n".join(lines), said


def _line_of(
    task: "Task", waits: Sequence[str], day: dt.date, calendar: "WorkingCalendar", roles: Mapping[str, str]
) -> str:
    title = _unquoted(task.title)
    words = [title if title_of(title) == title and not _AFTER.search(title) and not _places(title) else f'"{title}"']
    words += [f"@{roles.get(task.owner, task.owner)}"] if task.owner else []
    words += [f"start {say_at(task.start, day, calendar)}"] if task.start else []
    words += [f"due {say_at(task.due, day, calendar)}"] if task.due else []
    words += [f"~{task.estimate:g}h"] if task.estimate else []
    words += [f"!{task.priority}"] if task.priority != "normal" else []
    words += [f"#{tag}" for tag in task.tags]
    words += ["after " + ", ".join(f'"{_unquoted(name)}"' for name in waits)] if waits else []
    return " ".join(words)


def _unquoted(title: str) -> str:
    return title.replace('"', "'")


def _places(line: str) -> list[re.Match[str]]:
    """The dates of a line that are counted from the day."""
    bare = _QUOTED.sub(lambda found: "\0" * len(found[0]), line)
    asked = list(_ASKED.finditer(bare))
    taken = {found.end("at") for found in asked}
    return sorted([*asked, *(f for f in _BARE.finditer(bare) if f.end("at") not in taken)], key=lambda f: f.start("at"))


def _with_dates(line: str, moment: Moment) -> str:
    """A line with its dates; one that stands alone is a task's due date."""
    parts: list[str] = []
    at = 0
    dated = re.match(r"\s*(?:[-*+•] +)?(?:milestone|decision|cost|meeting)s?:", line, re.IGNORECASE)
    for found in _places(line):
        asked = "word" in found.re.groupindex or dated
        parts += [line[at : found.start("at")], "" if asked else "due ", moment(found["at"])]
        at = found.end("at")
    return "".join([*parts, line[at:]])
