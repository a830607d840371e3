"""Reading what was done, from the end or the beginning, also while somebody compacts; and the steps of undo."""

import pytest

from pmtui.store import Author, ProjectDB
from pmtui.store.history import Gap, Steps, acts, find, gaps, last_change, take_back, transactions
from pmtui.store.journal import Note

ANA, BEN = Author("ana", "s1"), Author("ben", "s2")


def open_db(folder, author=ANA, clock=None):
    return ProjectDB(folder / "data.json", author=author, sync=lambda _: None, **({"clock": clock} if clock else {}))


def filled(folder, count=6):
    """Tasks added and edited in turns, with a compaction after every second change."""
    db = open_db(folder)
    for n in range(1, count + 1):
        db.table("tasks").insert({"title": f"task {n}", "owner": "x"})
        if n % 2 == 0:
            db.table("tasks").update({"owner": f"o{n}"}, doc_ids=[1])
            db.journal.compact()
    return db


def sequences(found):
    return [transaction.sequence for transaction in found]


def test_newest_first_is_the_same_story_backwards(tmp_path):
    db = filled(tmp_path)
    forward = sequences(transactions(db.journal))
    assert forward == list(range(1, 10))
    assert sequences(transactions(db.journal, newest_first=True)) == forward[::-1]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_records_changes_and_a_sessions_are_found_alone(tmp_path, newest_first):
    db = filled(tmp_path)
    ben = open_db(tmp_path, BEN)
    ben.table("tasks").update({"owner": 'ben "s1" "tasks",1,'}, doc_ids=[2])
    db.journal.pull()
    order = -1 if newest_first else 1
    mine = transactions(db.journal, record=("tasks", 1), newest_first=newest_first)
    assert sequences(mine) == [1, 3, 6, 9][::order]
    assert sequences(transactions(db.journal, session="s2", newest_first=newest_first)) == [10]
    assert sequences(transactions(db.journal, session="s1", newest_first=newest_first)) == list(range(1, 10))[::order]


def test_the_last_change_of_a_field_is_not_its_making(tmp_path):
    db = filled(tmp_path)
    assert last_change(db.journal, "tasks", 1, "owner").sequence == 9
    assert last_change(db.journal, "tasks", 1, "title") is None
    assert last_change(db.journal, "tasks", 3, "owner") is None


def test_a_number_is_found_in_any_journal(tmp_path):
    db = filled(tmp_path)
    assert [find(db.journal, n).sequence for n in (1, 4, 9)] == [1, 4, 9]
    assert find(db.journal, 10) is None


def test_what_was_not_taken_in_yet_is_not_told_yet(tmp_path):
    db = filled(tmp_path, 1)
    open_db(tmp_path, BEN).table("tasks").insert({"title": "new"})
    assert sequences(transactions(db.journal)) == [1]
    db.journal.pull()
    assert sequences(transactions(db.journal)) == [1, 2]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_compaction_in_the_middle_of_reading_loses_nothing(tmp_path, newest_first):
    db = filled(tmp_path)
    db.table("tasks").insert({"title": "in the journal in use"})
    found = transactions(db.journal, newest_first=newest_first)
    first = next(found)
    other = open_db(tmp_path, BEN)
    other.journal.compact()
    other.table("tasks").insert({"title": "after it"})
    other.journal.compact()
    told = [first.sequence, *sequences(found)]
    assert sorted(told) == list(range(1, 11))


def test_a_line_that_only_plain_json_can_read_is_read(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "half \ud83d"})
    db.table("tasks").insert({"big": 2**70})
    assert sequences(transactions(db.journal, record=("tasks", 1))) == [1]
    assert sequences(transactions(db.journal)) == [1, 2]


def test_no_link_is_followed_and_what_lies_behind_it_is_a_gap(tmp_path):
    db = filled(tmp_path)
    old = sorted((tmp_path / "history").glob("*.jsonl"))
    elsewhere = tmp_path / "elsewhere"
    old[1].rename(elsewhere)
    old[1].symlink_to(elsewhere)
    assert sequences(transactions(db.journal)) == [1, 2, 3, 7, 8, 9]
    assert gaps(db.journal) == [Gap(4, 6)]


def test_a_history_that_is_a_link_is_not_entered(tmp_path):
    db = filled(tmp_path)
    (tmp_path / "history").rename(tmp_path / "moved")
    (tmp_path / "history").symlink_to(tmp_path / "moved")
    assert sequences(transactions(db.journal)) == []
    assert gaps(db.journal) == [Gap(1, 9)]


def test_missing_journals_are_gaps_and_a_whole_history_has_none(tmp_path):
    db = filled(tmp_path)
    assert gaps(db.journal) == []
    old = sorted((tmp_path / "history").glob("*.jsonl"))
    old[0].unlink()
    assert gaps(db.journal) == [Gap(1, 3)]
    old[-1].unlink()
    assert gaps(db.journal) == [Gap(1, 3), Gap(7, 9)]


def test_what_is_joined_is_said_in_the_line_and_else_nothing(tmp_path):
    db = open_db(tmp_path)
    with db.journal.transaction(Note(verb="done")):
        db.table("tasks").insert({"title": "a"})
    with db.journal.transaction(Note(verb="done", joined=True)):
        db.table("tasks").insert({"title": "b"})
    alone, joined = db.journal.journal_path.read_text().splitlines()
    assert '"j"' not in alone
    assert '"n":{"v":"done","j":true}' in joined
    assert [t.note.joined for t in transactions(open_db(tmp_path).journal)] == [False, True]


def test_a_refused_undo_carries_who_changed_what(tmp_path):
    db, ben = open_db(tmp_path), open_db(tmp_path, BEN)
    db.table("tasks").insert({"title": "a"})
    db.table("tasks").update({"title": "b"}, doc_ids=[1])
    ben.table("tasks").update({"title": "c"}, doc_ids=[1])
    db.journal.pull()
    with pytest.raises(Exception, match="ben changed title") as refused, db.journal.transaction():
        take_back(db.journal, find(db.journal, 2))
    assert (refused.value.table, refused.value.record_id, refused.value.field) == ("tasks", 1, "title")
    assert refused.value.later.sequence == 3


# The steps of undo and redo


def stepped(*acts_done):
    steps = Steps()
    for act in acts_done:
        steps.take(act)
    return steps.done, steps.undone


def test_undo_and_redo_walk_whole_acts():
    both = [("p", 1, 0), ("q", 1, 0)]
    done, undone = stepped([("p", 9, 0)], both, [("q", 2, 1), ("p", 2, 1)])
    assert done == [(("p", 9),)]
    assert undone == [(("q", 2), ("p", 2))]
    done, undone = stepped([("p", 9, 0)], both, [("q", 2, 1), ("p", 2, 1)], [("p", 3, 2), ("q", 3, 2)])
    assert done == [(("p", 9),), (("p", 3), ("q", 3))]
    assert undone == []


def test_a_new_act_ends_redoing():
    assert stepped([("p", 1, 0)], [("p", 2, 1)], [("p", 3, 0)]) == ([(("p", 3),)], [])


def test_an_act_that_took_itself_back_is_no_step():
    assert stepped([("p", 1, 0)], [("p", 2, 0), ("p", 3, 2)]) == ([(("p", 1),)], [])
    refused_half_way = [("q", 2, 1), ("q", 3, 2)]
    assert stepped([("p", 1, 0), ("q", 1, 0)], refused_half_way) == ([(("p", 1), ("q", 1))], [])


def test_an_earlier_act_taken_back_leaves_the_others_and_can_be_brought_back():
    done, undone = stepped([("p", 1, 0)], [("p", 2, 0)], [("p", 3, 1)])
    assert (done, undone) == ([(("p", 2),)], [(("p", 3),)])
    done, undone = stepped([("p", 1, 0)], [("p", 2, 0)], [("p", 3, 1)], [("p", 4, 3)])
    assert (done, undone) == ([(("p", 2),), (("p", 4),)], [])


def test_a_part_of_an_act_taken_back_leaves_the_rest():
    done, undone = stepped([("p", 1, 0), ("q", 1, 0)], [("q", 2, 1)])
    assert (done, undone) == ([(("p", 1),)], [(("q", 2),)])


def written_at(folder, *moments):
    """A store whose transactions were made at these times, each joined or not."""
    folder.mkdir()
    now = [0]
    db = open_db(folder, clock=lambda: now[0])
    for now[0], joined in moments:
        with db.journal.transaction(Note(joined=joined)):
            db.table("tasks").insert({"title": "x"})
    return list(transactions(db.journal))


def test_acts_are_put_together_over_stores_in_the_order_of_time(tmp_path):
    p = written_at(tmp_path / "p", (10, False), (20, True), (40, False))
    q = written_at(tmp_path / "q", (15, True), (30, False))
    assert list(acts({"p": p, "q": q})) == [[("p", 1, 0), ("q", 1, 0), ("p", 2, 0)], [("q", 2, 0)], [("p", 3, 0)]]


def test_in_a_tie_what_is_joined_comes_after(tmp_path):
    p = written_at(tmp_path / "p", (10, True))
    q = written_at(tmp_path / "q", (10, False))
    assert list(acts({"p": p, "q": q})) == [[("q", 1, 0), ("p", 1, 0)]]


def test_a_clock_that_was_set_back_does_not_change_the_order_of_one_store(tmp_path):
    found = written_at(tmp_path / "p", (50, False), (10, False), (60, False))
    assert [act[0][1] for act in acts({"p": found})] == [1, 2, 3]


def test_a_line_that_was_altered_since_is_a_gap_and_never_taken_back(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "Hello world"})
    db.table("tasks").update({"title": "Good bye"}, doc_ids=[1])
    db.table("tasks").update({"owner": "ana"}, doc_ids=[1])
    db.journal.compact()
    (path,) = (tmp_path / "history").iterdir()
    path.write_bytes(path.read_bytes().replace(b'["Hello world"', b'["Hellq world"'))
    assert [t.sequence for t in transactions(db.journal)] == [1, 3]
    assert [t.sequence for t in transactions(db.journal, newest_first=True)] == [3, 1]
    assert find(db.journal, 2) is None
    assert gaps(db.journal) == [Gap(2, 2)]


def test_the_first_line_of_what_is_left_counts_where_older_journals_are_gone(tmp_path):
    db = open_db(tmp_path)
    db.table("tasks").insert({"title": "a"})
    db.journal.compact()
    db.table("tasks").insert({"title": "b"})
    (path,) = (tmp_path / "history").iterdir()
    path.unlink()
    assert [t.sequence for t in transactions(db.journal)] == [2]
    assert gaps(db.journal) == [Gap(1, 1)]
