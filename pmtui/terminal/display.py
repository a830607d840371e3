"""An application that sends only what changed since the last frame.

Textual draws again what a widget asked for, and never compares it with what stands there: a cursor that moves
costs it ten thousand bytes, over a slow line a second. :class:`DifferenceDisplay` keeps the last frame. It
overrides a private method, so it is used with the very version it was written for, and steps back otherwise.
"""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import textual
from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen

from pmtui.terminal.bands import BandCompositor
from pmtui.terminal.frame import Frame, cells_of
from pmtui.terminal.stylesheet import KeptStylesheet

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.widget import AwaitMount

WRITTEN_FOR = "8.2.8"
"""The version of Textual whose private methods are known here."""

_SYSTEMS = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT, "truecolor": ColorSystem.TRUECOLOR}


class DifferenceDisplay(App[None]):
    """An app that compares each frame with the last one; ``PMTUI_DISPLAY=stock`` leaves it to Textual."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._frame: Frame | None = None
        self._late = False
        self._drawn_size: Size | None = None
        self._whole_at = 0.0
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())
        self.sends_differences = is_known() and os.environ.get("PMTUI_DISPLAY") != "stock"

    def _get_screen(self, screen: Screen[Any] | str) -> "tuple[Screen[Any], AwaitMount]":
        new = self.get_screen(screen)
        if self.sends_differences and not new.is_running:
            new._compositor = BandCompositor()  # noqa: SLF001 - nothing is composed yet
        return super()._get_screen(new)

    def forget_frame(self) -> None:
        """What stands on the terminal is not known any more; the next frame is sent whole."""
        if self._frame is not None:
            self._frame.forget()

    def draw_anew(self) -> None:
        """Send the whole screen again."""
        self.forget_frame()
        if self._running and self._screen_stack:
            self._whole_at = time.monotonic()
            self._display(self.screen, self.screen._compositor.render_update(full=True))  # noqa: SLF001 - as Textual does

    def on_resize(self, event: events.Resize) -> None:
        """A terminal whose size changes keeps or loses lines as it likes, even where it is soon as it was.

        What was drawn whole after the change needs no other time: at the start two such events are late.
        """
        if event.size != self._drawn_size or event.time > self._whole_at:
            self.forget_frame()
        drawn = self._frame is not None and event.size == self._drawn_size  # nothing is laid out anew
        if drawn and event.time > self._whole_at:
            self.draw_anew()

    def terminal_drained(self) -> None:
        """The terminal took everything: what changed while it did not is sent now."""
        if self._late and self._frame is not None and self._running:
            self._late = False
            self._send_changes(self._frame)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        self._drawn_size = self.size
        driver = self._driver
        if not self.sends_differences or driver is None or driver.is_inline or self.is_headless:
            super()._display(screen, renderable)
            return
        if not isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            if renderable is not None and not isinstance(renderable, CompositorUpdate):
                self.forget_frame()
            super()._display(screen, renderable)
            return
        try:
            if self._running and not self._closed and not self._batch_count:
                self._send(renderable)
        finally:
            self.post_display_hook()

    def _send(self, update: LayoutUpdate | ChopsUpdate) -> None:
        size = self.size
        frame = self._frame
        if frame is None or (frame.width, frame.height) != size:
            frame = self._frame = Frame(size.width, size.height, erases=erases_in_colour())
        try:
            self._draw(frame, update)
        except Exception as error:  # noqa: BLE001 - as Textual does with what a widget's render raises
            self._handle_exception(error)
            return
        self._late = bool(getattr(self._driver, "is_behind", False))
        if not self._late:
            self._send_changes(frame)

    def _send_changes(self, frame: Frame) -> None:
        assert self._driver is not None
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        self._previous_cursor_position = cursor
        changes = frame.changes((cursor.x, cursor.y))
        if changes:
            self._begin_update()
            self._driver.write(changes)
            self._end_update()
            self._driver.flush()

    def _draw(self, frame: Frame, update: LayoutUpdate | ChopsUpdate) -> None:
        system = _SYSTEMS.get(self.console.color_system or "")
        if isinstance(update, LayoutUpdate):
            left = update.region.x
            for y, strips in enumerate(update.strips, update.region.y):
                frame.put(y, left, [cell for strip in strips for cell in cells_of(strip, system)])
            return
        for y, begin, end in update.spans:
            for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is not None and x < end and stop > begin:
                    first = max(begin, x)
                    frame.put(y, first, cells_of(strip, system)[first - x : end - x])


def is_known() -> bool:
    """Whether Textual is the version whose private methods are known.

    Its folder tells by its name; ``textual.__version__`` is made when asked for, which takes a fiftieth of the start.
    """
    beside = Path(textual.__file__).parent.parent / f"textual-{WRITTEN_FOR}.dist-info"
    return ("__version__" not in vars(textual) and beside.is_dir()) or textual.__version__ == WRITTEN_FOR


def erases_in_colour() -> bool:
    """Whether the terminal erases in the background that is set; GNU screen does not."""
    return not os.environ.get("TERM", "").startswith("screen")
