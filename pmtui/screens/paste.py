"""Pasted lines before they are added: what each becomes, or what is wrong with it; edited in place, left out, added."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pmtui.domain.dates import say_date
from pmtui.domain.fields import Kind
from pmtui.domain.problems import Refused
from pmtui.domain.quickgrammar import Understood
from pmtui.domain.records import BY_KIND
from pmtui.screens.prompts import flow
from pmtui.screens.quick_add import QuickAddScreen, reading_of
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.pasted import Pasted, PastedLines, State, day_of
from pmtui.services.project import OpenProject, Outcome
from pmtui.store import StoreError
from pmtui.widgets.bars import FooterBar, HeaderBar, StatusLine
from pmtui.widgets.cells import Cell, Span, width_of, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, RecordTable

GLYPHS: dict[State, Span] = {
    State.GOOD: ("✓", "good"),
    State.BAD: ("!", "bad"),
    State.WAITS: ("…", "warn"),
    State.OUT: ("–", "muted"),
}
"""How a line stands, by a shape and a colour."""

DOUBTFUL: Span = ("▲", "warn")
"""A line that is good, and falls on a day off."""

SAME_KEYS = {"j": "down", "k": "up", "g": "home", "G": "end", "space": "x", "q": "escape"}
"""Keys that do the same as others."""


class LeftBehind(NamedTuple):
    """Lines that were not added earlier, the kind they are of, and the drafts that hold them."""

    text: str = ""
    kind: str = ""
    names: tuple[str, ...] = ()


def draft_name(desk: Desk, project: OpenProject) -> str:
    """What the lines that are not added are kept under: each pane has its own."""
    return f"{_any_draft(desk, project)}{desk.session.name}"


def left_behind(drafts: Drafts, desk: Desk, project: OpenProject) -> LeftBehind:
    """What earlier pastes left, in this pane or in one that is gone."""
    found = drafts.left(_any_draft(desk, project))
    texts = [text for draft in found.values() if (text := draft.get("text", ""))]
    return LeftBehind("\n".join(texts), next((draft.get("kind", "") for draft in found.values()), ""), tuple(found))


def _any_draft(desk: Desk, project: OpenProject) -> str:
    return f"{desk.session.place}-{project.code}-pasted-"


class PasteScreen(ModalScreen[Outcome | None]):
    """The lines; Enter adds the good ones as one change, the others stay to be mended, and are kept when one leaves.

    ``title`` is what they are called, ``before`` what was kept already and stays so, ``takes`` the drafts it is
    taken from. Lines that were ``made``, such as by a template, are kept from when somebody edits them or some of
    them were added.
    """

    CSS_PATH = "paste.tcss"
    BINDINGS = []  # noqa: RUF012 - Textual's own convention

    def __init__(
        self,
        desk: Desk,
        project: OpenProject,
        text: str,
        kind: str,
        said: str = "",
        *,
        title: str = "",
        before: str = "",
        takes: Sequence[str] = (),
        made: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._before = before
        self._takes = takes
        self._typed = not made
        self._desk = desk
        self._project = project
        self._pasted = PastedLines(project, text, kind)
        self._outcome: Outcome | None = None
        self._said = said
        self._left = False

    def compose(self) -> ComposeResult:
        """A line each, the one under the cursor in full beneath."""
        yield HeaderBar(id="header")
        columns = (
            Column("state", "", 1),
            Column("line", "", 4, "right", priority=2),
            Column("text", ""),
            Column("when", "", 11, priority=1),
        )
        yield RecordTable(columns, show_header=False, id="body")
        yield DocumentView(id="details")
        yield StatusLine(id="status")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Begin at the first line; keep them all at once, so that a dropped line loses none."""
        self.app.data_changed.subscribe(self, self._others)  # type: ignore[attr-defined]
        if self._said:
            self.query_one(StatusLine).set((self._said, "warn"))
        self._show()
        self._keep()
        own = draft_name(self._desk, self._project)
        self.app.drafts.take_over(self._takes, own)  # type: ignore[attr-defined]

    def on_resize(self) -> None:
        """What is under the cursor has another width."""
        self._show_details()

    def on_unmount(self) -> None:
        """Whatever closes it, the lines are kept."""
        if not self._left:
            self._keep()

    def _others(self, _: None) -> None:
        """Somebody may have added the person or the task that a line names."""
        self._pasted.fresh()
        self._show()

    # Keys ---------------------------------------------------------------------------

    @property
    def table(self) -> RecordTable:
        """The lines."""
        return self.query_one("#body", RecordTable)

    def line(self) -> Pasted | None:
        """The line under the cursor."""
        key = self.table.cursor_key
        return next((line for line in self._pasted.lines if id(line) == key), None)

    def on_key(self, event: events.Key) -> None:
        """Move, edit, leave out, change the kind, add, leave."""
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
            "n": self._to_next_bad,
            "x": self._toggle,
            "tab": lambda: self._next_kind(1),
            "shift+tab": lambda: self._next_kind(-1),
            "e": self._edit,
            "enter": self._add,
            "escape": self._leave,
        }
        does.get(SAME_KEYS.get(event.key, event.key), lambda: None)()

    def on_record_table_cursor_moved(self) -> None:
        """Another line in full."""
        self._show_details()

    def _toggle(self) -> None:
        line = self.line()
        if line is not None:
            self._pasted.toggle([line])
            self._changed()
            self.table.move(1)

    def _next_kind(self, step: int) -> None:
        self._pasted.next_kind(step)
        self._changed()

    def _to_next_bad(self) -> None:
        """To the next line that is to be mended, round the end."""
        lines = self._pasted.lines
        at = next((place for place, line in enumerate(lines) if id(line) == self.table.cursor_key), -1)
        found = next((line for line in [*lines[at + 1 :], *lines[: at + 1]] if line.state is State.BAD), None)
        if found is not None:
            self.table.move_to(id(found))

    def _edit(self) -> None:
        line = self.line()
        if line is None:
            return
        what = f"Line {line.line}"
        screen = QuickAddScreen(self._project, self._pasted.kind, value=line.text, what=what)

        def take(text: str | None) -> None:
            if text is not None:
                kind, rest = screen.entry(text)
                same = kind == self._pasted.kind
                self._typed = True
                self._pasted.edit(line, rest if same else f"{BY_KIND[kind].words[0]}: {rest}")
                self._changed()

        self.app.push_screen(screen, take)

    def _add(self) -> None:
        """Add the good ones; close where none is left."""
        if not self._pasted.count(State.GOOD):
            self.query_one(StatusLine).set(("no line can be added yet: e edits one, x leaves one out", "warn"))
            return
        try:
            outcome = self._desk.commit(self._project, self._pasted.add)
        except (Refused, StoreError, OSError) as error:
            self.query_one(StatusLine).set((f"! {str(error).splitlines()[0]}", "bad"))
            return
        self._outcome, self._typed = outcome, True
        if not self._pasted.count(State.BAD) and not self._pasted.count(State.WAITS):
            self._close()
            return
        self._changed()
        self._to_next_bad()
        said = tuple((f"   {words}", "muted") for words in outcome.said)
        self.query_one(StatusLine).set(((f"✓ {outcome.words}", ""), ("   the others are to be mended", "warn"), *said))

    def _leave(self) -> None:
        """Leave; what was not added is kept."""
        self._keep()
        self._left = True
        left, done = len(self._pasted.lines), self._outcome
        if not self._typed:
            self.dismiss(None)
            return
        kept = f"{left} line{'' if left == 1 else 's'} kept: a, then ↓ brings them back"
        self.dismiss(msgspec.structs.replace(done, said=(kept, *done.said)) if done else Outcome((), kept))

    def _close(self) -> None:
        self._left = True
        self._keep(done=True)
        self.dismiss(self._outcome)

    # What is shown --------------------------------------------------------------------

    def _changed(self) -> None:
        self.query_one(StatusLine).set("")
        self._show()
        self._keep()

    def _show(self) -> None:
        self.table.invalidate()
        self.table.set_lines([id(line) for line in self._pasted.lines], self._row)
        count = self._pasted.count
        tally: list[Span] = [(f"{count(State.GOOD)} to add", "good")]
        tally += [(f" · {count(State.BAD)} to mend", "bad")] if count(State.BAD) else []
        tally += [(f" · {count(State.WAITS)} wait", "warn")] if count(State.WAITS) else []
        tally += [(f" · {count(State.OUT)} left out", "muted")] if count(State.OUT) else []
        off = sum(1 for line in self._pasted.lines if line.said and not line.is_out)
        tally += [(f" · {off} on days off", "warn")] if off else []
        words = self._title or f"Add {BY_KIND[self._pasted.kind].words[1]}"
        title: tuple[Span, ...] = ((f" {self._project.code}", "muted"), (f" ▸ {words}", "strong"))
        self.query_one(HeaderBar).set(title, (*tally, (" ", "")))
        self._warn()
        self._show_footer()
        self._show_details()

    def _warn(self) -> None:
        """Say before they are added which budget lines entries would overspend together."""
        good = [line.parsed for line in self._pasted.lines if line.state is State.GOOD]
        if any(parsed.kind == "cost" for parsed in good):
            from pmtui.screens.entry_line import together  # the budget's rules are loaded where money is typed

            words = together(self._project, good)
            if words:
                self.query_one(StatusLine).set((f"▲ {words}", "warn"))

    def _show_footer(self) -> None:
        good, bad, line = self._pasted.count(State.GOOD), self._pasted.count(State.BAD), self.line()
        out = line is not None and line.is_out
        items = [("⏎", f"add {good}", bool(good)), ("e", "edit", True), ("x", "take in" if out else "leave out", True)]
        items += [("n", "next to mend", True)] if bad else []
        items += [
            ("Tab", "kind", True),
            ("j k", "move", True),
            ("Esc", "leave, lines kept" if self._typed else "leave", True),
        ]
        self.query_one(FooterBar).set(items)

    def _show_details(self) -> None:
        """The line as it stands, what was understood of it, and what is wrong."""
        line = self.line()
        self.query_one("#details", DocumentView).set_document(lambda width: self._details(line, width) if line else [])
        self._show_footer()

    def _details(self, line: Pasted, width: int) -> list[tuple[Span, ...]]:
        lines = [((part, "strong"),) for part in wrap(line.text, width)[:2]]
        found: list[Cell] = []
        if line.waits_for:
            found.append((f"part of line {line.waits_for}, which is to be mended or left out first", "warn"))
        found += [(f"after {_named(line.after)}", "muted")] if line.after else []
        found += reading_of(line.parsed, self._project.data)
        found += [(words, "warn") for words in line.said]
        known = {str(problem) for problem in line.parsed.problems}
        found += [(problem, "bad") for problem in line.problems if problem not in known]
        return [*lines, *(part for cell in found for part in flow(cell, width))]

    def _row(self, key: Hashable) -> Sequence[Cell]:
        line = next(line for line in self._pasted.lines if id(line) == key)
        doubtful = bool(line.said) and line.state is State.GOOD
        day = when(line)
        shown = say_date(day, self._project.today) if day and line.state is State.GOOD else ""
        glyph = DOUBTFUL if doubtful else GLYPHS[line.state]
        tone = "warn" if any(words.startswith(f"{shown} ") for words in line.said) else ""
        return (glyph, (str(line.line), "muted"), became(line, self._pasted.kind), (shown, tone))

    def _keep(self, *, done: bool = False) -> None:
        """Keep what is left, before what was kept already; nothing where all of it is ``done``."""
        name, drafts = draft_name(self._desk, self._project), self.app.drafts  # type: ignore[attr-defined]
        own = self._pasted.as_text() if self._typed and not done else ""
        text = "\n".join(filter(None, (own, self._before)))
        try:
            if text:
                drafts.keep(name, {"kind": self._pasted.kind, "text": text}, live=self.is_running and not self._left)
            else:
                drafts.discard(name)
        except OSError as error:
            if self.is_running:
                self.query_one(StatusLine).set((f"! the lines can't be kept: {error}", "bad"))


def _named(lines: Sequence[Pasted]) -> str:
    return ", ".join(line.number or f"line {line.line} {line.title}" for line in lines)


def became(line: Pasted, usual: str) -> tuple[Span, ...]:
    """What a line becomes: its title and what was understood; or what is wrong with it, and the line.

    Its kind is told where it is not the ``usual`` one.
    """
    parsed = line.parsed
    word = BY_KIND[parsed.kind].words[0]
    head: list[Span] = [("  " * min(line.depth, 6), ""), (f"{word}: " if parsed.kind != usual else "", "muted")]
    if line.is_out:
        return (head[0], (line.text, "muted"))
    if line.state is State.BAD:
        return (head[0], (line.problems[0], "bad"), (f"   {line.text}", "muted"))
    if line.state is State.WAITS:
        head.append((f"waits for line {line.waits_for}   ", "warn"))
    title = BY_KIND[parsed.kind].title
    named = next((part.words for part in parsed.understood if part.field == title), "")
    told = {title, when_field(line)} if line.state is State.GOOD else {title}
    facts = [_fact(parsed.kind, part) for part in parsed.understood if part.field not in told]
    facts += [f"after {', '.join(other.number or str(other.line) for other in line.after)}"] if line.after else []
    shown: list[Span] = [*head, (named, "")]
    shown += [(f"   {fact}" if at or named else fact, "muted") for at, fact in enumerate(facts)]
    return tuple(span for span in shown if width_of(span[0]))


def when(line: Pasted) -> dt.date | None:
    """The day that a line's record is due, or is otherwise of."""
    return day_of(line.parsed.values.get(when_field(line)))


def when_field(line: Pasted) -> str:
    """The field that holds this day."""
    return next((name for name in ("due", "target_date", "forecast", "date") if name in line.parsed.values), "")


def _fact(kind: str, part: Understood) -> str:
    """A value, with its label where it says little alone."""
    field = BY_KIND[kind].fields.get(part.field)
    alone = field is None or field.kind not in {Kind.DATE, Kind.MOMENT, Kind.SCALE, Kind.REFERENCE, Kind.REFERENCES}
    return part.words if alone else f"{part.label.lower()} {part.words}"
