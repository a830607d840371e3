"""The write lock: one writer at a time, between threads, processes and NFS clients."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from pmtui.domain.text import clean
from pmtui.store.errors import LockTimeout, ReadOnly
from pmtui.store.files import open_file

_FIRST_WAIT, _LONGEST_WAIT = 0.0005, 0.002
"""Seconds; a writer that never rests leaves others only the moment between two of its changes."""


class WriteLock:
    """``flock`` on a file that is never replaced or deleted; it may be taken again by its holder's thread.

    ``timeout`` in seconds; when it passes, :class:`LockTimeout` names who holds the lock.
    """

    _fd = -1

    def __init__(self, path: Path, who: str, timeout: float = 10.0) -> None:
        self._path = path
        self._who = who.encode(errors="replace")[:80].ljust(80)
        self._timeout = timeout
        self._begin()

    def _begin(self) -> None:
        self._thread = threading.RLock()
        self._depth = 0
        self._process = os.getpid()

    def _be_own(self) -> None:
        """Let go of what a fork inherited: it is the parent's, and both would hold it."""
        if self._process != os.getpid():
            self.close()
            self._begin()

    def enter(self) -> bool:
        """Keep this process's other threads out, who may still write or read; whether none of them does now."""
        self._be_own()
        return self._thread.acquire(blocking=False)

    def leave(self) -> None:
        """Let them in again."""
        self._thread.release()

    @contextlib.contextmanager
    def held(self, timeout: float | None = None) -> Iterator[None]:
        """Hold the lock for the block's time; ``timeout`` in seconds where it is another than the usual."""
        wait = self._timeout if timeout is None else timeout
        self._be_own()
        if not self._thread.acquire(timeout=wait):
            raise LockTimeout(f"{self._path}: another part of this pmtui is still writing")
        try:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._take(wait)
                yield
            finally:
                self._depth -= 1
                if self._depth == 0 and self._fd >= 0:
                    fcntl.flock(self._fd, fcntl.LOCK_UN)
        finally:
            self._thread.release()

    @property
    def is_held(self) -> bool:
        """Whether this process holds it."""
        return self._depth > 0

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close the lock's file."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _take(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        wait = _FIRST_WAIT
        while True:
            if self._fd < 0:
                self._fd = open_lock_file(self._path)
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise LockTimeout(self._held_by()) from None
                time.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            except OSError as error:
                raise ReadOnly(
                    f"{self._path}: this file system has no locks ({error.strerror}); it can't be shared"
                ) from error
            else:
                if self._is_in_place():
                    with contextlib.suppress(OSError):  # who holds it is told where there is room to
                        if os.pread(self._fd, 80, 0) != self._who:
                            os.pwrite(self._fd, self._who + b"\n", 0)
                    return
                self.close()  # somebody removed or replaced the file: the lock is the one that is there

    def _is_in_place(self) -> bool:
        try:
            found = self._path.stat(follow_symlinks=False)
        except FileNotFoundError:
            return False
        held = os.fstat(self._fd)
        return (found.st_ino, found.st_dev) == (held.st_ino, held.st_dev)

    def _held_by(self) -> str:
        holder = os.pread(self._fd, 80, 0).decode("utf-8", "replace")
        holder = clean(holder) or "somebody"
        return (
            f"{self._path}: {holder} has been writing for more than {self._timeout:g} s; nothing was changed, try again"
        )


@contextlib.contextmanager
def writers_waiting(path: Path, timeout: float = 2.0) -> Iterator[None]:
    """Let writers wait while a store is read, where the lock is there and nobody holds it for so many seconds.

    Nothing is made or changed; where the lock can't be had, the block runs all the same.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            fd = open_file(path, os.O_RDONLY)
            stack.callback(os.close, fd)
            deadline = time.monotonic() + timeout
            while time.monotonic() < deadline:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    break
                time.sleep(_FIRST_WAIT)
        yield


def open_lock_file(path: Path) -> int:
    """Open the lock's file, made if missing."""
    try:
        return open_file(path, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise ReadOnly(f"{path}: {error.strerror}; the project can't be written") from error
