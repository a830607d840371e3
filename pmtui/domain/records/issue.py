"""Issues: what has happened and needs somebody's decision or work (PM² issue log)."""

import datetime as dt
from typing import Annotated

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.records.base import Record, declare

FLOW = Flow(
    moves={
        "open": ("postponed", "resolved", "closed"),
        "postponed": ("open", "resolved"),
        "resolved": ("closed", "open"),
        "closed": ("open",),
    },
    ends=frozenset({"resolved", "closed"}),
)

KINDS = ("problem", "off-specification", "request for change", "external")


@declare(
    kind="issue",
    table="issues",
    prefix="I",
    words=("issue", "issues"),
    flow=FLOW,
    columns=("status", "title", "owner", "target_date", "urgency", "impact"),
)
class Issue(Record, frozen=True, kw_only=True):
    """Something that happened. Urgency and impact are steps from 1 to 5."""

    title: Annotated[str, Field("Title", required=True, headings=("issue", "name", "subject", "summary"))]
    owner: Annotated[str, Field("Owner", Kind.PERSON, required=True, headings=("issue owner", "assigned to"))]
    target_date: Annotated[
        dt.date, Field("Target", Kind.DATE, required=True, headings=("target date", "due", "due date"))
    ]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses, form=False)] = "open"
    kind: Annotated[str, Field("Kind", Kind.CHOICE, choices=KINDS, headings=("type",))] = "problem"
    urgency: Annotated[int, Field("Urgency", Kind.SCALE, low=1, high=5)] = 3
    impact: Annotated[int, Field("Impact", Kind.SCALE, low=1, high=5)] = 3
    decision_needed_from: Annotated[str, Field("Decision needed from", headings=("escalated to",))] = ""
    decision_needed_by: Annotated[dt.date | None, Field("Decision needed by", Kind.DATE)] = None
    resolution: Annotated[str, Field("Resolution")] = ""
    source: Annotated[str, Field("Source", Kind.REFERENCE, kinds=("task", "risk", "meeting"), form=False)] = ""
    description: Annotated[str, Field("Description", Kind.TEXT, headings=("details",))] = ""

    @property
    def weight(self) -> int:
        """Urgency × impact, 1 to 25."""
        return self.urgency * self.impact

    def is_overdue(self, today: dt.date) -> bool:
        """Still open, and its target date has passed."""
        return self.status == "open" and self.target_date < today
