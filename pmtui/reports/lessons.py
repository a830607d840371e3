"""What the records say could be learnt: what was written before, what slipped, what came true, what cost more."""

import datetime as dt
from collections.abc import Iterator

from pmtui.domain.budget import totals
from pmtui.domain.project_data import ProjectData
from pmtui.reports.words import cents_matter, count, day, money

OFTEN = 2
"""Moves of a task from which on its date was no estimate."""


def lessons(data: ProjectData, today: dt.date) -> Iterator[str]:
    """Sentences to pick from: those of earlier reports first, then the dearest and the latest."""
    for report in data.reports.values():
        if report.status == "issued":
            lines = (line.strip().removeprefix("- ") for line in report.words.get("lessons", "").splitlines())
            yield from (f"{line} ({report.number})" for line in lines if line)
    yield from _money(data)
    yield from _dates(data, today)
    yield from _risks(data)


def _money(data: ProjectData) -> Iterator[str]:
    over = [(t.forecast - t.planned, t.line.category) for t in totals(data).lines if t.line.kind == "base"]
    for amount, category in sorted(over, reverse=True):
        if amount > 0:
            shown = money(amount, cents=cents_matter([amount]))
            yield f"{category} cost {shown} {data.project.currency} more than planned"


def _dates(data: ProjectData, today: dt.date) -> Iterator[str]:
    late = sorted((m for m in data.milestones.values() if m.days_late > 0), key=lambda m: (-m.days_late, m.id))
    for m in late:
        why = f": {m.forecast_reason}" if m.forecast_reason else ""
        when = day(m.actual or m.forecast, today)
        yield f"{m.number} {m.title} came {count(m.days_late, 'day')} late, on {when}{why}"
    moved = sorted((t for t in data.tasks.values() if t.slip_count >= OFTEN), key=lambda t: (-t.slip_count, t.id))
    yield from (f"{t.number} {t.title} was moved {t.slip_count} times" for t in moved)


def _risks(data: ProjectData) -> Iterator[str]:
    for risk in data.risks.values():
        if risk.issue:
            found = data.get(risk.issue)
            came = f"{risk.issue} {found.name}" if found else risk.issue
            yield f"{risk.number} {risk.title} occurred and became {came}"
    for issue in data.issues.values():
        if issue.resolution and not issue.is_open:
            yield f"{issue.number} {issue.title} was resolved: {issue.resolution}"
