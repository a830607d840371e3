"""The lines of the report's screen: what stands on each, and the words that explain it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from pmtui.domain.dates import MONTHS, DateError, read_date
from pmtui.domain.lights import SHAPES, TONES, TRENDS, Light
from pmtui.domain.problems import Refused
from pmtui.domain.records import Report
from pmtui.reports.frozen_page import frozen_page
from pmtui.reports.page import to_lines
from pmtui.services import reports
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span, wrap

NAMES = {
    "summary": "Summary",
    "done": "Done",
    "next": "Next",
    "decisions wanted": "Decisions",
    "title": "Title",
    "cause": "Cause",
    "consequences": "Consequences",
    "options": "Options",
    "recommendation": "Recommended",
    "lessons": "Lessons",
    "handed over": "Handed over",
}
"""What the lines of sections are called, in the few cells that they have."""


@dataclass(frozen=True, slots=True)
class LightLine:
    """The line of a light, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class WordsLine:
    """The line of a section that the manager writes."""

    section: str


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """The line of a report that was issued, by its number."""

    number: str


def page_lines(project: OpenProject, report: Report, width: int) -> list[Sequence[Span]]:
    """A report's page: an issued one as it was frozen, also where only its text can be read."""
    try:
        return [*to_lines(reports.preview(project, report), width)]
    except Refused:
        return [*to_lines(frozen_page(report.text), width)]


def read_period(text: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Two dates with "to" between; raises :class:`Refused` saying what is allowed."""
    first, _, last = text.partition(" to ")
    allowed = "allowed: two dates, such as 23 feb to 1 mar"
    try:
        start, end = read_date(first, today, prefer="past"), read_date(last, today, prefer="past")
    except DateError as error:
        raise Refused(f"{error}" if last.strip() else allowed) from None
    if end < start:
        raise Refused("the period ends before it begins")
    return start, end


def period_words(report: Report) -> str:
    """The days of a report, in the few cells that its line has."""
    start, end = report.period_start, report.period_end
    if (start.year, start.month) == (end.year, end.month):
        days = f"{start.day}–" if start.day != end.day else ""
        return f"{days}{end.day} {_month(end)}"
    return f"{start.day} {_month(start)}–{end.day} {_month(end)}"


def _month(day: dt.date) -> str:
    return MONTHS[day.month - 1][:3]


def light_cell(light: Light) -> Cell:
    """The colour with its trend; set by hand, after the one by the rules."""
    shown: list[Span] = []
    if light.override:
        shown = [(SHAPES[light.ruled], TONES[light.ruled]), ("→", "muted")]
    shown.append((f"{SHAPES[light.colour]} {light.word}", TONES[light.colour]))
    shown += [(f" {TRENDS[light.trend]}", "muted")] if light.trend else []
    return tuple(shown)


def words_cell(text: str) -> Cell:
    """How much is written in a section."""
    lines = len([line for line in text.splitlines() if line.strip()])
    if not lines:
        return ("to write", "muted")
    return (("✓", "good"), (f" {lines} line{'' if lines == 1 else 's'}", "muted"))


def about_lines(title: str, text: str, happened: Sequence[str], keys: str, width: int) -> list[Sequence[Span]]:
    """A title, a text, points in a quieter tone, and the keys."""
    lines: list[Sequence[Span]] = [((title, "strong"),)]
    lines += [((part, ""),) for part in (wrap(text, width) if text else [])]
    for point in happened:
        lines += [
            (("• " if at == 0 else "  ", "muted"), (part, "muted"))
            for at, part in enumerate(wrap(point, max(10, width - 2)))
        ]
    return [*lines, (), *(((part, "accent"),) for part in wrap(keys, width))]


def picked_into(section: str, words: str, line: str) -> str:
    """The words of a section with a line that was picked: a title is one line, all else a list."""
    return line if section == "title" else f"{words}\n- {line}".lstrip("\n")
