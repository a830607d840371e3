"""Marks: one, a range, all, by filter; their number always in sight, and what is hidden left alone."""

import pytest
from factories import app_over, day, new_project, press, screen_text, until

from pmtui.domain.records import Task


def fill(tmp_path, count=6):
    owners = ("ana", "ben", "chi")
    new_project(tmp_path / "ws", *(Task(title=f"Task {n}", owner=owners[n % 3], due=day(n - 6)) for n in range(count)))


def marked(app):
    return sorted(number for _, number in app.screen.rows.marked)


def header(app):
    return screen_text(app).splitlines()[0]


@pytest.mark.parametrize("view", ["1", "2"])
async def test_a_range_all_shown_and_none(tmp_path, view):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, view, "V")
        assert "space marks the first one" in screen_text(app)
        await press(pilot, "j", "space", "j", "V")
        assert marked(app) == ["T-2", "T-3", "T-4"]
        assert "3 marked" in header(app)
        await press(pilot, "asterisk")
        assert "6 marked" in header(app)
        await press(pilot, "asterisk")
        assert not marked(app)
        assert "marked" not in header(app)


async def test_what_a_filter_fits_is_marked_while_the_rest_stays_in_view(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "space", "plus", '"owner:ben')
        await until(pilot, lambda: "2 of 6 fit" in screen_text(app))
        await press(pilot, "enter")
        assert marked(app) == ["T-1", "T-2", "T-5"]
        assert len(app.screen.shown_keys()) == 6
        await press(pilot, "plus", '"colour:red', "enter")
        assert "no record has a field colour" in screen_text(app)
        await press(pilot, "escape", "escape")
        assert not marked(app)


@pytest.mark.parametrize("hide", [["slash", '"owner:ana', "enter"], ["o", "o", "z", "o"]])
async def test_what_is_marked_and_hidden_is_told_and_left_alone(tmp_path, hide):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "plus", '"T-1 or T-2', "enter", *hide)
        await until(pilot, lambda: "2 marked, 1 hidden" in header(app))
        await press(pilot, "d", "d")
        tasks = app.desk.project.data.tasks
        assert (tasks[1].status, tasks[2].status) == ("done", "to do")


async def test_a_verb_touches_nothing_where_all_that_is_marked_is_hidden(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "plus", '"T-2', "enter", "slash", '"owner:ana', "enter")
        for key in ("d", "r", "x", "y", "n", "L"):
            await press(pilot, key)
            assert "1 marked, but hidden by a filter or a fold" in screen_text(app)
        assert all(task.status == "to do" for task in app.desk.project.data.tasks.values())


async def test_a_verb_that_applies_to_some_says_which_not_and_acts_on_the_others_at_the_next_press(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "d", "d", "asterisk", "d")
        text = " ".join(screen_text(app).split())
        assert "done applies to 5 of 6, not to T-1 the same key again: on those 5" in text
        assert "5 marked" in header(app)
        await press(pilot, "d", "d")
        assert all(task.status == "done" for task in app.desk.project.data.tasks.values())
        await press(pilot, "u")
        done = [task.number for task in app.desk.project.data.tasks.values() if task.status == "done"]
        assert done == ["T-1"]


async def test_marks_of_a_folded_column_are_not_made_by_all(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "x", "l", "enter", "asterisk")
        assert marked(app) == ["T-2", "T-3", "T-4", "T-5", "T-6"]


async def test_a_mark_looks_for_no_record_anew(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "space")
        places = app.screen._places
        await press(pilot, "space", "space", "k", "V")
        assert app.screen._places is places
        await press(pilot, "d", "d")
        await press(pilot, "space")
        assert app.screen._places is not places
