"""The full-screen editor of a long text: what was typed is kept as a draft until it is saved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import ModalScreen

from pmtui.domain.problems import Refused
from pmtui.services.drafts import Drafts
from pmtui.services.project import Outcome
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.long_text import LongText

if TYPE_CHECKING:
    from pmtui.app import PmtuiApp

KEEP_AFTER = 0.5
"""Seconds after which what was typed is kept on disk, also while typing goes on."""

Beside = Callable[[str, int, int], tuple[Sequence[Sequence[Span]], int]]
"""What stands beside a text: given it, the line the cursor is on from 0, and a width; with the line to show."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A text to write: its title, where its draft is kept, how it is read, saved, and what stands beside it.

    ``save`` takes the text and the one it began from; ``begin`` is what an empty text begins with.
    """

    title: str
    draft: str
    stored: Callable[[], str]
    save: Callable[[str, str], Outcome]
    beside: Beside | None = None
    begin: str = ""


class WritingScreen(ModalScreen[Outcome | None]):
    """A text and what was understood of it; Esc saves and goes back, Ctrl+S saves and stays."""

    BINDINGS: ClassVar = []
    CSS_PATH = "writing.tcss"

    def __init__(self, manuscript: Manuscript) -> None:
        super().__init__()
        self._of = manuscript
        self._base = manuscript.stored()
        self._saved: Outcome | None = None
        self._text = ""
        self._timer: object = None
        self._leaving = False
        self._warned = False

    def compose(self) -> ComposeResult:
        """Header, the text, what stands beside it, status, footer."""
        yield HeaderBar(id="header")
        with Container(id="desk", classes="" if self._of.beside else "alone"):
            yield LongText(id="text")
            if self._of.beside:
                yield DocumentView(id="beside")
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    @property
    def area(self) -> LongText:
        """The text being written."""
        return self.query_one("#text", LongText)

    @property
    def drafts(self) -> Drafts:
        """Where drafts are kept."""
        return cast("PmtuiApp", self.app).drafts

    def on_mount(self) -> None:
        """Begin at the end of the text, or of the draft that was kept of it."""
        self.query_one("#header", HeaderBar).set(((f" {self._of.title}", "strong"),), "")
        kept = self.drafts.kept(self._of.draft)
        text = kept.get("text", self._base or self._of.begin)
        self._base = kept.get("base", self._base)
        area = self.area
        area.text = self._text = text
        area.move_cursor((1, 0) if text == self._of.begin else area.document.end)
        area.focus()
        if text == self._of.begin:
            self.call_after_refresh(area.scroll_home, animate=False)
        if kept:
            keys = (("Ctrl+X", "accent"), (" throws it away", "muted"))
            self.tell((("The draft that was kept is back. ", "warn"), *keys))
        self._show_keys(writing=True)
        self.call_after_refresh(self._show_beside)

    def tell(self, content: Cell) -> None:
        """Say something in the status line."""
        self.query_one("#status", StatusLine).set(content)

    def on_key(self, event: events.Key) -> None:
        """Tab leaves the text, and comes back; outside of it q goes back too."""
        writing = self.area.has_focus
        if event.key == "ctrl+s":
            self._save()
        elif event.key == "ctrl+x":
            self._throw_away()
        elif event.key == "escape" or (event.key == "q" and not writing):
            self._leave()
        elif event.key == "tab" or (not writing and event.key in {"i", "enter"}):
            self._switch(writing=not writing)
        elif not writing and event.key in {"j", "down", "k", "up", "pagedown", "pageup"}:
            self._scroll(event.key)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_text_area_changed(self) -> None:
        """Say what is understood, and keep the draft within a moment, however fast the next keys come."""
        if self.area.text == self._text:
            return
        self._text = self.area.text
        self._warned = False
        self._show_beside()
        if self._timer is None:
            self._timer = self.set_timer(KEEP_AFTER, self._keep)

    def on_text_area_selection_changed(self) -> None:
        """What is understood follows the cursor."""
        self._show_beside()

    def on_resize(self) -> None:
        """What stands beside has another width."""
        self._show_beside()

    def on_unmount(self) -> None:
        """Whatever closes the editor, what was typed is kept."""
        if not self._leaving:
            self._keep()

    def _switch(self, *, writing: bool) -> None:
        if writing:
            self.area.focus()
        else:
            self.set_focus(None)
        self._show_keys(writing=writing)

    def _show_keys(self, *, writing: bool) -> None:
        if writing:
            keys = [
                ("Esc", "save and back", True),
                ("Ctrl+S", "save", True),
                ("Ctrl+_", "undo typing", True),
                ("Tab", "leave the text", True),
            ]
        else:
            keys = [("q", "save and back", True), ("j k", "scroll", True), ("Tab", "back to the text", True)]
        self.query_one("#footer", FooterBar).set(keys)

    def _scroll(self, key: str) -> None:
        for pane in self.query("#beside").results(DocumentView):
            if key.startswith("page"):
                pane.page(1 if key == "pagedown" else -1)
            else:
                pane.scroll_by(1 if key in {"j", "down"} else -1)

    def _show_beside(self) -> None:
        if self._of.beside is None or not self.is_mounted:
            return
        show, text, row = self._of.beside, self.area.text, self.area.cursor_location[0]
        pane = self.query_one("#beside", DocumentView)
        pane.set_document(lambda width: show(text, row, width)[0])
        _, at = show(text, row, pane.text_width)
        pane.reveal(at, at)

    # Saving --------------------------------------------------------------------

    def _save(self) -> bool:
        text = self._text = self.area.text
        if self._is_unchanged(text):
            self.drafts.discard(self._of.draft)
            self.tell("Nothing to save: it is as it was.")
            return True
        try:
            self._saved = self._of.save(text, self._base)
        except (Refused, StoreError, OSError) as error:
            self._keep()
            first = str(error).splitlines()[0] if str(error) else type(error).__name__
            again = "" if self._warned else "   Esc once more leaves, the draft is kept"
            self.tell(((f"! {first}", "bad"), (again, "muted")))
            return False
        self.drafts.discard(self._of.draft)
        self._begin_again()
        self.tell((f"✓ {self._saved.words}" + "".join(f" · {said}" for said in self._saved.said), ""))
        return True

    def _is_unchanged(self, text: str) -> bool:
        return text == (self._base or self._of.begin)

    def _begin_again(self) -> None:
        """Go on from what is stored now: saving may have numbered lines, or joined another's."""
        where = self.area.cursor_location
        self._base = self._of.stored()
        if self.area.text != self._base:
            self.area.text = self._text = self._base
            self.area.move_cursor(where)

    def _leave(self) -> None:
        if self._warned or self._save():
            self._text = self.area.text
            self._keep()
            self._leaving = True
            self.dismiss(self._saved)
        else:
            self._warned = True

    # The draft -----------------------------------------------------------------

    def _keep(self) -> None:
        self._timer = None
        text = self._text
        if self._is_unchanged(text):
            self.drafts.discard(self._of.draft)
            return
        try:
            self.drafts.keep(self._of.draft, {"text": text, "base": self._base})
        except OSError as error:
            if self.is_running:
                self.tell(((f"! the draft can't be kept: {error}", "bad"),))

    def _throw_away(self) -> None:
        self.drafts.discard(self._of.draft)
        self._base = self._of.stored()
        self.area.text = self._text = self._base or self._of.begin
        self.area.move_cursor(self.area.document.end)
        self.tell("The draft is gone; this is what is stored.")
