"""What one user has open: the workspace's projects, the one in view, and what they did last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pmtui.domain.problems import Refused
from pmtui.domain.records import Project, Record
from pmtui.domain.triage import Overdue, overdue_items
from pmtui.services.project import Changed, OpenProject, Outcome
from pmtui.services.projects import open_project
from pmtui.services.session import Session
from pmtui.store import StoreError

Key = tuple[str, str]
"""A record of any project: the project's code and the record's number."""


Step = tuple[str, int]
"""A transaction of this desk: the project's code and its sequence number."""


@dataclass
class Desk:
    """The open projects of a session. ``narrowed`` says whether views over all show only ``code``."""

    session: Session
    code: str = ""
    narrowed: bool = False
    projects: dict[str, OpenProject] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    listeners: list[Callable[[str, Changed], None]] = field(default_factory=list)
    _acted: list[tuple["Step", ...]] = field(default_factory=list)
    _undone: list[tuple["Step", ...]] = field(default_factory=list)

    def open_all(self) -> None:
        """Open what the workspace holds; a project that can't be opened is told in ``failed``."""
        self.failed.clear()
        for code in self.session.workspace.codes():
            if code not in self.projects:
                try:
                    self._take(open_project(self.session, code))
                except (StoreError, OSError) as error:
                    self.failed[code] = str(error)
        shown = [p.code for p in self.shown(archived=True)]
        if self.code not in self.projects:
            self.code = shown[0] if shown else ""

    def adopt(self, project: OpenProject) -> Outcome:
        """Take a project that was just made, and show it."""
        self._take(project)
        self.code = project.code
        return Outcome((), f"{project.code} added")

    @property
    def project(self) -> OpenProject:
        """The project in view; raises :class:`Refused` when there is none."""
        if self.code not in self.projects:
            raise Refused("there is no project here yet")
        return self.projects[self.code]

    def shown(self, *, archived: bool = False) -> list[OpenProject]:
        """The projects that views over all show: those not archived, or the one narrowed to."""
        if self.narrowed and self.code in self.projects:
            return [self.projects[self.code]]
        return [p for p in self.projects.values() if archived or not p.data.project.archived]

    def shown_all(self) -> list[OpenProject]:
        """Every open project, by its title; archived ones last."""
        return sorted(self.projects.values(), key=lambda p: (p.data.project.archived, title_of(p).lower()))

    def look_at(self, code: str, *, narrow: bool = False) -> None:
        """Bring a project into view; ``narrow`` views over all to it, or to all again where ``code`` is empty."""
        if code in self.projects:
            self.code = code
        if narrow:
            self.narrowed = bool(code)

    def record(self, key: Key) -> Record | None:
        """The record behind a key, as it is now."""
        project = self.projects.get(key[0])
        return project.data.get(key[1]) if project else None

    def refresh(self) -> int:
        """Take in what others wrote in any project; how many transactions."""
        return sum(project.refresh() for project in self.projects.values())

    def overdue(self) -> list[tuple[str, Overdue]]:
        """The triage queue over the projects shown, the heaviest first."""
        found = [(p.code, item) for p in self.shown() for item in overdue_items(p.data, self.session.today)]
        return sorted(found, key=lambda pair: (-pair[1].weight, -pair[1].days_late, pair[0], pair[1].number))

    def act(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> Outcome:
        """Apply a service to records of one or more projects; one :meth:`undo` takes all of it back.

        Where a project refuses, what was done in others before it is taken back, and the refusal raised.
        """
        by_project: dict[str, list[str]] = {}
        for code, number in keys:
            by_project.setdefault(code, []).append(number)
        done: list[Step] = []
        outcomes: list[Outcome] = []
        try:
            for code, numbers in by_project.items():
                own = self.projects[code].own
                before = len(own)
                try:
                    outcomes.append(service(self.projects[code], numbers))
                finally:
                    done += [(code, sequence) for sequence in own[before:]]
        except (Refused, StoreError, OSError):
            self._take_back(done)
            raise
        if done:
            self._acted.append(tuple(done))
            self._undone.clear()
        return _joined(outcomes)

    def commit(self, project: OpenProject, service: Callable[[], Outcome]) -> Outcome:
        """Call a service that writes one project; :meth:`undo` takes it back."""
        return self.act([(project.code, "")], lambda _project, _numbers: service())

    def undo(self) -> Outcome:
        """Take back the last thing done at this desk."""
        if not self._acted:
            raise Refused("nothing to undo: nothing was changed here yet")
        outcome, steps = self._take_back(self._acted[-1])
        self._acted.pop()
        self._undone.append(steps)
        return outcome

    def redo(self) -> Outcome:
        """Bring back what was undone last."""
        if not self._undone:
            raise Refused("nothing to redo")
        outcome, steps = self._take_back(self._undone[-1], "redo")
        self._undone.pop()
        self._acted.append(steps)
        return outcome

    def _take_back(self, steps: Sequence[Step], verb: str = "undo") -> tuple[Outcome, tuple[Step, ...]]:
        """Take back exactly these transactions, the last first; all of them, or none where one is refused."""
        taken: list[Step] = []
        outcomes: list[Outcome] = []
        try:
            for code, sequence in reversed(steps):
                outcomes.append(self.projects[code].undo(sequence, verb))
                taken.append((code, self.projects[code].own[-1]))
        except (Refused, StoreError, OSError):
            for code, sequence in reversed(taken):
                self.projects[code].undo(sequence, "redo")
            raise
        return _joined(outcomes), tuple(taken)

    def close(self) -> None:
        """Close every project's files."""
        for project in self.projects.values():
            project.close()

    def _take(self, project: OpenProject) -> None:
        self.projects[project.code] = project
        project.listeners.append(lambda changed: self._tell(project.code, changed))

    def _tell(self, code: str, changed: Changed) -> None:
        for listener in self.listeners:
            listener(code, changed)


def title_of(project: OpenProject) -> str:
    """What people call a project: its name, or its code."""
    record: Project = project.data.project
    return record.title or project.code


def _joined(outcomes: Sequence[Outcome]) -> Outcome:
    if len(outcomes) == 1:
        return outcomes[0]
    numbers = tuple(n for o in outcomes for n in o.numbers)
    done = {o.words.partition(" · ")[0].partition(" records ")[2] or o.words for o in outcomes if o.words}
    words = (
        f"{len(numbers)} records {done.pop()}" if len(done) == 1 else "; ".join(o.words for o in outcomes if o.words)
    )
    return Outcome(numbers, words, tuple(s for o in outcomes for s in o.said))
