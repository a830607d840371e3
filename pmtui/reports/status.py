"""The status report from a project's data: numbers from the records, words from the manager."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TypeVar

import msgspec

from pmtui.domain.budget import Budget, budget_on
from pmtui.domain.lights import Light, Lights, colours_of, lights
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Change, Issue, Milestone, Report, Risk, Task
from pmtui.domain.records.report import Override
from pmtui.domain.records.task import BACKLOG, DONE, FLOW, PRIORITIES
from pmtui.reports.model import (
    ChangeRow,
    DatedRow,
    IssueRow,
    LateRow,
    LightRow,
    Listing,
    MilestoneRow,
    Money,
    OverLine,
    RiskRow,
    StatusReport,
    WantedRow,
    thaw,
)

KEPT = 100
"""Rows of each list that a report keeps; its page shows fewer, and counts the rest."""

_WEEK = dt.timedelta(days=7)
_DAY = dt.timedelta(days=1)
_FAR = dt.date.max
_URGENCY = {priority: -step for step, priority in enumerate(PRIORITIES)}

Dated = Task | Milestone
T = TypeVar("T")
R = TypeVar("R")


def build(
    data: ProjectData,
    start: dt.date,
    end: dt.date,
    today: dt.date,
    *,
    words: Mapping[str, str] | None = None,
    overrides: Iterable[Override] = (),
    previous: Report | None = None,
    number: str = "",
    issued_by: str = "",
    lit: Lights | None = None,
) -> StatusReport:
    """The report over a period, both days included, as things are ``today``.

    ``previous`` is the report issued before, whose lights are shown beside: what it told as finished or
    decided is not told again where the periods share a day. ``issued_by`` makes it an issued one; ``lit`` are
    its lights where the caller has them.
    """
    budget = budget_on(data, today)
    lit = lit or lights(data, today, overrides=overrides, previous=colours_of(previous), budget=budget)
    head = _head(data, lit, _money(budget), start, end, today)
    told = _told(previous, start)
    tasks = _sort_tasks(data, (start, end), (head.next_start, head.next_end), today)
    return msgspec.structs.replace(
        head,
        number=number,
        issued=bool(issued_by),
        issued_by=issued_by,
        previous_number=previous.number if previous else "",
        words={section: text for section, text in (words or {}).items() if text.strip()},
        done=_done(data, tasks.done, start, end, told),
        late=_late(data, tasks.late, today),
        next=_next(data, tasks.next, head.next_start, head.next_end),
        milestones=_milestones(data, start),
        risks=_risks(data, tasks.actions, start),
        issues=_issues(data, tasks.actions, today),
        changes=_changes(data, start, end, today),
        wanted=_wanted(data, today),
        decided=_decided(data, start, end, told),
    )


def _told(previous: Report | None, start: dt.date) -> frozenset[str]:
    """The numbers that the report issued before told on the days that this one tells too."""
    page = thaw(previous.numbers) if previous and previous.period_end >= start else None
    return frozenset(row.number for row in (*page.done.rows, *page.decided.rows)) if page else frozenset()


def _head(data: ProjectData, lit: Lights, money: Money, start: dt.date, end: dt.date, today: dt.date) -> StatusReport:
    """A report without its lists: the project, the periods, the lights and the money."""
    project = data.project
    return StatusReport(
        code=project.code,
        project=project.title,
        manager=data.full_name(project.manager),
        sponsor=data.full_name(project.sponsor),
        phase=project.phase,
        currency=project.currency,
        start=start,
        end=end,
        on=today,
        next_start=end + _DAY,
        next_end=end + max(end - start + _DAY, _WEEK),
        lights=tuple(_light(light) for light in (lit.overall, lit.time, lit.cost, lit.scope, lit.risk)),
        money=money,
    )


@dataclass(slots=True)
class _Tasks:
    """The tasks that a report speaks of, found in one pass; ``actions`` are open ones by their source."""

    done: list[Task] = field(default_factory=list)
    late: list[Task] = field(default_factory=list)
    next: list[Task] = field(default_factory=list)
    actions: dict[str, list[str]] = field(default_factory=dict)


def _sort_tasks(
    data: ProjectData, period: tuple[dt.date, dt.date], following: tuple[dt.date, dt.date], today: dt.date
) -> _Tasks:
    found = _Tasks()
    for task in data.tasks.values():
        status = task.status
        if status == DONE:
            if task.finish_date and period[0] <= task.finish_date <= period[1]:
                found.done.append(task)
        elif status not in FLOW.ends:
            due = task.due
            if due and due < today:
                found.late.append(task)
            elif due and following[0] <= due <= following[1] and status != BACKLOG:
                found.next.append(task)
            if task.source:
                found.actions.setdefault(task.source, []).append(task.number)
    return found


def _listing(items: Iterable[T], key: Callable[[T], tuple[object, ...]], row: Callable[[T], R]) -> Listing[R]:
    known = list(items)
    first = nsmallest(KEPT, known, key=key) if len(known) > KEPT else sorted(known, key=key)
    return Listing(tuple(row(item) for item in first), len(known))


def _weight(data: ProjectData, task: Task) -> tuple[int, int]:
    """How much hangs on a task: its priority, then what waits for it; the least sorts first."""
    after = data.successors
    return _URGENCY.get(task.priority, 0), -len(after.get(task.number, ())) if after else 0


def _done(
    data: ProjectData, tasks: list[Task], start: dt.date, end: dt.date, told: frozenset[str]
) -> Listing[DatedRow]:
    reached = [m for m in data.milestones.values() if m.actual and start <= m.actual <= end]

    def key(record: Dated) -> tuple[object, ...]:
        if isinstance(record, Milestone):
            return 0, 0, 0, record.actual, record.id
        return 1, *_weight(data, record), record.finish_date, record.id

    def row(record: Dated) -> DatedRow:
        if isinstance(record, Milestone):
            return DatedRow(record.number, record.title, "", record.actual or end)
        return DatedRow(record.number, record.title, record.owner, record.finish_date or end)

    known: list[Dated] = [*reached, *tasks]
    return _listing([record for record in known if record.number not in told] if told else known, key, row)


def _late(data: ProjectData, tasks: list[Task], today: dt.date) -> Listing[LateRow]:
    def row(task: Task) -> LateRow:
        due = task.due or today
        return LateRow(task.number, task.title, task.owner, due, (today - due).days, task.slip_count)

    return _listing(tasks, lambda t: (*_weight(data, t), t.due or _FAR, t.id), row)


def _next(data: ProjectData, tasks: list[Task], start: dt.date, end: dt.date) -> Listing[DatedRow]:
    reached = [m for m in data.milestones.values() if m.is_open and start <= m.forecast <= end]

    def key(record: Dated) -> tuple[object, ...]:
        if isinstance(record, Milestone):
            return 0, 0, 0, record.forecast, record.id
        return 1, *_weight(data, record), record.due, record.id

    def row(record: Dated) -> DatedRow:
        if isinstance(record, Milestone):
            return DatedRow(record.number, record.title, "", record.forecast)
        return DatedRow(record.number, record.title, record.owner, record.due or end)

    known: list[Dated] = [*reached, *tasks]
    return _listing(known, key, row)


def _milestones(data: ProjectData, start: dt.date) -> Listing[MilestoneRow]:
    """Those to come and those reached in the period go before those reached earlier."""

    def key(m: Milestone) -> tuple[object, ...]:
        if m.actual and m.actual < start:
            return 1, -m.actual.toordinal(), m.id
        return 0, (m.actual or m.forecast).toordinal(), m.id

    def row(m: Milestone) -> MilestoneRow:
        return MilestoneRow(m.number, m.title, m.baseline, m.forecast, m.actual, m.days_late)

    return _listing(data.milestones.values(), key, row)


def _risks(data: ProjectData, actions: Mapping[str, list[str]], start: dt.date) -> Listing[RiskRow]:
    def row(risk: Risk) -> RiskRow:
        band, tone = "not assessed", ""
        if risk.score:
            try:
                found = data.band(risk.score)
                band, tone = found.name, found.tone
            except ValueError:
                band = "outside the bands"
        before = max((s for s in risk.scores if s.on < start), key=lambda s: s.on, default=None)
        open_actions = [n for n in risk.actions if (task := data.tasks.get(data.id_of(n))) and task.is_open]
        numbers = dict.fromkeys([*open_actions, *actions.get(risk.number, ())])
        kind = "opportunity" if risk.kind == "opportunity" else ""
        response = ", ".join(part for part in (kind, risk.response, *numbers) if part)
        score_before = before.score if before else 0
        return RiskRow(
            risk.number, risk.title, risk.owner, risk.score, band, tone, score_before, response or "none yet"
        )

    return _listing(
        (r for r in data.risks.values() if r.is_open),
        lambda r: (-r.score, r.kind != "threat", r.review_date, r.id),
        row,
    )


def _issues(data: ProjectData, actions: Mapping[str, list[str]], today: dt.date) -> Listing[IssueRow]:
    def row(issue: Issue) -> IssueRow:
        postponed = "postponed" if issue.status == "postponed" else ""
        response = ", ".join(part for part in (postponed, issue.resolution, *actions.get(issue.number, ())) if part)
        if not response and issue.decision_needed_from:
            response = f"decision of {issue.decision_needed_from}"
        days = (today - issue.target_date).days if issue.is_overdue(today) else 0
        return IssueRow(issue.number, issue.title, issue.owner, issue.target_date, days, response or "none yet")

    return _listing(
        (i for i in data.issues.values() if i.is_open),
        lambda i: (i.status == "postponed", -i.urgency * i.impact, i.target_date, i.id),
        row,
    )


def _changes(data: ProjectData, start: dt.date, end: dt.date, today: dt.date) -> Listing[ChangeRow]:
    """Those that are open, and those that ended within the period."""

    def shown(change: Change) -> bool:
        ended = change.updated.date() if change.updated else None
        return change.is_open or (ended is not None and start <= ended <= max(end, today))

    def row(c: Change) -> ChangeRow:
        late = c.decision_is_late(today)
        return ChangeRow(c.number, c.title, c.status, c.delta_cost, c.delta_days, c.decision_due, late)

    return _listing(
        filter(shown, data.changes.values()),
        lambda c: (not c.is_undecided(), not c.is_open, c.decision_due or _FAR, c.id),
        row,
    )


def _wanted(data: ProjectData, today: dt.date) -> Listing[WantedRow]:
    rows = []
    for issue in data.issues.values():
        if issue.is_open and issue.decision_needed_from:
            by = issue.decision_needed_by
            late = by is not None and by < today
            rows.append(WantedRow(issue.number, issue.title, issue.decision_needed_from, by, late))
    for change in data.changes.values():
        if change.is_undecided():
            late = change.decision_is_late(today)
            rows.append(WantedRow(change.number, change.title, change.decider, change.decision_due, late))
    return _listing(rows, lambda r: (r.by or _FAR, r.number), lambda r: r)


def _decided(data: ProjectData, start: dt.date, end: dt.date, told: frozenset[str]) -> Listing[DatedRow]:
    return _listing(
        (d for d in data.decisions.values() if start <= d.date <= end and d.number not in told),
        lambda d: (d.date, d.id),
        lambda d: DatedRow(d.number, d.title, d.decided_by, d.date),
    )


def _light(light: Light) -> LightRow:
    reason = light.override.reason if light.override else ""
    return LightRow(light.name, light.colour, light.ruled, light.why, light.previous or "", reason)


def _money(budget: Budget) -> Money:
    over = [
        OverLine(t.line.category, t.forecast - t.planned)
        for t in budget.lines
        if t.line.kind == "base" and t.forecast > t.planned
    ]
    return Money(
        budget=budget.released,
        drawn=budget.drawn,
        committed=budget.committed,
        actual=budget.actual,
        eac=budget.eac,
        eac_method=budget.method,
        eac_note=budget.fallback,
        variance=budget.variance,
        contingency=budget.contingency,
        contingency_left=budget.contingency_left,
        over=tuple(sorted(over, key=lambda line: -line.amount)),
    )
