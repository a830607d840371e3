import datetime as dt
from decimal import Decimal

import pytest
from factories import TODAY, add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, Milestone, Report, Task
from pmtui.reports.frozen_page import frozen_page
from pmtui.reports.markdown import to_markdown
from pmtui.screens.report import PERIOD
from pmtui.screens.report_lines import IssuedLine, LightLine, WordsLine, period_words, read_period
from pmtui.screens.writing import WritingScreen
from pmtui.services import reports
from pmtui.services.projects import open_project


def report_project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(title="Load test", owner="ben", due=day(-9)),
        Task(title="Kick-off held", status="done", percent_done=100, finish_date=day(-2)),
        Milestone(title="UAT start", forecast=day(12), baseline=day(12)),
        BudgetLine(category="travel", planned=Decimal(12000)),
    )


def project_of(app):
    app.desk.refresh()
    return app.desk.project


def draft(app):
    return reports.draft(project_of(app))


async def at(app, pilot, key):
    """Go to the report, and put the cursor on a line."""
    await press(pilot, "6")
    await until(pilot, lambda: getattr(app.screen, "view", "") == "report")
    app.screen.table.move_to(key)
    await pilot.pause()


async def writing(app, pilot):
    await until(pilot, lambda: isinstance(app.screen, WritingScreen) and app.focused is not None)


@pytest.mark.parametrize(("size", "fits"), [((80, 24), True), ((120, 40), True), ((200, 50), True), ((40, 10), False)])
async def test_the_sections_stand_beside_the_page_as_it_will_be_issued(tmp_path, size, fits):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await at(app, pilot, PERIOD)
        await until(pilot, lambda: "Period" in screen_text(app))
        if fits:
            text = screen_text(app)
            assert "23 Feb–2 Mar" in text
            assert "Status report" in text
            assert "to write" in text


async def test_looking_at_a_report_writes_nothing(tmp_path):
    project = report_project(tmp_path)
    before = project.sequence
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, WordsLine("summary"))
        await press(pilot, "e")
        await writing(app, pilot)
        await press(pilot, "escape")
        assert project_of(app).sequence == before
        assert draft(app).id == 0


async def test_words_are_written_shown_on_the_page_and_undone(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot, WordsLine("summary"))
        await press(pilot, "e")
        await writing(app, pilot)
        assert "1 task is late" in screen_text(app)
        await press(pilot, '"Tests began.', "enter", '"q is only a letter', "escape")
        await until(pilot, lambda: draft(app).words.get("summary") == "Tests began.\nq is only a letter")
        await until(pilot, lambda: "✓ 2 lines" in screen_text(app) and "q is only a letter" in screen_text(app))
        await press(pilot, "u")
        await until(pilot, lambda: not draft(app).words)


async def test_tab_leaves_the_text_and_q_goes_back(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, WordsLine("next"))
        await press(pilot, "enter")
        await writing(app, pilot)
        await press(pilot, '"Migrate', "tab", "q")
        await until(pilot, lambda: draft(app).words.get("next") == "Migrate")
        await until(pilot, lambda: app.screen.view == "report")


async def test_what_two_people_wrote_in_a_section_is_kept(tmp_path):
    project = report_project(tmp_path)
    reports.save_words(project, "summary", "First line.")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, WordsLine("summary"))
        await press(pilot, "e")
        await writing(app, pilot)
        await press(pilot, "enter", '"Mine.')
        other = open_project(session(tmp_path / "ws", "ben", "b"), "hris")
        reports.save_words(other, "summary", "Theirs.\nFirst line.")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: draft(app).words["summary"] == "Theirs.\nFirst line.\nMine.")
        await until(pilot, lambda: "both are kept" in screen_text(app))
        assert app.screen.area.text == "Theirs.\nFirst line.\nMine."


async def test_a_draft_of_the_words_survives_and_can_be_thrown_away(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, WordsLine("done"))
        await press(pilot, "e")
        await writing(app, pilot)
        await press(pilot, '"half a sen')
        app.exit()
    again = app_over(tmp_path / "ws", name="later")
    async with again.run_test(size=(80, 24)) as pilot:
        assert not draft(again).words
        await at(again, pilot, WordsLine("done"))
        await press(pilot, "e")
        await writing(again, pilot)
        assert again.screen.area.text == "half a sen"
        assert "draft that was kept is back" in screen_text(again)
        await press(pilot, "ctrl+x", "escape")
        await until(pilot, lambda: again.screen.view == "report")
        assert not draft(again).words


async def test_a_refused_save_keeps_the_text_and_the_draft(tmp_path, monkeypatch):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 24)) as pilot:
        await at(app, pilot, WordsLine("summary"))
        await press(pilot, "e")
        await writing(app, pilot)

        def refuse(*_, **__):
            raise Refused("the store can't be written: no space left")

        monkeypatch.setattr(reports, "save_words", refuse)
        await press(pilot, '"Words', "escape")
        assert "no space left" in screen_text(app)
        assert app.screen.area.text == "Words"
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen.view == "report")
        await press(pilot, "e")
        await writing(app, pilot)
        assert app.screen.area.text == "Words"


async def test_what_happened_is_picked_line_after_line(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, WordsLine("done"))
        await press(pilot, "o", "enter")
        await until(pilot, lambda: "- T-2 Kick-off held" in draft(app).words.get("done", ""))
        await until(pilot, lambda: app.screen.view == "report")
        await press(pilot, "o")
        assert "Nothing more happened" in screen_text(app)


async def test_a_long_line_to_pick_has_the_whole_width(tmp_path):
    title = "The works council answers on the hosting contract at once"
    add(report_project(tmp_path), Task(title=title, owner="ana", status="done", percent_done=100, finish_date=day(0)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, WordsLine("done"))
        await press(pilot, "o")
        await until(pilot, lambda: "type to filter" in screen_text(app))
        assert any(title in line and "│" in line[:5] for line in screen_text(app).splitlines())


async def test_picking_outside_a_section_says_where(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, PERIOD)
        await press(pilot, "o")
        assert "put the cursor on Summary" in screen_text(app)


async def test_the_period_moves_by_weeks_and_is_typed(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, PERIOD)
        began = draft(app).period_start
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: draft(app).period_start == began - dt.timedelta(days=7))
        await press(pilot, "right_square_bracket", "right_square_bracket")
        await until(pilot, lambda: draft(app).period_start == TODAY)
        await press(pilot, "enter", "ctrl+u", '"1 feb to 15 jan', "enter")
        assert "ends before it begins" in screen_text(app)
        await press(pilot, "ctrl+u", '"16 feb to 1 mar', "enter")
        await until(pilot, lambda: draft(app).period_end == dt.date(2026, 3, 1))
        assert draft(app).period_start == dt.date(2026, 2, 16)
        await press(pilot, "u")
        await until(pilot, lambda: draft(app).period_end == TODAY)


async def test_a_light_is_set_by_hand_with_its_reason_and_cleared(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot, LightLine("time"))
        await press(pilot, "O", "r", "enter")
        await until(pilot, lambda: "needs its reason" in screen_text(app))
        await press(pilot, '"vendor late', "enter")
        await until(pilot, lambda: [o.colour for o in draft(app).overrides] == ["R"])
        await until(pilot, lambda: "set by hand: vendor late" in screen_text(app))
        assert "●→▼ red" in screen_text(app)
        await press(pilot, "O", "x")
        await until(pilot, lambda: draft(app).overrides == ())
        await press(pilot, "u")
        await until(pilot, lambda: len(draft(app).overrides) == 1)


async def test_overall_asks_which_light(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, LightLine("overall"))
        await press(pilot, "enter", "s", "a", '"scope is discussed', "enter")
        await until(pilot, lambda: [(o.light, o.colour) for o in draft(app).overrides] == [("scope", "A")])


async def test_issuing_asks_once_freezes_and_stands_beneath(tmp_path):
    project = report_project(tmp_path)
    reports.save_words(project, "summary", "As it was.")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, PERIOD)
        await press(pilot, "S", "escape")
        assert draft(app).status == "draft"
        await press(pilot, "S", "S")
        await until(pilot, lambda: project_of(app).get("SR-1").status == "issued")
        await until(pilot, lambda: app.screen.table.cursor_key == IssuedLine("SR-1"))
        assert "SR-1 issued" in screen_text(app)
        frozen = project_of(app).get("SR-1").text
        add(project_of(app), Task(title="A later task", due=day(-30)))
        await press(pilot, "u")
        assert project_of(app).get("SR-1").status == "issued"
        await press(pilot, "enter")
        await until(pilot, lambda: "As it was." in screen_text(app))
        assert project_of(app).get("SR-1").text == frozen


async def test_differences_from_the_last_one(tmp_path):
    project = report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, PERIOD)
        await press(pilot, "D")
        assert "No report was issued yet" in screen_text(app)
        reports.issue(project)
        add(project, Task(title="New and late", due=day(-1)))
        app.desk.refresh()
        await pilot.pause()
        await press(pilot, "D")
        await until(pilot, lambda: "late: 1 → 2 tasks" in screen_text(app))


async def test_the_page_is_exported_as_markdown(tmp_path, monkeypatch):
    project = report_project(tmp_path)
    reports.save_words(project, "summary", "For the committee.")
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, PERIOD)
        await press(pilot, "X", "m")
        await until(pilot, lambda: list(folder.iterdir()))
    file = next(iter(folder.iterdir()))
    assert file.suffix == ".md"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "For the committee." in file.read_text(encoding="utf-8")


async def test_v_gives_the_page_the_width_and_the_page_keys_scroll_it(tmp_path):
    report_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await at(app, pilot, PERIOD)
        narrow = app.screen.page.size.width
        await press(pilot, "v")
        await until(pilot, lambda: app.screen.page.size.width > narrow)
        await press(pilot, "pagedown")
        await until(pilot, lambda: app.screen.page.top > 0)
        await press(pilot, "v")
        await until(pilot, lambda: app.screen.page.size.width == narrow)


async def test_without_a_project_it_says_how_to_begin(tmp_path):
    (tmp_path / "ws").mkdir()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "6", "e", "S", "O", "D", "o", "X", "v", "left_square_bracket")
        await until(pilot, lambda: "No project here yet" in screen_text(app))


async def test_hostile_words_are_only_text(tmp_path):
    project = report_project(tmp_path)
    reports.save_words(project, "summary", "[/foo] [@click=app.quit]x[/] \x1b]52;c;x\x07")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await at(app, pilot, WordsLine("summary"))
        await until(pilot, lambda: "[@click=app.quit]" in screen_text(app))
        assert "\x1b" not in screen_text(app)
        await press(pilot, "e")
        await writing(app, pilot)
        assert "[/foo]" in screen_text(app)


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ((2026, 2, 16), (2026, 2, 22), "16–22 Feb"),
        ((2026, 2, 23), (2026, 3, 1), "23 Feb–1 Mar"),
        ((2026, 3, 2), (2026, 3, 2), "2 Mar"),
        ((2025, 3, 2), (2026, 3, 2), "2 Mar–2 Mar"),
    ],
)
def test_a_period_in_few_cells(start, end, shown):
    assert period_words(Report(period_start=dt.date(*start), period_end=dt.date(*end))) == shown


@pytest.mark.parametrize("text", ["", "1 feb", "1 feb to", "1 mar to 1 feb", "soon to later"])
def test_periods_that_are_none(text):
    with pytest.raises(Refused):
        read_period(text, TODAY)


def test_a_frozen_page_reads_back_into_the_same_text(tmp_path):
    project = report_project(tmp_path)
    reports.save_words(project, "summary", "A *star*, a | bar, 1. not a list\n- a point\n\n<b>")
    page = to_markdown(reports.preview(project))
    assert to_markdown(frozen_page(page)) == page
