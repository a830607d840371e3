"""What was done to a project, and taking it back: read from the journals that are kept.

Lines are read from the end or from the beginning, and only those decoded that can be meant: a line that does
not hold the bytes of a session, a record or a number is passed over.
"""

import datetime as dt
import heapq
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

import msgspec

from pmtui.store.documents import Document
from pmtui.store.errors import StoreError, UndoRefused
from pmtui.store.journal import (
    ADDED,
    BODY_AT,
    CHAIN_START,
    CRC_AT,
    CRC_END,
    CREATE,
    DELETE,
    INSERT,
    REMOVED,
    UPDATE,
    Op,
    Transaction,
    checksum,
    field_changes,
    same,
    to_json,
)
from pmtui.store.layout import number_of
from pmtui.store.rawfiles import read_plain
from pmtui.store.storage import JournalStorage

_decoder = msgspec.json.Decoder(Transaction)
_HEAD = re.compile(rb'\{"c":"[^"]{8}","q":(\d+),')


Written = tuple[str, int]
"""A transaction: what its store is called by whoever walks several, and its number."""

Act = tuple[str, int, int]
"""A transaction of an act, with the number of the one that it took back, or 0."""


class Gap(msgspec.Struct, frozen=True):
    """Changes that are not kept: the numbers of the first and the last one of them."""

    first: int
    last: int


class ChangedSince(UndoRefused):
    """A field no longer holds what a change wrote; ``later`` is the transaction that changed it, where it is known.

    ``field`` is a field's name, or ``number`` for a record that is there again, or ``record`` for one that is gone.
    """

    def __init__(self, table: str, record_id: int, field: str, later: Transaction | None) -> None:
        self.table, self.record_id, self.field, self.later = table, record_id, field, later
        told = f"{field} no longer holds what the change wrote"
        if later is not None:
            when = dt.datetime.fromtimestamp(later.time / 1000, dt.UTC)
            told = f"{later.user} changed {field} since ({when:%Y-%m-%d %H:%M} UTC)"
        super().__init__(f"{table} {record_id}: {told}; it was not taken back")


def transactions(
    storage: JournalStorage,
    *,
    session: str | None = None,
    record: tuple[str, int] | None = None,
    newest_first: bool = False,
) -> Iterator[Transaction]:
    """The transactions kept, up to the last one that the storage has taken in; the oldest first, unless said.

    ``session`` and ``record`` (its table and id) give those of a session, or that touched a record, alone. What
    is read is read when it is reached, so that whoever wants the last one pays for the last one.
    """
    needle = b""
    if record is not None:
        needle = to_json(record[0]) + b",%d," % record[1]
    elif session is not None:
        needle = b'"s":' + to_json(session)
    upto = storage.sequence
    for raw, before in _lines(storage, needle, newest_first=newest_first):
        found = _read(raw, before)
        if found is None or found.sequence > upto or (session is not None and found.session != session):
            continue
        if record is None or any(op[1] == record[0] and op[2] == record[1] for op in found.ops):
            yield found


def find(storage: JournalStorage, sequence: int) -> Transaction | None:
    """The transaction with this sequence number; ``None`` where it is not kept, or not as it was written."""
    for raw, before in _lines(storage, b'"q":%d,' % sequence, newest_first=True):
        found = _read(raw, before)
        if found is not None and found.sequence == sequence:
            return found
    return None


def last_change(storage: JournalStorage, table: str, record_id: int, field: str) -> Transaction | None:
    """The last transaction that gave a field of a record another value; its making does not count."""
    for transaction in transactions(storage, record=(table, record_id), newest_first=True):
        for op in transaction.ops:
            if op[0] == UPDATE and op[1] == table and op[2] == record_id and field in op[3]:
                return transaction
    return None


def gaps(storage: JournalStorage) -> list[Gap]:
    """The changes that are not kept, the oldest first: a journal is missing, or a line is not as it was written."""
    found: list[Gap] = []
    due = 1
    for raw, before in _lines(storage, b"", newest_first=False):
        head = _HEAD.match(raw)
        if head is None or not _is_proven(raw, before):
            continue
        sequence = int(head[1])
        if sequence > due:
            found.append(Gap(due, sequence - 1))
        due = max(due, sequence + 1)
    if storage.sequence >= due:
        found.append(Gap(due, storage.sequence))
    return found


def _lines(storage: JournalStorage, needle: bytes, *, newest_first: bool) -> Iterator[tuple[bytes, bytes]]:
    """The whole lines that hold some bytes, without their newlines, each with the checksum of the line before it.

    That is empty where the line before is not kept.
    """
    journals = storage.journals()
    for at in reversed(range(len(journals))) if newest_first else range(len(journals)):
        data = _journal_bytes(journals[at]) or b""
        for start, end in (_backward if newest_first else _forward)(data, needle):
            if start:
                before = data[data.rfind(b"\n", 0, start - 1) + 1 : start][CRC_AT:CRC_END]
            else:
                before = _checksum_before(journals[: at + 1])
            yield data[start:end], before


def _checksum_before(journals: Sequence[Path]) -> bytes:
    """The checksum of the line before the first one of the last of these journals; empty where it is not kept."""
    for earlier, path in zip(reversed(journals[:-1]), reversed(journals), strict=False):
        data = _journal_bytes(earlier) if number_of(earlier) == number_of(path) - 1 else None
        if data is None:
            return b""
        end = data.rfind(b"\n")
        if end >= 0:
            return data[data.rfind(b"\n", 0, end) + 1 : end][CRC_AT:CRC_END]
    return CHAIN_START.encode() if number_of(journals[0]) <= 1 else b""


def _journal_bytes(path: Path) -> bytes | None:
    """A journal's bytes, also where a compaction moved it meanwhile; ``None`` where it is gone, or no plain file."""
    for place in (path, path.parent / "history" / path.name):
        if place.parent.is_symlink() and place.parent.name == "history":
            continue
        try:
            return read_plain(place)[0]
        except FileNotFoundError:
            continue
        except (StoreError, OSError):
            break
    return None


def _forward(data: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    """Where the lines that hold some bytes begin and end, from the first on."""
    at = data.find(needle)
    while 0 <= at < len(data):
        end = data.find(b"\n", at)
        if end < 0:
            return
        yield data.rfind(b"\n", 0, at) + 1, end
        at = data.find(needle, end + 1)


def _backward(data: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    """Where the lines that hold some bytes begin and end, from the last on."""
    end = data.rfind(b"\n")
    while end > 0:
        at = data.rfind(needle, 0, end) if needle else end
        if at < 0:
            return
        start = data.rfind(b"\n", 0, at) + 1
        yield start, data.find(b"\n", at)
        end = start - 1


def _read(raw: bytes, before: bytes) -> Transaction | None:
    """A line's transaction; ``None`` where it is not as it was written after the line before it."""
    if not _is_proven(raw, before):
        return None
    try:
        return _decoder.decode(raw)
    except msgspec.DecodeError:
        try:
            return msgspec.convert(json.loads(raw), Transaction)
        except (ValueError, msgspec.ValidationError):
            return None


def _is_proven(raw: bytes, before: bytes) -> bool:
    """Whether a line's checksum fits its bytes and that of the line before it, where that one is kept."""
    return (
        not before or raw[CRC_AT : CRC_AT + len(before)] == checksum(before.decode("latin-1"), raw[BODY_AT:]).encode()
    )


def undo_and_redo(storage: JournalStorage, session: str) -> tuple[Transaction | None, Transaction | None]:
    """The session's transactions that undo and redo would take back now."""
    steps = Steps()
    found = {}
    for transaction in transactions(storage, session=session):
        found[transaction.sequence] = transaction
        steps.take([("", transaction.sequence, transaction.note.undoes)])
    done, undone = (found[stack[-1][-1][1]] if stack else None for stack in (steps.done, steps.undone))
    return done, undone


class Steps:
    """What undo and redo would take back, the next one last; each step is a group of transactions of one act.

    A transaction is its store's name and its number, since an act may have written several stores.
    """

    def __init__(self) -> None:
        self.done: list[tuple[Written, ...]] = []
        self.undone: list[tuple[Written, ...]] = []

    def take(self, act: Sequence[Act]) -> None:
        """One more act, as it was written; what it took back itself does not count."""
        left: list[Act] = []
        for place, sequence, undoes in act:
            if (place, undoes) in [step[:2] for step in left]:
                left = [step for step in left if step[:2] != (place, undoes)]
            else:
                left.append((place, sequence, undoes))
        group = tuple(step[:2] for step in left)
        targets = {(place, undoes) for place, _, undoes in left if undoes}
        if not group:
            return
        if not targets:
            self.done.append(group)
            self.undone.clear()
        elif self.done and set(self.done[-1]) == targets:
            self.done.pop()
            self.undone.append(group)
        elif any(targets.intersection(other) for other in self.undone):
            self.undone = _without(self.undone, targets)
            self.done.append(group)
        else:
            self.done, self.undone = _without(self.done, targets), [group]


def acts(places: Mapping[str, Iterable[Transaction]]) -> Iterator[list[Act]]:
    """What one session did in several stores, act by act in the order of time; each store's are given in theirs."""
    acted: list[Act] = []
    for _, joined, place, transaction in heapq.merge(*(_timed(*item) for item in places.items()), key=_by_time):
        if acted and not joined:
            yield acted
            acted = []
        acted.append((place, transaction.sequence, transaction.note.undoes))
    if acted:
        yield acted


def _timed(place: str, found: Iterable[Transaction]) -> Iterator[tuple[int, bool, str, Transaction]]:
    """Each with its time, never before that of the one before it: a clock may be set back."""
    time = 0
    for transaction in found:
        time = max(time, transaction.time)
        yield time, transaction.note.joined, place, transaction


def _by_time(item: tuple[int, bool, str, Transaction]) -> tuple[int, bool]:
    return item[:2]


def _without(groups: Sequence[tuple[Written, ...]], targets: AbstractSet[Written]) -> list[tuple[Written, ...]]:
    left = (tuple(step for step in group if step not in targets) for group in groups)
    return [group for group in left if group]


def take_back(storage: JournalStorage, transaction: Transaction) -> None:
    """Perform the inverse of a transaction, within one that says so in its note.

    It applies only where every field still holds what the transaction wrote; else
    :class:`ChangedSince` says who changed it since, and nothing is changed.
    """
    for op in inverse_ops(transaction.ops):
        _, table, key, __ = op
        changed = still_holds(storage.documents(table).get(str(key)), op)
        if changed:
            raise ChangedSince(table, key, changed, _later(storage, transaction, op, changed))
        storage.perform(op)


def _later(storage: JournalStorage, transaction: Transaction, op: Op, field: str) -> Transaction | None:
    """The last transaction after one that touched a field of its record."""
    _, table, key, __ = op
    for later in transactions(storage, record=(table, key), newest_first=True):
        if later.sequence <= transaction.sequence:
            break
        if any(o[1] == table and o[2] == key and (o[0] != UPDATE or field in o[3]) for o in later.ops):
            return later
    return None


def inverse_ops(ops: list[Op]) -> list[Op]:
    """The operations that take others back, in order."""
    turned: list[Op] = []
    for what, table, key, changes in reversed(ops):
        if what == INSERT:
            turned.append([DELETE, table, key, changes])
        elif what == DELETE:
            turned.append([INSERT, table, key, changes])
        elif what == UPDATE:
            turned.append([UPDATE, table, key, {f: _turned(c) for f, c in changes.items()}])
        elif what != CREATE:
            raise StoreError(f"emptying or dropping the table {table} can't be undone")
    return turned


def _turned(change: list[Any]) -> list[Any]:
    flag = {(ADDED,): [REMOVED], (REMOVED,): [ADDED]}.get(tuple(change[2:]), [])
    return [change[1], change[0], *flag]


def still_holds(document: Document | None, op: Op) -> str | None:
    """The field in which a document no longer is as ``op`` expects it before; ``None`` where all fit."""
    what, _, __, changes = op
    if what == INSERT:
        return None if document is None else "number"
    if document is None:
        return "record"
    if what == DELETE:
        ignored = {"created", "created_by", "updated", "updated_by"}
        have = {k: v for k, v in document.items() if k not in ignored}
        wanted = {k: v for k, v in changes.items() if k not in ignored}
        differing = field_changes(wanted, have)
        return next(iter(differing), None)
    for field, change in changes.items():
        if change[2:] == [ADDED]:
            if field in document:
                return str(field)
        elif field not in document or not same(document[field], change[0]):
            return str(field)
    return None
