"""Meetings, their minutes, and the decisions taken in them."""

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

FLOW = Flow(
    moves={
        "planned": ("held", "published", "cancelled"),
        "held": ("published", "planned", "cancelled"),
        "published": (),
        "cancelled": ("planned",),
    },
    ends=frozenset({"published", "cancelled"}),
)

KINDS = ("meeting", "steering committee", "team", "workshop", "review", "supplier")
MINUTES_DUE_AFTER = dt.timedelta(days=3)
"""Minutes not published this long after the meeting are late (a default of DOMAIN)."""


class Topic(msgspec.Struct, frozen=True, omit_defaults=True):
    """A point of the agenda; ``minutes`` is the time given to it.

    ``drafted`` says that it stands as it was drafted, so that the next draft may write it anew.
    """

    topic: str
    minutes: int = 0
    presenter: str = ""
    drafted: bool = False


def minutes_are_whole(meeting: "Meeting", _: "ProjectData") -> Sequence[Problem]:
    """What is published has its minutes, numbered and dated: only publishing them makes a meeting so."""
    if meeting.status == "published" and not (meeting.minutes_number and meeting.minutes and meeting.published_on):
        return [Problem("status", meeting.status, "minutes are published as a numbered page, not by a word")]
    return []


def minutes_frozen(meeting: "Meeting", _: "ProjectData") -> str:
    """Published minutes never change; a later decision corrects them."""
    if meeting.status == "published":
        return f"the minutes were published on {meeting.published_on}; correct them by a later decision"
    return ""


def decision_frozen(_: "Decision", __: "ProjectData") -> str:
    """A decision stands; another one supersedes it."""
    return "a decision is immutable; add one that supersedes it"


@declare(
    kind="meeting",
    table="meetings",
    prefix="M",
    words=("meeting", "meetings"),
    flow=FLOW,
    rules=(minutes_are_whole,),
    columns=("status", "start", "title", "kind"),
    frozen=minutes_frozen,
)
class Meeting(Record, frozen=True, kw_only=True):
    """A meeting in local time; ``length`` in minutes. Published minutes are frozen.

    ``repeats`` of the last one of a series says when the next one is.
    """

    title: Annotated[str, Field("Title", required=True, headings=("subject", "name"))]
    start: Annotated[dt.datetime, Field("Start", Kind.MOMENT, required=True, headings=("date", "when"))]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses, form=False)] = "planned"
    kind: Annotated[str, Field("Kind", Kind.CHOICE, choices=KINDS)] = "meeting"
    series: Annotated[str, Field("Series", hint="the name that meetings of one series share")] = ""
    repeats: Annotated[str, Field("Repeats", Kind.REPEATS)] = ""
    length: Annotated[int, Field("Minutes", Kind.INTEGER, low=0, high=1440)] = 60
    invited: Annotated[tuple[str, ...], Field("Invited", Kind.PEOPLE, headings=("attendees",))] = ()
    present: Annotated[tuple[str, ...], Field("Present", Kind.PEOPLE)] = ()
    agenda: Annotated[tuple[Topic, ...], Field("Agenda", Kind.STRUCTURE, form=False)] = ()
    decisions: Annotated[tuple[str, ...], Field("Decisions", Kind.REFERENCES, kinds=("decision",), form=False)] = ()
    actions: Annotated[tuple[str, ...], Field("Actions", Kind.REFERENCES, kinds=("task",), form=False)] = ()
    raised: Annotated[tuple[str, ...], Field("Raised", Kind.REFERENCES, kinds=("risk", "issue"), form=False)] = ()
    minutes_number: Annotated[int | None, Field("Minutes number", Kind.INTEGER, form=False)] = None
    published_on: Annotated[dt.date | None, Field("Published", Kind.DATE, form=False)] = None
    minutes: Annotated[str, Field("Minutes as published", Kind.TEXT, form=False)] = ""
    notes: Annotated[str, Field("Notes", Kind.TEXT, form=False)] = ""

    def __post_init__(self) -> None:
        """A start that names its time zone, from a hand or another tool, is the time on the clock there."""
        if self.start.tzinfo is not None:
            msgspec.structs.force_setattr(self, "start", self.start.replace(tzinfo=None))

    @property
    def minutes_due(self) -> dt.date:
        """The last day on which the minutes are published in time."""
        return self.start.date() + MINUTES_DUE_AFTER

    def minutes_are_late(self, today: dt.date) -> bool:
        """Not published three days after the meeting."""
        return self.is_open and self.minutes_due < today


def decides_something(decision: "Decision", data: "ProjectData") -> Sequence[Problem]:
    """A decision supersedes an earlier one, never itself."""
    if decision.supersedes and decision.supersedes == decision.number:
        return [Problem("supersedes", decision.supersedes, "a decision can't supersede itself")]
    return []


@declare(
    kind="decision",
    table="decisions",
    prefix="D",
    words=("decision", "decisions"),
    rules=(decides_something,),
    derived={"superseded_by": lambda decision, data, _: data.superseded_by(decision.number)},
    columns=("date", "title", "decided_by", "meeting"),
    frozen=decision_frozen,
    undo_thaws=True,
)
class Decision(Record, frozen=True, kw_only=True):
    """What was decided, by whom and when. Immutable: a later decision supersedes it."""

    title: Annotated[str, Field("Title", required=True, headings=("decision", "name"))]
    date: Annotated[dt.date, Field("Date", Kind.DATE, required=True, past=True)]
    decided_by: Annotated[str, Field("Decided by", headings=("decision owner",))] = ""
    meeting: Annotated[str, Field("Meeting", Kind.REFERENCE, kinds=("meeting",))] = ""
    applies_from: Annotated[dt.date | None, Field("Applies from", Kind.DATE)] = None
    supersedes: Annotated[str, Field("Supersedes", Kind.REFERENCE, kinds=("decision",))] = ""
    text: Annotated[str, Field("Text", Kind.TEXT, headings=("description",))] = ""
