"""Which column of a bank's or ERP's file is what, guessed from its headings and what stands beneath them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pmtui.domain.records import ImportMapping
from pmtui.domain.records.mapping import COLUMNS, INVOICED, NEGATIVE, PAID, POSITIVE
from pmtui.exchange.amounts_in import decimal_comma, read_amount, unit_of
from pmtui.exchange.csv_text import CsvRecord
from pmtui.exchange.headings import plain_heading

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "date": (
        *("booking date", "posting date", "transaction date", "buchungstag", "buchungsdatum", "buchungsdatum/valuta"),
        *(
            "invoice date",
            "date",
            "datum",
            "date operation",
            "date de comptabilisation",
            "fecha",
            "data",
            "document date",
        ),
        *("value date", "valuta", "wertstellung", "valutadatum", "date valeur"),
    ),
    "amount": (
        *("amount", "betrag", "umsatz", "montant", "importe", "importo", "net amount", "net", "transaction amount"),
        *("amount in local currency", "amount in lc", "betrag in hauswährung", "value", "cost", "total"),
    ),
    "debit": ("debit", "soll", "débit", "paid out", "money out", "withdrawal", "debit amount", "belastung", "ausgang"),
    "credit": ("credit", "haben", "crédit", "paid in", "money in", "deposit", "credit amount", "gutschrift", "eingang"),
    "direction": (
        *("soll/haben", "s/h", "debit/credit", "d/c", "dc", "sens", "credit/debit", "credit debit indicator"),
        *("debit/credit indicator", "umsatzart s/h"),
    ),
    "vendor": (
        *("vendor", "supplier", "counterparty", "counterparty name", "payee", "beneficiary", "vendor name"),
        *(
            "supplier name",
            "name",
            "empfänger",
            "begünstigter/zahlungspflichtiger",
            "beguenstigter/zahlungspflichtiger",
        ),
        *("auftraggeber/empfänger", "auftraggeber / begünstigter", "name zahlungsbeteiligter", "kreditor", "lieferant"),
        *("merchant", "fournisseur", "bénéficiaire", "contrepartie", "payee name", "creditor"),
    ),
    "text": (
        *(
            "text",
            "description",
            "purpose",
            "verwendungszweck",
            "details",
            "narrative",
            "memo",
            "remittance information",
        ),
        *("libellé", "motif", "communication", "buchungstext", "note", "booking text", "line description", "item text"),
    ),
    "po": (
        *("po", "po number", "purchase order", "purchasing document", "order number", "order", "bestellung"),
        *("bestellnummer", "einkaufsbeleg", "commande", "po no"),
    ),
    "invoice": (
        *("invoice", "invoice number", "invoice no", "invoice ref", "rechnung", "rechnungsnummer", "rechnungs-nr"),
        *("facture", "supplier invoice", "reference", "referenz", "external document no", "belegnummer"),
    ),
    "currency": ("currency", "währung", "waehrung", "devise", "ccy", "moneda", "transaction currency"),
    "tax": ("tax", "vat", "tax amount", "vat amount", "steuer", "mwst", "ust", "tva"),
    "own_id": (
        *("transaction id", "entry id", "bank reference", "transaction reference", "reference id", "id", "uid"),
        *(
            "umsatz-id",
            "transaktions-id",
            "entry no",
            "document number",
            "document no",
            "journal entry",
            "buchungsnummer",
        ),
        *("fitid", "entry reference"),
    ),
}
"""What each column is commonly called, the most telling name first."""

_LEDGER = {"vendor", "supplier", "po", "invoice", "invoicenumber", "costcenter", "costcentre", "glaccount", "wbs"}
_WIDEST = 30


def roles_of(headings: Sequence[str]) -> dict[str, int]:
    """The place of each column that is recognised, by what it is."""
    plain = [plain_heading(heading) for heading in headings]
    bare = [plain_heading(unit_of(heading)[0]) for heading in headings]
    found: dict[str, int] = {}
    for role in COLUMNS:
        for name in map(plain_heading, HEADINGS[role]):
            place = next((at for at in range(len(plain)) if name in {plain[at], bare[at]}), -1)
            if place >= 0 and place not in found.values():
                found[role] = place
                break
    return found


def heading_row(records: Sequence[CsvRecord]) -> int:
    """Where the headings stand: banks write the account and the period above them. 0 where none tells."""
    scores = [len(roles_of(record.cells)) for record in records[:_WIDEST]]
    best = max(scores, default=0)
    if best >= 2:
        return scores.index(best)
    widths = [sum(1 for cell in record.cells if cell.strip()) for record in records[:_WIDEST]]
    return widths.index(max(widths, default=0)) if widths else 0


def guess(headings: Sequence[str], rows: Sequence[CsvRecord]) -> ImportMapping:
    """How a file is probably read; its columns are never sure, and are shown before use."""
    roles = roles_of(headings)
    if "debit" in roles and "credit" in roles:
        roles.pop("amount", None)
        roles.pop("direction", None)
    else:
        roles.pop("debit", None)
        roles.pop("credit", None)
    named: dict[str, Any] = {role: headings[place].strip() for role, place in roles.items()}
    ledger = bool({plain_heading(heading) for heading in headings} & _LEDGER)
    negative = _mostly_negative(roles.get("amount", -1), rows)
    bank = negative or not ledger
    return ImportMapping(
        **named,
        signs=NEGATIVE if negative or (bank and "amount" in roles) else POSITIVE,
        means=PAID if bank else INVOICED,
    )


def _mostly_negative(place: int, rows: Sequence[CsvRecord]) -> bool:
    """Whether more of a column's amounts are negative than not."""
    cells = [row.cells[place] for row in rows if 0 <= place < len(row.cells) and re.search(r"\d", row.cells[place])]
    comma = decimal_comma(cells)
    signs = [_sign(cell, comma) for cell in cells]
    return sum(1 for sign in signs if sign < 0) > sum(1 for sign in signs if sign > 0)


def _sign(cell: str, comma: bool | None) -> int:
    try:
        amount = read_amount(cell, comma)
    except ValueError:
        return 0
    return (amount > 0) - (amount < 0)
