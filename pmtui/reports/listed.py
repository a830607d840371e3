"""A report with lists that somebody asked for: what a filter shows, after the parts that every report has."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pmtui.domain.filterfacts import DAYS, OWNERS
from pmtui.domain.records import Record
from pmtui.reports.blocks import Block, Cell, Column, Document, Foot, Paragraph, Table
from pmtui.reports.words import NONE, day

_COLUMNS = (
    Column("No.", most=8),
    Column("What", flex=True),
    Column("Who", most=14),
    Column("When", "right"),
    Column("Status", most=12),
)


@dataclass(frozen=True, slots=True)
class WithLists:
    """A document with further tables before its last words."""

    document: Document
    lists: tuple[Block, ...]

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""
        found = self.document.blocks()
        at = len(found) - 1 if found and isinstance(found[-1], Foot) else len(found)
        return (*found[:at], *self.lists, *found[at:])


def listed(text: str, records: Sequence[Record], today: dt.date) -> tuple[Block, ...]:
    """What a filter shows, under its text: number, name, who has it, when, how it stands."""
    title = f"Listed: {text}"
    if not records:
        return (Table(title, _COLUMNS, ()), Paragraph("Nothing fits.", "muted"))
    return (Table(title, _COLUMNS, tuple(_row(record, today) for record in records)),)


def by_urgency(records: Iterable[Record]) -> list[Record]:
    """Records with their dates in order, those without one last."""
    return sorted(records, key=lambda record: (_day_of(record) or dt.date.max, record.TYPE.kind, record.id))


def _row(record: Record, today: dt.date) -> tuple[Cell, ...]:
    who = next((str(getattr(record, name)) for name in OWNERS if getattr(record, name, "")), "")
    status = str(getattr(record, "status", ""))
    when = day(_day_of(record), today)
    return (Cell(record.number, "muted"), Cell(record.name), Cell(who or NONE), Cell(when), Cell(status or NONE))


def _day_of(record: Record) -> dt.date | None:
    found = getattr(record, DAYS[type(record)]) if type(record) in DAYS else None
    return found.date() if isinstance(found, dt.datetime) else found
