"""What is shown where nothing else fits."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

LEAST_WIDTH, LEAST_HEIGHT = 40, 10


class TooSmallScreen(Screen[None]):
    """The terminal is below the least size; it goes when the terminal has grown."""

    BINDINGS: ClassVar = []

    def compose(self) -> ComposeResult:
        """One line, cut where it must be."""
        yield Static(f"too small: {LEAST_WIDTH}×{LEAST_HEIGHT} at least", markup=False)
