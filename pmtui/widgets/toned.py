"""The two bases of what is drawn line by line: tones from the theme, and a scrolled body of lines.

Scrolling is done here and not by Textual's `ScrollView`: there a change of the number of lines
lays out the whole screen, and scrolling by a line repaints all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypedDict

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from pmtui.widgets.cells import TONES, Span, fit_spans, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Unpack

    from rich.style import Style
    from textual import events
    from textual.geometry import Offset
    from textual.message import Message

    from pmtui.widgets.cells import Cell

CURSOR_BAR = "▌"
MARK = "●"

_TONE_CLASSES = {tone: f"tone--{tone}" for tone in TONES if tone}


class Names(TypedDict, total=False):
    """What every widget may be called by in a style sheet or a query."""

    id: str | None
    classes: str | None


class TonedView(Widget, can_focus=False):
    """A widget that draws spans, their tones looked up once in the theme."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*_TONE_CLASSES.values(), "view--cursor"}

    DEFAULT_CSS = """
    TonedView {
        width: 1fr;
        height: 1fr;
        & > .tone--muted { color: $text-muted; }
        & > .tone--strong { text-style: bold; }
        & > .tone--accent { color: $text-primary; }
        & > .tone--bad { color: $text-error; }
        & > .tone--warn { color: $text-warning; }
        & > .tone--good { color: $text-success; }
        & > .tone--head { color: $text-muted; text-style: bold; }
        & > .tone--title { color: $text-primary; text-style: bold; }
        & > .view--cursor { background: $primary-muted; text-style: bold; }
        &:ansi > .tone--muted { color: ansi_default; text-style: dim; }
        &:ansi > .tone--head { color: ansi_default; text-style: bold; }
        &:ansi > .tone--title { color: ansi_default; text-style: bold; }
        &:ansi > .tone--accent { color: ansi_cyan; }
        &:ansi > .view--cursor { background: ansi_default; text-style: bold reverse; }
    }
    """

    def __init__(self, **names: Unpack[Names]) -> None:
        """Make the widget, with the usual `id` and `classes`."""
        super().__init__(**names)
        self._tone_styles: dict[tuple[str, bool], Style] = {}

    def notify_style_update(self) -> None:
        """Forget the styles: the theme or the sheet changed."""
        super().notify_style_update()
        self._tone_styles.clear()
        self.forget_styles()

    def forget_styles(self) -> None:
        """Drop what was kept drawn with the old styles; called when the theme changes."""

    def tone_style(self, tone: str, *, cursor: bool = False) -> Style:
        """Give the style of `tone`, on the cursor's ground if `cursor`."""
        style = self._tone_styles.get((tone, cursor))
        if style is None:
            style = self._tone_styles[tone, cursor] = self._resolve(tone, cursor=cursor)
        return style

    def _resolve(self, tone: str, *, cursor: bool) -> Style:
        # What is muted elsewhere must be read first where the cursor stands.
        name = _TONE_CLASSES.get("" if cursor and tone == "muted" else tone)
        style = self.get_component_rich_style(name) if name else self.rich_style
        if not cursor:
            return style
        ground = self.get_component_rich_style("view--cursor", partial=True)
        # Reversed, a tone would become a ground of its own: the row stays one block instead.
        return (self.rich_style if ground.reverse else style) + ground

    def segments(self, row: Iterable[Span], *, cursor: bool = False) -> list[Segment]:
        """Give the segments of `row`, whose texts are safe already."""
        return [Segment(text, self.tone_style(tone, cursor=cursor)) for text, tone in row if text]

    def tell_screen(self, message: Message) -> None:
        """Post a message to the screen itself: on its way up each container would wake for it, and hear nothing."""
        if self.is_attached:
            self.screen.post_message(message)

    def strip(self, row: Iterable[Span], width: int, *, cursor: bool = False) -> Strip:
        """Give the line of `row`, whose texts are safe already, `width` cells wide."""
        line = Strip(self.segments(row, cursor=cursor))
        return line.adjust_cell_length(width, self.tone_style("", cursor=cursor))


class LineView(TonedView):
    """A body of lines under fixed ones, scrolled by half a page, repainted where it changed."""

    def __init__(self, **names: Unpack[Names]) -> None:
        """Make an empty view, scrolled to its top."""
        super().__init__(**names)
        self.top = 0
        self._drawn: dict[int, Strip] = {}
        self._ahead: dict[int, Strip] = {}
        """Lines drawn to compare them, until they are rendered or something changes again."""
        self._comparing = False

    @property
    def fixed_lines(self) -> int:
        """How many lines at the top do not scroll."""
        return 0

    @property
    def line_count(self) -> int:
        """How many lines the body has."""
        return 0

    @property
    def body_height(self) -> int:
        """How many lines of the body can be seen; at least one, so that sums stay true."""
        return max(1, self.size.height - self.fixed_lines)

    @property
    def last_top(self) -> int:
        """The furthest that the body scrolls."""
        return max(0, self.line_count - self.body_height)

    @property
    def cursor_offset(self) -> Offset | None:
        """Where the cursor is drawn, in the widget: for those who follow the terminal's own."""
        return None

    def draw_line(self, y: int) -> Strip:
        """Draw line `y` of the widget; the one method that each view has to write."""
        raise NotImplementedError(y)

    def render_line(self, y: int) -> Strip:
        """Draw line `y` for Textual, and remember it."""
        strip = self._ahead.pop(y) if y in self._ahead else self.draw_line(y)
        self._drawn[y] = strip
        return strip

    def refresh_changed(self) -> None:
        """Repaint, once the current message is done, the lines that now look different."""
        self._ahead.clear()
        if self.is_mounted and not self._comparing:
            self._comparing = True
            self.call_next(self._compare)

    def _compare(self) -> None:
        self._comparing = False
        width, height = self.size
        drawn = {y: self.draw_line(y) for y in range(height)}
        self._ahead = {y: strip for y, strip in drawn.items() if self._drawn.get(y) != strip}
        if self._ahead:
            self.refresh(*(Region(0, y, width, 1) for y in self._ahead))

    def refresh_body(self, line: int, count: int = 1, x: int = 0, width: int | None = None) -> None:
        """Repaint `count` lines of the body from `line`, where they are in view."""
        self._ahead.clear()
        first = max(line, self.top)
        last = min(line + count, self.top + self.body_height)
        if first < last:
            y = first - self.top + self.fixed_lines
            across = self.size.width if width is None else width
            self.refresh(Region(x, y, across, last - first))

    def scroll_body(self, top: int) -> bool:
        """Put line `top` of the body first, as far as it goes; True if that moved it."""
        top = min(max(0, top), self.last_top)
        if top == self.top:
            return False
        self.top = top
        self.refresh_changed()
        return True

    def reveal(self, first: int, last: int) -> bool:
        """Bring the lines from `first` to `last` into view, by half a page; True if that moved the body."""
        height = self.body_height
        if first >= self.top and last < self.top + height:
            return False
        return self.scroll_body(min(first, last - height // 2))

    def reflow(self) -> None:
        """Fit the body to a new size; called on each resize."""
        if self.size.height:
            self.top = min(self.top, self.last_top)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the body to the new size."""
        del event
        self.reflow()
        self.refresh_changed()

    def forget_styles(self) -> None:
        """Forget the lines drawn with the old styles."""
        self._drawn.clear()
        self._ahead.clear()

    def resize_if_auto(self) -> None:
        """Ask for a new layout where the height follows the content."""
        if self.is_mounted and self.styles.is_auto_height:
            self.refresh(layout=True)

    def draw_empty(self, empty: Sequence[Cell], row: int) -> Strip:
        """Draw line `row` of what stands where there is nothing: inset, below a line of space."""
        width = self.size.width
        if not 1 <= row <= len(empty):
            return self.strip((), width)
        cell = empty[row - 1]
        inset = 3 if width > 20 else 1
        spoken: Cell = ((plain(cell), "muted"),) if isinstance(cell, str) else cell
        return self.strip((("".ljust(inset), ""), *fit_spans(spoken, width - inset)), width)
