"""A list opened over a view whose keys act on it: what they do is told in its status line, and undone with u."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pmtui.domain.problems import Refused
from pmtui.keymap import BY_ID, key_of
from pmtui.screens.read_only import whole_reason
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject, Outcome
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, FooterItem, HeaderBar, StatusLine
from pmtui.widgets.cells import Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import RecordTable


class ActingScreen(ModalScreen[None]):
    """A list with its details beneath. Subclasses give :meth:`show`, :meth:`actions` and :meth:`footer`."""

    CSS_PATH = "acting.tcss"
    BINDINGS: ClassVar = []
    title_word: ClassVar[str] = ""

    def __init__(self, desk: Desk, project: OpenProject) -> None:
        super().__init__()
        self.desk = desk
        self.project = project

    def compose(self) -> ComposeResult:
        """What it is about, the list, what is under its cursor, what was done, the keys."""
        yield HeaderBar(id="header")
        yield DocumentView(id="about")
        yield RecordTable(id="body")
        yield DocumentView(id="details")
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Show what there is, and again after each change."""
        self.query_one(HeaderBar).set(
            ((f" {self.project.data.project.title}", "muted"), (f" ▸ {self.title_word}", "strong")), ""
        )
        self.app.data_changed.subscribe(self, lambda _: self.show())  # type: ignore[attr-defined]
        self.show()
        if self.project.read_only:
            self.tell_error(whole_reason(self.desk, [self.project]))

    def on_resize(self) -> None:
        """Everything has another width."""
        self.show()

    def on_record_table_cursor_moved(self) -> None:
        """The details of another line, from their beginning."""
        self.show_details()
        self.query_one("#details", DocumentView).scroll_first()

    @property
    def table(self) -> RecordTable:
        """The list."""
        return self.query_one("#body", RecordTable)

    # What subclasses give ----------------------------------------------------------

    def show(self) -> None:
        """Everything, from the records as they are now."""
        raise NotImplementedError

    def show_details(self) -> None:
        """What is under the cursor, and the keys."""
        raise NotImplementedError

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """What the keys of actions do here."""
        raise NotImplementedError

    def footer(self) -> list[FooterItem]:
        """What can be done now."""
        raise NotImplementedError

    # Keys ------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """An action by its key; one that means nothing here does nothing."""
        event.stop()
        event.prevent_default()
        table, page = self.table, self.query_one("#details", DocumentView)
        does: dict[str, Callable[[], object]] = {
            **self.actions(),
            "move.down": lambda: table.move(1),
            "move.up": lambda: table.move(-1),
            "move.first": table.move_first,
            "move.last": table.move_last,
            "move.page_down": lambda: page.page(1),
            "move.page_up": lambda: page.page(-1),
            "desk.undo": lambda: self.perform(self.desk.undo),
            "desk.redo": lambda: self.perform(self.desk.redo),
            "view.back": lambda: self.dismiss(None),
        }
        keys = {key: do for action, do in does.items() for key in keys_of(action)}
        keys.setdefault("escape", does["view.back"])
        keys.get(event.key, lambda: None)()

    def show_footer(self) -> None:
        """The keys, those that write dimmed where nothing can be written."""
        moves = [("PgDn", "more", True), (key_of("desk.undo"), "undo", not self.project.read_only)]
        self.query_one(FooterBar).set([*self.footer(), *moves, (key_of("view.back"), "back", True)])

    # Doing -------------------------------------------------------------------------------

    def may_write(self) -> bool:
        """Whether the project can be written; says why not."""
        if self.project.read_only:
            self.tell_error(whole_reason(self.desk, [self.project]))
        return not self.project.read_only

    def write(self, service: Callable[[], Outcome]) -> Outcome | None:
        """Call a service that writes the project; tell what it did or why it refused."""
        return self.perform(lambda: self.desk.commit(self.project, service))

    def perform(self, service: Callable[[], Outcome]) -> Outcome | None:
        """Call a service; tell what it did or why it refused."""
        try:
            outcome = service()
        except (Refused, StoreError, OSError) as error:
            self.tell_error(str(error))
            return None
        self.show()
        undo = outcome.words.startswith("undo")
        key: tuple[Span, ...] = ((f"   {key_of('desk.redo' if undo else 'desk.undo')}", "accent"),)
        said = tuple((f"   {words}", "muted") for words in outcome.said)
        self.tell((f"✓ {outcome.words}", ""), *key, (" redo" if undo else " undo", "muted"), *said)
        return outcome

    def tell(self, *parts: Span) -> None:
        """Say something in the status line."""
        self.query_one(StatusLine).set(parts)

    def tell_error(self, why: str) -> None:
        """Say what can't be done, and why."""
        self.tell((f"! {why.splitlines()[0]}", "bad"))


def keys_of(action: str) -> tuple[str, ...]:
    """The keys of an action of the table; one of this list's own is its key."""
    return BY_ID[action].keys if action in BY_ID else (action,)
