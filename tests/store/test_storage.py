import json
import os
import subprocess
import sys
import zlib

import pytest
import tinydb
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import Query, where

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


def test_a_failed_write_is_rolled_back(tmp_path):
    def full(_):
        raise OSError(28, "No space left on device")

    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "a"})
    db.journal._sync = full
    with pytest.raises(OSError, match="No space"):
        db.table("tasks").insert({"title": "b"})
    assert len(db.table("tasks")) == 1
    db.journal._sync = os.fdatasync
    assert db.table("tasks").insert({"title": "b"}) > 1
    assert len(open_db(tmp_path).table("tasks")) == 2


def test_a_torn_last_line_is_set_aside_at_every_cut(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "a"})
    whole = db.journal.journal_path.read_bytes()
    db.table("tasks").insert({"title": "b"})
    longer = db.journal.journal_path.read_bytes()
    for cut in range(len(whole), len(longer), 7):
        folder = tmp_path / f"cut{cut}"
        folder.mkdir()
        (folder / "data.json").write_bytes((tmp_path / "data.json").read_bytes())
        (folder / db.journal.journal_path.name).write_bytes(longer[:cut])
        again = open_db(folder)
        assert not again.journal.read_only
        again.table("tasks").insert({"title": "c"})
        assert [d["title"] for d in open_db(folder).table("tasks").all()] == ["a", "c"]
        assert cut == len(whole) or list(folder.glob("torn.*"))


@given(place=st.integers(min_value=0), bit=st.integers(min_value=0, max_value=7))
@settings(max_examples=60, deadline=None)
def test_a_flipped_bit_opens_read_only_and_is_never_overwritten(tmp_path_factory, place, bit):
    folder = tmp_path_factory.mktemp("flip")
    db = open_db(folder)
    for title in "abc":
        db.table("tasks").insert({"title": title})
    path = db.journal.journal_path
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= 1 << bit
    if data.count(b"\n") == 3 and data.endswith(b"\n"):
        path.write_bytes(bytes(data))
        again = open_db(folder)
        assert "checksum" in again.journal.read_only
        with pytest.raises(ReadOnly):
            again.table("tasks").insert({"title": "d"})
        assert path.read_bytes() == bytes(data)


def test_a_missing_line_shows(tmp_path):
    db = open_db(tmp_path)
    for title in "abc":
        db.table("tasks").insert({"title": title})
    path = db.journal.journal_path
    first, _second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + third)
    assert open_db(tmp_path).journal.read_only


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


WRITER = """
import sys
from pmtui.store import Author, ProjectDB
db = ProjectDB(sys.argv[1], author=Author(sys.argv[2], sys.argv[2]))
for _ in range(int(sys.argv[3])):
    with db.journal.transaction():
        db.table("n").update(lambda d: d.update(n=d["n"] + 1), doc_ids=[1])
        print(db.table("n").insert({"by": sys.argv[2]}), flush=True)
"""


def test_four_processes_count_without_losing_one(tmp_path):
    path = tmp_path / "data.json"
    ProjectDB(path, author=ANA).table("n").insert({"n": 0})
    runs = [
        subprocess.Popen([sys.executable, "-c", WRITER, path, f"u{i}", "40"], stdout=subprocess.PIPE) for i in range(4)
    ]
    ids = [int(line) for run in runs for line in run.communicate()[0].split()]
    assert all(run.returncode == 0 for run in runs)
    assert ProjectDB(path, author=ANA).table("n").get(doc_id=1)["n"] == 160
    assert len(ids) == len(set(ids)) == 160


@pytest.mark.parametrize("after", [3, 17])
def test_a_killed_writer_loses_no_number_it_printed(tmp_path, after):
    path = tmp_path / "data.json"
    ProjectDB(path, author=ANA).table("n").insert({"n": 0})
    run = subprocess.Popen([sys.executable, "-c", WRITER, path, "u", "100000"], stdout=subprocess.PIPE)
    printed = [int(run.stdout.readline()) for _ in range(after)]
    run.kill()
    printed += [int(line) for line in run.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")]
    run.wait()
    db = ProjectDB(path, author=ANA)
    assert not db.journal.read_only
    # a number is printed inside the transaction, so the last one alone may not have been committed
    assert all(db.table("n").contains(doc_id=number) for number in printed[:-1])
    assert db.table("n").get(doc_id=1)["n"] in {len(printed), len(printed) - 1, len(printed) + 1}


keys = st.integers(min_value=1, max_value=6)
documents = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.integers(-3, 3), st.text(max_size=3), st.lists(st.integers(), max_size=2))
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), documents),
        st.tuples(st.just("update"), documents, st.lists(keys, max_size=3)),
        st.tuples(st.just("where"), st.sampled_from("abc"), documents),
        st.tuples(st.just("remove"), st.lists(keys, max_size=3)),
        st.tuples(st.just("upsert"), documents, st.sampled_from("abc")),
        st.tuples(st.just("truncate")),
        st.tuples(st.just("compact")),
        st.tuples(st.just("reopen")),
    ),
    max_size=25,
)


@given(steps=steps)
@settings(max_examples=60, deadline=None)
def test_it_does_what_tinydb_does(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("same")
    handles = [ProjectDB(folder / "data.json", author=a, sync=lambda _: None) for a in (ANA, BEN)]
    stock = tinydb.TinyDB(storage=tinydb.storages.MemoryStorage).table("t")
    for at, step in enumerate(steps):
        table = handles[at % 2].table("t")
        match step:
            case ("insert", document):
                number = table.insert(document)
                stock.insert(tinydb.table.Document(document, number))
            case ("update", document, ids):
                assert table.update(document, doc_ids=ids) == stock.update(document, doc_ids=ids)
            case ("where", field, document):
                assert table.update(document, where(field).exists()) == stock.update(document, where(field).exists())
            case ("remove", ids):
                ids = list(dict.fromkeys(ids))
                assert table.remove(doc_ids=ids) == stock.remove(doc_ids=ids)
            case ("upsert", document, field):
                known = stock.count(Query()[field].exists())
                numbers = table.upsert(document, Query()[field].exists())
                if known:
                    stock.upsert(document, Query()[field].exists())
                else:
                    stock.insert(tinydb.table.Document(document, numbers[0]))
            case ("truncate",):
                table.truncate()
                stock.truncate()
            case ("compact",):
                handles[at % 2].journal.compact()
            case ("reopen",):
                handles[at % 2].close()
                handles[at % 2] = ProjectDB(folder / "data.json", author=ANA, sync=lambda _: None)
        for handle in handles:
            assert {d.doc_id: dict(d) for d in handle.table("t").all()} == {d.doc_id: dict(d) for d in stock.all()}
