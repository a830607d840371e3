"""The end-project report: what was asked for and what came of it, what is handed over, and what was learnt.

Its figures are those of a status report over the whole project; its words are the manager's. Dates are calendar
dates, lateness is in calendar days, money in the project's currency.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from pmtui.domain.lights import forecast_finish
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Deliverable
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
from pmtui.reports.model import Listing, StatusReport
from pmtui.reports.status_blocks import parts_of
from pmtui.reports.words import NONE, cents_matter, count, day, full_day, money, signed

KEPT = 100
"""Deliverables, changes and open items that a report keeps; its page shows fewer, and counts the rest."""

SHOWN = 12
APPROVED = ("approved", "implemented")


class DeliverableRow(msgspec.Struct, frozen=True):
    """A deliverable and how it stands."""

    code: str
    title: str
    who: str
    status: str


class ApprovedRow(msgspec.Struct, frozen=True):
    """A change that was approved, and what it added in money and calendar days."""

    number: str
    title: str
    status: str
    cost: Decimal | None
    days: int | None


class OpenRow(msgspec.Struct, frozen=True):
    """Something that is still open, of which kind, whose it is, and by when."""

    number: str
    kind: str
    title: str
    who: str
    on: dt.date | None


class EndReport(msgspec.Struct, frozen=True):
    """An end-project report. ``finish`` is the actual one where ``finished``, else the forecast.

    ``status`` is the project's state on its day; ``baseline_cost`` what the base lines were approved with.
    """

    code: str
    project: str
    on: dt.date
    objective: str
    start: dt.date | None
    planned_finish: dt.date | None
    finish: dt.date | None
    finished: bool
    baseline_cost: Decimal
    accepted: int
    status: StatusReport
    deliverables: Listing[DeliverableRow] = Listing()
    approved: Listing[ApprovedRow] = Listing()
    approved_cost: Decimal = Decimal(0)
    approved_days: int = 0
    open: Listing[OpenRow] = Listing()
    number: str = ""
    issued: bool = False
    issued_by: str = ""
    words: dict[str, str] = msgspec.field(default_factory=dict)

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""
        return tuple(_parts(self))


def build_ending(data: ProjectData, status: StatusReport, today: dt.date) -> EndReport:
    """The end-project report with the figures, words, number and author of a status report of the same day."""
    project = data.project
    finish, finished = _finish(data, today)
    changes = sorted((c for c in data.changes.values() if c.status in APPROVED), key=lambda c: c.id)
    approved = [ApprovedRow(c.number, c.title, c.status, c.delta_cost, c.delta_days) for c in changes]
    still_open = _open_items(data)
    return EndReport(
        code=project.code,
        project=project.title,
        on=status.on,
        objective=project.objective,
        start=project.start,
        planned_finish=forecast_finish(data, today).target,
        finish=finish,
        finished=finished,
        baseline_cost=sum((b.planned for b in data.baseline_lines.values() if b.kind == "base"), Decimal(0)),
        accepted=sum(d.status == "accepted" for d in data.deliverables.values()),
        status=msgspec.structs.replace(status, words={}, done=Listing(), late=Listing(), next=Listing()),
        deliverables=_deliverables(data),
        approved=Listing(tuple(approved[:KEPT]), len(approved)),
        approved_cost=sum((row.cost or Decimal(0) for row in approved), Decimal(0)),
        approved_days=sum(row.days or 0 for row in approved),
        open=Listing(tuple(still_open[:KEPT]), len(still_open)),
        number=status.number,
        issued=status.issued,
        issued_by=status.issued_by,
        words=status.words,
    )


def _finish(data: ProjectData, today: dt.date) -> tuple[dt.date | None, bool]:
    """The day the last milestone was reached, or the last task done; the forecast while anything is to come."""
    to_come = any(m.is_open for m in data.milestones.values())
    to_come = to_come or any(t.is_open and t.status != "backlog" for t in data.tasks.values())
    reached = [m.actual for m in data.milestones.values() if m.actual]
    reached = reached or [t.finish_date for t in data.tasks.values() if t.finish_date]
    if to_come or not reached:
        return forecast_finish(data, today).forecast, False
    return max(reached), True


def _deliverables(data: ProjectData) -> Listing[DeliverableRow]:
    """Those that are not accepted first, then by their outline number."""

    def key(deliverable: Deliverable) -> tuple[object, ...]:
        return deliverable.status == "accepted", _outline(deliverable.code), deliverable.id

    ordered = sorted(data.deliverables.values(), key=key)
    rows = (DeliverableRow(d.code, d.title, d.owner, d.status) for d in ordered[:KEPT])
    return Listing(tuple(rows), len(ordered))


def _outline(code: str) -> tuple[tuple[int, str], ...]:
    """An outline number as it is counted: 2 before 10."""
    return tuple((int(part) if part.isdecimal() else 0, part) for part in code.split("."))


def _open_items(data: ProjectData) -> list[OpenRow]:
    """What the organisation takes over: issues, risks and changes, then tasks by their date."""
    rows = [OpenRow(i.number, "issue", i.title, i.owner, i.target_date) for i in data.issues.values() if i.is_open]
    rows += [OpenRow(r.number, "risk", r.title, r.owner, r.review_date) for r in data.risks.values() if r.is_open]
    rows += [
        OpenRow(c.number, "change", c.title, c.decider or c.requester, c.decision_due)
        for c in data.changes.values()
        if c.is_open
    ]
    tasks = sorted((t for t in data.tasks.values() if t.is_open), key=lambda t: (t.due or dt.date.max, t.id))
    return [*rows, *(OpenRow(t.number, "task", t.title, t.owner, t.due) for t in tasks)]


# The page ------------------------------------------------------------------------


def _parts(report: EndReport) -> Iterator[Block]:
    status, words = report.status, report.words
    yield Title(report.project or report.code, f"End-project report {report.number}".strip())
    facts = (("Date", full_day(report.on)), ("Manager", status.manager or NONE), ("Sponsor", status.sponsor))
    yield Facts(tuple((label, value) for label, value in facts if value))
    yield Heading("Objective")
    yield from text_blocks(report.objective) or (Paragraph("No objective in the project's settings.", "muted"),)
    yield Heading("Summary")
    yield from text_blocks(words.get("summary", "")) or (Paragraph("No summary written.", "muted"),)
    yield _finished(report)
    yield _cost(report)
    yield from parts_of(status, "milestones")
    yield from _accepted(report)
    yield from _approved(report)
    yield from _handed_over(report)
    yield Heading("Lessons")
    yield from text_blocks(words.get("lessons", "")) or (Paragraph("No lessons written.", "muted"),)
    yield Foot(_foot(report))


def _foot(report: EndReport) -> str:
    on = full_day(report.on)
    if report.issued:
        return f"Issued {on} by {report.issued_by}. What changed after that day is not in it."
    return f"Draft, with the numbers of {on}. Not issued yet."


def _finished(report: EndReport) -> Table:
    columns = (Column("", flex=True), Column("Baseline", "right"), Column("Actual", "right"), Column("Days", "right"))
    late = _late(report)
    finish = day(report.finish, report.on) + ("" if report.finished else " (forecast)")
    row = (
        Cell("Finish"),
        Cell(day(report.planned_finish, report.on)),
        Cell(finish),
        Cell(signed(late) if late is not None else NONE, "bad" if late and late > 0 else ""),
    )
    title = "Time" if report.start is None else f"Time, begun {day(report.start, report.on)}"
    return Table(title, columns, (row,))


def _late(report: EndReport) -> int | None:
    if report.finish is None or report.planned_finish is None:
        return None
    return (report.finish - report.planned_finish).days


def _cost(report: EndReport) -> Figures:
    m = report.status.money
    over = m.eac - report.baseline_cost
    amounts = {
        "Baseline": report.baseline_cost,
        "Released": m.budget,
        "Actual": m.actual,
        "Committed": m.committed,
        "At completion": m.eac,
        "Over baseline": over,
    }
    cents = cents_matter(amounts.values())
    shown = {name: money(amount, cents=cents) for name, amount in amounts.items()} | {
        "Over baseline": signed(over, cents=cents)
    }
    items = ((name, Cell(text, "bad" if name == "Over baseline" and over > 0 else "")) for name, text in shown.items())
    return Figures(f"Cost, {report.status.currency}", tuple(items))


def _accepted(report: EndReport) -> Iterator[Block]:
    listing = report.deliverables
    title = f"Deliverables: {report.accepted:,} of {listing.total:,} accepted"
    if not listing.rows:
        yield Heading("Deliverables")
        yield Paragraph("No deliverables in the project's settings.", "muted")
        return
    columns = (Column("Code", most=10), Column("Deliverable", flex=True), Column("Owner", most=14), Column("Status"))
    rows = tuple(
        (Cell(r.code, "muted"), Cell(r.title), Cell(r.who), Cell(r.status, "" if r.status == "accepted" else "warn"))
        for r in listing.rows[:SHOWN]
    )
    yield Table(title, columns, rows, _more(listing.total - len(rows)))


def _approved(report: EndReport) -> Iterator[Block]:
    listing, currency = report.approved, report.status.currency
    if not listing.rows:
        yield Heading("Changes approved")
        yield Paragraph("None.", "muted")
        return
    cents = cents_matter([report.approved_cost, *(row.cost for row in listing.rows if row.cost is not None)])
    columns = (
        Column("No.", most=8),
        Column("Change", flex=True),
        Column("Status"),
        Column(currency, "right"),
        Column("Days", "right"),
    )
    rows = [
        (
            Cell(row.number, "muted"),
            Cell(row.title),
            Cell(row.status),
            Cell(signed(row.cost, cents=cents)),
            Cell(signed(row.days)),
        )
        for row in listing.rows[:SHOWN]
    ]
    total = (Cell(""), Cell("Total", "strong"), Cell(""))
    sums = (Cell(signed(report.approved_cost, cents=cents), "strong"), Cell(signed(report.approved_days), "strong"))
    yield Table("Changes approved", columns, (*rows, (*total, *sums)), _more(listing.total - len(rows)))


def _handed_over(report: EndReport) -> Iterator[Block]:
    words, listing = text_blocks(report.words.get("handed over", "")), report.open
    if words:
        yield Heading("Handed over")
        yield from words
    if not listing.rows:
        if not words:
            yield Heading("Handed over")
            yield Paragraph("Nothing is open.", "muted")
        return
    columns = (
        Column("No.", most=8),
        Column("Open item", flex=True),
        Column("Kind"),
        Column("Who", most=14),
        Column("When", "right"),
    )
    rows = tuple(
        (Cell(r.number, "muted"), Cell(r.title), Cell(r.kind), Cell(r.who or NONE), Cell(day(r.on, report.on)))
        for r in listing.rows[:SHOWN]
    )
    title = "Open by the logs" if words else "Handed over: open by the logs"
    yield Table(title, columns, rows, _more(listing.total - len(rows)))


def _more(left: int) -> str:
    return f"and {left:,} more" if left > 0 else ""


# What is offered -----------------------------------------------------------------


def end_offers(report: EndReport, section: str) -> Iterator[str]:
    """Sentences for a section from the figures; the lessons come from the records, see ``lessons``."""
    offers = _OFFERS.get(section)
    return offers(report) if offers else iter(())


def _summary(report: EndReport) -> Iterator[str]:
    late = _late(report)
    if report.finish is not None:
        verb = "was finished on" if report.finished else "is forecast to finish on"
        against = "" if late is None else _against(late)
        yield f"The project {verb} {full_day(report.finish)}{against}."
    over = report.status.money.eac - report.baseline_cost
    if report.baseline_cost:
        shown = money(abs(over), cents=cents_matter([over]))
        how = (
            f"{shown} {report.status.currency} {'over' if over > 0 else 'under'} its baseline" if over else "as planned"
        )
        yield f"It cost {money(report.status.money.actual)} {report.status.currency}; at completion it is {how}."
    if report.deliverables.total:
        yield f"{report.accepted:,} of {count(report.deliverables.total, 'deliverable')} were accepted."
    if report.approved.total:
        cost, days = signed(report.approved_cost), signed(report.approved_days)
        were = "change was" if report.approved.total == 1 else "changes were"
        yield f"{report.approved.total:,} {were} approved: {cost} {report.status.currency}, {days} days."


def _against(late: int) -> str:
    return f", {count(abs(late), 'day')} {'late' if late > 0 else 'early'}" if late else ", as planned"


def _handed_over_offers(report: EndReport) -> Iterator[str]:
    for row in report.open.rows:
        who = f", {row.who}" if row.who else ""
        when = f", {day(row.on, report.on)}" if row.on else ""
        yield f"{row.number} {row.title}{who}{when}"


_OFFERS: dict[str, Callable[[EndReport], Iterator[str]]] = {"summary": _summary, "handed over": _handed_over_offers}
