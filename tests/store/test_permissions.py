"""Whose files are read and written, and with which rights they are made."""

import os
import stat

import pytest

from pmtui.store import Author, ForeignFile, ProjectDB, StoreError, Workspace
from pmtui.store.files import foreign

ANA = Author("ana", "s1")
NOBODY = 65534

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


def open_db(folder):
    return ProjectDB(folder / "data.json", author=ANA, clock=lambda: 1_700_000_000_000)


def rights(path):
    return stat.S_IMODE(path.stat().st_mode)


def written(workspace):
    """A project with a bit of everything in its folder."""
    db = workspace.add("hris")
    db.table("tasks").insert({"title": "a"})
    db.journal.compact()
    db.journal.keep_day(__import__("datetime").date(2026, 3, 2))
    with db.journal.journal_path.open("ab") as file:
        file.write(b"torn")
    db.table("tasks").insert({"title": "b"})
    db.close()
    folder = workspace.path / "hris"
    return folder, sorted(p for p in folder.rglob("*") if p.is_file())


def test_an_own_workspace_is_its_owners_alone(tmp_path):
    folder, files = written(Workspace(tmp_path / "ws", ANA))
    assert {rights(tmp_path / "ws"), rights(folder), rights(folder / "history"), rights(folder / "kept")} == {0o700}
    assert {rights(path) for path in files} == {0o600}
    assert any(path.name.startswith("torn.") for path in files)


def test_a_shared_one_follows_the_folders_group(tmp_path):
    shared = tmp_path / "ws"
    shared.mkdir()
    shared.chmod(0o2770)
    folder, files = written(Workspace(shared, ANA))
    assert {rights(folder), rights(folder / "history"), rights(folder / "kept")} == {0o2770}
    assert {rights(path) for path in files} == {0o660}


@as_root
def test_files_get_the_shared_folders_group(tmp_path):
    shared = tmp_path / "ws"
    shared.mkdir()
    os.chown(shared, 0, 100)
    shared.chmod(0o770)
    folder, files = written(Workspace(shared, ANA))
    assert {path.stat().st_gid for path in [folder, *files]} == {100}


NAMES = ("data.json", "journal.000002.jsonl", "lock")


@pytest.mark.parametrize("name", NAMES)
def test_a_link_in_place_of_a_file_is_never_followed(tmp_path, name):
    folder, _ = written(Workspace(tmp_path / "ws", ANA))
    elsewhere = tmp_path / "elsewhere"
    (folder / name).rename(elsewhere)
    (folder / name).symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    with pytest.raises(StoreError):
        open_db(folder).table("tasks").insert({"title": "c"})
    assert elsewhere.read_bytes() == before
    assert (folder / name).is_symlink()


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_in_place_of_a_file_is_refused_and_does_not_hang(tmp_path, name):
    folder, _ = written(Workspace(tmp_path / "ws", ANA))
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises((StoreError, OSError)):
        open_db(folder).table("tasks").insert({"title": "c"})
    assert stat.S_ISFIFO((folder / name).stat().st_mode)


@as_root
@pytest.mark.parametrize("name", NAMES)
def test_a_strangers_file_is_neither_read_nor_written(tmp_path, name, monkeypatch):
    folder, _ = written(Workspace(tmp_path / "ws", ANA))
    os.chown(folder / name, NOBODY, NOBODY)
    before = (folder / name).read_bytes()
    with pytest.raises(ForeignFile, match="nobody"):
        open_db(folder).table("tasks").insert({"title": "c"})
    assert (folder / name).read_bytes() == before


@as_root
def test_a_colleagues_file_in_a_shared_folder_is_no_strangers(tmp_path):
    shared = tmp_path / "ws"
    shared.mkdir()
    os.chown(shared, 0, 100)
    shared.chmod(0o2770)
    folder, files = written(Workspace(shared, ANA))
    for path in files:
        os.chown(path, NOBODY, 100)
    assert open_db(folder).table("tasks").insert({"title": "c"}) == 3


@as_root
def test_a_strangers_folder_is_no_project(tmp_path):
    workspace = Workspace(tmp_path / "ws", ANA)
    folder, _ = written(workspace)
    os.chown(folder, NOBODY, NOBODY)
    assert workspace.codes() == []
    assert workspace.unreadable() == ["hris"]
    with pytest.raises(ForeignFile):
        workspace.open("hris")


def made(uid, gid, mode):
    return os.stat_result((mode, 1, 1, 1, uid, gid, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("owner", "folder", "trusted"),
    [
        ((os.geteuid(), 7), made(41, 41, 0o700), True),
        ((41, 7), made(41, 41, 0o700), True),
        ((0, 7), made(41, 41, 0o700), True),
        ((42, 41), made(41, 41, 0o750), False),
        ((42, 41), made(41, 41, 0o770), True),
        ((42, 7), made(41, 41, 0o770), False),
        ((42, 7), made(41, 41, 0o1777), False),
    ],
)
def test_who_may_have_put_a_file_there(owner, folder, trusted):
    assert (foreign(made(*owner, 0o100600), folder) == "") is trusted
