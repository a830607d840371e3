"""The week's grid: from the key to the store and back, live, and readable at both sizes."""

import datetime as dt
from decimal import Decimal as D

import pytest
from factories import TODAY, add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import BudgetLine, CostEntry, HoursEntry, Person, Task
from pmtui.domain.records.person import Absence, Rate
from pmtui.keymap import key_of
from pmtui.screens.labour import labour_lines
from pmtui.screens.week import WeekScreen
from pmtui.services import hours
from pmtui.services.costs import close_month
from pmtui.services.projects import open_project
from pmtui.widgets.cells import plain

SIZES = [(80, 24), (120, 40)]


def entry(who="ana", on=TODAY, hours=1.0, task="T-1", **more):
    return HoursEntry(who=who, date=on, hours=hours, task=task, **more)


def fill(tmp_path, *records, **charter):
    project = new_project(
        tmp_path / "ws",
        Task(title="Write the tests", owner="ana", status="doing", estimate=8.0),
        Task(title="Load test", owner="ben", status="doing"),
        Task(title="Train the users", owner="ana"),
        BudgetLine(category="labour", planned=D(5000)),
        CostEntry(date=day(-20), budget_line="B-1", net=D(100)),
    )
    with project.change("seed") as change:
        ana = change.data.person("ana")
        change.edit(ana, full_name="Ana Silva", rates=(Rate(dt.date(2026, 1, 1), D(80)),))
        change.edit(change.data.project, **charter)
    add(project, *records)
    return project


def stored(tmp_path):
    """The hours that anybody who opens the project now finds: task, day, hours."""
    project = open_project(session(tmp_path / "ws", "reader", "fresh"), "hris")
    try:
        return [(e.who, e.task, e.date, e.hours, e.note) for e in project.data.hours.values()]
    finally:
        project.close()


async def opened(pilot, *keys):
    await press(pilot, "4", "W", *keys)
    await until(pilot, lambda: isinstance(pilot.app.screen, WeekScreen) and pilot.app.screen._week)
    return pilot.app.screen


def line_of(app, words):
    return next(line for line in screen_text(app).splitlines() if words in line)


@pytest.mark.parametrize("size", SIZES)
async def test_a_number_goes_into_the_cell_and_is_stored_when_it_is_shown(tmp_path, size):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        assert line_of(app, "Write the tests").count("·") == 7
        await press(pilot, "7", ":", "3", "0")
        assert "7:30_" in line_of(app, "Write the t")
        assert stored(tmp_path) == []
        await press(pilot, "right")
        assert stored(tmp_path) == [("ana", "T-1", TODAY, 7.5, "")]
        assert line_of(app, "Write the t").split()[-1] == "7.5"
        assert line_of(app, " Sum  ").split()[:2] == ["Sum", "7.5"]
        await press(pilot, "2", ".", "5", "tab", "down", "3", "enter")
        assert stored(tmp_path)[1:] == [("ana", "T-1", day(1), 2.5, ""), ("ana", "", day(2), 3.0, "")]
        assert "13 of 40 h" in screen_text(app)
        await press(pilot, "u", "u", "u")
        assert stored(tmp_path) == []
        assert line_of(app, "Write the tests").count("·") == 7


@pytest.mark.parametrize("keep", ["enter", "tab", "left", "right", "up", "down", "j", "k", "h", "l"])
async def test_any_way_to_go_on_keeps_what_was_typed(tmp_path, keep):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "3", keep)
        assert stored(tmp_path) == [("ana", "T-1", TODAY, 3.0, "")]
        assert isinstance(app.screen, WeekScreen)


async def test_escape_leaves_what_was_typed_and_then_the_grid(tmp_path):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "3", "5", "backspace", "escape")
        assert line_of(app, "Write the tests").count("·") == 7
        await press(pilot, "escape")
        assert app.screen.view == "costs"
    assert stored(tmp_path) == []


async def test_what_is_no_time_stays_typed_and_says_what_is_allowed(tmp_path):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "7", ":", "9", "9", "right")
        assert "'7:99' is no time; allowed: hours such as 3, 2.5, 7:30" in screen_text(app)
        assert "7:99" in line_of(app, "Write the t")
        await press(pilot, "escape", "2", "5", "down")
        assert "allowed: 0 to 24" in screen_text(app)
        assert "25_" in line_of(app, "Write the t")
        await press(pilot, "backspace", "down")
        assert stored(tmp_path) == [("ana", "T-1", TODAY, 2.0, "")]


async def test_nought_and_delete_clear_a_cell(tmp_path):
    fill(tmp_path, entry(hours=3.0), entry(on=day(1), hours=1.0), entry(on=day(1), hours=2.0)).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "0", "right")
        assert [row[2] for row in stored(tmp_path)] == [day(1), day(1)]
        await press(pilot, "delete")
        assert stored(tmp_path) == []
        await press(pilot, "delete")
        assert "There are no hours in this cell." in screen_text(app)
        await press(pilot, "u", "u")
        assert len(stored(tmp_path)) == 3


async def test_a_note_is_of_the_newest_entry_of_the_cell(tmp_path):
    fill(tmp_path, entry(hours=3.0), entry(hours=2.0)).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "n", '"fixed two', "enter")
        assert [row[4] for row in stored(tmp_path)] == ["", "fixed two"]
        assert "H-2  2 h  fixed two" in screen_text(app)
        await press(pilot, "right", "n")
        assert "a note is of hours: type these first" in screen_text(app)


async def test_weeks_rows_and_people(tmp_path):
    fill(tmp_path, entry(on=day(-7), task="T-3", hours=4.0), entry("ben", task="T-2", hours=6.0)).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        assert "Train the" not in screen_text(app)
        await press(pilot, "c")
        assert "1 row of last week, without its hours." in screen_text(app)
        assert "Train the" in screen_text(app)
        await press(pilot, "left_square_bracket")
        assert line_of(app, "Train the").split()[-1] == "4"
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert "week 11 9 Mar to 15 Mar" in screen_text(app)
        await press(pilot, "t", "a", '"load', "enter")
        assert screen.cursor_task == "T-2"
        await press(pilot, "1", "enter")
        assert ("ana", "T-2", TODAY, 1.0, "") in stored(tmp_path)
        await press(pilot, "w", '"ben', "enter")
        assert line_of(app, "Load test").split()[-1] == "6"
        assert "@ben" in screen_text(app)
        await press(pilot, "2", "enter")
        assert ("ben", "T-2", TODAY, 2.0, "") in stored(tmp_path)
        await press(pilot, "at", '"zoe', "enter", "4", "enter")
        assert ("zoe", "", TODAY, 4.0, "") in stored(tmp_path)
        assert "@zoe is new here: added to the people, unconfirmed" in " ".join(screen_text(app).split())


async def test_sums_stand_against_what_each_day_has_room_for(tmp_path):
    away = Absence(day(-5), day(-5))
    ana = [entry(on=day(-7), hours=9.5), entry(on=day(-6), hours=8.0), entry(on=day(-4), hours=2.0)]
    project = fill(tmp_path, *ana, entry(on=day(-1), hours=3.0))
    with project.change("seed") as change:
        change.edit(change.data.person("ana"), absences=(away,))
    project.close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "left_square_bracket")
        assert line_of(app, "Capacity").split() == ["Capacity", "8", "8", "–", "8", "8", "–", "–", "32"]
        assert line_of(app, "▼").split() == ["▲1.5", "✓", "▼6", "▼8", "▲3", "▼9.5"]


async def test_the_hours_of_the_same_person_in_other_projects_fill_the_day_too(tmp_path):
    fill(tmp_path).close()
    new_project(tmp_path / "ws", Task(title="Other", owner="ana"), entry(hours=6.0), code="erp").close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        app.desk.look_at("hris")
        await opened(pilot)
        await press(pilot, "3", "enter")
        assert line_of(app, "other projects").split()[-2:] == ["6", "6"]
        assert "▲1" in screen_text(app)


async def test_what_others_log_appears_and_the_cursor_and_what_is_typed_stay(tmp_path):
    project = fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, "down", "right")
        assert screen.cursor_task == ""
        await press(pilot, "4")
        hours.log(project, ["T-3"], {"hours": 2.0})
        with project.change("log hours") as change:
            change.add(entry(on=day(1), hours=1.5, task=""))
        app._look()
        await until(pilot, lambda: "Train the" in screen_text(app))
        assert (screen.cursor_task, screen._day) == ("", 1)
        assert "4_" in line_of(app, "no task")
        await press(pilot, "enter")
        assert "somebody logged 1.5 h meanwhile, both count" in " ".join(screen_text(app).split())
    assert ("ana", "", day(1), 5.5, "") in stored(tmp_path)


async def test_a_closed_month_is_told_before_anything_is_typed(tmp_path):
    project = fill(tmp_path, entry(on=day(-7), hours=4.0))
    close_month(project, "2026-02")
    project.close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, "left_square_bracket")
        assert "the month 2026-02 is closed: its hours stay as they are" in screen_text(app)
        for key in ("3", "delete"):
            await press(pilot, key)
            assert "! the month 2026-02 is closed; book it in an open month" in screen_text(app)
            assert screen._typed == ""
    assert len(stored(tmp_path)) == 1


async def test_a_project_that_is_read_only_takes_none_and_says_why(tmp_path):
    fill(tmp_path, entry(hours=2.0)).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot)
        app.desk.project.db.journal.read_only = "it is on a disk that can't be written"
        for key in ("3", "delete", "n"):
            await press(pilot, key)
            assert "hris is read-only" in screen_text(app)
        assert screen._typed == ""
    assert stored(tmp_path) == [("ana", "T-1", TODAY, 2.0, "")]


async def test_digits_type_here_and_go_to_the_views_elsewhere(tmp_path):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "1", "escape", "q", "1")
        assert app.screen.view == "today"


async def test_the_grid_opens_from_every_view_by_its_words(tmp_path):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "colon", "\"the week's grid", "enter")
        await until(pilot, lambda: isinstance(app.screen, WeekScreen))
        await press(pilot, "q")
        assert app.screen.view == "board"


async def test_the_week_is_exported(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fill(tmp_path, entry(hours=2.0, note="=1+1"), entry("ben", hours=3.0)).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, "X")
        (file,) = tmp_path.glob("pmtui-hris-hours-*.csv")
        rows = file.read_text(encoding="utf-8-sig").splitlines()
        assert len(rows) == 2
        assert "H-1,ana,2026-03-02,2,T-1,'=1+1" in rows[1]
        await press(pilot, "right_square_bracket", "X")
        assert "there are no hours in this week" in screen_text(app)


async def test_names_of_others_never_run(tmp_path):
    hostile = "[bold]x[/] \x1b[31m=1"
    fill(tmp_path, Person(handle="eve", full_name=hostile), Task(title=hostile, owner="ana", status="doing")).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        assert "[bold]x[/] [31m=1" in screen_text(app)
        assert "\x1b" not in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_footer_tells_the_keys(tmp_path, size):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await opened(pilot)
        footer = screen_text(app).splitlines()[-1]
        for said in ("0-9 hours", "[ ] week", "a task", "w who", "⏎ cost", "q back", "? help"):
            assert said in footer
        assert all(len(line) <= size[0] for line in screen_text(app).splitlines())


# What hours cost -----------------------------------------------------------------------------


async def test_enter_opens_what_the_hours_cost(tmp_path):
    fill(tmp_path, entry(hours=3.0), entry("ben", task="T-2", hours=2.0)).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "240.00 EUR" in screen_text(app)
        await press(pilot, "enter")
        text = " ".join(screen_text(app).split())
        assert "All 5 240.00▲" in text
        assert "They cost the budget nothing: “Hours are charged to” in the project's settings" in text
        assert f"2 h without a rate: @ben. {key_of('settings.rate')} on a person" in text
        assert "@ana Ana Silva 3 240.00 @ben 2 no rate" in text
        assert "March 2026 5 240.00▲" in text
        assert "T-1 Write the tests 3 240.00 T-2 Load test 2 no rate" in text


def test_the_page_adds_up_to_the_cent_in_every_part(tmp_path):
    rows = [entry(on=day(-at), hours=0.33 + at / 100, task=f"T-{at % 3 + 1}") for at in range(1, 40)]
    project = fill(tmp_path, *rows)
    lines = ["".join(plain(span) for span in line) for line in labour_lines(project.data, "", "", 80)]
    sums, part = {}, "All"
    for line in lines:
        if line.startswith("By "):
            part = line
        found = line.split()
        if len(found) > 1 and found[-1].replace(".", "").replace(",", "").isdigit():
            sums[part] = sums.get(part, 0) + D(found[-1].replace(",", ""))
    assert len(sums) == 4
    assert set(sums.values()) == {project.data.labour.total.cost}


async def test_there_is_nothing_yet_says_how_to_begin(tmp_path):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await press(pilot, "enter")
        assert f"No hours yet: {key_of('record.hours')} on a task logs them" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
async def test_hours_stand_behind_their_budget_line_and_open_day_by_day(tmp_path, size):
    rows = [entry(hours=3.0, note="first"), entry(on=day(-10), hours=20.0), entry("ben", hours=2.0)]
    fill(tmp_path, *rows, labour_line="B-1").close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "4")
        await until(pilot, lambda: "March 2026   actual 240.00" in screen_text(app))
        assert "February 2026   actual 1,700.00" in screen_text(app)
        assert line_of(app, "20 h of @ana").split()[-1] == "1,600.00"
        assert "1,940" in line_of(app, "B-1")
        await press(pilot, "h")
        if size[1] > 24:
            await until(pilot, lambda: "25 h are charged to it: @ana 1,840.00, @ben 0.00" in screen_text(app))
            assert "▲ B-1 has both entries (100.00) and hours (1,840.00)" in screen_text(app)
        await press(pilot, "enter")
        assert "labour: 1 entries and 25 h   actual 1,940.00" in screen_text(app)
        await press(pilot, "enter")
        text = " ".join(screen_text(app).split())
        assert "hours of @ana March 2026" in text
        assert "H-1 2 Mar T-1 first 3 240.00" in text
        await press(pilot, "q", "d")
        assert "nothing under the cursor" in screen_text(app)


async def test_logged_hours_are_read_live_and_told_where_they_can_not_be(tmp_path):
    fill(tmp_path, entry(hours=20.0, task="T-2")).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        app.screen.rows.move_to(("hris", "T-1"))
        await press(pilot, "W", '"3h wrote them')
        assert "3 h   today   @ana   Note wrote them" in screen_text(app)
        assert "T-1 3 of 8h, 5h left   @ana has 23 h on that day then" in screen_text(app)
        await press(pilot, '" T-3', "enter")
        assert "T-3: the hours are of the task under the cursor" in screen_text(app)
        await press(pilot, *["backspace"] * 17, '"5', "enter")
        assert "@ana would have 25 on 2 Mar; a day has 24" in screen_text(app)
        await press(pilot, "backspace", '"4 @zoe', "enter")
    assert stored(tmp_path)[1:] == [("zoe", "T-1", TODAY, 4.0, "")]


async def test_the_same_hours_on_all_that_are_marked_are_one_undo(tmp_path):
    fill(tmp_path).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "plus", '"T-1 or T-2', "enter", "W", '"2', "enter")
        assert [row[:4] for row in stored(tmp_path)] == [("ana", f"T-{at}", TODAY, 2.0) for at in (1, 2)]
        await press(pilot, "u")
        assert stored(tmp_path) == []


async def test_another_rate_says_what_it_changes_before_it_is_kept(tmp_path):
    fill(tmp_path, entry(hours=3.0)).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "P")
        await until(pilot, lambda: app.current_mode == "settings" and app.screen.shown_keys())
        number = app.desk.project.data.person("ana").number
        app.screen.reveal(("hris", number))
        await press(pilot, "R", *["backspace"] * 30, '"90 from 1 jan')
        assert "@ana's hours cost 30.00 EUR more" in screen_text(app)
