"""Meetings: what comes, what waits for its minutes, what was published; and the notes of each."""

import datetime as dt
from collections.abc import Sequence

from textual.app import ComposeResult

from pmtui.domain.meeting_search import Hit, hits, words_of
from pmtui.domain.problems import Refused
from pmtui.domain.records import Meeting
from pmtui.domain.text import fold
from pmtui.keymap import Action, key_of
from pmtui.screens.editor import Run, in_editor
from pmtui.screens.list_view import ListView
from pmtui.screens.meeting_words import counts, hit_lines, meeting_lines, meeting_page
from pmtui.screens.notes import draft_name, notes_of, outline, when_of
from pmtui.services import meetings, series
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable

COLUMNS = (
    Column("number", "No", 5),
    Column("when", "When", 17),
    Column("title", "Meeting"),
    Column("series", "Series", 18, priority=3),
    Column("captured", "Captured", 11, "right", priority=2),
    Column("status", "", 10, "right", priority=1),
)
SEARCHING = (COLUMNS[0], COLUMNS[1], Column("title", "Meeting", minimum=52), COLUMNS[-1])
"""While words are looked for, the lines that hold them have the room."""

READING = {"meetings.actions", "meetings.decisions"}
"""Actions of the view that need no meeting which can still be written in."""


class MeetingsScreen(ListView):
    """The project's meetings by date; ``N`` writes the notes of the one under the cursor."""

    view = "meetings"
    title_word = "Meetings"
    adds = "meeting"
    CSS_PATH = "meetings.tcss"
    run_editor: Run | None = None

    def __init__(self) -> None:
        super().__init__()
        self._words: list[str] = []

    def compose_body(self) -> ComposeResult:
        """One list, by sections."""
        yield RecordTable(COLUMNS, show_header=False, id="body")

    # Showing ------------------------------------------------------------------

    def show_data(self) -> None:
        """Today's, those to come, those whose minutes are missing, then what was published."""
        code, today = self.project.code, self.project.today
        self._words = words_of(self.filter_text)
        self.table.columns = SEARCHING if self._words else COLUMNS
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
        aside: tuple[Cell, ...] = ()
        if not self._words:
            series = record.series if fold(record.series) != fold(record.title) else ""
            aside = ((series, "muted"), counts(record))
        status = f"minutes {record.minutes_number}" if record.minutes_number else record.status
        late = record.minutes_are_late(today)
        return (
            (record.number, "muted"),
            when_of(record, today),
            self._title(record),
            *aside,
            (status, "warn" if late else "muted"),
        )

    def _title(self, meeting: Meeting) -> Cell:
        """The title; where a filter looks for words, the first line of the meeting that holds one."""
        found = self._hits(meeting)
        more = f"  (+{len(found) - 1})" if len(found) > 1 else ""
        told: tuple[Span, ...] = ((f"  {found[0].line}", "muted"), (more, "muted")) if found else ()
        return ((meeting.title, ""), *told)

    def _hits(self, meeting: Meeting) -> list[Hit]:
        return hits(meeting, self.project.data, self._words)

    def show_details(self) -> None:
        """Agenda, who is expected or was there, what came of it."""
        self._timer = None
        record = self.record()
        pane = self.query_one("#details", DocumentView)
        if isinstance(record, Meeting):
            meeting, project, found = record, self.project, self._hits(record)

            def lines(width: int) -> list[Sequence[Span]]:
                return [*hit_lines(found, width), *([()] if found else []), *meeting_lines(project, meeting, width)]

            pane.set_document(lines)
            self.show_footer()
        else:
            super().show_details()

    def footer_actions(self) -> Sequence[Action]:
        """Once the minutes are published they are sent: that takes the place of what writes them."""
        record, actions = self.record(), super().footer_actions()
        if not isinstance(record, Meeting) or record.status != "published":
            return actions
        return sorted((a for a in actions if self.footer_enabled(a)), key=lambda a: a.id != "report.send")

    def footer_enabled(self, action: Action) -> bool:
        """Notes and publishing until the minutes are published, then mail."""
        record = self.record()
        if action.id == "report.send":
            return isinstance(record, Meeting) and record.status == "published"
        if action.id == "meetings.next":
            return record is not None
        if action.id.startswith("meetings.") and action.id not in READING:
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
            text = in_editor(self.app, kept.get("text", base or outline(meeting)), number, self.run_editor)
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

    # The agenda, and the next one ------------------------------------------------------

    def action_meetings_agenda(self) -> None:
        """Draft it, or draft it anew; what was typed stays."""
        meeting = self.meeting("agenda")
        if meeting is not None:
            project, number = self.project, meeting.number
            self.perform(lambda: self.desk.commit(project, lambda: series.write_draft(project, number)))

    def action_meetings_write_agenda(self) -> None:
        """The agenda as a text, full screen."""
        from pmtui.screens.agenda import agenda_of
        from pmtui.screens.writing import WritingScreen

        meeting = self.meeting("agenda")
        if meeting is not None:
            self.app.push_screen(WritingScreen(agenda_of(self.desk, self.project, meeting.number)), self._written)

    def action_meetings_next(self) -> None:
        """Plan the next of the series; where nothing says when, that is asked."""
        from pmtui.screens.next_meeting import ask_when

        record = self.record()
        if not isinstance(record, Meeting):
            self.tell_error(f"there is no meeting under the cursor; {key_of('record.add')} plans one")
            return
        project, number = self.project, record.number

        def plan(start: dt.datetime | None) -> None:
            outcome = self.perform(lambda: self.desk.commit(project, lambda: series.plan_next(project, number, start)))
            if outcome is not None:
                self.place_cursor((project.code, outcome.numbers[0]))

        ask_when(self, record, plan)

    def action_meetings_actions(self) -> None:
        """Who has what, across meetings."""
        self.go("actions")

    def action_meetings_decisions(self) -> None:
        """What was decided, across meetings."""
        self.go("decisions")

    def action_view_export(self) -> None:
        """The list, the minutes of the meeting under the cursor, or a calendar."""
        from pmtui.screens.meeting_exports import ask_export

        ask_export(self, super().action_view_export)

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

    def action_meetings_publish(self) -> None:
        """Asked once more, since it can't be undone."""
        meeting = self.meeting("minutes")
        if meeting is None:
            return
        self.ask_publish((self.project.code, meeting.number), "S", self._before_publishing(meeting))

    def _before_publishing(self, meeting: Meeting) -> str:
        said = [] if meeting.notes.strip() else ["there are no notes"]
        said += [] if meeting.present else [f"nobody is marked present ({key_of('meetings.present')})"]
        said += ["it has not begun"] if meeting.start.date() > self.project.today else []
        if self.pmtui.drafts.kept(draft_name(self.desk, self.project, meeting.number)):
            said.append(f"a draft of the notes is not saved ({key_of('meetings.notes')})")
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
