"""The people of a project."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import Flow
from pmtui.domain.problems import Problem
from pmtui.domain.records.base import Record, declare
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData

FLOW = Flow(moves={"unconfirmed": ("confirmed",), "confirmed": ("unconfirmed",)})


class Rate(msgspec.Struct, frozen=True):
    """What an hour costs from a day on, in the project's currency."""

    valid_from: dt.date
    rate: Decimal


class Absence(msgspec.Struct, frozen=True):
    """Days away, both included."""

    first: dt.date
    last: dt.date


def handle_is_unique(person: "Person", data: "ProjectData") -> Sequence[Problem]:
    """No two people share a handle."""
    if any(fold(p.handle) == fold(person.handle) and p.id != person.id for p in data.people.values()):
        return [Problem("handle", person.handle, "another person has this handle")]
    return []


def hours_keep_their_person(before: "Person | None", after: "Person | None", data: "ProjectData") -> Sequence[Problem]:
    """Whoever has rates and hours keeps their handle, and stays: by it the hours find their rate."""
    if before is None or not before.rates or (after is not None and fold(after.handle) == fold(before.handle)):
        return []
    found = next((entry for entry in data.hours.values() if fold(entry.who) == fold(before.handle)), None)
    why = f"{found.number} is time of @{before.handle}, which would lose its rate" if found else ""
    return [Problem("handle" if after else "record", after.handle if after else "", why)] if why else []


@declare(
    kind="person",
    table="people",
    prefix="P",
    words=("person", "people"),
    title="handle",
    flow=FLOW,
    rules=(handle_is_unique,),
    change_rules=(hours_keep_their_person,),
    columns=("handle", "full_name", "role", "email", "status"),
)
class Person(Record, frozen=True, kw_only=True):
    """Somebody named by their handle, as in ``@ana``. Hours are those of a working day."""

    handle: Annotated[str, Field("Handle", Kind.PERSON, required=True, headings=("login", "user"))]
    full_name: Annotated[str, Field("Name", headings=("name",))] = ""
    role: Annotated[str, Field("Role")] = ""
    email: Annotated[str, Field("E-mail", headings=("mail", "e-mail"))] = ""
    status: Annotated[str, Field("Status", Kind.CHOICE, choices=FLOW.statuses)] = "unconfirmed"
    hours_a_day: Annotated[float, Field("Hours a day", Kind.HOURS, low=0, high=24)] = 8.0
    rates: Annotated[tuple[Rate, ...], Field("Rates", Kind.STRUCTURE, form=False)] = ()
    absences: Annotated[tuple[Absence, ...], Field("Absences", Kind.STRUCTURE, form=False)] = ()
