"""The status report: what is written and set on the left, the page exactly as it will be issued on the right."""

import datetime as dt
from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from pmtui.domain.dates import say_date
from pmtui.domain.lights import COLOURS, SHAPES, WORDS
from pmtui.domain.problems import Refused
from pmtui.domain.records import Report
from pmtui.domain.records.report import LIGHTS, SECTIONS
from pmtui.keymap import Action, key_of
from pmtui.screens.adding import AddsRecords
from pmtui.screens.page import PageScreen
from pmtui.screens.prompts import Choice, ChoiceScreen, Item, LineScreen, PickerScreen
from pmtui.screens.report_lines import (
    NAMES,
    IssuedLine,
    LightLine,
    WordsLine,
    about_lines,
    difference_lines,
    light_cell,
    page_lines,
    period_words,
    read_period,
    words_cell,
)
from pmtui.screens.sections import section_of
from pmtui.services import reports
from pmtui.services.project import Outcome
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable

WEEK = dt.timedelta(days=7)
PERIOD = "period"
"""The line of the period."""


class ReportScreen(AddsRecords):
    """The draft of the next report, its page, and the reports that were issued."""

    view = "report"
    title_word = "Report"
    is_list = False
    CSS_PATH = "report.tcss"

    def compose_body(self) -> ComposeResult:
        """The sections, and the page beside them."""
        with Horizontal(id="body"):
            with Vertical(id="left"):
                columns = (Column("label", "", 9), Column("state", "", None, minimum=8))
                yield RecordTable(columns, show_header=False, id="sections")
                yield DocumentView(id="about")
            yield DocumentView(id="page")

    @property
    def table(self) -> RecordTable:
        """The sections."""
        return self.query_one("#sections", RecordTable)

    @property
    def page(self) -> DocumentView:
        """The page as it will be issued."""
        return self.query_one("#page", DocumentView)

    # Showing ------------------------------------------------------------------

    def show_data(self) -> None:
        """The sections of the draft, the reports issued, and the page."""
        project = self.project
        issued = [report for report in project.data.reports.values() if report.status == "issued"]
        issued.sort(key=lambda r: (r.issued_on or r.period_end, r.id), reverse=True)
        self._lights = {light.name: light for light in reports.current_lights(project)}
        self._draft = reports.draft(project)
        lines: list[Hashable] = [Heading(self._draft.number if self._draft.id else "Next report"), PERIOD]
        lines += [Heading("Lights"), *(LightLine(name) for name in ("overall", *LIGHTS))]
        lines += [Heading("Words"), *(WordsLine(section) for section in SECTIONS)]
        if issued:
            lines += [Heading("Issued", len(issued)), *(IssuedLine(report.number) for report in issued)]
        self.table.invalidate()
        self.table.set_lines(lines, self._row)
        self.show_page()

    def show_no_project(self) -> None:
        """No project: no page."""
        super().show_no_project()
        self.table.set_lines([], lambda _: ())
        self.page.set_document(lambda _: [])

    def show_page(self) -> None:
        """Draw the page, an issued report under the cursor as it was frozen; and what is on the cursor's line."""
        shown, project = self.issued() or self._draft, self.project
        self.page.set_document(lambda width: page_lines(project, shown, width))
        key = self.table.cursor_key
        self.query_one("#about", DocumentView).set_document(lambda width: self._about(key, width))

    def _about(self, key: Hashable, width: int) -> list[Sequence[Span]]:
        """Why a light is as it is; what is written in a section and what happened; the keys for it."""
        if isinstance(key, LightLine):
            light = self._lights[key.name]
            why = light.override.reason if light.override else light.why
            rules = f"The rules say {WORDS[light.ruled]}: {light.why}" if light.override else ""
            keys = f"{key_of('report.light')} sets it by hand" if key.name in LIGHTS else "It is the worst of the four"
            return about_lines(key.name.capitalize(), why, [rules] if rules else [], keys, width)
        if isinstance(key, WordsLine):
            words = self._draft.words.get(key.section, "")
            happened = [line for line in reports.offered(self.project, key.section) if line not in words]
            keys = f"{key_of('report.edit')} writes   {key_of('report.pick')} picks what happened"
            return about_lines(key.section.capitalize(), words, happened, keys, width)
        if isinstance(key, IssuedLine):
            read, differs, export = map(key_of, ("report.edit", "report.differences", "view.export"))
            keys = f"{read} reads it   {differs} differences since   {export} to a file"
            return about_lines(key.number, "Frozen as it was issued.", [], keys, width)
        days = f"{self._draft.period_start} to {self._draft.period_end}"
        earlier, later, types = map(key_of, ("report.earlier", "report.later", "report.edit"))
        return about_lines(
            "Period", days, [], f"{earlier} {later} begins a week earlier, later   {types} types it", width
        )

    def _row(self, key: Hashable) -> Sequence[Cell]:
        today = self.project.today
        if isinstance(key, LightLine):
            return (key.name.capitalize(), light_cell(self._lights[key.name]))
        if isinstance(key, WordsLine):
            return (NAMES[key.section], words_cell(self._draft.words.get(key.section, "")))
        if isinstance(key, IssuedLine):
            report = self.project.data.get(key.number)
            when = report.issued_on if isinstance(report, Report) else None
            return (key.number, (say_date(when, today) if when else "", "muted"))
        draft = self._draft
        return ("Period", period_words(draft))

    def issued(self) -> Report | None:
        """The issued report under the cursor."""
        key = self.table.cursor_key
        found = self.project.data.get(key.number) if isinstance(key, IssuedLine) else None
        return found if isinstance(found, Report) else None

    def footer_enabled(self, action: Action) -> bool:
        """Words are picked into a section; a light is set on its line or asked for."""
        key = self.table.cursor_key
        if action.id == "report.edit" and self.issued() is None:
            return not self.why_not("report.issue")
        if action.id == "report.pick":
            return isinstance(key, WordsLine)
        return True

    def on_record_table_cursor_moved(self) -> None:
        """The page follows to a report that was issued, and back to the draft."""
        if self.desk.projects:
            self.show_page()
            self.show_footer()

    # Moving --------------------------------------------------------------------

    def move_by(self, lines: int) -> None:
        """Along the sections."""
        self.table.move(lines)

    def move_page(self, direction: int) -> None:
        """Through the page."""
        self.page.page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """To the first section or the last."""
        if last:
            self.table.move_last()
        else:
            self.table.move_first()

    def action_report_wide(self) -> None:
        """The page over the full width, and back."""
        self.toggle_class("only-page")

    def action_view_back(self) -> None:
        """From the page over the full width to the sections; then out."""
        if self.has_class("only-page"):
            self.remove_class("only-page")
            self.show_footer()
        else:
            super().action_view_back()

    def footer_key(self, action: Action) -> str:
        """Both keys of the period."""
        both = f"{key_of('report.earlier')} {key_of('report.later')}"
        return both if action.id == "report.earlier" else super().footer_key(action)

    # Writing -------------------------------------------------------------------

    def can_write(self) -> bool:
        """Whether the draft can be written; says why it can't."""
        if not self.desk.projects:
            self.show_no_project()
        elif self.project.read_only:
            self.tell_error(self.why_not("report.issue"))
        else:
            return True
        return False

    def action_report_edit(self) -> None:
        """Write the section under the cursor, set its light, type the period, or read what was issued."""
        if not self.desk.projects:
            self.show_no_project()
            return
        key, issued = self.table.cursor_key, self.issued()
        if issued is not None:
            shown, project = issued, self.project
            self.app.push_screen(
                PageScreen(f"{shown.number} issued {shown.issued_on}", lambda width: page_lines(project, shown, width))
            )
        elif isinstance(key, WordsLine) and self.can_write():
            self._write(key.section)
        elif isinstance(key, LightLine):
            self.action_report_light()
        elif self.can_write():
            self._ask_period()

    def _write(self, section: str) -> None:
        from pmtui.screens.writing import WritingScreen  # the text area is loaded when something is written

        self.app.push_screen(WritingScreen(section_of(self.desk, self.project, section)), self._written)

    def _written(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self.tell_outcome(outcome)

    def action_report_pick(self) -> None:
        """What happened, line by line into the section under the cursor, until Esc."""
        key = self.table.cursor_key
        if not isinstance(key, WordsLine):
            self.tell_error("put the cursor on Summary, Done, Next or Decisions: it picks what happened into it")
        elif self.can_write():
            self._pick(key.section)

    def _pick(self, section: str) -> None:
        project, words = self.project, self._draft.words.get(section, "")
        left = [line for line in reports.offered(project, section) if line not in words]
        if not left:
            self.tell("Nothing more happened in the period to pick from.")
            return

        def take(picked: Hashable | None) -> None:
            if picked is None:
                return
            before = reports.draft(project).words.get(section, "")
            text = f"{before}\n- {picked}".lstrip("\n")
            done = self.perform(lambda: self.desk.commit(project, lambda: reports.save_words(project, section, text)))
            if done is not None:
                self.show_all()
                self._pick(section)

        label = f"{NAMES[section]}: what happened, one after the other"
        self.app.push_screen(PickerScreen(label, [Item(line, line) for line in left]), take)

    # Period --------------------------------------------------------------------

    def action_report_earlier(self) -> None:
        """The period begins a week earlier."""
        self._move_start(-WEEK)

    def action_report_later(self) -> None:
        """The period begins a week later, up to its end."""
        self._move_start(WEEK)

    def _move_start(self, by: dt.timedelta) -> None:
        if self.can_write():
            draft = reports.draft(self.project)
            start = min(draft.period_start + by, draft.period_end) if by > WEEK * 0 else draft.period_start + by
            self._set_period(start)

    def _set_period(self, start: dt.date, end: dt.date | None = None) -> None:
        """Without an end the period goes on to the day of issue."""
        project = self.project
        self.perform(lambda: self.desk.commit(project, lambda: reports.set_period(project, start, end)))

    def _ask_period(self) -> None:
        today, draft = self.project.today, self._draft

        def reader(text: str) -> Sequence[Cell]:
            try:
                start, end = read_period(text, today)
            except Refused as refused:
                return [(str(refused), "bad")]
            days = (end - start).days + 1
            words = f"{say_date(start, today)} to {say_date(end, today)}"
            return [((words, "strong"), (f"   {days} day{'' if days == 1 else 's'}", "muted"))]

        def check(text: str) -> str:
            try:
                read_period(text, today)
            except Refused as refused:
                return str(refused)
            return ""

        def take(text: str | None) -> None:
            if text is not None:
                self._set_period(*read_period(text, today))

        value = f"{draft.period_start} to {draft.period_end}"
        self.app.push_screen(LineScreen("Period", value=value, reader=reader, check=check), take)

    # Lights ----------------------------------------------------------------------

    def action_report_light(self) -> None:
        """The light under the cursor, else which; then its colour, then why."""
        if not self.can_write():
            return
        key = self.table.cursor_key
        if isinstance(key, LightLine) and key.name in LIGHTS:
            self._ask_colour(key.name)
            return
        say: Cell = ("Overall is the worst of the four.", "muted") if isinstance(key, LightLine) else ""
        choices = [Choice(name[0], name, self._lights[name].why, value=name) for name in LIGHTS]

        def take(name: str | None) -> None:
            if name:
                self._ask_colour(name)

        self.app.push_screen(ChoiceScreen("Set which light by hand?", choices, say), take)

    def _ask_colour(self, name: str) -> None:
        light, project = self._lights[name], self.project
        choices = [
            Choice(WORDS[colour][0], f"{SHAPES[colour]} {WORDS[colour]}", value=colour)
            for colour in COLOURS
            if colour not in {light.ruled, light.override.colour if light.override else ""}
        ]
        if light.override:
            choices.append(Choice("x", f"as the rules say: {WORDS[light.ruled]}"))

        def take(colour: str | None) -> None:
            if colour == "x":
                self.perform(lambda: self.desk.commit(project, lambda: reports.clear_override(project, name)))
            elif colour:
                self._ask_reason(name, colour)

        question: Cell = ((f"{name.capitalize()} is {WORDS[light.ruled]} by the rules: {light.why}", "strong"),)
        self.app.push_screen(ChoiceScreen(question, choices), take)

    def _ask_reason(self, name: str, colour: str) -> None:
        project = self.project

        def take(reason: str | None) -> None:
            if reason is not None:
                self.perform(
                    lambda: self.desk.commit(project, lambda: reports.override_light(project, name, colour, reason))
                )

        needed = "a light set by hand needs its reason; the page shows it"
        line = LineScreen(f"{name.capitalize()} {WORDS[colour]}, because", check=lambda t: "" if t.strip() else needed)
        self.app.push_screen(line, take)

    # Comparing, issuing, exporting ---------------------------------------------------

    def action_report_differences(self) -> None:
        """What changed since the last one issued, or since the one under the cursor."""
        if not self.desk.projects:
            self.show_no_project()
            return
        issued = self.issued()
        if not any(report.status == "issued" for report in self.project.data.reports.values()):
            self.tell("No report was issued yet: the second one is compared with the first.")
            return
        try:
            found = reports.compare(self.project, issued.number if issued else None)
        except Refused as refused:
            self.tell_error(refused)
            return
        title = f"What changed since {issued.number if issued else 'the last report'}"
        self.app.push_screen(PageScreen(title, lambda width: difference_lines(found, width)))

    def action_report_issue(self) -> None:
        """Asked once more, since it can't be undone."""
        if not self.can_write():
            return
        project, draft = self.project, self._draft
        question: Cell = (
            ("Issue the report of ", ""),
            (period_words(draft), "strong"),
            ("?", ""),
        )
        missing = [NAMES[s].lower() for s in ("summary",) if not draft.words.get(s)]
        say: Cell = (f"nothing is written in: {', '.join(missing)}", "warn") if missing else ""
        choices = [Choice("S", "issue", "its page and numbers are frozen: it can't be taken back")]

        def take(key: str | None) -> None:
            outcome = self.perform(lambda: self.desk.commit(project, lambda: reports.issue(project))) if key else None
            if outcome is not None:
                said = "".join(f" · {words}" for words in outcome.said)
                self.tell(
                    (
                        (f"✓ {outcome.words}{said}", ""),
                        (f"   {key_of('view.export')}", "accent"),
                        (" writes it to a file", "muted"),
                    )
                )
                self.show_all()
                self.table.move_to(IssuedLine(outcome.numbers[0]))

        self.app.push_screen(ChoiceScreen(question, choices, say), take)

    def action_report_send(self) -> None:
        """Mail the report under the cursor, or the last one that was issued."""
        from pmtui.screens.sending import SendQuestion
        from pmtui.services.sending import last_sendable

        if not self.can_write():
            return
        issued = self.issued()
        number = issued.number if issued else last_sendable(self.project, Report)
        if number:
            SendQuestion(self, self.project, number).ask()
        else:
            self.tell_error(f"no report was issued yet: {key_of('report.issue')} issues this one, then it can be sent")

    def action_view_export(self) -> None:
        """The page as a file in the folder pmtui was started in; its format is asked."""
        from pmtui.screens.exporting import ask_format  # loaded when somebody exports
        from pmtui.services.printing import printed_report

        if self.desk.projects:
            ask_format(self, self.project, printed_report(self.project, self.issued()))
