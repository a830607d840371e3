"""One line adds anything from every view: its kind, what words could become, what would be new."""

import pytest
from factories import app_over, day, new_project, press, screen_text, until

from pmtui.domain.records import Deliverable, Meeting, Person, Task


def a_project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Deliverable(code="1", title="Migration"),
        Person(handle="andre", full_name="André Roy"),
        Task(title="Load test", owner="ana", due=day(-2), tags=("cutover",)),
    )


def the(app, number):
    app.desk.refresh()
    return app.desk.project.data.get(number)


def line_of(app):
    return app.screen.query_one("OneLine").value


@pytest.mark.parametrize("view", ["1", "2", "3", "4", "5", "6", "t"])
async def test_any_kind_is_added_from_every_view(tmp_path, view):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, view, "a")
        assert "begin with one" in screen_text(app)
        await press(pilot, '"issue: Payroll file rejected @zoe')
        text = screen_text(app)
        assert "Add an issue to hris" in text
        assert "new person zoe, unconfirmed" in text
        await press(pilot, "enter")
        await until(pilot, lambda: the(app, "I-1"))
        assert the(app, "I-1").title == "Payroll file rejected"
        await press(pilot, "u")
        await until(pilot, lambda: the(app, "I-1") is None)


async def test_tab_takes_a_candidate_and_again_the_next(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "a", '"Fix @an')
        text = screen_text(app)
        assert "@ana   @andre André Roy" in text
        assert "new person" not in text, "it is not finished"
        await press(pilot, "tab")
        assert line_of(app) == "Fix @ana "
        await press(pilot, "tab")
        assert line_of(app) == "Fix @andre "
        await press(pilot, "shift+tab", '"#c', "tab", '"after load', "tab", '"W-', "tab", '"!hi', "tab")
        assert line_of(app) == "Fix @ana #cutover after T-1 in W-1 !high "
        await press(pilot, "enter")
        await until(pilot, lambda: the(app, "T-2"))
        assert (the(app, "T-2").deliverable, the(app, "T-2").depends_on) == ("W-1", ("T-1",))


async def test_tab_changes_the_kind_where_nothing_is_offered(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "a", "tab")
        assert "Add a risk to hris" in screen_text(app)
        await press(pilot, "tab", "shift+tab", '"Vendor late p4', "enter")
        await until(pilot, lambda: the(app, "R-1"))
        assert the(app, "R-1").probability == 4


async def test_what_a_rule_forbids_is_said_and_what_was_typed_stays(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "a", '"Back start fri due thu', "enter")
        assert "its start" in screen_text(app)
        assert line_of(app) == "Back start fri due thu"


async def test_the_days_of_a_repetition_are_shown_while_it_is_typed(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "a", '"Report every 2nd tue until 30 jun')
        await until(pilot, lambda: "Tue 10 Mar, Tue 14 Apr, Tue 12 May" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: "every 2nd Tue" in screen_text(app))
        assert app.screen.cursor() == ("hris", "T-2")
        assert "repeats every 2nd Tue until Tue 30 Jun" in " ".join(screen_text(app).split())


async def test_a_meeting_of_a_series_has_its_agenda_also_from_another_view(tmp_path):
    project = a_project(tmp_path)
    with project.change("seed") as change:
        change.add(Meeting(title="Steering", series="Steering", start=project.session.now().replace(tzinfo=None)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        await press(pilot, "2", "a", '"meeting: Steering fri 10:00', "enter")
        await until(pilot, lambda: the(app, "M-2"))
        assert the(app, "M-2").series == "Steering"


async def test_tab_in_a_word_that_nothing_completes_leaves_the_kind(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "a", '"Fix it #nothing', "tab", "tab")
        assert "Add a task to hris" in screen_text(app)
        assert line_of(app) == "Fix it #nothing"


async def test_a_line_that_is_left_is_kept_and_comes_back(tmp_path):
    a_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "a", '"Half typed idea @noor', "escape")
        assert "what you typed is kept" in screen_text(app)
        await press(pilot, "a")
        assert "↓ 1 kept   Esc leave" in screen_text(app)
        await press(pilot, "down")
        await until(pilot, lambda: "Half typed idea" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: the(app, "T-2"))
        assert (the(app, "T-2").title, the(app, "T-2").owner) == ("Half typed idea", "noor")
