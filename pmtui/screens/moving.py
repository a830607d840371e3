"""Moving in a view, and from view to view: the keys that are the same everywhere."""

from typing import TYPE_CHECKING, cast

from textual import events
from textual.binding import Binding
from textual.screen import Screen

from pmtui.keymap import Action, actions_of

if TYPE_CHECKING:
    from pmtui.app import PmtuiApp


def bindings_of(view: str) -> list[Binding]:
    """The keys of a view, from the one table."""
    return [
        Binding(key, _method(action, key), action.word, show=False, id=f"{action.id}.{key}")
        for action in actions_of(view)
        for key in action.keys
    ]


def _method(action: Action, key: str) -> str:
    """An action's method; the first of a list takes ``g`` twice, any other key once; steps tell the key."""
    if action.id == "review.steps":
        return f"{action.name}('{key}')"
    return "move_to_first" if action.id == "move.first" and key != "g" else action.name


class MovingScreen(Screen[None]):
    """A screen whose cursor is moved by the usual keys, and which its digits leave."""

    def __init__(self) -> None:
        super().__init__()
        self._first_g = False

    def on_key(self, event: events.Key) -> None:
        """Two ``g`` go to the first; any other key in between forgets the first one."""
        if event.key != "g":
            self._first_g = False

    def action_move_first(self) -> None:
        """``gg``."""
        if self._first_g:
            self._first_g = False
            self.move_to_end(last=False)
        else:
            self._first_g = True

    def action_move_to_first(self) -> None:
        """To the first, by a key that is pressed once."""
        self.move_to_end(last=False)

    def action_move_last(self) -> None:
        """``G`` or End."""
        self.move_to_end(last=True)

    def action_move_down(self) -> None:
        """One down."""
        self.move_by(1)

    def action_move_up(self) -> None:
        """One up."""
        self.move_by(-1)

    def action_move_page_down(self) -> None:
        """A page down."""
        self.move_page(1)

    def action_move_page_up(self) -> None:
        """A page up."""
        self.move_page(-1)

    def move_by(self, lines: int) -> None:
        """Move the cursor, or scroll."""

    def move_page(self, direction: int) -> None:
        """Move the cursor by a page."""

    def move_to_end(self, *, last: bool) -> None:
        """Move the cursor to the first or last."""

    def action_go_today(self) -> None:
        """View 1."""
        self.go("today")

    def action_go_board(self) -> None:
        """View 2."""
        self.go("board")

    def action_go_risks(self) -> None:
        """View 3."""
        self.go("risks")

    def action_go_costs(self) -> None:
        """View 4."""
        self.go("costs")

    def action_go_meetings(self) -> None:
        """View 5."""
        self.go("meetings")

    def action_go_report(self) -> None:
        """View 6."""
        self.go("report")

    def action_go_settings(self) -> None:
        """The project's settings."""
        self.go("settings")

    def action_go_week(self) -> None:
        """The week's grid of hours, over this view."""
        from pmtui.screens.week import WeekScreen

        app = cast("PmtuiApp", self.app)
        if app.desk.projects:
            app.push_screen(WeekScreen())

    def action_hours_week(self) -> None:
        """The same, from where money is."""
        self.action_go_week()

    def action_go_tour(self) -> None:
        """The tour from its beginning."""
        cast("PmtuiApp", self.app).begin_tour()

    def action_tour_skip(self) -> None:
        """The next step of the tour, where there is one."""
        tour = cast("PmtuiApp", self.app).tour
        if tour is not None:
            tour.skip()

    def action_tour_leave(self) -> None:
        """No more of the tour."""
        tour = cast("PmtuiApp", self.app).tour
        if tour is not None:
            tour.leave()

    def go(self, view: str) -> None:
        """Show another view; each keeps its place."""
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        if view != self.app.current_mode:
            self.app.switch_mode(view)
