"""Rows of a bank's or ERP's file in words: as they are read, what becomes of them, and why."""

from collections.abc import Sequence

from pmtui.domain.bank_row import BankRow
from pmtui.domain.dates import MONTHS, say_date
from pmtui.domain.matching_costs import Proposal, Way
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, CostEntry
from pmtui.exchange.statement_in import Statement
from pmtui.screens.summary import amount
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span, fit, fit_spans, wrap

SHOWN = 4
"""Rows of a file that are shown as a sample."""

GLYPHS: dict[Way, Span] = {
    Way.BOOKED: ("=", "muted"),
    Way.SAME: ("≈", "warn"),
    Way.MATCH: ("?", "warn"),
    Way.NEW: ("+", "warn"),
    Way.OUT: ("–", "muted"),
}
"""What becomes of a row, by a shape and a colour."""

SURE: Span = ("✓", "good")
LACKS: Span = ("!", "bad")


def sample_lines(statement: Statement, currency: str, width: int) -> list[Sequence[Span]]:
    """The first rows as they are read, what costs and what came in told apart; what can't be read is named."""
    lines: list[Sequence[Span]] = [((f"The first rows, as they are read; what costs is positive, {currency}", "head"),)]
    for row in statement.rows[:SHOWN]:
        left = f"{row.date.isoformat()}  {' · '.join(filter(None, (row.vendor, row.text)))}"
        papers = "  ".join(f"{name} {text}" for name, text in (("PO", row.po), ("invoice", row.invoice)) if text)
        shown = money_words(row, currency)
        room = max(10, width - 20)
        lines.append((*fit_spans(((left, ""), (f"  {papers}", "muted")), room), (fit(shown, 18, "right"), "strong")))
    if not statement.rows:
        lines.append((("no row can be read so", "bad"),))
    bad = len(statement.bad)
    if bad:
        words = f"{bad} row{'' if bad == 1 else 's'} can't be read: {statement.bad[0]}"
        lines += [((part, "warn"),) for part in wrap(words, width)[:2]]
    return [*lines, *(((part, "muted"),) for words in statement.said for part in wrap(words, width))]


def glyph_of(proposal: Proposal) -> Span:
    """How a row stands."""
    if proposal.lacks:
        return LACKS
    return SURE if proposal.sure and proposal.way is Way.MATCH else GLYPHS[proposal.way]


def became(proposal: Proposal, data: ProjectData) -> Cell:
    """What a row becomes, in a few words."""
    entry = data.get(proposal.entry)
    name = f"{entry.number} {entry.name}".strip() if isinstance(entry, CostEntry) else proposal.entry
    if proposal.way is Way.BOOKED:
        return (proposal.why[0], "muted")
    if proposal.way is Way.OUT:
        return ("left out", "muted")
    if proposal.lacks and proposal.way is Way.NEW:
        return (f"new, lacks {proposal.lacks}", "bad")
    if proposal.way is Way.NEW:
        if proposal.like:
            return (f"▲ new? as much as {proposal.like}", "warn")
        line = data.get(proposal.line)
        return (f"new on {line.category if isinstance(line, BudgetLine) else proposal.line}", "")
    word = "is" if proposal.way is Way.SAME else "a part of" if proposal.part else "→"
    return (f"{word} {name}", "bad" if proposal.lacks else "")


def money_words(row: BankRow, own: str) -> str:
    """What a row costs, with its currency where that is another one than the project's own."""
    return f"{amount(row.amount, cents=True)} {'' if row.currency in {'', own} else row.currency}".rstrip()


def row_words(row: BankRow) -> str:
    """Who a row is of, and what it says."""
    return " · ".join(filter(None, (row.vendor, row.text))) or row.invoice or row.po


def row_cells(proposal: Proposal, data: ProjectData) -> Sequence[Cell]:
    """A row's cells, one a column."""
    row = proposal.row
    quiet = "muted" if proposal.way in {Way.BOOKED, Way.OUT} else ""
    return (
        glyph_of(proposal),
        (str(row.line), "muted"),
        (f"{row.date.day:>2} {MONTHS[row.date.month - 1][:3]}", quiet),
        (row_words(row), quiet),
        became(proposal, data),
        (money_words(row, data.project.currency), quiet),
    )


def row_story(proposal: Proposal, project: OpenProject, width: int) -> list[Sequence[Span]]:
    """All of a row, what it is taken for, and what speaks for that."""
    row, data = proposal.row, project.data
    lines: list[Sequence[Span]] = [
        ((part, "strong"),) for part in wrap(f"Line {row.line}  {row_words(row)}", width)[:2]
    ]
    entry = data.get(proposal.entry)
    why = "; ".join(proposal.why)
    if isinstance(entry, CostEntry):
        day = say_date(entry.date, project.today)
        papers = " · ".join(filter(None, (entry.vendor, entry.po, entry.invoice)))
        words = f"{entry.number} {entry.note} · {amount(entry.net, cents=True)} · {entry.status} · {day}"
        lines += [((part, ""),) for part in wrap(f"{words}{f' · {papers}' if papers else ''}", width)]
    lines += [((part, "muted"),) for part in wrap(f"Because: {why}", width)] if why else []
    if proposal.lacks:
        lacks = f"It lacks {proposal.lacks}" if proposal.way is Way.NEW else f"Not yet: {proposal.lacks}"
        lines += [((part, "bad"),) for part in wrap(lacks, width)]
    cells = "   ".join(f"{heading}: {text}" for heading, text in row.cells)
    return [*lines, *(((part, "muted"),) for part in wrap(cells, width))]
