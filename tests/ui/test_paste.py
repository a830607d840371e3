"""Many lines pasted are previewed, mended in place, and added as one thing to undo."""

from factories import app_over, day, new_project, press, screen_text, until
from textual import events

from pmtui.domain.records import Task

TEXT = """# Cut-over
- [ ] Freeze the interface @ana due fri ~2d
   - [x] Tell users
\t* due 2026-02-31 again
1. [/foo]\x1b[31m @zoe
- risk: Vendor late p4
"""


async def pasted(pilot, app, text=TEXT, typed=""):
    await press(pilot, "2", "a", *([f'"{typed}'] if typed else []))
    app.screen.query_one("OneLine").post_message(events.Paste(text))
    await until(pilot, lambda: type(app.screen).__name__ == "PasteScreen")
    await pilot.pause()


def data(app):
    app.desk.refresh()
    return app.desk.project.data


async def test_each_line_says_what_it_becomes_or_what_is_wrong(tmp_path):
    new_project(tmp_path / "ws", Task(title="One", due=day(1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pasted(pilot, app)
        text = screen_text(app)
        assert "4 to add · 1 to mend · 1 left out" in text
        assert "✓     2  Freeze the interface   @ana   16h" in text
        assert any("Freeze" in line and line.endswith("Fri 6 Mar") for line in text.splitlines())
        assert "–     3    Tell users" in text
        assert "!     4      due: '2026-02-31'" in text
        assert "✓     6  risk: Vendor late   probability 4" in text
        assert "\x1b" not in text
        assert "⏎ add 4  e edit  x leave out" in text


async def test_enter_adds_the_good_ones_as_one_and_the_others_are_mended(tmp_path):
    new_project(tmp_path / "ws", Task(title="One", due=day(1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pasted(pilot, app)
        await press(pilot, "enter")
        await until(pilot, lambda: "3 tasks and 1 risk added" in screen_text(app))
        assert "the others are to be mended" in screen_text(app)
        assert len(data(app).tasks) == 4
        await press(pilot, "e", *["backspace"] * 20, '"again due fri', "enter", "enter")
        await until(pilot, lambda: type(app.screen).__name__ == "BoardScreen")
        found = data(app).tasks[5]
        assert (found.title, found.due, found.parent) == ("again", day(4), "T-3"), "it is part of what it stood under"
        await press(pilot, "u", "u")
        await until(pilot, lambda: len(data(app).tasks) == 1)


async def test_what_is_not_added_is_kept_and_comes_back(tmp_path):
    new_project(tmp_path / "ws", Task(title="One", due=day(1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pasted(pilot, app, "alpha\n  beta due 2026-02-31\n")
        await press(pilot, "escape")
        assert "2 lines kept: a, then ↓ brings them back" in screen_text(app)
        await press(pilot, "a")
        assert "↓ 2 kept   Esc leave" in screen_text(app)
        await press(pilot, "down")
        await until(pilot, lambda: "1 to add · 1 to mend" in screen_text(app))
        await press(pilot, "j", "x", "enter")
        await until(pilot, lambda: len(data(app).tasks) == 2)
        await press(pilot, "a")
        assert "kept" not in screen_text(app)


async def test_what_was_typed_before_is_part_of_the_first_line(tmp_path):
    new_project(tmp_path / "ws", Task(title="One", due=day(1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pasted(pilot, app, "first\nsecond", typed="The ")
        await press(pilot, "enter")
        await until(pilot, lambda: [t.title for t in data(app).tasks.values()] == ["One", "The first", "second"])


async def test_another_kind_for_all_of_them(tmp_path):
    new_project(tmp_path / "ws", Task(title="One", due=day(1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pasted(pilot, app, "Vendor late\nNo capacity")
        await press(pilot, "tab")
        assert "Add risks" in screen_text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: len(data(app).risks) == 2)
