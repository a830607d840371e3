"""What a path that is being typed could become."""

import os
from pathlib import Path
from typing import NamedTuple

from pmtui.domain.text import clean

MOST = 400
"""Names of a folder that are looked at."""


class Completed(NamedTuple):
    """The path as far as it is certain, and the names it could go on with; folders end in a slash."""

    text: str
    names: tuple[str, ...]


def complete_path(text: str) -> Completed:
    """Complete a path by what is in its folder; hidden names only where their dot is typed.

    A folder that can't be read offers nothing.
    """
    head, slash, begun = text.rpartition("/")
    folder = Path(f"{head}{slash}" or ".").expanduser()
    try:
        with os.scandir(folder) as entries:
            found = sorted(_shown(entry) for entry in entries if _wanted(entry.name, begun))[:MOST]
    except OSError:
        return Completed(text, ())
    if not found:
        return Completed(text, ())
    return Completed(f"{head}{slash}{_common(found[0], found[-1])}", tuple(found))


def path_problem(text: str) -> str:
    """Why what was typed is no file to read; empty where it is one."""
    if not text.strip():
        return "which file?"
    path = as_path(text)
    try:
        if path.is_dir():
            return f"{clean(str(path))} is a folder; name a file in it"
        return "" if path.is_file() else f"{clean(str(path))}: there is no such file"
    except OSError as error:
        return f"{clean(str(path))} can't be read: {error.strerror}"


def as_path(text: str) -> Path:
    """The path that was typed; a leading tilde is the home folder."""
    return Path(text.strip()).expanduser()


def _common(first: str, last: str) -> str:
    """What the first and the last of sorted names begin with, and so all of them."""
    alike = 0
    while alike < min(len(first), len(last)) and first[alike] == last[alike]:
        alike += 1
    return first[:alike]


def _wanted(name: str, begun: str) -> bool:
    """Whether a name goes on from what was typed, and can be shown as it is."""
    return name.startswith(begun) and (begun.startswith(".") or not name.startswith(".")) and clean(name) == name


def _shown(entry: "os.DirEntry[str]") -> str:
    try:
        return f"{entry.name}/" if entry.is_dir() else entry.name
    except OSError:
        return entry.name
