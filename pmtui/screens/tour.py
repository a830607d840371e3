"""The first-run tour: six steps, each of which goes on when what it asks for has really happened.

A step is a line or two above the footer. It asks for keys by their actions, so that it names the user's own,
and looks at what came of them: the view in front, what was written, the filter that is on.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pmtui.keymap import key_of
from pmtui.screens.view import ViewScreen
from pmtui.services.project import Changed
from pmtui.widgets.bars import wrap_spans
from pmtui.widgets.cells import Span, width_of
from pmtui.widgets.document_view import DocumentView

if TYPE_CHECKING:
    from pmtui.app import PmtuiApp

DATED = {"reschedule", "correct", "accept the delay", "review"}
"""What a transaction that decides a date is called."""

MOST_LINES = 3

_KEY = re.compile(r"\{([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Step:
    """What to press, ``{record.date}`` for an action's key and ``{=f}`` for a key as it is; and what shows it was."""

    words: str
    is_done: Callable[["Tour"], bool]


STEPS = (
    Step(
        "Nothing here is real, so try everything. Press {go.triage}: the overdue pile, one item at a time.",
        lambda tour: tour.view is not None and tour.view.view == "triage",
    ),
    Step(
        "The gravest comes first. {record.date} then {=f} moves it to Friday and says what that does; one more key "
        "gives the reason, such as {=v}.",
        lambda tour: bool(tour.wrote & DATED),
    ),
    Step(
        "It is saved, with who, when and why, and the next one is here. {desk.undo} takes it back.",
        lambda tour: "undo" in tour.wrote,
    ),
    Step(
        "{go.board} shows the board: where the work stands. Digits switch views, and each keeps its place.",
        lambda tour: tour.view is not None and tour.view.view == "board",
    ),
    Step(
        "{view.filter} filters while you type: late, then {=⏎} keeps it. ({view.clear} clears it again.)",
        lambda tour: bool(getattr(tour.view, "filter_text", "")) and tour.app.screen is tour.view,
    ),
    Step(
        "{view.preview} shows the status report as it will be sent, following every change; {view.preview} hides it.",
        lambda tour: tour.view is not None and tour.view.has_class("with-preview"),
    ),
)
LAST = (
    "That was the tour. {view.help} tells the keys of any screen, {go.palette} finds any action or record, "
    "{view.back} leads out."
)


class TourPanel(DocumentView):
    """The step that the tour is at, above the footer."""


class Tour:
    """A tour through an application, until its last step is done or it is left."""

    def __init__(self, app: "PmtuiApp") -> None:
        self.app: PmtuiApp = app
        self.at = 0
        self.wrote: set[str] = set()
        self._panels: list[TourPanel] = []
        app.desk.listeners.append(self._heard)

    @property
    def view(self) -> ViewScreen | None:
        """The view in front, also beneath a question."""
        return self.app.view_in_front()

    def look(self) -> None:
        """Go on where what the step asks for is there, and show the step on the view in front."""
        while self.at < len(STEPS) and STEPS[self.at].is_done(self):
            self._go_on()
        self._show()

    def skip(self) -> None:
        """The next step; after the last one the tour is over."""
        if self.at >= len(STEPS):
            self.leave()
        else:
            self._go_on()
            self._show()

    def leave(self) -> None:
        """No more of it."""
        if self._heard in self.app.desk.listeners:
            self.app.desk.listeners.remove(self._heard)
        for panel in self._panels:
            panel.remove()
        self._panels.clear()
        self.app.tour = None

    def _go_on(self) -> None:
        self.at += 1
        self.wrote.clear()

    def _heard(self, _code: str, changed: Changed) -> None:
        if changed.own:
            self.wrote.add(changed.verb)

    def _show(self) -> None:
        view = self.view
        if view is None:
            return
        panel = next(iter(view.query(TourPanel)), None)
        if panel is None:
            panel = TourPanel()
            self._panels.append(panel)
            view.mount(panel, before="#footer")
        panel.set_document(self.lines)

    def lines(self, width: int) -> list[tuple[Span, ...]]:
        """The step in as many lines as it takes, and the keys of the tour at its end."""
        over = self.at >= len(STEPS)
        head = "Tour" if over else f"Tour {self.at + 1} of {len(STEPS)}"
        words = LAST if over else STEPS[self.at].words
        keys: list[Span] = [] if over else [(key_of("tour.skip"), "accent"), (" skip   ", "muted")]
        keys += [(key_of("tour.leave"), "accent"), (" close" if over else " leave the tour", "muted")]
        rows = wrap_spans(((f"{head}  ", "head"), *worded(words)), width, MOST_LINES - 1)
        room = width - width_of(rows[-1])
        if room > width_of(tuple(keys)) + 1:
            return [*rows[:-1], (*rows[-1], (" " * (room - width_of(tuple(keys))), ""), *keys)]
        return [*rows, ((" " * max(0, width - width_of(tuple(keys))), ""), *keys)]


def worded(words: str) -> tuple[Span, ...]:
    """A step's words, its keys as the user has them."""
    parts: list[Span] = []
    for at, part in enumerate(_KEY.split(words)):
        if at % 2:
            parts.append((part[1:] if part.startswith("=") else key_of(part), "accent"))
        elif part:
            parts.append((part, ""))
    return tuple(parts)
