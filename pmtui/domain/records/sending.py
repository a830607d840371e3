"""What was sent: which document, to whom, when and by whom."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare

FLOW = Flow(moves={"sending": ("sent", "failed"), "sent": (), "failed": ()}, ends=frozenset({"sent", "failed"}))


def is_a_record(sending: "Sending", _: object) -> str:
    """What left the house stays written down."""
    return f"it was sent on {sending.sent_at:%Y-%m-%d}" if sending.status == "sent" and sending.sent_at else ""


def what_began_stays(before: "Sending | None", after: "Sending | None", _: object) -> Sequence[Problem]:
    """A sending is neither deleted nor undone, from when it began: its letter may have left the house by then."""
    if before is None:
        return []
    if after is None:
        why = "it may have been sent" if before.status == "sending" else f"it is {before.status}"
        return [Problem("record", "", f"{why}; that stays written down")]
    if before.status != after.status and before.status != "sending":
        return [Problem("status", after.status, f"it is {before.status}; that stays written down")]
    return []


def somebody_gets_it(sending: "Sending", _: object) -> Sequence[Problem]:
    """A document goes to somebody."""
    return [] if sending.to else [Problem("to", "", "a document goes to one address at least")]


@declare(
    kind="sending",
    table="sendings",
    prefix="SD",
    words=("sending", "sendings"),
    title="subject",
    flow=FLOW,
    rules=(somebody_gets_it,),
    change_rules=(what_began_stays,),
    frozen=is_a_record,
    columns=("status", "document", "sent_at", "to"),
)
class Sending(Record, frozen=True, kw_only=True):
    """A document on its way. It is written down before it is handed over: who dies in between may have sent it."""

    document: Annotated[
        str, Field("Document", Kind.REFERENCE, required=True, kinds=("report", "meeting"), form=False, kept=True)
    ]
    subject: Annotated[str, Field("Subject", required=True, form=False, kept=True)]
    to: Annotated[tuple[str, ...], Field("To", Kind.TAGS, form=False, kept=True)] = ()
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses, form=False)] = "sending"
    sent_at: Annotated[dt.datetime | None, Field("Sent at", Kind.MOMENT, form=False, kept=True)] = None
    digest: Annotated[str, Field("SHA-256 of what was sent", form=False, kept=True)] = ""
    why: Annotated[str, Field("Failed because", form=False)] = ""
