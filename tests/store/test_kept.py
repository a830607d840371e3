"""A snapshot a day is kept, and not for ever."""

import datetime as dt

from pmtui.store import Author, ProjectDB
from pmtui.store.kept import to_drop

MONDAY = dt.date(2026, 3, 2)


def open_db(folder):
    return ProjectDB(folder / "data.json", author=Author("ana", "s1"), clock=lambda: 1_700_000_000_000)


def test_one_is_kept_a_day_where_something_changed(tmp_path):
    db = open_db(tmp_path)
    assert db.journal.keep_day(MONDAY) is None
    db.table("tasks").insert({"title": "a"})
    first = db.journal.keep_day(MONDAY)
    assert first == tmp_path / "kept" / "2026-03-02.json"
    before = first.read_bytes()
    db.table("tasks").insert({"title": "b"})
    assert db.journal.keep_day(MONDAY) is None
    assert first.read_bytes() == before
    assert db.journal.keep_day(MONDAY + dt.timedelta(1)) is not None
    assert db.journal.keep_day(MONDAY + dt.timedelta(2)) is None


def test_a_kept_one_opens_with_any_tinydb(tmp_path):
    import tinydb

    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "a"})
    kept = tinydb.TinyDB(db.journal.keep_day(MONDAY))
    assert [d["title"] for d in kept.table("tasks").all()] == ["a"]


def test_a_month_of_days_is_kept_and_the_first_of_each_month_before():
    days = [MONDAY - dt.timedelta(n) for n in range(120)]
    left = sorted(set(days) - set(to_drop(days, MONDAY)))
    assert [d for d in left if (MONDAY - d).days > 30] == [
        dt.date(2025, 11, 3),
        dt.date(2025, 12, 1),
        dt.date(2026, 1, 1),
    ]
    assert len([d for d in left if (MONDAY - d).days <= 30]) == 31


def test_old_ones_go_when_a_new_one_is_kept(tmp_path):
    db = open_db(tmp_path)
    for count in range(40):
        db.table("tasks").insert({"n": count})
        db.journal.keep_day(MONDAY + dt.timedelta(count))
    days = sorted(p.stem for p in (tmp_path / "kept").iterdir())
    assert days[:3] == ["2026-03-02", "2026-03-11", "2026-03-12"]
    assert len(days) == 32


def test_two_stores_in_one_folder_keep_their_days_apart(tmp_path):
    one, other = (ProjectDB(tmp_path / name) for name in ("data.json", "other.json"))
    one.table("t").insert({"x": 0})
    for day in range(40):
        other.table("t").insert({"x": day})
        other.journal.keep_day(dt.date(2026, 1, 1) + dt.timedelta(days=day))
    theirs = sorted((tmp_path / "kept").glob("other.json.*"))
    for day in range(40):
        one.table("t").insert({"x": day})
        assert one.journal.keep_day(dt.date(2026, 5, 1) + dt.timedelta(days=day))
    assert sorted((tmp_path / "kept").glob("other.json.*")) == theirs
