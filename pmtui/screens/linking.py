"""Link: which record, address or ticket; then, between tasks, in which way by one key."""

import heapq
import itertools
import re
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.links import ACTION, AFTER, BEFORE, RELATED, is_outside, links_of, ways
from pmtui.domain.records import Project, Record, split_number
from pmtui.domain.text import fold
from pmtui.screens.prompts import Choice, ChoiceScreen, Item, PickerScreen
from pmtui.services.desk import Key
from pmtui.services.linking import WORDS, link, unlink
from pmtui.widgets.cells import Cell

if TYPE_CHECKING:
    from pmtui.screens.records_view import RecordsView
    from pmtui.services.project import OpenProject

MOST = 200
LEAST_LETTERS = 3
"""Letters from which on gaps between them are allowed, where no words fit."""

FIRST = 3
"""Records shown before the links there are, where nothing is typed yet: Enter alone takes none of these away."""

OUTSIDE, TAKE_AWAY = "outside", "take away"


class LinkQuestion:
    """Asks what records are linked to, by some of its words, its number, or an address or ticket as it is."""

    def __init__(self, view: "RecordsView", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        codes = {code for code, _ in keys}
        self._project = view.desk.projects[keys[0][0]] if len(codes) == 1 else None
        self._targets = Targets(self._project, frozenset(n for _, n in keys)) if self._project else None

    @property
    def _name(self) -> str:
        return self._keys[0][1] if len(self._keys) == 1 else f"{len(self._keys)} records"

    def ask(self) -> None:
        """Show the links there are, and what can be linked; once something is typed, what is found comes first."""
        label = f"Link {self._name} to: words of a record, an address, a ticket"
        self._view.app.push_screen(PickerScreen(label, self._items, others=_outside), self._take)

    def _items(self, text: str) -> list[Item]:
        wanted = fold(text).split()
        linked = [item for item in self._linked() if all(word in fold(item.text) for word in wanted)]
        found = self._targets.find(text) if self._targets else []
        return [*found, *linked] if wanted else [*found[:FIRST], *linked, *found[FIRST:]]

    def _linked(self) -> list[Item]:
        """The links there are: taking one takes it away."""
        found: dict[str, Item] = {}
        for code, number in self._keys:
            data, record = self._view.desk.projects[code].data, self._view.desk.record((code, number))
            for known in links_of(record, data) if record else ():
                other = data.get(known.to)
                name = f"{WORDS[known.way]} {known.to}" + (f" {other.name}" if other else "")
                found.setdefault(known.to, Item((TAKE_AWAY, known.to), name, "⏎ takes it away"))
        return list(found.values())

    def _take(self, picked: Hashable | None) -> None:
        if not isinstance(picked, tuple):
            return
        what, to = picked
        if what == TAKE_AWAY:
            desk = self._view.desk
            linked = [
                (code, number)
                for code, number in self._keys
                if (record := desk.record((code, number))) is not None
                and any(known.to == to for known in links_of(record, desk.projects[code].data))
            ]
            self._view.act_on_keys(linked, lambda p, numbers: unlink(p, numbers, to))
        elif what == OUTSIDE or self._project is None:
            self._view.act_on_keys(self._keys, lambda p, numbers: link(p, numbers, to))
        else:
            self._ask_way(self._project, to)

    def _ask_way(self, project: "OpenProject", to: str) -> None:
        records = [found for _, number in self._keys if (found := project.data.get(number)) is not None]
        target = project.data.get(to)
        possible = ways(records, target) if target else ()
        if len(possible) < 2:
            self._view.act_on_keys(self._keys, lambda p, numbers: link(p, numbers, to))
            return
        waits = "wait" if len(self._keys) > 1 else "waits"
        answers = {
            AFTER: Choice("a", "after it", f"{self._name} {waits} for {to}", AFTER),
            BEFORE: Choice("b", "before it", f"{to} waits for {self._name}", BEFORE),
            ACTION: Choice("a", "its action", f"{to} is done about {self._name}", ACTION),
            RELATED: Choice("r", "related", "neither waits" if AFTER in possible else "they name each other", RELATED),
        }

        def take(way: str | None) -> None:
            if way:
                self._view.act_on_keys(self._keys, lambda p, numbers: link(p, numbers, to, way))

        other = target.name if target else ""
        question: Cell = (("Link ", ""), (self._name, "strong"), (" to ", ""), (f"{to} {other}", "strong"))
        self._view.app.push_screen(ChoiceScreen(question, [answers[way] for way in possible]), take)


class Targets:
    """The records of a project by their words, folded once for each state of it; a longer text looks among the last."""

    def __init__(self, project: "OpenProject", without: frozenset[str]) -> None:
        self._project = project
        self._without = without
        self._known: tuple[int, list[tuple[str, Record]]] = (-1, [])
        self._last: tuple[str, list[tuple[str, Record]]] = ("", [])

    def find(self, text: str) -> list[Item]:
        """The records that hold all words typed, else all letters in order; open ones first."""
        typed = fold(text).strip()
        words = typed.split()
        if not words:
            return [_item(record) for record in itertools.islice(filter(_is_open, self._records()), MOST)]
        found = [row for row in self._among(typed) if all(word in row[0] for word in words)]
        self._last = (typed, found)
        if not found and len(typed) >= LEAST_LETTERS:
            gaps = re.compile(".*?".join(map(re.escape, typed.replace(" ", ""))))
            found = [row for row in self._rows() if gaps.search(row[0])]
        best = heapq.nsmallest(MOST, found, key=lambda row: _rank(row, words[0]))
        exact = self._numbered(text)
        rest = [record for _, record in best if exact is None or record.number != exact.number]
        return [_item(record) for record in ([exact] if exact else []) + rest]

    def _numbered(self, text: str) -> Record | None:
        """The record whose number was typed, also without its hyphen."""
        number = split_number(text)
        record = self._project.data.get(number[0].number(number[1])) if number else None
        return record if record and record.number not in self._without and not isinstance(record, Project) else None

    def _among(self, typed: str) -> list[tuple[str, Record]]:
        """The rows to look among: the last ones found where the text only grew."""
        rows = self._rows()
        before, found = self._last
        return found if before and typed.startswith(before) else rows

    def _rows(self) -> list[tuple[str, Record]]:
        if self._known[0] != self._project.sequence:
            self._known = (self._project.sequence, list(self._read()))
            self._last = ("", [])
        return self._known[1]

    def _read(self) -> Iterator[tuple[str, Record]]:
        return ((fold(f" {record.number} {record.name}"), record) for record in self._records())

    def _records(self) -> Iterator[Record]:
        for record in self._project.data.records():
            if not isinstance(record, Project) and record.number not in self._without:
                yield record


def _is_open(record: Record) -> bool:
    return record.is_open


def _rank(row: tuple[str, Record], first: str) -> tuple[bool, bool]:
    """Open ones before ended ones, words that begin so before those that hold it."""
    text, record = row
    return (not record.is_open, f" {first}" not in text)


def _item(record: Record) -> Item:
    status = str(getattr(record, "status", ""))
    aside = f"{record.TYPE.words[0]} · {status}" if status else record.TYPE.words[0]
    return Item(("record", record.number), f"{record.number} {record.name}", aside)


def _outside(text: str) -> Item | None:
    word = text.strip()
    return Item((OUTSIDE, word), word, "address or ticket") if is_outside(word) else None
