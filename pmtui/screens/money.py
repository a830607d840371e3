"""Money in words and bars: the budget lines' cells, what lies behind a number."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pmtui.domain.budget import BASE, BOTTOM_UP, Budget, LineTotals
from pmtui.domain.dates import MONTHS, say_date, say_month
from pmtui.domain.lights import percent
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry
from pmtui.domain.values import show_rate
from pmtui.keymap import key_of
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.services.costs import Sums
from pmtui.widgets.cells import Cell, Span, width_of, wrap
from pmtui.widgets.charts import bar
from pmtui.widgets.record_table import Column

ZERO = Decimal(0)
HEADINGS = {"Planned": 1, "Committed": 4, "Actual": 0, "Forecast": 3, "Left": 0}
"""The amounts of a budget line, and which of them go first where it is narrow."""

STATUS_TONES = {"planned": "muted", "paid": "good", "void": "muted"}
KINDS = {BASE: "base", "contingency": "contingency", "management reserve": "reserve"}


def month_name(month: str) -> str:
    """``2026-03`` as people say it."""
    return say_month(month)


def sum_up(lines: Sequence[LineTotals]) -> tuple[Decimal, ...]:
    """Planned, committed, actual, forecast and left of several lines."""
    rows = [amounts_of(line) for line in lines]
    return tuple(sum((row[at] for row in rows), ZERO) for at in range(len(HEADINGS)))


def amounts_of(line: LineTotals) -> tuple[Decimal, ...]:
    """Planned, committed, actual, forecast and left of a line."""
    return (line.planned, line.committed, line.actual, line.forecast, line.left)


# The budget lines ------------------------------------------------------------------


def line_columns(rows: Sequence[tuple[Decimal, ...]], width: int, *, cents: bool) -> tuple[Column, ...]:
    """The columns of the budget lines, as wide as their largest number needs."""
    columns = [Column("number", "No", 4, priority=6), Column("category", "Line", minimum=12)]
    columns.append(Column("kind", "Kind", 11, priority=7))
    for at, (heading, priority) in enumerate(HEADINGS.items()):
        widest = max((len(amount(row[at], cents=cents)) for row in rows), default=0)
        columns.append(Column(heading.lower(), heading, max(len(heading), widest), "right", priority))
    columns.append(Column("bar", "█ actual ▓ committed" if width >= 120 else "Used", bar_width(width), priority=5))
    return tuple(columns)


def bar_width(width: int) -> int:
    """How wide the bar of a budget line is in a table of ``width`` cells."""
    return 7 if width < 100 else 14 if width < 120 else 20


def line_cells(
    line: LineTotals, width: int, *, cents: bool, aside: Span | None = None, room: int = 0
) -> Sequence[Cell]:
    """A budget line's cells, one a column; ``aside`` is said beside its name, which has ``room`` cells."""
    shown = _number_cells(amounts_of(line), cents=cents, over=line.over)
    over: Sequence[Span] = (("▲ ", "bad"),) if line.over else ()
    category = _with_aside((*over, (line.line.category, "")), aside, room)
    kind = KINDS.get(line.line.kind, line.line.kind)
    return ((line.line.number, "muted"), category, (kind, "muted"), *shown, line_bar(line, bar_width(width)))


def _with_aside(name: tuple[Span, ...], aside: Span | None, room: int) -> tuple[Span, ...]:
    """A name and what is said beside it, in full or in short, or a star before it where neither has room."""
    if aside is None:
        return name
    text, tone = aside
    for words in (text, text.removesuffix(" proposed")):
        if width_of(name) + 2 + width_of(words) <= room:
            return (*name, (f"  {words}", tone))
    return (("* ", tone), *name)


def sum_cells(name: str, amounts: tuple[Decimal, ...], width: int, *, cents: bool) -> Sequence[Cell]:
    """The cells of a line of sums."""
    planned, committed, actual, forecast, _ = amounts
    shown = [(amount(value, cents=cents), "bad" if value < 0 else "strong") for value in amounts]
    drawn = _bar(planned, committed, actual, forecast, bar_width(width))
    return ("", (name, "strong"), "", *shown, drawn)


def _number_cells(amounts: tuple[Decimal, ...], *, cents: bool, over: bool) -> list[Cell]:
    cells: list[Cell] = []
    for heading, value in zip(HEADINGS, amounts, strict=True):
        bad = value < 0 if heading == "Left" else over and heading == "Forecast"
        tone = "bad" if bad else "muted" if not value else ""
        cells.append((amount(value, cents=cents), tone))
    return cells


def line_bar(line: LineTotals, width: int) -> tuple[Span, ...]:
    """What is spent, committed and still to come of a line; ``▶`` where that is more than planned."""
    return _bar(line.planned, line.committed, line.actual, line.forecast, width)


def _bar(planned: Decimal, committed: Decimal, actual: Decimal, forecast: Decimal, width: int) -> tuple[Span, ...]:
    if not planned and not forecast:
        return ()
    rest = forecast - actual - committed if forecast > planned else ZERO
    parts = [(float(actual), "accent"), (float(committed), ""), (float(rest), "bad")]
    return bar(parts, float(planned), width)


# What the money comes to -------------------------------------------------------------


def money_facts(
    budget: Budget, currency: str, version: Sequence[tuple[int, Fact]] = (), *, narrow: bool = False
) -> list[tuple[int, Fact]]:
    """The project's money in a line; what the table tells too is left out first.

    ``version`` is what is told of its approved version, for which the contingency gives way. Where it is
    ``narrow``, that the EAC is the usual one, line by line, goes without saying, and so does that it is as budgeted
    but for what was drawn on money set aside.
    """
    usual = budget.method == BOTTOM_UP
    method = "" if usual and narrow else f" {budget.method}"
    over = budget.over_percent or ZERO
    word, tone = ("over", "bad") if budget.variance < 0 else ("under", "good")
    variance: Fact = (("as budgeted", "good"),)
    if budget.variance:
        variance = ((amount(abs(budget.variance)), tone), (f" {word}", "muted"))
    drawn: Fact = ((amount(budget.drawn), ""), (" drawn", "muted"))
    if budget.drawn and not budget.variance:
        variance = drawn if narrow else (*drawn, (", else ", "muted"), *variance)
    left = budget.contingency_left
    contingency: Fact = (("contingency left ", "muted"), (amount(left), "bad" if left < 0 else ""))
    return [
        (0, (("Budget ", "muted"), (amount(budget.planned), "strong"), (f" {currency}", "muted"))),
        (3, (("committed ", "muted"), (amount(budget.committed), ""))),
        (2, (("actual ", "muted"), (amount(budget.actual), ""))),
        (0, (("EAC ", "muted"), (amount(budget.eac), "strong"), (method, "muted"))),
        *([(2, drawn)] if budget.drawn and budget.variance else []),
        (0, variance),
        *([(4, ((percent(abs(over)), "muted"),))] if over else []),
        *([(1 if version or not usual else 0, contingency)] if budget.contingency or left else []),
        *version,
    ]


def sums_words(sums: Sums) -> str:
    """The sums of some entries, without those that are nothing."""
    parts = [(word, amount(value, cents=True)) for word, value in _named(sums) if value]
    if sums.accrued:
        accrued = f" ({amount(sums.accrued, cents=True)} accrued)"
        parts = [(word, shown + accrued if word == "committed" else shown) for word, shown in parts]
    return " · ".join(f"{word} {shown}" for word, shown in parts)


def _named(sums: Sums) -> tuple[tuple[str, Decimal], ...]:
    return ("actual", sums.actual), ("committed", sums.committed), ("planned", sums.planned)


def line_story(line: LineTotals, expected: Sums, count: int, data: ProjectData, width: int) -> list[Sequence[Span]]:
    """A budget line to the cent, how its bar is read, what is proposed of it, and its months."""
    from pmtui.screens.budget_words import phasing_lines, proposal_lines  # they are told in these words too

    record = line.line
    lines: list[Sequence[Span]] = [((f"{record.number}  {record.category}", "strong"), (f"  {record.kind}", "muted"))]
    lines.append((*line_bar(line, min(40, width - 30)), ("  █ actual ▓ committed", "muted")))
    facts: list[Fact] = [
        ((f"{heading.lower()} ", "muted"), (amount(value, cents=True), "bad" if value < 0 else ""))
        for heading, value in zip(HEADINGS, amounts_of(line), strict=True)
    ]
    if expected.planned:
        facts.insert(3, (("still planned ", "muted"), (amount(expected.planned, cents=True), "")))
    if expected.accrued:
        facts.insert(2, (("of that accrued ", "muted"), (amount(expected.accrued, cents=True), "")))
    facts[0] = (*facts[0], (f" {data.project.currency}", "muted"))
    lines += [*flowed(facts, width), *proposal_lines(data, record.number, width)]
    if line.over:
        most = max(line.forecast, line.committed + line.actual)
        lines.append(((f"▲ {amount(most - line.planned, cents=True)} more than planned", "bad"),))
    if record.forecast is not None:
        lines.append(((f"The forecast was set by hand: {key_of('record.edit')} changes it.", "muted"),))
    entries = f"{count} entr{'y' if count == 1 else 'ies'}"
    lines.append(((key_of("record.open"), "accent"), (f" shows its {entries}", "muted")))
    lines += phasing_lines(data.budget_lines.get(record.id, record), width)
    for text in record.description.splitlines():
        lines += [((part, "muted"),) for part in wrap(text, width)]
    return lines


def entry_story(entry: CostEntry, data: ProjectData, today: dt.date, width: int) -> list[Sequence[Span]]:
    """A cost entry: what it is, who sent it, by which papers, and why it can't be changed."""
    currency = data.project.currency
    lines: list[Sequence[Span]] = [
        ((part, "strong"),) for part in wrap(f"{entry.number}  {entry.note or 'no note'}", width)
    ]
    lines += flowed([((text, tone),) for text, tone in _entry_facts(entry, data, currency, today) if text], width)
    if entry.void_reason:
        lines += [((part, "warn"),) for part in wrap(f"Void: {entry.void_reason}", width)]
    month = f"{entry.date:%Y-%m}"
    if month in data.project.closed_months:
        words = f"{month_name(month)} is closed: it can be paid; a correction is an entry in an open month."
        lines += [((part, "muted"),) for part in wrap(words, width)]
    return lines


def _entry_facts(entry: CostEntry, data: ProjectData, currency: str, today: dt.date) -> Iterator[Span]:
    yield f"{amount(entry.net, cents=True)} {currency}{' credit note' if entry.credit_note else ''}", "strong"
    yield foreign_words(entry), ""
    yield f"credits {entry.credits}" if entry.credits else "", ""
    yield f"tax {amount(entry.tax, cents=True)}" if entry.tax else "", ""
    yield entry.status, ""
    yield f"{entry.budget_line} {data.category_of(entry)}", ""
    yield say_date(entry.date, today), ""
    yield entry.vendor, ""
    yield f"PO {entry.po}" if entry.po else "", ""
    yield f"invoice {entry.invoice}" if entry.invoice else "", ""
    if entry.invoice_expected_on and entry.status in {"planned", "committed"}:
        late = entry.invoice_is_late(today)
        word = f"invoice expected {say_date(entry.invoice_expected_on, today)}"
        yield f"{word}{', late' if late else ''}", "warn" if late else ""
    if entry.received_on and entry.status == "committed":
        yield f"received {say_date(entry.received_on, today)}: accrued", ""
    cause = data.get(entry.caused_by) if entry.caused_by else None
    yield f"caused by {cause.number} {cause.name}" if cause else "", ""
    yield " ".join(f"#{tag}" for tag in entry.tags), "muted"


def foreign_words(entry: CostEntry) -> str:
    """The amount in another currency and its rate; empty where there is none."""
    if entry.foreign_net is None or entry.rate is None:
        return ""
    return f"{amount(entry.foreign_net, cents=True)} {entry.currency} at {show_rate(entry.rate)}"


def entry_columns(data: ProjectData, width: int, *, with_line: bool) -> tuple[Column, ...]:
    """The columns of the entries; ``with_line`` where their headings leave the line open."""
    hours = data.labour.by_person_and_month.values() if data.project.labour_line else ()
    largest = max(
        (*(abs(entry.net) for entry in data.costs.values()), *(worked.cost for worked in hours)), default=ZERO
    )
    heading, narrow = f"Net {data.project.currency}", width < 100
    net = max(len(amount(-largest, cents=True)), len(heading))
    columns = [Column("number", "No", 5, priority=2), Column("date", "Date", 6)]
    columns.append(Column("status", "Status", 9, priority=3))
    if with_line:
        columns.append(Column("line", "Line", 9 if narrow else 13, priority=5))
    columns += [Column("note", "What for", minimum=16), Column("vendor", "Vendor", 9 if narrow else 24, priority=4)]
    return (*columns, Column("net", heading, net, "right"))


def entry_cells(entry: CostEntry, data: ProjectData, today: dt.date, *, with_line: bool) -> Sequence[Cell]:
    """An entry's cells, one a column."""
    tone = "muted" if entry.status == "void" else ""
    late = entry.invoice_is_late(today)
    shown = "received" if entry.is_accrued else entry.status
    status: Span = ("▲ late", "warn") if late else (shown, STATUS_TONES.get(entry.status, ""))
    foreign = f"{amount(entry.foreign_net, cents=True)} {entry.currency}" if entry.foreign_net is not None else ""
    note = entry.note or entry.invoice
    line: list[Cell] = [(data.category_of(entry) or entry.budget_line, tone)] if with_line else []
    return (
        (entry.number, "muted"),
        (f"{entry.date.day:>2} {MONTHS[entry.date.month - 1][:3]}", tone),
        status,
        *line,
        ((f"{foreign}  " if foreign else "", "muted"), (note, tone)),
        (entry.vendor, tone),
        (amount(entry.net, cents=True), tone),
    )
