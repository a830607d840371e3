"""What a store's journals still prove: which lines are as they were written, which are not, which are gone.

A line is proven where its checksum fits the checksum stated by the line before it, wherever either now stands.
So one altered line does not spoil those after it, and lines that changed places can be put back.
"""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import msgspec

from pmtui.store.journal import BODY_AT, CHAIN_START, Transaction, checksum, from_json
from pmtui.store.replay import sequence_in

_HEAD = re.compile(rb'\{"c":"([0-9a-f]{8})",')
_LONGEST_MENDED = 4096
"""Bytes of a line in which a flipped bit is looked for: the work grows with their square."""
_MOST_MENDED = 50
"""Lines in which a flipped bit is looked for."""
_INNER = b'{"c":"'
_MENDED = {"checksum", "bit"}
LONGEST_GAP = 1_000_000
"""Missing changes in a row beyond which a line's number is not believed."""
Anchors = Mapping[int, frozenset[str]]
"""Checksums of lines by sequence number, as snapshots tell them."""


class Fate(StrEnum):
    """What became of a line since it was written."""

    SOUND = "sound"
    UNPROVEN = "unproven"
    ALTERED = "altered"
    FOREIGN = "foreign"
    TWICE = "twice"


@dataclass(eq=False)
class Line:
    """One line where it stands; ``sequence`` is its true one as far as that can be told (0: not at all).

    ``flaw`` is what is wrong with a line whose change is whole all the same; ``moved`` that it is out of its order.
    ``actual`` is the checksum it was written with, which the next line's is chained to.
    """

    file: str
    count: int
    offset: int
    raw: bytes
    stated: str = ""
    sequence: int = 0
    actual: str = ""
    fate: Fate = Fate.ALTERED
    flaw: str = ""
    moved: bool = False
    proven: bool = False
    position: int = 0

    def __post_init__(self) -> None:
        head = _HEAD.match(self.raw)
        self.stated = self.actual = head[1].decode() if head else ""
        self.sequence = sequence_in(self.raw) or 0

    @cached_property
    def transaction(self) -> Transaction | None:
        """What the line says, be it as it was written or not; ``None`` where nobody can read it."""
        try:
            return msgspec.convert(from_json(self.raw), Transaction)
        except (ValueError, msgspec.ValidationError, RecursionError):
            return None

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file} line {self.count}"

    def checksum_after(self, chain: str) -> str:
        """The checksum that this line's body has after a line with that checksum; as the journal's own."""
        return checksum(chain, self.raw[BODY_AT:])

    def follows(self, chain: str) -> bool:
        """Whether the line was written after one with that checksum."""
        return bool(self.stated) and bool(chain) and self.checksum_after(chain) == self.stated


@dataclass(frozen=True)
class Tail:
    """Bytes after a journal's last newline."""

    file: str
    offset: int
    raw: bytes

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but zero bytes, as a power cut leaves them."""
        return not self.raw.strip(b"\0")


@dataclass
class Chain:
    """All lines as they stand, the chosen one for each sequence number, and what is missing (first and last)."""

    lines: list[Line] = field(default_factory=list)
    chosen: dict[int, Line] = field(default_factory=dict)
    tails: list[Tail] = field(default_factory=list)
    missing: list[tuple[int, int]] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The highest sequence number there is a line for."""
        return max(self.chosen, default=0)


def read_chain(journals: Iterable[tuple[str, bytes]], anchors: Anchors, highest: int = 0) -> Chain:
    """Judge all lines of the journals, given by name and content, the oldest first.

    ``highest`` is the sequence number that a snapshot says there was.
    """
    chain = Chain()
    anchors = {**anchors, 0: anchors.get(0, frozenset()) | {CHAIN_START}}
    for name, data in journals:
        _read_file(chain, name, data)
    links = _Links(chain.lines, anchors)
    if links.broken():
        chain.lines = [piece for line in chain.lines for piece in links.split(line)]
        links = _Links(chain.lines, anchors)
        links.broken()
    links.mend()
    chain.tails = [tail for tail in chain.tails if not _whole_but_its_end(chain, links, tail)]
    _place_unread(chain.lines)
    _choose(chain, links, highest)
    _find_missing(chain, highest)
    return chain


def _read_file(chain: Chain, name: str, data: bytes) -> None:
    offset = 0
    *whole, tail = data.split(b"\n")
    for count, raw in enumerate(whole, 1):
        chain.lines.append(Line(name, count, offset, raw))
        offset += len(raw) + 1
    if tail:
        chain.tails.append(Tail(name, offset, tail))


class _Links:
    """Which line was written after which."""

    def __init__(self, lines: list[Line], anchors: Anchors) -> None:
        self.lines = lines
        self.anchors = anchors
        self.at: dict[int, list[Line]] = {}
        for line in lines:
            self.at.setdefault(line.sequence, []).append(line)
        self.before = dict(zip(map(id, lines[1:]), lines, strict=False))

    def broken(self) -> bool:
        """Prove each line by the one before it; whether any is not proven."""
        whole = True
        for line in self.lines:
            line.proven = self.is_proven(line)
            whole = whole and line.proven
        return not whole

    def is_proven(self, line: Line) -> bool:
        """Whether a line follows the one it stands behind, the one numbered before it, or a snapshot."""
        return any(line.follows(chain) for chain in self._chains(line))

    def _chains(self, line: Line) -> Iterator[str]:
        physical = self.before.get(id(line))
        if physical is not None:
            yield physical.actual
        yield from self.anchors.get(line.sequence - 1, ())
        yield from (other.actual for other in self.at.get(line.sequence - 1, ()))

    def split(self, line: Line) -> list[Line]:
        """The lines in one whose newline was altered: two changes on one line; itself where that is not it."""
        cut = line.raw.find(_INNER, 1) if not line.proven else -1
        while cut > 0:
            first = Line(line.file, line.count, line.offset, line.raw[: cut - 1])
            second = Line(line.file, line.count, line.offset + cut, line.raw[cut:])
            if first.stated and (second.follows(first.stated) or any(map(first.follows, self._chains(line)))):
                first.flaw = "end"
                return [first, *self.split(second)]
            cut = line.raw.find(_INNER, cut + 1)
        return [line]

    def mend(self) -> None:
        """A line whose own checksum was altered is proven by the line after it, or by a snapshot."""
        for line in self.lines:
            following = [n for n in self.at.get(line.sequence + 1, ()) if not n.proven]
            told = self.anchors.get(line.sequence, frozenset())
            if line.proven or line.sequence == 0:
                continue
            for chain in tuple(self._chains(line)):
                actual = line.checksum_after(chain) if chain else ""
                proof = [n for n in following if n.follows(actual)]
                if actual and (proof or actual in told):
                    line.actual, line.proven, line.flaw = actual, True, "checksum"
                    line.raw = _INNER + actual.encode() + b'",' + line.raw[BODY_AT:]
                    for after in proof:
                        after.proven = True
                    break
        broken = [line for line in self.lines if not line.proven and 0 < len(line.raw) <= _LONGEST_MENDED]
        for line in broken[:_MOST_MENDED]:
            self._mend_bit(line)

    def _mend_bit(self, line: Line) -> None:
        """One flipped bit is found by the checksum, which fits with no other bit turned back."""
        for chain in dict.fromkeys(self._chains(line)):
            raw = _with_bit_turned(line, chain) if chain and line.stated else None
            if raw is not None:
                line.raw, line.proven, line.flaw = raw, True, "bit"
                line.sequence = sequence_in(raw) or 0
                self.at.setdefault(line.sequence, []).append(line)
                return


def _with_bit_turned(line: Line, chain: str) -> bytes | None:
    """The line with the one bit turned back that makes it fit behind a checksum; ``None`` where none does."""
    start = zlib.crc32(chain.encode())
    wanted = int(line.stated, 16)
    body = bytearray(line.raw[BODY_AT:])
    for at in range(len(body)):
        for bit in range(8):
            body[at] ^= 1 << bit
            if zlib.crc32(body, start) == wanted:
                return line.raw[:BODY_AT] + bytes(body)
            body[at] ^= 1 << bit
    return None


def _whole_but_its_end(chain: Chain, links: _Links, tail: Tail) -> bool:
    """A last line that lacks nothing but has another byte for its newline was written whole: it counts.

    But where that byte is NUL, a power cut may have left it of one that was never acknowledged.
    """
    if tail.raw.endswith(b"\0"):
        return False
    before = next((line for line in reversed(chain.lines) if line.file == tail.file), None)
    line = Line(tail.file, before.count + 1 if before else 1, tail.offset, tail.raw[:-1])
    chains = [before.actual] if before else list(links.anchors.get(line.sequence - 1, ()))
    if not any(line.follows(actual) for actual in chains):
        return False
    line.proven, line.flaw = True, "end"
    at = chain.lines.index(before) + 1 if before else len(chain.lines)
    chain.lines.insert(at, line)
    links.at.setdefault(line.sequence, []).append(line)
    return True


def _place_unread(lines: list[Line]) -> None:
    """Give a line whose own number can't be trusted the number of its place."""
    for at, line in enumerate(lines):
        if line.proven:
            continue
        after = lines[at + 1] if at + 1 < len(lines) else None
        if after is not None and after.proven and after.sequence and after.follows(line.actual):
            line.sequence = after.sequence - 1
        elif line.sequence == 0 or (line.transaction is None and at and line.sequence != lines[at - 1].sequence + 1):
            due = lines[at - 1].sequence + 1 if at else 1
            open_gap = after is None or after.sequence > due or after.sequence == 0
            line.sequence = due if open_gap and (at == 0 or lines[at - 1].sequence) else 0


def _choose(chain: Chain, links: _Links, highest: int) -> None:
    at: dict[int, list[Line]] = {}
    for position, line in enumerate(chain.lines):
        line.position = position
        at.setdefault(line.sequence, []).append(line)
    reached = highest
    order = _Order(chain.lines, at)
    for sequence in sorted(at):
        if sequence == 0:
            continue
        before = chain.chosen.get(sequence - 1)
        chains = {*links.anchors.get(sequence - 1, ()), *([before.actual] if before else ())}
        best = _best(at[sequence], chains, at.get(sequence + 1, []))
        best.fate = _fate(best, chains, before)
        if best.fate is Fate.UNPROVEN and (sequence - reached > LONGEST_GAP or not order.holds(best)):
            best.fate = Fate.FOREIGN
        for other in at[sequence]:
            if other is not best:
                other.fate = Fate.TWICE if other.raw == best.raw else Fate.FOREIGN
        if best.fate is not Fate.FOREIGN:
            chain.chosen[sequence] = best
            reached = max(reached, sequence)
    for line in at.get(0, []):
        line.fate = Fate.FOREIGN
    _find_moved(chain)


def _best(lines: list[Line], chains: set[str], following: list[Line]) -> Line:
    """The line that belongs at a number: the one that fits before, else after, else the first."""
    for line in lines:
        if any(line.follows(chain) for chain in chains) or (line.proven and line.flaw in _MENDED):
            return line
    for line in lines:
        if any(after.follows(line.actual) for after in following):
            return line
    return lines[0]


def _fate(line: Line, chains: set[str], before: Line | None) -> Fate:
    if line.proven and (line.flaw in _MENDED or any(line.follows(chain) for chain in chains)):
        return Fate.SOUND
    if line.transaction is None or line.transaction.sequence != line.sequence:
        return Fate.ALTERED
    if before is not None and before.stated:  # it should have followed that one
        return Fate.ALTERED
    return Fate.UNPROVEN


class _Order:
    """Whether lines stand behind lower numbers and before higher ones, themselves or the last that follows on them."""

    def __init__(self, lines: list[Line], at: Mapping[int, list[Line]]) -> None:
        self._lines = lines
        self._at = at
        self._known: dict[int, bool] = {}

    def holds(self, line: Line) -> bool:
        """Whether a line's place speaks for its number."""
        run = [line]
        while id(run[-1]) not in self._known:
            following = [n for n in self._at.get(run[-1].sequence + 1, ()) if n.follows(run[-1].actual)]
            if not following:
                self._known[id(run[-1])] = self._is_between(run[-1])
            else:
                run.append(following[0])
        last = self._known[id(run[-1])]
        for one in reversed(run[:-1]):
            self._known[id(one)] = last or self._is_between(one)
        return self._known[id(line)]

    def _is_between(self, line: Line) -> bool:
        lines, before, after = self._lines, line.position - 1, line.position + 1
        while before >= 0 and lines[before].raw == line.raw:
            before -= 1
        while after < len(lines) and lines[after].raw == line.raw:
            after += 1
        higher = after == len(lines) or lines[after].sequence == 0 or lines[after].sequence > line.sequence
        return higher and (before < 0 or lines[before].sequence < line.sequence)


def _find_moved(chain: Chain) -> None:
    """Lines that stand before one with a lower number."""
    highest = 0
    for line in chain.lines:
        if line.fate in {Fate.SOUND, Fate.UNPROVEN}:
            line.moved = line.sequence < highest
            highest = max(highest, line.sequence)


def _find_missing(chain: Chain, highest: int) -> None:
    due = 1
    for sequence in [*sorted(chain.chosen), max(highest, chain.last) + 1]:
        if sequence > due:
            chain.missing.append((due, sequence - 1))
        due = max(due, sequence + 1)
