"""Which record of a project each row of a file is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pmtui.domain.problems import Problem
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Deliverable, Person, Record
from pmtui.domain.text import fold
from pmtui.exchange.ics_ids import own_record
from pmtui.exchange.rows import FileContent, Named, Row


@dataclass(slots=True)
class Matched:
    """Records by the place of their row, and handles here by handles in the file.

    ``doubled`` are rows that mean a record which another row means already.
    """

    known: dict[int, Record] = field(default_factory=dict)
    doubled: dict[int, list[Problem]] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)


def match_rows(content: FileContent, data: ProjectData) -> Matched:
    """Find the record of each row: by external id within the file's name, else the only one it can mean.

    A person is also known by handle, e-mail or full name, a deliverable by code and title, a meeting and a milestone
    by the UID that a calendar has of it.
    """
    found = by_external_id(content.origin, data)
    matched = Matched(handles={person.handle: handle_here(person, data) for person in content.people})
    met: dict[str, int] = {}
    for place, row in enumerate(content.rows):
        record = found.get((row.kind, row.key)) or _alike(row, data)
        if record is None:
            continue
        if record.number in met:
            why = f"line {content.rows[met[record.number]].line} is about {record.number} already"
            matched.doubled[place] = [Problem("", row.title, why, line=row.line or None)]
            continue
        met[record.number] = place
        matched.known[place] = record
        if isinstance(record, Person) and "handle" in row.defaults:
            matched.handles[str(row.defaults["handle"])] = record.handle
    return matched


def by_external_id(source: str, data: ProjectData) -> Mapping[tuple[str, str], Record]:
    """The records that a file of this name (or origin) brought, by kind and id."""
    return {
        (record.TYPE.kind, record.external.id): record
        for record in data.records()
        if record.external and record.external.source == source
    }


def by_own_id(data: ProjectData) -> Mapping[tuple[str, str], Record]:
    """The records that some file brought, by kind and their id there; ids that several brought name none."""
    found: dict[tuple[str, str], Record | None] = {}
    for record in data.records():
        if record.external:
            key = record.TYPE.kind, record.external.id
            found[key] = None if key in found else record
    return {key: record for key, record in found.items() if record is not None}


def handle_here(person: Named, data: ProjectData) -> str:
    """The handle under which the project knows a person, by e-mail, full name or handle; else their own."""
    for known in data.people.values():
        same_mail = person.email and fold(known.email) == fold(person.email)
        same_name = person.full_name and fold(known.full_name) == fold(person.full_name)
        if same_mail or same_name:
            return known.handle
    found = data.person(person.handle)
    return found.handle if found else person.handle


def _alike(row: Row, data: ProjectData) -> Record | None:
    if row.kind == "person":
        handle = str(row.values.get("handle") or row.defaults.get("handle", ""))
        named = Named(handle, str(row.values.get("full_name", "")), str(row.values.get("email", "")))
        return data.person(handle_here(named, data))
    if row.kind in {"meeting", "milestone"}:
        return own_record(row.key, data)
    if row.kind == "deliverable":
        return next((d for d in data.deliverables.values() if _same_deliverable(d, row)), None)
    return None


def _same_deliverable(deliverable: Deliverable, row: Row) -> bool:
    same_title = fold(deliverable.title) == fold(str(row.values.get("title", "")))
    return deliverable.code == row.values.get("code") and same_title
