import datetime as dt
from decimal import Decimal

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import BudgetLine, CostEntry, Meeting, Milestone, Report, Risk, Task
from pmtui.screens.header import header_cells
from pmtui.services import records
from pmtui.services.desk import Desk
from pmtui.services.presence import Presence
from pmtui.widgets.cells import plain, width_of


def project(tmp_path, *more):
    return new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9), status="doing"),
        Task(title="Load test", owner="ben", due=day(-1)),
        *more,
    )


def here(tmp_path, *users, view="board", record=""):
    """Others who have the project open."""
    found = []
    for user in users:
        other = Presence(session(tmp_path / "ws", user, f"ui-{user}"))
        other.look(["hris"], view)
        if record:
            other.on_record("hris", record)
        found.append(other)
    return found


def top(app):
    return screen_text(app).splitlines()[0]


# The header ---------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "title"), [("1", "Today"), ("2", "Board"), ("3", "Risks"), ("6", "Report")])
async def test_the_header_says_who_else_has_the_project_open(tmp_path, key, title):
    project(tmp_path)
    here(tmp_path, "ben")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, key)
        await until(pilot, lambda: title in top(app))
        assert top(app).endswith("2 overdue · 2 open   ana, ben here")


async def test_alone_it_says_the_user_and_nothing_more(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2")
        assert top(app).endswith("2 open   ana")


async def test_who_comes_and_goes_shows_without_a_key(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 30)) as pilot:
        await press(pilot, "2")
        ben, _ = here(tmp_path, "ben", "chi")
        app._look_around()
        await until(pilot, lambda: top(app).endswith("ana, ben, chi here"))
        ben.leave()
        app._look_around()
        await until(pilot, lambda: top(app).endswith("ana, chi here"))


async def test_who_is_here_shows_beneath_a_question_too(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2", "r")
        here(tmp_path, "ben")
        app._look_around()
        await until(pilot, lambda: top(app).endswith("ana, ben here"))


async def test_another_project_has_others_in_it(tmp_path):
    project(tmp_path)
    new_project(tmp_path / "ws", code="erp").close()
    here(tmp_path, "ben")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2")
        assert top(app).endswith("0 open   ana")
        app.desk.look_at("hris")
        app.data_changed.publish(None)
        await until(pilot, lambda: top(app).endswith("ana, ben here"))
        await press(pilot, "1")
        await until(pilot, lambda: "2 projects" in top(app))
        assert top(app).endswith("ana, ben here")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("count", [0, 1, 3, 12])
@pytest.mark.parametrize("damaged", [False, True])
def test_neither_the_projects_name_nor_its_lights_give_way_to_who_is_here(tmp_path, width, count, damaged):
    project(tmp_path).close()
    if damaged:
        with (tmp_path / "ws" / "hris" / "journal.000001.jsonl").open("ab") as journal:
            journal.write(b'{"c":"00000000"}\n')
    desk = Desk(session(tmp_path / "ws"))
    desk.open_all()
    others = [f"colleague{at}" for at in range(count)]
    left, right = header_cells(desk, "Board", spans_projects=False, others=others, width=width)
    assert width_of(left) + width_of(right) <= width - 4
    assert plain(left).startswith(" HRIS deployment ▸ Board")
    assert all(initial in plain(left).partition("Board")[2] for initial in "TCSR")
    assert ("read-only" in plain(right)) == damaged
    assert not count or plain(right).rstrip().endswith(("here", f"+{count}"))


@pytest.mark.parametrize(
    ("width", "others", "said"),
    [
        (80, ("ben",), "ana, ben here"),
        (80, ("ben", "chi"), "ana +2 here"),
        (80, tuple("bcdefghij"), "ana +9 here"),
        (120, ("ben", "chi"), "ana, ben, chi here"),
    ],
)
def test_names_are_said_as_long_as_there_is_room(tmp_path, width, others, said):
    project(tmp_path).close()
    desk = Desk(session(tmp_path / "ws"))
    desk.open_all()
    _, right = header_cells(desk, "Meetings", spans_projects=False, others=others, width=width)
    assert plain(right).rstrip().endswith(f"   {said}")


async def test_a_hostile_name_is_text(tmp_path):
    project(tmp_path)
    here(tmp_path, "[red]\x1b]52;c;eA==\x07\u202eben")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2")
        assert "ana, [red]]52;c;eA==ben here" in top(app)


# Coming, going, idling ------------------------------------------------------------------


async def test_what_is_shown_is_announced_and_taken_away_at_the_end(tmp_path):
    project(tmp_path)
    app = app_over(tmp_path / "ws")
    watcher = Presence(session(tmp_path / "ws", "zoe", "watcher"))
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3")
        app._look_around()
        watcher.look(["hris"], "board")
        assert [(other.user, other.view) for other in watcher.others("hris")] == [("ana", "risks")]
    watcher.look(["hris"], "board")
    assert watcher.others("hris") == ()
    assert [path.name.partition(".")[0] for path in (tmp_path / "ws" / "hris" / "presence").iterdir()] == ["watcher"]


async def test_looking_draws_nothing_while_nothing_is_new(tmp_path, monkeypatch):
    project(tmp_path)
    here(tmp_path, "ben")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        app._look_around()
        await pilot.pause(0.3)
        drawn = []
        display = app._display
        monkeypatch.setattr(app, "_display", lambda *arguments: (drawn.append(1), display(*arguments)))
        for _ in range(7):
            app._look()
            app._look_around()
            await pilot.pause(0.02)
        assert drawn == []
        here(tmp_path, "chi")
        app._look_around()
        await until(pilot, lambda: drawn)


async def test_a_workspace_without_projects_has_nobody(tmp_path):
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)):
        app._look()
        app._look_around()
        assert "ana" in top(app)
    assert not (tmp_path / "ws").exists()


async def test_a_project_that_can_no_longer_be_read_is_told_once_and_the_others_go_on(tmp_path, monkeypatch):
    project(tmp_path)
    erp = new_project(tmp_path / "ws", code="erp")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2")

        def gone():
            raise OSError(116, "stale file handle")

        monkeypatch.setattr(app.desk.projects["hris"], "refresh", gone)
        add(erp, Task(title="Still seen"))
        app._look()
        await until(pilot, lambda: "Still seen" in screen_text(app))
        assert "hris can't be read now: [Errno 116] stale file handle" in screen_text(app)
        app.screen.tell("")
        app._look()
        assert "stale" not in screen_text(app)


# What others change -------------------------------------------------------------------------


async def test_two_people_at_the_keys_see_each_others_work(tmp_path):
    project(tmp_path)
    ana, ben = app_over(tmp_path / "ws", "ana", "ui-ana"), app_over(tmp_path / "ws", "ben", "ui-ben")
    async with ana.run_test(size=(100, 30)) as anas, ben.run_test(size=(100, 30)) as bens:
        await press(anas, "2", "l")
        await press(bens, "2", "a", '"Migrate the payroll data', "enter")
        ana._look()
        await until(anas, lambda: "T-3 Migrate" in screen_text(ana))
        assert ana.screen.cursor() == ("hris", "T-1")
        await press(anas, "d", "d")
        ben._look()
        await until(bens, lambda: "Done 1" in screen_text(ben))
        assert ben.screen.cursor() == ("hris", "T-3")


def change(app, number, **written):
    """A colleague edits a record in an app of their own."""
    theirs = app.desk.projects["hris"]
    app.desk.commit(theirs, lambda: records.edit_record(theirs, number, written))


EARLY = Task(title="Came before", due=day(-40), priority="urgent")
WORST = {"probability": 5, "impact": 5}
VIEWS = {  # the key, records beside the tasks, the one a colleague adds, and the one the cursor is on
    "today": ("1", [], EARLY, "T-2"),
    "board": ("2", [], EARLY, "T-2"),
    "risks": (
        "3",
        [Risk(title="Vendor late", probability=2, impact=2, owner="ana", review_date=day(9))],
        Risk(title="Came before", owner="ben", review_date=day(1), **WORST),
        "R-1",
    ),
    "costs": (
        "4",
        [
            BudgetLine(category="travel", planned=Decimal(900)),
            CostEntry(date=day(-40), budget_line="B-1", net=Decimal(70), note="Train"),
        ],
        CostEntry(date=day(-1), budget_line="B-1", net=Decimal(7), note="Came before"),
        "C-1",
    ),
    "meetings": (
        "5",
        [Meeting(title="Steering committee", start=dt.datetime(2026, 3, 20, 10, 0))],
        Meeting(title="Came before", start=dt.datetime(2026, 3, 3, 10, 0)),
        "M-1",
    ),
    "settings": (
        "P",
        [Milestone(title="UAT start", forecast=day(60))],
        BudgetLine(category="Came before", planned=Decimal(5)),
        "MS-1",
    ),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("question", ["", "n", "colon"])
async def test_a_row_that_comes_before_the_cursor_leaves_it_on_its_record(tmp_path, view, size, question):
    key, more, theirs, number = VIEWS[view]
    project(tmp_path, *more)
    app, other = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "other")
    async with app.run_test(size=size) as pilot:
        await press(pilot, key)
        shown = app.screen
        await until(pilot, lambda: shown.view == view)
        shown.reveal(("hris", number))
        if question:
            await press(pilot, question)
            assert app.screen is not shown
        before = list(shown.shown_keys())
        (new,) = add(other.desk.project, theirs)
        app._look()
        await until(pilot, lambda: list(shown.shown_keys()) != before)
        now = [shown_number for _, shown_number in shown.shown_keys()]
        assert now.index(new) < now.index(number)
        assert shown.cursor() == ("hris", number)


async def test_the_report_follows_what_others_write_and_keeps_its_line(tmp_path):
    project(tmp_path, Report(period_start=day(-7), period_end=day(0)))
    app, other = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "other")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "6", "j", "j", "j")
        at = app.screen.table.cursor_key
        from pmtui.services import reports

        theirs = other.desk.project
        other.desk.commit(theirs, lambda: reports.save_words(theirs, "summary", "Ben wrote this line."))
        app._look()
        await until(pilot, lambda: "Ben wrote this line." in screen_text(app))
        assert app.screen.table.cursor_key == at


async def test_triage_shows_what_others_settle_and_stays_on_its_item(tmp_path):
    project(tmp_path)
    app, other = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "other")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "t", "j")
        at = app.screen.cursor()
        first = next(key for key in app.screen.shown_keys() if key != at)
        change(other, first[1], due=str(day(5)))
        change(other, at[1], title="Renamed by ben")
        app._look()
        await until(pilot, lambda: "1 settled" in screen_text(app))
        assert "Renamed by ben" in screen_text(app)
        assert app.screen.cursor() == at


async def test_an_open_record_shows_what_others_made_of_it(tmp_path):
    project(tmp_path)
    app, other = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "other")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "2", "enter")
        change(other, app.screen_stack[-2].cursor()[1], owner="zoe", title="Renamed by ben")
        app._look()
        await until(pilot, lambda: "zoe" in screen_text(app) and "Renamed by ben" in screen_text(app))


async def test_an_open_form_shows_what_others_made_of_its_record_and_keeps_what_is_typed(tmp_path):
    project(tmp_path)
    app, other = app_over(tmp_path / "ws"), app_over(tmp_path / "ws", "ben", "other")
    async with app.run_test(size=(100, 40)) as pilot:
        await press(pilot, "2", "e", "end", '" again')
        number = app.screen_stack[-2].cursor()[1]
        change(other, number, owner="zoe")
        app._look()
        await until(pilot, lambda: "ben" in screen_text(app) and "zoe" in screen_text(app))
        assert "again" in screen_text(app)
        await press(pilot, "escape")
