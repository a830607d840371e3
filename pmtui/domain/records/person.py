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
    if any(p.handle == person.handle and p.id != person.id for p in data.people.values()):
        return [Problem("handle", person.handle, "another person has this handle")]
    return []


@declare(
    kind="person",
    table="people",
    prefix="P",
    words=("person", "people"),
    title="handle",
    flow=FLOW,
    rules=(handle_is_unique,),
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
