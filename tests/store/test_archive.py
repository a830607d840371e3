import datetime as dt
import gzip
import io
import json
import tarfile

import pytest
from store.stores import TORTURE, contents, files, open_db

from pmtui.store import Author, LockTimeout, StoreError, archive
from pmtui.store.archive import pack, restore, write_archive
from pmtui.store.damage.inspect import inspect
from pmtui.store.history import transactions
from pmtui.store.lock import WriteLock

PAT = Author("pat", "s")
NOW = 1_800_000_000_000


def busy(folder):
    folder.mkdir(parents=True)
    db = open_db(folder)
    db.table("project").insert({"code": folder.name, "title": "HRIS"})
    db.table("tasks").insert_multiple([{"title": "a"}, {"title": "b"}])
    db.journal.compact()
    db.table("tasks").update({"title": "c"}, doc_ids=[1])
    db.close()
    return folder


def backup(folder, target):
    write_archive(target, folder.name, pack(folder, PAT))
    return target


def stored(folder):
    """Files by name, but for those that are made when a project is opened."""
    return files(folder)


def archive_of(path, *members, kind=tarfile.REGTYPE):
    with tarfile.open(path, "w:gz") as made:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = (len(data) if kind == tarfile.REGTYPE else 0), kind, "/etc/passwd"
            made.addfile(info, io.BytesIO(data))
    return path


def test_a_backup_comes_back_as_it_was_with_its_history(tmp_path):
    folder = busy(tmp_path / "w" / "hris")
    packed = backup(folder, tmp_path / "b.tar.gz")
    made = restore(packed, tmp_path / "other", PAT, NOW)
    assert (made.code, made.folder, made.replaced) == ("hris", tmp_path / "other" / "hris", None)
    assert stored(made.folder) == stored(folder)
    assert inspect(made.folder).findings == ()
    db = open_db(made.folder)
    assert [t.sequence for t in transactions(db.journal)] == [1, 2, 3]
    assert db.table("tasks").insert({"title": "new"}) == 3


def test_a_backup_is_for_its_owner_alone_and_never_takes_anothers_place(tmp_path):
    folder = busy(tmp_path / "hris")
    packed = backup(folder, tmp_path / "b.tar.gz")
    assert packed.stat().st_mode & 0o777 == 0o600
    before = packed.read_bytes()
    with pytest.raises(StoreError, match="is there already"):
        backup(folder, packed)
    assert packed.read_bytes() == before
    write_archive(packed, "hris", pack(folder, PAT), force=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.tar.gz", "hris"]


def test_a_backup_that_does_not_read_back_is_not_left(tmp_path, monkeypatch):
    folder = busy(tmp_path / "hris")
    packed = pack(folder, PAT)
    write = archive._write
    monkeypatch.setattr(archive, "_write", lambda file, code, found: write(file, code, found[1:]))
    with pytest.raises(StoreError, match="read back"):
        write_archive(tmp_path / "b.tar.gz", "hris", packed)
    assert [p.name for p in tmp_path.iterdir()] == ["hris"]


def test_a_backup_waits_for_who_is_writing(tmp_path, monkeypatch):
    folder = busy(tmp_path / "hris")
    monkeypatch.setattr(archive, "WriteLock", lambda path, who: WriteLock(path, who, timeout=0.01))
    lock = WriteLock(folder / "lock", "ben")
    with lock.held(), pytest.raises(LockTimeout, match="ben"):
        pack(folder, PAT)
    assert pack(folder, PAT)


def test_a_link_is_not_packed(tmp_path):
    folder = busy(tmp_path / "hris")
    (tmp_path / "secret").write_text("{}")
    (folder / "data.json").unlink()
    (folder / "data.json").symlink_to(tmp_path / "secret")
    with pytest.raises(StoreError, match="link"):
        pack(folder, PAT)


def test_another_code_and_one_that_is_taken(tmp_path):
    folder = busy(tmp_path / "hris")
    packed = backup(folder, tmp_path / "b.tar.gz")
    before = stored(folder)
    with pytest.raises(StoreError, match=r"--as CODE .* --replace"):
        restore(packed, tmp_path, PAT, NOW)
    with pytest.raises(StoreError, match="is there already"):
        restore(packed, tmp_path, PAT, NOW, code="HRIS")
    with pytest.raises(StoreError, match="letters"):
        restore(packed, tmp_path, PAT, NOW, code="../x")
    assert restore(packed, tmp_path, PAT, NOW, code="again").folder == tmp_path / "again"
    assert stored(folder) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again", "b.tar.gz", "hris"]


def test_replacing_moves_the_one_that_is_there_aside_and_loses_nothing(tmp_path):
    folder = busy(tmp_path / "hris")
    packed = backup(folder, tmp_path / "b.tar.gz")
    mine = open_db(folder)
    mine.table("tasks").insert({"title": "late"})
    before = stored(folder)
    made = restore(packed, tmp_path, PAT, NOW, replace=True)
    assert made.replaced == tmp_path / "_replaced" / "hris.20270115T080000Z"
    assert stored(made.replaced) == before
    assert restore(packed, tmp_path, PAT, NOW, replace=True).replaced.name == "hris.20270115T080000Z-1"
    assert [d["title"] for d in open_db(folder).table("tasks").all()] == ["c", "b"]
    mine.table("tasks").insert({"title": "after"})
    assert [d["title"] for d in open_db(folder).table("tasks").all()] == ["c", "b", "after"]
    assert stored(made.replaced) == before


def test_nobody_is_replaced_while_they_write(tmp_path, monkeypatch):
    folder = busy(tmp_path / "hris")
    packed = backup(folder, tmp_path / "b.tar.gz")
    monkeypatch.setattr(archive, "WriteLock", lambda path, who: WriteLock(path, who, timeout=0.01))
    lock = WriteLock(folder / "lock", "ben")
    before = stored(folder)
    with lock.held(), pytest.raises(LockTimeout, match="ben"):
        restore(packed, tmp_path, PAT, NOW, replace=True)
    assert stored(folder) == before


def test_a_restore_that_fails_leaves_everything_as_it_was(tmp_path, monkeypatch):
    folder = busy(tmp_path / "w" / "hris")
    packed = backup(folder, tmp_path / "b.tar.gz")
    before = stored(folder)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive, "put_folder", full)
    with pytest.raises(OSError, match="No space"):
        restore(packed, tmp_path / "w", PAT, NOW, replace=True)
    assert stored(folder) == before
    assert [p for p in (tmp_path / "w").iterdir() if p.name != "_replaced"] == [folder]
    assert not list((tmp_path / "w" / "_replaced").iterdir())


def test_a_kept_snapshot_is_a_project_again(tmp_path):
    folder = busy(tmp_path / "hris")
    db = open_db(folder)
    kept = db.journal.keep_day(dt.date(2026, 11, 22))
    wanted = contents(db)
    db.close()
    made = restore(kept, tmp_path / "w", PAT, NOW)
    assert made.code == "hris"
    assert inspect(made.folder).findings == ()
    again = open_db(made.folder)
    assert contents(again) == wanted
    assert [t.note.verb for t in transactions(again.journal)] == ["restored"]
    assert again.table("tasks").insert({"title": "new"}) == 3


def test_a_plain_tinydb_file_is_a_project_again_where_its_code_is_said(tmp_path):
    plain = tmp_path / "plain.json"
    plain.write_text('{"tasks": {"1": {"title": "a"}, "7": {"title": "b"}}}')
    with pytest.raises(StoreError, match="--as CODE"):
        restore(plain, tmp_path / "w", PAT, NOW)
    made = restore(plain, tmp_path / "w", PAT, NOW, code="old")
    assert open_db(made.folder).table("tasks").insert({"title": "c"}) == 8


@pytest.mark.parametrize(
    "name", ["hris/../../x", "/etc/x", "hris/x.sh", "hris/history/../data.json", "data.json", "../data.json"]
)
def test_a_name_that_no_project_has_is_refused(tmp_path, name):
    packed = archive_of(tmp_path / "b.tar.gz", ("hris/data.json", b"{}"), (name, b"x"))
    with pytest.raises(StoreError, match="which no project has"):
        restore(packed, tmp_path / "w", PAT, NOW)
    assert not list((tmp_path / "w").iterdir())


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_links_and_devices_are_refused(tmp_path, kind):
    packed = archive_of(tmp_path / "b.tar.gz", ("hris/data.json", b"{}"), kind=kind)
    with pytest.raises(StoreError, match="which no project has"):
        restore(packed, tmp_path / "w", PAT, NOW)


def test_two_of_one_name_two_projects_or_no_snapshot_are_refused(tmp_path):
    for count, names in enumerate(
        (["a/data.json", "a/data.json"], ["a/data.json", "b/data.json"], ["a/journal.000001.jsonl"], [])
    ):
        packed = archive_of(tmp_path / f"{count}.tar.gz", *((name, b"{}") for name in names))
        with pytest.raises(StoreError, match="nothing was restored"):
            restore(packed, tmp_path / "w", PAT, NOW)
    assert not list((tmp_path / "w").iterdir())


def test_what_unpacks_to_far_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "LEAST_LIMIT", 10_000)
    packed = archive_of(tmp_path / "b.tar.gz", ("hris/data.json", b" " * 5_000_000))
    with pytest.raises(StoreError, match="far more"):
        restore(packed, tmp_path / "w", PAT, NOW)
    assert not list((tmp_path / "w").iterdir())


def test_a_backup_cut_off_or_altered_anywhere_is_refused(tmp_path):
    packed = backup(busy(tmp_path / "hris"), tmp_path / "b.tar.gz").read_bytes()
    bad = tmp_path / "bad"
    for at in range(0, len(packed), 1 if TORTURE else 97):
        flipped = bytearray(packed)
        flipped[at] ^= 0x10
        for data in (packed[:at], bytes(flipped)):
            bad.write_bytes(data)
            try:
                made = restore(bad, tmp_path / "w", PAT, NOW)
            except StoreError:
                assert not list((tmp_path / "w").iterdir())
                continue
            assert stored(made.folder) == stored(tmp_path / "hris"), at  # the header's idle bytes
            made.folder.rename(tmp_path / f"made-{at}")


def test_a_damaged_project_in_an_archive_is_refused_with_what_is_wrong(tmp_path):
    folder = busy(tmp_path / "hris")
    journal = folder / "journal.000002.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"c"]', b'"z9"]'))
    packed = backup(folder, tmp_path / "b.tar.gz")
    with pytest.raises(StoreError, match=r"journal.000002.jsonl line 1 .* was altered"):
        restore(packed, tmp_path / "w", PAT, NOW)


@pytest.mark.parametrize("data", [b"", b"hello", b"[1]", b'{"tasks": [1]}', gzip.compress(b"x", mtime=0), b"{}"])
def test_what_is_no_backup_is_refused(tmp_path, data):
    (tmp_path / "f").write_bytes(data)
    with pytest.raises(StoreError, match="f: "):
        restore(tmp_path / "f", tmp_path / "w", PAT, NOW, code="x")
    assert not list((tmp_path / "w").iterdir())


def test_an_altered_snapshot_is_refused(tmp_path):
    folder = busy(tmp_path / "hris")
    path = tmp_path / "altered.json"
    path.write_bytes((folder / "data.json").read_bytes().replace(b'"b"', b'"z"'))
    assert json.loads(path.read_bytes())
    with pytest.raises(StoreError, match="altered"):
        restore(path, tmp_path / "w", PAT, NOW)
