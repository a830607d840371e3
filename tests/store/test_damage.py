import os
import random
import re

import pytest
from store.stores import (
    TORTURE,
    assert_next_write_works,
    assert_sound,
    broken_history,
    contents,
    files,
    lay_out,
    open_db,
)

from pmtui.store import Note, ReadOnly, StoreError

SNAPSHOT = "data.json"
JUMPY = "J*J"
"""A text of which some letters are a bit away from a newline."""


def write_three_lines(folder, user="ana"):
    """Three transactions, each with a note; what can be read before any of them, and after each."""
    db = open_db(folder, user)
    states = [contents(db)]
    for at, title in enumerate((JUMPY, "b", JUMPY)):
        with db.journal.transaction(Note(verb="edit", reason="vendor late", effect="MS-2 + 6 d")):
            db.table("tasks").insert({"title": title, "by": user})
            db.table("tasks").update({"title": title, "nr": at}, doc_ids=[1])
        states.append(contents(db))
    return db, states


def assert_refused_and_left_alone(folder, damaged_file, *states):
    """Opens read-only with what is sound, says what is wrong, and no byte of any file is touched."""
    before = files(folder)
    db = open_db(folder)
    assert db.journal.damage, damaged_file
    assert db.journal.read_only
    assert contents(db) in states
    with pytest.raises(ReadOnly):
        db.table("tasks").insert({"title": "d"})
    with pytest.raises(ReadOnly):
        db.journal.compact()
    db.close()
    assert files(folder) == before


# A line that was being written ------------------------------------------


def assert_set_aside(folder, state, torn):
    """The unfinished line is not read, is kept, and the next line is written in its place."""
    assert assert_sound(folder) == state
    assert_next_write_works(folder)
    kept = [data for name, data in files(folder).items() if "journal." not in name and name != SNAPSHOT]
    assert not torn or any(torn in data for data in kept)


def test_a_line_cut_at_any_byte_is_set_aside_and_all_others_are_there(tmp_path):
    (tmp_path / "whole").mkdir()
    db = open_db(tmp_path / "whole")
    db.table("tasks").insert({"title": "a"})
    state, journal = contents(db), db.journal.journal_path
    begin = journal.stat().st_size
    db.table("tasks").insert({"title": "b"})
    found = files(tmp_path / "whole")
    whole = found[journal.name]
    for cut in range(begin, len(whole)):
        folder = lay_out(tmp_path / str(cut), found | {journal.name: whole[:cut]})
        assert_set_aside(folder, state, whole[begin:cut])


@pytest.mark.parametrize(
    "tail",
    [b"\0", b"\0" * 4096, b'{"c":"12345678","q":4' + b"\0" * 500, random.Random(1).randbytes(6_000_000)],
    ids=["nul", "page of nul", "half a line and nul", "garbage"],
)
def test_a_tail_without_a_newline_was_never_acknowledged(tmp_path, tail):
    db, states = write_three_lines(tmp_path)
    tail = tail.replace(b"\n", b" ")
    with db.journal.journal_path.open("ab") as file:
        file.write(tail)
    db.close()
    assert_set_aside(tmp_path, states[-1], tail)


# Flipped bits -----------------------------------------------------------


PARTS = {
    "prefix": rb'^\{"c":"',
    "checksum": rb'(?<=^\{"c":")[0-9a-f]+(?=")',
    "sequence": rb'(?<=,)"q":\d+',
    "time": rb'(?<=,)"t":\d+',
    "user": rb'(?<=,)"u":"ana"',
    "session": rb'(?<=,)"s":"ana-1"',
    "note": rb'(?<=,)"n":\{.*?\}',
    "operations": rb'(?<=,)"o":.*$',
}


def flips(begin, end):
    """Every bit of every byte, or where time is short one of each byte."""
    for place in range(begin, end):
        for bit in range(8) if TORTURE else [place % 8]:
            yield place, 1 << bit


def flipped(data, place, bit):
    return data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]


@pytest.mark.parametrize("at", [0, 1, 2], ids=["first", "middle", "last"])
@pytest.mark.parametrize("part", PARTS)
def test_a_flipped_bit_is_seen_and_what_came_before_is_read(tmp_path, part, at):
    db, states = write_three_lines(tmp_path)
    db.close()
    path = db.journal.journal_path
    data = path.read_bytes()
    line = data.splitlines(keepends=True)[at]
    begin = sum(map(len, data.splitlines(keepends=True)[:at]))
    found = re.search(PARTS[part], line)
    for place, bit in flips(begin + found.start(), begin + found.end()):
        path.write_bytes(flipped(data, place, bit))
        assert_refused_and_left_alone(tmp_path, (place, bit), states[at])


@pytest.mark.parametrize("at", [0, 1], ids=["first", "middle"])
@pytest.mark.parametrize("bit", range(8))
def test_a_newline_flipped_between_two_lines_is_seen(tmp_path, at, bit):
    db, states = write_three_lines(tmp_path)
    db.close()
    path = db.journal.journal_path
    data = path.read_bytes()
    place = [found.start() for found in re.finditer(b"\n", data)][at]
    path.write_bytes(flipped(data, place, 1 << bit))
    assert_refused_and_left_alone(tmp_path, (place, bit), states[at])


@pytest.mark.parametrize("bit", range(8))
def test_the_last_newline_flipped_is_seen_and_the_line_is_no_unfinished_one(tmp_path, bit):
    db, states = write_three_lines(tmp_path)
    db.close()
    path = db.journal.journal_path
    data = path.read_bytes()
    path.write_bytes(flipped(data, len(data) - 1, 1 << bit))
    assert_refused_and_left_alone(tmp_path, bit, states[2])


@pytest.mark.parametrize("at", [0, 2], ids=["first", "last"])
@pytest.mark.parametrize("letter", JUMPY[:2])
def test_a_letter_flipped_into_a_newline_is_seen(tmp_path, letter, at):
    db, states = write_three_lines(tmp_path)
    db.close()
    path = db.journal.journal_path
    data = path.read_bytes()
    begin = sum(map(len, data.splitlines(keepends=True)[:at]))
    place = data.index(letter.encode(), begin)
    bit = ord(letter) ^ ord("\n")
    assert bit.bit_count() == 1
    path.write_bytes(flipped(data, place, bit))
    assert_refused_and_left_alone(tmp_path, letter, states[at])


@pytest.mark.parametrize("written_since", [False, True], ids=["new journal empty", "new journal written"])
def test_a_flipped_bit_in_an_older_journal_is_seen_by_the_history(tmp_path, written_since):
    db, _ = write_three_lines(tmp_path)
    db.journal.compact()
    if written_since:
        db.table("tasks").insert({"title": "since"})
    older = db.journal.journals()[0]
    data = older.read_bytes()
    assert broken_history(db.journal) == []
    unseen = []
    for place, bit in flips(0, len(data)):
        older.write_bytes(flipped(data, place, bit))
        if not broken_history(db.journal):
            unseen.append((place, bit))
    assert unseen == []


def missing_line(lines):
    return lines[:-1]


def no_lines(lines):
    return []


def half_a_line(lines):
    return [*lines[:-1], lines[-1][:20]]


@pytest.mark.parametrize("change", [missing_line, no_lines, half_a_line])
def test_an_older_journal_that_ends_too_soon_is_seen_by_the_history(tmp_path, change):
    db, _ = write_three_lines(tmp_path)
    db.journal.compact()
    older = db.journal.journals()[0]
    older.write_bytes(b"".join(change(older.read_bytes().splitlines(keepends=True))))
    assert broken_history(db.journal)


def stated_time(data):
    """Where a snapshot says when it was written; none is found where it does not."""
    return re.search(rb'"written":\d+|$', data)


@pytest.mark.parametrize("written_since", [False, True], ids=["journal empty", "journal written"])
def test_a_flipped_bit_in_the_snapshot_is_seen_and_the_journals_still_tell_all(tmp_path, written_since):
    db, _ = write_three_lines(tmp_path)
    db.journal.compact()
    if written_since:
        db.table("tasks").insert({"title": "since"})
    state = contents(db)
    db.close()
    path = tmp_path / SNAPSHOT
    data, times = path.read_bytes(), path.stat()
    before = files(tmp_path)
    unseen = []
    for place, bit in flips(0, len(data)):
        if stated_time(data).start() <= place < stated_time(data).end():
            continue
        broken = flipped(data, place, bit)
        path.write_bytes(broken)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        try:
            again = open_db(tmp_path)
        except StoreError:
            continue
        if not again.journal.damage or not again.journal.read_only or contents(again) != state:
            unseen.append((place, bit, broken[max(0, place - 10) : place + 10]))
        again.close()
        assert files(tmp_path) == before | {SNAPSHOT: broken}
    assert unseen == []


def test_a_flipped_bit_in_the_time_a_snapshot_states_changes_no_document(tmp_path):
    """It looks like an edit by hand, that changed nothing."""
    db, states = write_three_lines(tmp_path)
    db.journal.compact()
    db.close()
    found, times = files(tmp_path), (tmp_path / SNAPSHOT).stat()
    stated = stated_time(found[SNAPSHOT])
    for place, bit in flips(stated.start(), stated.end()):
        folder = tmp_path / f"{place}.{bit}"
        lay_out(folder, found | {SNAPSHOT: flipped(found[SNAPSHOT], place, bit)})
        os.utime(folder / SNAPSHOT, ns=(times.st_atime_ns, times.st_mtime_ns))
        db = open_db(folder)
        assert contents(db) == states[-1]
        if not db.journal.damage:
            assert_next_write_works(folder)


# Lines that are not where they were written ------------------------------


def swapped(lines, foreign):
    return [lines[1], lines[0], lines[2]]


def swapped_at_the_end(lines, foreign):
    return [lines[0], lines[2], lines[1]]


def without_the_first(lines, foreign):
    return lines[1:]


def without_the_second(lines, foreign):
    return [lines[0], lines[2]]


def last_twice(lines, foreign):
    return [*lines, lines[2]]


def first_twice(lines, foreign):
    return [lines[0], *lines]


def empty_line(lines, foreign):
    return [lines[0], b"\n", *lines[1:]]


def first_of_another_project(lines, foreign):
    return [foreign[0], *lines[1:]]


def second_of_another_project(lines, foreign):
    return [lines[0], foreign[1], lines[2]]


def last_of_another_project(lines, foreign):
    return [*lines[:2], foreign[2]]


def one_more_of_another_project(lines, foreign):
    return [*lines, foreign[0]]


def nul_between(lines, foreign):
    return [lines[0], b"\0" * 512, *lines[1:]]


SOUND_LINES = {
    swapped: 0,
    swapped_at_the_end: 1,
    without_the_first: 0,
    without_the_second: 1,
    last_twice: 3,
    first_twice: 1,
    empty_line: 1,
    first_of_another_project: 0,
    second_of_another_project: 1,
    last_of_another_project: 2,
    one_more_of_another_project: 3,
    nul_between: 1,
}


@pytest.mark.parametrize("change", SOUND_LINES)
def test_a_line_that_does_not_follow_on_the_one_before_is_seen(tmp_path, change):
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
    db, states = write_three_lines(tmp_path / "mine")
    other, _ = write_three_lines(tmp_path / "theirs", "ben")
    db.close()
    path = db.journal.journal_path
    lines, foreign = (p.read_bytes().splitlines(keepends=True) for p in (path, other.journal.journal_path))
    path.write_bytes(b"".join(change(lines, foreign)))
    # a first line of another project fits as far as it goes, where the chains begin alike
    allowed = {first_of_another_project: [states[0], contents_after(other, foreign[:1], tmp_path)]}
    assert_refused_and_left_alone(
        tmp_path / "mine", change.__name__, *allowed.get(change, [states[SOUND_LINES[change]]])
    )


def contents_after(db, lines, tmp_path):
    """What a project's first lines make of an empty one."""
    found = files(db.journal.folder) | {db.journal.journal_path.name: b"".join(lines)}
    return contents(open_db(lay_out(tmp_path / "alone", found)))
