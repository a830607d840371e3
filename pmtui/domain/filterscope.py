"""What every part of the filter language reads with, and the error that points at a place."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from pmtui.domain.filterwords import Token
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import RecordType

Predicate = Callable[[Any, ProjectData], bool]
Node = Callable[[RecordType], Predicate]
"""Makes the predicate for a kind of record."""


class FilterError(ValueError):
    """A filter that no record could answer: ``start`` and ``end`` are the place in its text."""

    def __init__(self, text: str, start: int, end: int, message: str) -> None:
        super().__init__(text, start, end, message)
        self.text = text
        self.start = start
        self.end = end
        self.message = message

    def __str__(self) -> str:
        return f"{self.text[self.start : self.end]!r}: {self.message}"


class WrongPart(ValueError):
    """A value that can't be, being one of several in a list: ``part`` is how it was written."""

    def __init__(self, message: str, part: str) -> None:
        super().__init__(message)
        self.part = part


class Scope(msgspec.Struct, frozen=True):
    """What a filter is read with.

    ``saved`` are the texts of saved filters by folded name, ``inside`` the names of those that are being read,
    ``read`` reads another text in this scope, and ``count`` how many saved ones were taken in so far.
    """

    text: str
    today: dt.date
    me: str
    read: "Callable[[Scope], Node]"
    saved: Mapping[str, str] = msgspec.field(default_factory=dict)
    inside: tuple[str, ...] = ()
    count: list[int] = msgspec.field(default_factory=lambda: [0])

    def error(self, token: Token, message: str, *, at_value: bool = False, part: str = "") -> FilterError:
        """An error that points at a word, at its value, or at a part of that."""
        start, end = token.value_start if at_value and token.value else token.start, token.end
        found = self.text.find(part, start, end) if part else -1
        if found >= 0:
            start, end = found, found + len(part)
        return FilterError(self.text, start, end, message)


def never(_record: Any, _data: ProjectData) -> bool:
    """No record of the kind can have it."""
    return False


def either(nodes: list[Node]) -> Node:
    """Any of several."""
    if len(nodes) == 1:
        return nodes[0]

    def ready(record_type: RecordType) -> Predicate:
        parts = [node(record_type) for node in nodes]
        return lambda record, data: any(part(record, data) for part in parts)

    return ready


def closest(word: str, known: Iterable[str]) -> str:
    """What a word that is not known may have been meant as: ``is it owner?``; empty where nothing is near."""
    from difflib import get_close_matches  # only for what was not understood

    close = get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    return f"is it {' or '.join(close)}?" if close else ""
