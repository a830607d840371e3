"""What happened, put into sentences that a manager can pick for each section of the report."""

from collections.abc import Callable, Iterator

from pmtui.domain.lights import WORDS
from pmtui.reports.model import DatedRow, StatusReport
from pmtui.reports.words import cents_matter, count, day, money

MOST = 30
"""Sentences offered at once."""


def offers(report: StatusReport, section: str) -> list[str]:
    """Sentences for a section, the most consequential first; none for a section that does not exist."""
    found = _SECTIONS.get(section, _nothing)(report)
    return [line for line, _ in zip(found, range(MOST), strict=False)]


def _nothing(_: StatusReport) -> Iterator[str]:
    return iter(())


def _summary(report: StatusReport) -> Iterator[str]:
    overall, *four = report.lights
    if overall.previous and overall.previous != overall.colour:
        yield f"Overall the project went from {WORDS[overall.previous]} to {WORDS[overall.colour]}."
    for light in sorted(four, key=lambda light: "RAG".index(light.colour)):
        changed = f", was {WORDS[light.previous]}" if light.previous not in {"", light.colour} else ""
        if light.colour != "G" or changed:
            why = light.reason or light.why
            yield f"{light.name.capitalize()} is {WORDS[light.colour]}{changed}: {why}."
    for row in report.milestones.rows:
        if row.actual and report.start <= row.actual <= report.end:
            on = day(row.actual, report.on)
            yield f"{row.number} {row.title} was reached on {on}{_lateness(row.days)}."
        elif row.actual is None and row.days > 0:
            on = day(row.forecast, report.on)
            yield f"{row.number} {row.title} is forecast for {on}{_lateness(row.days)}."
    if report.late.total:
        verb = "is" if report.late.total == 1 else "are"
        yield f"{count(report.late.total, 'task')} {verb} late; {count(report.done.total, 'item')} finished."
    if report.money.variance < 0:
        over = -report.money.variance
        yield f"{money(over, cents=cents_matter([over]))} {report.currency} over the budget at completion."


def _lateness(days: int) -> str:
    return f", {count(days, 'day')} late" if days > 0 else ""


def _done(report: StatusReport) -> Iterator[str]:
    for row in report.done.rows:
        yield _dated(row, report)
    for row in report.decided.rows:
        yield f"Decided: {_dated(row, report)}"


def _next(report: StatusReport) -> Iterator[str]:
    for row in report.next.rows:
        who = f", {row.who}" if row.who else ""
        yield f"{row.number} {row.title}{who}, by {day(row.on, report.on)}"
    for late in report.late.rows:
        who = f", {late.who}" if late.who else ""
        yield f"{late.number} {late.title}{who}, {count(late.days, 'day')} late"


def _dated(row: DatedRow, report: StatusReport) -> str:
    return f"{row.number} {row.title} ({day(row.on, report.on)})"


def _wanted(report: StatusReport) -> Iterator[str]:
    for row in report.wanted.rows:
        who = f" by {row.who}" if row.who else ""
        by = f", needed by {day(row.by, report.on)}" if row.by else ""
        yield f"{row.number} {row.title}: to be decided{who}{by}{', late' if row.late else ''}"
    for light in report.lights[1:]:
        if light.colour == "R":
            yield f"{light.name.capitalize()} is red, {light.why}: how to go on"


_SECTIONS: dict[str, Callable[[StatusReport], Iterator[str]]] = {
    "summary": _summary,
    "done": _done,
    "next": _next,
    "decisions wanted": _wanted,
}
