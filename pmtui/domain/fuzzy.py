"""Finding by letters in their order, with gaps: ``mgrpay`` finds "Migrate payroll data".

A subsequence with a score of a few rules is all that titles need: edit distances, as libraries for fuzzy matching
give them, let wrong letters through and rank "Migrate" for "mig" no better than "Imaging".
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from pmtui.domain.text import fold

_NO_LETTER = re.compile(r"[\W_]")
_PLAIN = {code: " " if _NO_LETTER.match(chr(code)) else chr(code).lower() for code in range(128)}

MOST_STARTS = 4
"""Places of a word's first letter that its others are looked for from."""

LETTER, WORD_START, TOGETHER, WHOLE = 8, 8, 6, 6
"""Points of a letter found, of one that begins a word, of one that follows the one before, of a whole word."""

GAP = 1
"""Points that each letter between costs, up to as many as the letters give."""


def plain(text: str) -> str:
    """A text as letters are looked for in it: folded, what is no letter or digit a blank."""
    return text.translate(_PLAIN) if text.isascii() else _NO_LETTER.sub(" ", fold(text))


def words_of(text: str) -> tuple[str, ...]:
    """The words that somebody types to find something."""
    return tuple(plain(text).split())


def letters_in_order(word: str, *, at_word: bool = False) -> re.Pattern[str]:
    """Finds the letters of a word in their order in one line; with ``at_word`` only from a word's beginning.

    Each gap takes what it can and gives nothing back, so that a line costs its length and no more.
    """
    gaps = "".join(rf"[^{re.escape(c)}\n]*+{re.escape(c)}" for c in word[1:])
    return re.compile((" " if at_word else "") + re.escape(word[0]) + gaps)


def initials(word: str) -> re.Pattern[str]:
    """Finds words in a row that begin with the letters of a word."""
    return re.compile("".join(rf" {re.escape(c)}[^ \n]*+" for c in word))


def score(words: Sequence[str], line: str) -> tuple[int, tuple[int, ...]] | None:
    """How well a plain line, led by a blank, holds all words; and the places of their letters in it.

    ``None`` where a word's letters are not there in their order.
    """
    total = 0
    places: list[int] = []
    for word in words:
        found = max(_alignments(word, line), key=lambda pair: pair[0], default=None)
        if found is None:
            return None
        total += found[0]
        places += found[1]
    return total, tuple(sorted(set(places)))


def _alignments(word: str, line: str) -> Iterator[tuple[int, list[int]]]:
    """Where a word's letters may stand: together, else from places of its first, at words' beginnings before others."""
    whole = line.find(f" {word}") + 1 or max(0, line.find(word))
    if whole:
        places = list(range(whole, whole + len(word)))
        yield _points(places, line), places
        return
    starts = [found.start() + 1 for found in islice(re.finditer(f" {re.escape(word[0])}", line), MOST_STARTS)]
    first = line.find(word[0])
    if first > 0 and first not in starts:
        starts.append(first)
    for start in starts:
        found = _follow(word, line, start, by_words=True) or _follow(word, line, start, by_words=False)
        if found is not None:
            yield _points(found, line), found


def _follow(word: str, line: str, first: int, *, by_words: bool) -> list[int] | None:
    """The places of a word's letters from the first one's: the very next, a word's beginning, else the nearest."""
    places = [first]
    at = first
    for letter in word[1:]:
        if line[at + 1 : at + 2] == letter:
            at += 1
        else:
            start = line.find(f" {letter}", at) + 1 if by_words else 0
            at = start or line.find(letter, at + 1)
            if at < 0:
                return None
        places.append(at)
    return places


def _points(places: list[int], line: str) -> int:
    points = LETTER * len(places)
    points += WORD_START * sum(1 for at in places if line[at - 1] == " ")
    points += TOGETHER * sum(1 for a, b in pairwise(places) if b == a + 1)
    points -= min(GAP * (places[-1] - places[0] + 1 - len(places)), LETTER * len(places))
    ends = line[places[-1] + 1 : places[-1] + 2] in {"", " "}
    together = places[-1] - places[0] + 1 == len(places)
    return points + (WHOLE if ends and together and line[places[0] - 1] == " " else 0)


def places_in(text: str, wanted: Sequence[int]) -> tuple[int, ...]:
    """Places in a plain text as places in the text that it was made of: folding may make one letter two, or none."""
    if text.isascii():
        return tuple(wanted)
    origin = [at for at, character in enumerate(text) for _ in fold(character)]
    return tuple(dict.fromkeys(origin[place] for place in wanted if place < len(origin)))
