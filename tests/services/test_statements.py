"""A bank's or ERP's file is matched, decided row by row, and no row of it is ever booked twice."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from factories import add, new_project, session

from pmtui.domain.currency import converted, rate_between
from pmtui.domain.matching_costs import Choice, Way
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, CostEntry, ImportMapping
from pmtui.exchange.dates_in import ALLOWED
from pmtui.exchange.statement_in import open_sheet
from pmtui.services import costs
from pmtui.services.mappings import delete_mapping, mapping_for, save_mapping, saved_mappings
from pmtui.services.projects import add_project, open_project
from pmtui.services.records import delete_records
from pmtui.services.shared import shared
from pmtui.services.statements import Matching

D = Decimal
BANK = """Account;DE00 1234
Period;01.02.2026 - 28.02.2026

Buchungstag;Valuta;Auftraggeber/Empfänger;Verwendungszweck;Betrag (EUR);Saldo
02.02.2026;02.02.2026;ACME GmbH;PO 4711 load test;-1.200,00;8.800,00
03.02.2026;03.02.2026;Café Central;Coffee;-3,50;8.796,50
03.02.2026;03.02.2026;Café Central;Coffee;-3,50;8.793,00
20.02.2026;20.02.2026;Hosting AG;Invoice INV-77;-238,00;8.555,00
21.02.2026;21.02.2026;Somebody;Salary;2.500,00;11.055,00
;;Balance;;;11.055,00
31.02.2026;;Nobody;Broken;-1,00;
"""


def project_with_money(path, **more):
    return new_project(
        path,
        BudgetLine(category="software", planned=D(9000)),
        BudgetLine(category="travel", planned=D(900)),
        CostEntry(date=dt.date(2026, 1, 20), budget_line="B-1", net=D(1200), status="committed", po="4711", vendor="Acme"),
        CostEntry(
            date=dt.date(2026, 2, 1), budget_line="B-1", net=D(200), tax=D(38), status="invoiced", vendor="Hosting AG",
            invoice="INV-77",
        ),
        CostEntry(date=dt.date(2026, 1, 5), budget_line="B-2", net=D("3.50"), vendor="Café Central", status="paid"),
        **more,
    )  # fmt: skip


def matching(project, text=BANK, mapping=None, others=(), name="bank.csv"):
    sheet = open_sheet(text.encode(), name, mapping)
    return Matching(project, sheet, mapping or mapping_for(sheet, ()), others)


def ways(found):
    return [(p.row.line, str(p.way), p.entry or p.line, p.sure) for p in found.proposals]


def by_line(found, *lines):
    return [p.row.id for p in found.proposals if p.row.line in lines]


def test_a_banks_file_is_read_by_a_guess_and_each_row_says_what_it_is(tmp_path):
    found = matching(project_with_money(tmp_path / "w"))
    assert ways(found) == [
        (5, "match", "C-1", True),
        (6, "new", "B-2", False),
        (7, "new", "B-2", False),
        (8, "match", "C-2", True),
        (9, "out", "", False),
    ]
    first, _, _, tax, other = found.proposals
    assert first.why == ("PO 4711", "Acme", "amount equal", "13 days later")
    assert "amount equal with tax" in tax.why
    assert other.why == ("nobody that this project paid before",)
    assert [str(problem) for problem in found.statement.bad] == [
        f"line 11 date: '31.02.2026': there is no such day; {ALLOWED}"
    ]
    assert found.statement.said == ("no bookings, without an amount: line 10",)


def test_the_sure_ones_are_booked_as_one_change_and_come_back(tmp_path):
    project = project_with_money(tmp_path / "w")
    found = matching(project)
    outcome = found.accept([p.row.id for p in found.sure])
    assert outcome.words == "2 rows booked: 2 matched"
    entries = project.data.costs
    assert (entries[1].status, entries[1].date, entries[1].net) == ("paid", dt.date(2026, 2, 2), D(1200))
    assert (entries[2].status, entries[2].net, entries[2].tax) == ("paid", D(200), D(38))
    assert [p.way for p in found.proposals][:4:3] == [Way.BOOKED, Way.BOOKED]
    assert project.story().told(next(project.history(newest_first=True))).said() == (
        "ana booked rows of bank.csv: C-1 and C-2 matched"
    )
    project.undo()
    assert project.data.costs[1].status == "committed"
    assert found.proposals[0].way is Way.MATCH


def test_two_coffees_are_two_and_the_same_file_again_books_nothing(tmp_path):
    project = project_with_money(tmp_path / "w")
    found = matching(project)
    found.accept(by_line(found, 5, 6, 7, 8))
    coffees = [e for e in project.data.costs.values() if e.note == "Coffee"]
    assert [(e.net, e.budget_line, e.vendor, e.status) for e in coffees] == [
        (D("3.50"), "B-2", "Café Central", "paid")
    ] * 2
    again = matching(project, name="another name.csv")
    assert [p.way for p in again.proposals] == [*[Way.BOOKED] * 4, Way.OUT]
    assert again.proposals[1].why == ("booked as C-4",)
    with pytest.raises(Refused, match="nothing to book here"):
        again.accept([p.row.id for p in again.proposals])


def test_a_row_is_known_again_by_another_reading_of_the_file(tmp_path):
    project = project_with_money(tmp_path / "w")
    found = matching(project)
    found.accept(by_line(found, 6))
    by_value_date = matching(project, BANK.replace("03.02.2026;03.02.2026", "03.02.2026;04.02.2026"))
    mapping = ImportMapping(date="Valuta", amount="Betrag (EUR)", text="Verwendungszweck")
    again = matching(project, BANK.replace("03.02.2026;03.02.2026", "03.02.2026;04.02.2026"), mapping)
    assert by_value_date.proposals[1].way is Way.BOOKED
    assert (again.proposals[1].way, again.proposals[1].entry) == (Way.SAME, "C-4")
    assert again.proposals[2].way is not Way.SAME, "the second coffee is not booked yet"


def test_an_undone_row_is_booked_again_and_a_second_entry_of_it_is_refused_by_rule(tmp_path):
    project = project_with_money(tmp_path / "w")
    found = matching(project)
    found.accept(by_line(found, 6))
    project.undo()
    matching(project).accept(by_line(found, 6))
    (entry,) = [e for e in project.data.costs.values() if e.note == "Coffee"]
    assert entry.number == "C-5"
    row = project.data.costs[5].external
    with pytest.raises(Refused, match=r"booked as C-5"), project.change("add cost") as change:
        change.add(CostEntry(date=dt.date(2026, 2, 3), budget_line="B-2", net=D("3.50"), external=row))


def test_a_row_is_known_again_where_its_sign_is_taken_for_another(tmp_path):
    project = project_with_money(tmp_path / "w")
    costs_first = "Date;Vendor;Text;Amount\n2026-02-03;Café Central;Coffee;-3.50\n2026-02-04;Café Central;Back;3.00\n"
    found = matching(project, costs_first + "2026-02-05;Café Central;Tea;-3.00\n")
    found.accept([p.row.id for p in found.proposals])
    money_back_first = matching(project, costs_first + "2026-02-04;Café Central;Back;2.00\n")
    assert found.mapping.signs != money_back_first.mapping.signs, "guessed by what most rows are"
    assert [p.way for p in money_back_first.proposals] == [Way.BOOKED, Way.BOOKED, Way.NEW]


def test_what_was_paid_tells_the_rate_however_large_the_amount(tmp_path):
    foreign, paid = D("98765432101"), D("601234567.89")
    assert rate_between(D(100), D("91.50")) == D("0.915")
    assert converted(foreign, rate_between(foreign, paid)) == paid
    yen = {"currency": "JPY", "foreign_net": foreign, "rate": D("0.0061"), "net": D(0), "vendor": "Tokyo"}
    entry = CostEntry(date=dt.date(2026, 2, 1), budget_line="B-1", status="committed", **yen)
    project = project_with_money(tmp_path / "w")
    add(project, entry)
    found = matching(project, f"Date;Vendor;Text;Amount\n2026-02-03;Tokyo;Server;-{paid}\n")
    (row,) = by_line(found, 2)
    found.choose([row], Choice(Way.MATCH, entry="C-4"))
    found.accept([row])
    assert (project.data.costs[4].net, project.data.costs[4].foreign_net) == (paid, foreign)


def test_amounts_of_a_file_are_to_the_cent(tmp_path):
    rows = "Date;Vendor;Amount;Tax\n2026-02-03;A;-3.505;\n2026-02-03;B;-3.5000;\n2026-02-03;C;-3.50;0.005\n"
    found = matching(project_with_money(tmp_path / "w"), rows)
    assert [(p.row.vendor, p.row.amount) for p in found.proposals] == [("B", D("3.50"))]
    why = "allowed: an amount to the cent, such as 1250.50"
    assert [str(problem) for problem in found.statement.bad] == [
        f"line 2 amount: '-3.505': {why}",
        f"line 4 tax: '0.005': {why}",
    ]


def test_what_has_just_been_booked_in_another_project_is_not_booked_here_too(tmp_path):
    project = project_with_money(tmp_path / "w")
    two = add_project(session(tmp_path / "w"), "two", "Two")
    add(two, BudgetLine(category="travel", planned=D(900)))
    seen = open_project(session(tmp_path / "w"), "two")
    assert not seen.data.costs
    found = matching(project, others=[seen])
    wanted = by_line(found, 6)
    there = matching(two)
    there.choose(wanted, Choice(Way.NEW, line="B-1"))
    there.accept(wanted)
    with pytest.raises(Refused, match="somebody changed what it was matched to; look again"):
        found.accept(wanted)
    assert found.proposals[1].why == ("booked in two as C-1",)


def test_what_is_booked_in_another_project_is_not_booked_here(tmp_path):
    one = project_with_money(tmp_path / "w")
    two = new_project(tmp_path / "w", BudgetLine(category="travel", planned=D(10)), code="erp")
    found = matching(one)
    found.accept(by_line(found, 6))
    there = matching(two, others=[one, two])
    assert (there.proposals[1].way, there.proposals[1].why) == (Way.BOOKED, ("booked in hris as C-4",))


def test_a_part_of_a_commitment_leaves_the_rest_committed_or_releases_it(tmp_path):
    text = BANK.replace("-1.200,00", "-900,00")
    project = project_with_money(tmp_path / "w")
    found = matching(project, text)
    assert (found.proposals[0].part, found.proposals[0].sure) == (True, False)
    found.accept(by_line(found, 5))
    assert [(project.data.costs[i].net, project.data.costs[i].status) for i in (1, 4)] == [
        (D(300), "committed"), (D(900), "paid"),
    ]  # fmt: skip
    project.undo()
    found.accept(by_line(found, 5), rest_stays=False)
    assert (project.data.costs[1].net, project.data.costs[1].status) == (D(900), "paid")


def test_what_is_more_is_taken_as_it_is_or_as_tax(tmp_path):
    text = BANK.replace("-1.200,00", "-1.428,00")
    project = project_with_money(tmp_path / "w")
    found = matching(project, text)
    assert "228.00 more than its 1,200.00" in found.proposals[0].why
    row = by_line(found, 5)
    found.choose(row, Choice(Way.MATCH, "C-1", as_tax=True))
    found.accept(row)
    assert (project.data.costs[1].net, project.data.costs[1].tax) == (D(1200), D(228))
    project.undo()
    found.choose(row, None)
    found.accept(row)
    assert project.data.costs[1].net == D(1428)


def test_rows_are_chosen_by_hand(tmp_path):
    project = project_with_money(tmp_path / "w")
    found = matching(project)
    found.choose(by_line(found, 5), Choice(Way.OUT))
    found.choose(by_line(found, 9), Choice(Way.NEW, line="B-2"))
    assert [p.way for p in found.proposals][::4] == [Way.OUT, Way.NEW]
    found.accept(by_line(found, 9))
    money_in = project.data.costs[4]
    assert (money_in.net, money_in.credit_note, money_in.budget_line) == (D(-2500), True, "B-2")
    found.choose(by_line(found, 6, 7), Choice(Way.MATCH, "C-1"))
    with pytest.raises(Refused, match="line 6 is C-1 already"):
        found.accept(by_line(found, 6, 7))


def test_what_cant_be_booked_says_what_it_lacks_and_nothing_is_written(tmp_path):
    project = project_with_money(tmp_path / "w")
    text = "Date,Vendor,Text,Amount,Currency\n2026-02-03,Cloud Inc,Licences,-100,USD\n2026-02-04,Acme,More,-5,EUR\n"
    found = matching(project, text)
    found.choose(by_line(found, 2), Choice(Way.NEW, line="B-1"))
    before = project.sequence
    with pytest.raises(Refused, match="line 2 row: 'Licences': it lacks a rate: no entry here has one for USD"):
        found.accept(by_line(found, 2, 3))
    assert project.sequence == before
    with project.change("add cost") as change:
        change.add(
            CostEntry(
                date=dt.date(2026, 1, 9), budget_line="B-1", net=D(0), currency="USD", foreign_net=D(10), rate=D("0.9")
            )
        )
    found.accept(by_line(found, 2))
    booked = project.data.costs[5]
    assert (booked.net, booked.currency, booked.foreign_net, booked.rate) == (D("90.00"), "USD", D(100), D("0.9"))


def test_a_row_in_a_closed_month_is_dated_today(tmp_path):
    project = project_with_money(tmp_path / "w")
    costs.close_month(project, "2026-02")
    found = matching(project)
    outcome = found.accept(by_line(found, 6, 8))
    assert project.data.costs[4].date == project.today
    assert outcome.said == ("line 6 is dated today: 2026-02 is closed",)
    assert project.data.costs[2].status == "paid", "what is invoiced in a closed month can be paid"


def test_an_erps_file_invoices_and_its_second_run_knows_papers_and_hand_written_entries(tmp_path):
    project = project_with_money(tmp_path / "w")
    text = (
        "Document Number,Posting Date,Vendor,Invoice,PO,Net Amount,VAT\n"
        "5001,2026-02-05,Acme,A-9,4711,1200.00,228.00\n"
        "5002,2026-02-06,Hosting AG,INV-77,,200.00,38.00\n"
        "5003,2026-02-07,Newcomer,N-1,,50.00,\n"
    )
    found = matching(project, text)
    assert found.mapping.means == "invoiced"
    assert ways(found) == [(2, "match", "C-1", True), (3, "same", "C-2", False), (4, "new", "", False)]
    assert found.proposals[2].lacks == "a budget line"
    found.accept(by_line(found, 2, 3))
    assert (project.data.costs[1].status, project.data.costs[1].invoice) == ("invoiced", "A-9")
    assert [p.way for p in matching(project, text).proposals] == [Way.BOOKED, Way.BOOKED, Way.NEW]


def test_money_back_of_an_invoice_credits_it(tmp_path):
    project = project_with_money(tmp_path / "w")
    text = "Date,Vendor,Invoice,Net Amount\n2026-02-20,Hosting AG,INV-77,-50\n2026-02-21,Acme,X,10\n"
    mapping = ImportMapping(
        date="Date",
        vendor="Vendor",
        invoice="Invoice",
        amount="Net Amount",
        signs="costs are positive",
        means="invoiced",
    )
    found = matching(project, text, mapping)
    found.accept(by_line(found, 2))
    back = project.data.costs[4]
    assert (back.net, back.credits, back.credit_note, back.budget_line) == (D(-50), "C-2", True, "B-1")


def test_an_entry_that_somebody_else_changed_meanwhile_is_not_booked_over(tmp_path):
    project = project_with_money(tmp_path / "w")
    found = matching(project)
    shown = found.proposals
    with project.change("void") as change:
        change.edit(change.data.costs[1], status="void", void_reason="not ours")
    found._shown = ((project.data, (), ()), shown)
    with pytest.raises(Refused, match="somebody changed what it was matched to"):
        found.accept(by_line(found, 5))


def test_mappings_are_kept_by_name_and_found_by_their_headings(tmp_path):
    store = shared(session(tmp_path / "w"))
    sheet = open_sheet(BANK.encode(), "bank.csv")
    guessed = mapping_for(sheet, ())
    assert (guessed.date, guessed.amount, guessed.vendor) == ("Buchungstag", "Betrag (EUR)", "Auftraggeber/Empfänger")
    assert save_mapping(store, "Sparkasse", guessed).words == "the mapping Sparkasse is saved"
    assert mapping_for(sheet, saved_mappings(store)).title == "Sparkasse"
    assert save_mapping(store, "sparkasse", guessed).words == "the mapping Sparkasse is unchanged"
    assert store.story().told(next(store.history(newest_first=True))).said() == "ana saved the import mapping Sparkasse"
    other = open_sheet(b"Date,Amount\n2026-01-01,-5\n", "x.csv")
    assert mapping_for(other, saved_mappings(store)).title == ""
    delete_mapping(store, "Sparkasse")
    assert not saved_mappings(store)


def test_whatever_the_order_no_row_is_booked_twice_and_the_sums_are_the_files(tmp_path):
    """Random files over random projects: accepted in any order, undone, deleted, read again whole or in part."""
    for seed in range(25):
        rng = random.Random(seed)
        project = project_with_money(tmp_path / f"w{seed}")
        bookings = [_booking(rng) for _ in range(rng.randint(3, 14))]
        bookings += rng.sample(bookings, k=rng.randint(0, min(3, len(bookings))))
        expected: dict[str, Decimal] = {}
        for _ in range(rng.randint(2, 6)):
            first, last = sorted(rng.sample(range(1, 29), 2))
            part = [b for b in bookings if first <= b[0].day <= last]
            rng.shuffle(part)
            if part:
                _accept_some(rng, project, matching(project, _file(part), MAPPING), expected)
        booked = [row for e in project.data.costs.values() if e.status != "void" for row in e.statement_ids]
        assert len(booked) == len(set(booked)), seed
        assert set(booked) == set(expected), seed
        total = sum((_booked(e) for e in project.data.costs.values() if e.statement_ids), D(0))
        assert total == sum(expected.values(), D(0)), seed


MAPPING = ImportMapping(date="Date", vendor="Vendor", text="Text", po="PO", amount="Amount")


def _booking(rng):
    vendor, po = rng.choice([("Acme", "4711"), ("Acme", ""), ("Café Central", ""), ("Hosting AG", ""), ("Nobody", "")])
    amount = rng.choice(["1200", "300", "900.5", "3.5", "238", "77", "0.01", "1499.99", "-20"])
    return (dt.date(2026, 2, rng.randint(1, 28)), vendor, rng.choice(["Coffee", "Load test", ""]), po, D(amount))


def _file(bookings):
    lines = [f"{day.isoformat()},{vendor},{text},{po},{-amount}" for day, vendor, text, po, amount in bookings]
    return "\n".join(["Date,Vendor,Text,PO,Amount", *lines]) + "\n"


def _accept_some(rng, project, found, expected):
    """Accept some rows, one by one or together; now and then take it back, or delete what was booked."""
    for _ in range(rng.randint(1, 5)):
        rows = [p for p in found.proposals if rng.random() < 0.5]
        for proposal in rows:
            if proposal.way is Way.OUT or (proposal.way is Way.NEW and proposal.lacks):
                found.choose([proposal.row.id], Choice(Way.NEW, line="B-2"))
        taken = [p for p in found.proposals if p.row.id in {r.row.id for r in rows} and not p.lacks]
        new = [p for p in taken if p.way in {Way.MATCH, Way.NEW, Way.SAME} and p.row.id not in expected]
        try:
            found.accept([p.row.id for p in taken], rest_stays=rng.random() < 0.5)
        except Refused:
            continue
        if rng.random() < 0.2:
            project.undo()
            continue
        expected.update({p.row.id: p.row.amount for p in new})
        if rng.random() < 0.2:
            _delete_one(rng, project, expected)


def _delete_one(rng, project, expected):
    booked = [e for e in project.data.costs.values() if len(e.statement_ids) == 1 and e.id > 3]
    if booked:
        gone = rng.choice(booked)
        delete_records(project, [gone.number])
        del expected[gone.statement_ids[0]]


def _booked(entry):
    """What an entry is as a bank pays it: with its tax, where it has one."""
    return entry.net + (entry.tax or 0)
