"""A store as it is built anew: documents, lines with a chain of their own, and what is told or kept aside."""

import contextlib
import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pmtui.store.author import Author
from pmtui.store.documents import Document
from pmtui.store.errors import StoreError
from pmtui.store.files import make_folder, open_file, sync_folder
from pmtui.store.journal import (
    CHAIN_START,
    CREATE,
    DELETE,
    DROP,
    INSERT,
    TRUNCATE,
    UPDATE,
    Note,
    Op,
    Transaction,
    encode_line,
)
from pmtui.store.layout import HISTORY, KEPT, SNAPSHOT
from pmtui.store.memory import Memory
from pmtui.store.replay import State
from pmtui.store.snapshot import Meta, write_snapshot

NOT_REPAIRED = "not-repaired.txt"
_BELIEVED = 10_000
"""How far ahead of the last number one is believed that stands in an altered line."""
_NOBODY = Author("?", "repair")


@dataclass
class Rebuilding:
    """Begins at ``base``: lines up to its sequence number are history alone, those after it change documents.

    ``told`` says what is left out or not certain, ``aside`` holds bytes that could not be used, each with its place;
    ``zone`` is that of the times told.
    """

    base: State
    stamps: bool
    format: int
    zone: dt.tzinfo | None = None
    memory: Memory = field(init=False)
    chain: str = CHAIN_START
    chain_at_base: str = CHAIN_START
    sequence: int = 0
    time: int = 0
    lines: list[bytes] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    aside: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        tables = {name: dict(table) for name, table in self.base.tables.items()}
        self.memory = Memory(tables, dict(self.base.next))

    def document(self, table: str, key: int) -> Document | None:
        """A document as it is by now."""
        return self.memory.tables.get(table, {}).get(str(key))

    def take(self, when: int, author: Author, note: Note, ops: list[Op]) -> None:
        """Add the next change; its operations must apply."""
        line, crc = encode_line(self.chain, self.sequence + 1, when, author.user, author.session, note, ops)
        self.lines.append(line)
        self.sequence, self.chain, self.time = self.sequence + 1, crc, when
        if self.sequence > self.base.sequence:
            for op in ops:
                self.memory.apply(op)
            if self.stamps:
                self.memory.stamp(Transaction(crc, self.sequence, when, author.user, author.session, note, ops))
        elif self.sequence == self.base.sequence:
            self.chain_at_base = crc

    def lose(self, ops: list[Op]) -> None:
        """A change that says that one is lost, so that numbers go on without a gap."""
        self.take(self.time, _NOBODY, Note(verb="lost", reason="the line was damaged or missing"), ops)

    def applying(self, ops: list[Op]) -> tuple[list[Op], list[str]]:
        """Those operations that can be done, and in words those that can't, as they follow one another."""
        if self.sequence < self.base.sequence:
            return ops, []
        good: list[Op] = []
        told: list[str] = []
        trial: dict[tuple[str, int], bool] = {}
        for op in ops:
            problem = self._problem(op, trial)
            if problem:
                told.append(problem)
            else:
                good.append(op)
                if op[0] in {TRUNCATE, DROP}:
                    trial |= {(op[1], int(key)): False for key in self.memory.tables.get(op[1], ())}
                elif op[0] in {INSERT, DELETE}:
                    trial[op[1], op[2]] = op[0] == INSERT
        return good, told

    def _problem(self, op: Op, trial: dict[tuple[str, int], bool]) -> str:
        """Why an operation can't be done; empty where it can."""
        if len(op) != 4 or not isinstance(op[1], str) or not isinstance(op[2], int):
            return "an operation that nobody can read"
        what, table, key, changes = op
        if what in {CREATE, TRUNCATE, DROP}:
            return ""
        if what not in {INSERT, UPDATE, DELETE} or not isinstance(changes, dict):
            return f"{table} {key}: an operation that nobody can read"
        there = trial.get((table, key), self.document(table, key) is not None)
        if what == INSERT:
            return f"{table} {key} is there already" if there else ""
        if not there:
            return f"{table} {key} is not there"
        if what == UPDATE and not all(isinstance(c, list) and len(c) >= 2 for c in changes.values()):
            return f"{table} {key}: a change that nobody can read"
        return ""

    def reserve(self, transaction: Transaction | None) -> None:
        """Keep the numbers that a lost change gave to documents from being given again, where they can be meant."""
        for op in transaction.ops if transaction else ():
            if len(op) == 4 and op[0] == INSERT and isinstance(op[1], str) and isinstance(op[2], int):
                following = self.memory.next_id(op[1])
                if following <= op[2] < following + _BELIEVED:
                    self.memory.reserve(op[1], op[2] + 1)

    def put(self, folder: Path, when: int) -> None:
        """Write all of it into an empty folder; ``when`` in ms since 1970 is told by its files."""
        from_start = self.base.sequence == 0 and not self.base.tables
        first = 1 if from_start else 2  # a first journal of 1 says that there was nothing before it
        for name in (HISTORY, KEPT):
            make_folder(folder / name)
        write_new(folder / HISTORY / f"journal.{first:06d}.jsonl", self.lines)
        if not from_start:
            day = dt.datetime.fromtimestamp(when / 1000, dt.UTC).date().isoformat()
            base = self.base
            told = self._meta(when, first, base.sequence, base.next, self.chain_at_base)
            write_snapshot(folder / KEPT / f"{day}-base.json", told, base.tables)
        write_new(folder / f"journal.{first + 1:06d}.jsonl", [])
        if self.aside:
            said = (f"# {place}\n".encode("utf-8", "replace") + raw + b"\n" for place, raw in self.aside)
            write_new(folder / NOT_REPAIRED, said)
        meta = self._meta(when, first + 1, self.sequence, self.memory.next_ids(), self.chain)
        write_snapshot(folder / SNAPSHOT, meta, self.memory.tables)

    def _meta(self, when: int, generation: int, sequence: int, following: dict[str, int], chain: str) -> Meta:
        return Meta(self.format, generation, sequence, following, chain, self.stamps, written=when)


def write_new(path: Path, chunks: Iterable[bytes]) -> None:
    """A file that was not there before, durable, for whom its folder is."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(open_file(path, flags), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


@contextlib.contextmanager
def filled_folder(home: Path, why: str) -> Iterator[Path]:
    """An empty folder beside the place where it will stand, with the rights that ``home`` gives to a project's.

    The block fills it and puts it there; what is left of it then is taken away.
    """
    folder = home / f".{why}-{secrets.token_hex(8)}"
    make_folder(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_folder(folder: Path, target: Path) -> None:
    """Put a folder in its place, where nothing must be; raises :class:`StoreError` where something is."""
    sync_folder(folder)
    refuse_taken(target)
    folder.rename(target)
    sync_folder(target.parent)


def refuse_taken(target: Path) -> None:
    """Raises :class:`StoreError` where something is at this place."""
    if os.path.lexists(target):
        raise StoreError(f"{target} is there already; nothing was written")
