"""A meeting in words: the lines beneath the list, and its page."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pmtui.domain.capture import KINDS, captured
from pmtui.domain.dates import short_due
from pmtui.domain.meeting_search import Hit
from pmtui.domain.records import Meeting, Record
from pmtui.domain.repeats import say_repeats
from pmtui.domain.text import fold
from pmtui.keymap import key_of
from pmtui.reports.frozen_page import frozen_page
from pmtui.reports.minutes import build_minutes
from pmtui.reports.page import to_lines
from pmtui.screens.details import due_tone, happened
from pmtui.screens.notes import when_of
from pmtui.screens.page import PageScreen
from pmtui.services.project import OpenProject
from pmtui.services.verbs import date_of, owner_of
from pmtui.widgets.cells import Cell, Span, clip_spans, wrap

Line = Sequence[Span]

_LABEL = 9
_LETTERS = {kind: letter for letter, kind in KINDS.items()}


def counts(meeting: Meeting) -> Cell:
    """How many records of each letter the notes hold; a line that none was made of is not one."""
    found = [item.kind for item in captured(meeting.notes) if item.number]
    counts = ((found.count(kind), letter) for kind, letter in _LETTERS.items())
    return (" ".join(f"{count}{letter}" for count, letter in counts if count), "muted")


def hit_lines(found: Sequence[Hit], width: int) -> list[Line]:
    """Where the words of the filter stand in a meeting, each line with its place."""
    return [line for hit in found for line in _labelled(hit.place, hit.line, width)]


def meeting_lines(project: OpenProject, meeting: Meeting, width: int) -> list[Line]:
    """What one must know of a meeting, the most useful first: it has little room at 80 columns."""
    today = project.today
    lines: list[Line] = [((part, "strong"),) for part in wrap(f"{meeting.number}  {meeting.title}", width)]
    kind = "" if fold(meeting.kind) in {fold(meeting.title), "meeting"} else meeting.kind
    repeats = say_repeats(meeting.repeats, today) if meeting.repeats else ""
    facts = [f for f in (when_of(meeting, today), f"{meeting.length} minutes", meeting.status, kind, repeats) if f]
    lines += [((part, ""),) for part in wrap(" · ".join(facts), width)]
    people = meeting.present or meeting.invited
    if people:
        handles = " ".join(f"@{handle}" for handle in people)
        lines += _labelled("Present" if meeting.present else "Invited", handles, width)
    outcomes = (project.data.get(n) for n in (*meeting.decisions, *meeting.actions, *meeting.raised))
    lines += [_outcome(record, today, width) for record in outcomes if record is not None]
    for label, text in _agenda(meeting):
        lines += _labelled(label, text, width)
    told = {item.line_no for item in captured(meeting.notes)}
    words = [line for at, line in enumerate(meeting.notes.split("\n"), 1) if line.strip() and at not in told]
    lines += [()] if words else []
    return [*lines, *(((part, "muted"),) for line in words for part in wrap(line, width))]


def _agenda(meeting: Meeting) -> Iterator[tuple[str, str]]:
    for at, topic in enumerate(meeting.agenda):
        time = f", {topic.minutes} min" if topic.minutes else ""
        who = f" @{topic.presenter}" if topic.presenter else ""
        yield "Agenda" if at == 0 else "", f"{topic.topic}{who}{time}"


def _labelled(label: str, text: str, width: int) -> Iterator[Line]:
    for at, part in enumerate(wrap(text, max(10, width - _LABEL))):
        yield (((label if at == 0 else "").ljust(_LABEL), "muted"), (part, ""))


def _outcome(record: Record, today: dt.date, width: int) -> Line:
    """A decision, action, risk or issue on one line: number, what, who and when."""
    who, day = owner_of(record), date_of(record)
    aside: list[Span] = []
    if not record.is_open:
        aside = [("  done", "good")]
    elif who or day:
        when = f" {short_due(day, today)}" if day else ""
        aside = [(f"  {who or 'nobody'}", "muted"), (when, due_tone(day, today))]
    room = max(10, width - _LABEL - sum(len(text) for text, _ in aside))
    return ((record.number.ljust(_LABEL), "muted"), *clip_spans(record.name, room), *aside)


def meeting_page(project: OpenProject, meeting: Meeting) -> PageScreen:
    """The minutes as they were published, or would be now; then what happened to the meeting."""
    if meeting.status == "published" and meeting.minutes:
        title = f"{meeting.number} {meeting.title} · minutes {meeting.minutes_number}"
        return PageScreen(title, lambda width: to_lines(frozen_page(meeting.minutes), width))

    def lines(width: int) -> list[Line]:
        now = project.data.get(meeting.number)
        if not isinstance(now, Meeting):
            return [((f"It is deleted; {key_of('desk.undo')} brings it back.", "warn"),)]
        told = [
            ((f"{when:%Y-%m-%d %H:%M}  ", "muted"), (f"{who}  ", ""), (what, ""))
            for when, who, what in happened(project, now)
        ]
        page: list[Line] = [*to_lines(build_minutes(project.data, now), width)]
        return [*page, (), (("What happened", "head"),), *reversed(told)]

    return PageScreen(f"{meeting.number} {meeting.title}", lines)
