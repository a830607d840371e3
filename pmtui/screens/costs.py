"""Costs: the budget lines with what became of them, and the entries behind every number."""

from collections.abc import Hashable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from pmtui.domain.budget import BASE, Budget, LineTotals, budget_on
from pmtui.domain.phasing import month_of
from pmtui.domain.records import BudgetLine, CostEntry
from pmtui.domain.versions import proposals
from pmtui.keymap import Action, key_of
from pmtui.screens import labour_rows
from pmtui.screens.budget_pages import BudgetPages
from pmtui.screens.budget_words import proposal_span, version_facts
from pmtui.screens.charts import burn_chart
from pmtui.screens.controlling import ControlPages
from pmtui.screens.cost_verbs import CostVerbs
from pmtui.screens.money import (
    amounts_of,
    entry_cells,
    entry_columns,
    entry_story,
    line_cells,
    line_columns,
    line_story,
    money_facts,
    month_name,
    sum_cells,
    sum_up,
    sums_words,
)
from pmtui.screens.prompts import Choice, ChoiceScreen
from pmtui.screens.receipts import accrued_facts
from pmtui.screens.rows import Rows
from pmtui.screens.summary import fitted, flowed
from pmtui.services import costs, records, verbs
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.columns import GUTTER, column_widths
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Heading, RecordTable

ALL, SUBTOTAL = "all lines", "base budget"
"""What the two lines of sums are called, and the filters that they are."""

LOW, TALL = 17, 34
"""Lines of a screen below which the details go, and from which both parts have room."""

WITH_CHART = 38
"""Lines from which on the burn chart stands beneath the details."""


class CostsScreen(BudgetPages, ControlPages, CostVerbs):
    """Two parts: budget lines above, entries below; ``h`` goes from one to the other."""

    view = "costs"
    title_word = "Costs"
    adds = "cost"
    is_list = False
    CSS_PATH = "costs.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Key] = []
        self._on_lines = False
        self._by_line = False
        self._only, self._of = ALL, ""
        self._budget: Budget | None = None
        self._totals: dict[str, LineTotals] = {}

    def compose_body(self) -> ComposeResult:
        """What the money comes to, the budget lines, the entries."""
        with Vertical(id="body"):
            yield DocumentView(id="money")
            yield RecordTable(id="lines")
            yield DocumentView(id="rule")
            yield RecordTable(id="entries")

    def on_mount(self) -> None:
        """The keys begin in the entries."""
        self.query_one("#rule", DocumentView).set_document(lambda width: [(("─" * width, "muted"),)])
        self._give_keys(to_lines=False)

    def on_resize(self) -> None:
        """Columns and cents as there is room for them."""
        for name, least in (("-low", LOW), ("-short", TALL)):
            self.set_class(self.size.height < least, name)
        self.set_class(self.size.height >= WITH_CHART and self.size.width >= 110, "-tall")
        if self.desk.projects and self._budget is not None:
            self._show_parts()
            self._show_money(self._budget)

    @property
    def lines(self) -> RecordTable:
        """The budget lines."""
        return self.query_one("#lines", RecordTable)

    @property
    def entries(self) -> RecordTable:
        """The entries."""
        return self.query_one("#entries", RecordTable)

    @property
    def rows(self) -> Rows:
        """The part that has the keys."""
        return self.lines if self._on_lines else self.entries

    def shown_keys(self) -> Sequence[Key]:
        """The records of the part that has the keys."""
        if self._on_lines:
            return [(self.project.code, number) for number in self._totals]
        return self._shown

    def kind_to_add(self) -> str:
        """A budget line among the lines, else an entry."""
        return "budget line" if self._on_lines else "cost"

    def move_by(self, lines: int) -> None:
        """Along the part that has the keys."""
        (self.lines if self._on_lines else self.entries).move(lines)

    def on_record_table_cursor_moved(self) -> None:
        """The details follow."""
        self.cursor_moved()

    def reveal(self, key: Key) -> None:
        """Put the cursor on a line or an entry, in its part."""
        record = self.desk.record(key)
        self._give_keys(to_lines=isinstance(record, BudgetLine))
        if isinstance(record, CostEntry) and key not in self._shown:
            self._only = ALL
            self.show_data()
        super().reveal(key)

    # What is shown -------------------------------------------------------------------

    def show_data(self) -> None:
        """The money, the lines and the entries, as they are now."""
        project = self.project
        self._budget = budget_on(project.data, project.today)
        self._totals = {line.line.number: line for line in self._ordered(self._budget)}
        if self._only not in {ALL, SUBTOTAL, *self._totals} or self._of != project.code:
            self._only, self._of = ALL, project.code
        self._show_money(self._budget)
        self._show_parts()
        self.show_details()

    def _show_money(self, budget: Budget) -> None:
        data, narrow = self.project.data, self.size.width < 100
        facts = money_facts(budget, data.project.currency, version_facts(data, narrow=narrow), narrow=narrow)
        facts[-1:-1] = accrued_facts(data, self.project.today)
        tall = self.size.height >= TALL
        self.query_one("#money", DocumentView).set_document(
            lambda width: flowed([fact for _, fact in facts], width) if tall else [fitted(facts, width)]
        )

    def _room(self) -> int:
        """How wide the tables are: the details stand beside them where it is broad, and the preview where asked."""
        width = self.size.width
        if self.has_class("with-preview"):
            return width // 2
        return width - (60 if width >= 160 else 0)

    def action_view_preview(self) -> None:
        """The report beside the view; the tables are narrower then."""
        super().action_view_preview()
        self._show_parts()
        self.show_details()

    def _show_parts(self) -> None:
        with self.app.batch_update():
            self._show_lines()
            self._show_entries()

    @staticmethod
    def _ordered(budget: Budget) -> list[LineTotals]:
        """Base lines first, then what is set aside."""
        return sorted(budget.lines, key=lambda line: (line.line.kind != BASE, line.line.kind, line.line.id))

    def _show_lines(self) -> None:
        table, code = self.lines, self.project.code
        width, proposed = self._room(), proposals(self.project.data)
        sums = {ALL: sum_up(list(self._totals.values()))}
        cents = width >= 100 and any(value % 1 for value in sums[ALL])
        table.columns = line_columns([*map(amounts_of, self._totals.values()), sums[ALL]], width, cents=cents)
        room = column_widths(table.columns, width - GUTTER)[1]
        base = [line for line in self._totals.values() if line.line.kind == BASE]
        keys: list[Key | Heading] = [(code, line.line.number) for line in base]
        if 0 < len(base) < len(self._totals):
            sums[SUBTOTAL] = sum_up(base)
            keys.append((code, SUBTOTAL))
            keys += [(code, number) for number, line in self._totals.items() if line not in base]
        if self._totals:
            keys.append((code, ALL))
        table.empty = (
            "Budget lines: what may be spent on what.",
            ((key_of("record.add"), "accent"), (" adds the first", "muted")),
        )

        def render(key: Hashable) -> Sequence[Cell]:
            assert isinstance(key, tuple)
            name = key[1]
            if name in sums:
                return sum_cells(name.capitalize(), sums[name], width, cents=cents)
            if name not in self._totals:
                return (name,)
            aside = proposal_span(proposed.get(name))
            return line_cells(self._totals[name], width, cents=cents, aside=aside, room=room)

        table.display = bool(keys) or self._on_lines
        table.invalidate()
        table.set_lines(keys, render)

    def _show_entries(self) -> None:
        project, table = self.project, self.entries
        table.columns = entry_columns(project.data, self._room(), with_line=self._with_line)
        behind = [e for e in project.data.costs.values() if self._is_behind(e)]
        found = [e for e in behind if self.passes(e, project)]
        self.total = len(behind)
        groups: dict[tuple[str, str], list[CostEntry]] = {}
        for entry in sorted(found, key=lambda e: (e.date, e.id), reverse=True):
            line = "" if self._with_line else entry.budget_line
            groups.setdefault((line, month_of(entry.date)), []).append(entry)
        behind_hours = (
            [] if self.filter_text else list(self._totals) if self._only not in self._totals else [self._only]
        )
        hours = labour_rows.hours_behind(project.data, behind_hours, with_line=self._with_line)
        for group in hours:
            groups.setdefault(group, [])
        order = list(self._totals)
        lines: list[Key | Heading] = []
        self._shown = []
        by_month = sorted(groups, key=lambda group: group[1], reverse=True)
        for line, month in sorted(by_month, key=lambda group: order.index(group[0]) if group[0] in order else -1):
            keys = [(project.code, entry.number) for entry in groups[line, month]]
            worked = hours.get((line, month), {})
            lines += [Heading(self._group_title(line, month, groups[line, month], worked)), *keys]
            lines += [(project.code, name) for name in worked]
            self._shown += keys
        table.empty = self._empty()
        table.invalidate()
        table.set_lines(lines, self._entry_row)

    def _empty(self) -> tuple[Cell, ...]:
        if self._only != ALL and not self.filter_text:
            return (
                (f"Nothing is booked on {self._name_of(self._only)}.", ""),
                (("Esc", "accent"), (" shows all", "muted")),
            )
        return self.empty_lines(
            "Costs: what was planned, committed, invoiced and paid, by line and month.",
            key_of("record.add"),
            "adds the first",
        )

    def _is_behind(self, entry: CostEntry) -> bool:
        """Whether an entry is part of the number that was opened."""
        if self._only == SUBTOTAL:
            line = self._totals.get(entry.budget_line)
            return line is not None and line.line.kind == BASE
        return self._only in {ALL, entry.budget_line}

    def _name_of(self, number: str) -> str:
        line = self._totals.get(number)
        return line.line.category if line else number

    def _group_title(self, line: str, month: str, entries: Sequence[CostEntry], worked: labour_rows.Rows) -> str:
        closed = "   closed" if month in self.project.data.project.closed_months else ""
        opened = SUBTOTAL if self._only == SUBTOTAL else self._name_of(line)
        named = f"{opened} · {month_name(month)}" if opened else month_name(month)
        return f"{named}{closed}   {sums_words(labour_rows.with_hours(costs.sums_of(entries), worked))}"

    def _entry_row(self, key: Hashable) -> Sequence[Cell]:
        assert isinstance(key, tuple)
        entry = self.desk.record(key)
        if labour_rows.is_row(key[1]):
            return labour_rows.hours_cells(self.project.data, key[1], with_line=self._with_line)
        if not isinstance(entry, CostEntry):
            return ((str(key[1]), "muted"), ("gone", "muted"))
        return entry_cells(entry, self.project.data, self.desk.session.today, with_line=self._with_line)

    @property
    def _with_line(self) -> bool:
        """Whether the headings leave open which line an entry is on."""
        return not self._by_line and self._only not in self._totals

    def show_details(self) -> None:
        """What is behind the cursor, and the burn chart where there is room beneath."""
        self._timer = None
        pane = self.query_one("#details", DocumentView)
        if self.desk.projects and self._budget is not None:
            pane.set_document(self._details)
        self.show_footer()

    def _details(self, width: int) -> list[Sequence[Span]]:
        project, record = self.project, self.record()
        lines: list[Sequence[Span]] = []
        if isinstance(record, CostEntry):
            lines = entry_story(record, project.data, project.today, width)
        elif self._on_lines and self._line_number() in self._totals:
            line = self._totals[self._line_number()]
            booked = [e for e in project.data.costs.values() if e.budget_line == line.line.number]
            lines = line_story(line, costs.sums_of(booked), len(booked), project.data, width)
            lines += labour_rows.hours_story(project.data, line.line.number, width)
        elif row := labour_rows.row_under(self.rows.cursor_key):
            lines = labour_rows.row_story(project.data, row, width)
        elif self._on_lines and self._totals:
            lines = [
                ((part, "muted"),)
                for part in wrap(f"Sums: {key_of('record.open')} shows the entries behind them.", width)
            ]
        height = 14 if self.has_class("-broad") else 9 if self.has_class("-tall") else 0
        if height and self._budget and not self.has_class("with-preview"):
            chart = burn_chart(project.data, self._budget, project.today, width, height)
            title: Sequence[Span] = (("Spent against the plan", "head"), (f"  {key_of('costs.chart')} larger", "muted"))
            lines += [(("", ""),), title, *chart] if chart else []
        return lines

    def footer_enabled(self, action: Action) -> bool:
        """A chart and sums want something behind them."""
        if action.id == "costs.chart" or (action.id == "record.open" and self._on_lines):
            return bool(self._totals)
        if action.id == "record.open" and labour_rows.row_under(self.rows.cursor_key):
            return True
        return super().footer_enabled(action)

    # Keys of this view ------------------------------------------------------------------

    def action_costs_lines(self) -> None:
        """To the budget lines, and back to the entries."""
        self._give_keys(to_lines=not self._on_lines)
        keys = key_of("record.open"), key_of("costs.lines")
        entries, back = (" shows the entries behind a line, ", "muted"), (" goes back", "muted")
        self.tell(((keys[0], "accent"), entries, (keys[1], "accent"), back) if self._on_lines else "")

    def _give_keys(self, *, to_lines: bool) -> None:
        self._on_lines = to_lines
        for table, has_keys in ((self.lines, to_lines), (self.entries, not to_lines)):
            table.set_class(not has_keys, "passive")
            table.refresh()
        self.set_class(to_lines, "-on-lines")
        self.lines.display = bool(self._totals) or to_lines
        self.cursor_moved()

    def _line_number(self) -> str:
        """The budget line under the cursor, also one that was deleted and is still approved."""
        return str(self.lines.cursor_key[1]) if isinstance(self.lines.cursor_key, tuple) else ""

    def action_record_open(self) -> None:
        """The entries behind a line; an entry with its history."""
        row = labour_rows.row_under(self.rows.cursor_key)
        if row:
            self.app.push_screen(labour_rows.hours_page(self.project, row))
        elif not self._on_lines:
            super().action_record_open()
        if not self._on_lines:
            return
        key = self.lines.cursor_key
        if isinstance(key, tuple):
            self._open_entries(str(key[1]))

    def _open_entries(self, only: str) -> None:
        self._only = only
        self._give_keys(to_lines=False)
        self._show_entries()
        self.entries.move_first()
        found = [e for e in map(self.desk.record, self._shown) if isinstance(e, CostEntry)]
        sums, hours = labour_rows.with_all_hours(self.project.data, costs.sums_of(found), only, self._totals)
        words = f"{self._name_of(only)}: {len(found)} entries{hours}   {sums_words(sums)}"
        self.tell(((words, "accent"), ("   Esc shows all", "muted")) if only != ALL else "")

    def action_view_clear(self) -> None:
        """The marks, then the line that was opened, then the filter; from the lines, back."""
        if self._on_lines and not self.rows.marked:
            self.action_costs_lines()
        elif self._only != ALL and not self.rows.marked:
            self._open_entries(ALL)
        else:
            super().action_view_clear()

    def action_costs_grouping(self) -> None:
        """By month, or by line and month."""
        self._by_line = not self._by_line
        self._show_entries()
        self.tell("by line, then month" if self._by_line else "by month")

    def shown_line(self) -> str:
        """The line under the cursor, or the one whose entries are shown."""
        if not self._on_lines:
            return self._only if self._only in self._totals else ""
        record = self.record()
        return record.number if isinstance(record, BudgetLine) else ""

    def shown_month(self) -> str:
        """The month under the cursor."""
        record = self.record()
        return month_of(record.date) if isinstance(record, CostEntry) else ""

    def line_to_add(self, kind: str) -> str:
        """An entry begins with the budget line that is shown alone."""
        return f"{self._only} " if kind == "cost" and self._only in self._totals else ""

    def action_record_drop(self) -> None:
        """Void, with a reason; or deleted."""
        keys = self.chosen()
        if not self.are_there(keys):
            return
        choices = [Choice("D", f"delete ({key_of('desk.undo')} brings it back)")]
        if not self._on_lines:
            choices.insert(0, Choice("d", "void: it counts nowhere, and keeps the reason"))

        def take(key: str | None) -> None:
            if key == "d":
                self._ask_reason(keys, "void, why?", verbs.drop)
            elif key == "D":
                self.act_on_keys(keys, records.delete_records)

        self.app.push_screen(ChoiceScreen(f"{self.naming(keys)}:", choices), take)
