import json
import os
import stat

import pytest

from pmtui.store import Author
from pmtui.store import presence as presence_module
from pmtui.store.presence import LEFT_BEHIND, LIFE, MOST_FILES, Here, Seat, file_name, last_sign

ANA, BEN, CHI, DORA = (file_name(f"ui-{user}") for user in ("ana", "ben", "chi", "dora"))
NOON = 1_800_000_000.0


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "hris"
    folder.mkdir(mode=0o700)
    return folder


def seat(project, user, session="", clock=lambda: NOON):
    return Seat(project, Author(user, session or f"ui-{user}"), clock=clock)


def put(project, name, content, *, age=0.0, beside=None):
    """A file of somebody's, touched some seconds before the file that `beside` keeps."""
    file = project / "presence" / name
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    touched = (project / "presence" / beside).stat().st_mtime - age if beside else NOON - age
    os.utime(file, (touched, touched))
    return file


def files(project):
    return sorted(path.name for path in (project / "presence").iterdir())


def test_who_has_a_project_open_is_seen_by_others_and_not_by_oneself(project):
    ana, ben = seat(project, "ana"), seat(project, "ben")
    ana.announce("board")
    ben.announce("risks", "R-3")
    assert ana.others() == (Here("ben", "ui-ben", "risks", "R-3"),)
    assert ben.others() == (Here("ana", "ui-ana", "board"),)


def test_another_view_or_record_is_news(project):
    ana, ben = seat(project, "ana"), seat(project, "ben")
    ana.announce("board", "T-1000")
    ben.announce("board")
    ana.announce("costs")
    assert ben.others() == (Here("ana", "ui-ana", "costs"),)


def test_two_panes_of_one_user_are_two_sessions(project):
    one, other = seat(project, "ana", "ui-1"), seat(project, "ana", "ui-2")
    one.announce("board")
    other.announce("risks")
    assert [here.session for here in one.others()] == ["ui-2"]


def test_two_runs_in_one_pane_have_a_file_each(project, monkeypatch):
    first = seat(project, "ana", "sh-1")
    first.announce("board")
    monkeypatch.setattr(presence_module.os, "getpid", lambda: 1)
    second = seat(project, "ana", "sh-1")
    second.announce("risks")
    assert [here.view for here in second.others()] == ["board"]
    assert [here.view for here in first.others()] == ["risks"]


def test_who_leaves_takes_the_file_away(project):
    ana, ben = seat(project, "ana"), seat(project, "ben")
    ana.announce("board")
    ben.announce("board")
    ana.leave()
    assert ben.others() == ()
    assert files(project) == [BEN]


def test_who_gives_no_sign_of_life_is_gone_after_a_while(project):
    ana = seat(project, "ana")
    ana.announce("board")
    put(project, BEN, {"user": "ben", "session": "ui-ben"}, age=LIFE - 1, beside=ANA)
    put(project, CHI, {"user": "chi", "session": "ui-chi"}, age=LIFE + 1, beside=ANA)
    put(project, DORA, {"user": "dora", "session": "ui-dora"}, age=-LIFE - 1, beside=ANA)
    assert [here.user for here in ana.others()] == ["ben"]


@pytest.mark.parametrize("wrong_by", [-86_400.0, -300.0, 300.0, 86_400.0])
def test_a_clock_that_is_wrong_sees_the_same_people(project, wrong_by):
    ben = seat(project, "ben")
    ben.announce("board")
    touched = (project / "presence" / BEN).stat().st_mtime
    ana = seat(project, "ana", clock=lambda: touched + wrong_by)
    ana.announce("board")
    assert [here.user for here in ana.others()] == ["ben"]


def test_a_sign_of_life_touches_the_file_and_brings_it_back_where_it_was_taken_away(project):
    ana = seat(project, "ana")
    ana.announce("board", "T-1")
    file = project / "presence" / ANA
    os.utime(file, (0, 0))
    ana.beat()
    assert file.stat().st_mtime > LIFE
    file.unlink()
    ana.beat()
    assert json.loads(file.read_text()) == {"user": "ana", "session": "ui-ana", "view": "board", "record": "T-1"}


def test_the_file_is_shared_as_the_project_is(project):
    ana = seat(project, "ana")
    ana.announce("board")
    folder = project / "presence"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / ANA).stat().st_mode) == 0o600


def test_in_a_shared_project_the_group_sees_it(tmp_path):
    project = tmp_path / "hris"
    project.mkdir()
    project.chmod(0o2770)
    seat(project, "ana").announce("board")
    folder = project / "presence"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o2770
    assert stat.S_IMODE((folder / ANA).stat().st_mode) == 0o660


def test_no_link_is_followed(project, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text('{"user": "root", "session": "x"}\n')
    ana = seat(project, "ana")
    ana.announce("board")
    (project / "presence" / "link.json").symlink_to(secret)
    assert ana.others() == ()
    (project / "presence" / BEN).symlink_to(secret)
    seat(project, "ben").announce("board")
    assert secret.read_text() == '{"user": "root", "session": "x"}\n'


def test_a_strangers_file_is_nobody(project, monkeypatch):
    ana = seat(project, "ana")
    ana.announce("board")
    put(project, BEN, {"user": "ben", "session": "ui-ben"}, beside=ANA)
    monkeypatch.setattr(presence_module, "foreign", lambda *_: "it belongs to mallory")
    assert ana.others() == ()


def test_a_folder_that_is_a_link_is_not_gone_into(project, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (project / "presence").symlink_to(elsewhere)
    ana = seat(project, "ana")
    ana.announce("board")
    assert ana.others() == ()
    assert list(elsewhere.iterdir()) == []


def test_what_is_no_plain_file_is_left_alone(project):
    ana = seat(project, "ana")
    ana.announce("board")
    os.mkfifo(project / "presence" / BEN)
    (project / "presence" / CHI).mkdir()
    assert ana.others() == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'{"user": 7, "session": "x"}',
        b'{"user": "", "session": "x"}',
        b'{"user": "\x1b", "session": "x"}',
        b'{"session": "x"}',
        b'{"user": "ben", "session": "' + b"x" * 600 + b'"}',
        b"[" * 500,
    ],
)
def test_what_cannot_be_read_is_nobody(project, content):
    ana = seat(project, "ana")
    ana.announce("board")
    put(project, BEN, content, beside=ANA)
    assert ana.others() == ()


def test_a_name_cannot_act_on_the_terminal(project):
    ana = seat(project, "ana")
    ana.announce("board")
    hostile = {"user": "b\x1b]0;x\x07en\u202e\n" + "y" * 90, "session": "s", "record": "T-1\x1b[2J"}
    put(project, BEN, hostile, beside=ANA)
    (here,) = ana.others()
    assert here.user == ("b]0;xen " + "y" * 90)[:40]
    assert here.record == "T-1[2J"


def test_only_so_many_files_are_looked_at(project, monkeypatch):
    ana = seat(project, "ana")
    ana.announce("board")
    for at in range(MOST_FILES + 50):
        put(project, f"x{at}.json", {"user": f"u{at}", "session": "s"}, beside=ANA)
    assert MOST_FILES - 1 <= len(ana.others()) <= MOST_FILES


def test_a_session_name_never_leaves_the_folder(project):
    ana = seat(project, "ana", "../../x/.y")
    ana.announce("board")
    (name,) = files(project)
    assert name == file_name("------x--y")


def test_where_nothing_can_be_written_one_still_sees_others(project, monkeypatch):
    ben = seat(project, "ben")
    ben.announce("board")
    touched = (project / "presence" / BEN).stat().st_mtime
    ana = seat(project, "ana", clock=lambda: touched)

    def denied(*_):
        raise PermissionError(13, "denied")

    monkeypatch.setattr(ana, "_make", denied)
    ana.announce("board")
    ana.beat()
    assert [here.user for here in ana.others()] == ["ben"]
    ana.leave()
    assert files(project) == [BEN]


def test_a_full_disk_is_nobodys_end(project, monkeypatch):
    ben = seat(project, "ben")
    ben.announce("board")
    touched = (project / "presence" / BEN).stat().st_mtime
    ana = seat(project, "ana", clock=lambda: touched)

    def full(*_):
        raise OSError(28, "no space left")

    monkeypatch.setattr(presence_module.os, "pwrite", full)
    ana.announce("board")
    assert [here.user for here in ana.others()] == ["ben"]
    assert ben.others() == ()


def test_ones_own_files_that_were_left_behind_are_taken_away_and_no_others(project, monkeypatch):
    first = seat(project, "ana")
    first.announce("board")
    for name, age in (("old", LEFT_BEHIND + 60), ("young", LEFT_BEHIND - 60), ("theirs", LEFT_BEHIND + 60)):
        theirs = put(project, f"ui-{name}.json", {"user": "x", "session": name}, age=age, beside=ANA)
    seen = os.stat

    def owned(path, *arguments, **more):
        found = seen(path, *arguments, **more)
        if path == theirs.name:
            return os.stat_result((*found[:4], found.st_uid + 1, *found[5:]))
        return found

    monkeypatch.setattr(presence_module.os, "stat", owned)
    seat(project, "ana", "ui-new").announce("board")
    assert files(project) == sorted([ANA, file_name("ui-new"), "ui-theirs.json", "ui-young.json"])


def test_a_file_of_ones_name_that_is_somebody_elses_is_not_taken_over(project, monkeypatch):
    ben = seat(project, "ben")
    ben.announce("board")
    theirs = put(project, ANA, {"user": "mallory", "session": "m"}, beside=BEN)
    monkeypatch.setattr(presence_module.os, "geteuid", lambda: os.getuid() + 1)
    seat(project, "ana").announce("board")
    assert "mallory" in theirs.read_text()


def test_the_last_sign_of_life_is_told_also_of_an_empty_file(project):
    assert last_sign(project) == 0.0
    (project / "presence").mkdir()
    put(project, "ui-1.json", b"", age=100.0)
    put(project, "ui-2.json", b"", age=7.0)
    assert last_sign(project) == NOON - 7.0


def test_a_project_that_is_gone_has_nobody(tmp_path):
    ana = seat(tmp_path / "gone", "ana")
    ana.announce("board")
    assert ana.others() == ()
    ana.leave()
