"""What is done with the money: the steps of an entry, and the closing of a month."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import CostEntry, Record
from pmtui.domain.text import clean
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several

STEPS = ("planned", "committed", "invoiced", "paid")


def advance(project: OpenProject, numbers: Sequence[str]) -> Outcome:
    """The next step of an entry: committed, invoiced, paid."""
    with project.change("advance") as change:
        for number in numbers:
            entry = _entry(project.get(number))
            step = STEPS.index(entry.status) if entry.status in STEPS else len(STEPS)
            if step + 1 >= len(STEPS):
                raise Refused([Problem("status", entry.status, "it is final", entry.number)])
            after = change.edit(entry, status=STEPS[step + 1])
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
    """Lock a month's entries; ``month`` is ``2026-03``."""
    return _months(project, "close month", month, lambda months: tuple(sorted({*months, month})), closed=True)


def reopen_month(project: OpenProject, month: str, reason: str) -> Outcome:
    """Unlock a month, with the reason, which history keeps."""
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
    year, _, number = month.partition("-")
    if not (len(year) == 4 and year.isdigit() and number.isdigit() and len(number) == 2 and 1 <= int(number) <= 12):
        raise Refused([Problem("month", month, "allowed: a month such as 2026-03")])
    record = project.data.project
    if (month in record.closed_months) == closed:
        raise Refused([Problem("month", month, "it is closed already" if closed else "it is not closed")])
    with project.change(verb, reason) as change:
        change.replace(msgspec.structs.replace(change.data.project, closed_months=change_to(record.closed_months)))
    return Outcome((), f"{month} {'closed' if closed else 'reopened'}")


def _entry(record: Record) -> CostEntry:
    if not isinstance(record, CostEntry):
        raise Refused(f"{record.number}: only cost entries can do this, it is a {record.TYPE.words[0]}")
    return record
