"""A store's files as they lie on disk, read without following a link and without changing a thing."""

import os
import re
import stat
from pathlib import Path

from pmtui.store.errors import StoreError
from pmtui.store.files import Identity, identify

HISTORY, KEPT = "history", "kept"


def prefix_of(snapshot: str) -> str:
    """What the names of a snapshot's journals begin with: nothing for ``data.json``."""
    return "" if snapshot == "data.json" else f"{snapshot}."


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
    """A regular file's bytes, and which file it was; anything else raises :class:`StoreError`."""
    problem = plain_problem(path)
    if problem:
        raise StoreError(f"{path}: {problem}")
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(f"{path}: is not a file")
        return file.read(), identify(found)


def journal_files(folder: Path, prefix: str = "") -> list[Path]:
    """All journals, the oldest first: those of the history, and those that lie beside the snapshot."""
    pattern = re.compile(re.escape(prefix) + r"journal\.(\d+)\.jsonl")
    found: dict[str, Path] = {}
    for place in (folder, folder / HISTORY):
        found |= {path.name: path for path in _entries(place) if pattern.fullmatch(path.name)}
    return sorted(found.values(), key=lambda path: (number_of(path), path.name))


def number_of(journal: Path) -> int:
    """The generation of the snapshot that a journal follows."""
    return int(journal.name.split(".")[-2])


def kept_files(folder: Path, prefix: str = "") -> list[Path]:
    """The kept snapshots, the oldest first."""
    pattern = re.compile(re.escape(prefix) + r"\d{4}-\d\d-\d\d[^/]*\.json")
    return [path for path in _entries(folder / KEPT) if pattern.fullmatch(path.name)]


def _entries(place: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where it is a link, or can't be read."""
    try:
        if place.is_symlink() or not place.is_dir():
            return []
        return sorted(place.iterdir())
    except PermissionError:
        return []
