import datetime as dt

import pytest
from factories import TODAY, app_over, day, new_project, press, screen_text, session, until

from pmtui.domain.records import (
    BudgetLine,
    Change,
    CostEntry,
    Issue,
    Meeting,
    Milestone,
    Project,
    Risk,
    Task,
)
from pmtui.domain.records.base import STAMPS
from pmtui.services import tasks, verbs
from pmtui.services.projects import open_project

SIZE = (80, 24)


def pile(tmp_path, *more):
    return new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9), priority="high"),
        Task(title="Load test", owner="ben", due=day(-1), estimate=16),
        Milestone(title="UAT start", forecast=day(3), depends_on=("T-2",)),
        *more,
    )


def record(app, number):
    app.desk.refresh()
    return app.desk.project.data.get(number)


def stored(tmp_path):
    """What a fresh open of the store finds: every record, without when and by whom it was written."""
    project = open_project(session(tmp_path / "ws", "zoe", "reader"), "hris")
    documents = {
        r.number: {k: v for k, v in r.TYPE.encode(r).items() if k not in STAMPS} for r in project.data.records()
    }
    project.close()
    return documents


DECISIONS = {
    "done": [
        (["d", "d"], {"status": "done", "finish_date": TODAY.isoformat()}, "1 done"),
        (["d", "y"], {"status": "done", "finish_date": day(-1).isoformat()}, "1 done"),
        (["d", "p", '"sat ~6h', "enter"], {"finish_date": day(-2).isoformat(), "actual_effort": 6}, "1 done"),
    ],
    "reschedule": [
        (["r", "t", "v"], {"due": TODAY.isoformat(), "slip_count": 1}, "1 moved"),
        (["r", "m", "d"], {"due": day(1).isoformat(), "slip_count": 1}, "1 moved"),
        (["r", "f", "c"], {"due": day(4).isoformat(), "slip_count": 1}, "1 moved"),
        (["r", "w", "enter"], {"due": day(7).isoformat(), "slip_count": 1}, "1 moved"),
        (["r", "p", '"eom', "enter", "o", '"strike', "enter"], {"due": day(29).isoformat()}, "1 moved"),
    ],
    "partly done": [
        (["percent_sign", "5", "enter"], {"percent_done": 50, "remaining": 8, "status": "doing"}, "1 partly done"),
        (["percent_sign", "7", "f"], {"percent_done": 70, "due": day(4).isoformat()}, "1 partly done"),
        (
            ["percent_sign", "3", "h", '"4', "enter", "w"],
            {"percent_done": 30, "remaining": 4, "due": day(7).isoformat()},
            "1 partly done",
        ),
    ],
    "delegate": [(["w", '"chi', "enter"], {"owner": "chi"}, "1 delegated")],
    "split": [(["s", '"a; b', "enter"], {"depends_on": ("T-3", "T-4")}, "1 split")],
    "block": [
        (
            ["b", '"firewall +2d', "enter"],
            {"status": "blocked", "blocked_reason": "firewall", "follow_up": day(2).isoformat()},
            "1 blocked",
        )
    ],
    "chase": [
        (
            ["c", "c"],
            {"last_chased": TODAY.isoformat(), "waiting_for": "ben", "snoozed_until": day(3).isoformat()},
            "1 chased",
        ),
        (["c", "p", '"chi', "enter"], {"waiting_for": "chi"}, "1 chased"),
    ],
    "raise issue": [(["i", "4"], {"links": ("I-1",)}, "1 raised")],
    "raise risk": [
        (["R", "4", "3"], {"links": ("R-1",)}, "1 raised"),
        (["R", "enter"], {"links": ("R-2",)}, "1 raised"),
    ],
    "escalate": [(["exclamation_mark", "c", "w"], {"links": ("I-1",)}, "1 escalated")],
    "drop": [(["x", "d", "n"], {"status": "cancelled", "cancelled_reason": "no longer needed"}, "1 dropped")],
    "defer to a later phase": [(["x", "l", "b"], {"status": "backlog", "due": None}, "1 deferred")],
    "merge a duplicate": [(["x", "m", '"Sign', "enter"], {"status": "cancelled", "survivor": "T-1"}, "1 merged")],
    "accept the delay": [(["r", "a"], {"snoozed_until": day(7).isoformat(), "due": day(-1).isoformat()}, "1 accepted")],
    "correct wrong data": [(["r", "c", '"+9d', "enter"], {"due": day(9).isoformat(), "slip_count": 0}, "1 corrected")],
}
"""Every decision of the domain about an overdue task: its keys, what a fresh open then finds, and how it is counted."""

OF_THE_DOMAIN = {
    "done", "reschedule", "partly done", "delegate", "split", "block", "chase", "raise issue", "raise risk", "escalate",
    "drop", "defer to a later phase", "merge a duplicate", "accept the delay", "correct wrong data",
}  # fmt: skip
"""The rows of the domain's triage table."""


def test_every_decision_of_the_domain_is_tested():
    assert set(DECISIONS) == OF_THE_DOMAIN


@pytest.mark.parametrize("decision", DECISIONS)
async def test_every_decision_from_key_to_store_and_back(tmp_path, decision):
    pile(tmp_path)
    before = stored(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t")
        for keys, fields, tally in DECISIONS[decision]:
            await press(pilot, *keys)
            await until(pilot, lambda tally=tally: tally in screen_text(app))
            found = stored(tmp_path)["T-2"]
            assert {name: found.get(name) for name in fields} == fields, keys
            assert found["baseline_due"] == before["T-2"]["baseline_due"]
            await press(pilot, "u")
            await until(pilot, lambda tally=tally: tally not in screen_text(app))
            assert stored(tmp_path) == before, keys
            assert "T-2  Load test" in screen_text(app)


RAISED = {
    "issue": (["i", "4"], "I-1", {"urgency": 4, "impact": 4, "source": "T-2", "owner": "ben"}),
    "risk": (["R", "4", "3"], "R-1", {"probability": 4, "impact": 3, "source": "T-2", "owner": "ben"}),
    "escalation": (
        ["exclamation_mark", "c", "f"],
        "I-1",
        {"decision_needed_from": "steering committee", "decision_needed_by": day(4).isoformat(), "source": "T-2"},
    ),
    "to the sponsor": (["exclamation_mark", "s", "enter"], "I-1", {"decision_needed_from": "sponsor"}),
}


@pytest.mark.parametrize("what", RAISED)
async def test_what_is_raised_is_linked_with_its_level_and_its_day(tmp_path, what):
    keys, number, fields = RAISED[what]
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", *keys)
        await until(pilot, lambda: record(app, number))
        found = stored(tmp_path)[number]
        assert {name: found.get(name) for name in fields} == fields


OTHERS = {
    "a risk is reviewed": (Risk(title="V", owner="a", review_date=day(-1)), ["r", "w"], {"review_date": day(7)}),
    "a risk is closed": (
        Risk(title="V", owner="a", review_date=day(-1), status="approved"),
        ["d"],
        {"status": "closed"},
    ),
    "a risk occurred": (
        Risk(title="V", owner="a", review_date=day(-1), status="approved"),
        ["i"],
        {"status": "occurred"},
    ),
    "an issue is resolved": (
        Issue(title="R", owner="a", target_date=day(-1)),
        ["d", '"sent again', "enter"],
        {"status": "resolved", "resolution": "sent again"},
    ),
    "an issue is moved": (Issue(title="R", owner="a", target_date=day(-1)), ["r", "f"], {"target_date": day(4)}),
    "a milestone is reached": (Milestone(title="Go", forecast=day(-2)), ["d", "o"], {"actual": day(-2)}),
    "a milestone is moved": (
        Milestone(title="Go", forecast=day(-2)),
        ["r", "w", "v"],
        {"forecast": day(7), "forecast_reason": "vendor late"},
    ),
    "a decision is put off": (
        Change(title="M", requester="ben", description="x", decision_due=day(-1)),
        ["r", "f"],
        {"decision_due": day(4)},
    ),
}


@pytest.mark.parametrize("what", OTHERS)
async def test_what_is_no_task_is_decided_by_the_same_keys(tmp_path, what):
    late, keys, fields = OTHERS[what]
    project = new_project(tmp_path / "ws", late)
    number = f"{late.TYPE.prefix}-1"
    before = stored(tmp_path)
    assert project.data.get(number)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", *keys)
        await until(pilot, lambda: "All 1 decided" in screen_text(app))
        assert {name: getattr(record(app, number), name) for name in fields} == fields
        await press(pilot, "u")
        await until(pilot, lambda: "All 1 decided" not in screen_text(app))
        after = stored(tmp_path)
        assert {n: d for n, d in after.items() if n[:2] != "P-"} == {n: d for n, d in before.items() if n[:2] != "P-"}


async def test_late_minutes_are_published_which_stands(tmp_path):
    start = dt.datetime.combine(day(-5), dt.time(10))
    new_project(tmp_path / "ws", Meeting(title="Steering", start=start, status="held", present=("ana",)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "d")
        assert "Publish the minutes of M-1" in screen_text(app)
        await press(pilot, "escape")
        assert app.desk.project.get("M-1").status == "held"
        await press(pilot, "d", "d")
        await until(pilot, lambda: "1 published" in screen_text(app))
        assert record(app, "M-1").status == "published"
        await press(pilot, "u")
        assert "1 published" in screen_text(app)


async def test_a_commitment_past_its_invoice_is_decided(tmp_path):
    cost = CostEntry(date=day(-30), budget_line="B-1", net=10, status="committed", invoice_expected_on=day(-1))
    new_project(tmp_path / "ws", BudgetLine(category="travel"), cost)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "r", "w")
        await until(pilot, lambda: "All 1 decided" in screen_text(app))
        assert record(app, "C-1").invoice_expected_on == day(7)


async def test_a_verb_that_does_not_apply_says_why(tmp_path):
    new_project(tmp_path / "ws", Risk(title="Vendor", owner="ana", review_date=day(-1)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "s")
        assert "R-1: split does not apply to a risk" in screen_text(app)


async def test_the_screen_looks_as_the_product_says(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t")
        lines = screen_text(app).splitlines()
        assert "Triage · 1 of 2" in lines[0]
        assert lines[2].startswith("  T-2  Load test")
        assert lines[2].endswith("1 day late")
        text = "\n".join(lines)
        assert "Holds up MS-1 UAT start" in text
        assert "If it slips to Fri 6 Mar: MS-1 UAT start 5 Mar → 6 Mar" in text
        assert "r date: t today m tomorrow f Fri w +1 week p pick a accept c fix" in text
        columns = {line.index(word) for line, word in zip(lines[-5:-2], ("r date", "w who", "x drop"), strict=True)}
        assert "q leave" in lines[-1]
        assert "o order" in lines[-1]
        assert len(columns) == 1, "the menu's keys stand beneath one another"


async def test_a_key_explains_the_order(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "o")
        text = screen_text(app)
        assert "T-2  place 1 of 2" in text
        assert "40  holds up MS-1" in text
        assert "41  together" in text
        assert "24  T-1 Sign off" in text
        await press(pilot, "q")
        assert "Triage · 1 of 2" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_decisions_are_counted_and_the_next_comes_by_itself(tmp_path, size):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "t", "r", "f", "v")
        await until(pilot, lambda: "T-1  Sign off" in screen_text(app))
        assert "1 moved" in screen_text(app)
        await press(pilot, "d", "d")
        await until(pilot, lambda: "All 2 decided" in screen_text(app))
        text = " ".join(screen_text(app).split())
        assert "ana moved T-2 Load test from 1 Mar to 6 Mar: vendor late" in text
        assert "ana completed T-1 Sign off" in text
        await press(pilot, "u")
        await until(pilot, lambda: "T-1  Sign off" in screen_text(app))
        assert record(app, "T-1").status == "to do"
        await press(pilot, "q")
        assert record(app, "T-2").due == day(4)


async def test_one_goes_back_and_forth_and_decides_anew(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "r", "f", "v")
        await until(pilot, lambda: "T-1  Sign off" in screen_text(app))
        await press(pilot, "k")
        assert "✓ moved" in screen_text(app)
        await press(pilot, "x", "d", "n")
        await until(pilot, lambda: "1 dropped" in screen_text(app))
        await press(pilot, "u")
        await until(pilot, lambda: "1 moved" in screen_text(app))
        await press(pilot, "j", "j")
        assert "1 of 2 decided" in screen_text(app)
        assert "Left for another time: 1" in screen_text(app)
        await press(pilot, "d")
        assert "nothing under the cursor" in screen_text(app)
        await press(pilot, "k")
        assert "T-1  Sign off" in screen_text(app)


async def test_everything_that_is_late_is_in_the_queue(tmp_path):
    pile(
        tmp_path,
        Risk(title="Vendor", owner="ana", review_date=day(-1)),
        Issue(title="Rejected", owner="ana", target_date=day(-1)),
        BudgetLine(category="travel"),
        CostEntry(date=day(-30), budget_line="B-1", net=10, status="committed", invoice_expected_on=day(-1)),
        Meeting(title="Steering", start=dt.datetime.combine(day(-5), dt.time(10))),
        Change(title="More", requester="ben", description="x", decision_due=day(-1)),
        Milestone(title="Go-live", forecast=day(-1)),
        Task(title="chased", due=day(-3), snoozed_until=day(1)),
    )
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "t")
        shown = sorted(n for _, n in app.screen.shown_keys())
        assert shown == ["C-1", "CR-1", "I-1", "M-1", "MS-2", "R-1", "T-1", "T-2"]
        await until(pilot, lambda: "1 of 8" in screen_text(app))


async def test_bulk_with_one_reason_and_one_undo(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "asterisk", "r", "f", "c")
        await until(pilot, lambda: "All 2 decided" in screen_text(app))
        assert {record(app, n).due for n in ("T-1", "T-2")} == {day(4)}
        await press(pilot, "u")
        assert [record(app, n).due for n in ("T-1", "T-2")] == [day(-9), day(-1)]


async def test_the_third_slip_offers_to_escalate_and_costs_no_key(tmp_path):
    pile(tmp_path, Task(title="Interface", owner="chi", due=day(-20), slip_count=2, priority="urgent"))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "r", "f")
        assert "slip number 3" in screen_text(app)
        await press(pilot, "v")
        await until(pilot, lambda: "E escalates it, moved 3 times" in screen_text(app))
        assert record(app, "T-3").slip_count == 3
        await press(pilot, "E", "s", "w")
        await until(pilot, lambda: record(app, "I-1"))
        assert record(app, "I-1").source == "T-3"
        await press(pilot, "E")
        assert "! any task" in screen_text(app)


async def test_chasing_shows_the_text_and_copies_it(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "c")
        assert "Hello ben, how far is T-2 Load test?" in screen_text(app)
        await press(pilot, "c")
        await until(pilot, lambda: "the text is copied" in screen_text(app))
        assert "Hello ben, how far is T-2 Load test?" in app.clipboard


async def test_no_question_is_cut_at_80_columns(tmp_path):
    new_project(tmp_path / "ws", Task(title="Reconcile the payroll of " * 4, owner="ben", due=day(-1), estimate=16))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        for keys, last in ((["percent_sign", "5"], "by when?"), (["c"], "chase whom?"), (["R", "4"], "how grave?")):
            await press(pilot, *(["t"] if app.screen.view != "triage" else []), *keys)
            await until(pilot, lambda last=last: last in screen_text(app))
            await press(pilot, "escape")


async def test_delegating_shows_the_open_load(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "w")
        assert "1 open   1 late    ~16h" in screen_text(app)


async def test_the_reason_one_types_again_and_again_gets_a_key(tmp_path):
    project = pile(tmp_path)
    for offset in (1, 2):
        tasks.reschedule(project, ["T-1"], day(-9 + offset), "test data late")
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "r", "f")
        assert "1 test data late" in screen_text(app)
        await press(pilot, "1")
        await until(pilot, lambda: record(app, "T-2").due == day(4))
        assert next(t.note.reason for t in app.desk.project.history(newest_first=True)) == "test data late"


async def test_what_a_colleague_has_just_set_is_said(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "r", "f")
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        verbs.set_date(theirs, ["T-2"], day(25), "vendor late")
        app._look()
        await press(pilot, "v")
        await until(pilot, lambda: "ben had just set it to Fri 27 Mar" in screen_text(app))
        assert record(app, "T-2").due == day(4)


async def test_what_a_colleague_settles_is_settled(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t")
        theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
        tasks.complete(theirs, ["T-1"])
        app._look()
        await until(pilot, lambda: "1 settled" in screen_text(app))
        assert app.screen.cursor() == ("hris", "T-2")
        await press(pilot, "G")
        assert "ben completed T-1 Sign off" in " ".join(screen_text(app).split())


async def test_holidays_and_tolerance_count_in_what_a_slip_does(tmp_path):
    project = pile(tmp_path)
    with project.change("settings") as change:
        charter = project.data.project
        change.edit(charter, country="US", finish=day(3), tolerance_days=5)
    assert isinstance(charter, Project)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t")
        text = " ".join(screen_text(app).split())
        assert "MS-1 UAT start 5 Mar → 6 Mar, 4 days of tolerance left" in text


async def test_keys_typed_at_once_are_one_decision(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("t", "r", "f", "v")
        await until(pilot, lambda: record(app, "T-2").due == day(4))


async def test_nothing_overdue_says_so(tmp_path):
    new_project(tmp_path / "ws", Task(title="a", due=day(3)))
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t")
        assert "Nothing is overdue" in screen_text(app)


async def test_what_is_taken_back_among_the_changes_is_decided_no_more(tmp_path):
    new_project(tmp_path / "ws", Task(title="One", due=day(-3)), Task(title="Two", due=day(-2))).close()
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "r", "f", "v")
        await until(pilot, lambda: "1 moved" in screen_text(app))
        await press(pilot, "C")
        await until(pilot, lambda: "moved T-1" in screen_text(app))
        await press(pilot, "u")
        await until(pilot, lambda: app.desk.project.get("T-1").due == day(-3))
        await press(pilot, "q")
        await until(pilot, lambda: "Triage" in screen_text(app))
        assert not app.screen._decisions.of
        assert "Triage · 1 of 2" in screen_text(app) or "Triage · 2 of 2" in screen_text(app)


async def test_dropping_says_what_waits_for_it(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "x")
        await until(pilot, lambda: "drop: cancelled" in screen_text(app))
        assert "Holds up MS-1 UAT start" in screen_text(app).split("drop: cancelled", 1)[0].rsplit("T-2", 1)[-1]


async def test_chasing_a_thing_greets_nobody(tmp_path):
    pile(tmp_path, Task(title="Map the charts", owner="ana", waiting_for="the vendor's data dictionary", due=day(-1)))
    project = open_project(session(tmp_path / "ws"), "hris")
    assert tasks.chase_text(project, "T-3").startswith(
        "Hello, T-3 Map the charts waits for the vendor's data dictionary."
    )
    project.close()


async def test_the_header_counts_what_waits_to_be_asked_again(tmp_path):
    pile(tmp_path)
    app = app_over(tmp_path / "ws")
    async with app.run_test(size=(120, 40)) as pilot:
        await press(pilot, "2")
        await until(pilot, lambda: "2 overdue · 2 open" in screen_text(app))
        await press(pilot, "c", "c")
        await until(pilot, lambda: "1 overdue, 1 waiting · 2 open" in screen_text(app))
