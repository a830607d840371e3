import os
import random
import signal
from itertools import count

import pytest
from store.stores import (
    assert_next_write_works,
    assert_sound,
    begin_count,
    child,
    contents,
    count_up,
    counted,
    files,
    half_a_write,
    intercept,
    lay_out,
    open_db,
    seeds,
    spin,
    sync_by_os,
)


def counting(folder, user, seed):
    def work(say, heard):
        pick = random.Random(seed)
        db = open_db(folder, user, sync=os.fdatasync)
        while True:
            say(count_up(db, user))
            spin(pick, 20_000)
            if pick.random() < 0.3:
                db.journal.compact()

    return work


@pytest.mark.parametrize("seed", seeds(3, 200))
def test_what_was_acknowledged_outlives_any_kill(tmp_path, seed):
    pick = random.Random(seed)
    begin_count(tmp_path)
    acknowledged = []
    for kills in range(2, 12, 2):
        writers = [child(counting(tmp_path, user, pick.random())) for user in ("ana", "ben")]
        for _ in range(pick.randrange(12)):
            acknowledged.append(int(pick.choice(writers).hear()))
        spin(pick, 50_000)
        for writer in writers:
            acknowledged += map(int, writer.kill())
        assert set(acknowledged) <= assert_sound(tmp_path).get("rows", {}).keys()
        assert len(set(acknowledged)) == len(acknowledged)
        with open_db(tmp_path) as db:
            assert len(acknowledged) <= counted(db) <= len(acknowledged) + kills
        assert_next_write_works(tmp_path)


STEPS = (
    lambda db: db.table("tasks").insert({"title": "a"}),
    lambda db: db.table("tasks").insert_multiple([{"title": "x" * 300}, {"title": "y" * 300}]),
    lambda db: db.journal.compact(),
    lambda db: db.table("tasks").update({"title": "b"}, doc_ids=[1]),
    lambda db: db.table("tasks").remove(doc_ids=[2]),
    lambda db: db.journal.compact(),
    lambda db: db.table("risks").insert({"title": "c"}),
)


def dying_at(folder, last, *, half):
    """Open and take the steps, and die at the call of that number, before it or half-way through what it writes."""

    def work(say, heard):
        calls = count(1)

        def step(name, real, args, kwargs):
            if next(calls) == last:
                if half:
                    half_a_write(name, real, args)
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        intercept(lambda name, call: setattr(os, name, call), step)
        db = open_db(folder, sync=sync_by_os)
        for step_taken in STEPS:
            step_taken(db)
            say("done")

    return work


def states_on_the_way(folder):
    """What can be read before any step, and after each."""
    db = open_db(folder)
    states = [contents(db)]
    for step in STEPS:
        step(db)
        states.append(contents(db))
    return states


def torn(folder):
    """A project with an older journal, and a line that was being written when somebody died."""
    db = open_db(folder)
    db.table("tasks").insert({"title": "0"})
    db.table("tasks").remove(doc_ids=[1])
    db.journal.compact()
    db.table("people").insert({"name": "ana"})
    with db.journal.journal_path.open("ab") as file:
        file.write(b'{"c":"12345678","q":9,"t":17')


@pytest.mark.parametrize("half", [False, True], ids=["before", "half-way"])
@pytest.mark.parametrize("begin", [lambda _: None, torn], ids=["new", "torn"])
def test_a_kill_at_every_call_loses_nothing_acknowledged(tmp_path, begin, half):
    (tmp_path / "begin").mkdir()
    begin(tmp_path / "begin")
    found = files(tmp_path / "begin")
    states = states_on_the_way(lay_out(tmp_path / "states", {"data.json": b""} | found))
    for last in count(1):
        folder = tmp_path / str(last)
        folder.mkdir()
        said, status = child(dying_at(lay_out(folder, found), last, half=half)).rest()
        assert assert_sound(folder) in states[len(said) : len(said) + 2], f"killed at call {last}"
        assert_next_write_works(folder)
        if status != -signal.SIGKILL:
            break
    assert (status, len(said)) == (0, len(STEPS))
    assert last > 4 * len(STEPS)
