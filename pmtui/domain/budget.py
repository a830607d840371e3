"""Where the money stands: budget, committed, actual, forecast at completion, contingency left.

All amounts are exact decimals in the project's currency, net of tax. Actual = invoiced + paid;
planned entries are a forecast only, void ones count nowhere. The estimate at completion is made
from the bottom up, EAC = AC + ETC line by line (PMI, Practice Standard for Earned Value Management).
What is planned is the approved version of the budget; the lines as they are until one is approved.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from pmtui.domain.draws import released_by
from pmtui.domain.labour import charges
from pmtui.domain.phasing import MonthAmount, even, first_day, months_from, months_to, running
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, CostEntry

ZERO = Decimal(0)
BASE, CONTINGENCY, RESERVE = "base", "contingency", "management reserve"
BOTTOM_UP = "bottom up"


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
    aside besides. ``eac`` is all that the project will cost, draws on what is set aside included; ``drawn`` is
    the part of these draws that the contingency covers, or that was released from the reserve by a decision or
    an approved change, and so joins the budget: ``released``.
    ``variance`` is released less eac, negative when over; ``contingency_left`` what is not drawn.
    ``method`` says how the eac was forecast, ``fallback`` why not by the method that was chosen.
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
    method: str = BOTTOM_UP
    fallback: str = ""

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
    booked: dict[int, dict[str, Decimal]] = {line_id: {} for line_id in data.baseline_lines}
    for entry in data.costs.values():
        sums = booked.setdefault(data.id_of(entry.budget_line), {})
        kind = "actual" if entry.is_actual else entry.status
        sums[kind] = sums.get(kind, ZERO) + entry.net
    for line_id, _, amount in beside_entries(data):
        sums = booked.setdefault(line_id, {})
        sums["actual"] = sums.get("actual", ZERO) + amount
    lines = tuple(_line_totals(_line(data, line_id), booked[line_id]) for line_id in sorted(booked))
    planned, contingency, reserve = (
        _sum(t.planned for t in lines if t.line.kind == kind) for kind in (BASE, CONTINGENCY, RESERVE)
    )
    eac = _sum(t.forecast for t in lines)
    drawn = max(ZERO, min(contingency, _sum(t.forecast for t in lines if t.line.kind == CONTINGENCY)))
    drawn += max(ZERO, min(reserve, released_by(data)))
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


def budget_on(data: ProjectData, on: dt.date) -> Budget:
    """The project's money on a day, its cost at completion by the method that the project chose."""
    if data.project.eac_method == BOTTOM_UP:
        return totals(data)
    from pmtui.domain.control import by_method  # start-up time counts, and few choose another

    return by_method(data, on)


def would_overspend(data: ProjectData, entry: CostEntry) -> Decimal:
    """By how much a line is overspent once this entry is booked; 0 where it isn't, or not by the entry.

    The entry counts once, also when it is in the project already. Planned and void entries spend nothing.
    """
    line = data.baseline_lines.get(data.id_of(entry.budget_line))
    if line is None or not _is_spent(entry) or entry.net <= 0:
        return ZERO
    others = _sum(
        e.net for e in data.costs.values() if e.id != entry.id and _is_spent(e) and data.id_of(e.budget_line) == line.id
    )
    others += _sum(amount for line_id, _, amount in beside_entries(data) if line_id == line.id)
    return max(ZERO, others + entry.net - line.planned)


def would_overspend_together(data: ProjectData, entries: Iterable[CostEntry]) -> dict[int, Decimal]:
    """By how much lines are overspent once all these entries are as they stand, by the line's id.

    An entry that is in the project already counts as it would be; a line that they add nothing to is not told.
    """
    added: dict[int, Decimal] = {}
    for entry in entries:
        before = data.costs.get(entry.id)
        for found, sign in ((before, -1), (entry, 1)):
            if found is not None and _is_spent(found):
                line_id = data.id_of(found.budget_line)
                added[line_id] = added.get(line_id, ZERO) + sign * found.net
    left = {line.line.id: line.left for line in totals(data).lines}
    over = {line_id: amount - left.get(line_id, ZERO) for line_id, amount in added.items() if amount > 0}
    return {line_id: amount for line_id, amount in sorted(over.items()) if amount > 0}


def beside_entries(data: ProjectData) -> Iterator[tuple[int, dt.date, Decimal]]:
    """What is spent without a cost entry: the line's id, the day, the amount. These are hours, where a line has them.

    Whatever sums up what is actual takes these in, so that all sums agree.
    """
    yield from charges(data)


def spent_by_month(data: ProjectData, line_id: int | None = None) -> dict[dt.date, Decimal]:
    """What was spent in each month (named by its first day) that has any, on a line, or on all."""
    found: dict[dt.date, Decimal] = {}
    entries = (
        (data.id_of(entry.budget_line), entry.date, entry.net) for entry in data.costs.values() if entry.is_actual
    )
    for on, day, amount in (*entries, *beside_entries(data)):
        if line_id in {None, on}:
            month = day.replace(day=1)
            found[month] = found.get(month, ZERO) + amount
    return found


def months(data: ProjectData) -> tuple[MonthActual, ...]:
    """What was spent by month, from the first booking to the last, months without any included."""
    spent = spent_by_month(data)
    if not spent:
        return ()
    found, total = [], ZERO
    for month in months_from(min(spent), max(spent)):
        actual = spent.get(month, ZERO)
        total += actual
        found.append(MonthActual(month, actual, total))
    return tuple(found)


def planned_curve(data: ProjectData) -> tuple[MonthPlan, ...]:
    """The base budget by the end of each month: as lines are phased, the others evenly over the working days.

    To the cent, the last month being the budget itself; nothing without a budget, nor where a line is not
    phased and the project has no start or finish to spread it between.
    """
    base = [line for line in data.baseline_lines.values() if line.kind == BASE and line.planned]
    phased = [phase for line in base for phase in line.phasing]
    spread = _sum(line.planned for line in base if not line.phasing)
    start, finish = data.project.start, data.project.finish
    if spread:
        if start is None or finish is None or finish < start:
            return ()
        phased += even(spread, start, finish, data.calendar)
    if not phased:
        return ()
    by_month: dict[str, Decimal] = {}
    for phase in phased:
        by_month[phase.month] = by_month.get(phase.month, ZERO) + phase.amount
    months_in = months_to(min(by_month), max(by_month))
    reached = running((MonthAmount(month, amount) for month, amount in by_month.items()), months_in)
    return tuple(MonthPlan(first_day(month), until) for month, until in zip(months_in, reached, strict=True))


def _line(data: ProjectData, line_id: int) -> BudgetLine:
    """A line; one of its own for entries whose line can't be read, so that no money goes missing."""
    return data.baseline_lines.get(line_id) or BudgetLine(id=line_id, category=f"B-{line_id}")


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
