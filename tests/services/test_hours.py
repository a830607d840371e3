"""Hours from the service to the store: logged, set in a cell, frozen with their month, and undone."""

import datetime as dt
from decimal import Decimal as D

import pytest
from factories import TODAY, add, day, new_project, session

from pmtui.domain.budget import totals
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, HoursEntry, Task
from pmtui.domain.records.person import Absence, Rate
from pmtui.services import hours, tasks
from pmtui.services.costs import close_month, reopen_month
from pmtui.services.projects import open_project
from pmtui.services.quick import add_line
from pmtui.services.records import delete_records, edit_record
from pmtui.services.settings import charter_settings, save

FEBRUARY = dt.date(2026, 2, 20)


@pytest.fixture
def project(tmp_path):
    project = new_project(
        tmp_path / "ws",
        Task(title="Write the tests", owner="ana", estimate=8.0),
        Task(title="No estimate", owner="ben"),
        BudgetLine(category="labour", planned=D(5000)),
        BudgetLine(category="contingency", planned=D(500), kind="contingency"),
    )
    set_rates(project, "ana", Rate(dt.date(2026, 1, 1), D(80)))
    return project


def set_rates(project, handle, *rates, **more):
    with project.change("edit") as change:
        change.edit(change.data.person(handle), rates=rates, **more)


def fresh(project):
    """The project as anybody who opens it now finds it."""
    return open_project(session(project.session.path, "reader", "fresh"), "hris").data


def told(project):
    return project.story().told(list(project.history())[-1]).words


def log(project, number="T-1", **values):
    return hours.log(project, [number], {"hours": 3.0, **values})


# Logged on a task ---------------------------------------------------------------------------


def test_hours_are_logged_by_the_user_today_and_counted_as_the_tasks_effort(project):
    outcome = log(project, note="wrote half of them")
    assert outcome.words == "3 h on T-1, today"
    assert outcome.said == ("T-1 5h left",)
    stored = fresh(project)
    entry = stored.hours[1]
    assert (entry.who, entry.date, entry.hours, entry.task) == ("ana", TODAY, 3.0, "T-1")
    task = stored.tasks[1]
    assert (stored.effort(task), task.actual_effort, task.remaining) == (3.0, None, 5.0)
    assert told(project) == "ana logged H-1: 3h of @ana on T-1, 2 Mar, wrote half of them"


def test_one_undo_takes_back_the_hours_and_what_they_took(project):
    before = project.data.tasks[1]
    log(project)
    log(project)
    project.undo()
    assert (len(fresh(project).hours), fresh(project).tasks[1].remaining) == (1, 5.0)
    project.undo()
    stored = fresh(project)
    assert (dict(stored.hours), stored.tasks[1].remaining) == ({}, before.remaining)
    project.redo()
    assert (fresh(project).tasks[1].remaining, len(fresh(project).hours)) == (5.0, 1)


def test_nothing_is_left_below_nothing_and_given_back_is_what_was_taken(project):
    log(project, hours=6.0)
    log(project, hours=6.0)
    assert project.data.tasks[1].remaining == 0
    edit_record(project, "H-2", {"hours": "1"})
    assert (project.data.tasks[1].remaining, project.data.effort(project.data.tasks[1])) == (1.0, 7.0)
    delete_records(project, ["H-1"])
    assert (project.data.tasks[1].remaining, project.data.effort(project.data.tasks[1])) == (7.0, 1.0)
    edit_record(project, "H-2", {"task": "T-2"})
    assert project.data.tasks[1].remaining == 8.0
    assert project.data.tasks[2].remaining is None
    assert project.data.effort(project.data.tasks[2]) == 1.0


def test_what_is_said_when_it_is_done_is_on_top_of_what_was_logged(project):
    log(project)
    tasks.complete(project, ["T-1"], effort=2.0)
    task = project.data.tasks[1]
    assert (task.actual_effort, project.data.effort(task)) == (2.0, 5.0)
    assert log(project).said == ("T-1 is done",)
    assert project.data.tasks[1].remaining == 0


def test_hours_of_somebody_new_add_them_unconfirmed(project):
    outcome = log(project, who="zoe")
    assert outcome.words == "3 h of @zoe on T-1, today"
    assert "@zoe is new here: added to the people, unconfirmed" in outcome.said
    assert project.data.person("zoe").status == "unconfirmed"
    project.undo()
    assert project.data.person("zoe") is None


def test_the_same_hours_on_several_tasks_are_one_change(project):
    sequence = project.sequence
    assert hours.log(project, ["T-1", "T-2"], {"hours": 1.0}).words == "1 h each on 2 records, today"
    assert project.sequence == sequence + 1
    assert [entry.task for entry in project.data.hours.values()] == ["T-1", "T-2"]
    assert told(project) == "ana logged H-1 and H-2: 2h of @ana, 2 Mar"


@pytest.mark.parametrize(
    ("values", "doubt"),
    [
        ({"date": day(1)}, "tomorrow is still to come"),
        ({"date": day(-1)}, "yesterday is no working day"),
        ({"date": day(-4), "who": "ben"}, "@ben is away until Fri 27 Feb"),
    ],
)
def test_what_is_doubtful_stands_and_is_said(project, values, doubt):
    set_rates(project, "ben", absences=(Absence(day(-5), day(-3)),))
    assert doubt in log(project, **values).said


def test_a_day_has_twenty_four_hours(project):
    log(project, hours=20.0)
    with pytest.raises(Refused, match=r"@ana would have 24.5 on 2 Mar; a day has 24"):
        log(project, "T-2", hours=4.5)
    log(project, "T-2", hours=4.0)
    log(project, "T-2", hours=24.0, who="ben")
    for wrong in (0.0, 25.0, -1.0):
        with pytest.raises(Refused, match="more than 0, at most 24"):
            log(project, "T-2", hours=wrong, date=day(-3))


def test_a_line_adds_them_in_the_shell_and_by_quick_add(project):
    outcome = add_line(project, "hours", "3 T-1 fri wrote them @ben")
    assert outcome.numbers == ("H-1",)
    entry = fresh(project).hours[1]
    assert (entry.who, entry.date, entry.task, entry.note) == ("ben", day(-3), "T-1", "wrote them")
    assert project.data.tasks[1].remaining == 5.0
    add_line(project, "hours", "2")
    assert (project.data.hours[2].who, project.data.hours[2].date) == ("ana", TODAY)


def test_hours_are_logged_on_tasks_alone(project):
    with pytest.raises(Refused, match="B-1: hours are logged on tasks"):
        log(project, "B-1")


# A cell of the grid ----------------------------------------------------------------------------


def cell(project, wanted, seen=None, task="T-1", on=TODAY):
    return hours.set_cell(project, "ana", on, task, wanted, seen)


def entries(project, task="T-1"):
    return [(e.id, e.hours) for e in fresh(project).hours.values() if e.task == task]


def test_a_cell_is_added_changed_and_cleared(project):
    cell(project, 3.0)
    assert entries(project) == [(1, 3.0)]
    assert cell(project, 2.5).words == "2.5 h on T-1, today"
    assert entries(project) == [(1, 2.5)]
    assert told(project) == "ana set H-1 to 2.5h (was 3h)"
    assert cell(project, 2.5).words == ""
    assert cell(project, 0.0).words == "no hours on T-1, today"
    assert entries(project) == []
    assert told(project) == "ana deleted H-1: 2.5h of @ana on T-1, 2 Mar"
    assert project.data.tasks[1].remaining == 8.0
    project.undo()
    assert entries(project) == [(1, 2.5)]


def test_of_several_entries_the_newest_takes_the_difference_and_gives_way(project):
    for some in (2.0, 3.0, 1.0):
        log(project, hours=some)
    cell(project, 6.5)
    assert entries(project) == [(1, 2.0), (2, 3.0), (3, 1.5)]
    cell(project, 4.0)
    assert entries(project) == [(1, 2.0), (2, 2.0)]
    cell(project, 2.0)
    assert entries(project) == [(1, 2.0)]


def test_what_others_logged_meanwhile_counts_too(project):
    log(project)
    outcome = cell(project, 5.0, seen=0.0)
    assert entries(project) == [(1, 8.0)]
    assert "somebody logged 3 h meanwhile, both count" in outcome.said


def test_hours_of_no_task_are_kept_too(project):
    assert cell(project, 2.0, task="").words == "2 h, today"
    assert fresh(project).hours[1].task == ""


def test_a_cell_takes_no_more_than_a_day(project):
    with pytest.raises(Refused, match="allowed: 0 to 24"):
        cell(project, 24.5)


def test_a_note_is_told(project):
    cell(project, 2.0)
    hours.set_note(project, "H-1", "wrote them")
    assert fresh(project).hours[1].note == "wrote them"
    assert told(project) == "ana noted on H-1: wrote them"


# A closed month -----------------------------------------------------------------------------------


@pytest.fixture
def closed(project):
    log(project, date=FEBRUARY)
    hours.log(project, ["T-2"], {"hours": 2.0, "who": "ben", "date": FEBRUARY})
    close_month(project, "2026-02")
    return project


def test_closing_stores_the_rates_and_a_change_of_rates_does_not_reach_them(closed):
    stored = fresh(closed)
    assert [entry.rate for entry in stored.hours.values()] == [D(80), None]
    set_rates(closed, "ana", Rate(dt.date(2026, 1, 1), D(100)))
    set_rates(closed, "ben", Rate(dt.date(2026, 1, 1), D(50)))
    labour = fresh(closed).labour
    assert (labour.total.cost, labour.unrated_words) == (D("240.00"), "2 h without a rate: @ben")


def test_a_closed_month_takes_no_hours_and_loses_none(closed):
    why = "the month 2026-02 is closed; book it in an open month"
    for refused in (
        lambda: log(closed, date=FEBRUARY),
        lambda: cell(closed, 5.0, on=FEBRUARY),
        lambda: cell(closed, 0.0, on=FEBRUARY),
        lambda: edit_record(closed, "H-1", {"note": "later"}),
        lambda: edit_record(closed, "H-1", {"date": "2026-03-02"}),
        lambda: delete_records(closed, ["H-1"]),
    ):
        with pytest.raises(Refused, match=why):
            refused()
    assert entries(closed) == [(1, 3.0)]


def test_hours_logged_before_the_closing_are_not_undone_after_it(closed):
    sequence = next(t.sequence for t in closed.history() if t.note.verb == "log hours")
    with pytest.raises(Refused, match="the month 2026-02 is closed"):
        closed.undo(sequence)


def test_reopening_lets_them_cost_what_the_rates_say_until_it_is_closed_again(closed):
    set_rates(closed, "ana", Rate(dt.date(2026, 1, 1), D(100)))
    reopen_month(closed, "2026-02", "a time sheet was late")
    stored = fresh(closed)
    assert [entry.rate for entry in stored.hours.values()] == [None, None]
    assert stored.labour.total.cost == D("300.00")
    edit_record(closed, "H-1", {"hours": "4"})
    close_month(closed, "2026-02")
    assert fresh(closed).hours[1].rate == D(100)


def test_closing_and_reopening_are_undone_whole(closed):
    closed.undo()
    stored = fresh(closed)
    assert (stored.project.closed_months, [e.rate for e in stored.hours.values()]) == ((), [None, None])
    closed.redo()
    assert fresh(closed).hours[1].rate == D(80)
    reopen_month(closed, "2026-02", "a time sheet was late")
    closed.undo()
    stored = fresh(closed)
    assert (stored.project.closed_months, stored.hours[1].rate) == (("2026-02",), D(80))


def test_a_month_says_its_hours_before_it_is_closed(closed):
    assert hours.month_words(closed.data, "2026-02") == "5 h, 2 h without a rate"
    assert hours.month_words(closed.data, "2026-01") == ""


# The budget line --------------------------------------------------------------------------------------


def charge(project, text):
    setting = charter_settings(TODAY)["labour_line"]
    return save(project, setting, project.data.project, text)


def test_the_line_that_hours_are_charged_to_is_named_by_number_or_category(project):
    log(project)
    charge(project, "labour")
    assert fresh(project).project.labour_line == "B-1"
    assert totals(project.data).actual == D("240.00")
    project.undo()
    assert totals(project.data).actual == 0


@pytest.mark.parametrize(
    ("text", "why"), [("B-2", "allowed: a base line; contingency is contingency"), ("B-9", "no such budget line here")]
)
def test_it_is_a_base_line_that_there_is(project, text, why):
    setting = charter_settings(TODAY)["labour_line"]
    assert why in setting.problem(project, project.data.project, text)
    with pytest.raises(Refused, match=why):
        charge(project, text)


def test_the_line_stays_while_hours_are_charged_to_it(project):
    charge(project, "B-1")
    why = "hours are charged to it; change that in the project's settings first"
    with pytest.raises(Refused, match=why):
        delete_records(project, ["B-1"])
    with pytest.raises(Refused, match=why):
        edit_record(project, "B-1", {"kind": "contingency"})
    edit_record(project, "B-1", {"planned": "6000"})
    charge(project, "")
    delete_records(project, ["B-1"])


def test_logging_says_when_the_line_is_overspent(project):
    charge(project, "B-1")
    edit_record(project, "B-1", {"planned": "200"})
    assert "labour is 40.00 over its budget" in log(project).said


def test_another_rate_says_what_it_changes(closed):
    log(closed)
    person = closed.data.person("ana")
    dearer = type(person)(id=person.id, handle="ana", rates=(Rate(dt.date(2026, 1, 1), D(90)),))
    assert hours.rate_effect(closed, dearer) == "@ana's hours cost 30.00 EUR more; closed months stay"
    later = type(person)(id=person.id, handle="ana", rates=(*person.rates, Rate(day(30), D(90))))
    assert hours.rate_effect(closed, later) == ""


def test_a_task_with_hours_is_not_deleted(project):
    log(project)
    with pytest.raises(Refused, match="H-1 3h of @ana names it as its task"):
        delete_records(project, ["T-1"])


def test_what_is_brought_in_as_it_is_elsewhere_leaves_what_remains(project):
    with project.change("import") as change:
        first = change.reserve_ids("hours", 1)
        change.replace_many([HoursEntry(id=first, who="ana", date=TODAY, hours=3.0, task="T-1")])
    assert project.data.tasks[1].remaining is None
    assert project.data.effort(project.data.tasks[1]) == 3.0
    add(project, Task(title="Another"))
