"""When the money goes: what was planned, spent, committed, and is still to come, month by month.

Amounts are in the project's currency, net of tax, to the cent. A commitment falls in the month its invoice is
expected in; where that is past or not known, in this month. Planned entries fall on their date; what else the
estimate at completion holds is spread evenly over the working days that are left to the finish.
"""

import datetime as dt
from decimal import Decimal

import msgspec

from pmtui.domain.budget import Budget, beside_entries, planned_curve
from pmtui.domain.lights import forecast_finish
from pmtui.domain.phasing import months_from, next_month
from pmtui.domain.project_data import ProjectData

ZERO = Decimal(0)
_CENT = Decimal("0.01")


class CashMonth(msgspec.Struct, frozen=True):
    """A month, named by its first day; ``planned`` and ``total`` are cumulative.

    ``planned`` is ``None`` before the plan begins, and without one. ``total`` is what will have been spent by the
    end of the month: it ends at the estimate at completion.
    """

    month: dt.date
    planned: Decimal | None
    actual: Decimal
    committed: Decimal
    to_come: Decimal
    total: Decimal


def cash_flow(data: ProjectData, budget: Budget, today: dt.date) -> tuple[CashMonth, ...]:
    """The money month by month, from the first that has any to the last; nothing where there is none.

    The sum of ``actual``, ``committed`` and ``to_come`` over all months is the budget's ``eac``.
    """
    plan = {point.month: point.total for point in planned_curve(data)}
    actual, committed, expected = _booked(data, today)
    rest = budget.eac - sum((sum(part.values()) for part in (actual, committed, expected)), ZERO)
    spread = _spread(data, rest, today)
    known = {*plan, *actual, *committed, *expected, *spread}
    if not known:
        return ()
    found, total, planned = [], ZERO, None
    for month in months_from(min(known), max(known)):
        spent, due = actual.get(month, ZERO), committed.get(month, ZERO)
        coming = expected.get(month, ZERO) + spread.get(month, ZERO)
        total += spent + due + coming
        planned = plan.get(month, planned)
        found.append(CashMonth(month, planned, spent, due, coming, total))
    return tuple(found)


def undated_commitments(data: ProjectData) -> int:
    """How many commitments have no day on which their invoice is expected."""
    return sum(1 for e in data.costs.values() if e.status == "committed" and e.invoice_expected_on is None)


Sums = dict[dt.date, Decimal]


def _booked(data: ProjectData, today: dt.date) -> tuple[Sums, Sums, Sums]:
    """What is spent, committed and planned, by month."""
    sums: dict[str, Sums] = {"actual": {}, "committed": {}, "planned": {}}
    for entry in data.costs.values():
        kind = "actual" if entry.is_actual else entry.status
        if kind in sums:
            day = entry.date
            if kind != "actual":
                day = max(today, (entry.invoice_expected_on or today) if kind == "committed" else day)
            month = day.replace(day=1)
            sums[kind][month] = sums[kind].get(month, ZERO) + entry.net
    for _, day, amount in beside_entries(data):
        month = day.replace(day=1)
        sums["actual"][month] = sums["actual"].get(month, ZERO) + amount
    return sums["actual"], sums["committed"], sums["planned"]


def _spread(data: ProjectData, rest: Decimal, today: dt.date) -> Sums:
    """An amount over the working days from tomorrow to the forecast finish, to the cent; now where none are left."""
    if not rest:
        return {}
    finish = forecast_finish(data, today).forecast or today
    days = data.calendar.working_days_between(today, finish) if finish > today else 0
    if not days:
        return {today.replace(day=1): rest}
    spread, given = {}, ZERO
    for month in months_from(today.replace(day=1), finish):
        end = min(next_month(month) - dt.timedelta(days=1), finish)
        passed = data.calendar.working_days_between(today, end)
        reached = rest if end == finish else (rest * passed / days).quantize(_CENT)
        spread[month], given = reached - given, reached
    return spread
