"""A bank's or ERP's file, row by row: what each is, accepted by a key, left out, or chosen otherwise."""

from collections.abc import Callable, Hashable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pmtui.domain.matching_costs import Choice, Proposal, Way
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import CostEntry
from pmtui.screens.prompts import Choice as Answer
from pmtui.screens.prompts import ChoiceScreen, Item, PickerScreen
from pmtui.screens.statement_words import LACKS, money_words, row_cells, row_story
from pmtui.screens.summary import amount
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.statements import Matching
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, RecordTable

SAME_KEYS = {"j": "down", "k": "up", "g": "home", "G": "end", "enter": "y", "q": "escape"}
"""Keys that do the same as others."""

DECIDED = (Way.BOOKED, Way.OUT)


class StatementScreen(ModalScreen[Outcome | None]):
    """The rows over a project; what is accepted is booked at once, and stays when one leaves."""

    CSS_PATH = "statements.tcss"
    BINDINGS = []  # noqa: RUF012 - Textual's own convention

    def __init__(self, desk: Desk, matching: Matching) -> None:
        super().__init__()
        self._desk = desk
        self._matching = matching
        self._project: OpenProject = matching.project
        self._all = True
        self._steps = self._undone = self._booked = 0
        self._rows: dict[Hashable, Proposal | Problem] = {}

    def compose(self) -> ComposeResult:
        """A line a row, the one under the cursor in full beneath."""
        yield HeaderBar(id="header")
        yield RecordTable(id="body")
        yield DocumentView(id="details")
        yield StatusLine(id="status")
        yield FooterBar(lines=2, id="footer")

    def on_mount(self) -> None:
        """Begin at the first row that wants a look."""
        self.app.data_changed.subscribe(self, lambda _: self._show())  # type: ignore[attr-defined]
        self._show()
        self._to_next()
        self._tell(tuple((f"{words}   ", "muted") for words in self._matching.statement.said))

    def on_resize(self) -> None:
        """The columns have another width."""
        self._show()

    def on_record_table_cursor_moved(self) -> None:
        """Another row in full."""
        self._show_details()

    @property
    def table(self) -> RecordTable:
        """The rows."""
        return self.query_one("#body", RecordTable)

    def proposal(self) -> Proposal | None:
        """What the row under the cursor is; ``None`` for one that can't be read."""
        found = self._rows.get(self.table.cursor_key)
        return found if isinstance(found, Proposal) else None

    def chosen(self) -> list[Proposal]:
        """The rows that are marked and shown, else the one under the cursor."""
        marked = [p for key, p in self._rows.items() if key in self.table.marked and isinstance(p, Proposal)]
        one = self.proposal()
        return marked or ([one] if one else [])

    # Keys ---------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Move, mark, decide, leave."""
        event.stop()
        event.prevent_default()
        table = self.table
        does: dict[str, Callable[[], object]] = {
            "down": lambda: table.move(1),
            "up": lambda: table.move(-1),
            "pagedown": lambda: table.page(1),
            "pageup": lambda: table.page(-1),
            "home": table.move_first,
            "end": table.move_last,
            "space": self._mark,
            "asterisk": self._mark_all,
            "n": self._to_next,
            "h": self._hide,
            "y": self._accept,
            "A": self._accept_sure,
            "x": self._leave_out,
            "m": self._match,
            "b": self._line,
            "t": self._tax,
            "u": lambda: self._take_back(redo=False),
            "U": lambda: self._take_back(redo=True),
            "escape": self._leave,
        }
        does.get(SAME_KEYS.get(event.key, event.key), lambda: None)()

    def _mark(self) -> None:
        if self.proposal() is not None:
            self.table.toggle_mark(self.table.cursor_key)
            self.table.move(1)

    def _mark_all(self) -> None:
        """All that can be booked, or none."""
        keys = [k for k, p in self._rows.items() if isinstance(p, Proposal) and p.way not in DECIDED and not p.lacks]
        self.table.set_marks(() if self.table.marked else keys)
        self._show_footer()

    def _to_next(self) -> None:
        """To the next row that is not decided, round the end."""
        keys = list(self._rows)
        at = keys.index(self.table.cursor_key) if self.table.cursor_key in self._rows else -1
        waits = (key for key in [*keys[at + 1 :], *keys[: at + 1]] if self._waits(self._rows[key]))
        found = next(waits, None)
        if found is not None:
            self.table.move_to(found)

    @staticmethod
    def _waits(row: Proposal | Problem) -> bool:
        return isinstance(row, Proposal) and row.way not in DECIDED

    def _hide(self) -> None:
        """Show what is booked and left out, or hide it."""
        self._all = not self._all
        self._show()
        self._tell("" if self._all else (("what is booked or left out is hidden: h shows it", "muted"),))

    # Deciding -------------------------------------------------------------------------

    def _accept(self) -> None:
        """Book the rows as they are proposed; of a part it is asked what becomes of the rest."""
        wanted = self.chosen()
        part = next((p for p in wanted if p.part and not p.lacks), None)
        if part is None:
            self._book(wanted)
            return
        entry = self._project.data.get(part.entry)
        rest = ""
        if isinstance(entry, CostEntry):
            rest = amount((entry.foreign_net or entry.net) - part.row.amount, cents=True)
        answers = [
            Answer("s", "the rest stays committed", f"{rest} on {part.entry}; the row is an entry of its own"),
            Answer("r", "the rest is released", f"{part.entry} becomes what the row is; {rest} are free again"),
        ]

        def take(key: str | None) -> None:
            if key is not None:
                self._book(wanted, rest_stays=key == "s")

        question: tuple[Span, ...] = (
            (f"Line {part.row.line} is a part of {part.entry}: ", "strong"),
            (f"{rest} left", ""),
        )
        self.app.push_screen(ChoiceScreen(question, answers), take)

    def _accept_sure(self) -> None:
        sure = self._matching.sure
        if sure:
            self._book(sure)
        else:
            self._say("none is sure: y accepts the row under the cursor", "warn")

    def _book(self, wanted: Sequence[Proposal], *, rest_stays: bool = True) -> None:
        rows = [proposal.row.id for proposal in wanted]
        try:
            outcome = self._desk.commit(self._project, lambda: self._matching.accept(rows, rest_stays=rest_stays))
        except (Refused, StoreError, OSError) as error:
            first, *more = str(error).splitlines()
            self._say(f"! {first}{f'  (and {len(more)} more)' if more else ''}", "bad")
            return
        self._steps, self._undone, self._booked = self._steps + 1, 0, self._booked + len(outcome.numbers)
        self.table.set_marks(())
        self._show()
        self._to_next()
        said = tuple((f"   {words}", "muted") for words in outcome.said)
        self._tell(((f"✓ {outcome.words}", ""), ("   u", "accent"), (" undo", "muted"), *said))

    def _leave_out(self) -> None:
        """Leave rows out; where all of them are left out by hand, take them in again."""
        rows = [p for p in self.chosen() if p.way is not Way.BOOKED]
        if not rows:
            self._say("it is booked: u takes that back", "warn")
            return
        ours = [p for p in rows if self._matching.chosen.get(p.row.id) == Choice(Way.OUT)]
        self._choose(rows, None if len(ours) == len(rows) else Choice(Way.OUT))

    def _match(self) -> None:
        """Another entry than the one proposed."""
        row = self.proposal()
        if row is None or row.way is Way.BOOKED:
            self._say("it is booked, or can't be read", "warn")
            return
        items = [
            Item(e.number, f"{e.number} {e.name or e.vendor}", _aside(e)) for e in self._matching.entries_for(row.row)
        ]
        if not items:
            self._say("there is no entry yet: b books the row on a budget line", "warn")
            return

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self._choose([row], Choice(Way.MATCH, entry=str(picked)))

        label = f"Line {row.row.line}, {amount(row.row.amount, cents=True)}, is which entry?"
        self.app.push_screen(PickerScreen(label, items), take)

    def _line(self) -> None:
        """A new entry, on a budget line."""
        rows = [p for p in self.chosen() if p.way is not Way.BOOKED]
        lines = sorted(self._project.data.budget_lines.values(), key=lambda line: (line.kind != "base", line.id))
        if not rows or not lines:
            self._say("it is booked" if lines else "there is no budget line yet: add one in Costs first", "warn")
            return
        items = [Item(line.number, line.category, line.kind) for line in lines]

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                self._choose(rows, Choice(Way.NEW, line=str(picked)))

        named = f"Line {rows[0].row.line}" if len(rows) == 1 else f"{len(rows)} rows"
        self.app.push_screen(PickerScreen(f"{named}: a new entry on which budget line?", items), take)

    def _tax(self) -> None:
        """What the row is more than its entry is tax."""
        row = self.proposal()
        if row is None or row.way is not Way.MATCH:
            self._say("that a row is more than its entry by the tax is said of one that is matched", "warn")
            return
        self._choose([row], Choice(Way.MATCH, entry=row.entry, as_tax=not row.as_tax))

    def _choose(self, rows: Sequence[Proposal], choice: Choice | None) -> None:
        self._matching.choose([proposal.row.id for proposal in rows], choice)
        self.table.set_marks(())
        self._tell("")
        self._show()

    def _take_back(self, *, redo: bool) -> None:
        """What was accepted here, the last first; what was done before stays."""
        if not (self._undone if redo else self._steps):
            self._say("nothing to bring back" if redo else "nothing was accepted here yet", "warn")
            return
        try:
            outcome = self._desk.redo(self._project.code) if redo else self._desk.undo(self._project.code)
        except (Refused, StoreError, OSError) as error:
            self._say(f"! {str(error).splitlines()[0]}", "bad")
            return
        step = 1 if redo else -1
        self._steps, self._undone = self._steps + step, self._undone - step
        self._show()
        self._tell(((f"✓ {outcome.words}", ""),))

    def _leave(self) -> None:
        """Leave; what was accepted stays, the file is as it was."""
        waiting = sum(1 for row in self._rows.values() if self._waits(row))
        left = f"{waiting} row{'' if waiting == 1 else 's'} of {self._matching.statement.source} not decided"
        if not self._steps:
            self.dismiss(None)
            return
        said = (f"{left}: the same file again shows them",) if waiting else ()
        self.dismiss(Outcome((), f"{self._matching.count(Way.BOOKED)} rows are booked", said))

    # What is shown --------------------------------------------------------------------

    def _tell(self, content: Cell) -> None:
        self.query_one(StatusLine).set(content)

    def _say(self, words: str, tone: str) -> None:
        self._tell(((words, tone),))

    def _show(self) -> None:
        proposals = self._matching.proposals
        shown = [p for p in proposals if self._all or p.way not in DECIDED]
        self._rows = {p.row.id: p for p in shown}
        self._rows |= {("bad", problem.line): problem for problem in self._matching.statement.bad}
        narrow = self.size.width < 100
        own = self._project.data.project.currency
        widest = max((len(money_words(p.row, own)) for p in proposals), default=8)
        self.table.columns = (
            Column("state", "", 1),
            Column("line", "Line", 5, "right", priority=3),
            Column("date", "Date", 6, priority=2),
            Column("words", "In the file", minimum=14),
            Column("what", "What it is", 24 if narrow else 44),
            Column("amount", f"Costs {own}", max(9, widest), "right"),
        )
        self.table.empty = (("No row is left to decide.", ""), (("h", "accent"), (" shows all of them", "muted")))
        self.table.invalidate()
        self.table.set_lines(list(self._rows), self._row)
        self._show_header(proposals)
        self._show_details()

    def _show_header(self, proposals: Sequence[Proposal]) -> None:
        sure, bad = len(self._matching.sure), len(self._matching.statement.bad)
        waiting = sum(1 for p in proposals if p.way not in DECIDED) - sure
        counts = [(sure, "sure", "good"), (waiting, "to look at", "warn"), (bad, "unreadable", "bad")]
        counts += [
            (self._matching.count(Way.BOOKED), "booked", ""),
            (self._matching.count(Way.OUT), "left out", "muted"),
        ]
        told: list[Span] = [(f"{count} {word}", tone) for count, word, tone in counts if count]
        tally: list[Span] = [
            part for at, span in enumerate(told) for part in ([(" · ", "muted")] if at else []) + [span]
        ]
        title: tuple[Span, ...] = (
            (f" {self._project.code}", "muted"),
            (f" ▸ {self._matching.statement.source}", "strong"),
        )
        self.query_one(HeaderBar).set(title, (*tally, (" ", "")))

    def _row(self, key: Hashable) -> Sequence[Cell]:
        row = self._rows[key]
        if isinstance(row, Problem):
            return (LACKS, (str(row.line), "muted"), "", (row.value or row.field, ""), ("can't be read", "bad"), "")
        return row_cells(row, self._project.data)

    def _show_details(self) -> None:
        row = self._rows.get(self.table.cursor_key)
        pane = self.query_one("#details", DocumentView)
        if isinstance(row, Proposal):
            pane.set_document(lambda width: row_story(row, self._project, width))
        elif row is not None:
            pane.set_document(lambda width: [((part, "bad"),) for part in wrap(f"{row}. It stays out.", width)])
        else:
            pane.set_document(lambda _: [])
        self._show_footer()

    def _show_footer(self) -> None:
        row, marked = self.proposal(), len(self.table.marked)
        open_row = row is not None and row.way is not Way.BOOKED
        can = bool(marked) or (open_row and row is not None and row.way is not Way.OUT and not row.lacks)
        sure = len(self._matching.sure)
        out = row is not None and self._matching.chosen.get(row.row.id) == Choice(Way.OUT)
        self.query_one(FooterBar).set(
            [
                ("y ⏎", f"accept {marked}" if marked else "accept", can),
                ("A", f"all {sure} sure", bool(sure)),
                ("x", "take in" if out else "leave out", open_row),
                ("m", "match", open_row),
                ("b", "line", open_row),
                *([("t", "rest is tax", True)] if row is not None and row.way is Way.MATCH and not row.sure else []),
                ("n", "next", True),
                ("space", "mark", open_row),
                ("u", "undo", bool(self._steps)),
                ("h", "hide decided" if self._all else "show all", True),
                ("Esc", "leave", True),
            ]
        )


def _aside(entry: CostEntry) -> str:
    return f"{amount(entry.net, cents=True)} {entry.status}"
