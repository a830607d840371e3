"""Control of the cost: earned value, charts, where to cut, and every number opened to what is behind it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.behind import Figure
from pmtui.domain.records import BudgetLine, CostEntry, Risk, Task
from pmtui.screens.charts import ChartsScreen, burn_page, cash_page
from pmtui.screens.cutting import CuttingScreen
from pmtui.screens.earned_value import EarnedValueScreen
from pmtui.screens.figures import BehindScreen
from pmtui.screens.numbers import NumbersScreen
from pmtui.services.desk import Desk
from pmtui.services.importing import apply_import, plan_import
from pmtui.widgets.cells import plain
from pmtui.widgets.glyphs import use_ascii

D = Decimal


def line(category, planned, **more):
    return BudgetLine(category=category, planned=D(planned), **more)


def cost(on, net, status="invoiced", offset=-10, **more):
    return CostEntry(budget_line=on, net=D(net), status=status, date=day(offset), **more)


@pytest.fixture
def workspace(tmp_path):
    project = new_project(tmp_path / "ws")
    with project.change("seed") as change:
        change.edit(change.data.project, start=dt.date(2026, 1, 1), finish=dt.date(2026, 6, 30))
    add(
        project,
        Risk(title="Vendor is late", owner="ben", review_date=day(5)),
        line("labour", 8000),
        line("travel", 2000),
        line("contingency", 500, kind="contingency"),
        Task(title="Migrate the data", estimate=60.0, status="done", percent_done=100, due=day(-20)),
        Task(title="Load test", estimate=20.0, percent_done=50, start=day(-30), due=day(-3)),
        Task(title="Train the users", due=day(30), estimate=20.0),
        cost("B-1", "7000.40", note="Time sheets"),
        cost("B-2", "1500", "committed", received_on=day(-2), note="Workshop Lyon"),
        cost("B-2", "300", "planned", offset=20, note="Workshop Nantes"),
        cost("B-3", "100", caused_by="R-1", note="Second load test"),
        cost("B-1", "77", "void", void_reason="twice", note="Booked twice"),
    )
    return tmp_path / "ws"


async def opened(pilot, *keys, size=None):
    await press(pilot, "4")
    await until(pilot, lambda: pilot.app.current_mode == "costs" and pilot.app.screen.shown_keys())
    await press(pilot, *keys)
    return pilot.app.screen


def row_of(app, key):
    row = app.screen._rows[key]
    return tuple(plain(cell) for cell in row.cells)


def said(app):
    return plain(app.screen.query_one("#status").content)


def told(app):
    return plain(tuple(span for text in app.screen.query_one("#told")._lines for span in text))


def method_in(path):
    """The method as a fresh open of the store has it."""
    desk = Desk(session(path, name="other"))
    desk.open_all()
    return desk.projects["hris"].data.project.eac_method


async def to(pilot, key):
    pilot.app.screen.table.move_to(key)
    await pilot.pause()


async def test_every_number_of_earned_value_is_explained(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "E")
        assert isinstance(app.screen, EarnedValueScreen)
        # 70 of 100 hours are done; AC is what was spent and what was received
        assert row_of(app, "bac")[:2] == ("BAC", "10,000.00")
        assert row_of(app, "ev") == ("EV", "7,000.00", "70.0 % of the work is done")
        assert row_of(app, "ac")[1] == "8,600.40"
        assert row_of(app, "cv")[1:] == ("-1,600.40", "over cost")
        assert row_of(app, "cpi") == ("CPI", "0.814", "each EUR spent has earned 0.81")
        assert row_of(app, "eac bottom up")[:2] == ("▸ EAC bottom up", "10,100.00")
        assert row_of(app, "eac cpi")[:2] == ("  EAC by CPI", "12,286.29")
        assert row_of(app, "eac remaining at plan")[1] == "11,600.40"
        assert row_of(app, "spi(t)")[0] == "SPI(t)"
        assert "3 tasks, 100 h" in told(app)


async def test_a_number_opens_to_what_it_is_the_sum_of_down_to_the_entry_and_back(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, "E")
        await to(pilot, "ac")
        await press(pilot, "enter")
        assert isinstance(app.screen, BehindScreen)
        assert "AC  8,600.40 EUR   3 entries" in told(app)
        assert row_of(app, "sum")[-1] == "8,600.40"
        amounts = [D(row_of(app, str(at))[-1].replace(",", "")) for at in range(3)]
        assert sum(amounts) == D("8600.40")
        await press(pilot, "enter")
        await until(pilot, lambda: "C-1" in screen_text(app) and app.screen.query("#page"))
        await press(pilot, "q", "q")
        assert app.screen is page
        await press(pilot, "q")
        assert app.current_mode == "costs"
        assert len(app.screen_stack) == 1


async def test_earned_value_opens_to_its_tasks_with_weight_share_and_contribution(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "E")
        await to(pilot, "ev")
        await press(pilot, "enter")
        assert row_of(app, "0") == ("T-1", "Migrate the data", "60 h, 100 % done", "", "6,000.00")
        assert row_of(app, "1") == ("T-2", "Load test", "20 h, 50 % done", "", "1,000.00")
        assert row_of(app, "sum")[-1] == "7,000.00"


async def test_the_earned_schedule_opens_to_its_months(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "E")
        await to(pilot, "es")
        await press(pilot, "enter")
        assert app.screen._figure == Figure("es")
        assert "PV, end of month 1, Jan 2026 " in screen_text(app)


async def test_a_method_is_chosen_by_key_shown_by_name_everywhere_and_taken_back(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "EAC 10,100 bottom up" in screen_text(app)
        await press(pilot, "E", "m", "c")
        await until(pilot, lambda: row_of(app, "eac cpi")[0] == "▸ EAC by CPI")
        assert method_in(workspace) == "cpi"
        assert "by CPI" in said(app)
        await press(pilot, "q")
        await until(pilot, lambda: "EAC 12,286 by CPI" in screen_text(app))
        await press(pilot, "B")
        await until(pilot, lambda: "EAC by CPI" in screen_text(app))
        await press(pilot, "q", "E", "u")
        await until(pilot, lambda: row_of(app, "eac bottom up")[0] == "▸ EAC bottom up")
        assert method_in(workspace) == "bottom up"


async def test_the_settings_choose_the_method_too(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "1", "P")
        await until(pilot, lambda: app.current_mode == "settings")
        setting = next(key for key in app.screen.table.lines if getattr(key, "name", "") == "eac_method")
        app.screen.table.move_to(setting)
        await press(pilot, "enter", "ctrl+u", '"by feel', "enter")
        await until(pilot, lambda: "remaining at plan" in screen_text(app))
        await press(pilot, "ctrl+u", '"remaining at plan', "enter")
        await until(pilot, lambda: method_in(workspace) == "remaining at plan")


async def test_without_a_cost_the_method_gives_way_and_says_so(tmp_path):
    project = new_project(tmp_path / "ws")
    add(project, line("labour", 8000), Task(title="Work", percent_done=50), cost("B-1", "5", "planned"))
    with project.change("settings") as change:
        change.edit(change.data.project, eac_method="cpi")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "E")
        assert row_of(app, "eac cpi")[1] == "n/a"
        assert "no cost yet" in row_of(app, "eac cpi")[2]
        assert row_of(app, "cpi")[1] == "n/a"
        await to(pilot, "eac cpi")
        assert any("bottom up until then" in text for text in app.screen.row().about)


async def test_where_to_cut_lists_what_could_be_freed_against_what_is_wanted(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "K")
        assert isinstance(app.screen, CuttingScreen)
        assert row_of(app, "B-1")[2:] == ("999.60", "999.60", "0.00", "0.00")
        assert row_of(app, "B-2")[2:] == ("500.00", "200.00", "300.00", "1,500.00")
        assert "Workshop Nantes" in row_of(app, "C-3")[1]
        assert row_of(app, "sum")[2] == "1,499.60"
        assert "nothing is wanted" in told(app)
        await to(pilot, "B-2")
        await press(pilot, "enter")
        assert "Left of travel  500.00 EUR" in told(app)
        assert row_of(app, "sum")[-1] == "500.00"


async def test_every_number_of_the_view_can_be_opened(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "h", "j", "number_sign")
        assert isinstance(app.screen, NumbersScreen)
        keys = [key for key in app.screen.table.lines if isinstance(key, str)]
        assert keys[0] == "planned B-2 "
        page = app.screen
        for key in keys:
            page.table.move_to(key)
            shown = row_of(app, key)[1]
            await press(pilot, "enter")
            assert isinstance(app.screen, BehindScreen), key
            assert shown in told(app), key
            if "sum" in app.screen._rows:
                assert row_of(app, "sum")[-1] == shown, key
            else:
                assert shown == "0.00", key
            await press(pilot, "q")
            assert app.screen is page


async def test_the_numbers_of_a_month_and_of_the_line_that_is_open_come_first(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "h", "j", "enter", "G", "number_sign")
        keys = [key for key in app.screen.table.lines if isinstance(key, str)]
        assert keys[5] == "actual B-2 2026-02"
        assert row_of(app, "committed B-2 2026-02")[1] == "1,500.00"


async def test_charts_are_turned_and_the_months_of_the_cash_curve_come_to_the_eac(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "B")
        assert isinstance(app.screen, ChartsScreen)
        assert "Tab Cash curve" in screen_text(app)
        for key in ("tab", "left", "right"):
            await press(pilot, key)
        assert "Tab Spent against the plan" in screen_text(app)
        assert "with committed" in screen_text(app)
        await press(pilot, "G")
        text = screen_text(app)
        (total,) = [row.split() for row in text.splitlines() if row.strip().startswith("In all  ")]
        actual, committed, to_come, in_all = (D(word.replace(",", "")) for word in total[2:])
        assert actual + committed + to_come == in_all == D("10100.00")
        await press(pilot, "q")
        assert app.current_mode == "costs"


@pytest.mark.parametrize(("width", "height"), [(78, 14), (118, 20)])
@pytest.mark.parametrize("page", [burn_page, cash_page])
def test_charts_can_be_told_apart_without_colour_and_in_ascii(workspace, page, width, height):
    from pmtui.domain.budget import totals

    desk = Desk(session(workspace, name="other"))
    desk.open_all()
    data = desk.projects["hris"].data
    for ascii_only in (False, True):
        use_ascii(ascii_only)
        try:
            lines = page(data, totals(data), day(0), width, height)
            texts = [plain(tuple(spans)) for spans in lines]
        finally:
            use_ascii(False)
        assert all(len(text) <= width for text in texts)
        glyphs = [word for word in texts[0].split() if len(word) == 2 and word[0] == word[1]]
        assert len(set(glyphs)) == len(glyphs) >= 3
        plot = "".join(texts[1:height])
        drawn = set(plot) if not ascii_only else set("".join(map(_twinned, texts[1:height])))
        assert all(_twinned(glyph)[0] in drawn if ascii_only else glyph[0] in plot for glyph in glyphs)


def _twinned(text):
    from pmtui.widgets.glyphs import TWINS

    return text.translate(str.maketrans(TWINS))


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40), (200, 50)])
@pytest.mark.parametrize("key", ["E", "B", "K", "number_sign"])
async def test_every_page_stands_at_every_size_with_hostile_names(workspace, size, key):
    app = app_over(workspace)
    hostile = "[/foo] \u202e給与計算\x1b[31m" + "x" * 300
    with app.desk.projects["hris"].change("edit") as change:
        change.edit(change.data.costs[3], note=hostile, vendor="株式会社" * 9)
        change.edit(change.data.budget_lines[2], category="[@click=app.quit]出張費" * 5)
        change.edit(change.data.tasks[1], title=hostile)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, key, "G", "j", "enter", "G", "k", "enter", "escape")
        assert app.is_running
        assert "\u202e" not in screen_text(app)


@pytest.mark.parametrize("key", ["E", "B", "K", "number_sign"])
async def test_an_empty_project_says_what_is_missing(tmp_path, key):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "4")
        await until(pilot, lambda: app.current_mode == "costs")
        await press(pilot, key)
        words = {
            "E": "No tasks yet",
            "B": "Nothing to draw yet",
            "K": "No budget line has money",
            "number_sign": "0.00",
        }
        await until(pilot, lambda: words[key] in screen_text(app))
        await press(pilot, "enter", "q", "q")


async def test_pages_follow_what_others_write(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "E")
        assert row_of(app, "ac")[1] == "8,600.40"
        other = Desk(session(workspace, "ben", "other"))
        other.open_all()
        add(other.projects["hris"], cost("B-1", "99.60"))
        await until(pilot, lambda: row_of(app, "ac")[1] == "8,700.00")


# Warnings before a line is overspent -----------------------------------------------------


async def test_the_form_warns_before_it_is_saved(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "A")
        form = app.screen
        form.query_one("#f-budget_line").value = "travel"
        form.query_one("#f-net").value = "700"
        await until(pilot, lambda: "travel would be 200.00 over its budget" in screen_text(app))
        form.query_one("#f-net").value = "200"
        await until(pilot, lambda: "over its budget" not in screen_text(app))
        assert len(app.desk.project.data.costs) == 5


async def test_committing_what_would_overspend_is_asked_first(workspace):
    app = app_over(workspace)
    add(app.desk.projects["hris"], cost("B-2", "300", "planned", offset=25))
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await opened(pilot)
        screen.rows.set_marks([("hris", "C-3"), ("hris", "C-6")])
        await press(pilot, "d")
        await until(pilot, lambda: "travel would be 100.00 over its budget" in screen_text(app))
        await press(pilot, "escape")
        assert app.desk.project.data.costs[3].status == "planned"
        await press(pilot, "d", "d")
        await until(pilot, lambda: app.desk.project.data.costs[6].status == "committed")
        assert app.desk.project.data.costs[3].status == "committed"
        await press(pilot, "u")
        await until(pilot, lambda: app.desk.project.data.costs[3].status == "planned")


async def test_lines_pasted_together_warn_before_they_are_added(workspace):
    from pmtui.screens.paste import PasteScreen

    app = app_over(workspace)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        text = "300 travel Taxi\n350 travel Hotel"
        app.push_screen(PasteScreen(app.desk, app.desk.project, text, "cost"))
        await until(pilot, lambda: "travel would be 150.00 over its budget" in screen_text(app))


def test_an_import_says_what_it_would_overspend_and_what_it_did(workspace):
    desk = Desk(session(workspace, name="other"))
    desk.open_all()
    project = desk.projects["hris"]
    rows = b"date,category,net,status\n2026-02-01,travel,300,invoiced\n2026-02-02,travel,350,invoiced\n"
    plan = plan_import(project, rows, "bank.csv", kind="costs")
    assert "travel would be 150.00 over its budget" in plan.notes
    assert "travel would be 150.00 over its budget" in apply_import(project, plan).said
