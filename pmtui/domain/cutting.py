"""Where money can still be freed: what budget lines have neither spent nor committed.

Amounts are in the project's currency, net of tax. Only base lines are looked at: contingency and reserve are
drawn with a cause, not cut. What is committed can't be freed.
"""

import datetime as dt
from decimal import Decimal

import msgspec

from pmtui.domain.budget import BASE, LineTotals, budget_on
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry

ZERO = Decimal(0)


class LineCut(msgspec.Struct, frozen=True):
    """What a line could give: ``free`` is meant for nothing yet, ``candidates`` are planned and can be dropped."""

    totals: LineTotals
    free: Decimal
    candidates: tuple[CostEntry, ...]

    @property
    def droppable(self) -> Decimal:
        """What the planned entries come to."""
        return sum((entry.net for entry in self.candidates), ZERO)

    @property
    def freeable(self) -> Decimal:
        """All that the line could give."""
        return self.free + self.droppable


class Cutting(msgspec.Struct, frozen=True):
    """The lines that could give money, the most first; ``wanted`` is by how much the EAC is over the budget."""

    lines: tuple[LineCut, ...]
    wanted: Decimal

    @property
    def free(self) -> Decimal:
        """What is meant for nothing yet, in all."""
        return sum((line.free for line in self.lines), ZERO)

    @property
    def droppable(self) -> Decimal:
        """What all planned entries come to."""
        return sum((line.droppable for line in self.lines), ZERO)

    @property
    def freeable(self) -> Decimal:
        """All that could be freed."""
        return self.free + self.droppable

    @property
    def short(self) -> Decimal:
        """What is wanted beyond all that could be freed; 0 where it is enough."""
        return max(ZERO, self.wanted - self.freeable)


def cutting(data: ProjectData, on: dt.date) -> Cutting:
    """Where the project could free money.

    A line's free money is what is left of it without its planned entries; where its forecast was set below
    that, the rest is counted as saved already.
    """
    budget = budget_on(data, on)
    planned: dict[int, list[CostEntry]] = {}
    for _, entry in sorted(data.costs.items()):
        if entry.status == "planned" and entry.net > 0:
            planned.setdefault(data.id_of(entry.budget_line), []).append(entry)
    lines = [_line(line, planned.get(line.line.id, [])) for line in budget.lines if line.line.kind == BASE]
    found = sorted((line for line in lines if line.freeable > 0), key=lambda cut: (-cut.freeable, cut.totals.line.id))
    return Cutting(tuple(found), max(ZERO, -budget.variance))


def _line(line: LineTotals, planned: list[CostEntry]) -> LineCut:
    to_come = line.forecast - line.committed - line.actual
    expected = sum((entry.net for entry in planned), ZERO)
    largest = sorted(planned, key=lambda entry: (-entry.net, entry.id))
    return LineCut(line, max(ZERO, min(line.left, to_come) - expected), tuple(largest))
