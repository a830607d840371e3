"""A line for the path of a file, completed by what is in its folder."""

from collections.abc import Sequence

from textual.widgets import Input

from pmtui.screens.prompts import LineScreen
from pmtui.services.paths import complete_path, path_problem
from pmtui.widgets.cells import Cell, Span, safe, width_of

ROOM = 70
"""Cells that the names take which the path could go on with."""


class PathScreen(LineScreen):
    """Asks for a file; Tab completes its path, and what it could be is shown beneath."""

    def __init__(self, label: str, value: str = "") -> None:
        super().__init__(label, value=value, check=path_problem, hint="⏎ take it   Tab complete   Esc leave")

    def _complete(self, line: Input) -> None:
        line.value = complete_path(line.value).text
        line.cursor_position = len(line.value)

    def reading(self, text: str) -> Sequence[Cell]:
        """The names it could go on with."""
        names = complete_path(text).names
        shown: list[Span] = []
        used = 0
        for at, name in enumerate(names):
            used += width_of(safe(name)) + 2
            if shown and used > ROOM:
                shown.append((f"and {len(names) - at} more", "muted"))
                break
            shown.append((f"{safe(name)}  ", "accent" if name.endswith("/") else ""))
        if shown:
            return [tuple(shown)]
        return [("nothing there begins so", "warn") if text.strip() else ("a CSV file", "muted")]
