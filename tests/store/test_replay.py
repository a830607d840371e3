import shutil

import pytest
from msgspec.structs import replace as having

from pmtui.store import Author, ProjectDB
from pmtui.store.replay import replay
from pmtui.store.snapshot import Meta, read_snapshot, write_snapshot

ANA = Author("ana", "s1")


def open_db(folder, name="data.json"):
    return ProjectDB(folder / name, author=ANA, stamps=True, clock=lambda: 1_700_000_000_000)


def documents(db):
    return {name: dict(db.journal.documents(name)) for name in db.journal.table_names()}


def busy(folder, name="data.json"):
    """Five changes over two journals, and what the documents were after each."""
    db = open_db(folder, name)
    states = [documents(db)]
    steps = [
        lambda: db.table("tasks").insert({"title": "a", "n": 1}),
        lambda: db.table("tasks").insert_multiple([{"title": "b"}, {"title": "c"}]),
        lambda: db.table("tasks").update({"title": "a2"}, doc_ids=[1]),
        lambda: db.table("tasks").remove(doc_ids=[2]),
        lambda: db.table("risks").insert({"title": "r"}),
    ]
    for count, step in enumerate(steps):
        if count == 3:
            db.journal.compact()
        step()
        states.append(documents(db))
    db.close()
    return states


def keep(folder, sequence):
    """A snapshot kept at a moment, as the storage keeps one."""
    state = replay(folder, upto=sequence)
    generation = 1 if sequence < 3 else 2
    meta = Meta(generation=generation, sequence=sequence, next=state.next, chain=state.chain, stamps=True)
    (folder / "kept").mkdir(exist_ok=True)
    write_snapshot(folder / "kept" / f"2026-11-{sequence:02d}.json", meta, state.tables)


def test_every_moment_is_rebuilt_without_the_snapshot(tmp_path):
    states = busy(tmp_path)
    (tmp_path / "data.json").unlink()
    for sequence, expected in enumerate(states):
        found = replay(tmp_path, upto=sequence)
        assert (found.tables, found.sequence) == (expected, sequence)
    assert replay(tmp_path).tables == states[-1]
    assert replay(tmp_path, upto=6) is None
    assert replay(tmp_path).next == {"tasks": 4, "risks": 2}


def test_the_state_is_that_of_the_snapshot(tmp_path):
    busy(tmp_path)
    open_db(tmp_path).journal.compact()
    snapshot, found = read_snapshot(tmp_path / "data.json"), replay(tmp_path)
    assert (found.tables, found.next) == (snapshot.tables, snapshot.meta.next)
    assert (found.sequence, found.chain) == (snapshot.meta.sequence, snapshot.meta.chain)


def test_stamps_are_written_where_the_store_keeps_them(tmp_path):
    busy(tmp_path)
    assert replay(tmp_path).tables["risks"]["1"]["created_by"] == "ana"
    assert replay(tmp_path, stamps=False).tables["risks"]["1"] == {"title": "r"}


@pytest.mark.parametrize("kept", [1, 2, 3, 4, 5])
def test_a_kept_snapshot_stands_for_the_journals_before_it(tmp_path, kept):
    states = busy(tmp_path)
    keep(tmp_path, kept)
    if kept >= 3:
        shutil.rmtree(tmp_path / "history")
    for sequence in range(kept, 6):
        assert replay(tmp_path, upto=sequence).tables == states[sequence]
    assert (replay(tmp_path, upto=kept - 1) is None) == (kept >= 3)


def test_a_kept_snapshot_that_was_altered_is_not_begun_from(tmp_path):
    states = busy(tmp_path)
    keep(tmp_path, 4)
    path = tmp_path / "kept" / "2026-11-04.json"
    path.write_bytes(path.read_bytes().replace(b'"a2"', b'"a3"'))
    assert replay(tmp_path).tables == states[5]
    shutil.rmtree(tmp_path / "history")
    assert replay(tmp_path) is None


@pytest.mark.parametrize(
    ("how", "at"),
    [
        *(("missing", at) for at in (0, 1, 3)),
        *(("altered", at) for at in range(5)),
        *(("twice", at) for at in range(5)),
        *(("swapped", at) for at in (0, 1, 3)),
    ],
)
def test_nothing_is_rebuilt_across_damage(tmp_path, at, how):
    states = busy(tmp_path)
    path = tmp_path / "history" / "journal.000001.jsonl" if at < 3 else tmp_path / "journal.000002.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    place = at if at < 3 else at - 3
    if how == "missing":
        del lines[place]
    elif how == "altered":
        lines[place] = lines[place].replace(b'"u":"ana"', b'"u":"ann"')
    elif how == "twice":
        lines.insert(place, lines[place])
    else:
        lines[place:] = reversed(lines[place:])
    path.write_bytes(b"".join(lines))
    sound = at + (1 if how == "twice" else 0)
    for sequence in range(sound + 1):
        assert replay(tmp_path, upto=sequence).tables == states[sequence]
    assert replay(tmp_path) is None
    assert sound == 5 or replay(tmp_path, upto=5) is None


def test_bytes_after_the_last_newline_are_no_change(tmp_path):
    states = busy(tmp_path)
    with (tmp_path / "journal.000002.jsonl").open("ab") as file:
        file.write(b'{"c":"0000')
    assert replay(tmp_path).tables == states[5]


def test_a_plain_tinydb_file_that_was_taken_over_is_where_it_begins(tmp_path):
    (tmp_path / "data.json").write_text('{"tasks":{"1":{"title":"old"}}}')
    open_db(tmp_path).table("tasks").insert({"title": "new"})
    assert [d["title"] for d in replay(tmp_path).tables["tasks"].values()] == ["old", "new"]


def test_a_link_is_never_followed(tmp_path):
    real, fake = tmp_path / "real", tmp_path / "fake"
    real.mkdir()
    fake.mkdir()
    busy(real)
    (fake / "history").symlink_to(real / "history")
    (fake / "journal.000002.jsonl").symlink_to(real / "journal.000002.jsonl")
    assert replay(fake) is None
    (fake / "journal.000002.jsonl").unlink()
    (fake / "journal.000001.jsonl").symlink_to(real / "history" / "journal.000001.jsonl")
    assert replay(fake) is None


def test_two_stores_in_one_folder_are_told_apart(tmp_path):
    open_db(tmp_path, "other.json").close()
    busy(tmp_path)
    states = busy(tmp_path, "other.json")
    assert replay(tmp_path, "other.json.").tables == states[5]
    assert having(replay(tmp_path), chain="") == having(replay(tmp_path, "other.json."), chain="")
