"""What is wrong with a store's journals, line by line, in words."""

import datetime as dt
from collections.abc import Iterator

from pmtui.store.damage.chain import Chain, Fate, Line, Tail
from pmtui.store.damage.differences import said_change, said_range
from pmtui.store.damage.findings import REPAIR, Finding
from pmtui.store.rawfiles import Files

_FLAWS = {
    "bit": "one bit was flipped after it was written, and its checksum tells which: the change can be mended",
    "checksum": "its checksum was altered after it was written; the change itself is whole",
    "end": "the end of the line was altered after it was written; the change itself is whole",
}


class LineFindings:
    """Tells of each line that is not as it was written, and of those that are gone; times in ``zone``."""

    def __init__(self, files: Files, chain: Chain, zone: dt.tzinfo | None) -> None:
        self.chain = chain
        self.zone = zone
        self.kept = files.meta.sequence if files.meta and files.is_written else 0
        self.in_use = max((path.name for path, _ in files.journals), default="")
        lost = [n.sequence for n in chain.lines if n.sequence and (n.fate is Fate.ALTERED or n.flaw)]
        self.first_lost = min(lost + [first for first, _ in chain.missing], default=0)

    def all(self) -> Iterator[Finding]:
        """All findings, in the order of the files."""
        before: Line | None = None
        for line in self.chain.lines:
            part = before is not None and before.fate is Fate.ALTERED and not line.stated and not line.sequence
            if not part:  # else the rest of a line that a new newline cut in two
                yield from self._line(line)
            before = line
        for first, last in self.chain.missing:
            yield self._missing(first, last)
        for tail in self.chain.tails:
            yield self._tail(tail)

    def _line(self, line: Line) -> Iterator[Finding]:
        place = f"{line.place}, byte {line.offset}"
        told = f"{line.place} ({self._change(line)})"
        if line.fate is Fate.ALTERED:
            proof = any(line.stated and n.follows(line.stated) for n in self._after(line))
            how = ", as the line after it proves" if proof else ""
            words = f"{told} was altered after it was written{how}; {self._shown(line.sequence)}"
            yield Finding("altered line", place, words, damage=True, remedy=REPAIR)
        elif line.fate is Fate.FOREIGN:
            words = f"{told} was not written there: neither the line before nor the one after knows it"
            yield Finding("line from elsewhere", place, words, damage=True, remedy=REPAIR)
        elif line.fate is Fate.TWICE:
            yield Finding("line twice", place, f"{told} is there twice", damage=True, remedy=REPAIR)
        elif line.fate is Fate.UNPROVEN:
            words = f"{told} comes after a gap, so that nothing proves it; it reads well"
            yield Finding("line after a gap", place, words, damage=True, remedy=REPAIR)
        if line.flaw:
            words = f"{told}: {_FLAWS[line.flaw]}; {self._shown(line.sequence)}"
            yield Finding("altered line", place, words, damage=True, remedy=REPAIR)
        if line.moved:
            words = f"{told} stands behind a later change: lines changed places; the change itself is whole"
            yield Finding("line out of place", place, words, damage=True, remedy=REPAIR)

    def _change(self, line: Line) -> str:
        return said_change(line.sequence, line.transaction, self.zone) if line.sequence else "which nobody can read"

    def _after(self, line: Line) -> list[Line]:
        following = self.chain.chosen.get(line.sequence + 1)
        return [following] if following else []

    def _shown(self, sequence: int) -> str:
        """What is still to be seen in spite of a change that is lost."""
        if sequence <= self.kept:
            return "what is there today is whole, and what history tells is not"
        return f"changes up to {max(self.kept, (self.first_lost or sequence) - 1)} are shown, read-only"

    def _missing(self, first: int, last: int) -> Finding:
        before, after = self.chain.chosen.get(first - 1), self.chain.chosen.get(last + 1)
        where = [f"after {before.place}"] if before else []
        where += [f"before {after.place}"] if after else []
        place = " and ".join(where) or "journals"
        verb = "is" if first == last else "are"
        words = f"{said_range(first, last)} {verb} missing ({place}); {self._shown(first)}"
        return Finding("missing line", place, words, damage=True, remedy=REPAIR)

    def _tail(self, tail: Tail) -> Finding:
        if tail.file != self.in_use:
            words = f"{tail.file}: it ends in the middle of a line of {len(tail.raw)} bytes"
            return Finding("cut journal", f"{tail.file}, byte {tail.offset}", words, damage=False)
        kind, what = "torn tail", f"an unfinished last line of {len(tail.raw)} bytes"
        if tail.is_empty:
            kind, what = "zero-filled tail", f"{len(tail.raw)} zero bytes at the end, as a power cut leaves them"
        words = f"{tail.file}: {what}, never acknowledged"
        return Finding(
            kind, f"{tail.file}, byte {tail.offset}", words, damage=False, remedy="whoever writes next sets it aside"
        )
