"""Where the words of a filter stand in a meeting: its agenda, its notes, what came of it, its minutes."""

from collections.abc import Iterator, Sequence

import msgspec

from pmtui.domain.filterfacts import FACTS
from pmtui.domain.filternames import names_saved
from pmtui.domain.filterwords import tokens_of
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting
from pmtui.domain.text import fold


class Hit(msgspec.Struct, frozen=True):
    """A line that holds a word that was looked for, and where it stands: ``agenda``, ``notes 12``, ``D-3``."""

    place: str
    line: str


def words_of(text: str) -> list[str]:
    """The plain words that a filter looks for, folded; those that it leaves out are none."""
    found = []
    left_out = False
    for token in tokens_of(text):
        plain = token.quoted or (token.text[:1] not in "@#!~" and fold(token.text) not in FACTS)
        if not token.operator and not token.name and not left_out and plain and not names_saved(token) and token.text:
            found.append(fold(token.text))
        left_out = token.operator == "not"
    return found


def hits(meeting: Meeting, data: ProjectData, words: Sequence[str]) -> list[Hit]:
    """The lines that hold one of the words, each once; those of the title are not told."""
    found: dict[str, Hit] = {}
    for place, line in _lines(meeting, data) if words else ():
        text = fold(line)
        if any(word in text for word in words):
            found.setdefault(line, Hit(place, line))
    return list(found.values())


def text_of(meeting: Meeting, data: ProjectData) -> str:
    """All that is looked through beside the title, folded."""
    return fold("\n".join(line for _, line in _lines(meeting, data)))


def _lines(meeting: Meeting, data: ProjectData) -> Iterator[tuple[str, str]]:
    for topic in meeting.agenda:
        yield "agenda", topic.topic
    for at, line in enumerate(meeting.notes.split("\n"), 1):
        if line.strip():
            yield f"notes {at}", line.strip()
    for number in (*meeting.decisions, *meeting.actions, *meeting.raised):
        record = data.get(number)
        if record is not None:
            yield number, record.name
