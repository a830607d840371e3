"""The reasons a project's people give, read once from its history and followed from then on."""

import itertools
from collections import deque
from collections.abc import Iterator

from pmtui.domain.reasons import KIND_OF_VERB, Given, Reason, keys_of, listed
from pmtui.domain.text import clean
from pmtui.services.project import Changed, OpenProject
from pmtui.store import Transaction

READ = 1000
"""Transactions looked at when the reasons are first asked for: the latest ones."""

KEPT = 100
"""Reasons remembered: what was given long ago is no longer usual."""


class Reasons:
    """What was given as a reason lately, newest first, and the keys that this session has shown."""

    def __init__(self, project: OpenProject) -> None:
        self._user = project.session.user
        self._keys: dict[str, dict[str, str]] = {}
        self._project = project
        self._read()
        project.listeners.append(self._heard)

    def _read(self) -> None:
        latest = itertools.islice(self._project.history(newest_first=True), READ)
        self._given = deque(itertools.islice(_standing(latest, self._user), KEPT), maxlen=KEPT)

    def listed(self, kind: str) -> tuple[Reason, ...]:
        """The reasons to choose from, the most given first; a key once shown stays with its reason."""
        found = listed(kind, (given for _, given in self._given), self._keys.get(kind, {}))
        self._keys.setdefault(kind, {}).update(keys_of(found))
        return found

    def _heard(self, changed: Changed) -> None:
        transaction = changed.transaction
        if transaction is None:
            return
        if transaction.note.undoes:  # an undo, or a redo: what stands now is read anew
            self._read()
            return
        given = _given(transaction, self._user)
        if given is not None:
            self._given.appendleft((transaction.sequence, given))


def reasons_of(project: OpenProject, kind: str) -> tuple[Reason, ...]:
    """The reasons of a project for what is decided (:data:`pmtui.domain.reasons.USUAL`), the most given first."""
    if project.reasons is None:
        project.reasons = Reasons(project)
    return project.reasons.listed(kind)


def _standing(newest_first: Iterator[Transaction], user: str) -> Iterator[tuple[int, Given]]:
    """The reasons of what was not taken back, with the transactions' numbers."""
    gone: set[int] = set()
    for transaction in newest_first:
        if transaction.sequence in gone:
            continue
        if transaction.note.undoes:
            gone.add(transaction.note.undoes)
        given = _given(transaction, user)
        if given is not None:
            yield transaction.sequence, given


def _given(transaction: Transaction, user: str) -> Given | None:
    """The reason of a transaction; ``None`` where it has none that could be given again."""
    note = transaction.note
    kind, words = KIND_OF_VERB.get(note.verb, ""), clean(note.reason)
    return Given(kind, words, transaction.user == user) if kind and words else None
