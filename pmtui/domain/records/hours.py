"""Hours worked: who, on what day, on which task."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from pmtui.domain.dates import MONTHS
from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

DAY = 24.0
"""Hours that a day has."""


def some_time(entry: "HoursEntry", _: "ProjectData") -> Sequence[Problem]:
    """An entry without any time says nothing."""
    return [] if entry.hours > 0 else [Problem("hours", f"{entry.hours:g}", "allowed: more than 0, at most 24")]


def fits_into_the_day(entry: "HoursEntry", data: "ProjectData") -> Sequence[Problem]:
    """Nobody works more than a day has."""
    total = data.hours_on(entry.who, entry.date)
    if total <= DAY or entry.hours > DAY:
        return []
    day = f"{entry.date.day} {MONTHS[entry.date.month - 1][:3]}"
    return [Problem("hours", f"{entry.hours:g}", f"@{entry.who} would have {total:g} on {day}; a day has 24")]


def closed_month_stays(
    before: "HoursEntry | None", after: "HoursEntry | None", data: "ProjectData"
) -> Sequence[Problem]:
    """A closed month takes no hours and loses none; only the rates that closing stores come and go."""
    for entry in (before, after):
        month = f"{entry.date:%Y-%m}" if entry else ""
        if entry and month in data.project.closed_months and not _same_but_rate(before, after):
            return [Problem("date", entry.date.isoformat(), f"the month {month} is closed; book it in an open month")]
    return []


def _same_but_rate(before: "HoursEntry | None", after: "HoursEntry | None") -> bool:
    if before is None or after is None:
        return False
    stamps = {name: getattr(after, name) for name in ("rate", "created", "created_by", "updated", "updated_by")}
    return msgspec.structs.replace(before, **stamps) == after


@declare(
    kind="hours",
    table="hours",
    prefix="H",
    words=("time entry", "time entries"),
    title="note",
    rules=(some_time, fits_into_the_day),
    change_rules=(closed_month_stays,),
    columns=("date", "who", "hours", "task", "note"),
)
class HoursEntry(Record, frozen=True, kw_only=True):
    """Hours of one person on one day. What they cost follows from the person's rate on that day.

    ``rate`` holds that rate from when the month is closed until it is reopened; ``taken`` is what the entry took
    off the hours that remained of its task, and gives back where it is changed or deleted.
    """

    who: Annotated[str, Field("Who", Kind.PERSON, required=True, headings=("user", "person", "employee", "login"))]
    date: Annotated[
        dt.date, Field("Date", Kind.DATE, required=True, past=True, headings=("day", "spent on", "work date"))
    ]
    hours: Annotated[
        float,
        Field(
            "Hours",
            Kind.HOURS,
            required=True,
            low=0,
            high=DAY,
            hint="allowed: more than 0, at most 24, such as 3, 2.5, 1d (8 hours)",
            headings=("time", "spent time", "time spent"),
        ),
    ]
    task: Annotated[
        str, Field("Task", Kind.REFERENCE, kinds=("task",), headings=("issue", "issue id", "task id", "ticket"))
    ] = ""
    note: Annotated[str, Field("Note", headings=("comment", "comments", "activity", "description"))] = ""
    rate: Annotated[
        Decimal | None,
        Field(
            "Rate", Kind.MONEY, low=0, form=False, kept=True, hint="an hour's cost as it was when the month was closed"
        ),
    ] = None
    taken: Annotated[
        float | None,
        Field("Taken off what remained", Kind.HOURS, low=0, form=False, kept=True, hint="hours, by pmtui itself"),
    ] = None

    @property
    def name(self) -> str:
        """What the hours were for, else how many they are, and whose."""
        return self.note or f"{self.hours:g}h of @{self.who}"
