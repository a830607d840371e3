import errno
import os
import resource
import subprocess
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from store.stores import (
    TORTURE,
    assert_next_write_works,
    assert_sound,
    by_someone_else,
    child,
    contents,
    files,
    half_a_write,
    intercept,
    open_db,
    sync_by_os,
)

from pmtui.store import ReadOnly
from pmtui.store.history import transactions

LONG = "x" * 200


def titles(db):
    return [d["title"] for d in db.table("tasks").all()]


def insert(db):
    db.table("tasks").insert({"title": LONG})


def compact(db):
    db.journal.compact()


# No room ------------------------------------------------------------------


class FullDisk:
    """Calls of ``os`` fail from the one of that number on: that one alone, or all until there is room."""

    def __init__(self, monkeypatch, call, *, lasting):
        self.calls = count(1)
        self.call, self.lasting = call, lasting
        self.full, self.failed = False, ""
        intercept(lambda name, stand_in: monkeypatch.setattr(os, name, stand_in), self.step)

    def step(self, name: str, real: Callable, args, kwargs):
        now = next(self.calls) if self.full else 0
        if not now or now < self.call or (now > self.call and not self.lasting):
            return real(*args, **kwargs)
        if name in {"ftruncate", "unlink"} and self.lasting:
            return real(*args, **kwargs)  # giving room back works on a full disk
        self.failed = name
        half_a_write(name, real, args)
        raise OSError(errno.ENOSPC if name not in {"fsync", "fdatasync"} else errno.EIO, name)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "until there is room"])
@pytest.mark.parametrize("change", [insert, compact])
def test_a_call_that_fails_for_want_of_room_changes_nothing(tmp_path, change, lasting):
    for call in count(1):
        folder = tmp_path / str(call)
        folder.mkdir()
        mine, other = open_db(folder, sync=sync_by_os), open_db(folder, "ben")
        mine.table("tasks").insert({"title": "a"})
        other.table("tasks").insert({"title": "b"})
        before, lines = contents(mine), mine.journal.journal_path.read_bytes()
        refused = False
        with pytest.MonkeyPatch.context() as patched:
            disk = FullDisk(patched, call, lasting=lasting)
            disk.full = True
            try:
                change(mine)
            except OSError:
                refused = True
            disk.full = False
        if change is insert and refused:
            assert contents(mine) == contents(other) == before, f"{disk.failed}, call {call}"
            assert mine.journal.journal_path.read_bytes() == lines, f"{disk.failed}, call {call}"
        for db in (mine, other, mine):
            change(db)
            db.table("tasks").insert({"title": "c"})
        assert contents(mine) == contents(other) == assert_sound(folder)
        assert titles(mine).count("c") == 3
        assert titles(mine).count(LONG) == (0 if change is compact else 3 if refused else 4)
        assert_next_write_works(folder)
        if not disk.failed:
            break
    assert call > 2


def failing(times, meanwhile):
    """A sync that fails some times, as a disk does; others look while it does."""
    left = [times]

    def sync(fd):
        if left[0]:
            left[0] -= 1
            meanwhile()
            raise OSError(errno.EIO, "Input/output error")

    return sync


@pytest.mark.parametrize("next_title", ["b", "shorter than it", "longer than the line that failed" * 9])
@pytest.mark.parametrize("looks", [True, False], ids=["looks", "looks away"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_line_whose_sync_failed_is_never_committed_for_anybody(tmp_path, times, looks, next_title):
    other = open_db(tmp_path, "ben")
    mine = open_db(tmp_path, sync=failing(times, other.journal.pull))
    before = contents(mine)
    for _ in range(times):
        with pytest.raises(OSError, match="Input/output"):
            mine.table("tasks").insert({"title": "a"})
        assert contents(mine) == contents(open_db(tmp_path)) == before
        assert not looks or contents(other) == before
    mine.table("tasks").insert({"title": next_title})
    assert titles(other) == titles(mine) == [next_title]
    other.table("tasks").insert({"title": "c"})
    assert titles(mine) == titles(other) == [next_title, "c"]
    assert contents(mine) == contents(other) == assert_sound(tmp_path)
    assert [t.sequence for t in transactions(mine.journal)] == [1, 2]
    assert_next_write_works(tmp_path)


def test_a_line_that_can_be_neither_synced_nor_taken_back_is_never_committed(tmp_path, monkeypatch):
    other = open_db(tmp_path, "ben")
    mine = open_db(tmp_path, sync=failing(1, other.journal.pull))
    mine_before = contents(mine)

    def fail(*_):
        raise OSError(errno.EIO, "ftruncate")

    with monkeypatch.context() as patched:
        patched.setattr(os, "ftruncate", fail)
        with pytest.raises(OSError, match="Input/output"):
            mine.table("tasks").insert({"title": "a"})
    assert contents(mine) == contents(other) == contents(open_db(tmp_path)) == mine_before
    mine.table("tasks").insert({"title": "b"})
    assert titles(mine) == titles(other) == ["b"]
    assert contents(mine) == contents(other) == assert_sound(tmp_path)
    assert_next_write_works(tmp_path)


# The largest size of a file ------------------------------------------------


def with_largest_file(size, work):
    """Do something while files may grow to a size alone; the error's number, 0 where there was none."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        work()
    except OSError as error:
        return error.errno
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    return 0


def in_a_child(work):
    """Whether some work fails nothing in a process of its own, whose limits are its own."""
    return child(lambda say, heard: work()).rest()[1] == 0


@pytest.mark.parametrize("room", [0, 1, 30, 250])
def test_a_line_that_meets_the_largest_size_of_a_file_is_taken_back(tmp_path, room):
    def work():
        mine, other = open_db(tmp_path, sync=sync_by_os), open_db(tmp_path, "ben")
        mine.table("tasks").insert_multiple([{"title": LONG}] * 20)
        before, found = contents(mine), files(tmp_path)
        size = mine.journal.journal_path.stat().st_size
        assert with_largest_file(size + room, lambda: insert(mine)) == errno.EFBIG
        assert contents(mine) == contents(other) == before
        assert files(tmp_path) == found
        insert(mine)
        assert contents(mine) == contents(other) != before

    assert in_a_child(work)
    assert_next_write_works(tmp_path)


def test_a_snapshot_that_meets_the_largest_size_of_a_file_leaves_the_old_one(tmp_path):
    def work():
        mine, other = open_db(tmp_path, sync=sync_by_os), open_db(tmp_path, "ben")
        mine.table("tasks").insert_multiple([{"title": LONG}] * 200)
        mine.journal.compact()
        insert(mine)
        before, snapshot = contents(mine), (tmp_path / "data.json").read_bytes()
        assert with_largest_file(20_000, mine.journal.compact) == errno.EFBIG
        assert (tmp_path / "data.json").read_bytes() == snapshot
        assert contents(mine) == contents(other) == before
        assert with_largest_file(20_000, lambda: insert(mine)) == 0
        mine.journal.compact()
        insert(other)
        assert len(other.table("tasks")) == len(mine.table("tasks")) == 203

    assert in_a_child(work)
    assert not [name for name in files(tmp_path) if name.endswith(".tmp")]
    assert_next_write_works(tmp_path)


@pytest.mark.torture
@pytest.mark.skipif(not TORTURE or os.getuid() != 0, reason="mounts a small disk")
@pytest.mark.parametrize("left", [0, 4096, 8192, 65_536])
def test_a_real_full_disk(tmp_path, left):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        mine, other = open_db(disk, sync=sync_by_os), open_db(disk, "ben")
        mine.table("tasks").insert_multiple([{"title": LONG}] * 400)
        other.journal.compact()
        filler = disk / "filler"
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        filler.write_bytes(b"\0" * max(0, free - left))
        with pytest.raises(OSError, match="No space"):
            while True:
                insert(mine)
        before = contents(mine)
        assert contents(other) == before
        with pytest.raises(OSError, match="No space"):
            mine.journal.compact()
        assert contents(mine) == contents(other) == before
        filler.unlink()
        insert(mine)
        other.journal.compact()
        assert contents(other) == contents(mine) == assert_sound(disk)
        assert_next_write_works(disk)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


# What may only be read -------------------------------------------------------


def listing(folder):
    """Every name there is, with its mode, size and when it was written."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def reading(folder):
    """Tell whether it can be written and what is in it, then again each time one is asked."""

    def work(say, heard):
        db = open_db(folder, "ben")
        for asked in heard:
            match asked:
                case "why":
                    say(db.journal.read_only)
                case "titles":
                    say(",".join(titles(db)))
                case "write":
                    for change in (insert, compact, lambda db: db.table("tasks").update({"title": "z"}, doc_ids=[1])):
                        with pytest.raises(ReadOnly):
                            change(db)
                    say("refused")

    return work


def ask(reader, question):
    reader.tell(question)
    return reader.hear()


def others_may_read(folder):
    """The folder and its files are read, and not written, by whoever does not own them."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def others_may_add(folder):
    """Files can be made by anybody, and those there are only be read."""
    others_may_read(folder)
    folder.chmod(0o777)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
@pytest.mark.parametrize("lock", ["with a lock", "without"])
@pytest.mark.parametrize("permit", [others_may_read, others_may_add])
def test_a_project_of_others_is_read_and_followed_and_nothing_is_made_in_it(permit, lock):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = open_db(folder)
        db.table("tasks").insert({"title": "a"})
        db.journal.compact()
        db.table("tasks").insert({"title": "b"})
        if lock == "without":
            (folder / "lock").unlink()
        permit(folder)
        before = listing(folder)
        reader = by_someone_else(reading(folder))
        assert "can't be written" in ask(reader, "why")
        assert ask(reader, "titles") == "a,b"
        assert ask(reader, "write") == "refused"
        assert listing(folder) == before
        db.table("tasks").insert({"title": "c"})
        assert ask(reader, "titles") == "a,b,c"
        db.journal.compact()
        permit(folder)
        db.table("tasks").insert({"title": "d"})
        before = listing(folder)
        assert ask(reader, "titles") == "a,b,c,d"
        assert ask(reader, "write") == "refused"
        assert listing(folder) == before
        assert reader.rest() == ([], 0)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become somebody else")
def test_a_project_whose_last_line_is_unfinished_is_read_by_who_may_not_write_it():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = open_db(folder)
        db.table("tasks").insert({"title": "a"})
        with db.journal.journal_path.open("ab") as file:
            file.write(b'{"c":"123')
        others_may_read(folder)
        before = listing(folder)
        reader = by_someone_else(reading(folder))
        assert ask(reader, "titles") == "a"
        assert ask(reader, "write") == "refused"
        assert listing(folder) == before
        db.table("tasks").insert({"title": "b"})
        assert ask(reader, "titles") == "a,b"
        assert reader.rest() == ([], 0)
