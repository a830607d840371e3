"""The exception report: what has left, or will leave, the tolerances that were agreed, and what is asked for.

Its figures are those of a status report of the same day; its words are the manager's. Dates are calendar dates,
lateness is in calendar days, money in the project's currency.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

import msgspec

from pmtui.domain.lights import exact_date, forecast_finish, percent
from pmtui.domain.project_data import ProjectData
from pmtui.reports.blocks import Block, Cell, Column, Facts, Foot, Heading, Paragraph, Table, Title, text_blocks
from pmtui.reports.model import Listing, StatusReport
from pmtui.reports.status_blocks import parts_of
from pmtui.reports.words import NONE, cents_matter, count, day, full_day, money, signed

_HEADINGS = {"cause": "Cause", "consequences": "Consequences", "recommendation": "Recommendation", "lessons": "Lessons"}
MOST = 5
"""Issues, risks and tasks of each kind that are offered as a cause."""


class Tolerances(msgspec.Struct, frozen=True):
    """What was agreed for finish and cost, what may be left of it, and what is forecast."""

    finish: dt.date | None
    forecast: dt.date | None
    days: int
    budget: Decimal
    eac: Decimal
    cost_percent: Decimal

    @property
    def late(self) -> int:
        """Calendar days that the forecast finish is past the agreed one; negative when early."""
        return (self.forecast - self.finish).days if self.finish and self.forecast else 0

    @property
    def over(self) -> Decimal | None:
        """How far the estimate at completion is over the budget, in %; ``None`` without a budget."""
        return (self.eac - self.budget) * 100 / self.budget if self.budget else None

    @property
    def time_is_left(self) -> bool:
        """Whether the forecast finish is past what is tolerated."""
        return self.late > self.days

    @property
    def cost_is_left(self) -> bool:
        """Whether the estimate at completion is past what is tolerated."""
        return self.over is not None and self.over > self.cost_percent


class ExceptionReport(msgspec.Struct, frozen=True):
    """An exception report. ``status`` is the project's state on its day, without what was done and comes next."""

    code: str
    project: str
    on: dt.date
    status: StatusReport
    tolerances: Tolerances
    number: str = ""
    issued: bool = False
    issued_by: str = ""
    words: dict[str, str] = msgspec.field(default_factory=dict)

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""
        return tuple(_parts(self))


def build_exception(data: ProjectData, status: StatusReport, today: dt.date) -> ExceptionReport:
    """The exception report with the figures, words, number and author of a status report of the same day."""
    finish, project = forecast_finish(data, today), data.project
    state = msgspec.structs.replace(status, words={}, done=Listing(), next=Listing(), decided=Listing())
    return ExceptionReport(
        code=project.code,
        project=project.title,
        on=status.on,
        status=state,
        tolerances=Tolerances(
            finish.target,
            finish.forecast,
            project.tolerance_days,
            status.money.budget,
            status.money.eac,
            project.tolerance_cost,
        ),
        number=status.number,
        issued=status.issued,
        issued_by=status.issued_by,
        words=status.words,
    )


def _parts(report: ExceptionReport) -> Iterator[Block]:
    status, words = report.status, report.words
    yield Title(report.project or report.code, f"Exception report {report.number}".strip())
    facts = (
        ("Date", full_day(report.on)),
        ("Manager", status.manager or NONE),
        ("Sponsor", status.sponsor),
        ("Phase", status.phase),
    )
    yield Facts(tuple((label, value) for label, value in facts if value))
    yield Paragraph(words.get("title") or "No title written.", "strong" if words.get("title") else "muted")
    yield _tolerances(report)
    yield from _written(report, "cause", "consequences")
    yield from _options(words.get("options", ""))
    yield from _written(report, "recommendation", "lessons")
    yield from parts_of(status, "lights", "issues", "wanted")
    yield Foot(_foot(report))


def _written(report: ExceptionReport, *sections: str) -> Iterator[Block]:
    for section in sections:
        yield Heading(_HEADINGS[section])
        yield from text_blocks(report.words.get(section, "")) or (Paragraph("Not written.", "muted"),)


def _foot(report: ExceptionReport) -> str:
    on = full_day(report.on)
    if report.issued:
        return f"Issued {on} by {report.issued_by}. What changed after that day is in a later report."
    return f"Draft, with the numbers of {on}. Not issued yet."


def _tolerances(report: ExceptionReport) -> Table:
    limits, currency = report.tolerances, report.status.currency
    columns = (
        Column("", flex=True),
        Column("Agreed", "right"),
        Column("Tolerance", "right"),
        Column("Forecast", "right"),
        Column("Off by", "right"),
    )
    late, over = limits.late, limits.over
    cents = cents_matter((limits.budget, limits.eac))
    off = f"{signed(late)} {'day' if abs(late) == 1 else 'days'}" if limits.finish and limits.forecast else NONE
    time = (
        Cell("Finish"),
        Cell(day(limits.finish, report.on)),
        Cell(count(limits.days, "day")),
        Cell(day(limits.forecast, report.on)),
        Cell(off, "bad" if limits.time_is_left else ""),
    )
    cost = (
        Cell(f"Cost, {currency}"),
        Cell(money(limits.budget, cents=cents)),
        Cell(_share(limits.cost_percent)),
        Cell(money(limits.eac, cents=cents)),
        Cell(_percent_over(over), "bad" if limits.cost_is_left else ""),
    )
    return Table(f"Tolerances: {_left(limits)}", columns, (time, cost))


def _left(limits: Tolerances) -> str:
    """Which tolerances are exceeded, in words."""
    names = [name for name, left in (("time", limits.time_is_left), ("cost", limits.cost_is_left)) if left]
    return f"{' and '.join(names)} exceeded" if names else "both held"


def _percent_over(over: Decimal | None) -> str:
    if over is None:
        return NONE
    return f"{'+' if over > 0 else '-' if over < 0 else ''}{_share(abs(over))}"


def _share(value: Decimal) -> str:
    return percent(value) if value else "0 %"


def _options(text: str) -> Iterator[Block]:
    """Options by letter with their effects: a line each, the effects after the first colon."""
    lines = [line.strip().lstrip("-*• ").strip() for line in text.splitlines()]
    named = [line.partition(": ") for line in lines if line]
    if not named:
        yield Heading("Options")
        yield Paragraph("Not written.", "muted")
        return
    columns = (Column(""), Column("Option", flex=True, wrap=True), Column("Effects", most=44, wrap=True))
    rows = tuple(
        (Cell(_letter(at), "muted"), Cell(name), Cell(effects or NONE)) for at, (name, _, effects) in enumerate(named)
    )
    yield Table("Options", columns, rows)


def _letter(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else str(at + 1)


# What is offered -----------------------------------------------------------------


def exception_offers(report: ExceptionReport, section: str) -> Iterator[str]:
    """Sentences for a section, from what is outside tolerance, the most consequential first."""
    offers = _OFFERS.get(section)
    return offers(report) if offers else iter(())


def _title(report: ExceptionReport) -> Iterator[str]:
    limits, status = report.tolerances, report.status
    if limits.time_is_left:
        yield f"{_finish(report)}, the tolerance is {count(limits.days, 'day')}"
    if limits.cost_is_left:
        yield f"{_cost(report)}, the tolerance is {_share(limits.cost_percent)}"
    yield from (f"{light.name.capitalize()} is red: {light.why}" for light in status.lights[1:] if light.colour == "R")


def _finish(report: ExceptionReport) -> str:
    limits = report.tolerances
    forecast, agreed = day(limits.forecast, report.on), day(limits.finish, report.on)
    return f"The finish is forecast for {forecast}, {count(limits.late, 'day')} past {agreed}"


def _cost(report: ExceptionReport) -> str:
    limits = report.tolerances
    amount = limits.eac - limits.budget
    shown = f"{money(amount, cents=cents_matter([amount]))} {report.status.currency}"
    return f"The cost at completion is {shown} ({_share(limits.over or Decimal(0))}) over the budget"


def _cause(report: ExceptionReport) -> Iterator[str]:
    status, on = report.status, report.on
    for issue in status.issues.rows[:MOST]:
        late = f", {count(issue.days, 'day')} past its target" if issue.days else ""
        yield f"{issue.number} {issue.title} ({issue.who or 'nobody'}{late})"
    for line in status.money.over[:MOST]:
        amount = money(line.amount, cents=cents_matter([line.amount]))
        yield f"{line.category} is {amount} {status.currency} over its budget"
    for task in status.late.rows[:MOST]:
        moved = f", moved {task.moved}×" if task.moved else ""
        yield f"{task.number} {task.title} is late since {day(task.due, on)}{moved}"
    for risk in status.risks.rows[:MOST]:
        if risk.tone == "red":
            yield f"{risk.number} {risk.title}: {risk.score}, {risk.band}"


def _consequences(report: ExceptionReport) -> Iterator[str]:
    status, limits = report.status, report.tolerances
    if limits.late > 0:
        yield f"{_finish(report)}"
    for row in status.milestones.rows:
        if row.actual is None and row.days > 0:
            yield f"{row.number} {row.title}: {day(row.forecast, report.on)}, {count(row.days, 'day')} late"
    if limits.over is not None and limits.over > 0:
        yield _cost(report)
        left = status.money.contingency_left
        yield f"{money(left, cents=cents_matter([left]))} {status.currency} of the contingency is left"


def _options_offered(report: ExceptionReport) -> Iterator[str]:
    status, limits = report.status, report.tolerances
    effects = [f"finish {exact_date(limits.forecast, report.on)}"] if limits.forecast else []
    effects += [f"cost {money(limits.eac, cents=cents_matter([limits.eac]))} {status.currency}"]
    yield f"Go on as it is: {', '.join(effects)}"
    for change in status.changes.rows:
        if change.status in {"submitted", "postponed"}:
            cost = f"{signed(change.cost, cents=cents_matter([change.cost]))} {status.currency}" if change.cost else ""
            days = f"{signed(change.days)} days" if change.days else ""
            yield f"{change.number} {change.title}: {', '.join(filter(None, (cost, days))) or 'effects not estimated'}"
    short, left = limits.eac - limits.budget, status.money.contingency_left
    if short > 0 and left > 0:
        used = min(short, left)
        cents = cents_matter((used, left - used))
        rest = f"{money(left - used, cents=cents)} of it is left then"
        yield f"Draw {money(used, cents=cents)} {status.currency} on the contingency: {rest}"
    if limits.late > 0 and limits.forecast:
        yield f"Agree on {exact_date(limits.forecast, report.on)} as the new finish: {signed(limits.late)} days"


def _recommendation(report: ExceptionReport) -> Iterator[str]:
    for row in report.status.wanted.rows:
        who = f", by {row.who}" if row.who else ""
        by = f", needed by {day(row.by, report.on)}{' (late)' if row.late else ''}" if row.by else ""
        yield f"Decide {row.number} {row.title}{who}{by}"


_OFFERS: dict[str, Callable[[ExceptionReport], Iterator[str]]] = {
    "title": _title,
    "cause": _cause,
    "consequences": _consequences,
    "options": _options_offered,
    "recommendation": _recommendation,
}
