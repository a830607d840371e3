"""The entries of a project by what a bank's row can name of them: their amount, a paper's number, their vendor."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache

from pmtui.domain.bank_row import BankRow
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry
from pmtui.domain.text import fold

_WORD = re.compile(r"[^\W_]+")


class EntryIndex:
    """Entries that the rows of a file could be; ``rows`` are the ids of these rows.

    A void entry is none, nor is one that is a row of this file already.
    """

    def __init__(self, data: ProjectData, rows: frozenset[str]) -> None:
        self._data = data
        self._rows = rows

    def near(self, row: BankRow) -> Sequence[CostEntry]:
        """The entries with a row's amount, or with a paper that it names; in the order of their numbers."""
        named = (entry for word in words_of(row) for entry in self._by_paper.get(word, ()))
        found = {entry.id: entry for entry in (*self._by_amount.get(row.amount, ()), *named)}
        return [found[key] for key in sorted(found)]

    def of_vendor(self, row: BankRow) -> Sequence[CostEntry]:
        """The entries of a row's vendor, whether they are rows of this file or not."""
        near = (entry for word in sorted(words_of(row)) for entry in self._by_vendor.get(word, ()))
        return [entry for entry in near if same_vendor(row, entry)]

    @cached_property
    def _candidates(self) -> list[CostEntry]:
        found = (entry for entry in self._data.costs.values() if entry.status != "void")
        return [entry for entry in found if self._rows.isdisjoint(entry.statement_ids)]

    @cached_property
    def _by_amount(self) -> Mapping[Decimal, list[CostEntry]]:
        found: dict[Decimal, list[CostEntry]] = {}
        for entry in self._candidates:
            amounts = {entry.net, entry.net + (entry.tax or 0)}
            if entry.foreign_net is not None:
                amounts.add(entry.foreign_net)
            for amount in amounts:
                found.setdefault(amount, []).append(entry)
        return found

    @cached_property
    def _by_paper(self) -> Mapping[str, list[CostEntry]]:
        """Entries by the first word of their PO and invoice."""
        found: dict[str, list[CostEntry]] = {}
        for entry in self._candidates:
            for word in {first_word(entry.po), first_word(entry.invoice)} - {""}:
                found.setdefault(word, []).append(entry)
        return found

    @cached_property
    def _by_vendor(self) -> Mapping[str, list[CostEntry]]:
        """Entries by the first word of their vendor."""
        found: dict[str, list[CostEntry]] = {}
        for entry in self._data.costs.values():
            if entry.vendor and entry.status != "void":
                found.setdefault(first_word(entry.vendor), []).append(entry)
        return found


def names_paper(paper: str, cell: str, words: str) -> bool:
    """Whether a paper's number is a row's own, or stands as a word of its own in what it says."""
    wanted, own = fold(paper), fold(cell)
    return wanted in {own} - {""} or (len(wanted) >= 4 and _stands_in(wanted, words))


def same_vendor(row: BankRow, entry: CostEntry) -> bool:
    """Whether the vendor is the same, also where the bank writes more, such as its legal form or a place."""
    vendor = fold(entry.vendor)
    return bool(vendor) and (fold(row.vendor) == vendor or (len(vendor) >= 3 and _stands_in(vendor, row.words)))


def _stands_in(part: str, words: str) -> bool:
    """Whether a part stands in words with no letter or digit beside it."""
    at = words.find(part)
    while at >= 0:
        end = at + len(part)
        if not words[at - 1 : at].isalnum() and not words[end : end + 1].isalnum():
            return True
        at = words.find(part, at + 1)
    return False


@lru_cache(maxsize=4096)
def first_word(text: str) -> str:
    """The first letters and digits of a text, as they are looked up; empty where there are none."""
    found = _WORD.search(fold(text))
    return found[0] if found else ""


def words_of(row: BankRow) -> set[str]:
    """The runs of letters and digits in what a row says."""
    return set(_WORD.findall(row.words))
