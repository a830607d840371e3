"""Marks: one record, from the last mark to the cursor, all shown, all that a filter lets through.

Verbs act on what is marked and can be seen. What a filter or a fold hides is told and left alone; where a verb
applies to some of the marked alone, those keep their marks and the key again acts on them.
"""

from collections.abc import Iterable, Sequence

import msgspec

from pmtui.domain.filters import FilterError
from pmtui.keymap import key_of
from pmtui.screens.chosen import has_verb
from pmtui.screens.filtering import FilteredView
from pmtui.screens.prompts import LineScreen
from pmtui.services.desk import Key
from pmtui.widgets.bars import HeaderBar
from pmtui.widgets.cells import Cell, Span, spans, width_of

NAMED = 3
"""Records that are named where a verb leaves some out; the others are counted."""


class Marks(msgspec.Struct, frozen=True):
    """What is marked: the records that are seen, in their order, and how many are hidden."""

    shown: tuple[Key, ...]
    hidden: int

    @property
    def words(self) -> str:
        """How many, and how many of them are hidden; empty where nothing is marked."""
        count = len(self.shown) + self.hidden
        if not count:
            return ""
        return f"{count} marked" + (f", {self.hidden} hidden" if self.hidden else "")


class MarkingView(FilteredView):
    """A view whose records are marked, and whose verbs then act on all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._last_mark: Key | None = None
        self._bar: tuple[Cell, Cell] | None = None
        self._places: tuple[Sequence[Key], int, dict[Key, int]] = ((), 0, {})

    def seen_keys(self) -> Sequence[Key]:
        """The records that can be seen, in the order they are read; without what is folded away."""
        return self.shown_keys()

    def marks(self) -> Marks:
        """What is marked now; a record that is gone is marked no more."""
        marked = self.rows.marked
        if not marked:
            return Marks((), 0)
        places = self._places_of(self.seen_keys())
        shown = sorted((key for key in marked if isinstance(key, tuple) and key in places), key=places.__getitem__)
        rest = marked.difference(shown)
        return Marks(
            tuple(shown), sum(1 for key in rest if isinstance(key, tuple) and self.desk.record(key) is not None)
        )

    def _places_of(self, keys: Sequence[Key]) -> dict[Key, int]:
        """Where each key stands; found once for each state of the list, not at each mark."""
        known, size, places = self._places
        if known is not keys or size != len(keys):
            places = {key: at for at, key in enumerate(keys)}
            self._places = keys, len(keys), places
        return places

    def chosen(self) -> list[Key]:
        """The records marked and seen; where nothing is marked the one under the cursor."""
        marks = self.marks()
        if marks.shown or marks.hidden:
            return list(marks.shown)
        cursor = self.cursor()
        return [cursor] if cursor else []

    def applies(self, verb: str, keys: Sequence[Key]) -> bool:
        """Whether a verb applies to all of these; where it does to some, these alone stay marked for the key again."""
        if not keys and self._all_hidden():
            return False
        fits = [key for key in keys if (record := self.desk.record(key)) is None or has_verb(record, verb)]
        if len(keys) < 2 or not fits or len(fits) == len(keys):
            return super().applies(verb, keys)
        fitting = frozenset(fits)
        out = [key for key in keys if key not in fitting]
        named = ", ".join(number for _, number in out[:NAMED])
        named += f" and {len(out) - NAMED} more" if len(out) > NAMED else ""
        self.rows.set_marks(self.rows.marked.difference(out))
        said = f"! {verb} applies to {len(fits)} of {len(keys)}, not to {named}"
        self.tell(((said, "warn"), (f"   the same key again: on those {len(fits)}", "accent")))
        return False

    def _all_hidden(self) -> bool:
        """Say that what is marked is hidden, where all of it is."""
        marks = self.marks()
        if marks.shown or not marks.hidden:
            return False
        self.tell_error(
            f"{marks.hidden} marked, but hidden by a filter or a fold: show them, or {key_of('view.clear')} unmarks"
        )
        return True

    def action_record_copy(self) -> None:
        """One line a record, to the terminal's clipboard; never what is hidden."""
        if not self._all_hidden():
            super().action_record_copy()

    # Marking ----------------------------------------------------------------------

    def action_record_mark(self) -> None:
        """Mark, and go one down."""
        key = self.cursor()
        if key is not None:
            self._last_mark = key
            self.rows.toggle_mark(key)
            self.move_by(1)
            self.show_marks()

    def action_record_mark_range(self) -> None:
        """Mark from the last mark to the cursor, both included."""
        cursor, keys = self.cursor(), self.seen_keys()
        places = self._places_of(keys)
        if cursor is None or cursor not in places:
            return
        if self._last_mark not in places:
            range_key, one = key_of("record.mark_range"), key_of("record.mark")
            self.tell_error(f"{range_key} marks from the last mark to the cursor: {one} marks the first one")
            return
        first, last = sorted((places[self._last_mark], places[cursor]))
        self._last_mark = cursor
        self._mark_also(keys[first : last + 1])

    def action_record_mark_all(self) -> None:
        """Mark all seen; once more, none."""
        keys = self.seen_keys()
        all_marked = bool(keys) and self.rows.marked.issuperset(keys)
        self.rows.set_marks(() if all_marked else keys)
        self.show_marks()

    def action_record_mark_filter(self) -> None:
        """Mark what a filter lets through; the rest stays in view."""

        def fitting(text: str) -> list[Key]:
            wanted = self.read(text)
            if wanted is None:
                return []
            records = ((key, self.desk.record(key)) for key in self.seen_keys())
            return [k for k, r in records if r is not None and wanted.matches(r, self.desk.projects[k[0]].data)]

        def reader(text: str) -> Sequence[Cell]:
            if not text.strip():
                return [("what it lets through is marked, the rest stays in view: owner:ana late", "muted")]
            try:
                return [(f"{len(fitting(text))} of {len(self.seen_keys())} fit", "muted")]
            except FilterError as error:
                return [(str(error), "bad")]

        def check(text: str) -> str:
            try:
                return "" if fitting(text) else "nothing fits this; Esc leaves"
            except FilterError as error:
                return str(error)

        def take(text: str | None) -> None:
            if text is not None:
                self._mark_also(fitting(text))

        self.app.push_screen(
            LineScreen("Mark what fits /", reader=reader, check=check, hint="⏎ mark them   Esc leave"), take
        )

    def _mark_also(self, keys: Iterable[Key]) -> None:
        self.rows.set_marks(self.rows.marked.union(keys))
        self.show_marks()

    # How many ---------------------------------------------------------------------

    def show_marks(self) -> None:
        """How many are marked, in the status line."""
        marks = self.marks()
        hidden = f"; {marks.hidden} hidden, left alone" if marks.hidden else ""
        clears = key_of("view.clear")
        said: Cell = (
            (f"{len(marks.shown)} marked", "strong"),
            (f"  verbs act on all of them{hidden}, {clears} unmarks", "muted"),
        )
        self.tell(said if marks.words else "")

    def show_header(self) -> None:
        """The header, with how many are marked for as long as any are."""
        super().show_header()
        self._bar = self.query_one("#header", HeaderBar).content
        self.on_marked_lines_marks_changed()

    def on_marked_lines_marks_changed(self) -> None:
        """Keep the number in the header; who is here gives way to it."""
        if self._bar is None:  # a view with a header of its own
            return
        left, right = self._bar
        words = self.marks().words
        if not words:
            self.query_one("#header", HeaderBar).set(left, right)
            return
        told: tuple[Span, ...] = ((f"{words}  ", "accent"),)
        room = self.size.width - width_of(left) - width_of(told) - width_of(right) - 4
        self.query_one("#header", HeaderBar).set(left, (*told, *spans(right)) if room >= 0 else told)
