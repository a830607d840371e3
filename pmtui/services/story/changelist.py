"""A project's changes, newest first, read and told as far as somebody looks."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence

from pmtui.services.project import OpenProject
from pmtui.services.story.filter import Wanted, fits
from pmtui.services.story.telling import Told
from pmtui.store import Transaction
from pmtui.store.history import Gap

AT_A_TIME = 500
"""Changes read in one go: some milliseconds; fewer where words are looked for, since each must then be told."""


class ChangeList:
    """The changes of a project that are wanted. ``shown`` are their numbers, the newest first.

    ``read`` counts the changes looked at, ``ended`` says whether there are no earlier ones.
    """

    def __init__(self, project: OpenProject, wanted: Wanted | None = None) -> None:
        self.project = project
        self.wanted = wanted or Wanted()
        self.shown: list[int] = []
        self.read = 0
        self.ended = False
        self._found: dict[int, Transaction] = {}
        self._told: dict[int, Told] = {}
        self._when: dict[int, dt.datetime] = {}
        self._undoes: dict[int, int] = {}
        self._story = project.story()
        self._newest = project.sequence
        self._gaps: Sequence[Gap] | None = None
        self._source = project.history(record=self.wanted.record, newest_first=True)

    def more(self) -> int:
        """Read some earlier changes; how many of them are wanted."""
        most = AT_A_TIME // 4 if self.wanted.words else AT_A_TIME
        some = list(itertools.islice(self._source, most))
        self.ended = len(some) < most
        self.read += len(some)
        found = self._take(some)
        self.shown += found
        return len(found)

    def fresh(self) -> int:
        """Take in what was written since; how many of that is wanted. All that is told is told anew."""
        self._story = self.project.story()
        self._told.clear()
        newer = itertools.takewhile(
            lambda t: t.sequence > self._newest, self.project.history(record=self.wanted.record, newest_first=True)
        )
        some = list(newer)
        self._newest = self.project.sequence
        self.read += len(some)
        found = self._take(some)
        self.shown[:0] = found
        return len(found)

    def told(self, sequence: int) -> Told:
        """A change in words; of the record alone where one is wanted."""
        told = self._told.get(sequence)
        if told is None:
            told = self._story.told(self._found[sequence])
            told = self._told[sequence] = told.about(self.wanted.number) if self.wanted.record else told
        return told

    def time(self, sequence: int) -> dt.datetime:
        """When a change was made, in the user's zone."""
        when = self._when.get(sequence)
        if when is None:
            when = self._when[sequence] = self._story.time(self._found[sequence])
        return when

    def taken_back(self) -> frozenset[int]:
        """The changes that a later one took back, so that they no longer hold."""
        gone: set[int] = set()
        for sequence, target in sorted(self._undoes.items(), reverse=True):
            if sequence not in gone:
                gone.add(target)
        return frozenset(gone)

    def gaps_between(self, newer: int, older: int) -> Iterator[Gap]:
        """What is not kept between two changes of the list; ``older`` 0 is before the first."""
        if self._gaps is None:
            self._gaps = self.project.gaps()
        return (gap for gap in reversed(self._gaps) if older < gap.first and gap.last < newer)

    def _take(self, some: Sequence[Transaction]) -> list[int]:
        wanted = []
        for transaction in some:
            if transaction.note.undoes:
                self._undoes[transaction.sequence] = transaction.note.undoes
            if fits(self._story, transaction, self.wanted):
                self._found[transaction.sequence] = transaction
                wanted.append(transaction.sequence)
        return wanted
