import datetime as dt
import os
import threading

import pytest
from store.stores import TORTURE, files, open_db

from pmtui.store import rawfiles
from pmtui.store.damage.inspect import inspect
from pmtui.store.snapshot import Meta, read_snapshot, write_snapshot


def busy(folder):
    """Four changes in an older journal, four in the one in use: numbers 1 to 8, lines 1 to 4 of each."""
    folder.mkdir(exist_ok=True)
    db = open_db(folder)
    for title in "abcd":
        db.table("tasks").insert({"title": title})
    db.journal.compact()
    for number in range(1, 5):
        db.table("tasks").update({"title": f"t{number}"}, doc_ids=[number])
    db.close()
    return folder


def lines_of(journal):
    return journal.read_bytes().splitlines(keepends=True)


def found_in(folder, damage=True):
    return [(f.kind, f.place) for f in inspect(folder).findings if f.damage is damage]


def words_of(folder):
    return " ".join(f.words for f in inspect(folder).findings)


def test_a_whole_store_has_nothing_to_tell(tmp_path):
    found = inspect(busy(tmp_path))
    assert (found.findings, found.sequence) == ((), 8)


def test_nothing_is_changed_by_looking(tmp_path):
    journal = busy(tmp_path) / "journal.000002.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"t2", b"w9") + b'{"c":"unfinished')
    before = {name: (data, (tmp_path / name).stat().st_mtime_ns) for name, data in files(tmp_path).items()}
    inspect(tmp_path)
    assert {name: (data, (tmp_path / name).stat().st_mtime_ns) for name, data in files(tmp_path).items()} == before


@pytest.mark.parametrize(
    ("hurt", "kind", "place"),
    [
        (lambda x: [x[0], x[1].replace(b"t2", b"w9"), *x[2:]], "altered line", "journal.000002.jsonl line 2, byte {1}"),
        (lambda x: [x[0], b"\0" * len(x[1][1:]) + b"\n", *x[2:]], "altered line", "journal.000002.jsonl line 2, byte {1}"),
        (lambda x: [x[0], *x[2:]], "missing line", "after journal.000002.jsonl line 1 and before journal.000002.jsonl line 2"),
        (lambda x: [x[0], x[2], x[1], x[3]], "line out of place", "journal.000002.jsonl line 3, byte {b}"),
        (lambda x: [x[0], x[1], x[1], *x[2:]], "line twice", "journal.000002.jsonl line 3, byte {2}"),
        (lambda x: [x[0], b"hello\n", *x[1:]], "line from elsewhere", "journal.000002.jsonl line 2, byte {1}"),
    ],
    ids=["flipped bytes", "zeros", "missing", "swapped", "twice", "foreign"],
)  # fmt: skip
def test_each_thing_that_befalls_a_line_has_its_name_and_place(tmp_path, hurt, kind, place):
    journal = busy(tmp_path) / "journal.000002.jsonl"
    lines = lines_of(journal)
    starts = [sum(map(len, lines[:n])) for n in range(5)]
    journal.write_bytes(b"".join(hurt(lines)))
    byte = {"1": starts[1], "2": starts[2], "b": starts[1] + len(lines[2])}
    wanted = place.replace("{1}", str(byte["1"])).replace("{2}", str(byte["2"])).replace("{b}", str(byte["b"]))
    assert (kind, wanted) in found_in(tmp_path)
    assert {k for k, _ in found_in(tmp_path)} <= {kind, "line after a gap"}


def test_an_altered_line_tells_its_change_and_what_is_shown(tmp_path):
    journal = busy(tmp_path) / "journal.000002.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"t3", b"w8"))
    (found,) = inspect(tmp_path).findings
    assert found.words == (
        "journal.000002.jsonl line 3 (change 7 by ana, Tue 14 Nov 2023 22:13) was altered after it was written, "
        "as the line after it proves; changes up to 6 are shown, read-only"
    )
    assert "check --repair" in found.remedy


def test_one_flipped_bit_is_found(tmp_path):
    journal = busy(tmp_path) / "journal.000002.jsonl"
    for at in range(0, journal.stat().st_size, 1 if TORTURE else 9):
        data = bytearray(journal.read_bytes())
        data[at] ^= 1 << at % 8
        journal.write_bytes(bytes(data))
        found = inspect(tmp_path)
        assert found.is_damaged, at
        assert {f.kind for f in found.findings} == {"altered line"}, at
        data[at] ^= 1 << at % 8
        journal.write_bytes(bytes(data))
    assert not inspect(tmp_path).findings


def test_lines_that_are_gone_are_told_by_their_numbers(tmp_path):
    journal = busy(tmp_path) / "journal.000002.jsonl"
    lines = lines_of(journal)
    journal.write_bytes(lines[0] + lines[3])
    assert "changes 6 to 7 are missing" in words_of(tmp_path)
    assert "changes up to 5 are shown" in words_of(tmp_path)


def test_damage_to_older_journals_leaves_what_is_there_today(tmp_path):
    journal = busy(tmp_path) / "history" / "journal.000001.jsonl"
    journal.write_bytes(b"".join(lines_of(journal)[1:]))
    assert "change 1 is missing" in words_of(tmp_path)
    assert "what is there today is whole" in words_of(tmp_path)
    journal.unlink()
    assert "changes 1 to 4 are missing" in words_of(tmp_path)


def test_a_line_from_another_project_is_no_line_of_ours(tmp_path):
    other = busy(tmp_path / "other") / "journal.000002.jsonl"
    journal = busy(tmp_path / "ours") / "journal.000002.jsonl"
    lines, foreign = lines_of(journal), lines_of(other)
    foreign = [line.replace(b"ana", b"eve").replace(b"22", b"33") for line in foreign]
    journal.write_bytes(b"".join([*lines[:2], foreign[1], *lines[2:]]))
    assert [kind for kind, _ in found_in(tmp_path / "ours")] == ["line from elsewhere"]


@pytest.mark.parametrize(
    ("tail", "kind", "words"),
    [(b'{"c":"12', "torn tail", "8 bytes, never acknowledged"), (b"\0" * 9, "zero-filled tail", "9 zero bytes")],
)
def test_what_was_never_acknowledged_is_no_damage(tmp_path, tail, kind, words):
    journal = busy(tmp_path) / "journal.000002.jsonl"
    with journal.open("ab") as file:
        file.write(tail)
    assert [k for k, _ in found_in(tmp_path, damage=False)] == [kind]
    assert words in words_of(tmp_path)
    assert not inspect(tmp_path).is_damaged


def test_a_snapshot_saved_by_hand_is_no_damage_and_its_changes_are_told(tmp_path):
    busy(tmp_path)
    path = tmp_path / "data.json"
    path.write_bytes(path.read_bytes().replace(b'"title":"d"', b'"title":"z"'))
    found = inspect(tmp_path)
    assert not found.is_damaged
    assert [f.words for f in found.findings] == [
        "data.json was edited outside pmtui",
        'data.json: tasks 4: title "d" → "z"',
    ]


def test_a_snapshot_whose_bytes_altered_by_themselves_is_damage(tmp_path):
    busy(tmp_path)
    path = tmp_path / "data.json"
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"title":"d"', b'"title":"z"'))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert found_in(tmp_path) == [("altered snapshot", "data.json"), ("altered snapshot", "tasks 4")]


def test_an_edit_that_can_not_be_told_is_damage(tmp_path):
    busy(tmp_path)
    path = tmp_path / "data.json"
    path.write_bytes(path.read_bytes().replace(b'"title":"d"', b'"title":"z"'))
    (tmp_path / "history" / "journal.000001.jsonl").unlink()
    assert ("hand-edited snapshot", "data.json") in found_in(tmp_path)


def test_a_snapshot_that_is_gone_unreadable_emptied_or_older(tmp_path):
    busy(tmp_path)
    path = tmp_path / "data.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    assert found_in(tmp_path) == [("altered snapshot", "data.json")]
    path.write_bytes(b"")
    assert found_in(tmp_path) == [("replaced snapshot", "data.json")]
    path.unlink()
    assert found_in(tmp_path) == [("missing snapshot", "data.json")]
    path.write_bytes(whole)
    os.utime(path, ns=(0, read_snapshot(path).meta.written * 1_000_000))
    db = open_db(tmp_path)
    db.journal.compact()
    db.table("tasks").insert({"title": "e"})
    db.close()
    path.write_bytes(whole)
    assert ("older snapshot", "data.json") in found_in(tmp_path)


def test_a_snapshot_of_another_project_does_not_follow(tmp_path):
    ours, theirs = busy(tmp_path / "ours"), tmp_path / "theirs"
    theirs.mkdir()
    db = open_db(theirs)
    for title in "vwxy":
        db.table("risks").insert({"title": title})
    db.journal.compact()
    db.close()
    (ours / "data.json").unlink()
    (theirs / "data.json").rename(ours / "data.json")
    assert found_in(ours) == [("older snapshot", "data.json")]
    assert "from elsewhere" in words_of(ours)


def test_a_journal_that_is_gone(tmp_path):
    (busy(tmp_path) / "journal.000002.jsonl").unlink()
    assert found_in(tmp_path) == [("missing journal", "journal.000002.jsonl")]


def test_a_newer_format_is_told_and_not_judged(tmp_path):
    write_snapshot(tmp_path / "data.json", Meta(format=99, generation=1), {})
    (found,) = inspect(tmp_path).findings
    assert (found.kind, found.remedy) == ("newer format", "update pmtui")


def test_links_and_pipes_are_told_and_not_read(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = busy(tmp_path / "p")
    (folder / "data.json").unlink()
    (folder / "data.json").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "journal.000003.jsonl")
    os.mkfifo(folder / "lock.pipe")
    found = found_in(folder)
    assert {("strange file", "data.json"), ("strange file", "journal.000003.jsonl")} <= set(found)
    assert ("strange file", "lock.pipe") in found_in(folder, damage=False)
    assert "secret" not in words_of(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_a_file_of_somebody_who_has_no_business_there(tmp_path):
    folder = busy(tmp_path)
    os.chown(folder / "history" / "journal.000001.jsonl", 65534, 65534)
    assert "who has no business there" in words_of(folder)
    assert inspect(folder).is_damaged


def test_what_was_left_over_is_a_note(tmp_path):
    folder = busy(tmp_path)
    for name in (".data.json.99.tmp", "torn.000002.10.0", "journal.000003.left.5", "journal.000003.jsonl"):
        (folder / name).write_bytes(b"")
    assert len(found_in(folder, damage=False)) == 4
    assert not inspect(folder).is_damaged


def test_a_kept_snapshot_that_was_altered_is_told_and_an_edit_kept_aside_is_not(tmp_path):
    db = open_db(busy(tmp_path))
    kept = db.journal.keep_day(dt.date(2026, 11, 22))
    db.close()
    (kept.parent / "2026-11-22-edited-outside.json").write_bytes(kept.read_bytes().replace(b"t1", b"z9"))
    assert not inspect(tmp_path).findings
    kept.write_bytes(kept.read_bytes().replace(b"t1", b"z9"))
    assert found_in(tmp_path) == [("altered kept snapshot", "2026-11-22.json")]


def test_no_damage_is_told_of_a_project_that_somebody_writes_and_compacts(tmp_path):
    folder = busy(tmp_path)
    stop = threading.Event()

    def write():
        db = open_db(folder, "ben")
        count = 0
        while not stop.is_set():
            db.table("tasks").insert({"title": "x" * 500})
            count += 1
            if count % 5 == 0:
                db.journal.compact()
        db.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(25):
            found = inspect(folder)
            assert not found.is_damaged, found.findings
    finally:
        stop.set()
        writer.join()
    assert inspect(folder).sequence > 8


def test_a_compaction_while_it_is_read_is_seen(tmp_path, monkeypatch):
    folder = busy(tmp_path)
    db = open_db(folder, "ben")
    read, calls = rawfiles.read_plain, []

    def read_and_be_overtaken(path):
        found = read(path)
        calls.append(path)
        if len(calls) == 1:
            db.table("tasks").insert({"title": "e"})
            db.journal.compact()
            db.table("tasks").insert({"title": "f"})
        return found

    monkeypatch.setattr(rawfiles, "read_plain", read_and_be_overtaken)
    found = inspect(folder)
    assert (found.findings, found.sequence) == ((), 10)
