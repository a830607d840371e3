"""What others changed since a user last looked, by the journal's numbers kept in their own state folder."""

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pmtui.domain.records import BY_TABLE
from pmtui.services.project import Changed, OpenProject

FIRST_LOOK_MS = 3 * 24 * 3600 * 1000
"""Who never looked before is shown the last three days."""


@dataclass(slots=True)
class _Told:
    """What others changed in one open project, by number in the order it was done; ``upto`` is the last one in it."""

    project: OpenProject
    upto: int
    found: dict[str, str] = field(default_factory=dict)
    shown: tuple[int, list[tuple[str, str]]] | None = None

    def take(self, table: str, record_id: int, user: str, verb: str) -> None:
        """A record that a transaction touched, told where another made it."""
        record_type = BY_TABLE.get(table)
        if user == self.project.session.user or record_type is None or record_type.kind in {"project", "person"}:
            return
        number = record_type.number(record_id)
        self.found.pop(number, None)
        self.found[number] = f"{user}: {verb or 'changed'}"

    def note(self, changed: Changed) -> None:
        """One more transaction, as it comes in."""
        self.upto += 1
        for table, ids in changed.tables.items():
            for record_id in sorted(ids):
                self.take(table, record_id, changed.user, changed.verb)


class Looked:
    """The last transaction each project's user has seen, by the project's folder.

    The journal is read once for each open project; what comes in later is added as it is told.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: dict[str, int] = {}
        self._told: dict[str, _Told] = {}
        self._heard: dict[str, OpenProject] = {}
        with contextlib.suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
            self._seen = msgspec.json.decode(file.read_bytes(), type=dict[str, int])

    def since(self, project: OpenProject) -> list[tuple[str, str]]:
        """Numbers that others changed, the latest first, with who did what; one line a record."""
        name, sequence = self._name(project), project.sequence
        told = self._told.get(name)
        if told is None or told.project is not project or told.upto != sequence:
            told = self._told[name] = self._read(project)
            self._listen(name, project)
        if told.shown is None or told.shown[0] != sequence:
            lines = [(number, words) for number, words in reversed(told.found.items()) if project.data.get(number)]
            told.shown = sequence, lines
        return told.shown[1]

    def remember(self, projects: list[OpenProject]) -> None:
        """The user has seen these projects as they are now."""
        now = {self._name(project): project.sequence for project in projects}
        self._seen |= now
        for name in now:
            self._told.pop(name, None)
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_bytes(msgspec.json.encode(self._seen))
            temporary.replace(self._file)

    def _listen(self, name: str, project: OpenProject) -> None:
        if self._heard.get(name) is project:
            return
        self._heard[name] = project

        def hear(changed: Changed) -> None:
            told = self._told.get(name)
            if told is not None and told.project is project:
                told.note(changed)

        project.listeners.append(hear)

    def _read(self, project: OpenProject) -> _Told:
        seen = self._seen.get(self._name(project))
        told = _Told(project, project.sequence)
        if seen is not None and seen >= told.upto:
            return told
        now = int(project.session.now().timestamp() * 1000)
        for transaction in project.history():
            fresh = transaction.time > now - FIRST_LOOK_MS if seen is None else transaction.sequence > seen
            if fresh:
                for op in transaction.ops:
                    told.take(op[1], op[2], transaction.user, transaction.note.verb)
        return told

    @staticmethod
    def _name(project: OpenProject) -> str:
        return f"{project.session.path}/{project.code}"
