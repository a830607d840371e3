"""Files of banks and ERPs are read as they are written: preambles, signs, decimals, separators, encodings, bad rows."""

from decimal import Decimal

import pytest

from pmtui.domain.problems import Refused
from pmtui.domain.records import ImportMapping
from pmtui.exchange.statement_guess import guess
from pmtui.exchange.statement_in import fits, open_sheet, read_statement

D = Decimal


def read(text, mapping=None, **more):
    data = text if isinstance(text, bytes) else text.encode()
    sheet = open_sheet(data, "f.csv", mapping)
    return read_statement(sheet, mapping or guess(sheet.headings, sheet.rows))


def costs(statement):
    return [(row.line, row.date.isoformat(), row.amount) for row in statement.rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date,Amount\n2026-02-01,-5.00\n2026-02-02,7\n", [D("5.00"), D("-7")]),
        ("Date,Vendor,Amount\n2026-02-01,A,5.00\n2026-02-02,B,-7\n2026-02-03,B,8\n", [D("5.00"), D("-7"), D("8")]),
        ("Date;Soll;Haben\n01.02.2026;1.250,50;\n02.02.2026;;3,00\n", [D("1250.50"), D("-3.00")]),
        ("Date;Betrag;S/H\n01.02.2026;10,00;S\n02.02.2026;4,00;H\n", [D("10.00"), D("-4.00")]),
        ("Paid out\tPaid in\tDate\n£9.99\t\t13/02/2026\n\t£1.00\t14/02/2026\n", [D("9.99"), D("-1.00")]),
    ],
)
def test_what_costs_is_positive_however_the_file_says_it(text, expected):
    statement = read(text)
    assert not statement.bad
    if "Vendor" in text:
        assert [row.amount for row in statement.rows] == expected, "a ledger's costs are positive"
    else:
        assert [row.amount for row in statement.rows] == expected


def test_a_bad_row_is_named_and_a_balance_is_no_booking():
    statement = read("Datum;Betrag\n01.02.2026;-1,00\n32.02.2026;-2,00\n;\nSaldo;\n02.02.2026;x1\n03.02.2026;0,00\n")
    assert costs(statement) == [(2, "2026-02-01", D("1.00"))]
    assert [(problem.line, problem.field) for problem in statement.bad] == [(3, "date"), (6, "amount")]
    assert statement.said == ("no bookings, without an amount: lines 5, 7",)


def test_days_that_could_be_months_are_asked_for():
    text = "Date,Amount\n04/05/2026,-1\n"
    with pytest.raises(Refused, match="doubtful: the day or the month can stand first; say which"):
        read(text)
    mapping = ImportMapping(date="Date", amount="Amount", dates="month first")
    assert costs(read(text, mapping)) == [(2, "2026-04-05", D(1))]


def test_lines_above_the_headings_another_encoding_and_a_byte_order_mark():
    text = "Konto;1\n\nBuchungstag;Empfänger;Betrag\n01.02.2026;Müller;-1,00\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        (row,) = read(text.encode(encoding)).rows
        assert (row.vendor, row.amount, row.line) == ("Müller", D("1.00"), 4)
    ids = {read(text.encode(encoding)).rows[0].id for encoding in ("utf-8", "cp1252")}
    wrong = ImportMapping(date="Buchungstag", amount="Betrag", encoding="windows-1252")
    assert ids == {read(text.encode(), wrong).rows[0].id}


def test_a_mapping_fits_a_file_that_has_its_headings():
    mapping = ImportMapping(date="Date", amount="Amount", vendor="Payee")
    assert fits(mapping, open_sheet(b"payee,DATE,amount\nx,2026-01-01,1\n", "f.csv"))
    assert not fits(mapping, open_sheet(b"date,amount\n2026-01-01,1\n", "f.csv"))
    with pytest.raises(Refused, match="vendor: 'Payee': the file has no such heading; it has: date, amount"):
        read("date,amount\n2026-01-01,1\n", mapping)


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "it is empty"), (b"a,b\n", "headings only"), (b"PK\x03\x04xl/", "an Excel workbook"), (b"%PDF-1", "a PDF")],
)
def test_what_is_no_table_is_refused_with_the_reason(data, why):
    with pytest.raises(Refused, match=why):
        open_sheet(data, "f.csv")


def test_text_of_a_file_can_do_nothing_to_a_terminal():
    (row,) = read("Date,Amount,Payee\n2026-01-01,-1,\x1b[31mred\u202e\n").rows
    assert "\x1b" not in row.vendor
    assert "\u202e" not in row.vendor
