"""How a bank's or ERP's file is read, before it is: which column is what, beside the first rows as they come out."""

from collections.abc import Callable, Hashable, Sequence

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pmtui.domain.problems import Refused
from pmtui.domain.records import ImportMapping
from pmtui.domain.records.mapping import COLUMNS
from pmtui.exchange.headings import plain_heading
from pmtui.exchange.statement_in import Sheet, Statement, open_sheet, read_statement
from pmtui.screens.prompts import Item, LineScreen, PickerScreen
from pmtui.screens.statement_words import sample_lines
from pmtui.services.desk import Desk
from pmtui.services.mappings import SETTINGS, delete_mapping, mapping_for, save_mapping, saved_mappings
from pmtui.services.project import OpenProject, Outcome
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, RecordTable

SAME_KEYS = {"j": "down", "k": "up", "g": "home", "G": "end", "right": "e", "space": "e", "q": "escape"}
"""Keys that do the same as others."""

NOT_THERE = "\0none"
FIELDS = (*COLUMNS, *SETTINGS)


class MappingScreen(ModalScreen[tuple[Sheet, ImportMapping] | None]):
    """Each column with what stands under it; Enter gives the file as it is read."""

    CSS_PATH = "statements.tcss"
    BINDINGS = []  # noqa: RUF012 - Textual's own convention

    def __init__(self, desk: Desk, project: OpenProject, data: bytes, source: str) -> None:
        super().__init__()
        self._desk = desk
        self._project = project
        self._data = data
        self._source = source
        self._sheet = open_sheet(data, source)
        self._mapping = mapping_for(self._sheet, self._saved())
        self._reread()
        self._read: Statement | Refused | None = None

    def compose(self) -> ComposeResult:
        """The columns, the first rows as they are read."""
        yield HeaderBar(id="header")
        yield RecordTable(show_header=False, id="body")
        yield DocumentView(id="details")
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Show what was found out, and where from."""
        self._show()
        named = self._mapping.title
        said = f"read as {named}" if named else "the columns are guessed from their headings: look at the rows beneath"
        self.query_one(StatusLine).set((said, "muted" if named else "warn"))

    def on_resize(self) -> None:
        """The rows have another width."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Move, change, save, load, use, leave."""
        event.stop()
        event.prevent_default()
        table = self.query_one(RecordTable)
        does: dict[str, Callable[[], object]] = {
            "down": lambda: table.move(1),
            "up": lambda: table.move(-1),
            "pagedown": lambda: table.page(1),
            "pageup": lambda: table.page(-1),
            "home": table.move_first,
            "end": table.move_last,
            "e": lambda: self._change(1),
            "left": lambda: self._change(-1),
            "s": self._save,
            "l": self._load,
            "x": self._delete,
            "enter": self._use,
            "escape": lambda: self.dismiss(None),
        }
        does.get(SAME_KEYS.get(event.key, event.key), lambda: None)()

    # Changing it ------------------------------------------------------------------

    def _change(self, step: int) -> None:
        """Another column for a field, or the next of few ways to read."""
        name = str(self.query_one(RecordTable).cursor_key)
        if name in COLUMNS:
            self._pick(name)
            return
        choices = ImportMapping.TYPE.fields[name].choices
        now = choices.index(getattr(self._mapping, name))
        self._set(**{name: choices[(now + step) % len(choices)]})

    def _pick(self, name: str) -> None:
        items = [Item(NOT_THERE, "not in this file")]
        items += [Item(heading, heading, self._example(heading)) for heading in self._sheet.headings if heading]

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self._set(**{name: "" if picked == NOT_THERE else str(picked)})

        label = ImportMapping.TYPE.fields[name].label
        self.app.push_screen(PickerScreen(f"{label}: which column?", items), take)

    def _set(self, **values: str) -> None:
        before = self._mapping
        self._mapping = msgspec.structs.replace(before, title="", id=0, **values)
        try:
            self._reread()
        except Refused as refused:
            self._mapping = before
            self._tell(str(refused).splitlines()[0], "bad")
            return
        self._tell("")
        self._show()

    def _reread(self) -> None:
        """The file's columns by the mapping's encoding and separator."""
        self._sheet = open_sheet(self._data, self._source, self._mapping)

    def _example(self, heading: str) -> str:
        """The first value that stands under a heading."""
        plain = [plain_heading(have) for have in self._sheet.headings]
        place = plain.index(plain_heading(heading)) if plain_heading(heading) in plain else -1
        cells = (row.cells[place].strip() for row in self._sheet.rows if 0 <= place < len(row.cells))
        return next((cell for cell in cells if cell), "")

    # Kept ones -----------------------------------------------------------------------

    def _saved(self) -> list[ImportMapping]:
        try:
            return saved_mappings(self._desk.shared)
        except (StoreError, OSError):
            return []

    def _save(self) -> None:
        def take(name: str | None) -> None:
            if name is not None and self._do(lambda shared: save_mapping(shared, name, self._mapping)):
                self._mapping = next((m for m in self._saved() if m.title == name.strip()), self._mapping)
                self._show()

        def check(text: str) -> str:
            return "" if text.strip() else "a name, such as the bank's"

        label = "Save these columns for everybody, as"
        self.app.push_screen(LineScreen(label, value=self._mapping.title, check=check), take)

    def _load(self) -> None:
        saved = {mapping.number: mapping for mapping in self._saved()}
        if not saved:
            self._tell("no mapping is saved in this workspace yet: s saves this one", "warn")
            return
        items = [Item(number, mapping.title, mapping.updated_by) for number, mapping in saved.items()]

        def take(picked: Hashable | None) -> None:
            if picked in saved:
                self._mapping = saved[str(picked)]
                self._set(**{name: getattr(self._mapping, name) for name in SETTINGS})
                self._mapping = saved[str(picked)]
                self._show()

        self.app.push_screen(PickerScreen("Read it as", items), take)

    def _delete(self) -> None:
        if not self._mapping.title:
            self._tell("these columns are not saved", "warn")
        else:
            self._do(lambda shared: delete_mapping(shared, self._mapping.title))

    def _do(self, service: Callable[[OpenProject], Outcome]) -> bool:
        def act() -> Outcome:
            shared = self._desk.share()
            return self._desk.commit(shared, lambda: service(shared))

        try:
            self._tell(f"✓ {act().words}")
        except (Refused, StoreError, OSError) as error:
            self._tell(str(error).splitlines()[0], "bad")
            return False
        return True

    def _use(self) -> None:
        """Give it, where it can be read."""
        if isinstance(self._read, Refused):
            self._tell(f"it can't be read so: {str(self._read).splitlines()[0]}", "bad")
        else:
            self.dismiss((self._sheet, self._mapping))

    # What is shown ---------------------------------------------------------------------

    def _tell(self, words: str, tone: str = "") -> None:
        self.query_one(StatusLine).set(((f"! {words}" if tone == "bad" else words, tone),))

    def _show(self) -> None:
        try:
            self._read = read_statement(self._sheet, self._mapping)
        except Refused as refused:
            self._read = refused
        table = self.query_one(RecordTable)
        table.columns = (Column("field", "", 19), Column("heading", "", 26), Column("sample", "", priority=1))
        table.invalidate()
        table.set_lines(list(FIELDS), self._row)
        named = f" as {self._mapping.title}" if self._mapping.title else ""
        title: tuple[Span, ...] = ((f" {self._project.code}", "muted"), (f" ▸ {self._source}{named}", "strong"))
        self.query_one(HeaderBar).set(title, f"{len(self._sheet.rows)} rows ")
        self.query_one("#details", DocumentView).set_document(self._details)
        good = isinstance(self._read, Statement)
        keys = [("⏎", "use it", good), ("e", "change", True), ("s", "save under a name", True), ("l", "load", True)]
        keys += [("x", "delete", True)] if self._mapping.title else []
        self.query_one(FooterBar).set([*keys, ("j k", "move", True), ("Esc", "leave", True)])

    def _row(self, key: Hashable) -> Sequence[Cell]:
        name = str(key)
        value = str(getattr(self._mapping, name))
        label: Cell = (ImportMapping.TYPE.fields[name].label, "" if value else "muted")
        if name in SETTINGS:
            return (label, (value, "accent"), "")
        return (label, (value, "strong") if value else ("–", "muted"), (self._example(value) if value else "", "muted"))

    def _details(self, width: int) -> list[Sequence[Span]]:
        if isinstance(self._read, Statement):
            return sample_lines(self._read, self._project.data.project.currency, width)
        return [((part, "bad"),) for part in wrap(str(self._read), width)]
