"""One booking of a bank's or an ERP's file, and what it is known by, whatever file it comes in."""

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from pmtui.domain.text import fold

_WORDS = re.compile(r"[a-z0-9]+")


class BankRow(msgspec.Struct, frozen=True):
    """A row as it was read. ``amount`` is what it costs, in ``currency``: money that came back is negative.

    ``written`` is the amount with the sign that the file has, where that is another one.
    ``id`` is what it is known by (:func:`known_by`), ``line`` where it stands in its file, ``cells`` all of it, as
    headings and values. An empty ``currency`` is the project's own.
    """

    line: int
    date: dt.date
    amount: Decimal
    currency: str = ""
    vendor: str = ""
    text: str = ""
    po: str = ""
    invoice: str = ""
    tax: Decimal | None = None
    own_id: str = ""
    written: Decimal | None = None
    id: str = ""
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """All that it says in words, as it is searched."""
        return fold(f"{self.vendor} {self.text} {self.po} {self.invoice}")


def known_by(rows: Iterable[BankRow]) -> list[BankRow]:
    """The rows of one file, each with its id: day, amount, the bank's own id or a hash of its words, and which it is.

    The amount is the one written: what its sign is taken for may differ from file to file, where it is guessed.
    The words are those of the whole row, so that it is known again when its columns are read as something else;
    signs and letters beyond ASCII count for nothing, so that another encoding changes nothing. Rows that are
    alike are counted in their order: two coffees are two.
    """
    counts: Counter[str] = Counter()
    found = []
    for row in rows:
        what = f"own:{row.own_id}" if row.own_id else f"words:{_hash(row.cells)}"
        base = f"{row.date.isoformat()} {plain_amount(row.amount if row.written is None else row.written)} {what}"
        counts[base] += 1
        found.append(msgspec.structs.replace(row, id=f"{base} {counts[base]}"))
    return found


def plain_amount(amount: Decimal) -> str:
    """An amount as part of an id: the same however many decimals it was written with."""
    return f"{amount.normalize() + 0:f}"


def split_id(row_id: str) -> tuple[dt.date | None, str]:
    """The day in a row's id, and all the rest of it."""
    day, _, rest = row_id.partition(" ")
    try:
        return dt.date.fromisoformat(day), rest
    except ValueError:
        return None, row_id


def _hash(cells: Sequence[tuple[str, str]]) -> str:
    """A hash of the cells that hold a word; amounts, dates and balances are none."""
    said = []
    for _, cell in cells:
        words = _WORDS.findall(fold(cell.encode("ascii", "ignore").decode()))
        if any(word.isalpha() for word in words):
            said.append(" ".join(words))
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]
