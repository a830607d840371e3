import datetime as dt
import os
import random

import pytest
from store.stores import contents, files, open_db, seeds

from pmtui.store import Author, NewerFormat, StoreError
from pmtui.store.damage.inspect import inspect
from pmtui.store.damage.repair import free_folder, repair
from pmtui.store.history import transactions
from pmtui.store.replay import replay
from pmtui.store.snapshot import Meta, write_snapshot

NOW = 1_800_000_000_000


def busy(folder):
    """Ten changes over two journals: numbers 1 to 5 and 6 to 10, one of each task."""
    folder.mkdir(exist_ok=True)
    db = open_db(folder)
    for number in range(1, 6):
        db.table("tasks").insert({"title": f"a{number}", "n": number})
    db.journal.compact()
    for number in range(1, 6):
        db.table("tasks").update({"title": f"b{number}"}, doc_ids=[number])
    db.close()
    return folder


def repaired(folder, name="copy"):
    """The copy's folder and what is told of it; it is whole, and the original is as it was."""
    before = {name: (data, (folder / name).stat().st_mtime_ns) for name, data in files(folder).items()}
    made = repair(inspect(folder), folder.parent / name, Author("pat", "s"), NOW)
    assert {name: (data, (folder / name).stat().st_mtime_ns) for name, data in files(folder).items()} == before
    assert inspect(made.folder).findings == ()
    return made


def titles(folder):
    db = open_db(folder)
    assert (db.journal.damage, db.journal.read_only) == ("", "")
    return [d["title"] for d in db.table("tasks").all()]


def hurt(journal, change):
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(change(lines)))


def test_an_altered_line_is_left_out_and_all_after_it_is_there(tmp_path):
    folder = busy(tmp_path / "p")
    hurt(folder / "journal.000002.jsonl", lambda x: [*x[:2], x[2].replace(b"b3", b"zz"), *x[3:]])
    made = repaired(folder)
    assert titles(made.folder) == ["b1", "b2", "a3", "b4", "b5"]
    assert made.told == ("journal.000002.jsonl line 3 (change 8 by ana, Tue 14 Nov 2023 22:13): altered; left out",)
    aside = (made.folder / "not-repaired.txt").read_bytes()
    assert b"journal.000002.jsonl line 3" in aside
    assert b'"zz"' in aside


def test_the_history_tells_all_that_was_saved_by_its_numbers_times_and_authors(tmp_path):
    folder = busy(tmp_path / "p")
    before = {t.sequence: t for t in transactions(open_db(folder).journal)}
    hurt(folder / "journal.000002.jsonl", lambda x: [*x[:2], x[2].replace(b"b3", b"zz"), *x[3:]])
    after = {t.sequence: t for t in transactions(open_db(repaired(folder).folder, "pat").journal)}
    assert list(after) == list(range(1, 12))
    for number in set(before) - {8}:
        one, other = before[number], after[number]
        assert (one.time, one.user, one.session, one.note, one.ops) == (
            other.time, other.user, other.session, other.note, other.ops,
        )  # fmt: skip
    assert (after[8].note.verb, after[8].ops) == ("lost", [])
    assert (after[11].note.verb, after[11].note.reason, after[11].user) == ("repaired", "from p", "pat")
    assert "change 8" in after[11].note.effect


def test_a_copy_can_be_written_compacted_and_rebuilt(tmp_path):
    folder = busy(tmp_path / "p")
    hurt(folder / "journal.000002.jsonl", lambda x: [x[0], *x[2:]])
    made = repaired(folder)
    db = open_db(made.folder)
    assert db.table("tasks").insert({"title": "new"}) == 6
    db.journal.compact()
    db.close()
    assert inspect(made.folder).findings == ()
    assert replay(made.folder).tables["tasks"]["6"]["title"] == "new"


@pytest.mark.parametrize(
    "change",
    [
        lambda x: [x[0], x[2], x[1], *x[3:]],
        lambda x: [x[0], x[0], *x[1:]],
        lambda x: [*x[:2], x[2].replace(b"b3", b"b2"), *x[3:]],
        lambda x: [x[0], x[1][:-1] + b"x", *x[2:]],
        lambda x: [*x[:4], x[4][:-1] + b"\x0b"],
        lambda x: [x[0], x[1][:6] + b"zzzzzzzz" + x[1][14:], *x[2:]],
        lambda x: [x[0], b"hello\n", *x[1:]],
    ],
    ids=["swapped", "twice", "one bit", "a newline", "the last newline", "a checksum", "a strange line"],
)
def test_what_can_be_told_for_certain_is_mended(tmp_path, change):
    folder = busy(tmp_path / "p")
    hurt(folder / "journal.000002.jsonl", change)
    assert inspect(folder).is_damaged
    assert titles(repaired(folder).folder) == ["b1", "b2", "b3", "b4", "b5"]


def test_a_change_of_a_document_whose_beginning_is_lost_is_told_and_kept_aside(tmp_path):
    folder = busy(tmp_path / "p")
    (folder / "data.json").unlink()
    hurt(folder / "history" / "journal.000001.jsonl", lambda x: [*x[:2], *x[3:]])
    made = repaired(folder)
    assert titles(made.folder) == ["b1", "b2", "b4", "b5"]
    assert "change 3: missing" in made.told
    assert any("tasks 3 is not there; left out" in line for line in made.told)
    assert b"b3" in (made.folder / "not-repaired.txt").read_bytes()


def test_numbers_that_a_lost_change_gave_are_not_given_again(tmp_path):
    folder = busy(tmp_path / "p")
    (folder / "data.json").unlink()
    hurt(folder / "history" / "journal.000001.jsonl", lambda x: [*x[:4], x[4].replace(b"a5", b"zz")])
    hurt(folder / "journal.000002.jsonl", lambda x: x[:4])
    db = open_db(repaired(folder).folder)
    assert db.table("tasks").insert({"title": "new"}) == 6


def test_damage_to_the_history_alone_takes_nothing_from_what_is_there(tmp_path):
    folder = busy(tmp_path / "p")
    hurt(folder / "history" / "journal.000001.jsonl", lambda x: [x[0], x[1].replace(b"a2", b"zz"), *x[3:]])
    made = repaired(folder)
    assert titles(made.folder) == ["b1", "b2", "b3", "b4", "b5"]
    assert len(made.told) == 3
    found = [t.note.verb for t in transactions(open_db(made.folder).journal)]
    assert found == ["", "lost", "lost", "", "", "", "", "", "", "", "repaired"]


def test_a_snapshot_is_rebuilt_from_the_journals(tmp_path):
    for count, damage in enumerate((lambda d: d[:60], lambda d: b"", lambda d: d.replace(b"a2", b"zz"), None)):
        folder = busy(tmp_path / f"p{count}")
        path = folder / "data.json"
        was, data = path.stat(), path.read_bytes()
        path.unlink()
        if damage:
            path.write_bytes(damage(data))
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
        assert inspect(folder).is_damaged
        made = repaired(folder, f"copy{count}")
        assert titles(made.folder) == ["b1", "b2", "b3", "b4", "b5"]


def test_a_kept_snapshot_stands_in_for_what_came_before_it(tmp_path):
    folder = busy(tmp_path / "p")
    db = open_db(folder)
    db.journal.keep_day(dt.date(2026, 11, 22))
    db.table("tasks").insert({"title": "late"})
    db.close()
    (folder / "data.json").unlink()
    (folder / "history" / "journal.000001.jsonl").unlink()
    made = repaired(folder)
    assert titles(made.folder) == ["b1", "b2", "b3", "b4", "b5", "late"]
    assert replay(made.folder).tables["tasks"]["6"]["title"] == "late"


def test_with_nothing_else_left_an_altered_snapshot_is_taken_as_it_reads(tmp_path):
    folder = busy(tmp_path / "p")
    path = folder / "data.json"
    was, data = path.stat(), path.read_bytes()
    (folder / "history" / "journal.000001.jsonl").unlink()
    broken = data.replace(b'"2":{', b'"2";{')
    path.write_bytes(broken)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    made = repaired(folder)
    assert titles(made.folder) == ["b1", "b3", "b4", "b5"]
    assert any("taken as they read" in line for line in made.told)
    assert broken in (made.folder / "not-repaired.txt").read_bytes()


def test_documents_of_lost_changes_are_taken_from_an_altered_snapshot(tmp_path):
    folder = busy(tmp_path / "p")
    path = folder / "data.json"
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b"a1", b"zz"))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    hurt(folder / "history" / "journal.000001.jsonl", lambda x: [*x[:2], *x[3:]])
    made = repaired(folder)
    assert sorted(titles(made.folder)) == ["b1", "b2", "b3", "b4", "b5"]
    assert "tasks 3: taken from the altered data.json as it reads there" in made.told


def test_a_hand_edit_beside_damage_is_taken_in(tmp_path):
    folder = busy(tmp_path / "p")
    path = folder / "data.json"
    path.write_bytes(path.read_bytes().replace(b'"n":4', b'"n":44').replace(b'"a1"', b'"hand"'))
    hurt(folder / "journal.000002.jsonl", lambda x: [*x[:2], x[2].replace(b"b3", b"zz"), *x[3:]])
    made = repaired(folder)
    found = contents(open_db(made.folder))["tasks"]
    assert (found[4]["n"], found[4]["title"], found[1]["title"], found[3]["title"]) == (44, "b4", "b1", "a3")
    assert any("hand edits" in line for line in made.told)


def test_an_original_that_nobody_may_write_is_only_read(tmp_path):
    folder = busy(tmp_path / "p")
    hurt(folder / "journal.000002.jsonl", lambda x: x[1:])
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert titles(repaired(folder).folder) == ["a1", "b2", "b3", "b4", "b5"]
    finally:
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)


def test_a_copy_never_takes_the_place_of_anything(tmp_path):
    folder = busy(tmp_path / "p")
    assert free_folder(tmp_path, "p") == tmp_path / "p-repaired"
    (tmp_path / "p-repaired").mkdir()
    (tmp_path / "p-repaired-2").symlink_to(tmp_path / "nowhere")
    assert free_folder(tmp_path, "p") == tmp_path / "p-repaired-3"
    assert len(free_folder(tmp_path, "p" * 40).name) == 40
    for name in ("p-repaired", "p-repaired-2"):
        with pytest.raises(StoreError, match="is there already"):
            repair(inspect(folder), tmp_path / name, Author("pat", "s"), NOW)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p", "p-repaired", "p-repaired-2"]


def test_what_a_newer_pmtui_wrote_is_not_repaired(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    write_snapshot(folder / "data.json", Meta(format=99, generation=1), {})
    with pytest.raises(StoreError, match="newer"):
        repair(inspect(folder), tmp_path / "copy", Author("pat", "s"), NOW)
    assert not (tmp_path / "copy").exists()
    assert issubclass(NewerFormat, StoreError)


# Whatever was done, and whatever befell it -------------------------------


def random_work(chance, folder):
    """A project of some twenty changes; which changes each task had, and what it is in the end."""
    db = open_db(folder)
    touched = {}
    for count in range(chance.randint(6, 24)):
        known = [d.doc_id for d in db.table("tasks").all()]
        what = chance.random()
        if not known or what < 0.4:
            number = db.table("tasks").insert({"title": f"x{count}", "n": chance.randint(0, 9)})
            touched[number] = []
        elif what < 0.85:
            number = chance.choice(known)
            db.table("tasks").update({chance.choice(["title", "note"]): f"y{count}"}, doc_ids=[number])
        else:
            number = chance.choice(known)
            db.table("tasks").remove(doc_ids=[number])
        touched[number].append(db.journal.sequence)
        if chance.random() < 0.15:
            db.journal.compact()
    end = contents(db).get("tasks", {})
    db.close()
    return touched, end


def random_damage(chance, folder):
    """Hurt one or two journals; the numbers of the lines that no longer stand as they were."""
    hit = set()
    with_lines = [p for p in folder.rglob("journal.*.jsonl") if p.stat().st_size]
    for journal in chance.sample(with_lines, min(len(with_lines), chance.randint(1, 2))):
        lines = journal.read_bytes().splitlines(keepends=True)
        first = int(lines[0].split(b'"q":')[1].split(b",")[0])
        at = chance.randrange(len(lines))
        how = chance.choice(["flip", "zero", "delete", "swap", "twice", "truncate", "garbage"])
        if how in {"flip", "zero"}:
            line = bytearray(lines[at])
            for _ in range(chance.randint(1, 6)):
                place = chance.randrange(len(line))
                line[place] = 0 if how == "zero" else line[place] ^ 1 << chance.randrange(8)
            lines[at] = bytes(line)
            hit |= {first + at, first + at + 1}  # a newline may be what was hit
        elif how == "delete":
            del lines[at]
            hit.add(first + at)
        elif how == "swap":
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif how == "twice":
            lines.insert(chance.randrange(len(lines) + 1), lines[at])
        elif how == "garbage":
            lines.insert(at, chance.randbytes(20).replace(b"\n", b"") + b"\n")
        else:
            hit |= set(range(first + at, first + len(lines)))
            lines[at:] = [lines[at][: chance.randrange(len(lines[at]))]]
        journal.write_bytes(b"".join(lines))
    return hit


@pytest.mark.parametrize("seed", seeds(60, 2000))
def test_a_copy_holds_every_record_whose_changes_were_all_sound(tmp_path, seed):
    chance = random.Random(seed)
    folder = tmp_path / "p"
    folder.mkdir()
    touched, end = random_work(chance, folder)
    hit = random_damage(chance, folder)
    if chance.random() < 0.5:
        (folder / "data.json").unlink()
    made = repaired(folder)
    found = contents(open_db(made.folder)).get("tasks", {})
    for number, changes in touched.items():
        if not hit & set(changes):
            assert found.get(number) == end.get(number), (number, made.told)


def without_the_last_lines(folder):
    """Lose the last three lines of the journal in use."""
    hurt(folder / "journal.000002.jsonl", lambda lines: lines[:-3])
    (folder / "kept").mkdir(exist_ok=True)


def test_a_kept_snapshot_of_another_project_is_no_base_also_where_it_is_further_on(tmp_path):
    folder, other = busy(tmp_path / "one"), tmp_path / "other"
    other.mkdir()
    with open_db(other, "eve") as theirs:
        for number in range(20):
            theirs.table("tasks").insert({"title": f"foreign {number}"})
        kept = theirs.journal.keep_day(dt.date(2026, 5, 5))
    without_the_last_lines(folder)
    (folder / "kept" / kept.name).write_bytes(kept.read_bytes())
    assert titles(repaired(folder).folder) == ["b1", "b2", "a3", "a4", "a5"]


def test_a_kept_snapshot_of_its_own_has_what_the_journals_lost(tmp_path):
    folder = busy(tmp_path / "one")
    with open_db(folder) as db:
        db.journal.keep_day(dt.date(2026, 5, 5))
    without_the_last_lines(folder)
    made = repair(inspect(folder), tmp_path / "copy", Author("pat", "s"), NOW)
    assert titles(made.folder) == ["b1", "b2", "b3", "b4", "b5"]
