"""The journalled storage: a snapshot in memory, and a journal on disk that every change goes to first.

The seam to a place that keeps changes is narrow on purpose: take the lock, pull what came after a
sequence, append, load.
"""

import contextlib
import copy
import datetime as dt
import errno
import functools
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from tinydb.storages import Storage

from pmtui.store import upkeep
from pmtui.store.arguments import of_values, only_reads, refuse_encoding
from pmtui.store.author import Author, milliseconds_now, system_author
from pmtui.store.documents import Document, Documents
from pmtui.store.errors import ReadOnly
from pmtui.store.journal import (
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
    field_changes,
)
from pmtui.store.journal_file import JournalFile
from pmtui.store.kept import keep_day
from pmtui.store.layout import Layout
from pmtui.store.lock import WriteLock
from pmtui.store.open_files import Listener, OpenFiles
from pmtui.store.snapshot import Tables
from pmtui.store.whole import merged, table_problem

COMPACT_AT = 4_000_000
"""Bytes of journal, or half the snapshot's where that is more, past which a compaction pays."""


class JournalStorage(Storage):
    """A TinyDB storage over a snapshot and a journal.

    ``path`` is the snapshot's file; the journal, the lock and the history lie beside it. The
    snapshot is made where it is missing, unless the access mode is ``r``. ``stamps`` lets the store keep
    each document's created and updated times and authors. ``clock`` gives ms since 1970. ``read_only``
    tells why nothing can be written (empty when it can), ``damage`` what in the files is not as it was written.
    ``listeners`` are told each transaction, from here or elsewhere; ``reloaded`` that all was read anew.

    The other arguments are those of TinyDB's ``JSONStorage``: see :mod:`pmtui.store.arguments`. Raises
    ``FileNotFoundError`` where the folder, or in mode ``r`` the file, is missing.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        create_dirs: bool = False,
        encoding: str | None = None,
        access_mode: str = "r+",
        *,
        author: Author | None = None,
        stamps: bool = False,
        clock: Callable[[], int] = milliseconds_now,
        sync: Callable[[int], None] = os.fdatasync,
        timeout: float = 10.0,
        **json_arguments: Any,
    ) -> None:
        super().__init__()
        refuse_encoding(encoding)
        self._json = of_values(json_arguments)
        self._seen: Tables | None = None
        self.path = Path(path)
        self.folder = self.path.parent
        self.author = author or system_author()
        self.clock = clock
        self._sync = sync
        self._reads_only = "opened for reading only" if only_reads(access_mode) else ""
        self._pending: list[Op] | None = None
        self._rollback: list[Callable[[], None]] = []
        self._orders: dict[str, list[str]] = {}
        self._owner = (0, 0)
        if create_dirs:
            self.folder.mkdir(parents=True, exist_ok=True)
        if not self.folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(self.folder))
        self._files = OpenFiles(Layout(self.path), self._refused, clock, stamps=stamps)
        who = f"{self.author.user} (process {os.getpid()})"
        self._lock = WriteLock(self._files.layout.lock, who, timeout)
        if self.read_only and not self.path.exists() and not self._files.layout.journals_here():
            raise FileNotFoundError(errno.ENOENT, "there is no such file", str(self.path))
        upkeep.begin(self._files, self._lock, self._day(), self._append_as)

    # TinyDB's storage -------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables, as copies that the caller may alter; ``None`` for a store never written."""
        self.pull()
        tables = self._files.memory.tables
        self._seen = {name: {key: dict(document) for key, document in table.items()} for name, table in tables.items()}
        return copy.deepcopy(tables) if tables or self.sequence else None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Make the store hold ``data``; what differs from what was last read or written here becomes one transaction.

        Raises ``ValueError`` for what is not tables of documents, and :class:`~pmtui.store.errors.StoreError` where
        somebody else changed the same thing since.
        """
        mine: Tables = self.plain(data)
        problem = table_problem(mine)
        if problem:
            raise ValueError(problem)
        with self.transaction():
            self._rollback.append(functools.partial(setattr, self, "_seen", self._seen))
            wanted = mine if self._seen is None else merged(self._seen, mine, self._files.memory.tables)
            self._seen = mine
            for name in [name for name in self._files.memory.tables if name not in wanted]:
                self.drop(name)
            for name, table in wanted.items():
                self.create(name)
                have = self._files.memory.tables[name]
                for key in [key for key in have if key not in table]:
                    self.delete(name, key)
                for key, document in table.items():
                    self.put(name, key, document)

    def close(self) -> None:
        """Close the files; what was committed is on disk already."""
        self._files.close()
        self._lock.close()

    # Reading ----------------------------------------------------------------

    @property
    def sequence(self) -> int:
        """The number of the last transaction."""
        return self._files.sequence

    @property
    def damage(self) -> str:
        """What in the files is not as it was written; empty where all is well."""
        return self._files.damage

    @property
    def read_only(self) -> str:
        """Why nothing can be written; empty where it can."""
        return self._files.read_only

    @read_only.setter
    def read_only(self, why: str) -> None:
        self._files.read_only = why

    @property
    def listeners(self) -> list[Listener]:
        """Told each transaction, from here or elsewhere, once it is durable and in memory."""
        return self._files.listeners

    @property
    def reloaded(self) -> list[Callable[[], None]]:
        """Told that all had to be read anew: anything may have changed."""
        return self._files.reloaded

    def documents(self, table: str) -> dict[str, Document]:
        """A table's documents by id. They are the store's own: read them, never alter them."""
        return self._files.memory.tables.get(table, {})

    def texts(self, table: str) -> Iterator[tuple[str, msgspec.Raw | None]]:
        """Each document's id and JSON; ``None`` for the JSON where it was asked for or changed since it was read."""
        documents = self._files.memory.tables.get(table, {})
        text = documents.text if isinstance(documents, Documents) else lambda _key: None
        return ((key, text(key)) for key in documents)

    def table_names(self) -> list[str]:
        """The tables there are."""
        return list(self._files.memory.tables)

    def pull(self) -> int:
        """Take in what others wrote; the number of transactions taken. Costs microseconds when there is nothing."""
        if self._pending is not None or not self._lock.enter():
            return 0
        try:
            before = self.sequence
            self._files.pull()
            return max(0, self.sequence - before)
        finally:
            self._lock.leave()

    @property
    def position(self) -> tuple[int, str]:
        """What tells one committed state from another: the last transaction's number and checksum."""
        return self.sequence, self._files.chain

    @property
    def in_transaction(self) -> bool:
        """Whether documents may be changed that are not committed."""
        return self._pending is not None

    @property
    def keeps_stamps(self) -> bool:
        """Whether this is a project's store: documents tell who changed them, and numbers are never given again."""
        return self._files.stamps

    def plain(self, value: Any) -> Any:
        """A value as JSON holds it, made by the arguments given for it; ``TypeError`` for what JSON can't hold."""
        return json.loads(json.dumps(value, **self._json))

    def next_id(self, table: str) -> int:
        """The id that a table's next document gets; ids are never given twice."""
        return self._files.memory.next_id(table)

    def reserve(self, table: str, following: int) -> None:
        """Ids below ``following`` are taken; inside a transaction."""
        self._files.memory.reserve(table, following)

    # Writing ----------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self, note: Note | None = None) -> Iterator[None]:
        """Group changes: all become durable together at the end, or none does.

        Raises :class:`ReadOnly`, :class:`~pmtui.store.errors.LockTimeout` or ``OSError``; memory and
        file are then as before.
        """
        me = os.getpid(), threading.get_ident()
        if self._pending is not None and self._owner == me and self._lock.is_held:
            yield
            return
        self._refuse_if_read_only()
        with self._lock.held():
            if self._pending is not None:  # a fork's parent's, or left by an interruption
                self._files.unsettled = True
            self._catch_up()
            self._pending, self._rollback, self._orders, self._owner = [], [], {}, me
            try:
                yield
                done = self._pending
                transaction = self._commit(note or Note(), done, self.author) if done else None
            except BaseException as error:
                if not isinstance(error, Exception):  # an interruption comes anywhere
                    self._files.unsettled = True
                self._roll_back()
                raise
            finally:
                self._pending, self._rollback = None, []
        if transaction:
            self._files.tell(transaction)

    def put(self, table: str, key: str, document: Document) -> None:
        """Insert a document or bring it to this state; inside a transaction."""
        have = self._files.memory.tables.get(table, {}).get(key)
        if have is None:
            self._do([INSERT, table, int(key), document])
        else:
            changes = field_changes(have, document)
            if changes:
                self._do([UPDATE, table, int(key), changes])

    def delete(self, table: str, key: str) -> None:
        """Take a document out; inside a transaction."""
        self._do([DELETE, table, int(key), self._files.memory.tables[table][key]])

    def create(self, table: str) -> None:
        """Make an empty table where there is none; inside a transaction."""
        if table not in self._files.memory.tables:
            self._do([CREATE, table, 0, None])

    def truncate(self, table: str) -> None:
        """Empty a table; inside a transaction. But in a project's store, its numbers begin at 1 again."""
        self._do([TRUNCATE, table, 0 if self.keeps_stamps else 1, None])

    def drop(self, table: str) -> None:
        """Take a table out; inside a transaction. But in a project's store, its numbers begin at 1 again."""
        self._do([DROP, table, 0 if self.keeps_stamps else 1, None])

    def perform(self, op: Op) -> None:
        """Apply one operation as it stands; inside a transaction."""
        self._do(op)

    def compact(self, timeout: float | None = None) -> None:
        """Write a new snapshot and begin a new journal; the old one goes to the history."""
        self._refuse_if_read_only()
        with self._lock.held(timeout):
            self._catch_up()
            upkeep.write_generation(self._files)

    def needs_compaction(self) -> bool:
        """Whether the journal has grown past what is quick to read."""
        files = self._files
        return (
            not files.read_only
            and files.journal is not None
            and files.journal.offset > max(COMPACT_AT, files.snapshot_id[-1] // 2)
        )

    def keep_day(self, day: dt.date) -> Path | None:
        """Keep a snapshot for a day, where none is and something changed since the last; its file."""
        if self.read_only or not self.sequence:
            return None
        self.pull()
        files = self._files
        if files.damage or self.in_transaction:
            return None
        return keep_day(files.layout, day, upkeep.meta_now(files, files.generation), files.memory.tables)

    @property
    def journal_path(self) -> Path:
        """The journal that is written now."""
        return self._files.layout.journal(self._files.generation)

    def journals(self) -> list[Path]:
        """All journals that are kept, the oldest first, the one in use last."""
        return self._files.layout.journals(self._files.generation)

    # Inside -----------------------------------------------------------------

    def _refused(self) -> str:
        """Why this process may not write; empty where it may."""
        if self._reads_only:
            return self._reads_only
        for place in (self.folder, self.path):
            if (place is self.folder or place.exists()) and not os.access(place, os.W_OK):
                return f"{place} can't be written by {self.author.user}"
        return ""

    def _refuse_if_read_only(self) -> None:
        if self.read_only:
            raise ReadOnly(f"read-only: {self.read_only}")

    def _catch_up(self) -> None:
        """Under the lock: see what others did, and that the files are those we know; then they can be written."""
        files = self._files
        files.pull()
        if files.journal is not None and not files.journal.is_as_read():
            files.reload()
        self._refuse_if_read_only()
        if files.generation == 0:
            upkeep.adopt_plain(files, self._day())
        torn = files.torn_tail()
        self._refuse_if_read_only()
        files.set_torn_aside(torn)

    @property
    def _journal(self) -> JournalFile:
        if self._files.journal is None:
            raise ReadOnly(f"read-only: {self.path} was closed")
        return self._files.journal

    def _day(self) -> dt.date:
        return dt.datetime.fromtimestamp(self.clock() / 1000, dt.UTC).date()

    def _commit(self, note: Note, ops: list[Op], author: Author) -> Transaction:
        """Write operations that are in memory already; the transaction, durable."""
        files = self._files
        when, sequence = self.clock(), files.sequence + 1
        line, crc = encode_line(files.chain, sequence, when, author.user, author.session, note, ops)
        try:
            self._journal.append(line, crc, self._sync)
        except ReadOnly as error:
            files.set_damage(str(error))
            raise
        files.unsettled = True
        transaction = Transaction(crc, sequence, when, author.user, author.session, note, ops)
        if files.stamps:
            files.memory.stamp(transaction)
        files.sequence = sequence
        files.unsettled = False
        return transaction

    def _append_as(self, note: Note, ops: list[Op], user: str) -> None:
        """Perform operations and write them in the name of another than this user."""
        for op in ops:
            self._files.memory.apply(op)
        self._commit(note, ops, Author(user, ""))

    def _roll_back(self) -> None:
        for step in reversed(self._rollback):
            step()
        for table, keys in self._orders.items():
            self._files.memory.put_in_order(table, keys)

    def _do(self, op: Op) -> None:
        assert self._pending is not None, "changes are made inside a transaction"
        if op[0] == DELETE and op[1] not in self._orders:
            self._orders[op[1]] = list(self._files.memory.tables[op[1]])
        self._pending.append(op)
        self._rollback.append(self._files.memory.put_back(op))
        self._files.memory.apply(op)
