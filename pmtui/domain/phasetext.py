"""Months and amounts on one line: ``2026-01 5000, feb..apr 9000, rest``.

``rest`` spreads what is left over the project's other months, by their working days.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from pmtui.domain.dates import MONTHS
from pmtui.domain.phasing import MonthAmount, Phasing, first_day, month_of, months_to, next_month, shares, total
from pmtui.domain.text import fold
from pmtui.domain.values import read_money

ZERO = Decimal(0)
_PARTS = re.compile(r"[;\n]|,(?=\s)|,(?=[^\d\s])|,(?=\d{4}-)|,$")
_NAMED = re.compile(r"(?P<name>[^\W\d_]{3,9})(?:\.(?!\.))?(?:[ \-]?(?P<year>(?:19|20)\d\d)(?=\s+\S|\.\.))?")
_WRITTEN = re.compile(r"\d{4}-\d{2}(?!\d)")
_ALLOWED = "allowed: months and amounts such as 2026-03 5000, apr..jun 9000, rest"


class PhaseText(msgspec.Struct, frozen=True):
    """What a line of months means; ``problem`` is the first thing in it that can't be."""

    phasing: Phasing = ()
    problem: str = ""

    def gap(self, planned: Decimal) -> Decimal:
        """What is planned, less what the months come to."""
        return planned - total(self.phasing)


def read_phases(text: str, planned: Decimal, days: Mapping[str, int], month: str) -> PhaseText:
    """Months with their amounts; ``days`` are the project's months with their working days.

    A month without a year is the first such one after the month before it; the first of them, from the project's
    first month on, or ``month``, this one.
    """
    found: dict[str, Decimal] = {}
    rest = False
    after = min(days, default=month)
    for part in filter(None, (piece.strip() for piece in _PARTS.split(text))):
        if fold(part) == "rest":
            rest = True
            continue
        names, amount, problem = _read_part(part, after)
        problem = problem or next((f"{name} is named twice" for name in names if name in found), "")
        if problem:
            return PhaseText(problem=problem)
        found |= dict(zip(names, shares(amount, [1] * len(names)), strict=True))
        after = names[-1]
    if rest:
        problem = _spread_rest(found, planned, days)
        if problem:
            return PhaseText(problem=problem)
    return PhaseText(tuple(MonthAmount(name, found[name]) for name in sorted(found)))


def write_phases(phasing: Phasing) -> str:
    """Months as :func:`read_phases` reads them."""
    return ", ".join(f"{phase.month} {phase.amount}" for phase in phasing)


def _spread_rest(found: dict[str, Decimal], planned: Decimal, days: Mapping[str, int]) -> str:
    left = planned - sum(found.values(), ZERO)
    free = [name for name in days if name not in found]
    if left < 0:
        return f"rest: {-left:,.2f} too much is named already"
    if not free:
        return "rest: the project has no other month" if days else "rest: the project has no start and finish"
    found |= dict(zip(free, shares(left, [days[name] for name in free]), strict=True))
    return ""


def _read_part(part: str, after: str) -> tuple[Sequence[str], Decimal, str]:
    first, rest = _month(part, after)
    if not first:
        return (), ZERO, f"“{part}”: {_ALLOWED}"
    last = first
    if rest.startswith(".."):
        last, rest = _month(rest[2:].strip(), first)
    if not last or last < first:
        return (), ZERO, f"“{part}”: the second month of a range comes after the first"
    try:
        amount = read_money(rest)
    except ValueError:
        return (), ZERO, f"“{part}”: {'an amount is missing' if not rest.strip() else f'{rest.strip()} is no amount'}"
    if amount < 0:
        return (), ZERO, f"“{part}”: allowed: 0 or more in a month"
    return months_to(first, last), amount, ""


def _month(text: str, after: str) -> tuple[str, str]:
    """The month that a text begins with, and the rest; empty where it begins with none."""
    written = _WRITTEN.match(text)
    named = _NAMED.match(text)
    if written:
        month, end = written[0], written.end()
    else:
        known = [at for at, name in enumerate(MONTHS, 1) if named and fold(name).startswith(fold(named["name"]))]
        if named is None or len(known) != 1:
            return "", text
        month, end = f"{named['year'] or _year_of(known[0], after)}-{known[0]:02d}", named.end()
    try:
        first_day(month)
    except ValueError:
        return "", text
    return month, text[end:].strip()


def _year_of(number: int, after: str) -> str:
    """The year of the first such month from another on."""
    day = first_day(after)
    while day.month != number:
        day = next_month(day)
    return month_of(day)[:4]
