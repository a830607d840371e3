"""A page to read over a view: help, a record with its history."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from pmtui.domain.records import Record
from pmtui.keymap import GROUPS, SHOWN, Action, actions_of
from pmtui.screens.details import full_page
from pmtui.services.project import OpenProject
from pmtui.widgets.bars import FooterBar, HeaderBar
from pmtui.widgets.cells import Span, fit
from pmtui.widgets.document_view import DocumentView

TWO_COLUMNS = 110
"""Columns from which on the help stands in two."""

Lines = Callable[[int], Sequence[Sequence[Span]]]


class PageScreen(ModalScreen[None]):
    """Something to read; any of q, Esc and Enter goes back."""

    BINDINGS: ClassVar = []

    def __init__(
        self, title: str, lines: Lines, keys: Mapping[str, tuple[str, Callable[[], str]]] | None = None
    ) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._keys = keys or {}

    def compose(self) -> ComposeResult:
        """Header, the page, footer."""
        yield HeaderBar(id="header")
        yield DocumentView(id="page")
        yield FooterBar(id="footer")

    def on_mount(self) -> None:
        """Show the page from its beginning."""
        self.query_one(HeaderBar).set(((f" {self._title}", "strong"),), "")
        self.query_one(DocumentView).set_document(self._lines)
        items = [("j k", "scroll", True), ("PgDn PgUp", "page", True)]
        items += [(key, word, True) for key, (word, _) in self._keys.items()]
        self.query_one(FooterBar).set([*items, ("q", "back", True)])
        self.app.data_changed.subscribe(self, self._changed)  # type: ignore[attr-defined]

    def _changed(self, _: None) -> None:
        self.query_one(DocumentView).set_document(self._lines)

    def on_key(self, event: events.Key) -> None:
        """Scroll, or go back."""
        event.stop()
        page = self.query_one(DocumentView)
        lines = {"j": 1, "down": 1, "k": -1, "up": -1}
        if event.key in self._keys:
            said = self._keys[event.key][1]()
            self.query_one(HeaderBar).set(((f" {self._title}", "strong"),), (said, "muted"))
        elif event.key in lines:
            page.scroll_by(lines[event.key])
        elif event.key in {"pagedown", "space"}:
            page.page(1)
        elif event.key == "pageup":
            page.page(-1)
        elif event.key in {"G", "end"}:
            page.scroll_last()
        elif event.key in {"g", "home"}:
            page.scroll_first()
        elif event.key in {"q", "escape", "enter", "question_mark"}:
            self.dismiss(None)


def record_page(
    project: OpenProject, record: Record, keys: Mapping[str, tuple[str, Callable[[], str]]] | None = None
) -> PageScreen:
    """All of a record, with what happened to it; ``keys`` do something with it and give what to say."""

    def lines(width: int) -> Sequence[Sequence[Span]]:
        now = project.data.get(record.number)
        return full_page(project, now, width) if now else [(("It is deleted; u brings it back.", "warn"),)]

    def changes() -> str:
        from pmtui.screens.history import HistoryScreen

        page.app.push_screen(HistoryScreen(project, record.number, only=True))
        return ""

    page = PageScreen(f"{record.number} {record.name}", lines, {**(keys or {}), "C": ("changes", changes)})
    return page


def help_page(view: str, title: str, extra: Sequence[Action] = ()) -> PageScreen:
    """The keys of a view, grouped, from the action table."""
    found = [*extra, *actions_of(view)]

    def lines(width: int) -> list[Sequence[Span]]:
        column = (width - 2) // 2 if width >= TWO_COLUMNS else width
        blocks = [_group(group, [a for a in found if a.group == group], column) for group in GROUPS]
        blocks = [block for block in blocks if block]
        return _two_columns(blocks, width) if width >= TWO_COLUMNS else [line for block in blocks for line in block]

    return PageScreen(f"Keys · {title}", lines)


def _group(name: str, actions: Sequence[Action], width: int) -> list[tuple[Span, ...]]:
    if not actions:
        return []
    lines: list[tuple[Span, ...]] = [((fit(name, width), "head"),)]
    for action in actions:
        shown = (SHOWN.get(key, "gg" if key == "g" else key) for key in action.keys if "shift" not in key)
        keys = " ".join(dict.fromkeys(shown))
        lines.append(((fit(f" {keys}", 9), "accent"), (fit(action.help, width - 9), "")))
    lines.append(((" " * width, ""),))
    return lines


def _two_columns(blocks: Sequence[Sequence[tuple[Span, ...]]], width: int) -> list[Sequence[Span]]:
    half = (width - 2) // 2
    left: list[tuple[Span, ...]] = []
    right: list[tuple[Span, ...]] = []
    total = sum(len(block) for block in blocks)
    for block in blocks:
        (left if len(left) + len(block) // 2 <= total // 2 else right).extend(block)
    height = max(len(left), len(right))
    blank: tuple[Span, ...] = ((" " * half, ""),)
    left += [blank] * (height - len(left))
    right += [blank] * (height - len(right))
    return [(*one, ("  ", ""), *other) for one, other in zip(left, right, strict=True)]
