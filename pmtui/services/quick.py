"""Adding a record from one line, as people type it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pmtui.domain.fields import Kind
from pmtui.domain.problems import Refused
from pmtui.domain.quickline import ParsedLine, read_line
from pmtui.domain.records import BY_KIND, BudgetLine, Meeting, Record
from pmtui.domain.values import show_value
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome

RISK_REVIEW_AFTER = dt.timedelta(weeks=4)
"""A risk without a review date is reviewed this long from now."""

ISSUE_TARGET_AFTER = dt.timedelta(days=14)
"""An issue without a target date has one this long from now."""

Values = Mapping[str, object]


def add_line(project: OpenProject, kind: str, line: str, *, defaults: Values | None = None) -> Outcome:
    """Add what one line says; ``defaults`` fill fields that the line does not name.

    The outcome's words say what was understood. Raises :class:`Refused` with every problem of the
    line, or of the rules.
    """
    project.refresh()
    return add_parsed(project, read_line(kind, line, project.data, project.today), defaults=defaults)


def add_parsed(project: OpenProject, parsed: ParsedLine, *, defaults: Values | None = None) -> Outcome:
    """Add a line that was read already, such as the one shown while it was typed."""
    if parsed.problems:
        raise Refused(parsed.problems)
    record_type = BY_KIND[parsed.kind]
    values = completed(project, parsed.kind, {**(defaults or {}), **parsed.values})
    with project.change(f"add {record_type.words[0]}") as change:
        category = values.pop("category", None) if parsed.kind == "cost" else None
        if category:
            values["budget_line"] = budget_line_of(change, str(category))
        record = change.add(record_type.struct(**values))
    said = (*parsed.said, *change.said)
    return Outcome((record.number,), describe(record, project.data.project.currency, project.today), said)


def add_typed(project: OpenProject, kind: str, line: str) -> Outcome:
    """Add what was typed; the next meeting of a series begins with the agenda that waits for it."""
    project.refresh()
    parsed = read_line(kind, line, project.data, project.today)
    return _add_meeting(project, parsed) if kind == "meeting" and not parsed.problems else add_parsed(project, parsed)


def _add_meeting(project: OpenProject, parsed: ParsedLine) -> Outcome:
    """A meeting whose series has earlier ones has their agenda; one that repeats begins a series."""
    from pmtui.domain.series import series_name
    from pmtui.services.series import drafted_agenda, next_of

    named = str(parsed.values.get("series") or parsed.values.get("title") or "")
    last = next_of(project.data, named)
    if last is None:
        return add_parsed(project, parsed, defaults={"series": named} if "repeats" in parsed.values else None)
    series = series_name(last)
    values: dict[str, Any] = {**parsed.values, "series": series}
    trial = Meeting(**values)
    agenda = drafted_agenda(project, trial)
    outcome = add_parsed(project, parsed, defaults={"series": series, "agenda": agenda, "repeats": last.repeats})
    topics = f"{len(agenda)} topic{'' if len(agenda) == 1 else 's'}"
    return Outcome(outcome.numbers, outcome.words, (*outcome.said, f"next of {series}, {topics} on the agenda"))


def describe(record: Record, currency: str, today: dt.date) -> str:
    """A record in one line, as it is told when it was added: number, name, and what it was given."""
    parts = [f"{record.number} {record.name}".strip()]
    initial = record.TYPE.flow.initial if record.TYPE.flow else ""
    names = (*(n for n in record.TYPE.columns if n != "baseline"), "estimate", "invited", "tags", "repeats")
    for name in dict.fromkeys(names):
        field = record.TYPE.fields.get(name)
        value = getattr(record, name, None)
        if field is None or name == record.TYPE.title or value in (None, "", (), initial, "normal"):
            continue
        words = show_value(field, value, today)
        if field.kind is Kind.MONEY:
            words += f" {currency}"
        named = field.kind in {Kind.DATE, Kind.MOMENT, Kind.SCALE}
        parts.append(f"{field.label.lower()} {words}" if named else words)
    return " · ".join(parts)


def completed(project: OpenProject, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """What a new record of the kind has where the line does not say it."""
    user, today = project.session.user, project.today
    usual: dict[str, dict[str, Any]] = {
        "risk": {"owner": user, "review_date": today + RISK_REVIEW_AFTER},
        "issue": {"owner": user, "target_date": today + ISSUE_TARGET_AFTER},
        "cost": {"date": today, "status": "invoiced"},
        "hours": {"who": user, "date": today},
        "decision": {"date": today},
        "change": {"requester": user, "description": values.get("title", "")},
    }
    return usual.get(kind, {}) | values


def budget_line_of(change: Change, category: str) -> str:
    """The number of the budget line of a category, made where there is none."""
    line = change.data.budget_line_named(category)
    if line is None:
        line = change.add(BudgetLine(category=category))
        change.said.append(f"{line.number} {category} is a new budget line with nothing planned")
    return line.number
