"""What others changed since a user last looked, by the journal's numbers kept in their own state folder."""

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pmtui.domain.records import BY_TABLE
from pmtui.services.project import Changed, OpenProject
from pmtui.store import Transaction

if TYPE_CHECKING:
    from pmtui.services.story.telling import Told

FIRST_LOOK_MS = 3 * 24 * 3600 * 1000
"""Who never looked before is shown the last three days."""

MOST_APART = 20
"""Records up to which each is told what was done to it; more are told together."""


@dataclass(slots=True)
class _Told:
    """What others changed in one open project, by number in the order it was done; ``upto`` is the last one in it.

    What was told once stays told: ``words`` by number and transaction.
    """

    project: OpenProject
    upto: int
    found: dict[str, Transaction] = field(default_factory=dict)
    shown: tuple[int, list[tuple[str, str]]] | None = None
    words: dict[tuple[str, int], str] = field(default_factory=dict)

    def take(self, transaction: Transaction) -> None:
        """The records that another's transaction touched."""
        if transaction.user == self.project.session.user:
            return
        for op in transaction.ops:
            record_type = BY_TABLE.get(op[1])
            if record_type is not None and record_type.kind not in {"project", "person"} and op[2]:
                number = record_type.number(op[2])
                self.found.pop(number, None)
                self.found[number] = transaction

    def lines(self) -> list[tuple[str, str]]:
        """The records that are still there, the latest first, with who did what."""
        if not self.found:
            return []
        story = self.project.story()
        told: dict[int, Told] = {}
        lines = []
        for number, transaction in reversed(self.found.items()):
            if self.project.data.get(number) is None:
                continue
            place = number, transaction.sequence
            if place not in self.words:
                whole = told.get(transaction.sequence) or story.told(transaction)
                told[transaction.sequence] = whole
                few = len(whole.touches) <= MOST_APART
                self.words[place] = (whole.about(number) if few else whole).words
            lines.append((number, self.words[place]))
        return lines


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
            told.shown = sequence, told.lines()
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
            if told is not None and told.project is project and changed.transaction is not None:
                told.upto += 1
                told.take(changed.transaction)

        project.listeners.append(hear)

    def _read(self, project: OpenProject) -> _Told:
        seen = self._seen.get(self._name(project))
        told = _Told(project, project.sequence)
        if seen is not None and seen >= told.upto:
            return told
        now = int(project.session.now().timestamp() * 1000)
        fresh: list[Transaction] = []
        for transaction in project.history(newest_first=True):
            if transaction.time <= now - FIRST_LOOK_MS if seen is None else transaction.sequence <= seen:
                break
            fresh.append(transaction)
        for transaction in reversed(fresh):
            told.take(transaction)
        return told

    @staticmethod
    def _name(project: OpenProject) -> str:
        return f"{project.session.path}/{project.code}"
