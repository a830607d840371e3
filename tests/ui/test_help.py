import pytest
from factories import add, app_over, day, new_project, press, screen_text, until

from pmtui.domain.records import Risk, Task
from pmtui.keymap import ALL, BY_ID, PURPOSES
from pmtui.screens.help import HelpScreen, why_dimmed


@pytest.fixture
def workspace(tmp_path):
    project = new_project(tmp_path / "ws")
    add(project, Task(title="Late one", owner="ben", due=day(-3)))
    add(project, Risk(title="Vendor is late", owner="ben", probability=4, impact=4, review_date=day(-1)))
    return tmp_path / "ws"


def test_every_view_has_a_purpose_and_three_keys_of_its_own():
    assert set(PURPOSES) == set(ALL)
    for view, purpose in PURPOSES.items():
        assert all(BY_ID[action_id].works_in(view) and BY_ID[action_id].keys for action_id in purpose.best)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("view", ["today", "board", "report", "settings"])
async def test_it_begins_with_what_the_screen_is_for(workspace, size, view):
    app = app_over(workspace)
    async with app.run_test(size=size) as pilot:
        app.screen.go(view)
        await until(pilot, lambda: app.current_mode == view)
        await press(pilot, "question_mark")
        await until(pilot, lambda: "This screen" in screen_text(app))
        text = " ".join(screen_text(app).split())
        assert PURPOSES[view].words in text
        for action_id in PURPOSES[view].best:
            assert f"{BY_ID[action_id].key} {BY_ID[action_id].help}"[:40] in text
        assert "…" not in screen_text(app)


async def test_what_does_not_apply_is_dimmed_with_its_reason(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.cursor() == ("hris", "T-1"))
        assert why_dimmed(app.screen, BY_ID["record.split"]) == ""
        await press(pilot, "j")
        await until(pilot, lambda: app.screen.cursor() == ("hris", "R-1"))
        assert why_dimmed(app.screen, BY_ID["record.split"]) == "not for a risk"
        assert why_dimmed(app.screen, BY_ID["tour.skip"]) == "no tour now"
        await press(pilot, "question_mark", "slash", '"split', "enter")
        await until(pilot, lambda: "Split into parts · not for a risk" in screen_text(app))


async def test_it_is_narrowed_by_words_and_escape_brings_all_back(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "question_mark", "slash", '"blocked')
        await until(pilot, lambda: "1 shown" in screen_text(app))
        await press(pilot, "enter")
        assert "This screen" not in screen_text(app)
        await press(pilot, "escape")
        await until(pilot, lambda: "This screen" in screen_text(app))
        await press(pilot, "slash", '"no such thing', "enter")
        await until(pilot, lambda: "No key does no such thing" in screen_text(app))
        await press(pilot, "q")
        assert not isinstance(app.screen, HelpScreen)


async def test_it_leads_to_the_palette(workspace):
    app = app_over(workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "question_mark", "colon", '"vendor')
        await until(pilot, lambda: "R-1 Vendor is late" in screen_text(app))
