"""Keys typed faster than the screen follows: each is handled by what the one before it brought up.

Textual forwards keys to the screen that is in front when they *arrive*; the screen handles them
later. Over a slow line ``r f v`` arrive at once, and the question that ``r`` asks would never see
the ``f``. Here a key waits until the one before it has been dealt with.
"""

import asyncio
import contextlib
from collections import deque
from typing import Any

from textual import events
from textual.message_pump import MessagePump

from pmtui.terminal.display import DifferenceDisplay

MOST_ROUNDS = 20
"""How often what is in front may change by one key; then the next key goes on whatever happens."""

LONGEST_WAIT = 0.2
"""Seconds to wait for a part of the screen that is going away and may never answer."""


class KeysInOrder(DifferenceDisplay):
    """An app whose keys and pastes are handled one after the other."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._typed: deque[events.Event] = deque()
        self._settling: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hold keys and pastes back while one is being dealt with; all else goes on as it comes."""
        typed = isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded
        if not typed:
            await super().on_event(event)
        elif self._settling is not None:
            self._typed.append(event)
        else:
            await super().on_event(event)
            self._settling = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        while True:
            await self._quiet()
            self.key_done()
            if not self._typed or not self.is_running:
                break
            await super().on_event(self._typed.popleft())
        self._settling = None

    def key_done(self) -> None:
        """Everything that the last key brought about is there; subclasses look at it."""

    async def _quiet(self) -> None:
        """Until screens and focus stay as they are while everything posted so far is handled."""
        for _ in range(MOST_ROUNDS):
            before = self._in_front()
            await self._handled(before)
            if before == self._in_front() and not any(pump.message_queue_size for pump in before):
                return

    def _in_front(self) -> list[MessagePump]:
        if not self.is_running:
            return []
        behind_focus = [] if self.focused is None else [p for p in self.focused.ancestors_with_self if p is not self]
        return [*self.screen_stack, *behind_focus]

    async def _handled(self, pumps: list[MessagePump]) -> None:
        """Each of these, then the app itself, has handled what was posted to it before now."""
        for pump in (*pumps, self):
            reached = asyncio.Event()
            if pump.call_later(reached.set):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reached.wait(), LONGEST_WAIT)
