"""Reports that are issued, status and others: a draft's words, and what was issued, frozen."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare

FLOW = Flow(moves={"draft": ("issued",), "issued": ()}, ends=frozenset({"issued"}))

STATUS, EXCEPTION, END = "status", "exception", "end project"

SECTIONS_OF = {
    STATUS: ("summary", "done", "next", "decisions wanted"),
    EXCEPTION: ("title", "cause", "consequences", "options", "recommendation", "lessons"),
    END: ("summary", "handed over", "lessons"),
}
"""The parts of each kind of report whose words a manager writes, in the order of its page."""

SECTIONS = SECTIONS_OF[STATUS]
"""The parts of the status report whose words a manager writes."""

LIGHTS = ("time", "cost", "scope", "risk")


NAMES = {STATUS: "status report", EXCEPTION: "exception report", END: "end-project report"}
"""What each kind is called in a sentence."""


def issued_is_frozen(report: "Report", _: object) -> str:
    """An issued report never changes; the next one is compared with it."""
    return (
        f"it was issued on {report.issued_on}; the next report tells what changed" if report.status == "issued" else ""
    )


def issued_is_whole(report: "Report", _: object) -> Sequence[Problem]:
    """What is issued has its page, its numbers and its day: only issuing makes a report so."""
    if report.status == "issued" and not (report.text and report.numbers and report.issued_on):
        return [Problem("status", report.status, "a report is issued as a whole page, not by a word")]
    return []


class Override(msgspec.Struct, frozen=True):
    """A light set by hand: its colour (``G``, ``A``, ``R``) and why."""

    light: str
    colour: str
    reason: str


@declare(
    kind="report",
    table="reports",
    prefix="SR",
    words=("report", "reports"),
    title="period_end",
    flow=FLOW,
    rules=(issued_is_whole,),
    columns=("kind", "status", "period_start", "period_end", "issued_on"),
    frozen=issued_is_frozen,
)
class Report(Record, frozen=True, kw_only=True):
    """A report over a period, both days included: a status report unless its ``kind`` says another.

    A draft's period ends on the day it is looked at, unless ``period_fixed`` says that its end was
    written; then ``period_end`` holds. ``words`` are the manager's by section; ``numbers`` and ``text``
    are filled when it is issued: the report model as it was, and the page as Markdown.
    """

    period_start: Annotated[dt.date, Field("From", Kind.DATE, required=True, past=True)]
    period_end: Annotated[dt.date, Field("To", Kind.DATE, required=True, past=True)]
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses, form=False)] = "draft"
    kind: Annotated[str, Field("Kind", Kind.CHOICE, choices=tuple(SECTIONS_OF), form=False)] = STATUS
    period_fixed: Annotated[bool, Field("Period fixed", Kind.FLAG, form=False)] = False
    words: Annotated[dict[str, str], Field("Words", Kind.STRUCTURE, form=False)] = msgspec.field(default_factory=dict)
    overrides: Annotated[tuple[Override, ...], Field("Lights set by hand", Kind.STRUCTURE, form=False)] = ()
    issued_on: Annotated[dt.date | None, Field("Issued", Kind.DATE, form=False)] = None
    numbers: Annotated[dict[str, Any], Field("Numbers", Kind.STRUCTURE, form=False)] = msgspec.field(
        default_factory=dict
    )
    text: Annotated[str, Field("Page", Kind.TEXT, form=False)] = ""

    @property
    def called(self) -> str:
        """What its kind is called in a sentence: "exception report"."""
        return NAMES.get(self.kind, f"{self.kind} report")
