"""Who has a project open: one small file a session in the project's ``presence/``; its age is its life.

Nothing here raises and nothing waits for the disk: where no file can be made, a session only looks.
"""

import contextlib
import itertools
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from pmtui.domain.text import clean
from pmtui.store.author import Author
from pmtui.store.errors import ForeignFile
from pmtui.store.files import foreign, make_folder, share

FOLDER = "presence"

LIFE = 45.0
"""Seconds since its file was touched for which a session is taken as here."""

LEFT_BEHIND = 24 * 3600.0
"""Seconds after which a user's own file, left by a session that was killed, is taken away."""

MOST_BYTES = 512
MOST_FILES = 200
"""How many files are looked at; somebody may have put more there."""

MOST_CHARACTERS = 40

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MAKE_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Here(msgspec.Struct, frozen=True):
    """A session that has a project open: whose it is, the view shown, the record edited (empty: none)."""

    user: str
    session: str
    view: str = ""
    record: str = ""


class Seat:
    """One session's place in a project's folder. ``clock`` gives seconds since 1970.

    Ages are told by the clock of the file system that keeps the files: the session's own file, just touched,
    says how far that is from ``clock``.
    """

    def __init__(self, project: Path, author: Author, *, clock: Callable[[], float] = time.time) -> None:
        self._project = project
        self._name = file_name(author.session)
        self._here = Here(author.user, author.session)
        self._clock = clock
        self._ahead = 0.0
        self._fd = -1

    def announce(self, view: str, record: str = "") -> None:
        """Say what this session shows and edits; written where it is news."""
        now = Here(self._here.user, self._here.session, view, record)
        if now != self._here or self._fd < 0:
            self._here = now
            self.beat(write=True)

    def beat(self, *, write: bool = False) -> None:
        """Give a sign of life; the file is made where it is missing."""
        with contextlib.suppress(OSError):
            if self._fd >= 0 and not os.fstat(self._fd).st_nlink:
                self._close()
            if self._fd < 0:
                self._fd = self._make()
                write = True
            if write:
                line = msgspec.json.encode(self._here)[: MOST_BYTES - 1] + b"\n"
                os.pwrite(self._fd, line, 0)
                os.ftruncate(self._fd, len(line))
            os.utime(self._fd)
            self._ahead = os.fstat(self._fd).st_mtime - self._clock()
            return
        self._close()

    def others(self) -> tuple[Here, ...]:
        """The other sessions that are here, by user."""
        now = self._clock() + self._ahead
        found = [
            here for name, touched, here in _all_in(self._project) if name != self._name and _is_near(touched, now)
        ]
        return tuple(sorted(filter(None, found), key=lambda here: (here.user, here.session)))

    def leave(self) -> None:
        """Take the file away."""
        if self._fd < 0:
            return
        with contextlib.suppress(OSError), _opened(self._project) as folder:
            there = os.stat(self._name, dir_fd=folder, follow_symlinks=False)
            if os.path.samestat(there, os.fstat(self._fd)):
                os.unlink(self._name, dir_fd=folder)
        self._close()

    def _close(self) -> None:
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.close(self._fd)
        self._fd = -1

    def _make(self) -> int:
        """A new file, and its folder where it is missing; the user's own that were left behind go."""
        with contextlib.suppress(ForeignFile):
            if not (self._project / FOLDER).exists():
                make_folder(self._project / FOLDER)
        with _opened(self._project) as folder:
            _sweep(folder, lambda name, _: name == self._name)
            fd = os.open(self._name, _MAKE_FLAGS, 0o600, dir_fd=folder)
            share(fd, self._project)
            oldest = os.fstat(fd).st_mtime - LEFT_BEHIND
            _sweep(folder, lambda _, touched: touched < oldest)
        return fd


def file_name(session: str) -> str:
    """A session's file; a pane may run several, so the process is part of it."""
    return f"{_UNSAFE.sub('-', session)[:100]}.{os.getpid():x}.json"


def last_sign(project: Path) -> float:
    """When any session gave its last sign of life in a project, in seconds since 1970; 0 where none did."""
    return max((touched for _, touched, _ in _all_in(project)), default=0.0)


@contextlib.contextmanager
def _opened(project: Path) -> Iterator[int]:
    """The folder of presence, held open so that what is done in it is done in no other."""
    folder = os.open(project / FOLDER, _FOLDER_FLAGS)
    try:
        yield folder
    finally:
        os.close(folder)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [e.name for e in itertools.islice(entries, MOST_FILES) if e.is_file(follow_symlinks=False)]


def _all_in(project: Path) -> list[tuple[str, float, Here | None]]:
    """Name, time of the last touch, and content of each file; the content is missing where it says nothing."""
    found = []
    with contextlib.suppress(OSError), _opened(project) as folder:
        for name in _names(folder):
            with contextlib.suppress(OSError):
                found.append((name, *_read(name, folder)))
    return found


def _read(name: str, folder: int) -> tuple[float, Here | None]:
    """Opening a file, not its entry in the folder, shows over NFS when it was touched."""
    fd = os.open(name, _READ_FLAGS, dir_fd=folder)
    try:
        state = os.fstat(fd)
        trusted = stat.S_ISREG(state.st_mode) and not foreign(state, os.fstat(folder))
        data = os.read(fd, MOST_BYTES) if trusted else b""
    finally:
        os.close(fd)
    return state.st_mtime, _decoded(data)


def _decoded(data: bytes) -> Here | None:
    try:
        said = msgspec.json.decode(data.partition(b"\n")[0], type=Here)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    here = Here(*(clean(text[: 4 * MOST_CHARACTERS])[:MOST_CHARACTERS] for text in msgspec.structs.astuple(said)))
    return here if here.user else None


def _is_near(touched: float, now: float) -> bool:
    """Whether a touch is recent; one far ahead is no sign of life either."""
    return abs(now - touched) < LIFE


def _sweep(folder: int, is_left: Callable[[str, float], bool]) -> None:
    """Take away those of the user's own files that were left, by their name and their last touch."""
    for name in _names(folder):
        with contextlib.suppress(OSError):
            state = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if state.st_uid == os.geteuid() and is_left(name, state.st_mtime):
                os.unlink(name, dir_fd=folder)
