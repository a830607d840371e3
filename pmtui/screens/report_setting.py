"""What is written and set in a report: its words, its period, its lights."""

import datetime as dt
from collections.abc import Hashable, Sequence
from functools import partial

from pmtui.domain.dates import say_date
from pmtui.domain.lights import COLOURS, SHAPES, WORDS, Light
from pmtui.domain.problems import Refused
from pmtui.domain.records import Report
from pmtui.domain.records.report import EXCEPTION, LIGHTS, SECTIONS_OF, STATUS
from pmtui.screens.adding import AddsRecords
from pmtui.screens.prompts import Choice, ChoiceScreen, Item, LineScreen, PickerScreen
from pmtui.screens.report_lines import NAMES, LightLine, WordsLine, picked_into, read_period
from pmtui.screens.sections import section_of
from pmtui.services import reports
from pmtui.services.project import Outcome
from pmtui.widgets.cells import Cell
from pmtui.widgets.record_table import RecordTable

WEEK = dt.timedelta(days=7)


class SetsReport(AddsRecords):
    """The draft of a report, and what is asked to write and set it. ``kind`` is the kind of report in view."""

    kind = STATUS

    def __init__(self) -> None:
        super().__init__()
        self._lights: dict[str, Light] = {}
        self._draft = Report(period_start=dt.date.min, period_end=dt.date.min)

    @property
    def table(self) -> RecordTable:
        """The sections."""
        return self.query_one("#sections", RecordTable)

    def can_write(self) -> bool:
        """Whether the draft can be written; says why it can't."""
        if not self.desk.projects:
            self.show_no_project()
        elif self.project.read_only:
            self.tell_error(self.why_not("report.issue"))
        else:
            return True
        return False

    # Words ---------------------------------------------------------------------

    def _write(self, section: str) -> None:
        from pmtui.screens.writing import WritingScreen  # the text area is loaded when something is written

        self.app.push_screen(WritingScreen(section_of(self.desk, self.project, section, self.kind)), self._written)

    def _written(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self.tell_outcome(outcome)

    def action_report_pick(self) -> None:
        """What happened, line by line into the section under the cursor, until Esc."""
        key = self.table.cursor_key
        if not isinstance(key, WordsLine):
            self.tell_error(f"put the cursor on {self._sections()}: it picks what happened into it")
        elif self.can_write():
            self._pick(key.section)

    def _sections(self) -> str:
        """The sections of the kind in view, as their lines name them."""
        *names, last = (NAMES[section] for section in SECTIONS_OF[self.kind])
        return f"{', '.join(names)} or {last}"

    def _pick(self, section: str) -> None:
        project, kind, draft = self.project, self.kind, reports.draft(self.project, self.kind)
        words = draft.words.get(section, "")
        left = [line for line in reports.offered(project, section, draft) if line not in words]
        if not left:
            self.tell("Nothing more happened in the period to pick from.")
            return

        def take(picked: Hashable | None) -> None:
            if picked is None:
                return
            text = picked_into(section, reports.draft(project, kind).words.get(section, ""), str(picked))
            save = partial(reports.save_words, project, section, text, kind=kind)
            done = self.perform(lambda: self.desk.commit(project, save))
            if done is not None:
                self.show_all()
                self._pick(section)

        label = f"{NAMES[section]}: what happened, one after the other"
        self.app.push_screen(PickerScreen(label, [Item(line, line) for line in left]), take)

    # Period --------------------------------------------------------------------

    def _move_start(self, by: dt.timedelta) -> None:
        if self._has_period() and self.can_write():
            draft = reports.draft(self.project)
            start = min(draft.period_start + by, draft.period_end) if by > WEEK * 0 else draft.period_start + by
            self._set_period(start)

    def _has_period(self) -> bool:
        """Whether the report tells of days that can be chosen; says of which it tells where not."""
        if self.kind == STATUS:
            return True
        told = "the day it is issued" if self.kind == EXCEPTION else "the whole project"
        self.tell_error(f"an {self._draft.called} tells of {told}: it has no period to set")
        return False

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
        if self.kind != STATUS:
            self.tell_error("lights are set in the status report; other reports show them as it does")
            return
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
