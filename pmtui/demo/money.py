"""Budget lines, what was booked on them month by month, paid and closed."""

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from pmtui.demo.days import Days
from pmtui.demo.play import EVENING, MORNING, NOON, Event, Stage
from pmtui.demo.rows import BudgetRow, Entry, Line, Story
from pmtui.domain.dates import MONTHS
from pmtui.domain.phasing import MonthAmount
from pmtui.domain.records import BudgetLine, CostEntry
from pmtui.services import accruals, budgeting, costs
from pmtui.services.change import Change

OPEN_MONTHS = 2
"""This month and the last one are open; earlier ones are closed."""


def tell_money(story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    """All events of budget lines, entries, payment runs and month ends."""
    manager = story.manager
    yield Event(days.day(story.start + 4), MORNING, manager, _add_lines)
    for line in story.lines:
        for on, amount, why in line.forecasts:
            yield Event(days.day(on), EVENING - 30, manager, partial(_forecast, key=line.key, amount=amount, why=why))
    for line in story.lines:
        for on, amount, why in line.replans:
            yield Event(days.day(on), NOON - 30, manager, partial(_replan, key=line.key, amount=amount, why=why))
    for row in story.budgets:
        yield Event(days.day(row.on), NOON, manager, partial(_propose, row=row))
        yield Event(days.day(row.approved), EVENING - 20, manager, partial(_approve, row=row))
    for entry in story.entries:
        yield from _entry_events(entry, days, manager, rng)
    for month in range(min((s.first for s in story.standings), default=0), 0):
        yield Event(days.month_end(month), EVENING - 15, manager, partial(_book_month, month=month))
        yield Event(days.from_twentieth(month + 1), NOON + 40, manager, partial(_pay, month=month))
        if month <= -OPEN_MONTHS:
            yield Event(days.month_end(month + 1), EVENING, manager, partial(_close, month=month))


def _entry_events(entry: Entry, days: Days, manager: str, rng: random.Random) -> Iterator[Event]:
    at = rng.randrange(NOON + 50, EVENING - 40)
    yield Event(days.day(entry.on), at, manager, partial(_add_entry, entry=entry))
    if entry.invoiced:
        yield Event(days.day(entry.invoiced[0]), at, manager, partial(_invoice, entry=entry))
    if entry.received is not None:
        yield Event(days.day(entry.received), at, manager, partial(_receive, key=entry.key))
    if entry.void:
        yield Event(days.day(entry.void[0]), at, manager, partial(_void, key=entry.key, why=entry.void[1]))


def _add_lines(stage: Stage) -> None:
    with stage.project.change("add budget line") as change:
        for line in stage.story.lines:
            added = change.add(_line(line))
            stage.numbers[line.key] = added.number

            if line.months:
                months = (MonthAmount(f"{stage.days.month(n):%Y-%m}", Decimal(amount)) for n, amount in line.months)
                change.edit(added, phasing=tuple(months))


def _line(line: Line) -> BudgetLine:
    return BudgetLine(category=line.category, kind=line.kind, planned=Decimal(line.planned), description=line.words)


def _replan(stage: Stage, key: str, amount: str, why: str) -> None:
    with stage.project.change("edit", why) as change:
        change.edit(stage.project.get(stage.number(key)), planned=Decimal(amount))


def _propose(stage: Stage, row: BudgetRow) -> None:
    done = budgeting.propose(stage.project, row.title, row.why, stage.numbers.get(row.cause, ""))
    stage.numbers[row.title] = done.numbers[0]


def _approve(stage: Stage, row: BudgetRow) -> None:
    sponsor = stage.project.data.full_name(stage.story.sponsor)
    budgeting.approve(stage.project, stage.number(row.title), sponsor)


def _forecast(stage: Stage, key: str, amount: str, why: str) -> None:
    with stage.project.change("edit", why) as change:
        change.edit(stage.project.get(stage.number(key)), forecast=Decimal(amount))


def _add_entry(stage: Stage, entry: Entry) -> None:
    with stage.project.change("add cost") as change:
        dated = entry.on if entry.dated is None else entry.dated
        added = change.add(
            CostEntry(
                date=stage.days.day(dated),
                budget_line=stage.number(entry.line),
                net=Decimal(entry.net),
                note=entry.note,
                status=entry.status,
                vendor=entry.vendor,
                po=entry.po,
                invoice=entry.invoice,
                invoice_expected_on=None if entry.expected is None else stage.days.day(entry.expected),
                credit_note=entry.credit,
                caused_by=stage.numbers.get(entry.cause, ""),
                tags=("held",) if entry.held else (),
            )
        )
    stage.numbers[entry.key] = added.number


def _invoice(stage: Stage, entry: Entry) -> None:
    if entry.invoiced:
        with stage.project.change("advance") as change:
            found = stage.project.get(stage.number(entry.key))
            change.edit(found, status="invoiced", invoice=entry.invoiced[1], invoice_expected_on=None)


def _receive(stage: Stage, key: str) -> None:
    accruals.receive(stage.project, [stage.number(key)], stage.project.today)


def _void(stage: Stage, key: str, why: str) -> None:
    costs.void(stage.project, [stage.number(key)], why)


def _book_month(stage: Stage, month: int) -> None:
    """The month's standing invoices and time sheets, taken over from the ledger at its end."""
    first = stage.days.month(month)
    with stage.project.change("add cost", f"ledger extract {first:%Y-%m}") as change:
        for standing in stage.story.standings:
            if standing.first <= month <= standing.last:
                net = standing.nets[(month - standing.first) % len(standing.nets)]
                invoice = f"{standing.prefix}{first:%y%m}" if standing.prefix else ""
                _book(stage, change, standing.line, net, standing.note, (standing.vendor, standing.po, invoice), first)


def _book(
    stage: Stage, change: Change, line: str, net: str, note: str, papers: tuple[str, str, str], month: dt.date
) -> None:
    vendor, po, invoice = papers
    change.add(
        CostEntry(
            date=stage.project.today,
            budget_line=stage.number(line),
            net=Decimal(net),
            note=f"{note}, {MONTHS[month.month - 1]}",
            vendor=vendor,
            po=po,
            invoice=invoice,
        )
    )


def _pay(stage: Stage, month: int) -> None:
    """The payment run: what was invoiced up to the end of a month and is not held."""
    end = stage.days.month(month + 1)
    data = stage.project.data
    due = [
        entry.number
        for entry in data.costs.values()
        if entry.status == "invoiced"
        and entry.date < end
        and "held" not in entry.tags
        and not entry.TYPE.frozen(entry, data)
    ]
    if due:
        costs.advance(stage.project, due)


def _close(stage: Stage, month: int) -> None:
    costs.close_month(stage.project, f"{stage.days.month(month):%Y-%m}")
