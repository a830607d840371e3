"""Templates by key: applied on a day after a preview, made of marked tasks, edited as one's own."""

import pytest
from factories import app_over, day, new_project, press, screen_text, until

from pmtui.domain.records import Task


def a_project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(title="Pack", owner="ana", due=day(3)),
        Task(title="Move", due=day(4), depends_on=("T-1",)),
    )


def data(app):
    app.desk.refresh()
    return app.desk.project.data


def kept(app):
    return [t.title for t in app.desk.shared.data.templates.values()] if app.desk.shared else []


def in_front(app):
    return type(app.screen).__name__


@pytest.mark.parametrize("view", ["1", "2"])
async def test_one_is_applied_after_a_preview_as_one_undo(tmp_path, view):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, view, "T")
        assert "Go-live cut-over                   22 tasks" in screen_text(app)
        await press(pilot, "G", "enter", '"sat')
        assert "▲ 1 on a day that is no working day" in screen_text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: in_front(app) == "PasteScreen")
        text = screen_text(app)
        assert "Month-end on Sat 7 Mar" in text
        assert "8 to add · 1 on days off" in text
        await press(pilot, "enter")
        await until(pilot, lambda: len(data(app).tasks) == 10)
        assert "8 tasks added: T-3 to T-10" in screen_text(app)
        await press(pilot, "u")
        await until(pilot, lambda: len(data(app).tasks) == 2)


async def test_leaving_the_preview_adds_and_keeps_nothing(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "T", "enter", '"fri', "enter")
        await until(pilot, lambda: in_front(app) == "PasteScreen")
        await press(pilot, "escape", "a")
        assert "kept" not in screen_text(app)
        assert len(data(app).tasks) == 2


async def test_marked_tasks_make_one_with_dates_from_a_day(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "asterisk", "T")
        assert "s save 2 marked" in screen_text(app)
        await press(pilot, "s", '"Office move', "enter", '"2026-03-06')
        assert 'Move due T after "Pack"' in screen_text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: kept(app) == ["Office move"])
        assert "▌  Office move" in screen_text(app)
        await press(pilot, "x")
        await until(pilot, lambda: kept(app) == [])
        await press(pilot, "u")
        await until(pilot, lambda: kept(app) == ["Office move"])


async def test_without_marks_it_says_how_to_mark(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "T", "s")
        assert "no task is marked: q, then space marks tasks" in screen_text(app)
        await press(pilot, "x")
        assert "ships with pmtui; it can't be deleted" in screen_text(app)


async def test_one_that_ships_is_edited_as_a_copy_in_the_form(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "T", "e")
        await until(pilot, lambda: in_front(app) == "FormScreen")
        await press(pilot, "end", '" ours', "enter")
        await until(pilot, lambda: kept(app) == ["Go-live cut-over ours"])
        assert in_front(app) == "TemplatesScreen"
        assert "Go-live cut-over ours" in screen_text(app)


async def test_a_line_that_can_not_be_read_is_said_in_the_form(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "T", "e", "tab", "tab", '"x due 2026-02-31', "enter", "ctrl+s")
        await until(pilot, lambda: "! line 1 due:" in screen_text(app))
        assert in_front(app) == "FormScreen"


async def test_an_empty_board_tells_of_them(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        assert "T begins with a template" in screen_text(app)
