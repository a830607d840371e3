"""The line of ``/``: what it shows while it is typed, the word that can't be read, what is saved."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.highlighter import Highlighter
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from pmtui.domain.filters import FilterError
from pmtui.screens.filter_words import Completing, completions
from pmtui.screens.prompts import LineScreen, OneLine, flow
from pmtui.widgets.cells import Cell, Span, safe, width_of
from pmtui.widgets.document_view import DocumentView

if TYPE_CHECKING:
    from pmtui.screens.filtering import FilteredView

HINT = "words owner:ana due<fri late #tag slips>2 -done or ( ) has:due =saved"
KEYS: tuple[Span, ...] = (
    ("⏎", "accent"), (" keep   ", "muted"), ("↓", "accent"), (" saved ones, and save this one   ", "muted"),
    ("Tab", "accent"), (" completes   ", "muted"), ("Esc", "accent"), (" back", "muted"),
)  # fmt: skip


class Pointing(Highlighter):
    """Underlines the part of a line that can't be read."""

    def __init__(self) -> None:
        self.part: tuple[int, int] | None = None
        self.style = Style(underline=True, bold=True)

    def highlight(self, text: Text) -> None:
        """Mark the part."""
        if self.part is not None:
            text.stylize(self.style, *self.part)


class FilterLine(LineScreen):
    """A filter is typed over its view, which follows; ``↓`` shows what is saved, and saves."""

    def __init__(self, view: "FilteredView") -> None:
        super().__init__("/", value=view.filter_text, check=self._unreadable)
        self._view = view
        self._error: FilterError | None = None
        self._pointing = Pointing()
        self._completing: Completing | None = None

    def compose(self) -> ComposeResult:
        """The line, then what it shows or what is wrong."""
        with Vertical(classes="prompt"):
            with Horizontal(id="line"):
                yield Label(safe(self._label), id="label", markup=False)
                yield OneLine(self._value, select_on_focus=False, highlighter=self._pointing)
            yield DocumentView(id="reading")

    def on_mount(self) -> None:
        """The caret line follows the line when it scrolls."""
        self.watch(self.query_one(Input), "scroll_x", self._point, init=False)

    def on_key(self, event: events.Key) -> None:
        """Down opens what is saved."""
        if event.key == "down":
            event.stop()
            event.prevent_default()
            self._open_saved()

    def _unreadable(self, _: str) -> str:
        """Why the line can't be kept: one that can't be read stays, to be mended."""
        return self._error.message if self._error else ""

    def _show(self, text: str, problem: str = "") -> None:
        del problem
        self._error = self._view.apply_filter(text)
        self._pointing.part = (self._error.start, self._error.end) if self._error else None
        self._point()

    def _point(self) -> None:
        """Show the caret beneath the word that is wrong, and what is allowed; else what is shown."""
        line, reading = self.query_one(Input), self.query_one(DocumentView)
        if self._pointing.part is not None:
            self._pointing.style = Style(color=reading.tone_style("bad").color, underline=True, bold=True)
        line.refresh()
        error, before, scrolled, lines = self._error, self._before_line(), int(line.scroll_x), self._told()

        def laid_out(width: int) -> list[Sequence[Span]]:
            return [
                *caret_line(error, before, scrolled, width - before),
                *(part for told in lines for part in flow(told, width)),
            ]

        reading.set_document(laid_out)

    def _before_line(self) -> int:
        """Cells between the edge and the line's text."""
        return 0 if self.query_one("#line").has_class("stacked") else width_of(self._label) + 1

    def _told(self) -> list[Cell]:
        now, count = self._view.filter_text, self._view.count_words()
        shown = (
            ((f"{count}", "muted"),)
            if not self._error
            else ((f"still {count}" + (f" by /{now}" if now else ""), "muted"),)
        )
        lines: list[Cell] = [(self._error.message, "bad"), shown] if self._error else [shown]
        if self.left_out:
            lines.append(("only the first line of what was pasted was taken", "warn"))
        return [*lines, (HINT, "muted"), KEYS]

    # Completing and saved ones ---------------------------------------------------

    def _complete(self, line: Input) -> None:
        """The word before the cursor, completed; Tab again takes the next way to."""
        going_on = self._completing is not None and self._completing.line == line.value
        if not going_on:
            self._completing = completions(self._view, line.value, line.cursor_position)
        if self._completing is not None:
            line.value, line.cursor_position = self._completing.next()

    def _open_saved(self) -> None:
        from pmtui.screens.saved_filters import SavedFiltersScreen

        line = self.query_one(Input)

        def take(found: str | None) -> None:
            if found is not None:
                line.value = found
                line.cursor_position = len(found)
            else:
                self._show(line.value)

        self.app.push_screen(SavedFiltersScreen(self._view, line.value, self._error), take)


def caret_line(error: FilterError | None, before: int, scrolled: int, room: int) -> list[Sequence[Span]]:
    """A line of carets beneath the part of a text that is wrong, where the text is scrolled by some cells.

    A part that is out of sight is pointed at from the edge.
    """
    if error is None:
        return []
    first = width_of(error.text[: error.start]) - scrolled
    last = max(first + 1, width_of(error.text[: error.end]) - scrolled)
    room = max(1, room)
    if last <= 0:
        return [((" " * before, ""), ("‹", "bad"))]
    if first >= room:
        return [((" " * (before + room - 1), ""), ("›", "bad"))]
    first, last = max(0, first), min(room, last)
    return [((" " * (before + first), ""), ("^" * (last - first), "bad"))]
