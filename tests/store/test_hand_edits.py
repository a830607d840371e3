"""What somebody did to data.json by hand, or with another program: taken in as a change, or told as damage."""

import datetime as dt
import json
import os
import shutil

import pytest
import tinydb
from store.stores import broken_history

from pmtui.store import Author, ProjectDB, ReadOnly
from pmtui.store.history import transactions

ANA, BEN = Author("ana", "s1"), Author("ben", "s2")


def open_db(folder, author=ANA):
    return ProjectDB(folder / "data.json", author=author, stamps=True, clock=lambda: 1_700_000_000_000)


def store(folder):
    """Three tasks in the snapshot, and a fourth in the journal."""
    db = open_db(folder)
    db.table("tasks").insert_multiple([{"title": t, "owner": "ana"} for t in "abc"])
    db.journal.compact()
    db.table("tasks").insert({"title": "d", "owner": "ana"})
    db.table("tasks").update({"owner": "ben"}, doc_ids=[2])
    db.close()
    return folder / "data.json"


def edit(path, change):
    data = json.loads(path.read_text())
    change(data["tasks"])
    path.write_text(json.dumps(data, indent=2))


def titles(db):
    return [d["title"] for d in db.table("tasks").all()]


def test_an_edit_by_hand_is_a_change_by_edited_outside(tmp_path):
    edit(store(tmp_path), lambda tasks: tasks["1"].update(title="z"))
    db = open_db(tmp_path)
    assert not db.journal.read_only
    assert titles(db) == ["z", "b", "c", "d"]
    last = list(transactions(db.journal))[-1]
    assert (last.user, last.ops) == ("edited outside", [["u", "tasks", 1, {"title": ["a", "z"]}]])
    assert db.table("tasks").get(doc_id=1)["updated_by"] == "edited outside"
    assert db.table("tasks").insert({"title": "e"}) == 5
    assert broken_history(db.journal) == []
    assert titles(open_db(tmp_path)) == ["z", "b", "c", "d", "e"]


def test_documents_added_and_removed_by_hand(tmp_path):
    def change(tasks):
        del tasks["3"]
        tasks["7"] = {"title": "new"}

    edit(store(tmp_path), change)
    db = open_db(tmp_path)
    assert titles(db) == ["a", "b", "d", "new"]
    assert db.table("tasks").insert({"title": "e"}) == 8


def test_a_number_that_was_given_meanwhile_gets_another(tmp_path):
    edit(store(tmp_path), lambda tasks: tasks.update({"4": {"title": "by hand"}}))
    assert titles(open_db(tmp_path)) == ["a", "b", "c", "d", "by hand"]


def test_what_pmtui_changed_since_stays(tmp_path):
    edit(store(tmp_path), lambda tasks: tasks["2"].update(owner="chi", title="z"))
    db = open_db(tmp_path)
    found = db.table("tasks").get(doc_id=2)
    assert (found["owner"], found["title"]) == ("ben", "z")
    assert "1 left" in list(transactions(db.journal))[-1].note.effect


def test_the_edited_file_is_kept_aside(tmp_path):
    path = store(tmp_path)
    edit(path, lambda tasks: tasks["1"].update(title="z"))
    written = path.read_bytes()
    open_db(tmp_path)
    assert [p.read_bytes() for p in (tmp_path / "kept").glob("*edited-outside*")] == [written]


def test_stock_tinydb_may_write_it_while_nobody_has_it_open(tmp_path):
    with tinydb.TinyDB(store(tmp_path)) as plain:
        plain.table("tasks").update({"title": "z"}, doc_ids=[1])
        plain.table("risks").insert({"title": "r"})
    db = open_db(tmp_path)
    assert titles(db) == ["z", "b", "c", "d"]
    assert db.table("risks").all() == [{**db.table("risks").get(doc_id=1), "title": "r"}]


def test_an_edit_cut_short_while_it_is_taken_in_is_taken_in_once(tmp_path, monkeypatch):
    from pmtui.store import upkeep

    edit(store(tmp_path), lambda tasks: tasks.update({"1": tasks["1"] | {"title": "z"}, "9": {"title": "new"}}))
    with monkeypatch.context() as patched:

        def cut(*_):
            raise KeyboardInterrupt

        patched.setattr(upkeep, "write_generation", cut)
        with pytest.raises(KeyboardInterrupt):
            open_db(tmp_path)
    db = open_db(tmp_path)
    assert titles(db) == ["z", "b", "c", "d", "new"]
    assert [t.user for t in transactions(db.journal)].count("edited outside") == 1


def test_an_edit_while_it_is_open_waits_until_it_is_opened_anew(tmp_path):
    path = store(tmp_path)
    mine = open_db(tmp_path)
    edit(path, lambda tasks: tasks["1"].update(title="z"))
    mine.journal.pull()
    assert "while it was open" in mine.journal.read_only
    assert titles(mine) == ["a", "b", "c", "d"]
    with pytest.raises(ReadOnly):
        mine.table("tasks").insert({"title": "e"})
    other = open_db(tmp_path, BEN)
    mine.journal.pull()
    assert mine.journal.read_only == ""
    mine.table("tasks").insert({"title": "e"})
    assert titles(other) == ["z", "b", "c", "d", "e"]


@pytest.mark.parametrize("word", [b'"tasks":4', b'"generation":2', b'"checksum":"', b'"title":"a"', b'"sequence":1'])
def test_bytes_altered_behind_everybodys_back_are_damage(tmp_path, word):
    path = store(tmp_path)
    found = path.stat()
    data = path.read_bytes()
    assert data.count(word) >= 1
    path.write_bytes(data.replace(word, word[:-1] + bytes([word[-1] ^ 1]), 1))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    altered = path.read_bytes()
    db = open_db(tmp_path)
    assert db.journal.damage
    assert titles(db) == ["a", "b", "c", "d"]
    with pytest.raises(ReadOnly):
        db.table("tasks").insert({"title": "e"})
    assert path.read_bytes() == altered


def test_a_file_that_is_no_json_shows_what_the_journals_hold(tmp_path):
    path = store(tmp_path)
    path.write_text("{ half an edit")
    db = open_db(tmp_path)
    assert "rebuilt from the journals" in db.journal.damage
    assert titles(db) == ["a", "b", "c", "d"]
    assert path.read_text() == "{ half an edit"


def test_mended_files_are_written_again_without_a_restart(tmp_path):
    path = store(tmp_path)
    found, whole = path.stat(), path.read_bytes()
    mine = open_db(tmp_path)
    path.write_text("{")
    mine.journal.pull()
    assert mine.journal.read_only
    path.write_bytes(whole)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    mine.journal.pull()
    assert mine.table("tasks").insert({"title": "e"}) == 5


def foreign_kept(path, changes):
    """A snapshot that another project kept after so many changes, put where this one's are."""
    other = path.parent / "other"
    other.mkdir()
    theirs = open_db(other, BEN)
    for n in range(changes):
        theirs.table("tasks").insert({"title": f"foreign {n}"})
    kept = theirs.journal.keep_day(dt.date(2030, 1, 1))
    (path.parent / "kept").mkdir(exist_ok=True)
    shutil.copy(kept, path.parent / "kept")


@pytest.mark.parametrize("changes", [1, 2, 3, 9])
def test_an_edit_is_taken_in_beside_a_kept_snapshot_of_another_project(tmp_path, changes):
    path = store(tmp_path)
    edit(path, lambda tasks: tasks["1"].update(title="z"))
    foreign_kept(path, changes)
    db = open_db(tmp_path)
    assert db.journal.damage == ""
    assert titles(db) == ["z", "b", "c", "d"]


@pytest.mark.parametrize("changes", [3, 9])
def test_nothing_is_rebuilt_from_a_kept_snapshot_of_another_project(tmp_path, changes):
    path = store(tmp_path)
    path.write_text("{")
    foreign_kept(path, changes)
    assert titles(open_db(tmp_path)) == ["a", "b", "c", "d"]


def test_an_edit_is_not_taken_in_over_a_last_line_whose_newline_was_altered(tmp_path):
    path = store(tmp_path)
    edit(path, lambda tasks: tasks["1"].update(title="z"))
    journal = tmp_path / "journal.000002.jsonl"
    journal.write_bytes(journal.read_bytes()[:-1] + b"\x0b")
    before = journal.read_bytes()
    assert open_db(tmp_path).journal.read_only
    assert journal.read_bytes() == before


def test_a_torn_tail_is_set_aside_before_an_edit_is_taken_in(tmp_path):
    path = store(tmp_path)
    edit(path, lambda tasks: tasks["1"].update(title="z"))
    torn = b'{"c":"' + b"x" * 2000
    with (tmp_path / "journal.000002.jsonl").open("ab") as journal:
        journal.write(torn)
    assert titles(open_db(tmp_path)) == ["z", "b", "c", "d"]
    assert [path.read_bytes() for path in tmp_path.glob("torn.*")] == [torn]
    assert (tmp_path / "history" / "journal.000002.jsonl").read_bytes().endswith(b"\n")


def test_a_document_added_by_hand_never_gets_a_number_that_was_given_before(tmp_path):
    path = store(tmp_path)
    db = open_db(tmp_path)
    assert db.table("tasks").insert({"title": "e"}) == 5
    db.table("tasks").remove(doc_ids=[5])
    db.close()
    edit(path, lambda tasks: tasks.update({"4": {"title": "by hand"}}))
    assert [d.doc_id for d in open_db(tmp_path).table("tasks").all()] == [1, 2, 3, 4, 6]


NESTED = '{"tasks":{"1":{"title":' + "[" * 100_000 + "]" * 100_000 + "}}}"


@pytest.mark.parametrize("text", [NESTED, '{"tasks":{"' + "9" * 5000 + '":{}}}'], ids=["nested", "number"])
def test_what_no_reader_can_hold_shows_what_the_journals_hold(tmp_path, text):
    path = store(tmp_path)
    path.write_text(text)
    db = open_db(tmp_path)
    assert db.journal.damage
    assert titles(db) == ["a", "b", "c", "d"]


def test_an_edit_that_can_not_be_taken_in_now_is_shown_read_only(tmp_path):
    path = store(tmp_path)
    holder = open_db(tmp_path, BEN)
    with holder.journal._lock.held():
        edit(path, lambda tasks: tasks["1"].update(title="z"))
        db = ProjectDB(path, author=ANA, stamps=True, timeout=0.01)
        assert "can't be taken in now" in db.journal.read_only
        assert titles(db)[0] == "z"
    assert titles(open_db(tmp_path)) == ["z", "b", "c", "d"]
