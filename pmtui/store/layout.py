"""Where the files of a store lie: beside its snapshot, named after it where it is not ``data.json``."""

import contextlib
import os
import re
import time
from pathlib import Path

import msgspec

from pmtui.store.files import make_folder, open_file, sync_folder

SNAPSHOT = "data.json"
HISTORY, KEPT = "history", "kept"


def prefix_of(snapshot: str) -> str:
    """What the names of a snapshot's journals begin with: nothing for ``data.json``."""
    return "" if snapshot == SNAPSHOT else f"{snapshot}."


def journal_files(folder: Path, prefix: str = "") -> list[Path]:
    """All journals, the oldest first: those of the history, and those that lie beside the snapshot."""
    found = {number_of(path): path for place in (folder, folder / HISTORY) for path in _journals_in(place, prefix)}
    return [found[number] for number in sorted(found)]


def number_of(journal: Path) -> int:
    """The generation of the snapshot that a journal follows."""
    return int(journal.name.split(".")[-2])


def kept_files(folder: Path, prefix: str = "") -> list[Path]:
    """The kept snapshots, the oldest first."""
    pattern = re.compile(re.escape(prefix) + r"\d{4}-\d\d-\d\d[^/]*\.json")
    return [path for path in _entries(folder / KEPT) if pattern.fullmatch(path.name)]


def _journals_in(place: Path, prefix: str) -> list[Path]:
    pattern = re.compile(re.escape(prefix) + r"journal\.\d{6,12}\.jsonl")
    return [path for path in _entries(place) if pattern.fullmatch(path.name)]


def _entries(place: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where it is a link, or can't be read."""
    try:
        if place.is_symlink() or not place.is_dir():
            return []
        return sorted(place.iterdir())
    except PermissionError:
        return []


class Layout(msgspec.Struct, frozen=True):
    """The files of the store whose snapshot is ``path``."""

    path: Path

    @property
    def folder(self) -> Path:
        """The folder of all of them."""
        return self.path.parent

    @property
    def prefix(self) -> str:
        """What their names begin with: several plain stores may lie in one folder."""
        return prefix_of(self.path.name)

    @property
    def lock(self) -> Path:
        """The write lock's file, never replaced, never deleted."""
        return self.beside("lock")

    @property
    def history(self) -> Path:
        """The folder of older journals."""
        return self.folder / HISTORY

    @property
    def kept(self) -> Path:
        """The folder of snapshots that are kept: one a day, and what was there before something drastic."""
        return self.folder / KEPT

    def beside(self, name: str) -> Path:
        """A file of this store by its bare name."""
        return self.folder / f"{self.prefix}{name}"

    def journal(self, generation: int) -> Path:
        """The journal of changes since the snapshot of a generation."""
        return self.beside(f"journal.{generation:06d}.jsonl")

    def journals_here(self) -> list[Path]:
        """The journals that lie in the folder itself, the oldest first."""
        return sorted(_journals_in(self.folder, self.prefix), key=number_of)

    def has_changes(self) -> bool:
        """Whether any journal holds a change; where a store was just being made, none does."""
        return any(_size(path) for path in journal_files(self.folder, self.prefix))

    def is_past_beginning(self) -> bool:
        """Whether the journals show that a snapshot of this store's own was written before."""
        return self.has_changes() or any(number_of(path) > 1 for path in self.journals_here())

    def journals(self, current: int) -> list[Path]:
        """All journals that are kept, the oldest first, the one of generation ``current`` last.

        An older one may still lie in the folder, where a compaction was cut short.
        """
        older = [path for path in journal_files(self.folder, self.prefix) if number_of(path) < current]
        return [*older, self.journal(current)]

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
            if number_of(path) < current:
                path.rename(self.history / path.name)
        sync_folder(self.history)
        sync_folder(self.folder)

    def newer_journals(self, current: int) -> list[Path]:
        """Journals with changes that come after a generation's own."""
        return [path for path in self.journals_here() if number_of(path) > current and _size(path)]

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


def _size(path: Path) -> int:
    """A file's length; 0 where it is gone, as somebody compacts."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
