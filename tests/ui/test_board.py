import pytest
from factories import TODAY, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Deliverable, Task
from pmtui.services import tasks
from pmtui.services.projects import open_project


def board_project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Deliverable(code="1", title="Migration"),
        Task(title="Sign off the test plan", owner="ana", due=day(-9), priority="high", deliverable="W-1"),
        Task(title="Load test", owner="ben", due=day(2), status="doing", estimate=24.0, depends_on=("T-1",)),
        Task(title="Single sign-on", owner="chi", status="blocked", blocked_reason="firewall change"),
        Task(title="Kick-off", status="done", percent_done=100, finish_date=TODAY),
    )


def record(app, number="T-1"):
    app.desk.refresh()
    return app.desk.project.data.get(number)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_a_card_says_who_when_and_how_late(tmp_path, size):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "2")
        await until(pilot, lambda: "Sign off" in screen_text(app))
        text = screen_text(app)
        assert "ana  9d late  !" in text
        assert "⊘ firewall change" in text or "⊘ firewall c…" in text
        assert "✓ today" in text
        assert "To do 1" in text
        assert "? help" in text


async def test_moving_a_card_skips_blocked_and_is_undone(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "L")
        assert record(app).status == "doing"
        assert app.screen.cursor() == ("hris", "T-1")
        await press(pilot, "L")
        assert record(app).status == "done"
        await press(pilot, "H")
        assert record(app).status == "doing"
        await press(pilot, "u", "u", "u")
        assert record(app).status == "to do"
        await press(pilot, "U")
        assert record(app).status == "doing"


@pytest.mark.parametrize(
    ("keys", "field", "value"),
    [
        (["d", "d"], "status", "done"),
        (["r", "f", "v"], "due", day(4)),
        (["r", "t", "enter"], "due", TODAY),
        (["r", "m", "d"], "due", day(1)),
        (["r", "w", "o", '"' + "they asked", "enter"], "due", day(7)),
        (["r", "p", '"' + "15 mar", "enter", "c"], "due", day(13)),
        (["r", "c", '"' + "+3d", "enter"], "due", day(3)),
        (["r", "a"], "snoozed_until", day(7)),
        (["w", '"' + "ben", "enter"], "owner", "ben"),
        (["w", '"' + "zoe", "enter"], "owner", "zoe"),
        (["m", "d"], "status", "doing"),
        (["b", '"' + "firewall fri", "enter"], "blocked_reason", "firewall"),
        (["percent_sign", "6", "enter"], "percent_done", 60),
        (["c", "c"], "last_chased", TODAY),
        (["s", '"' + "one; two", "enter"], "depends_on", ("T-5", "T-6")),
        (["i", "3"], "links", ("I-1",)),
        (["R", "4", "3"], "links", ("R-1",)),
        (["exclamation_mark", "m", "w"], "links", ("I-1",)),
        (["x", "d", "o", '"' + "not needed", "enter"], "cancelled_reason", "not needed"),
        (["x", "l", "enter"], "status", "backlog"),
        (["x", "m", '"' + "Load", "enter"], "survivor", "T-2"),
        (["n", '"' + "called them", "enter"], "notes", "2026-03-02 ana: called them"),
        (["e", "end", '"' + " again", "enter"], "title", "Sign off the test plan again"),
    ],
)
async def test_every_verb_from_key_to_store_and_back(tmp_path, keys, field, value):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        before = getattr(record(app), field)
        await press(pilot, "2", *keys)
        await until(pilot, lambda: getattr(record(app), field) == value)
        await press(pilot, "u")
        await until(pilot, lambda: getattr(record(app), field) == before)


async def test_delete_and_undo(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "l", "l", "x", "D")
        assert record(app, "T-3") is None
        await press(pilot, "u")
        assert record(app, "T-3").title == "Single sign-on"


async def test_a_verb_that_does_not_apply_says_why(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "l", "l", "l", "d")
        assert "T-4: done does not apply to a task, it is done" in screen_text(app)


async def test_marks_make_a_verb_bulk_with_one_undo(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "space", "l", "space", "w", '"zoe', "enter")
        assert [record(app, n).owner for n in ("T-1", "T-2")] == ["zoe", "zoe"]
        await press(pilot, "u")
        assert [record(app, n).owner for n in ("T-1", "T-2")] == ["ana", "ben"]


async def test_quick_add_says_what_it_understood_and_refuses_an_impossible_date(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "a", '"Migrate payroll data @ana due fri !high #cutover ~3d')
        await until(pilot, lambda: "Due Fri 6 Mar" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: record(app, "T-5"))
        found = record(app, "T-5")
        assert (found.title, found.owner, found.due, found.priority) == ("Migrate payroll data", "ana", day(4), "high")
        assert (found.tags, found.estimate) == (("cutover",), 24.0)
        await press(pilot, "a", '"x due 2026-02-31', "enter")
        await until(pilot, lambda: "2026-02-31" in screen_text(app) and "28 days" in screen_text(app))
        assert record(app, "T-6") is None
        await press(pilot, "escape")


async def test_the_filter_narrows_while_typing_and_is_cleared_by_esc(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "slash", '"owner:ben')
        await until(pilot, lambda: app.screen_stack[-2].shown_keys() == [("hris", "T-2")])
        await press(pilot, "enter")
        assert "/owner:ben" in screen_text(app)
        await press(pilot, "escape")
        assert len(app.screen.shown_keys()) == 4
        await press(pilot, "slash", '"no such thing', "enter")
        assert "Nothing fits" in screen_text(app)


async def test_a_wrong_filter_points_at_the_word(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "slash", '"colour:red')
        await until(pilot, lambda: "no record has a field colour" in screen_text(app))
        await press(pilot, "escape")
        assert len(app.screen.shown_keys()) == 4


async def test_others_changes_appear_without_moving_the_cursor(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "l")
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        tasks.move_to(theirs, ["T-1"], "doing")
        app._look()
        await until(pilot, lambda: "Doing 2" in screen_text(app))
        assert app.screen.cursor() == ("hris", "T-2")


async def test_lanes_sorts_and_density(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "2", "o", "o")
        text = screen_text(app)
        assert all(lane in text for lane in ("ana", "ben", "chi", "nobody"))
        await press(pilot, "o", "v")
        assert "W-1 Migration" in screen_text(app)
        await press(pilot, "o", "n", "o", "1", "o", "p")
        assert any("T-1 Sign off" in line and "9d late" in line for line in screen_text(app).splitlines())


async def test_a_card_is_placed_by_hand(tmp_path):
    new_project(tmp_path / "ws", *(Task(title=f"t{n}", due=day(n)) for n in range(3)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "J")
        assert [number for _, number in app.screen.shown_keys()] == ["T-2", "T-1", "T-3"]
        await press(pilot, "J")
        assert [number for _, number in app.screen.shown_keys()] == ["T-2", "T-3", "T-1"]
        await press(pilot, "K", "u")
        assert [number for _, number in app.screen.shown_keys()] == ["T-2", "T-3", "T-1"]


async def test_an_empty_project_says_what_begins(tmp_path):
    new_project(tmp_path / "ws")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        assert "adds the first task" in screen_text(app)


async def test_hostile_titles_are_text(tmp_path):
    new_project(
        tmp_path / "ws",
        Task(title="[/foo] [@click=app.quit]x[/] \x1b]52;c;eA==\x07 \u202egnp", owner="ana", due=day(-1)),
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in (
            ["2"],
            ["enter"],
            ["q"],
            ["e"],
            ["escape"],
            ["colon", '"foo'],
            ["escape"],
            ["t"],
            ["d"],
            ["u"],
            ["q"],
            ["1"],
        ):
            await press(pilot, *keys)
            assert "\x1b" not in screen_text(app)
            assert "\u202e" not in screen_text(app)
        assert "[/foo]" in screen_text(app)
