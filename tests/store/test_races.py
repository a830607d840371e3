import os
from functools import partial
from itertools import count

import pytest
from store.stores import (
    TORTURE,
    assert_next_write_works,
    assert_sound,
    begin_count,
    child,
    contents,
    count_up,
    counted,
    intercept_reading,
    open_db,
)

from pmtui.store.history import transactions

COUNT = 500 if TORTURE else 60
FOUR = ("ana", "ben", "cem", "dea")


def ended_well(children):
    """What they said, once all have ended by themselves."""
    ends = [each.rest() for each in children]
    assert [status for _, status in ends] == [0] * len(children)
    return [[int(line) for line in lines] for lines, _ in ends]


def counting(folder, user, say, heard):
    db = open_db(folder, user, sync=os.fdatasync)
    for _ in range(COUNT):
        say(count_up(db, user))


def compacting(folder, user, times, say, heard):
    db = open_db(folder, user, sync=os.fdatasync)
    for _ in range(times):
        db.journal.compact()
        say(db.journal.sequence)


def assert_counted(folder, reader, ids, writers):
    """Every increment is there once, for a new reader and for one that looked on, and the history tells each."""
    total = COUNT * len(writers)
    found = assert_sound(folder)
    assert counted(reader) == total
    assert contents(reader) == found
    assert sorted(ids) == list(range(1, total + 1)) == sorted(found["rows"])
    assert [t.sequence for t in transactions(reader.journal)] == list(range(1, total + 2))
    assert_next_write_works(folder)


def test_four_processes_count_and_none_is_lost(tmp_path):
    begin_count(tmp_path)
    reader = open_db(tmp_path, "reader")
    said = ended_well([child(partial(counting, tmp_path, user)) for user in FOUR])
    assert_counted(tmp_path, reader, [number for ids in said for number in ids], FOUR)
    for user, ids in zip(FOUR, said, strict=True):
        assert ids == [row.doc_id for row in reader.table("rows").all() if row["by"] == user]


def test_two_compact_at_once_while_two_write(tmp_path):
    begin_count(tmp_path)
    reader = open_db(tmp_path, "reader")
    compactors = [child(partial(compacting, tmp_path, user, COUNT // 2)) for user in ("cem", "dea")]
    writers = [child(partial(counting, tmp_path, user)) for user in FOUR[:2]]
    while writers[0].hear():
        assert counted(reader) <= 2 * COUNT
    said = ended_well([*writers, *compactors])[:2]
    ids = {row.doc_id for row in reader.table("rows").all() if row["by"] == "ana"} | set(said[1])
    assert_counted(tmp_path, reader, ids, FOUR[:2])
    assert len(open_db(tmp_path).journal.journals()) == 2 * (COUNT // 2) + 1


def write(other):
    other.table("rows").insert({"by": "ben"})


def compact_and_write(other):
    other.journal.compact()
    write(other)


def compact_twice_and_write(other):
    other.journal.compact()
    write(other)
    compact_and_write(other)


def opens(folder, mine):
    return open_db(folder)


def looks(folder, mine):
    mine.journal.pull()
    return mine


@pytest.mark.parametrize("meanwhile", [write, compact_and_write, compact_twice_and_write])
@pytest.mark.parametrize("reads", [opens, looks])
def test_who_reads_while_somebody_writes_or_compacts_reads_on(tmp_path, monkeypatch, reads, meanwhile):
    for last in count(1):
        folder = tmp_path / str(last)
        folder.mkdir()
        begin_count(folder)
        mine, other, calls = open_db(folder), open_db(folder, "ben"), [0]
        write(other)

        def overtake(other=other, calls=calls, last=last):
            calls[0] += 1
            if calls[0] == last:
                meanwhile(other)

        with monkeypatch.context() as patched:
            intercept_reading(lambda name, call, patched=patched: patched.setattr(os, name, call), overtake)
            reader = reads(folder, mine)
        assert (reader.journal.damage, reader.journal.read_only) == ("", ""), f"overtaken at call {last}"
        assert contents(reader) == contents(other) == assert_sound(folder)
        assert reader.table("rows").insert({"by": "ana"}) > len(other.table("rows")) - 1
        assert contents(reader) == contents(other)
        if calls[0] < last:
            break
    assert last > 2


@pytest.mark.parametrize("times", [1, 30])
def test_a_writer_that_never_rests_keeps_nobody_out(tmp_path, times):
    begin_count(tmp_path)

    def hungry(say, heard):
        db = open_db(tmp_path, "ben")
        say("begun")
        while True:
            count_up(db, "ben")

    hog = child(hungry)
    assert hog.hear() == "begun"
    mine = open_db(tmp_path)
    try:
        for _ in range(times):
            before = counted(mine)
            assert count_up(mine, "ana") - before < 1000
    finally:
        hog.kill()
    assert_sound(tmp_path)
