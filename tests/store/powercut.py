"""What a disk holds after a power cut: the calls that change files recorded, and replayed but for those not synced.

A change is durable once what it changed was synced: a file's bytes and length by an ``fsync`` of the file, a
name by one of its folder. Until then it may be there, or not, or torn; in any combination.
"""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from store.stores import intercept

SECTOR = 512


@dataclass(frozen=True)
class Write:
    """Bytes put into a file, which ``length`` long it is then."""

    file: int
    at: int
    data: bytes
    length: int


@dataclass(frozen=True)
class Names:
    """Names that began or ceased to lead to files and folders, all at once."""

    changed: dict[str, int | None]

    @property
    def folders(self) -> set[str]:
        """Where these names are."""
        return {str(Path(name).parent) for name in self.changed}


@dataclass(frozen=True)
class Sync:
    """A file, or the folder of a name, was made durable."""

    file: int | None
    folder: str | None


@dataclass(frozen=True)
class Acknowledged:
    """So many steps were done, as whoever asked for them was told."""

    steps: int


Event = Write | Names | Sync | Acknowledged
FOLDER = 0
"""What a name leads to that is a folder's."""


@dataclass
class Disk:
    """Names and what they lead to, files by number."""

    names: dict[str, int] = field(default_factory=dict)
    files: dict[int, bytes] = field(default_factory=dict)

    def lay_out(self, folder: Path) -> None:
        """Make these folders and files in a folder."""
        folder.mkdir()
        for name, number in sorted(self.names.items()):
            if number == FOLDER:
                (folder / name).mkdir()
            else:
                (folder / name).write_bytes(self.files.get(number, b""))


class Recorder:
    """Writes down what happens to the files in a folder from now on.

    It looks at the whole folder after each call of ``os`` that may change it, and so sees also what was written
    through file objects, by the next such call at the latest.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.events: list[Event] = []
        self._numbers: dict[tuple[int, int], int] = {}
        self._disk = Disk()
        self.look()
        self.begin = Disk(dict(self._disk.names), dict(self._disk.files))
        self.events.clear()

    def record(self, patch: Callable[[str, Callable[..., Any]], None]) -> None:
        """Be told each call of ``os`` that changes files."""
        intercept(patch, self._step)

    def acknowledge(self, steps: int) -> None:
        """Somebody was told that so many steps are done."""
        self.look()
        self.events.append(Acknowledged(steps))

    def look(self) -> None:
        """Write down what changed since the last look."""
        names = dict(self._found())
        gone = dict.fromkeys(self._disk.names.keys() - names.keys())
        changed: dict[str, int | None] = gone | {n: f for n, f in names.items() if self._disk.names.get(n) != f}
        for name, number in changed.items():
            if number:
                self._see_bytes(number, (self.folder / name).read_bytes())
        if changed:
            self.events.append(Names(changed))
        self._disk.names = names
        for name, number in names.items():
            if number:
                self._see_bytes(number, (self.folder / name).read_bytes())

    def _found(self) -> Iterator[tuple[str, int]]:
        there = set()
        for path in sorted(self.folder.rglob("*")):
            stat = path.stat(follow_symlinks=False)
            inode = (stat.st_dev, stat.st_ino)
            there.add(inode)
            number = FOLDER if path.is_dir() else self._numbers.setdefault(inode, len(self._disk.files) + 1)
            if number:
                self._disk.files.setdefault(number, b"")
            yield str(path.relative_to(self.folder)), number
        for inode in self._numbers.keys() - there:  # its number may be another file's next
            del self._numbers[inode]

    def _see_bytes(self, number: int, data: bytes) -> None:
        had = self._disk.files[number]
        if had != data:
            at = next((at for at, (one, other) in enumerate(zip(had, data, strict=False)) if one != other), None)
            at = min(len(had), len(data)) if at is None else at
            self.events.append(Write(number, at, data[at:], len(data)))
            self._disk.files[number] = data

    def _step(self, name: str, real: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        self.look()
        result = real(*args, **kwargs)
        self.look()
        if name in {"fsync", "fdatasync"}:
            self._see_sync(args[0])
        return result

    def _see_sync(self, fd: int) -> None:
        stat = os.fstat(fd)
        number = self._numbers.get((stat.st_dev, stat.st_ino))
        if number:
            self.events.append(Sync(number, None))
        else:
            folders = [self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())]
            found = [path for path in folders if os.path.samestat(path.stat(), stat)]
            self.events += [Sync(None, str(path.relative_to(self.folder))) for path in found]


def is_durable(event: Event, later: list[Event]) -> bool:
    """Whether something after it made it outlive a power cut."""
    if isinstance(event, Write):
        return any(isinstance(e, Sync) and e.file == event.file for e in later)
    if isinstance(event, Names):
        return event.folders <= {e.folder for e in later if isinstance(e, Sync)}
    return True


def acknowledged(events: list[Event]) -> int:
    """How many steps were done when the power failed."""
    return max((e.steps for e in events if isinstance(e, Acknowledged)), default=0)


def after_power_cut(begin: Disk, events: list[Event], pick: random.Random, chance: float) -> Disk:
    """A disk after these events and no more; what was not synced is there with some chance, and may be torn."""
    disk = Disk(dict(begin.names), dict(begin.files))
    for at, event in enumerate(events):
        durable = is_durable(event, events[at + 1 :])
        if isinstance(event, Names) and (durable or pick.random() < chance) and leads_somewhere(event, disk):
            for name, number in event.changed.items():
                disk.names.pop(name, None)
                if number is not None:
                    disk.names[name] = number
        elif isinstance(event, Write):
            had = disk.files.get(event.file, b"")
            if durable or pick.random() < chance:
                disk.files[event.file] = written(had, event, len(event.data))
            elif pick.random() < 0.5:
                disk.files[event.file] = torn(had, event, pick)
    return disk


def leads_somewhere(names: Names, disk: Disk) -> bool:
    """Whether the folders are there that a change of names needs."""
    made = [str(Path(name).parent) for name, number in names.changed.items() if number is not None]
    return all(folder == "." or folder in disk.names or folder in names.changed for folder in made)


def written(had: bytes, write: Write, length: int) -> bytes:
    """A file after a write of which so many bytes came through, and its new end."""
    if length < len(write.data):
        whole = had.ljust(write.at, b"\0")
        return whole[: write.at] + write.data[:length] + whole[write.at + length :]
    return had.ljust(write.at, b"\0")[: write.at] + write.data


def torn(had: bytes, write: Write, pick: random.Random) -> bytes:
    """A file after a write that ended between two sectors, its new length there or not."""
    ends = range((write.at // SECTOR + 1) * SECTOR, write.at + len(write.data), SECTOR)
    through = written(had, write, pick.choice([0, *(end - write.at for end in ends)]))
    return through.ljust(write.length, b"\0") if pick.random() < 0.5 else through
