"""What was decided about overdue items in a period, read back from the history: the report's material."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pmtui.domain.records import BY_TABLE, Meeting, RecordType
from pmtui.domain.records.meeting import MINUTES_DUE_AFTER
from pmtui.domain.triage import DECIDED
from pmtui.services.project import OpenProject
from pmtui.services.story.phrase import DATES
from pmtui.services.story.telling import Story
from pmtui.store import Transaction
from pmtui.store.journal import DELETE, UPDATE

MOST = 20
"""Decisions told one by one; the line before them counts all."""

LONG = 200
"""Characters of a sentence for a report; a title is cut before that."""


@dataclass(frozen=True, slots=True)
class Decided:
    """An overdue item that was decided: its number, what it counts as, and the transaction that did it."""

    number: str
    word: str
    transaction: Transaction


def decided_overdue(project: OpenProject, start: dt.date, end: dt.date) -> list[Decided]:
    """The last decision on each item that was overdue when it was decided, both days included, newest first.

    What a later undo took back was not decided.
    """
    found: dict[str, Decided] = {}
    for decided in _newest_first(project, project.story(), start, end):
        found.setdefault(decided.number, decided)
    return list(found.values())


def told_decisions(project: OpenProject, start: dt.date, end: dt.date) -> list[str]:
    """Sentences for a report: how many overdue items were decided and how, then each of them."""
    found = decided_overdue(project, start, end)
    if not found:
        return []
    tally = Counter(decided.word for decided in found).most_common()
    total = f"{len(found)} overdue item{'s' if len(found) > 1 else ''} decided"
    lines = [f"{total}: {', '.join(f'{count} {word}' for word, count in tally)}."]
    story = project.story()
    for decided in found[:MOST]:
        told = dataclasses.replace(story.told(decided.transaction).about(decided.number), effect="")
        sentence = told.sentence(LONG)
        lines.append(f"{sentence[:1].upper()}{sentence[1:]}.")
    return lines


def _newest_first(project: OpenProject, story: Story, start: dt.date, end: dt.date) -> Iterator[Decided]:
    """Walk back from now, undoing each change in mind, so that each is seen with the records as they were."""
    then = _Then(project)
    gone: set[int] = set()
    for transaction in project.history(newest_first=True):
        day = story.time(transaction).date()
        if day < start:
            return
        touched = then.undo(transaction)
        if transaction.sequence in gone:
            continue
        if transaction.note.undoes:
            gone.add(transaction.note.undoes)
        elif day <= end and (word := DECIDED.get(transaction.note.verb)):
            late = (number for number, record_type, key in touched if then.was_late(record_type, key, day))
            yield from (Decided(number, word, transaction) for number in late)


class _Then:
    """Dates and statuses of records as they were at an earlier moment."""

    def __init__(self, project: OpenProject) -> None:
        self._project = project
        self._fields: dict[tuple[str, int], dict[str, Any]] = {}

    def undo(self, transaction: Transaction) -> list[tuple[str, RecordType, int]]:
        """Go back before a transaction; the records it changed."""
        touched = []
        for what, table, key, changes in transaction.ops:
            record_type = BY_TABLE.get(table)
            if what not in {UPDATE, DELETE} or record_type is None or table not in DATES:
                continue
            fields = self._of(record_type, key)
            before = changes if what == DELETE else {name: change[0] for name, change in changes.items()}
            fields |= {name: before.get(name) for name in fields if what == DELETE or name in before}
            touched.append((record_type.number(key), record_type, key))
        return touched

    def was_late(self, record_type: RecordType, key: int, day: dt.date) -> bool:
        """Whether a record was open, and its date before a day."""
        fields = self._of(record_type, key)
        date = str(fields[DATES[record_type.table]] or "")[:10]
        if not date or fields["actual"] or (record_type.flow and not record_type.flow.is_open(str(fields["status"]))):
            return False
        after = MINUTES_DUE_AFTER if record_type is Meeting.TYPE else dt.timedelta()
        return dt.date.fromisoformat(date) + after < day

    def _of(self, record_type: RecordType, key: int) -> dict[str, Any]:
        known = self._fields.get((record_type.table, key))
        if known is None:
            record = self._project.data.tables.get(record_type.table, {}).get(key)
            now = record_type.encode(record) if record is not None else {}
            known = {name: now.get(name) for name in (DATES[record_type.table], "actual", "status")}
            self._fields[record_type.table, key] = known
        return known
