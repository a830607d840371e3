"""What one user has open: the workspace's projects, the one in view, and what they did last."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pmtui.domain.problems import Refused
from pmtui.domain.records import Project, Record
from pmtui.domain.triage import Overdue, overdue_items, overdue_numbers
from pmtui.keymap import key_of
from pmtui.services.project import Changed, NotTakenBack, OpenProject, Outcome
from pmtui.services.projects import open_project
from pmtui.services.session import Session
from pmtui.services.shared import open_shared, shared
from pmtui.store import StoreError, UndoRefused
from pmtui.store.history import Act, Steps, acts

Key = tuple[str, str]
"""A record of any project: the project's code and the record's number."""


Step = tuple[str, int]
"""A transaction of this desk: the project's code and its sequence number."""


def other_ways() -> str:
    """What else can be done where there is nothing to undo, or an undo is refused."""
    return f"{key_of('view.changes')} shows others to take back"


@dataclass
class Desk:
    """The open projects of a session, and what they share, once that is asked for.

    ``narrowed`` says whether views over all show only ``code``.
    """

    session: Session
    code: str = ""
    narrowed: bool = False
    projects: dict[str, OpenProject] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    listeners: list[Callable[[str, Changed], None]] = field(default_factory=list)
    _began: dict[str, int] = field(default_factory=dict)
    _acts: list[list[Act]] = field(default_factory=list)
    _recalled: Steps | None = None
    _elsewhere: int = 0
    _shared: OpenProject | None = None
    _seen: Mapping[Key, Record] = field(default_factory=dict)

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

    def open_new(self) -> bool:
        """Open projects that somebody added since; whether there are any."""
        found = [code for code in self.session.workspace.codes() if code not in {*self.projects, *self.failed}]
        if found:
            failed = dict(self.failed)
            self.open_all()
            self.failed |= {code: why for code, why in failed.items() if code not in self.projects}
        return bool(found)

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

    @property
    def shared(self) -> OpenProject | None:
        """What the workspace's projects share; ``None`` where nobody has shared anything yet.

        It is opened when it is first asked for; raises what opening a project raises.
        """
        if self._shared is None:
            self._take_shared(open_shared(self.session))
        return self._shared

    def share(self) -> OpenProject:
        """What the projects share, to write to it: made where there is nothing yet."""
        found = self.shared
        if found is None:
            found = self._take_shared(shared(self.session))
            assert found is not None, "it was just made"
        return found

    def stores(self) -> dict[str, OpenProject]:
        """Everything that is open: the projects, and what they share."""
        return self.projects if self._shared is None else {**self.projects, self._shared.code: self._shared}

    def sequences(self) -> list[int]:
        """The last transaction of everything that is open."""
        return [store.sequence for store in self.stores().values()]

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
        return sum(store.refresh() for store in self.stores().values())

    def overdue(self) -> list[tuple[str, Overdue]]:
        """The triage queue over the projects shown, the heaviest first."""
        found = [(p.code, item) for p in self.shown() for item in p.worked_out(overdue_items)]
        return sorted(found, key=lambda pair: (-pair[1].weight, -pair[1].days_late, pair[0], pair[1].number))

    def late(self) -> set[Key]:
        """What the triage queue holds now, not in order; cheap enough to be asked after each decision."""
        return {(p.code, number) for p in self.shown() for number in p.worked_out(overdue_numbers)}

    @contextlib.contextmanager
    def having_seen(self, records: Mapping[Key, Record]) -> Iterator[None]:
        """Whatever acts until the block ends was decided on these records as they were then."""
        self._seen = records
        try:
            yield
        finally:
            self._seen = {}

    def act(self, keys: Sequence[Key], service: Callable[[OpenProject, Sequence[str]], Outcome]) -> Outcome:
        """Apply a service to records of one or more projects; one :meth:`undo` takes all of it back.

        Where a project refuses, what was done in others before it is taken back, and the refusal raised. Where
        somebody else has set the same since the user saw it (:meth:`having_seen`, else now), the outcome says so.
        """
        by_project: dict[str, list[str]] = {}
        for code, number in keys:
            by_project.setdefault(code, []).append(number)
        seen = self._seen_of(keys)
        with self._one_act() as act:
            outcomes: list[Outcome] = []
            try:
                for code, numbers in by_project.items():
                    self.stores()[code].seen = seen.get(code, {})
                    outcomes.append(service(self.stores()[code], numbers))
            except (Refused, StoreError, OSError):
                for code, sequence, _ in reversed(act[:]):
                    self._inverse(code, sequence, "undo")
                raise
            finally:
                for code in by_project:
                    self.stores()[code].seen = {}
        return _joined(outcomes)

    def _seen_of(self, keys: Sequence[Key]) -> dict[str, dict[str, Record]]:
        """The records as the user saw them, by project and number."""
        found: dict[str, dict[str, Record]] = {}
        for code, number in keys:
            shown = self._seen.get((code, number)) or self.record((code, number))
            if shown is not None:
                found.setdefault(code, {})[number] = shown
        return found

    def commit(self, project: OpenProject, service: Callable[[], Outcome]) -> Outcome:
        """Call a service that writes one project; :meth:`undo` takes it back."""
        return self.act([(project.code, "")], lambda _project, _numbers: service())

    def undo(self, code: str = "", ways: str | None = None) -> Outcome:
        """Take back this session's last step, of a project where one is named, also one of before a restart.

        Where it is refused it stays; the refusal then ends with ``ways``, what else can be done.
        """
        ways = other_ways() if ways is None else ways
        done = [step for step in self._steps().done if not code or code in dict(step)]
        if not done:
            raise Refused(f"nothing to undo {'here' if code else 'in this pane'}; {ways}")
        return self._take_back(done[-1], "undo", ways)

    def redo(self, code: str = "", ways: str | None = None) -> Outcome:
        """Bring back what was undone last, of a project where one is named."""
        undone = [step for step in self._steps().undone if not code or code in dict(step)]
        if not undone:
            raise Refused("nothing to redo")
        return self._take_back(undone[-1], "redo", other_ways() if ways is None else ways)

    def take_back(self, code: str, sequence: int) -> Outcome:
        """Take back a change of this user's, of whichever session; :meth:`redo` brings it back.

        Where it is part of this session's last step, all of that is taken back.
        """
        done = self._steps().done
        last = done[-1] if done and (code, sequence) in done[-1] else ((code, sequence),)
        return self._take_back(last, "undo", "")

    def _take_back(self, steps: Sequence[Step], verb: str, ways: str) -> Outcome:
        """Take back exactly these transactions, the last first; all of them, or none where one is refused."""
        outcomes: list[Outcome] = []
        with self._one_act() as act:
            try:
                for code, sequence in reversed(steps):
                    outcomes.append(self._inverse(code, sequence, verb))
            except (Refused, UndoRefused) as error:
                self._restore(act)
                raise Refused(_with_ways(error, ways)) from error
            except (StoreError, OSError):
                self._restore(act)
                raise
        return _joined(outcomes)

    def _restore(self, act: Sequence[Act]) -> None:
        for code, sequence, _ in reversed(act[:]):
            self._inverse(code, sequence, "redo")

    def _inverse(self, code: str, sequence: int, verb: str) -> Outcome:
        if code not in self.stores():
            raise Refused(f"{code} can't be opened now, and a part of this was done there")
        return self.stores()[code].undo(sequence, verb)

    @contextlib.contextmanager
    def _one_act(self) -> Iterator[list[Act]]:
        """Whatever is written until the block ends, in any project, is one step."""
        act: list[Act] = []
        for store in self.stores().values():
            store.act = act
        try:
            yield act
        finally:
            for store in self.stores().values():
                store.act = None
            if act:
                self._acts.append(act)
                if self._recalled is not None:
                    self._recalled.take(act)

    def _steps(self) -> Steps:
        """Give this session's steps: read from the journals when they are first asked for, then kept.

        They are read anew where another process of the session, such as a command in the same pane, wrote.
        """
        with contextlib.suppress(StoreError, OSError):  # what can't be opened has nothing to undo
            self.shared  # noqa: B018 - opened, so that what was done there before can be undone
        stores = self.stores()
        elsewhere = sum(store.elsewhere for store in stores.values())
        if self._recalled is None or elsewhere != self._elsewhere:
            before = {code: p.sequence if elsewhere else self._began[code] for code, p in stores.items()}
            found = {code: stores[code].done_here(upto) for code, upto in before.items()}
            self._recalled, self._elsewhere = Steps(), elsewhere
            for act in (*acts(found), *(() if elsewhere else self._acts)):
                self._recalled.take(act)
        return self._recalled

    def close(self) -> None:
        """Close every project's files."""
        for store in self.stores().values():
            store.close()

    def _take_shared(self, found: OpenProject | None) -> OpenProject | None:
        self._shared = found
        if found is not None:
            self._listen(found)
        return found

    def _take(self, project: OpenProject) -> None:
        self.projects[project.code] = project
        self._listen(project)

    def _listen(self, project: OpenProject) -> None:
        self._began[project.code] = project.sequence
        project.listeners.append(lambda changed: self._tell(project.code, changed))

    def _tell(self, code: str, changed: Changed) -> None:
        for listener in self.listeners:
            listener(code, changed)


def title_of(project: OpenProject) -> str:
    """What people call a project: its name, or its code."""
    record: Project = project.data.project
    return record.title or project.code


def _with_ways(error: Refused | UndoRefused, ways: str) -> str:
    """A refusal with what else can be done, before what is only read where there is room."""
    if isinstance(error, NotTakenBack):
        return f"{error.short}; {ways} ({error.more})" if ways else str(error)
    first, *more = str(error).splitlines()
    return "\n".join(("; ".join(filter(None, (first, ways))), *more))


def _joined(outcomes: Sequence[Outcome]) -> Outcome:
    if len(outcomes) == 1:
        return outcomes[0]
    numbers = tuple(n for o in outcomes for n in o.numbers)
    done = {o.words.partition(" · ")[0].partition(" records ")[2] or o.words for o in outcomes if o.words}
    words = (
        f"{len(numbers)} records {done.pop()}" if len(done) == 1 else "; ".join(o.words for o in outcomes if o.words)
    )
    lasting = all(o.lasting for o in outcomes)
    return Outcome(numbers, words, tuple(s for o in outcomes for s in o.said), lasting)
