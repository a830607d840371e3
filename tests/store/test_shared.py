"""What others do to a project while one has it open, and what happens to its files behind its back."""

import os

import pytest
from store.stores import broken_history

from pmtui.store import Author, ProjectDB, ReadOnly, StoreError, Workspace
from pmtui.store.history import transactions

ANA, BEN = Author("ana", "s1"), Author("ben", "s2")


def open_db(folder, author=ANA):
    return ProjectDB(folder / "data.json", author=author, stamps=True, clock=lambda: 1_700_000_000_000)


def titles(db):
    return [d["title"] for d in db.table("tasks").all()]


def test_a_compaction_while_opening_never_pairs_a_snapshot_with_anothers_journal(tmp_path, monkeypatch):
    other = open_db(tmp_path, BEN)
    other.table("tasks").insert({"title": "a"})
    from pmtui.store import open_files

    read, calls = open_files.read_snapshot, []

    def read_and_be_overtaken(path):
        found = read(path)
        if not calls:
            calls.append(1)
            other.journal.compact()
            other.table("tasks").insert({"title": "b"})
        return found

    monkeypatch.setattr(open_files, "read_snapshot", read_and_be_overtaken)
    mine = open_db(tmp_path)
    assert mine.table("tasks").insert({"title": "c"}) == 3
    assert titles(other) == titles(mine) == ["a", "b", "c"]
    assert len(list(tmp_path.glob("journal.*"))) == 1


def test_who_must_read_anew_is_told(tmp_path):
    mine, other = open_db(tmp_path), open_db(tmp_path, BEN)
    told = []
    mine.journal.reloaded.append(lambda: told.append(1))
    other.journal.compact()
    other.table("tasks").insert({"title": "a"})
    other.journal.compact()
    other.table("tasks").insert({"title": "b"})
    assert titles(mine) == ["a", "b"]
    assert told == [1]


def test_a_line_that_was_truncated_back_after_others_read_it(tmp_path):
    mine, other = open_db(tmp_path), open_db(tmp_path, BEN)

    def fail(fd):
        os.fdatasync(fd)
        other.journal.pull()
        raise OSError(5, "Input/output error")

    mine.journal._sync = fail
    with pytest.raises(OSError, match="Input/output"):
        mine.table("tasks").insert({"title": "never acknowledged"})
    assert other.table("tasks").insert({"title": "b"})
    assert titles(other) == titles(open_db(tmp_path)) == ["b"]


def test_a_journal_replaced_while_open_is_not_written_behind_its_back(tmp_path):
    mine = open_db(tmp_path)
    mine.table("tasks").insert({"title": "a"})
    path = mine.journal.journal_path
    copy = path.read_bytes()
    mine.table("tasks").insert({"title": "b"})
    path.unlink()
    path.write_bytes(copy)
    mine.table("tasks").insert({"title": "c"})
    assert titles(open_db(tmp_path)) == titles(mine) == ["a", "c"]


def test_a_removed_lock_does_not_make_two_writers(tmp_path):
    mine, other = open_db(tmp_path), open_db(tmp_path, BEN)
    mine.table("tasks").insert({"title": "a"})
    with mine.journal.transaction():
        pass
    (tmp_path / "lock").unlink()
    other.table("tasks").insert({"title": "b"})
    assert mine.table("tasks").insert({"title": "c"}) == 3


def test_an_id_is_not_given_again_after_a_delete_in_a_plain_tinydb_file(tmp_path):
    import tinydb

    with tinydb.TinyDB(tmp_path / "data.json") as plain:
        plain.table("tasks").insert_multiple([{"title": t} for t in "abc"])
    db = open_db(tmp_path)
    db.table("tasks").remove(doc_ids=[2])
    assert db.table("tasks").insert({"title": "d"}) == 4


def remove_journal(folder):
    (folder / "journal.000002.jsonl").unlink()


def empty_snapshot(folder):
    (folder / "data.json").write_bytes(b"")


def old_snapshot(folder):
    (folder / "data.json").write_bytes((folder / "old.json").read_bytes())


@pytest.mark.parametrize("damage", [remove_journal, empty_snapshot, old_snapshot])
def test_a_missing_emptied_or_older_file_is_damage_and_nothing_is_written(tmp_path, damage):
    db = open_db(tmp_path)
    (tmp_path / "old.json").write_bytes((tmp_path / "data.json").read_bytes())
    db.table("tasks").insert({"title": "a"})
    db.journal.compact()
    db.table("tasks").insert({"title": "b"})
    db.close()
    damage(tmp_path)
    before = sorted((p.name, p.stat().st_size) for p in tmp_path.glob("*.json*"))
    again = open_db(tmp_path)
    assert again.journal.damage
    with pytest.raises(ReadOnly):
        again.table("tasks").insert({"title": "c"})
    assert sorted((p.name, p.stat().st_size) for p in tmp_path.glob("*.json*")) == before


def test_a_missing_snapshot_is_not_made_anew_over_its_journals(tmp_path):
    open_db(tmp_path).table("tasks").insert({"title": "a"})
    (tmp_path / "data.json").unlink()
    again = open_db(tmp_path)
    assert "missing" in again.journal.damage
    assert titles(again) == ["a"]
    with pytest.raises(ReadOnly):
        again.table("tasks").insert({"title": "b"})
    assert not (tmp_path / "data.json").exists()


def test_history_survives_a_compaction_cut_short_at_any_step(tmp_path, monkeypatch):
    from pmtui.store import upkeep
    from pmtui.store.layout import Layout

    for step in ("begin_journal", "write_snapshot", "put_older_away"):
        folder = tmp_path / step
        folder.mkdir()
        db = open_db(folder)
        for title in "abc":
            db.table("tasks").insert({"title": title})
        with monkeypatch.context() as patched:

            def cut(*_):
                raise KeyboardInterrupt

            if step == "write_snapshot":
                patched.setattr(upkeep, step, cut)
            else:
                patched.setattr(Layout, step, cut)
            with pytest.raises(KeyboardInterrupt):
                db.journal.compact()
        again = open_db(folder)
        assert not again.journal.damage
        again.table("tasks").insert({"title": "d"})
        assert titles(open_db(folder)) == ["a", "b", "c", "d"]
        assert [t.sequence for t in transactions(again.journal)] == [1, 2, 3, 4]
        again.journal.compact()
        assert [t.sequence for t in transactions(again.journal)] == [1, 2, 3, 4]
        assert broken_history(again.journal) == []


def test_an_altered_line_of_an_older_journal_shows(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "secret"})
    db.journal.compact()
    (path,) = (tmp_path / "history").iterdir()
    path.write_bytes(path.read_bytes().replace(b"secret", b"forged"))
    assert "line 1" in broken_history(db.journal)[0]


def test_a_torn_tail_is_never_written_through_a_link(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "a"})
    precious = tmp_path / "precious"
    precious.write_text("mine")
    path = db.journal.journal_path
    (tmp_path / f"torn.000001.{path.stat().st_size}.0").symlink_to(precious)
    with path.open("ab") as file:
        file.write(b"EVIL")
    db.table("tasks").insert({"title": "b"})
    assert precious.read_text() == "mine"
    assert titles(open_db(tmp_path)) == ["a", "b"]


def test_a_projects_folder_is_never_a_link(tmp_path):
    workspace = Workspace(tmp_path / "ws", ANA)
    workspace.add("real")
    (tmp_path / "ws" / "linked").symlink_to(tmp_path / "ws" / "real")
    for use in (workspace.open, workspace.add):
        with pytest.raises(StoreError):
            use("linked")
    assert workspace.codes() == ["real"]


def test_a_line_taken_off_again_and_another_written_in_its_place(tmp_path):
    mine, other = open_db(tmp_path), open_db(tmp_path, BEN)
    mine.table("tasks").insert({"title": "a"})

    def fail(fd):
        os.fdatasync(fd)
        other.journal.pull()
        raise OSError(5, "Input/output error")

    for title in ("b", "longer than the one that nobody acknowledged"):
        mine.journal._sync = fail
        with pytest.raises(OSError, match="Input/output"):
            mine.table("tasks").insert({"title": "x"})
        mine.journal._sync = os.fdatasync
        mine.table("tasks").insert({"title": title})
        assert other.table("tasks").insert({"title": "of ben"})
        assert not other.journal.damage
        assert titles(other) == titles(mine) == titles(open_db(tmp_path))
    assert broken_history(mine.journal) == []


def test_a_line_that_can_not_be_taken_off_is_no_line(tmp_path, monkeypatch):
    mine, other = open_db(tmp_path), open_db(tmp_path, BEN)
    mine.table("tasks").insert({"title": "a"})

    def fail(*_):
        raise OSError(5, "Input/output error")

    mine.journal._sync = fail
    with monkeypatch.context() as patched:
        patched.setattr(os, "ftruncate", fail)
        with pytest.raises(OSError, match="Input/output"):
            mine.table("tasks").insert({"title": "never acknowledged"})
    mine.journal._sync = os.fdatasync
    assert titles(other) == titles(mine) == ["a"]
    assert other.table("tasks").insert({"title": "b"})
    assert titles(open_db(tmp_path)) == ["a", "b"]


def test_a_disk_that_takes_nothing_back_is_written_no_more(tmp_path, monkeypatch):
    mine = open_db(tmp_path)
    mine.table("tasks").insert({"title": "a"})
    write, calls = os.pwrite, []

    def once(fd, data, offset):
        calls.append(1)
        if len(calls) > 1:
            raise OSError(5, "Input/output error")
        return write(fd, data[:10], offset)

    def fail(*_):
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", once)
        patched.setattr(os, "ftruncate", fail)
        with pytest.raises(ReadOnly, match="could not be taken off"):
            mine.table("tasks").insert({"title": "b"})
    assert "could not be taken off" in mine.journal.read_only
    assert titles(mine) == ["a"]


@pytest.mark.parametrize("byte", [b"\x08", b" ", b"\x0b"])
def test_a_whole_last_line_whose_newline_was_altered_is_no_torn_one(tmp_path, byte):
    mine = open_db(tmp_path)
    mine.table("tasks").insert({"title": "a"})
    other = open_db(tmp_path, BEN)
    path = mine.journal.journal_path
    altered = path.read_bytes()[:-1] + byte
    path.write_bytes(altered)
    assert "newline after change 1 by ana was altered" in open_db(tmp_path).journal.damage
    with pytest.raises(ReadOnly):
        open_db(tmp_path).table("tasks").insert({"title": "b"})
    with pytest.raises(ReadOnly):
        other.table("tasks").insert({"title": "b"})
    assert path.read_bytes() == altered


def test_a_folder_that_goes_away_for_a_moment_leaves_what_was_read(tmp_path):
    folder = tmp_path / "hris"
    folder.mkdir()
    mine = open_db(folder)
    mine.table("tasks").insert({"title": "a"})
    folder.rename(tmp_path / "elsewhere")
    mine.journal.pull()
    assert "is gone" in mine.journal.damage
    assert titles(mine) == ["a"]
    (tmp_path / "elsewhere").rename(folder)
    mine.journal.pull()
    assert mine.table("tasks").insert({"title": "b"}) == 2


@pytest.mark.parametrize("name", ["journal.000002.old.jsonl", "journal.000002.jsonl.bak", "journal.json"])
def test_a_file_that_is_only_named_alike_is_no_journal(tmp_path, name):
    mine = open_db(tmp_path)
    mine.table("tasks").insert({"title": "a"})
    (tmp_path / name).write_bytes(mine.journal.journal_path.read_bytes())
    again = open_db(tmp_path)
    assert again.journal.damage == ""
    again.journal.compact()
    assert [t.sequence for t in transactions(again.journal)] == [1]
    assert (tmp_path / name).exists()
