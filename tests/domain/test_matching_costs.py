"""Rows of a bank's file are matched by what speaks for them, told, and no entry is taken twice."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from pmtui.domain.bank_row import BankRow, known_by
from pmtui.domain.matching_costs import Choice, Way, propose
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, CostEntry, External, Project
from pmtui.domain.records.cost import STATEMENT
from pmtui.domain.records.mapping import INVOICED

D = Decimal
DAY = dt.date(2026, 2, 10)


def entry(number, net, **more):
    values = {"date": DAY, "budget_line": "B-1", "status": "committed", "vendor": "Acme"} | more
    return CostEntry(id=number, net=D(net), **values)


def data_of(*entries, lines=("base",)):
    found = {n: BudgetLine(id=n, category=f"line {n}", kind=kind) for n, kind in enumerate(lines, 1)}
    return ProjectData(
        {"project": {1: Project(id=1, code="x", title="X")}, "budget_lines": found, "costs": {e.id: e for e in entries}}
    )


def row(amount, days=0, line=2, **more):
    cells = tuple((name, str(value)) for name, value in more.items())
    return BankRow(line=line, date=DAY + dt.timedelta(days=days), amount=D(amount), cells=cells, **more)


def rows(*found):
    return known_by(
        [BankRow(**{f: getattr(r, f) for f in r.__struct_fields__} | {"line": n}) for n, r in enumerate(found, 2)]
    )


def one(found, *entries, **more):
    return propose(rows(found), data_of(*entries), **more)[0]


@pytest.mark.parametrize(
    ("found", "by", "way", "sure"),
    [
        (row(100, 12, vendor="ACME GmbH", text="PO 4711"), {"po": "4711"}, Way.MATCH, True),
        (row(100, 5, text="Rechnung INV-2231 danke"), {"status": "invoiced", "invoice": "INV-2231"}, Way.MATCH, True),
        (row(119, 5, text="INV-2231"), {"status": "invoiced", "invoice": "INV-2231", "tax": D(19)}, Way.MATCH, True),
        (row(100, 3, vendor="Acme"), {}, Way.MATCH, False),
        (row(100, 3), {}, Way.OUT, False),
        (row(100, 3, vendor="Acmex"), {}, Way.OUT, False),
        (row(60, 3, text="PO 4711"), {"po": "4711"}, Way.MATCH, False),
        (row(100, -30, vendor="Acme"), {}, Way.NEW, False),
        (row(100, 3, vendor="Acme"), {"status": "paid"}, Way.SAME, False),
        (row(100, 30, vendor="Acme"), {"status": "paid"}, Way.NEW, False),
        (row(100, 3, vendor="Acme"), {"status": "void", "void_reason": "x"}, Way.OUT, False),
        (row(-100, 3, vendor="Acme"), {}, Way.NEW, False),
    ],
)
def test_what_speaks_for_an_entry_decides(found, by, way, sure):
    proposal = one(found, entry(1, 100, **by))
    assert (proposal.way, proposal.sure) == (way, sure), proposal.why


def test_a_match_says_what_speaks_for_it():
    proposal = one(row(100, 12, vendor="ACME GmbH", text="PO 4711"), entry(1, 100, po="4711"))
    assert proposal.why == ("PO 4711", "Acme", "amount equal", "12 days later")


def test_two_that_fit_alike_are_not_sure():
    twice = one(row(100, 3, text="PO 4711"), entry(1, 100, po="4711"), entry(2, 100, po="4711"))
    assert (twice.entry, twice.sure, twice.why[-1]) == ("C-1", False, "C-2 as well")
    first, second = propose(
        rows(row(100, 3, text="PO 4711"), row(100, 3, text="PO 4711 again")), data_of(entry(1, 100, po="4711"))
    )
    assert (first.entry, first.sure, first.why[-1]) == ("C-1", False, "line 3 as well")
    assert second.entry == "", "no entry is taken twice"


def test_an_invoice_paid_at_another_amount_is_not_booked_beside_itself():
    proposal = one(row(119, 3, vendor="Acme", text="INV-2231"), entry(1, 100, status="invoiced", invoice="INV-2231"))
    assert (proposal.way, proposal.entry) == (Way.MATCH, "C-1")
    assert proposal.lacks == "C-1 is invoiced at another amount: say that the rest is tax, or correct it first"
    (found,) = rows(row(119, 3, vendor="Acme", text="INV-2231"))
    data = data_of(entry(1, 100, status="invoiced", invoice="INV-2231"))
    (taxed,) = propose([found], data, chosen={found.id: Choice(Way.MATCH, "C-1", as_tax=True)})
    assert (taxed.as_tax, taxed.lacks) == (True, "")


def test_a_new_entry_goes_on_the_line_of_the_vendors_earlier_ones_never_on_what_is_set_aside():
    earlier = [entry(n, 10 + n, budget_line="B-2", status="paid", date=DAY - dt.timedelta(days=90)) for n in (1, 2)]
    draws = [entry(n, 20 + n, budget_line="B-3", status="paid", date=DAY - dt.timedelta(days=90)) for n in (3, 4, 5)]
    (proposal,) = propose(
        rows(row(77, vendor="ACME Ltd")), data_of(*earlier, *draws, lines=("base", "base", "contingency"))
    )
    assert (proposal.way, proposal.line, proposal.vendor) == (Way.NEW, "B-2", "Acme")
    assert proposal.why == ("as 2 earlier ones of Acme",)


def test_a_row_of_nobody_is_left_out_of_a_banks_file_and_lacks_a_line_in_a_ledger():
    assert one(row(77, vendor="Somebody"), entry(1, 5)).way is Way.OUT
    ledger = one(row(77, vendor="Somebody"), entry(1, 5), means=INVOICED)
    assert (ledger.way, ledger.lacks) == (Way.NEW, "a budget line")


def test_an_invoice_that_is_booked_is_not_booked_by_a_ledger():
    proposal = one(
        row(100, 60, vendor="Acme", invoice="A-1"), entry(1, 100, status="paid", invoice="a-1"), means=INVOICED
    )
    assert (proposal.way, proposal.entry, proposal.lacks) == (Way.SAME, "C-1", "")
    other = one(row(90, 60, vendor="Acme", invoice="A-1"), entry(1, 100, status="paid", invoice="A-1"), means=INVOICED)
    assert other.lacks == "its amount is another one: correct C-1 first"


@pytest.mark.parametrize(
    ("days", "amount", "vendor", "like"),
    [(-8, 100, "Acme", "C-1"), (-30, 100, "Acme", ""), (-8, 99, "Acme", ""), (-8, 100, "Zenith", "")],
)
def test_a_new_one_names_the_entry_that_it_may_be(days, amount, vendor, like):
    known = entry(2, 5, vendor=vendor, status="paid", date=DAY - dt.timedelta(days=200))
    found = one(row(amount, days, vendor=vendor), entry(1, 100, status="invoiced"), known)
    assert (found.way, found.like) == (Way.NEW, like)
    assert any("C-1 has the same vendor and amount; this is 8 days earlier" in why for why in found.why) is bool(like)


def test_a_row_is_known_by_its_id_also_where_its_entry_is_void():
    (found,) = rows(row(5, text="Coffee"))
    booked = entry(1, 5, status="void", void_reason="private", external=External(STATEMENT, found.id))
    (proposal,) = propose([found], data_of(booked))
    assert (proposal.way, proposal.why) == (Way.BOOKED, ("booked as C-1, void: private",))


def test_an_id_tells_equal_rows_apart_and_not_how_their_columns_were_read():
    coffee = {"cells": (("Text", "Café Central"), ("Amount", "-3,50"))}
    first, second, third = known_by(
        [
            BankRow(line=2, date=DAY, amount=D("3.5"), text="Café Central", **coffee),
            BankRow(line=3, date=DAY, amount=D("3.50"), vendor="Café Central", **coffee),
            BankRow(line=4, date=DAY, amount=D("3.50"), cells=(("Text", "Caf\u00c3\u00a9 Central"),)),
        ]
    )
    assert [r.id.rpartition(" ")[2] for r in (first, second, third)] == ["1", "2", "3"]
    assert len({r.id.rpartition(" ")[0] for r in (first, second, third)}) == 1
    own = known_by([BankRow(line=2, date=DAY, amount=D(1), own_id="77")] * 2)
    assert [r.id for r in own] == ["2026-02-10 1 own:77 1", "2026-02-10 1 own:77 2"]


def test_the_same_rows_get_the_same_proposals_whatever_their_order():
    rng = random.Random(7)
    for _ in range(40):
        entries = [
            entry(
                n,
                rng.choice(("10", "20", "35")),
                po=rng.choice(("", "4711")),
                status=rng.choice(("committed", "invoiced")),
            )
            for n in range(1, rng.randint(2, 8))
        ]
        found = rows(
            *(row(rng.choice(("10", "20", "35")), rng.randint(0, 9), vendor="Acme", text="4711") for _ in range(6))
        )
        data = data_of(*entries)
        straight = {p.row.id: (p.way, p.entry) for p in propose(found, data)}
        mixed = list(found)
        rng.shuffle(mixed)
        assert {p.row.id: (p.way, p.entry) for p in propose(mixed, data)} == straight
        taken = [number for way, number in straight.values() if way is Way.MATCH]
        assert len(taken) == len(set(taken))
