"""The notes of a meeting while people talk: the text, and what was understood of its lines."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pmtui.domain.agenda import survivor
from pmtui.domain.capture import KINDS, CapturedLine, captured
from pmtui.domain.capture_reading import newcomers, read_captured
from pmtui.domain.dates import say_date
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickline import ParsedLine
from pmtui.domain.records import Meeting, Task
from pmtui.domain.text import clean
from pmtui.screens.writing import Manuscript
from pmtui.services.capturing import why_kept
from pmtui.services.desk import Desk
from pmtui.services.meetings import save_notes
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Span, wrap

Line = Sequence[Span]

_WORDS = {"decision": "Decision", "task": "Action", "risk": "Risk", "issue": "Issue"}
_SAY = {
    "D": "Cut-over moves to July @dora",
    "A": "Call the vendor @ben due fri",
    "R": "Interface comes late p4 i3",
    "I": "Firewall refused @chi by fri",
}
_INDENT = 10


def notes_of(desk: Desk, project: OpenProject, number: str) -> Manuscript:
    """The notes of a meeting to write, each save one change that can be undone."""

    def stored() -> str:
        found = project.data.get(number)
        return clean(found.notes, lines=True) if isinstance(found, Meeting) else ""

    def save(text: str, base: str) -> Outcome:
        return desk.commit(project, lambda: save_notes(project, number, text, base=base))

    read = Read(project, number)

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
    """What each captured line will be, and which line of that belongs to the ``row`` of the text.

    Records whose line was deleted come last: what becomes of them when the notes are saved.
    """
    gone = read.gone({item.number for item in found})
    if not found and not gone:
        return _how(width), 0
    lines: list[Line] = [_counts(found)] if found else []
    at = 0
    for item in found:
        lines += _one(item, read, width, here=item.line_no == row + 1)
        if item.line_no <= row + 1:
            at = len(lines) - 1
    for number, words, stays in gone:
        lines += _hung(number, words, width, "muted" if stays else "warn")
    return lines, at


class Read:
    """Reads the captured lines of a meeting's notes; the last ones are remembered, so that typing stays quick."""

    def __init__(self, project: OpenProject, number: str) -> None:
        self._project = project
        self._number = number
        self._data: ProjectData | None = None
        self._cached = lru_cache(256)(self._read)
        self._fate = lru_cache(64)(self._why_kept)

    def __call__(self, kind: str, text: str) -> ParsedLine:
        """What the line means in the project as it is now."""
        self._refresh()
        return self._cached(kind, text)

    def _refresh(self) -> None:
        """Forget what was read of records that have changed since."""
        if self._project.data is not self._data:
            self._data = self._project.data
            self._cached.cache_clear()
            self._fate.cache_clear()

    def newcomers(self, parsed: ParsedLine) -> list[str]:
        """Who is named in a line and not known here."""
        return newcomers(parsed.values, self._project.data)

    def merged_into(self, number: str) -> str:
        """The number of the task that one was merged into; empty where it was not."""
        found = self._project.data.get(number)
        lasting = survivor(self._project.data, found) if isinstance(found, Task) else None
        return lasting.number if lasting and lasting.number != number else ""

    def gone(self, here: set[str | None]) -> list[tuple[str, str, bool]]:
        """Records whose lines the stored notes have and the text has not: number, what becomes of it, if it stays."""
        self._refresh()
        meeting = self._project.data.get(self._number)
        stored = captured(meeting.notes) if isinstance(meeting, Meeting) else ()
        found = []
        for item in stored:
            record = self._project.data.get(item.number) if item.number and item.number not in here else None
            if record is not None and item.number and not self.merged_into(item.number):
                why = self._fate(item.number)
                does = f"stays: {why}" if why else "goes with its line when the notes are saved"
                found.append((item.number, f"{record.name} · {does}", bool(why)))
        return found

    def _read(self, kind: str, text: str) -> ParsedLine:
        meeting = self._project.get(self._number)
        assert isinstance(meeting, Meeting)
        return read_captured(kind, text, meeting, self._project.data, self._project.today)

    def _why_kept(self, number: str) -> str:
        return why_kept(self._project, self._project.get(number))


def _counts(found: Sequence[CapturedLine]) -> Line:
    parts = []
    for kind, word in _WORDS.items():
        count = sum(1 for item in found if item.kind == kind)
        if count:
            parts.append(f"{count} {word.lower()}{'' if count == 1 else 's'}")
    return ((" · ".join(parts), "head"),)


def _one(item: CapturedLine, read: Read, width: int, *, here: bool) -> Iterator[Line]:
    parsed = read(item.kind, item.text)
    label = item.number or _WORDS[item.kind]
    title = str(parsed.values.get("title", "")) or item.text or "…"
    for at, part in enumerate(wrap(title, max(10, width - _INDENT))):
        mark = (label if at == 0 else "").ljust(_INDENT)
        yield ((mark, "good" if item.number else "accent"), (part, "strong" if here else ""))
    facts = " · ".join(f"{u.label.lower()} {u.words}" for u in parsed.understood if u.field != "title")
    yield from _hung("", facts, width, "muted") if facts and item.text else ()
    for words, tone in _doubts(item, parsed, read):
        yield from _hung("", words, width, tone)


def _doubts(item: CapturedLine, parsed: ParsedLine, read: Read) -> Iterator[tuple[str, str]]:
    """What of a line is not understood, lacking, or new, with its tone."""
    if not parsed.values.get("title"):
        yield "no words yet: nothing is made of it", "warn"
        return
    into = read.merged_into(item.number) if item.number else ""
    if into:
        yield f"merged into {into}: edit it there", "warn"
    yield from ((f"! {problem}", "bad") for problem in parsed.problems[:2])
    yield from ((f"! {said}", "warn") for said in parsed.said[:2])
    yield from ((f"@{handle} is new here: added, unconfirmed", "warn") for handle in read.newcomers(parsed))
    missing = _missing(item.kind, parsed)
    if missing:
        yield missing, "warn"


def _hung(label: str, words: str, width: int, tone: str) -> Iterator[Line]:
    for at, part in enumerate(wrap(words, max(10, width - _INDENT))):
        yield (((label if at == 0 else "").ljust(_INDENT), tone), (part, tone))


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
