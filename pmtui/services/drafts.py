"""What a user was typing, kept in their own state folder until it is saved or thrown away."""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

OWNER = ":owner"
"""In a draft, beside its fields: the process that shows it."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Drafts:
    """Drafts in ``folder``, one file each, named by what they are of; readable by their owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, name: str, fields: dict[str, str], *, live: bool = False) -> None:
        """Keep what was typed so far; durable when this returns. One that is ``live`` nobody takes while we run."""
        fields = {**fields, OWNER: str(os.getpid())} if live else fields
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(name)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(msgspec.json.encode({name: writable(text) for name, text in fields.items()}))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    def kept(self, name: str) -> dict[str, str]:
        """What was typed; empty where no draft is kept or it can't be read."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._path(name).read_bytes(), type=dict[str, str])
        return {}

    def left(self, begin: str) -> dict[str, dict[str, str]]:
        """Drafts whose names begin so, by name, but for those that are another running process's."""
        found = {path.stem: self.kept(path.stem) for path in sorted(self._folder.glob(f"{_safe(begin)}*.json"))}
        return {name: draft for name, draft in found.items() if not _is_alive(draft.get(OWNER, ""))}

    def take_over(self, names: Iterable[str], name: str) -> None:
        """Forget drafts whose texts are kept under another name now."""
        for other in names:
            if self._path(other) != self._path(name):
                self.discard(other)

    def discard(self, name: str) -> None:
        """Forget a draft."""
        with contextlib.suppress(OSError):
            self._path(name).unlink()

    def _path(self, name: str) -> Path:
        return self._folder / f"{_safe(name)}.json"


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)[:120]


def _is_alive(pid: str) -> bool:
    """Whether a number is of another process of this user's that runs."""
    if not pid.isdecimal() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except (OSError, OverflowError):
        return False
    return True


def writable(text: str) -> str:
    """A text as UTF-8 can hold it: a lone surrogate, which only a damaged store has, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
