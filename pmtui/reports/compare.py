"""What changed between two status reports: the one issued last and the draft of the next."""

from collections.abc import Iterator

from pmtui.domain.lights import WORDS
from pmtui.reports.model import MilestoneRow, StatusReport
from pmtui.reports.words import cents_matter, count, day, money, signed

_FIGURES = (
    ("budget", "budget"),
    ("committed", "committed"),
    ("actual", "actual"),
    ("eac", "EAC"),
    ("variance", "variance"),
    ("contingency_left", "contingency left"),
)


def differences(before: StatusReport, after: StatusReport) -> list[str]:
    """What changed, one line each: lights, money, milestones, risks, issues, then how much is late."""
    return [
        *_lights(before, after),
        *_money(before, after),
        *_milestones(before, after),
        *_risks(before, after),
        *_issues(before, after),
        *_counts(before, after),
    ]


def _lights(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = {light.name: light.colour for light in before.lights}
    for light in after.lights:
        old = was.get(light.name, "")
        if old and old != light.colour:
            why = light.reason or light.why
            yield f"{light.name} light {WORDS.get(old, old)} → {WORDS.get(light.colour, light.colour)}: {why}"


def _money(before: StatusReport, after: StatusReport) -> Iterator[str]:
    for name, label in _FIGURES:
        old, new = getattr(before.money, name), getattr(after.money, name)
        if old != new:
            cents = cents_matter((old, new))
            shown = f"{money(old, cents=cents)} → {money(new, cents=cents)} {after.currency}"
            yield f"{label} {shown} ({signed(new - old, cents=cents)})"


def _milestones(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = {row.number: row for row in before.milestones.rows}
    for row in sorted(after.milestones.rows, key=lambda m: m.actual or m.forecast):
        words = _milestone(was.get(row.number), row, after)
        if words:
            yield f"{row.number} {row.title} {words}"


def _milestone(old: MilestoneRow | None, new: MilestoneRow, after: StatusReport) -> str:
    on = after.on
    if new.actual and (old is None or old.actual is None):
        return f"reached on {day(new.actual, on)}"
    if old is None:
        return f"is new, forecast {day(new.forecast, on)}"
    if old.actual and new.actual is None:
        return "is open again"
    if old.forecast == new.forecast:
        return ""
    moved = (new.forecast - old.forecast).days
    way = "later" if moved > 0 else "earlier"
    shown = f"{day(old.forecast, on)} → {day(new.forecast, on)}"
    return f"forecast {shown}, {count(abs(moved), 'day')} {way}"


def _risks(before: StatusReport, after: StatusReport) -> Iterator[str]:
    """Rows that either report left out are not told as new or gone: they may only have moved in rank."""
    was = {row.number: row for row in before.risks.rows}
    now = {row.number: row for row in after.risks.rows}
    for number, row in now.items():
        old = was.get(number)
        if old is None and before.risks.total == len(was):
            yield (
                f"{number} {row.title} is new, {row.score} {row.band}" if row.score else f"{number} {row.title} is new"
            )
        elif old is not None and old.score != row.score:
            yield f"{number} {row.title} score {old.score} → {row.score}, {row.band}"
    if after.risks.total == len(now):
        yield from (f"{number} {row.title} is closed" for number, row in was.items() if number not in now)


def _issues(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = {row.number: row for row in before.issues.rows}
    now = {row.number: row for row in after.issues.rows}
    if before.issues.total == len(was):
        yield from (f"{number} {row.title} was raised" for number, row in now.items() if number not in was)
    if after.issues.total == len(now):
        yield from (f"{number} {row.title} is resolved" for number, row in was.items() if number not in now)


def _counts(before: StatusReport, after: StatusReport) -> Iterator[str]:
    if before.late.total != after.late.total:
        yield f"late: {before.late.total:,} → {count(after.late.total, 'task')}"
    if before.wanted.total != after.wanted.total:
        yield f"decisions wanted: {before.wanted.total:,} → {after.wanted.total:,}"
