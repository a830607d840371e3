"""The records of one project at one moment, and the indexes that rules read."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from msgspec.structs import replace

from pmtui.domain.exposure import Band, band_of
from pmtui.domain.records import (
    BY_TABLE,
    BudgetLine,
    BudgetVersion,
    Change,
    CostEntry,
    Decision,
    Deliverable,
    HoursEntry,
    ImportMapping,
    Issue,
    Meeting,
    Milestone,
    Person,
    Project,
    Record,
    Report,
    Risk,
    SavedFilter,
    Sending,
    Task,
    Template,
    split_number,
)
from pmtui.domain.records.cost import invoice_key
from pmtui.domain.schedule import Activity, find_cycle
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.domain.calendar import WorkingCalendar
    from pmtui.domain.labour import Labour

R = TypeVar("R", bound=Record)
Tables = Mapping[str, Mapping[int, Record]]


class ProjectData:
    """An immutable snapshot: records by table and id.

    A change gives a new snapshot (:meth:`with_records`) that shares the tables it did not
    touch; indexes are built when first asked for.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def _table(self, struct: type[R]) -> Mapping[int, R]:
        return cast("Mapping[int, R]", self.tables.get(struct.TYPE.table, {}))

    @property
    def tasks(self) -> Mapping[int, Task]:
        """Tasks and actions by id."""
        return self._table(Task)

    @property
    def risks(self) -> Mapping[int, Risk]:
        """Risks by id."""
        return self._table(Risk)

    @property
    def issues(self) -> Mapping[int, Issue]:
        """Issues by id."""
        return self._table(Issue)

    @property
    def costs(self) -> Mapping[int, CostEntry]:
        """Cost entries by id."""
        return self._table(CostEntry)

    @property
    def budget_lines(self) -> Mapping[int, BudgetLine]:
        """Budget lines by id."""
        return self._table(BudgetLine)

    @property
    def budget_versions(self) -> Mapping[int, BudgetVersion]:
        """Versions of the budget by id."""
        return self._table(BudgetVersion)

    @property
    def hours(self) -> Mapping[int, HoursEntry]:
        """Hours worked by id."""
        return self._table(HoursEntry)

    @property
    def meetings(self) -> Mapping[int, Meeting]:
        """Meetings by id."""
        return self._table(Meeting)

    @property
    def decisions(self) -> Mapping[int, Decision]:
        """Decisions by id."""
        return self._table(Decision)

    @property
    def deliverables(self) -> Mapping[int, Deliverable]:
        """Deliverables by id."""
        return self._table(Deliverable)

    @property
    def milestones(self) -> Mapping[int, Milestone]:
        """Milestones by id."""
        return self._table(Milestone)

    @property
    def changes(self) -> Mapping[int, Change]:
        """Change requests by id."""
        return self._table(Change)

    @property
    def people(self) -> Mapping[int, Person]:
        """The project's people by id."""
        return self._table(Person)

    @property
    def reports(self) -> Mapping[int, Report]:
        """Reports, drafts and issued ones, by id."""
        return self._table(Report)

    @property
    def sendings(self) -> Mapping[int, Sending]:
        """What was sent, by id."""
        return self._table(Sending)

    @property
    def filters(self) -> Mapping[int, SavedFilter]:
        """Saved filters by id, in the store that projects share."""
        return self._table(SavedFilter)

    @property
    def templates(self) -> Mapping[int, Template]:
        """Templates of task sets by id, in the store that projects share."""
        return self._table(Template)

    @property
    def mappings(self) -> Mapping[int, ImportMapping]:
        """How files of banks and ERPs are read, by id, in the store that projects share."""
        return self._table(ImportMapping)

    @cached_property
    def project(self) -> Project:
        """The project's own record and settings."""
        return self._table(Project).get(1) or Project(id=1, code="", title="")

    def with_records(self, changes: Mapping[str, Mapping[int, Record | None]]) -> "ProjectData":
        """The snapshot after these records were put in their tables (``None`` takes one out)."""
        tables = dict(self.tables)
        for table, records in changes.items():
            changed = dict(tables.get(table, {}))
            for record_id, record in records.items():
                if record is None:
                    changed.pop(record_id, None)
                else:
                    changed[record_id] = record
            tables[table] = changed
        return ProjectData(tables)

    def get(self, number: str) -> Record | None:
        """The record with this number, such as ``T-48``; ``None`` where there is none."""
        found = split_number(number)
        return self.tables.get(found[0].table, {}).get(found[1]) if found else None

    @staticmethod
    def id_of(number: str) -> int:
        """The id in a number; 0 where there is none."""
        found = split_number(number)
        return found[1] if found else 0

    def records(self) -> Iterator[Record]:
        """All records that carry a number of their own, table by table."""
        for table in BY_TABLE:
            if table != Project.TYPE.table:
                yield from self.tables.get(table, {}).values()

    def band(self, score: int) -> Band:
        """The band of a risk score under this project's settings."""
        return band_of(score, self.project.bands)

    def category_of(self, entry: CostEntry) -> str:
        """The category of the budget line that an entry is booked on."""
        line = self.budget_lines.get(self.id_of(entry.budget_line))
        return line.category if line else ""

    @cached_property
    def approved_version(self) -> BudgetVersion | None:
        """The version of the budget that is approved; ``None`` until there is one."""
        approved = [version for version in self.budget_versions.values() if version.status == "approved"]
        return max(approved, key=lambda version: version.id, default=None)

    @cached_property
    def baseline_lines(self) -> Mapping[int, BudgetLine]:
        """The budget lines that money is held against: as approved, and as they are until a version is.

        A line added since counts with nothing planned; one deleted since is there as it was approved.
        """
        version = self.approved_version
        if version is None:
            return self.budget_lines
        found = {i: replace(line, planned=Decimal(0), phasing=()) for i, line in self.budget_lines.items()}
        for was in version.lines:
            line_id = self.id_of(was.line)
            line = found.get(line_id) or BudgetLine(id=line_id, category=was.category)
            found[line_id] = replace(line, planned=was.planned, kind=was.kind, phasing=was.phasing)
        return found

    def budget_line_named(self, category: str) -> BudgetLine | None:
        """The budget line a person means: by number or category; base lines come first."""
        found = self.get(category)
        if isinstance(found, BudgetLine):
            return found
        named = [line for line in self.budget_lines.values() if fold(line.category) == fold(category)]
        return min(named, key=lambda line: (line.kind != "base", line.id), default=None)

    def person(self, handle: str) -> Person | None:
        """The person with this handle, however it is written."""
        return self._people_by_handle.get(fold(handle.lstrip("@")))

    def full_name(self, handle: str) -> str:
        """What a person is called in a document: their name, or their handle where none is known."""
        found = self.person(handle) if handle else None
        return (found.full_name if found else "") or handle

    def superseded_by(self, number: str) -> str:
        """The number of the decision that replaced this one; empty where none did."""
        return self._superseded.get(number, "")

    @cached_property
    def calendar(self) -> "WorkingCalendar":
        """The project's working days and holidays."""
        from pmtui.domain.calendar import WorkingCalendar
        from pmtui.domain.records.project import WEEKDAYS

        days = frozenset(WEEKDAYS.index(day) for day in self.project.working_days if day in WEEKDAYS)
        return WorkingCalendar(days or frozenset(range(5)), self.project.country)

    @cached_property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """Tasks and milestones that wait for a task, by its number."""
        waiting: dict[str, list[str]] = {}
        links = [(t.number, t.depends_on) for t in self.tasks.values() if t.depends_on]
        links += [(m.number, m.depends_on) for m in self.milestones.values()]
        for number, depends_on in links:
            for before in depends_on:
                waiting.setdefault(before, []).append(number)
        return {number: tuple(after) for number, after in waiting.items()}

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        """Tasks and milestones as the forward pass takes them, by number."""
        found = {
            t.number: Activity(t.number, t.start, t.due, _days_of_work(t), t.depends_on, t.is_open)
            for t in self.tasks.values()
        }
        for m in self.milestones.values():
            found[m.number] = Activity(m.number, None, m.forecast, 0, m.depends_on, m.is_open, milestone=True)
        return found

    @cached_property
    def dependency_cycle(self) -> tuple[str, ...]:
        """Numbers of tasks that depend on each other in a circle; empty where none do."""
        return find_cycle({t.number: t.depends_on for t in self.tasks.values() if t.depends_on})

    @cached_property
    def parent_cycle(self) -> tuple[str, ...]:
        """Numbers of tasks that are each other's parents in a circle; empty where none are."""
        return find_cycle({t.number: (t.parent,) for t in self.tasks.values() if t.parent})

    @cached_property
    def deliverable_cycle(self) -> tuple[str, ...]:
        """Numbers of deliverables that are part of each other in a circle."""
        return find_cycle({d.number: (d.parent,) for d in self.deliverables.values() if d.parent})

    @cached_property
    def deliverable_codes(self) -> Mapping[str, int]:
        """How many deliverables have a code."""
        return Counter(d.code for d in self.deliverables.values())

    @cached_property
    def invoices(self) -> Mapping[tuple[str, str], list[int]]:
        """Ids of the entries that book an invoice, the earliest first, void ones left out."""
        booked: dict[tuple[str, str], list[int]] = {}
        for entry in self.costs.values():
            if entry.vendor and entry.invoice and entry.status != "void":
                booked.setdefault(invoice_key(entry), []).append(entry.id)
        return {key: sorted(ids) for key, ids in booked.items()}

    def hours_on(self, handle: str, day: dt.date) -> float:
        """The hours that a person has on a day, on all tasks."""
        return round(self._hours_of_days.get((fold(handle), day), 0.0), 2)

    def effort(self, task: Task) -> float:
        """The hours that a task took: those logged on it, and those written by hand."""
        return round(self.logged.get(task.number, 0.0) + (task.actual_effort or 0.0), 2)

    @cached_property
    def logged(self) -> Mapping[str, float]:
        """The hours logged on tasks, by their numbers."""
        found: dict[str, float] = {}
        for entry in self.hours.values():
            if entry.task:
                found[entry.task] = found.get(entry.task, 0.0) + entry.hours
        return found

    @cached_property
    def labour(self) -> "Labour":
        """What the hours cost."""
        from pmtui.domain.labour import labour_cost  # only where there are hours

        return labour_cost(self, self.hours.values())

    @cached_property
    def _hours_of_days(self) -> Mapping[tuple[str, dt.date], float]:
        found: dict[tuple[str, dt.date], float] = {}
        for entry in self.hours.values():
            key = (fold(entry.who), entry.date)
            found[key] = found.get(key, 0.0) + entry.hours
        return found

    @cached_property
    def line_forecasts(self) -> Mapping[int, Decimal]:
        """What each budget line will come to, by id."""
        from pmtui.domain.budget import totals  # it reads the snapshot, which this is

        return {line.line.id: line.forecast for line in totals(self).lines}

    @cached_property
    def statement_rows(self) -> Mapping[str, list[int]]:
        """Ids of the entries that a row of a bank's or ERP's file is booked as, the earliest first."""
        booked: dict[str, list[int]] = {}
        for entry in self.costs.values():
            for row in entry.statement_ids:
                booked.setdefault(row, []).append(entry.id)
        return {row: sorted(ids) for row, ids in booked.items()}

    @cached_property
    def _people_by_handle(self) -> Mapping[str, Person]:
        return {fold(person.handle): person for person in self.people.values()}

    @cached_property
    def _superseded(self) -> Mapping[str, str]:
        return {d.supersedes: d.number for d in self.decisions.values() if d.supersedes}


def _days_of_work(task: Task) -> int | None:
    """Working days that the estimate takes, at eight hours each."""
    return max(1, round(task.estimate / 8)) if task.estimate else None
