"""The list of changes: who did what, when and why; filtered, taken back, and led to the record."""

import datetime as dt

import pytest
from factories import MONDAY, add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Risk, Task
from pmtui.screens.history import HistoryScreen
from pmtui.services import records, risks, tasks
from pmtui.services.projects import add_project, open_project
from pmtui.services.story.changelist import AT_A_TIME
from pmtui.widgets.cells import plain

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


def fill(path):
    """A project in which ana added records last Thursday; ben and ana went on today."""
    thursday = MONDAY - dt.timedelta(days=4)
    project = new_project(path / "ws")
    project.session.now = lambda: thursday
    add(
        project,
        Task(title="Migrate payroll data to the new system", owner="ana", due=day(2)),
        Task(title="Load test", owner="ana", due=day(3)),
        Risk(title="Vendor late", owner="ana", review_date=day(9), probability=2, impact=2),
    )
    project.session.now = lambda: MONDAY
    tasks.reschedule(project, ["T-1"], day(14), "vendor late")
    ben = open_project(session(path / "ws", "ben", "bens"), "hris")
    risks.assess(ben, ["R-1"], impact=4)
    return project


def authors(app):
    """Who made the changes that are on the screen."""
    rows = [line for line in screen_text(app).splitlines() if line[3:5].isdigit() and line[5:6] == ":"]
    return [row[8:].split()[0] for row in rows]


@SIZES
async def test_changes_are_told_day_by_day_newest_first_with_the_selected_one_in_full(tmp_path, size):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "2", "C")
        await until(pilot, lambda: "assessed R-1" in screen_text(app))
        lines = screen_text(app).splitlines()
        assert lines[1].strip() == "Today"
        assert "09:00" in lines[2]
        assert "ben" in lines[2]
        assert "ana" in lines[3]
        assert "from 4 Mar to 16 Mar: vendor late" in lines[3]
        assert lines[4].strip() == "Thu 26 Feb"
        await press(pilot, "j")
        text = screen_text(app)
        assert "ana (you) · change" in text
        assert "4 Mar → 16 Mar" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_a_long_sentence_ends_with_a_sign_where_it_is_cut(tmp_path):
    project = fill(tmp_path)
    tasks.reschedule(
        project, ["T-1"], day(20), "the vendor's dictionary is late, and so is everything that waits for it"
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "C")
        await until(pilot, lambda: "from 16 Mar to 22 Mar" in screen_text(app))
        (line,) = [line for line in screen_text(app).splitlines()[:4] if "from 16 Mar to 22 Mar" in line]
        assert line.endswith("…")


@SIZES
async def test_the_filter_finds_words_people_and_periods_and_escape_clears_it(tmp_path, size):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "2", "C", "slash", '"@ben', "enter")
        assert authors(app) == ["ben"]
        assert "/@ben   1 shown" in screen_text(app)
        await press(pilot, "slash", "ctrl+u", '"vendor since:today', "enter")
        assert authors(app) == ["ben", "ana"]
        await press(pilot, "slash", "ctrl+u", '"since:someday')
        assert "someday" in screen_text(app)
        await press(pilot, "escape", "slash", "ctrl+u", '"nowhere', "enter")
        assert "Nothing fits /nowhere" in screen_text(app)
        await press(pilot, "escape")
        assert len(authors(app)) >= 3


async def test_enter_goes_to_the_record_in_its_view(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "C", "enter")
        await until(pilot, lambda: app.current_mode == "risks" and app.screen.cursor() == ("hris", "R-1"))


async def test_one_takes_back_ones_own_change_and_brings_it_back(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2", "C", "u")
        assert "this change is ben's" in screen_text(app)
        await press(pilot, "j", "u")
        task = lambda: app.desk.record(("hris", "T-1"))  # noqa: E731
        assert task().due == day(2)
        assert "undo: moved T-1 from 4 Mar to 16 Mar" in screen_text(app)
        await until(pilot, lambda: "took back: moved T-1" in screen_text(app))
        selected = app.screen.selected()
        assert selected.words == "ana moved T-1 from 4 Mar to 16 Mar: vendor late"
        assert "taken back since" in screen_text(app)
        await press(pilot, "u")
        assert "taken back already" in screen_text(app)
        await press(pilot, "U")
        assert task().due == day(14)


async def test_a_refused_take_back_says_who_changed_it_since(tmp_path):
    fill(tmp_path)
    ben = open_project(session(tmp_path / "ws", "ben", "bens"), "hris")
    tasks.reschedule(ben, ["T-1"], day(30))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "2", "C", "slash", '"mine moved', "enter", "u")
        assert "T-1: ben changed due since, 09:00" in screen_text(app)
        assert app.desk.record(("hris", "T-1")).due == day(30)


async def test_all_of_a_refusal_can_be_read_at_80_columns(tmp_path):
    fill(tmp_path)
    ben = open_project(session(tmp_path / "ws", "ben", "bens"), "hris")
    tasks.reschedule(ben, ["T-1"], day(30))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "C", "slash", '"mine moved', "enter", "u")
        await pilot.pause()
        status = plain(app.screen.query_one("#status").content)
        assert len(status) > 80
        assert status in " ".join(screen_text(app).split())


async def test_of_a_text_the_lines_that_went_and_came_are_told(tmp_path):
    project = fill(tmp_path)
    before, after = "Vendor is late.\nTwelve extracts.\nBen asks.", "Vendor is late.\nTen extracts.\nBen asks.\nSigned."
    records.edit_record(project, "T-2", {"notes": before})
    records.edit_record(project, "T-2", {"notes": after})
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "C")
        await until(pilot, lambda: "Signed." in screen_text(app))
        told = [line.split("Notes")[-1].strip() for line in screen_text(app).splitlines()]
        at = told.index("− Twelve extracts.")
        assert told[at : at + 3] == ["− Twelve extracts.", "+ Ten extracts.", "+ Signed."]
        assert "Vendor is late." not in screen_text(app)


@SIZES
async def test_the_footer_leads_back(tmp_path, size):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "2", "C")
        assert "q back" in screen_text(app).splitlines()[-1]
        await press(pilot, "q")
        assert "q back" not in screen_text(app).splitlines()[-1]


async def test_o_shows_the_record_it_was_opened_from_alone_and_all_again(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3", "C")
        await until(pilot, lambda: len(authors(app)) >= 3)
        await press(pilot, "o")
        assert authors(app) == ["ben", "ana"]
        assert "only R-1   2 shown" in screen_text(app)
        await press(pilot, "o")
        assert len(authors(app)) >= 3


async def test_from_a_records_page_its_changes_are_one_key_away(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "3", "enter")
        assert "assessed R-1: impact 2 → 4, score 4 → 8" in screen_text(app)
        await press(pilot, "C")
        assert isinstance(app.screen, HistoryScreen)
        assert authors(app) == ["ben", "ana"]
        await press(pilot, "q")
        assert "What happened" in screen_text(app)


async def test_what_others_do_comes_on_top_and_the_cursor_stays_on_its_change(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "C", "j")
        mine = app.screen.selected().sequence
        ben = open_project(session(tmp_path / "ws", "ben", "bens"), "hris")
        tasks.delegate(ben, ["T-2"], "ben")
        app.desk.refresh()
        await until(pilot, lambda: "handed T-2" in screen_text(app))
        assert "handed T-2" in screen_text(app).splitlines()[2]
        assert app.screen.selected().sequence == mine


async def test_a_long_history_opens_at_its_newest_and_is_read_to_its_oldest_by_a_key(tmp_path):
    project = fill(tmp_path)
    count = 3 * AT_A_TIME
    for n in range(count):
        with project.db.journal.transaction():
            project.db.journal.perform(["u", "tasks", 1, {"title": [str(n), str(n + 1)]}])
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "C")
        await until(pilot, lambda: app.screen.selected() is not None)
        assert app.screen.selected().sequence == app.desk.project.sequence
        assert not app.screen._changes.ended
        await press(pilot, "G")
        await until(pilot, lambda: app.screen.selected().sequence == 1)
        assert "added the project HRIS deployment" in screen_text(app)


async def test_what_is_not_kept_is_told_where_it_was(tmp_path):
    project = fill(tmp_path)
    project.db.journal.compact()
    tasks.delegate(project, ["T-2"], "ben")
    for old in (tmp_path / "ws" / "hris" / "history").glob("*.jsonl"):
        old.unlink()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "C")
        await until(pilot, lambda: "handed T-2" in screen_text(app))
        assert "changes 1 to 4 are not kept" in screen_text(app)


async def test_another_project_is_looked_at_by_p(tmp_path):
    fill(tmp_path)
    add(add_project(session(tmp_path / "ws"), "erp", "Ledgers"), Task(title="Elsewhere"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "p", '"hris', "enter", "C")
        await until(pilot, lambda: "assessed R-1" in screen_text(app))
        await press(pilot, "p", '"ledgers', "enter")
        await until(pilot, lambda: "added T-1 Elsewhere" in screen_text(app))
        assert "assessed R-1" not in screen_text(app)


async def test_hostile_texts_stay_texts(tmp_path):
    project = fill(tmp_path)
    with project.db.journal.transaction():
        project.db.journal.perform(
            ["u", "tasks", 2, {"title": ["a", "[bold]x[/bold] [@click=app.quit]y[/] \x1b[31mz"]}]
        )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "2", "C")
        await until(pilot, lambda: "[bold]x[/bold]" in screen_text(app))
        assert "\x1b" not in screen_text(app)
