"""Hours worked: who, on what day, on which task."""

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pmtui.domain.fields import Field, Kind
from pmtui.domain.records.base import Record, declare


@declare(
    kind="hours",
    table="hours",
    prefix="H",
    words=("hours", "hours"),
    title="note",
    columns=("date", "who", "hours", "task", "note"),
)
class HoursEntry(Record, frozen=True, kw_only=True):
    """Hours of one person on one day. What they cost follows from the person's rate on that day."""

    who: Annotated[str, Field("Who", Kind.PERSON, required=True, headings=("user", "person", "employee"))]
    date: Annotated[dt.date, Field("Date", Kind.DATE, required=True, past=True, headings=("day", "spent on"))]
    hours: Annotated[float, Field("Hours", Kind.HOURS, required=True, low=0, high=24, headings=("time", "spent time"))]
    task: Annotated[str, Field("Task", Kind.REFERENCE, kinds=("task",), headings=("issue",))] = ""
    note: Annotated[str, Field("Note", headings=("comment", "comments", "activity", "description"))] = ""
    rate: Annotated[
        Decimal | None,
        Field("Rate", Kind.MONEY, low=0, form=False, hint="an hour's cost as it was when the month was closed"),
    ] = None
