"""What others changed since a user last looked, by the journal's numbers kept in their own state folder."""

import contextlib
import os
from pathlib import Path

import msgspec

from pmtui.domain.records import BY_TABLE
from pmtui.services.project import OpenProject

FIRST_LOOK_MS = 3 * 24 * 3600 * 1000
"""Who never looked before is shown the last three days."""


class Looked:
    """The last transaction each project's user has seen, by the project's folder."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: dict[str, int] = {}
        self._told: dict[str, tuple[int, list[tuple[str, str]]]] = {}
        with contextlib.suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
            self._seen = msgspec.json.decode(file.read_bytes(), type=dict[str, int])

    def since(self, project: OpenProject) -> list[tuple[str, str]]:
        """Numbers that others changed, the latest first, with who did what; one line a record."""
        name = self._name(project)
        told = self._told.get(name)
        if told is None or told[0] != project.sequence:
            told = (project.sequence, self._read(project))
            self._told[name] = told
        return told[1]

    def remember(self, projects: list[OpenProject]) -> None:
        """The user has seen these projects as they are now."""
        now = {self._name(project): project.sequence for project in projects}
        self._seen |= now
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_bytes(msgspec.json.encode(self._seen))
            temporary.replace(self._file)

    def _read(self, project: OpenProject) -> list[tuple[str, str]]:
        seen = self._seen.get(self._name(project))
        now = int(project.session.now().timestamp() * 1000)
        found: dict[str, str] = {}
        for transaction in project.history():
            fresh = transaction.time > now - FIRST_LOOK_MS if seen is None else transaction.sequence > seen
            if not fresh or transaction.user == project.session.user:
                continue
            for op in transaction.ops:
                record_type = BY_TABLE.get(op[1])
                if record_type is not None and record_type.kind not in {"project", "person"}:
                    number = record_type.number(op[2])
                    found.pop(number, None)
                    found[number] = f"{transaction.user}: {transaction.note.verb or 'changed'}"
        return [(number, words) for number, words in reversed(found.items()) if project.data.get(number)]

    @staticmethod
    def _name(project: OpenProject) -> str:
        return f"{project.session.path}/{project.code}"
