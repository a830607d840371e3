"""An open journal: read from where it was left, one line appended at a time, never past what is known."""

import contextlib
import os
from collections.abc import Callable, Iterator
from enum import Enum, auto
from pathlib import Path

from pmtui.store.errors import DamagedStore, ReadOnly
from pmtui.store.files import open_file
from pmtui.store.journal import CRC_AT, Transaction, decode_line, whole_lines


class Look(Enum):
    """What a look at a journal finds."""

    SAME = auto()
    MORE = auto()
    TAKEN_BACK = auto()


class JournalFile:
    """The journal at ``path``, read up to byte ``offset``; ``chain`` is the checksum of the last line read.

    Where it is missing there is nothing to read.
    """

    _fd = -1

    def __init__(self, path: Path, chain: str, *, writable: bool) -> None:
        self.path = path
        self.chain = chain
        self.offset = 0
        self.writable = writable
        self._last_at = -1
        self._seen = (-1, -1)
        try:
            self._fd = open_file(path, os.O_RDWR if writable else os.O_RDONLY)
        except PermissionError:
            self.writable = False
            self._fd = open_file(path, os.O_RDONLY)
        except FileNotFoundError:
            self._fd = -1

    @property
    def is_there(self) -> bool:
        """Whether the file was found."""
        return self._fd >= 0

    def size(self) -> int:
        """Its length in bytes, also where nobody has read it yet."""
        return os.fstat(self._fd).st_size if self._fd >= 0 else 0

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close it."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def look(self) -> Look:
        """Whether there is anything new since the last look, and whether what was read still stands."""
        if self._fd < 0:
            return Look.SAME
        found = os.fstat(self._fd)
        seen, self._seen = self._seen, (found.st_size, found.st_mtime_ns)
        if self._seen == seen:
            return Look.SAME
        if found.st_size < self.offset or not self._last_line_stands():
            return Look.TAKEN_BACK
        return Look.MORE

    def new_lines(self) -> Iterator[Transaction]:
        """The whole lines after the last one read, one after another.

        Raises :class:`DamagedStore` at a line that is not as it was written.
        """
        size = self.size()
        if size <= self.offset:
            return
        for raw in whole_lines(os.pread(self._fd, size - self.offset, self.offset)):
            transaction = decode_line(self.chain, raw, f"{self.path.name}: byte {self.offset}")
            self._go_on(transaction.crc, len(raw) + 1)
            reached = self.offset
            yield transaction
            if self.offset != reached:  # whoever was given it read on, or wrote
                return

    def is_as_read(self) -> bool:
        """Whether the file in the folder is this one, and no whole line stands behind the one last read."""
        try:
            found = self.path.stat(follow_symlinks=False)
        except FileNotFoundError:
            return not self.is_there
        if not self.is_there:
            return False
        known = os.fstat(self._fd)
        same = (found.st_ino, found.st_dev) == (known.st_ino, known.st_dev)
        if not same or known.st_size < self.offset or not self._last_line_stands():
            return False
        return known.st_size == self.offset or b"\n" not in os.pread(self._fd, known.st_size, self.offset)

    def torn_tail(self) -> bytes:
        """What follows the last whole line: it was never acknowledged.

        Raises :class:`DamagedStore` where it is a whole line whose newline was altered, which may have been.
        """
        size = self.size()
        if size <= self.offset:
            return b""
        tail = os.pread(self._fd, size - self.offset, self.offset)
        if tail.endswith(b"\n"):
            return b""  # somebody goes on writing: these are lines that are not read yet
        if tail.endswith(b"\0"):
            return tail  # what a power cut leaves of bytes that did not reach the disk
        place = f"{self.path.name}: byte {self.offset}"
        try:
            whole = decode_line(self.chain, tail[:-1], place)
        except DamagedStore:
            return tail
        raise DamagedStore(f"{place}: the newline after change {whole.sequence} by {whole.user} was altered")

    def cut(self) -> None:
        """End the file where it was read up to."""
        os.ftruncate(self._fd, self.offset)

    def append(self, line: bytes, chain: str, sync: Callable[[int], None]) -> None:
        """Write a line at the end that is known, durable when this returns.

        On ``OSError`` the file is as before. Raises :class:`ReadOnly` where it could not be put back: what a
        failing disk then holds is not known.
        """
        try:
            written = 0
            while written < len(line):
                written += os.pwrite(self._fd, line[written:], self.offset + written)
            sync(self._fd)
        except BaseException as error:
            self._take_off(len(line), error)
            raise
        self._go_on(chain, len(line))

    def _take_off(self, length: int, error: BaseException) -> None:
        """Cut off a line that failed; where the file can't be cut, make it no line."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, self.offset)
            return
        try:
            os.pwrite(self._fd, b"\0" * min(length, self.size() - self.offset), self.offset)
        except OSError:
            self.writable = False
            raise ReadOnly(f"{self.path}: {error}; and what was written could not be taken off again") from error

    def _go_on(self, chain: str, length: int) -> None:
        self._last_at, self.offset, self.chain = self.offset, self.offset + length, chain

    def _last_line_stands(self) -> bool:
        if self._last_at < 0:
            return True
        stated = os.pread(self._fd, len(self.chain), self._last_at + CRC_AT)
        return stated == self.chain.encode() and os.pread(self._fd, 1, self.offset - 1) == b"\n"
