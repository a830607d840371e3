"""A workspace: a folder of projects, each a folder named by its code."""

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pmtui.store.author import Author, milliseconds_now
from pmtui.store.errors import ForeignFile, StoreError
from pmtui.store.files import foreign, make_folder, sync_folder
from pmtui.store.layout import SNAPSHOT, Layout
from pmtui.store.project_db import ProjectDB

SHARED = "_workspace"
"""The folder of what all projects of a workspace share; a project's code can't be this."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_SHARED = re.compile(rf"{SHARED}(-repaired(-\d{{1,4}})?)?")


def code_problem(code: str) -> str:
    """Why a code can't name a project's folder; empty where it can."""
    if _CODE.fullmatch(code) and code.isascii():
        return ""
    return "allowed: up to 40 letters, digits, '-', '_' and '.', the first a letter or digit"


def folder_name_problem(name: str) -> str:
    """Why a folder can't be one of a workspace's stores: a project's, the shared one, or a copy of that."""
    return "" if _SHARED.fullmatch(name) else code_problem(name)


class Workspace:
    """The folder at ``path``; it is made, for its owner alone, when the first project is added."""

    def __init__(
        self,
        path: Path,
        author: Author,
        *,
        clock: Callable[[], int] = milliseconds_now,
        sync: Callable[[int], None] = os.fdatasync,
        timeout: float = 10.0,
    ) -> None:
        self.path = path
        self.author = author
        self.clock = clock
        self._sync = sync
        self._timeout = timeout

    def codes(self) -> list[str]:
        """The codes of the projects that this user can read."""
        found = []
        with contextlib.suppress(FileNotFoundError), os.scandir(self.path) as entries:
            root = self.path.stat()
            for entry in entries:
                named = entry.is_dir(follow_symlinks=False) and not code_problem(entry.name)
                if named and _is_readable(Path(entry.path)) and not foreign(entry.stat(), root):
                    found.append(entry.name)
        return sorted(found)

    def unreadable(self) -> list[str]:
        """Folders that were projects, or are, and can't be opened as one by this user."""
        if not self.path.is_dir():
            return []
        codes = set(self.codes())
        folders = [entry for entry in self.path.iterdir() if entry.is_dir() and not entry.is_symlink()]
        return sorted(f.name for f in folders if f.name not in codes and not code_problem(f.name) and _was_project(f))

    def add(self, code: str) -> ProjectDB:
        """Make a project's folder and its empty store."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = [entry.name for entry in self.path.iterdir() if entry.name.lower() == code.lower()]
        if taken and (self.path / taken[0] / SNAPSHOT).exists():
            raise StoreError(f"{self.path / taken[0]}: there is such a project already")
        folder = self.path / (taken[0] if taken else code)
        make_folder(folder)
        sync_folder(self.path)
        return self._open(folder)

    @property
    def has_shared(self) -> bool:
        """Whether anything was ever shared over the projects."""
        folder = self.path / SHARED
        return folder.is_dir() and (_is_readable(folder) or (_was_project(folder) and not _is_being_made(folder)))

    def share(self) -> ProjectDB:
        """Open the shared store; it is made where there is none yet, or somebody else is about to."""
        folder = self.path / SHARED
        if _is_readable(folder) or (folder / SNAPSHOT).exists():
            return self.open(SHARED)
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_folder(folder)
        sync_folder(self.path)
        return self._open(folder)

    def open(self, code: str, *, reads_only: bool = False) -> ProjectDB:
        """Open a project's store, or the shared one, for reading only where it says so.

        Raises :class:`StoreError` where there is none.
        """
        folder = self.path / code
        if folder_name_problem(code) or folder.is_symlink() or not _is_readable(folder):
            known = ", ".join(self.codes()) or "none yet"
            raise StoreError(f"{code!r}: no such project in {self.path} (there: {known})")
        why = foreign(folder.stat(), self.path.stat())
        if why:
            raise ForeignFile(f"{folder}: {why}; it is not opened")
        return self._open(folder, reads_only=reads_only)

    def _open(self, folder: Path, *, reads_only: bool = False) -> ProjectDB:
        more: dict[str, Any] = {"clock": self.clock, "sync": self._sync, "timeout": self._timeout}
        more |= {"access_mode": "r"} if reads_only else {}
        return ProjectDB(folder / SNAPSHOT, author=self.author, stamps=True, **more)


def _is_readable(folder: Path) -> bool:
    """Whether a folder holds a store that this user can read, its snapshot missing perhaps."""
    snapshot = folder / SNAPSHOT
    if snapshot.exists():
        return os.access(snapshot, os.R_OK)
    journals = any(os.access(p, os.R_OK) for p in Layout(snapshot).journals_here())
    return journals or os.access(snapshot, os.R_OK)  # somebody may have written it meanwhile


def _is_being_made(folder: Path) -> bool:
    """Whether somebody has locked a folder to write its first file, and has not yet."""
    try:
        return [entry.name for entry in folder.iterdir()] == ["lock"]
    except PermissionError:
        return False


def _was_project(folder: Path) -> bool:
    try:
        names = [entry.name for entry in folder.iterdir()]
    except PermissionError:
        return True
    return any(name == SNAPSHOT or name == "lock" or name.startswith("journal.") for name in names)
