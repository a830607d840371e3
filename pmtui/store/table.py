"""A TinyDB table that tells the storage what changed instead of handing it everything."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from pmtui.store.documents import Document as Fields
from pmtui.store.snapshot import META
from pmtui.store.storage import JournalStorage

Change = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]

STAMPS = ("created", "created_by", "updated", "updated_by")
"""Fields that a project's store writes itself; an update never does."""


def stored_key(number: object) -> str:
    """The key under which a document is stored; what is no whole number finds none."""
    return str(int(number)) if isinstance(number, int) else str(number)


def copied(document: Mapping[str, Any]) -> Fields:
    """A document that may be altered without altering the store's."""
    return {k: copy.deepcopy(v) if isinstance(v, (dict, list)) else v for k, v in document.items()}


class TouchedTable(MutableMapping[int, Fields]):
    """What an updater works on: documents are copied when first touched, and so the change is known."""

    def __init__(self, stored: Mapping[str, Fields], id_class: Callable[[str], int] = int) -> None:
        self._stored = stored
        self._id_class = id_class
        self.touched: dict[int, Fields | None] = {}
        self.cleared = False

    def __getitem__(self, key: int) -> Fields:
        found = self.peek(key)
        if key not in self.touched:
            self.touched[key] = found = copied(found)
        return found

    def __setitem__(self, key: int, document: Fields) -> None:
        self.touched[key] = document

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self.touched[key] = None

    def __contains__(self, key: object) -> bool:
        if key in self.touched:
            return self.touched[key] is not None
        return isinstance(key, int) and not self.cleared and stored_key(key) in self._stored

    def __iter__(self) -> Iterator[int]:
        kept = [] if self.cleared else [self._id_class(key) for key in self._stored]
        known = set(kept)
        yield from (key for key in kept if key in self)
        yield from (key for key, document in self.touched.items() if document is not None and key not in known)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def peek(self, key: int) -> Fields:
        """A document as it is now, to look at alone."""
        if key not in self:
            raise KeyError(key)
        found = self.touched.get(key)
        return self._stored[stored_key(key)] if found is None else found

    def clear(self) -> None:
        """Take all documents out."""
        self.touched.clear()
        self.cleared = True


class JournalTable(Table):
    """TinyDB's table over a :class:`JournalStorage`: the same calls, each one durable transaction.

    Documents are given out as copies: altering one alters neither the store nor what is found later. A condition
    sees the store's own: it may look, never alter. ``persist_empty`` makes a table that is missing and
    never empties one that is there. Documents' numbers are whole and begin at 1.
    """

    def __init__(self, storage: JournalStorage, name: str, cache_size: int = 10, persist_empty: bool = False) -> None:
        if name == META:
            raise ValueError(f"the table {META} is the store's own")
        self._journal = storage
        self._cached_at = storage.position
        super().__init__(storage, name, cache_size)
        if persist_empty and name not in storage.table_names():
            with storage.transaction():
                storage.create(name)

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert a document; its id is taken under the lock. Raises ``ValueError`` where its own is taken."""
        with self._journal.transaction():
            return self._insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Insert documents, all or none."""
        with self._journal.transaction():
            self._journal.create(self.name)
            return [self._insert(document) for document in documents]

    def get(  # type: ignore[override]  # TinyDB tells in overloads which arguments give which
        self, cond: QueryLike | None = None, doc_id: int | None = None, doc_ids: Iterable[int] | None = None
    ) -> Document | list[Document] | None:
        """The document with an id, the first one that matches, or those with the ids; ``None`` where there is none."""
        documents = self._read_table()
        if doc_id is not None:
            found = documents.get(stored_key(doc_id))
            return None if found is None else self._given_out(doc_id, found)
        if doc_ids is not None:
            wanted = {stored_key(number) for number in doc_ids}
            return [self._given_out(key, document) for key, document in documents.items() if key in wanted]
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        matching = (self._given_out(key, document) for key, document in documents.items() if cond(document))
        return next(matching, None)

    def search(self, cond: QueryLike) -> list[Document]:
        """Documents that match."""
        return [self._given_out(found.doc_id, found) for found in self._found(cond)]

    def count(self, cond: QueryLike) -> int:
        """How many documents match."""
        return len(self._found(cond))

    def update(self, fields: Change, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Update documents; the condition is resolved under the lock, before any is copied."""
        with self._journal.transaction():
            if doc_ids is None and cond is not None:
                doc_ids = self._matching(cond)
            return super().update(fields, None, doc_ids)

    def update_multiple(self, updates: Iterable[tuple[Change, QueryLike]]) -> list[int]:
        """Update documents, each by every change whose condition it meets, in order; all in one transaction."""
        wanted = list(updates)
        updated: list[int] = []

        def bring(table: dict[int, Mapping[Any, Any]]) -> None:
            touched = cast("TouchedTable", table)
            for number in list(touched):
                for fields, cond in wanted:
                    if cond(touched.peek(number)):
                        updated.append(number)
                        if callable(fields):
                            fields(touched[number])
                        else:
                            touched[number].update(fields)

        self._update_table(bring)
        return updated

    def upsert(self, document: Mapping[str, Any], cond: QueryLike | None = None) -> list[int]:
        """Update or insert, in one transaction."""
        with self._journal.transaction():
            return super().upsert(document, cond)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Remove documents; the condition is resolved under the lock."""
        with self._journal.transaction():
            if doc_ids is None and cond is not None:
                doc_ids = self._matching(cond)
            return super().remove(None, doc_ids)

    def drop(self) -> None:
        """Take this table out of the store."""
        with self._journal.transaction():
            self._journal.drop(self.name)

    def __iter__(self) -> Iterator[Document]:
        """All documents, as they were when the first one was asked for."""
        for key, document in list(self._read_table().items()):
            yield self._given_out(key, document)

    def _given_out(self, number: Any, document: Mapping[str, Any]) -> Document:
        return self.document_class(copied(document), self.document_id_class(number))

    def _found(self, cond: QueryLike) -> list[Document]:
        """What matches, not copied; from the cache where nothing was changed since, by anybody."""
        self._journal.pull()
        if self._journal.in_transaction:  # what is not committed may still be taken back
            return self._search(cond)
        if self._cached_at != self._journal.position:
            self.clear_cache()
            self._cached_at = self._journal.position
        found = self._query_cache.get(cond)
        if found is None:
            found = self._search(cond)
            if getattr(cond, "is_cacheable", lambda: True)():
                self._query_cache[cond] = found
        return found

    def _search(self, cond: QueryLike) -> list[Document]:
        documents = self._journal.documents(self.name).items()
        return [Document(document, int(key)) for key, document in documents if cond(document)]

    def _matching(self, cond: QueryLike) -> list[int]:
        documents = self._journal.documents(self.name).items()
        return [self.document_id_class(key) for key, document in documents if cond(document)]

    def _insert(self, document: Mapping[str, Any]) -> int:
        if not isinstance(document, Mapping):
            raise ValueError("Document is not a Mapping")  # noqa: TRY004 - the error that TinyDB raises
        number: int = document.doc_id if isinstance(document, self.document_class) else self._get_next_id()
        if stored_key(number) in self._journal.documents(self.name):
            raise ValueError(f"Document with ID {number} already exists")
        self._write(number, dict(document))
        self.clear_cache()
        return number

    def _get_next_id(self) -> int:
        taken = self._journal.next_id(self.name)
        self._journal.reserve(self.name, taken + 1)
        return taken

    def _read_table(self) -> dict[str, Mapping[Any, Any]]:
        self._journal.pull()
        return cast("dict[str, Mapping[Any, Any]]", self._journal.documents(self.name))

    def _update_table(self, updater: Callable[[dict[int, Mapping[Any, Any]]], None]) -> None:
        with self._journal.transaction():
            self._journal.create(self.name)
            table = TouchedTable(self._journal.documents(self.name), self.document_id_class)
            updater(cast("dict[int, Mapping[Any, Any]]", table))
            if table.cleared:
                self._journal.truncate(self.name)
            for number, document in table.touched.items():
                self._write(number, document)
        self.clear_cache()

    def _write(self, number: object, document: Fields | None) -> None:
        key = stored_key(number)
        stored = self._journal.documents(self.name).get(key)
        if document is None:
            if stored is not None:
                self._journal.delete(self.name, key)
            return
        if not isinstance(number, int) or number < 1:
            raise ValueError(f"{number!r}: a document's number is whole, and 1 or more")
        wanted = self._journal.plain(document)
        if stored is not None and self._journal.keeps_stamps:
            wanted = {name: value for name, value in wanted.items() if name not in STAMPS}
            wanted |= {name: stored[name] for name in STAMPS if name in stored}
        self._journal.put(self.name, key, wanted)
