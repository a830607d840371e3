"""Bytes on their way to the terminal: in a thread of their own, and never more of them than it takes."""

import os
import select
import threading
from collections.abc import Callable

STOPPED_AFTER = 0.4
"""Seconds that a terminal which takes nothing is waited for at the end."""


class LineWriter:
    """Writes to ``fd`` in a thread; a terminal that stalls holds up the thread, and nobody else.

    ``gone`` is called once when the terminal is no longer there, ``drained`` whenever everything was taken;
    both from the thread.
    """

    def __init__(self, fd: int, gone: Callable[[], None], drained: Callable[[], None]) -> None:
        self._fd = fd
        self._gone = gone
        self._drained = drained
        self._waiting = bytearray()
        self._changed = threading.Condition()
        self._busy = False
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="pmtui-output", daemon=True)

    @property
    def is_behind(self) -> bool:
        """Whether the terminal has not taken everything yet."""
        return self._busy or bool(self._waiting)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def write(self, text: str) -> None:
        """Send text, soon; returns at once."""
        with self._changed:
            if not self._stopped:
                self._waiting += text.encode("utf-8", "replace")
                self._changed.notify()

    def stop(self) -> None:
        """Write what waits, as far as the terminal takes it in a moment, and end."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(STOPPED_AFTER)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.wait_for(lambda: self._waiting or self._stopped)
                if not self._waiting:
                    return
                data, self._waiting, self._busy = bytes(self._waiting), bytearray(), True
            try:
                self._write_all(data)
            except OSError:
                with self._changed:
                    self._stopped, self._busy = True, False
                    self._waiting.clear()
                self._gone()
                return
            if not self._waiting:
                self._busy = False
                self._drained()

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._fd, view) :]
            except BlockingIOError:
                select.select([], [self._fd], [], 1.0)
