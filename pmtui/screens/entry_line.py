"""What the line that adds a cost entry says of it before it is added: what it leaves on its budget line."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from pmtui.domain.budget import totals, would_overspend
from pmtui.domain.phasing import month_of
from pmtui.domain.problems import Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickline import ParsedLine
from pmtui.domain.records import CostEntry
from pmtui.screens.money import month_name
from pmtui.screens.summary import amount
from pmtui.services.costs import overspend_notes, overspent
from pmtui.services.project import OpenProject
from pmtui.services.records import read_field
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


def warning_of(project: OpenProject, entry: CostEntry | None, typed: Mapping[str, str]) -> str:
    """What a form of a cost entry would overspend as it stands; empty where nothing, or where it can't be read yet."""
    names = ("date", "budget_line", "net", "status", "credit_note")
    values: dict[str, Any] = {}
    try:
        for name in names:
            if typed.get(name, "").strip():
                values[name] = read_field(project, CostEntry.TYPE.fields[name], typed[name])
        if "net" not in values or project.data.get(str(values.get("budget_line", ""))) is None:
            return ""
        new = msgspec.structs.replace(entry or CostEntry(date=project.today, budget_line="", net=Decimal(0)), **values)
    except Refused:
        return ""
    return ", ".join(overspend_notes(project.data, [new]))


def together(project: OpenProject, lines: Sequence[ParsedLine]) -> str:
    """What lines that add cost entries would overspend together; empty where nothing."""
    entries = []
    for at, parsed in enumerate(lines, 1):
        values, data = parsed.values, project.data
        line = data.budget_line_named(str(values.get("category", ""))) if parsed.kind == "cost" else None
        net, date = values.get("net"), values.get("date")
        if line is not None and isinstance(net, Decimal) and isinstance(date, dt.date):
            status = str(values.get("status", "invoiced"))
            entries.append(CostEntry(id=-at, date=date, budget_line=line.number, net=net, status=status))
    return ", ".join(overspend_notes(project.data, entries))


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
