"""The report beside a view: it follows every change, takes no key, and is built once for each."""

import pytest
from factories import add, app_over, day, new_project, press, screen_text, session, until, work_of

from pmtui.domain.records import Issue, Milestone, Risk, Task
from pmtui.reports import status
from pmtui.services import reports
from pmtui.services.projects import open_project

BROAD = (200, 50)


def seeded(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(title="Load test", owner="ben", due=day(-9)),
        Risk(title="Vendor leaves", owner="ana", review_date=day(3), probability=5, impact=5),
        Issue(title="Firewall late", owner="ben", target_date=day(3)),
        Milestone(title="Go live", forecast=day(40), baseline=day(40)),
    )


def stored(tmp_path):
    return open_project(session(tmp_path / "ws", name="fresh"), "hris")


@pytest.fixture
def builds(monkeypatch):
    """How often the report's figures were worked out."""
    counted = []
    build = status.build

    def counting(*arguments, **words):
        counted.append(arguments)
        return build(*arguments, **words)

    monkeypatch.setattr(status, "build", counting)
    return counted


@pytest.mark.parametrize("view", ["1", "2", "3", "4", "5"])
async def test_beside_any_view_it_follows_what_others_change(tmp_path, view):
    project = seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=BROAD) as pilot:
        await press(pilot, view, "v")
        await until(pilot, lambda: "Status report" in screen_text(app))
        add(project, Milestone(title="Fire drill", forecast=day(5)))
        app.desk.refresh()
        await until(pilot, lambda: "Fire drill" in screen_text(app))


async def test_keys_go_to_the_view_and_the_page_shows_what_they_did(tmp_path):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=BROAD) as pilot:
        await press(pilot, "2", "v")
        await until(pilot, lambda: "9 days" in screen_text(app))
        await press(pilot, "d", "d")
        assert stored(tmp_path).get("T-1").status == "done"
        await until(pilot, lambda: "Nothing is late." in screen_text(app))
        await press(pilot, "u")
        assert stored(tmp_path).get("T-1").status == "to do"
        await until(pilot, lambda: "9 days" in screen_text(app))


async def test_a_change_works_the_figures_out_once_and_moving_the_cursor_never(tmp_path, builds):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=BROAD) as pilot:
        await press(pilot, "2", "v")
        await until(pilot, lambda: "Status report" in screen_text(app))
        builds.clear()
        await press(pilot, "L")
        await until(pilot, lambda: stored(tmp_path).get("T-1").status == "doing")
        assert len(builds) == 1
        await press(pilot, "j", "k", "v", "v")
        assert len(builds) == 1


async def test_without_the_preview_nothing_is_worked_out(tmp_path, builds):
    seeded(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=BROAD) as pilot:
        await press(pilot, "2", "L", "u")
        await until(pilot, lambda: stored(tmp_path).get("T-1").status == "to do")
        assert builds == []


def work_for(path, tasks):
    """The calls that following a change takes with so many tasks, half of them done in the period."""
    ended = {"status": "done", "percent_done": 100, "finish_date": day(-1)}
    records = (Task(title=f"task {n}", owner="ben", due=day(n % 60), **(ended if n % 2 else {})) for n in range(tasks))
    project = new_project(path, *records)
    reports.status_page(project)
    with project.change("edit") as change:
        change.edit(project.data.get("T-1"), title="Renamed")
    assert project.data.get("T-1").title == "Renamed"
    return work_of(lambda: reports.status_page(project)), work_of(lambda: reports.status_page(project))


def test_what_following_a_change_takes_grows_by_a_few_calls_a_task_and_once(tmp_path):
    (few, _), (many, again) = work_for(tmp_path / "few", 500), work_for(tmp_path / "many", 1500)
    assert (many - few) / 1000 < 6
    assert again < 60
