"""Adding what many lines say: checked first as if it were there already, then written as one change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickgrammar import ParsedLine
from pmtui.domain.records import BY_KIND, BudgetLine, Milestone, Record, Task
from pmtui.domain.validation import change_problems, problems_of
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.quick import budget_line_of, completed


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that a line would add.

    ``above`` is the place, among those added together, of the task that it is a part of; ``parent`` the number of
    one that is there already; ``after`` and ``follows`` are the same of the tasks that it waits for. ``line`` is where
    it was written, for what is said about it.
    """

    parsed: ParsedLine
    above: int | None = None
    parent: str = ""
    after: tuple[int, ...] = ()
    follows: tuple[str, ...] = ()
    line: int | None = None


def check(project: OpenProject, drafts: Sequence[Draft]) -> list[list[Problem]]:
    """What is wrong with each draft: in its line, else under the rules, as if all that can be read were there."""
    found: list[list[Problem]] = [list(draft.parsed.problems) for draft in drafts]
    staged: dict[str, dict[int, Record | None]] = {}
    records: dict[int, Record] = {}
    for at, draft in enumerate(drafts):
        if found[at]:
            continue
        values = _values(project, draft)
        above = records.get(draft.above) if draft.above is not None else None
        if above is not None:
            values["parent"] = above.number
        category = values.pop("category", None) if draft.parsed.kind == "cost" else None
        if category:
            values["budget_line"] = _stage_budget_line(project.data, str(category), staged)
        records[at] = _stage(project, BY_KIND[draft.parsed.kind].struct(**values), staged)
    for at, record in records.items():
        waits = _waits(record, [records[place] for place in drafts[at].after if place in records])
        records[at] = staged[record.TYPE.table][record.id] = waits
    after = project.data.with_records(staged)
    for at, record in records.items():
        problems = [*problems_of(record, after), *change_problems(None, record, after)]
        found[at] = [msgspec.structs.replace(problem, number="") for problem in problems]
    return found


def add_drafts(project: OpenProject, drafts: Sequence[Draft]) -> Outcome:
    """Add all of them as one change; raises :class:`Refused`, naming lines, where a rule forbids one."""
    if not drafts:
        return Outcome((), "nothing to add")
    added: list[Record] = []
    try:
        with project.change(_verb(drafts)) as change:
            for draft in drafts:
                added.append(_added(project, change, draft, added))
            for at, draft in enumerate(drafts):
                if draft.after:
                    change.replace(_waits(change.current(added[at]), [added[place] for place in draft.after]))
            said = tuple(change.said)
    except Refused as refused:
        places = {record.number: draft.line for record, draft in zip(added, drafts, strict=False)}
        placed = [(p, places.get(p.number, p.line)) for p in refused.problems]
        raise Refused([msgspec.structs.replace(p, number="", line=line) for p, line in placed]) from None
    numbers = tuple(record.number for record in added)
    return Outcome(numbers, f"{_counted(added)} added: {_ranges(added)}", said)


def _added(project: OpenProject, change: Change, draft: Draft, before: Sequence[Record]) -> Record:
    values = _values(project, draft)
    if draft.above is not None:
        values["parent"] = before[draft.above].number
    category = values.pop("category", None) if draft.parsed.kind == "cost" else None
    if category:
        values["budget_line"] = budget_line_of(change, str(category))
    record: Record = BY_KIND[draft.parsed.kind].struct(**values)
    return change.add(record)


def _values(project: OpenProject, draft: Draft) -> dict[str, Any]:
    values = completed(project, draft.parsed.kind, dict(draft.parsed.values))
    if draft.follows:
        values["depends_on"] = tuple(dict.fromkeys((*values.get("depends_on", ()), *draft.follows)))
    return values | {"parent": draft.parent} if draft.parent else values


def _waits(record: Record, before: Sequence[Record]) -> Record:
    """The record, waiting also for these."""
    if not before or not isinstance(record, (Task, Milestone)):
        return record
    numbers = (*record.depends_on, *(other.number for other in before if isinstance(other, Task)))
    return msgspec.structs.replace(record, depends_on=tuple(dict.fromkeys(numbers)))


def _stage(project: OpenProject, record: Record, staged: dict[str, dict[int, Record | None]]) -> Record:
    """The record as it would be added, with a number of its own."""
    number = _next(project.data, record.TYPE.table, staged)
    new: Record = record.TYPE.follow(None, msgspec.structs.replace(record, id=number), project.today)
    staged.setdefault(record.TYPE.table, {})[new.id] = new
    return new


def _next(data: ProjectData, table: str, staged: dict[str, dict[int, Record | None]]) -> int:
    here = staged.get(table, {})
    return max(here) + 1 if here else max(data.tables.get(table, {}), default=0) + 1


def _stage_budget_line(data: ProjectData, category: str, staged: dict[str, dict[int, Record | None]]) -> str:
    """The number of a category's budget line; one with nothing planned where there is none yet."""
    line = data.budget_line_named(category)
    if line is not None:
        return line.number
    table = BudgetLine.TYPE.table
    for known in staged.get(table, {}).values():
        if isinstance(known, BudgetLine) and known.category == category:
            return known.number
    new = BudgetLine(id=_next(data, table, staged), category=category)
    staged.setdefault(table, {})[new.id] = new
    return new.number


def _verb(drafts: Sequence[Draft]) -> str:
    kinds = {draft.parsed.kind for draft in drafts}
    words = BY_KIND[kinds.pop()].words if len(kinds) == 1 else ("record", "records")
    return f"add {words[0]}" if len(drafts) == 1 else f"add {len(drafts)} {words[1]}"


def _by_kind(records: Sequence[Record]) -> list[list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.TYPE.kind, []).append(record)
    return list(found.values())


def _counted(records: Sequence[Record]) -> str:
    """How many of what: ``12 tasks and 1 risk``."""
    parts = [f"{len(group)} {group[0].TYPE.words[len(group) > 1]}" for group in _by_kind(records)]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _ranges(records: Sequence[Record]) -> str:
    """The numbers of each kind: ``T-5 to T-9, R-1``."""
    parts = []
    for group in _by_kind(records):
        first, last = group[0], group[-1]
        in_a_row = last.id - first.id == len(group) - 1 > 1
        parts.append(f"{first.number} to {last.number}" if in_a_row else ", ".join(r.number for r in group[:4]))
        if not in_a_row and len(group) > 4:
            parts.append(f"{len(group) - 4} more")
    return ", ".join(parts)
