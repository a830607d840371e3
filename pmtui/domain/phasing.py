"""An amount spread over months: by working days, in proportion, around months that stand; always to the cent.

A month is written ``2026-03``. The parts of an amount are differences of rounded running sums, so that
they come to the amount itself, whatever it is divided by.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from pmtui.domain.dates import FIRST_YEAR, LAST_YEAR
from pmtui.domain.problems import Problem, Refused

if TYPE_CHECKING:
    from pmtui.domain.calendar import WorkingCalendar

ZERO = Decimal(0)
_CENT = Decimal("0.01")


class MonthAmount(msgspec.Struct, frozen=True):
    """An amount of a month, which is written ``2026-03``."""

    month: str
    amount: Decimal


Phasing = tuple[MonthAmount, ...]


def month_of(day: dt.date) -> str:
    """The month of a day: ``2026-03``."""
    return f"{day:%Y-%m}"


def first_day(month: str) -> dt.date:
    """The first day of a month that is written ``2026-03``; ValueError for anything else, also before 1970."""
    year, dash, number = month.partition("-")
    if not (dash and len(year) == 4 and len(number) == 2 and (year + number).isdigit() and month.isascii()):
        raise ValueError(month)
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(month)
    return dt.date(int(year), int(number), 1)


def next_month(day: dt.date) -> dt.date:
    """The first day of the month after a day's."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def months_from(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The first days of all months from one to another, both included."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)


def months_to(first: str, last: str) -> list[str]:
    """All months from one to another, both included."""
    return [month_of(day) for day in months_from(first_day(first), first_day(last))]


def total(phasing: Iterable[MonthAmount]) -> Decimal:
    """What the months come to."""
    return sum((phase.amount for phase in phasing), ZERO)


def shares(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    """An amount divided by weights, to the cent, coming to the amount exactly; in equal parts where all are 0."""
    wanted = weights if any(weights) else [1] * len(weights)
    whole, passed, given = sum(wanted, ZERO), ZERO, ZERO
    found = []
    for weight in wanted:
        passed += weight
        until = amount if passed == whole else (amount * passed / whole).quantize(_CENT)
        found.append(until - given)
        given = until
    return found


def working_days(start: dt.date, finish: dt.date, calendar: "WorkingCalendar") -> dict[str, int]:
    """The working days in each month from a start to a finish, both days included."""
    found = {}
    before = start - dt.timedelta(days=1)
    for month in months_from(start, finish):
        end = min(next_month(month) - dt.timedelta(days=1), finish)
        found[month_of(month)] = calendar.working_days_between(before, end)
        before = end
    return found


def even(amount: Decimal, start: dt.date, finish: dt.date, calendar: "WorkingCalendar") -> Phasing:
    """An amount spread evenly over the working days from a start to a finish."""
    days = working_days(start, finish, calendar)
    return tuple(map(MonthAmount, days, shares(amount, list(days.values()))))


def rescaled(phasing: Phasing, amount: Decimal) -> Phasing:
    """Another amount in the proportions of these months; in equal parts where they hold nothing."""
    parts = shares(amount, [phase.amount for phase in phasing])
    return tuple(MonthAmount(phase.month, part) for phase, part in zip(phasing, parts, strict=True))


def with_month(phasing: Phasing, month: str, amount: Decimal, planned: Decimal, kept: Collection[str] = ()) -> Phasing:
    """A month's new amount; what is then left of ``planned`` goes to the months not kept, in their proportions.

    Raises :class:`Refused`, with what is left over or missing, where no other month can take it.
    """
    old = {phase.month: phase.amount for phase in phasing}
    fixed = {name: value for name, value in old.items() if name in kept and name != month} | {month: amount}
    free = [name for name in old if name not in fixed]
    left = planned - sum(fixed.values(), ZERO)
    if left < 0:
        most = max(ZERO, amount + left)
        why = f"{-left:,.2f} more than the {planned:,.2f} planned; at most {most:,.2f} here"
        raise Refused([Problem(month, f"{amount:,.2f}", why)])
    if left and not free:
        why = f"{left:,.2f} of the {planned:,.2f} planned would be in no month: all others are kept"
        raise Refused([Problem(month, f"{amount:,.2f}", why)])
    rest = dict(zip(free, shares(left, [old[name] for name in free]), strict=True)) if free else {}
    found = fixed | rest
    return tuple(MonthAmount(name, found[name]) for name in sorted(found))


def running(phasing: Iterable[MonthAmount], months: Iterable[str]) -> list[Decimal]:
    """What is reached by the end of each of these months, which are in order."""
    ordered = sorted(phasing, key=lambda phase: phase.month)
    return [total(phase for phase in ordered if phase.month <= month) for month in months]


def problem_of(phasing: Phasing, planned: Decimal) -> Problem | None:
    """What is wrong with a line's months: one that is none, named twice or negative, or a sum that differs."""
    seen: set[str] = set()
    for phase in phasing:
        try:
            first_day(phase.month)
        except ValueError:
            return Problem("phasing", phase.month, "allowed: a month such as 2026-03")
        if phase.month in seen:
            return Problem("phasing", phase.month, "this month is named twice")
        if phase.amount < 0:
            return Problem("phasing", f"{phase.month} {phase.amount}", "allowed: 0 or more in a month")
        seen.add(phase.month)
    phased = total(phasing)
    if not phasing or phased == planned:
        return None
    gap = f"{abs(phased - planned):,.2f} {'more' if phased > planned else 'less'}"
    why = f"the months must come to what is planned, {planned:,.2f}; these are {gap}"
    return Problem("phasing", f"{phased:,.2f}", why)
