"""Accruals: what came before its invoice counts from that day until the invoice, and never as spent."""

import datetime as dt
from decimal import Decimal

import pytest
from factories import add, day, new_project

from pmtui.domain.accruals import accrued
from pmtui.domain.budget import totals
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, CostEntry
from pmtui.services import costs
from pmtui.services.accruals import invoice_part, receive
from pmtui.services.records import delete_records, edit_record

D = Decimal


def commitment(net, **more):
    return CostEntry(date=day(-20), budget_line="B-1", net=D(net), status="committed", **more)


def project_with(path, *entries):
    return new_project(
        path, BudgetLine(category="travel", planned=D(9000)), BudgetLine(category="software", planned=D(900)), *entries
    )


def test_what_was_received_is_accrued_by_line_and_month_until_its_invoice(tmp_path):
    project = project_with(
        tmp_path / "w",
        commitment(1000, received_on=day(-3)),
        commitment("200.50", received_on=day(-1), po="7"),
        CostEntry(date=day(-20), budget_line="B-2", net=D(50), status="committed", received_on=day(-40)),
        commitment(70),
    )
    found = accrued(project.data, project.today)
    assert [entry.number for entry in found.entries] == ["C-3", "C-1", "C-2"]
    assert found.total == D("1250.50")
    assert found.by_line == {"B-1": D("1200.50"), "B-2": D(50)}
    assert found.by_month == {"2026-01": D(50), "2026-02": D(1000), "2026-03": D("200.50")}
    assert accrued(project.data, day(-2)).total == D(1050), "not yet what came later"
    assert totals(project.data).actual == 0, "accrued is not spent"
    costs.advance(project, ["C-1"])
    assert accrued(project.data, project.today).total == D("250.50")


def test_an_invoice_releases_an_accrual_and_the_days_before_it_keep_it(tmp_path):
    project = project_with(tmp_path / "w", commitment(1000, received_on=day(-10)))
    with project.change("edit") as change:
        change.edit(change.data.costs[1], status="invoiced", date=day(0))
    assert accrued(project.data, day(-1)).total == D(1000)
    assert accrued(project.data, day(0)).total == D(0)


def test_only_commitments_are_received_and_not_ahead_of_today(tmp_path):
    project = project_with(
        tmp_path / "w", commitment(10), CostEntry(date=day(0), budget_line="B-1", net=D(5), status="planned")
    )
    receive(project, ["C-1"], day(-1))
    assert project.data.costs[1].received_on == day(-1)
    project.undo()
    assert project.data.costs[1].received_on is None
    with pytest.raises(Refused, match="only a commitment is received; commit it first"):
        receive(project, ["C-2"], day(0))
    with pytest.raises(Refused, match="what came, came by today"):
        receive(project, ["C-1"], day(1))
    with pytest.raises(Refused, match="only what is committed is received"):
        edit_record(project, "C-2", {"received_on": "today"})
    receive(project, ["C-1"], day(0))
    receive(project, ["C-1"], None)
    assert project.data.costs[1].received_on is None


def test_what_was_accrued_in_a_closed_month_stays_by_every_way(tmp_path):
    project = project_with(tmp_path / "w", commitment(10, received_on=day(-5)), commitment(20))
    costs.close_month(project, "2026-02")
    for change in (
        lambda: receive(project, ["C-2"], day(-4)),
        lambda: receive(project, ["C-1"], day(0)),
        lambda: receive(project, ["C-1"], None),
        lambda: edit_record(project, "C-1", {"received_on": ""}),
        lambda: delete_records(project, ["C-1"]),
    ):
        with pytest.raises(Refused, match="the month 2026-02 is closed"):
            change()
    receive(project, ["C-2"], day(0))
    costs.advance(project, ["C-1"])
    assert project.data.costs[1].date == project.today, "its invoice is of an open month"
    assert accrued(project.data, dt.date(2026, 2, 28)).total == D(10)


def test_a_part_is_invoiced_and_the_rest_stays_committed_or_is_released(tmp_path):
    project = project_with(
        tmp_path / "w", commitment(1000, po="4711", vendor="Acme", tax=D("190.00"), received_on=day(-5))
    )
    outcome = invoice_part(project, "C-1", D(700), rest_stays=True, invoice="A-1")
    rest, part = project.data.costs[1], project.data.costs[2]
    assert (part.net, part.tax, part.status, part.invoice, part.po, part.date) == (
        D(700), D("133.00"), "invoiced", "A-1", "4711", day(0),
    )  # fmt: skip
    assert (rest.net, rest.tax, rest.status, rest.received_on) == (D(300), D("57.00"), "committed", day(-5))
    assert outcome.words == "C-2 invoiced: 700.00 · 300.00 EUR of C-1 stay committed"
    assert project.story().told(next(project.history(newest_first=True))).said() == (
        "ana invoiced a part of C-1: C-2, 700.00 EUR, 300.00 EUR stay committed"
    )
    project.undo()
    assert list(project.data.costs) == [1]
    assert project.data.costs[1].net == D(1000)
    invoice_part(project, "C-1", D(700), rest_stays=False)
    assert (project.data.costs[1].net, project.data.costs[1].status) == (D(700), "invoiced")
    for amount in ("0", "-1", "1000"):
        with pytest.raises(Refused):
            invoice_part(project, "C-1", D(amount), rest_stays=True)


def test_a_part_in_another_currency_keeps_rate_and_agreement(tmp_path):
    project = project_with(
        tmp_path / "w", commitment("306.67", currency="USD", foreign_net=D("333.33"), rate=D("0.92003"))
    )
    invoice_part(project, "C-1", D("111.11"), rest_stays=True)
    rest, part = project.data.costs[1], project.data.costs[2]
    assert (part.foreign_net, part.net) == (D("111.11"), D("102.22"))
    assert (rest.foreign_net, rest.net) == (D("222.22"), D("204.45"))


def test_an_amount_in_another_currency_agrees_with_its_rate_or_says_what_was_expected(tmp_path):
    project = project_with(tmp_path / "w")
    add(
        project,
        CostEntry(date=day(-1), budget_line="B-1", net=D(0), currency="usd", foreign_net=D("0.05"), rate=D("0.5")),
    )
    entry = project.data.costs[1]
    assert (entry.net, entry.currency) == (D("0.03"), "USD"), "half a cent goes away from zero"
    edit_record(project, "C-1", {"foreign_net": "100"})
    assert project.data.costs[1].net == D("50.00")
    edit_record(project, "C-1", {"rate": "0,925"})
    assert project.data.costs[1].net == D("92.50")
    with pytest.raises(Refused, match=r"net: '80': expected 92.50 EUR, which is 100.00 USD at 0.925"):
        edit_record(project, "C-1", {"net": "80"})
    for written, why in (
        ({"rate": ""}, "say what 1 USD costs in EUR"),
        ({"currency": "EUR"}, "amounts of this project are in EUR"),
        ({"currency": "dollars"}, "the three letters"),
        ({"foreign_net": ""}, "say the net in USD"),
    ):
        with pytest.raises(Refused, match=why):
            edit_record(project, "C-1", written)
    edit_record(project, "C-1", {"currency": "", "foreign_net": "", "rate": ""})
    assert project.data.costs[1].net == D("92.50")


def test_a_credit_note_names_what_it_credits_and_too_much_is_said(tmp_path):
    project = project_with(tmp_path / "w", CostEntry(date=day(-1), budget_line="B-1", net=D(100), vendor="Acme"))

    def credit(net, **more):
        with project.change("add cost") as change:
            change.add(
                CostEntry(
                    date=day(0), budget_line="B-1", net=D(net), **({"credit_note": True, "credits": "C-1"} | more)
                )
            )
        return change.said

    assert credit("-60") == []
    assert credit("-60") == ["C-3: C-1 is 100.00, and 120.00 of it are credited"]
    with pytest.raises(Refused, match="only a credit note credits another entry"):
        credit("10", credit_note=False)
    with pytest.raises(Refused, match="C-2 is a credit note itself"):
        credit("-1", credits="C-2")
    with pytest.raises(Refused, match="names it as its credits; change that first"):
        delete_records(project, ["C-1"])
