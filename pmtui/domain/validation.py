"""Whether a record may stand: its fields' bounds, its type's rules, its references."""

from collections.abc import Iterable

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BY_KIND, Record
from pmtui.domain.text import LINE_LIMIT, TEXT_LIMIT


def problems_of(record: Record, data: ProjectData) -> list[Problem]:
    """Everything wrong with a record in its project; ``data`` already holds the record."""
    number = record.number if record.id else ""
    found = list(_field_problems(record, data))
    emptied = {problem.field for problem in found if not problem.value}
    for rule in record.TYPE.rules if not emptied else ():  # a rule reads what is required as it was declared
        found += rule(record, data)
    return [Problem(p.field, p.value, p.allowed, number, p.line) for p in found]


def status_problem(before: Record, after: Record) -> Problem | None:
    """Why a record may not go from one status to another; ``None`` where it may."""
    flow = before.TYPE.flow
    if flow is None:
        return None
    old, new = str(getattr(before, "status")), str(getattr(after, "status"))  # noqa: B009 - only types with a flow
    if flow.allows(old, new):
        return None
    allowed = ", ".join(flow.moves.get(old, ())) or "nothing: it is final"
    return Problem("status", new, f"from {old} allowed: {allowed}", before.number)


def change_problems(
    before: Record | None, after: Record | None, data: ProjectData, *, undone: bool = False
) -> list[Problem]:
    """Why a record may not become another, be added (no ``before``) or be deleted (no ``after``).

    ``data`` is the project as it would be; ``undone`` says that a change is taken back, or brought back.
    """
    record = before or after
    if record is None:
        return []
    number = record.number if record.id else ""
    rules = record.TYPE.change_rules + (() if undone else record.TYPE.edit_rules)
    found = [p for rule in rules for p in rule(before, after, data)]
    return [Problem(p.field, p.value, p.allowed, number, p.line) for p in found]


def left_dangling(gone: Record, data: ProjectData) -> list[Problem]:
    """Who would still refer to a record that is taken out; ``data`` no longer holds it."""
    number = gone.number
    for record in data.records():
        for name, field in record.TYPE.fields.items():
            if field.kind not in {Kind.REFERENCE, Kind.REFERENCES}:
                continue
            value = getattr(record, name)
            if value == number or (isinstance(value, tuple) and number in value):
                why = f"{record.number} {record.name} names it as its {field.label.lower()}; change that first"
                return [Problem("record", "", why, number)]
    return []


def _field_problems(record: Record, data: ProjectData) -> Iterable[Problem]:
    for name, field in record.TYPE.fields.items():
        value = getattr(record, name)
        if value is None or value == "" or value == ():
            if field.required:
                yield Problem(name, "", f"{field.label} is required ({field.allowed})")
            continue
        problem = (
            _length(field, value) or _bounds(field, value) or _choice(field, value) or _dangling(field, value, data)
        )
        if problem:
            yield problem


def _length(field: Field, value: object) -> Problem | None:
    if not isinstance(value, str):
        return None
    limit = TEXT_LIMIT if field.kind is Kind.TEXT else LINE_LIMIT
    if len(value) <= limit:
        return None
    return Problem(field.name, value[:40] + "…", f"allowed: at most {limit:,} characters; these are {len(value):,}")


def _bounds(field: Field, value: object) -> Problem | None:
    low, high = (0, 100) if field.kind is Kind.PERCENT else (field.low, field.high)
    if (low is None and high is None) or (not isinstance(value, (int, float)) and field.kind is not Kind.MONEY):
        return None
    number = float(str(value))
    if (low is not None and number < low) or (high is not None and number > high):
        return Problem(field.name, str(value), field.allowed)
    return None


def _choice(field: Field, value: object) -> Problem | None:
    if field.choices and value not in field.choices:
        return Problem(field.name, str(value), field.allowed)
    return None


def _dangling(field: Field, value: object, data: ProjectData) -> Problem | None:
    if field.kind is Kind.REFERENCE:
        numbers = [str(value)]
    elif field.kind is Kind.REFERENCES and isinstance(value, tuple):
        numbers = list(value)
    else:
        return None
    for number in numbers:
        found = data.get(number)
        if found is None or (field.kinds and found.TYPE.kind not in field.kinds):
            words = " or ".join(BY_KIND[kind].words[0] for kind in field.kinds) or "record"
            return Problem(field.name, number, f"there is no such {words} here")
    return None
