"""What comes before an invoice, and invoices of a part: received, not received, so much of a commitment."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from pmtui.domain.currency import CENT, converted
from pmtui.domain.dates import say_date
from pmtui.domain.phasing import month_of
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import CostEntry, Record
from pmtui.domain.text import clean
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several


def receive(project: OpenProject, numbers: Sequence[str], on: dt.date | None) -> Outcome:
    """The goods or work of commitments came on a day, their invoices are to come; ``None``: they did not come.

    Raises :class:`Refused` for what is no commitment, and for a day ahead or in a closed month.
    """
    if on is not None and on > project.today:
        raise Refused([Problem("received_on", on.isoformat(), "what came, came by today")])
    with project.change("receive" if on else "not received") as change:
        for number in numbers:
            change.edit(committed(project.get(number), "received"), received_on=on)
    words = f"received {say_date(on, project.today)}: accrued until invoiced" if on else "not received"
    return Outcome(tuple(numbers), f"{several(numbers)} {words}", tuple(change.said))


def committed(record: Record, verb: str) -> CostEntry:
    """The record, which is a commitment; raises :class:`Refused` where it is none."""
    if not isinstance(record, CostEntry):
        raise Refused([Problem("record", "", f"only cost entries are {verb}", record.number)])
    if record.status != "committed":
        more = "; commit it first" if record.status == "planned" else ""
        raise Refused([Problem("status", record.status, f"only a commitment is {verb}{more}", record.number)])
    return record


def invoice_part(
    project: OpenProject, number: str, amount: Decimal, *, rest_stays: bool, invoice: str = "", released_for: str = ""
) -> Outcome:
    """An invoice of a part of a commitment, in the commitment's currency, dated today.

    The rest stays committed on the commitment's own number, and the invoice is an entry of its own; or the rest
    is released, and the commitment becomes the invoice. One change. Raises :class:`Refused` for an amount that is no
    part.
    """
    with project.change("invoice part", clean(released_for)) as change:
        entry = committed(change.current(project.get(number)), "invoiced in part")
        whole = whole_of(entry)
        if not Decimal(0) < amount < whole:
            why = f"allowed: more than nothing, and less than the {whole:,.2f} that are committed"
            raise Refused([Problem("net", str(amount), why, number)])
        values: dict[str, Any] = {"status": "invoiced", "date": project.today, "invoice_expected_on": None}
        values |= {"invoice": clean(invoice)} if clean(invoice) else {}
        part = stage_part(change, entry, amount, rest_stays=rest_stays, **values)
    left = f"{whole - amount:,.2f} {entry.currency or change.data.project.currency}"
    rest = f"{left} of {number} stay committed" if rest_stays else f"{left} released"
    return Outcome((part.number,), f"{part.number} invoiced: {amount:,.2f} · {rest}", tuple(change.said))


def whole_of(entry: CostEntry) -> Decimal:
    """What an entry is, in its own currency."""
    return entry.net if entry.foreign_net is None else entry.foreign_net


def stage_part(change: Change, entry: CostEntry, amount: Decimal, *, rest_stays: bool, **values: Any) -> CostEntry:
    """Stage ``amount`` of a commitment, in its currency, with these values; the rest stays, or is released."""
    part, rest = _shares(entry, amount)
    if not rest_stays:
        return change.edit(entry, **part, **values)
    new = replace(entry, external=None, bank_rows=(), links=(*entry.links, entry.number))
    added = change.add(replace(new, **part, **values))
    change.edit(entry, **rest)
    return added


def _shares(entry: CostEntry, amount: Decimal) -> tuple[dict[str, Any], dict[str, Any]]:
    """The amounts of a part and of the rest: nothing is lost of the net, the tax goes along with it."""
    whole = whole_of(entry)
    tax = None if entry.tax is None else (entry.tax * amount / whole).quantize(CENT)
    taxes = {"tax": tax}, {"tax": None if entry.tax is None or tax is None else entry.tax - tax}
    if entry.foreign_net is None or entry.rate is None:
        return {"net": amount, **taxes[0]}, {"net": entry.net - amount, **taxes[1]}
    found = [{"foreign_net": a, "net": converted(a, entry.rate)} for a in (amount, whole - amount)]
    return {**found[0], **taxes[0]}, {**found[1], **taxes[1]}


def month_is_open(project: OpenProject, day: dt.date) -> bool:
    """Whether a day's month still takes entries."""
    return month_of(day) not in project.data.project.closed_months
