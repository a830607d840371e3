"""Charts of the money over time: spent against the plan, and the cash curve; each with its numbers month by month."""

import datetime as dt
from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from pmtui.domain.budget import Budget, budget_on, months, planned_curve
from pmtui.domain.cash import CashMonth, cash_flow, undated_commitments
from pmtui.domain.dates import MONTHS
from pmtui.domain.project_data import ProjectData
from pmtui.keymap import Action, key_of
from pmtui.screens.money import month_name
from pmtui.screens.summary import amount
from pmtui.screens.view import ViewScreen
from pmtui.widgets.cells import Span, fit, wrap
from pmtui.widgets.charts import Series, line_chart
from pmtui.widgets.document_view import DocumentView

Lines = list[Sequence[Span]]

ROOM, TALL = 11, 34
"""Lines that a chart leaves to its numbers, and those of a screen from which on it leaves them twice as many."""

BURN_HEADINGS = ("Spent", "Cumulative", "Plan", "Plan - actual")
CASH_HEADINGS = ("Actual", "Committed", "To come", "In all", "Plan")
WHEN = (
    "Commitments stand in the month their invoice is expected, planned entries in theirs; what else is to come is "
    "spread over the working days to the forecast finish."
)
NOTHING: Lines = [(("Nothing to draw yet: no spending, and no budget between a start and a finish.", "muted"),)]


class ChartsScreen(ViewScreen):
    """One chart at a time, as large as there is room for."""

    view = "charts"
    title_word = "Charts"
    leads_back = True
    is_list = False
    CSS_PATH = "charts.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._at = 0

    def compose_body(self) -> ComposeResult:
        """The chart, and its numbers."""
        with Vertical(id="body"):
            yield DocumentView(id="page")

    @property
    def page(self) -> DocumentView:
        """What is drawn."""
        return self.query_one("#page", DocumentView)

    def show_data(self) -> None:
        """Draw what the records are now."""
        project, (title, draw) = self.project, CHARTS[self._at]
        data, today = project.data, project.today
        budget = budget_on(data, today)
        height = max(8, min(30, self.size.height - (ROOM if self.size.height < TALL else 2 * ROOM)))
        others = ", ".join(name for at, (name, _) in enumerate(CHARTS) if at != self._at)

        def lines(width: int) -> Lines:
            head: Sequence[Span] = (
                (title, "title"), (f"  {data.project.title}, {data.project.currency}   ", "muted"),
                (key_of("charts.next"), "accent"), (f" {others}", "muted"),
            )  # fmt: skip
            return [head, *draw(data, budget, today, width, height)]

        self.page.set_document(lines)

    def on_resize(self) -> None:
        """Draw it for the new size."""
        super().on_resize()
        if self.desk.projects:
            self.show_data()

    def footer_enabled(self, action: Action) -> bool:
        """Every key applies."""
        del action
        return True

    def move_by(self, lines: int) -> None:
        """Scroll."""
        self.page.scroll_by(lines)

    def move_page(self, direction: int) -> None:
        """Scroll by a page."""
        self.page.page(direction)

    def move_to_end(self, *, last: bool) -> None:
        """To the beginning or the end."""
        if last:
            self.page.scroll_last()
        else:
            self.page.scroll_first()

    def action_charts_next(self) -> None:
        """The next chart; after the last the first."""
        self._turn(1)

    def action_charts_previous(self) -> None:
        """The chart before; before the first the last."""
        self._turn(-1)

    def _turn(self, step: int) -> None:
        self._at = (self._at + step) % len(CHARTS)
        if self.has_project():
            self.show_data()
            self.page.scroll_first()


# Spent against the plan ------------------------------------------------------------------


def burn_chart(data: ProjectData, budget: Budget, today: dt.date, width: int, height: int) -> Lines:
    """What was spent month by month against the plan, and the way to the estimate at completion."""
    span = _span(data, today)
    if not span:
        return []
    return list(line_chart(_series(data, budget, today, span), width, height, _labels(span, width)))


def burn_page(data: ProjectData, budget: Budget, today: dt.date, width: int, height: int) -> Lines:
    """The burn chart, with its numbers month by month beneath."""
    lines = burn_chart(data, budget, today, width, height)
    if not lines:
        return NOTHING
    planned = {point.month: point.total for point in planned_curve(data)}
    lines += [(("", ""),), _headings(data, BURN_HEADINGS, 14)]
    for point in months(data):
        plan = planned.get(point.month)
        cells = [amount(point.actual, cents=True), amount(point.total, cents=True)]
        cells += [amount(plan, cents=True), amount(plan - point.total, cents=True)] if plan is not None else ["", ""]
        behind = plan is not None and plan < point.total
        lines.append(_month_line(point.month, cells, 14, "warn" if behind else ""))
    return lines


def _span(data: ProjectData, today: dt.date) -> list[dt.date]:
    """All months from the first to the last that has a plan or a booking."""
    found = [point.month for point in planned_curve(data)] + [point.month for point in months(data)]
    if not found:
        return []
    found.append(today.replace(day=1))
    span, month = [], min(found)
    while month <= max(found):
        span.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return span


def _series(data: ProjectData, budget: Budget, today: dt.date, span: Sequence[dt.date]) -> list[Series]:
    planned = {point.month: float(point.total) for point in planned_curve(data)}
    spent = {point.month: float(point.total) for point in months(data)}
    plan: list[float | None] = []
    actual: list[float | None] = []
    for month in span:
        after = planned and month > max(planned)
        plan.append(planned[max(planned)] if after else planned.get(month))
        earlier = [m for m in spent if m <= month]
        known = month <= max([today.replace(day=1), *spent])
        actual.append((spent[max(earlier)] if earlier else 0.0) if known else None)
    series: list[Series] = [("plan", "muted", plan)] if planned else []
    series.append(("actual", "accent", actual))
    last = max(at for at, value in enumerate(actual) if value is not None)
    if last < len(span) - 1:
        coming: list[float | None] = [None] * len(span)
        coming[last], coming[-1] = actual[last], float(budget.eac)
        series.append((f"EAC {budget.method}", "warn", coming))
    return series


# The cash curve -----------------------------------------------------------------------------


def cash_chart(flow: Sequence[CashMonth], budget: Budget, today: dt.date, width: int, height: int) -> Lines:
    """The money that went and will go, month by month: planned, actual, committed, forecast to the EAC."""
    if not flow:
        return []
    this = today.replace(day=1)
    actual: list[float | None] = []
    committed: list[float | None] = []
    forecast: list[float | None] = []
    spent = due = 0.0
    for point in flow:
        spent += float(point.actual)
        due += float(point.committed)
        actual.append(spent if point.month <= this or point.actual else None)
        committed.append(spent + due if point.month >= this else None)
        forecast.append(float(point.total) if point.month >= this else None)
    plan = [None if point.planned is None else float(point.planned) for point in flow]
    series: list[Series] = [
        ("plan", "muted", plan),
        ("actual", "accent", actual),
        ("forecast", "warn", forecast),
        ("with committed", "", committed if due else []),
    ]
    shown = [one for one in series if any(value is not None for value in one[2])]
    return list(line_chart(shown, width, height, _labels([point.month for point in flow], width)))


def cash_page(data: ProjectData, budget: Budget, today: dt.date, width: int, height: int) -> Lines:
    """The cash curve, with its numbers month by month beneath; they come to the EAC."""
    flow = cash_flow(data, budget, today)
    lines = cash_chart(flow, budget, today, width, height)
    if not lines:
        return NOTHING
    size = 12 if width < 100 else 15
    lines += [(("", ""),), _headings(data, CASH_HEADINGS, size)]
    for point in flow:
        cells = [amount(v, cents=True) if v else "" for v in (point.actual, point.committed, point.to_come)]
        cells += [amount(point.total, cents=True)]
        cells += ["" if point.planned is None else amount(point.planned, cents=True)]
        tone = "strong" if point.month == today.replace(day=1) else "" if point.month < today else "muted"
        lines.append(_month_line(point.month, cells, size, tone))
    sums = [sum(getattr(point, name) for point in flow) for name in ("actual", "committed", "to_come")]
    total = "".join(fit(amount(value, cents=True), size, "right") for value in (*sums, budget.eac))
    lines.append(((fit("In all", 16), "head"), (total, "strong")))
    return [*lines, *_notes(data, budget, width)]


def _notes(data: ProjectData, budget: Budget, width: int) -> Lines:
    """How the months were found, and what of them is not known."""
    reason = f" ({budget.fallback})" if budget.fallback else ""
    words = [f"In all at the end: the EAC {budget.method}{reason}.", WHEN]
    undated = undated_commitments(data)
    if undated:
        words.append(f"{undated:,} commitments have no expected invoice date: they stand in this month.")
    return [(("", ""),), *(((part, "muted"),) for text in words for part in wrap(text, width))]


# Both ----------------------------------------------------------------------------------------


def _headings(data: ProjectData, names: Sequence[str], size: int) -> Sequence[Span]:
    heads = "".join(fit(head, size, "right") for head in names)
    return (fit(f"Month {data.project.currency}", 16), "head"), (heads, "head")


def _month_line(month: dt.date, cells: Sequence[str], size: int, tone: str) -> Sequence[Span]:
    row = "".join(fit(cell, size, "right") for cell in cells)
    return (fit(month_name(f"{month:%Y-%m}"), 16), "muted"), (row, tone)


def _labels(span: Sequence[dt.date], width: int) -> list[str]:
    """Months at even steps, as many as have room, the first and the last among them."""
    labels, most = [f"{MONTHS[m.month - 1][:3]} {m:%y}" for m in span], width // 10
    if len(labels) <= max(2, most):
        return labels
    steps = max(2, most) - 1
    return [labels[round(at * (len(labels) - 1) / steps)] for at in range(steps + 1)]


Draw = Callable[[ProjectData, Budget, dt.date, int, int], Lines]

CHARTS: tuple[tuple[str, Draw], ...] = (("Spent against the plan", burn_page), ("Cash curve", cash_page))
"""The charts, in the order they are turned to."""
