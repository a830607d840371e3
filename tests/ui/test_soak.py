import gc
import os
import random

import pytest
from factories import MONDAY, app_over, press, until
from textual.screen import Screen

from pmtui.demo import build
from pmtui.keymap import ACTIONS, ALL

KEYS = sorted({key for action in ACTIONS for key in action.keys} - {"E", "X"})
TYPED = ["enter", "escape", "tab", "backspace", "space", "at", "number_sign", "left", "right", *"abdefilnotw0123456789"]
LINGERING = 3
"""Screens that are gone, of which something may still be held: the last ones that were left."""

OVER_OTHERS = {
    "triage": "1t",
    "history": "1C",
    "figures": "4E",
    "charts": "4B",
    "week": "4W",
    "exposure": "3E",
    "review": "3N",
}
"""Views that are opened over another one: the keys to that one, and to them."""
SEEDS = range(12) if os.environ.get("PMTUI_TORTURE") else range(1)
COUNT = 3_000 if os.environ.get("PMTUI_TORTURE") else 300


def assert_nothing_is_kept_of_screens_that_are_gone(app):
    """Memory stays flat: each screen that was opened and left is let go, whatever was done on it."""
    if app._running:
        kept = {screen for stack in app._screen_stacks.values() for screen in stack}
        gc.collect()
        alive = {found for found in gc.get_objects() if isinstance(found, Screen)}
        gone = [screen for screen in alive - kept if screen.is_running or screen._parent is app]
        assert not gone
        assert len(alive) <= len(kept) + LINGERING, sorted(map(repr, alive - kept))


@pytest.mark.parametrize("seed", SEEDS)
async def test_random_keys_neither_crash_nor_lose_a_record(tmp_path, seed):
    pick = random.Random(seed)
    build(tmp_path / "ws", lambda: MONDAY)
    app = app_over(tmp_path / "ws")
    code = app.desk.code
    frozen = {r.number: r.text for r in app.desk.project.data.reports.values() if r.status == "issued"}
    size = pick.choice([(80, 24), (120, 40), (60, 15), (200, 50)])
    async with app.run_test(size=size) as pilot:
        for _ in range(COUNT):
            await pilot.press(pick.choice(KEYS if pick.random() < 0.7 else TYPED))
            if pick.random() < 0.02:
                await pilot.resize_terminal(*pick.choice([(80, 24), (40, 10), (20, 5), (150, 45)]))
            if not app.is_running or app._exit:
                break
        assert_nothing_is_kept_of_screens_that_are_gone(app)
        again = app_over(tmp_path / "ws", name="again")
        for project in again.desk.projects.values():
            assert not project.read_only
            assert not project.damaged
        kept = {r.number: r.text for r in again.desk.projects[code].data.reports.values()}
        assert frozen.items() <= kept.items()


@pytest.mark.parametrize("view", ALL)
async def test_every_key_of_every_view_in_an_empty_workspace(tmp_path, view):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        if view not in OVER_OTHERS:
            app.switch_mode(view)
            await until(pilot, lambda: app.current_mode == view)
        for key in KEYS:
            if key != "q":
                await pilot.press(key, "escape")
        assert app.is_running
        assert not app._exit


@pytest.mark.parametrize("view", ALL)
async def test_every_key_of_every_view_on_the_demo(tmp_path, view):
    build(tmp_path / "ws", lambda: MONDAY)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        for key in KEYS:
            if view in OVER_OTHERS:
                if getattr(app.screen, "view", "") != view:
                    await press(pilot, *OVER_OTHERS[view])
            elif app.current_mode != view or len(app.screen_stack) > 1:
                app.switch_mode(view)
                await until(pilot, lambda: app.current_mode == view)
            if key != "q":
                await pilot.press(key, "escape", "escape")
        assert app.is_running
        assert not app._exit
