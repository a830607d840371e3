"""The exposure page: every line leads to the risks behind it, and the contingency stands in what may be lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from factories import add, app_over, day, new_project, press, screen_text, until

from pmtui.domain.filters import read_filter
from pmtui.domain.records import BudgetLine, Risk
from pmtui.domain.risk_exposure import spreads
from pmtui.services import risks
from pmtui.services.projects import open_project
from pmtui.widgets.cells import plain


def risk(title, steps, cost=None, **values):
    given = {"owner": "ana", "review_date": day(20), "response": "reduce", **values}
    money = None if cost is None else Decimal(cost)
    return Risk(title=title, probability=steps[0], impact=steps[1], cost_if_occurs=money, **given)


REGISTER = (
    BudgetLine(category="contingency", kind="contingency", planned=Decimal(20000)),
    risk("Vendor is late", (4, 4), 30000, category="supplier"),
    risk("Key users leave", (3, 2), 10000, category="people", review_date=day(-3)),
    risk("Licence discount", (3, 3), 8000, category="supplier", kind="opportunity", response="enhance"),
    risk("Strike", (5, 5), category="people", response=""),
    risk("Over long ago", (5, 5), 90000, category="people", status="closed"),
)


async def opened(pilot, app):
    await press(pilot, "3", "E")
    await until(pilot, lambda: app.screen.view == "exposure" and app.screen.table.line_count)
    return app.screen


async def to(pilot, screen, key):
    screen.table.move_to(key)
    await pilot.pause()


def numbers(app):
    return [number for _, number in app.screen.shown_keys()]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_it_tells_what_is_expected_by_category_and_what_covers_it(tmp_path, size):
    project = new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        text = " ".join(screen_text(app).split())
        assert "Expected loss 26,000 EUR · gain 4,000 · net 22,000 · contingency left 20,000" in text
        assert "▲ 6,000 not covered" in text
        assert "All open risks 4 26,000 4,000" in text
        assert "supplier 2 21,000 4,000" in text
        assert "people 2 5,000" in text
        assert "What the threats less opportunities may come to · 10,000 trials, seed 1" in text
        found = spreads(project.data, project.today).net
        told = " · ".join(f"P{p} {found.percentile(p):,.0f}" for p in (50, 80, 95))
        assert told in text
        assert f"20,000 contingency left covers P{found.covered(Decimal(20000))}" in text
        assert f"{found.percentile(80) - 20000:,.0f} more would cover P80" in text
        assert "▼" in text and "100%" in text


async def test_the_drawing_leaves_the_opportunities_out_by_a_key(tmp_path):
    project = new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await press(pilot, "o")
        alone = spreads(project.data, project.today).losses
        text = " ".join(screen_text(app).split())
        assert "What the threats alone may come to" in text
        assert f"P50 {alone.percentile(50):,.0f} · P80 {alone.percentile(80):,.0f}" in text
        assert "o threats less opportunities" in text
        await press(pilot, "o")
        assert "What the threats less opportunities may come to" in screen_text(app)


async def test_the_risks_behind_a_line_are_told_and_enter_shows_them_alone(tmp_path):
    new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, app)
        await press(pilot, "j")
        assert screen.table.cursor_key == ("category", "open category=supplier")
        assert "R-1 70 % × 30,000 = 21,000 · R-3 50 % × 8,000 = -4,000" in plain(screen.query_one("#status").content)
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen.view == "risks" and numbers(app) == ["R-1", "R-3"])
        assert "/open category=supplier" in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: len(numbers(app)) == 4)


GAPS = {"review past": ["R-2"], "no response": ["R-4"], "no cost: counts for nothing here": ["R-4"]}


@pytest.mark.parametrize("gap", GAPS)
async def test_a_gap_leads_to_the_risks_that_have_it(tmp_path, gap):
    new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, app)
        await to(pilot, screen, ("gap", gap))
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen.view == "risks" and numbers(app) == GAPS[gap])


async def test_a_risk_among_the_worst_is_gone_to_also_past_a_filter(tmp_path):
    new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3", "slash", '"vendor', "enter", "E")
        await until(pilot, lambda: app.screen.view == "exposure")
        screen = app.screen
        rows = [key for key in screen.table.lines if isinstance(key, tuple)]
        assert [key for key in rows if key[0] == "value"] == [("value", "R-1"), ("value", "R-2")]
        assert [key for key in rows if key[0] == "score"] == [("score", "R-4"), ("score", "R-1"), ("score", "R-2")]
        await to(pilot, screen, ("score", "R-4"))
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen.view == "risks" and app.screen.cursor() == ("hris", "R-4"))


async def test_a_cell_of_the_heat_map_does_not_hide_what_is_behind_a_line(tmp_path):
    new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3", "h", "enter")
        await until(pilot, lambda: len(numbers(app)) == 1)
        await press(pilot, "E", "j", "enter")
        await until(pilot, lambda: app.screen.view == "risks" and numbers(app) == ["R-1", "R-3"])


async def test_it_leads_to_the_risks_also_from_the_issue_log(tmp_path):
    new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3", "L")
        await until(pilot, lambda: app.screen.title_word == "Issues")
        await press(pilot, "E", "j", "enter")
        await until(pilot, lambda: app.screen.view == "risks" and numbers(app) == ["R-1", "R-3"])


async def test_what_a_colleague_changes_is_in_it_and_the_cursor_stays(tmp_path):
    from factories import session

    new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, app)
        await press(pilot, "j", "j")
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        risks.assess(theirs, ["R-2"], probability=5)
        app._look()
        await until(pilot, lambda: "Expected loss 30,000 EUR" in screen_text(app))
        assert screen.table.cursor_key == ("category", "open category=people")


async def test_it_is_walked_and_left_by_keys(tmp_path):
    new_project(tmp_path / "ws", *REGISTER)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, app)
        await press(pilot, "G")
        assert screen.table.cursor_key == ("gap", "no cost: counts for nothing here")
        await press(pilot, "g", "g")
        assert screen.table.cursor_key == ("all", "")
        await press(pilot, "question_mark")
        await until(pilot, lambda: "What the open risks are expected to cost" in screen_text(app))
        await press(pilot, "q", "q")
        await until(pilot, lambda: app.screen.view == "risks")


async def test_an_empty_register_says_what_the_page_is_for(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3", "E")
        await until(pilot, lambda: app.screen.view == "exposure")
        text = " ".join(screen_text(app).split())
        assert "Exposure: what the open risks may cost" in text
        assert "is drawn once an open risk has a probability and a cost" in text
        await press(pilot, "enter", "o", "j", "k")
        assert "the threats stand alone" in screen_text(app)


async def test_without_a_contingency_it_says_what_one_would_be(tmp_path):
    project = new_project(tmp_path / "ws", *REGISTER[1:3])
    wise = spreads(project.data, project.today).losses.percentile(80)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        text = " ".join(screen_text(app).split())
        assert "no contingency is set aside" in text
        assert f"{wise:,.0f} more would cover P80" in text


async def test_hostile_names_do_nothing_and_their_risks_are_shown(tmp_path):
    category = 'x" or late [red]\x1b[31m\u202e'
    project = new_project(
        tmp_path / "ws", risk("[/foo] \u202e\x1b[31m遅れる", (3, 3), 500, category=category), *REGISTER
    )
    add(project, risk("other", (3, 3), 500))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(60, 18)) as pilot:
        screen = await opened(pilot, app)
        rows = [key for key in screen.table.lines if isinstance(key, tuple) and key[0] == "category"]
        odd = next(key for key in rows if key[1].startswith("number="))
        assert read_filter(odd[1], day(0)).matches(project.data.risks[1], project.data)
        await to(pilot, screen, odd)
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen.view == "risks" and numbers(app) == ["R-1"])
        assert "\x1b" not in screen_text(app)
