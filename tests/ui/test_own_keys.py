import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until

from pmtui import keymap
from pmtui.app import PmtuiApp
from pmtui.domain.records import Task
from pmtui.keymap import ACTIONS, BY_ID, key_of
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.looked import Looked
from pmtui.services.preferences import understood

KEYS = """
[keys]
"record.done" = ["Y", "="]
"record.date" = ["d"]
"record.who" = ["@"]
"record.add" = ["&"]
"desk.undo" = ["ctrl+u"]
"move.down" = ["n"]
"record.note" = ["Q"]
"meetings.notes" = ["ctrl+n"]
"move.first" = ["^"]
"go.board" = ["3"]
"go.risks" = ["2"]
"record.progress" = []
"""


def app_with(path, text=KEYS):
    desk = Desk(session(path, "ana", "ui"))
    desk.open_all()
    state = path.parent / "state"
    found = understood(path.parent / "config.toml", text)
    assert bool(found.problems) == (text != KEYS and not text.startswith("view"))
    return PmtuiApp(desk, Drafts(state / "drafts"), Looked(state / "looked.json"), preferences=found)


@pytest.fixture
def workspace(tmp_path):
    project = new_project(tmp_path / "ws")
    add(project, *(Task(title=f"Task {n}", owner="ben", due=day(-9 + n)) for n in range(1, 4)))
    yield tmp_path / "ws"
    keymap.use_keys({})


async def test_the_users_keys_act_and_the_usual_ones_do_not(workspace):
    app = app_with(workspace)
    project = app.desk.project
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "n")
        assert app.screen.cursor() == ("hris", "T-2")
        await press(pilot, "down")
        assert app.screen.cursor() == ("hris", "T-3")
        await press(pilot, "circumflex_accent")
        assert app.screen.cursor() == ("hris", "T-1")
        await press(pilot, "j", "Y", "Y")
        await until(pilot, lambda: project.data.get("T-1").status == "done")
        assert "Ctrl+U undo" in screen_text(app)
        await press(pilot, "ctrl+u")
        await until(pilot, lambda: project.data.get("T-1").status == "to do")
        number = app.screen.cursor()[1]
        await press(pilot, "d", "f", "enter")
        await until(pilot, lambda: project.data.get(number).due == day(4))
        await press(pilot, "3")
        await until(pilot, lambda: app.current_mode == "board")


async def test_footer_help_palette_and_hints_tell_the_users_keys(workspace):
    app = app_with(workspace)
    async with app.run_test(size=(120, 60)) as pilot:
        await until(pilot, lambda: "Task 1" in screen_text(app))
        footer = screen_text(app).splitlines()[-1]
        assert "& add" in footer
        assert "Y done" in footer
        assert "d date" in footer
        assert "@ who" in footer
        await press(pilot, "question_mark")
        text = " ".join(screen_text(app).split())
        assert "Y = Done, closed" in text
        assert "n ↓ Down" in text
        assert "3 Board" in text
        assert ": Partly done" in text
        await press(pilot, "q", "colon", '"closed')
        await until(pilot, lambda: "Done, closed, paid" in screen_text(app))
        assert screen_text(app).splitlines()[-1]
        line = next(line for line in screen_text(app).splitlines() if "Done, closed, paid" in line)
        assert line.replace("│", " ").split()[-1] == "Y"
        await press(pilot, "escape", "slash", '"nothing like it', "enter", "3")
        await until(pilot, lambda: app.current_mode == "board")


async def test_triage_names_the_users_keys(workspace):
    app = app_with(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t")
        await until(pilot, lambda: "Y done" in screen_text(app))
        text = screen_text(app)
        assert "d date: t today" in text
        assert "@ who" in text
        assert "n next" in text
        assert "Ctrl+U undo" in text
        await press(pilot, "Y", "Y")
        await until(pilot, lambda: app.desk.project.data.get("T-1").status == "done")


async def test_the_view_to_begin_with_is_the_users(workspace):
    app = app_with(workspace, 'view = "board"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "To do" in screen_text(app))
        assert app.current_mode == "board"
        await press(pilot, "1")
        assert app.current_mode == "today"


async def test_an_action_without_a_key_is_in_the_palette_still(workspace):
    app = app_with(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "percent_sign")
        assert len(app.screen_stack) == 1
        await press(pilot, "colon", '"partly', "enter")
        await until(pilot, lambda: len(app.screen_stack) == 2)


async def test_a_page_follows_the_users_keys(workspace):
    app = app_with(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "n k scroll" in screen_text(app).splitlines()[-1])
        await press(pilot, "ctrl+u", "n", "q")
        assert len(app.screen_stack) == 1


async def test_what_of_the_settings_can_not_be_used_is_said_and_the_rest_is_used(workspace):
    app = app_with(workspace, 'theme = "drak"\n[keys]\n"record.done" = ["r"]\n"record.who" = ["@"]\n')
    async with app.run_test(size=(80, 24)) as pilot:
        words = "settings, line 1 theme: 'drak': allowed: dark, light, ansi (and 1 more: pmtui config check); in "
        await until(pilot, lambda: words in " ".join(screen_text(app).split()))
        assert "@ who" in screen_text(app)
        assert "d done" in screen_text(app)


async def test_the_next_application_has_the_usual_keys_again(workspace):
    app_with(workspace)
    assert key_of("record.done") == "Y"
    app = app_over(workspace)
    assert key_of("record.done") == "d"
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "d", "d")
        await until(pilot, lambda: app.desk.project.data.get("T-1").status == "done")


def test_every_action_has_a_key_or_the_palettes():
    assert all(key_of(action.id) for action in ACTIONS)
    assert BY_ID["go.tour"].keys == ()
