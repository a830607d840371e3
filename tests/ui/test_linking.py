"""Link by a key from any list: found by words or letters, in one way or another, and taken away again."""

import pytest
from factories import add, app_over, day, new_project, press, screen_text, until

from pmtui.domain.records import Deliverable, Risk, Task
from pmtui.screens.linking import Targets


def fill(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(title="Migrate payroll data", owner="ana", due=day(-3)),
        Task(title="Load test", owner="ben", due=day(-2), depends_on=("T-1",)),
        Risk(title="The vendor is late", owner="ana", review_date=day(2)),
        Deliverable(code="1", title="Migration"),
    )


def record(app, number):
    return app.desk.project.data.get(number)


@pytest.mark.parametrize("view", ["3", "t"])
async def test_the_same_key_links_in_other_lists(tmp_path, view):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, view, "f", '"OPS-12', "enter")
        number = "R-1" if view == "3" else app.screen.cursor()[1]
        await until(pilot, lambda: record(app, number).links == ("OPS-12",))
        await press(pilot, "f", '"ops')
        assert "linked to OPS-12" in screen_text(app)
        await press(pilot, "enter")
        await until(pilot, lambda: not record(app, number).links)


async def test_a_circle_is_refused_by_its_names(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "f")
        assert "before T-2 Load test" in screen_text(app)
        await press(pilot, '"load', "enter")
        assert "T-1 waits for T-2" in screen_text(app)
        await press(pilot, "a")
        assert "T-1 → T-2" in screen_text(app) or "T-2 → T-1" in screen_text(app)
        assert record(app, "T-1").depends_on == ()


async def test_marks_over_several_projects_are_linked_to_what_lies_outside(tmp_path):
    fill(tmp_path)
    add(new_project(tmp_path / "ws", code="erp"), Task(title="Late in ERP", owner="zoe", due=day(-2)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "plus", '"late open', "enter", "f", '"vend')
        assert "nothing fits" in screen_text(app)
        await press(pilot, *["backspace"] * 4, '"https://wiki/x1', "enter")
        tasks = [task for project in app.desk.projects.values() for task in project.data.tasks.values()]
        assert [task.links for task in tasks] == [("https://wiki/x1",)] * 3
        await press(pilot, "u")
        assert not any(task.links for project in app.desk.projects.values() for task in project.data.tasks.values())


def test_targets_are_found_by_words_in_any_order_by_letters_with_gaps_and_by_number(tmp_path):
    project = fill(tmp_path)
    targets = Targets(project, frozenset({"T-2"}))

    def found(text):
        return [item.value[1] for item in targets.find(text)]

    assert found("data migr") == ["T-1"]
    assert found("mgrpay") == ["T-1"]
    assert found("r1")[0] == "R-1"
    assert "T-2" not in found("")
    assert found("migr") == ["T-1", "W-1"]
    add(project, Task(title="Migrate the rest"))
    assert found("migr") == ["T-1", "T-3", "W-1"]
    assert found("[a-z") == []


async def test_enter_alone_takes_no_link_away(tmp_path):
    fill(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "2", "f", "enter", "escape")
        assert record(app, "T-2").depends_on == ("T-1",)
