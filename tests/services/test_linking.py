"""Links both ways, in an order that makes no circle, to records and to what lies outside."""

import pytest
from factories import TODAY, add, day, new_project

from pmtui.domain.links import is_outside, ways
from pmtui.domain.problems import Refused
from pmtui.domain.records import Decision, Milestone, Risk, Task
from pmtui.services.linking import link, unlink


def linked_project(tmp_path):
    return new_project(
        tmp_path / "ws",
        Task(title="Build", due=day(5)),
        Task(title="Test", due=day(3)),
        Task(title="Sign off"),
        Risk(title="Late vendor", owner="ana", review_date=day(9)),
        Milestone(title="Go-live", forecast=day(9)),
    )


def state(project):
    return {r.number: (getattr(r, "depends_on", ()), r.links) for r in project.data.records()}


def test_after_before_and_related_are_written_where_they_belong(tmp_path):
    project = linked_project(tmp_path)
    outcome = link(project, ["T-2"], "T-1", "after")
    assert project.get("T-2").depends_on == ("T-1",)
    assert outcome.said == ("T-2 is due before T-1 is (Sat 7 Mar)",)
    link(project, ["T-1", "T-2"], "T-3", "before")
    assert project.get("T-3").depends_on == ("T-1", "T-2")
    link(project, ["T-3"], "MS-1", "before")
    assert project.get("MS-1").depends_on == ("T-3",)
    link(project, ["T-1"], "R-1", "related")
    assert (project.get("T-1").links, project.get("R-1").links) == (("R-1",), ("T-1",))


def test_one_undo_takes_all_of_a_link_back(tmp_path):
    project = linked_project(tmp_path)
    before = state(project)
    link(project, ["T-1", "T-2", "T-3"], "R-1")
    project.undo()
    assert state(project) == before


def test_a_circle_is_refused_by_its_names(tmp_path):
    project = linked_project(tmp_path)
    link(project, ["T-2"], "T-1", "after")
    link(project, ["T-3"], "T-2", "after")
    with pytest.raises(Refused, match=r"T-1 → T-3 → T-2|T-3 → T-2 → T-1|T-2 → T-1 → T-3"):
        link(project, ["T-1"], "T-3", "after")
    with pytest.raises(Refused, match="not linked to itself"):
        link(project, ["T-1"], "T-1")


def test_what_is_linked_already_is_not_linked_twice(tmp_path):
    project = linked_project(tmp_path)
    link(project, ["T-1"], "R-1")
    sequence = project.sequence
    assert link(project, ["T-1"], "R-1").words == "T-1: linked to R-1 already"
    assert project.sequence == sequence
    link(project, ["T-1", "T-2"], "R-1")
    assert project.get("R-1").links == ("T-1", "T-2")


@pytest.mark.parametrize("way", ["after", "before", "related"])
def test_unlink_takes_it_away_on_both_sides(tmp_path, way):
    project = linked_project(tmp_path)
    before = state(project)
    link(project, ["T-1"], "T-2", way)
    assert state(project) != before
    unlink(project, ["T-1"], "T-2")
    assert state(project) == before


def test_what_is_frozen_is_not_written_and_that_is_said(tmp_path):
    project = linked_project(tmp_path)
    add(project, Decision(title="Go", text="We go", decided_by="ana", date=TODAY))
    outcome = link(project, ["T-1"], "D-1")
    assert project.get("T-1").links == ("D-1",)
    assert project.get("D-1").links == ()
    assert outcome.said == ("D-1 is frozen and does not name it back",)


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("https://wiki/plan", True), ("OPS-12", True), ("INC0012345", True), ("#77", True), ("ssh://host", True),
        ("T-48", False), ("payroll", False), ("two 2", False), ("", False), ("x1" * 400, False),
    ],
)  # fmt: skip
def test_an_address_or_ticket_is_one_word_with_a_digit_or_a_scheme(tmp_path, text, outside):
    assert is_outside(text) is outside


def test_what_is_no_record_and_nothing_outside_is_refused_with_what_is_allowed(tmp_path):
    project = linked_project(tmp_path)
    with pytest.raises(Refused, match="allowed: the number of a record here, or one word"):
        link(project, ["T-1"], "T-99")
    with pytest.raises(Refused, match="R-1 is a risk, allowed: related"):
        link(project, ["T-1"], "R-1", "after")
    link(project, ["T-1", "T-2"], "https://wiki/plan")
    assert project.get("T-2").links == ("https://wiki/plan",)


def test_a_milestone_waits_for_tasks_and_no_task_for_it():
    task, milestone = Task(id=1, title="a"), Milestone(id=1, title="b", forecast=TODAY)
    assert ways([task], milestone) == ("before", "related")
    assert ways([milestone], task) == ("after", "related")
    assert ways([task, milestone], task) == ("after", "related")


@pytest.mark.parametrize(
    ("numbers", "to", "way", "words"),
    [
        (["T-1"], "R-1", "related", "linked T-1 to R-1"),
        (["T-2", "T-3"], "T-1", "after", "linked T-2 and T-3 after T-1"),
        (["T-1", "T-2"], "T-3", "before", "linked T-3 after T-1, T-2"),
        (["T-1", "T-2", "T-3"], "R-1", "related", "linked T-1, T-2 and T-3 to R-1"),
        (["T-1"], "https://wiki/plan", "related", "linked T-1 to https://wiki/plan"),
    ],
)
def test_history_tells_a_link_in_words(tmp_path, numbers, to, way, words):
    project = linked_project(tmp_path)
    link(project, numbers, to, way)
    told = [project.story().told(transaction).words for transaction in project.history()]
    assert told[-1] == f"ana {words}"
    unlink(project, numbers, to)
    assert project.story().told(list(project.history())[-1]).words.startswith("ana unlinked ")
