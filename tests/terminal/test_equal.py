"""Sending only what changed shows what Textual alone shows, cell by cell, at every step of a session."""

import os
import shutil
import time

import pytest
from factories import add
from terminal.ptys import multiplexed, now_days, terminal

from pmtui.demo import build
from pmtui.domain.records import Task
from pmtui.services.projects import open_project
from pmtui.services.session import Session, system_now

UP, DOWN, ESC = "\x1b[A", "\x1b[B", "\x1b"
TITLES = (
    "人事系统的数据迁移 sign off",
    "Cafe\u0301 re\u0301sume\u0301 check with e\u0323\u0302 marks",
    "\u0627\u0644\u0628\u064a\u0627\u0646\u0627\u062a of the Cairo office",
    "ﾊﾝｶｸ half width and 全角 full width, 한국어 too",
    "界" * 60,
)
SESSION = [
    *[DOWN] * 4, UP, " ", "j", " ", "G", "k", "gg", "\x04", "/", "a", "n", ESC, "?", "q", "v", "j", "v",
    "2", "l", "l", "j", "j", "h", "H", "u", " ", "o", ESC, "G", "gg", "e", "\t", "\t", "x", "\x1b[Z", ESC, "\x18", ESC,
    (60, 15), "j", "j", (200, 50), "j", "l", (80, 24), "\x0c", ":", "人", ESC, ESC, ":", "cairo", "\r",
    "3", "j", "h", "j", "h", "e", ESC, "4", "j", "j", "5", "j", "\r", "q", "6", "j", "j", "P", "1",
    (30, 8), (120, 40), "t", "j", "j", "j", "r", ESC, "w", ESC, "q", "C", "j", "j", "q", "P", "j", "q", "a",
    "新しい仕事 @ana due fri", ESC, "1", "G", "k", "k", "k", "\x0c",
]  # fmt: skip
"""Keys, and sizes to change to."""

PART = SESSION[:: 1 if os.environ.get("PMTUI_TORTURE") else 3]
"""As much of it as is played where the terminal is another one."""


def seen(cell):
    """What is seen of a cell: of a space neither its colour nor its weight."""
    marked = cell.underscore, cell.reverse, cell.strikethrough
    if cell.data == " " and not any(marked):
        return " ", cell.bg
    return cell.data, cell.fg, cell.bg, cell.bold, cell.italics, *marked


def look(screen):
    return [[seen(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def difference(one, other):
    """Where two screens differ first, in words; empty where they do not."""
    for y, (row, wanted) in enumerate(zip(look(one), look(other), strict=True)):
        for x, (cell, right) in enumerate(zip(row, wanted, strict=True)):
            if cell != right:
                return f"line {y}, column {x}: {cell} instead of {right}\n{one.display[y]}\n{other.display[y]}"
    return ""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "ws"
    build(folder, system_now)
    for path in sorted(each.name for each in folder.iterdir() if each.is_dir())[:1]:
        project = open_project(Session(folder, user="ana", name="seed"), path)
        add(project, *(Task(title=title, owner="ana", due=now_days(-n)) for n, title in enumerate(TITLES)))
        project.close()
    return folder


def copies(demo, tmp_path):
    """The workspace twice, each with a home of its own."""
    for name in ("ours", "stock"):
        shutil.copytree(demo, tmp_path / name / "ws")
        yield tmp_path / name


@pytest.mark.parametrize(
    ("colours", "steps"),
    [({"COLORTERM": "truecolor"}, SESSION), ({"TERM": "xterm"}, PART), ({"NO_COLOR": "1"}, PART)],
    ids=["24 bit", "16", "none"],
)
def test_a_session_shows_the_same_at_each_step(demo, tmp_path, colours, steps):
    ours, stock = copies(demo, tmp_path)
    with (
        terminal("--workspace", str(ours / "ws"), folder=ours, size=(120, 40), **colours) as one,
        terminal(
            "--workspace", str(stock / "ws"), folder=stock, size=(120, 40), PMTUI_DISPLAY="stock", **colours
        ) as other,
    ):
        one.wait("Overdue")
        other.wait("Overdue")
        for at, step in enumerate(steps):
            same(one, other, f"before step {at}, {step!r}, after {steps[max(0, at - 3) : at]}")
            for each in (one, other):
                each.keys(step) if isinstance(step, str) else each.resize(*step)
        same(one, other, "at the end")
        assert len(one.raw) * 3 < len(other.raw)


def same(one, other, where):
    """Wait until both show the same and have nothing more to say."""
    end = time.monotonic() + 10
    while True:
        for each in (one, other):
            each.settle(0.2)
        found = difference(one.screen, other.screen)
        if not found:
            return
        assert time.monotonic() < end, f"{where}: {found}"


# A terminal that is not pyte -----------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "term"),
    [("tmux", "tmux-256color"), ("tmux", "screen-256color"), ("screen", "screen-256color"), ("screen", "screen")],
)
def test_a_session_shows_the_same_in(demo, tmp_path, inside, term):
    ours, stock = copies(demo, tmp_path)
    colours = {"COLORTERM": "truecolor"} if inside == "tmux" else {}

    def opened(home):
        settings = {"PMTUI_DISPLAY": home.name, **colours}
        return multiplexed(inside, home, settings, term=term, waits_for_esc=False, size=(120, 40))

    with opened(ours) as one, opened(stock) as other:
        one.wait("Overdue")
        other.wait("Overdue")
        for step in PART:
            same(one, other, f"before {step!r}")
            for each in (one, other):
                each.keys(step) if isinstance(step, str) else each.resize(*step)
        same(one, other, "at the end")
