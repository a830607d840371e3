"""Filters saved under a name: take one, save the one that is typed, rename, delete."""

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from pmtui.domain.dates import say_date
from pmtui.domain.filters import FilterError
from pmtui.domain.problems import Refused
from pmtui.domain.records import SavedFilter
from pmtui.domain.text import fold
from pmtui.screens.prompts import LineScreen
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.saved_filters import delete_filter, name_of, name_problem, rename_filter, save_filter, saved_filters
from pmtui.store import StoreError
from pmtui.store.workspace import SHARED
from pmtui.widgets.bars import StatusLine
from pmtui.widgets.cells import Cell, safe, width_of
from pmtui.widgets.record_table import Column, RecordTable

if TYPE_CHECKING:
    from pmtui.screens.filtering import FilteredView

KEYS = "⏎ use  a save this one  e rename  x delete  i its text  u undo  Esc back"
WAYS = "what others saved stays"
MOVES = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 8, "pageup": -8}


class SavedFiltersScreen(ModalScreen[str | None]):
    """The saved filters over the line of ``/``, whose text is ``typed``; gives the line's new text."""

    BINDINGS: ClassVar = []

    def __init__(self, view: "FilteredView", typed: str, error: FilterError | None) -> None:
        super().__init__()
        self._view = view
        self._typed = typed.strip()
        self._error = error
        self._found: dict[Hashable, SavedFilter] = {}

    def compose(self) -> ComposeResult:
        """The filter that is typed, the list, what was done, the keys."""
        with Vertical(classes="picker"):
            title = f"Saved filters, for all in this workspace   /{self._typed}".removesuffix("   /")
            yield Label(safe(title), markup=False)
            table = RecordTable(show_header=False)
            yield table
            yield StatusLine(id="said")
            yield Label(safe(KEYS), markup=False)

    def on_mount(self) -> None:
        """Show what is saved, and what others save meanwhile."""
        self._show()
        self.app.data_changed.subscribe(self, lambda _: self._show())  # type: ignore[attr-defined]

    def on_key(self, event: events.Key) -> None:
        """Each key decides; one that means nothing here does nothing."""
        event.stop()
        event.prevent_default()
        key = event.key
        verbs: dict[str, Callable[[], None]] = {
            "enter": self._use, "i": self._insert, "a": self._save, "e": self._rename, "x": self._delete,
            "u": self._undo, "U": self._redo,
        }  # fmt: skip
        if key in {"escape", "q"}:
            self.dismiss(None)
        elif key in MOVES:
            self.query_one(RecordTable).move(MOVES[key])
        elif key in verbs:
            verbs[key]()

    # The verbs ---------------------------------------------------------------

    def _use(self) -> None:
        """Put its name into the line: in the place of another name, else beside what is there."""
        saved = self._chosen()
        if saved is not None:
            name = f"={saved.title}"
            other = self._typed[:1] == "=" and " " not in self._typed
            alone = self._error or other or self._typed in {"", saved.text}
            self.dismiss(name if alone else f"{self._typed} {name}")

    def _insert(self) -> None:
        saved = self._chosen()
        if saved is not None:
            self.dismiss(saved.text)

    def _save(self) -> None:
        if not self._typed:
            self._tell("there is no filter to save: Esc goes back, type one first", "bad")
        elif self._error is not None:
            self._tell(f"can't be saved yet: {self._error}", "bad")
        else:
            self.app.push_screen(self._ask(f"Save /{self._typed} as", ""), self._saved_as)

    def _saved_as(self, name: str | None) -> None:
        if name is not None:
            self._do(lambda shared: save_filter(shared, name, self._typed))
            self._go_to(name)

    def _rename(self) -> None:
        saved = self._chosen()
        if saved is not None:
            self.app.push_screen(
                self._ask(f"Rename {saved.title} to", saved.title, saved), lambda name: self._renamed(saved, name)
            )

    def _renamed(self, saved: SavedFilter, name: str | None) -> None:
        if name is not None and name_of(name) != saved.title:
            self._do(lambda shared: rename_filter(shared, saved.title, name))
            self._go_to(name)

    def _delete(self) -> None:
        saved = self._chosen()
        if saved is not None:
            self._do(lambda shared: delete_filter(shared, saved.title))

    def _undo(self) -> None:
        self._call(lambda: self._view.desk.undo(SHARED, WAYS))

    def _redo(self) -> None:
        self._call(lambda: self._view.desk.redo(SHARED, WAYS))

    # Doing and showing ----------------------------------------------------------

    def _ask(self, label: str, value: str, own: SavedFilter | None = None) -> LineScreen:
        """The line for a name: what it would do is told while it is typed."""

        def problem(text: str) -> str:
            return name_problem(self._filters(), text, own)

        def reader(text: str) -> Sequence[Cell]:
            why = problem(text) if text.strip() else ""
            if why:
                return [(why, "bad")]
            there = self._named(text)
            if there is not None and own is None:
                return [((f"changes {there.title}, which is now {there.text}", "warn"),)]
            return [((f"written in a filter as ={name_of(text)}", "muted"),)] if text.strip() else []

        return LineScreen(label, value=value, reader=reader, check=problem, hint="one word   ⏎ take it   Esc leave")

    def _do(self, service: Callable[[OpenProject], Outcome]) -> None:
        desk = self._view.desk

        def act() -> Outcome:
            shared = desk.share()
            return desk.commit(shared, lambda: service(shared))

        self._call(act)

    def _call(self, service: Callable[[], Outcome]) -> None:
        try:
            outcome = service()
        except (Refused, FilterError, StoreError, OSError) as error:
            self._tell(str(error).splitlines()[0], "bad")
            return
        self._show()
        self._tell("   ".join((f"✓ {outcome.words}", *outcome.said)), "")

    def _tell(self, words: str, tone: str) -> None:
        self.query_one("#said", StatusLine).set(((f"! {words}" if tone == "bad" else words, tone),))

    def _filters(self) -> list[SavedFilter]:
        try:
            return saved_filters(self._view.desk.shared)
        except (StoreError, OSError) as error:
            self._tell(str(error), "bad")
            return []

    def _named(self, name: str) -> SavedFilter | None:
        return next((f for f in self._filters() if fold(f.title) == fold(name_of(name))), None)

    def _chosen(self) -> SavedFilter | None:
        return self._found.get(self.query_one(RecordTable).cursor_key)

    def _go_to(self, name: str) -> None:
        found = self._named(name)
        if found is not None:
            self.query_one(RecordTable).move_to(found.number)

    def _show(self) -> None:
        self._found = {saved.number: saved for saved in self._filters()}
        table = self.query_one(RecordTable)
        widest = max((width_of(saved.title) for saved in self._found.values()), default=0)
        table.columns = (
            Column("name", "", min(26, widest + 1)),
            Column("text", ""),
            Column("who", "", 16, "right", priority=1),
        )
        begins: Cell = (("a", "accent"), (" saves the filter that is typed in the line", "muted"))
        table.empty = ((("No filter is saved in this workspace yet.", ""),), begins)
        table.invalidate()
        table.set_lines(list(self._found), self._row)

    def _row(self, key: Hashable) -> Sequence[Cell]:
        saved = self._found[key]
        day = saved.updated.astimezone(self._view.desk.session.now().tzinfo).date() if saved.updated else None
        when = say_date(day, self._view.desk.session.today) if day else ""
        return ((f"={saved.title}", "strong"), saved.text, (f"{saved.updated_by} {when}".strip(), "muted"))
