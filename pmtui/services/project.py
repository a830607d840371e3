"""An open project: its records as they are now, one way to change them, and news of others' changes."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BY_TABLE, TYPES, Project, Record, RecordType
from pmtui.domain.validation import change_problems, left_dangling, problems_of
from pmtui.keymap import key_of
from pmtui.services.change import Change
from pmtui.services.session import Session
from pmtui.store import Note, ProjectDB, StoreError, Transaction, UndoRefused
from pmtui.store.history import (
    Act,
    ChangedSince,
    Gap,
    find,
    gaps,
    last_change,
    take_back,
    transactions,
    undo_and_redo,
)
from pmtui.store.journal import DROP, TRUNCATE

if TYPE_CHECKING:
    from pmtui.services.reasons import Reasons
    from pmtui.services.story.telling import Story

T = TypeVar("T")


class Changed(msgspec.Struct, frozen=True):
    """What a transaction changed: ids by table, by whom, and whether it was this session.

    ``transaction`` is what was written; ``None`` where the store had to be read anew.
    """

    tables: Mapping[str, frozenset[int]]
    user: str
    verb: str
    own: bool
    transaction: Transaction | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What a service did: the numbers it touched, what to tell the user, and whether no undo takes it back."""

    numbers: tuple[str, ...] = ()
    words: str = ""
    said: tuple[str, ...] = ()
    lasting: bool = False


class NotTakenBack(UndoRefused):
    """Somebody has changed a field since: ``short`` says who and when, ``more`` what they did."""

    def __init__(self, short: str, more: str) -> None:
        self.short, self.more = short, more
        super().__init__(f"{short} ({more}); it was not taken back" if more else short)


class OpenProject:
    """A project that is open in this session.

    ``data`` is always the newest snapshot that was taken in; ``damaged`` names records that the
    store holds but no rule could read, which are left out of it and never written. ``act`` collects what is
    written here for whoever makes one act of several transactions; ``seen`` are records as the user was shown them
    before a change; ``elsewhere`` counts what may have changed this
    session's history from outside: transactions of another process of it, and the store read anew.
    ``tables`` are those of the record types that are kept here.
    """

    def __init__(self, session: Session, db: ProjectDB, code: str, types: tuple[RecordType, ...] = TYPES) -> None:
        self.session = session
        self.code = code
        self.tables = frozenset(record_type.table for record_type in types)
        self.listeners: list[Callable[[Changed], None]] = []
        self.damaged: dict[str, str] = {}
        self._db = db
        self._data: ProjectData | None = None
        self._pulled: list[Transaction] = []
        self._worked_out: dict[Callable[[ProjectData, dt.date], object], object] = {}
        self._worked_out_of: tuple[ProjectData, dt.date] | None = None
        self.act: list[Act] | None = None
        self.seen: Mapping[str, Record] = {}
        self.reasons: Reasons | None = None
        self.elsewhere = 0
        self._writing = False
        self._wrote = False
        db.journal.listeners.append(self._note)
        db.journal.reloaded.append(self._forget)

    @property
    def data(self) -> ProjectData:
        """The records as they are now."""
        if self._data is None:
            self._pulled.clear()
            self._data = ProjectData({table: self._decode_table(table) for table in BY_TABLE if table in self.tables})
        elif self._pulled:
            self._take_in()
        return self._data

    @property
    def today(self) -> dt.date:
        """The day it is for the user."""
        return self.session.today

    def worked_out(self, rule: Callable[[ProjectData, dt.date], T]) -> T:
        """What a rule says of the records as they are, and of today; worked out once for each state of them."""
        state = (self.data, self.today)
        if self._worked_out_of is None or self._worked_out_of[0] is not state[0] or self._worked_out_of[1] != state[1]:
            self._worked_out_of = state
            self._worked_out.clear()
        if rule not in self._worked_out:
            self._worked_out[rule] = rule(*state)
        return cast("T", self._worked_out[rule])

    @property
    def read_only(self) -> str:
        """Why the project can't be written; empty when it can."""
        return self._db.journal.read_only

    @property
    def sequence(self) -> int:
        """The number of the last transaction."""
        return self._db.journal.sequence

    @cached_property
    def db(self) -> ProjectDB:
        """The TinyDB beneath, for the store's own commands."""
        return self._db

    def refresh(self) -> int:
        """Take in what others wrote since; how many transactions."""
        return self._db.journal.pull()

    def tidy(self) -> None:
        """Keep the day's snapshot, where something changed since the last one, and compact a journal grown long."""
        journal = self._db.journal
        with contextlib.suppress(OSError, StoreError):  # another time; nothing depends on it
            if self.session.durable:
                journal.keep_day(self.today)
            if journal.needs_compaction():
                journal.compact(timeout=0)

    def close(self) -> None:
        """Close the files; before, where this process wrote, leave them tidy."""
        if self._wrote:
            self.tidy()
        self._db.close()

    @contextlib.contextmanager
    def change(self, verb: str, reason: str = "", effect: str = "") -> Iterator[Change]:
        """Change records: what the block stages becomes one durable transaction, or nothing.

        Raises :class:`Refused` where a rule forbids it, and the store's errors.
        """
        with self._write(Note(verb=verb, reason=reason, effect=effect, joined=bool(self.act))):
            change = Change(self._db, self.data, self.today, self.tables)
            try:
                yield change
                change.said += self._overtaken(change)
                change.write()
            except Refused as error:
                found = self._overtaken(change)
                if not found:
                    raise
                first, *more = str(error).splitlines()
                raise Refused("\n".join((f"{first}; {'; '.join(found)}", *more))) from error

    def _overtaken(self, change: Change) -> list[str]:
        """What somebody else has just set that this change sets too."""
        if not self.seen:
            return []
        from pmtui.services.overtaken import overtaken  # loaded where somebody decides on a screen

        return overtaken(change, self.seen, self._db, self.session.user)

    @contextlib.contextmanager
    def _write(self, note: Note) -> Iterator[None]:
        """A transaction of the store's that is known as written here when it is told."""
        before = self._writing
        try:
            with self._db.journal.transaction(note):
                self._writing = self._wrote = True
                yield
        finally:
            self._writing = before

    def get(self, number: str) -> Record:
        """The record with this number; raises :class:`Refused` where there is none."""
        found = self.data.get(number)
        if found is None:
            raise Refused(f"{number}: there is no such record in {self.code}")
        return found

    def undo(self, sequence: int | None = None, verb: str = "undo") -> Outcome:
        """Take back this session's last transaction, or the one of this user that is named."""
        journal = self._db.journal
        journal.pull()
        if sequence is None:
            transaction, _ = undo_and_redo(journal, self.session.name)
            if transaction is None:
                raise Refused("nothing to undo: this session has changed nothing here")
        else:
            transaction = find(journal, sequence)
            if transaction is None or transaction.user != self.session.user:
                raise Refused(f"{sequence}: not a change of yours")
        return self._take_back(transaction, verb)

    def redo(self) -> Outcome:
        """Bring back what this session's last undo took away."""
        self._db.journal.pull()
        _, transaction = undo_and_redo(self._db.journal, self.session.name)
        if transaction is None:
            raise Refused("nothing to redo")
        return self._take_back(transaction, "redo")

    def history(self, *, newest_first: bool = False, record: tuple[str, int] | None = None) -> Iterator[Transaction]:
        """The transactions kept, the oldest first unless said; of a record (its table and id), or all."""
        return transactions(self._db.journal, record=record, newest_first=newest_first)

    def done_here(self, upto: int) -> Iterator[Transaction]:
        """Give this session's transactions that can be taken back, the oldest first, up to the one with a number."""
        found = transactions(self._db.journal, session=self.session.name)
        return (t for t in found if t.sequence <= upto and not _makes_project(t))

    def transaction(self, sequence: int) -> Transaction | None:
        """The transaction with this number; ``None`` where it is not kept."""
        return find(self._db.journal, sequence)

    def gaps(self) -> list[Gap]:
        """The changes that are not kept."""
        return gaps(self._db.journal)

    def last_change(self, table: str, record_id: int, field: str) -> Transaction | None:
        """The last transaction that changed a field of a record; ``None`` when none has since it was made."""
        return last_change(self._db.journal, table, record_id, field)

    def _take_back(self, transaction: Transaction, verb: str) -> Outcome:
        with self._write(Note(verb=verb, undoes=transaction.sequence, joined=bool(self.act))):
            before = self.data
            self._refuse_if_frozen(transaction)
            try:
                take_back(self._db.journal, transaction)
            except ChangedSince as error:
                raise self._since(error) from error
            self._refuse_if_wrong(transaction, before)
        touched = ((table, key) for _, table, key, _ in transaction.ops if table in BY_TABLE and key)
        numbers = tuple(dict.fromkeys(BY_TABLE[table].number(key) for table, key in touched))
        story = self.story()
        when = story.time(transaction).date()
        done = "" if when == self.today else f", done {story.day(when)}"
        return Outcome(numbers, f"{'undo' if verb == 'undo' else 'redone'}: {story.deed(transaction)}{done}")

    def story(self) -> "Story":
        """Tells this project's transactions in words, to this user."""
        from pmtui.services.story.telling import Story  # words are loaded when something is told

        return Story(self.data, self.today, self.session.now().tzinfo, self.session.user, self.transaction)

    def _since(self, error: ChangedSince) -> NotTakenBack:
        """Who changed a field since, when and how; why something was not taken back."""
        number = BY_TABLE[error.table].number(error.record_id) if error.table in BY_TABLE else error.table
        if error.later is None:
            return NotTakenBack(f"{number} is no longer as this change left it", "")
        story = self.story()
        return NotTakenBack(f"{number}: {story.since(error.later, error.field)}", story.told(error.later).sentence())

    def _refuse_if_frozen(self, transaction: Transaction) -> None:
        """What was frozen on purpose is corrected by a later record, not by an undo."""
        if _makes_project(transaction):
            archive = key_of("settings.archive")
            raise Refused(f"that a project was added is not taken back: {archive} in its settings archives it")
        problems: list[Problem] = []
        turned: dict[str, dict[int, Record | None]] = {}
        for what, table, key, changes in transaction.ops:
            record = self.data.tables.get(table, {}).get(key)
            why = "" if record is None or record.TYPE.undo_thaws else record.TYPE.frozen(record, self.data)
            if record is not None and why:
                problems.append(Problem("undo", "", why, record.number))
            if table in BY_TABLE and what in {"i", "u", "d"}:
                turned.setdefault(table, {})[key] = _turned_back(BY_TABLE[table], key, record, what, changes)
        after = self.data.with_records(turned)
        for table, records in turned.items():
            for key, record in records.items():
                problems += change_problems(self.data.tables.get(table, {}).get(key), record, after, undone=True)
        if problems:
            raise Refused(problems)

    def _refuse_if_wrong(self, transaction: Transaction, before: ProjectData) -> None:
        """What an undo leaves must stand under the rules: no link to what is gone, no circle."""
        changes: dict[str, dict[int, Record | None]] = {}
        for _, table, key, _ in transaction.ops:
            if table in BY_TABLE and key:
                changes.setdefault(table, {})[key] = self._decode(table, key)
        after = before.with_records(changes)
        problems: list[Problem] = []
        for table, records in changes.items():
            for key, record in records.items():
                gone = before.tables.get(table, {}).get(key)
                if record is not None:
                    problems += problems_of(record, after)
                elif gone is not None:
                    problems += left_dangling(gone, after)
        if problems:
            raise Refused(problems)

    def _forget(self) -> None:
        """The store had to be read anew: everything may have changed."""
        self._data = None
        self.elsewhere += 1
        for listener in self.listeners:
            listener(Changed({}, "", "reload", own=False))

    def _note(self, transaction: Transaction) -> None:
        self._pulled.append(transaction)
        if any(op[0] in {DROP, TRUNCATE} for op in transaction.ops):
            self._data = None  # a whole table went: its records are not named one by one
        if self._writing and self.act is not None:
            self.act.append((self.code, transaction.sequence, transaction.note.undoes))
        self.elsewhere += transaction.session == self.session.name and not self._writing
        touched: dict[str, set[int]] = {}
        for op in transaction.ops:
            touched.setdefault(op[1], set()).add(op[2])
        changed = Changed(
            {table: frozenset(ids) for table, ids in touched.items()},
            transaction.user,
            transaction.note.verb,
            transaction.session == self.session.name,
            transaction,
        )
        for listener in self.listeners:
            listener(changed)

    def _take_in(self) -> None:
        assert self._data is not None
        changes: dict[str, dict[int, Record | None]] = {}
        for transaction in self._pulled:
            for op in transaction.ops:
                if op[1] in self.tables:
                    changes.setdefault(op[1], {})[op[2]] = self._decode(op[1], op[2])
        self._pulled.clear()
        self._data = self._data.with_records(changes)

    def _decode_table(self, table: str) -> dict[int, Record]:
        found: dict[int, Record] = {}
        read = BY_TABLE[table].decode_text
        for key, text in self._db.journal.texts(table):
            number = int(key)
            record: Record | None = None
            if text is not None:
                with contextlib.suppress(msgspec.DecodeError):  # the document tells what is wrong with it
                    record = read(number, text)
                    if self.damaged:
                        self.damaged.pop(BY_TABLE[table].number(number), None)
            if record is None:
                record = self._decode(table, number)
            if record is not None:
                found[number] = record
        return found

    def _decode(self, table: str, record_id: int) -> Record | None:
        document = self._db.journal.documents(table).get(str(record_id))
        if document is None:
            return None
        number = BY_TABLE[table].number(record_id)
        try:
            record = BY_TABLE[table].decode(record_id, document)
        except msgspec.ValidationError as error:
            self.damaged[number] = str(error)
            return None
        self.damaged.pop(number, None)
        return record


def _makes_project(transaction: Transaction) -> bool:
    """Whether a transaction made the project itself, or took that back."""
    return any(op[0] in {"i", "d"} and op[1] == Project.TYPE.table for op in transaction.ops)


def _turned_back(record_type: RecordType, key: int, record: Record | None, what: str, changes: Any) -> Record | None:
    """The record as it would be without an operation; ``None`` where it would not be."""
    if what == "i":
        return None
    before = changes if what == "d" else {name: change[0] for name, change in changes.items()}
    now = {**(record_type.encode(record) if record else {}), **before}
    try:
        return record_type.decode(key, {name: value for name, value in now.items() if value is not None})
    except msgspec.ValidationError:
        return None
