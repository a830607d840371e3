"""What holds for all tests: the application is waited for by what it still has to do, never by the clock."""

import asyncio

import hypothesis
import pytest
import textual.app
import textual.pilot
from textual._context import active_app

hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

ROUNDS = 3
"""So often nothing is ready to run, one time after the other, until all that a key brought has been done."""


async def until_quiet(_least: float = 0.0, _most: float = 1.0) -> None:
    """Let the application run until nothing is ready to run, and what is to be drawn is drawn.

    Textual's own way is to sleep until the process takes little of the processor, forty milliseconds a key.
    """
    loop = asyncio.get_running_loop()
    quiet = 0
    while quiet < ROUNDS:
        await asyncio.sleep(0)
        app = active_app.get(None)
        if loop._ready or (app is not None and getattr(app, "_settling", None) is not None):
            quiet = 0
            if not loop._ready:
                await asyncio.sleep(0.001)  # a key waits for a part of the screen that may be going away
        elif app is not None and app._running and app._screen_stack and _goes_on(app):
            quiet = 0
        else:
            quiet += 1


def _goes_on(app: textual.app.App) -> bool:
    """Do at once what the application would do at its next tick, if there is any: take a new size, draw."""
    screen = app.screen
    if app._resize_event is not None:
        app._check_resize()
        return True
    if (screen._dirty_widgets or screen._callbacks or screen._layout_required) and not app._batch_count:
        screen._on_timer_update()
        return True
    return False


@pytest.fixture(autouse=True)
def no_clock(monkeypatch):
    """A test that presses keys goes on as soon as they have been dealt with."""
    monkeypatch.setattr(textual.app, "wait_for_idle", until_quiet)
    monkeypatch.setattr(textual.pilot, "wait_for_idle", until_quiet)
