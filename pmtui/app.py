"""The Textual application: its views, look, and the one signal that something changed."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding
from textual.driver import Driver
from textual.filter import LineFilter, NoColor
from textual.screen import Screen
from textual.theme import Theme

from pmtui.keymap import use_keys
from pmtui.keys_in_order import KeysInOrder
from pmtui.screens.news import News
from pmtui.screens.too_small import LEAST_HEIGHT, LEAST_WIDTH, TooSmallScreen
from pmtui.screens.view import WIDE, ViewScreen
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.firsts import first_time
from pmtui.services.layouts import Layouts
from pmtui.services.looked import Looked
from pmtui.services.preferences import Preferences
from pmtui.services.presence import Presence
from pmtui.services.project import Changed
from pmtui.services.session import Session, state_folder
from pmtui.store import StoreError
from pmtui.terminal.crash import keep_crash
from pmtui.terminal.driver import LineDriver
from pmtui.terminal.look import Look, look_of, terminal_problem
from pmtui.widgets.glyphs import use_ascii
from pmtui.widgets.line_filter import HarmlessText

if TYPE_CHECKING:
    from pmtui.screens.tour import Tour
    from pmtui.services.finding import Finder

KEEP_AFTER, KEEP_EVERY = 60.0, 900.0
"""Seconds until the day's snapshot is kept, and between two looks whether files are to be tidied."""

PATIENCE = 1.5
"""Seconds that a change waits while somebody else writes; the screen stands still for so long."""

LOOK_EVERY = 0.5
"""Seconds between two looks for what others wrote; a look costs microseconds."""

LOOK_AROUND_EVERY = 5.0
"""Seconds between two looks for who else is here."""

DARK = Theme(
    "pmtui-dark", primary="#7aa2d6", secondary="#8d99a8", accent="#7aa2d6", foreground="#d8dce2", background="#15181c",
    surface="#15181c", panel="#1d2126", success="#7fb685", warning="#d9a441", error="#e06c60", dark=True,
)  # fmt: skip
LIGHT = Theme(
    "pmtui-light", primary="#1f5fa8", secondary="#5c6773", accent="#1f5fa8", foreground="#1d232a", background="#fbfaf7",
    surface="#fbfaf7", panel="#eeece6", success="#2e7d3a", warning="#9a6400", error="#b3261e", dark=False,
)  # fmt: skip


def _view(name: str) -> Callable[[], Screen[None]]:
    """A view's screen, imported when it is first shown: of ``action_list``, its module, ``ActionListScreen``."""

    def make() -> Screen[None]:
        import importlib

        module = importlib.import_module(f"pmtui.screens.{name}")
        screen: Screen[None] = getattr(module, f"{name.title().replace('_', '')}Screen")()
        return screen

    return make


class PmtuiApp(KeysInOrder):
    """The workspace on one screen after another; keyboard only."""

    TITLE = "pmtui"
    ENABLE_COMMAND_PALETTE = False
    INHERIT_BINDINGS = False
    BINDINGS: ClassVar = [
        ("ctrl+q", "quit", "Leave"),
        Binding("ctrl+l", "redraw", "Draw again", priority=True),  # in a form too
        Binding("ctrl+z", "suspend_process", "To the shell; fg comes back", priority=True),
    ]
    CSS_PATH = "screens/app.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Textual declares it
    MODES: ClassVar = {
        "today": _view("today"),
        "board": _view("board"),
        "risks": _view("risks"),
        "costs": _view("costs"),
        "meetings": _view("meetings"),
        "actions": _view("action_list"),
        "decisions": _view("decision_log"),
        "report": _view("report"),
        "settings": _view("settings"),
    }
    DEFAULT_MODE = "today"

    def __init__(
        self,
        desk: Desk,
        drafts: Drafts,
        looked: Looked,
        driver: type[Driver] | None = None,
        preferences: Preferences | None = None,
        layouts: Layouts | None = None,
    ) -> None:
        self.preferences = preferences or Preferences()
        self.DEFAULT_MODE = self.preferences.view or type(self).DEFAULT_MODE  # type: ignore[misc]
        super().__init__(driver_class=driver)
        use_keys(self.preferences.keys)
        self.animation_level = "none"
        self.desk = desk
        self.drafts = drafts
        self.looked = looked
        self.layouts = layouts or Layouts()
        self.presence = Presence(desk.session)
        self.data_changed = News(self, "data_changed")
        self.company_changed = News(self, "company_changed")
        self.crash: BaseException | None = None
        self.tour: Tour | None = None
        self.tour_first = False
        self._told = False
        self._finder: Finder | None = None
        self._unread: dict[str, str] = {}
        self._state = self._read_only()
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        look = look_of(settings=self.preferences)
        self.theme = look.theme
        self._filters_of_look = filters_of(look)
        use_ascii(look.ascii)
        desk.listeners.append(self._on_change)

    def on_mount(self) -> None:
        """Look for others, and what they change, for as long as the application runs."""
        self.set_interval(LOOK_EVERY, self._look)
        self.set_interval(LOOK_AROUND_EVERY, self._look_around)
        self.call_after_refresh(self._look_around)
        self.call_after_refresh(self._say_settings)
        if self.tour_first:
            self.call_after_refresh(self.begin_tour)
        self.set_timer(KEEP_AFTER, self._tidy)
        self.set_interval(KEEP_EVERY, self._tidy)

    def on_resize(self, event: events.Resize) -> None:
        """Below the least size nothing can be read: say so instead."""
        small = event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT
        shown = isinstance(self.screen, TooSmallScreen)
        if small and not shown:
            self.push_screen(TooSmallScreen())
        elif shown and not small:
            self.pop_screen()

    def on_unmount(self) -> None:
        """Leave the files in order."""
        self.presence.leave()
        self.looked.remember(list(self.desk.projects.values()))
        self.desk.close()

    def action_redraw(self) -> None:
        """Draw the whole screen again."""
        self.draw_anew()

    def show_palette(self, view: ViewScreen) -> None:
        """Find an action of a view, or a record."""
        from pmtui.commands import follow, palette
        from pmtui.services.finding import Finder

        finder = self._finder = self._finder or Finder(self.desk)
        self.push_screen(palette(view, finder), lambda picked: follow(view, picked) if picked is not None else None)
        self.call_after_refresh(finder.prepare)

    def begin_tour(self) -> None:
        """The tour, from its first step."""
        from pmtui.screens.tour import Tour

        if self.tour is not None:
            self.tour.leave()
        self.tour = Tour(self)
        self.tour.look()

    def key_done(self) -> None:
        """The tour goes on where a key has done what it asks for."""
        if self.tour is not None:
            self.tour.look()

    def get_line_filters(self) -> list[LineFilter]:
        """Nothing that could act on the terminal leaves the application."""
        return [*super().get_line_filters(), *self._filters_of_look]

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Never start a browser on the server."""
        del url, new_tab

    def _fatal_error(self) -> None:
        """End after an error that nobody foresaw; what happened is told once the terminal is given back."""
        self.crash = self._exception
        self._close_messages_no_wait()

    def _tidy(self) -> None:
        """A snapshot a day is kept, and a long journal compacted; where that can't be, another time will do."""
        for store in self.desk.stores().values():
            store.tidy()

    def _look(self) -> None:
        """Take in what others wrote; a project that can't be read just now keeps the others from nothing."""
        for project in list(self.desk.stores().values()):
            try:
                project.refresh()
            except (StoreError, OSError) as error:
                self._say_unread(project.code, str(error))
            else:
                self._unread.pop(project.code, None)
        state = self._read_only()
        if state != self._state:
            self._state = state
            self._tell_soon()

    def _look_around(self) -> None:
        """Say what is shown here, and show who else is here where that is news."""
        if self.desk.open_new():
            self._tell_soon()
        view = self.view_in_front()
        if view is not None and self.presence.look([p.code for p in view.shown_projects()], view.view):
            self.company_changed.publish(None)

    def _say_settings(self) -> None:
        """Say what of the settings can't be used; all else of them is."""
        view = self.view_in_front()
        if view is not None and self.preferences.problems:
            view.tell_error(self.preferences.on_screen)

    def view_in_front(self) -> ViewScreen | None:
        """The view that is shown, also beneath a question; none where only a page is."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, ViewScreen)), None)

    def _read_only(self) -> dict[str, str]:
        return {code: project.read_only for code, project in self.desk.projects.items() if project.read_only}

    def _say_unread(self, code: str, why: str) -> None:
        view = self.view_in_front()
        if view is not None and self._unread.get(code) != why:
            self._unread[code] = why
            view.tell_error(f"{code} can't be read now: {why}")

    def _on_change(self, _code: str, _changed: Changed) -> None:
        self._tell_soon()

    def _tell_soon(self) -> None:
        if not self._told and self.is_running:
            self._told = True
            self.call_later(self._tell)

    def _tell(self) -> None:
        self._told = False
        self.data_changed.publish(None)


def filters_of(look: Look) -> list[LineFilter]:
    """What all text passes last: nothing in it acts, and nothing is coloured where nothing may be."""
    plain: list[LineFilter] = [] if look.colours else [NoColor()]
    return [HarmlessText(), *plain]


def run(workspace: Path, code: str = "", preferences: Preferences | None = None, *, demo: bool = False) -> int:
    """Open a workspace on the screen until the user leaves; the exit code."""
    problem = terminal_problem()
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    session = Session(workspace, patience=PATIENCE)
    desk = Desk(session, code=code)
    desk.open_all()
    state = state_folder()
    layouts = Layouts(state / "board.json")
    app = PmtuiApp(
        desk, Drafts(state / "drafts"), Looked(state / "looked.json"), LineDriver, preferences, layouts=layouts
    )
    app.tour_first = demo and first_time(state, "tour")
    app.run(mouse=False)
    if app.crash is not None:
        sys.stderr.write(crash_words(app.crash, state, f"{session.now():%Y-%m-%d-%H%M%S}"))
        return 1
    return app.return_code or 0


def crash_words(error: BaseException, folder: Path, moment: str) -> str:
    """One line about an error that nobody foresaw, which is kept in a file."""
    path = keep_crash(error, folder, moment)
    kept = f"what happened is in {path}" if path else "it could not be written down"
    return f"pmtui failed ({type(error).__name__}): {kept}. What was saved is safe, and drafts are kept.\n"
