"""What was decided in a sitting, act by act, so that an undo takes exactly one back."""

import itertools
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from pmtui.services.desk import Key
from pmtui.store import Transaction

SETTLED = "settled"
"""What an item counts as that is late no more, though nothing was decided here."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an item counts as, and the transaction that decided it, where one did here.

    What is not ``final`` was done to an item that is still to be decided; ``earlier`` are such acts before this one.
    """

    word: str
    transaction: Transaction | None = None
    final: bool = True
    earlier: tuple["Decision", ...] = ()

    @property
    def all(self) -> tuple["Decision", ...]:
        """What was done to the item, in its order."""
        return (*self.earlier, self)

    def after(self, before: "Decision | None") -> "Decision":
        """The decision upon what was done to the item before, which stays told where it was not final."""
        kept = tuple(one for one in before.all if not one.final) if before is not None else ()
        return replace(self, earlier=kept)


Step = dict[Key, tuple[Decision | None, Decision | None]]
"""What an act made of each item: its decision before and after."""


@dataclass
class Decisions:
    """The decision of each item by its key, and the acts they came from."""

    of: dict[Key, Decision] = field(default_factory=dict)
    _acts: list[Step] = field(default_factory=list)
    _undone: list[Step] = field(default_factory=list)

    @property
    def decided(self) -> set[Key]:
        """The items that need no more."""
        return {key for key, decision in self.of.items() if decision.final}

    def take(self, decided: Mapping[Key, Decision]) -> None:
        """One more act; also one that decided nothing, since it can be undone too."""
        self._acts.append({key: (self.of.get(key), decision) for key, decision in decided.items()})
        self._undone.clear()
        self.of.update(decided)

    def undo(self) -> list[Key]:
        """Forget the last act; the items it decided."""
        if not self._acts:
            return []
        step = self._acts.pop()
        self._undone.append(step)
        return self._put({key: before for key, (before, _) in step.items()})

    def redo(self) -> list[Key]:
        """Count the act again that was forgotten last; the items it decided."""
        if not self._undone:
            return []
        step = self._undone.pop()
        self._acts.append(step)
        return self._put({key: after for key, (_, after) in step.items()})

    def taken_back(self, code: str, sequence: int) -> None:
        """Forget what a transaction decided that was taken back elsewhere, in the list of changes or by a colleague."""

        def is_it(key: Key, decision: Decision | None) -> bool:
            made = decision.transaction if decision is not None else None
            return key[0] == code and made is not None and made.sequence == sequence

        for key, decision in list(self.of.items()):
            kept = [one for one in decision.all if not is_it(key, one)]
            if not kept:
                del self.of[key]
            elif len(kept) < len(decision.all):
                self.of[key] = replace(kept[-1], earlier=tuple(kept[:-1]))
        for step in list(self._acts):
            if step and all(is_it(key, after) for key, (_, after) in step.items()):
                self._acts.remove(step)

    def settle(self, queue: AbstractSet[Key], late: AbstractSet[Key]) -> None:
        """What is late no more is settled, until it is late again."""
        for key in queue:
            if key not in late:
                self.of.setdefault(key, Decision(SETTLED))
            elif key in self.of and self.of[key].word == SETTLED:
                del self.of[key]

    def tally(self) -> list[tuple[str, int]]:
        """How many items each decision took, the most frequent first."""
        words = ({one.word: None for one in decision.all} for decision in self.of.values())
        return Counter(itertools.chain.from_iterable(words)).most_common()

    def _put(self, decisions: Mapping[Key, Decision | None]) -> list[Key]:
        for key, decision in decisions.items():
            if decision is None:
                self.of.pop(key, None)
            else:
                self.of[key] = decision
        return list(decisions)
