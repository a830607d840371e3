import datetime as dt

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Issue, Meeting, Risk, Task
from pmtui.services import tasks
from pmtui.services.projects import add_project, open_project


def fill(tmp_path):
    add(
        new_project(tmp_path / "ws", code="hris"),
        Task(title="Late one", owner="ana", due=day(-9)),
        Task(title="Soon one", owner="ben", due=day(2)),
        Task(title="Stuck one", status="blocked", blocked_reason="firewall"),
        Task(title="Asked one", waiting_for="vendor"),
        Risk(title="Risky one", owner="ana", review_date=day(1)),
        Issue(title="Open question", owner="ana", target_date=day(30), decision_needed_from="sponsor"),
        Meeting(title="Stand-up", start=dt.datetime.combine(day(0), dt.time(14))),
        Task(title="Far one", due=day(60)),
    )
    add(new_project(tmp_path / "ws", code="erp"), Task(title="Late in ERP", owner="zoe", due=day(-2)))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_section_that_needs_me(tmp_path, size):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "Late one" in screen_text(app))
        lines = [str(line.text) for line in app.screen.table.lines if hasattr(line, "text")]
        assert lines == [
            "Overdue", "Meetings today", "Due this week", "Blocked", "Waiting and chased",
            "Risks to review this week", "Decisions wanted",
        ]  # fmt: skip
        assert "2 projects ▸ Today" in screen_text(app)
        assert ("hris", "T-5") not in app.screen.shown_keys()


async def test_enter_opens_and_verbs_act_in_place(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter")
        assert "What happened" in screen_text(app)
        await press(pilot, "q", "d", "d")
        assert app.desk.projects["hris"].data.get("T-1").status == "done"
        await press(pilot, "u")
        assert app.desk.projects["hris"].data.get("T-1").status == "to do"


async def test_one_project_is_narrowed_to_and_all_again(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "p", '"erp', "enter")
        assert {code for code, _ in app.screen.shown_keys()} == {"erp"}
        await press(pilot, "p", '"all', "enter")
        assert {code for code, _ in app.screen.shown_keys()} == {"erp", "hris"}


async def test_what_others_changed_since_i_looked(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
    theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
    tasks.delegate(theirs, ["T-5"], "ben")
    again = app_over(tmp_path / "ws")
    async with again.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "Others changed" in screen_text(again))
        assert "ben handed T-5 to @ben" in screen_text(again)


async def test_the_first_project_is_made_from_the_empty_workspace(tmp_path):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "No project here yet" in screen_text(app))
        await press(pilot, "2", "1", "question_mark", "q", "p", '"hris', "enter")
        await until(pilot, lambda: app.desk.projects)
        await press(pilot, "a", '"First task due fri', "enter")
        await until(pilot, lambda: app.desk.project.data.get("T-1"))


async def test_the_palette_finds_actions_and_records(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "colon", '"far one', "enter")
        await until(pilot, lambda: app.current_mode == "board" and app.screen.cursor() == ("hris", "T-5"))
        await press(pilot, "colon", '"today', "enter")
        await until(pilot, lambda: app.current_mode == "today")


async def test_help_tells_every_key_of_the_view(tmp_path):
    from pmtui.keymap import actions_of

    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 60)) as pilot:
        await press(pilot, "question_mark")
        text = " ".join(screen_text(app).split())
        missing = [a.help for a in actions_of("today") if a.help[:20] not in text]
        assert not missing


async def test_too_small_says_so_and_comes_back(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        for size in ((30, 8), (1, 1), (5, 2)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "Late one" in screen_text(app))


async def test_q_leaves(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "q")
        await until(pilot, lambda: not app.is_running or app._exit)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_projects_of_the_same_name_are_told_apart_by_their_codes(tmp_path, size):
    for code in ("hris", "copy"):
        add(new_project(tmp_path / "ws", code=code), Task(title="Late one", owner="ana", due=day(-9)))
    add_project(session(tmp_path / "ws"), "erp", "ERP")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "Late one" in screen_text(app))
        told = screen_text(app).splitlines()[1:4]
        assert sorted(line.split("  ")[0].strip() for line in told) == [
            "ERP", "HRIS deployment (copy)", "HRIS deployment (hris)",
        ]  # fmt: skip
        app.desk.look_at("hris")
        await press(pilot, "2")
        await until(pilot, lambda: "▸ Board" in screen_text(app))
        assert "HRIS deployment (hris) ▸" in screen_text(app)
