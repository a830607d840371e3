"""The product in a real terminal: started by its command, driven by bytes, read by a terminal emulator."""

import termios

import pytest
from terminal.ptys import multiplexed, now_days, records, small_workspace, terminal


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


@pytest.mark.parametrize("inside", ["tmux", "screen"])
def test_every_kind_of_key_acts_under_the_defaults_of(inside, tmp_path):
    small_workspace(tmp_path / "ws")
    with multiplexed(inside, tmp_path, {}) as screen:
        screen.wait("Sign off the plan")
        screen.keys("a")
        screen.wait("Add a task")
        screen.keys("\x1b[200~Two of them\x1b[201~")
        screen.wait("Two of them")
        screen.keys("\x1b[D\x1b[D\x1b[D\x1b[Dbig \x1b[1~My \x1b[4~!\r")  # left, home, end
        screen.wait("My Two of big them!")
        screen.keys("2")
        screen.wait("To do 2")
        for key in ("\x1b[A", "\x1b[B", "\x1b[5~", "\x1b[6~", "\x1b[C", "\x1b[D"):  # arrows, pages
            screen.keys(key)
        screen.keys("e")
        screen.wait("Edit T-")
        screen.keys("\t\t\x1b[Z")  # Tab twice, Shift+Tab
        screen.settle(0.3)
        screen.keys("\x13")  # Ctrl+S
        screen.wait("To do 2")
        screen.keys("?")
        screen.wait("Keys ·")
        screen.keys("\x1b")  # Esc alone, which they hold back for a while
        screen.wait("To do 2")
        screen.keys(" \x1b\x1b")
        screen.settle()
        screen.keys("q")
        assert screen.exit_code() == 0
    assert records(tmp_path / "ws")[2].title == "My Two of big them!"
