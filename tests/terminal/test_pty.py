"""The product in a real terminal: started by its command, driven by bytes, read by a terminal emulator."""

import termios

import pytest
from terminal.ptys import now_days, records, small_workspace, terminal


@pytest.fixture
def workspace(tmp_path):
    return small_workspace(tmp_path / "ws")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_an_overdue_task_is_triaged_by_four_keys_and_kept(workspace, tmp_path, size):
    with terminal("--workspace", str(workspace), folder=tmp_path, size=size) as screen:
        screen.wait("Sign off the plan")
        screen.keys("t")
        screen.wait("Triage · 1 of 1")
        screen.keys("rfv")
        screen.wait("All 1 decided")
        screen.keys("qq")
        assert screen.exit_code() == 0
    assert records(workspace)[1].slip_count == 1


def test_the_terminal_is_given_back_as_it_was(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        before = termios.tcgetattr(screen.fd)
        screen.wait("Sign off the plan")
        screen.keys("q")
        assert screen.exit_code() == 0
        assert screen.raw.rstrip().endswith(b"\x1b[?1049l") or b"\x1b[?1049l" in screen.raw[-400:]
        assert termios.tcgetattr(screen.fd)[3] == before[3]
        assert b"\x1b[?1000h" not in screen.raw


def test_every_view_is_walked_by_keys_alone(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        for key, title in (
            ("1", "Today"),
            ("2", "Board"),
            ("3", "Risks"),
            ("4", "Costs"),
            ("5", "Meetings"),
            ("6", "Report"),
        ):
            screen.keys(key)
            screen.wait(f"▸ {title}")
            screen.keys("?")
            screen.wait("Keys ·")
            screen.keys("q")
            screen.wait(f"▸ {title}")
        screen.keys("1")
        screen.wait("▸ Today")
        screen.keys("P")
        screen.wait("Settings")
        screen.keys("q")
        screen.wait("▸ Today")
        screen.keys("q")
        assert screen.exit_code() == 0


def test_a_change_by_the_shell_is_on_the_screen_without_a_key(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        screen.wait("Sign off the plan")
        with terminal(
            "--workspace", str(workspace), "add", "task", "From the shell due today", folder=tmp_path
        ) as other:
            assert other.exit_code() == 0
        screen.wait("From the shell")
        screen.keys("q")
        assert screen.exit_code() == 0


def test_without_a_terminal_it_names_the_shell_commands(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path, TERM="dumb") as screen:
        assert screen.exit_code() == 1
        assert "pmtui list tasks" in screen.raw.decode()


def test_keys_that_arrive_all_at_once_do_what_they_do_one_by_one(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        screen.wait("Sign off the plan")
        screen.keys("2aWrite the runbook @ben due fri\r:T-2\rrm\rw@chi\r")
        screen.wait(lambda: getattr(records(workspace).get(2), "owner", "") == "chi")
        found = records(workspace)[2]
        assert (found.title, found.due) == ("Write the runbook", now_days(1))
        screen.keys("qq")
        assert screen.exit_code() == 0


def test_a_paste_stays_text(workspace, tmp_path):
    with terminal("--workspace", str(workspace), folder=tmp_path) as screen:
        screen.wait("Sign off the plan")
        screen.keys("\x1b[200~ddxD\x1b[201~")
        screen.keys("a\x1b[200~Pasted ddd title\x1b[201~")
        screen.wait("Pasted ddd title")
        screen.keys("\r")
        screen.wait(lambda: 2 in records(workspace))
        assert (records(workspace)[1].status, records(workspace)[2].title) == ("to do", "Pasted ddd title")
