"""The documents as they were after any transaction, rebuilt from a kept snapshot and the journals."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from pmtui.store.errors import DamagedStore, StoreError
from pmtui.store.journal import CHAIN_START, CRC_AT, Transaction, decode_line, whole_lines
from pmtui.store.layout import journal_files, kept_files, number_of
from pmtui.store.memory import Memory
from pmtui.store.rawfiles import plain_problem, read_plain
from pmtui.store.snapshot import Snapshot, Tables, read_snapshot

_SEQUENCE = re.compile(rb'"q":(\d+)')
_HEAD = 60
"""Bytes of a line within which its sequence number stands."""


class State(msgspec.Struct, frozen=True):
    """All documents after the transaction ``sequence``, whose line has the checksum ``chain``."""

    tables: Tables
    next: dict[str, int]
    sequence: int
    chain: str


def replay(folder: Path, prefix: str = "", *, upto: int | None = None, stamps: bool = True) -> State | None:
    """The documents after transaction ``upto`` (``None``: after the last), without the snapshot's own.

    They come from the newest kept snapshot that is sound, of these journals and not too new, else from nothing
    where the first journal begins there, and from the journals since. ``None`` where a line on the way is missing
    or altered.
    """
    for base, generation in _bases(folder, prefix, upto):
        try:
            if not _belongs(base, _lines(folder, prefix, 0)):
                continue
            found = _forward(base, _lines(folder, prefix, generation), upto, stamps=stamps)
        except (StoreError, OSError, KeyError):
            continue
        if found is not None:
            return found
    return None


def sequence_in(raw: bytes) -> int | None:
    """The sequence number that a journal's line states, right or wrong."""
    found = _SEQUENCE.search(raw, 0, _HEAD)
    return int(found[1]) if found else None


def _bases(folder: Path, prefix: str, upto: int | None) -> Iterator[tuple[State, int]]:
    """What can be begun from, the newest first, each with the generation of the journal that follows it."""
    found = []
    for path in kept_files(folder, prefix):
        try:
            snapshot = read_kept(path)
        except (StoreError, OSError, ValueError):
            continue
        meta = snapshot.meta
        if not snapshot.wrong and meta.generation and (upto is None or meta.sequence <= upto):
            found.append((State(snapshot.tables, meta.next, meta.sequence, meta.chain), meta.generation))
    yield from sorted(found, key=lambda pair: pair[0].sequence, reverse=True)
    journals = journal_files(folder, prefix)
    if journals and number_of(journals[0]) == 1:  # journal 0 follows a plain TinyDB file, which was not empty
        yield State({}, {}, 0, CHAIN_START), 1


def read_kept(path: Path) -> Snapshot:
    """A kept snapshot; raises :class:`StoreError` for what is not a plain file."""
    problem = plain_problem(path)
    if problem:
        raise StoreError(f"{path}: {problem}")
    return read_snapshot(path)


def _lines(folder: Path, prefix: str, generation: int) -> Iterator[tuple[str, bytes]]:
    """The whole lines of the journals from a generation on, each with its place."""
    for path in journal_files(folder, prefix):
        if number_of(path) >= generation:
            data, _ = read_plain(path)
            for count, raw in enumerate(whole_lines(data), 1):
                yield f"{path.name}: line {count}", raw


def _belongs(base: State, lines: Iterator[tuple[str, bytes]]) -> bool:
    """Whether a kept snapshot is of these journals: its last change's line is theirs, or is not kept."""
    first = last = 0
    for _, raw in lines:
        sequence = sequence_in(raw) or 0
        first, last = first or sequence, max(last, sequence)
        if sequence == base.sequence:
            return raw[CRC_AT : CRC_AT + 8] == base.chain.encode()
    return not last or base.sequence < first


def _forward(base: State, lines: Iterator[tuple[str, bytes]], upto: int | None, *, stamps: bool) -> State | None:
    """The state after ``upto``; raises :class:`DamagedStore` at a line that does not follow the one before."""
    memory = Memory({name: dict(table) for name, table in base.tables.items()}, dict(base.next))
    sequence, chain = base.sequence, base.chain
    for place, raw in lines:
        if sequence == upto:
            break
        if (sequence_in(raw) or 0) <= base.sequence:
            continue
        transaction = decode_line(chain, raw, place)
        if transaction.sequence != sequence + 1:
            raise DamagedStore(f"{place}: change {transaction.sequence} where {sequence + 1} is due")
        apply_to(memory, transaction, stamps=stamps)
        sequence, chain = transaction.sequence, transaction.crc
    if upto is not None and sequence != upto:
        return None
    return State(memory.tables, memory.next_ids(), sequence, chain)


def apply_to(memory: Memory, transaction: Transaction, *, stamps: bool) -> None:
    """Do a transaction's operations; raises ``KeyError`` where a document that it changes is not there."""
    for op in transaction.ops:
        memory.apply(op)
    if stamps:
        memory.stamp(transaction)
