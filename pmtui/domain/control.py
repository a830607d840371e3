"""Earned value from the plan's progress, and the cost at completion by the method that was chosen.

Money is in the project's currency. BAC is the base budget as approved; EV and PV are its shares by the
work done and planned (:mod:`pmtui.domain.progress`); AC is what was spent, and what was received but not
invoiced yet. Ratios are never rounded before an amount is made of them. Sources: see
:mod:`pmtui.domain.earned_value`.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from math import ceil

import msgspec

from pmtui.domain.accruals import is_accrued
from pmtui.domain.budget import BASE, Budget, beside_entries, totals
from pmtui.domain.earned_value import EacMethod, EarnedSchedule, EarnedValue, earned_schedule
from pmtui.domain.phasing import months_from, next_month
from pmtui.domain.progress import Plan, Progress
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry

ZERO = Decimal(0)
CENT = Decimal("0.01")
_LONGEST_WAIT = 100
"""How many times its planned duration a project is said to take at most."""

METHODS: dict[EacMethod, tuple[str, str]] = {
    EacMethod.BOTTOM_UP: ("bottom up", "line by line: what each budget line will cost"),
    EacMethod.CPI: ("by CPI", "the work left costs what the work done has: BAC / CPI"),
    EacMethod.REMAINING_AT_PLAN: ("remaining at plan", "the variance so far was a one-off: AC + BAC - EV"),
    EacMethod.CPI_SPI: ("by CPI and SPI", "the delay costs too: AC + (BAC - EV) / (CPI x SPI)"),
}
"""What each method is called after an amount, and what it takes for true."""


class Forecast(msgspec.Struct, frozen=True):
    """A cost at completion, the method it was made by, and why the chosen one could not be used; empty where it was."""

    eac: Decimal
    method: EacMethod
    why: str = ""


class Timing(msgspec.Struct, frozen=True):
    """Earned schedule by calendar months, what was planned by the end of each, and the finish that it means."""

    months: tuple[dt.date, ...]
    planned: tuple[Decimal, ...]
    earned: EarnedSchedule
    planned_finish: dt.date
    finish: dt.date | None


class Standing(msgspec.Struct, frozen=True):
    """Where a project stands on a day; ``bottom_up`` is its cost at completion line by line."""

    on: dt.date
    value: EarnedValue
    progress: Progress
    bottom_up: Decimal
    timing: Timing | None = None

    def eac(self, method: EacMethod) -> Decimal | None:
        """The cost at completion to the cent; ``None`` where the method has nothing to go by."""
        etc = self.bottom_up - self.value.ac if method is EacMethod.BOTTOM_UP else None
        if method is not EacMethod.BOTTOM_UP and not self.progress.work:
            return None
        found = self.value.eac(method, etc=etc)
        return None if found is None else found.quantize(CENT)

    def forecast(self, method: EacMethod) -> Forecast:
        """The cost at completion by a method; from the bottom up, with the reason, where it has nothing to go by."""
        eac = self.eac(method)
        if eac is not None:
            return Forecast(eac, method)
        return Forecast(self.bottom_up, EacMethod.BOTTOM_UP, self._why_not(method))

    def _why_not(self, method: EacMethod) -> str:
        name = METHODS[method][0]
        if not self.progress.work:
            return f"not {name}: there is no work to measure"
        if self.value.ac <= 0:
            return f"not {name}: no cost yet"
        return f"not {name}: nothing is {'earned' if self.value.ev <= 0 else 'planned'} yet"


def actual_entries(data: ProjectData, on: dt.date) -> Iterator[CostEntry]:
    """What AC is made of: entries spent by a day, and commitments whose goods came by then without an invoice."""
    for _, entry in sorted(data.costs.items()):
        if (entry.is_actual and entry.date <= on) or is_accrued(entry, on):
            yield entry


def actual_cost(data: ProjectData, on: dt.date) -> Decimal:
    """AC on a day: the cost of the work done, paid, invoiced or received, and of the hours that are charged."""
    hours = (amount for _, day, amount in beside_entries(data) if day <= on)
    return sum((*(entry.net for entry in actual_entries(data, on)), *hours), ZERO)


def budget_at_completion(data: ProjectData) -> Decimal:
    """BAC: the base budget as it was approved; contingency and reserve are no part of it."""
    return sum((line.planned for line in data.baseline_lines.values() if line.kind == BASE), ZERO)


def standing(data: ProjectData, on: dt.date, *, timed: bool = True) -> Standing:
    """Where the project stands on a day; without its earned schedule unless ``timed``."""
    plan, bac = Plan(data), budget_at_completion(data)
    now = plan.progress(on)
    ev = bac * now.done / now.weight if now.weight else ZERO
    pv = bac * now.planned / now.weight if now.weight else ZERO
    value = EarnedValue(bac=bac, pv=pv, ev=ev, ac=actual_cost(data, on))
    timing = _timing(data, plan, now, value) if timed else None
    return Standing(on, value, now, totals(data).eac, timing)


def method_of(data: ProjectData) -> EacMethod:
    """The method that the project chose; from the bottom up where it is none of those known."""
    try:
        return EacMethod(data.project.eac_method)
    except ValueError:
        return EacMethod.BOTTOM_UP


def _timing(data: ProjectData, plan: Plan, now: Progress, value: EarnedValue) -> Timing | None:
    """The earned schedule; ``None`` before the work was to begin, and where no day is known.

    Time passes by working days within a month. Where all is done it stood still on the day the last task was.
    """
    start, finish = plan.start, plan.finish
    on = now.on
    if now.is_complete:
        on = min(on, max((t.finish_date for t in data.tasks.values() if t.finish_date), default=on))
    if start is None or finish is None or on < start or not value.bac:
        return None
    months = tuple(months_from(start, finish))
    planned = tuple(value.bac * plan.planned_share(min(_end(month), finish)) for month in months)
    earned = earned_schedule(planned, min(value.ev, planned[-1]), _time_passed(plan, months, start, finish, on))
    return Timing(months, planned, earned, finish, _finish_at(data, start, finish, earned))


def _time_passed(plan: Plan, months: tuple[dt.date, ...], start: dt.date, finish: dt.date, on: dt.date) -> Decimal:
    """AT: whole months of the plan that passed by a day, and the share of the working days of the one it is in."""
    passed = list(months_from(start, on))
    whole, last = len(passed) - 1, passed[-1]
    begin = max(last, start) - dt.timedelta(days=1)
    end = min(_end(last), finish) if last == months[-1] and on <= finish else _end(last)
    days = plan.working_days(begin, end)
    return whole + (Decimal(plan.working_days(begin, on)) / days if days else Decimal(1))


def _finish_at(data: ProjectData, start: dt.date, finish: dt.date, earned: EarnedSchedule) -> dt.date | None:
    """The day that IEAC(t) means: the plan's working days divided by SPI(t), counted from its start."""
    if earned.ieac is None:
        return None
    before = start - dt.timedelta(days=1)
    planned = data.calendar.working_days_between(before, finish)
    days = ceil(planned * earned.ieac / earned.pd)
    try:
        return data.calendar.add_working_days(before, min(days, _LONGEST_WAIT * planned))
    except ValueError:
        return None


def _end(month: dt.date) -> dt.date:
    return next_month(month) - dt.timedelta(days=1)


def by_method(data: ProjectData, on: dt.date) -> Budget:
    """The project's money, its cost at completion by the method that the project chose."""
    budget, method = totals(data), method_of(data)
    found = standing(data, on, timed=False).forecast(method)
    variance = budget.released - found.eac
    return msgspec.structs.replace(
        budget, eac=found.eac, variance=variance, method=METHODS[found.method][0], fallback=found.why
    )
