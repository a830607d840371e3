"""Tasks and actions: the work, on the board and in triage.

An action is a task that a meeting, a risk or an issue asked for: it has a source.
"""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

BACKLOG, TO_DO, DOING, BLOCKED, DONE, CANCELLED = "backlog", "to do", "doing", "blocked", "done", "cancelled"

FLOW = Flow(
    moves={
        TO_DO: (BACKLOG, DOING, BLOCKED, DONE, CANCELLED),
        BACKLOG: (TO_DO, DONE, CANCELLED),
        DOING: (TO_DO, BLOCKED, DONE, CANCELLED, BACKLOG),
        BLOCKED: (DOING, TO_DO, DONE, CANCELLED, BACKLOG),
        DONE: (DOING, TO_DO),
        CANCELLED: (TO_DO, BACKLOG),
    },
    ends=frozenset({DONE, CANCELLED}),
)

COLUMNS = (BACKLOG, TO_DO, DOING, BLOCKED, DONE)
"""The board's columns, in order."""

STEPS = (BACKLOG, TO_DO, DOING, DONE)
"""The columns that a card goes along, one step at a time; Blocked asks by what, so a step never ends there."""

PRIORITIES = ("low", "normal", "high", "urgent")


def beside(status: str, step: int) -> str:
    """The column a card steps into from a status, to the right where ``step`` is 1; empty where there is none.

    A blocked one steps as if it stood in Doing; a cancelled one stays.
    """
    at = DOING if status == BLOCKED else status
    to = STEPS.index(at) + step if at in STEPS else -1
    return STEPS[to] if 0 <= to < len(STEPS) else ""


def dates_in_order(task: "Task", _: "ProjectData") -> Sequence[Problem]:
    """A task is due on or after its start."""
    if task.start and task.due and task.due < task.start:
        return [Problem("due", task.due.isoformat(), f"allowed: {task.start.isoformat()} (its start) or later")]
    return []


def status_is_told(task: "Task", _: "ProjectData") -> Sequence[Problem]:
    """Done has 100 % and a finish date; blocked and cancelled have a reason."""
    problems = []
    if task.status == DONE and task.percent_done != 100:
        problems.append(Problem("percent_done", str(task.percent_done), "a task that is done has 100"))
    if task.status == DONE and task.finish_date is None:
        problems.append(Problem("finish_date", "", "a task that is done has a finish date"))
    if task.status == BLOCKED and not task.blocked_reason:
        problems.append(Problem("blocked_reason", "", "a blocked task says by what it is blocked"))
    if task.status == CANCELLED and not task.cancelled_reason:
        problems.append(Problem("cancelled_reason", "", "a cancelled task has a reason"))
    if task.is_open and task.finish_date:
        problems.append(Problem("finish_date", task.finish_date.isoformat(), "allowed: today or earlier"))
    return problems


def follow(before: "Task | None", after: "Task", today: dt.date) -> "Task":
    """What a change of a task brings with it.

    Done: 100 %, nothing remaining, a finish date. An open one that is given 100 % or a finish date is
    done; one to come is left for the rule to refuse. Reopened: no finish date. No longer blocked: no
    reason. The first due date is the baseline; a later one than before counts as a slip.
    """
    after = _finished(before, after, today)
    if after.is_open and after.finish_date and after.finish_date > today:
        return after
    changes: dict[str, object] = {}
    if after.status == DONE:
        changes = {"percent_done": 100, "finish_date": after.finish_date or today}
        if after.remaining:
            changes["remaining"] = 0.0
    elif after.finish_date or after.percent_done == 100:
        changes = {"finish_date": None, "percent_done": min(after.percent_done, 99)}
    if after.status != BLOCKED and after.blocked_reason:
        changes["blocked_reason"] = ""
    if after.status != CANCELLED and after.cancelled_reason:
        changes["cancelled_reason"] = ""
    if after.due and after.baseline_due is None:
        changes["baseline_due"] = after.due
    if before and before.due and after.due and after.due > before.due and after.is_open and before.is_open:
        changes["slip_count"] = before.slip_count + 1
        changes["snoozed_until"] = None
    return msgspec.structs.replace(after, **changes) if changes else after


def _finished(before: "Task | None", after: "Task", today: dt.date) -> "Task":
    """The task as done where 100 % or a finish date says so; as open where the date is only to come."""
    on = after.finish_date if before is None or before.finish_date != after.finish_date else None
    full = after.percent_done == 100 and (before is None or before.percent_done != 100)
    done = after.is_open and (on <= today if on else full)
    return msgspec.structs.replace(after, status=DONE) if done else after


def no_cycle(task: "Task", data: "ProjectData") -> Sequence[Problem]:
    """No task is its own parent or predecessor, directly or through others."""
    problems = []
    for field, cycle in (
        ("parent", data.parent_cycle if task.parent else ()),
        ("depends_on", data.dependency_cycle if task.depends_on else ()),
    ):
        if task.number in cycle:
            problems.append(Problem(field, " → ".join(cycle), "a task can't depend on itself, also not through others"))
    return problems


@declare(
    kind="task",
    table="tasks",
    prefix="T",
    words=("task", "tasks"),
    flow=FLOW,
    rules=(dates_in_order, status_is_told, no_cycle),
    derived={
        "overdue": lambda task, _, today: task.is_overdue(today),
        "days_late": lambda task, _, today: task.days_late(today),
        "effort": lambda task, data, _: data.effort(task),
    },
    columns=("status", "title", "owner", "due", "priority"),
    follow=follow,
)
class Task(Record, frozen=True, kw_only=True):
    """A piece of work with an owner and a due date. Efforts are in hours."""

    title: Annotated[str, Field("Title", required=True, headings=("subject", "task", "task name", "summary", "name"))]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses, form=False, headings=("state",))] = TO_DO
    owner: Annotated[
        str,
        Field("Owner", Kind.PERSON, headings=("user", "assignee", "assigned to", "resource names", "resource", "who")),
    ] = ""
    due: Annotated[
        dt.date | None, Field("Due", Kind.DATE, headings=("due date", "finish", "deadline", "end", "end date"))
    ] = None
    priority: Annotated[str, Field("Priority", Kind.CHOICE, choices=PRIORITIES)] = "normal"
    deliverable: Annotated[
        str, Field("Deliverable", Kind.REFERENCE, kinds=("deliverable",), headings=("wbs element", "work package"))
    ] = ""
    start: Annotated[dt.date | None, Field("Start", Kind.DATE, headings=("start date", "begin"))] = None
    estimate: Annotated[float | None, Field("Estimate", Kind.HOURS, headings=("estimated hours", "work", "effort"))] = (
        None
    )
    remaining: Annotated[
        float | None, Field("Remaining", Kind.HOURS, headings=("remaining hours", "remaining work"))
    ] = None
    percent_done: Annotated[
        int, Field("% done", Kind.PERCENT, headings=("progress", "% complete", "percent complete", "done", "% done"))
    ] = 0
    depends_on: Annotated[
        tuple[str, ...],
        Field("Depends on", Kind.REFERENCES, kinds=("task",), headings=("predecessors", "follows", "after")),
    ] = ()
    parent: Annotated[str, Field("Parent", Kind.REFERENCE, kinds=("task",), headings=("parent task",))] = ""
    waiting_for: Annotated[str, Field("Waiting for", headings=("waiting on",))] = ""
    follow_up: Annotated[dt.date | None, Field("Follow-up", Kind.DATE)] = None
    blocked_reason: Annotated[str, Field("Blocked by", form=False)] = ""
    cancelled_reason: Annotated[str, Field("Cancelled because", form=False)] = ""
    baseline_due: Annotated[
        dt.date | None, Field("Baseline due", Kind.DATE, form=False, headings=("baseline finish",))
    ] = None
    finish_date: Annotated[
        dt.date | None, Field("Finished", Kind.DATE, past=True, form=False, headings=("actual finish", "closed on"))
    ] = None
    actual_effort: Annotated[
        float | None, Field("Actual effort", Kind.HOURS, additive=True, headings=("spent", "actual work", "hours"))
    ] = None
    snoozed_until: Annotated[dt.date | None, Field("Snoozed until", Kind.DATE, form=False)] = None
    last_chased: Annotated[dt.date | None, Field("Last chased", Kind.DATE, past=True, form=False)] = None
    source: Annotated[
        str, Field("Source", Kind.REFERENCE, kinds=("meeting", "risk", "issue", "change", "task"), form=False)
    ] = ""
    survivor: Annotated[str, Field("Merged into", Kind.REFERENCE, kinds=("task",), form=False)] = ""
    repeats: Annotated[str, Field("Repeats", Kind.REPEATS)] = ""
    slip_count: Annotated[int, Field("Moved", Kind.INTEGER, low=0, form=False)] = 0
    rank: Annotated[float, Field("Order", Kind.INTEGER, form=False)] = 0.0
    notes: Annotated[str, Field("Notes", Kind.TEXT, headings=("description", "comment", "comments"))] = ""

    @property
    def is_open(self) -> bool:
        """Whether work on it is still to come; asked of every task, so without a way round."""
        return self.status not in FLOW.ends

    def is_overdue(self, today: dt.date) -> bool:
        """Not done or cancelled, and due before today."""
        return self.due is not None and self.due < today and self.is_open

    def days_late(self, today: dt.date) -> int:
        """Calendar days past the due date; 0 when not overdue."""
        return (today - self.due).days if self.due and self.is_overdue(today) else 0
