"""A stylesheet that reads each sheet once.

Textual reads all of its sheets anew whenever a screen brings one along or the theme is set: three times before the
first frame. What they say depends on their text and the theme's variables alone.
"""

from __future__ import annotations

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

MOST_SHEETS = 1024
"""Sheets whose rules are kept: one a kind of widget or screen."""


class KeptStylesheet(Stylesheet):
    """Textual's stylesheet, which keeps the rules that it read for as long as the variables stay."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._parse_cache = LRUCache(MOST_SHEETS)

    def set_variables(self, variables: dict[str, str]) -> None:
        """Set the variables; only other ones make the rules other ones."""
        if variables != self._variables:
            super().set_variables(variables)

    def reparse(self) -> None:
        """Bring the rules up to date."""
        self.parse()
