import datetime as dt
from decimal import Decimal

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import BudgetLine, Change, CostEntry, Issue, Meeting, Task
from pmtui.services import records
from pmtui.services.presence import Presence
from pmtui.widgets.bars import FooterBar
from pmtui.widgets.cells import plain
from pmtui.widgets.record_table import RecordTable


def project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9), status="doing"),
        Issue(title="File rejected", owner="ana", target_date=day(5)),
        BudgetLine(category="travel", planned=Decimal(900)),
        CostEntry(date=day(-40), budget_line="B-1", net=Decimal(70), note="Train"),
        Meeting(title="Steering committee", start=dt.datetime(2026, 3, 20, 10, 0)),
        Change(title="One more export", requester="ana", description="Of the payroll"),
    )


def someone(tmp_path, user="ben"):
    return Presence(session(tmp_path / "ws", user, f"ui-{user}"))


def status(app):
    return plain(app.screen.query_one("#status").content)


def top(app):
    return screen_text(app).splitlines()[0]


def change(app, number, **written):
    theirs = app.desk.projects["hris"]
    app.desk.commit(theirs, lambda: records.edit_record(theirs, number, written))


async def test_who_opens_a_record_that_another_edits_is_told(tmp_path):
    project(tmp_path)
    ben = someone(tmp_path)
    ben.on_record("hris", "T-1")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "e")
        await until(pilot, lambda: status(app) == "ben is editing T-1 too")
        assert top(app).endswith("ben is editing T-1 too")
        ben.off_record()
        app._look_around()
        await until(pilot, lambda: "editing" not in screen_text(app))


async def test_who_edits_a_record_is_told_when_another_opens_it(tmp_path):
    project(tmp_path)
    ben = someone(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "e")
        assert "editing" not in screen_text(app)
        assert ben.on_record("hris", "T-1") == "ana is editing T-1 too"
        app._look_around()
        await until(pilot, lambda: top(app).endswith("ben is editing T-1 too"))
        await press(pilot, "escape")
        assert ben.on_record("hris", "T-1") == ""


async def test_a_draft_that_is_back_is_said_first(tmp_path):
    project(tmp_path)
    someone(tmp_path).on_record("hris", "T-1")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "e", "end", '" again', "escape", "e")
        await until(pilot, lambda: "draft" in status(app))
        assert top(app).endswith("ben is editing T-1 too")
        await press(pilot, "escape")


async def test_an_open_palette_finds_what_others_add_and_stays_on_its_item(tmp_path):
    theirs = project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2", "colon", '"file')
        await until(pilot, lambda: "File rejected" in screen_text(app))
        add(theirs, Task(title="File received"))
        app._look()
        await until(pilot, lambda: ("hris", "T-2") in app.screen.query_one(RecordTable).lines)
        await press(pilot, "enter")
        await until(pilot, lambda: "Issues" in top(app) and "File rejected" in screen_text(app))


async def test_a_record_opened_from_the_palette_follows_what_others_do(tmp_path):
    project(tmp_path)
    app, other = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "other")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2", "colon", '"CR-1', "enter")
        await until(pilot, lambda: "CR-1 One more export" in top(app))
        change(other, "CR-1", requester="zoe")
        app._look()
        await until(pilot, lambda: "zoe" in screen_text(app))


async def test_an_open_meeting_follows_what_others_do(tmp_path):
    project(tmp_path)
    app, other = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "other")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "5", "enter")
        await until(pilot, lambda: "M-1 Steering" in top(app))
        change(other, "M-1", invited="@zoe")
        app._look()
        await until(pilot, lambda: "zoe" in screen_text(app))


async def test_the_burn_chart_follows_what_others_book(tmp_path):
    theirs = project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 50)) as pilot:
        await press(pilot, "4", "B")
        await until(pilot, lambda: "Tab Cash curve" in screen_text(app))
        add(theirs, CostEntry(date=day(-1), budget_line="B-1", net=Decimal(777), note="Plane"))
        app._look()
        await until(pilot, lambda: "777" in screen_text(app))


@pytest.mark.parametrize("key", ["enter", "e"])
async def test_no_setting_is_asked_for_in_a_read_only_project(tmp_path, key):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    app.desk.project.db.journal.read_only = "somebody else's"
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "P")
        await until(pilot, lambda: getattr(app.screen, "view", "") == "settings")
        for _ in range(12):
            app.screen.tell("")
            await press(pilot, key)
            assert app.screen.view == "settings"
            assert status(app) == "! hris is read-only: somebody else's"
            await press(pilot, "j")


async def test_writing_the_report_is_dimmed_in_a_read_only_project(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    app.desk.project.db.journal.read_only = "somebody else's"
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "6")
        dimmed = {key for key, _, enabled in app.screen.query_one("#footer", FooterBar)._items if not enabled}
        assert {"e", "o", "[ ]", "O", "S"} <= dimmed
        await press(pilot, "e")
        assert status(app) == "! hris is read-only: somebody else's"


async def test_triage_dims_what_would_write_a_read_only_project(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "t")
        keys = app.screen.query_one("#keys")

        def bright():
            return {text.strip() for line in app.screen._menu(90) for text, tone in line if tone == "accent"}

        assert {"d", "r", "x"} <= bright()
        app.desk.project.db.journal.read_only = "somebody else's"
        app._look()
        await until(pilot, lambda: not bright())
        assert keys.display
