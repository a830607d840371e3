"""A transaction in words: ``ana moved T-48 from 30 Oct to 12 Nov: vendor late``. The one place that tells it."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from pmtui.domain.project_data import ProjectData
from pmtui.domain.text import clean
from pmtui.services.story.phrase import Deed, Phrase, by_fields
from pmtui.services.story.values import FieldTold, Touch, Values, touched
from pmtui.services.story.verbs import phrase_of
from pmtui.store import Note, StoreError, Transaction
from pmtui.store.hand_edits import OUTSIDE
from pmtui.store.history import Gap, inverse_ops

"""The user of changes that were made to the files by hand."""

LEAST_TITLE = 12
"""Cells below which a cut title says too little to stand in a sentence."""

_NUMBER = re.compile(r"\b[A-Z]+-\d+\b")

MOST_STEPS = 50
"""How often an undo is followed to what it took back, and that to what it took back."""

_DID = {"i": "added", "u": "changed", "d": "deleted"}

Find = Callable[[int], Transaction | None]


@dataclass(frozen=True, slots=True)
class RecordTold:
    """What a change did to one record: its number and title, ``added``, ``changed`` or ``deleted``, its fields."""

    number: str
    title: str
    did: str
    fields: tuple[FieldTold, ...]


@dataclass(frozen=True)
class Told:
    """A transaction in words. ``own`` says whether it is the user's, of whichever session."""

    transaction: Transaction
    when: dt.datetime
    own: bool
    phrase: Phrase
    reason: str
    effect: str
    touches: tuple[Touch, ...]
    values: Values

    @property
    def sequence(self) -> int:
        """The transaction's number."""
        return self.transaction.sequence

    @property
    def user(self) -> str:
        """Who did it."""
        return clean(self.transaction.user)

    @property
    def session(self) -> str:
        """In which session."""
        return self.transaction.session

    @property
    def outside(self) -> bool:
        """Whether it was done to the files by hand."""
        return self.transaction.user == OUTSIDE

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the records it touched."""
        return tuple(dict.fromkeys(touch.number for touch in self.touches))

    @property
    def words(self) -> str:
        """The sentence with its author."""
        return self.said()

    def said(self, width: int = 0) -> str:
        """The sentence with its author, and with the record's title where that fits into ``width`` characters."""
        if self.outside:
            return self.sentence(width)
        return f"{self.user} {self.sentence(max(0, width - len(self.user) - 1))}"

    def sentence(self, width: int = 0) -> str:
        """What was done, without who; with the record's title where that fits into ``width`` characters.

        No width: without the title.
        """
        head, rest = self.phrase.head, self.phrase.rest
        title = self.phrase.title
        if title in rest or title in head:
            title = ""
        tail = rest
        if self.reason and self.reason not in rest:
            tail += f" ({self.reason})" if ": " in rest else f": {self.reason}"
        if self.effect:
            tail += f". {self.effect}"
        room = width - len(head) - len(tail) - 1
        if title and width and (room >= len(title) or room >= LEAST_TITLE):
            head += f" {title}" if room >= len(title) else f" {title[: room - 1].rstrip()}…"
        return f"{'edited outside pmtui: ' if self.outside else ''}{head}{tail}"

    @cached_property
    def records(self) -> tuple[RecordTold, ...]:
        """Each record it touched, with its fields before and after."""
        return tuple(
            RecordTold(touch.name, touch.title, _DID[touch.what], tuple(self.values.fields(touch)))
            for touch in self.touches
        )

    def about(self, number: str) -> "Told":
        """The same, told of one of its records alone."""
        mine = tuple(touch for touch in self.touches if touch.number == number)
        alone = dataclasses.replace(self, touches=mine)
        if self.transaction.note.undoes or not mine or number in _NUMBER.findall(self.phrase.words):
            return alone
        others = len(self.numbers) - 1
        phrase = _phrase(Deed(self.transaction.note, mine, self.values))
        beside = f" (with {others:,} other record{'' if others == 1 else 's'})"
        return dataclasses.replace(alone, phrase=dataclasses.replace(phrase, rest=phrase.rest + beside))


class Story:
    """Tells transactions to one user: ``data`` gives titles and currency, ``find`` what an undo took back."""

    def __init__(self, data: ProjectData, today: dt.date, zone: dt.tzinfo | None, user: str, find: Find) -> None:
        project = data.tables.get("project")
        self.data = data
        self._values = Values(today, data.project.currency if project else "")
        self._zone = zone
        self._user = user
        self._find = find
        self._found: dict[int, Transaction | None] = {}

    def told(self, transaction: Transaction) -> Told:
        """A transaction in words."""
        note = transaction.note
        original, steps = self._original(transaction)
        touches = tuple(touched(transaction, self.data))
        meant = touches if original is transaction else touched(original, self.data)
        phrase = _phrase(Deed(original.note, meant, self._values))
        reason, effect = clean(original.note.reason), "" if note.undoes else clean(note.effect)
        if note.undoes:
            phrase = Phrase(f"{'took back' if steps % 2 else 'brought back'}: {phrase.head}", phrase.title, phrase.rest)
        return Told(
            transaction,
            self.time(transaction),
            transaction.user == self._user,
            phrase,
            reason,
            effect,
            touches,
            self._values,
        )

    def deed(self, transaction: Transaction) -> str:
        """What was done at first, where a transaction takes something back or brings it back."""
        original, _ = self._original(transaction)
        return _phrase(Deed(original.note, touched(original, self.data), self._values)).words

    def time(self, transaction: Transaction) -> dt.datetime:
        """When it was done, in the user's zone."""
        return dt.datetime.fromtimestamp(transaction.time / 1000, dt.UTC).astimezone(self._zone)

    def day(self, day: dt.date) -> str:
        """A day in a sentence."""
        return self._values.day(day)

    def since(self, later: Transaction, field: str) -> str:
        """Who changed a field since, and when: ``ben changed owner since, 2 Mar 09:14``."""
        told = self.told(later)
        day = "" if told.when.date() == self._values.today else f"{self.day(told.when.date())} "
        fields = (told.values.field(touch, field) for touch in told.touches if field in touch.changes)
        label = next((found.label.lower() for found in fields if found is not None), "it")
        return (
            f"{'somebody outside pmtui' if told.outside else told.user} changed {label} since, {day}{told.when:%H:%M}"
        )

    def _original(self, transaction: Transaction) -> tuple[Transaction, int]:
        """What an undo took back in the end, and over how many steps; what is not kept is read off the undo."""
        found, steps = transaction, 0
        while found.note.undoes and steps < MOST_STEPS:
            steps += 1
            target = found.note.undoes
            if target not in self._found:
                self._found[target] = self._find(target)
            before = self._found[target]
            if before is None:
                return _inverse(found), steps
            found = before
        return found, steps


def _inverse(transaction: Transaction) -> Transaction:
    try:
        ops = inverse_ops(transaction.ops)
    except StoreError:
        ops = []
    return Transaction("", 0, transaction.time, transaction.user, transaction.session, Note(), ops)


def _phrase(deed: Deed) -> Phrase:
    """A phrase; where what is written is of another shape than the verb's teller expects, the fields tell it."""
    try:
        found = phrase_of(deed)
    except (ArithmeticError, AttributeError, KeyError, IndexError, TypeError, ValueError):
        found = by_fields(deed)
    return Phrase(clean(found.head), clean(found.title), _tail(found.rest))


def _tail(text: str) -> str:
    """A text that follows another, made harmless; the blank before it stays."""
    return (" " if text.startswith(" ") else "") + clean(text)


def gap_words(gap: Gap) -> str:
    """What is said of changes that are not kept."""
    if gap.first == gap.last:
        return f"change {gap.first:,} is not kept"
    return f"changes {gap.first:,} to {gap.last:,} are not kept"
