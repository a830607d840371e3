"""Which colours and characters this terminal gets, and whether it can show a screen at all.

Nothing of Textual is imported here: the shell asks too.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pmtui.services.preferences import Preferences

NO_COLOURS, SIXTEEN, MANY, TRUE = 0, 16, 256, 1 << 24
"""How many colours a terminal is sent; sixteen are its own, whatever they look like."""

THEMES = {"dark": "pmtui-dark", "light": "pmtui-light", "ansi": "ansi-dark"}
"""What ``PMTUI_THEME`` may say, and the theme that it names."""

BORDERS = ("ascii", "unicode")
"""What ``PMTUI_BORDERS`` may say."""

_ASCII_TERMINALS = ("linux", "vt", "cons25", "ansi", "wy")


class Look(msgspec.Struct, frozen=True):
    """How the screen looks here: its number of colours, its theme, and whether its rules and marks are ASCII."""

    colours: int
    theme: str
    ascii: bool


def look_of(environ: Mapping[str, str] = os.environ, settings: Preferences | None = None) -> Look:
    """The look that the environment asks for, else the user's settings, else the one that suits the terminal."""
    colours = colours_of(environ)
    theme, borders = (settings.theme, settings.borders) if settings else ("", "")
    return Look(colours, chosen_theme(environ, theme), _wants_ascii(environ, borders))


def colours_of(environ: Mapping[str, str] = os.environ) -> int:
    """How many colours the terminal is sent; ``NO_COLOR`` and terminals without any get none."""
    term = environ.get("TERM", "").lower()
    if "NO_COLOR" in environ or term.startswith(("vt", "dumb")) or term.endswith(("-m", "-mono")):
        return NO_COLOURS
    if environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return TRUE
    return MANY if term.endswith(("256color", "kitty")) else SIXTEEN


def chosen_theme(environ: Mapping[str, str] = os.environ, setting: str = "") -> str:
    """The theme of ``PMTUI_THEME`` or the settings; else dark, and with sixteen colours or fewer the terminal's own."""
    colours = colours_of(environ)
    wanted = environ.get("PMTUI_THEME", "").strip().lower()
    if colours == NO_COLOURS:
        return THEMES["ansi"]
    return THEMES.get(wanted) or THEMES.get(setting) or THEMES["ansi" if colours == SIXTEEN else "dark"]


def _wants_ascii(environ: Mapping[str, str], setting: str = "") -> bool:
    wanted = environ.get("PMTUI_BORDERS", "").strip().lower()
    wanted = wanted if wanted in BORDERS else setting
    if wanted:
        return wanted == "ascii"
    return environ.get("TERM", "").lower().startswith(_ASCII_TERMINALS)


def terminal_problem() -> str:
    """Why no screen can be shown here, with the shell command to use instead; empty where it can."""
    instead = "use the shell commands instead, such as `pmtui list tasks` (`pmtui --help`)"
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        return f"pmtui needs a terminal for its screen; {instead}"
    if os.environ.get("TERM", "dumb") in {"dumb", ""}:
        return f"the terminal says it is dumb (TERM={os.environ.get('TERM', '')}); {instead}"
    encoding = (sys.stderr.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        return f"the terminal's encoding is {sys.stderr.encoding}, not UTF-8 (set LC_ALL=C.UTF-8); {instead}"
    return ""
