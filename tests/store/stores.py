"""Stores for tests that hurt them: opened on a fixed clock, read whole, and written by children that can be killed."""

import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pmtui.store import Author, ProjectDB
from pmtui.store.damage.inspect import inspect

TORTURE = bool(os.environ.get("PMTUI_TORTURE"))
CLOCK = 1_700_000_000_000
NOTHING = 65534
"""The user and group ``nobody``."""

_write = os.write


Contents = dict[str, dict[int, dict[str, Any]]]
"""Documents by table and id."""


def seeds(short: int, long: int) -> range:
    """As many seeds as this run has time for."""
    return range(long if TORTURE else short)


def broken_history(journal: Any) -> list[str]:
    """What is damaged in a store's files, in words."""
    return [finding.words for finding in inspect(journal.folder, journal.path.name).findings if finding.damage]


def no_sync(_: int) -> None:
    """Nothing waits for the disk where no power is cut."""


def sync_by_os(fd: int) -> None:
    """Sync as a default store does, by whatever ``os.fdatasync`` is now."""
    os.fdatasync(fd)


def open_db(folder: Path, user: str = "ana", **more: Any) -> ProjectDB:
    """A project opened by somebody."""
    wanted = {"author": Author(user, f"{user}-1"), "stamps": True, "clock": lambda: CLOCK, "sync": no_sync} | more
    return ProjectDB(folder / "data.json", **wanted)


def contents(db: ProjectDB) -> Contents:
    """All that can be read, in its order."""
    return {name: {d.doc_id: dict(d) for d in db.table(name).all()} for name in sorted(db.tables())}


def files(folder: Path) -> dict[str, bytes]:
    """Every file there is, by its name in the folder, but for the lock, which says who wrote last."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def lay_out(folder: Path, found: dict[str, bytes]) -> Path:
    """Write files of these names into a folder."""
    for name, data in found.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def assert_sound(folder: Path) -> Contents:
    """The project opens, can be written, and its history is whole; what is in it."""
    with open_db(folder) as db:
        assert (db.journal.damage, db.journal.read_only) == ("", "")
        assert broken_history(db.journal) == []
        return contents(db)


def assert_next_write_works(folder: Path) -> None:
    """Somebody writes on, and everybody sees it, and all that was there before."""
    before = assert_sound(folder)
    with open_db(folder) as db:
        number = db.table("after").insert({"title": "next"})
    assert number not in before.get("after", {})
    found = assert_sound(folder)
    assert found.pop("after")[number]["title"] == "next"
    before.pop("after", None)
    assert found == before


# Children ---------------------------------------------------------------


Say = Callable[[object], None]


@dataclass
class Child:
    """A forked process; what it says is read by lines, what it is told it gets by lines."""

    pid: int
    said: BinaryIO
    told: BinaryIO

    def hear(self) -> str:
        """The next line it says; empty when it has ended."""
        return self.said.readline().decode().rstrip("\n")

    def tell(self, word: object) -> None:
        """Say a line to it."""
        self.told.write(f"{word}\n".encode())
        self.told.flush()

    def kill(self) -> list[str]:
        """kill -9; the lines it had still said."""
        os.kill(self.pid, signal.SIGKILL)
        return self.rest()[0]

    def rest(self) -> tuple[list[str], int]:
        """Wait for its end; the whole lines not heard yet, and how it ended: 0, 1 where it failed, -9 where killed."""
        self.told.close()
        lines = self.said.read().decode().split("\n")[:-1]
        self.said.close()
        return lines, os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def child(work: Callable[[Say, Iterator[str]], object]) -> Child:
    """Run ``work(say, heard)`` in a process of its own, that ends without any cleaning up."""
    said, say = os.pipe()
    hear, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(said)
            os.close(told)
            with os.fdopen(hear, "rb") as heard:
                work(
                    lambda word: void(_write(say, f"{word}\n".encode())),
                    (line.decode().rstrip("\n") for line in heard),
                )
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(say)
    os.close(hear)
    return Child(pid, os.fdopen(said, "rb"), os.fdopen(told, "wb"))


def void(_: object) -> None:
    """Forget a value."""


def by_someone_else(work: Callable[[Say, Iterator[str]], object]) -> Child:
    """Run it by a user who owns nothing, where this one is root and may be anybody."""

    def dropped(say: Say, heard: Iterator[str]) -> None:
        if os.getuid() == 0:
            os.setgroups([])
            os.setresgid(NOTHING, NOTHING, NOTHING)
            os.setresuid(NOTHING, NOTHING, NOTHING)
        work(say, heard)

    return child(dropped)


def begin_count(folder: Path) -> None:
    """A project that counts its rows: a counter at 0, and no rows."""
    db = open_db(folder)
    db.table("count").insert({"n": 0})
    db.close()


def count_up(db: ProjectDB, user: str) -> int:
    """One transaction that counts one and adds a row, both or none; the row's id."""
    with db.journal.transaction():
        db.table("count").update(lambda d: d.update(n=d["n"] + 1), doc_ids=[1])
        return db.table("rows").insert({"by": user})


def counted(db: ProjectDB) -> int:
    """The counter, which is the number of rows at the same moment, or a transaction was halved."""
    db.journal.pull()
    n = db.journal.documents("count")["1"]["n"]
    assert n == len(db.journal.documents("rows"))
    return n


# Failing calls ----------------------------------------------------------

CHANGING = ("pwrite", "write", "ftruncate", "fsync", "fdatasync", "rename", "replace", "unlink", "mkdir", "link")
"""The calls by which files and folders are changed, and ``open`` where it makes a file."""


READING = ("open", "stat", "fstat", "read", "pread", "scandir", "listdir")
"""The calls by which files and folders are read."""


def intercept_reading(patch: Callable[[str, Callable[..., Any]], None], step: Callable[[], None]) -> None:
    """Do ``step()`` before every reading call of ``os``."""

    def stand_in(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            step()
            return real(*args, **kwargs)

        return call

    for name in READING:
        patch(name, stand_in(getattr(os, name)))


def intercept(patch: Callable[[str, Callable[..., Any]], None], step: Callable[..., Any]) -> None:
    """Put ``step(name, real, args, kwargs)`` in the way of every changing call of ``os``."""

    def stand_in(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            makes = name != "open" or (len(args) > 1 and args[1] & os.O_CREAT)
            return step(name, real, args, kwargs) if makes else real(*args, **kwargs)

        return call

    for name in (*CHANGING, "open"):
        patch(name, stand_in(name, getattr(os, name)))


def half_a_write(name: str, real: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Do half of what a call was to write; nothing of another call."""
    if name in {"pwrite", "write"}:
        real(args[0], args[1][: len(args[1]) // 2], *args[2:])


def spin(pick: random.Random, most: int) -> None:
    """Let a moment pass, that no clock measures."""
    for _ in range(pick.randrange(most)):
        pass
