"""What the rows of a bank's or ERP's file are: booked already, an entry's invoice or payment, a new one, none of ours.

A row is compared with the entries that have its amount or a paper that it names; what speaks for a pair is added up
and told. No entry is proposed for two rows, and the same rows over the same entries always get the same proposals.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

import msgspec

from pmtui.domain.bank_row import BankRow, split_id
from pmtui.domain.currency import last_rate
from pmtui.domain.matching_index import EntryIndex, names_paper, same_vendor
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry
from pmtui.domain.records.mapping import INVOICED, PAID
from pmtui.domain.text import fold

AMOUNT, PO, INVOICE, VENDOR, PART = 35, 40, 45, 20, 10
"""What speaks for a pair: the same amount, PO, invoice, vendor; a part of what is committed on the same PO."""

NEAR = ((3, 10), (14, 7), (45, 4))
"""Days between a row and an entry, and what they speak for it."""

LIKELY, SURE = 50, 75
"""From where on a pair is proposed, and from where on it needs no look: an amount and a paper, both the same."""

LONGEST = 10
"""Days from an entry written by hand, within which a row alike is probably that; next month's is another one."""

TOO_EARLY = 7
"""Days that a row may lie before what it would pay or invoice."""

ALIKE = 21
"""Days within which a new one names an entry of the same vendor and amount; that of a monthly bill is further off."""


class Way(StrEnum):
    """What becomes of a row."""

    BOOKED = "booked"
    SAME = "same"
    MATCH = "match"
    NEW = "new"
    OUT = "out"


class Choice(msgspec.Struct, frozen=True):
    """What somebody decided of a row, over what is proposed: its way, the entry, the budget line's number.

    ``as_tax`` says that what the row is more than its entry is tax.
    """

    way: Way
    entry: str = ""
    line: str = ""
    as_tax: bool = False


class Proposal(msgspec.Struct, frozen=True):
    """What a row probably is, and why.

    ``entry`` is what it is booked as, the same as, or matched to; ``line`` the budget line of a new one, ``vendor`` how
    earlier entries write it, and ``credits`` the entry that it takes money back of. ``sure`` ones need no look.
    ``part`` says that it is less than is committed, ``as_tax`` that what it is more than its entry is tax. ``lacks`` is
    what is missing to book it; ``like`` the entry that a new one may be after all.
    """

    row: BankRow
    way: Way
    why: tuple[str, ...] = ()
    entry: str = ""
    line: str = ""
    vendor: str = ""
    sure: bool = False
    part: bool = False
    as_tax: bool = False
    credits: str = ""
    lacks: str = ""
    like: str = ""


class _Pair(msgspec.Struct, frozen=True):
    """A row that could be an entry, how much speaks for it, and what."""

    row: BankRow
    entry: CostEntry
    score: int
    why: tuple[str, ...]
    equal: bool


def propose(
    rows: Sequence[BankRow],
    data: ProjectData,
    means: str = PAID,
    *,
    chosen: Mapping[str, Choice] | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> list[Proposal]:
    """What each row is, in their order; ``means`` is what a booked row is: paid, or invoiced.

    ``chosen`` are somebody's own decisions by the row's id, ``elsewhere`` rows that are booked in other projects and
    where.
    """
    return _Matching(rows, data, means, chosen or {}, elsewhere or {}).proposals()


def amount_of(entry: CostEntry, row: BankRow, own: str) -> Decimal | None:
    """An entry's amount in the currency of a row; ``None`` where it has none in it."""
    if row.currency in {"", own}:
        return entry.net
    return entry.foreign_net if entry.currency == row.currency else None


def is_amount(entry: CostEntry, row: BankRow, own: str) -> str:
    """How the amounts agree: net, or net and tax as a bank pays it; empty where they don't."""
    amount = amount_of(entry, row, own)
    if amount is not None and amount == row.amount:
        return "amount equal"
    if entry.tax and row.currency in {"", own} and entry.net + entry.tax == row.amount:
        return "amount equal with tax"
    return ""


class _Rivals:
    """Pairs that as much speaks for as for another one of the same row, or of the same entry."""

    def __init__(self, pairs: Iterable[_Pair]) -> None:
        self._of_row: dict[tuple[str, int], list[_Pair]] = {}
        self._of_entry: dict[tuple[int, int], list[_Pair]] = {}
        for pair in pairs:
            self._of_row.setdefault((pair.row.id, pair.score), []).append(pair)
            self._of_entry.setdefault((pair.entry.id, pair.score), []).append(pair)

    def of(self, pair: _Pair) -> str:
        """The other one, in words; empty where there is none."""
        entries = [p.entry.number for p in self._of_row[pair.row.id, pair.score] if p.entry.id != pair.entry.id]
        lines = [p.row.line for p in self._of_entry[pair.entry.id, pair.score] if p.row.id != pair.row.id]
        return f"{entries[0]} as well" if entries else f"line {lines[0]} as well" if lines else ""


class _Matching:
    def __init__(
        self,
        rows: Sequence[BankRow],
        data: ProjectData,
        means: str,
        chosen: Mapping[str, Choice],
        elsewhere: Mapping[str, str],
    ) -> None:
        self.rows = rows
        self.data = data
        self.own = data.project.currency
        self.means = means
        self.chosen = chosen
        self.elsewhere = elsewhere
        self.taken: set[str] = set()
        self.index = EntryIndex(data, frozenset(row.id for row in rows))

    def proposals(self) -> list[Proposal]:
        found: dict[str, Proposal] = {}
        for row in self.rows:
            known = self._known(row)
            if known:
                found[row.id] = known
            elif row.id in self.chosen:
                found[row.id] = self._as_chosen(row, self.chosen[row.id])
        self.taken = {p.entry for p in found.values() if p.entry and p.way is not Way.BOOKED}
        pairs = [pair for row in self.rows if row.id not in found for pair in self._pairs(row)]
        rivals = _Rivals(pairs)
        for pair in self._one_each(pairs):
            found[pair.row.id] = self._paired(pair, rivals)
        return [found.get(row.id) or self._new(row) for row in self.rows]

    # What is known -----------------------------------------------------------

    def _known(self, row: BankRow) -> Proposal | None:
        """A row that is booked: the same row of whatever file, or an invoice that is there."""
        ids = self.data.statement_rows.get(row.id, ())
        if ids:
            entry = self.data.costs[ids[0]]
            void = f", void: {entry.void_reason}" if entry.status == "void" else ""
            return Proposal(row, Way.BOOKED, (f"booked as {entry.number}{void}",), entry.number, sure=True)
        if row.id in self.elsewhere:
            return Proposal(row, Way.BOOKED, (f"booked in {self.elsewhere[row.id]}",), sure=True)
        return None

    def _as_chosen(self, row: BankRow, choice: Choice) -> Proposal:
        if choice.way is Way.OUT:
            return Proposal(row, Way.OUT, ("left out by you",))
        if choice.way is Way.NEW:
            vendor = self._line_of(row)[1]
            return self._lacking(Proposal(row, Way.NEW, ("on the line you chose",), line=choice.line, vendor=vendor))
        entry = self.data.get(choice.entry)
        if not isinstance(entry, CostEntry) or entry.status == "void":
            return Proposal(row, Way.OUT, (f"{choice.entry} is no longer there",))
        equal = is_amount(entry, row, self.own)
        more = amount_of(entry, row, self.own)
        if choice.as_tax and more is not None and row.amount > more > 0 and entry.foreign_net is None:
            said = f"{row.amount - more:,.2f} of it is tax"
            return msgspec.structs.replace(self._with_entry(row, entry, (said,), equal=True), as_tax=True)
        return self._with_entry(row, entry, ("chosen by you", equal or self._difference(row, entry)), equal=bool(equal))

    # Pairs --------------------------------------------------------------------

    def _pairs(self, row: BankRow) -> Iterator[_Pair]:
        for entry in self.index.near(row):
            if (entry.net < 0) == (row.amount < 0):
                pair = self._pair(row, entry)
                if pair is not None and pair.score >= LIKELY:
                    yield pair

    def _pair(self, row: BankRow, entry: CostEntry) -> _Pair | None:
        """What speaks for a row and an entry being one; ``None`` where it can't be."""
        score, why = self._papers(row, entry)
        equal = is_amount(entry, row, self.own)
        whole = amount_of(entry, row, self.own)
        away = _away(row, entry)
        is_open = entry.status in {"planned", "committed"}
        pays = self.means == PAID and entry.status == "invoiced"
        named = pays and bool(entry.invoice) and names_paper(entry.invoice, row.invoice, row.words)
        if not is_open and not equal and not named:
            return None
        if entry.statement_ids and not is_open and not pays:
            return self._another_reading(row, entry)
        if equal:
            score += AMOUNT
            why.append(equal)
        elif is_open and why and whole is not None and Decimal(0) < row.amount < whole:
            score += PART
            why.append(f"a part of {whole:,.2f}")
        elif whole is not None:
            why.append(self._difference(row, entry))
        if not is_open and not pays and away > LONGEST:
            return None
        days = next((points for most, points in NEAR if away <= most), 0)
        if (entry.date - row.date).days > TOO_EARLY:
            days = -AMOUNT
        why.append(_days_words(row, entry))
        return _Pair(row, entry, score + days, tuple(why), bool(equal))

    def _another_reading(self, row: BankRow, entry: CostEntry) -> _Pair | None:
        """A row that was booked from such a file when its columns were read as something else."""
        rows = [split_id(known) for known in entry.statement_ids]
        near = any(day is not None and abs((day - row.date).days) <= NEAR[0][0] for day, _ in rows)
        said = fold(entry.note) == fold(row.text or row.vendor) or same_vendor(row, entry)
        words = split_id(row.id)[1].split(" ")[1:2]
        same = any(rest.split(" ")[1:2] == words for _, rest in rows)
        if not near or not (said or same) or not is_amount(entry, row, self.own):
            return None
        return _Pair(row, entry, SURE, ("the same day, amount and words",), equal=True)

    def _papers(self, row: BankRow, entry: CostEntry) -> tuple[int, list[str]]:
        score, why = 0, []
        if entry.invoice and names_paper(entry.invoice, row.invoice, row.words):
            score += INVOICE
            why.append(f"invoice {entry.invoice}")
        if entry.po and names_paper(entry.po, row.po, row.words):
            score += PO
            why.append(entry.po if fold(entry.po).startswith("po") else f"PO {entry.po}")
        if same_vendor(row, entry):
            score += VENDOR
            why.append(entry.vendor)
        return score, why

    def _one_each(self, pairs: Iterable[_Pair]) -> Iterator[_Pair]:
        """The strongest pairs, each row and each entry once."""
        rows: set[str] = set()
        for pair in sorted(
            pairs, key=lambda p: (-p.score, abs((p.row.date - p.entry.date).days), p.row.line, p.entry.id)
        ):
            if pair.row.id not in rows and pair.entry.number not in self.taken:
                rows.add(pair.row.id)
                self.taken.add(pair.entry.number)
                yield pair

    def _paired(self, pair: _Pair, rivals: "_Rivals") -> Proposal:
        rival = rivals.of(pair)
        found = self._with_entry(pair.row, pair.entry, pair.why, equal=pair.equal)
        if rival:
            found = msgspec.structs.replace(found, why=(*found.why, rival))
        sure = pair.score >= SURE and pair.equal and not rival and not found.lacks
        return msgspec.structs.replace(found, sure=sure and found.way is Way.MATCH)

    def _with_entry(self, row: BankRow, entry: CostEntry, why: tuple[str, ...], *, equal: bool) -> Proposal:
        waits = entry.status in {"planned", "committed"}
        pays = entry.status == "invoiced" and self.means == PAID
        if not waits and not pays:
            differs = "" if equal else f"its amount is another one: correct {entry.number} first"
            said = tuple(filter(None, (*why, f"it is {entry.status} already")))
            return Proposal(row, Way.SAME, said, entry.number, lacks=differs)
        whole = amount_of(entry, row, self.own)
        same_money = entry.foreign_net is None or row.currency == entry.currency
        less = not equal and whole is not None and Decimal(0) < row.amount < whole
        part = entry.status == "committed" and less and same_money
        lacks = ""
        if pays and not equal:
            lacks = f"{entry.number} is invoiced at another amount: say that the rest is tax, or correct it first"
        elif whole is None:
            lacks = f"{entry.number} is not in {row.currency}"
        elif (row.amount < 0) != (entry.net < 0):
            lacks = f"{entry.number} goes the other way"
        return Proposal(row, Way.MATCH, tuple(filter(None, why)), entry.number, part=part, lacks=lacks)

    def _difference(self, row: BankRow, entry: CostEntry) -> str:
        whole = amount_of(entry, row, self.own)
        if whole is None or whole == row.amount:
            return ""
        more = row.amount - whole
        return f"{abs(more):,.2f} {'more' if more > 0 else 'less'} than its {whole:,.2f}"

    # New ones -------------------------------------------------------------------

    def _new(self, row: BankRow) -> Proposal:
        """A new entry on the line of its vendor's earlier ones; of nobody we pay, a bank's row is none of ours."""
        booked = self._same_invoice(row)
        if booked is not None:
            equal = is_amount(booked, row, self.own)
            said = f"invoice {booked.invoice} of {booked.vendor} is {booked.number}"
            if row.amount < 0 < booked.net:
                back = Proposal(
                    row, Way.NEW, (said, "money back of it"), line=booked.budget_line, credits=booked.number
                )
                return self._lacking(back)
            if booked.number in self.taken:
                other = f"another line of this file is {booked.number}"
                return Proposal(row, Way.SAME, (said,), booked.number, lacks=other)
            return self._with_entry(row, booked, (said, self._difference(row, booked)), equal=bool(equal))
        line, vendor, why = self._line_of(row)
        if not line and self.means != INVOICED:
            return Proposal(row, Way.OUT, ("nobody that this project paid before",))
        like = self._like(row)
        if like is not None:
            why = (*why, f"{like.number} has the same vendor and amount; this is {_days_words(row, like)}")
        number = like.number if like is not None else ""
        return self._lacking(Proposal(row, Way.NEW, why, line=line, vendor=vendor, like=number))

    def _like(self, row: BankRow) -> CostEntry | None:
        """An entry of the same vendor and amount, which the days alone speak against."""
        found = (e for e in self.index.near(row) if e.number not in self.taken and same_vendor(row, e))
        return next((e for e in found if is_amount(e, row, self.own) and _away(row, e) <= ALIKE), None)

    def _same_invoice(self, row: BankRow) -> CostEntry | None:
        ids = self.data.invoices.get((fold(row.vendor), fold(row.invoice))) if row.vendor and row.invoice else None
        return self.data.costs[ids[0]] if ids else None

    def _line_of(self, row: BankRow) -> tuple[str, str, tuple[str, ...]]:
        earlier = self.index.of_vendor(row)
        lines = {line.number for line in self.data.budget_lines.values() if line.kind == "base"}
        base = [entry for entry in earlier if entry.budget_line in lines]
        counts = Counter(entry.budget_line for entry in base)
        if not counts:
            return "", "", ("no earlier entry of this vendor",)
        line, count = max(counts.items(), key=lambda pair: (pair[1], -self.data.id_of(pair[0])))
        vendor = next(entry.vendor for entry in base if entry.budget_line == line)
        said = f"as {count} earlier ones of {vendor}" if count > 1 else f"as an earlier one of {vendor}"
        return line, vendor, (said,)

    def _lacking(self, proposal: Proposal) -> Proposal:
        """What is missing to book it: its line, or what its currency costs."""
        row = proposal.row
        lacks = "" if proposal.line else "a budget line"
        if row.currency not in {"", self.own} and last_rate(self.data, row.currency) is None:
            lacks = f"a rate: no entry here has one for {row.currency}"
        return msgspec.structs.replace(proposal, lacks=lacks, sure=proposal.sure and not lacks)


def _away(row: BankRow, entry: CostEntry) -> int:
    """Days between a row and the nearest day that an entry names."""
    days = [day for day in (entry.date, entry.invoice_expected_on, entry.received_on) if day is not None]
    return min(abs((row.date - day).days) for day in days)


def _days_words(row: BankRow, entry: CostEntry) -> str:
    days = (row.date - entry.date).days
    if not days:
        return "the same day"
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"
