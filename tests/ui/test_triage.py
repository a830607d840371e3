import pytest
from factories import TODAY, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import BudgetLine, Change, CostEntry, Issue, Meeting, Milestone, Risk, Task
from pmtui.services import tasks
from pmtui.services.projects import open_project


def pile(tmp_path, *more):
    return new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9), priority="high"),
        Task(title="Load test", owner="ben", due=day(-1)),
        Milestone(title="UAT start", forecast=day(3), depends_on=("T-2",)),
        *more,
    )


def record(app, number):
    app.desk.refresh()
    return app.desk.project.data.get(number)


async def test_the_queue_begins_with_what_holds_most_up_and_says_why(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t")
        text = screen_text(app)
        assert "Triage · 1 of 2" in text
        assert "T-2  Load test" in text
        assert "holds up MS-1" in text
        assert "If it slips to Fri 6 Mar: MS-1 UAT start" in text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_decisions_are_counted_and_the_next_comes_by_itself(tmp_path, size):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "t", "r", "f", "v")
        await until(pilot, lambda: "T-1  Sign off" in screen_text(app))
        assert "1 moved" in screen_text(app)
        await press(pilot, "d")
        await until(pilot, lambda: "All 2 decided" in screen_text(app))
        assert (record(app, "T-2").due, record(app, "T-1").status) == (day(4), "done")
        await press(pilot, "u")
        await until(pilot, lambda: "T-1  Sign off" in screen_text(app))
        assert record(app, "T-1").status == "to do"
        await press(pilot, "q")
        assert record(app, "T-2").due == day(4)


@pytest.mark.parametrize(
    ("keys", "field", "value", "tally"),
    [
        (["d"], "status", "done", "1 done"),
        (["r", "t", "enter"], "due", TODAY, "1 moved"),
        (["r", "m", "enter"], "due", day(1), "1 moved"),
        (["r", "f", "enter"], "due", day(4), "1 moved"),
        (["r", "w", "enter"], "due", day(7), "1 moved"),
        (["r", "p", '"eom', "enter", "s"], "due", day(29), "1 moved"),
        (["r", "a"], "snoozed_until", day(7), "1 accepted"),
        (["r", "c", '"+9d', "enter"], "due", day(9), "1 corrected"),
        (["percent_sign", "5"], "percent_done", 50, "1 partly done"),
        (["w", '"chi', "enter"], "owner", "chi", "1 delegated"),
        (["b", '"firewall +2d', "enter"], "follow_up", day(2), "1 blocked"),
        (["c"], "last_chased", TODAY, "1 chased"),
        (["s", '"a; b', "enter"], "depends_on", ("T-3", "T-4"), "1 split"),
        (["i"], "links", ("I-1",), "1 raised"),
        (["R"], "links", ("R-1",), "1 raised"),
        (["exclamation_mark", "c"], "links", ("I-1",), "1 escalated"),
        (["x", "d", '"no longer needed', "enter"], "status", "cancelled", "1 dropped"),
        (["x", "l"], "status", "backlog", "1 deferred"),
        (["x", "m", '"Sign', "enter"], "survivor", "T-1", "1 merged"),
    ],
)
async def test_every_decision_from_key_to_store_and_back(tmp_path, keys, field, value, tally):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        before = getattr(record(app, "T-2"), field)
        await press(pilot, "t", *keys)
        await until(pilot, lambda: getattr(record(app, "T-2"), field) == value)
        await until(pilot, lambda: tally in screen_text(app))
        await press(pilot, "u")
        await until(pilot, lambda: getattr(record(app, "T-2"), field) == before)
        await until(pilot, lambda: tally not in screen_text(app))


async def test_everything_that_is_late_is_in_the_queue(tmp_path):
    pile(
        tmp_path,
        Risk(title="Vendor", owner="ana", review_date=day(-1)),
        Issue(title="Rejected", owner="ana", target_date=day(-1)),
        BudgetLine(category="travel"),
        CostEntry(date=day(-30), budget_line="B-1", net=10, status="committed", invoice_expected_on=day(-1)),
        Meeting(title="Steering", start=app_start(-5)),
        Change(title="More", requester="ben", description="x", decision_due=day(-1)),
        Task(title="chased", due=day(-3), snoozed_until=day(1)),
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "t")
        assert sorted(n for _, n in app.screen.shown_keys()) == ["C-1", "CR-1", "I-1", "M-1", "R-1", "T-1", "T-2"]
        await until(pilot, lambda: "1 of 7" in screen_text(app))


def app_start(offset):
    import datetime as dt

    return dt.datetime.combine(day(offset), dt.time(10))


async def test_bulk_with_one_reason_and_one_undo(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t", "asterisk", "r", "f", "c")
        await until(pilot, lambda: "All 2 decided" in screen_text(app))
        assert {record(app, n).due for n in ("T-1", "T-2")} == {day(4)}
        await press(pilot, "u")
        assert [record(app, n).due for n in ("T-1", "T-2")] == [day(-9), day(-1)]


async def test_what_a_colleague_settles_is_settled(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t")
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        tasks.complete(theirs, ["T-1"])
        app._look()
        await until(pilot, lambda: "1 settled" in screen_text(app))
        assert app.screen.cursor() == ("hris", "T-2")


async def test_keys_typed_at_once_are_one_decision(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("t", "r", "f", "v")
        await until(pilot, lambda: record(app, "T-2").due == day(4))


async def test_nothing_overdue_says_so(tmp_path):
    new_project(tmp_path / "ws", Task(title="a", due=day(3)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "t")
        assert "Nothing is overdue" in screen_text(app)
