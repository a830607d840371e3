"""One user's sitting: who they are, which workspace they look at, and what time it is."""

import datetime as dt
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pmtui.store import Author, Workspace

Now = Callable[[], dt.datetime]


def system_now() -> dt.datetime:
    """The time now, with the server's zone."""
    return dt.datetime.now().astimezone()


def user_name() -> str:
    """The operating system's user, never an environment variable's."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def shell_session() -> str:
    """The session of a terminal: what a user does in one pane, from the shell and on the screen, also later."""
    leader = os.getsid(0)
    if not leader:  # it began outside this container: its terminal tells panes apart
        return f"sh-{os.getuid():x}-0-{_terminal():x}"
    try:
        started = Path(f"/proc/{leader}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        started = "0"
    return f"sh-{os.getuid():x}-{leader:x}-{int(started):x}"


def _terminal() -> int:
    """The number of this process's terminal; 0 where it has none."""
    try:
        return int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[4])
    except (OSError, IndexError, ValueError):
        return 0


def default_workspace(of_settings: Path | None = None) -> Path:
    """``PMTUI_WORKSPACE``, else what the settings name, else ``$XDG_DATA_HOME/pmtui``."""
    named = os.environ.get("PMTUI_WORKSPACE")
    if named:
        return Path(named).expanduser()
    if of_settings is not None:
        return of_settings
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "pmtui"


def state_folder() -> Path:
    """``$XDG_STATE_HOME/pmtui``: drafts, "last looked", the demo; the user's alone."""
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "pmtui"


@dataclass
class Session:
    """Who works where, and when. ``now`` gives the time with its zone; today is that zone's day.

    ``patience``: seconds that a change waits while somebody else writes.
    """

    path: Path
    user: str = field(default_factory=user_name)
    name: str = field(default_factory=shell_session)
    now: Now = system_now
    durable: bool = True
    patience: float = 10.0

    @property
    def today(self) -> dt.date:
        """The day it is for the user."""
        return self.now().date()

    @property
    def place(self) -> str:
        """What drafts call the workspace: its folder's name, and what tells it from another folder of that name."""
        return f"{self.path.name}-{zlib.crc32(os.fsencode(self.path.absolute())):08x}"

    @property
    def workspace(self) -> Workspace:
        """The workspace, written in this user's name."""
        sync = os.fdatasync if self.durable else _no_sync
        return Workspace(
            self.path, Author(self.user, self.name), clock=self._milliseconds, sync=sync, timeout=self.patience
        )

    def _milliseconds(self) -> int:
        return int(self.now().timestamp() * 1000)


def _no_sync(_: int) -> None:
    """Data that can be made again, such as the demo's, need not wait for the disk."""
