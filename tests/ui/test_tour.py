import pytest
from factories import add, app_over, day, new_project, press, screen_text, until

from pmtui import keymap
from pmtui.domain.records import Task
from pmtui.keymap import ALL
from pmtui.screens.tour import STEPS, TourPanel, worded
from pmtui.services.firsts import first_time


@pytest.fixture
def workspace(tmp_path):
    project = new_project(tmp_path / "ws")
    add(project, *(Task(title=f"Task {n}", owner="ben", due=day(-9 + n)) for n in range(1, 4)))
    yield tmp_path / "ws"
    keymap.use_keys({})


def step(app, at):
    return lambda: f"Tour {at} of 6" in screen_text(app)


async def test_each_step_goes_on_when_what_it_asks_for_has_happened(workspace):
    app = app_over(workspace)
    app.tour_first = True
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, step(app, 1))
        lines = screen_text(app).splitlines()
        assert len(lines) == 24
        assert "? help" in lines[-1]
        assert lines[-2].endswith("> skip   < leave the tour")
        await press(pilot, "j", "n", "escape")
        assert step(app, 1)()
        await press(pilot, "t")
        await until(pilot, step(app, 2))
        await press(pilot, "r", "escape")
        assert step(app, 2)()
        await press(pilot, "r", "f", "v")
        await until(pilot, step(app, 3))
        assert app.desk.project.data.get("T-1").due == day(4)
        await press(pilot, "u")
        await until(pilot, step(app, 4))
        assert app.desk.project.data.get("T-1").due == day(-8)
        await press(pilot, "2")
        await until(pilot, step(app, 5))
        await press(pilot, "slash", '"late')
        assert app.tour.at == 4
        await press(pilot, "enter")
        await until(pilot, step(app, 6))
        await press(pilot, "v")
        await until(pilot, lambda: "That was the tour" in screen_text(app))
        await press(pilot, "less_than_sign")
        await until(pilot, lambda: "tour" not in screen_text(app))
        assert app.tour is None
        assert not app.screen.query(TourPanel)


async def test_a_step_can_be_skipped_and_the_tour_left_from_any_view(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "greater_than_sign", "colon", '"tour: the first', "enter")
        await until(pilot, step(app, 1))
        await press(pilot, "greater_than_sign", "4")
        await until(pilot, step(app, 2))
        await press(pilot, "2", "less_than_sign", "4")
        await until(pilot, lambda: app.current_mode == "costs" and "Tour" not in screen_text(app))
        await press(pilot, "less_than_sign", "1")
        assert app.tour is None


async def test_it_begins_anew_whenever_it_is_asked_for(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(2):
            app.begin_tour()
            await until(pilot, step(app, 1))
            await press(pilot, "greater_than_sign")
            await until(pilot, step(app, 2))
        assert len(app.screen.query(TourPanel)) == 1


async def test_its_words_name_the_users_keys(workspace):
    app = app_over(workspace)
    keymap.use_keys({"go.triage": ("T",), "tour.leave": ("semicolon",)})
    async with app.run_test(size=(80, 24)) as pilot:
        app.begin_tour()
        await until(pilot, step(app, 1))
        assert "Press T:" in screen_text(app)
        assert "; leave the tour" in screen_text(app)


def test_every_step_is_six_and_asks_for_actions_that_there_are():
    assert len(STEPS) == 6
    for one in STEPS:
        assert "{" not in "".join(text for text, _ in worded(one.words))


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40)])
async def test_it_fits_every_size(workspace, size):
    app = app_over(workspace)
    async with app.run_test(size=size) as pilot:
        app.begin_tour()
        for at in range(1, 7):
            if size[1] >= 16:
                await until(pilot, step(app, at))
                panel = app.screen.query_one(TourPanel)
                assert panel.line_count <= 3
                assert "…" not in "".join(text for line in panel._lines for text, _ in line)
            await press(pilot, "greater_than_sign")
        assert app.is_running


def test_the_first_time_is_remembered_where_that_can_be(tmp_path):
    assert first_time(tmp_path / "state", "tour")
    assert not first_time(tmp_path / "state", "tour")
    (tmp_path / "file").touch()
    assert not first_time(tmp_path / "file", "tour")


def test_its_keys_are_free_in_every_view():
    assert keymap.clashes() == []
    assert all(action.works_in(view) for view in ALL for action in keymap.ACTIONS if action.id.startswith("tour."))
