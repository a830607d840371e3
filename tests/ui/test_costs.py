"""The cost view: every number is the sum of its entries, and every key reaches the store and comes back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from pmtui.app import PmtuiApp
from pmtui.domain.budget import totals
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
        await until(pilot, lambda: "closed" in text_of(screen.entries))
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
