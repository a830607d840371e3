"""A store's files as they lie on disk, read without following a link and without changing a thing."""

import contextlib
import os
import stat
from pathlib import Path

import msgspec

from pmtui.store.errors import NewerFormat, StoreError
from pmtui.store.files import Identity, identify, open_file
from pmtui.store.layout import journal_files, prefix_of
from pmtui.store.lock import writers_waiting
from pmtui.store.snapshot import Meta, Snapshot, read_snapshot

MOST_TRIES = 20
"""How often reading begins anew because somebody compacted meanwhile."""


def plain_problem(path: Path) -> str:
    """Why a path is no file of a store's own; empty where it is one, or is not there."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return ""
    if stat.S_ISLNK(found.st_mode):
        return "is a link; pmtui never follows one"
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe, a socket or a device"
        return f"is {kind}, not a file"
    return ""


def read_plain(path: Path) -> tuple[bytes, Identity]:
    """A regular file's bytes, and which file it was; a link, a device or a stranger's raises :class:`StoreError`."""
    problem = plain_problem(path)
    if problem:
        raise StoreError(f"{path}: {problem}")
    with os.fdopen(open_file(path, os.O_RDONLY), "rb") as file:
        identity = identify(os.fstat(file.fileno()))
        return file.read(), identity


class Files(msgspec.Struct, frozen=True):
    """A store's files as they were at one moment.

    ``raw`` is the snapshot's bytes (``None`` where it is missing or not read) and ``snapshot`` what they mean
    (``None`` where nobody can read it, for the reason ``wrong``); ``touched`` its time of change in ms;
    ``unread`` tells of each file why it was not read.
    """

    folder: Path
    name: str
    raw: bytes | None
    snapshot: Snapshot | None
    wrong: str
    newer: bool
    touched: int
    journals: tuple[tuple[Path, bytes], ...]
    unread: tuple[tuple[Path, str], ...]
    identities: tuple[tuple[str, Identity], ...]

    @property
    def prefix(self) -> str:
        """What the names of its journals begin with."""
        return prefix_of(self.name)

    @property
    def meta(self) -> Meta | None:
        """What the snapshot says of itself; ``None`` where it can't be read, or is no snapshot of ours."""
        return self.snapshot.meta if self.snapshot and self.snapshot.meta.generation else None

    @property
    def is_written(self) -> bool:
        """Whether the snapshot is, byte by byte, what pmtui wrote."""
        return self.meta is not None and self.snapshot is not None and not self.snapshot.wrong

    @property
    def is_edited(self) -> bool:
        """Whether somebody saved the snapshot since: its time of change is not the one that it tells."""
        return self.meta is not None and self.snapshot is not None and self.snapshot.edited


def read_files(folder: Path, name: str = "data.json") -> Files:
    """Read all of a store while others may write it: once more where somebody compacted in between.

    Where they do so each time, they wait for once.
    """
    for attempt in range(1, MOST_TRIES + 1):
        with writers_waiting(folder / "lock") if attempt == MOST_TRIES else contextlib.nullcontext():
            found = _read_once(folder, name)
        if found is not None:
            return found
    raise StoreError(f"{folder}: it is changed faster than it can be read; try again")


def _read_once(folder: Path, name: str) -> Files | None:
    """One look at each file; ``None`` where one was replaced meanwhile."""
    read: dict[str, tuple[Path, bytes]] = {}
    unread: list[tuple[Path, str]] = []
    identities: dict[str, Identity] = {}
    journals = journal_files(folder, prefix_of(name))
    names = [path.name for path in journals]
    for path in (folder / name, *journals):
        try:
            data, identities[path.name] = read_plain(path)
            read[path.name] = (path, data)
        except FileNotFoundError:
            if path.name != name:
                return None
        except StoreError as error:
            unread.append((path, str(error).removeprefix(f"{path}: ")))
        except OSError as error:
            unread.append((path, f"can't be read ({error.strerror})"))
    raw = read.pop(name)[1] if name in read else None
    snapshot, wrong, newer = _snapshot(folder / name) if raw is not None else (None, "", False)
    if snapshot is not None and snapshot.identity != identities[name]:
        return None
    now = [path.name for path in journal_files(folder, prefix_of(name))]
    if now != names or (raw is not None and identify((folder / name).lstat()) != identities[name]):
        return None
    touched = identities[name][2] // 1_000_000 if name in identities else 0
    whole = tuple(read.values())
    known = tuple(identities.items())
    return Files(folder, name, raw, snapshot, wrong, newer, touched, whole, tuple(unread), known)


def _snapshot(path: Path) -> tuple[Snapshot | None, str, bool]:
    """A snapshot, or why it can't be read, and whether a newer pmtui wrote it."""
    try:
        return read_snapshot(path), "", False
    except NewerFormat as error:
        return None, str(error).removeprefix(f"{path}: "), True
    except StoreError as error:
        return None, str(error).removeprefix(f"{path}: "), False
    except (OSError, ValueError, RecursionError) as error:
        return None, str(error), False
