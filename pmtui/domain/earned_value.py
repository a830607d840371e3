"""Earned value, earned schedule and three-point estimates.

Money is a Decimal in the project's currency; periods are whole reporting periods counted
from 1. A ratio without a denominator is None, shown as "n/a". Nothing is rounded here: a
rounded CPI makes the EAC wrong. Sources: PMI, Practice Standard for Earned Value
Management; Lipke, "Schedule is Different" (2003) for earned schedule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

ZERO = Decimal(0)


class EacMethod(StrEnum):
    """How the cost at completion is forecast."""

    CPI = "cpi"
    """BAC/CPI: the work left costs what the work done has."""
    REMAINING_AT_PLAN = "remaining at plan"
    """AC + BAC - EV: the variance so far was a one-off."""
    CPI_SPI = "cpi and spi"
    """AC + (BAC - EV)/(CPI*SPI): the delay costs too."""
    BOTTOM_UP = "bottom up"
    """AC + ETC: the work left was estimated anew."""


def _ratio(above: Decimal, below: Decimal) -> Decimal | None:
    """The ratio, or None when there is nothing, or less, to divide by."""
    return above / below if below > 0 else None


@dataclass(frozen=True, slots=True)
class EarnedValue:
    """Where a project stands: budget at completion, planned value, earned value, actual cost."""

    bac: Decimal
    pv: Decimal
    ev: Decimal
    ac: Decimal

    @property
    def cv(self) -> Decimal:
        """Cost variance EV - AC; negative is over cost."""
        return self.ev - self.ac

    @property
    def sv(self) -> Decimal:
        """Schedule variance EV - PV, in money; negative is behind."""
        return self.ev - self.pv

    @property
    def cpi(self) -> Decimal | None:
        """Cost performance index EV/AC; None without cost."""
        return _ratio(self.ev, self.ac)

    @property
    def spi(self) -> Decimal | None:
        """Schedule performance index EV/PV; None with nothing planned."""
        return _ratio(self.ev, self.pv)

    def eac(self, method: EacMethod = EacMethod.CPI, *, etc: Decimal | None = None) -> Decimal | None:
        """Estimate at completion; None where its indices are not known or zero.

        `etc` is the new estimate of the work left, needed for BOTTOM_UP only; without it
        that method raises ValueError.
        """
        left = self.bac - self.ev
        match method:
            case EacMethod.CPI:
                known = self.ac > 0
                return _ratio(self.bac * self.ac, self.ev) if known else None
            case EacMethod.REMAINING_AT_PLAN:
                return self.ac + left
            case EacMethod.CPI_SPI:
                known = self.ac > 0 and self.pv > 0
                rest = _ratio(left * self.ac * self.pv, self.ev * self.ev)
                return self.ac + rest if known and rest is not None else None
            case EacMethod.BOTTOM_UP:
                if etc is None:
                    raise ValueError("a bottom-up EAC needs an estimate to complete")
                return self.ac + etc

    def etc(self, method: EacMethod = EacMethod.CPI, *, etc: Decimal | None = None) -> Decimal | None:
        """Estimate to complete EAC - AC, by the same methods as `eac`."""
        eac = self.eac(method, etc=etc)
        return None if eac is None else eac - self.ac

    def vac(self, method: EacMethod = EacMethod.CPI, *, etc: Decimal | None = None) -> Decimal | None:
        """Variance at completion BAC - EAC; negative is over budget."""
        eac = self.eac(method, etc=etc)
        return None if eac is None else self.bac - eac

    @property
    def tcpi_bac(self) -> Decimal | None:
        """(BAC - EV)/(BAC - AC), the CPI needed from now on to end within the budget.

        None once the budget is spent: then no CPI is enough.
        """
        return self.tcpi_eac(self.bac)

    def tcpi_eac(self, eac: Decimal) -> Decimal | None:
        """(BAC - EV)/(EAC - AC), the CPI needed from now on to end at `eac`, or None."""
        return _ratio(self.bac - self.ev, eac - self.ac)


def planned_value(bac: Decimal, planned: Sequence[Decimal], period: Decimal | int) -> Decimal:
    """The value planned by the end of a period: BAC times the share planned by then.

    `planned` is the cumulative share, 0 to 1, at the end of each period; within a period it
    grows evenly. 0 before the first period, the last share after the last. Raises
    ValueError for shares that fall.
    """
    shares = (ZERO, *_rising(planned))
    at = min(max(Decimal(period), ZERO), Decimal(len(planned)))
    whole = int(at)
    reached = shares[whole]
    following = shares[min(whole + 1, len(planned))]
    return bac * (reached + (at - whole) * (following - reached))


@dataclass(frozen=True, slots=True)
class EarnedSchedule:
    """Progress in time: earned schedule, actual time and planned duration, in periods."""

    es: Decimal
    at: Decimal
    pd: Decimal

    @property
    def sv(self) -> Decimal:
        """SV(t) = ES - AT, in periods; negative is behind."""
        return self.es - self.at

    @property
    def spi(self) -> Decimal | None:
        """SPI(t) = ES/AT; None before the first period."""
        return _ratio(self.es, self.at)

    @property
    def ieac(self) -> Decimal | None:
        """IEAC(t) = PD/SPI(t), the whole duration to expect; None with nothing earned."""
        return _ratio(self.pd * self.at, self.es) if self.at > 0 else None


def earned_schedule(planned_values: Sequence[Decimal], ev: Decimal, at: Decimal | int) -> EarnedSchedule:
    """When what is earned by now, `ev`, was planned to be earned.

    ES = C + (EV - PV_C)/(PV_{C+1} - PV_C), C the last period whose planned value is earned.
    `planned_values` are cumulative, one for the end of each period; `at` is the actual time
    in periods. The planned duration is that of `planned_values`. Raises ValueError for
    values that fall, or none.
    """
    if not planned_values:
        raise ValueError("an earned schedule needs planned values")
    values = (ZERO, *_rising(planned_values))
    whole = sum(value <= ev for value in values) - 1
    es = Decimal(max(whole, 0))
    if 0 <= whole < len(planned_values):
        es += (ev - values[whole]) / (values[whole + 1] - values[whole])
    return EarnedSchedule(es, Decimal(at), Decimal(len(planned_values)))


def _rising(values: Sequence[Decimal]) -> Sequence[Decimal]:
    if any(later < earlier for earlier, later in pairwise((ZERO, *values))):
        raise ValueError("cumulative plans start at 0 or more and never fall")
    return values


@dataclass(frozen=True, slots=True)
class ThreePoint:
    """A PERT estimate in the unit of its three values."""

    mean: Decimal
    variance: Decimal

    @property
    def deviation(self) -> Decimal:
        """The standard deviation."""
        return self.variance.sqrt()


def three_point(optimistic: Decimal, likely: Decimal, pessimistic: Decimal) -> ThreePoint:
    """The expected value (O + 4M + P)/6 and its variance ((P - O)/6) squared.

    Means and variances of tasks in a row add up. Raises ValueError unless O ≤ M ≤ P.
    """
    if not optimistic <= likely <= pessimistic:
        raise ValueError(f"{optimistic}, {likely}, {pessimistic}: must be optimistic ≤ likely ≤ pessimistic")
    spread = pessimistic - optimistic
    return ThreePoint((optimistic + 4 * likely + pessimistic) / 6, spread * spread / 36)
