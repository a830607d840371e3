"""The command that says what is wrong with the terminal, the workspace and the installation."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmtui.services.doctor import NOTE, OK, PROBLEM, Told, examine
from pmtui.shell.context import Shell, as_json_option, out, out_json, pass_shell, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pmtui.services.preferences import Preferences

SLOW_LINE = 0.15
"""Seconds of a round trip from which typing ahead is needed."""

SLOW_ESCAPE = 100
"""Milliseconds that tmux may hold Esc back before leaving a question feels slow."""

LEAST, COMFORTABLE = (40, 10), (80, 24)
"""Columns and rows below which nothing is shown, and below which much is left out."""

_CLIPBOARD = {
    "iTerm.app": "iTerm2 takes it where its settings allow applications to use the clipboard",
    "WezTerm": "WezTerm takes it", "ghostty": "Ghostty takes it", "vscode": "Visual Studio Code takes it",
}  # fmt: skip


@click.command()
@as_json_option
@pass_shell
def doctor(shell: Shell, as_json: bool) -> None:
    """What this terminal and this workspace can do, what is wrong, and how to mend it. Exit 1 for problems."""
    from pmtui.services.session import state_folder

    groups = {
        "terminal": list(terminal(settings=shell.preferences)),
        "settings": list(settings(shell.preferences)),
        "workspace": list(examine(shell.session_here(), state_folder())),
        "program": list(program()),
    }
    problems = sum(told.level == PROBLEM for found in groups.values() for told in found)
    if as_json:
        shown = {name: [dataclasses.asdict(told) for told in found] for name, found in groups.items()}
        out_json({"problems": problems, **shown})
    else:
        for found in groups.values():
            for told in found:
                remedy = f"; to mend it: {told.remedy}" if told.remedy else ""
                out(f"{told.level:<8}{told.topic}: {told.words}{remedy}")
        say(f"{problems} problem{'' if problems == 1 else 's'}" if problems else "no problem found")
    if problems:
        raise click.exceptions.Exit(1)


# The terminal --------------------------------------------------------------------


def terminal(environ: Mapping[str, str] = os.environ, settings: Preferences | None = None) -> Iterator[Told]:
    """What the terminal can do; one line where there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        yield Told("terminal", OK, "no terminal here, so nothing of it can be told")
        return
    from pmtui.terminal.look import terminal_problem

    wrong = terminal_problem()
    yield Told("terminal", PROBLEM, wrong) if wrong else _named(environ)
    yield from look(environ, settings)
    yield size()
    yield from multiplexer(environ)
    yield clipboard(environ)
    yield line(environ)


def _named(environ: Mapping[str, str]) -> Told:
    term, places = environ.get("TERM", ""), []
    places += ["tmux"] if environ.get("TMUX") else ["screen"] if environ.get("STY") else []
    places += ["ssh"] if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY") else []
    where = f", within {' and '.join(places)}" if places else ""
    return Told("terminal", OK, f"TERM={term}, COLORTERM={environ.get('COLORTERM', '')}, UTF-8{where}")


def look(environ: Mapping[str, str], settings: Preferences | None = None) -> Iterator[Told]:
    """Which colours and characters the screen will have, and why."""
    from pmtui.terminal.look import BORDERS, MANY, NO_COLOURS, SIXTEEN, THEMES, TRUE, look_of

    found = look_of(environ, settings)
    for name, known in (("PMTUI_THEME", tuple(THEMES)), ("PMTUI_BORDERS", BORDERS)):
        value = environ.get(name, "").strip().lower()
        if value and value not in known:
            yield Told("look", NOTE, f"{name}={value} means nothing", f"say {' or '.join(known)}")
    if found.colours == NO_COLOURS:
        why = "NO_COLOR is set" if "NO_COLOR" in environ else "this terminal has none"
        yield Told("colours", NOTE, f"none: {why}", "unset NO_COLOR" if "NO_COLOR" in environ else "")
    elif found.colours == SIXTEEN:
        remedy = "where it can show more, say so: export TERM=xterm-256color"
        yield Told("colours", NOTE, "sixteen, the terminal's own", remedy)
    elif found.colours == TRUE and environ.get("TERM", "") in {"linux", "screen"}:
        words = f"COLORTERM promises more than TERM={environ['TERM']} can show"
        yield Told("colours", NOTE, words, "unset COLORTERM, or PMTUI_THEME=ansi")
    else:
        yield Told("colours", OK, "256" if found.colours == MANY else "true colour")
    yield Told(
        "characters", OK, "rules and marks in ASCII (PMTUI_BORDERS)" if found.ascii else "rules and marks as drawn"
    )


def settings(found: Preferences) -> Iterator[Told]:
    """What of the user's settings can't be used."""
    for words in found.words:
        yield Told("settings", PROBLEM, words, f"edit {found.path}, or pmtui config set")
    if found.path and not found.problems:
        there = "in order" if found.path.exists() else "none, all is as usual"
        yield Told("settings", OK, f"{found.path}: {there}")


def size() -> Told:
    """Whether there is room enough."""
    try:
        columns, rows = os.get_terminal_size(sys.stderr.fileno())
    except OSError:
        return Told("size", NOTE, "the terminal does not tell its size", "stty cols 80 rows 24")
    words = f"{columns}×{rows}"
    if columns < LEAST[0] or rows < LEAST[1]:
        return Told("size", PROBLEM, f"{words}: too small", f"at least {LEAST[0]}×{LEAST[1]}; stty cols 80 rows 24")
    if columns < COMFORTABLE[0] or rows < COMFORTABLE[1]:
        return Told(
            "size", NOTE, f"{words}: much is left out", f"{COMFORTABLE[0]}×{COMFORTABLE[1]} shows all that matters"
        )
    return Told("size", OK, words)


def multiplexer(environ: Mapping[str, str]) -> Iterator[Told]:
    """What tmux or screen does to keys and colours."""
    if not environ.get("TMUX"):
        return
    from pmtui.terminal.asking import tmux_option

    held = tmux_option("escape-time")
    if not held.isdigit():
        yield Told("tmux", NOTE, "it does not answer")
    elif int(held) > SLOW_ESCAPE:
        words = f"it holds Esc back for {held} ms (q leaves as well, at once)"
        yield Told("tmux", NOTE, words, "set -sg escape-time 20 in ~/.tmux.conf")
    else:
        yield Told("tmux", OK, f"Esc is held back for {held} ms")
    if not environ.get("TERM", "").startswith(("tmux", "screen")):
        words = f"TERM={environ.get('TERM', '')} is not what tmux is"
        yield Told(
            "tmux", NOTE, words, 'set -g default-terminal "tmux-256color" in ~/.tmux.conf, and no TERM= in your shell'
        )


def clipboard(environ: Mapping[str, str]) -> Told:
    """Whether a text copied here (OSC 52) will likely arrive in the user's clipboard, and why."""
    topic, term = "clipboard", environ.get("TERM", "")
    if environ.get("TMUX"):
        from pmtui.terminal.asking import tmux_option

        setting = tmux_option("set-clipboard")
        if setting != "on":
            words = f"copies stay in tmux (set-clipboard is {setting or 'not told'})"
            return Told(topic, NOTE, words, "set -g set-clipboard on in ~/.tmux.conf")
        return Told(topic, OK, "likely: tmux passes copies on, where the terminal around it takes them (OSC 52)")
    if environ.get("STY") or term.startswith("screen"):
        return Told(topic, NOTE, "unlikely: screen passes no copies on", "use tmux, or select the text by mouse")
    if term.startswith(("linux", "vt")):
        return Told(topic, NOTE, "none: this terminal has no clipboard")
    if environ.get("TERM_PROGRAM") == "Apple_Terminal" or environ.get("VTE_VERSION"):
        return Told(topic, NOTE, "unlikely: this terminal takes no copies (OSC 52)", "select the text by mouse")
    known = _CLIPBOARD.get(environ.get("TERM_PROGRAM", ""))
    if known or environ.get("WT_SESSION") or re.match(r"xterm-(kitty|ghostty)|foot|alacritty|wezterm", term):
        return Told(topic, OK, f"likely: {known or 'this terminal takes copies'} (OSC 52)")
    words = "perhaps: the terminal does not say whether it takes copies (OSC 52)"
    return Told(topic, OK, words, "in xterm, allowWindowOps; else select the text by mouse")


def line(environ: Mapping[str, str]) -> Told:
    """How long a key takes to the terminal and back."""
    from pmtui.terminal.asking import round_trip

    if not sys.stdout.isatty():
        return Told("line", OK, "not measured: the output goes elsewhere")
    try:
        seconds = round_trip(sys.stdin.fileno(), sys.stdout.fileno())
    except (OSError, ValueError):
        seconds = None
    if seconds is None:
        return Told("line", NOTE, "the terminal did not answer, so the line could not be measured")
    to = " as far as tmux; the way from there to you is not in it" if environ.get("TMUX") else " there and back"
    words = f"{seconds * 1000:.0f} ms{to}"
    if seconds > SLOW_LINE:
        return Told("line", NOTE, words, "keys may be typed ahead; ssh -C, mosh or a nearer server help")
    return Told("line", OK, words)


# The program ---------------------------------------------------------------------


def program() -> Iterator[Told]:
    """How pmtui is installed."""
    yield compiled(Path(__file__).parents[1])
    yield textual_version()


def compiled(package: Path) -> Told:
    """Whether modules are compiled; where they are not, each start takes five times as long."""
    from importlib.util import cache_from_source

    sources = list(package.rglob("*.py"))
    missing = sum(not Path(cache_from_source(str(path))).exists() for path in sources)
    if missing <= len(sources) // 4:
        return Told("compiled", OK, "modules are compiled")
    why = " (PYTHONDONTWRITEBYTECODE is set)" if sys.dont_write_bytecode else ""
    words = f"{missing} of {len(sources)} modules are not compiled{why}: each start takes longer"
    return Told("compiled", NOTE, words, f"{sys.executable} -m compileall -q {package}")


def textual_version(environ: Mapping[str, str] = os.environ) -> Told:
    """Whether the display layer knows the Textual that is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("textual")
    except PackageNotFoundError:
        return Told("textual", PROBLEM, "not installed: there is no screen", f"{sys.executable} -m pip install textual")
    wanted = written_for()
    if found != wanted:
        words = f"{found}, and {wanted} is the one that only changes are sent with; all is drawn by Textual itself"
        return Told("textual", NOTE, words, f"{sys.executable} -m pip install textual=={wanted}")
    if environ.get("PMTUI_DISPLAY") == "stock":
        return Told("textual", NOTE, f"{found}, drawing by itself: PMTUI_DISPLAY=stock", "unset PMTUI_DISPLAY")
    return Told("textual", OK, f"{found}; only changes are sent")


def written_for() -> str:
    """The version that the display layer was written for, read without importing it (and Textual with it)."""
    source = (Path(__file__).parents[1] / "terminal" / "display.py").read_text()
    found = re.search(r'^WRITTEN_FOR = "(.+)"$', source, re.MULTILINE)
    return found[1] if found else ""
