"""A bank's file in Costs, by keys: its path, its columns, its rows; every key reaches the store and comes back."""

import datetime as dt
from decimal import Decimal

import pytest
from factories import app_over, new_project, press, screen_text, until

from pmtui.domain.records import BudgetLine, CostEntry

D = Decimal
BANK = """Kontonummer;DE00 1234

Buchungstag;Auftraggeber/Empfänger;Verwendungszweck;Betrag (EUR)
02.02.2026;ACME GmbH;PO 4711 load test;-1.200,00
03.02.2026;Café Central;[/foo] Coffee;-3,50
03.02.2026;Café Central;[/foo] Coffee;-3,50
20.02.2026;Hosting AG;Part of PO 4712;-100,00
21.02.2026;Somebody;Salary;2.500,00
31.02.2026;Nobody;Broken;-1,00
"""


@pytest.fixture
def app(tmp_path):
    new_project(
        tmp_path / "ws",
        BudgetLine(category="software", planned=D(9000)),
        BudgetLine(category="travel", planned=D(900)),
        CostEntry(
            date=dt.date(2026, 1, 20), budget_line="B-1", net=D(1200), status="committed", po="4711", vendor="Acme"
        ),
        CostEntry(
            date=dt.date(2026, 2, 1), budget_line="B-1", net=D(300), status="committed", po="4712", note="Hosting"
        ),
        CostEntry(date=dt.date(2025, 12, 5), budget_line="B-2", net=D(9), vendor="Café Central", status="paid"),
    )
    (tmp_path / "bank.csv").write_text(BANK)
    return app_over(tmp_path / "ws")


def costs_of(app):
    app.desk.refresh()
    return app.desk.project.data.costs


async def opened(pilot, app, tmp_path, name="bank.csv"):
    await press(pilot, "4", "I")
    await until(pilot, lambda: type(app.screen).__name__ == "PathScreen")
    await press(pilot, "ctrl+u", f'"{tmp_path}/{name}', "enter")


async def matched(pilot, app, tmp_path):
    await opened(pilot, app, tmp_path)
    await until(pilot, lambda: type(app.screen).__name__ == "MappingScreen")
    await press(pilot, "enter")
    await until(pilot, lambda: type(app.screen).__name__ == "StatementScreen")
    await pilot.pause()


async def test_the_path_is_completed_and_a_wrong_one_is_said(app, tmp_path):
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "4", "I")
        await until(pilot, lambda: type(app.screen).__name__ == "PathScreen")
        await press(pilot, f'"{tmp_path}/ba', "tab")
        await until(pilot, lambda: app.screen.query_one("Input").value.endswith("/bank.csv"))
        await press(pilot, '"x', "enter")
        assert "there is no such file" in " ".join(screen_text(app).split())
        await press(pilot, *["backspace"] * 9, "enter")
        assert "is a folder; name a file in it" in " ".join(screen_text(app).split())
        await press(pilot, "escape")
        await until(pilot, lambda: type(app.screen).__name__ == "CostsScreen")


async def test_the_columns_are_shown_with_sample_rows_changed_and_kept_by_name(app, tmp_path):
    async with app.run_test(size=(100, 34)) as pilot:
        await opened(pilot, app, tmp_path)
        await until(pilot, lambda: type(app.screen).__name__ == "MappingScreen")
        text = screen_text(app)
        assert "Buchungstag" in text
        assert "the columns are guessed from their headings" in text
        assert "2026-02-02  ACME GmbH · PO 4711 load test" in text
        assert "1 row can't be read: line 9 date: '31.02.2026'" in text
        await press(pilot, *["j"] * 12, "e")
        await until(pilot, lambda: "costs are positive" in screen_text(app))
        assert "-1,200.00" in screen_text(app)
        await press(pilot, "e", "g", *["j"] * 5, "e", '"not in', "enter")
        await until(pilot, lambda: "2026-02-02  PO 4711 load test" in screen_text(app))
        await press(pilot, "s", '"Sparkasse', "enter")
        await until(pilot, lambda: "the mapping Sparkasse is saved" in screen_text(app))
        await press(pilot, "escape")
        await opened(pilot, app, tmp_path)
        await until(pilot, lambda: "read as Sparkasse" in screen_text(app))
        await press(pilot, "x")
        await until(pilot, lambda: "the mapping Sparkasse is deleted" in screen_text(app))


async def test_a_file_that_cant_be_read_so_says_why_and_is_not_gone_on_with(app, tmp_path):
    (tmp_path / "us.csv").write_text("Date,Amount\n04/05/2026,-1\n")
    async with app.run_test(size=(100, 34)) as pilot:
        await opened(pilot, app, tmp_path, "us.csv")
        await until(pilot, lambda: "doubtful: the day or the month can stand first" in screen_text(app))
        await press(pilot, "enter")
        assert "it can't be read so" in screen_text(app)
        await press(pilot, *["j"] * 14, "e")
        await until(pilot, lambda: "2026-05-04" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: type(app.screen).__name__ == "StatementScreen")


async def test_rows_say_what_they_are_and_the_sure_ones_are_booked_by_one_key(app, tmp_path):
    async with app.run_test(size=(100, 30)) as pilot:
        await matched(pilot, app, tmp_path)
        text = screen_text(app)
        assert "1 sure · 3 to look at · 1 unreadable · 1 left out" in text
        assert "✓      4" in text
        assert "[/foo] Coffee" in text
        await press(pilot, "A")
        await until(pilot, lambda: costs_of(app)[1].status == "paid")
        assert "✓ line 4 is C-1, matched" in screen_text(app)
        assert "booked as C-1" in screen_text(app)
        await press(pilot, "u")
        await until(pilot, lambda: costs_of(app)[1].status == "committed")
        await press(pilot, "U")
        await until(pilot, lambda: costs_of(app)[1].status == "paid")
        await press(pilot, "u", "u")
        assert "nothing was accepted here yet" in screen_text(app), "what was done before is not undone here"


async def test_marked_rows_are_accepted_together_and_kept_when_one_leaves(app, tmp_path):
    async with app.run_test(size=(100, 30)) as pilot:
        await matched(pilot, app, tmp_path)
        await press(pilot, "g", "j", "space", "space", "y")
        await until(pilot, lambda: len(costs_of(app)) == 5)
        assert [costs_of(app)[n].note for n in (4, 5)] == ["[/foo] Coffee"] * 2
        await press(pilot, "escape")
        await until(pilot, lambda: type(app.screen).__name__ == "CostsScreen")
        assert "2 rows of bank.csv not decided" in screen_text(app)
        await matched(pilot, app, tmp_path)
        assert "2 booked" in screen_text(app)
        await press(pilot, "h")
        assert "[/foo] Coffee" not in screen_text(app).split("───")[0]


async def test_of_a_part_it_is_asked_what_becomes_of_the_rest(app, tmp_path):
    async with app.run_test(size=(100, 30)) as pilot:
        await matched(pilot, app, tmp_path)
        await press(pilot, "g", "j", "j", "j", "y")
        await until(pilot, lambda: "the rest stays committed" in screen_text(app))
        await press(pilot, "s")
        await until(pilot, lambda: len(costs_of(app)) == 4)
        assert (costs_of(app)[2].net, costs_of(app)[4].net) == (D(200), D(100))
        await press(pilot, "u")
        await until(pilot, lambda: len(costs_of(app)) == 3)


async def test_a_row_is_left_out_matched_by_hand_and_booked_on_a_line(app, tmp_path):
    async with app.run_test(size=(100, 30)) as pilot:
        await matched(pilot, app, tmp_path)
        await press(pilot, "g", "x")
        await until(pilot, lambda: "left out by you" in screen_text(app))
        await press(pilot, "A")
        assert "none is sure" in screen_text(app)
        await press(pilot, "x", "G", "k", "b", '"travel', "enter")
        await until(pilot, lambda: "new on travel" in screen_text(app))
        await press(pilot, "y")
        await until(pilot, lambda: 4 in costs_of(app))
        assert (costs_of(app)[4].net, costs_of(app)[4].credit_note) == (D(-2500), True)
        await press(pilot, "g", "m", '"Hosting', "enter")
        await until(pilot, lambda: "900.00 more than its 300.00" in screen_text(app))
        await press(pilot, "t", "y")
        await until(pilot, lambda: costs_of(app)[2].tax == D(900))


async def test_an_unreadable_row_names_its_line_and_takes_no_verb(app, tmp_path):
    async with app.run_test(size=(80, 24)) as pilot:
        await matched(pilot, app, tmp_path)
        await press(pilot, "G", "y", "x", "m", "b", "t", "space")
        assert "line 9 date: '31.02.2026'" in screen_text(app)
        assert len(costs_of(app)) == 3


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (120, 40), (200, 50)])
async def test_the_screens_stand_at_every_size(app, tmp_path, size):
    async with app.run_test(size=size) as pilot:
        await matched(pilot, app, tmp_path)
        assert "1,200.00" in screen_text(app)
        assert "accept" in screen_text(app)
