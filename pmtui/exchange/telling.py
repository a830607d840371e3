"""What an import does, told before and after: an entry for each row, and what else is worth saying."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pmtui.domain.fields import Kind
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, HoursEntry, Person, Record, Task
from pmtui.domain.values import show_value
from pmtui.exchange.matching import by_external_id
from pmtui.exchange.rows import FileContent, Row

NEW, UPDATED, UNCHANGED, BAD = "new", "updated", "unchanged", "bad"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a record before and after, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes of a row: ``action`` is new, updated, unchanged or bad; a new record's number is provisional."""

    kind: str
    line: int
    title: str
    action: str
    number: str = ""
    changes: tuple[Difference, ...] = ()


def good_entry(row: Row, before: Record | None, after: Record, today: dt.date) -> Entry:
    """The entry of a row that makes or changes a record, or leaves it as it is."""
    if before is None:
        return Entry(row.kind, row.line, row.title, NEW, after.number)
    if before == after:
        return Entry(row.kind, row.line, row.title, UNCHANGED, before.number)
    return Entry(row.kind, row.line, row.title, UPDATED, before.number, tuple(_differences(before, after, today)))


def bad_entry(row: Row, before: Record | None) -> Entry:
    """The entry of a row that can't be imported."""
    return Entry(row.kind, row.line, row.title, BAD, before.number if before else "")


def _differences(before: Record, after: Record, today: dt.date) -> Iterator[Difference]:
    for name, f in before.TYPE.fields.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new and f.kind is not Kind.STRUCTURE:
            yield Difference(f.label, show_value(f, old, today), show_value(f, new, today))


def made_beside(extra: Iterable[Record]) -> Iterator[str]:
    """What is made beside the rows: budget lines and people that they name."""
    extra = list(extra)
    lines = [record.category for record in extra if isinstance(record, BudgetLine)]
    if lines:
        yield f"budget lines made, with nothing planned: {', '.join(lines)}"
    people = [f"@{record.handle}" for record in extra if isinstance(record, Person)]
    if people:
        yield f"new here, added to the people, unconfirmed: {', '.join(people)}"


def given_values(new: Iterable[Row], author: str) -> Iterator[str]:
    """What new records got that the file does not say."""
    new = list(new)
    for kind, name, words in (
        ("risk", "owner", f"risks without an owner, given to @{author}"),
        ("risk", "review_date", "risks without a review date, to be reviewed four weeks from now"),
        ("issue", "owner", f"issues without an owner, given to @{author}"),
        ("change", "requester", f"changes without a requester, given to @{author}"),
        ("cost", "date", "costs without a date, booked today"),
        ("cost", "status", "costs without a status, taken as invoiced"),
        ("hours", "who", f"time entries without a person, taken as @{author}'s"),
    ):
        count = sum(1 for row in new if row.kind == kind and name not in row.values)
        if count:
            yield f"{words}: {count}"


def no_longer_there(content: FileContent, data: ProjectData) -> Iterator[str]:
    """Records that an earlier import of this file brought and that it holds no more; a calendar is only a part."""
    if content.ids_of:
        return
    here = {(row.kind, row.key) for row in content.rows}
    gone = [record.number for key, record in by_external_id(content.source, data).items() if key not in here]
    if gone:
        yield f"no longer in this file, and left as they are: {', '.join(gone)}"


def effort_by_hand(new: Iterable[Record], data: ProjectData) -> Iterator[str]:
    """Tasks whose effort was written by hand before their hours came: both count, and may be the same hours."""
    numbers = dict.fromkeys(record.task for record in new if isinstance(record, HoursEntry) and record.task)
    tasks = [task for number in numbers if isinstance(task := data.get(number), Task) and task.actual_effort]
    if tasks:
        named = ", ".join(f"{task.number} {task.actual_effort:g}h" for task in tasks)
        yield f"these hours come on top of efforts written by hand, which may be the same: {named}"
