"""The cost view: every number is the sum of its entries, and every key reaches the store and comes back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pmtui.app import PmtuiApp
from pmtui.domain.budget import totals
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, CostEntry, Risk
from pmtui.screens.charts import burn_chart
from pmtui.services.costs import close_month, last_full_month, sums_of
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.looked import Looked
from pmtui.services.projects import add_project
from pmtui.services.session import Session
from pmtui.widgets.cells import plain

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
TODAY = NOW.date()
D = Decimal

LINES = (
    BudgetLine(category="labour", planned=D(50000)),
    BudgetLine(category="travel", planned=D(3000)),
    BudgetLine(category="contingency", planned=D(8000), kind="contingency"),
)
ENTRIES = (
    ("B-1", "2026-01-20", "10000.40", "paid", "Time sheets, January"),
    ("B-1", "2026-02-20", "11000.35", "invoiced", "Time sheets, February"),
    ("B-2", "2026-02-10", "1200", "committed", "Workshop Lyon"),
    ("B-2", "2026-03-01", "900", "planned", "Workshop Nantes"),
    ("B-3", "2026-02-25", "2500", "invoiced", "Second load test"),
    ("B-1", "2026-02-21", "777", "void", "Booked twice"),
)


@pytest.fixture
def app(tmp_path):
    session = Session(tmp_path / "w", user="ana", name="s", now=lambda: NOW, durable=False)
    desk = Desk(session)
    desk.adopt(add_project(session, "hris", "HRIS"))
    with desk.project.change("seed") as change:
        change.edit(change.data.project, start=dt.date(2026, 1, 1), finish=dt.date(2026, 6, 30))
        change.add(Risk(title="Vendor is late", owner="ben", review_date=TODAY))
        for line in LINES:
            change.add(line)
        for line, date, net, status, note in ENTRIES:
            more = {"caused_by": "R-1"} if line == "B-3" else {}
            more |= {"void_reason": "twice"} if status == "void" else {}
            values = {"date": dt.date.fromisoformat(date), "net": D(net), "status": status, "note": note}
            change.add(CostEntry(budget_line=line, **values, **more))
    return PmtuiApp(desk, Drafts(tmp_path / "d"), Looked(tmp_path / "l.json"))


async def until(pilot, condition, tries=200):
    for _ in range(tries):
        if condition():
            return
        await pilot.pause()
    raise AssertionError("this did not become true")


async def opened(pilot):
    await pilot.press("4")
    await until(pilot, lambda: pilot.app.current_mode == "costs" and pilot.app.screen.shown_keys())
    return pilot.app.screen


def entry(app, number):
    return app.desk.project.data.costs[number]


def numbers(screen):
    return [number for _, number in screen.shown_keys()]


def said(screen):
    return plain(screen.query_one("#status").content)


def text_of(widget):
    return "\n".join(widget.draw_line(y).text.rstrip() for y in range(widget.size.height))


async def typed(pilot, text):
    names = {" ": "space", ".": "full_stop", '"': "quotation_mark"}
    await pilot.press(*(names.get(c, c) for c in text))


def rows_of(table):
    """The numbers of each line of a table, by its key."""
    rows = {}
    for key in table.lines:
        if isinstance(key, tuple):
            rows[key[1]] = [plain(cell).replace(",", "") for cell in table._render_row(key)]
    return rows


async def test_entries_stand_by_month_the_latest_first(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert numbers(screen) == ["C-4", "C-5", "C-6", "C-2", "C-3", "C-1"]
        headings = [line.text for line in screen.entries.lines if not isinstance(line, tuple)]
        assert headings == [
            "March 2026   planned 900.00",
            "February 2026   actual 13,500.35 · committed 1,200.00",
            "January 2026   actual 10,000.40",
        ]
        await pilot.press("o")
        await until(pilot, lambda: numbers(screen)[0] == "C-6")
        assert numbers(screen) == ["C-6", "C-2", "C-1", "C-4", "C-3", "C-5"]


async def test_every_number_is_the_sum_of_the_entries_behind_it(app):
    async with app.run_test(size=(200, 50)) as pilot:
        screen = await opened(pilot)
        data = app.desk.project.data
        rows = rows_of(screen.lines)
        for line in totals(data).lines:
            behind = [e for e in data.costs.values() if e.budget_line == line.line.number]
            sums = sums_of(behind)
            planned, committed, actual, _, left = map(D, rows[line.line.number][3:8])
            assert (committed, actual) == (sums.committed, sums.actual)
            assert left == planned - committed - actual
        for at in range(3, 8):
            base = sum(D(rows[n][at]) for n in ("B-1", "B-2"))
            assert D(rows["base budget"][at]) == base
            assert D(rows["all lines"][at]) == base + D(rows["B-3"][at])
        everything = sums_of(data.costs.values())
        assert D(rows["all lines"][5]) == everything.actual == D("23500.75")


async def test_a_line_opens_to_the_entries_behind_it(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "j", "enter")
        await until(pilot, lambda: numbers(screen) == ["C-4", "C-3"])
        assert "travel: 2 entries   committed 1,200.00 · planned 900.00" in said(screen)
        await pilot.press("h", "j", "enter")
        await until(pilot, lambda: numbers(screen) == ["C-4", "C-6", "C-2", "C-3", "C-1"])
        assert screen.entries.cursor_key == ("hris", "C-4")
        await pilot.press("escape")
        await until(pilot, lambda: len(numbers(screen)) == 6)


async def test_an_entry_goes_step_by_step_and_back(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        for status in ("committed", "invoiced", "paid"):
            await pilot.press("d")
            await until(pilot, lambda status=status: entry(app, 4).status == status)
        await pilot.press("d", "u", "u", "u")
        await until(pilot, lambda: entry(app, 4).status == "planned")


async def test_marked_entries_are_advanced_together(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("j", "space", "j", "space", "d")
        await until(pilot, lambda: entry(app, 2).status == "paid")
        assert entry(app, 5).status == "paid"
        await pilot.press("u")
        await until(pilot, lambda: (entry(app, 2).status, entry(app, 5).status) == ("invoiced", "invoiced"))


async def test_void_wants_a_reason(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("j", "x", "d", "enter")
        assert entry(app, 5).status == "invoiced"
        await typed(pilot, "not ours")
        await pilot.press("enter")
        await until(pilot, lambda: entry(app, 5).status == "void")
        assert entry(app, 5).void_reason == "not ours"
        await until(pilot, lambda: "contingency left 8,000" in text_of(screen.query_one("#money")))
        await pilot.press("u")
        await until(pilot, lambda: entry(app, 5).status == "invoiced")


async def test_one_line_adds_an_entry_and_warns_before_the_line_is_overspent(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("a")
        await typed(pilot, "100 travel")
        reading = app.screen.query_one("#reading")
        await until(pilot, lambda: "travel: 1,700.00 left after it" in text_of(reading))
        await pilot.press("home", "5")
        await until(pilot, lambda: "▲ travel would be 3,300.00 over its budget" in text_of(reading))
        await pilot.press("enter")
        await until(pilot, lambda: 7 in app.desk.project.data.costs)
        assert (entry(app, 7).net, entry(app, 7).status, entry(app, 7).date) == (D(5100), "invoiced", TODAY)
        assert "▲ travel is 3,300.00 over its budget" in said(screen)
        assert screen.entries.cursor_key == ("hris", "C-7")
        await pilot.press("u")
        await until(pilot, lambda: 7 not in app.desk.project.data.costs)


async def test_a_line_is_added_among_the_lines(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "a")
        await typed(pilot, "software 12000")
        await pilot.press("enter")
        await until(pilot, lambda: 4 in app.desk.project.data.budget_lines)
        assert app.desk.project.data.budget_lines[4].planned == D(12000)
        await until(pilot, lambda: "B-4" in numbers(screen))
        await pilot.press("d")
        await until(pilot, lambda: "does not apply to a budget line" in said(screen))


async def test_a_line_that_is_open_begins_the_entry(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("h", "j", "enter", "a")
        await typed(pilot, "12.50 Taxi")
        await pilot.press("enter")
        await until(pilot, lambda: 7 in app.desk.project.data.costs)
        assert (entry(app, 7).budget_line, entry(app, 7).net, entry(app, 7).note) == ("B-2", D("12.50"), "Taxi")


async def test_the_last_full_month_is_closed_and_reopened_with_a_reason(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("M", "c")
        await until(pilot, lambda: app.desk.project.data.project.closed_months == ("2026-02",))
        await until(pilot, lambda: "February 2026   closed   actual" in text_of(screen.entries))
        assert "February 2026 closed" in said(screen)
        await pilot.press("j", "x", "d")
        await typed(pilot, "twice")
        await pilot.press("enter")
        await until(pilot, lambda: "is closed" in said(screen))
        assert entry(app, 5).status == "invoiced"
        await pilot.press("M", "r", "enter")
        assert app.desk.project.data.project.closed_months == ("2026-02",)
        await typed(pilot, "late invoice")
        await pilot.press("enter")
        await until(pilot, lambda: app.desk.project.data.project.closed_months == ())
        *_, last = app.desk.project.history()
        assert (last.note.verb, last.note.reason) == ("reopen month", "late invoice")
        await pilot.press("u")
        await until(pilot, lambda: app.desk.project.data.project.closed_months == ("2026-02",))
        await pilot.press("u")
        await until(pilot, lambda: app.desk.project.data.project.closed_months == ())


async def test_an_entry_for_a_closed_month_is_refused_while_it_is_typed(app):
    close_month(app.desk.project, "2026-02")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("a")
        await typed(pilot, "50 travel Taxi 20 feb")
        reading = app.screen.query_one("#reading")
        await until(pilot, lambda: "February 2026 is closed" in text_of(reading))
        await pilot.press("enter")
        await until(pilot, lambda: "book it in an open month" in text_of(reading))
        assert len(app.desk.project.data.costs) == 6


async def test_the_one_other_month_is_named_with_what_is_in_it(app):
    close_month(app.desk.project, "2026-02")
    close_month(app.desk.project, "2026-03")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("M")
        await until(pilot, lambda: "close January 2026" in text_of(app.screen.query_one("#choices")))


@pytest.mark.parametrize(
    ("size", "told"),
    [((80, 24), "EAC 55,500 · 2,500 drawn · contingency"), ((120, 40), "2,500 drawn, else as budgeted")],
)
async def test_what_was_drawn_is_told_where_the_forecast_is_more_than_the_budget(app, size, told):
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot)
        await until(pilot, lambda: told in text_of(screen.query_one("#money")))


async def test_another_month_is_closed_by_picking_it(app):
    close_month(app.desk.project, "2026-02")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("M", "o", *"jan")
        await pilot.press("enter")
        await until(pilot, lambda: app.desk.project.data.project.closed_months == ("2026-01", "2026-02"))


def test_the_last_full_month_is_the_one_before():
    assert last_full_month(dt.date(2026, 1, 31)) == "2025-12"
    assert last_full_month(dt.date(2026, 3, 1)) == "2026-02"


async def test_the_burn_chart_has_the_plan_the_actual_and_the_estimate(app):
    data = app.desk.project.data
    lines = burn_chart(data, totals(data), TODAY, 60, 14)
    drawn = "\n".join(plain(tuple(line)) for line in lines)
    assert all(word in drawn for word in ("plan", "actual", "EAC", "Jan 26", "Jun 26"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("B")
        await until(pilot, lambda: app.screen.query("#page"))
        await until(pilot, lambda: "January 2026" in text_of(app.screen.query_one("#page")))
        assert "10,000.40" in text_of(app.screen.query_one("#page"))
        await pilot.press("q")
        await until(pilot, lambda: app.screen is screen)


async def test_a_line_and_an_entry_are_found_from_the_palette(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "j", "enter")
        await until(pilot, lambda: numbers(screen) == ["C-4", "C-3"])
        screen.reveal(("hris", "C-1"))
        await until(pilot, lambda: screen.entries.cursor_key == ("hris", "C-1"))
        screen.reveal(("hris", "B-3"))
        await until(pilot, lambda: screen.lines.cursor_key == ("hris", "B-3"))
        assert screen.rows is screen.lines


async def test_the_words_filter_entries_and_escape_clears(app):
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        await pilot.press("slash", *"lyon", "enter")
        await until(pilot, lambda: numbers(screen) == ["C-3"])
        await pilot.press("escape")
        await until(pilot, lambda: len(numbers(screen)) == 6)


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (100, 24), (109, 34), (120, 40), (200, 50)])
async def test_the_view_stands_at_every_size(app, size):
    with app.desk.project.change("edit") as change:
        change.edit(entry(app, 4), note="[/foo] \u202e給与計算\x1b[31m" + "x" * 300, vendor="株式会社" * 9)
        change.edit(change.data.budget_lines[2], category="[@click=app.quit]出張費" * 5)
    async with app.run_test(size=size) as pilot:
        screen = await opened(pilot)
        await pilot.press("h", "j", "G", "enter", "h", "escape", "o")
        assert "900.00" in text_of(screen.entries)
        if size[0] >= 80:
            assert "labour" in text_of(screen.lines)
            assert "50,000" in text_of(screen.lines)


async def test_no_money_yet_says_what_the_view_is_for(tmp_path):
    session = Session(tmp_path / "e", user="ana", name="s", now=lambda: NOW, durable=False)
    desk = Desk(session)
    desk.adopt(add_project(session, "new", "New"))
    app = PmtuiApp(desk, Drafts(tmp_path / "d"), Looked(tmp_path / "l.json"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await until(pilot, lambda: app.current_mode == "costs")
        await until(pilot, lambda: "a adds the first" in text_of(app.screen.entries))
        await pilot.press("d", "x", "h", "enter", "d", "B", "q", "o", "M", "escape", "escape")
        assert app.is_running
        await pilot.press("a")
        await typed(pilot, "50 travel Taxi")
        await pilot.press("enter")
        await until(pilot, lambda: 1 in desk.project.data.budget_lines)


async def test_another_currency_is_taken_at_a_rate_and_the_last_one_is_offered_in_words(app):
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        await pilot.press("a")
        await typed(pilot, "1200 USD travel Hotel")
        reading = app.screen.query_one("#reading")
        await until(pilot, lambda: "say what 1 USD costs, as in 1200 USD @0.92" in text_of(reading))
        await pilot.press("enter")
        assert 7 not in app.desk.project.data.costs
        await pilot.press(*["backspace"] * 12, "at", *"0.925", "space", *"travel")
        await until(pilot, lambda: "1,110.00 EUR (1,200.00 USD at 0.925)" in text_of(reading))
        await pilot.press("enter")
        await until(pilot, lambda: 7 in app.desk.project.data.costs)
        assert (entry(app, 7).net, entry(app, 7).foreign_net, entry(app, 7).rate) == (D("1110.00"), D(1200), D("0.925"))
        await until(pilot, lambda: "1,200.00 USD" in text_of(screen.entries))
        await pilot.press("a")
        await typed(pilot, "100 USD travel Taxi")
        reading = app.screen.query_one("#reading")
        await until(pilot, lambda: "rate 0.925 of C-7, today; another one is written @0.926" in text_of(reading))
        await pilot.press("enter")
        await until(pilot, lambda: 8 in app.desk.project.data.costs)
        assert entry(app, 8).net == D("92.50")
        assert "rate 0.925 of C-7" in said(screen)
        await pilot.press("u", "u")
        await until(pilot, lambda: 7 not in app.desk.project.data.costs)


async def test_the_form_takes_another_currency_and_leaves_the_net_to_it(app):
    async with app.run_test(size=(100, 50)) as pilot:
        await opened(pilot)
        await pilot.press("A")
        await until(pilot, lambda: app.screen.query("#f-rate"))
        for name, text in (("date", "today"), ("budget_line", "travel"), ("currency", "USD"), ("foreign_net", "100")):
            app.screen.query_one(f"#f-{name}").value = text
        await pilot.press("enter")
        assert 7 not in app.desk.project.data.costs
        app.screen.query_one("#f-rate").value = "0.9"
        await pilot.press("enter")
        await until(pilot, lambda: 7 in app.desk.project.data.costs)
        assert (entry(app, 7).net, entry(app, 7).currency) == (D("90.00"), "USD")


async def test_received_is_accrued_told_apart_and_listed(app):
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        await pilot.press("R")
        await until(pilot, lambda: "C-4 is planned: only a commitment is received" in said(screen))
        screen.reveal(("hris", "C-3"))
        await pilot.press("R", "y")
        await until(pilot, lambda: entry(app, 3).received_on == TODAY - dt.timedelta(days=1))
        await until(pilot, lambda: "accrued 1,200" in text_of(screen.query_one("#money")))
        assert "received" in text_of(screen.entries)
        assert totals(app.desk.project.data).actual == D("23500.75")
        await pilot.press("R", "l")
        await until(pilot, lambda: app.screen.query("#page"))
        page = text_of(app.screen.query_one("#page"))
        assert "accrued 1,200.00 EUR in 1 commitment" in page
        assert "B-2 travel" in page
        assert "March 2026" in page
        await pilot.press("q", "M")
        await until(pilot, lambda: app.screen is not screen)
        question = text_of(app.screen.query_one("#choices"))
        assert "close February 2026" in question
        assert "committed 1,200.00" in question
        await pilot.press("escape", "R", "n")
        await until(pilot, lambda: entry(app, 3).received_on is None)
        await pilot.press("u", "u")
        await until(pilot, lambda: "accrued" not in text_of(screen.query_one("#money")))


async def test_closing_says_what_is_accrued_and_still_planned(app):
    with app.desk.project.change("seed") as change:
        change.edit(change.data.costs[3], received_on=dt.date(2026, 2, 20))
        change.edit(change.data.costs[4], date=dt.date(2026, 2, 27))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("M")
        question = text_of(app.screen.query_one("#choices"))
        assert "accrued 1,200.00 EUR in 1 commitment" in question
        assert "1 still planned, 900.00" in " ".join(question.split())


async def test_a_part_of_a_commitment_is_invoiced(app):
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        screen.reveal(("hris", "C-3"))
        await pilot.press("percent_sign", *"1300", "enter")
        assert 7 not in app.desk.project.data.costs
        await pilot.press(*["backspace"] * 4)
        await typed(pilot, "700 INV-9")
        reading = app.screen.query_one("#reading")
        await until(pilot, lambda: "500.00 EUR are left" in text_of(reading))
        await pilot.press("enter", "s")
        await until(pilot, lambda: 7 in app.desk.project.data.costs)
        assert (entry(app, 7).net, entry(app, 7).invoice, entry(app, 3).net) == (D(700), "INV-9", D(500))
        await pilot.press("u")
        await until(pilot, lambda: entry(app, 3).net == D(1200))
        screen.reveal(("hris", "C-5"))
        await pilot.press("percent_sign")
        await until(pilot, lambda: "only a commitment is invoiced in part" in said(screen))


async def test_a_credit_note_brings_its_vendor_and_line_along(app):
    with app.desk.project.change("seed") as change:
        change.edit(change.data.costs[2], vendor="Halden")
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await opened(pilot)
        screen.reveal(("hris", "C-2"))
        await pilot.press("c")
        await typed(pilot, "12000 Hours twice")
        await pilot.press("enter")
        await until(pilot, lambda: 7 in app.desk.project.data.costs)
        note = entry(app, 7)
        assert (note.net, note.credits, note.vendor, note.budget_line) == (D(-12000), "C-2", "Halden", "B-1")
        assert "C-2 is 11,000.35, and 12,000.00 of it are credited" in said(screen)
        await pilot.press("u")
        await until(pilot, lambda: 7 not in app.desk.project.data.costs)
        screen.reveal(("hris", "C-4"))
        await pilot.press("c")
        await until(pilot, lambda: "a credit note takes back what was invoiced or paid" in said(screen))


def test_a_closed_month_holds_on_every_way_to_write(app):
    from pmtui.services import verbs
    from pmtui.services.importing import apply_import, plan_import
    from pmtui.services.pasted import PastedLines, State
    from pmtui.services.quick import add_line
    from pmtui.services.records import delete_records, edit_record

    project = app.desk.project
    outcome = add_line(project, "cost", "10 travel Taxi 3 feb")
    edit_record(project, outcome.numbers[0], {"net": "12"})
    edit = project.sequence
    close_month(project, "2026-02")
    for change in (
        lambda: add_line(project, "cost", "10 travel Taxi 4 feb"),
        lambda: edit_record(project, "C-5", {"net": "1"}),
        lambda: edit_record(project, "C-5", {"date": "2026-03-01"}),
        lambda: delete_records(project, ["C-5"]),
        lambda: verbs.set_status(project, ["C-5"], "committed"),
        lambda: verbs.set_status(project, ["C-3"], "invoiced"),
        lambda: verbs.drop(project, ["C-5"], "wrong"),
        lambda: project.undo(edit),
        lambda: apply_import(project, plan_import(project, b"date,category,net\n2026-02-03,travel,5\n", "x.csv")),
    ):
        with pytest.raises(Refused, match="is closed"):
            change()
    pasted = PastedLines(project, "10 travel Taxi 4 feb\n11 travel Bus 4 mar", "cost")
    assert [line.state for line in pasted.lines] == [State.BAD, State.GOOD]


def test_an_invoice_is_refused_twice_by_every_way_with_the_earlier_number(app):
    from pmtui.services.importing import plan_import
    from pmtui.services.pasted import PastedLines
    from pmtui.services.quick import add_line
    from pmtui.services.records import add_record, edit_record

    project = app.desk.project
    first = add_line(project, "cost", "10 travel Taxi vendor:Cab invoice:A-1").numbers[0]
    form = {"date": "today", "budget_line": "travel", "net": "5", "vendor": "CAB", "invoice": "a-1"}
    for change in (
        lambda: add_line(project, "cost", "11 travel Taxi vendor:cab invoice:a-1"),
        lambda: add_record(project, CostEntry.TYPE, form),
        lambda: edit_record(project, "C-5", {"vendor": "cab", "invoice": "A-1"}),
    ):
        with pytest.raises(Refused, match=f"already booked as {first} from"):
            change()
    pasted = PastedLines(
        project,
        "1 travel x vendor:cab invoice:a-1\n2 travel y vendor:bus invoice:7\n3 travel z vendor:bus invoice:7",
        "cost",
    )
    assert [bool(line.problems) for line in pasted.lines] == [True, False, True]
    plan = plan_import(project, b"date,category,net,vendor,invoice\n2026-03-01,travel,5,Cab,A-1\n", "x.csv")
    assert f"already booked as {first}" in str(plan.problems[0])
