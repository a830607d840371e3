"""A column's limit: who enters it, what it holds, what is refused."""

import pytest

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Project, Task
from pmtui.domain.wip import crowds, refuses


def project(*statuses, strict=False, **limits):
    tasks = {at: Task(id=at, title=f"t{at}", status=status) for at, status in enumerate(statuses, 1)}
    charter = Project(id=1, code="hris", title="HRIS", wip_limits=limits, wip_strict=strict)
    return ProjectData({"tasks": tasks, "project": {1: charter}})


def moved(data, *ids, to="doing"):
    return data.with_records({"tasks": {i: Task(id=i, title=f"t{i}", status=to) for i in ids}})


@pytest.mark.parametrize(
    ("statuses", "ids", "holds"),
    [
        (("to do", "doing"), [1], None),
        (("to do", "doing", "doing"), [1], 3),
        (("to do", "to do", "to do"), [1, 2, 3], 3),
        (("doing", "doing", "doing"), [1], None),
    ],
)
def test_a_column_is_crowded_by_those_who_enter_it_over_its_limit(statuses, ids, holds):
    before = project(*statuses, doing=2)
    found = list(crowds(before, moved(before, *ids), ids))
    assert [crowd.would_hold for crowd in found] == ([holds] if holds else [])


def test_what_changes_places_in_a_full_column_does_not_crowd_it():
    before = project("to do", "doing", "doing", "doing", doing=2)
    after = moved(moved(before, 2, to="done"), 1)
    assert not list(crowds(before, after, [1, 2]))


def test_a_column_without_a_limit_is_never_crowded():
    before = project("to do", "doing", blocked=1)
    assert not list(crowds(before, moved(before, 1), [1]))


def test_only_limits_that_hold_refuse_and_never_what_is_done():
    before = project("to do", "doing", doing=1, done=0)
    crowd = next(crowds(before, moved(before, 1), [1]))
    assert not refuses(crowd, before)
    strict = project("to do", "doing", strict=True, doing=1, done=0)
    assert refuses(crowd, strict)
    done = next(crowds(strict, moved(strict, 1, to="done"), [1]))
    assert not refuses(done, strict)


def test_a_refusal_says_the_count_the_limit_and_where_it_is_changed():
    before = project("to do", "doing", strict=True, doing=1)
    crowd = next(crowds(before, moved(before, 1), [1]))
    assert str(crowd.problem) == (
        "T-1 status: 'doing': it holds 1, its limit is 1: move one out first, "
        "or change Board limits in Project settings (P in Today)"
    )
    assert crowd.warning == "▲ 2 in doing, the limit is 1"
