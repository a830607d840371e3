"""Reports: what is written and set on the left, the page exactly as it will be issued on the right.

Pages that are kept nowhere, such as the RAID log, have the whole width.
"""

from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from pmtui.domain.dates import say_date
from pmtui.domain.filters import FilterError
from pmtui.domain.lights import WORDS
from pmtui.domain.records import Report
from pmtui.domain.records.report import LIGHTS, SECTIONS_OF, STATUS
from pmtui.keymap import Action, key_of
from pmtui.reports.page import to_lines
from pmtui.screens.page import PageScreen
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.report_lines import (
    NAMES,
    IssuedLine,
    LightLine,
    WordsLine,
    about_lines,
    light_cell,
    page_lines,
    period_words,
    words_cell,
)
from pmtui.screens.report_live import ASKS, KINDS, LIVE, RAID, TITLES, WEEKLY, Chosen
from pmtui.screens.report_setting import WEEK, SetsReport
from pmtui.services import reports
from pmtui.widgets.cells import Cell, Span
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable

PERIOD = "period"
"""The line of the period."""

LABELS = {STATUS: 9}
"""Cells of the lines' names; other kinds have longer ones."""


class ReportScreen(SetsReport):
    """The draft of the next report, its page, and the reports that were issued."""

    view = "report"
    title_word = "Report"
    is_list = False
    CSS_PATH = "report.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._chosen = Chosen()

    def compose_body(self) -> ComposeResult:
        """The sections, and the page beside them."""
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield RecordTable(self._columns(), show_header=False, id="sections")
                yield DocumentView(id="about")
            yield DocumentView(id="page")

    def _columns(self) -> tuple[Column, ...]:
        return Column("label", "", LABELS.get(self.kind, 12)), Column("state", "", None, minimum=8)

    @property
    def page(self) -> DocumentView:
        """The page as it will be issued."""
        return self.query_one("#page", DocumentView)

    # Showing ------------------------------------------------------------------

    def show_data(self) -> None:
        """The sections of the draft, the reports of its kind that were issued, and the page."""
        project, kind = self.project, self.kind
        self.set_class(self.is_live, "live")
        if self.is_live:
            self._show_live()
            return
        issued = [r for r in project.data.reports.values() if r.status == "issued" and r.kind == kind]
        issued.sort(key=lambda r: (r.issued_on or r.period_end, r.id), reverse=True)
        self._lights = {light.name: light for light in reports.current_lights(project)}
        self._draft = reports.draft(project, kind)
        new = "Next report" if kind == STATUS else "New report"
        lines: list[Hashable] = [Heading(self._draft.number if self._draft.id else new)]
        if kind == STATUS:
            lines += [PERIOD, Heading("Lights"), *(LightLine(name) for name in ("overall", *LIGHTS))]
        lines += [Heading("Words"), *(WordsLine(section) for section in SECTIONS_OF[kind])]
        if issued:
            lines += [Heading("Issued", len(issued)), *(IssuedLine(report.number) for report in issued)]
        self.table.invalidate()
        self.table.set_lines(lines, self._row)
        self.show_page()

    def _show_live(self) -> None:
        try:
            page = self._chosen.document(self.kind, self.desk)
        except FilterError as error:  # a saved filter that it names is gone
            self._chosen.filter = ""
            self.tell_error(error)
            page = self._chosen.document(self.kind, self.desk)
        self.table.set_lines([], lambda _: ())
        self.page.set_document(lambda width: to_lines(page, width))

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
            happened = [line for line in reports.offered(self.project, key.section, self._draft) if line not in words]
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
        found = self.project.data.get(key.number) if isinstance(key, IssuedLine) and not self.is_live else None
        return found if isinstance(found, Report) else None

    def footer_enabled(self, action: Action) -> bool:
        """Words are picked into a section; a light is set on its line or asked for; a page of now is chosen."""
        key, name = self.table.cursor_key, action.id.removeprefix("report.")
        if self.is_live:
            never = {"light", "differences", "issue", "send", "wide", "pick"}
            return name not in never and (name != "earlier" or self.kind == WEEKLY)
        if name in {"light", "differences", "earlier"}:
            return self.kind == STATUS
        if name == "edit" and self.issued() is None:
            return not self.why_not("report.issue")
        return isinstance(key, WordsLine) if name == "pick" else True

    def footer_actions(self) -> Sequence[Action]:
        """A page of now has few keys: what never works in it is left out."""
        actions = super().footer_actions()
        return [a for a in actions if self.footer_enabled(a)] if self.is_live else actions

    def footer_word(self, action: Action) -> str:
        """What is chosen in a page of now."""
        return LIVE[self.kind] if self.is_live and action.id == "report.edit" else super().footer_word(action)

    def why_not(self, action_id: str) -> str:
        """What shows how things are writes nothing."""
        return "" if self.is_live and action_id.startswith("report.") else super().why_not(action_id)

    def on_record_table_cursor_moved(self) -> None:
        """The page follows to a report that was issued, and back to the draft."""
        if self.desk.projects and not self.is_live:
            self.show_page()
            self.show_footer()

    # Moving --------------------------------------------------------------------

    def move_by(self, lines: int) -> None:
        """Along the sections, or through a page that has the whole width."""
        if self.is_live:
            self.page.scroll_by(lines)
        else:
            self.table.move(lines)

    def move_page(self, direction: int) -> None:
        """Through the page."""
        self.page.page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """To the first section or the last; of a page alone, to its beginning or its end."""
        if self.is_live:
            (self.page.scroll_last if last else self.page.scroll_first)()
        else:
            (self.table.move_last if last else self.table.move_first)()

    def action_report_wide(self) -> None:
        """The page over the full width, and back."""
        if self.is_live:
            self.tell(f"It has the whole width. {key_of('report.kind')} shows another report.")
        else:
            self.toggle_class("only-page")

    def action_view_back(self) -> None:
        """From the page over the full width to the sections, from another kind to the status report; then out."""
        if self.has_class("only-page"):
            self.remove_class("only-page")
            self.show_footer()
        elif self.kind != STATUS:
            self._show_kind(STATUS)
        else:
            super().action_view_back()

    def footer_key(self, action: Action) -> str:
        """Both keys of the period."""
        both = f"{key_of('report.earlier')} {key_of('report.later')}"
        return both if action.id == "report.earlier" else super().footer_key(action)

    # Writing -------------------------------------------------------------------

    def action_report_edit(self) -> None:
        """Write the section under the cursor, set its light, type the period, or read what was issued."""
        if not self.has_project():
            return
        key, issued = self.table.cursor_key, self.issued()
        if self.is_live:
            self._choose()
        elif issued is not None:
            shown, project = issued, self.project
            self.app.push_screen(
                PageScreen(f"{shown.number} issued {shown.issued_on}", lambda width: page_lines(project, shown, width))
            )
        elif isinstance(key, WordsLine) and self.can_write():
            self._write(key.section)
        elif isinstance(key, LightLine):
            self.action_report_light()
        elif self._has_period() and self.can_write():
            self._ask_period()

    def action_report_pick(self) -> None:
        """What happened, line by line into the section under the cursor, until Esc."""
        key = self.table.cursor_key
        if self.is_live:
            self._choose()
        elif not isinstance(key, WordsLine):
            self.tell_error(f"put the cursor on {self._sections()}: it picks what happened into it")
        elif self.can_write():
            self._pick(key.section)

    def action_report_earlier(self) -> None:
        """The period begins a week earlier; the team's week is the one before."""
        self._move(-1)

    def action_report_later(self) -> None:
        """The period begins a week later, up to its end; the team's week is the one after."""
        self._move(1)

    def _move(self, weeks: int) -> None:
        if self.kind == WEEKLY and self.has_project():
            self.tell(self._chosen.move_week(self.desk, weeks))
            self.show_all()
        elif self.is_live:
            self.tell_error(f"the {self.kind} has no period: it tells how things are")
        else:
            self._move_start(weeks * WEEK)

    # Kinds ---------------------------------------------------------------------

    @property
    def is_live(self) -> bool:
        """Whether the page in view is kept nowhere."""
        return self.kind in LIVE

    def action_report_kind(self) -> None:
        """Which report: those that are issued, and pages of how things are."""
        if self.has_project():
            self.app.push_screen(ChoiceScreen("Which report?", KINDS), self._show_kind)

    def _show_kind(self, kind: str | None) -> None:
        if not kind or kind == self.kind:
            return
        self.kind = kind
        self.title_word = "Report" if kind == STATUS else f"Report ▸ {TITLES[kind]}"
        self.leads_back = kind != STATUS
        self.tell("")
        self.table.columns = self._columns()
        self.remove_class("only-page")
        self.show_all()
        self.table.move_first()
        self.page.scroll_first()

    def action_report_filter(self) -> None:
        """What the RAID log shows."""
        if self.kind != RAID:
            self.tell_error(f"the RAID log has a filter: {key_of('report.kind')} shows it")
        elif self.has_project():
            self._choose()

    def _choose(self) -> None:
        ASKS[self.kind](self, self._chosen, self.show_all)

    # Comparing, issuing, exporting ---------------------------------------------------

    def action_report_differences(self) -> None:
        """What changed since the last one issued, or between the one under the cursor and another."""
        from pmtui.screens.report_differences import ask_differences

        if self.kind != STATUS:
            self.tell_error(f"status reports are compared: {key_of('report.kind')} shows them")
        elif self.has_project():
            ask_differences(self, self.issued())

    def action_report_issue(self) -> None:
        """Asked once more, since it can't be undone."""
        if self.is_live:
            self.tell_error(
                f"the {self.kind} is never issued: it tells how things are; {key_of('view.export')} writes it"
            )
            return
        if not self.can_write():
            return
        project, draft, kind = self.project, self._draft, self.kind
        what = period_words(draft) if kind == STATUS else f"the {TITLES[kind]}"
        question: Cell = (
            ("Issue the report of ", "") if kind == STATUS else ("Issue ", ""),
            (what, "strong"),
            ("?", ""),
        )
        wanted = ("summary",) if kind == STATUS else SECTIONS_OF[kind]
        missing = [NAMES[s].lower() for s in wanted if not draft.words.get(s)]
        say: Cell = (f"nothing is written in: {', '.join(missing)}", "warn") if missing else ""
        choices = [Choice("S", "issue", "its page and numbers are frozen: it can't be taken back")]

        def take(key: str | None) -> None:
            outcome = (
                self.perform(lambda: self.desk.commit(project, lambda: reports.issue(project, kind))) if key else None
            )
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

        if self.is_live:
            self.tell_error(f"the {self.kind} is not issued: what is frozen can be sent")
            return
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
        from pmtui.services.printing import printed_page, printed_report

        if not self.desk.projects:
            return
        if self.is_live:
            page = self._chosen.document(self.kind, self.desk)
            ask_format(self, self.project, printed_page(self.project, self.kind, page))
        else:
            ask_format(self, self.project, printed_report(self.project, self.issued() or self._draft))
