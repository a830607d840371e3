"""The decisions log: added outside a meeting, superseded by a later one, never edited."""

import datetime as dt

import pytest
from factories import app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Decision, Meeting
from pmtui.services.projects import open_project


@pytest.fixture
def project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Meeting(title="Steering", start=dt.datetime.combine(day(-20), dt.time(10))),
        Decision(title="Go live in March", date=day(-20), decided_by="dora", meeting="M-1"),
        Decision(title="Payroll stays", date=day(-1)),
    )


async def opened(app, pilot):
    await press(pilot, "5", "D")
    await until(pilot, lambda: getattr(app.screen, "view", "") == "decisions")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_the_newest_stand_first_by_month(tmp_path, project, size):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        assert [n for _, n in app.screen.shown_keys()] == ["D-2", "D-1"]
        headings = [line.text for line in app.screen.table.lines if hasattr(line, "text")]
        assert headings == ["March 2026", "February 2026"]


async def test_one_is_added_outside_a_meeting_and_undone(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "a", '"Training moves to April @dora', "enter")
        await until(pilot, lambda: app.desk.project.data.get("D-3") is not None)
        found = open_project(session(tmp_path / "ws", "ben", "b"), "hris").data.get("D-3")
        assert (found.title, found.decided_by, found.meeting) == ("Training moves to April", "dora", "")
        await until(pilot, lambda: app.screen.cursor() == ("hris", "D-3"))
        await until(pilot, lambda: "outside a meeting" in screen_text(app))
        await press(pilot, "u")
        await until(pilot, lambda: app.desk.project.data.get("D-3") is None)


async def test_one_key_supersedes_once_and_both_tell_of_each_other(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        app.screen.table.move_to(("hris", "D-1"))
        await press(pilot, "s", '"Go live in May @dora', "enter")
        await until(pilot, lambda: app.desk.project.data.superseded_by("D-1") == "D-3")
        assert app.desk.project.data.get("D-3").title == "Go live in May"
        await until(pilot, lambda: "→ D-3" in screen_text(app))
        await until(pilot, lambda: "Supersedes D-1 Go live in March" in " ".join(screen_text(app).split()))
        app.screen.table.move_to(("hris", "D-1"))
        await press(pilot, "s")
        assert "superseded by D-3 already" in screen_text(app)
        await press(pilot, "e")
        assert "immutable" in screen_text(app)


async def test_it_is_filtered_opened_and_left(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "slash", '"payroll', "enter")
        await until(pilot, lambda: [n for _, n in app.screen.shown_keys()] == ["D-2"])
        await press(pilot, "enter")
        await until(pilot, lambda: "What happened" in screen_text(app) or "Payroll stays" in screen_text(app))
        await press(pilot, "q", "escape", "q")
        await until(pilot, lambda: app.screen.view == "meetings")


async def test_without_decisions_it_says_how_to_begin(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        assert "a adds one" in screen_text(app)
        await press(pilot, "s")
        assert "no decision under the cursor" in screen_text(app)
