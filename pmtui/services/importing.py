"""Import of a file: a plan first, that writes nothing and says everything; then all of it, or nothing.

``plan_import`` reads the file and compares it with the project; ``apply_import`` does it in one
transaction, against the project as it is by then. The same file again updates what it brought.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BY_KIND, BudgetLine, CostEntry, Record, type_named
from pmtui.exchange.files import read_bytes, read_content
from pmtui.exchange.headings import IMPORTED, read_columns
from pmtui.exchange.resolve import Resolved, Setting, resolve
from pmtui.exchange.rows import FileContent, ReadAs
from pmtui.exchange.telling import BAD, NEW, UNCHANGED, UPDATED, Difference, Entry
from pmtui.services.costs import overspend_notes
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.zones import zone_of

DATE_ORDERS = {"dmy": True, "mdy": False}
"""How a file writes 04/05/2026, for ``--dates``."""


@dataclass(frozen=True, slots=True)
class Count:
    """What becomes of the rows of one kind."""

    kind: str
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    bad: int = 0

    @property
    def words(self) -> str:
        """Such as ``3 tasks new, 1 unchanged``."""
        parts = [(self.new, NEW), (self.updated, UPDATED), (self.unchanged, UNCHANGED), (self.bad, BAD)]
        said = [(count, action) for count, action in parts if count]
        first = said[0][0] if said else 0
        name = BY_KIND[self.kind].words[0 if first == 1 else 1]
        return ", ".join(
            f"{count} {name} {action}" if place == 0 else f"{count} {action}"
            for place, (count, action) in enumerate(said)
        )


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do: counts by kind, an entry for each row, each bad row's problems, what to know."""

    source: str
    content: FileContent
    counts: tuple[Count, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def changes_something(self) -> bool:
        """Whether the project would be another afterwards."""
        return any(count.new or count.updated for count in self.counts)

    @property
    def words(self) -> str:
        """The counts in one line."""
        return "; ".join(count.words for count in self.counts) or "nothing to import"


def plan_import(
    project: OpenProject,
    file: Path | bytes,
    file_name: str = "",
    *,
    kind: str | None = None,
    mapping: Mapping[str, str] | Iterable[str] = (),
    dates: str | None = None,
) -> ImportPlan:
    """What an import of a file, or of its bytes under a name, would do; nothing is written.

    ``kind`` is what the user calls it (``tasks``, ``budget-lines``); ``mapping`` gives headings their
    fields, as a mapping or as ``HEADING=FIELD``; ``dates`` is ``dmy`` or ``mdy``. Raises
    :class:`Refused` where the file as a whole can't be read, with the reason.
    """
    data = read_bytes(file) if isinstance(file, Path) else file
    name = file_name or (file.name if isinstance(file, Path) else "")
    read_as = replace(_read_as(kind, mapping, dates), zone=zone_of(project.session), today=project.today)
    content = read_content(data, name, read_as)
    resolved = resolve(content, _setting(project, project.data))
    return _plan(content, resolved, _overspends(project.data, resolved))


def apply_import(project: OpenProject, plan: ImportPlan, *, skip_bad: bool = False) -> Outcome:
    """Do what a plan says, in one transaction named after the file.

    Raises :class:`Refused` with every bad row's line and reason, unless they are to be skipped; nothing
    is written then. A file that changes nothing writes nothing.
    """
    verb = f"import {plan.source}"
    with project.change(verb) as change:
        resolved = resolve(plan.content, _setting(project, change.data))
        over = _overspends(change.data, resolved)
        if resolved.problems and not skip_bad:
            raise Refused(resolved.problems)
        tables = change.data.tables
        new = [record.TYPE.table for record in resolved.records if record.id not in tables.get(record.TYPE.table, {})]
        for table, count in Counter(new).items():
            change.reserve_ids(table, count)
        change.replace_many(resolved.records)
    done = _plan(plan.content, resolved)
    numbers = tuple(record.number for record in resolved.records)
    return Outcome(numbers, f"{verb}: {done.words}", (*resolved.notes, *over, *change.said))


def _read_as(kind: str | None, mapping: Mapping[str, str] | Iterable[str], dates: str | None) -> ReadAs:
    record_type = type_named(kind) if kind else None
    if kind and (record_type is None or record_type.kind not in IMPORTED):
        allowed = ", ".join(BY_KIND[name].table.replace("_", "-") for name in IMPORTED)
        raise Refused([Problem("--as", kind, f"allowed: {allowed}")])
    if dates and dates not in DATE_ORDERS:
        raise Refused([Problem("--dates", dates, "allowed: dmy (day first), mdy (month first)")])
    columns = dict(mapping) if isinstance(mapping, Mapping) else read_columns(mapping)
    return ReadAs(record_type.kind if record_type else "", columns, DATE_ORDERS.get(dates or ""))


def _setting(project: OpenProject, data: ProjectData) -> Setting:
    return Setting(data, project.today, project.session.user, project.db.journal.next_id)


def _overspends(data: ProjectData, resolved: Resolved) -> tuple[str, ...]:
    """Which budget lines the cost entries of a file would overspend, the lines as the file leaves them."""
    costs = [record for record in resolved.records if isinstance(record, CostEntry)]
    lines: dict[int, Record | None] = {r.id: r for r in resolved.records if isinstance(r, BudgetLine)}
    if not costs:
        return ()
    return tuple(overspend_notes(data.with_records({BudgetLine.TYPE.table: lines}), costs))


def _plan(content: FileContent, resolved: Resolved, over: tuple[str, ...] = ()) -> ImportPlan:
    tally = Counter((entry.kind, entry.action) for entry in resolved.entries)
    counts = tuple(
        Count(kind, *(tally[kind, action] for action in (NEW, UPDATED, UNCHANGED, BAD)))
        for kind in dict.fromkeys(entry.kind for entry in resolved.entries)
    )
    return ImportPlan(content.source, content, counts, resolved.entries, resolved.problems, (*resolved.notes, *over))


__all__ = ["Count", "Difference", "Entry", "ImportPlan", "apply_import", "plan_import"]
