"""A record as it was after one of the project's changes."""

from typing import Any

import msgspec

from pmtui.domain.problems import Refused
from pmtui.domain.records import Record
from pmtui.services.project import OpenProject
from pmtui.store.history import gaps, inverse_ops


def record_as_of(project: OpenProject, number: str, sequence: int) -> Record:
    """The record as it was when the transaction with this sequence number was done.

    Raises :class:`Refused` where there is no such change, the record was not there then, or a change
    since is not kept.
    """
    record, last = project.get(number), project.sequence
    if not 0 <= sequence <= last:
        raise Refused(f"{sequence}: there is no such change yet; the last one is {last}")
    lost = next((gap for gap in gaps(project.db.journal) if gap.last > sequence), None)
    if lost:
        raise Refused(f"{number}: how it was after {sequence} is not known: changes up to {lost.last} are not kept")
    document: dict[str, Any] | None = record.TYPE.encode(record)
    place = (record.TYPE.table, record.id)
    for transaction in project.history(newest_first=True, record=place):
        if transaction.sequence <= sequence:
            break
        if transaction.sequence <= last:
            for op in inverse_ops([op for op in transaction.ops if (op[1], op[2]) == place]):
                document = _turned_back(document, op)
    if document is None:
        raise Refused(f"{number} was not there yet after {sequence}")
    try:
        return record.TYPE.decode(record.id, document)
    except msgspec.ValidationError as error:
        raise Refused(f"{number}: how it was after {sequence} can't be read: {error}") from None


def _turned_back(document: dict[str, Any] | None, inverse: list[Any]) -> dict[str, Any] | None:
    """A document after an inverse operation: ``None`` before it was made."""
    what, _, __, changes = inverse
    if what == "d":
        return None
    if what == "i":
        return dict(changes)
    before = dict(document or {})
    for name, (___, value, *____) in changes.items():
        before[name] = value
    return {name: value for name, value in before.items() if value is not None}
