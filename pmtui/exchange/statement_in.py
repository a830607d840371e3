"""A bank's or an ERP's file as bookings: its columns read by a mapping, what can't be read named with its line."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pmtui.domain.bank_row import BankRow, known_by
from pmtui.domain.currency import CENT
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import ImportMapping
from pmtui.domain.records.mapping import AUTO, NEGATIVE, has_what_is_needed
from pmtui.domain.text import clean
from pmtui.exchange.amounts_in import decimal_comma, read_amount, unit_of
from pmtui.exchange.csv_text import DELIMITERS, CsvRecord, decode, plain_lines, read_records
from pmtui.exchange.dates_in import day_order, is_doubtful, read_day
from pmtui.exchange.files import why_no_text
from pmtui.exchange.headings import plain_heading
from pmtui.exchange.statement_guess import heading_row
from pmtui.exchange.words_in import NOTHING

_MARKS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_OUT = {"s", "d", "dr", "debit", "dbit", "soll", "out", "-", "debet"}
_IN = {"h", "c", "cr", "credit", "crdt", "haben", "in", "+", "k"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as columns, before it is known what they are. ``source`` is its name, ``note`` what to say of it."""

    source: str
    headings: tuple[str, ...]
    rows: tuple[CsvRecord, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A file's bookings; ``bad`` are the rows that can't be read, ``said`` what else was left out of it."""

    source: str
    rows: tuple[BankRow, ...]
    bad: tuple[Problem, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Style:
    """How the file writes dates and amounts, and where its columns are."""

    day_first: bool | None
    comma: bool | None
    places: dict[str, int]
    currency: str


def open_sheet(data: bytes, source: str, mapping: ImportMapping | None = None) -> Sheet:
    """The columns of a file's bytes; raises :class:`Refused` for what is no table of text.

    The encoding and the separator are the mapping's, else found out; lines above the headings are left out.
    """
    name = clean(Path(source).name) or "file"
    why = why_no_text(data, name)
    if why:
        raise Refused(f"{name}: {why}")
    mapping = mapping or ImportMapping()
    text, note = _text(data, mapping.encoding, name)
    mark = _MARKS.get(mapping.separator, "") or _separator(text)
    records = read_records(text, mark)
    if not records:
        raise Refused(f"{name} is empty")
    wanted = {plain_heading(heading) for heading in mapping.headings.values()}
    at = next((n for n, r in enumerate(records) if wanted and wanted <= set(map(plain_heading, r.cells))), -1)
    at = heading_row(records) if at < 0 else at
    headings = tuple(clean(cell) for cell in records[at].cells)
    if len(records) == at + 1:
        raise Refused(f"{name} has headings only, no data row")
    return Sheet(name, headings, tuple(records[at + 1 :]), note)


def fits(mapping: ImportMapping, sheet: Sheet) -> bool:
    """Whether a file has all the headings that a mapping names."""
    there = {plain_heading(heading) for heading in sheet.headings}
    return all(plain_heading(heading) in there for heading in mapping.headings.values())


def read_statement(sheet: Sheet, mapping: ImportMapping) -> Statement:
    """The bookings of a file. Raises :class:`Refused` where the whole of it is in doubt: a heading, the days' order."""
    lacking = has_what_is_needed(mapping)
    if lacking:
        raise Refused(lacking)
    style = _style(sheet, mapping)
    rows: list[BankRow] = []
    bad: list[Problem] = []
    empty: list[int] = []
    for record in sheet.rows:
        try:
            row = _row(sheet, record, mapping, style)
        except Refused as refused:
            bad += refused.problems
            continue
        if row is None:
            empty.append(record.line)
        else:
            rows.append(row)
    said = [sheet.note] if sheet.note else []
    if empty:
        lines = ", ".join(map(str, empty[:5])) + (" …" if len(empty) > 5 else "")
        said.append(f"no bookings, without an amount: line{'s' if len(empty) > 1 else ''} {lines}")
    return Statement(sheet.source, tuple(known_by(rows)), tuple(bad), tuple(said))


def _text(data: bytes, encoding: str, name: str) -> tuple[str, str]:
    if encoding == AUTO:
        return decode(data)
    try:
        return plain_lines(data.decode("utf-8-sig" if encoding == "utf-8" else encoding)), ""
    except UnicodeError:
        raise Refused([Problem("encoding", encoding, f"{name} is written in another one")]) from None


def _separator(text: str) -> str:
    """The mark that divides most lines alike: the lines above the headings may have none, or another."""
    best = (0, "")
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    for mark in DELIMITERS:
        counts = Counter(count for line in lines if (count := re.sub(r'"[^"]*"', "", line).count(mark)))
        if counts:
            count, often = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
            best = max(best, (count * often, mark))
    return best[1]


def _style(sheet: Sheet, mapping: ImportMapping) -> _Style:
    plain = [plain_heading(heading) for heading in sheet.headings]
    places: dict[str, int] = {}
    for name, heading in mapping.headings.items():
        if plain_heading(heading) not in plain:
            there = ", ".join(filter(None, sheet.headings))
            raise Refused([Problem(name, heading, f"the file has no such heading; it has: {there}")])
        places[name] = plain.index(plain_heading(heading))
    amounts = [cell for name in ("amount", "debit", "credit") for _, cell in _cells(sheet, places.get(name, -1))]
    comma = {"comma": True, "point": False}.get(mapping.decimals, decimal_comma(amounts))
    unit = unit_of(sheet.headings[places["amount"]])[1] if "amount" in places else unit_of("")[1]
    currency = next(iter(unit.currencies)) if len(unit.currencies) == 1 else ""
    return _Style(_day_first(sheet, mapping, places["date"]), comma, places, currency)


def _day_first(sheet: Sheet, mapping: ImportMapping, place: int) -> bool | None:
    if mapping.dates != AUTO:
        return mapping.dates == "day first"
    cells = _cells(sheet, place)
    try:
        found = day_order(cells)
    except Refused as refused:
        said = "written both ways, day first and month first; say which"
        raise Refused([Problem("dates", refused.problems[0].value, said)]) from None
    doubtful = next(((line, cell) for line, cell in cells if found is None and is_doubtful(cell)), None)
    if doubtful:
        why = "doubtful: the day or the month can stand first; say which"
        raise Refused([Problem("dates", clean(doubtful[1]), why, line=doubtful[0])])
    return found


def _cells(sheet: Sheet, place: int) -> list[tuple[int, str]]:
    return [(row.line, row.cells[place]) for row in sheet.rows if 0 <= place < len(row.cells)]


def _row(sheet: Sheet, record: CsvRecord, mapping: ImportMapping, style: _Style) -> BankRow | None:
    """One row; ``None`` for one that is no booking, such as a balance at the end. Raises :class:`Refused`."""

    def cell(name: str) -> str:
        place = style.places.get(name, -1)
        text = clean(record.cells[place]) if 0 <= place < len(record.cells) else ""
        return "" if text.lower() in NOTHING else text

    amount = _amount(record, mapping, style, cell)
    if amount is None or not amount:
        return None
    try:
        day = read_day(cell("date"), style.day_first)
    except ValueError as error:
        raise Refused([Problem("date", cell("date"), str(error), line=record.line)]) from None
    shown = zip(sheet.headings, record.cells, strict=False)
    return BankRow(
        line=record.line,
        date=day,
        amount=amount,
        written=-amount if _signs_are_turned(mapping, style) else None,
        tax=_tax(cell("tax"), amount, record.line, style),
        currency=(cell("currency") or style.currency).upper(),
        **{name: cell(name) for name in ("vendor", "text", "po", "invoice", "own_id")},
        cells=tuple((heading, clean(text)) for heading, text in shown if clean(text)),
    )


def _tax(text: str, amount: Decimal, line: int, style: _Style) -> Decimal | None:
    """The tax beside a net amount, with its sign."""
    if not text:
        return None
    try:
        tax = abs(_to_the_cent(text, style.comma))
    except ValueError as error:
        raise Refused([Problem("tax", text, str(error), line=line)]) from None
    return tax if amount > 0 else -tax


def _to_the_cent(text: str, comma: bool | None) -> Decimal:
    """An amount as it can be paid; raises ``ValueError`` for what is none."""
    amount = read_amount(text, comma)
    paid = amount.quantize(CENT)
    if paid != amount:
        raise ValueError("allowed: an amount to the cent, such as 1250.50")
    return min(amount, paid, key=lambda same: -int(same.as_tuple().exponent))


def _amount(record: CsvRecord, mapping: ImportMapping, style: _Style, cell: Callable[[str], str]) -> Decimal | None:
    """What a row costs; money that came in is negative."""

    def read(name: str) -> Decimal | None:
        text = cell(name)
        if not text:
            return None
        try:
            return _to_the_cent(text, style.comma)
        except ValueError as error:
            raise Refused([Problem(name, text, str(error), line=record.line)]) from None

    if "amount" not in style.places:
        debit, credit = read("debit"), read("credit")
        if debit is None and credit is None:
            return None
        return abs(debit or Decimal(0)) - abs(credit or Decimal(0))
    amount = read("amount")
    if amount is None:
        return None
    if "direction" in style.places:
        place = style.places["direction"]
        word = clean(record.cells[place]).lower() if place < len(record.cells) else ""
        if word not in _OUT | _IN:
            raise Refused([Problem("direction", word, "allowed: S or H, D or C, debit or credit", line=record.line)])
        return abs(amount) if word in _OUT else -abs(amount)
    return -amount if _signs_are_turned(mapping, style) else amount


def _signs_are_turned(mapping: ImportMapping, style: _Style) -> bool:
    """Whether costs stand with a minus in the file: one column of amounts, and none that tells which way."""
    return mapping.signs == NEGATIVE and "amount" in style.places and "direction" not in style.places
