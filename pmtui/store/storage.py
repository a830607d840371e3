"""The journalled storage: a snapshot in memory, and a journal on disk that every change goes to first.

The seam to a place that keeps changes is narrow on purpose: take the lock, pull what came after a
sequence, append, load.
"""

import contextlib
import copy
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from pmtui.store.errors import DamagedStore, ReadOnly, StoreError
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
    decode_line,
    encode_line,
    field_changes,
    whole_lines,
)
from pmtui.store.lock import WriteLock
from pmtui.store.memory import Memory
from pmtui.store.snapshot import (
    Document,
    Identity,
    Meta,
    Tables,
    file_mode,
    identify,
    read_meta,
    read_snapshot,
    sync_folder,
    write_snapshot,
)

MOST_TRIES = 20
"""How often loading begins anew because somebody compacted meanwhile."""

COMPACT_AT = 4_000_000
"""Bytes of journal, or half the snapshot's where that is more, past which a compaction pays."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes: the operating system's user, and the session (one pane, one shell)."""

    user: str
    session: str


Listener = Callable[[Transaction], None]


def system_author() -> Author:
    """The operating system's user and this process."""
    import pwd

    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return Author(user, f"{os.getpid():x}")


def milliseconds_now() -> int:
    """The time, in ms since 1970, UTC."""
    return time.time_ns() // 1_000_000


class JournalStorage(Storage):
    """A TinyDB storage over a snapshot and a journal.

    ``path`` is the snapshot's file; the journal, the lock and the history lie beside it. The
    snapshot is made where it is missing, unless the access mode is ``r``. ``stamps`` lets the store keep
    each document's created and updated times and authors. ``clock`` gives ms since 1970. ``read_only``
    tells why nothing can be written (empty when it can), ``damage`` what in the files is not as it was written.
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
        **_: object,
    ) -> None:
        super().__init__()
        if encoding not in (None, "utf-8", "utf8"):
            raise ValueError("a journalled store is UTF-8")
        self.path = Path(path)
        self.folder = self.path.parent
        self.author = author or system_author()
        self.clock = clock
        self.listeners: list[Listener] = []
        self.reloaded: list[Callable[[], None]] = []
        self.sequence = 0
        self.read_only = "" if "+" in access_mode else "opened for reading only"
        self.damage = ""
        self._sync = sync
        self._stamps = stamps
        self._memory = Memory({}, {})
        self._fd = -1
        self._offset = 0
        self._generation = 0
        self._chain = CHAIN_START
        self._snapshot_id: Identity = (0, 0, 0)
        self._pending: list[Op] | None = None
        self._rollback: list[Callable[[], None]] = []
        self._owner = 0
        if create_dirs:
            self.folder.mkdir(parents=True, exist_ok=True)
        self._find_out_whether_writable()
        mode = file_mode(self.folder)
        who = f"{self.author.user} (process {os.getpid()})"
        self._lock = WriteLock(self._beside("lock"), who, mode, timeout)
        if not self.read_only and not self.path.exists():
            self._make()
        self._load()

    # TinyDB's storage -------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]] | None:
        """All tables, as copies that the caller may alter; ``None`` for a store never written."""
        self.pull()
        return copy.deepcopy(self._memory.tables) if self._memory.tables or self.sequence else None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Make the store hold ``data``; what differs becomes one transaction."""
        wanted: Tables = json.loads(json.dumps(data))
        with self.transaction():
            for name in [name for name in self._memory.tables if name not in wanted]:
                self.drop(name)
            for name, table in wanted.items():
                self.create(name)
                have = self._memory.tables[name]
                for key in [key for key in have if key not in table]:
                    self.delete(name, key)
                for key, document in table.items():
                    self.put(name, key, document)

    def close(self) -> None:
        """Close the files; what was committed is on disk already."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        self._lock.close()

    # Reading ----------------------------------------------------------------

    def documents(self, table: str) -> dict[str, Document]:
        """A table's documents by id. They are the store's own: read them, never alter them."""
        return self._memory.tables.get(table, {})

    def table_names(self) -> list[str]:
        """The tables there are."""
        return list(self._memory.tables)

    def pull(self) -> int:
        """Take in what others wrote; the number of transactions taken. Costs microseconds when there is nothing."""
        if self._pending is not None or self._fd < 0:
            return 0
        before = self.sequence
        if self._snapshot_changed():
            self._follow_snapshot()
        self._read_tail()
        return self.sequence - before

    def next_id(self, table: str) -> int:
        """The id that a table's next document gets; ids are never given twice."""
        return self._memory.next_id(table)

    def reserve(self, table: str, following: int) -> None:
        """Ids below ``following`` are taken; inside a transaction."""
        self._memory.reserve(table, following)

    # Writing ----------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self, note: Note | None = None) -> Iterator[None]:
        """Group changes: all become durable together at the end, or none does.

        Raises :class:`ReadOnly`, :class:`~pmtui.store.errors.LockTimeout` or ``OSError``; memory and
        file are then as before.
        """
        if self._pending is not None and self._owner == threading.get_ident():
            yield
            return
        self._refuse_if_read_only()
        with self._lock.held():
            self._catch_up()
            self._pending, self._rollback, self._owner = [], [], threading.get_ident()
            try:
                yield
                transaction = self._commit(note or Note()) if self._pending else None
            except BaseException:
                for step in reversed(self._rollback):
                    step()
                raise
            finally:
                self._pending, self._rollback = None, []
        if transaction:
            self._tell(transaction)

    def put(self, table: str, key: str, document: Document) -> None:
        """Insert a document or bring it to this state; inside a transaction."""
        have = self._memory.tables.get(table, {}).get(key)
        if have is None:
            self._do([INSERT, table, int(key), document])
        else:
            changes = field_changes(have, document)
            if changes:
                self._do([UPDATE, table, int(key), changes])

    def delete(self, table: str, key: str) -> None:
        """Take a document out; inside a transaction."""
        self._do([DELETE, table, int(key), self._memory.tables[table][key]])

    def create(self, table: str) -> None:
        """Make an empty table where there is none; inside a transaction."""
        if table not in self._memory.tables:
            self._do([CREATE, table, 0, None])

    def truncate(self, table: str) -> None:
        """Empty a table; inside a transaction."""
        self._do([TRUNCATE, table, 0, None])

    def drop(self, table: str) -> None:
        """Take a table out; inside a transaction."""
        self._do([DROP, table, 0, None])

    def perform(self, op: Op) -> None:
        """Apply one operation as it stands; inside a transaction."""
        self._do(op)

    def compact(self, timeout: float | None = None) -> None:
        """Write a new snapshot and begin a new journal; the old one goes to the history."""
        self._refuse_if_read_only()
        with self._lock.held(timeout):
            self._catch_up()
            self._write_generation(self._generation + 1)

    def needs_compaction(self) -> bool:
        """Whether the journal has grown past what is quick to read."""
        return not self.read_only and self._offset > max(COMPACT_AT, self._snapshot_id[2] // 2)

    @property
    def journal_path(self) -> Path:
        """The journal that is written now."""
        return self._journal_of(self._generation)

    def journals(self) -> list[Path]:
        """All journals that are kept, the oldest first, the one in use last.

        An older one may still lie in the folder, where a compaction was cut short.
        """
        pattern = f"{self._prefix}journal.*.jsonl"
        found = {path.name: path for path in self.folder.glob(pattern)}
        found |= {path.name: path for path in (self.folder / "history").glob(pattern)}
        return [found[name] for name in sorted(found) if name < self.journal_path.name] + [self.journal_path]

    # Inside -----------------------------------------------------------------

    @property
    def _prefix(self) -> str:
        return "" if self.path.name == "data.json" else f"{self.path.name}."

    def _beside(self, name: str) -> Path:
        return self.folder / f"{self._prefix}{name}"

    def _journal_of(self, generation: int) -> Path:
        return self._beside(f"journal.{generation:06d}.jsonl")

    def _find_out_whether_writable(self) -> None:
        if not self.folder.is_dir():
            raise StoreError(f"{self.folder}: there is no such folder")
        if not self.read_only and not os.access(self.folder, os.W_OK | os.X_OK):
            self.read_only = f"{self.folder} can't be written by {self.author.user}"
        if not self.read_only and self.path.exists() and not os.access(self.path, os.W_OK):
            self.read_only = f"{self.path} can't be written by {self.author.user}"

    def _refuse_if_read_only(self) -> None:
        if self.read_only:
            raise ReadOnly(f"read-only: {self.read_only}")

    def _make(self) -> None:
        with self._lock.held():
            if self.path.exists():
                return
            left = [*self.folder.glob(f"{self._prefix}journal.*.jsonl"), *self.folder.glob("history/*.jsonl")]
            if left:
                raise DamagedStore(f"{self.path} is missing, though {left[0].name} is there: restore it from a backup")
            self._write_generation(1)

    def _load(self) -> None:
        """Read the snapshot and its journal; once more where somebody compacted in between."""
        for _ in range(MOST_TRIES):
            snapshot = read_snapshot(self.path)
            if self._open_journal(snapshot.meta.generation) and self._identify_snapshot() == snapshot.identity:
                break
        else:
            self._damaged(f"{self._journal_of(snapshot.meta.generation).name} is missing: its changes are lost")
        self._take_meta(snapshot.meta, snapshot.identity)
        self._memory = Memory(snapshot.tables, snapshot.meta.next)
        self._stamps = self._stamps or snapshot.meta.stamps
        self.sequence = snapshot.meta.sequence
        if snapshot.wrong:
            self._damaged(snapshot.wrong)
        newer = [path for path in self.folder.glob(f"{self._prefix}journal.*.jsonl") if self._is_ahead(path)]
        if newer:
            self._damaged(f"{self.path.name} is older than {newer[0].name}: it was replaced, or emptied")
        self._read_tail()

    def _is_ahead(self, journal: Path) -> bool:
        """Whether a journal holds changes that come after this snapshot's own journal."""
        return journal.name > self.journal_path.name and journal.stat().st_size > 0

    def _damaged(self, what: str) -> None:
        self.damage = self.damage or what
        self.read_only = self.read_only or what

    def _take_meta(self, meta: Meta, identity: Identity) -> None:
        self._generation = meta.generation
        self._chain = meta.chain
        self._snapshot_id = identity

    def _identify_snapshot(self) -> Identity:
        try:
            return identify(self.path.stat())
        except FileNotFoundError:
            return (0, 0, 0)

    def _snapshot_changed(self) -> bool:
        return self._identify_snapshot() != self._snapshot_id

    def _catch_up(self) -> None:
        """Under the lock: see what others did, and that the files are those we know; then they can be written."""
        self.pull()
        if not self._journal_in_place():
            self._load()
            self._say_reloaded()
        self._refuse_if_read_only()
        if self._generation == 0 and not self.journal_path.exists():
            self._begin_journal(self.journal_path)
            self._open_journal(0)
        self._cut_torn_tail()

    def _journal_in_place(self) -> bool:
        """Whether the journal open here is the one in the folder, and as long as we have read it."""
        try:
            found, known = self.journal_path.stat(follow_symlinks=False), os.fstat(self._fd)
        except FileNotFoundError:
            return self._generation == 0
        return (found.st_ino, found.st_dev) == (known.st_ino, known.st_dev) and known.st_size >= self._offset

    def _say_reloaded(self) -> None:
        for tell in self.reloaded:
            tell()

    def _open_journal(self, generation: int) -> bool:
        """Open a generation's journal; whether it is there. A plain TinyDB file has none until it is written."""
        path = self._journal_of(generation)
        flags = (os.O_RDONLY if self.read_only else os.O_RDWR) | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd, there = os.open(path, flags, file_mode(self.folder)), True
        except FileNotFoundError:
            fd, there = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC), generation == 0
        except PermissionError:
            self.read_only = f"{path} can't be written by {self.author.user}"
            fd, there = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), True
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._offset = fd, 0
        return there

    def _follow_snapshot(self) -> None:
        """Another process compacted: finish the old journal, then go on with the new one."""
        try:
            meta, identity = read_meta(self.path)
        except FileNotFoundError:
            self._damaged(f"{self.path.name} is gone")
            return
        self._read_tail()
        ours = self.sequence == meta.sequence and self._chain == meta.chain and meta.generation > self._generation
        if ours and self._open_journal(meta.generation) and self._identify_snapshot() == identity:
            self._take_meta(meta, identity)
        else:
            self._load()
            self._say_reloaded()

    def _read_tail(self) -> None:
        size = os.fstat(self._fd).st_size
        if size <= self._offset:
            return
        data = os.pread(self._fd, size - self._offset, self._offset)
        for raw in whole_lines(data):
            place = f"{self.journal_path.name}: byte {self._offset}"
            try:
                transaction = decode_line(self._chain, raw, place)
            except DamagedStore as error:
                self._damaged(str(error))
                return
            for op in transaction.ops:
                self._memory.apply(op)
            if self._stamps:
                self._memory.stamp(transaction)
            self._chain = transaction.crc
            self.sequence = transaction.sequence
            self._offset += len(raw) + 1
            self._tell(transaction)

    def _cut_torn_tail(self) -> None:
        """Bytes after the last newline were never acknowledged: set aside, so that the line can be written."""
        size = os.fstat(self._fd).st_size
        if size <= self._offset or self.read_only:
            return
        torn = os.pread(self._fd, size - self._offset, self._offset)
        for attempt in range(1000):
            aside = self._beside(f"torn.{self._generation:06d}.{self._offset}.{attempt}")
            try:
                fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            except FileExistsError:
                continue
            with os.fdopen(fd, "wb") as file:
                os.fchmod(file.fileno(), file_mode(self.folder))
                file.write(torn)
                file.flush()
                os.fsync(file.fileno())
            break
        os.ftruncate(self._fd, self._offset)

    def _commit(self, note: Note) -> Transaction:
        assert self._pending is not None
        when = self.clock()
        sequence = self.sequence + 1
        author = self.author
        line, crc = encode_line(self._chain, sequence, when, author.user, author.session, note, self._pending)
        try:
            written = 0
            while written < len(line):
                written += os.pwrite(self._fd, line[written:], self._offset + written)
            self._sync(self._fd)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self._offset)
            raise
        transaction = Transaction(crc, sequence, when, author.user, author.session, note, self._pending)
        if self._stamps:
            self._memory.stamp(transaction)
        self._offset += len(line)
        self._chain, self.sequence = crc, sequence
        return transaction

    def _tell(self, transaction: Transaction) -> None:
        for listener in self.listeners:
            listener(transaction)

    def _do(self, op: Op) -> None:
        assert self._pending is not None, "changes are made inside a transaction"
        self._pending.append(op)
        self._rollback.append(self._memory.put_back(op))
        self._memory.apply(op)

    def _write_generation(self, generation: int) -> None:
        old = self.journal_path if self._fd >= 0 else None
        meta = Meta(
            generation=generation,
            sequence=self.sequence,
            next=self._memory.next_ids(),
            chain=self._chain,
            stamps=self._stamps,
        )
        self._begin_journal(self._journal_of(generation))
        write_snapshot(self.path, meta, self._memory.tables)
        if old is None:
            return
        self._open_journal(generation)
        self._take_meta(meta, self._identify_snapshot())
        self._keep_older_journals()

    def _begin_journal(self, journal: Path) -> None:
        """An empty journal; one that a compaction left behind is empty too, and anything else is kept aside."""
        mode = file_mode(self.folder)
        if journal.exists() and journal.stat().st_size:
            journal.rename(journal.with_suffix(f".left.{time.time_ns()}"))
        fd = os.open(journal, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        try:
            os.fchmod(fd, mode)
            os.fsync(fd)
        finally:
            os.close(fd)
        sync_folder(self.folder)

    def _keep_older_journals(self) -> None:
        history = self.folder / "history"
        history.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(OSError):
            history.chmod(self.folder.stat().st_mode & 0o7777)
        for path in self.folder.glob(f"{self._prefix}journal.*.jsonl"):
            if path.name < self.journal_path.name:
                path.rename(history / path.name)
        sync_folder(history)
