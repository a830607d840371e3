import os
import random

import pytest
from store.powercut import SECTOR, Recorder, acknowledged, after_power_cut, is_durable
from store.stores import (
    TORTURE,
    assert_next_write_works,
    assert_sound,
    contents,
    files,
    lay_out,
    open_db,
    seeds,
    sync_by_os,
)

STATES = 1000 if TORTURE else 150

STEPS = (
    lambda mine, other: mine.table("tasks").insert({"title": "a"}),
    lambda mine, other: mine.table("tasks").insert_multiple([{"title": c * 150} for c in "abcdefghijkl"]),
    lambda mine, other: mine.table("tasks").update({"title": "b"}, doc_ids=[1]),
    lambda mine, other: mine.journal.compact(),
    lambda mine, other: other.table("tasks").remove(doc_ids=[2, 3]),
    lambda mine, other: mine.table("risks").insert({"title": "c" * 700}),
    lambda mine, other: other.journal.compact(),
    lambda mine, other: other.journal.compact(),
    lambda mine, other: mine.table("tasks").update({"title": "d" * 600}),
    lambda mine, other: other.table("tasks").insert({"title": "e"}),
)


def new(folder):
    """Nothing was there before."""


def torn(folder):
    """A project with an older journal, and a line that was being written when somebody died."""
    db = open_db(folder)
    db.table("tasks").insert({"title": "0"})
    db.journal.compact()
    db.table("people").insert({"name": "ana"})
    with db.journal.journal_path.open("ab") as file:
        file.write(b'{"c":"12345678","q":9,"t":17' + b"z" * 1500)
    db.close()


def in_some_order(seed):
    """The steps as they stand, or of another seed in another order, some of them again."""
    return STEPS if seed == 0 else random.Random(seed).choices(STEPS, k=12)


def recorded(folder, steps=STEPS):
    """The steps taken, what can be read after each, and all that was written on the way."""
    recorder = Recorder(folder)
    with pytest.MonkeyPatch.context() as patched:
        recorder.record(lambda name, call: patched.setattr(os, name, call))
        handles = [open_db(folder, user, sync=sync_by_os) for user in ("ana", "ben")]
        states = [contents(handles[0])]
        recorder.acknowledge(0)
        for at, step in enumerate(steps, 1):
            step(*handles)
            recorder.acknowledge(at)
            states.append(contents(handles[0]))
    return recorder, states


@pytest.mark.parametrize("begin", [new, torn])
@pytest.mark.parametrize("order", seeds(1, 12))
def test_a_power_cut_at_any_moment_loses_nothing_acknowledged(tmp_path, begin, order):
    folder = tmp_path / "recorded"
    folder.mkdir()
    begin(folder)
    recorder, states = recorded(folder, in_some_order(order))
    events, seen = recorder.events, set()
    for seed in range(STATES):
        pick = random.Random(seed)
        length = pick.randrange(len(events)) + 1
        disk = after_power_cut(recorder.begin, events[:length], pick, pick.choice([0, 0.2, 0.8, 1]))
        state = (tuple(sorted(disk.names.items())), tuple(sorted(disk.files.items())), length)
        if state in seen:
            continue
        seen.add(state)
        found = tmp_path / str(seed)
        disk.lay_out(found)
        done = acknowledged(events[:length])
        assert assert_sound(found) in states[done : done + 2], (order, seed, length)
        assert_next_write_works(found)
    assert len(seen) > 75


def test_a_line_whose_newline_alone_did_not_reach_the_disk_is_unfinished(tmp_path):
    """The newline is the first byte of a sector that was allotted and not written: NUL, and no flipped newline."""
    with open_db(tmp_path) as db:
        db.table("tasks").insert({"title": ""})
        state, begin = contents(db), db.journal.journal_path.stat().st_size
        db.table("tasks").insert({"title": ""})
        length = db.journal.journal_path.stat().st_size - begin
    found = files(tmp_path)
    journal = db.journal.journal_path.name
    padded = lay_out(tmp_path / "padded", found | {journal: found[journal][:begin]})
    with open_db(padded) as db:
        db.table("tasks").insert({"title": "x" * ((1 - begin - length) % SECTOR)})
    whole = (padded / journal).read_bytes()
    assert len(whole) % SECTOR == 1
    (padded / journal).write_bytes(whole[:-1] + b"\0")
    assert assert_sound(padded) == state
    assert_next_write_works(padded)


def test_what_is_acknowledged_was_synced(tmp_path):
    """The recorder sees what the promise rests on: with the last sync left out, the last line may be lost."""
    recorder, states = recorded(tmp_path)
    events = recorder.events
    last = max(at for at, event in enumerate(events) if type(event).__name__ == "Sync")
    assert all(is_durable(event, events[at + 1 :]) for at, event in enumerate(events) if wrote_journal(event))
    disk = after_power_cut(recorder.begin, events[:last], random.Random(0), 0)
    disk.lay_out(tmp_path / "cut")
    assert assert_sound(tmp_path / "cut") == states[-2]


def wrote_journal(event):
    return b'"o":[[' in getattr(event, "data", b"")


def test_the_recorder_replays_to_what_is_there(tmp_path):
    begin = lay_out(tmp_path / "begin", {"data.json": b"{}\n"})
    recorder, _ = recorded(begin)
    after_power_cut(recorder.begin, recorder.events, random.Random(0), 1).lay_out(tmp_path / "again")
    assert files(tmp_path / "again") == files(begin)
