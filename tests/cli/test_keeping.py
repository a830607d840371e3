"""Damage explained and repaired, backup and restore, as people and scripts meet them."""

import datetime as dt
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories import session

from pmtui.cli import cli
from pmtui.shell.context import Shell
from pmtui.store import ProjectDB

NOW = dt.datetime(2026, 11, 22, 14, 15, tzinfo=dt.UTC)
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """Run a command in a workspace with two tasks in a project, from an empty folder, at a fixed time."""
    for name in ("PMTUI_PROJECT", "PMTUI_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    given = session(tmp_path / "w", user="ana", name="shell-1", now=NOW)

    def invoke(*args: str) -> Result:
        return CliRunner().invoke(cli, list(args), obj=Shell(given=given))

    assert invoke("projects", "add", "hris", "--name", "HRIS deployment").exit_code == 0
    assert invoke("add", "task", "One @ben due 2026-12-01").exit_code == 0
    assert invoke("compact").exit_code == 0
    assert invoke("add", "task", "Two after T-1").exit_code == 0
    assert invoke("edit", "T-1", "title=One more").exit_code == 0
    return invoke


@pytest.fixture
def hris(tmp_path) -> Path:
    return tmp_path / "w" / "hris"


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(result: Result) -> str:
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    return result.stderr


def bytes_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): (p.read_bytes(), p.stat().st_mtime_ns) for p in found}


def journal(hris: Path) -> Path:
    return hris / "journal.000002.jsonl"


def flip(hris: Path) -> None:
    journal(hris).write_bytes(journal(hris).read_bytes().replace(b'"Two"', b'"Owl"'))


def drop_line(hris: Path) -> None:
    journal(hris).write_bytes(b"".join(journal(hris).read_bytes().splitlines(keepends=True)[1:]))


def swap_lines(hris: Path) -> None:
    journal(hris).write_bytes(b"".join(reversed(journal(hris).read_bytes().splitlines(keepends=True))))


def alter_snapshot(hris: Path) -> None:
    path = hris / "data.json"
    was = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"One"', b'"Own"'))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def lose_snapshot(hris: Path) -> None:
    (hris / "data.json").unlink()


def lose_history(hris: Path) -> None:
    (hris / "history" / "journal.000001.jsonl").unlink()


def dangle(hris: Path) -> None:
    with ProjectDB(hris / "data.json", stamps=True) as db:
        db.table("tasks").update({"depends_on": ["T-1", "T-9"]}, doc_ids=[2])


def invalid(hris: Path) -> None:
    with ProjectDB(hris / "data.json", stamps=True) as db:
        db.table("tasks").update({"due": "\x1b[31mnever"}, doc_ids=[1])


DAMAGE = {
    "an altered line": (flip, "line 1 (change 3 by ana, Sun 22 Nov 2026 14:15) was altered"),
    "a missing line": (drop_line, "change 3 is missing"),
    "swapped lines": (swap_lines, "lines changed places"),
    "an altered snapshot": (alter_snapshot, 'tasks 1: title "One" → "Own"'),
    "a missing snapshot": (lose_snapshot, "data.json is missing"),
    "a missing history": (lose_history, "changes 1 to 2 are missing"),
    "a dangling link": (dangle, "T-2 depends_on: 'T-9': there is no such"),
    "an invalid record": (invalid, "T-1 can't be read"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_explained_and_repaired_to_a_copy(run, hris, tmp_path, name):
    hurt, words = DAMAGE[name]
    hurt(hris)
    before = bytes_of(hris)
    result = run("check")
    assert result.exit_code == 1
    assert words in result.stdout
    assert "hris: damaged" in result.stdout
    assert "check --repair" in result.stdout
    assert "\x1b" not in result.stdout
    told = ok(run("check", "--repair"))
    assert f"repaired copy: {tmp_path / 'w' / 'hris-repaired'} (the original was not touched)" in told
    assert bytes_of(hris) == before
    assert ok(run("--project", "hris-repaired", "check")).startswith("hris-repaired: whole")
    titles = [t["title"] for t in json.loads(ok(run("--project", "hris-repaired", "list", "tasks", "--json")))]
    assert titles == {"an altered line": ["One more"], "a missing line": ["One more"]}.get(name, ["One more", "Two"])
    assert json.loads(ok(run("--project", "hris-repaired", "projects", "list", "--json")))[1]["code"] == "hris-repaired"


def test_the_copy_can_be_worked_in(run, hris):
    flip(hris)
    ok(run("check", "--repair"))
    assert ok(run("--project", "hris-repaired", "add", "task", "Three")) == "T-3\n"
    assert ok(run("--project", "hris-repaired", "check")).startswith("hris-repaired: whole, ")


def test_what_was_wrong_in_a_record_is_what_it_last_was_or_taken_out(run, hris):
    invalid(hris)
    dangle(hris)
    told = ok(run("check", "--repair"))
    assert 'T-1 due "\\u001b[31mnever" could not be read; it is "2026-12-01" again' in told
    assert "there is no such task here; it was taken out" in told
    found = {t["number"]: t for t in json.loads(ok(run("--project", "hris-repaired", "list", "tasks", "--json")))}
    assert (found["T-1"]["due"], found["T-2"]["depends_on"]) == ("2026-12-01", ["T-1"])
    assert "repaired" in ok(run("--project", "hris-repaired", "history", "T-1"))


def test_a_whole_project_needs_no_repair(run, hris, tmp_path):
    before = bytes_of(hris)
    assert "nothing to repair" in ok(run("check", "--repair"))
    assert bytes_of(hris) == before
    assert [p.name for p in (tmp_path / "w").iterdir()] == ["hris"]


def test_a_second_copy_has_a_name_of_its_own_and_one_may_be_named(run, hris, tmp_path):
    flip(hris)
    for name in ("hris-repaired", "hris-repaired-2"):
        assert str(tmp_path / "w" / name) in ok(run("--project", "hris", "check", "--repair"))
    ok(run("--project", "hris", "check", "--repair", "--to", "../mine"))
    assert (tmp_path / "mine" / "data.json").exists()
    assert "is there already" in refused(run("--project", "hris", "check", "--repair", "--to", "../mine"))
    assert "letters" in refused(run("--project", "hris", "check", "--repair", "--to", "../_mine"))
    assert run("check", "--to", "x").exit_code == 2


def test_an_unfinished_last_line_is_no_damage_and_looking_leaves_it(run, hris):
    with journal(hris).open("ab") as file:
        file.write(b'{"c":"unfinished')
    before = bytes_of(hris)
    assert "unfinished last line of 16 bytes" in ok(run("check"))
    assert bytes_of(hris) == before
    ok(run("add", "task", "Three"))
    assert "set aside earlier" in ok(run("check"))


def test_a_hand_edit_is_told_and_is_no_damage(run, hris):
    path = hris / "data.json"
    path.write_text(path.read_text().replace('"One"', '"Hand"'))
    os.utime(path, ns=(0, 1_800_000_000_000_000_000))
    told = ok(run("check"))
    assert "hris: whole" in told
    assert 'tasks 1: title "One" → "Hand"' in told


def test_findings_for_scripts(run, hris):
    assert json.loads(ok(run("check", "--json")))[0]["whole"] is True
    flip(hris)
    result = run("check", "--json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)
    assert found.keys() >= {"project", "whole", "records", "transactions", "damage", "notes", "findings"}
    assert (found["whole"], found["transactions"]) == (False, 4)
    (finding,) = found["findings"]
    assert (finding["kind"], finding["damage"]) == ("altered line", True)
    assert finding["words"] == found["damage"][0]
    repaired = json.loads(ok(run("check", "--repair", "--json")))[0]["repaired"]
    assert repaired["folder"].endswith("hris-repaired")
    assert "altered; left out" in repaired["told"][0]


def test_a_project_that_is_not_there(run):
    assert run("--project", "crm", "check").exit_code == 1
    assert "no such project" in run("--project", "crm", "check").stdout
    assert "no such project" in refused(run("--project", "../w", "backup"))
    assert "no such project" in refused(run("--project", "crm", "check", "--repair"))


def test_backup_and_restore(run, hris, tmp_path):
    assert ok(run("backup")) == "hris-2026-11-22-1415.tar.gz\n"
    packed = tmp_path / "here" / "hris-2026-11-22-1415.tar.gz"
    assert packed.stat().st_mode & 0o777 == 0o600
    with tarfile.open(packed) as archive:
        assert {"hris/data.json", "hris/journal.000002.jsonl", "hris/history/journal.000001.jsonl"} <= set(
            archive.getnames()
        )
    assert "is there already" in refused(run("backup"))
    ok(run("backup", "--force"))
    assert ok(run("backup", "elsewhere.tar.gz")) == "elsewhere.tar.gz\n"
    assert "is there already" in refused(run("restore", str(packed)))
    assert ok(run("restore", str(packed), "--as", "again")) == "again\n"
    assert "One → One more" in ok(run("--project", "again", "history"))
    assert json.loads(ok(run("projects", "list", "--json")))[0]["code"] == "again"
    assert ok(run("--project", "again", "check")).startswith("again: whole")


def test_restore_may_replace_and_tells_how_to_go_back(run, hris, tmp_path):
    ok(run("backup", "b.tar.gz"))
    ok(run("add", "task", "Three"))
    result = run("restore", "b.tar.gz", "--replace")
    assert ok(result) == "hris\n"
    aside = tmp_path / "w" / "_replaced" / "hris.20261122T141500Z"
    assert f"in {aside}; to bring it back: move it to {hris}" in result.stderr
    assert [t["title"] for t in json.loads(ok(run("list", "tasks", "--json")))] == ["One more", "Two"]
    assert b"Three" in (aside / "journal.000002.jsonl").read_bytes()
    assert ok(run("check")).startswith("hris: whole")


def test_every_project_is_backed_up_into_a_folder(run, tmp_path):
    ok(run("projects", "add", "erp"))
    (tmp_path / "safe").mkdir()
    told = ok(run("backup", "--all", str(tmp_path / "safe")))
    assert [Path(line).name for line in told.splitlines()] == [
        "erp-2026-11-22-1415.tar.gz",
        "hris-2026-11-22-1415.tar.gz",
    ]
    assert sorted(p.name for p in (tmp_path / "safe").iterdir()) == [Path(line).name for line in told.splitlines()]
    assert "several projects" in refused(run("backup"))


def test_a_backup_of_what_is_damaged_is_made_and_said(run, hris, tmp_path):
    flip(hris)
    result = run("backup", "b.tar.gz")
    assert (result.exit_code, result.stdout) == (1, "b.tar.gz\n")
    assert "hris is damaged, and so is its backup" in result.stderr
    assert "damaged; nothing was restored" in refused(run("restore", "b.tar.gz", "--as", "x"))
    assert not (tmp_path / "w" / "x").exists()


def test_what_is_no_backup_is_refused_in_words(run, tmp_path):
    (tmp_path / "here" / "x.tar.gz").write_bytes(b"\x1f\x8bnonsense")
    assert "is damaged, or no backup of pmtui" in refused(run("restore", "x.tar.gz"))
    assert "is not there" in refused(run("restore", "y.tar.gz"))
