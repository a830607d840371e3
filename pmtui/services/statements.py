"""A bank's or ERP's file over a project: what each row probably is, decided row by row, booked once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pmtui.domain.bank_row import BankRow
from pmtui.domain.currency import last_rate, rate_between
from pmtui.domain.matching_costs import Choice, Proposal, Way, is_amount, propose
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import CostEntry, External, ImportMapping
from pmtui.domain.records.cost import STATEMENT
from pmtui.exchange.files import read_bytes
from pmtui.exchange.statement_in import Sheet, Statement, read_statement
from pmtui.services.accruals import month_is_open, stage_part
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome


def read_file(path: Path) -> tuple[bytes, str]:
    """A file's bytes and its name; raises :class:`Refused` for what can't be read, with the reason."""
    return read_bytes(path), path.name


class Matching:
    """The rows of a file over a project as it is now, and what was decided of them.

    ``others`` are the workspace's other projects: what is booked there is not booked here.
    """

    def __init__(
        self, project: OpenProject, sheet: Sheet, mapping: ImportMapping, others: Iterable[OpenProject] = ()
    ) -> None:
        self.project = project
        self.mapping = mapping
        self.statement: Statement = read_statement(sheet, mapping)
        self.chosen: dict[str, Choice] = {}
        self._others = [other for other in others if other.code != project.code]
        self._shown: tuple[object, list[Proposal]] | None = None

    @property
    def proposals(self) -> list[Proposal]:
        """What each row is, in the order of the file."""
        state = (self.project.data, tuple(self.chosen.items()), tuple(other.sequence for other in self._others))
        if self._shown is None or self._shown[0] != state:
            self._shown = (state, self._proposed(self.project))
        return self._shown[1]

    def count(self, *ways: Way) -> int:
        """How many rows go one of these ways."""
        return sum(1 for proposal in self.proposals if proposal.way in ways)

    @property
    def sure(self) -> list[Proposal]:
        """Those that need no look."""
        return [p for p in self.proposals if p.sure and p.way is Way.MATCH]

    def entries_for(self, row: BankRow) -> list[CostEntry]:
        """The entries that a row could be: those that wait for money first, then the nearest amounts."""
        waits = {"committed": 0, "invoiced": 0, "planned": 1, "paid": 2}
        found = [e for e in self.project.data.costs.values() if e.status in waits and (e.net < 0) == (row.amount < 0)]
        return sorted(found, key=lambda e: (waits[e.status], abs(e.net - row.amount), e.id))

    def choose(self, rows: Iterable[str], choice: Choice | None) -> None:
        """Decide of rows what they are; ``None`` goes back to what is proposed."""
        for row in rows:
            self.chosen.pop(row, None)
            if choice is not None:
                self.chosen[row] = choice

    def accept(self, rows: Collection[str], *, rest_stays: bool = True) -> Outcome:
        """Book rows as they are proposed, as one change; of a part, ``rest_stays`` says what becomes of the rest.

        A row that is booked already, or left out, stays so. Raises :class:`Refused`, naming each line, where one
        can't be booked, or is no longer what was shown; nothing is booked then.
        """
        shown = {proposal.row.id: proposal for proposal in self.proposals if proposal.row.id in rows}
        wanted = [p for p in shown.values() if p.way in {Way.MATCH, Way.NEW, Way.SAME}]
        if not wanted:
            raise Refused("nothing to book here: it is booked already, or left out")
        problems = [_problem(p.row, f"it lacks {p.lacks}" if p.way is Way.NEW else p.lacks) for p in wanted if p.lacks]
        problems += _twice(wanted)
        if problems:
            raise Refused(problems)
        with self.project.change(f"match {self.statement.source}") as change:
            for other in self._others:
                other.refresh()
            now = {p.row.id: p for p in self._proposed(self.project)}
            moved = [p.row for p in wanted if _moved(p, now[p.row.id])]
            if moved:
                raise Refused([_problem(row, "somebody changed what it was matched to; look again") for row in moved])
            numbers = [self._stage(change, proposal, rest_stays=rest_stays) for proposal in wanted]
        return Outcome(tuple(numbers), _words(wanted, numbers), tuple(change.said))

    def _proposed(self, project: OpenProject) -> list[Proposal]:
        """What each row is now, also by what somebody else has just booked in another project."""
        elsewhere: dict[str, str] = {}
        for other in self._others:
            for row, ids in other.data.statement_rows.items():
                elsewhere.setdefault(row, f"{other.code} as C-{ids[0]}")
        rows, means = self.statement.rows, self.mapping.means
        return propose(rows, project.data, means, chosen=self.chosen, elsewhere=elsewhere)

    # What is written ----------------------------------------------------------

    def _stage(self, change: Change, proposal: Proposal, *, rest_stays: bool) -> str:
        if proposal.way is Way.NEW:
            return self._stage_new(change, proposal)
        found = change.data.get(proposal.entry)
        assert isinstance(found, CostEntry), "it was proposed a moment ago, under the lock"
        if proposal.way is Way.SAME:
            return change.edit(found, **_tied(found, proposal.row)).number
        return self._stage_match(change, found, proposal, rest_stays=rest_stays)

    def _stage_match(self, change: Change, entry: CostEntry, proposal: Proposal, *, rest_stays: bool) -> str:
        row = proposal.row
        values: dict[str, Any] = {"status": self.mapping.means}
        if entry.status != "invoiced":
            values |= {"date": self._day(change, row), "invoice_expected_on": None}
            given = {"vendor": row.vendor, "po": row.po, "invoice": row.invoice, "note": row.text}
            values |= {name: text for name, text in given.items() if text and not getattr(entry, name)}
        if proposal.part:
            tied = _tied(None, row) if rest_stays else _tied(entry, row)
            return stage_part(change, entry, row.amount, rest_stays=rest_stays, **values, **tied).number
        own = change.data.project.currency
        if proposal.as_tax:
            values["tax"] = row.amount - entry.net
        elif not is_amount(entry, row, own):
            values |= _amounts(entry, row, own)
        return change.edit(entry, **values, **_tied(entry, row)).number

    def _stage_new(self, change: Change, proposal: Proposal) -> str:
        row, own = proposal.row, change.data.project.currency
        values: dict[str, Any] = {"net": row.amount, "tax": row.tax}
        known = last_rate(change.data, row.currency) if row.currency not in {"", own} else None
        if known is not None:
            values = {"net": Decimal(0), "currency": row.currency, "foreign_net": row.amount, "rate": known.rate}
            change.said.append(f"line {row.line}: rate {known.rate} of {known.number}")
        entry = CostEntry(
            date=self._day(change, row),
            budget_line=proposal.line,
            note=row.text or row.vendor,
            status=self.mapping.means,
            vendor=proposal.vendor or row.vendor,
            po=row.po,
            invoice="" if proposal.credits else row.invoice,
            credit_note=row.amount < 0,
            credits=proposal.credits,
            **values,
            **_tied(None, row),
        )
        return change.add(entry).number

    def _day(self, change: Change, row: BankRow) -> Any:
        """The row's day; today where its month is closed, which is said."""
        if month_is_open(self.project, row.date):
            return row.date
        change.said.append(f"line {row.line} is dated today: {row.date:%Y-%m} is closed")
        return self.project.today


def _tied(entry: CostEntry | None, row: BankRow) -> dict[str, Any]:
    """What an entry is known by as a row: its external id, and beside it where it has another one."""
    if entry is None or entry.external is None:
        return {"external": External(STATEMENT, row.id)}
    return {"bank_rows": (*entry.bank_rows, row.id)}


def _amounts(entry: CostEntry, row: BankRow, own: str) -> dict[str, Any]:
    """An entry's amount as a row has it; in another currency what was paid tells the rate."""
    if row.currency not in {"", own}:
        return {"foreign_net": row.amount}
    if entry.foreign_net is None or not entry.foreign_net:
        return {"net": row.amount}
    return {"net": row.amount, "rate": rate_between(entry.foreign_net, row.amount)}


def _problem(row: BankRow, why: str) -> Problem:
    return Problem("row", row.text or row.vendor, why, line=row.line)


def _twice(wanted: Sequence[Proposal]) -> list[Problem]:
    """Rows that were chosen to be an entry that another one is."""
    first: dict[str, Proposal] = {}
    found = []
    for proposal in wanted:
        if proposal.entry and first.setdefault(proposal.entry, proposal) is not proposal:
            other = first[proposal.entry].row.line
            found.append(_problem(proposal.row, f"line {other} is {proposal.entry} already; choose another one"))
    return found


def _moved(shown: Proposal, now: Proposal) -> bool:
    """Whether a row is no longer what was shown."""
    return (shown.way, shown.entry, shown.part, shown.lacks) != (now.way, now.entry, now.part, now.lacks)


def _words(booked: Sequence[Proposal], numbers: Sequence[str]) -> str:
    """``3 booked: 2 matched, 1 new: C-9``."""
    ways: Mapping[Way, str] = {Way.MATCH: "matched", Way.NEW: "new", Way.SAME: "known as there already"}
    counts = [(sum(1 for p in booked if p.way is way), word) for way, word in ways.items()]
    if len(booked) == 1:
        return f"line {booked[0].row.line} is {numbers[0]}, {ways[booked[0].way]}"
    return f"{len(booked)} rows booked: " + ", ".join(f"{count} {word}" for count, word in counts if count)
