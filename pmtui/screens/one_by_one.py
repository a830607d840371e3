"""Items one at a time, each decided by a few keys: what triage and the review of risks have in common."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Horizontal

from pmtui.domain.records import Record
from pmtui.keymap import Action, key_of
from pmtui.screens.decisions import Decision, Decisions
from pmtui.screens.details import Line
from pmtui.screens.records_view import RecordsView
from pmtui.screens.rows import Rows
from pmtui.screens.summing_up import Menu, menu_lines, summary_lines
from pmtui.services.desk import Key
from pmtui.services.project import Changed, OpenProject, Outcome
from pmtui.services.verbs import verbs_of
from pmtui.store import Transaction
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell, Span, width_of
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, RecordTable

BAR = 18
"""Columns of the bar that says how far one is."""


class OneByOne(RecordsView):
    """A queue, the summary after its last item; what is decided stays when one leaves.

    Subclasses give :meth:`begin`, :meth:`wanted`, :meth:`decision`, :meth:`item_lines`, :meth:`menu`, :attr:`done_word`
    and :meth:`footer_names`.
    """

    CSS_PATH = "one_by_one.tcss"
    done_word = "decided"

    def __init__(self) -> None:
        super().__init__()
        self._queue: list[Key] = []
        self._decisions = Decisions()
        self._verb = ""
        self._undoing = False
        self._written: dict[str, Transaction | None] = {}
        self._told_of: Key | None = None
        self._at_end = False

    def compose(self) -> ComposeResult:
        """The item's story, the queue beside it where there is room, the keys beneath."""
        yield HeaderBar(id="header")
        with Horizontal(id="middle"):
            yield DocumentView(id="story")
            table = RecordTable(show_header=False, id="queue")
            table.columns = (Column("state", "", 2), Column("number", "", 6), Column("title", ""))
            yield table
        yield DocumentView(id="keys")
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    # What subclasses give ----------------------------------------------------------

    def begin(self) -> Sequence[Key]:
        """The queue as it is now."""
        raise NotImplementedError

    def wanted(self) -> set[Key]:
        """What is still to be decided, whoever decided the rest."""
        raise NotImplementedError

    def decision(self, key: Key, verb: str, wanted: set[Key]) -> Decision | None:
        """What a transaction with this verb makes of an item; ``None`` where it decides nothing about it."""
        raise NotImplementedError

    def item_lines(self, project: OpenProject, record: Record, key: Key, width: int) -> list[Line]:
        """The story of an item."""
        raise NotImplementedError

    def menu(self, record: Record) -> Menu:
        """The keys that decide about an item, line by line, with what they do."""
        raise NotImplementedError

    def footer_names(self) -> list[tuple[str, str]]:
        """Actions that the footer tells besides moving, each with its word."""
        raise NotImplementedError

    def summary_more(self) -> list[Line]:
        """What the summary tells after what was decided."""
        return []

    def on_mount(self) -> None:
        """Take the queue as it is now."""
        self._queue += self.begin()
        self.desk.listeners.append(self._heard)

    def on_unmount(self) -> None:
        """Hear no more."""
        self.desk.listeners.remove(self._heard)

    def _heard(self, code: str, changed: Changed) -> None:
        if changed.own:
            self._verb = changed.verb
            self._written[code] = changed.transaction
        undone = changed.transaction.note.undoes if changed.transaction is not None else 0
        if undone and not self._undoing:
            self._decisions.taken_back(code, undone)

    # The queue -----------------------------------------------------------------

    @property
    def table(self) -> RecordTable:
        """The queue's list, also where it is not shown."""
        return self.query_one("#queue", RecordTable)

    @property
    def rows(self) -> Rows:
        """The queue's list."""
        return self.table

    def cursor(self) -> Key | None:
        """The item shown; none where the summary is."""
        return None if self._at_end else super().cursor()

    def shown_keys(self) -> Sequence[Key]:
        """What is not decided yet."""
        return [key for key in self._queue if not self._is_decided(key)]

    def on_record_table_cursor_moved(self) -> None:
        """Another item."""
        self.show_details()

    def move_by(self, lines: int) -> None:
        """The next item, or back; the summary comes after the last one, also while some are left."""
        last = not self._queue or self.table.cursor_key == self._queue[-1]
        if self._at_end and lines < 0:
            self._show_end(at_end=False)
        elif lines > 0 and last:
            self._show_end(at_end=True)
        elif not self._at_end:
            self.table.move(lines)

    def move_to_end(self, *, last: bool) -> None:
        """To the first item, or to the summary."""
        if last:
            self.table.move_last()
        else:
            self.table.move_first()
        self._show_end(at_end=last)

    def move_page(self, direction: int) -> None:
        """Through the story, where it is longer than the screen."""
        self.query_one("#story", DocumentView).page(direction)

    def _show_end(self, *, at_end: bool) -> None:
        self._at_end = at_end
        self.show_details()

    def _go_to(self, key: Key) -> None:
        self._at_end = False
        self.table.move_to(key)
        self.show_details()

    def reveal(self, key: Key) -> None:
        """Put the cursor on an item of the queue."""
        self._at_end = False
        super().reveal(key)

    def on_resize(self) -> None:
        """The menu and the footer have another size."""
        self.show_details()

    def show_data(self) -> None:
        """The item as it is now; those that somebody else settled are decided too, until they are late again."""
        self._decisions.settle(set(self._queue), self.wanted())
        self.table.invalidate()
        self.table.set_lines(self._queue, self._row)
        self.show_details()

    # Deciding ------------------------------------------------------------------

    def act(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> Outcome | None:
        """Decide, count it, and go on to the next; what writes nothing decides nothing."""
        self._verb = ""
        self._written.clear()
        outcome = super().act(keys, service)
        if outcome is None or not self._verb:
            return outcome
        step = self.step(keys)
        self._decisions.take(step)
        if any(decision.final for decision in step.values()):
            self.call_after_refresh(self._next, keys[-1])
        return outcome

    @property
    def wrote(self) -> bool:
        """Whether the last act wrote anything."""
        return bool(self._verb)

    def step(self, keys: Sequence[Key]) -> dict[Key, Decision]:
        """What the last act made of these items."""
        step: dict[Key, Decision] = {}
        wanted = self.wanted()
        for key in keys:
            found = self.decision(key, self._verb, wanted)
            if found is not None:
                made = replace(found, transaction=self._written.get(key[0]))
                step[key] = made.after(self._decisions.of.get(key))
        return step

    def _is_decided(self, key: Key) -> bool:
        decision = self._decisions.of.get(key)
        return decision is not None and decision.final

    def _next(self, after: Key) -> None:
        """The next item that is not decided, also from the beginning again; the summary where there is none."""
        at = self._queue.index(after) if after in self._queue else -1
        following = [*self._queue[at + 1 :], *self._queue[: at + 1]]
        target = next((key for key in following if not self._is_decided(key)), None)
        if target is not None:
            self._go_to(target)
        else:
            self._show_end(at_end=True)

    def action_record_edit(self) -> None:
        """The record's form; saving it is one thing to undo."""
        self._verb = ""
        super().action_record_edit()

    def saved(self, project: OpenProject, outcome: Outcome | None) -> None:
        """Tell what a form wrote, and go to its record."""
        if outcome is not None and self._verb:
            self._decisions.take(self.edited([(project.code, number) for number in outcome.numbers]))
        super().saved(project, outcome)

    def edited(self, keys: Sequence[Key]) -> dict[Key, Decision]:
        """What a form that was saved decides about these: nothing, unless that settles them."""
        del keys
        return {}

    def added(self, project: OpenProject, outcome: Outcome) -> None:
        """What was added decides nothing, and is one thing to undo."""
        del project
        self._decisions.take({})
        self.tell_outcome(outcome)

    def action_desk_undo(self) -> None:
        """Take back the last thing done, and show its item again where it was a decision."""
        if self._perform_undoing(self.desk.undo):
            back = self._decisions.undo()
            if back:
                self.call_after_refresh(self._go_to, back[0])

    def action_desk_redo(self) -> None:
        """Bring back what was undone; a decision counts again."""
        if self._perform_undoing(self.desk.redo):
            again = self._decisions.redo()
            if again:
                self.call_after_refresh(self._next if self._is_decided(again[-1]) else self._go_to, again[-1])

    def _perform_undoing(self, service: Callable[[], Outcome]) -> bool:
        """Call an undo or redo whose step is known here; whether it was done."""
        self._undoing = True
        try:
            return self.perform(service) is not None
        finally:
            self._undoing = False

    # What is shown ---------------------------------------------------------------

    def show_header(self) -> None:
        """How far, and what was decided."""
        done, total = len(self._decisions.decided), len(self._queue)
        key = self.cursor()
        at = self._queue.index(key) + 1 if key in self._queue else total
        filled = round(BAR * done / total) if total else BAR
        shown = self.shown_projects()
        left: tuple[Span, ...] = (
            (f" {self.title_word}", "strong"),
            (f" · {shown[0].code}" if len(shown) == 1 and len(self.desk.projects) > 1 else "", "accent"),
            (f" · {at} of {total}   " if key else f" · {done} of {total} {self.done_word}   ", ""),
            ("▓" * filled, "good"),
            ("░" * (BAR - filled), "muted"),
        )
        room = self.size.width - width_of(left) - 4
        self.query_one("#header", HeaderBar).set(left, ((f"{self._tally_in(room)}  ", "muted"),))

    def _tally_in(self, room: int) -> str:
        """How many items each decision took, the most frequent first, as far as there is room."""
        told = ""
        for word, count in self._decisions.tally():
            longer = f"{told} {count} {word}".strip()
            if len(longer) > room:
                break
            told = longer
        return told

    def show_details(self) -> None:
        """The story of the item, or the summary after the last one."""
        key = self.cursor()
        pane = self.query_one("#story", DocumentView)
        if key is None:
            pane.set_document(self._summary)
        else:
            pane.set_document(lambda width: self._story(key, width))
        if key != self._told_of:
            self._told_of = key
            pane.scroll_first()
        self.query_one("#keys", DocumentView).set_document(self._menu)
        self.show_header()
        self.show_footer()

    def _summary(self, width: int) -> list[Line]:
        return [*summary_lines(self.desk, self._queue, self._decisions, self.done_word, width), *self.summary_more()]

    def _story(self, key: Key, width: int) -> list[Line]:
        record = self.desk.record(key)
        if record is None:
            return [((f"It is deleted; {key_of('desk.undo')} brings it back.", "warn"),)]
        lines: list[Line] = []
        decision = self._decisions.of.get(key)
        if decision is not None:
            did = ", ".join(dict.fromkeys(one.word for one in decision.all))
            mark: Span = (f"✓ {did}", "good") if decision.final else (f"{did}, not {self.done_word} yet", "warn")
            lines.append((mark, (f"   {key_of('desk.undo')} takes the last decision back", "muted")))
        return [*lines, *self.item_lines(self.desk.projects[key[0]], record, key, width)]

    def _menu(self, width: int) -> list[Line]:
        record = self.record()
        if record is None:
            return []
        possible = verbs_of(record)

        def enabled(action_id: str) -> bool:
            place, _, verb = action_id.partition(".")
            return (place != "record" or verb in possible) and not self.why_not(action_id)

        return menu_lines(self.menu(record), enabled, width, tiny=self.is_tiny)

    def show_footer(self) -> None:
        """What is not in the menu above."""
        leave = "leave, decisions stay" if self.size.width >= self.details_beside else "leave"
        named = [("move.down", "next"), ("move.up", "back"), ("view.back", leave), ("desk.undo", "undo")]
        if self.query_one("#story", DocumentView).last_top:
            named.append(("move.page_down", "more"))
        if not self._at_end:
            named += self.footer_names()
        named.append(("view.help", "help"))
        items = [(key_of(action_id), word, word != "next" or not self._at_end) for action_id, word in named]
        self.query_one("#footer", FooterBar).set(items)

    def footer_enabled(self, action: Action) -> bool:
        """The menu dims for itself."""
        del action
        return True

    def _row(self, key: Hashable) -> Sequence[Cell]:
        assert isinstance(key, tuple)
        record = self.desk.record(key)
        state: Cell = ("✓", "good") if self._is_decided(key) else ("", "")
        return (state, (key[1], "muted"), record.name if record else ("gone", "muted"))
