"""What a cost entry must be where it is in another currency, credits another one, or came before its invoice."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pmtui.domain.currency import CENT, CODE, converted, last_rate
from pmtui.domain.problems import Problem

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData
    from pmtui.domain.records.cost import BudgetLine, CostEntry


def complete(before: "CostEntry | None", after: "CostEntry", _: dt.date) -> "CostEntry":
    """The net that follows from an amount in another currency and its rate; nothing that is planned was received.

    A net that is given with them stays, to be refused where the three don't agree.
    """
    after = replace(after, currency=after.currency.strip().upper())
    if after.status == "planned" and before is not None and before.status != "planned":
        after = replace(after, received_on=None)
    if after.foreign_net is None or after.rate is None:
        return after
    if before is None:
        follows = not after.net
    else:
        changed = (before.foreign_net, before.rate) != (after.foreign_net, after.rate)
        follows = changed and before.net == after.net
    return replace(after, net=converted(after.foreign_net, after.rate)) if follows else after


def credit_notes_only(entry: "CostEntry", _: "ProjectData") -> Sequence[Problem]:
    """A negative amount is a credit note, and says so."""
    if entry.net < 0 and not entry.credit_note:
        return [Problem("net", str(entry.net), "a negative amount only as a credit note (credit_note=yes)")]
    return []


def amounts_agree(entry: "CostEntry", data: "ProjectData") -> Sequence[Problem]:
    """An amount in another currency has its rate, and makes the net, to the cent."""
    own, code = data.project.currency, entry.currency
    bare = entry.foreign_net is None and entry.rate is None
    if bare and code in {"", own}:
        return []
    if not CODE.fullmatch(code):
        return [Problem("currency", code, "allowed: the three letters of a currency, such as USD")]
    if code == own:
        return [Problem("currency", code, f"amounts of this project are in {own}: leave its net and rate empty")]
    if entry.rate is None or not entry.rate:
        known = last_rate(data, code) if not entry.id else None
        said = f"; {known.number} has {known.rate}" if known else ""
        return [Problem("rate", str(entry.rate or ""), f"say what 1 {code} costs in {own}, such as 0.92{said}")]
    if entry.foreign_net is None:
        return [Problem("foreign_net", "", f"say the net in {code}; what it makes in {own} follows from the rate")]
    expected = converted(entry.foreign_net, entry.rate)
    if entry.net == expected:
        return []
    made = f"{entry.foreign_net:,.2f} {code} at {entry.rate}"
    return [Problem("net", str(entry.net), f"expected {expected} {own}, which is {made}; change these instead")]


def row_booked_once(entry: "CostEntry", data: "ProjectData") -> Sequence[Problem]:
    """A row of a bank's or ERP's file is booked once, whatever file it comes in again, undone and brought back."""
    for row in entry.statement_ids:
        others = [other for other in data.statement_rows.get(row, ()) if other != entry.id]
        if others:
            return [Problem("external", row, f"this row of a bank's file is booked as C-{others[0]}")]
    return []


def credits_an_entry(entry: "CostEntry", data: "ProjectData") -> Sequence[Problem]:
    """What a credit note credits is money of this project that was not taken back otherwise."""
    if not entry.credits:
        return []
    of = data.costs.get(data.id_of(entry.credits))
    why = ""
    if not entry.credit_note:
        why = "only a credit note credits another entry (credit_note=yes)"
    elif of is not None and of.id == entry.id:
        why = "an entry does not credit itself"
    elif of is not None and of.credit_note:
        why = f"{of.number} is a credit note itself"
    elif of is not None and of.status == "void" and entry.status != "void":
        why = f"{of.number} is void: there is nothing to credit"
    return [Problem("credits", entry.credits, why)] if why else []


def credited_stays(entry: "CostEntry", data: "ProjectData") -> Sequence[Problem]:
    """An entry that a credit note takes back is not void as well: it would be taken back twice."""
    notes = data.costs.values() if entry.status == "void" else ()
    note = next((e.number for e in notes if e.credits == entry.number and e.status != "void"), "")
    return [Problem("status", "void", f"{note} credits it already; make that void first")] if note else []


def credits_too_much(entry: "CostEntry", data: "ProjectData") -> str:
    """That an entry is credited with more than it is; empty where it is not."""
    of = data.costs.get(data.id_of(entry.credits)) if entry.credits else None
    if of is None or entry.status == "void":
        return ""
    notes = [e.net for e in data.costs.values() if e.credits == entry.credits and e.status != "void"]
    credited = -sum(notes, Decimal(0))
    return f"{of.number} is {of.net:,.2f}, and {credited:,.2f} of it are credited" if credited > of.net else ""


def received_rightly(entry: "CostEntry", _: "ProjectData") -> Sequence[Problem]:
    """Goods and work come for what was committed to."""
    if entry.received_on is None or entry.status != "planned":
        return []
    return [
        Problem("received_on", entry.received_on.isoformat(), "only what is committed is received; commit it first")
    ]


def receipt_stays(before: "CostEntry | None", after: "CostEntry | None", data: "ProjectData") -> Sequence[Problem]:
    """What was accrued in a closed month stays, and nothing more is accrued in it; its invoice releases it."""
    old = before.received_on if before is not None and before.status == "committed" else None
    new = after.received_on if after is not None and after.status == "committed" else None
    goes_on = after is not None and after.is_actual
    for day in dict.fromkeys((None if goes_on else old, new)):
        if old != new and day is not None and f"{day:%Y-%m}" in data.project.closed_months:
            why = f"the month {day:%Y-%m} is closed; take a day in an open month, or reopen it first"
            return [Problem("received_on", day.isoformat(), why)]
    return []


def accrual_stays(before: "CostEntry | None", after: "CostEntry | None", data: "ProjectData") -> Sequence[Problem]:
    """The amount and the line of an accrual of a closed month stay, but for a part of it that is invoiced."""
    if before is None or after is None or not (before.is_accrued and after.is_accrued):
        return []
    changed = [name for name in ("net", "budget_line") if getattr(before, name) != getattr(after, name)]
    month = f"{before.received_on:%Y-%m}"
    if not changed or month not in data.project.closed_months:
        return []
    parts = [e.net for e in data.costs.values() if before.number in e.links and e.received_on == before.received_on]
    if changed == ["net"] and any(abs(before.net - after.net - part) <= CENT for part in parts):
        return []
    why = f"it is accrued in {month}, which is closed; reopen it first"
    return [Problem(changed[0], str(getattr(after, changed[0])), why)]


def cost_variance(line: "BudgetLine", data: "ProjectData") -> Decimal | None:
    """What is planned for a line less what it will come to; negative when over."""
    forecast = data.line_forecasts.get(line.id)
    return None if forecast is None else line.planned - forecast


def cost_variance_percent(line: "BudgetLine", data: "ProjectData") -> Decimal | None:
    """The cost variance in % of what is planned, to two decimals; nothing where nothing is planned."""
    variance = cost_variance(line, data)
    return None if variance is None or not line.planned else (variance * 100 / line.planned).quantize(CENT)
