import datetime as dt

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until
from textual import events

from pmtui.domain.records import Meeting, Risk, Task
from pmtui.screens.answers import read_block
from pmtui.services import records
from pmtui.services.projects import open_project


def two_late(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(
            title="Sign off", owner="ana", due=day(-9), priority="high", notes="\n".join(f"line {n}" for n in range(30))
        ),
        Task(title="Load test", owner="ben", due=day(-1)),
    )


def colleague(tmp_path, number, **written):
    theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
    records.edit_record(theirs, number, written)
    theirs.close()


def stored(app, number):
    app.desk.refresh()
    return app.desk.project.data.get(number)


async def test_an_act_that_writes_nothing_decides_nothing(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "d", "d")
        await until(pilot, lambda: "1 done" in screen_text(app))
        at = app.screen.cursor()
        await press(pilot, "w", f'"{stored(app, at[1]).owner}', "enter")
        await pilot.pause(0.05)
        assert app.screen.cursor() == at
        assert "1 done" in screen_text(app)


async def test_undo_undecides_in_its_own_project_alone(tmp_path):
    two_late(tmp_path)
    add(new_project(tmp_path / "ws", code="erp"), Task(title="In ERP", due=day(-3)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t")
        screen = app.screen
        for key in (("erp", "T-1"), ("hris", "T-1")):
            screen.table.move_to(key)
            await press(pilot, "r", "a")
        await press(pilot, "u")
        await until(pilot, lambda: screen.cursor() == ("hris", "T-1"))
        assert set(screen._decisions.of) == {("erp", "T-1")}
        await press(pilot, "U")
        await until(pilot, lambda: set(screen._decisions.of) == {("erp", "T-1"), ("hris", "T-1")})


async def test_only_what_is_seen_is_rebuilt(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        today, built = app.screen, []
        await press(pilot, "t")
        triage = app.screen
        for screen in (today, triage):
            show = screen.show_data
            screen.show_data = lambda screen=screen, show=show: (built.append(screen), show())
        await press(pilot, "d", "d")
        await until(pilot, lambda: "1 done" in screen_text(app))
        await pilot.pause(0.05)
        assert built == [triage]
        await press(pilot, "q")
        await until(pilot, lambda: built == [triage, today])


@pytest.mark.parametrize(("key", "mode"), [("1", "today"), ("2", "board")])
async def test_a_digit_leaves_triage(tmp_path, key, mode):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", key)
        await until(pilot, lambda: app.current_mode == mode and app.screen.view == mode)


async def test_a_long_story_scrolls_and_the_consequence_comes_first(tmp_path):
    add(two_late(tmp_path), Task(title="After", depends_on=("T-1",), due=day(1), estimate=8.0))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 18)) as pilot:
        await press(pilot, "t")
        app.screen.table.move_to(("hris", "T-1"))
        await until(pilot, lambda: "PgDn more" in screen_text(app))
        before = screen_text(app)
        await press(pilot, "pagedown")
        assert screen_text(app) != before


async def test_the_least_size_shows_the_record(tmp_path):
    two_late(tmp_path)
    add(new_project(tmp_path / "ws", code="erp"), Task(title="In ERP", due=day(-3)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(40, 10)) as pilot:
        await until(pilot, lambda: "Sign off" in screen_text(app))
        await press(pilot, "t")
        await until(pilot, lambda: "Load test" in screen_text(app) or "Sign off" in screen_text(app))


async def test_a_long_label_stands_above_its_line(tmp_path):
    new_project(tmp_path / "ws", Task(title="A very long title that goes on " * 4, owner="ana", due=day(-9)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(60, 24)) as pilot:
        await press(pilot, "b", '"vendor quote, +5d')
        lines = screen_text(app).splitlines()
        label = next(at for at, line in enumerate(lines) if "blocked by" in line)
        assert "…" in lines[label]
        assert "vendor quote, +5d" in lines[label + 1]
        await press(pilot, "enter")
        assert stored(app, "T-1").blocked_reason == "vendor quote"


def test_a_reason_ends_before_its_comma():
    assert read_block("vendor quote; +5d", day(0)) == ("vendor quote", day(5), "")


@pytest.mark.parametrize(("keys", "title"), [(["enter"], "Mine"), (["ctrl+t", "enter"], "Theirs")])
async def test_a_conflict_shows_both_and_is_settled_by_a_key(tmp_path, keys, title):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 30)) as pilot:
        app.screen.reveal(("hris", "T-1"))
        await press(pilot, "e")
        form = app.screen
        form.query_one("#f-title").value = "Mine"
        colleague(tmp_path, "T-1", title="Theirs", priority="low")
        app._look()
        await until(pilot, lambda: "changed Title to Theirs" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: "again keeps yours" in screen_text(app))
        assert "ben" in screen_text(app)
        assert "you Mine" in screen_text(app)
        await press(pilot, *keys)
        await until(pilot, lambda: app.screen is not form)
        assert (stored(app, "T-1").title, stored(app, "T-1").priority) == (title, "low")


async def test_a_draft_never_overwrites_in_silence(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 30)) as pilot:
        app.screen.reveal(("hris", "T-1"))
        await press(pilot, "e", '"X', "escape")
        colleague(tmp_path, "T-1", title="Theirs")
        app._look()
        await pilot.pause(0.05)
        await press(pilot, "e")
        await until(pilot, lambda: "ben" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: "again keeps yours" in screen_text(app))
        assert stored(app, "T-1").title == "Theirs"
        await press(pilot, "enter")
        await until(pilot, lambda: stored(app, "T-1").title == "Sign offX")


async def test_q_leaves_the_full_page_of_the_report_first(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 30)) as pilot:
        await press(pilot, "6", "v", "q")
        await pilot.pause()
        assert app.current_mode == "report"
        assert not app.screen.has_class("only-page")
        assert "[ ] period" in screen_text(app)


async def test_what_writes_no_record_offers_no_undo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    new_project(tmp_path / "ws", Task(title="One", due=day(-1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(200, 24)) as pilot:
        await press(pilot, "X")
        await until(pilot, lambda: "1 row written" in screen_text(app))
        assert "u undo" not in screen_text(app)


async def test_a_pasted_block_says_what_it_leaves_out(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 24)) as pilot:
        await press(pilot, "a")
        app.screen.query_one("OneLine").post_message(events.Paste("\nFirst\nSecond\n\nThird\n"))
        await until(pilot, lambda: "2 more lines were left out" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: stored(app, "T-3").title == "First")


async def test_the_opened_record_is_edited_from_its_page(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 30)) as pilot:
        app.screen.reveal(("hris", "T-1"))
        await press(pilot, "enter")
        assert screen_text(app).count("Sign off") == 1
        assert "Order" not in screen_text(app)
        await press(pilot, "e", '"X', "enter")
        await until(pilot, lambda: "T-1" in screen_text(app) and stored(app, "T-1").title == "Sign offX")
        await press(pilot, "u")
        await until(pilot, lambda: stored(app, "T-1").title == "Sign off")


async def test_an_exact_percentage(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.reveal(("hris", "T-1"))
        await press(pilot, "percent_sign", "p", '"101', "enter", "backspace", "backspace", '"5', "enter", "enter")
        await until(pilot, lambda: stored(app, "T-1").percent_done == 15)


async def test_a_verb_of_another_view_says_where_it_works(tmp_path):
    add(two_late(tmp_path), Risk(title="Vendor", owner="ana", review_date=day(9)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "3", "c")
        await until(pilot, lambda: "c: chase works on tasks, in Today, Board" in screen_text(app))


@pytest.mark.parametrize("several", [False, True])
async def test_titles_are_no_shorter_where_there_is_more_room(tmp_path, several):
    title = "Sign off the data migration test plan with ever"
    new_project(tmp_path / "ws", Task(title=title, owner="ana", due=day(-9)), code="first-long")
    if several:
        add(new_project(tmp_path / "ws", code="second"), Task(title="x", due=day(-1)))
    for width in (80, 120, 150):
        app = app_over(tmp_path / "ws")
        async with app.run_test(size=(width, 40)) as pilot:
            await until(pilot, lambda app=app: "Overdue" in screen_text(app))
            await pilot.pause()
            assert title in screen_text(app).split("Overdue")[1]
            if several and width > 80:
                assert "first-long" in screen_text(app)


async def test_the_palette_goes_to_where_an_action_is(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(100, 24)) as pilot:
        await press(pilot, "colon", '"burn chart')
        await until(pilot, lambda: "in Costs (4)" in screen_text(app))
        await press(pilot, "enter")
        await until(pilot, lambda: app.current_mode == "costs")


async def test_statuses_with_their_own_key_are_not_offered(tmp_path):
    start = dt.datetime.combine(day(0), dt.time(14))
    add(
        two_late(tmp_path),
        Meeting(title="Steering", start=start),
        Risk(title="Vendor", owner="ana", review_date=day(9)),
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "5", "m")
        await until(pilot, lambda: "held" in screen_text(app).splitlines()[-1])
        assert "published" not in screen_text(app).splitlines()[-1]
        await press(pilot, "escape", "3", "m")
        await until(pilot, lambda: "leave it" in screen_text(app))
        assert "occurred" not in screen_text(app)


async def test_the_preview_in_place_of_the_view_says_the_way_back(tmp_path):
    two_late(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "v")
        await until(pilot, lambda: "v back" in screen_text(app))
