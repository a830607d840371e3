"""A TinyDB whose changes are journalled, durable and shared."""

from typing import Any

from tinydb import TinyDB
from tinydb.table import Table

from pmtui.store.storage import JournalStorage
from pmtui.store.table import JournalTable


class ProjectDB(TinyDB):
    """``ProjectDB(path)`` is used as ``TinyDB(path)`` is; ``path`` is the snapshot's file.

    Over another storage, or a middleware round a :class:`JournalStorage`, its tables are TinyDB's own: they read
    and write everything at once, and ``journal`` is not there. So are those of a ``table_class`` that is no
    :class:`JournalTable`.
    """

    default_storage_class = JournalStorage  # type: ignore[assignment]  # TinyDB declares no base here
    table_class = JournalTable  # type: ignore[assignment]

    @property
    def journal(self) -> JournalStorage:
        """The storage beneath; raises ``TypeError`` where it is of another kind."""
        storage = self._journal
        if storage is None:
            raise TypeError(f"there is no journal: the storage is a {type(self.storage).__name__}")
        return storage

    def table(self, name: str, **kwargs: Any) -> Table:
        """The table of this name; ``kwargs`` (``cache_size``, ``persist_empty``) count when it is first asked for."""
        if name not in self._tables and self._journal is None and issubclass(self.table_class, JournalTable):
            self._tables[name] = Table(self.storage, name, **kwargs)
        return super().table(name, **kwargs)

    def tables(self) -> set[str]:
        """The names of all tables."""
        if self._journal is None:
            return super().tables()
        self._journal.pull()
        return set(self._journal.table_names())

    def drop_table(self, name: str) -> None:
        """Take a table out of the store; nothing where there is none."""
        if self._journal is None:
            super().drop_table(name)
        elif name in self.tables():
            with self._journal.transaction():
                self._journal.drop(name)
        self._tables.pop(name, None)

    def drop_tables(self) -> None:
        """Take all tables out of the store, in one transaction."""
        if self._journal is None:
            super().drop_tables()
            return
        with self._journal.transaction():
            for name in self._journal.table_names():
                self._journal.drop(name)
        self._tables.clear()

    @property
    def _journal(self) -> JournalStorage | None:
        storage: Any = self.storage
        return storage if isinstance(storage, JournalStorage) else None
