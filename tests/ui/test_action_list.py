"""The action list: person by person, with the verbs of the board, and copied as a text to send."""

import datetime as dt

import pytest
from factories import app_over, day, new_project, press, screen_text, until

from pmtui.domain.action_list import list_text, open_actions_of_all
from pmtui.domain.records import Meeting, Person, Task


def start(offset):
    return dt.datetime.combine(day(offset), dt.time(10))


@pytest.fixture
def project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Person(handle="ben", full_name="Ben Okafor"),
        Meeting(title="Weekly", start=start(-9)),
        Meeting(title="Steering", start=start(-2), actions=("T-4",)),
        Task(title="Call the vendor", owner="ben", due=day(-3), source="M-1"),
        Task(title="Write the plan", owner="ben", due=day(4), source="M-2"),
        Task(title="Book rooms", owner="ana", source="M-1"),
        Task(title="Of no meeting, but carried", due=day(1)),
        Task(title="Of no meeting", owner="ana", due=day(1)),
        Task(title="Done", owner="ana", source="M-1", status="done", finish_date=day(-1)),
    )


def stored(app, number):
    app.desk.refresh()
    return app.desk.project.get(number)


async def opened(app, pilot):
    await press(pilot, "5", "L")
    await until(pilot, lambda: getattr(app.screen, "view", "") == "actions")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_people_stand_by_name_nobody_last_and_the_latest_first(tmp_path, project, size):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        assert [number for _, number in app.screen.shown_keys()] == ["T-3", "T-1", "T-2", "T-4"]
        headings = [line.text for line in app.screen.table.lines if hasattr(line, "text")]
        assert headings == ["@ana   1 open", "@ben Ben Okafor   2 open, 1 late", "Nobody yet   1 open"]


async def test_the_verbs_of_the_board_work_and_what_is_done_leaves(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        app.screen.table.move_to(("hris", "T-1"))
        await press(pilot, "r", "f", "v")
        await until(pilot, lambda: stored(app, "T-1").due == day(4))
        await press(pilot, "n", '"called them', "enter")
        await until(pilot, lambda: "called them" in stored(app, "T-1").notes)
        await press(pilot, "c", "c")
        await until(pilot, lambda: stored(app, "T-1").last_chased == day(0))
        await press(pilot, "w", '"ana', "enter")
        await until(pilot, lambda: stored(app, "T-1").owner == "ana")
        await press(pilot, "d", "d")
        await until(pilot, lambda: ("hris", "T-1") not in app.screen.shown_keys())
        await press(pilot, "u")
        await until(pilot, lambda: ("hris", "T-1") in app.screen.shown_keys())


async def test_a_persons_list_is_copied_as_text(tmp_path, project):
    app = app_over(tmp_path / "ws")
    copied = []
    async with app.run_test(size=(80, 24)) as pilot:
        app.copy_to_clipboard = copied.append
        await opened(app, pilot)
        app.screen.table.move_to(("hris", "T-2"))
        await press(pilot, "M")
        await until(pilot, lambda: "Copied 2 actions of @ben" in screen_text(app))
    assert "".join(copied) == (
        "Open actions of Ben Okafor, HRIS deployment, Mon 2 Mar 2026\n\n"
        "- T-1 Call the vendor: due Fri 27 Feb 2026, 3 days late (Weekly of Sat 21 Feb 2026)\n"
        "- T-2 Write the plan: due Fri 6 Mar 2026 (Steering of Sat 28 Feb 2026)"
    )


async def test_a_filter_narrows_it_and_q_goes_back_to_the_meetings(tmp_path, project):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await press(pilot, "slash", '"@ben late', "enter")
        await until(pilot, lambda: [n for _, n in app.screen.shown_keys()] == ["T-1"])
        assert "1 of 4 shown" in screen_text(app)
        await press(pilot, "slash", '" nothing like it', "enter")
        await until(pilot, lambda: "Nothing fits" in screen_text(app))
        await press(pilot, "escape", "q")
        await until(pilot, lambda: app.screen.view == "meetings")


async def test_without_actions_it_says_what_it_is_for(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        assert "5 goes to the meetings" in screen_text(app)
        await press(pilot, "M")
        assert "nobody's list" in screen_text(app)


def test_an_action_that_was_merged_stands_as_the_one_that_lasts(project):
    with project.change("merge") as change:
        change.edit(project.data.get("T-1"), status="cancelled", survivor="T-5", cancelled_reason="same")
    found = {action.task.number for actions in open_actions_of_all(project.data).values() for action in actions}
    assert found == {"T-2", "T-3", "T-4", "T-5"}


def test_the_text_of_nobodys_list(project):
    actions = open_actions_of_all(project.data)[""]
    assert "Open actions of nobody yet" in list_text(project.data, "", actions, project.today)
