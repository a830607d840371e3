"""A budget line month by month: even, typed, shaped like another line; the rest goes where nothing was typed."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal

from textual import events

from pmtui.domain.budget import spent_by_month
from pmtui.domain.phasetext import write_phases
from pmtui.domain.phasing import Phasing, first_day, months_to, running, total, with_month
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine
from pmtui.domain.values import read_money
from pmtui.keymap import key_of
from pmtui.screens.acting import ActingScreen
from pmtui.screens.budget_words import month_words
from pmtui.screens.money import month_name
from pmtui.screens.prompts import Item, LineScreen, PickerScreen
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.services import phasing
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject
from pmtui.widgets.bars import FooterItem
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.charts import bar
from pmtui.widgets.document_view import DocumentView
from pmtui.widgets.record_table import Column

EVEN, TYPE, COPY, KEEP = "e", "t", "c", "space"
"""Keys of this list's own: spread evenly, type all months, copy a shape, keep a month as it is."""

ZERO = Decimal(0)
MONEY = 15


class PhasingScreen(ActingScreen):
    """The months of a budget line; those typed here, or kept by a key, stay while others are typed."""

    title_word = "Months of a budget line"

    def __init__(self, desk: Desk, project: OpenProject, number: str) -> None:
        super().__init__(desk, project)
        self._number = number
        self._kept: dict[str, Decimal] = {}

    def line(self) -> BudgetLine | None:
        """The budget line; ``None`` where somebody deleted it meanwhile."""
        found = self.project.data.get(self._number)
        return found if isinstance(found, BudgetLine) else None

    # What is shown --------------------------------------------------------------------

    def show(self) -> None:
        """The months of the project and of the line, with what was spent on it in each."""
        table, line = self.table, self.line()
        months = self._months()
        amounts = self._amounts()
        self._kept = {month: value for month, value in self._kept.items() if amounts.get(month) == value}
        broad = self.size.width >= 100
        table.columns = (
            Column("month", "Month", 16),
            Column("kept", "Kept", 4),
            Column("planned", f"Planned {self.project.data.project.currency}", MONEY, "right"),
            Column("bar", "", 24 if broad else 10, priority=3),
            Column("reached", "Reached", MONEY, "right", priority=1),
            Column("spent", "Spent", MONEY, "right", priority=2),
            Column("rest", "", minimum=1),
        )
        if line is None:
            table.empty = ((f"{self._number} is no longer there.", "warn"),)
        else:
            table.empty = (
                "The project has no start and finish to spread it between:",
                ((TYPE, "accent"), (" types its months, such as 2026-01 5000, 2026-02 3000", "muted")),
            )
        self.query_one("#about", DocumentView).set_document(self._about)
        table.invalidate()
        table.set_lines(months, self._row)
        self.show_details()

    def _months(self) -> list[str]:
        """The project's months and the line's own, without gaps."""
        line, data = self.line(), self.project.data
        if line is None:
            return []
        found = {*phasing.months_of(data), *(phase.month for phase in line.phasing)}
        return months_to(min(found), max(found)) if found else []

    def _amounts(self) -> dict[str, Decimal]:
        line = self.line()
        months = phasing.planned_months(self.project.data, line) if line else ()
        return {phase.month: phase.amount for phase in months}

    def _row(self, key: Hashable) -> Sequence[Cell]:
        month, line = str(key), self.line()
        amounts = self._amounts()
        planned, most = amounts.get(month, ZERO), max(amounts.values(), default=ZERO)
        months = phasing.planned_months(self.project.data, line) if line else ()
        by_month = spent_by_month(self.project.data, self.project.data.id_of(self._number))
        spent = by_month.get(first_day(month), ZERO)
        broad = self.size.width >= 100
        return (
            month_name(month),
            ("•" if month in self._kept else "", "accent"),
            (amount(planned, cents=True), "" if planned else "muted"),
            bar([(float(planned), "accent")], float(most), 24 if broad else 10) if planned else "",
            (amount(running(months, [month])[0], cents=True), "muted"),
            (amount(spent, cents=True) if spent else "", "warn" if spent > planned else "muted"),
            "",
        )

    def _about(self, width: int) -> list[Sequence[Span]]:
        line, data = self.line(), self.project.data
        if line is None:
            return []
        how = "by month" if line.phasing else "spread evenly from the project's start to its finish, as they move"
        facts: list[Fact] = [
            ((f"{line.number} {line.category}  ", "strong"), (amount(line.planned, cents=True), "strong")),
            ((how, "muted"),),
        ]
        version = data.approved_version
        approved = data.baseline_lines.get(line.id)
        if version is not None and approved is not None and approved.phasing != line.phasing:
            facts.append(((f"▲ the months of {version.number} count until another version is approved", "warn"),))
        return [*flowed(facts, width)]

    def show_details(self) -> None:
        """What typing a month does to the others; the keys."""
        kept = dict(sorted(self._kept.items()))
        line = self.line()

        def lines(width: int) -> list[Sequence[Span]]:
            if line is None:
                return []
            said = f"Type an amount: the rest of the {amount(line.planned, cents=True)} goes to the other months"
            said += f" in their proportions. {KEEP} keeps a month as it is."
            if kept:
                left = line.planned - sum(kept.values(), ZERO)
                names = ", ".join(map(month_words, kept))
                said = f"Kept: {names}. The rest, {amount(left, cents=True)}, is spread over the other months."
            return [((part, "muted"),) for part in wrap(said, width)]

        self.query_one("#details", DocumentView).set_document(lines)
        self.show_footer()

    # Keys -------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """A digit begins the amount of the month under the cursor; other keys are the list's."""
        if event.character and event.character.isdigit() and event.character.isascii():
            event.stop()
            event.prevent_default()
            self._ask_amount(event.character)

    def actions(self) -> Mapping[str, Callable[[], object]]:
        """Type a month, or all; even, copied, cleared; kept."""
        table = self.table
        return {
            "record.open": lambda: self._ask_amount(""), TYPE: self._type, EVEN: self._spread, COPY: self._copy,
            "record.drop": self._clear, KEEP: self._keep,
            "h": lambda: table.move(-1), "left": lambda: table.move(-1),
            "l": lambda: table.move(1), "right": lambda: table.move(1),
            "costs.phasing": lambda: self.dismiss(None),
        }  # fmt: skip

    def footer(self) -> list[FooterItem]:
        """What can be done with the months."""
        line = self.line()
        writes = line is not None and not self.project.read_only and not phasing.why_not(line)
        months = bool(self._months())
        return [
            (f"0-9 {key_of('record.open')}", "amount", writes and months),
            (TYPE, "type all", writes),
            (EVEN, "even", writes and months),
            (COPY, "copy", writes and bool(self._shapes())),
            (KEEP, "keep", writes and months),
            (key_of("record.drop"), "clear", writes and line is not None and bool(line.phasing)),
        ]

    def _writable(self) -> BudgetLine | None:
        """The line, where its months can be changed; else why not is said."""
        line = self.line()
        if line is None:
            self.tell_error(f"{self._number} is no longer there")
        elif phasing.why_not(line):
            self.tell_error(f"{line.number}: {phasing.why_not(line)}")
        elif self.may_write():
            return line
        return None

    def _ask_amount(self, typed: str) -> None:
        """The amount of a month; what is then left for the others is told while it is typed."""
        line, key = self._writable(), self.table.cursor_key
        if line is None or key is None:
            return
        month, kept = str(key), frozenset(self._kept) - {str(key)}
        months = phasing.planned_months(self.project.data, line)

        def read(text: str) -> tuple[Decimal | None, str]:
            return _read_amount(text, month, months, line.planned, kept)

        def reader(text: str) -> list[Cell]:
            value, problem = read(text)
            if value is None:
                return [(problem, "bad")] if text.strip() else []
            others = [phase for phase in months if phase.month != month]
            left = line.planned - value - total(phase for phase in others if phase.month in kept)
            count = sum(phase.month not in kept for phase in others)
            return [(f"{amount(left, cents=True)} goes to the {count} other months", "muted")]

        def take(text: str | None) -> None:
            value = read(text)[0] if text is not None else None
            if value is not None and self.write(
                lambda: phasing.set_month(self.project, line.number, month, value, kept)
            ):
                self._kept[month] = value
                self.show()

        label = f"{month_name(month)}, {self.project.data.project.currency}"
        now = next((f"{phase.amount}" for phase in months if phase.month == month), "")
        self.app.push_screen(LineScreen(label, value=typed or now, reader=reader, check=lambda t: read(t)[1]), take)

    def _type(self) -> None:
        """All months on one line; what is missing or too much is told while it is typed."""
        line = self._writable()
        if line is None:
            return

        def reader(text: str) -> list[Cell]:
            problem = check(text)
            typed = phasing.read_typed(self.project.data, line, text, self.project.today)
            if typed.problem:
                return [(typed.problem, "bad")] if text.strip() else []
            sums = f"{amount(total(typed.phasing), cents=True)} of {amount(line.planned, cents=True)}"
            return [((f"{len(typed.phasing)} months: {sums}", "muted"), (f"   {problem}", "bad"))]

        def check(text: str) -> str:
            typed = phasing.read_typed(self.project.data, line, text, self.project.today)
            gap = typed.gap(line.planned)
            if typed.problem or not gap:
                return typed.problem
            return f"{amount(abs(gap), cents=True)} {'missing: rest spreads it' if gap > 0 else 'too much'}"

        def take(text: str | None) -> None:
            if text is not None:
                self._kept.clear()
                self.write(lambda: phasing.set_typed(self.project, line.number, text))

        hint = "2026-01 5000, feb 3000, mar..jun 8000, rest   ⏎ take it   Esc leave"
        value = write_phases(line.phasing)
        self.app.push_screen(LineScreen("Months", value=value, reader=reader, check=check, hint=hint), take)

    def _spread(self) -> None:
        if self._writable() is not None:
            self._kept.clear()
            self.write(lambda: phasing.spread(self.project, self._number))

    def _clear(self) -> None:
        if self._writable() is not None:
            self._kept.clear()
            self.write(lambda: phasing.clear(self.project, self._number))

    def _keep(self) -> None:
        """Keep the month under the cursor as it is while others are typed, or no longer."""
        if self.table.cursor_key is not None and self._writable() is not None:
            month = str(self.table.cursor_key)
            if self._kept.pop(month, None) is None:
                self._kept[month] = self._amounts().get(month, ZERO)
            self.show()

    def _shapes(self) -> list[BudgetLine]:
        """Other lines with months of their own."""
        return [
            line for line in self.project.data.budget_lines.values() if line.phasing and line.number != self._number
        ]

    def _copy(self) -> None:
        """The shape of another line's months."""
        shapes = self._shapes()
        if self._writable() is None:
            return
        if not shapes:
            self.tell_error("no other line has months of its own to copy")
            return
        items = [
            Item(
                other.number,
                f"{other.number} {other.category}",
                f"{other.phasing[0].month} to {other.phasing[-1].month}",
            )
            for other in shapes
        ]

        def take(picked: object) -> None:
            if picked is not None:
                self._kept.clear()
                self.write(lambda: phasing.copy_shape(self.project, self._number, str(picked)))

        self.app.push_screen(PickerScreen("Months in the shape of which line?", items), take)


def _read_amount(
    text: str, month: str, months: Phasing, planned: Decimal, kept: frozenset[str]
) -> tuple[Decimal | None, str]:
    """The amount of a month, or why it can't be."""
    try:
        value = read_money(text)
        if value >= 0:
            with_month(months, month, value, planned, kept)
            return value, ""
    except ValueError:
        return None, f"allowed: {BudgetLine.TYPE.fields['planned'].allowed}"
    except Refused as refused:
        return None, refused.problems[0].allowed
    return None, "allowed: 0 or more in a month"
