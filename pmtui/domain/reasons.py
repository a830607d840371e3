"""Why something was decided: short lists of usual reasons, each with its key, that learn from what is given."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from pmtui.domain.text import fold

MOVED, ENDED = "moved", "ended"
"""What a reason is for: a date that moves, or work that is not to be done."""

USUAL: Mapping[str, Mapping[str, str]] = {
    MOVED: {
        "v": "vendor late",
        "d": "waiting for a decision",
        "c": "capacity",
        "s": "scope grew",
        "e": "estimate was short",
        "i": "illness or leave",
    },
    ENDED: {
        "n": "no longer needed",
        "s": "out of scope",
        "r": "replaced by other work",
        "b": "no budget",
        "d": "decided against",
    },
}
"""The reasons that always have their letter."""

KIND_OF_VERB = {
    "reschedule": MOVED, "progress": MOVED, "drop": ENDED, "void": ENDED, "defer": ENDED,
}  # fmt: skip
"""What the reason of a transaction with this verb was for."""

RECURS = 2
"""How often a reason must have been typed to stand in the list."""

DIGITS = "123456789"
"""The keys of reasons that were learnt."""

MOST_LEARNT = 5
"""Reasons that were learnt shown at once."""


class Given(msgspec.Struct, frozen=True):
    """A reason that somebody gave; ``mine`` where it was this user."""

    kind: str
    words: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to choose, and its key."""

    key: str
    words: str


def listed(kind: str, given: Iterable[Given], keys: Mapping[str, str]) -> tuple[Reason, ...]:
    """The reasons of a kind, those given most come first; ``given`` are the latest ones, newest first.

    A usual reason keeps its letter wherever it stands. One that was typed :data:`RECURS` times or more
    has the digit that ``keys`` (by its folded words) gives it, else the next free one: who passes the same
    keys again finds it under the same digit. What this user gave counts twice.
    """
    usual = {fold(words): Reason(key, words) for key, words in USUAL[kind].items()}
    weights: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    typed: dict[str, str] = {}
    for one in given:
        if one.kind == kind and one.words:
            name = fold(one.words)
            weights[name] += 2 if one.mine else 1
            uses[name] += 1
            typed.setdefault(name, one.words)
    learnt = [name for name, _ in weights.most_common() if name not in usual and uses[name] >= RECURS]
    digits = dict(keys)
    for name in learnt:
        free = next((digit for digit in DIGITS if digit not in digits.values()), None)
        if name not in digits and free:
            digits[name] = free
    known = [Reason(digits[name], typed[name]) for name in learnt if name in digits][:MOST_LEARNT]
    found = [*usual.values(), *known]
    order = {name: -weight for name, weight in weights.items()}
    return tuple(sorted(found, key=lambda reason: order.get(fold(reason.words), 0)))


def keys_of(reasons: Sequence[Reason]) -> dict[str, str]:
    """The digits of reasons that were learnt, by their folded words, to be given to :func:`listed` again."""
    return {fold(reason.words): reason.key for reason in reasons if reason.key in DIGITS}
