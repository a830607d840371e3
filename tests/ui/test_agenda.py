"""The agenda by keys: drafted, written, drafted again; and the next meeting of a series."""

import datetime as dt

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Change, Meeting, Task, Topic
from pmtui.screens.writing import WritingScreen
from pmtui.services import series
from pmtui.services.projects import open_project


def start(offset, hour=10):
    return dt.datetime.combine(day(offset), dt.time(hour))


@pytest.fixture
def project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Meeting(title="Steering", start=start(-14), invited=("ana",), repeats="every 2 weeks"),
        Meeting(
            title="Steering", start=start(0), invited=("ana",), repeats="every 2 weeks", agenda=(Topic("Welcome", 5),)
        ),
        Meeting(title="Supplier review", start=start(2, 15)),
        Task(title="Call the vendor", owner="ben", due=day(-3), source="M-1"),
        Change(title="Two interfaces", requester="ben", description="x", decision_due=day(0)),
    )


def stored(app, number):
    app.desk.refresh()
    return app.desk.project.get(number)


async def at(app, pilot, number):
    await press(pilot, "5")
    await until(pilot, lambda: getattr(app.screen, "view", "") == "meetings")
    assert app.screen.table.move_to(("hris", number))
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_one_key_drafts_it_and_one_undo_takes_it_back(tmp_path, project, size):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "h")
        await until(pilot, lambda: len(stored(app, "M-2").agenda) == 3)
        assert "2 topics, 1 by hand stays" in screen_text(app)
        await until(pilot, lambda: "Decide CR-1" in screen_text(app))
        (again,) = [open_project(session(tmp_path / "ws", "ben", "b"), "hris")]
        assert again.data.get("M-2").actions == ("T-1",)
        await press(pilot, "u")
        await until(pilot, lambda: [t.topic for t in stored(app, "M-2").agenda] == ["Welcome"])


async def test_it_is_written_by_hand_and_what_was_typed_outlives_the_next_draft(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "h", "H")
        await until(pilot, lambda: isinstance(app.screen, WritingScreen) and app.focused is not None)
        assert "Decide CR-1 Two interfaces @ben 10m" in app.screen.area.text
        await press(pilot, "enter", '"Cut-over @zoe 30m')
        text = screen_text(app)
        assert "30 Cut-over" in text
        assert "@zoe is not known here" in text
        await press(pilot, "escape")
        await until(pilot, lambda: Topic("Cut-over", 30, "zoe") in stored(app, "M-2").agenda)
        add(project, Task(title="More", owner="ben", source="M-1"))
        await press(pilot, "h")
        await until(pilot, lambda: any("T-2" in t.topic for t in stored(app, "M-2").agenda))
        kept = [t.topic for t in stored(app, "M-2").agenda if not t.drafted]
        assert kept == ["Welcome", "Cut-over"]


async def test_a_draft_of_the_agenda_survives_leaving_and_is_joined_with_anothers(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "H")
        await until(pilot, lambda: isinstance(app.screen, WritingScreen) and app.focused is not None)
        await press(pilot, "enter", '"Mine 5m')
        series.save_agenda(open_project(session(tmp_path / "ws", "ben", "b"), "hris"), "M-2", "Theirs\nWelcome 5m")
        await press(pilot, "escape")
        await until(pilot, lambda: len(stored(app, "M-2").agenda) == 3)
        assert [t.topic for t in stored(app, "M-2").agenda] == ["Theirs", "Welcome", "Mine"]


async def test_one_key_plans_the_next_of_a_series_that_repeats(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-2")
        await press(pilot, "T")
        await until(pilot, lambda: app.screen.cursor() == ("hris", "M-4"))
        new = stored(app, "M-4")
        assert (new.start, new.invited, new.actions) == (start(14), ("ana",), ("T-1",))
        assert new.agenda[0].topic == "Decide CR-1 Two interfaces"
        await press(pilot, "k", "k", "k", "k", "k")
        app.screen.table.move_to(("hris", "M-2"))
        await press(pilot, "T")
        assert "planned already: M-4" in screen_text(app)
        app.screen.table.move_to(("hris", "M-4"))
        await press(pilot, "u")
        await until(pilot, lambda: app.desk.project.data.get("M-4") is None)


async def test_where_nothing_says_when_it_is_asked_with_the_likeliest(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, "T")
        await until(pilot, lambda: "when?" in screen_text(app))
        assert f"{start(9, 15):%Y-%m-%d %H:%M}" in screen_text(app)
        await press(pilot, *["backspace"] * 16, '"yesterday 9:00', "enter")
        assert "it is to come" in screen_text(app)
        await press(pilot, *["backspace"] * 14, '"mon 9:00', "enter")
        await until(pilot, lambda: app.desk.project.data.get("M-4") is not None)
        assert (stored(app, "M-4").start, stored(app, "M-4").series) == (start(7, 9), "Supplier review")


async def test_published_minutes_have_no_agenda_to_write(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-1")
        await press(pilot, "S", "S")
        await until(pilot, lambda: stored(app, "M-1").status == "published")
        for key in ("h", "H"):
            await press(pilot, key)
            assert app.screen.view == "meetings"
            assert "published on" in screen_text(app)


async def test_what_becomes_of_a_deleted_line_is_shown_before_it_is_saved(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, "N")
        await until(pilot, lambda: isinstance(app.screen, WritingScreen) and app.focused is not None)
        await press(pilot, '"A: Call @zoe fri', "enter", '"I:', "ctrl+s")
        await until(pilot, lambda: "[T-2]" in app.screen.area.text)
        assert "no words yet: nothing is made of it" in screen_text(app)
        app.screen.area.text = "words"
        await until(pilot, lambda: "goes with its line" in screen_text(app))
        await press(pilot, "escape")
        await until(pilot, lambda: app.desk.project.data.get("T-2") is None)
        await press(pilot, "u")
        await until(pilot, lambda: app.desk.project.data.get("T-2") is not None)


async def test_a_person_nobody_knows_is_said_while_the_line_is_typed(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, "N")
        await until(pilot, lambda: isinstance(app.screen, WritingScreen) and app.focused is not None)
        await press(pilot, '"A: Call the vendor @zoe fri')
        await until(pilot, lambda: "@zoe is new here" in screen_text(app))
        assert "owner @zoe · due Fri 6 Mar" in screen_text(app)


async def test_typing_without_a_pause_is_kept_too(tmp_path, project):
    """The draft is kept a moment after the first key, not after the last: its timer is never begun again."""
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, "M-3")
        await press(pilot, "N")
        await until(pilot, lambda: isinstance(app.screen, WritingScreen) and app.focused is not None)
        await press(pilot, '"a')
        first = app.screen._timer
        assert first is not None
        await press(pilot, '"bc')
        assert app.screen._timer in {first, None}
        app.screen._keep()
        name = f"{app.desk.session.place}-hris-M-3-notes"
        assert app.drafts.kept(name)["text"] == "abc"
