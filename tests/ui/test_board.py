import pytest
from factories import TODAY, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import Deliverable, Milestone, Task
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


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_card_says_what_it_waits_for_how_often_it_moved_and_how_long_it_takes(tmp_path, size):
    new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9), slip_count=3, priority="urgent"),
        Task(title="Load test", owner="ben", status="doing", estimate=20.0, depends_on=("T-1",)),
        Task(title="Single sign-on for all of the portals", owner="chi", status="blocked",
             blocked_reason="firewall", follow_up=day(1)),
        Task(title="Old", owner="dan", status="done", percent_done=100, finish_date=TODAY),
        Task(title="Payroll", owner="eve", tags=("cutover", "payroll", "weekend"), estimate=4.0, priority="high"),
    )  # fmt: skip
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "2")
        text = screen_text(app)
        assert "ana  9d late  !!" in text
        assert "↷3" in text
        assert "after T-1" in text
        assert "~2.5d" in text
        assert "⊘ firewall" in text
        assert "chi  follow up T" in text
        assert "T-3 Single" in text
        assert "✓ today  dan" in text
        assert "eve  !  ~4h" in text


async def test_the_details_tell_what_a_card_comes_after_and_before_and_is_linked_to(tmp_path):
    new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(1)),
        Task(title="Load test", due=day(2), depends_on=("T-1",), links=("OPS-12",)),
        Milestone(title="UAT start", forecast=day(9), depends_on=("T-2",)),
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "j")
        await until(pilot, lambda: "T-2  Load test" in screen_text(app))
        assert "T-2  Load test  · after T-1  · before MS-1 UAT start  · linked to OPS-12" in screen_text(app)


async def test_a_full_column_refuses_where_its_limit_holds_and_says_how_to_go_on(tmp_path):
    project = board_project(tmp_path)
    with project.change("settings") as change:
        change.edit(change.data.project, wip_limits={"doing": 1}, wip_strict=True)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        assert "Doing 1/1 " in screen_text(app)
        for keys in (["L"], ["m", "d"], ["percent_sign", "5", "enter"], ["l", "l", "b"]):
            await press(pilot, *keys)
            why = "'doing': it holds 1, its limit is 1: move one out first, or change Board limits"
            await until(pilot, lambda why=why: why in " ".join(screen_text(app).split()))
        assert [record(app, n).status for n in ("T-1", "T-2", "T-3")] == ["to do", "doing", "blocked"]


async def test_a_limit_that_only_warns_is_passed_and_said(tmp_path):
    project = board_project(tmp_path)
    with project.change("settings") as change:
        change.edit(change.data.project, wip_limits={"doing": 1})
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "m", "d")
        await until(pilot, lambda: "Doing 2/1!" in screen_text(app))
        assert "▲ 2 in doing, the limit is 1" in screen_text(app)
        await press(pilot, "slash", '"ben', "enter")
        assert "Doing 0 of 2/1!" in screen_text(app)


async def test_columns_and_lanes_fold_and_are_as_they_were_at_the_next_start(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "z", "z")
        await until(pilot, lambda: "To…" in screen_text(app))
        assert app.screen.cursor() == ("hris", "T-2")
        await press(pilot, "o", "o", "z", "l", "o", "1", "o", "p")
        assert app.screen.cursor() != ("hris", "T-2")
        assert "▸ ben" in screen_text(app)
        assert screen_text(app).splitlines()[2].split()[0] == "1"
    again = app_over(tmp_path / "ws")
    async with again.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2")
        await until(pilot, lambda: "▸ ben" in screen_text(again))
        assert "To…" in screen_text(again)
        assert again.screen.board.card_height == 1
        await press(pilot, "z", "a")
        await until(pilot, lambda: "To do 1" in screen_text(again))
        assert "▸ ben" not in screen_text(again)


async def test_a_card_is_never_lost_in_a_fold(tmp_path):
    board_project(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "z", "3")
        assert "Doi…" in screen_text(app)
        await press(pilot, "L")
        await until(pilot, lambda: "Doing 2" in screen_text(app))
        assert app.screen.cursor() == ("hris", "T-1")
        await press(pilot, "z", "5", "colon", '"kick-off', "enter")
        await until(pilot, lambda: app.screen.cursor() == ("hris", "T-4"))
        for digit in ("2", "3", "4", "5"):
            await press(pilot, "z", digit)
        await until(pilot, lambda: "All 4 cards are in columns that are folded" in screen_text(app))
        await press(pilot, "z", "4")
        assert app.screen.cursor() == ("hris", "T-3")


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


async def test_a_card_moves_past_the_one_that_is_seen_above_it(tmp_path):
    new_project(
        tmp_path / "ws",
        *(Task(title=f"Card {n}", owner="ana" if n % 2 else "ben", due=day(n)) for n in range(1, 7)),
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 40)) as pilot:
        await press(pilot, "2", "slash", '"@ana', "enter", "j", "j", "K")
        await until(pilot, lambda: [k[1] for k in app.screen.shown_keys()] == ["T-1", "T-5", "T-3"])
        await press(pilot, "escape")
        await until(
            pilot, lambda: [k[1] for k in app.screen.shown_keys()] == ["T-1", "T-2", "T-5", "T-3", "T-4", "T-6"]
        )


async def test_a_status_has_one_letter_whatever_a_card_is_now(tmp_path):
    new_project(tmp_path / "ws", Task(title="One"), Task(title="Two", status="doing"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "m")
        await until(pilot, lambda: "One is to do" in screen_text(app))
        first = {choice.word: choice.key for choice in app.screen._choices}
        await press(pilot, "escape", "l", "m")
        await until(pilot, lambda: "Two is doing" in screen_text(app))
        second = {choice.word: choice.key for choice in app.screen._choices}
        both = first.keys() & second.keys()
        assert {"done", "cancelled", "blocked"} <= both
        assert all(first[word] == second[word] for word in both)
