"""What the line that adds a cost entry says of it before it is added: what it leaves on its budget line."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from pmtui.domain.budget import totals, would_overspend
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickline import ParsedLine
from pmtui.domain.records import CostEntry
from pmtui.screens.money import month_name
from pmtui.screens.summary import amount
from pmtui.services.costs import month_of, overspent
from pmtui.widgets.cells import Span


def what_is_left(parsed: ParsedLine, data: ProjectData) -> Span | None:
    """What an entry would leave on its budget line, or by how much it would overspend it."""
    line = data.budget_line_named(str(parsed.values.get("category", "")))
    net, date = parsed.values.get("net"), parsed.values.get("date")
    if not parsed.values.get("category") or not isinstance(net, Decimal) or not isinstance(date, dt.date):
        return None
    if line is None:
        return (f"▲ {parsed.values['category']} has no budget line yet: one with nothing planned is made", "warn")
    status = str(parsed.values.get("status", "invoiced"))
    over = would_overspend(data, CostEntry(date=date, budget_line=line.number, net=net, status=status))
    if over:
        return (f"▲ {line.category} would be {amount(over, cents=True)} over its budget", "warn")
    left = next(found.left for found in totals(data).lines if found.line.id == line.id)
    spent = net if status != "planned" else Decimal(0)
    return (f"{line.category}: {amount(left - spent, cents=True)} left after it", "muted")


def closed(parsed: ParsedLine, data: ProjectData) -> str:
    """Why the month of an entry takes none; empty where it is open."""
    date = parsed.values.get("date")
    if not isinstance(date, dt.date) or month_of(date) not in data.project.closed_months:
        return ""
    return f"{month_name(month_of(date))} is closed: book it in an open month"


def overspend_words(data: ProjectData, numbers: Sequence[str]) -> str:
    """Which budget lines these entries leave overspent, and by how much; empty where none."""
    found = [entry for entry in map(data.get, numbers) if isinstance(entry, CostEntry)]
    over = overspent(data, found)
    return ", ".join(f"{name} is {amount(by, cents=True)} over its budget" for name, by in over.items())
