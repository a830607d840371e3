"""How a user laid out each project's board, kept in their own state folder from one start to the next."""

import contextlib
import os
from pathlib import Path

import msgspec

from pmtui.domain.records.task import BACKLOG
from pmtui.services.drafts import writable
from pmtui.services.project import OpenProject


class BoardLayout(msgspec.Struct, frozen=True, omit_defaults=True):
    """The sort and the lanes by their keys, lines a card, and what is folded.

    ``folded`` are columns by status; ``folded_lanes`` lanes by the kind of lane and their name: ``o:ana``.
    """

    sort: str = "d"
    lanes: str = "n"
    height: int = 3
    folded: tuple[str, ...] = (BACKLOG,)
    folded_lanes: tuple[str, ...] = ()


class Layouts:
    """Layouts by the project's folder, in ``file``; without one they are kept as long as the process runs.

    What another pane of the user's laid out of other projects is kept; of one project the last one counts.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[str, BoardLayout] | None = None

    def of(self, project: OpenProject) -> BoardLayout:
        """The layout of a project's board; as it is at first where none is kept or can be read."""
        if self._known is None:
            self._known = self._read()
        return self._known.get(_name(project), BoardLayout())

    def keep(self, project: OpenProject, layout: BoardLayout) -> None:
        """Keep a layout; where the folder can't be written, for this sitting."""
        if layout == self.of(project):
            return
        name = _name(project)
        folded_lanes = tuple(map(writable, layout.folded_lanes))
        kept = msgspec.structs.replace(layout, folded_lanes=folded_lanes)
        self._known = (self._known or {}) | self._read() | {name: kept}
        if self._file is None:
            return
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = self._file.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_bytes(msgspec.json.encode(self._known))
            temporary.replace(self._file)

    def _read(self) -> dict[str, BoardLayout]:
        if self._file is not None:
            with contextlib.suppress(OSError, msgspec.DecodeError):
                return msgspec.json.decode(self._file.read_bytes(), type=dict[str, BoardLayout])
        return {}


def _name(project: OpenProject) -> str:
    return f"{project.session.path}/{project.code}"
