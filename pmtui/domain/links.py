"""Links between records: in which ways two may be linked, what a record is linked to, and what lies outside."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Milestone, Record, Risk, Task, split_number

AFTER, BEFORE, RELATED, ACTION = "after", "before", "related", "action"
"""It waits for the other; the other waits for it; they have to do with each other; the other is done about it."""

LONGEST = 500
"""Characters of an address or ticket."""


@dataclass(frozen=True, slots=True)
class Link:
    """A record's link: in which way, and to what: a number, an address or a ticket."""

    way: str
    to: str


def ways(records: Sequence[Record], to: Record) -> tuple[str, ...]:
    """The ways in which all of these may be linked to another; a milestone waits for tasks, no task for it."""
    found = []
    if isinstance(to, Task) and all(isinstance(record, (Task, Milestone)) for record in records):
        found.append(AFTER)
    if isinstance(to, (Task, Milestone)) and all(isinstance(record, Task) for record in records):
        found.append(BEFORE)
    if isinstance(to, Task) and all(isinstance(record, Risk) for record in records):
        found.append(ACTION)
    return (*found, RELATED)


def links_of(record: Record, data: ProjectData) -> Iterator[Link]:
    """What a record comes after, what comes after it, what is done about it, and what else it is linked to."""
    if isinstance(record, (Task, Milestone)):
        yield from (Link(AFTER, number) for number in record.depends_on)
    yield from (Link(BEFORE, number) for number in data.successors.get(record.number, ()))
    actions = record.actions if isinstance(record, Risk) else ()
    yield from (Link(ACTION, number) for number in actions)
    yield from (Link(RELATED, to) for to in record.links if to not in actions)


def is_outside(text: str) -> bool:
    """Whether a text is an address or a ticket: one word with ``://`` or a digit, and no number of a record."""
    word = text.strip()
    if not word or len(word) > LONGEST or len(word.split()) > 1 or split_number(word) is not None:
        return False
    return "://" in word or any(character.isdigit() for character in word)


def out_of_order(earlier: Record, later: Record) -> bool:
    """Whether what comes after is due before what it waits for."""
    begins, ends = _date(earlier), _date(later)
    return begins is not None and ends is not None and earlier.is_open and ends < begins


def _date(record: Record) -> dt.date | None:
    return record.due if isinstance(record, Task) else record.forecast if isinstance(record, Milestone) else None
