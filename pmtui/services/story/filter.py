"""Which changes are meant: of a record, a person, a period, or with some words; ``T-48 @ana since:mon vendor``."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pmtui.domain.dates import DateError, read_date
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import BY_TABLE, split_number
from pmtui.domain.text import clean, fold
from pmtui.services.project import OpenProject
from pmtui.services.story.telling import Story, Told
from pmtui.services.story.verbs import STORE_VERBS
from pmtui.store import Transaction

_TERM = re.compile(r'(?P<key>[A-Za-z]+):"(?P<quoted>[^"]*)"|"(?P<words>[^"]+)"|(?P<plain>\S+)')
_NUMBER = re.compile(r"[A-Za-z]{1,3}-?\d+")
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What changes to show: all of what is given must fit. ``since`` and ``until`` are days, both included."""

    record: tuple[str, int] | None = None
    user: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    words: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """The number of the record; empty where any will do."""
        return BY_TABLE[self.record[0]].number(self.record[1]) if self.record else ""


def read_wanted(text: str, today: dt.date, *, me: str) -> Wanted:
    """What a line asks for: a number, ``@person``, ``mine``, ``since:``, ``until:`` and words of the sentence.

    Days are read as of the past: ``since:mon`` is last Monday. Raises :class:`Refused` where one can't be read,
    and for another word before a colon: it is a slip more often than a word.
    """
    record, user, words = None, "", []
    days: dict[str, dt.date] = {}
    for term in _TERM.finditer(clean(text)):
        plain = term["plain"] or ""
        key, colon, value = (term["key"], ":", term["quoted"]) if term["key"] else plain.partition(":")
        found = split_number(plain) if _NUMBER.fullmatch(plain) else None
        if colon and key.lower() in {"since", "until"}:
            if value:
                days[key.lower()] = read_day(value, today, key.lower())
        elif colon and key.isalpha() and value and not value.startswith("//"):
            raise Refused(f"{key}: is not known here; since:mon and until:fri are, and words in quotes")
        elif found is not None:
            record = (found[0].table, found[1])
        elif plain.startswith("@"):
            user = plain[1:] or user
        elif plain.lower() == "mine":
            user = me
        else:
            words.append(fold(term["words"] or plain or term["quoted"]))
    return Wanted(record, user, days.get("since"), days.get("until"), tuple(words))


def read_day(text: str, today: dt.date, field: str) -> dt.date:
    """A day of the past as people write it; raises :class:`Refused`."""
    try:
        return read_date(text, today, prefer="past")
    except DateError as error:
        raise Refused([Problem(field, text, str(error))]) from None


def changes(project: OpenProject, wanted: Wanted, *, newest_first: bool = False) -> Iterator[Told]:
    """The changes of a project that are wanted, told in words."""
    story = project.story()
    for transaction in project.history(record=wanted.record, newest_first=newest_first):
        if fits(story, transaction, wanted):
            yield story.told(transaction)


def fits(story: Story, transaction: Transaction, wanted: Wanted) -> bool:
    """Whether a change is wanted; it is only told where words are looked for."""
    if not is_shown(transaction) or (wanted.user and fold(transaction.user) != fold(wanted.user)):
        return False
    if wanted.record and not any((op[1], op[2]) == wanted.record for op in transaction.ops):
        return False
    if wanted.since or wanted.until:
        day = story.time(transaction).date()
        if (wanted.since and day < wanted.since) or (wanted.until and day > wanted.until):
            return False
    if not wanted.words:
        return True
    told = story.told(transaction)
    text = fold(f"{told.words} {told.phrase.title} {' '.join(told.numbers)}")
    return all(word in text for word in wanted.words)


def is_shown(transaction: Transaction) -> bool:
    """Whether a transaction touched a record that people know, or the project's files as a whole."""
    touched = (op for op in transaction.ops if op[0] in {"i", "u", "d"} and op[1] in BY_TABLE)
    return transaction.note.verb in STORE_VERBS or any(True for _ in touched)
