"""The budget's versions in words: what differs between two, and what of the lines is proposed, not approved."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from pmtui.domain.dates import MONTHS, say_date
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, BudgetVersion
from pmtui.domain.records.cost import LINE_KINDS, VersionLine
from pmtui.domain.versions import (
    Difference,
    differences,
    lines_as_they_are,
    moved,
    proposals,
    proposed_more,
    total_of,
    totals_by_kind,
    version_before,
)
from pmtui.keymap import key_of
from pmtui.screens.money import KINDS
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.widgets.cells import Span, fit, wrap

Line = Sequence[Span]
ZERO = Decimal(0)
NUMBER, KIND, LEAST_NAME = 6, 13, 12
"""Cells of a line's number, of its kind, and of its name at least."""


def signed(value: Decimal, *, cents: bool = True) -> str:
    """A difference, with its sign; empty where there is none."""
    return f"{'+' if value > 0 else '-'}{amount(abs(value), cents=cents)}" if value else ""


def month_words(month: str) -> str:
    """``2026-03`` as ``Mar 26``."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1][:3]} {year[2:]}"


# What is proposed of the lines ------------------------------------------------------


def proposal_span(difference: Difference | None) -> Span | None:
    """What stands beside a budget line that is not as it was approved."""
    if difference is None or difference.is_same:
        return None
    if difference.after is None:
        return ("✗ deleted", "warn")
    if difference.amount:
        return (f"▲ {amount(difference.after.planned)} proposed", "warn")
    return (f"▲ {', '.join(difference.words)}", "warn")


def proposal_lines(data: ProjectData, number: str, width: int) -> list[Line]:
    """What is proposed of a budget line, what is approved, and how the one becomes the other."""
    difference, version = proposals(data).get(number), data.approved_version
    if difference is None or version is None:
        return []
    old, new = difference.before, difference.after
    if new is None:
        said = f"✗ Deleted; {version.number} approved {amount(old.planned if old else ZERO, cents=True)} for it."
    elif difference.amount:
        was = f"{amount(old.planned, cents=True)} approved in {version.number}" if old else f"not in {version.number}"
        said = f"▲ {amount(new.planned, cents=True)} proposed, {was}."
    else:
        said = f"▲ {', '.join(difference.words)} proposed; {version.number} has it as it was."
    how = f"It counts once another version is approved: {key_of('costs.versions')}."
    return [((part, "warn"),) for part in wrap(f"{said} {how}", width)]


def proposal_words(data: ProjectData, numbers: Iterable[str]) -> str:
    """What a change of these lines leaves to be approved; empty where nothing is."""
    found, version = proposals(data), data.approved_version
    changed = [number for number in numbers if number in found]
    if not changed or version is None:
        return ""
    return f"proposed: {version.number} counts until the next ({key_of('costs.versions')})"


def version_facts(data: ProjectData, *, narrow: bool = False) -> list[tuple[int, Fact]]:
    """Which version the money is held against, and by how much the lines differ from it."""
    version = data.approved_version
    if version is None:
        return []
    more, others = proposed_more(data), proposals(data)
    if not others:
        return [(5, ((f"{version.number} approved", "muted"),))]
    by = signed(more, cents=bool(more % 1)) or f"{len(others)} line{'s' if len(others) > 1 else ''}"
    if narrow:
        return [(0, ((f"{version.number}: ", "muted"), (f"{by} proposed", "warn")))]
    return [(0, ((f"differs from approved {version.number}: ", "muted"), (by, "warn")))]


def budget_as_it_is(data: ProjectData, width: int) -> list[Line]:
    """What the budget is now: the approved version, or the lines as they are until one is approved."""
    version, lines = data.approved_version, lines_as_they_are(data)
    currency = data.project.currency
    if version is None:
        said = (
            f"No version is approved: the lines as they are now are the budget, {amount(total_of(lines))} {currency}."
        )
        return [((part, ""),) for part in wrap(said, width)]
    facts: list[Fact] = [
        (
            (f"{version.number} is approved: ", "muted"),
            (amount(total_of(version.lines)), "strong"),
            (f" {currency}", "muted"),
        )
    ]
    more, others = proposed_more(data), proposals(data)
    if others:
        count = f"{len(others)} line{'s differ' if len(others) > 1 else ' differs'}"
        facts.append(((f"{count} from it as they are now", "warn"), (f" {signed(more)}".rstrip(), "warn")))
    else:
        facts.append((("the lines are as approved", "muted"),))
    return [*flowed(facts, width)]


# Two versions beside one another ------------------------------------------------------


def difference_table(found: Sequence[Difference], heads: Sequence[str], data: ProjectData, width: int) -> list[Line]:
    """Lines of two versions beside one another, with what differs, then what each kind comes to.

    ``heads`` are what the two are called; where only one is, its amounts stand alone.
    """
    before = [d.before for d in found if d.before is not None]
    after = [d.after for d in found if d.after is not None]
    alone = len(heads) == 1
    rows = [*_rows(found), *_sums(before, after)]
    values = [value for row in rows for value in (row.old, row.new) if value is not None]
    cents = any(value % 1 for value in values)
    size = max(
        [len(amount(abs(value), cents=cents)) + 1 for value in values] + [len(head) for head in (*heads, "More")]
    )
    columns = (size + 2) * (1 if alone else 3)
    kind = KIND if width >= NUMBER + LEAST_NAME + KIND + columns else 0
    name = max(LEAST_NAME, min(34, width - NUMBER - kind - columns))
    head = fit("No", NUMBER) + fit(f"Line, in {data.project.currency}", name) + fit("Kind", kind)
    head += "".join(f"  {fit(word, size, 'right')}" for word in (heads if alone else (*heads, "More")))
    lines: list[Line] = [((head, "head"),)]
    for row in rows:
        amounts = [amount(value, cents=cents) if value is not None else "" for value in (row.old, row.new)]
        shown = "".join(f"  {fit(cell, size, 'right')}" for cell in (amounts[1:] if alone else amounts))
        tone = "" if row.number else "strong"
        line = [(fit(row.number, NUMBER), "muted"), (fit(row.name, name), tone), (fit(row.kind, kind), "muted")]
        line += [(shown, tone)] + (
            [] if alone else [(f"  {fit(signed(row.more, cents=cents), size, 'right')}", "warn")]
        )
        lines.append(tuple(line))
        lines += [((" " * NUMBER + row.words, "warn"),)] if row.words and not alone else []
    return lines if alone else [*lines, *_moved_lines(found, cents=cents, width=width)]


class Row(msgspec.Struct, frozen=True):
    """A line of two versions, or a sum of some: what it is called, and its amounts."""

    number: str
    name: str
    kind: str
    old: Decimal | None
    new: Decimal | None
    words: str = ""

    @property
    def more(self) -> Decimal:
        """What the later one has more."""
        return (self.new or ZERO) - (self.old or ZERO)


def _rows(found: Sequence[Difference]) -> list[Row]:
    rows: list[Row] = []
    for difference in found:
        line = difference.after or difference.before
        kind = KINDS.get(line.kind, line.kind) if line else ""
        old, new = (side.planned if side else None for side in (difference.before, difference.after))
        rows.append(Row(difference.line, difference.category, kind, old, new, ", ".join(difference.words)))
    return rows


def _sums(before: Sequence[VersionLine], after: Sequence[VersionLine]) -> list[Row]:
    old, new = totals_by_kind(before), totals_by_kind(after)
    kinds = [kind for kind in LINE_KINDS if kind in old or kind in new]
    rows = [Row("", f"All {KINDS[kind]}", "", old.get(kind, ZERO), new.get(kind, ZERO)) for kind in kinds]
    return [*(rows if len(kinds) > 1 else ()), Row("", "All", "", total_of(before), total_of(after))]


def _moved_lines(found: Sequence[Difference], *, cents: bool, width: int) -> list[Line]:
    moves = moved(found)
    if moves is None:
        return []
    sides = (
        " and ".join(names[:3]) + (" and more" if len(names) > 3 else "") for names in (moves.giving, moves.taking)
    )
    giving, taking = sides
    said = f"{amount(moves.amount, cents=cents)} moved from {giving} to {taking}"
    return [((part, ""),) for part in wrap(said, width)]


# A version ------------------------------------------------------------------------------


def version_story(data: ProjectData, version: BudgetVersion, today: dt.date, width: int) -> list[Line]:
    """A version: what became of it, why, and its lines beside the approved ones."""
    lines: list[Line] = [((part, "strong"),) for part in wrap(f"{version.number}  {version.title}", width)]
    facts: list[Fact] = [((version.status, STATUS_TONES.get(version.status, "")),)]
    if version.decided_on:
        facts.append(((f"{say_date(version.decided_on, today)} by {version.decided_by}", ""),))
    cause = data.get(version.change) if version.change else None
    facts += [((f"for {cause.number} {cause.name}", ""),)] if cause else []
    lines += flowed(facts, width)
    lines += [((part, "muted"),) for text in version.reason.splitlines() for part in wrap(text, width)]
    return [*lines, (("", ""),), *version_lines(data, version, width)]


STATUS_TONES = {"approved": "good", "proposed": "accent", "rejected": "bad", "superseded": "muted"}


def version_lines(data: ProjectData, version: BudgetVersion, width: int) -> list[Line]:
    """A version's lines beside those of the approved one; the approved one's beside those of the one before."""
    approved = data.approved_version
    other = approved if approved is not None and approved.id != version.id else version_before(data, version)
    if other is None:
        return difference_table(differences((), version.lines), (version.number,), data, width)
    found = differences(other.lines, version.lines)
    return difference_table(found, (other.number, version.number), data, width)


def differences_lines(data: ProjectData, width: int) -> list[Line]:
    """How the lines as they are differ from the approved version."""
    version, lines = data.approved_version, lines_as_they_are(data)
    found: list[Line] = [*budget_as_it_is(data, width)]
    if version is None:
        key = key_of("costs.versions")
        how = f"{key} proposes the lines as a version; once one is approved, what differs from it stands here."
        return [*found, *(((part, "muted"),) for part in wrap(how, width))]
    if not proposals(data):
        return found
    return [*found, *difference_table(differences(version.lines, lines), (version.number, "Now"), data, width)]


# Months -----------------------------------------------------------------------------------


def phasing_lines(line: BudgetLine, width: int) -> list[Line]:
    """The months of a budget line; that it is spread evenly where it has none. What is set aside has none."""
    if line.kind != "base" or not line.planned:
        return []
    key = key_of("costs.phasing")
    if not line.phasing:
        return [((f"Spread evenly over the project; {key} plans it by month.", "muted"),)]
    facts: list[Fact] = [
        ((f"{month_words(phase.month)} ", "muted"), (amount(phase.amount), ""))
        for phase in line.phasing
        if phase.amount
    ]
    return [(("By month", "muted"), (f"   {key} changes it", "muted")), *flowed(facts, width)]
