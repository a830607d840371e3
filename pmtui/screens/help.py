"""The keys of a view, grouped, each with what it does there now; and first what the view is for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events

from pmtui.domain.text import fold
from pmtui.keymap import BY_ID, GROUPS, PURPOSES, Action, actions_of, key_of
from pmtui.screens.chosen import has_verb
from pmtui.screens.page import PageScreen
from pmtui.screens.prompts import LineScreen
from pmtui.screens.questions import RecordQuestions
from pmtui.widgets.bars import FooterItem
from pmtui.widgets.cells import Cell, Span, fit, width_of, wrap
from pmtui.widgets.document_view import DocumentView

if TYPE_CHECKING:
    from pmtui.screens.view import ViewScreen

TWO_COLUMNS = 110
"""Columns from which on the help stands in two."""

KEYS = 9
"""Cells that the keys of an action have, unless they need more."""

ALWAYS = {"add", "add_form", "mark_all"}
"""Verbs on records that need none under the cursor."""

Line = tuple[Span, ...]


class HelpScreen(PageScreen):
    """All keys of a view; what does not apply now is dimmed, with the reason."""

    def __init__(self, view: "ViewScreen") -> None:
        self._view = view
        self._words = ""
        self._reasons = {action.id: why_dimmed(view, action) for action in actions_of(view.view)}
        super().__init__(f"Keys · {view.title_word}", self._page)

    def footer(self) -> list[FooterItem]:
        """A help can be narrowed, and leads on."""
        scroll, back = f"{key_of('move.down')} {key_of('move.up')}", key_of("view.back")
        palette = (key_of("go.palette"), "find any action", True)
        items = [
            (key_of("view.filter"), "narrow", True),
            (scroll, "scroll", True),
            ("PgDn PgUp", "page", True),
            palette,
        ]
        return [*items, (back, "back", True)]

    def on_key(self, event: events.Key) -> None:
        """Narrow by words, or go to the palette; all else is as on any page."""
        if event.key in BY_ID["view.filter"].keys:
            event.stop()
            event.prevent_default()
            self._ask()
        elif event.key in BY_ID["go.palette"].keys:
            event.stop()
            event.prevent_default()
            self.dismiss(None)
            self._view.action_go_palette()
        elif event.key == "escape" and self._words:
            event.stop()
            event.prevent_default()
            self._narrow("")

    def _ask(self) -> None:
        before = self._words

        def reader(text: str) -> Sequence[Cell]:
            return [(f"{self._narrow(text)} shown", "muted")]

        def take(text: str | None) -> None:
            self._narrow(before if text is None else text)

        hint = "words of what a key does   ⏎ keep   Esc back"
        self.app.push_screen(LineScreen("/", value=before, reader=reader, hint=hint), take)

    def _narrow(self, text: str) -> int:
        """Show only actions that have all these words; how many there are."""
        self._words = text.strip()
        page = self.query_one(DocumentView)
        page.set_document(self._page)
        page.scroll_first()
        return len(self._found())

    def _found(self) -> list[Action]:
        words = fold(self._words).split()
        return [
            action
            for action in actions_of(self._view.view)
            if all(word in fold(f"{action.help} {action.group} {action.id}") for word in words)
        ]

    def _page(self, width: int) -> list[Line]:
        found = self._found()
        column = (width - 2) // 2 if width >= TWO_COLUMNS else width
        first = [] if self._words else self._purpose(width)
        blocks = [self._group(group, [a for a in found if a.group == group], column) for group in GROUPS]
        blocks = [block for block in blocks if block]
        if not blocks:
            return [((f"No key does {self._words}; ", ""), ("Esc", "accent"), (" shows all", "muted"))]
        if width >= TWO_COLUMNS:
            return [*first, *_two_columns(blocks, width)]
        return [*first, *(line for block in blocks for line in block)]

    def _purpose(self, width: int) -> list[Line]:
        """What the view is for, and the keys to know first."""
        purpose = PURPOSES[self._view.view]
        lines: list[Line] = [(("This screen", "head"),)]
        lines += [((f" {part}", ""),) for part in wrap(purpose.words, width - 1)]
        for action in (BY_ID[action_id] for action_id in purpose.best):
            lines.append(((fit(f" {action.key or key_of('go.palette')}", KEYS), "accent"), (action.help, "strong")))
        return [*lines, ((" " * width, ""),)]

    def _group(self, name: str, actions: Sequence[Action], width: int) -> list[Line]:
        if not actions:
            return []
        lines: list[Line] = [((fit(name, width), "head"),)]
        for action in actions:
            lines += _action_lines(action, self._reasons[action.id], width)
        return [*lines, ((" " * width, ""),)]


WHEN = {
    "mark_range": "", "mark_all": "", "mark_filter": "", "templates": "",
    "escalate_slipped": "once something has moved for the third time",
}  # fmt: skip
"""When verbs apply that ask nothing of the record under the cursor; empty: always."""


def why_dimmed(view: "ViewScreen", action: Action) -> str:
    """Why an action does not apply now, in a few words; empty where it does."""
    if view.why_not(action.id):
        return "read-only"
    place, _, verb = action.id.partition(".")
    if place == "tour":
        return "" if view.pmtui.tour is not None else "no tour now"
    if place != "record" or not isinstance(view, RecordQuestions):
        return "" if view.footer_enabled(action) else "not now"
    record = view.record()
    if verb in ALWAYS or (record is not None and (verb == "mark" or has_verb(record, verb))):
        return ""
    if record is None:
        return "nothing under the cursor"
    if verb in WHEN:
        return "" if verb == "escalate_slipped" and view.slipped else WHEN[verb]
    status = getattr(record, "status", "")
    return f"not for a {record.TYPE.words[0]}{f' that is {status}' if status and not record.is_open else ''}"


def _action_lines(action: Action, reason: str, width: int) -> list[Line]:
    """An action's keys, and what it does in as many lines as that takes."""
    keys = " ".join(dict.fromkeys(action.shown(key) for key in action.keys if "shift" not in key))
    keys = keys or key_of("go.palette")
    wide = max(KEYS, width_of(keys) + 2)
    first, *more = wrap(action.help, width - wide) or [""]
    tones = ("muted", "muted") if reason else ("accent", "")
    lines: list[Line] = [((fit(f" {keys}", wide), tones[0]), (fit(first, width - wide), tones[1]))]
    lines += [((" " * wide, ""), (fit(part, width - wide), tones[1])) for part in more]
    if reason:
        text = f"{(more or [first])[-1]} · {reason}"
        last = lines.pop()
        if width_of(text) <= width - wide:
            return [*lines, (last[0], (fit(text, width - wide), tones[1]))]
        return [*lines, last, ((" " * wide, ""), (fit(reason, width - wide), "muted"))]
    return lines


def _two_columns(blocks: Sequence[Sequence[Line]], width: int) -> list[Line]:
    half = (width - 2) // 2
    left: list[Line] = []
    right: list[Line] = []
    total = sum(len(block) for block in blocks)
    for block in blocks:
        (left if len(left) + len(block) // 2 <= total // 2 else right).extend(block)
    height = max(len(left), len(right))
    blank: Line = ((" " * half, ""),)
    left += [blank] * (height - len(left))
    right += [blank] * (height - len(right))
    return [(*one, ("  ", ""), *other) for one, other in zip(left, right, strict=True)]
