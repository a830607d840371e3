"""Decisions, actions, risks and issues captured in a meeting's notes, and notes that two people write.

A line that begins with ``D:``, ``A:``, ``R:`` or ``I:``, also as an item of a list, is captured. One
that was made into a record carries its number at its end, as in ``A: Call the vendor [T-12]``; editing
the line edits that record.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pmtui.domain.merge import merge_lines

KINDS = {"D": "decision", "A": "task", "R": "risk", "I": "issue"}
"""The kinds of record by the letter that begins the line."""

_LINE = re.compile(r"(?P<head>\s*(?:[-*+]\s+)?(?P<letter>[DARI]):[ \t]*)(?P<text>.*?)")
_NUMBERED = re.compile(_LINE.pattern + r"\s*\[(?P<number>(?:D|T|R|I)-\d{1,12})\]\s*")
_LEFT = re.compile(r"(?P<words>.*?)\s*\[(?P<number>(?:D|T|R|I)-\d{1,12})\]\s*")
_PREFIXES = {"D": "D", "A": "T", "R": "R", "I": "I"}
_FENCE = re.compile(r"\s*(```|~~~)")
_MARKS = ("@", "#", "!", "~")
_DATED = {"due", "start", "starts"}
_DROPPED = {"on", "by"}
_OTHERWISE = {
    "for",
    "of",
    "from",
    "since",
    "until",
    "till",
    "before",
    "after",
    "to",
    "and",
    "next",
    "the",
    "a",
    "every",
}
"""Words after which a date is part of what is to be done."""
_ALIKE = 0.6
"""How alike two lines are, 0 to 1, to be one line that was edited."""


@dataclass(frozen=True, slots=True)
class CapturedLine:
    """A captured line: the kind of record, its words, where it stands from 1, and its record's number."""

    kind: str
    text: str
    line_no: int
    number: str | None = None


def captured(notes: str) -> tuple[CapturedLine, ...]:
    """The captured lines of notes, in order; those within a fenced block of code are left alone."""
    return tuple(
        CapturedLine(KINDS[letter], text, at, number)
        for at, line in _written(notes.split("\n"))
        if (found := _read(line))
        for letter, text, number in [found]
    )


def dated_action(text: str, today: dt.date) -> str:
    """An action's words with ``due`` before the date they end with: ``Send the contract @ben due fri``.

    Marks such as ``@ben`` may follow the date, which may be an impossible one. The same words where they
    end with none.
    """
    from pmtui.domain.quickwords import LONGEST_DATE, Word, date_at  # loaded when a line is read

    words = text.split()
    if any(word.lower() == "due" or word.lower().startswith("due:") for word in words):
        return text
    end = len(words)
    while end and words[end - 1].startswith(_MARKS):
        end -= 1
    for count in range(min(LONGEST_DATE, end), 0, -1):
        at = end - count
        found = date_at([Word(word) for word in words[at:end]], 0, today, asked=False)
        if found is None or found.count != count:
            continue
        before = words[at - 1].lower() if at else ""
        if before in _DATED or before in _OTHERWISE or before.endswith(":"):
            return text
        kept = words[: at - 1] if before in _DROPPED else words[:at]
        return " ".join([*kept, "due", *words[at:]])
    return text


def numbered(line: str, number: str) -> str:
    """A captured line with this number at its end, in place of the one it had."""
    found = _NUMBERED.fullmatch(line) or _LINE.fullmatch(line)
    bare = found["head"] + found["text"].rstrip() if found else line.rstrip()
    return f"{bare} [{number}]"


def carry_numbers(notes: str, stored: str) -> str:
    """Notes written without the numbers that the stored ones have in the meantime, with these.

    A line keeps its number where it is the same, or was edited where it stood; so notes that are saved
    again from an old copy never make a record twice.
    """
    lines, before = notes.split("\n"), stored.split("\n")
    present = {item.number for item in captured(notes)}
    free = {at: found for at, line in _written(before) if (found := _read(line)) and found[2] not in {None, *present}}
    if not free:
        return notes
    waiting = [at for at, line in _written(lines) if (found := _read(line)) and found[2] is None]
    opcodes = SequenceMatcher(None, list(map(_bare, before)), lines, autojunk=False).get_opcodes()
    for _, first, last, start, end in opcodes:
        for at in (at for at in waiting if start < at <= end):
            near = [b for b in free if first < b <= last]
            _adopt(lines, at, _closest(lines[at - 1], near, before), free)
    for at in waiting:
        same = [b for b in free if _bare(before[b - 1]).strip() == lines[at - 1].strip()]
        _adopt(lines, at, same[0] if same else None, free)
    return "\n".join(lines)


def mend_splits(notes: str, stored: str) -> str:
    """Notes in which a captured line was broken in two: the part with the letter keeps the number.

    A number that is left at the end of plain words, of the stored notes and in no captured line now, goes to the
    captured line before them that has none.
    """
    known = {item.number for item in captured(stored) if item.number}
    loose = known - {item.number for item in captured(notes)}
    if not loose:
        return notes
    lines = notes.split("\n")
    begun = 0
    for at, line in _written(lines):
        found = _read(line)
        if found:
            begun = 0 if found[2] else at
        elif not line.strip():
            begun = 0
        left = None if found else _LEFT.fullmatch(line)
        if left and left["number"] in loose:
            lines[at - 1] = left["words"].rstrip()
            if begun and _PREFIXES[_read(lines[begun - 1])[0]] == left["number"].partition("-")[0]:  # type: ignore[index]
                lines[begun - 1] = numbered(lines[begun - 1], left["number"])
                begun = 0
    return "\n".join(lines)


def turned(line: str, stored: Iterable[str]) -> str:
    """A captured line whose letter was changed, without the number of the record it was: ``R: Late [T-1]``."""
    found = _read(line)
    left = _LEFT.fullmatch(line) if found and found[2] is None else None
    return left["words"].rstrip() if left and left["number"] in stored else line


def merge_notes(base: str, mine: str, theirs: str) -> tuple[str, tuple[str, ...]]:
    """Two people's notes joined line by line, and what they wrote in the same place.

    ``base`` is what both began with. Where both changed the same lines, both stay, theirs first; of a
    captured line with a number mine stays, and theirs is among the second value. What one deleted and the other left
    as it was is gone.
    """
    merged: list[str] = []
    overruled: list[str] = []
    for part in merge_lines(base, mine, theirs).parts:
        if not part.clashes and part.base:
            merged += part.joined("both")
            continue
        numbers = {found[2] for line in part.mine if (found := _read(line)) and found[2]}
        for line in part.theirs:
            found = _read(line)
            if found and found[2] in numbers:
                overruled += [] if line in part.mine else [line.strip()]
            elif line not in part.mine and line not in part.base:
                merged.append(line)
        merged += part.mine
    return "\n".join(merged), tuple(overruled)


def _read(line: str) -> tuple[str, str, str | None] | None:
    """The letter, words and number of a captured line; ``None`` for any other."""
    found = _NUMBERED.fullmatch(line)
    if found and found["number"].partition("-")[0] == _PREFIXES[found["letter"]]:
        return found["letter"], found["text"].strip(), found["number"]
    found = _LINE.fullmatch(line)
    return (found["letter"], found["text"].strip(), None) if found else None


def _bare(line: str) -> str:
    """A line without its number."""
    found = _read(line)
    if not found or not found[2]:
        return line
    return line[: line.rindex("[")].rstrip()


def _written(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines with their places from 1, without those in fenced blocks."""
    fenced = False
    for at, line in enumerate(lines, 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield at, line


def _closest(line: str, places: Sequence[int], before: Sequence[str]) -> int | None:
    """Which of the stored lines this one was, before it was edited."""
    new = _read(line)
    best: tuple[float, int] | None = None
    for place in places:
        old = _read(before[place - 1])
        if not old or not new or old[0] != new[0]:
            continue
        begun = bool(old[1]) and new[1].startswith(old[1])
        alike = 1.0 if begun else SequenceMatcher(None, old[1], new[1], autojunk=False).ratio()
        if alike >= _ALIKE and (best is None or alike > best[0]):
            best = alike, place
    return best[1] if best else None


def _adopt(lines: list[str], at: int, place: int | None, free: dict[int, tuple[str, str, str | None]]) -> None:
    """Give a line the number of the stored one, which then is no longer free."""
    found = _read(lines[at - 1])
    if place is not None and found and found[2] is None:
        lines[at - 1] = numbered(lines[at - 1], str(free.pop(place)[2]))
