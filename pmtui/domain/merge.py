"""Two people's changes of one record joined: by field, a long text by line; what can't be joined is told.

Base is what both began with, mine what is about to be written, theirs what was stored meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec

from pmtui.domain.fields import Field, Merge
from pmtui.domain.records import Record, RecordType

Keep = Literal["mine", "theirs", "both"]
"""Whose lines stay where both altered the same ones; of both, theirs come first."""

_MOST_COMPARED = 4_000_000
"""Lines by lines that are compared at most; two texts that differ in more differ as a whole."""

Edit = tuple[int, int, Sequence[str]]
"""Lines that one side has instead of those of the base from a place, counted from 0, up to another."""


class Part(msgspec.Struct, frozen=True):
    """A stretch of a text: its lines as both began with them, and what each side made of them."""

    base: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]

    @property
    def clashes(self) -> bool:
        """Whether both altered the same lines, in different ways."""
        return bool(self.base) and self.mine not in (self.base, self.theirs) and self.theirs != self.base

    def joined(self, keep: Keep) -> Sequence[str]:
        """The lines of both sides: whichever changed; where both did, what both added, or what is kept."""
        if self.mine == self.base:
            return self.theirs
        if self.theirs in (self.base, self.mine):
            return self.mine
        if keep == "both" or not self.clashes:
            return _both(self.mine, self.theirs)
        return self.mine if keep == "mine" else self.theirs


class LineMerge(msgspec.Struct, frozen=True):
    """Two versions of a text and the one they began with, cut where they differ."""

    parts: tuple[Part, ...]

    @property
    def clashes(self) -> tuple[Part, ...]:
        """The parts of which both altered the same lines."""
        return tuple(part for part in self.parts if part.clashes)

    def text(self, keep: Keep = "both") -> str:
        """The text with the changes of both, and with those lines kept where they clash."""
        return "\n".join(line for part in self.parts for line in part.joined(keep))


class Conflict(msgspec.Struct, frozen=True):
    """A field that two people changed in ways that can't be joined; ``lines`` where it is a long text."""

    field: str
    base: Any
    mine: Any
    theirs: Any
    lines: LineMerge | None = None


class Merged(msgspec.Struct, frozen=True):
    """What to write by field, which of it was joined from two people's changes, and what can't be."""

    values: Mapping[str, Any]
    joined: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def merge_values(record_type: RecordType, base: Record, theirs: Record, mine: Mapping[str, Any]) -> Merged:
    """The values of mine that are to be written on theirs, when both began with base.

    A value that I left as it was, or that is theirs too, is not written again.
    """
    values: dict[str, Any] = {}
    joined: list[str] = []
    conflicts: list[Conflict] = []
    for name, value in mine.items():
        began, stored = getattr(base, name), getattr(theirs, name)
        found = merge_field(record_type.fields[name], began, value, stored)
        if isinstance(found, Conflict):
            conflicts.append(found)
        elif found != stored:
            values[name] = found
            if found != value:
                joined.append(name)
    return Merged(values, tuple(joined), tuple(conflicts))


def merge_field(field: Field, base: Any, mine: Any, theirs: Any) -> Any:
    """One field's value with both changes, by its :attr:`Field.merge`; a :class:`Conflict` where there is none."""
    if mine == base:
        return theirs
    if theirs == base:
        return mine
    if field.merge is Merge.ADD:  # before the same value: two people who booked 2 hours each worked 4
        return _sum(field, base, mine, theirs)
    if mine == theirs:
        return theirs
    return _JOINED[field.merge](field, base, mine, theirs)


def merge_lines(base: str, mine: str, theirs: str) -> LineMerge:
    """Two versions of a text, joined by line.

    Lines that both added in the same place stay both, theirs first; lines of the base that both altered
    clash. A text that was empty had no lines; one that was emptied is an empty line.
    """
    return LineMerge(tuple(_parts(*(text.split("\n") if text or base else [] for text in (base, mine, theirs)))))


def _sum(field: Field, base: Any, mine: Any, theirs: Any) -> Any:
    """Theirs and what mine adds to the base; nothing counts as 0. Sums of decimals are exact."""
    numbers = [value or 0 for value in (base, mine, theirs)]
    was, ours, others = (Decimal(str(number)) for number in numbers)
    total = others + ours - was
    if total < 0 <= min(ours, others):  # both took the same off: one correction, made twice
        return theirs if mine == theirs else Conflict(field.name, base, mine, theirs)
    kinds = {type(value) for value in (base, mine, theirs)}
    return next(kind for kind in (Decimal, float, int) if kind in kinds)(total)


def _set(_: Field, base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, ...]:
    """Theirs in their order, without what mine took out, then what mine added."""
    kept = [item for item in theirs if item in mine or item not in base]
    return (*kept, *(item for item in mine if item not in base and item not in kept))


def _text(field: Field, base: str, mine: str, theirs: str) -> str | Conflict:
    lines = merge_lines(base, mine, theirs)
    return Conflict(field.name, base, mine, theirs, lines) if lines.clashes else lines.text()


def _asked(field: Field, base: Any, mine: Any, theirs: Any) -> Conflict:
    return Conflict(field.name, base, mine, theirs)


_JOINED: Mapping[Merge, Callable[[Field, Any, Any, Any], Any]] = {
    Merge.SET: _set,
    Merge.LINES: _text,
    Merge.VALUE: _asked,
}


def _parts(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Part]:
    """The three texts cut into parts that one side changed, both did, or none.

    Edits of both sides are one part where they touch the same lines of the base, or add in the same place.
    """
    ours = [(start, end, True, lines) for start, end, lines in _edits(base, mine)]
    others = [(start, end, False, lines) for start, end, lines in _edits(base, theirs)]
    waiting = sorted([*ours, *others], key=lambda edit: edit[:3], reverse=True)
    at = 0
    while waiting:
        first, last, *_ = waiting[-1]
        group: list[tuple[int, int, bool, Sequence[str]]] = []
        while waiting and (waiting[-1][0] < last or waiting[-1][:2] == (first, last)):
            group.append(waiting.pop())
            last = max(last, group[-1][1])
        if at < first:
            yield Part(base[at:first], base[at:first], base[at:first])
        sides = [[(s, e, lines) for s, e, is_mine, lines in group if is_mine is wanted] for wanted in (True, False)]
        yield Part(base[first:last], *(_applied(base, first, last, side) for side in sides))
        at = last
    if at < len(base):
        yield Part(base[at:], base[at:], base[at:])


def _applied(base: Sequence[str], first: int, last: int, edits: Sequence[Edit]) -> list[str]:
    """The lines of the base from one place up to another, as edits make them."""
    made: list[str] = []
    for start, end, lines in edits:
        made += [*base[first:start], *lines]
        first = end
    return [*made, *base[first:last]]


def _edits(base: Sequence[str], other: Sequence[str]) -> list[Edit]:
    """What the other text has instead of lines of the base, in order."""
    head, tail = _shared_ends(base, other)
    was, now = base[head : len(base) - tail], other[head : len(other) - tail]
    if len(was) * len(now) > _MOST_COMPARED:
        return [(head, head + len(was), now)]
    opcodes = SequenceMatcher(None, was, now).get_opcodes()
    return [(head + a, head + b, now[c:d]) for tag, a, b, c, d in opcodes if tag != "equal"]


def _both(mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """The lines of both, theirs first; those that both begin or end with stand once."""
    head, tail = _shared_ends(mine, theirs)
    return [*theirs[: len(theirs) - tail], *mine[head:]]


def _shared_ends(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """How many lines two texts share at their beginning and, of the rest, at their end."""
    most = min(len(one), len(other))
    head = next((at for at in range(most) if one[at] != other[at]), most)
    most -= head
    tail = next((at for at in range(most) if one[-1 - at] != other[-1 - at]), most)
    return head, tail
