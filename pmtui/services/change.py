"""One change of a project: records staged, rules checked, then written as one transaction."""

import datetime as dt
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from typing import Any, TypeVar, cast

import msgspec

from pmtui.domain.fields import Kind
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import HoursEntry, Person, Record, RecordType, Task
from pmtui.domain.records.base import STAMPS
from pmtui.domain.text import clean
from pmtui.domain.validation import change_problems, left_dangling, problems_of, status_problem
from pmtui.domain.wip import crowds, refuses
from pmtui.services.effort import take_hours
from pmtui.store import ProjectDB

R = TypeVar("R", bound=Record)


class Change:
    """What one transaction will do. ``data`` is the project as it will be; ``said`` what to tell the user.

    ``asked`` are the fields that were to be given another value, by the record's number.
    """

    def __init__(self, db: ProjectDB, data: ProjectData, today: dt.date, tables: Collection[str]) -> None:
        self.data = data
        self.said: list[str] = []
        self.asked: dict[str, dict[str, None]] = {}
        self.today = today
        self._db = db
        self._tables = tables
        self._before = data
        self._touched: dict[tuple[str, int], None] = {}
        self._staged: dict[str, dict[int, Record]] = {}
        self._met: set[str] = set()
        self._decided: dict[int, None] = {}

    def add(self, record: R, *, decided: bool = True) -> R:
        """Stage a new record; it comes back with its id. Where nobody ``decided`` it, no limit stands in its way."""
        table = record.TYPE.table
        record_id = self._db.journal.next_id(table)
        self._db.journal.reserve(table, record_id + 1)
        assert record_id not in self.data.tables.get(table, {}), "a number is never given twice"
        new: R = record.TYPE.follow(None, msgspec.structs.replace(cleaned(record), id=record_id), self.today)
        self._stage(new.TYPE, record_id, new)
        if decided:
            self._decide(new)
        self._meet_people(new)
        return self._take_hours(None, new)

    def edit(self, record: R, **values: Any) -> R:
        """Stage new values for a record as it is now; what follows from them comes along."""
        before = self.current(record)
        why = before.TYPE.frozen(before, self.data)
        if why:
            raise Refused([Problem(next(iter(values), "record"), "", why, before.number)])
        self._ask(before, values)
        changed = msgspec.structs.replace(before, **values)
        after: R = before.TYPE.follow(before, changed, self.today)
        problem = status_problem(before, after)
        if problem:
            raise Refused([problem])
        self._stage(after.TYPE, after.id, after)
        self._decide(after)
        self._meet_people(after)
        followed = after.TYPE.tells(changed, after)
        if followed:
            self.said.append(f"{after.number}: {followed}")
        warning = after.TYPE.warns(after)
        if warning and warning != before.TYPE.warns(before):
            self.said.append(f"{after.number}: {warning}")
        return self._take_hours(before, after)

    def replace(self, record: R) -> R:
        """Stage a record as it stands, without what would follow: corrections, imports, and freezing itself.

        The limits of the board do not hold here: what is brought in as it is elsewhere is not refused for them.
        """
        before = self.before(record.number)
        if before is not None:
            self._ask(before, {name: getattr(record, name) for name in record.TYPE.fields if name not in STAMPS})
        self._stage(record.TYPE, record.id, record)
        self._meet_people(record)
        return record

    def replace_many(self, records: Sequence[Record]) -> None:
        """Stage many records as they stand; new ones have an id of :meth:`reserve_ids`."""
        for record in records:
            self._stage(record.TYPE, record.id, record)
        for record in records:
            self._meet_people(record)

    def reserve_ids(self, table: str, count: int) -> int:
        """Take ``count`` ids of a table in a row; the first of them."""
        first = self._db.journal.next_id(table)
        self._db.journal.reserve(table, first + count)
        return first

    def remove(self, record: Record) -> None:
        """Stage a record's removal; refused while others refer to it."""
        current = self.current(record)
        why = current.TYPE.frozen(current, self.data)
        if why:
            raise Refused([Problem("record", "", why, current.number)])
        self._stage(current.TYPE, current.id, None)
        if isinstance(current, HoursEntry):
            take_hours(self, current, None)

    def withdraw(self, record: Record) -> None:
        """Stage the removal of what was never sent out, frozen or not: a line of minutes that are no minutes yet."""
        self._stage(record.TYPE, self.current(record).id, None)

    def current(self, record: R) -> R:
        """The record as it is now, also when another changed it since it was read."""
        found = self.data.tables.get(record.TYPE.table, {}).get(record.id)
        if found is None:
            raise Refused(f"{record.number} is no longer there; somebody deleted it")
        return cast("R", found)

    def before(self, number: str) -> Record | None:
        """A record as it was under the lock, before this change; ``None`` where there was none."""
        return self._before.get(number)

    def _ask(self, before: Record, values: Mapping[str, Any]) -> None:
        """Remember which values were to be changed; all of them where none differs."""
        asked = {name: None for name, value in values.items() if getattr(before, name) != value}
        self.asked.setdefault(before.number, {}).update(asked or dict.fromkeys(values))

    def write(self) -> Mapping[str, frozenset[int]]:
        """Check everything staged, then write it; ids by table. Inside the store's transaction.

        Raises :class:`Refused` with every problem found; nothing is written then.
        """
        problems: list[Problem] = []
        for table, record_id in self._touched:
            record = self.data.tables[table].get(record_id)
            before = self._before.tables.get(table, {}).get(record_id)
            problems += change_problems(before, record, self.data)
            if record is not None:
                problems += problems_of(record, self.data)
            else:
                problems += left_dangling(before, self.data) if before is not None else []
        problems += self._crowding()
        if problems:
            raise Refused(problems)
        self.said += self._doubts()
        for table, record_id in self._touched:
            self._write_one(table, record_id)
        touched: dict[str, set[int]] = {}
        for table, record_id in self._touched:
            touched.setdefault(table, set()).add(record_id)
        return {table: frozenset(ids) for table, ids in touched.items()}

    def _doubts(self) -> list[str]:
        """What is doubtful among the records as they will be, and was not before."""
        found: list[str] = []
        for table, record_id in self._touched:
            record, before = self.data.tables[table].get(record_id), self._before.tables.get(table, {}).get(record_id)
            doubt = record.TYPE.doubts(record, self.data) if record is not None else ""
            if record is not None and doubt and (before is None or doubt != before.TYPE.doubts(before, self._before)):
                found.append(f"{record.number}: {doubt}")
        return found

    def _decide(self, record: Record) -> None:
        """Remember a task that somebody put where it is now: the limits of the board are for these."""
        if isinstance(record, Task):
            self._decided[record.id] = None

    def _take_hours(self, before: R | None, after: R) -> R:
        """Hours are taken off what remains of their task; the record as it is then. Any other is as it was."""
        if not isinstance(after, HoursEntry):
            return after
        assert before is None or isinstance(before, HoursEntry), "a record stays of its kind"
        taken = take_hours(self, before, after)
        assert taken is not None, "it is not deleted"
        if taken != after:
            self._stage(taken.TYPE, taken.id, taken)
        return cast("R", taken)

    def _crowding(self) -> list[Problem]:
        """What the limits of the board refuse; what they only warn of is said."""
        found = list(crowds(self._before, self.data, self._decided))
        self.said += [crowd.warning for crowd in found if not refuses(crowd, self.data)]
        return [crowd.problem for crowd in found if refuses(crowd, self.data)]

    def _stage(self, record_type: RecordType, record_id: int, record: Record | None) -> None:
        """A table is copied when first touched, and altered after: many records cost as many, not their square."""
        table = record_type.table
        if table not in self._tables:
            raise Refused(f"a {record_type.words[0]} is not kept here")
        if table not in self._staged:
            self._staged[table] = dict(self._before.tables.get(table, {}))
        if record is None:
            self._staged[table].pop(record_id, None)
        else:
            self._staged[table][record_id] = cleaned(record)
        self.data = ProjectData({**self._before.tables, **self._staged})
        self._touched[table, record_id] = None

    def _write_one(self, table: str, record_id: int) -> None:
        before = self._before.tables.get(table, {}).get(record_id)
        after = self.data.tables[table].get(record_id)
        documents = self._db.table(table)
        if after is None:
            if before is not None:
                documents.remove(doc_ids=[record_id])
            return
        wanted = after.TYPE.encode(after)
        if before is None:
            documents.insert(documents.document_class(wanted, record_id))
            return
        had = before.TYPE.encode(before)

        def bring(document: MutableMapping[str, Any]) -> None:
            for name in had.keys() | wanted.keys():
                if name not in wanted:
                    document.pop(name, None)
                elif name not in had or had[name] != wanted[name]:
                    document[name] = wanted[name]

        documents.update(bring, doc_ids=[record_id])

    def _meet_people(self, record: Record) -> None:
        if isinstance(record, Person):
            return
        for name, field in record.TYPE.fields.items():
            if name in STAMPS:
                continue
            value = getattr(record, name)
            handles = (value,) if field.kind is Kind.PERSON and value else value if field.kind is Kind.PEOPLE else ()
            for handle in handles:
                if handle in self._met:
                    continue
                self._met.add(handle)
                if self.data.person(handle) is None:
                    self.add(Person(handle=handle))
                    self.said.append(f"@{handle} is new here: added to the people, unconfirmed")


def cleaned(record: R) -> R:
    """The record with nothing in its texts that could act on a terminal; the same one where all is well."""
    changes: dict[str, object] = {}
    for name, field in record.TYPE.fields.items():
        value = getattr(record, name)
        if isinstance(value, str) and value:
            harmless: object = clean(value, lines=field.kind is Kind.TEXT)
        elif isinstance(value, tuple) and field.kind is not Kind.STRUCTURE:
            harmless = tuple(clean(item) for item in value)
        else:
            continue
        if harmless != value:
            changes[name] = harmless
    return msgspec.structs.replace(record, **changes) if changes else record
