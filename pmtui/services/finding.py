"""Finding a record of any kind in any open project, by letters of its number and name."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from pmtui.domain.fuzzy import initials, letters_in_order, places_in, plain, score, words_of
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import TYPES, Project, Record, split_number
from pmtui.services.desk import Desk, Key

Way = Callable[[str], re.Pattern[str]]
"""How a word is looked for in a line."""

MOST_WEIGHED = 150
"""Hits whose score is counted for one text; those that hold its words whole come first."""

CLOSED, ELSEWHERE, EXACT = -12, -4, 10_000
"""Points of what is done, of what is in another project than the one in view, of a number that was typed in full."""


@dataclass(slots=True)
class _Entry:
    """A record as it is looked for: ``line`` is its number and name in plain letters."""

    code: str
    record: Record
    line: str
    order: tuple[bool, float]
    at: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found; ``letters`` are places in ``text``, its number and name.

    ``whole`` says whether it was found by its number, or holds each word that was typed without a gap.
    """

    key: Key
    record: Record
    text: str
    letters: tuple[int, ...]
    whole: bool


class Finder:
    """What can be found, kept from one text to the next, and from one state of the projects to the next.

    All lines stand in one text, open ones and the latest first, so that one search of it finds what fits.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._state: list[ProjectData] = []
        self._tables: dict[tuple[str, str], tuple[Mapping[int, Record], dict[int, _Entry]]] = {}
        self._entries: list[_Entry] = []
        self._all = ""
        self._starts: list[int] = []
        self._narrowed: tuple[tuple[str, ...], list[int]] | None = None
        self._dead: tuple[tuple[str, ...], frozenset[Way]] = ((), frozenset())

    def prepare(self) -> None:
        """Read what is there, so that the first letter need not wait for it."""
        self._refresh()

    def find(self, text: str, most: int = 200) -> list[Found]:
        """The records that fit a text best, the best first."""
        words = words_of(text)
        if not words:
            return []
        self._refresh()
        exact = self._exact(text)
        weighed: list[tuple[int, int, tuple[int, ...]]] = []
        for at in dict.fromkeys([*exact, *self._candidates(words)]):
            entry = self._entries[at]
            points = EXACT if at in exact else 0
            fits = score(words, entry.line)
            if fits is None and not points:
                continue
            points += (fits[0] if fits else 0) + CLOSED * entry.order[0] + ELSEWHERE * (entry.code != self._desk.code)
            weighed.append((-points, at, fits[1] if fits else ()))
        weighed.sort()
        return [self._found(at, places, words, exact=at in exact) for _, at, places in weighed[:most]]

    # The index -----------------------------------------------------------------

    def _refresh(self) -> None:
        """Take in what changed: a table that is the same is not looked at, a record that is the same not read."""
        projects = self._desk.shown_all()
        state = [project.data for project in projects]
        if len(state) == len(self._state) and all(a is b for a, b in zip(state, self._state, strict=True)):
            return
        self._state, self._narrowed, self._dead = state, None, ((), frozenset())
        tables = {}
        for project in projects:
            for record_type in TYPES:
                if record_type.struct is not Project:
                    key = project.code, record_type.table
                    records = project.data.tables.get(record_type.table, {})
                    known = self._tables.get(key)
                    same = known is not None and known[0] is records
                    tables[key] = known if known and same else (records, _read(project.code, records, known))
        self._tables = tables
        entries = [entry for _, found in tables.values() for entry in found.values()]
        self._entries = sorted(entries, key=lambda entry: entry.order)
        for at, entry in enumerate(self._entries):
            entry.at = at
        lines = [entry.line for entry in self._entries]
        self._all = "\n".join(lines)
        self._starts = [0, *islice(accumulate(len(line) + 1 for line in lines), max(0, len(lines) - 1))]

    # Searching -------------------------------------------------------------------

    def _exact(self, text: str) -> dict[int, None]:
        """Where a number that was typed in full, or its digits alone, stands."""
        number, digits = split_number(text.strip()), text.strip()
        kinds = [number[0]] if number else list(TYPES) if digits.isascii() and digits.isdigit() else []
        wanted = number[1] if number else int(digits[:12]) if kinds else 0
        tables = {kind.table for kind in kinds}
        there = (found.get(wanted) for (_, table), (_, found) in self._tables.items() if table in tables)
        return {entry.at: None for entry in there if entry is not None}

    def _candidates(self, words: tuple[str, ...]) -> Sequence[int]:
        """Entries that may hold all words: first those that hold them whole, then by letters with gaps."""
        narrowed = self._narrowed
        if narrowed is not None and _goes_on(narrowed[0], words):
            patterns = [_with_gaps(word) for word in words]
            lines = [at for at in narrowed[1] if all(p.search(self._entries[at].line) for p in patterns)]
            self._narrowed = words, lines
            return lines
        dead = self._dead[1] if _goes_on(self._dead[0], words) else frozenset()
        if any(word not in self._all for word in words):  # then no line holds it whole
            dead |= {_from_word_starts, _whole}
        rarest = next((word for word in words if word not in self._all), max(words, key=len))
        found: dict[int, None] = {}
        for way in (_from_word_starts, _by_initials, _whole, _with_gaps_from_word_starts, _with_gaps):
            if way in dead:
                continue
            before = len(found)
            others = [way(word) for word in words if word != rarest]
            for at in self._lines_with(way(rarest), others):
                found[at] = None
                if len(found) >= MOST_WEIGHED:
                    self._dead = words, dead
                    return list(found)
            if len(found) == before and way is _by_initials:
                dead |= {way}
        self._dead, self._narrowed = (words, dead), (words, list(found))
        return list(found)  # all that fit: what is typed on can only be among them

    def _lines_with(self, pattern: re.Pattern[str], others: Sequence[re.Pattern[str]]) -> Iterator[int]:
        place = 0
        while found := pattern.search(self._all, place):
            at = bisect_right(self._starts, found.start()) - 1
            line = self._entries[at].line
            if all(other.search(line) for other in others):
                yield at
            place = self._starts[at] + len(line)

    def _found(self, at: int, places: Sequence[int], words: Sequence[str], *, exact: bool) -> Found:
        entry = self._entries[at]
        text = f"{entry.record.number} {entry.record.name}"
        letters = places_in(text, [place - 1 for place in places])
        whole = exact or all(word in entry.line for word in words)
        return Found((entry.code, entry.record.number), entry.record, text, letters, whole)


def _read(
    code: str, records: Mapping[int, Record], known: tuple[Mapping[int, Record], dict[int, _Entry]] | None
) -> dict[int, _Entry]:
    before = known[1] if known else {}
    found = {}
    for number, record in records.items():
        entry = before.get(number)
        if entry is None or entry.record is not record:
            latest = -record.updated.timestamp() if record.updated else 0.0
            line = " " + plain(f"{record.number} {record.name}")
            entry = _Entry(code, record, line, (not record.is_open, latest))
        found[number] = entry
    return found


def _goes_on(before: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether whatever holds these words also holds those before."""
    return len(words) >= len(before) and all(new.startswith(old) for new, old in zip(words, before, strict=False))


def _from_word_starts(word: str) -> re.Pattern[str]:
    return re.compile(f" {re.escape(word)}")


def _by_initials(word: str) -> re.Pattern[str]:
    return initials(word) if len(word) > 1 else _from_word_starts(word)


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(re.escape(word))


def _with_gaps_from_word_starts(word: str) -> re.Pattern[str]:
    return _from_word_starts(word) if word.isdigit() else letters_in_order(word, at_word=True)


def _with_gaps(word: str) -> re.Pattern[str]:
    return _whole(word) if word.isdigit() else letters_in_order(word)  # a number has no gaps
