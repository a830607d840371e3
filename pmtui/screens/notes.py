"""The notes of a meeting while people talk: the text, and what was understood of its lines."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pmtui.domain.capture import KINDS, CapturedLine, captured, dated_action
from pmtui.domain.dates import say_date
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickline import ParsedLine, read_line
from pmtui.domain.records import Meeting
from pmtui.domain.text import clean
from pmtui.screens.writing import Manuscript
from pmtui.services.desk import Desk
from pmtui.services.meetings import save_notes
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Span, wrap

Line = Sequence[Span]

_WORDS = {"decision": "Decision", "task": "Action", "risk": "Risk", "issue": "Issue"}
_SAY = {
    "D": "Cut-over moves to the long weekend @dora",
    "A": "Call the payroll vendor @ben due fri",
    "R": "Vendor delays the interface p4 i3",
    "I": "Firewall change refused @chi by fri",
}
_INDENT = 10


def notes_of(desk: Desk, project: OpenProject, number: str) -> Manuscript:
    """The notes of a meeting to write, each save one change that can be undone."""

    def stored() -> str:
        found = project.data.get(number)
        return clean(found.notes, lines=True) if isinstance(found, Meeting) else ""

    def save(text: str, base: str) -> Outcome:
        return desk.commit(project, lambda: save_notes(project, number, text, base=base))

    read = Read(project)

    def beside(text: str, row: int, width: int) -> tuple[list[Line], int]:
        return understood(captured(text), read, row, width)

    found = project.get(number)
    return Manuscript(
        title=f"{number} {found.name} ▸ Notes",
        draft=draft_name(desk, project, number),
        stored=stored,
        save=save,
        beside=beside,
        begin=outline(found) if isinstance(found, Meeting) else "",
    )


def draft_name(desk: Desk, project: OpenProject, number: str) -> str:
    """Where the draft of a meeting's notes is kept."""
    return f"{desk.session.place}-{project.code}-{number}-notes"


def understood(found: Sequence[CapturedLine], read: "Read", row: int, width: int) -> tuple[list[Line], int]:
    """What each captured line will be, and which line of that belongs to the ``row`` of the text."""
    if not found:
        return _how(width), 0
    lines: list[Line] = [_counts(found)]
    at = 0
    for item in found:
        lines += _one(item, read(item.kind, item.text), width, here=item.line_no == row + 1)
        if item.line_no <= row + 1:
            at = len(lines) - 1
    return lines, at


class Read:
    """Reads a captured line as its kind; the last ones are remembered, so that typing stays quick."""

    def __init__(self, project: OpenProject) -> None:
        self._project = project
        self._data: ProjectData | None = None
        self._cached = lru_cache(256)(self._read)

    def __call__(self, kind: str, text: str) -> ParsedLine:
        """What the line means in the project as it is now."""
        if self._project.data is not self._data:
            self._data = self._project.data
            self._cached.cache_clear()
        return self._cached(kind, text)

    def _read(self, kind: str, text: str) -> ParsedLine:
        line = dated_action(text, self._project.today) if kind == "task" else text
        return read_line(kind, line, self._project.data, self._project.today)


def _counts(found: Sequence[CapturedLine]) -> Line:
    parts = []
    for kind, word in _WORDS.items():
        count = sum(1 for item in found if item.kind == kind)
        if count:
            parts.append(f"{count} {word.lower()}{'' if count == 1 else 's'}")
    return ((" · ".join(parts), "head"),)


def _one(item: CapturedLine, parsed: ParsedLine, width: int, *, here: bool) -> Iterator[Line]:
    label = item.number or _WORDS[item.kind]
    title = str(parsed.values.get("title", "")) or item.text or "…"
    for at, part in enumerate(wrap(title, max(10, width - _INDENT))):
        mark = (label if at == 0 else "").ljust(_INDENT)
        yield ((mark, "good" if item.number else "accent"), (part, "strong" if here else ""))
    facts = " · ".join(f"{u.label.lower()} {u.words}" for u in parsed.understood if u.field != "title")
    for part in wrap(facts, max(10, width - _INDENT)) if facts else []:
        yield ((" " * _INDENT, ""), (part, "muted"))
    for problem in parsed.problems[:2] if item.text else ():
        for part in wrap(f"! {problem}", max(10, width - _INDENT)):
            yield ((" " * _INDENT, ""), (part, "bad"))
    missing = _missing(item.kind, parsed)
    if missing and item.text:
        yield ((" " * _INDENT, ""), (missing, "warn"))


def _missing(kind: str, parsed: ParsedLine) -> str:
    """What an action lacks that one needs."""
    if kind != "task" or parsed.problems:
        return ""
    lacks = [word for name, word in (("owner", "who: @name"), ("due", "when: due fri")) if name not in parsed.values]
    return f"say {' and '.join(lacks)}" if lacks else ""


def _how(width: int) -> list[Line]:
    lines: list[Line] = [((part, "muted"),) for part in wrap("A line that begins so is made into a record:", width)]
    for letter, kind in KINDS.items():
        lines.append(((f"{letter}: ", "accent"), (_SAY[letter], ""), (f"   {_WORDS[kind].lower()}", "muted")))
    return [*lines, (("# ", "accent"), ("Topic", ""), ("   a heading, as in the agenda", "muted"))]


def outline(meeting: Meeting) -> str:
    """Notes to begin with: a heading for each topic of the agenda."""
    return "\n\n".join(f"# {topic.topic}\n" for topic in meeting.agenda)


def when_of(meeting: Meeting, today: dt.date) -> str:
    """The day and time of a meeting, as people say them."""
    return f"{say_date(meeting.start.date(), today)} {meeting.start:%H:%M}"
