"""The committee pack: a page that sums several projects up, a line each, then each project's status page.

Every figure of the summary is one of the pages behind it, so that they never disagree.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

import msgspec

from pmtui.domain.lights import SHAPES, TONES
from pmtui.reports.blocks import Block, Cell, Column, Facts, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.model import LightRow, MilestoneRow, StatusReport
from pmtui.reports.words import NONE, TRENDS, cents_matter, count, day, full_day, money

_WANTED = 12
"""Decisions shown in the summary; each project's page has its own."""


class CommitteePack(msgspec.Struct, frozen=True):
    """The pages of several projects, as they were issued or as drafts, on the day the pack is made."""

    on: dt.date
    pages: tuple[StatusReport, ...]

    def blocks(self) -> tuple[Block, ...]:
        """The summary, then each project's page; each page begins with a title."""
        return tuple(_parts(self))


def build_pack(pages: Sequence[StatusReport], today: dt.date) -> CommitteePack:
    """The pack of these pages, the reddest project first, then by name."""
    ordered = sorted(pages, key=lambda page: (*_redness(page), (page.project or page.code).casefold()))
    return CommitteePack(today, tuple(ordered))


def _redness(page: StatusReport) -> tuple[int, int]:
    colours = [light.colour for light in page.lights]
    overall = "RAG".find(colours[0]) if colours else len("RAG")
    return overall, -colours.count("R")


def _parts(pack: CommitteePack) -> Iterator[Block]:
    number = len(pack.pages)
    yield Title("Committee pack", f"{number:,} project{'' if number == 1 else 's'}")
    issued = sum(page.issued for page in pack.pages)
    yield Facts((("Date", full_day(pack.on)), ("Pages", f"{issued:,} issued, {number - issued:,} draft")))
    if not pack.pages:
        yield Paragraph("No project in it.", "muted")
    else:
        yield _projects(pack)
        yield _money(pack)
        yield from _wanted(pack)
    yield Foot(f"Put together on {full_day(pack.on)}; every figure is that of the project's page behind it.")
    for page in pack.pages:
        yield from page.blocks()


def _projects(pack: CommitteePack) -> Table:
    columns = (
        Column("Project", flex=True, wrap=True),
        *(Column(name) for name in ("Overall", "Time", "Cost", "Scope", "Risk")),
        Column("Late", "right"),
        Column("Decide", "right"),
        Column("Page"),
    )
    return Table("Projects, with their next milestone", columns, tuple(_project(page, pack.on) for page in pack.pages))


def _project(page: StatusReport, on: dt.date) -> tuple[Cell, ...]:
    coming = min((m for m in page.milestones.rows if m.actual is None), key=lambda m: m.forecast, default=None)
    return (
        Cell(f"{page.project or page.code}: {_milestone(coming, on)}"),
        *(Cell(_light(light), TONES.get(light.colour, "")) for light in page.lights),
        Cell(f"{page.late.total:,}", "bad" if page.late.total else ""),
        Cell(f"{page.wanted.total:,}"),
        Cell(f"{page.number if page.issued else 'draft'}, {day(page.on, on)}", "" if page.issued else "warn"),
    )


def _light(light: LightRow) -> str:
    """Shape, letter and trend: no colour is needed to read it."""
    return f"{SHAPES.get(light.colour, '')}{light.colour}{TRENDS[light.trend]}"


def _milestone(row: MilestoneRow | None, on: dt.date) -> str:
    if row is None:
        return "no milestone to come"
    late = f", {count(row.days, 'day')} late" if row.days > 0 else ""
    return f"{row.title} {day(row.forecast, on)}{late}"


def _money(pack: CommitteePack) -> Table:
    currencies = {page.currency for page in pack.pages}
    title = f"Money, {currencies.pop()}" if len(currencies) == 1 else "Money"
    mixed = title == "Money"
    names = ("Budget", "Committed", "Actual", "EAC", "Variance", "Contingency left")
    columns = (Column("Project", flex=True), *(Column(name, "right") for name in names))
    if mixed:
        columns = (columns[0], Column(""), *columns[1:])
    rows = []
    for page in pack.pages:
        m = page.money
        amounts = (m.budget, m.committed, m.actual, m.eac, m.variance, m.contingency_left)
        cents = cents_matter(amounts)
        shown = (Cell(money(amount, cents=cents), "bad" if amount < 0 else "") for amount in amounts)
        currency = (Cell(page.currency, "muted"),) if mixed else ()
        rows.append((Cell(page.project or page.code), *currency, *shown))
    return Table(title, columns, tuple(rows))


def _wanted(pack: CommitteePack) -> Iterator[Block]:
    found = [(row.by or dt.date.max, page.code, row) for page in pack.pages for row in page.wanted.rows]
    found.sort(key=lambda item: item[:2])
    if not found:
        yield Heading("Decisions wanted")
        yield Paragraph("None.", "muted")
        return
    columns = (
        Column("Project"),
        Column("No.", most=8),
        Column("Decision", flex=True),
        Column("From", most=20),
        Column("By", "right"),
    )
    rows = tuple(
        (
            Cell(code),
            Cell(row.number, "muted"),
            Cell(row.title),
            Cell(row.who or NONE),
            Cell(day(row.by, pack.on), "bad" if row.late else ""),
        )
        for _, code, row in found[:_WANTED]
    )
    left = sum(page.wanted.total for page in pack.pages) - len(rows)
    yield Table("Decisions wanted", columns, rows, f"and {left:,} more" if left else "")
