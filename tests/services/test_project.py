import datetime as dt

import pytest
from factories import MONDAY, TODAY, add, day, new_project, session

from pmtui.domain.consequence import holds_up
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, CostEntry, Decision, Meeting, Milestone, Risk, Task
from pmtui.domain.triage import overdue_items
from pmtui.services import costs, records, risks, tasks, verbs
from pmtui.services.desk import Desk
from pmtui.services.drafts import Drafts
from pmtui.services.looked import Looked
from pmtui.services.projects import open_project
from pmtui.store import UndoRefused


def task(project, number="T-1"):
    return project.data.get(number)


def test_a_rescheduled_task_slips_and_keeps_its_baseline(tmp_path):
    project = new_project(tmp_path, Task(title="a", due=day(-9)))
    tasks.reschedule(project, ["T-1"], day(4), "vendor late")
    found = task(project)
    assert (found.due, found.baseline_due, found.slip_count) == (day(4), day(-9), 1)
    (*_, last) = project.history()
    assert (last.note.verb, last.note.reason, last.user) == ("reschedule", "vendor late", "ana")


def test_a_corrected_date_is_no_slip(tmp_path):
    project = new_project(tmp_path, Task(title="a", due=day(-9)))
    tasks.correct_date(project, ["T-1"], day(4))
    assert (task(project).due, task(project).slip_count) == (day(4), 0)


def test_rescheduling_tells_what_it_does_to_the_milestone(tmp_path):
    project = new_project(
        tmp_path, Task(title="a", due=day(-9)), Milestone(title="UAT", forecast=day(3), depends_on=("T-1",))
    )
    outcome = tasks.reschedule(project, ["T-1"], day(8), "")
    assert "MS-1 UAT" in outcome.words
    (*_, last) = project.history()
    assert "MS-1" in last.note.effect


def test_done_has_a_finish_date_and_undo_takes_it_back(tmp_path):
    project = new_project(tmp_path, Task(title="a", due=day(-1), percent_done=40))
    before = task(project)
    tasks.complete(project, ["T-1"])
    assert (task(project).status, task(project).percent_done, task(project).finish_date) == ("done", 100, TODAY)
    project.undo()
    assert (task(project).status, task(project).percent_done, task(project).finish_date) == ("to do", 40, None)
    assert task(project).title == before.title
    project.redo()
    assert task(project).status == "done"


def test_done_in_the_future_is_refused(tmp_path):
    project = new_project(tmp_path, Task(title="a"))
    with pytest.raises(Refused, match="today or earlier"):
        tasks.complete(project, ["T-1"], on=day(1))
    assert task(project).status == "to do"


def test_bulk_is_one_transaction_or_none(tmp_path):
    project = new_project(tmp_path, Task(title="a"), Task(title="b", status="cancelled", cancelled_reason="x"))
    before = project.sequence
    with pytest.raises(Refused, match="T-2"):
        tasks.complete(project, ["T-1", "T-2"])
    assert (project.sequence, task(project).status) == (before, "to do")
    tasks.delegate(project, ["T-1", "T-2"], "zoe")
    assert project.sequence == before + 1
    assert {t.owner for t in project.data.tasks.values()} == {"zoe"}
    assert project.data.person("zoe").status == "unconfirmed"


@pytest.mark.parametrize(
    ("decide", "holds"),
    [
        (lambda p: tasks.block(p, ["T-1"], "firewall", day(3)), {"status": "blocked", "blocked_reason": "firewall"}),
        (
            lambda p: tasks.chase(p, ["T-1"], "ben"),
            {"last_chased": TODAY, "waiting_for": "ben", "snoozed_until": day(3)},
        ),
        (lambda p: tasks.drop(p, ["T-1"], "not needed"), {"status": "cancelled", "cancelled_reason": "not needed"}),
        (lambda p: tasks.defer(p, ["T-1"]), {"status": "backlog", "due": None}),
        (lambda p: tasks.progress(p, ["T-1"], 60), {"percent_done": 60, "remaining": 9.6, "status": "doing"}),
        (lambda p: tasks.accept_delay(p, ["T-1"]), {"due": day(-2), "snoozed_until": day(7)}),
        (lambda p: tasks.move_to(p, ["T-1"], "Doing"), {"status": "doing"}),
        (lambda p: tasks.merge(p, ["T-1"], "T-2"), {"status": "cancelled", "survivor": "T-2"}),
        (lambda p: tasks.split(p, "T-1", ["x", "y"]), {"depends_on": ("T-3", "T-4"), "remaining": 0.0}),
        (lambda p: tasks.raise_issue(p, ["T-1"]), {"links": ("I-1",)}),
        (lambda p: tasks.raise_risk(p, ["T-1"]), {"links": ("R-1",)}),
    ],
)
def test_every_decision_is_kept_and_undone(tmp_path, decide, holds):
    project = new_project(tmp_path, Task(title="a", due=day(-2), estimate=24.0, owner="ana"), Task(title="b"))
    before = task(project)
    decide(project)
    assert {name: getattr(task(project), name) for name in holds} == holds
    project.undo()
    found = task(project)
    assert {n: getattr(found, n) for n in found.TYPE.fields if not n.startswith("updated")} == {
        n: getattr(before, n) for n in before.TYPE.fields if not n.startswith("updated")
    }


def test_split_shares_out_the_rest(tmp_path):
    project = new_project(tmp_path, Task(title="a", estimate=24.0, remaining=12.0))
    tasks.split(project, "T-1", ["x", "y", "z"])
    assert [task(project, f"T-{n}").estimate for n in (2, 3, 4)] == [4.0, 4.0, 4.0]
    assert task(project, "T-2").parent == "T-1"


def test_a_cycle_is_refused_and_named(tmp_path):
    project = new_project(tmp_path, Task(title="a"), Task(title="b", depends_on=("T-1",)))
    with pytest.raises(Refused, match="T-1"):
        records.edit_record(project, "T-1", {"depends_on": "T-2"})


def test_an_edit_refuses_every_wrong_field_at_once(tmp_path):
    project = new_project(tmp_path, Task(title="a", start=day(5)))
    with pytest.raises(Refused) as refused:
        records.edit_record(project, "T-1", {"due": "2026-02-31", "estimate": "soon", "priority": "huge"})
    assert [p.field for p in refused.value.problems] == ["due", "estimate", "priority"]
    with pytest.raises(Refused, match="its start"):
        records.edit_record(project, "T-1", {"due": "today"})
    with pytest.raises(Refused, match="no such field"):
        records.edit_record(project, "T-1", {"colour": "red"})


def test_two_people_in_one_record(tmp_path):
    mine = new_project(tmp_path, Task(title="a", owner="ana"))
    theirs = open_project(session(tmp_path, "ben", "s2"), "hris")
    base = mine.data.get("T-1")
    records.edit_record(theirs, "T-1", {"owner": "chi"})
    records.edit_record(mine, "T-1", {"title": "b"}, base=base)
    assert (task(mine).title, task(mine).owner) == ("b", "chi")
    with pytest.raises(Refused, match="ben changed it meanwhile"):
        records.edit_record(mine, "T-1", {"owner": "dora"}, base=base)
    assert task(mine).owner == "chi"


def test_undo_never_takes_back_a_colleagues_change(tmp_path):
    mine = new_project(tmp_path, Task(title="a"))
    theirs = open_project(session(tmp_path, "ben", "s2"), "hris")
    tasks.move_to(mine, ["T-1"], "doing")
    tasks.move_to(theirs, ["T-1"], "to do")
    with pytest.raises(UndoRefused, match="ben changed status"):
        mine.undo()
    with pytest.raises(Refused, match="nothing to undo"):
        open_project(session(tmp_path, "ana", "another pane"), "hris").undo()


def test_a_desk_undoes_across_projects(tmp_path):
    add(new_project(tmp_path, code="a"), Task(title="x"))
    add(new_project(tmp_path, code="b"), Task(title="y"))
    desk = Desk(session(tmp_path, name="desk"))
    desk.open_all()
    desk.act([("a", "T-1"), ("b", "T-1")], tasks.complete)
    assert all(p.data.get("T-1").status == "done" for p in desk.projects.values())
    desk.undo()
    assert all(p.data.get("T-1").status == "to do" for p in desk.projects.values())
    desk.redo()
    assert all(p.data.get("T-1").status == "done" for p in desk.projects.values())


def test_a_desk_that_is_refused_in_one_project_changes_none(tmp_path):
    add(new_project(tmp_path, code="a"), Task(title="x"))
    add(new_project(tmp_path, code="b"), Task(title="y", status="cancelled", cancelled_reason="z"))
    desk = Desk(session(tmp_path, name="desk"))
    desk.open_all()
    with pytest.raises(Refused):
        desk.act([("a", "T-1"), ("b", "T-1")], lambda p, n: tasks.move_to(p, n, "doing"))
    assert desk.projects["a"].data.get("T-1").status == "to do"


def test_a_risk_that_occurs_becomes_an_issue_and_both_name_each_other(tmp_path):
    project = new_project(tmp_path, Risk(title="r", owner="ana", review_date=day(1), probability=4, impact=3))
    risks.occurred(project, ["R-1"])
    risk, issue = project.data.get("R-1"), project.data.get("I-1")
    assert (risk.status, risk.issue, issue.source, issue.impact) == ("occurred", "I-1", "R-1", 3)


def test_scores_are_remembered_by_day(tmp_path):
    project = new_project(tmp_path, Risk(title="r", owner="ana", review_date=day(1), probability=4, impact=3))
    later = session(tmp_path, now=MONDAY + dt.timedelta(days=30))
    risks.assess(open_project(later, "hris"), ["R-1"], probability=2)
    project.refresh()
    risk = project.data.get("R-1")
    assert [(s.on, s.score) for s in risk.scores] == [(TODAY, 12), (day(30), 6)]
    assert (risk.inherent_score, risk.score) == (12, 6)


def money(tmp_path):
    return new_project(
        tmp_path,
        BudgetLine(category="travel", planned=1000),
        BudgetLine(category="reserve", planned=500, kind="contingency"),
        CostEntry(date=TODAY, budget_line="B-1", net=100, vendor="SNCF", invoice="7", status="committed"),
    )


def test_the_same_invoice_twice_is_refused_naming_the_first(tmp_path):
    project = money(tmp_path)
    with pytest.raises(Refused, match="already booked as C-1"):
        add(project, CostEntry(date=TODAY, budget_line="B-1", net=5, vendor="sncf ", invoice="7"))


def test_what_took_an_invoice_away_is_undone(tmp_path):
    project = money(tmp_path)
    for change in ({"invoice": "8"}, {"vendor": "DB"}, {"status": "void", "void_reason": "wrong"}):
        with project.change("edit") as made:
            made.edit(project.data.get("C-1"), **change)
        project.undo()
        assert (project.data.get("C-1").invoice, project.data.get("C-1").status) == ("7", "committed")


def test_an_invoice_that_a_newer_entry_took_is_not_brought_back(tmp_path):
    project = money(tmp_path)
    with project.change("void") as made:
        made.edit(project.data.get("C-1"), status="void", void_reason="wrong")
    voided = project.sequence
    add(project, CostEntry(date=TODAY, budget_line="B-1", net=5, vendor="SNCF", invoice="7"))
    with pytest.raises(Refused, match="already booked as C-2"):
        project.undo(voided)


def test_a_negative_amount_is_a_credit_note(tmp_path):
    project = money(tmp_path)
    with pytest.raises(Refused, match="credit note"):
        add(project, CostEntry(date=TODAY, budget_line="B-1", net=-5))
    add(project, CostEntry(date=TODAY, budget_line="B-1", net=-5, credit_note=True))


def test_a_draw_on_contingency_names_its_cause(tmp_path):
    with pytest.raises(Refused, match="caused_by"):
        add(money(tmp_path), CostEntry(date=TODAY, budget_line="B-2", net=5))


def test_a_closed_month_is_locked_until_reopened(tmp_path):
    project = money(tmp_path)
    add(project, CostEntry(date=day(-20), budget_line="B-1", net=50))
    costs.close_month(project, "2026-02")
    for change in (
        lambda: records.edit_record(project, "C-2", {"net": "7"}),
        lambda: records.edit_record(project, "C-2", {"date": "2026-04-01"}),
        lambda: records.edit_record(project, "C-1", {"date": "2026-02-20"}),
        lambda: costs.void(project, ["C-2"], "wrong"),
        lambda: records.delete_records(project, ["C-2"]),
        lambda: add(project, CostEntry(date=day(-20), budget_line="B-1", net=5)),
        lambda: project.undo(find_adding(project, "costs", 2)),
    ):
        with pytest.raises(Refused, match="2026-02 is closed"):
            change()
    costs.reopen_month(project, "2026-02", "wrong line")
    records.edit_record(project, "C-2", {"net": "7"})
    assert project.data.get("C-2").net == 7


def find_adding(project, table, record_id):
    added = ((t, op) for t in project.history() for op in t.ops)
    return next(t.sequence for t, op in added if op[:3] == ["i", table, record_id])


def test_what_a_closed_month_holds_can_still_be_paid(tmp_path):
    project = money(tmp_path)
    add(
        project,
        CostEntry(date=day(-20), budget_line="B-1", net=50),
        CostEntry(date=day(-20), budget_line="B-1", net=60, status="committed"),
    )
    costs.close_month(project, "2026-02")
    costs.advance(project, ["C-2"])
    assert (project.data.get("C-2").status, project.data.get("C-2").date) == ("paid", day(-20))
    outcome = costs.advance(project, ["C-3"])
    assert (project.data.get("C-3").status, project.data.get("C-3").date) == ("invoiced", TODAY)
    assert outcome.said == ("C-3 is dated today: 2026-02 is closed",)


def test_a_decision_is_immutable_and_superseded(tmp_path):
    project = new_project(tmp_path, Decision(title="d", date=TODAY))
    with pytest.raises(Refused, match="immutable"):
        records.edit_record(project, "D-1", {"title": "other"})
    add(project, Decision(title="e", date=TODAY, supersedes="D-1"))
    assert project.data.superseded_by("D-1") == "D-2"


def test_what_others_refer_to_is_not_deleted(tmp_path):
    project = new_project(tmp_path, Task(title="a"), Task(title="b", depends_on=("T-1",)))
    with pytest.raises(Refused, match="T-2"):
        records.delete_records(project, ["T-1"])
    records.delete_records(project, ["T-2"])
    records.delete_records(project, ["T-1"])
    assert not project.data.tasks
    project.undo()
    assert task(project).title == "a"


def test_one_verb_for_every_kind(tmp_path):
    project = new_project(
        tmp_path,
        Risk(title="r", owner="ana", review_date=day(-1), status="approved"),
        Milestone(title="m", forecast=day(-1)),
        Task(title="t", due=day(-1)),
    )
    verbs.set_date(project, ["R-1", "MS-1", "T-1"], day(7), "late")
    found = [project.data.get(n) for n in ("R-1", "MS-1", "T-1")]
    assert [verbs.date_of(r) for r in found] == [day(7)] * 3
    for record in found:
        verbs.complete(project, [record.number])
    assert [project.data.get(n).is_open for n in ("R-1", "MS-1", "T-1")] == [False] * 3


def test_a_damaged_record_is_left_out_and_told(tmp_path):
    project = new_project(tmp_path, Task(title="a"), Task(title="b"))
    project.db.table("tasks").update({"due": "someday"}, doc_ids=[2])
    again = open_project(session(tmp_path), "hris")
    assert list(again.data.tasks) == [1]
    assert "T-2" in again.damaged


def test_what_others_changed_is_told_once_it_was_looked_at(tmp_path):
    mine = new_project(tmp_path, Task(title="a"), Task(title="b"))
    looked = Looked(tmp_path / "state" / "looked.json")
    looked.remember([mine])
    theirs = open_project(session(tmp_path, "ben", "s2"), "hris")
    tasks.move_to(theirs, ["T-2"], "doing")
    mine.refresh()
    assert Looked(tmp_path / "state" / "looked.json").since(mine) == [("T-2", "ben set T-2 to doing (was to do)")]
    looked.remember([mine])
    assert Looked(tmp_path / "state" / "looked.json").since(mine) == []


def test_what_comes_in_later_is_told_without_reading_the_journal_again(tmp_path, monkeypatch):
    mine = new_project(tmp_path, Task(title="a"), Task(title="b"))
    looked = Looked(tmp_path / "state" / "looked.json")
    looked.remember([mine])
    assert looked.since(mine) == []
    monkeypatch.setattr(mine, "history", None)
    theirs = open_project(session(tmp_path, "ben", "s2"), "hris")
    tasks.move_to(theirs, ["T-2"], "doing")
    tasks.move_to(theirs, ["T-1"], "doing")
    mine.refresh()
    assert looked.since(mine) == [
        ("T-1", "ben set T-1 to doing (was to do)"),
        ("T-2", "ben set T-2 to doing (was to do)"),
    ]
    tasks.delegate(mine, ["T-1"], "ben")
    assert looked.since(mine) == [
        ("T-1", "ben set T-1 to doing (was to do)"),
        ("T-2", "ben set T-2 to doing (was to do)"),
    ]
    looked.remember([mine])
    assert looked.since(mine) == []


def test_what_is_100_percent_or_has_a_finish_date_is_done(tmp_path):
    project = new_project(tmp_path, Task(title="a"), Task(title="b", status="blocked", blocked_reason="x"))
    records.edit_record(project, "T-1", {"percent_done": "100"})
    records.edit_record(project, "T-2", {"finish_date": day(-2).isoformat()})
    assert (task(project).status, task(project).finish_date) == ("done", TODAY)
    second = task(project, "T-2")
    assert (second.status, second.percent_done, second.finish_date) == ("done", 100, day(-2))
    tasks.move_to(project, ["T-1"], "doing")
    assert (task(project).status, task(project).percent_done, task(project).finish_date) == ("doing", 99, None)
    with pytest.raises(Refused, match="today or earlier"):
        records.edit_record(project, "T-1", {"finish_date": day(2).isoformat()})


def test_the_parts_of_a_task_share_its_estimate_once(tmp_path):
    project = new_project(tmp_path, Task(title="a", owner="ana", due=day(9), start=day(5), estimate=80))
    tasks.split(project, "T-1", ["x @ivo due +2d ~20h", "y #late", "z"])
    parent, x, y, z = (task(project, f"T-{n}") for n in range(1, 5))
    assert (x.title, x.owner, x.due, x.start, x.estimate) == ("x", "ivo", day(2), None, 20)
    assert (y.owner, y.due, y.tags, y.estimate, z.estimate) == ("ana", day(9), ("late",), 30, 30)
    assert (parent.estimate, parent.remaining) == (0, 0)
    tasks.split(project, "T-1", ["v", "w fri"])
    assert sum(t.estimate or 0 for t in project.data.tasks.values()) == 80
    assert task(project, "T-6").due == day(4)


def test_one_part_or_one_that_is_not_understood_is_no_split(tmp_path):
    project = new_project(tmp_path, Task(title="a"))
    with pytest.raises(Refused, match="at least two parts"):
        tasks.split(project, "T-1", ["x", " "])
    with pytest.raises(Refused, match="31 feb"):
        tasks.split(project, "T-1", ["x", "y due 31 feb"])
    assert len(project.data.tasks) == 1


def test_what_waited_for_a_duplicate_waits_for_the_survivor(tmp_path):
    project = new_project(
        tmp_path,
        Task(title="double"),
        Task(title="kept", depends_on=("T-1",)),
        Task(title="next", depends_on=("T-1", "T-2")),
        Task(title="child", parent="T-1"),
        Milestone(title="m", forecast=day(9), depends_on=("T-1",)),
        Risk(title="r", owner="ana", review_date=day(1), actions=("T-1",)),
    )
    tasks.merge(project, ["T-1"], "T-2")
    found = [project.data.get(n) for n in ("T-2", "T-3", "T-4", "MS-1", "R-1")]
    assert [found[0].depends_on, found[1].depends_on, found[3].depends_on] == [(), ("T-2",), ("T-2",)]
    assert (found[2].parent, found[4].actions) == ("T-2", ("T-2",))


def test_a_merge_that_makes_a_circle_is_refused(tmp_path):
    project = new_project(
        tmp_path, Task(title="double"), Task(title="b", depends_on=("T-1",)), Task(title="kept", depends_on=("T-2",))
    )
    with pytest.raises(Refused, match="depend on itself"):
        tasks.merge(project, ["T-1"], "T-3")
    assert task(project).status == "to do"


def test_a_new_forecast_needs_a_reason_of_its_own(tmp_path):
    project = new_project(tmp_path, Milestone(title="m", forecast=day(1)))
    verbs.set_date(project, ["MS-1"], day(2), "vendor late")
    with pytest.raises(Refused, match="reason of its own"):
        records.edit_record(project, "MS-1", {"forecast": day(3).isoformat()})
    verbs.set_date(project, ["MS-1"], day(3), "vendor late")
    assert project.data.get("MS-1").forecast_reason == "vendor late again"
    project.undo()
    project.undo()
    assert project.data.get("MS-1").forecast == day(1)


def test_minutes_are_only_published_as_a_page(tmp_path):
    start = dt.datetime.combine(day(-4), dt.time(10))
    project = new_project(tmp_path, Meeting(title="a", start=start), Meeting(title="b", start=start))
    with pytest.raises(Refused, match="one at a time"):
        verbs.set_status(project, ["M-1", "M-2"], "published")
    with pytest.raises(Refused, match="numbered page"), project.change("edit") as change:
        change.edit(project.data.get("M-1"), status="published")
    verbs.set_status(project, ["M-1"], "published")
    assert (project.data.get("M-1").minutes_number, bool(project.data.get("M-1").minutes)) == (1, True)
    (late,) = overdue_items(project.data, TODAY)
    assert (late.number, late.why[0]) == ("M-2", "1 day late")


def test_a_verb_that_does_not_apply_says_to_which(tmp_path):
    held = Meeting(title="a", start=dt.datetime.combine(day(-1), dt.time(10)), status="held")
    project = new_project(tmp_path, held, Task(title="t", due=day(1)), Decision(title="d", date=TODAY))
    meeting = project.data.get("M-1")
    assert "date" not in verbs.verbs_of(meeting)
    assert "status" in verbs.verbs_of(meeting)
    with pytest.raises(Refused, match=r"(?s)M-1 .*it is held.*D-1 .*no date"):
        verbs.set_date(project, ["M-1", "T-1", "D-1"], day(3))


def test_what_is_done_holds_up_nothing(tmp_path):
    project = new_project(
        tmp_path,
        Task(title="a"),
        Task(title="b", depends_on=("T-1",)),
        Task(title="c", depends_on=("T-2",)),
    )
    assert holds_up(project.data, "T-1") == ("T-2", "T-3")
    tasks.complete(project, ["T-2"])
    assert holds_up(project.data, "T-1") == holds_up(project.data, "T-2") == ()


def test_records_of_several_kinds_are_done_at_once(tmp_path):
    project = new_project(tmp_path, Task(title="a"), Milestone(title="m", forecast=day(1)))
    assert verbs.complete(project, ["T-1", "MS-1"]).words == "2 records done"


def test_a_task_that_repeats_has_its_next_one_in_the_same_undo(tmp_path):
    weekly = Task(title="backup", owner="ivo", due=day(-10), start=day(-11), estimate=2, repeats="every week")
    project = new_project(tmp_path, weekly, Task(title="odd", repeats="often"))
    outcome = tasks.complete(project, ["T-1"])
    assert outcome.said == ("T-3 is the next one, due Fri 6 Mar",)
    new = task(project, "T-3")
    assert (new.due, new.start, new.owner, new.repeats, new.status) == (day(4), day(3), "ivo", "every week", "to do")
    assert task(project).repeats == ""
    tasks.move_to(project, ["T-1"], "doing")
    assert tasks.complete(project, ["T-1"]).said == ()
    for _ in range(3):
        project.undo()
    assert (len(project.data.tasks), task(project).repeats) == (2, "every week")
    assert "no next one" in tasks.complete(project, ["T-2"]).said[0]


def test_drafts_are_private_and_come_back(tmp_path):
    drafts = Drafts(tmp_path / "d")
    drafts.keep("hris-../../T-1", {"title": "typed"})
    (file,) = (tmp_path / "d").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert drafts.kept("hris-../../T-1") == {"title": "typed"}
    drafts.discard("hris-../../T-1")
    assert drafts.kept("hris-../../T-1") == {}
