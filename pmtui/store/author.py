"""Who changes a store, and when."""

import os
import time

import msgspec


class Author(msgspec.Struct, frozen=True):
    """Who changes: the operating system's user, and the session (one pane, one shell)."""

    user: str
    session: str


def system_author() -> Author:
    """The operating system's user and this process."""
    import pwd

    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return Author(user, f"{os.getpid():x}")


def milliseconds_now() -> int:
    """The time, in ms since 1970, UTC."""
    return time.time_ns() // 1_000_000
