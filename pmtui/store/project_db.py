"""A TinyDB whose changes are journalled, durable and shared."""

from typing import Any

from tinydb import TinyDB

from pmtui.store.storage import JournalStorage
from pmtui.store.table import JournalTable


class ProjectDB(TinyDB):
    """``ProjectDB(path)`` is used as ``TinyDB(path)`` is; ``path`` is the snapshot's file."""

    default_storage_class = JournalStorage  # type: ignore[assignment]  # TinyDB declares no base here
    table_class = JournalTable  # type: ignore[assignment]

    @property
    def journal(self) -> JournalStorage:
        """The storage beneath."""
        storage: Any = self.storage
        assert isinstance(storage, JournalStorage)
        return storage

    def tables(self) -> set[str]:
        """The names of all tables."""
        self.journal.pull()
        return set(self.journal.table_names())

    def drop_table(self, name: str) -> None:
        """Take a table out of the store."""
        self._tables.pop(name, None)
        self.journal.pull()
        if name in self.journal.table_names():
            with self.journal.transaction():
                self.journal.drop(name)

    def drop_tables(self) -> None:
        """Take all tables out of the store."""
        with self.journal.transaction():
            for name in self.journal.table_names():
                self.journal.drop(name)
        self._tables.clear()
