from factories import TODAY, day

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Issue, Milestone, Record, Risk, Task
from pmtui.domain.triage import DECIDED, overdue_items


def data(*records: Record) -> ProjectData:
    tables: dict[str, dict[int, Record]] = {}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return ProjectData(tables)


def places(*records: Record) -> list[str]:
    return [item.number for item in overdue_items(data(*records), TODAY)]


def test_what_it_holds_up_comes_before_what_is_late_longest():
    late = Task(id=1, title="late", due=day(-30))
    holding = Task(id=2, title="holding", due=day(-1))
    milestone = Milestone(id=1, title="UAT", forecast=day(9), depends_on=("T-2",))
    assert places(late, holding, milestone) == ["T-2", "T-1"]


def test_priority_slips_and_lateness_decide_between_what_holds_nothing_up():
    urgent = Task(id=1, title="urgent", due=day(-1), priority="urgent")
    slipped = Task(id=2, title="slipped", due=day(-1), slip_count=3)
    late = Task(id=3, title="late", due=day(-12))
    low = Task(id=4, title="low", due=day(-12), priority="low")
    assert places(low, late, slipped, urgent) == ["T-1", "T-2", "T-3", "T-4"]


def test_each_term_is_told_with_its_points_and_they_add_up():
    task = Task(id=1, title="a", due=day(-40), priority="high", slip_count=2)
    waiting = [Task(id=n, title="b", due=day(n), depends_on=("T-1",)) for n in range(2, 9)]
    item = overdue_items(data(task, *waiting), TODAY)[0]
    assert {term.words: term.points for term in item.terms} == {
        "40 days late": 30,
        "holds up 7 tasks": 50,
        "priority high": 15,
        "moved 2 times": 10,
    }
    assert item.weight == 105
    assert all(term.rule for term in item.terms)


def test_risks_and_issues_weigh_by_their_score():
    risk = Risk(id=1, title="r", owner="a", review_date=day(-1), probability=5, impact=4)
    issue = Issue(id=1, title="i", owner="a", target_date=day(-1), urgency=2, impact=2)
    assert places(issue, risk) == ["R-1", "I-1"]


def test_a_milestone_past_its_forecast_is_overdue_until_it_is_reached():
    assert places(Milestone(id=1, title="m", forecast=day(-1))) == ["MS-1"]
    assert (
        places(Milestone(id=1, title="m", forecast=day(-1), actual=TODAY), Milestone(id=2, title="n", forecast=TODAY))
        == []
    )


def test_every_decision_counts_as_something():
    assert all(DECIDED.values())
