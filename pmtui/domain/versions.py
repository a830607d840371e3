"""Versions of the budget: what they come to, and how the lines of one differ from those of another."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, BudgetVersion
from pmtui.domain.records.cost import LINE_KINDS, VersionLine

ZERO = Decimal(0)


class Difference(msgspec.Struct, frozen=True):
    """A budget line in two versions; ``before`` is ``None`` where it was added, ``after`` where it was deleted."""

    line: str
    before: VersionLine | None
    after: VersionLine | None

    @property
    def amount(self) -> Decimal:
        """By how much more is planned."""
        return (self.after.planned if self.after else ZERO) - (self.before.planned if self.before else ZERO)

    @property
    def category(self) -> str:
        """What the line is called, in the later version where it is in both."""
        found = self.after or self.before
        return found.category if found else ""

    @property
    def is_same(self) -> bool:
        """Whether both have the line alike; its name is not money."""
        old, new = self.before, self.after
        return bool(old and new and (old.planned, old.kind, old.phasing) == (new.planned, new.kind, new.phasing))

    @property
    def words(self) -> tuple[str, ...]:
        """What differs beside the amount."""
        old, new = self.before, self.after
        if old is None or new is None:
            return ("added",) if old is None else ("deleted",)
        found = [f"was {old.category}"] if old.category != new.category else []
        found += [f"{old.kind} → {new.kind}"] if old.kind != new.kind else []
        rescaled = not (old.phasing and new.phasing) or old.planned == new.planned
        found += ["other months"] if old.phasing != new.phasing and rescaled else []
        return tuple(found)


class Moved(msgspec.Struct, frozen=True):
    """What a version moves between lines: the part of its rises that other lines' falls pay for."""

    amount: Decimal
    giving: tuple[str, ...]
    taking: tuple[str, ...]


def lines_as_they_are(data: ProjectData) -> tuple[VersionLine, ...]:
    """The working lines, as a version of now would hold them."""
    return tuple(version_line(line) for _, line in sorted(data.budget_lines.items()))


def version_line(line: BudgetLine) -> VersionLine:
    """A budget line as a version holds it."""
    return VersionLine(line.number, line.category, line.planned, line.kind, line.phasing)


def total_of(lines: Iterable[VersionLine], kind: str = "") -> Decimal:
    """What lines come to: all, or those of a kind."""
    return sum((line.planned for line in lines if kind in {"", line.kind}), ZERO)


def totals_by_kind(lines: Iterable[VersionLine]) -> dict[str, Decimal]:
    """What base lines, contingency and reserve come to, those there are."""
    found = list(lines)
    return {kind: total_of(found, kind) for kind in LINE_KINDS if any(line.kind == kind for line in found)}


def differences(before: Iterable[VersionLine], after: Iterable[VersionLine]) -> tuple[Difference, ...]:
    """Every line of either version, in the order of their numbers."""
    old, new = _by_number(before), _by_number(after)
    numbers = sorted(old.keys() | new.keys(), key=ProjectData.id_of)
    return tuple(Difference(number, old.get(number), new.get(number)) for number in numbers)


def proposals(data: ProjectData) -> dict[str, Difference]:
    """How working lines differ from the approved version, by their numbers; nothing until one is approved."""
    version = data.approved_version
    if version is None:
        return {}
    found = differences(version.lines, lines_as_they_are(data))
    return {difference.line: difference for difference in found if not difference.is_same}


def proposed_more(data: ProjectData) -> Decimal:
    """By how much the working lines are above the approved version, all kinds together."""
    return sum((difference.amount for difference in proposals(data).values()), ZERO)


def moved(found: Iterable[Difference]) -> Moved | None:
    """What differences move from some lines to others; ``None`` where none falls while another rises."""
    changed = [difference for difference in found if difference.amount]
    rises = [d for d in changed if d.amount > 0]
    falls = [d for d in changed if d.amount < 0]
    if not rises or not falls:
        return None
    both = min(sum(d.amount for d in rises), -sum(d.amount for d in falls))
    return Moved(Decimal(both), tuple(d.category for d in falls), tuple(d.category for d in rises))


def version_before(data: ProjectData, version: BudgetVersion) -> BudgetVersion | None:
    """The version that one is compared with: the approved one, or the one approved before where it is that or older."""
    decided = [
        v for v in data.budget_versions.values() if v.status in {"approved", "superseded"} and v.id != version.id
    ]
    if version.status in {"approved", "superseded"}:
        place = _decided(version)
        decided = [v for v in decided if _decided(v) < place]
    return max(decided, key=_decided, default=None)


def _decided(version: BudgetVersion) -> tuple[bool, str, int]:
    """The order of approvals: the approved one last, then by the day, then by number."""
    return (version.status == "approved", version.decided_on.isoformat() if version.decided_on else "", version.id)


def _by_number(lines: Iterable[VersionLine]) -> Mapping[str, VersionLine]:
    return {line.line: line for line in lines}
