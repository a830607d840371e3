"""Who else edits the record that a screen edits."""

from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from pmtui.widgets.bars import HeaderBar, StatusLine
from pmtui.widgets.cells import Cell

if TYPE_CHECKING:
    from pmtui.app import PmtuiApp


def edit_in_company(screen: Screen[Any], code: str, number: str) -> None:
    """Tell others that a record is edited on this screen, and show there who else edits it.

    It stands in the header while it is so; the status line says it where nothing else is said there.
    """
    app = cast("PmtuiApp", screen.app)
    told: Cell = ""

    def show(words: str) -> None:
        nonlocal told
        status, before, told = screen.query_one(StatusLine), told, (words, "warn") if words else ""
        screen.query_one(HeaderBar).set_right((f"{words} ", "warn") if words else "")
        if status.content in {"", before}:
            status.set(told)

    show(app.presence.on_record(code, number))
    app.company_changed.subscribe(screen, lambda _: show(app.presence.also_on(code, number)))


def edit_no_more(screen: Screen[Any]) -> None:
    """The record is left to others."""
    cast("PmtuiApp", screen.app).presence.off_record()
