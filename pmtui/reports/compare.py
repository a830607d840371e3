"""What changed between two status reports: any two that were issued, or one of them and the draft of the next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from pmtui.domain.lights import WORDS
from pmtui.domain.records.plan import CHANGE_FLOW
from pmtui.domain.records.report import SECTIONS
from pmtui.reports.blocks import Block, Bullets, Facts, Foot, Heading, Paragraph, Title
from pmtui.reports.model import (
    ChangeRow,
    DatedRow,
    IssueRow,
    LateRow,
    Listing,
    MilestoneRow,
    RiskRow,
    StatusReport,
    WantedRow,
)
from pmtui.reports.words import NONE, cents_matter, count, day, full_day, money, period, signed

Numbered = TypeVar("Numbered", DatedRow, LateRow, MilestoneRow, RiskRow, IssueRow, ChangeRow, WantedRow)

_FIGURES = (
    ("budget", "budget"),
    ("committed", "committed"),
    ("actual", "actual"),
    ("eac", "EAC"),
    ("variance", "variance"),
    ("contingency", "contingency"),
    ("contingency_left", "contingency left"),
)


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed from one report to a later one, as a page."""

    before: StatusReport
    after: StatusReport

    def blocks(self) -> tuple[Block, ...]:
        """A list for each part of the report in which something changed."""
        return tuple(self._parts())

    def _parts(self) -> Iterator[Block]:
        before, after = self.before, self.after
        yield Title(after.project or after.code, f"{_name(before)} → {_name(after)}")
        yield Facts((("Before", _when(before)), ("After", _when(after))))
        found = grouped(before, after)
        for part, lines in found.items():
            yield Heading(part)
            yield Bullets(tuple(lines))
        if not found:
            yield Paragraph("Nothing changed in what the report shows.")
        yield Foot(f"Both as they stand on their pages: {_name(before)} of {full_day(before.on)}, "
                   f"{_name(after)} of {full_day(after.on)}.")  # fmt: skip


def _name(report: StatusReport) -> str:
    return report.number if report.issued else "draft"


def _when(report: StatusReport) -> str:
    return f"{_name(report)}, {period(report.start, report.end)}"


def differences(before: StatusReport, after: StatusReport) -> list[str]:
    """What changed, one line each, in the order of the page."""
    return [line for lines in grouped(before, after).values() for line in lines]


def grouped(before: StatusReport, after: StatusReport) -> dict[str, list[str]]:
    """What changed by part of the report, in the order of its page; parts in which nothing did are left out."""
    found = {part: list(lines(before, after)) for part, lines in _PARTS.items()}
    return {part: lines for part, lines in found.items() if lines}


def _project(before: StatusReport, after: StatusReport) -> Iterator[str]:
    for name, label in (("project", "name"), ("manager", "manager"), ("sponsor", "sponsor"), ("phase", "phase")):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{label} {old or NONE} → {new or NONE}"


def _lights(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = {light.name: light for light in before.lights}
    for light in after.lights:
        old = was.get(light.name)
        if old is None:
            continue
        if old.colour != light.colour:
            why = light.reason or light.why
            yield f"{light.name} light {WORDS.get(old.colour, old.colour)} → {_word(light.colour)}: {why}"
        elif bool(old.reason) != bool(light.reason):
            how = f"set by hand: {light.reason}" if light.reason else f"by the rules again: {light.why}"
            yield f"{light.name} light {_word(light.colour)} as before, {how}"


def _word(colour: str) -> str:
    return WORDS.get(colour, colour)


def _money(before: StatusReport, after: StatusReport) -> Iterator[str]:
    for name, label in _FIGURES:
        old, new = getattr(before.money, name), getattr(after.money, name)
        if old != new:
            cents = cents_matter((old, new))
            shown = f"{money(old, cents=cents)} → {money(new, cents=cents)} {after.currency}"
            yield f"{label} {shown} ({signed(new - old, cents=cents)})"
    was = {line.category: line.amount for line in before.money.over}
    for line in after.money.over:
        if line.category not in was:
            yield f"{line.category} is over its budget by {money(line.amount, cents=cents_matter([line.amount]))}"
    now = {line.category for line in after.money.over}
    yield from (f"{category} is no longer over its budget" for category in was if category not in now)


def _milestones(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = _by_number(before.milestones)
    shown = [row for row in after.milestones.rows if row.number in was or _is_whole(before.milestones)]
    for row in sorted(shown, key=lambda m: m.actual or m.forecast):
        words = _milestone(was.get(row.number), row, after)
        if words:
            yield f"{row.number} {row.title} {words}"
    yield from (f"{row.number} {row.title} is gone" for row in _gone(before.milestones, after.milestones))


def _milestone(old: MilestoneRow | None, new: MilestoneRow, after: StatusReport) -> str:
    on = after.on
    if new.actual and (old is None or old.actual is None):
        return f"reached on {day(new.actual, on)}"
    if old is None:
        return f"is new, forecast {day(new.forecast, on)}"
    if old.actual and new.actual is None:
        return "is open again"
    if old.forecast != new.forecast:
        moved = (new.forecast - old.forecast).days
        way = "later" if moved > 0 else "earlier"
        shown = f"{day(old.forecast, on)} → {day(new.forecast, on)}"
        return f"forecast {shown}, {count(abs(moved), 'day')} {way}"
    if old.baseline != new.baseline:
        return f"baseline {day(old.baseline, on)} → {day(new.baseline, on)}"
    return ""


def _done(before: StatusReport, after: StatusReport) -> Iterator[str]:
    told = {row.number for row in before.done.rows}
    for row in after.done.rows:
        if row.number not in told:
            yield f"{row.number} {row.title} is done, {day(row.on, after.on)}"
    open_now = {row.number for row in after.late.rows} | {row.number for row in after.next.rows}
    yield from (f"{r.number} {r.title} was told as done, and is open" for r in before.done.rows if r.number in open_now)


def _late(before: StatusReport, after: StatusReport) -> Iterator[str]:
    if before.late.total != after.late.total:
        yield f"late: {before.late.total:,} → {count(after.late.total, 'task')}"
    done, planned = {row.number for row in after.done.rows}, {row.number for row in before.next.rows}
    for row in _new(before.late, after.late):
        was_next = ", planned for this period" if row.number in planned else ""
        yield f"{row.number} {row.title} is late since {day(row.due, after.on)}{was_next}"
    for row in _gone(before.late, after.late):
        yield f"{row.number} {row.title} is {'done' if row.number in done else 'no longer late'}"


def _risks(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = _by_number(before.risks)
    for row in _new(before.risks, after.risks):
        yield f"{row.number} {row.title} is new" + (f", {row.score} {row.band}" if row.score else "")
    for row in after.risks.rows:
        old = was.get(row.number)
        if old is not None:
            words = _risk(old, row)
            yield from (f"{row.number} {row.title} {words}",) if words else ()
    yield from (f"{row.number} {row.title} is closed" for row in _gone(before.risks, after.risks))


def _risk(old: RiskRow, new: RiskRow) -> str:
    parts = [f"score {old.score} → {new.score}, {new.band}"] if old.score != new.score else []
    parts += [f"owner {old.who} → {new.who}"] if old.who != new.who else []
    parts += [f"response {old.response} → {new.response}"] if old.response != new.response else []
    return "; ".join(parts)


def _issues(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = _by_number(before.issues)
    yield from (f"{row.number} {row.title} was raised" for row in _new(before.issues, after.issues))
    for row in after.issues.rows:
        old = was.get(row.number)
        if old is not None and old.target != row.target:
            yield f"{row.number} {row.title} target {day(old.target, after.on)} → {day(row.target, after.on)}"
    yield from (f"{row.number} {row.title} is resolved" for row in _gone(before.issues, after.issues))


def _changes(before: StatusReport, after: StatusReport) -> Iterator[str]:
    was = _by_number(before.changes)
    shown = [row for row in after.changes.rows if row.number in was or _is_whole(before.changes)]
    for row in shown:
        words = _change(was.get(row.number), row)
        if words:
            yield f"{row.number} {row.title} {words}"
    left = [row for row in _gone(before.changes, after.changes) if CHANGE_FLOW.is_open(row.status)]
    yield from (f"{row.number} {row.title} is no longer open" for row in left)


def _change(old: ChangeRow | None, new: ChangeRow) -> str:
    if old is None:
        return f"is new, {new.status}"
    parts = [f"{old.status} → {new.status}"] if old.status != new.status else []
    parts += [f"cost {signed(old.cost)} → {signed(new.cost)}"] if old.cost != new.cost else []
    parts += [f"days {signed(old.days)} → {signed(new.days)}"] if old.days != new.days else []
    return "; ".join(parts)


def _wanted(before: StatusReport, after: StatusReport) -> Iterator[str]:
    if before.wanted.total != after.wanted.total:
        yield f"decisions wanted: {before.wanted.total:,} → {after.wanted.total:,}"

    def words(row: WantedRow) -> str:
        who = f" of {row.who}" if row.who else ""
        return f"{row.number} {row.title}: a decision{who} is wanted"

    yield from map(words, _new(before.wanted, after.wanted))
    decided = _gone(before.wanted, after.wanted)
    yield from (f"{row.number} {row.title}: no decision is wanted any more" for row in decided)


def _words(before: StatusReport, after: StatusReport) -> Iterator[str]:
    """Lines of the manager's words that came and went, by section; lines that only moved are not told."""
    for section in dict.fromkeys((*SECTIONS, *before.words, *after.words)):
        old, new = (_lines(report.words.get(section, "")) for report in (before, after))
        if old and not new and not after.issued:
            yield f"{section} is not written yet"
            continue
        yield from (f"{section}, new: {line}" for line in new if line not in old)
        yield from (f"{section}, gone: {line}" for line in old if line not in new)


def _lines(text: str) -> list[str]:
    return [line.strip().removeprefix("- ") for line in text.splitlines() if line.strip()]


def _by_number(listing: Listing[Numbered]) -> dict[str, Numbered]:
    return {row.number: row for row in listing.rows}


def _is_whole(listing: Listing[Numbered]) -> bool:
    """Whether a list left nothing out: else a row that it has not may only have moved in rank."""
    return listing.total == len(listing.rows)


def _new(before: Listing[Numbered], after: Listing[Numbered]) -> list[Numbered]:
    """Rows that came; none where the earlier list left some out."""
    was = _by_number(before)
    return [row for n, row in _by_number(after).items() if n not in was] if _is_whole(before) else []


def _gone(before: Listing[Numbered], after: Listing[Numbered]) -> list[Numbered]:
    """Rows that went; none where the later list left some out."""
    return _new(after, before)


_PARTS: dict[str, Callable[[StatusReport, StatusReport], Iterator[str]]] = {
    "Project": _project,
    "Lights": _lights,
    "Money": _money,
    "Milestones": _milestones,
    "Done": _done,
    "Late": _late,
    "Risks": _risks,
    "Issues": _issues,
    "Changes": _changes,
    "Decisions wanted": _wanted,
    "Words": _words,
}
