"""Questions to the terminal itself, and to tmux; each has its time, and none leaves the terminal altered."""

import contextlib
import os
import select
import subprocess
import termios
import time

_STATUS, _FINE = b"\x1b[5n", b"\x1b[0n"
"""ECMA-48's device status report, which every terminal answers by itself."""


def round_trip(source: int, target: int, *, timeout: float = 2.0, times: int = 3) -> float | None:
    """Seconds from a question to the terminal until its answer, the median; ``None`` where none came in time.

    ``source`` and ``target`` are the terminal's input and output. What is typed meanwhile is lost.
    """
    if os.tcgetpgrp(source) != os.getpgrp():  # in the background, asking would stop the process
        return None
    before = termios.tcgetattr(source)
    quiet = list(before)
    quiet[3] = quiet[3] & ~(termios.ICANON | termios.ECHO)
    taken: list[float] = []
    try:
        termios.tcsetattr(source, termios.TCSANOW, quiet)
        for _ in range(times):
            one = _ask(source, target, timeout)
            if one is None:
                break
            taken.append(one)
    finally:
        termios.tcsetattr(source, termios.TCSAFLUSH, before)  # an answer that comes late is not left as if typed
    return sorted(taken)[len(taken) // 2] if taken else None


def _ask(source: int, target: int, timeout: float) -> float | None:
    began = time.monotonic()
    if not select.select([], [target], [], timeout)[1]:
        return None
    os.write(target, _STATUS)
    heard = b""
    while (left := began + timeout - time.monotonic()) > 0:
        if not select.select([source], [], [], left)[0]:
            return None
        data = os.read(source, 1024)
        if not data:
            return None
        heard = (heard + data)[-64:]
        if _FINE in heard:
            return time.monotonic() - began
    return None


def tmux_option(name: str, *, timeout: float = 2.0) -> str:
    """A server or session option of the tmux that this runs in; empty where it does not answer."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        for scope in ("-sv", "-gv"):
            done = subprocess.run(  # noqa: S603 - our own words
                ["tmux", "show-options", scope, name],  # noqa: S607 - the tmux of the user's path is theirs
                capture_output=True,
                text=True,
                timeout=timeout,
                stdin=subprocess.DEVNULL,
                check=False,
            )
            if done.returncode == 0 and done.stdout.strip():
                return done.stdout.strip()
    return ""
