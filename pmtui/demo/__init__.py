"""The demo: a workspace with three projects and a year of their history up to yesterday.

It is played through the services into a folder of its own, never the user's, and made anew when it
is from another day and nobody has changed anything in it.
"""

import contextlib
import datetime as dt
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from pmtui.domain.problems import Refused
from pmtui.services.projects import open_project
from pmtui.services.session import Session, state_folder, system_now
from pmtui.store import StoreError
from pmtui.store.presence import last_sign

MARKER = ".demo.json"
"""The file that tells a demo from a workspace of somebody's own, and how it was made."""

IN_USE = 60.0
"""Seconds since its last sign of life for which a session at the demo is taken as still open."""

_LEFT_BEHIND = 3600.0
_BUILDING = ".demo-"


class Made(msgspec.Struct, frozen=True):
    """How a demo was made, and each project's sequence number then."""

    day: dt.date
    seed: int
    version: str
    sequences: dict[str, int]


def demo_folder() -> Path:
    """Where the demo lives: the state folder's, never a workspace of the user's own."""
    return state_folder() / "demo"


def demo_workspace(
    now: Callable[[], dt.datetime] = system_now, folder: Path | None = None, *, seed: int = 1, reset: bool = False
) -> Path:
    """The demo's folder, made where it is missing, or is of another day and untouched.

    ``reset`` makes it anew also when it was changed. Raises :class:`Refused` where the folder
    holds something that is no demo, and ``OSError`` where it can't be made.
    """
    path = folder or demo_folder()
    made = _read_marker(path)
    if made is None and path.exists() and any(path.iterdir()):
        raise Refused(f"{path}: this is no demo of pmtui, so it is left alone; name another folder")
    wanted = (now().date(), seed, _version())
    fresh = made is not None and (made.day, made.seed, made.version) == wanted
    if made is None or reset or not (fresh or _is_touched(path, made)):
        build(path, now, seed)
    return path


def build(folder: Path, now: Callable[[], dt.datetime], seed: int = 1) -> None:
    """Make the demo beside ``folder`` and put it in place whole; what was there before goes."""
    from pmtui.demo.stories import play_all  # the stories are read when a demo is made

    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder.parent)
    building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder.parent))
    try:
        moment = now()
        sequences = play_all(building, moment, seed)
        made = Made(moment.date(), seed, _version(), sequences)
        (building / MARKER).write_bytes(msgspec.json.encode(made))
        _put_in_place(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _version() -> str:
    """The version that is installed: a newer one tells the stories anew."""
    from importlib.metadata import PackageNotFoundError, version  # slow to load, and wanted for the demo alone

    try:
        return version("pmtui")
    except PackageNotFoundError:
        return ""


def _put_in_place(building: Path, folder: Path) -> None:
    old = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=folder.parent))
    try:
        with contextlib.suppress(FileNotFoundError):
            folder.rename(old)
        try:
            building.rename(folder)
        except OSError:
            old.rename(folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _read_marker(folder: Path) -> Made | None:
    try:
        return msgspec.json.decode((folder / MARKER).read_bytes(), type=Made)
    except (OSError, msgspec.DecodeError):
        return None


def _is_touched(folder: Path, made: Made) -> bool:
    """Whether somebody works in the demo now, or has changed anything since it was made."""
    session = Session(folder, name="demo")
    if session.workspace.codes() != sorted(made.sequences):
        return True
    return any(_in_use(folder / code) or _sequence(session, code) != made.sequences[code] for code in made.sequences)


def _sequence(session: Session, code: str) -> int:
    try:
        project = open_project(session, code)
    except (StoreError, OSError):
        return -1
    try:
        return project.sequence
    finally:
        project.close()


def _in_use(project: Path) -> bool:
    """Whether a session has shown a sign of life in the last minute."""
    return time.time() - last_sign(project) < IN_USE


def _sweep(parent: Path) -> None:
    """Take away what a build that was killed has left."""
    for left in parent.glob(f"{_BUILDING}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                shutil.rmtree(left, ignore_errors=True)


__all__ = ["MARKER", "Made", "build", "demo_folder", "demo_workspace"]
