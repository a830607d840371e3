import json
import zlib

import pytest
import tinydb
from tinydb import where

from pmtui.store import Author, ProjectDB, ReadOnly, StoreError, UndoRefused, Workspace, history
from pmtui.store.history import transactions, undo_and_redo
from pmtui.store.journal import Note


def take_back(journal, transaction, verb):
    with journal.transaction(Note(verb=verb, undoes=transaction.sequence)):
        history.take_back(journal, transaction)


ANA, BEN = Author("ana", "s1"), Author("ben", "s2")


def open_db(folder, author=ANA, **more):
    return ProjectDB(folder / "data.json", author=author, stamps=True, clock=lambda: 1_700_000_000_000, **more)


def test_a_document_is_there_for_another_reader_at_once(tmp_path):
    one, other = open_db(tmp_path), open_db(tmp_path, BEN)
    number = one.table("tasks").insert({"title": "a"})
    assert other.table("tasks").get(doc_id=number)["title"] == "a"


def test_ids_are_never_given_twice(tmp_path):
    one, other = open_db(tmp_path), open_db(tmp_path, BEN)
    first = one.table("tasks").insert({"title": "a"})
    one.table("tasks").remove(doc_ids=[first])
    second = other.table("tasks").insert({"title": "b"})
    other.table("tasks").truncate()
    one.journal.compact()
    third = open_db(tmp_path).table("tasks").insert({"title": "c"})
    assert len({first, second, third}) == 3


def test_stamps_tell_who_and_when(tmp_path):
    one, other = open_db(tmp_path), open_db(tmp_path, BEN)
    one.table("tasks").insert({"title": "a"})
    other.table("tasks").update({"title": "b"}, doc_ids=[1])
    found = one.table("tasks").get(doc_id=1)
    assert (found["created_by"], found["updated_by"]) == ("ana", "ben")
    assert found["updated"] == "2023-11-14T22:13:20Z"


def test_the_snapshot_opens_with_plain_tinydb(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert_multiple([{"title": "é", "n": 1.5}, {"title": "b", "tags": ["x"]}])
    db.journal.compact()
    plain = tinydb.TinyDB(tmp_path / "data.json").table("tasks")
    assert [d["title"] for d in plain.all()] == ["é", "b"]
    assert plain.get(where("tags").any(["x"])).doc_id == 2


def test_a_plain_tinydb_file_is_taken_over(tmp_path):
    with tinydb.TinyDB(tmp_path / "data.json") as plain:
        plain.table("tasks").insert({"title": "old"})
    db = ProjectDB(tmp_path / "data.json", author=ANA)
    assert db.table("tasks").insert({"title": "new"}) == 2
    db.journal.compact()
    assert {d["title"] for d in tinydb.TinyDB(tmp_path / "data.json").table("tasks").all()} == {"old", "new"}


def test_a_refused_transaction_changes_nothing(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "a"})
    before = db.journal.journal_path.read_bytes()
    with pytest.raises(RuntimeError), db.journal.transaction():
        db.table("tasks").insert({"title": "b"})
        db.table("tasks").update({"title": "c"}, doc_ids=[1])
        db.table("risks").insert({"title": "r"})
        raise RuntimeError
    assert [d["title"] for d in db.table("tasks").all()] == ["a"]
    assert db.tables() == {"tasks"}
    assert db.journal.journal_path.read_bytes() == before


def test_a_table_whose_first_transaction_failed_can_be_written(tmp_path):
    db = open_db(tmp_path)
    with pytest.raises(RuntimeError), db.journal.transaction():
        db.table("tasks").insert_multiple([{"title": "a"}])
        raise RuntimeError
    assert db.table("tasks").insert_multiple([{"title": "b"}]) == [2]
    assert [d["title"] for d in db.table("tasks").all()] == ["b"]


def test_another_process_compacts_while_one_has_it_open(tmp_path):
    one, other = open_db(tmp_path), open_db(tmp_path, BEN)
    one.table("tasks").insert({"title": "a"})
    other.journal.compact()
    other.table("tasks").insert({"title": "b"})
    other.journal.compact()
    one.table("tasks").insert({"title": "c"})
    assert [d["title"] for d in other.table("tasks").all()] == ["a", "b", "c"]
    assert one.journal.journal_path == other.journal.journal_path
    assert [t.sequence for t in transactions(one.journal)] == [1, 2, 3]


def test_undo_and_redo_walk_a_session_only(tmp_path):
    one, other = open_db(tmp_path), open_db(tmp_path, BEN)
    one.table("tasks").insert({"title": "a"})
    other.table("tasks").insert({"title": "b"})
    one.table("tasks").update({"title": "a2"}, doc_ids=[1])
    for expected in ({"a", "b"}, {"b"}):
        take_back(one.journal, undo_and_redo(one.journal, "s1")[0], "undo")
        assert {d["title"] for d in one.table("tasks").all()} == expected
    assert undo_and_redo(one.journal, "s1")[0] is None
    for expected in ({"a", "b"}, {"a2", "b"}):
        take_back(one.journal, undo_and_redo(one.journal, "s1")[1], "redo")
        assert {d["title"] for d in one.table("tasks").all()} == expected
    assert undo_and_redo(one.journal, "s1")[1] is None


def test_undo_names_who_changed_the_field_since(tmp_path):
    one, other = open_db(tmp_path), open_db(tmp_path, BEN)
    one.table("tasks").insert({"title": "a", "owner": "x"})
    one.table("tasks").update({"title": "a2"}, doc_ids=[1])
    other.table("tasks").update({"owner": "y"}, doc_ids=[1])
    take_back(one.journal, undo_and_redo(one.journal, "s1")[0], "undo")
    one.table("tasks").update({"title": "a3"}, doc_ids=[1])
    other.table("tasks").update({"title": "b"}, doc_ids=[1])
    with pytest.raises(UndoRefused, match="ben changed title"):
        take_back(one.journal, undo_and_redo(one.journal, "s1")[0], "undo")
    assert one.table("tasks").get(doc_id=1)["title"] == "b"


def test_callers_never_alias_the_store(tmp_path):
    db = open_db(tmp_path)
    tags = ["a"]
    db.table("tasks").insert({"tags": tags})
    tags.append("b")
    db.table("tasks").get(doc_id=1)["tags"].append("c")
    db.table("tasks").all()[0]["tags"].append("d")
    assert db.table("tasks").get(doc_id=1)["tags"] == ["a"]


def test_the_query_cache_knows_what_others_wrote(tmp_path):
    one, other = open_db(tmp_path), open_db(tmp_path, BEN)
    one.table("tasks").insert({"n": 1})
    assert one.table("tasks").count(where("n") == 1) == 1
    other.table("tasks").insert({"n": 1})
    assert one.table("tasks").count(where("n") == 1) == 2


def test_a_folder_that_cannot_be_written_opens_read_only(tmp_path):
    open_db(tmp_path).table("tasks").insert({"title": "a"})
    reader = ProjectDB(tmp_path / "data.json", access_mode="r", author=BEN)
    assert reader.table("tasks").get(doc_id=1)["title"] == "a"
    with pytest.raises(ReadOnly):
        reader.table("tasks").insert({"title": "b"})


def test_files_are_private_or_the_groups(tmp_path):
    workspace = Workspace(tmp_path / "ws", ANA)
    workspace.add("own")
    assert (tmp_path / "ws").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "ws/own/data.json").stat().st_mode & 0o777 == 0o600
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o2770)
    Workspace(tmp_path / "shared", ANA).add("both")
    assert (tmp_path / "shared/both").stat().st_mode & 0o2770 == 0o2770
    for name in ("data.json", "lock", "journal.000001.jsonl"):
        assert (tmp_path / "shared/both" / name).stat().st_mode & 0o777 == 0o660


def test_a_link_is_never_followed(tmp_path):
    (tmp_path / "elsewhere").write_text("secret")
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "data.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises((StoreError, OSError)):
        open_db(folder)
    assert (tmp_path / "elsewhere").read_text() == "secret"


def test_a_newer_store_is_refused_in_words(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "a"})
    db.journal.compact()
    text = (tmp_path / "data.json").read_text().replace('"format":1', '"format":99')
    (tmp_path / "data.json").write_text(text)
    with pytest.raises(StoreError, match="newer pmtui"):
        open_db(tmp_path)


def test_what_a_transaction_says_is_kept(tmp_path):
    db = open_db(tmp_path)
    with db.journal.transaction(Note(verb="reschedule", reason="vendor late", effect="MS-2 + 6 d")):
        db.table("tasks").insert({"title": "a"})
    (found,) = transactions(open_db(tmp_path).journal)
    assert (found.user, found.note.verb, found.note.reason) == ("ana", "reschedule", "vendor late")
    line = json.loads(db.journal.journal_path.read_text())
    assert list(line) == ["c", "q", "t", "u", "s", "n", "o"]
    body = db.journal.journal_path.read_bytes()[len('{"c":"12345678",') : -1]
    assert line["c"] == f"{zlib.crc32(body, zlib.crc32(b'00000000')):08x}"


def test_what_fails_leaves_the_documents_in_their_order(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert_multiple([{"title": t} for t in "abc"])
    for clear in (lambda: db.table("tasks").remove(doc_ids=[1]), db.table("tasks").truncate):
        with pytest.raises(RuntimeError), db.journal.transaction():
            db.table("tasks").insert({"title": "d"})
            clear()
            db.table("tasks").insert({"title": "e"})
            raise RuntimeError
        assert [d["title"] for d in db.table("tasks").all()] == ["a", "b", "c"]


def test_a_store_whose_name_looks_like_a_pattern_finds_its_journals(tmp_path):
    path = tmp_path / "a[1]*.json"
    with ProjectDB(path) as db:
        db.table("t").insert({"x": 0})
        db.journal.compact()
        db.table("t").insert({"x": 1})
        assert len(db.journal.journals()) == 2
    path.unlink()
    with ProjectDB(path) as db:
        assert "is missing" in db.journal.damage
        assert [d["x"] for d in db.table("t").all()] == [0, 1]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**30, -(2**63) - 1, "\ud800", None])
def test_a_value_is_the_same_in_memory_in_the_journal_and_in_the_snapshot(tmp_path, value):
    def read():
        with ProjectDB(tmp_path / "data.json") as db:
            return repr(db.table("t").get(doc_id=1)["x"])

    with ProjectDB(tmp_path / "data.json") as db:
        db.table("t").insert({"x": value})
        assert read() == repr(value)
        db.journal.compact()
    assert read() == repr(value)
