"""Where can I cut: what budget lines have neither spent nor committed, against what is wanted."""

from collections.abc import Sequence
from decimal import Decimal

from pmtui.domain.behind import Figure
from pmtui.domain.cutting import Cutting, LineCut, cutting
from pmtui.domain.records import CostEntry
from pmtui.keymap import key_of
from pmtui.screens.figures import FiguresScreen, Line, Row
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.widgets.cells import Cell
from pmtui.widgets.record_table import Column, Heading

HEADINGS = ("Can be freed", "Free", "Planned", "Committed")


class CuttingScreen(FiguresScreen):
    """A line with what it could give, and beneath it the planned entries that could be dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._cutting: Cutting | None = None

    def columns(self, width: int) -> tuple[Column, ...]:
        """What could be freed, of which free or planned, and what is committed."""
        sizes = [max(len(heading), 12) for heading in HEADINGS]
        priorities = (0, 2, 1, 3)
        amounts = [
            Column(heading.lower(), heading, size, "right", priority)
            for heading, size, priority in zip(HEADINGS, sizes, priorities, strict=True)
        ]
        return (Column("number", "No", 5), Column("what", "Line", minimum=16 if width < 100 else 24), *amounts)

    def show_data(self) -> None:
        """Look again where money can be freed."""
        self._cutting = cutting(self.project.data, self.project.today)
        super().show_data()

    def nothing(self) -> tuple[Cell, ...]:
        """Nothing can be freed."""
        return (
            ("No budget line has money that is neither spent nor committed.", "muted"),
            ("What is committed can't be cut: it has been ordered.", "muted"),
        )

    def headline(self, width: int) -> Sequence[Line]:
        """What could be freed in all, against what is wanted."""
        found, currency = self._cutting, self.project.data.project.currency
        if found is None:
            return []
        facts: list[Fact] = [
            (("Can be freed ", "muted"), (amount(found.freeable, cents=True), "strong"), (f" {currency}", "muted")),
            (("free ", "muted"), (amount(found.free, cents=True), "")),
            (("planned, could be dropped ", "muted"), (amount(found.droppable, cents=True), "")),
        ]
        if not found.wanted:
            facts.append((("the EAC is within the budget: nothing is wanted", "good"),))
        elif found.short:
            wanted = amount(found.wanted, cents=True)
            facts.append(((f"wanted {wanted}: ▲ {amount(found.short, cents=True)} short", "bad"),))
        else:
            facts.append(((f"wanted {amount(found.wanted, cents=True)}: ✓ there is enough", "good"),))
        return flowed(facts, width)

    def rows(self) -> Sequence[Row | Heading]:
        """Each line, then its planned entries, and the sum of all."""
        found = self._cutting
        if found is None or not found.lines:
            return []
        rows: list[Row | Heading] = []
        for line in found.lines:
            rows.append(_line_row(line))
            rows += [_entry_row(entry) for entry in line.candidates]
        committed = sum((line.totals.committed for line in found.lines), Decimal(0))
        sums = (found.freeable, found.free, found.droppable, committed)
        shown: list[Cell] = [(amount(value, cents=True), "strong") for value in sums]
        about = ("All that could be freed; what is committed is not part of it.",)
        rows.append(Row("sum", ("", ("All of them", "strong"), *shown), about))
        return rows


def _line_row(line: LineCut) -> Row:
    totals = line.totals
    number, category = totals.line.number, totals.line.category
    amounts = (line.freeable, line.free, line.droppable, totals.committed)
    cells: list[Cell] = [(amount(value, cents=True), "muted" if not value else "") for value in amounts]
    free, planned, committed = (amount(v, cents=True) for v in (line.free, line.droppable, totals.committed))
    words = f"{free} is meant for nothing yet, {planned} is planned and could be dropped; {committed} is committed"
    about = (f"{category}: {words} and can't be cut.", f"{key_of('figures.open')} opens what is left of it")
    return Row(number, ((number, "muted"), (category, "strong"), *cells), about, Figure("left", number))


def _entry_row(entry: CostEntry) -> Row:
    name: Cell = (("  ", ""), (entry.note or entry.vendor or "no note", ""))
    cells = ((entry.number, "muted"), name, "", "", (amount(entry.net, cents=True), ""), "")
    about = (
        f"{entry.note or entry.number}: planned for {entry.date.isoformat()}"
        + (f", {entry.vendor}" if entry.vendor else "")
        + ". It is not ordered yet, and could be dropped.",
        f"{key_of('figures.open')} opens {entry.number}; in Costs {key_of('record.drop')} makes it void",
    )
    return Row(entry.number, cells, about, entry.number)
