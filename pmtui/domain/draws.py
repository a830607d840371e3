"""Draws on what is set aside: entries on contingency and management reserve, by what caused them.

A draw on contingency names its risk or change. The management reserve is not the manager's to spend: a draw on
it is released by a decision or an approved change (PMI, PMBOK Guide: reserves used join the cost baseline).
Void entries are no draws; planned ones are expected, not drawn.
"""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Change, CostEntry, Decision

ZERO = Decimal(0)
SET_ASIDE = ("contingency", "management reserve")
"""The kinds of budget lines that are drawn on."""

RELEASING = frozenset({"approved", "implemented"})
"""Statuses of a change that releases what it draws from the reserve."""


class Draw(msgspec.Struct, frozen=True):
    """An entry on money that is set aside; ``unreleased`` says why the reserve should not have been drawn on."""

    entry: CostEntry
    kind: str
    unreleased: str = ""

    @property
    def is_drawn(self) -> bool:
        """Whether it is committed or spent, not merely expected."""
        return self.entry.is_actual or self.entry.status == "committed"


class CauseDraws(msgspec.Struct, frozen=True):
    """What was drawn for a risk, change, issue or decision; ``cause`` is empty for draws that name none."""

    cause: str
    draws: tuple[Draw, ...]

    @property
    def drawn(self) -> Decimal:
        """Committed and spent."""
        return _net(draw for draw in self.draws if draw.is_drawn)

    @property
    def expected(self) -> Decimal:
        """Planned, not drawn yet."""
        return _net(draw for draw in self.draws if not draw.is_drawn)


class Pot(msgspec.Struct, frozen=True):
    """What is set aside as contingency or as management reserve, and what is left of it: negative when overdrawn."""

    kind: str
    set_aside: Decimal
    drawn: Decimal
    expected: Decimal

    @property
    def left(self) -> Decimal:
        """Not drawn."""
        return self.set_aside - self.drawn


class Draws(msgspec.Struct, frozen=True):
    """All draws of a project: contingency and reserve, then what was drawn for whom, the most drawn for first."""

    pots: tuple[Pot, ...]
    causes: tuple[CauseDraws, ...]


def all_draws(data: ProjectData) -> list[Draw]:
    """Every draw, the earliest first."""
    kinds = {line.number: line.kind for line in data.baseline_lines.values() if line.kind in SET_ASIDE}
    found = [e for e in data.costs.values() if e.budget_line in kinds and e.status != "void"]
    found.sort(key=lambda entry: (entry.date, entry.id))
    return [Draw(entry, kinds[entry.budget_line], _unreleased(entry, kinds, data)) for entry in found]


def draws(data: ProjectData) -> Draws:
    """Where contingency and reserve stand, and for whom they were drawn on."""
    found = all_draws(data)
    pots = tuple(_pot(kind, data, found) for kind in SET_ASIDE)
    by_cause: dict[str, list[Draw]] = {}
    for draw in found:
        by_cause.setdefault(draw.entry.caused_by, []).append(draw)
    causes = [CauseDraws(cause, tuple(of_it)) for cause, of_it in by_cause.items()]
    order = sorted(causes, key=lambda of: (-of.drawn, -of.expected, of.cause))
    return Draws(tuple(pot for pot in pots if pot.set_aside or pot.drawn or pot.expected), tuple(order))


def drawn_for(data: ProjectData, number: str) -> CauseDraws | None:
    """What was drawn for a record; ``None`` where nothing was."""
    if not any(entry.caused_by == number for entry in data.costs.values()):
        return None
    found = tuple(draw for draw in all_draws(data) if draw.entry.caused_by == number)
    return CauseDraws(number, found) if found else None


def released_by(data: ProjectData) -> Decimal:
    """What decisions and approved changes have released from the management reserve."""
    return _net(d for d in all_draws(data) if d.kind == "management reserve" and not d.unreleased)


def _unreleased(entry: CostEntry, kinds: dict[str, str], data: ProjectData) -> str:
    if kinds[entry.budget_line] != "management reserve":
        return ""
    cause = data.get(entry.caused_by) if entry.caused_by else None
    if isinstance(cause, Decision) or (isinstance(cause, Change) and cause.status in RELEASING):
        return ""
    return f"{cause.number} is {cause.status}, not approved" if isinstance(cause, Change) else "released by nobody"


def _pot(kind: str, data: ProjectData, found: Iterable[Draw]) -> Pot:
    of_kind = [draw for draw in found if draw.kind == kind]
    return Pot(
        kind=kind,
        set_aside=sum((line.planned for line in data.baseline_lines.values() if line.kind == kind), ZERO),
        drawn=_net(draw for draw in of_kind if draw.is_drawn),
        expected=_net(draw for draw in of_kind if not draw.is_drawn),
    )


def _net(found: Iterable[Draw]) -> Decimal:
    return sum((draw.entry.net for draw in found), ZERO)
