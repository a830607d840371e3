"""How the display layer is turned off, steps back, draws anew, and what colours it sends to which terminal."""

import re
from pathlib import Path

import pytest
import textual
from factories import app_over
from terminal.ptys import small_workspace, terminal

from pmtui.terminal.display import WRITTEN_FOR

ROOT = Path(__file__).parents[2]
BASIC = {*range(30, 38), *range(40, 48), *range(90, 98), *range(100, 108)}


@pytest.fixture
def workspace(tmp_path):
    return small_workspace(tmp_path / "ws")


def pens(raw):
    """The parameters of each SGR sequence that was sent."""
    return [tuple(map(int, found.split(";"))) for found in re.findall(r"\x1b\[([\d;]+)m", raw.decode())]


def colours(raw):
    """The colours that were set: (5, n) of 256, (2, r, g, b), or (code,) of sixteen."""
    found = set()
    for pen in pens(raw):
        codes = list(pen)
        while codes:
            code = codes.pop(0)
            if code in {38, 48}:
                count = 2 if codes[0] == 5 else 4
                found.add(tuple(codes[:count]))
                del codes[:count]
            elif code in BASIC:
                found.add((code,))
    return found


def sent(workspace, tmp_path, **more):
    with terminal("--workspace", str(workspace), folder=tmp_path, **more) as screen:
        screen.wait("Sign off the plan")
        for keys, word in (("j", "Sign off"), ("2", "Doing"), ("e", "Edit T-1")):
            screen.keys(keys)
            screen.wait(word)
            screen.settle(0.3)
        return screen.raw


def test_it_is_on_for_the_version_it_was_written_for(tmp_path, monkeypatch):
    monkeypatch.delenv("PMTUI_DISPLAY", raising=False)
    assert textual.__version__ == WRITTEN_FOR
    assert app_over(tmp_path / "ws").sends_differences


def test_it_steps_back_for_another_version(tmp_path, monkeypatch):
    monkeypatch.setattr(textual, "__version__", "8.2.9", raising=False)
    assert not app_over(tmp_path / "ws").sends_differences


def test_it_is_turned_off_by_a_variable(tmp_path, monkeypatch):
    monkeypatch.setenv("PMTUI_DISPLAY", "stock")
    assert not app_over(tmp_path / "ws").sends_differences


def test_with_another_version_the_screen_is_textuals_own(workspace, tmp_path):
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text("import textual\ntextual.__version__ = '8.2.9'\n")
    own = sent(workspace, tmp_path, PMTUI_DISPLAY="stock")
    other = sent(workspace, tmp_path, PYTHONPATH=f"{tmp_path / 'hook'}:{ROOT}")
    ours = sent(workspace, tmp_path)
    assert min(len(own), len(other)) > 2 * len(ours)
    erased = [b"\x1b[K" in raw for raw in (own, other, ours)]
    assert erased == [False, False, True], "Textual never erases to the end of a line"


@pytest.mark.parametrize("display", ["", "stock"])
def test_ctrl_l_draws_over_what_another_program_wrote(workspace, tmp_path, display):
    with terminal("--workspace", str(workspace), folder=tmp_path, PMTUI_DISPLAY=display) as screen:
        screen.wait("Sign off the plan")
        screen.settle()
        for keys in ("", "e", "\x1b", "?"):
            screen.keys(keys)
            screen.settle()
            before = screen.text
            screen.stream.feed(b"\x1b[2J\x1b[5;5Hwall: the server goes down at five\x1b[7m\r\n" * 3)
            screen.keys("\x0c")
            screen.wait(lambda before=before: screen.text == before)


def test_a_true_colour_terminal_gets_true_colours(workspace, tmp_path):
    found = colours(sent(workspace, tmp_path, COLORTERM="truecolor"))
    assert {colour[0] for colour in found} == {2}


def test_256_colours_where_no_more_are_promised(workspace, tmp_path):
    found = colours(sent(workspace, tmp_path))
    assert {colour[0] for colour in found} <= {5} | BASIC
    assert 5 in {colour[0] for colour in found}


@pytest.mark.parametrize("term", ["xterm", "linux", "screen"])
def test_sixteen_colours_where_no_more_are_known(workspace, tmp_path, term):
    found = {colour[0] for colour in colours(sent(workspace, tmp_path, TERM=term))}
    assert found
    assert found <= BASIC


@pytest.mark.parametrize("more", [{}, {"COLORTERM": "truecolor"}, {"TERM": "linux"}])
def test_no_colour_where_none_is_wanted(workspace, tmp_path, more):
    raw = sent(workspace, tmp_path, NO_COLOR="1", **more)
    assert colours(raw) == set()
    assert any(7 in pen for pen in pens(raw)), "the cursor is told by reverse video"
