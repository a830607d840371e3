"""Numbers that can be opened: a list of them, each with what it means, and what lies behind the one that is opened."""

from collections.abc import Hashable, Sequence
from decimal import Decimal

import msgspec
from textual.app import ComposeResult
from textual.containers import Vertical

from pmtui.domain.behind import Behind, Figure, Part, behind
from pmtui.domain.records import CostEntry
from pmtui.keymap import Action, key_of
from pmtui.screens.figure_words import ABOUT, METHOD_KEYS, count_words, figure_name
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.summary import amount
from pmtui.screens.table_view import TableView
from pmtui.services import control
from pmtui.widgets.cells import Cell, Span, width_of, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable

Line = Sequence[Span]


class Row(msgspec.Struct, frozen=True):
    """A line of a page: its cells, what is told of it, and what it opens: a number, or a record by its own number."""

    key: str
    cells: Sequence[Cell]
    about: tuple[str, ...] = ()
    opens: Figure | str = ""


class FiguresScreen(TableView):
    """A page of numbers. Subclasses give :meth:`columns`, :meth:`rows` and :meth:`headline`."""

    view = "figures"
    title_word = "Costs"
    details_beside = 1000
    leads_back = True
    CSS_PATH = "figures.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, Row] = {}

    def compose_body(self) -> ComposeResult:
        """What the page tells, and its lines."""
        with Vertical(id="figures"):
            yield DocumentView(id="told")
            yield RecordTable(id="body")

    def columns(self, width: int) -> tuple[Column, ...]:
        """The columns in a table of this width."""
        raise NotImplementedError

    def rows(self) -> Sequence[Row | Heading]:
        """The lines, as the records are now."""
        raise NotImplementedError

    def headline(self, width: int) -> Sequence[Line]:
        """What stands above them."""
        raise NotImplementedError

    def nothing(self) -> tuple[Cell, ...]:
        """What is said where there are no lines."""
        return (("Nothing is behind it.", "muted"),)

    @property
    def table(self) -> RecordTable:
        """The lines."""
        return self.query_one("#body", RecordTable)

    def row(self) -> Row | None:
        """The line under the cursor."""
        return self._rows.get(str(self.table.cursor_key))

    # Showing ---------------------------------------------------------------------

    def show_data(self) -> None:
        """The page, as the records are now."""
        rows = self.rows()
        self._rows = {row.key: row for row in rows if isinstance(row, Row)}
        self.table.columns = self.columns(self.size.width)
        self.table.empty = self.nothing()
        self.table.invalidate()
        self.table.set_lines([row if isinstance(row, Heading) else row.key for row in rows], self._cells)
        self.query_one("#told", DocumentView).set_document(self.headline)
        self.show_details()

    def on_resize(self) -> None:
        """Columns as there is room for them."""
        super().on_resize()
        if self.desk.projects:
            self.table.columns = self.columns(self.size.width)

    def _cells(self, key: Hashable) -> Sequence[Cell]:
        return self.fitting(self._rows[str(key)].cells) if str(key) in self._rows else ()

    def fitting(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        """The cells for the columns that there are."""
        return cells

    def on_record_table_cursor_moved(self) -> None:
        """What is told follows."""
        self.show_details()

    def show_details(self) -> None:
        """What the number under the cursor means."""
        row = self.row()
        about = row.about if row else ()
        self.query_one("#details", DocumentView).set_document(
            lambda width: [((part, ""),) for text in about for part in wrap(text, width)]
        )
        self.show_footer()

    def footer_enabled(self, action: Action) -> bool:
        """What has nothing behind it isn't opened."""
        row = self.row()
        return action.id != "figures.open" or (row is not None and bool(row.opens))

    # Keys --------------------------------------------------------------------------

    def action_figures_open(self) -> None:
        """What the number is made of, or the record behind it."""
        from pmtui.screens.page import record_page

        row = self.row()
        if row is None or not row.opens:
            self.tell("This line is a sum: what it is made of stands above it." if row else "")
        elif isinstance(row.opens, Figure):
            self.app.push_screen(BehindScreen(row.opens))
        else:
            record = self.project.data.get(row.opens)
            if record is not None:
                self.app.push_screen(record_page(self.project, record))

    def action_figures_method(self) -> None:
        """By which method the cost at completion is forecast."""
        if not self.has_project():
            return
        now = self.project.data.project.eac_method
        choices = [
            Choice(key, f"{method.value}{' *' if method.value == now else ''}", control.method_words(method))
            for key, method in METHOD_KEYS.items()
        ]

        def take(key: str | None) -> None:
            if key is not None:
                project, method = self.project, METHOD_KEYS[key]
                self.perform(lambda: self.desk.commit(project, lambda: control.choose_method(project, method)))

        question: Cell = (("How is the EAC forecast?  ", "strong"), ("* is chosen now", "muted"))
        self.app.push_screen(ChoiceScreen(question, choices), take)


class BehindScreen(FiguresScreen):
    """One number, and all that it is made of, down to the entry."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self._figure = figure
        self._found: Behind | None = None

    def columns(self, width: int) -> tuple[Column, ...]:
        """What it is, how it came to be, how much."""
        found = self._found
        largest = max((len(_shown(part.amount)) for part in found.parts), default=0) if found else 0
        size = max(largest, len(_shown(found.amount)) if found else 0, 10)
        cells = [row.cells for row in self._rows.values()]
        notes = max((width_of(row[2]) for row in cells), default=0)
        dated = any(width_of(row[3]) for row in cells)
        return (
            Column("number", "No", 6),
            Column("what", "What", minimum=20),
            *([Column("note", "", min(notes, 28 if width < 110 else 48), priority=2)] if notes else []),
            *([Column("when", "Date", 10, priority=1)] if dated else []),
            Column("amount", self.project.data.project.currency if self._found else "", size, "right"),
        )

    def fitting(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        """Without those whose column has nothing."""
        there = {column.key for column in self.table.columns}
        names = ("number", "what", "note", "when", "amount")
        return [cell for name, cell in zip(names, cells, strict=True) if name in there]

    def show_data(self) -> None:
        """Work the number out again."""
        self._found = behind(self.project.data, self._figure, self.project.today)
        super().show_data()

    def rows(self) -> Sequence[Row | Heading]:
        """The parts, and what they come to."""
        found = self._found
        if found is None or not found.parts:
            return []
        rows = [self._part(at, part) for at, part in enumerate(found.parts)]
        name = "in all" if found.adds else found.how
        total = Row("sum", ("", (name, "strong"), "", "", (_shown(found.amount, ratio=not found.adds), "strong")))
        return [*rows, total]

    def _part(self, at: int, part: Part) -> Row:
        record = self.project.data.get(part.number) if part.number else None
        when, note = "", part.note
        if isinstance(record, CostEntry):
            when = record.date.isoformat()
            note = note or " · ".join(filter(None, (record.status, record.vendor)))
        opens: Figure | str = part.figure or (part.number if record is not None else "")
        index = part.figure is not None and part.figure.name in {"cpi", "spi"}
        number = part.number or ("" if record or not part.figure else "▸")
        shown = _shown(part.amount, ratio=index)
        tone = "bad" if part.amount is not None and part.amount < 0 else ""
        cells = ((number, "muted"), part.label or ("no note", "muted"), (note, "muted"), (when, "muted"), (shown, tone))
        return Row(f"{at}", cells, self._about(part, record is not None), opens)

    def _about(self, part: Part, is_record: bool) -> tuple[str, ...]:
        if part.figure is not None:
            return (f"{part.label}: {ABOUT[part.figure.name]}", f"{key_of('figures.open')} opens what is behind it")
        return (part.label, f"{key_of('figures.open')} opens {part.number}") if is_record else (part.label,)

    def headline(self, width: int) -> Sequence[Line]:
        """The number, and what it means."""
        found, data = self._found, self.project.data
        if found is None:
            return []
        ratio = not found.adds
        unit = "" if ratio or found.amount is None else f" {data.project.currency}"
        name: Line = (
            (f"{figure_name(self._figure, data)}  ", "title"),
            (_shown(found.amount, ratio=ratio), "strong"),
            (unit, "muted"),
            (f"   {count_words(found)}", "muted"),
        )
        words = ABOUT[self._figure.name] + (f" ({found.how})" if found.how and found.adds else "")
        return [name, *(((part, "muted"),) for part in wrap(words, width))]


def _shown(value: Decimal | None, *, ratio: bool = False) -> str:
    """An amount to the cent, or a ratio; n/a where it is not known."""
    if value is None:
        return "n/a"
    return f"{value:.3f}" if ratio else amount(value, cents=True)
