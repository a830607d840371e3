"""What holds for whoever uses a project from Python as they use TinyDB."""

import datetime as dt
import json

import pytest
import tinydb
from tinydb import where
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from pmtui.store import Author, JournalStorage, ProjectDB, ReadOnly, StoreError
from pmtui.store.history import transactions
from pmtui.store.table import JournalTable

ANA, BEN = Author("ana", "s1"), Author("ben", "s2")


def open_db(folder, author=ANA, **more):
    return ProjectDB(folder / "data.json", author=author, clock=lambda: 1_700_000_000_000, **more)


def project(folder, author=ANA):
    return open_db(folder, author, stamps=True)


def done(db):
    return len(list(transactions(db.journal)))


def journalled(path):
    return ProjectDB(path / "data.json")


def in_memory(path):
    return ProjectDB(storage=MemoryStorage)


def cached(path):
    return ProjectDB(path / "data.json", storage=CachingMiddleware(JournalStorage))


def stock_over_a_journal(path):
    return tinydb.TinyDB(path / "data.json", storage=JournalStorage)


@pytest.mark.parametrize("make", [journalled, in_memory, cached, stock_over_a_journal])
def test_tables_do_the_same_over_every_storage(tmp_path, make):
    with make(tmp_path) as db:
        assert db.insert({"n": 1}) == 1
        assert db.insert(Document({"n": 7}, 7)) == 7
        with pytest.raises(ValueError, match="already exists"):
            db.insert(Document({}, 7))
        assert db.insert_multiple({"n": n} for n in (8, 9)) == [8, 9]
        assert db.update_multiple([({"n": 10}, where("n") == 8), ({"n": 11}, where("n") == 9)]) == [8, 9]
        assert db.upsert(Document({"n": 70}, 7)) == [7]
        assert db.upsert({"n": 12}, where("n") == 12) == [10]
        assert db.remove(where("n") == 1) == [1]
        assert [(d.doc_id, d["n"]) for d in db] == [(7, 70), (8, 10), (9, 11), (10, 12)]
        assert db.get(doc_id=9) == {"n": 11} and db.get(doc_ids=[7, 99])[0]["n"] == 70
        db.table("empty", persist_empty=True)
        db.table("other").insert({})
        assert db.tables() == {"_default", "empty", "other"}
        db.drop_table("other")
        assert (len(db), db.tables()) == (4, {"_default", "empty"})
        assert "tables_count=2" in repr(db)
        db.drop_tables()
        assert db.tables() == set()
        assert db.insert({}) == 1


@pytest.mark.parametrize("make", [cached, stock_over_a_journal])
def test_writing_everything_at_once_keeps_what_others_wrote_meanwhile(tmp_path, make):
    with open_db(tmp_path, BEN) as other, make(tmp_path) as db:
        db.insert_multiple([{"n": 1}, {"n": 2}])
        if make is cached:
            db.storage.flush()
        other.update({"m": 5}, doc_ids=[1])
        db.update({"n": 3}, doc_ids=[2])
    with open_db(tmp_path) as db:
        assert db.all() == [{"n": 1, "m": 5}, {"n": 3}]


def test_writing_everything_at_once_never_overwrites_anothers_change(tmp_path):
    other = open_db(tmp_path, BEN)
    other.insert({"n": 1})
    storage = JournalStorage(tmp_path / "data.json")
    mine = storage.read()
    other.update({"n": 2}, doc_ids=[1])
    mine["_default"]["1"]["n"] = 3
    mine["_default"]["2"] = {"n": 4}
    for _ in range(2):
        with pytest.raises(StoreError, match="_default 1 n: somebody else changed it"):
            storage.write(mine)
    assert other.all() == [{"n": 2}]
    assert storage.read() == {"_default": {"1": {"n": 2}}}


def test_what_was_taken_back_is_written_when_it_is_written_again(tmp_path):
    storage = JournalStorage(tmp_path / "data.json")
    storage.write({"t": {"1": {"n": 1}}})
    with pytest.raises(LookupError), storage.transaction():
        storage.write({"t": {"1": {"n": 2}}})
        raise LookupError
    storage.write({"t": {"1": {"n": 2}}})
    assert storage.read() == {"t": {"1": {"n": 2}}}


@pytest.mark.parametrize("data", [{"t": 1}, {"t": {"x": {}}}, {"t": {"0": {}}}, {"t": {"1": 1}}, {"_meta": {}}])
def test_what_no_project_can_hold_is_refused_before_it_is_written(tmp_path, data):
    storage = JournalStorage(tmp_path / "data.json")
    with pytest.raises(ValueError, match=r"document|own"):
        storage.write(data)
    assert storage.read() is None


@pytest.mark.parametrize("number", [0, -1, "a", 1.5])
def test_a_documents_number_is_whole_and_begins_at_one(tmp_path, number):
    db = open_db(tmp_path)
    with pytest.raises(ValueError, match="number is whole"):
        db.insert(Document({}, number))
    assert db.all() == []


def test_the_stores_own_table_is_not_given_out(tmp_path):
    with pytest.raises(ValueError, match="own"):
        open_db(tmp_path).table("_meta")


def test_a_number_given_by_hand_is_not_given_again_in_the_same_call(tmp_path):
    db = open_db(tmp_path)
    assert db.insert_multiple([Document({"n": 1}, 1), {"n": 2}]) == [1, 2]
    assert [d["n"] for d in db] == [1, 2]


CHANGES = {
    "insert": lambda db: db.insert({"n": 9}),
    "insert_multiple": lambda db: db.insert_multiple([{"n": 8}, {"n": 9}]),
    "update": lambda db: db.update({"n": 9}),
    "update where": lambda db: db.update({"n": 9}, where("n") > 0),
    "update by a function": lambda db: db.update(lambda d: d.update(n=9), where("n") > 0),
    "update_multiple": lambda db: db.update_multiple([({"n": 8}, where("n") == 1), ({"m": 9}, where("n") == 8)]),
    "upsert there": lambda db: db.upsert({"n": 9}, where("n") == 1),
    "upsert new": lambda db: db.upsert({"n": 9}, where("n") == 5),
    "remove": lambda db: db.remove(where("n") > 0),
    "truncate": lambda db: db.truncate(),
    "drop_table": lambda db: db.drop_table("_default"),
    "drop_tables": lambda db: db.drop_tables(),
    "persist_empty": lambda db: db.table("new", persist_empty=True),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_call_is_one_transaction_that_another_sees(tmp_path, change):
    db = open_db(tmp_path)
    db.insert_multiple([{"n": 1}, {"n": 2}])
    before = done(db)
    change(db)
    assert done(db) == before + 1
    with open_db(tmp_path, BEN) as other:
        assert (other.all(), other.tables()) == (db.all(), db.tables())


def fails_at_two(document):
    if document["n"] == 2:
        raise LookupError
    return True


def one_then_none():
    yield {"n": 3}
    raise LookupError


FAILING = {
    "update": lambda db: db.update({"n": 9}, fails_at_two),
    "update by a function": lambda db: db.update(lambda d: fails_at_two(d) and d.update(n=9)),
    "update_multiple": lambda db: db.update_multiple([({"m": 9}, where("n") > 0), ({"n": 9}, fails_at_two)]),
    "upsert": lambda db: db.upsert({"n": 9}, fails_at_two),
    "remove": lambda db: db.remove(fails_at_two),
    "insert_multiple": lambda db: db.insert_multiple(one_then_none()),
}


@pytest.mark.parametrize("change", FAILING.values(), ids=FAILING)
def test_a_call_that_raises_midway_changes_nothing(tmp_path, change):
    db = open_db(tmp_path)
    db.insert_multiple([{"n": 1}, {"n": 2}])
    before = db.journal.journal_path.read_bytes()
    with pytest.raises(LookupError):
        change(db)
    assert db.all() == [{"n": 1}, {"n": 2}]
    assert db.journal.journal_path.read_bytes() == before


def test_what_was_found_in_a_transaction_taken_back_is_not_found_again(tmp_path):
    db = open_db(tmp_path)
    query = where("n") == 1
    with pytest.raises(LookupError), db.journal.transaction():
        db.insert({"n": 1})
        assert db.count(query) == 1
        raise LookupError
    assert (db.count(query), db.search(query)) == (0, [])


def test_altering_what_was_found_alters_no_later_answer(tmp_path):
    db = open_db(tmp_path)
    db.insert({"n": 1, "tags": ["a"]})
    for find in (lambda: db.search(where("n") == 1)[0], lambda: db.get(where("n") == 1), lambda: next(iter(db))):
        found = find()
        found["tags"].append("b")
        found["n"] = 2
        assert find() == {"n": 1, "tags": ["a"]}


def test_numbers_begin_again_after_drop_and_truncate_but_in_a_project(tmp_path):
    for folder, opened, expected in (("plain", open_db, 1), ("project", project, 3)):
        (tmp_path / folder).mkdir()
        db = opened(tmp_path / folder)
        db.insert_multiple([{}, {}])
        db.truncate()
        with opened(tmp_path / folder, BEN) as other:
            assert other.insert({}) == expected
        db.drop_tables()
        db.journal.compact()
        assert db.insert({}) == (1 if expected == 1 else 4)


def test_a_truncation_taken_back_gives_no_number_twice(tmp_path):
    db = open_db(tmp_path)
    db.insert_multiple([{}, {}])
    with pytest.raises(LookupError), db.journal.transaction():
        db.truncate()
        db.insert({})
        raise LookupError
    assert db.insert({}) == 3


def test_a_projects_stamps_are_not_written_by_an_update(tmp_path):
    db, other = project(tmp_path), project(tmp_path, BEN)
    db.table("tasks").insert({"title": "a"})
    read = dict(db.table("tasks").get(doc_id=1))
    other.table("tasks").update(read | {"title": "b", "updated_by": "mallory", "created_by": "mallory"}, doc_ids=[1])
    found = db.table("tasks").get(doc_id=1)
    assert (found["title"], found["created_by"], found["updated_by"]) == ("b", "ana", "ben")
    assert list(transactions(db.journal))[-1].ops == [["u", "tasks", 1, {"title": ["a", "b"]}]]


def test_a_table_opened_with_persist_empty_keeps_its_documents(tmp_path):
    with open_db(tmp_path) as db:
        db.table("t").insert({"n": 1})
    with open_db(tmp_path) as db:
        assert db.table("t", persist_empty=True).all() == [{"n": 1}]


def test_a_database_of_ones_own_has_its_own_tables_documents_and_ids(tmp_path):
    class Number(int):
        pass

    class Row(Document):
        pass

    class Rows(JournalTable):
        document_class = Row
        document_id_class = Number

        def highest(self):
            return max(row["n"] for row in self)

    class Book(ProjectDB):
        table_class = Rows
        default_table_name = "rows"

    with Book(tmp_path / "data.json") as db:
        db.insert(Row({"n": 4}, Number(4)))
        assert db.highest() == 4
        assert db.tables() == {"rows"}
        assert {type(d) for d in [*db, db.get(doc_id=4), *db.search(where("n") == 4)]} == {Row}
        assert type(next(iter(db)).doc_id) is Number
        assert [type(n) for n in db.update({"n": 5}, where("n") == 4)] == [Number]


def test_a_database_may_keep_tinydbs_own_tables_over_a_journal(tmp_path):
    class Whole(ProjectDB):
        table_class = Table

    with Whole(tmp_path / "data.json") as db:
        db.insert({"n": 1})
        db.update({"n": 2})
        assert done(db) == 2
    with open_db(tmp_path) as again:
        assert again.all() == [{"n": 2}]


def test_there_is_no_journal_over_another_storage():
    with pytest.raises(TypeError, match="MemoryStorage"):
        assert ProjectDB(storage=MemoryStorage).journal


def test_opening_for_reading_makes_nothing_and_refuses_to_write(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_db(tmp_path, access_mode="r")
    assert list(tmp_path.iterdir()) == []
    with open_db(tmp_path) as db:
        db.insert({"n": 1})
    with open_db(tmp_path, access_mode="r") as reader:
        assert reader.all() == [{"n": 1}]
        for error in (ReadOnly, OSError):
            with pytest.raises(error, match="reading only"):
                reader.insert({"n": 2})


def test_missing_folders_are_made_where_that_is_asked_for(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_db(tmp_path / "a" / "b")
    with open_db(tmp_path / "a" / "b", create_dirs=True) as db:
        assert db.insert({}) == 1


def test_another_access_mode_warns_and_empties_nothing(tmp_path):
    with open_db(tmp_path) as db:
        db.insert({"n": 1})
    with pytest.warns(UserWarning, match="nothing is emptied"):
        opened = open_db(tmp_path, access_mode="w")
    assert opened.all() == [{"n": 1}]


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf_8"])
def test_a_store_is_utf_8(tmp_path, encoding):
    open_db(tmp_path, encoding=encoding).insert({"a": "é"})
    with pytest.raises(ValueError, match="UTF-8"):
        open_db(tmp_path, encoding="latin-1")


def test_json_arguments_say_what_is_stored_and_layout_is_the_stores_own(tmp_path):
    db = open_db(tmp_path, indent=4, separators=(",", ": "), ensure_ascii=False, sort_keys=True, default=str)
    db.insert({"b": dt.date(2026, 3, 2), "a": 1})
    assert list(db.all()[0].items()) == [("a", 1), ("b", "2026-03-02")]
    assert len(db.journal.journal_path.read_text().splitlines()) == 1
    db.journal.compact()
    assert json.loads((tmp_path / "data.json").read_text())["_default"]["1"]["b"] == "2026-03-02"
    with pytest.raises(TypeError, match="intend"):
        open_db(tmp_path, intend=4)


def test_after_closing_nothing_is_written(tmp_path):
    with open_db(tmp_path) as db:
        db.insert({"n": 1})
    with pytest.raises(ReadOnly, match="closed"):
        db.insert({"n": 2})
    assert open_db(tmp_path).all() == [{"n": 1}]
