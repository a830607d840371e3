"""All numbers of the cost view, to open each: of the line and the month under the cursor, and of the project."""

from collections.abc import Sequence

from pmtui.domain.behind import BASE_LINES, LINE_FIGURES, MONEY_FIGURES, MONTH_FIGURES, Books, Figure, opened
from pmtui.keymap import key_of
from pmtui.screens.figure_words import ABOUT, figure_name, figure_word
from pmtui.screens.figures import FiguresScreen, Line, Row
from pmtui.screens.money import month_name
from pmtui.screens.summary import amount
from pmtui.widgets.record_table import Column, Heading


class NumbersScreen(FiguresScreen):
    """A number a line; what the cursor of the cost view stood on comes first."""

    def __init__(self, line: str = "", month: str = "") -> None:
        super().__init__()
        self._line = line
        self._month = month

    def columns(self, width: int) -> tuple[Column, ...]:
        """The number, how much, what it means."""
        del width
        currency = self.project.data.project.currency
        return (
            Column("name", "Number", 18),
            Column("amount", currency, 16, "right"),
            Column("means", "", minimum=20, priority=1),
        )

    def headline(self, width: int) -> Sequence[Line]:
        """What the page is for."""
        del width
        return [((key_of("figures.open"), "accent"), (" opens a number: the entries that it is the sum of", "muted"))]

    def rows(self) -> Sequence[Row | Heading]:
        """By what they are of."""
        data, books = self.project.data, Books(self.project.data, self.project.today)
        sections: list[tuple[str, list[Figure]]] = []
        named = data.baseline_lines.get(data.id_of(self._line)) if self._line else None
        if named is not None:
            sections.append((named.category, [Figure(name, self._line) for name in LINE_FIGURES]))
        if self._month:
            of = self._line if named is not None else ""
            title = month_name(self._month) + (f", {named.category}" if named is not None else "")
            sections.append((title, [Figure(name, of, self._month) for name in MONTH_FIGURES]))
        sections.append(("The project's money", [Figure(name) for name in MONEY_FIGURES]))
        sections.append(("All lines", [Figure(name) for name in LINE_FIGURES]))
        sections.append(("Base budget", [Figure(name, BASE_LINES) for name in LINE_FIGURES]))
        rows: list[Row | Heading] = []
        for title, figures in sections:
            rows.append(Heading(title))
            rows += [self._row_of(books, figure) for figure in figures]
        return rows

    def _row_of(self, books: Books, figure: Figure) -> Row:
        found = opened(books, figure)
        name = f"EAC {books.budget.method}" if figure.name == "eac" else figure_word(figure.name)
        shown = "n/a" if found.amount is None else amount(found.amount, cents=True)
        tone = "bad" if found.amount is not None and found.amount < 0 else ""
        about = (f"{figure_name(figure, self.project.data)}: {ABOUT[figure.name]}.", found.how)
        key = f"{figure.name} {figure.of} {figure.month}"
        return Row(key, (name, (shown, tone), (ABOUT[figure.name], "muted")), about, figure)
