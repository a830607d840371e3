"""The decisions log: what was decided, when, by whom, in which meeting, and what superseded it."""

from collections.abc import Sequence

from textual.app import ComposeResult

from pmtui.domain.dates import MONTHS, say_date
from pmtui.domain.records import Decision
from pmtui.keymap import Action, key_of
from pmtui.screens.list_view import ListView
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column, Heading, RecordTable


class DecisionLogScreen(ListView):
    """Decisions by month, the newest first; one that another superseded is dimmed and names it."""

    view = "decisions"
    title_word = "Decisions"
    opened_from = "meetings"
    leads_back = True
    adds = "decision"

    def compose_body(self) -> ComposeResult:
        """One list, a section a month."""
        columns = (
            Column("number", "No", 5),
            Column("date", "Date", 10),
            Column("title", "Decision", minimum=30),
            Column("by", "By", 16, priority=2),
            Column("meeting", "Meeting", 6, priority=3),
            Column("after", "", 7, "right"),
        )
        yield RecordTable(columns, show_header=False, id="body")

    def show_data(self) -> None:
        """Every decision that the filter lets through."""
        project = self.project
        found = sorted(project.data.decisions.values(), key=lambda d: (d.date, d.id), reverse=True)
        self.total = len(found)
        months: dict[str, list[Key]] = {}
        for decision in found:
            if self.passes(decision, project):
                month = f"{MONTHS[decision.date.month - 1]} {decision.date.year}"
                months.setdefault(month, []).append((project.code, decision.number))
        lines: list[Key | Heading] = []
        for month, keys in months.items():
            lines += [Heading(month, len(keys)), *keys]
        self._shown = [key for keys in months.values() for key in keys]
        purpose = "Decisions: taken in meetings (lines D: of their notes), or added here."
        self.table.empty = self.empty_lines(purpose, key_of("record.add"), "adds one: Go live on 7 Jan @dora")
        self.table.invalidate()
        self.table.set_lines(lines, self._row)
        self.show_details()

    def _row(self, key: object) -> Sequence[Cell]:
        record = self.desk.record(key) if isinstance(key, tuple) else None
        if not isinstance(record, Decision):
            return ("", "", ("gone", "muted"), "", "", "")
        data = self.project.data
        later = data.superseded_by(record.number)
        tone = "muted" if later else ""
        return (
            (record.number, "muted"),
            (say_date(record.date, self.project.today), tone),
            (record.title, tone),
            (data.full_name(record.decided_by), "muted"),
            (record.meeting, "muted"),
            (f"→ {later}" if later else "", "warn"),
        )

    def show_details(self) -> None:
        """What was decided, by whom and where, what it took the place of and what took its own."""
        self._timer = None
        record, project = self.record(), self.project
        if isinstance(record, Decision):
            self.query_one("#details", DocumentView).set_document(lambda width: decision_lines(project, record, width))
            self.show_footer()
        else:
            super().show_details()

    def footer_enabled(self, action: Action) -> bool:
        """A decision stands: it is superseded, once, and never edited."""
        record = self.record()
        if action.id == "decisions.supersede":
            return record is not None and not self.project.data.superseded_by(record.number)
        return action.id != "record.edit" and super().footer_enabled(action)

    def action_decisions_supersede(self) -> None:
        """A line that adds the decision which takes this one's place."""
        record = self.record()
        if not isinstance(record, Decision):
            self.tell_error(f"there is no decision under the cursor; {key_of('record.add')} adds one")
            return
        later = self.project.data.superseded_by(record.number)
        if later:
            self.tell_error(f"{record.number} is superseded by {later} already; supersede that one")
            return
        self.ask_to_add(self.project, "decision", f"supersedes:{record.number} ")


def decision_lines(project: OpenProject, decision: Decision, width: int) -> list[Sequence[Span]]:
    """A decision in full: its words, its meeting, and those before and after it."""
    data, today = project.data, project.today
    lines: list[Sequence[Span]] = [((part, "strong"),) for part in wrap(f"{decision.number}  {decision.title}", width)]
    meeting = data.get(decision.meeting) if decision.meeting else None
    told = meeting.name if meeting else ""
    facts = [
        f"{say_date(decision.date, today)}",
        f"by {data.full_name(decision.decided_by)}" if decision.decided_by else "",
    ]
    facts += [f"in {decision.meeting} {told}".rstrip() if decision.meeting else "outside a meeting"]
    facts += [f"applies from {say_date(decision.applies_from, today)}" if decision.applies_from else ""]
    lines += [((part, ""),) for part in wrap(" · ".join(filter(None, facts)), width)]
    for words, number in (("Supersedes", decision.supersedes), ("Superseded by", data.superseded_by(decision.number))):
        found = data.get(number) if number else None
        if found is not None:
            lines += [((part, "warn"),) for part in wrap(f"{words} {number} {found.name}", width)]
    return [*lines, *(((part, "muted"),) for line in decision.text.splitlines() for part in wrap(line, width))]
