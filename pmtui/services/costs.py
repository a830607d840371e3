"""What is done with the money: the steps of an entry, and the closing of a month."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from pmtui.domain.budget import would_overspend, would_overspend_together
from pmtui.domain.dates import say_month
from pmtui.domain.phasing import first_day, month_of
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry, Record
from pmtui.domain.text import clean
from pmtui.services import hours
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several

STEPS = ("planned", "committed", "invoiced", "paid")


class Sums(msgspec.Struct, frozen=True):
    """What some entries come to, by what became of them; void ones count nowhere.

    ``accrued`` is the part of ``committed`` whose goods or work came before the invoice.
    """

    planned: Decimal
    committed: Decimal
    actual: Decimal
    accrued: Decimal = Decimal(0)


def sums_of(entries: Iterable[CostEntry]) -> Sums:
    """The sums of entries."""
    found = {"planned": Decimal(0), "committed": Decimal(0), "actual": Decimal(0), "accrued": Decimal(0)}
    for entry in entries:
        kind = "actual" if entry.is_actual else entry.status
        if kind in found:
            found[kind] += entry.net
        found["accrued"] += entry.net if entry.is_accrued else 0
    return Sums(**found)


def last_full_month(today: dt.date) -> str:
    """The month before this one."""
    return month_of(today.replace(day=1) - dt.timedelta(days=1))


def entries_of(data: ProjectData, month: str) -> list[CostEntry]:
    """The entries of a month."""
    return [entry for entry in data.costs.values() if month_of(entry.date) == month]


def overspent(data: ProjectData, entries: Iterable[CostEntry]) -> dict[str, Decimal]:
    """By how much these entries leave their lines overspent, by category; nothing where they don't."""
    found = {data.category_of(entry): would_overspend(data, entry) for entry in entries}
    return {category: amount for category, amount in found.items() if amount}


def overspend_notes(data: ProjectData, entries: Iterable[CostEntry]) -> list[str]:
    """Which lines these entries together would overspend, and by how much, a sentence each."""
    over = would_overspend_together(data, entries)
    lines = data.baseline_lines
    named = {line_id: lines[line_id].category if line_id in lines else f"B-{line_id}" for line_id in over}
    return [f"{named[line_id]} would be {amount:,.2f} over its budget" for line_id, amount in over.items()]


def advance(project: OpenProject, numbers: Sequence[str]) -> Outcome:
    """The next step of an entry: committed, invoiced, paid.

    What becomes money spent while its month is closed is dated today, and that is said.
    """
    with project.change("advance") as change:
        for number in numbers:
            entry = _entry(project.get(number))
            step = STEPS.index(entry.status) if entry.status in STEPS else len(STEPS)
            if step + 1 >= len(STEPS):
                raise Refused([Problem("status", entry.status, "it is final", entry.number)])
            late = STEPS[step + 1] == "invoiced" and month_of(entry.date) in change.data.project.closed_months
            if late:
                change.said.append(f"{number} is dated today: {month_of(entry.date)} is closed")
            after = change.edit(entry, status=STEPS[step + 1], date=project.today if late else entry.date)
    return Outcome(tuple(numbers), f"{several(numbers)} {after.status}", tuple(change.said))


def void(project: OpenProject, numbers: Sequence[str], reason: str) -> Outcome:
    """Not valid any more; kept with the reason."""
    why = clean(reason)
    if not why:
        raise Refused([Problem("void_reason", "", "say why it is void")])
    with project.change("void", why) as change:
        for number in numbers:
            change.edit(_entry(project.get(number)), status="void", void_reason=why)
    return Outcome(tuple(numbers), f"{several(numbers)} void", tuple(change.said))


def close_month(project: OpenProject, month: str) -> Outcome:
    """Lock a month's entries and hours, whose rates are stored with them; ``month`` is ``2026-03``."""
    return _months(project, "close month", month, lambda months: tuple(sorted({*months, month})), closed=True)


def reopen_month(project: OpenProject, month: str, reason: str) -> Outcome:
    """Unlock a month, with the reason, which history keeps; its hours cost again what the people's rates say."""
    if not clean(reason):
        raise Refused([Problem("reason", "", "say why the month is reopened")])
    return _months(
        project,
        "reopen month",
        month,
        lambda months: tuple(m for m in months if m != month),
        clean(reason),
        closed=False,
    )


def _months(project: OpenProject, verb: str, month: str, change_to: Any, reason: str = "", *, closed: bool) -> Outcome:
    try:
        first_day(month)
    except ValueError:
        raise Refused([Problem("month", month, "allowed: a month such as 2026-03")]) from None
    with project.change(verb, reason) as change:
        record = change.data.project
        if (month in record.closed_months) == closed:
            raise Refused([Problem("month", month, "it is closed already" if closed else "it is not closed")])
        change.replace(msgspec.structs.replace(record, closed_months=change_to(record.closed_months)))
        (hours.freeze if closed else hours.thaw)(change, month)
    return Outcome((), f"{say_month(month)} {'closed' if closed else 'reopened'}")


def _entry(record: Record) -> CostEntry:
    if not isinstance(record, CostEntry):
        raise Refused(f"{record.number}: only cost entries can do this, it is a {record.TYPE.words[0]}")
    return record
