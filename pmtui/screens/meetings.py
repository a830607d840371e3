"""Meetings: what comes, what waits for its minutes, what was published; and the notes of each."""

import datetime as dt
from collections.abc import Iterator, Sequence

from textual.app import ComposeResult

from pmtui.domain.capture import KINDS, captured
from pmtui.domain.dates import short_due
from pmtui.domain.problems import Refused
from pmtui.domain.records import Meeting, Record
from pmtui.domain.text import fold
from pmtui.keymap import Action, key_of
from pmtui.reports.frozen_page import frozen_page
from pmtui.reports.minutes import build_minutes
from pmtui.reports.page import to_lines
from pmtui.screens.details import due_tone, happened
from pmtui.screens.editor import Run, in_editor
from pmtui.screens.list_view import ListView
from pmtui.screens.notes import draft_name, notes_of, when_of
from pmtui.screens.page import PageScreen
from pmtui.services import meetings
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.verbs import date_of, owner_of
from pmtui.widgets.cells import Cell, Span, clip_spans, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable

Line = Sequence[Span]

_LABEL = 9
_LETTERS = {kind: letter for letter, kind in KINDS.items()}


class MeetingsScreen(ListView):
    """The project's meetings by date; ``N`` writes the notes of the one under the cursor."""

    view = "meetings"
    title_word = "Meetings"
    adds = "meeting"
    CSS_PATH = "meetings.tcss"
    run_editor: Run | None = None

    def __init__(self) -> None:
        super().__init__()

    def compose_body(self) -> ComposeResult:
        """One list, by sections."""
        columns = (
            Column("number", "No", 5),
            Column("when", "When", 17),
            Column("title", "Meeting"),
            Column("series", "Series", 18, priority=3),
            Column("captured", "Captured", 11, "right", priority=2),
            Column("status", "", 9, "right", priority=1),
        )
        yield RecordTable(columns, show_header=False, id="body")

    # Showing ------------------------------------------------------------------

    def show_data(self) -> None:
        """Today's, those to come, those whose minutes are missing, then what was published."""
        code, today = self.project.code, self.project.today
        found = [m for m in self.project.data.meetings.values() if self.passes(m, self.project)]
        self.total = len(self.project.data.meetings)
        sections: dict[str, list[Meeting]] = {title: [] for title in _SECTIONS}
        for meeting in found:
            sections[_section(meeting, today)].append(meeting)
        self._shown = []
        lines: list[Key | Heading] = []
        for title, there in sections.items():
            newest_first = title not in {"Today", "Coming"}
            there.sort(key=lambda m: (m.start, m.id), reverse=newest_first)
            keys = [(code, meeting.number) for meeting in there]
            lines += [Heading(title, len(keys)), *keys] if keys else []
            self._shown += keys
        purpose = "Meetings keep the agenda, the notes, and what was decided and agreed."
        self.table.empty = self.empty_lines(
            purpose, key_of("record.add"), "plans the first: Steering committee fri 10:00 @ana"
        )
        self.table.invalidate()
        self.table.set_lines(lines, self._row)
        self.show_details()

    def _row(self, key: object) -> Sequence[Cell]:
        record = self.desk.record(key) if isinstance(key, tuple) else None
        if not isinstance(record, Meeting):
            return ("", "", ("gone", "muted"), "", "", "")
        today = self.project.today
        status = f"minutes {record.minutes_number}" if record.minutes_number else record.status
        late = record.minutes_are_late(today)
        return (
            (record.number, "muted"),
            when_of(record, today),
            record.title,
            (record.series if fold(record.series) != fold(record.title) else "", "muted"),
            _counts(record),
            (status, "warn" if late else "muted"),
        )

    def show_details(self) -> None:
        """Agenda, who is expected or was there, what came of it."""
        self._timer = None
        record = self.record()
        pane = self.query_one("#details", DocumentView)
        if isinstance(record, Meeting):
            meeting, project = record, self.project
            pane.set_document(lambda width: meeting_lines(project, meeting, width))
            self.show_footer()
        else:
            super().show_details()

    def footer_enabled(self, action: Action) -> bool:
        """Notes and publishing until the minutes are published."""
        record = self.record()
        if action.id.startswith("meetings."):
            return record is not None and record.is_open
        if action.id in {"record.drop", "record.edit"}:
            return record is not None and not record.TYPE.frozen(record, self.project.data)
        return super().footer_enabled(action)

    def action_record_open(self) -> None:
        """The minutes as published; else the meeting with its notes and history."""
        record = self.record()
        if isinstance(record, Meeting):
            self.app.push_screen(meeting_page(self.project, record))

    # Notes ------------------------------------------------------------------------

    def meeting(self, doing: str) -> Meeting | None:
        """The meeting under the cursor, where it can still be written in; says why where it can't."""
        record = self.record()
        if not isinstance(record, Meeting):
            self.tell_error(f"there is no meeting under the cursor; {key_of('record.add')} plans one")
            return None
        why = record.TYPE.frozen(record, self.project.data)
        if record.status == "cancelled":
            why = f"it was cancelled; {key_of('record.status')} plans it again"
        why = why or self.project.read_only
        if why:
            self.tell_error(f"{record.number} {doing}: {why}")
            return None
        return record

    def action_meetings_notes(self) -> None:
        """The notes, full screen."""
        from pmtui.screens.writing import WritingScreen

        meeting = self.meeting("notes")
        if meeting is not None:
            self.app.push_screen(WritingScreen(notes_of(self.desk, self.project, meeting.number)), self._written)

    def _written(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self.tell_outcome(outcome)

    def action_meetings_editor(self) -> None:
        """The notes in the user's editor; what it wrote is kept as a draft where it can't be saved."""
        meeting = self.meeting("notes")
        if meeting is None:
            return
        project, number = self.project, meeting.number
        name = draft_name(self.desk, project, number)
        kept = self.pmtui.drafts.kept(name)
        base = kept.get("base", meeting.notes)
        try:
            text = in_editor(self.app, kept.get("text", base), number, self.run_editor)
        except Refused as refused:
            self.tell_error(refused)
            return
        if text is None:
            self.tell("The notes are as they were.")
            return
        self.pmtui.drafts.keep(name, {"text": text, "base": base})
        outcome = self.perform(
            lambda: self.desk.commit(project, lambda: meetings.save_notes(project, number, text, base=base))
        )
        if outcome is not None:
            self.pmtui.drafts.discard(name)

    # Who, and the minutes -------------------------------------------------------------

    def action_meetings_present(self) -> None:
        """Tick off who was there."""
        from pmtui.screens.present import PresentScreen

        meeting = self.meeting("who was present")
        if meeting is None:
            return
        project, number = self.project, meeting.number

        def take(present: tuple[str, ...] | None) -> None:
            if present is not None:
                self.perform(lambda: self.desk.commit(project, lambda: meetings.hold(project, number, present)))

        self.app.push_screen(PresentScreen(project, meeting), take)

    def action_report_send(self) -> None:
        """Mail the minutes under the cursor, once they are published."""
        from pmtui.screens.sending import SendQuestion

        key = self.cursor()
        if key is None:
            self.tell_error("there is no meeting under the cursor")
        else:
            SendQuestion(self, self.desk.projects[key[0]], key[1]).ask()

    def action_view_export(self) -> None:
        """Published minutes in the format that is asked; else the list as CSV."""
        record = self.record()
        if not isinstance(record, Meeting) or record.status != "published":
            super().action_view_export()
            return
        from pmtui.screens.exporting import ask_format  # loaded when somebody exports
        from pmtui.services.printing import printed_minutes

        ask_format(self, self.project, printed_minutes(self.project, record), super().action_view_export)

    def action_meetings_publish(self) -> None:
        """Asked once more, since it can't be undone."""
        meeting = self.meeting("minutes")
        if meeting is None:
            return
        self.ask_publish((self.project.code, meeting.number), "S", self._before_publishing(meeting))

    def _before_publishing(self, meeting: Meeting) -> str:
        said = [] if meeting.notes.strip() else ["there are no notes"]
        said += [] if meeting.present else ["nobody is marked present (o)"]
        said += ["it has not begun"] if meeting.start.date() > self.project.today else []
        if self.pmtui.drafts.kept(draft_name(self.desk, self.project, meeting.number)):
            said.append("a draft of the notes is not saved (N)")
        return ", ".join(said)

    def action_record_done(self) -> None:
        """Done is published."""
        self.action_meetings_publish()

    def saved(self, project: OpenProject, outcome: Outcome | None) -> None:
        """Show what was added before the cursor goes to it."""
        if outcome is not None:
            self.show_all()
        super().saved(project, outcome)


_SECTIONS = ("Today", "Coming", "Past, minutes to publish", "Published", "Cancelled")


def _section(meeting: Meeting, today: dt.date) -> str:
    if meeting.status in {"published", "cancelled"}:
        return meeting.status.capitalize()
    day = meeting.start.date()
    return "Today" if day == today else "Coming" if day > today else "Past, minutes to publish"


def _counts(meeting: Meeting) -> Cell:
    """How many lines of each letter the notes hold."""
    found = [item.kind for item in captured(meeting.notes)]
    counts = ((found.count(kind), letter) for kind, letter in _LETTERS.items())
    return (" ".join(f"{count}{letter}" for count, letter in counts if count), "muted")


def meeting_lines(project: OpenProject, meeting: Meeting, width: int) -> list[Line]:
    """What one must know of a meeting, the most useful first: it has little room at 80 columns."""
    today = project.today
    lines: list[Line] = [((part, "strong"),) for part in wrap(f"{meeting.number}  {meeting.title}", width)]
    kind = "" if fold(meeting.kind) in {fold(meeting.title), "meeting"} else meeting.kind
    facts = [f for f in (when_of(meeting, today), f"{meeting.length} minutes", meeting.status, kind) if f]
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
