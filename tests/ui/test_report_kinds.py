"""The other reports on the screen: chosen by a key, written like the status report, or shown as things are."""

import datetime as dt

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Issue, Milestone, Risk, Task
from pmtui.domain.records.report import END, EXCEPTION, STATUS
from pmtui.screens.report_lines import IssuedLine, WordsLine
from pmtui.services import reports
from pmtui.services.projects import open_project

NARROW, WIDE = (80, 24), (120, 40)


def seeded(tmp_path):
    project = new_project(
        tmp_path / "ws",
        Task(title="Load test", owner="ben", due=day(-9)),
        Task(title="Kick-off held", owner="ana", status="done", percent_done=100, finish_date=day(0)),
        Risk(title="Vendor leaves", owner="ana", review_date=day(3), probability=5, impact=5),
        Issue(title="Firewall late", owner="ben", target_date=day(3)),
        Milestone(title="Go live", forecast=day(40), baseline=day(10)),
    )
    with project.change("plan") as change:
        change.edit(project.data.get("PRJ-1"), finish=day(10))
    return project


def stored(tmp_path):
    return open_project(session(tmp_path / "ws", name="fresh"), "hris")


async def kind(app, pilot, key):
    await press(pilot, "6")
    await until(pilot, lambda: getattr(app.screen, "view", "") == "report")
    await press(pilot, "K", key)
    await until(pilot, lambda: getattr(app.screen, "view", "") == "report")


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("e", "Exception report"), ("n", "End-project report"), ("r", "Actions and assumptions"),
        ("w", "Due 0"), ("c", "Committee pack"), ("s", "Status report"),
    ],
)  # fmt: skip
async def test_each_kind_is_a_key_away_and_q_goes_back_to_the_status_report(tmp_path, size, key, shown):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await kind(app, pilot, key)
        await until(pilot, lambda: shown in screen_text(app))
        if key != "s":
            await press(pilot, "q")
        await until(pilot, lambda: app.screen.kind == STATUS and "Status report" in screen_text(app))


@pytest.mark.parametrize("key", ["r", "w", "c"])
async def test_the_footer_of_a_page_of_now_tells_what_works_in_it_and_the_way_back(tmp_path, key):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=NARROW) as pilot:
        await kind(app, pilot, key)
        await until(pilot, lambda: "q back" in screen_text(app).splitlines()[-1])
        footer = screen_text(app).splitlines()[-1]
        assert not [word for word in ("issue", "light", "mail", "differences") if word in footer]
        await press(pilot, "q")
        await until(pilot, lambda: "S issue" in screen_text(app).splitlines()[-1])
        assert "q back" not in screen_text(app)


async def test_every_kind_stands_a_terminal_that_is_too_small(tmp_path):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(40, 10)) as pilot:
        for key in "enrwcs":
            await kind(app, pilot, key)
            await press(pilot, "j", "G", "g", "pagedown")
            assert app.screen.page.line_count > 0


async def test_what_can_not_be_written_can_still_be_shown(tmp_path):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    app.desk.project.db.journal.read_only = "its files can't be written"
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "w")
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: "Week 23 Feb to 1 Mar 2026" in screen_text(app))
        await kind(app, pilot, "e")
        for key in ("e", "o", "S"):
            await press(pilot, key)
            assert "read-only" in screen_text(app), key


async def test_an_exception_report_is_picked_written_issued_and_can_not_be_undone(tmp_path):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "e")
        app.screen.table.move_to(WordsLine("title"))
        await press(pilot, "o", "enter")
        await until(pilot, lambda: "title" in reports.draft(stored(tmp_path), EXCEPTION).words)
        await press(pilot, "escape", "u")
        await until(pilot, lambda: not reports.draft(stored(tmp_path), EXCEPTION).words)
        await press(pilot, "U")
        await until(pilot, lambda: "30 days past" in reports.draft(stored(tmp_path), EXCEPTION).words.get("title", ""))
        app.screen.table.move_to(WordsLine("options"))
        await press(pilot, "e")
        await until(pilot, lambda: app.focused is not None)
        await press(pilot, '"Wait: nothing', "escape")
        await until(pilot, lambda: app.screen.view == "report" and "Wait" in screen_text(app))
        await press(pilot, "S")
        assert "nothing is written in: cause, consequences, recommended, lessons" in screen_text(app)
        await press(pilot, "S")
        await until(pilot, lambda: app.screen.table.cursor_key == IssuedLine("SR-1"))
        report = stored(tmp_path).get("SR-1")
        assert (report.kind, report.status) == (EXCEPTION, "issued")
        await press(pilot, "u")
        assert stored(tmp_path).get("SR-1") == report


async def test_two_kinds_are_written_side_by_side(tmp_path):
    project = seeded(tmp_path)
    reports.save_words(project, "summary", "Of the end.", kind=END)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "6")
        await until(pilot, lambda: "No summary written" in screen_text(app))
        await kind(app, pilot, "n")
        await until(pilot, lambda: "Of the end." in screen_text(app))


async def test_the_raid_log_is_filtered_and_says_where_it_can_t_be_read(tmp_path):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "r")
        await press(pilot, "slash", '"is:isue', "enter")
        await until(pilot, lambda: "isue" in screen_text(app) and app.screen.__class__.__name__ == "LineScreen")
        await press(pilot, "ctrl+u", '"is:issue', "enter")
        await until(pilot, lambda: "Issues (1)" in screen_text(app) and "Risks (0)" in screen_text(app))
        await press(pilot, "e", "ctrl+u", "enter")
        await until(pilot, lambda: "Risks (1)" in screen_text(app))


async def test_the_raid_log_follows_what_others_change(tmp_path):
    project = seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "r")
        add(project, Risk(title="Fire", owner="ben", review_date=day(3)))
        app.desk.refresh()
        await until(pilot, lambda: "Fire" in screen_text(app))


async def test_the_week_moves_by_weeks_and_is_typed(tmp_path):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "w")
        await until(pilot, lambda: "Week 2 Mar to 8 Mar 2026" in screen_text(app))
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: "Week 23 Feb to 1 Mar 2026" in screen_text(app))
        await press(pilot, "e", "ctrl+u", '"soon', "enter")
        assert app.screen.__class__.__name__ == "LineScreen"
        await press(pilot, "ctrl+u", '"4 feb', "enter")
        await until(pilot, lambda: "Week 2 Feb to 8 Feb 2026" in screen_text(app))


async def test_projects_are_taken_into_the_pack_and_left_out(tmp_path):
    reports.issue(seeded(tmp_path))
    new_project(tmp_path / "ws", code="erp").close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "c")
        await until(pilot, lambda: "2 projects" in screen_text(app) and "1 issued, 1 draft" in screen_text(app))
        await press(pilot, "e", '"erp', "enter", "escape")
        await until(pilot, lambda: "1 project" in screen_text(app) and "1 issued, 0 draft" in screen_text(app))
        await press(pilot, "e", '"pages', "enter", "escape")
        await until(pilot, lambda: "0 issued, 1 draft" in screen_text(app))


async def test_what_does_not_apply_says_why(tmp_path):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "r")
        for key, said in (("S", "never issued"), ("M", "what is frozen"), ("D", "status reports are compared"),
                          ("O", "lights are set in the status report"), ("left_square_bracket", "no period")):  # fmt: skip
            await press(pilot, key)
            assert said in screen_text(app), key
        await kind(app, pilot, "e")
        await press(pilot, "left_square_bracket")
        assert "the day it is issued" in screen_text(app)
        await kind(app, pilot, "s")
        await press(pilot, "slash")
        assert "the RAID log has a filter" in screen_text(app)


async def test_a_page_of_now_is_written_to_a_file(tmp_path, monkeypatch):
    seeded(tmp_path)
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await kind(app, pilot, "r")
        await press(pilot, "X", "m")
        await until(pilot, lambda: list(folder.iterdir()))
    (file,) = folder.iterdir()
    assert file.name.startswith("pmtui-hris-raid-log-")
    assert "Vendor leaves" in file.read_text(encoding="utf-8")


async def test_differences_between_any_two_issued_and_from_one_to_the_draft(tmp_path):
    project = seeded(tmp_path)
    reports.issue(project)
    project.close()
    later = open_project(session(tmp_path / "ws", now=dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)), "hris")
    with later.change("work") as change:
        change.edit(later.data.get("T-1"), status="done", finish_date=day(1))
    reports.issue(later)
    add(later, Task(title="New and late", due=day(-1)))
    later.close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=WIDE) as pilot:
        await press(pilot, "6", "D")
        await until(pilot, lambda: "SR-2 → draft" in screen_text(app))
        await press(pilot, "q")
        app.screen.table.move_to(IssuedLine("SR-2"))
        await press(pilot, "D", '"sr-1', "enter")
        await until(pilot, lambda: "SR-1 → SR-2" in screen_text(app))
        assert "T-1 Load test is done" in screen_text(app)
        await press(pilot, "q", "D", "enter")
        await until(pilot, lambda: "SR-2 → draft" in screen_text(app))


async def test_without_a_project_every_kind_says_how_to_begin(tmp_path):
    (tmp_path / "ws").mkdir()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=NARROW) as pilot:
        await press(pilot, "6", "K", "slash", "D")
        await until(pilot, lambda: "No project here yet" in screen_text(app) or "RAID log has" in screen_text(app))
