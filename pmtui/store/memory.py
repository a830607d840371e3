"""The documents as they are now, in memory: operations applied, stamped, and put back when they fail."""

import time
from collections.abc import Callable, Iterable

from pmtui.store.journal import DELETE, DROP, INSERT, REMOVED, TRUNCATE, UPDATE, Op, Transaction
from pmtui.store.snapshot import Tables

STAMPS = frozenset({"created", "created_by", "updated", "updated_by"})
"""The fields that tell who changed a document and when; they follow from the journal's lines."""


class Memory:
    """Tables by name, documents by id, and the id that each table's next document gets.

    An update gives a document anew and never alters the old one, so whoever read it keeps what they read.
    """

    def __init__(self, tables: Tables, following: dict[str, int]) -> None:
        self.tables = tables
        self._next = dict(following)
        self._counted: set[str] = set()

    def next_id(self, table: str) -> int:
        """The id that a table's next document gets; ids are never given twice."""
        if table not in self._counted:
            self._counted.add(table)
            highest = max((int(key) for key in self.tables.get(table, ())), default=0)
            self._next[table] = max(self._next.get(table, 1), highest + 1)
        return self._next[table]

    def reserve(self, table: str, following: int) -> None:
        """Ids below ``following`` are taken, also where what took them fails."""
        self._next[table] = max(self.next_id(table), following)

    def next_ids(self) -> dict[str, int]:
        """The next id of every table there is or was."""
        return self._next | {name: self.next_id(name) for name in self.tables}

    def apply(self, op: Op) -> None:
        """Do one operation."""
        what, name, number, changes = op
        key = str(number)
        if what in (TRUNCATE, DROP):
            following = self.next_id(name)  # what was given is not given again, unless the operation says from where
            self._next[name] = number or following
        if what == DROP:
            self.tables.pop(name, None)
            return
        table = self.tables.setdefault(name, {})
        if what in (INSERT, DELETE):
            self.reserve(name, number + 1)
        if what == INSERT:
            table[key] = dict(changes)
        elif what == UPDATE:
            document = dict(table[key])
            for field, change in changes.items():
                if change[2:] == [REMOVED]:
                    document.pop(field, None)
                else:
                    document[field] = change[1]
            table[key] = document
        elif what == DELETE:
            table.pop(key, None)
        elif what == TRUNCATE:
            table.clear()

    def put_back(self, op: Op) -> Callable[[], None]:
        """What undoes an operation in memory, taken before it is applied."""
        what, name, key, _ = op
        table = self.tables.get(name)
        before = dict(table) if table is not None and what in (TRUNCATE, DROP) else None
        document = table.get(str(key)) if table is not None else None
        following = self.next_id(name)

        def undo() -> None:
            self.reserve(name, following)
            if table is None:
                self.tables.pop(name, None)
            elif before is not None:
                table.clear()
                table.update(before)
                self.tables[name] = table
            elif document is None:
                table.pop(str(key), None)
            else:
                table[str(key)] = document

        return undo

    def put_in_order(self, table: str, keys: Iterable[str]) -> None:
        """Put a table's documents in the order they were in, which a deletion that was put back has lost."""
        documents = self.tables[table]
        ordered = {key: documents[key] for key in keys if key in documents}
        documents.clear()
        documents.update(ordered)

    def stamp(self, transaction: Transaction) -> None:
        """Write who changed documents, and when, into them."""
        when = stamped_time(transaction)
        for what, name, number, _ in transaction.ops:
            document = self.tables.get(name, {}).get(str(number)) if what in (INSERT, UPDATE) else None
            if document is None:
                continue
            if what == INSERT and "created" not in document:
                document["created"], document["created_by"] = when, transaction.user
            document["updated"], document["updated_by"] = when, transaction.user


def stamped_time(transaction: Transaction) -> str:
    """A transaction's time as documents tell it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(transaction.time // 1000))
