"""Statuses of a record type and the moves allowed between them."""

from collections.abc import Mapping

import msgspec

from pmtui.domain.text import fold


def plain(word: str) -> str:
    """A status as it is compared: ``To-do``, ``to do`` and ``todo`` are one."""
    return fold(word).replace(" ", "").replace("-", "").replace("_", "")


class Flow(msgspec.Struct, frozen=True):
    """The statuses in their order, which of them are ends, and the moves between them.

    ``moves`` names for each status those that may follow it.
    """

    moves: Mapping[str, tuple[str, ...]]
    ends: frozenset[str] = msgspec.field(default_factory=frozenset)

    @property
    def statuses(self) -> tuple[str, ...]:
        """All statuses, in order; the first is a new record's."""
        return tuple(self.moves)

    @property
    def initial(self) -> str:
        """The status of a new record."""
        return next(iter(self.moves))

    def is_open(self, status: str) -> bool:
        """Whether work is still to come in this status."""
        return status not in self.ends

    def allows(self, before: str, after: str) -> bool:
        """Whether a record may go from one status to another (or stay)."""
        return before == after or after in self.moves.get(before, ())

    def named(self, word: str) -> str | None:
        """The status a person means by ``word``: its name, or the only one that begins so."""
        wanted = plain(word)
        exact = [s for s in self.moves if plain(s) == wanted]
        begun = [s for s in self.moves if wanted and plain(s).startswith(wanted)]
        if exact:
            return exact[0]
        return begun[0] if len(begun) == 1 else None
