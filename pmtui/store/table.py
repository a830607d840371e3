"""A TinyDB table that tells the storage what changed instead of handing it everything."""

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, cast

from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from pmtui.store.snapshot import Document as Fields
from pmtui.store.storage import JournalStorage

Change = Mapping[str, Any] | Callable[[MutableMapping[str, Any]], None]


class StoredDocument(Document):
    """A document as TinyDB gives it out: a copy, so that altering it never alters the store."""

    def __init__(self, value: Mapping[str, Any], doc_id: int) -> None:
        nested = {k: copy.deepcopy(v) if isinstance(v, (dict, list)) else v for k, v in value.items()}
        super().__init__(nested, doc_id)


class TouchedTable(MutableMapping[int, Fields]):
    """What an updater works on: documents are copied when first touched, and so the change is known."""

    def __init__(self, stored: Mapping[str, Fields]) -> None:
        self._stored = stored
        self.touched: dict[int, Fields | None] = {}
        self.cleared = False

    def __getitem__(self, key: int) -> Fields:
        if key in self.touched:
            document = self.touched[key]
            if document is None:
                raise KeyError(key)
            return document
        if self.cleared:
            raise KeyError(key)
        document = copy.deepcopy(self._stored[str(key)])
        self.touched[key] = document
        return document

    def __setitem__(self, key: int, document: Fields) -> None:
        self.touched[key] = document

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self.touched[key] = None

    def __contains__(self, key: object) -> bool:
        if key in self.touched:
            return self.touched[key] is not None
        return not self.cleared and str(key) in self._stored

    def __iter__(self) -> Iterator[int]:
        if not self.cleared:
            yield from (int(key) for key in self._stored if int(key) in self)
        yield from (
            k for k, v in self.touched.items() if v is not None and (self.cleared or str(k) not in self._stored)
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        """Take all documents out."""
        self.touched.clear()
        self.cleared = True


class JournalTable(Table):
    """TinyDB's table over a :class:`JournalStorage`: the same calls, each one durable transaction."""

    document_class = StoredDocument

    def __init__(self, storage: JournalStorage, name: str, cache_size: int = 10, persist_empty: bool = False) -> None:
        self._journal = storage
        self._cached_at = storage.sequence
        super().__init__(storage, name, cache_size, persist_empty)

    def insert(self, document: Mapping[str, Any]) -> int:
        """Insert a document; its id is taken under the lock and never given twice."""
        with self._journal.transaction():
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Insert documents, all or none."""
        with self._journal.transaction():
            return super().insert_multiple(documents)

    def update(self, fields: Change, cond: QueryLike | None = None, doc_ids: Iterable[int] | None = None) -> list[int]:
        """Update documents; the condition is resolved under the lock, before any is copied."""
        with self._journal.transaction():
            if doc_ids is None and cond is not None:
                doc_ids = self._matching(cond)
            return super().update(fields, None, doc_ids)

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

    def search(self, cond: QueryLike) -> list[Document]:
        """Documents that match; what others wrote since empties the cache."""
        self._journal.pull()
        if self._cached_at != self._journal.sequence:
            self.clear_cache()
            self._cached_at = self._journal.sequence
        return super().search(cond)

    def drop(self) -> None:
        """Take this table out of the store."""
        with self._journal.transaction():
            self._journal.drop(self.name)

    def _matching(self, cond: QueryLike) -> list[int]:
        return [int(key) for key, document in self._journal.documents(self.name).items() if cond(document)]

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
            table = TouchedTable(self._journal.documents(self.name))
            updater(cast("dict[int, Mapping[Any, Any]]", table))
            if table.cleared:
                self._journal.truncate(self.name)
            for key, document in table.touched.items():
                self._write(key, document)
        self.clear_cache()

    def _write(self, key: int, document: Fields | None) -> None:
        if document is not None:
            self._journal.put(self.name, str(key), json.loads(json.dumps(document)))
        elif str(key) in self._journal.documents(self.name):
            self._journal.delete(self.name, str(key))
