"""What was done to a project, and taking it back: read from the journals that are kept."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from pmtui.store.errors import DamagedStore, StoreError, UndoRefused
from pmtui.store.journal import (
    ADDED,
    CHAIN_START,
    CREATE,
    DELETE,
    INSERT,
    REMOVED,
    UPDATE,
    Op,
    Transaction,
    decode_line,
    field_changes,
    from_json,
    same,
    whole_lines,
)
from pmtui.store.snapshot import Document
from pmtui.store.storage import JournalStorage


def transactions(storage: JournalStorage, session: str | None = None) -> Iterator[Transaction]:
    """Every transaction kept, or a session's alone, the oldest first.

    The lines' checksums were proven when they were loaded; here they are only read.
    """
    wanted = b'"s":' + msgspec.json.encode(session) if session is not None else b""
    for path in storage.journals():
        try:
            data = path.read_bytes()
        except FileNotFoundError:  # compacted meanwhile
            moved = path.parent / "history" / path.name
            if not moved.exists():
                continue
            data = moved.read_bytes()
        for raw in whole_lines(data):
            if wanted in raw:
                transaction = _read(raw, path.name)
                if session is None or transaction.session == session:
                    yield transaction


def broken_history(storage: JournalStorage) -> list[str]:
    """What is wrong with the journals kept: missing ones, and lines that were altered or taken out."""
    found: list[str] = []
    chain = CHAIN_START
    journals = storage.journals()
    numbers = [int(path.name.split(".")[-2]) for path in journals]
    found += [f"journal {n:06d} is missing" for n in range(min(numbers), max(numbers)) if n not in numbers and n]
    for path in journals:
        data = path.read_bytes() if path.exists() else b""
        for count, raw in enumerate(whole_lines(data), 1):
            try:
                chain = decode_line(chain, raw, f"{path.name}: line {count}").crc
            except DamagedStore as error:
                return [*found, str(error)]
    return found


def _read(raw: bytes, place: str) -> Transaction:
    try:
        return msgspec.convert(from_json(raw), Transaction)
    except (ValueError, msgspec.ValidationError) as error:
        raise DamagedStore(f"{place}: {error}") from error


def undo_and_redo(storage: JournalStorage, session: str) -> tuple[Transaction | None, Transaction | None]:
    """The session's transactions that undo and redo would take back now."""
    done: list[Transaction] = []
    undone: list[Transaction] = []
    for transaction in transactions(storage, session):
        target = transaction.note.undoes
        if not target:
            done.append(transaction)
            undone.clear()
        elif done and done[-1].sequence == target:
            done.pop()
            undone.append(transaction)
        elif undone and undone[-1].sequence == target:
            undone.pop()
            done.append(transaction)
        else:
            done = [t for t in done if t.sequence != target]
            undone = [transaction]
    return (done[-1] if done else None, undone[-1] if undone else None)


def find(storage: JournalStorage, sequence: int) -> Transaction | None:
    """The transaction with this sequence number."""
    return next((t for t in transactions(storage) if t.sequence == sequence), None)


def take_back(storage: JournalStorage, transaction: Transaction) -> None:
    """Perform the inverse of a transaction, within one that says so in its note.

    It applies only where every field still holds what the transaction wrote; else
    :class:`UndoRefused` says who changed it since, and nothing is changed.
    """
    for op in inverse_ops(transaction.ops):
        _, table, key, __ = op
        changed = still_holds(storage.documents(table).get(str(key)), op)
        if changed:
            raise UndoRefused(_refusal(storage, transaction, op, changed))
        storage.perform(op)


def _refusal(storage: JournalStorage, transaction: Transaction, op: Op, field: str) -> str:
    _, table, key, __ = op
    for later in reversed(list(transactions(storage))):
        if later.sequence <= transaction.sequence:
            break
        if any(o[1] == table and o[2] == key and (o[0] != UPDATE or field in o[3]) for o in later.ops):
            when = dt.datetime.fromtimestamp(later.time / 1000, dt.UTC)
            return (
                f"{table} {key}: {later.user} changed {field} since ({when:%Y-%m-%d %H:%M} UTC); it was not taken back"
            )
    return f"{table} {key}: {field} no longer holds what the change wrote; it was not taken back"


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
