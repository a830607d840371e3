"""What a calendar's rows may do to the records here: only planned meetings and open milestones follow a calendar."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting, Milestone, Record
from pmtui.domain.text import fold
from pmtui.exchange.ics_ids import own_record
from pmtui.exchange.matching import handle_here, match_rows
from pmtui.exchange.rows import FileContent, Named, Row


def settled(content: FileContent, data: ProjectData) -> FileContent:
    """The content as this project takes it, and what of it stays as it is here.

    A meeting that took place is not changed by a calendar; a cancelled event makes no meeting. Somebody with a known
    e-mail address is that person; a handle that somebody else has here already gets a number.
    """
    content = _own_handles(content, data)
    known = match_rows(content, data).known
    settling = _Settling(data)
    rows = tuple(row for at, row in enumerate(content.rows) for row in settling.rows(row, known.get(at), content))
    return replace(content, rows=rows, notes=(*content.notes, *settling.notes()))


@dataclass
class _Settling:
    data: ProjectData
    stayed: list[str] = field(default_factory=list)
    never: int = 0

    def rows(self, row: Row, before: Record | None, content: FileContent) -> Iterator[Row]:
        """The row as it may act; nothing for a cancelled event that was never here."""
        row = replace(row, own=before is not None and own_record(row.key, self.data) is before)
        if before is None:
            if row.values.get("status") == "cancelled":
                self.never += 1
            else:
                yield row
            return
        values = dict(row.values)
        if isinstance(before, Meeting):
            values = self._of_meeting(before, values, content)
        if isinstance(before, Milestone) and not before.is_open:
            shown = values.get("forecast") == before.actual  # a milestone that was reached stands on its day
            values = self._staying(before, {"title": before.title} if shown else values)
        yield replace(row, values=values)

    def _of_meeting(self, before: Meeting, values: dict[str, Any], content: FileContent) -> dict[str, Any]:
        here = {person.handle: handle_here(person, self.data) for person in content.people}
        invited = {here.get(handle, handle) for handle in values.get("invited", ())}
        if "invited" in values and invited == set(before.invited):
            values["invited"] = before.invited
        if before.status != "planned":
            return self._staying(before, values)
        return values

    def _staying(self, before: Record, values: dict[str, Any]) -> dict[str, Any]:
        if any(getattr(before, name) != value for name, value in values.items()):
            self.stayed.append(before.number)
        return {}

    def notes(self) -> Iterator[str]:
        """What was not followed."""
        if self.stayed:
            yield f"held, published, cancelled or reached, and left as they are: {', '.join(self.stayed)}"
        if self.never:
            yield f"cancelled events that were never here, left out: {self.never:,}"


def _own_handles(content: FileContent, data: ProjectData) -> FileContent:
    """People of the file whose handle is here somebody's with another e-mail address get one of their own."""
    taken = {fold(person.handle) for person in data.people.values()} | {fold(p.handle) for p in content.people}
    renamed: dict[str, str] = {}
    people: list[Named] = []
    for person in content.people:
        here = data.person(handle_here(person, data))
        other = here is not None and here.email and person.email and fold(here.email) != fold(person.email)
        if other and fold(here.full_name) != fold(person.full_name):  # type: ignore[union-attr]
            at = 2
            while fold(f"{person.handle}-{at}") in taken:
                at += 1
            renamed[person.handle] = f"{person.handle}-{at}"
            taken.add(fold(renamed[person.handle]))
            person = replace(person, handle=renamed[person.handle])  # noqa: PLW2901 - the same person, called otherwise
        people.append(person)
    if not renamed:
        return content
    rows = tuple(replace(row, values=_renamed(row, renamed)) for row in content.rows)
    return replace(content, rows=rows, people=tuple(people))


def _renamed(row: Row, renamed: dict[str, str]) -> dict[str, object]:
    values = dict(row.values)
    invited = values.get("invited")
    if isinstance(invited, tuple):
        values["invited"] = tuple(renamed.get(handle, handle) for handle in invited)
    return values
