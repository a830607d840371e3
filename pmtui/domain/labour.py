"""What hours cost: by person, month and task, to the cent.

An entry costs its hours times the rate of its person on its day, rounded to the cent (half up) for each entry, so that
the sums of parts are the sums of all, whatever they are grouped by. A rate is valid from its day until a later one
begins. Hours on which no rate was valid yet cost nothing and are counted apart. The entries of a closed month
cost what was stored with them when it was closed; a change of rates does not reach them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, TypeVar

import msgspec

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData
    from pmtui.domain.records import BudgetLine, HoursEntry, Person

K = TypeVar("K", str, tuple[str, str])

ZERO = Decimal(0)
CENT = Decimal("0.01")


class Worked(msgspec.Struct, frozen=True):
    """Hours, what they cost, and how many of them have no rate."""

    hours: Decimal = ZERO
    cost: Decimal = ZERO
    unrated: Decimal = ZERO

    def __add__(self, other: "Worked") -> "Worked":
        return Worked(self.hours + other.hours, self.cost + other.cost, self.unrated + other.unrated)


class Labour(msgspec.Struct, frozen=True):
    """Hours and their cost, in all and by handle, by month (``2026-03``) and by a task's number (empty: no task).

    ``by_person_and_month`` is by handle and month; ``entries`` is each entry with what it comes to, the earliest first.
    """

    total: Worked
    by_person: Mapping[str, Worked]
    by_month: Mapping[str, Worked]
    by_task: Mapping[str, Worked]
    by_person_and_month: Mapping[tuple[str, str], Worked]
    entries: "tuple[tuple[HoursEntry, Worked], ...]"

    @property
    def unrated_words(self) -> str:
        """How many hours have no rate, and whose they are; empty where all have one."""
        if not self.total.unrated:
            return ""
        people = ", ".join(f"@{handle}" for handle, worked in self.by_person.items() if worked.unrated)
        return f"{hours_words(self.total.unrated)} without a rate: {people}"


def rate_on(person: "Person | None", day: dt.date) -> Decimal | None:
    """What an hour of a person costs on a day; ``None`` where no rate is valid yet."""
    valid = [(rate.valid_from, rate.rate) for rate in person.rates if rate.valid_from <= day] if person else []
    return max(valid)[1] if valid else None


def rate_of(entry: "HoursEntry", data: "ProjectData") -> Decimal | None:
    """The rate of an entry: as it was stored where its month is closed, else the person's on its day."""
    if f"{entry.date:%Y-%m}" in data.project.closed_months:
        return entry.rate
    return rate_on(data.person(entry.who), entry.date)


def worth(entry: "HoursEntry", data: "ProjectData") -> Worked:
    """What an entry comes to."""
    hours, rate = Decimal(str(entry.hours)), rate_of(entry, data)
    if rate is None:
        return Worked(hours, ZERO, hours)
    return Worked(hours, (hours * rate).quantize(CENT, ROUND_HALF_UP))


def labour_cost(data: "ProjectData", entries: "Iterable[HoursEntry]") -> Labour:
    """What entries cost; the same whatever order they are in."""
    people: dict[str, Worked] = {}
    months: dict[str, Worked] = {}
    tasks: dict[str, Worked] = {}
    both: dict[tuple[str, str], Worked] = {}
    found: list[tuple[HoursEntry, Worked]] = []
    total = Worked()
    for entry in sorted(entries, key=lambda e: (e.date, e.id)):
        worked = worth(entry, data)
        person, month = data.person(entry.who), f"{entry.date:%Y-%m}"
        handle = person.handle if person else entry.who
        _count(people, handle, worked)
        _count(months, month, worked)
        _count(tasks, entry.task, worked)
        _count(both, (handle, month), worked)
        total += worked
        found.append((entry, worked))
    return Labour(total, _in_order(people), _in_order(months), _in_order(tasks), _in_order(both), tuple(found))


def charged_line(data: "ProjectData") -> "BudgetLine | None":
    """The budget line that hours are charged to; ``None`` where they cost the budget nothing."""
    return data.budget_lines.get(data.id_of(data.project.labour_line)) if data.project.labour_line else None


def charges(data: "ProjectData") -> Iterator[tuple[int, dt.date, Decimal]]:
    """What hours add to the actual cost: the budget line's id, the day, the amount; nothing without such a line."""
    line = charged_line(data)
    if line is not None and data.hours:
        for entry, worked in data.labour.entries:
            if worked.cost:
                yield line.id, entry.date, worked.cost


def charged_twice(data: "ProjectData") -> tuple[Decimal, Decimal] | None:
    """What is booked on the line of the hours, and what the hours cost, where it has both; else ``None``.

    It may be right; where the entries are time sheets, the same work is counted twice.
    """
    line = charged_line(data)
    if line is None:
        return None
    booked = sum((c.net for c in data.costs.values() if c.is_actual and data.id_of(c.budget_line) == line.id), ZERO)
    return (booked, data.labour.total.cost) if booked and data.labour.total.cost else None


def difference(data: "ProjectData", person: "Person") -> Decimal:
    """By how much the hours cost more if a person were as given, with other rates: months that are open alone."""
    after = data.with_records({person.TYPE.table: {person.id: person}})
    return after.labour.total.cost - data.labour.total.cost


def hours_words(hours: Decimal | float) -> str:
    """Hours in words: ``12 h``, ``7.5 h``."""
    return f"{plain_hours(hours)} h"


def plain_hours(hours: Decimal | float) -> str:
    """Hours as a number, thousands grouped, without needless zeros."""
    return f"{Decimal(str(hours)).quantize(CENT):,}".rstrip("0").rstrip(".")


def _count(sums: dict[K, Worked], key: K, worked: Worked) -> None:
    sums[key] = sums.get(key, Worked()) + worked


def _in_order(sums: Mapping[K, Worked]) -> dict[K, Worked]:
    return {key: sums[key] for key in sorted(sums)}
