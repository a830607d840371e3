"""The words of a typed line: quotes, keys and dates, before they mean anything to a record."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pmtui.domain.dates import DateError, is_date_like, read_date
from pmtui.domain.text import LINE_LIMIT, clean

LONGEST_DATE = 4
"""Words in the longest date: ``fri 27 nov 2026``."""

_WORD = re.compile(
    r"(?:(?P<key>[^\W\d_][\w%-]*):)?(?:\"(?P<a>[^\"]*)\"|“(?P<b>[^”]*)”|«(?P<c>[^»]*)»)(?=[\s,;]|$)|\S+",
)
_KEY = re.compile(r"(?P<key>[^\W\d_][\w%-]*):(?P<value>.*)")
_CLOCK = re.compile(r"[0-9]{1,2}(?::|h|am|pm)", re.IGNORECASE)
_NOT_A_DATE = "is not a date"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed; ``quoted`` words are never parsed, ``key`` is what stands before a colon."""

    text: str
    key: str = ""
    quoted: bool = False

    @property
    def bare(self) -> bool:
        """Neither quoted nor after a key: it may be a mark, a date or a part of the title."""
        return not self.quoted and not self.key

    def __str__(self) -> str:
        return f"{self.key}:{self.text}" if self.key else self.text


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date among the words: how many it takes, and the day, or why there is no such day."""

    count: int
    text: str
    day: dt.date | None
    wrong: DateError | None = None

    @property
    def why(self) -> str:
        """Why it is no date, and what is allowed."""
        return f"{self.wrong.problem}. Allowed: {self.wrong.allowed}" if self.wrong else ""


def split_line(line: str) -> tuple[list[Word], str]:
    """The words of a line, made harmless; and what is wrong with the line as a whole."""
    text = " ".join(clean(line, lines=True).split())
    wrong = f"allowed: {LINE_LIMIT} characters on a line" if len(text) > LINE_LIMIT else ""
    text = text[:LINE_LIMIT]
    words: list[Word] = []
    for found in _WORD.finditer(text):
        quoted = next((found[name] for name in "abc" if found[name] is not None), None)
        if quoted is not None:
            words.append(Word(quoted.strip(), found["key"] or "", quoted=True))
            continue
        words.append(_plain_word(found[0]))
        opening = words[-1].text
        if opening[:1] in '"“«' and not wrong:
            wrong = f"{opening} begins a quote that is not closed"
    return [word for word in words if word.text], wrong


def _plain_word(text: str) -> Word:
    """A word outside quotes; addresses such as ``https://…`` have no key."""
    found = _KEY.fullmatch(text)
    if found is None or not found["value"] or found["value"][0] in "/\\:":
        return Word(text)
    return Word(found["value"], found["key"])


def date_at(
    words: Sequence[Word],
    at: int,
    today: dt.date,
    *,
    asked: bool,
    prefer: Literal["future", "past"] = "future",
) -> FoundDate | None:
    """The date that begins at a word; the longest that could be meant decides.

    ``asked`` after a word such as ``due``: then ``15/12`` and ``2w`` are taken for dates too,
    elsewhere only what cannot be part of a title. ``None`` where no date is meant.
    """
    run = [words[at].text]
    for word in words[at + 1 : at + LONGEST_DATE]:
        if not word.bare or _CLOCK.match(word.text):
            break
        run.append(word.text)
    for count in range(len(run), 0, -1):
        text = " ".join(run[:count]).rstrip(",;")
        if text == "Tom" or not (asked or is_date_like(text)):
            continue
        try:
            return FoundDate(count, text, read_date(text, today, prefer=prefer))
        except DateError as wrong:
            if wrong.problem != _NOT_A_DATE:
                return FoundDate(count, text, None, wrong)
    return None


def near(word: str, known: Sequence[str], cutoff: float = 0.75) -> list[str]:
    """The known words that are spelt nearly like this one."""
    from difflib import get_close_matches  # only where something was not understood

    return get_close_matches(word, known, n=3, cutoff=cutoff)
