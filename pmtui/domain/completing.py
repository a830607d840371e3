"""What a word that is being typed could become: people, tags, priorities, deliverables, tasks, budget categories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pmtui.domain.fields import Field, Kind
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickgrammar import GRAMMARS, keys_of
from pmtui.domain.records import BY_KIND, Record
from pmtui.domain.records.cost import CATEGORIES
from pmtui.domain.text import fold

MOST = 8
"""Candidates that are offered; typing on narrows them."""

Named = tuple[str, str, str, str]
"""A record as it is looked up: its number, what is shown, the same folded, and its code."""

_URGENCIES = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a word could become: what is put in its place, what is shown, where in that what was typed is."""

    text: str
    shown: str
    at: int = 0
    typed: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What can stand in place of the word that begins at ``start``."""

    start: int
    candidates: tuple[Candidate, ...]


class Completing:
    """Completes words of lines that add to a project; what it looks words up in is gathered once."""

    def __init__(self, data: ProjectData) -> None:
        self._data = data

    def offer(self, kind: str, line: str) -> Offer | None:
        """What could stand in place of the last word of a line, the likeliest first; ``None`` where nothing could."""
        before, _, word = line.rpartition(" ")
        found = self._found(kind, before, word) if word else ()
        best = sorted(found, key=lambda candidate: candidate.at > 0)[:MOST]
        whole = len(best) == 1 and best[0].text == word
        return Offer(len(line) - len(word), tuple(best)) if best and not whole else None

    def _found(self, kind: str, before: str, word: str) -> Iterator[Candidate]:
        grammar, mark, typed = GRAMMARS[kind], word[0], fold(word[1:])
        if mark == "@":
            if kind != "person":
                yield from self._people(typed)
        elif mark == "#":
            yield from (Candidate(f"#{tag}", f"#{tag}", 0, len(word)) for tag in self._tags if _begins(tag, typed))
        elif mark == "!":
            field = BY_KIND[kind].fields.get(grammar.marks.get("!", ""))
            choices = _URGENCIES if field and field.kind is Kind.SCALE else field.choices if field else ()
            plain = (choice for choice in choices if " " not in choice and _begins(choice, typed))
            yield from (Candidate(f"!{choice}", f"!{choice}", 0, len(word)) for choice in plain)
        elif field := self._asked(kind, before):
            yield from self._records(field, word)
        elif field := self._keyed(kind, word):
            key, _, begun = word.partition(":")
            yield from self._records(field, begun, prefix=f"{key}:")
        elif fold(word).startswith("w-") and "in" in grammar.asks:
            field = BY_KIND[kind].fields[grammar.asks["in"]]
            if "deliverable" in field.kinds:
                yield from self._records(field, word, prefix="in ")
        elif kind in {"cost", "budget line"} and len(word) > 1:
            yield from self._categories(fold(word))

    def _people(self, typed: str) -> Iterator[Candidate]:
        for handle, name in self._names:
            if _begins(handle, typed):
                yield Candidate(f"@{handle}", f"@{handle} {name}".strip(), 0, 1 + len(typed))
            elif typed and (at := _word_at(fold(name), typed)) >= 0:
                yield Candidate(f"@{handle}", f"@{handle} {name}", len(handle) + 2 + at, len(typed))

    def _asked(self, kind: str, before: str) -> Field | None:
        """The field whose records a word such as ``after`` asks for, also after a comma: ``after T-3, T-4``."""
        words = before.split()
        while words and words[-1].endswith(","):
            words.pop()
        name = GRAMMARS[kind].asks.get(words[-1].lower(), "") if words else ""
        field = BY_KIND[kind].fields.get(name)
        return field if field and field.kind in {Kind.REFERENCE, Kind.REFERENCES} else None

    @staticmethod
    def _keyed(kind: str, word: str) -> Field | None:
        """The field whose records a word such as ``for:R-3`` names."""
        key, colon, _ = word.partition(":")
        field = BY_KIND[kind].fields.get(keys_of(kind).get(key.lower(), "")) if colon else None
        return field if field and field.kind in {Kind.REFERENCE, Kind.REFERENCES} else None

    def _records(self, field: Field, word: str, prefix: str = "") -> Iterator[Candidate]:
        """Records that a reference may name, by number, code or the beginning of a word of their names.

        What has ended is named only as a cause: a risk that occurred, a change that is implemented.
        """
        done, _, part = word.rpartition(",")
        head, typed = f"{prefix}{done}," if done else prefix, fold(part)
        if not typed:
            return
        known = self._named(field.kinds, ended=field.name == "caused_by")
        begin = (named for named in known if named[2].startswith(typed))
        yield from (Candidate(head + named[0], named[1], 0, len(typed)) for named in islice(begin, MOST))
        yield from islice(self._by_words(known, typed, head), MOST)

    @staticmethod
    def _by_words(known: Sequence[Named], typed: str, head: str) -> Iterator[Candidate]:
        """Records of which a word, or the code, begins so."""
        for number, shown, folded, code in known:
            if typed in folded and not folded.startswith(typed):
                at = _word_at(folded, typed, len(number) + 1)
                if at >= 0:
                    yield Candidate(head + number, shown, at, len(typed))
            elif code and _begins(code, typed) and not folded.startswith(typed):
                yield Candidate(head + number, shown)

    def _categories(self, typed: str) -> Iterator[Candidate]:
        known = dict.fromkeys((*(line.category for line in self._data.budget_lines.values()), *CATEGORIES))
        yield from (Candidate(name, name, 0, len(typed)) for name in known if _begins(name, typed) and " " not in name)

    @cached_property
    def _names(self) -> Sequence[tuple[str, str]]:
        return sorted((person.handle, person.full_name) for person in self._data.people.values())

    @cached_property
    def _tags(self) -> Sequence[str]:
        return sorted({tag for record in self._data.records() for tag in record.tags})

    @cached_property
    def _known(self) -> dict[tuple[tuple[str, ...], bool], list[Named]]:
        return {}

    def _named(self, kinds: tuple[str, ...], *, ended: bool) -> Sequence[Named]:
        """Number, words shown, the same folded, and code of every open record of these kinds, then of those ended."""
        if (kinds, ended) not in self._known:
            records: Iterator[Record] = (
                record for kind in kinds for record in self._data.tables.get(BY_KIND[kind].table, {}).values()
            )
            self._known[kinds, ended] = [
                (r.number, f"{r.number} {r.name}", fold(f"{r.number} {r.name}"), str(getattr(r, "code", "")))
                for r in sorted(records, key=lambda r: not r.is_open)
                if ended or r.is_open
            ]
        return self._known[kinds, ended]


def _begins(text: str, typed: str) -> bool:
    return fold(text).startswith(typed)


def _word_at(folded: str, typed: str, start: int = 0) -> int:
    """Where a word of a folded text begins so, from a place on; -1 where none does."""
    at = folded.find(typed, start)
    while at > start and folded[at - 1].isalnum():
        at = folded.find(typed, at + 1)
    return at
