"""A page to read over a view: a record with its history, a report."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pmtui.domain.records import Record
from pmtui.keymap import BY_ID, key_of
from pmtui.screens.details import full_page
from pmtui.services.project import OpenProject
from pmtui.widgets.bars import FooterBar, FooterItem, HeaderBar
from pmtui.widgets.cells import Span
from pmtui.widgets.document_view import DocumentView

Lines = Callable[[int], Sequence[Sequence[Span]]]

Keys = Mapping[str, tuple[str, Callable[[], str]]]
"""What else a page's keys do, by action: the word for it, and what does it and says what was done."""


class PageScreen(ModalScreen[None]):
    """Something to read; any of q, Esc and Enter goes back."""

    BINDINGS: ClassVar = []

    def __init__(self, title: str, lines: Lines, keys: Keys | None = None) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._keys = keys or {}

    def compose(self) -> ComposeResult:
        """Header, the page, footer."""
        yield HeaderBar(id="header")
        yield DocumentView(id="page")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Show the page from its beginning."""
        self.query_one(HeaderBar).set(((f" {self._title}", "strong"),), "")
        self.query_one(DocumentView).set_document(self._lines)
        self.query_one(FooterBar).set(self.footer())
        self.app.data_changed.subscribe(self, self._changed)  # type: ignore[attr-defined]

    def footer(self) -> list[FooterItem]:
        """The keys of the page."""
        items = [(f"{key_of('move.down')} {key_of('move.up')}", "scroll", True), ("PgDn PgUp", "page", True)]
        items += [(key_of(action_id), word, True) for action_id, (word, _) in self._keys.items()]
        return [*items, (key_of("view.back"), "back", True)]

    def _changed(self, _: None) -> None:
        self.query_one(DocumentView).set_document(self._lines)

    def on_key(self, event: events.Key) -> None:
        """Scroll, or go back."""
        event.stop()
        page = self.query_one(DocumentView)
        own = next((action_id for action_id in self._keys if event.key in BY_ID[action_id].keys), "")
        moves = {
            "move.down": lambda: page.scroll_by(1),
            "move.up": lambda: page.scroll_by(-1),
            "move.page_down": lambda: page.page(1),
            "move.page_up": lambda: page.page(-1),
            "move.first": page.scroll_first,
            "move.last": page.scroll_last,
        }
        move = next((do for action_id, do in moves.items() if event.key in BY_ID[action_id].keys), None)
        if own:
            said = self._keys[own][1]()
            self.query_one(HeaderBar).set(((f" {self._title}", "strong"),), (said, "muted"))
        elif move is not None:
            move()
        elif event.key == "space":
            page.page(1)
        elif event.key in {*BY_ID["view.back"].keys, *BY_ID["view.help"].keys, "escape", "enter"}:
            self.dismiss(None)


def record_page(project: OpenProject, record: Record, keys: Keys | None = None) -> PageScreen:
    """All of a record, with what happened to it; ``keys`` do something with it and give what to say."""

    def lines(width: int) -> Sequence[Sequence[Span]]:
        now = project.data.get(record.number)
        return (
            full_page(project, now, width)
            if now
            else [((f"It is deleted; {key_of('desk.undo')} brings it back.", "warn"),)]
        )

    def changes() -> str:
        from pmtui.screens.history import HistoryScreen

        page.app.push_screen(HistoryScreen(project, record.number, only=True))
        return ""

    page = PageScreen(f"{record.number} {record.name}", lines, {**(keys or {}), "view.changes": ("changes", changes)})
    return page
