"""The status report's page: every part that a committee expects, on one page however much there is."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import TypeVar

from pmtui.domain.lights import SHAPES, TONES, WORDS
from pmtui.reports.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Figures,
    Foot,
    Heading,
    Paragraph,
    Table,
    Title,
    text_blocks,
)
from pmtui.reports.model import (
    ChangeRow,
    DatedRow,
    IssueRow,
    LateRow,
    LightRow,
    Listing,
    MilestoneRow,
    RiskRow,
    StatusReport,
    WantedRow,
)
from pmtui.reports.words import NONE, TRENDS, cents_matter, count, day, full_day, money, more_words, period, signed

ROWS = 8
"""Rows shown of what was done, is late, comes next, and of milestones."""

TOP = 5
"""Rows shown of risks, issues, changes and decisions."""

_NUMBER = Column("No.", most=8)
_WHO = 14
_RISK_COLUMNS = (
    _NUMBER,
    Column("Risk", flex=True),
    Column("Score", "right"),
    Column("Owner", most=_WHO),
    Column("Response", most=26, wrap=True),
)
_BAND_TONES = {"green": "", "amber": "warn", "red": "bad"}

R = TypeVar("R")
Cells = tuple[Cell, ...]


def status_blocks(report: StatusReport) -> tuple[Block, ...]:
    """The page's parts, in the order that a committee reads them."""
    return tuple(_parts(report))


def _parts(report: StatusReport) -> Iterator[Block]:
    yield Title(report.project or report.code, f"Status report {report.number}".strip())
    yield _facts(report)
    yield _lights(report)
    yield Heading("Summary")
    summary = text_blocks(report.words.get("summary", ""))
    yield from summary or (Paragraph("No summary written.", "muted"),)
    yield from _done(report)
    yield from _late(report)
    yield from _next(report)
    yield from _milestones(report)
    yield from _budget(report)
    yield from parts_of(report, "risks", "issues", "changes", "wanted")
    yield from _decided(report)
    yield Foot(_foot(report))


def _facts(report: StatusReport) -> Facts:
    items = [
        ("Period", period(report.start, report.end)),
        ("Manager", report.manager or NONE),
        ("Sponsor", report.sponsor),
        ("Phase", report.phase),
        ("Date", full_day(report.on)),
    ]
    return Facts(tuple((label, value) for label, value in items if value))


def _foot(report: StatusReport) -> str:
    if report.issued:
        return f"Issued {full_day(report.on)} by {report.issued_by}. What changed after that day is in the next report."
    return f"Draft, with the numbers of {full_day(report.on)}. Not issued yet."


def _colour(letter: str, trend: int = 0) -> str:
    """A colour's shape and word, and whether it is better or worse than the one before."""
    return f"{SHAPES[letter]} {WORDS[letter]} {TRENDS[trend]}".rstrip() if letter in WORDS else NONE


def _lights(report: StatusReport) -> Table:
    before = f"In {report.previous_number}" if report.previous_number else "Before"
    columns = (Column("Light"), Column("Now"), Column(before), Column("Why", flex=True, wrap=True))
    return Table("Lights", columns, tuple(_light_cells(light) for light in report.lights), whole=True)


def _light_cells(light: LightRow) -> Cells:
    why = light.why
    if light.reason:
        why = f"set by hand: {light.reason} (the rules say {WORDS[light.ruled]}: {light.why})"
    return (
        Cell(light.name.capitalize(), "strong" if light.name == "overall" else ""),
        Cell(_colour(light.colour, light.trend), TONES.get(light.colour, "")),
        Cell(_colour(light.previous), "muted"),
        Cell(why),
    )


def _listed(
    listing: Listing[R],
    title: str,
    columns: tuple[Column, ...],
    cells: Callable[[R], Cells],
    none: str,
    most: int,
    order: Callable[[R], object] | None = None,
    *,
    keep: int = 0,
) -> Iterator[Block]:
    """A table of the first rows and how many are left out; a sentence where there are none."""
    if not listing.rows:
        yield Heading(title)
        yield Paragraph(none, "muted")
        return
    shown = list(enumerate(listing.rows[:most]))
    if order is not None:
        shown.sort(key=lambda ranked: order(ranked[1]))  # type: ignore[arg-type,return-value]
    rows = tuple(cells(row) for _, row in shown)
    rank = tuple(place for place, _ in shown)
    yield Table(title, columns, rows, more_words(listing.total - len(shown)), rank, keep)


def _done(report: StatusReport) -> Iterator[Block]:
    title, on = "Done in the period", report.on
    words = text_blocks(report.words.get("done", ""))
    if words:
        yield Heading(title)
        yield from words
        yield Paragraph(_counted(report.done, "finished or reached"), "muted")
        return
    columns = _dated_columns("Done", "Owner", "On")
    yield from _listed(report.done, title, columns, lambda r: _dated_cells(r, on), "Nothing finished.", ROWS)


def _next(report: StatusReport) -> Iterator[Block]:
    title, on = f"Next period, {period(report.next_start, report.next_end)}", report.on
    words = text_blocks(report.words.get("next", ""))
    if words:
        yield Heading(title)
        yield from words
        yield Paragraph(_counted(report.next, "due"), "muted")
        return
    columns = _dated_columns("Next", "Owner", "Due")

    def cells(row: DatedRow) -> Cells:
        return _dated_cells(row, on)

    yield from _listed(report.next, title, columns, cells, "Nothing is due.", ROWS, lambda r: r.on.toordinal(), keep=1)


def _counted(listing: Listing[DatedRow], verb: str) -> str:
    return f"In all {count(listing.total, 'item')} {verb} by the logs."


def _dated_columns(what: str, who: str, on: str) -> tuple[Column, ...]:
    return (_NUMBER, Column(what, flex=True), Column(who, most=_WHO), Column(on, "right"))


def _dated_cells(row: DatedRow, on: dt.date) -> Cells:
    return (Cell(row.number, "muted"), Cell(row.title), Cell(row.who), Cell(day(row.on, on)))


def _late(report: StatusReport) -> Iterator[Block]:
    columns = (
        _NUMBER,
        Column("Task", flex=True),
        Column("Owner", most=_WHO),
        Column("Since", "right"),
        Column("Late", "right"),
        Column("Moved", "right"),
    )

    def cells(row: LateRow) -> Cells:
        return (
            Cell(row.number, "muted"),
            Cell(row.title),
            Cell(row.who or "nobody"),
            Cell(day(row.due, report.on)),
            Cell(count(row.days, "day"), "bad"),
            Cell(f"{row.moved}\u00d7" if row.moved else ""),
        )

    yield from _listed(report.late, "Late", columns, cells, "Nothing is late.", ROWS, lambda r: -r.days, keep=2)


def _milestones(report: StatusReport) -> Iterator[Block]:
    dates = (Column(title, "right") for title in ("Baseline", "Forecast", "Reached", "Days"))
    columns = (_NUMBER, Column("Milestone", flex=True), *dates)

    def cells(row: MilestoneRow) -> Cells:
        tone = "warn" if row.days > 0 and row.actual is None else ""
        return (
            Cell(row.number, "muted"),
            Cell(row.title),
            Cell(day(row.baseline, report.on)),
            Cell(day(row.forecast, report.on), tone),
            Cell(day(row.actual, report.on)),
            Cell(signed(row.days) if row.days else "", tone),
        )

    def by_date(row: MilestoneRow) -> int:
        return (row.actual or row.forecast).toordinal()

    yield from _listed(report.milestones, "Milestones", columns, cells, "No milestones.", ROWS, by_date, keep=3)


def _budget(report: StatusReport) -> Iterator[Block]:
    m = report.money
    amounts = (m.budget, m.committed, m.actual, m.eac, m.variance, m.contingency_left)
    cents = cents_matter([*amounts, m.drawn, *(line.amount for line in m.over)])
    labels = ("Budget", "Committed", "Actual", f"EAC {m.eac_method}".strip(), "Variance", "Contingency left")
    tones = {
        "Variance": "bad" if m.variance < 0 else "",
        "Contingency left": "bad" if m.contingency_left < 0 else "",
    }
    items = (
        (label, Cell(money(a, cents=cents), tones.get(label, ""))) for label, a in zip(labels, amounts, strict=True)
    )
    yield Figures(f"Budget, {report.currency}", tuple(items))
    if m.drawn:
        before, drawn = (money(value, cents=cents) for value in (m.budget - m.drawn, m.drawn))
        yield Paragraph(f"The budget is {before} and {drawn} drawn on what is set aside.")
    if m.eac_note:
        yield Paragraph(f"The EAC is {m.eac_method}, {m.eac_note}.")
    if m.over:
        named = [f"{line.category} by {money(line.amount, cents=cents)}" for line in m.over[:TOP]]
        more = more_words(len(m.over) - TOP)
        yield Paragraph(f"Over their budget: {', '.join(named)}{' ' + more if more else ''}.")


def _risk_cells(row: RiskRow) -> Cells:
    trend = " ↑" if row.before and row.score > row.before else " ↓" if row.score < row.before else ""
    score = f"{row.score} {row.band}{trend}" if row.score else row.band
    return (
        Cell(row.number, "muted"),
        Cell(row.title),
        Cell(score, _BAND_TONES.get(row.tone, "")),
        Cell(row.who),
        Cell(row.response),
    )


def _issues(report: StatusReport) -> Iterator[Block]:
    columns = (
        _NUMBER,
        Column("Issue", flex=True),
        Column("Target", "right"),
        Column("Owner", most=_WHO),
        Column("Response", most=26, wrap=True),
    )

    def cells(row: IssueRow) -> Cells:
        target = day(row.target, report.on) + (f", {row.days} d late" if row.days else "")
        return (
            Cell(row.number, "muted"),
            Cell(row.title),
            Cell(target, "bad" if row.days else ""),
            Cell(row.who),
            Cell(row.response),
        )

    yield from _listed(report.issues, "Issues", columns, cells, "No open issues.", TOP, keep=2)


def _changes(report: StatusReport) -> Iterator[Block]:
    cents = cents_matter(row.cost for row in report.changes.rows if row.cost is not None)
    columns = (
        _NUMBER,
        Column("Change", flex=True),
        Column("Status"),
        Column(report.currency, "right"),
        Column("Days", "right"),
        Column("Decide by", "right"),
    )

    def cells(row: ChangeRow) -> Cells:
        return (
            Cell(row.number, "muted"),
            Cell(row.title),
            Cell(row.status),
            Cell(signed(row.cost, cents=cents)),
            Cell(signed(row.days)),
            Cell(day(row.due, report.on), "bad" if row.late else ""),
        )

    yield from _listed(report.changes, "Changes", columns, cells, "No changes.", TOP, keep=1)


def _wanted(report: StatusReport) -> Iterator[Block]:
    title, words = "Decisions wanted", text_blocks(report.words.get("decisions wanted", ""))
    if words:
        yield Heading(title)
        yield from words
    if words and not report.wanted.rows:
        return

    def cells(row: WantedRow) -> Cells:
        by = Cell(day(row.by, report.on), "bad" if row.late else "")
        return (Cell(row.number, "muted"), Cell(row.title), Cell(row.who or NONE), by)

    columns = (_NUMBER, Column("Decision", flex=True), Column("From", most=20), Column("By", "right"))
    heading = "Also waiting for a decision" if words else title
    yield from _listed(report.wanted, heading, columns, cells, "None.", TOP, keep=4)


def _decided(report: StatusReport) -> Iterator[Block]:
    columns = _dated_columns("Decision", "Decided by", "On")

    def cells(row: DatedRow) -> Cells:
        return _dated_cells(row, report.on)

    yield from _listed(report.decided, "Decisions taken in the period", columns, cells, "None.", TOP)


def parts_of(report: StatusReport, *names: str) -> Iterator[Block]:
    """Some parts of the page by their names, for pages that show these."""
    for name in names:
        yield from _BY_NAME[name](report)


_BY_NAME: dict[str, Callable[[StatusReport], Iterator[Block]]] = {
    "lights": lambda report: iter((_lights(report),)),
    "milestones": _milestones,
    "budget": _budget,
    "risks": lambda report: _listed(report.risks, "Risks", _RISK_COLUMNS, _risk_cells, "No open risks.", TOP, keep=3),
    "issues": _issues,
    "changes": _changes,
    "wanted": _wanted,
}
