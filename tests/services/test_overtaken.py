"""A verb acts on the record as it is under the lock, and says what somebody else has just set."""

import datetime as dt

import pytest
from factories import day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import Risk, Task
from pmtui.services import tasks, verbs
from pmtui.services.desk import Desk
from pmtui.services.projects import open_project

TASK = ("hris", "T-1")


def at_work(tmp_path):
    """Ana's desk, and the same project in ben's hands."""
    new_project(
        tmp_path / "ws",
        Task(title="Sign off", owner="ana", due=day(-9)),
        Task(title="Load test", owner="ana", due=day(-1)),
        Risk(title="Vendor", owner="ana", review_date=day(-1)),
    )
    desk = Desk(session(tmp_path / "ws"))
    desk.open_all()
    return desk, open_project(session(tmp_path / "ws", "ben", "other"), "hris")


VERBS = {
    "date": (
        lambda p: tasks.reschedule(p, ["T-1"], day(25)),
        lambda p, numbers: verbs.set_date(p, numbers, day(4), "vendor late"),
        "ben had just set it to Fri 27 Mar",
    ),
    "owner": (
        lambda p: verbs.set_owner(p, ["T-1"], "chi"),
        lambda p, numbers: verbs.set_owner(p, numbers, "dora"),
        "ben had just set it to @chi",
    ),
    "status": (
        lambda p: tasks.move_to(p, ["T-1"], "doing"),
        lambda p, numbers: verbs.set_status(p, numbers, "backlog"),
        "ben had just set it to doing",
    ),
    "done": (
        lambda p: tasks.block(p, ["T-1"], "firewall"),
        verbs.complete,
        "ben had just set it to blocked",
    ),
    "block": (
        lambda p: tasks.block(p, ["T-1"], "firewall"),
        lambda p, numbers: tasks.block(p, numbers, "vendor"),
        "ben had just set it to firewall",
    ),
    "progress": (
        lambda p: tasks.progress(p, ["T-1"], 40),
        lambda p, numbers: tasks.progress(p, numbers, 20),
        "ben had just set it to 40",
    ),
    "correct": (
        lambda p: tasks.reschedule(p, ["T-1"], day(25)),
        lambda p, numbers: tasks.correct_date(p, numbers, day(4)),
        "ben had just set it to Fri 27 Mar",
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_colleague_has_just_set_is_said_and_undo_brings_it_back(tmp_path, verb):
    theirs, mine, words = VERBS[verb]
    desk, bens = at_work(tmp_path)
    theirs(bens)
    as_ben_left_it = bens.get("T-1")
    outcome = desk.act([TASK], mine)
    assert words in outcome.said
    desk.undo()
    bens.refresh()
    now = bens.get("T-1")
    assert (now.due, now.owner, now.status, now.percent_done) == (
        as_ben_left_it.due,
        as_ben_left_it.owner,
        as_ben_left_it.status,
        as_ben_left_it.percent_done,
    )


def test_the_date_is_a_slip_from_the_one_the_colleague_set(tmp_path):
    desk, bens = at_work(tmp_path)
    tasks.reschedule(bens, ["T-1"], day(25))
    desk.act([TASK], lambda p, numbers: verbs.set_date(p, numbers, day(4)))
    assert (desk.record(TASK).due, desk.record(TASK).slip_count) == (day(4), 1)


def test_nothing_is_said_of_another_field_or_of_what_was_shown(tmp_path):
    desk, bens = at_work(tmp_path)
    verbs.set_owner(bens, ["T-1"], "chi")
    assert desk.act([TASK], lambda p, numbers: verbs.set_date(p, numbers, day(4))).said == ()
    tasks.reschedule(bens, ["T-1"], day(25))
    desk.refresh()
    assert desk.act([TASK], lambda p, numbers: verbs.set_date(p, numbers, day(4))).said == ()


def test_what_a_question_was_opened_over_counts_also_when_the_screen_caught_up(tmp_path):
    desk, bens = at_work(tmp_path)
    seen = {TASK: desk.record(TASK)}
    tasks.reschedule(bens, ["T-1"], day(25))
    desk.refresh()
    with desk.having_seen(seen):
        outcome = desk.act([TASK], lambda p, numbers: verbs.set_date(p, numbers, day(4)))
    assert outcome.said == ("ben had just set it to Fri 27 Mar",)


def test_of_several_records_each_is_named(tmp_path):
    desk, bens = at_work(tmp_path)
    tasks.reschedule(bens, ["T-2"], day(25))
    outcome = desk.act([TASK, ("hris", "T-2")], lambda p, numbers: verbs.set_date(p, numbers, day(4)))
    assert outcome.said == ("T-2: ben had just set it to Fri 27 Mar",)


def test_several_fields_are_named(tmp_path):
    desk, bens = at_work(tmp_path)
    tasks.progress(bens, ["T-1"], 40, due=day(25))
    outcome = desk.act([TASK], lambda p, numbers: tasks.progress(p, numbers, 20, due=day(4)))
    assert outcome.said == ("ben had just set % done to 40, due to Fri 27 Mar",)


def test_another_pane_of_ones_own_is_no_colleague(tmp_path):
    desk, _ = at_work(tmp_path)
    pane = open_project(session(tmp_path / "ws", "ana", "pane 2"), "hris")
    tasks.reschedule(pane, ["T-1"], day(25))
    outcome = desk.act([TASK], lambda p, numbers: verbs.set_date(p, numbers, day(4)))
    assert outcome.said == ("you, in another pane, had just set it to Fri 27 Mar",)


def test_the_same_decision_twice_is_said_and_writes_nothing(tmp_path):
    desk, bens = at_work(tmp_path)
    tasks.complete(bens, ["T-1"])
    before = desk.projects["hris"].sequence
    outcome = desk.act([TASK], verbs.complete)
    assert "ben had just set status to done" in outcome.said[0]
    assert desk.projects["hris"].sequence == before + 1


def test_a_refusal_says_what_the_colleague_did(tmp_path):
    desk, bens = at_work(tmp_path)
    tasks.drop(bens, ["T-1"], "no longer needed")
    with pytest.raises(Refused, match="ben had just set it to cancelled"):
        desk.act([TASK], lambda p, numbers: tasks.move_to(p, numbers, "doing"))


def test_other_kinds_too(tmp_path):
    desk, bens = at_work(tmp_path)
    verbs.set_date(bens, ["R-1"], day(25))
    outcome = desk.act([("hris", "R-1")], lambda p, numbers: verbs.set_date(p, numbers, day(4)))
    assert outcome.said == ("ben had just set it to Fri 27 Mar",)


def test_ones_own_change_after_it_is_no_surprise(tmp_path):
    desk, bens = at_work(tmp_path)
    tasks.reschedule(bens, ["T-1"], day(25))
    desk.act([TASK], lambda p, numbers: verbs.set_date(p, numbers, day(4)))
    again = desk.act([TASK], lambda p, numbers: verbs.set_date(p, numbers, day(5)))
    assert again.said == ()
    assert isinstance(desk.record(TASK).due, dt.date)
