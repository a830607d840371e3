"""Accruals: goods and work that came before their invoice, so that they cost already and are not yet spent.

All amounts are exact decimals in the project's currency, net of tax. An accrual is never part of the actual
cost: it is told beside it, and released by the invoice.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry


class Accrued(msgspec.Struct, frozen=True):
    """What is accrued on a day: the entries, the earliest receipt first, their total, by line and month of receipt.

    Lines are named by their number, months as ``2026-03``.
    """

    entries: tuple[CostEntry, ...]
    total: Decimal
    by_line: Mapping[str, Decimal]
    by_month: Mapping[str, Decimal]


def accrued(data: ProjectData, on: dt.date) -> Accrued:
    """The commitments received by the end of ``on`` whose invoice was not booked by then.

    One that was invoiced later counts on the days before the invoice, so that a closed month's accruals stay told.
    """
    found = sorted(
        (entry for entry in data.costs.values() if is_accrued(entry, on)), key=lambda e: (e.received_on, e.id)
    )
    return Accrued(
        entries=tuple(found),
        total=sum((entry.net for entry in found), Decimal(0)),
        by_line=_sums(found, lambda entry: entry.budget_line),
        by_month=_sums(found, lambda entry: f"{entry.received_on:%Y-%m}"),
    )


def is_accrued(entry: CostEntry, on: dt.date) -> bool:
    """Whether an entry is an accrual at the end of a day."""
    if entry.received_on is None or entry.received_on > on:
        return False
    return entry.status == "committed" or (entry.is_actual and entry.date > on)


def _sums(entries: Iterable[CostEntry], key: Callable[[CostEntry], str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sums[key(entry)] = sums.get(key(entry), Decimal(0)) + entry.net
    return sums
