"""From one format to the next: once, under the lock, after a backup; and never backwards."""

import json

import pytest

from pmtui.store import Author, NewerFormat, ProjectDB, ReadOnly, migrations
from pmtui.store.history import transactions
from pmtui.store.migrations import Migration
from pmtui.store.snapshot import read_snapshot


def shout(tables):
    """Format 2 writes titles in capitals."""
    tasks = tables.get("tasks", {})
    return [
        ["u", "tasks", int(key), {"title": [task["title"], task["title"].upper()]}]
        for key, task in tasks.items()
        if task["title"] != task["title"].upper()
    ]


SHOUT = Migration("titles in capitals", shout)


def open_db(folder, user="ana", **more):
    return ProjectDB(
        folder / "data.json", author=Author(user, "s"), stamps=True, clock=lambda: 1_700_000_000_000, **more
    )


def titles(db):
    return [d["title"] for d in db.table("tasks").all()]


@pytest.fixture
def old(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert_multiple([{"title": "a"}, {"title": "b"}])
    db.close()
    return tmp_path


@pytest.fixture
def newer(old, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", (SHOUT,))
    return old


def test_an_older_store_is_brought_to_the_newest_format_and_tells_it(newer):
    db = open_db(newer)
    assert titles(db) == ["A", "B"]
    last = list(transactions(db.journal))[-1]
    assert (last.user, last.note.verb, last.note.effect) == ("pmtui", "migrate", "format 1 to 2: titles in capitals")
    assert json.loads((newer / "data.json").read_text())["_meta"]["1"]["format"] == 2


def test_what_it_was_before_is_kept(newer):
    open_db(newer)
    (kept,) = (newer / "kept").glob("*format-1.json")
    assert [d["title"] for d in read_snapshot(kept).tables["tasks"].values()] == ["a", "b"]


def test_it_is_migrated_once(newer):
    first, second = open_db(newer), open_db(newer, "ben")
    assert titles(first) == titles(second)
    assert [t.note.verb for t in transactions(second.journal)].count("migrate") == 1


def test_a_migration_cut_short_is_finished_by_the_next_to_open_it(newer, monkeypatch):
    from pmtui.store import upkeep

    def cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(upkeep, "write_generation", cut)
        with pytest.raises(KeyboardInterrupt):
            open_db(newer)
    db = open_db(newer)
    assert titles(db) == ["A", "B"]
    assert [t.note.verb for t in transactions(db.journal)].count("migrate") == 1


def test_who_may_not_write_reads_it_as_the_newest_and_leaves_it_alone(newer):
    before = (newer / "data.json").read_bytes()
    assert titles(open_db(newer, access_mode="r")) == ["A", "B"]
    assert (newer / "data.json").read_bytes() == before


def test_an_older_pmtui_refuses_a_newer_store_in_words(newer, monkeypatch):
    open_db(newer).close()
    monkeypatch.setattr(migrations, "MIGRATIONS", ())
    before = (newer / "data.json").read_bytes()
    with pytest.raises(NewerFormat, match=r"written by a newer pmtui \(format 2, this one knows up to 1\); update"):
        open_db(newer)
    assert (newer / "data.json").read_bytes() == before


def test_an_older_pmtui_that_has_it_open_writes_no_more_and_says_why(old, monkeypatch):
    mine = open_db(old)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "MIGRATIONS", (SHOUT,))
        open_db(old, "ben").close()
    mine.journal.pull()
    assert "newer pmtui" in mine.journal.read_only
    assert titles(mine) == ["a", "b"]
    with pytest.raises(ReadOnly, match="update pmtui"):
        mine.table("tasks").insert({"title": "c"})
