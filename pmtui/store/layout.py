"""Where the files of a store lie: beside its snapshot, named after it where it is not ``data.json``."""

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from pmtui.store.files import make_folder, open_file, sync_folder

SNAPSHOT = "data.json"


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of the store whose snapshot is ``path``."""

    path: Path

    @property
    def folder(self) -> Path:
        """The folder of all of them."""
        return self.path.parent

    @property
    def prefix(self) -> str:
        """What their names begin with: several plain stores may lie in one folder."""
        return "" if self.path.name == SNAPSHOT else f"{self.path.name}."

    @property
    def lock(self) -> Path:
        """The write lock's file, never replaced, never deleted."""
        return self.beside("lock")

    @property
    def history(self) -> Path:
        """The folder of older journals."""
        return self.folder / "history"

    @property
    def kept(self) -> Path:
        """The folder of snapshots that are kept: one a day, and what was there before something drastic."""
        return self.folder / "kept"

    def beside(self, name: str) -> Path:
        """A file of this store by its bare name."""
        return self.folder / f"{self.prefix}{name}"

    def journal(self, generation: int) -> Path:
        """The journal of changes since the snapshot of a generation."""
        return self.beside(f"journal.{generation:06d}.jsonl")

    def journals_here(self) -> list[Path]:
        """The journals that lie in the folder itself, the oldest first."""
        return sorted(self.folder.glob(f"{self.prefix}journal.*.jsonl"))

    def has_changes(self) -> bool:
        """Whether any journal holds a change; where a store was just being made, none does."""
        older = self.history.glob(f"{self.prefix}journal.*.jsonl")
        return any(path.stat().st_size for path in (*self.journals_here(), *older))

    def is_past_beginning(self) -> bool:
        """Whether the journals show that a snapshot of this store's own was written before."""
        return self.has_changes() or any(path.name > self.journal(1).name for path in self.journals_here())

    def journals(self, current: int) -> list[Path]:
        """All journals that are kept, the oldest first, the one of generation ``current`` last.

        An older one may still lie in the folder, where a compaction was cut short.
        """
        last = self.journal(current)
        older = [*self.journals_here(), *self.history.glob(f"{self.prefix}journal.*.jsonl")]
        found = {path.name: path for path in older if path.name < last.name}
        return [*(found[name] for name in sorted(found)), last]

    def begin_journal(self, generation: int) -> None:
        """Make a generation's journal, empty; what a compaction left there is empty too, all else is put aside."""
        path = self.journal(generation)
        if path.exists() and path.stat().st_size:
            path.rename(path.with_suffix(f".left.{time.time_ns()}"))
        fd = open_file(path, os.O_RDWR | os.O_CREAT)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
        sync_folder(self.folder)

    def put_older_away(self, current: int) -> None:
        """Move journals before generation ``current`` to the history."""
        make_folder(self.history)
        for path in self.journals_here():
            if path.name < self.journal(current).name:
                path.rename(self.history / path.name)
        sync_folder(self.history)
        sync_folder(self.folder)

    def set_torn_aside(self, generation: int, offset: int, torn: bytes) -> None:
        """Keep bytes that were never acknowledged in a file of their own."""
        for attempt in range(1000):
            aside = self.beside(f"torn.{generation:06d}.{offset}.{attempt}")
            with contextlib.suppress(FileExistsError):
                fd = open_file(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
                with os.fdopen(fd, "wb") as file:
                    file.write(torn)
                    file.flush()
                    os.fsync(file.fileno())
                return
