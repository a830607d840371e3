"""Triage: the overdue pile, one item at a time, each decision one to three keys."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal

from pmtui.domain.consequence import consequence
from pmtui.domain.dates import read_date, say_date
from pmtui.domain.records import Record, Task
from pmtui.domain.triage import Overdue
from pmtui.keymap import BY_ID, Action, key_of
from pmtui.screens.details import Line, last_notes, story
from pmtui.screens.prompts import flow
from pmtui.screens.records_view import RecordsView
from pmtui.screens.rows import Rows
from pmtui.services.desk import Key, title_of
from pmtui.services.project import Changed, OpenProject, Outcome
from pmtui.services.verbs import verbs_of
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell, Span, fit, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, RecordTable

DECISIONS = {
    "done": "done", "advance": "done", "reschedule": "moved", "review": "moved", "drop": "dropped", "void": "dropped",
    "delegate": "delegated", "block": "blocked", "unblock": "unblocked", "chase": "chased", "split": "split",
    "progress": "partly done", "defer": "deferred", "merge": "merged", "accept the delay": "accepted",
    "correct": "corrected", "raise issue": "raised", "raise risk": "raised", "escalate": "escalated",
    "occurred": "occurred", "publish": "published", "publish minutes": "published", "closed": "closed",
    "delete": "deleted", "move": "moved on", "approved": "approved", "rejected": "rejected",
    "postponed": "postponed", "resolved": "resolved", "implemented": "done", "cancelled": "dropped",
}  # fmt: skip
"""What a transaction's verb counts as in the tally; any other decides an item only where it is late no more."""

SETTLED = "settled"
"""What an item counts as that is late no more, though nothing was decided here."""

MENU = (
    ("record.done", "done"), ("record.date", "date: t today m tomorrow f Friday w +1 week p pick a accept c correct"),
    ("record.progress", "% partly"), ("record.who", "who"), ("record.block", "block"), ("record.chase", "chase"),
    ("record.split", "split"), ("record.issue", "issue"), ("record.risk", "risk"), ("record.escalate", "escalate"),
    ("record.drop", "drop: d drop l later phase m merge"), ("record.status", "status"), ("record.note", "note"),
    ("record.edit", "edit"), ("record.add", "add"), ("record.mark", "mark"), ("record.mark_all", "mark all"),
)  # fmt: skip


class TriageScreen(RecordsView):
    """The queue by consequence; what is decided stays decided when one leaves."""

    view = "triage"
    title_word = "Triage"
    spans_projects = True
    CSS_PATH = "triage.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._queue: list[Key] = []
        self._why: dict[Key, Overdue] = {}
        self._decided: dict[Key, str] = {}
        self._verb = ""
        self._acts: list[dict[Key, str]] = []
        self._undone: list[dict[Key, str]] = []
        self._told_of: Key | None = None

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

    def on_mount(self) -> None:
        """Take the queue as it is now."""
        for code, item in self.desk.overdue():
            self._queue.append((code, item.number))
            self._why[code, item.number] = item
        self.desk.listeners.append(self._heard)

    def on_unmount(self) -> None:
        """Hear no more."""
        self.desk.listeners.remove(self._heard)

    def _heard(self, _code: str, changed: Changed) -> None:
        if changed.own:
            self._verb = changed.verb

    # The queue -----------------------------------------------------------------

    @property
    def table(self) -> RecordTable:
        """The queue's list, also where it is not shown."""
        return self.query_one("#queue", RecordTable)

    @property
    def rows(self) -> Rows:
        """The queue's list."""
        return self.table

    def shown_keys(self) -> Sequence[Key]:
        """What is not decided yet."""
        return [key for key in self._queue if key not in self._decided]

    def on_record_table_cursor_moved(self) -> None:
        """Another item."""
        self.show_details()

    def move_by(self, lines: int) -> None:
        """The next item, or back."""
        self.table.move(lines)

    def move_page(self, direction: int) -> None:
        """Through the story, where it is longer than the screen."""
        self.query_one("#story", DocumentView).page(direction)

    def on_resize(self) -> None:
        """The menu and the footer have another size."""
        self.show_details()

    def show_data(self) -> None:
        """The item as it is now; those that somebody else settled are decided too, until they are late again."""
        late = self._late()
        for key in self._queue:
            if key not in late and key not in self._decided:
                self._decided[key] = SETTLED
            elif key in late and self._decided.get(key) == SETTLED:
                del self._decided[key]
        self.table.invalidate()
        self.table.set_lines(self._queue, self._row)
        self.show_details()

    def _late(self) -> set[Key]:
        return {(code, item.number) for code, item in self.desk.overdue()}

    def act(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> Outcome | None:
        """Decide, count it, and go on to the next; what writes nothing decides nothing."""
        self._verb = ""
        outcome = super().act(keys, service)
        if outcome is None or not self._verb:
            return outcome
        late = self._late()
        word = DECISIONS.get(self._verb, "")
        decided = {key: word or self._verb for key in keys if word or key not in late}
        self._decided.update(decided)
        self._acts.append(decided)
        self._undone.clear()
        if decided:
            self.call_after_refresh(self._next, keys[-1])
        return outcome

    def _next(self, after: Key) -> None:
        at = self._queue.index(after) if after in self._queue else -1
        following = [*self._queue[at + 1 :], *self._queue[: at + 1]]
        target = next((key for key in following if key not in self._decided), None)
        if target is not None:
            self.table.move_to(target)
        self.show_details()

    def action_record_edit(self) -> None:
        """The record's form; saving it is one thing to undo."""
        self._verb = ""
        super().action_record_edit()

    def _saved(self, outcome: Outcome | None) -> None:
        if outcome is not None and self._verb:
            self._acts.append({})
            self._undone.clear()
        super()._saved(outcome)

    def added(self, project: OpenProject, outcome: Outcome) -> None:
        """What was added decides nothing, and is one thing to undo."""
        del project
        self._acts.append({})
        self._undone.clear()
        self.tell_outcome(outcome)

    def action_desk_undo(self) -> None:
        """Take back the last thing done, and show its item again where it was a decision."""
        if self.perform(self.desk.undo) is None or not self._acts:
            return
        back = self._acts.pop()
        self._undone.append(back)
        for key in back:
            self._decided.pop(key, None)
        if back:
            self.call_after_refresh(self.table.move_to, next(iter(back)))

    def action_desk_redo(self) -> None:
        """Bring back what was undone; a decision counts again."""
        if self.perform(self.desk.redo) is None or not self._undone:
            return
        again = self._undone.pop()
        self._acts.append(again)
        self._decided.update(again)
        if again:
            self.call_after_refresh(self._next, [*again][-1])

    # What is shown ---------------------------------------------------------------

    def show_header(self) -> None:
        """How far, and what was decided."""
        done, total = len(self._decided), len(self._queue)
        key = self.cursor()
        at = self._queue.index(key) + 1 if key in self._queue else total
        filled = round(18 * done / total) if total else 18
        tally = Counter(self._decided.values())
        words = " ".join(f"{count} {word}" for word, count in tally.most_common(4))
        left: tuple[Span, ...] = (
            (" Triage", "strong"),
            (f" · {at} of {total}   ", ""),
            ("▓" * filled, "good"),
            ("░" * (18 - filled), "muted"),
        )
        self.query_one("#header", HeaderBar).set(left, ((f"{words}  ", "muted"),))

    def show_details(self) -> None:
        """The story of the item, or the summary when all is decided."""
        key = self.cursor()
        everything = all(k in self._decided for k in self._queue)
        pane = self.query_one("#story", DocumentView)
        if key is None or everything:
            pane.set_document(self._summary)
        else:
            project, record = self.desk.projects[key[0]], self.desk.record(key)
            pane.set_document(lambda width: self._story(key, project, width) if record else [])
        if key != self._told_of:
            self._told_of = key
            pane.scroll_first()
        self.query_one("#keys", DocumentView).set_document(self._menu if not everything else lambda _width: [])
        self.show_header()
        self.show_footer()

    def _story(self, key: Key, project: OpenProject, width: int) -> list[Line]:
        record = project.get(key[1])
        why = self._why.get(key)
        head: list[Span] = [(title_of(project), "muted")]
        if why:
            head += [(f"  {word}" if at == 0 else f" · {word}", "bad") for at, word in enumerate(why.why)]
        if key in self._decided:
            head.append((f"   ✓ {self._decided[key]}", "good"))
        above: list[Line] = [*flow(tuple(head), width), (("", ""),)]
        lines: list[Line] = [] if self.is_tiny else above
        lines += [*story(project, record, width), *self._slips(project, record, width)]
        notes = last_notes(record, width)
        lines += [(("", ""),), *notes] if notes and not self.is_tiny else notes
        return lines + above if self.is_tiny else lines

    def _slips(self, project: OpenProject, record: Record, width: int) -> list[Line]:
        """What it does to the finish if it is not decided now."""
        if not isinstance(record, Task) or not record.is_open:
            return []
        day = read_date("fri", project.today)
        effect = consequence(project.data, {record.number: day}).words(project.data, project.today)
        words = f"If it slips to {say_date(day, project.today)}: {effect}"
        return [((part, "warn"),) for part in wrap(words, width)] if effect else []

    def _summary(self, width: int) -> list[Line]:
        total = len(self._queue)
        lines: list[Line] = [((f"All {total} decided." if total else "Nothing is overdue.", "strong"),), (("", ""),)]
        for key in self._queue:
            record = self.desk.record(key)
            name = record.name if record else "deleted"
            word = self._decided.get(key, "")
            lines.append(((fit(word, 12), "good"), (fit(f"{key[1]} {name}", max(10, width - 12)), "")))
        lines += [
            (("", ""),),
            (
                (key_of("desk.undo"), "accent"),
                (" takes the last one back   ", "muted"),
                (key_of("view.back"), "accent"),
                (" leaves: what is decided stays", "muted"),
            ),
        ]
        return lines

    def _menu(self, width: int) -> list[Line]:
        record = self.record()
        possible = verbs_of(record) if record else frozenset()
        lines: list[Line] = []
        row: list[Span] = []
        used = 0
        for action_id, words in MENU:
            action = BY_ID[action_id]
            verb = action_id.partition(".")[2]
            on = (verb in possible or verb in {"add", "mark", "mark_all"}) and not self.why_not(action_id)
            if self.is_tiny:
                row.append((f"{action.key} ", "accent" if on else "muted"))
                continue
            text = words.removeprefix("% ")
            cell = len(action.key) + len(text) + 4
            if row and used + cell > width:
                lines.append(tuple(row))
                row, used = [], 0
            row += [(f"{action.key} ", "accent" if on else "muted"), (f"{text}   ", "" if on else "muted")]
            used += cell
        lines.append(tuple(row))
        return lines

    def show_footer(self) -> None:
        """What is not in the menu above."""
        named = ("move.down", "next"), ("move.up", "back"), ("record.open", "open"), ("desk.undo", "undo")
        items = [(key_of(action_id), word, True) for action_id, word in named]
        if self.query_one("#story", DocumentView).last_top:
            items.append((key_of("move.page_down"), "more", True))
        if self.is_tiny:
            items.insert(2, (key_of("view.back"), "leave", True))
        items += [(key_of("view.back"), "leave, decisions stay", True), (key_of("view.help"), "help", True)]
        self.query_one("#footer", FooterBar).set(items)

    def footer_enabled(self, action: Action) -> bool:
        """The menu dims for itself."""
        del action
        return True

    def _row(self, key: Hashable) -> Sequence[Cell]:
        assert isinstance(key, tuple)
        record = self.desk.record(key)
        state: Cell = ("✓", "good") if key in self._decided else ("", "")
        return (state, (key[1], "muted"), record.name if record else ("gone", "muted"))
