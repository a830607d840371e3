"""What breaks off in the middle: an interruption at any line, a listener that fails or writes, a fork."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from store.stores import (
    NOTHING,
    TORTURE,
    assert_next_write_works,
    assert_sound,
    broken_history,
    child,
    contents,
    open_db,
)

from pmtui.store import storage

STORE = str(Path(storage.__file__).parent)
HERE_NONE_COMES = {"held", "transaction"}
"""Functions whose own lines put in order what was interrupted; the interpreter interrupts none of these."""


def interrupted(work, at):
    """Do it, interrupted where its ``at``-th line of the store is due; whether it came to that line."""
    left = at

    def trace(frame, event, _):
        nonlocal left
        if not frame.f_code.co_filename.startswith(STORE) or frame.f_code.co_name in {"close", "__del__"}:
            return None
        if event == "line" and frame.f_code.co_name not in HERE_NONE_COMES:
            left -= 1
            if left == 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return left <= 0


def several(db):
    with db.journal.transaction():
        db.table("t").update({"x": 7}, doc_ids=[1])
        db.table("t").remove(doc_ids=[2])
        db.table("t").insert({"x": 8})


@pytest.mark.parametrize("work", [several, lambda db: db.journal.pull(), lambda db: db.journal.compact()])
def test_an_interruption_at_any_line_leaves_memory_and_files_as_one(tmp_path, work):
    at, goes_on = 0, True
    while goes_on:
        at += 1 if TORTURE else 7
        folder = tmp_path / str(at)
        folder.mkdir()
        mine, theirs = open_db(folder), open_db(folder, "ben")
        mine.table("t").insert_multiple([{"x": 0}, {"x": 0}])
        goes_on = interrupted(lambda: work(theirs), at)  # noqa: B023 - called at once
        theirs.table("t").insert({"x": "ben"})
        found = assert_sound(folder)
        assert contents(theirs) == contents(mine) == found, at
        was_done = found["t"][1]["x"] == 7
        assert (2 in found["t"], [d["x"] for d in found["t"].values()].count(8)) == (not was_done, was_done)
        mine.close()
        theirs.close()
    assert at > 20


def test_a_listener_that_fails_hides_no_line_and_nothing_is_written_over_it(tmp_path):
    mine, theirs = open_db(tmp_path), open_db(tmp_path, "ben")

    def fail(_):
        raise ValueError("the listener")

    theirs.journal.listeners.append(fail)
    mine.table("t").insert_multiple([{"x": 0}])
    mine.table("t").insert({"x": 1})
    with pytest.raises(ValueError, match="listener"):
        theirs.journal.pull()
    theirs.journal.listeners.clear()
    assert theirs.table("t").insert({"x": 2}) == 3
    assert [d["x"] for d in contents(mine)["t"].values()] == [0, 1, 2]
    assert_next_write_works(tmp_path)


def test_a_listener_that_writes_when_it_is_told_anothers_change_writes_after_all_of_them(tmp_path):
    mine, theirs = open_db(tmp_path), open_db(tmp_path, "ben")
    mine.table("t").insert({"x": 0})
    theirs.journal.pull()
    told = []

    def answer(transaction):
        told.append(transaction.sequence)
        if len(told) == 1:
            theirs.table("t").insert({"x": "answer"})

    theirs.journal.listeners.append(answer)
    for n in (1, 2, 3):
        mine.table("t").update({"x": n}, doc_ids=[1])
    theirs.journal.pull()
    assert [d["x"] for d in contents(theirs)["t"].values()] == [3, "answer"]
    assert contents(theirs) == contents(mine) == assert_sound(tmp_path)


def test_a_fork_has_a_lock_of_its_own(tmp_path):
    db = open_db(tmp_path)
    db.table("t").insert({"x": "before"})
    forked = child(lambda say, heard: (say(next(heard)), [db.table("t").insert({"x": NOTHING}) for _ in range(80)]))
    forked.tell("go")
    assert forked.hear() == "go"
    for _ in range(80):
        db.table("t").insert({"x": os.getpid()})
    assert forked.rest() == ([], 0)
    assert len(assert_sound(tmp_path)["t"]) == 161


def test_a_fork_in_the_middle_of_a_transaction_does_not_take_part_in_it(tmp_path):
    db = open_db(tmp_path)
    with db.journal.transaction():
        db.table("t").insert({"x": "parent"})
        forked = child(lambda say, heard: (say(next(heard)), db.table("t").insert({"x": "child"})))
        forked.tell("go")
        assert forked.hear() == "go"
    assert forked.rest() == ([], 0)
    assert [d["x"] for d in assert_sound(tmp_path)["t"].values()] == ["parent", "child"]
    assert broken_history(db.journal) == []


def add_rows(db, count):
    for _ in range(count):
        db.table("t").insert({})


def test_threads_that_read_and_write_through_one_handle_lose_nothing_of_anybodys(tmp_path):
    db = open_db(tmp_path)
    theirs = child(lambda say, heard: (say(next(heard)), add_rows(open_db(tmp_path, "ben"), 200)))
    stop = threading.Event()

    def read():
        while not stop.is_set():
            db.journal.pull()

    def write():
        add_rows(db, 150)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(read) for _ in range(2)]
            theirs.tell("go")
            writers = [pool.submit(write) for _ in range(2)]
            try:
                failed = [thread.exception() for thread in writers]
            finally:
                stop.set()
            failed += [thread.exception() for thread in readers]
    finally:
        sys.setswitchinterval(interval)
    assert theirs.rest() == (["go"], 0)
    assert failed == [None] * 4
    db.journal.pull()
    found = assert_sound(tmp_path)
    assert contents(db) == found
    assert len(found["t"]) == 500
