"""Risks: what may happen, how bad it would be, and what is done about it (ISO 31000, PM²)."""

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

FLOW = Flow(
    moves={
        "proposed": ("assessing", "approved", "rejected", "occurred", "closed"),
        "assessing": ("approved", "rejected", "occurred", "closed", "proposed"),
        "approved": ("closed", "occurred", "assessing"),
        "occurred": ("closed",),
        "closed": ("assessing", "approved"),
        "rejected": ("proposed",),
    },
    ends=frozenset({"closed", "rejected", "occurred"}),
)

RESPONSES = {
    "threat": ("avoid", "reduce", "transfer", "share", "accept", "contingency plan"),
    "opportunity": ("exploit", "enhance", "share", "accept"),
}
CATEGORIES = (
    "schedule",
    "cost",
    "scope",
    "quality",
    "technical",
    "people",
    "supplier",
    "security",
    "legal",
    "external",
)
PROXIMITIES = ("imminent", "within the month", "within the stage", "beyond the stage")


DIMENSIONS = ("cost", "time", "scope", "quality")
"""What an impact is felt in; each has a step of its own in ``impact_cost`` and so on."""


class ScoreAt(msgspec.Struct, frozen=True, omit_defaults=True):
    """The risk's score on the day it was assessed, and the steps it was made of; 0 where they are not known."""

    on: dt.date
    score: int
    probability: int = 0
    impact: int = 0
    residual_probability: int = 0
    residual_impact: int = 0


def residual_below_inherent(risk: "Risk") -> str:
    """A warning where the response makes the risk worse; empty when it doesn't."""
    if risk.residual_score and risk.inherent_score and risk.residual_score > risk.inherent_score:
        return f"residual score {risk.residual_score} is above the inherent {risk.inherent_score}"
    return ""


def follow(before: "Risk | None", after: "Risk", today: dt.date) -> "Risk":
    """What a change of a risk brings with it.

    An impact that is told by dimension is the worst of them. A new assessment is added to the scores; the
    first one is the inherent one. The day that it ended is kept until it is taken up again.
    """
    after = _with_worst_impact(before, after)
    changes: dict[str, object] = {}
    if before is None and after.raised is None:
        changes["raised"] = today
    if after.score and after.inherent_score == 0:
        changes |= {"inherent_probability": after.probability, "inherent_impact": after.impact}
    if after.score and (before is None or before.stands != after.stands):
        earlier = tuple(s for s in after.scores if s.on != today)
        changes["scores"] = (*earlier, ScoreAt(today, after.score, *after.stands))
    if before is not None and before.is_open != after.is_open:
        changes["ended"] = None if after.is_open else today
    return msgspec.structs.replace(after, **changes) if changes else after


def _with_worst_impact(before: "Risk | None", after: "Risk") -> "Risk":
    """The risk with the worst of its impacts by dimension, where these are new and no other is written with them."""
    was = (before.impacts, before.impact) if before is not None else ({}, None)
    if not after.impacts or after.impacts == was[0] or after.impact != was[1]:
        return after
    return msgspec.structs.replace(after, impact=after.worst_impact)


def impact_is_the_worst(risk: "Risk", _: "ProjectData") -> Sequence[Problem]:
    """An impact says no other than its dimensions do, where they are told."""
    if not risk.impacts or risk.impact == risk.worst_impact:
        return []
    told = ", ".join(f"{name} {step}" for name, step in risk.impacts.items())
    return [Problem("impact", str(risk.impact or ""), f"allowed: {risk.worst_impact}, the worst of {told}")]


def response_fits(risk: "Risk", _: "ProjectData") -> Sequence[Problem]:
    """Threats and opportunities have responses of their own."""
    allowed = RESPONSES[risk.kind]
    if risk.response and risk.response not in allowed:
        return [Problem("response", risk.response, f"for {risk.kind}: " + ", ".join(allowed))]
    return []


@declare(
    kind="risk",
    table="risks",
    prefix="R",
    words=("risk", "risks"),
    flow=FLOW,
    rules=(response_fits, impact_is_the_worst),
    derived={
        "score": lambda risk, _, __: risk.score,
        "band": lambda risk, data, _: data.band(risk.score).name if risk.score else "",
        "inherent_score": lambda risk, _, __: risk.inherent_score,
        "residual_score": lambda risk, _, __: risk.residual_score,
    },
    columns=("status", "title", "owner", "probability", "impact", "review_date"),
    follow=follow,
    warns=residual_below_inherent,
)
class Risk(Record, frozen=True, kw_only=True):
    """A threat or an opportunity. Probability and impact are steps from 1 to 5."""

    title: Annotated[
        str, Field("Title", required=True, headings=("risk description", "risk", "name", "summary", "description"))
    ]
    owner: Annotated[str, Field("Owner", Kind.PERSON, required=True, headings=("risk owner", "accountable"))]
    review_date: Annotated[dt.date, Field("Review", Kind.DATE, required=True, headings=("next review", "review"))]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses, form=False)] = "proposed"
    probability: Annotated[
        int | None, Field("Probability", Kind.SCALE, low=1, high=5, headings=("likelihood", "threat likelihood", "p"))
    ] = None
    impact: Annotated[
        int | None, Field("Impact", Kind.SCALE, low=1, high=5, headings=("severity", "consequence", "i"))
    ] = None
    impact_cost: Annotated[int | None, Field("Impact on cost", Kind.SCALE, low=1, high=5)] = None
    impact_time: Annotated[int | None, Field("Impact on time", Kind.SCALE, low=1, high=5)] = None
    impact_scope: Annotated[int | None, Field("Impact on scope", Kind.SCALE, low=1, high=5)] = None
    impact_quality: Annotated[int | None, Field("Impact on quality", Kind.SCALE, low=1, high=5)] = None
    kind: Annotated[str, Field("Kind", Kind.CHOICE, choices=("threat", "opportunity"))] = "threat"
    category: Annotated[str, Field("Category", headings=("risk category",))] = ""
    cause: Annotated[str, Field("Cause", hint="what is so already: Because …")] = ""
    event: Annotated[str, Field("Event", hint="what may come of it: it may happen that …")] = ""
    effect: Annotated[str, Field("Effect", hint="what that does: so that …", headings=("consequences",))] = ""
    response: Annotated[
        str,
        Field(
            "Response",
            Kind.CHOICE,
            choices=tuple(dict.fromkeys(RESPONSES["threat"] + RESPONSES["opportunity"])),
            headings=("risk treatment approach", "treatment", "response strategy", "strategy"),
        ),
    ] = ""
    residual_probability: Annotated[
        int | None,
        Field("Residual P", Kind.SCALE, low=1, high=5, headings=("residual likelihood", "residual probability")),
    ] = None
    residual_impact: Annotated[
        int | None, Field("Residual I", Kind.SCALE, low=1, high=5, headings=("residual impact",))
    ] = None
    inherent_probability: Annotated[int | None, Field("Inherent P", Kind.SCALE, low=1, high=5, form=False)] = None
    inherent_impact: Annotated[int | None, Field("Inherent I", Kind.SCALE, low=1, high=5, form=False)] = None
    proximity: Annotated[str, Field("Proximity", Kind.CHOICE, choices=PROXIMITIES)] = ""
    trigger: Annotated[str, Field("Trigger", headings=("early warning",))] = ""
    actions: Annotated[tuple[str, ...], Field("Actions", Kind.REFERENCES, kinds=("task",), form=False)] = ()
    cost_if_occurs: Annotated[Decimal | None, Field("Cost if it occurs", Kind.MONEY, headings=("cost impact",))] = None
    days_if_occurs: Annotated[
        int | None, Field("Days if it occurs", Kind.INTEGER, low=0, headings=("schedule impact",))
    ] = None
    scores: Annotated[tuple[ScoreAt, ...], Field("Scores", Kind.STRUCTURE, form=False)] = ()
    issue: Annotated[str, Field("Became issue", Kind.REFERENCE, kinds=("issue",), form=False)] = ""
    source: Annotated[str, Field("Source", Kind.REFERENCE, kinds=("meeting", "task", "issue"), form=False)] = ""
    raised: Annotated[dt.date | None, Field("Raised", Kind.DATE, past=True, headings=("date raised", "identified"))] = (
        None
    )
    ended: Annotated[dt.date | None, Field("Ended", Kind.DATE, past=True, form=False)] = None
    reviewed: Annotated[dt.date | None, Field("Last reviewed", Kind.DATE, past=True, form=False)] = None
    notes: Annotated[
        str, Field("Notes", Kind.TEXT, headings=("updates/progress", "mitigating controls", "comments"))
    ] = ""

    @property
    def score(self) -> int:
        """Probability × impact as they are now, 1 to 25; 0 when not assessed."""
        return (self.probability or 0) * (self.impact or 0)

    @property
    def inherent_score(self) -> int:
        """The score before any response, 1 to 25; 0 when not assessed."""
        return (self.inherent_probability or 0) * (self.inherent_impact or 0)

    @property
    def residual_score(self) -> int:
        """The score that is left once the response has worked; 0 when not assessed."""
        return (self.residual_probability or 0) * (self.residual_impact or 0)

    @property
    def impacts(self) -> dict[str, int]:
        """The steps of its impact by dimension, those that are told."""
        steps = {name: getattr(self, f"impact_{name}") for name in DIMENSIONS}
        return {name: step for name, step in steps.items() if step}

    @property
    def worst_impact(self) -> int:
        """The worst of its impacts by dimension; 0 where none is told."""
        return max(self.impacts.values(), default=0)

    @property
    def stands(self) -> tuple[int, int, int, int]:
        """Its probability and impact as they are now, then the residual ones; 0 for what is not assessed."""
        return (
            self.probability or 0,
            self.impact or 0,
            self.residual_probability or 0,
            self.residual_impact or 0,
        )

    def review_is_due(self, today: dt.date) -> bool:
        """Open, and its review date has passed."""
        return self.is_open and self.review_date < today
