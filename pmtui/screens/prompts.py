"""Questions of one key or one line, asked at the bottom of a view."""

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from pmtui.domain.text import fold
from pmtui.keymap import shown_key
from pmtui.widgets.cells import Align, Cell, Span, fit, joined, safe, spans, width_of, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, RecordTable


class Choice(msgspec.Struct, frozen=True):
    """One answer: its key, its word, and what it would do; ``also`` is another key for it.

    ``why_not`` says in place of the effect why it can't be given: it is dimmed, and its key does nothing.
    """

    key: str
    word: str
    effect: str = ""
    value: str = ""
    also: str = ""
    why_not: str = ""

    @property
    def shown(self) -> str:
        """Its keys as people see them on the keyboard."""
        return " ".join(shown_key(key) for key in (self.key, self.also) if key)


class ChoiceScreen(ModalScreen[str | None]):
    """A question answered by one key; Esc and q answer nothing."""

    BINDINGS: ClassVar = []

    def __init__(self, question: Cell, choices: Sequence[Choice], say: Cell = "") -> None:
        super().__init__()
        self._question = question
        self._choices = choices
        self._say = say

    def compose(self) -> ComposeResult:
        """The question, then a line a choice where there is an effect to tell, else all in one."""
        with Vertical(classes="prompt"):
            yield DocumentView(id="choices")

    def on_mount(self) -> None:
        """Lay the choices out for the width there is."""
        self.query_one(DocumentView).set_document(self._lines)

    def on_key(self, event: events.Key) -> None:
        """The first key decides; one that means nothing here does nothing."""
        event.stop()
        event.prevent_default()
        key = event.character or event.key
        for choice in self._choices:
            if {choice.key, choice.also} & {key, event.key} and not choice.why_not:
                self.dismiss(choice.value or choice.key)
                return
        if event.key in {"escape", "q"}:
            self.dismiss(None)

    def _lines(self, width: int) -> list[Sequence[Span]]:
        lines: list[Sequence[Span]] = [*flow(self._question, width)]
        if self._say:
            lines += flow(self._say, width)
        choices = (*self._choices, Choice("Esc", "leave it"))
        return lines + (_listed(choices, width) if any(c.effect for c in self._choices) else _in_rows(choices, width))


MOST_OF_EFFECT = 2
"""Lines that what a choice does may take."""


def _listed(choices: Sequence[Choice], width: int) -> list[Sequence[Span]]:
    """A line a choice, with what it would do beside it."""
    lines: list[Sequence[Span]] = []
    keys = max(width_of(c.shown) for c in choices)
    names = max(width_of(c.word) for c in choices if c.effect) + 2
    indent = keys + 2 + names
    for c in choices:
        tone = "muted" if c.why_not else ""
        key = (f" {fit(c.shown, keys)} ", tone or "accent")
        if not c.effect:
            lines.append((key, (c.word, tone)))
            continue
        first, *more = wrap(c.why_not or c.effect, max(10, width - indent))[:MOST_OF_EFFECT]
        lines.append((key, (fit(c.word, names), tone), (first, "muted")))
        lines += [((" " * indent, ""), (part, "muted")) for part in more]
    return lines


def _in_rows(choices: Sequence[Choice], width: int) -> list[Sequence[Span]]:
    """All choices on one line, or beneath one another in as many columns as there is room for."""
    wide = max(width_of(c.shown) + width_of(c.word) for c in choices) + 4
    if sum(width_of(c.shown) + width_of(c.word) + 4 for c in choices) - 2 <= width:
        return [joined(((f" {c.shown} ", "accent"), (f"{c.word}  ", "")) for c in choices)]
    columns = max(1, (width + 2) // wide)
    cells = [((f" {c.shown} ", "accent"), (fit(c.word, wide - width_of(c.shown) - 2), "")) for c in choices]
    return [joined(cells[at : at + columns]) for at in range(0, len(cells), columns)]


def flow(cell: Cell, width: int) -> list[tuple[Span, ...]]:
    """A line of spans over as many lines as it takes, broken between spans, or within one that is too long."""
    lines: list[tuple[Span, ...]] = []
    row: list[Span] = []
    used = 0
    for text, tone in spans(cell):
        for part in wrap(text, width) if width_of(text.rstrip()) > width else [text]:
            if row and used + width_of(part.rstrip()) > width:
                lines.append(tuple(row))
                row, used = [], 0
            row.append((part, tone))
            used += width_of(part)
    return [*lines, tuple(row)]


LEAST_LINE = 30
"""Cells that a line to type in needs beside its label; else it stands beneath."""

Reader = Callable[[str], Sequence[Cell]]
"""What was understood of a line so far, as lines to show beneath it."""


class OneLine(Input):
    """A line whose screen decides what becomes of a paste."""

    def on_paste(self, event: events.Paste) -> None:
        """A paste stays text."""
        event.stop()
        event.prevent_default()
        if isinstance(self.screen, LineScreen):
            self.screen.take_paste(event.text)

    def put_in(self, text: str) -> None:
        """Put a text in at the cursor, in the place of what is selected."""
        selection = self.selection
        self.replace(text, *selection) if not selection.is_empty else self.insert_text_at_cursor(text)


class LineScreen(ModalScreen[str | None]):
    """One line, with what was understood of it beneath; Enter gives it, Esc leaves.

    ``check`` says why a line can't be given yet (empty when it can): the typed text stays.
    """

    BINDINGS: ClassVar = []

    def __init__(
        self,
        label: str,
        *,
        value: str = "",
        reader: Reader | None = None,
        check: Callable[[str], str] | None = None,
        hint: str = "⏎ take it   Esc leave",
    ) -> None:
        super().__init__()
        self.left_out = 0
        self._label = label
        self._value = value
        self._reader = reader
        self._check = check
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The label and the line, then what was understood."""
        with Vertical(classes="prompt"):
            with Horizontal(id="line"):
                yield Label(safe(self._label), id="label", markup=False)
                yield OneLine(self._value, select_on_focus=False)
            yield DocumentView(id="reading")

    def on_mount(self) -> None:
        """Begin in the line, at its end."""
        line = self.query_one(Input)
        line.cursor_blink = False
        line.focus()
        self._show(self._value)

    def on_resize(self) -> None:
        """The line stands beneath a label that leaves it no room."""
        room = self.size.width - 2 - width_of(self._label)
        self.query_one("#line").set_class(room < LEAST_LINE, "stacked")

    def on_key(self, event: events.Key) -> None:
        """Keys typed before the line was there go into it; Tab completes."""
        line = self.query_one(Input)
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key in {"tab", "shift+tab"}:
            event.stop()
            event.prevent_default()
            if event.key == "tab":
                self._complete(line)
        elif not line.has_focus and event.is_printable and event.character:
            line.insert_text_at_cursor(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """A paste stays text."""
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """Put in the first line that says something; how many are left out is said."""
        lines = [line for line in text.splitlines() if line.strip()]
        self.left_out = max(0, len(lines) - 1)
        if lines:
            self.query_one(OneLine).put_in(lines[0])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was understood so far."""
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the line, unless something stands against it."""
        problem = self.problem(event.value)
        if problem:
            self._show(event.value, problem)
        else:
            self.dismiss(event.value)

    def _complete(self, line: Input) -> None:
        """Complete the word before the cursor; a plain line knows no words."""

    def reading(self, text: str) -> Sequence[Cell]:
        """What was understood of the line so far."""
        return self._reader(text) if self._reader else ()

    def problem(self, text: str) -> str:
        """Why the line can't be given yet; empty when it can."""
        return self._check(text) if self._check else ""

    def hint(self) -> Cell:
        """The keys."""
        return (self._hint, "muted")

    def _show(self, text: str, problem: str = "") -> None:
        lines: list[Cell] = [(problem, "bad")] if problem else list(self.reading(text))
        if self.left_out:
            count = f"{self.left_out} more lines were" if self.left_out > 1 else "1 more line was"
            lines.append((f"{count} left out: paste them one by one", "warn"))
        lines.append(self.hint())
        self.query_one(DocumentView).set_document(lambda width: [part for line in lines for part in flow(line, width)])


class Item(msgspec.Struct, frozen=True):
    """Something to pick: what it gives, what is shown, and a word on the right.

    ``letters`` are places in the text that were looked for: they are marked.
    """

    value: Hashable
    text: str
    aside: str = ""
    letters: tuple[int, ...] = ()


ASIDE = 26
"""Cells at most of what stands on the right of an item."""


class PickerScreen(ModalScreen[Hashable]):
    """Pick one of many by typing some of it; ``None`` when left.

    ``others`` makes an item of what was typed when nothing fits (a new person, say).
    """

    BINDINGS: ClassVar = []

    def __init__(
        self,
        label: str,
        items: Callable[[str], Sequence[Item]] | Sequence[Item],
        *,
        others: Callable[[str], Item | None] | None = None,
        aside: Align = "right",
    ) -> None:
        super().__init__()
        self._aside = aside
        self._label = label
        self._items = items
        self._others = others
        self._found: dict[Hashable, Item] = {}
        self._shown_for = ""

    def compose(self) -> ComposeResult:
        """The line that narrows, and the list."""
        with Vertical(classes="picker"):
            yield Label(safe(self._label), markup=False)
            yield Input(select_on_focus=False)
            table = RecordTable(show_header=False)
            table.empty = (("nothing fits", "muted"),)
            yield table
            yield Label(safe("type to filter   ↑ ↓ move   ⏎ take   Esc leave"), markup=False)

    def on_mount(self) -> None:
        """Begin in the line."""
        line = self.query_one(Input)
        line.cursor_blink = False
        line.focus()
        self._show("")
        self.app.data_changed.subscribe(self, self._others_changed)  # type: ignore[attr-defined]

    def _others_changed(self, _: None) -> None:
        """What can be picked as it is now, where it is looked up; the cursor stays on its item."""
        if callable(self._items):
            table = self.query_one(RecordTable)
            key = table.cursor_key
            self._show(self._shown_for)
            table.move_to(key)

    def on_key(self, event: events.Key) -> None:
        """Arrows move in the list while the line has the keys."""
        table = self.query_one(RecordTable)
        moves = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key in moves:
            event.stop()
            table.move(moves[event.key])
        elif not self.query_one(Input).has_focus and event.is_printable and event.character:
            self.query_one(Input).insert_text_at_cursor(event.character)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what the cursor is on."""
        if event.value != self._shown_for:
            self._show(event.value)
        key = self.query_one(RecordTable).cursor_key
        if key is not None:
            self.dismiss(key)

    def _show(self, text: str) -> None:
        self._shown_for = text
        found = list(self._items(text)) if callable(self._items) else best(self._items, text)
        other = self._others(text) if self._others and text else None
        if other is not None and all(item.value != other.value for item in found):
            found.append(other)
        self._found = {item.value: item for item in found}
        table = self.query_one(RecordTable)
        widest = max((width_of(item.aside) for item in found), default=0)
        aside = (Column("aside", "", min(ASIDE, widest), self._aside, priority=1),) if widest else ()
        table.columns = (Column("text", ""), *aside)
        table.invalidate()
        table.set_lines(list(self._found), self._row)
        table.move_first()

    def _row(self, key: Hashable) -> Sequence[Cell]:
        item = self._found[key]
        return (marked(item.text, item.letters), (item.aside, "muted"))[: len(self.query_one(RecordTable).columns)]


def marked(text: str, letters: Sequence[int]) -> Cell:
    """A text whose letters at some places stand out."""
    if not letters:
        return text
    wanted = frozenset(letters)
    parts: list[Span] = []
    for place, letter in enumerate(text):
        tone = "title" if place in wanted else ""
        if parts and parts[-1][1] == tone:
            parts[-1] = (parts[-1][0] + letter, tone)
        else:
            parts.append((letter, tone))
    return tuple(parts)


def best(items: Sequence[Item], text: str, most: int = 200) -> list[Item]:
    """Items that hold all words typed, those that begin with them first."""
    words = fold(text).split()
    if not words:
        return list(items[:most])
    found = []
    for at, item in enumerate(items):
        have = fold(f"{item.text} {item.aside}")
        if all(word in have for word in words):
            begins = have.startswith(words[0])
            inside = any(part.startswith(words[0]) for part in have.split())
            found.append((not begins, not inside, at, item))
    return [item for *_, item in sorted(found, key=lambda row: row[:3])[:most]]
