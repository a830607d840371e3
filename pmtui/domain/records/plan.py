"""Deliverables, milestones and changes: what the project owes, by when, and what altered it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

DELIVERABLE_FLOW = Flow(
    moves={
        "planned": ("in work", "in review"),
        "in work": ("in review", "planned"),
        "in review": ("accepted", "rejected", "in work"),
        "rejected": ("in work",),
        "accepted": ("in work",),
    },
    ends=frozenset({"accepted"}),
)

CHANGE_FLOW = Flow(
    moves={
        "submitted": ("approved", "rejected", "postponed"),
        "postponed": ("submitted", "approved", "rejected"),
        "approved": ("implemented",),
        "rejected": ("submitted",),
        "implemented": (),
    },
    ends=frozenset({"rejected", "implemented"}),
)


def codes_are_tree(deliverable: "Deliverable", data: "ProjectData") -> Sequence[Problem]:
    """Codes are unique; no deliverable is its own parent, directly or through others."""
    problems = []
    if data.deliverable_codes[deliverable.code] > 1:
        problems.append(Problem("code", deliverable.code, "another deliverable has this code"))
    if deliverable.parent and deliverable.number in data.deliverable_cycle:
        problems.append(Problem("parent", deliverable.parent, "a deliverable can't be part of itself"))
    return problems


def forecast_has_reason(before: "Milestone | None", after: "Milestone | None", _: "ProjectData") -> Sequence[Problem]:
    """A new forecast needs a reason of its own."""
    if before and after and before.forecast != after.forecast and not after.forecast_reason:
        return [Problem("forecast_reason", "", "a new forecast needs a reason of its own")]
    return []


def own_reason(before: "Milestone", reason: str) -> str:
    """A reason for a new forecast, told apart from the one of the last."""
    return f"{reason} again" if reason and reason == before.forecast_reason else reason


def follow_milestone(before: "Milestone | None", after: "Milestone", _: dt.date) -> "Milestone":
    """The first forecast is the baseline; the reason of the last one is none for a new one."""
    changes: dict[str, object] = {} if after.baseline else {"baseline": after.forecast}
    if before and before.forecast != after.forecast and before.forecast_reason == after.forecast_reason:
        changes["forecast_reason"] = ""
    return msgspec.structs.replace(after, **changes) if changes else after


@declare(
    kind="deliverable",
    table="deliverables",
    prefix="W",
    words=("deliverable", "deliverables"),
    flow=DELIVERABLE_FLOW,
    rules=(codes_are_tree,),
    columns=("code", "status", "title", "owner"),
)
class Deliverable(Record, frozen=True, kw_only=True):
    """An element of the work breakdown structure; ``code`` is its outline number."""

    code: Annotated[str, Field("Code", required=True, headings=("wbs", "outline number"))]
    title: Annotated[str, Field("Title", required=True, headings=("name",))]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=DELIVERABLE_FLOW.statuses)] = "planned"
    parent: Annotated[str, Field("Part of", Kind.REFERENCE, kinds=("deliverable",))] = ""
    owner: Annotated[str, Field("Owner", Kind.PERSON)] = ""
    acceptance_criteria: Annotated[str, Field("Acceptance criteria", Kind.TEXT)] = ""


@declare(
    kind="milestone",
    table="milestones",
    prefix="MS",
    words=("milestone", "milestones"),
    columns=("title", "baseline", "forecast", "actual"),
    edit_rules=(forecast_has_reason,),
    follow=follow_milestone,
)
class Milestone(Record, frozen=True, kw_only=True):
    """A date that matters. A new forecast needs a reason."""

    title: Annotated[str, Field("Title", required=True, headings=("milestone", "name"))]
    forecast: Annotated[dt.date, Field("Forecast", Kind.DATE, required=True, headings=("date", "due", "finish"))]
    baseline: Annotated[dt.date | None, Field("Baseline", Kind.DATE, headings=("baseline finish", "planned"))] = None
    actual: Annotated[dt.date | None, Field("Reached", Kind.DATE, past=True, headings=("actual finish",))] = None
    depends_on: Annotated[tuple[str, ...], Field("Depends on", Kind.REFERENCES, kinds=("task",))] = ()
    forecast_reason: Annotated[str, Field("Reason of the forecast")] = ""

    @property
    def is_open(self) -> bool:
        """Not reached yet."""
        return self.actual is None

    @property
    def days_late(self) -> int:
        """Calendar days of the forecast (or the actual date) past the baseline; negative when early."""
        return ((self.actual or self.forecast) - self.baseline).days if self.baseline else 0


@declare(
    kind="change",
    table="changes",
    prefix="CR",
    words=("change", "changes"),
    flow=CHANGE_FLOW,
    columns=("status", "title", "requester", "delta_cost", "delta_days", "decision_due"),
)
class Change(Record, frozen=True, kw_only=True):
    """A request to alter scope, time or cost: ``delta_cost`` in the currency, ``delta_days`` in calendar days."""

    title: Annotated[str, Field("Title", required=True, headings=("change", "name"))]
    requester: Annotated[str, Field("Requester", Kind.PERSON, required=True, headings=("requested by",))]
    description: Annotated[str, Field("Description", Kind.TEXT, required=True)]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=CHANGE_FLOW.statuses, form=False)] = "submitted"
    delta_cost: Annotated[Decimal | None, Field("Cost +/-", Kind.MONEY)] = None
    delta_days: Annotated[int | None, Field("Days +/-", Kind.INTEGER)] = None
    decider: Annotated[str, Field("Decider", Kind.PERSON)] = ""
    decision_due: Annotated[dt.date | None, Field("Decision due", Kind.DATE)] = None
    source: Annotated[str, Field("Source", Kind.REFERENCE, kinds=("issue", "meeting"), form=False)] = ""

    def is_undecided(self) -> bool:
        """Still waiting for its decision."""
        return self.status in {"submitted", "postponed"}

    def decision_is_late(self, today: dt.date) -> bool:
        """Undecided past the day its decision was due."""
        return self.is_undecided() and self.decision_due is not None and self.decision_due < today
