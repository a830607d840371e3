"""Where the money stands: budget, committed, actual, forecast at completion, contingency left.

All amounts are exact decimals in the project's currency, net of tax. Actual = invoiced + paid;
planned entries are a forecast only, void ones count nowhere. The estimate at completion is made
from the bottom up, EAC = AC + ETC line by line (PMI, Practice Standard for Earned Value Management).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, CostEntry

ZERO = Decimal(0)
BASE, CONTINGENCY, RESERVE = "base", "contingency", "management reserve"
_CENT = Decimal("0.01")


class LineTotals(msgspec.Struct, frozen=True):
    """One budget line. ``forecast`` is its cost at completion, ``left`` is neither committed nor spent."""

    line: BudgetLine
    planned: Decimal
    committed: Decimal
    actual: Decimal
    forecast: Decimal
    left: Decimal
    over: bool


class Budget(msgspec.Struct, frozen=True):
    """The project's money.

    ``planned`` is the budget of the base lines, ``contingency`` and ``management_reserve`` what is set
    aside besides. ``eac`` is all that the project will cost, draws on contingency included; ``drawn`` is
    the part of these draws that the contingency covers, and so joins the budget: ``released``.
    ``variance`` is released less eac, negative when over; ``contingency_left`` what is not drawn.
    """

    lines: tuple[LineTotals, ...]
    planned: Decimal
    contingency: Decimal
    management_reserve: Decimal
    committed: Decimal
    actual: Decimal
    eac: Decimal
    variance: Decimal
    contingency_left: Decimal
    drawn: Decimal = ZERO

    @property
    def released(self) -> Decimal:
        """The budget that the EAC is compared with: the base lines and what was drawn for them."""
        return self.planned + self.drawn

    @property
    def over_percent(self) -> Decimal | None:
        """How far the EAC is over the released budget, in %; negative when under, ``None`` without a base budget."""
        return -self.variance * 100 / self.released if self.planned else None


class MonthActual(msgspec.Struct, frozen=True):
    """What was spent in a month (named by its first day), and since the beginning."""

    month: dt.date
    actual: Decimal
    total: Decimal


class MonthPlan(msgspec.Struct, frozen=True):
    """What was to be spent by the end of a month (named by its first day)."""

    month: dt.date
    total: Decimal


def totals(data: ProjectData) -> Budget:
    """The project's money by line and in all; the same whatever order the entries are in."""
    booked: dict[int, dict[str, Decimal]] = {line_id: {} for line_id in data.budget_lines}
    for entry in data.costs.values():
        sums = booked.setdefault(data.id_of(entry.budget_line), {})
        kind = "actual" if entry.is_actual else entry.status
        sums[kind] = sums.get(kind, ZERO) + entry.net
    lines = tuple(_line_totals(_line(data, line_id), booked[line_id]) for line_id in sorted(booked))
    planned, contingency, reserve = (
        _sum(t.planned for t in lines if t.line.kind == kind) for kind in (BASE, CONTINGENCY, RESERVE)
    )
    eac = _sum(t.forecast for t in lines)
    drawn = max(ZERO, min(contingency, _sum(t.forecast for t in lines if t.line.kind == CONTINGENCY)))
    return Budget(
        lines=lines,
        planned=planned,
        contingency=contingency,
        management_reserve=reserve,
        committed=_sum(t.committed for t in lines),
        actual=_sum(t.actual for t in lines),
        eac=eac,
        variance=planned + drawn - eac,
        contingency_left=_sum(t.left for t in lines if t.line.kind == CONTINGENCY),
        drawn=drawn,
    )


def would_overspend(data: ProjectData, entry: CostEntry) -> Decimal:
    """By how much a line is overspent once this entry is booked; 0 where it isn't, or not by the entry.

    The entry counts once, also when it is in the project already. Planned and void entries spend nothing.
    """
    line = data.budget_lines.get(data.id_of(entry.budget_line))
    if line is None or not _is_spent(entry) or entry.net <= 0:
        return ZERO
    others = _sum(
        e.net for e in data.costs.values() if e.id != entry.id and _is_spent(e) and data.id_of(e.budget_line) == line.id
    )
    return max(ZERO, others + entry.net - line.planned)


def months(data: ProjectData) -> tuple[MonthActual, ...]:
    """What was spent by month, from the first booking to the last, months without any included."""
    spent: dict[dt.date, Decimal] = {}
    for entry in data.costs.values():
        if entry.is_actual:
            month = entry.date.replace(day=1)
            spent[month] = spent.get(month, ZERO) + entry.net
    if not spent:
        return ()
    found, total = [], ZERO
    for month in _months_from(min(spent), max(spent)):
        actual = spent.get(month, ZERO)
        total += actual
        found.append(MonthActual(month, actual, total))
    return tuple(found)


def planned_curve(data: ProjectData) -> tuple[MonthPlan, ...]:
    """The base budget spread evenly over the working days from the project's start to its finish.

    To the cent, the last month being the budget itself; nothing without a start, finish or budget.
    """
    start, finish = data.project.start, data.project.finish
    planned = _sum(line.planned for line in data.budget_lines.values() if line.kind == BASE)
    if start is None or finish is None or finish < start or not planned:
        return ()
    before = start - dt.timedelta(days=1)
    days = data.calendar.working_days_between(before, finish)
    curve = []
    for month in _months_from(start.replace(day=1), finish.replace(day=1)):
        end = min(_next_month(month) - dt.timedelta(days=1), finish)
        passed = data.calendar.working_days_between(before, end)
        share = planned * passed / days if days else ZERO
        curve.append(MonthPlan(month, planned if end == finish else share.quantize(_CENT)))
    return tuple(curve)


def _line(data: ProjectData, line_id: int) -> BudgetLine:
    """A line; one of its own for entries whose line can't be read, so that no money goes missing."""
    return data.budget_lines.get(line_id) or BudgetLine(id=line_id, category=f"B-{line_id}")


def _line_totals(line: BudgetLine, booked: dict[str, Decimal]) -> LineTotals:
    committed, actual, expected = (booked.get(k, ZERO) for k in ("committed", "actual", "planned"))
    spent = committed + actual
    if line.forecast is not None:
        forecast = line.forecast
    elif line.kind == BASE:
        forecast = max(line.planned, spent + expected)
    else:
        forecast = spent + expected
    return LineTotals(
        line=line,
        planned=line.planned,
        committed=committed,
        actual=actual,
        forecast=forecast,
        left=line.planned - spent,
        over=max(spent, forecast) > line.planned,
    )


def _is_spent(entry: CostEntry) -> bool:
    return entry.is_actual or entry.status == "committed"


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _next_month(month: dt.date) -> dt.date:
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _months_from(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first
    while month <= last:
        yield month
        month = _next_month(month)
