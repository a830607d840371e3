"""Pasted lines become records in one change; what is wrong waits with its line."""

import pytest
from factories import add, day, new_project

from pmtui.domain.problems import Refused
from pmtui.domain.quickline import read_line
from pmtui.domain.records import Task
from pmtui.services.adding import Draft, add_drafts, check
from pmtui.services.pasted import PastedLines, State


def lines(project, text, kind="task"):
    return PastedLines(project, text, kind)


def states(pasted):
    return [(line.line, str(line.state)) for line in pasted.lines]


def test_many_are_one_change_and_one_undo(tmp_path):
    project = new_project(tmp_path)
    pasted = lines(project, "- a @zoe\n  - b due fri\n- risk: late p4 i3\n- cost: 12.50 travel")
    before = project.sequence
    outcome = pasted.add()
    assert outcome.words == "2 tasks, 1 risk and 1 cost added: T-1, T-2, R-1, C-1"
    assert project.sequence == before + 1
    assert (project.data.tasks[2].parent, project.data.tasks[2].due) == ("T-1", day(4))
    assert outcome.said == (
        "@zoe is new here: added to the people, unconfirmed",
        "B-1 travel is a new budget line with nothing planned",
    )
    project.undo()
    assert not (project.data.tasks or project.data.risks or project.data.costs or project.data.budget_lines)


def test_what_is_under_a_bad_line_waits_for_it_and_is_part_of_it_once_it_is_mended(tmp_path):
    project = new_project(tmp_path)
    pasted = lines(project, "a\n  b due 2026-02-31\n    c\nd start fri due thu")
    assert states(pasted) == [(1, "good"), (2, "bad"), (3, "waits"), (4, "bad")]
    assert "its start" in pasted.lines[3].problems[0], "also what only the project's rules forbid"
    pasted.add()
    pasted.edit(pasted.lines[0], "b due fri")
    assert states(pasted) == [(2, "good"), (3, "good"), (4, "bad")]
    pasted.add()
    assert [(t.title, t.parent) for t in project.data.tasks.values()] == [("a", ""), ("b", "T-1"), ("c", "T-2")]


def test_a_line_left_out_leaves_its_parts_to_the_line_above_it(tmp_path):
    project = new_project(tmp_path)
    pasted = lines(project, "a\n  [x] b\n    c")
    assert states(pasted) == [(1, "good"), (2, "left out"), (3, "good")]
    pasted.add()
    assert [(t.title, t.parent) for t in project.data.tasks.values()] == [("a", ""), ("c", "T-1")]
    pasted.toggle(pasted.lines)
    assert states(pasted) == [(2, "good")]


def test_what_is_kept_is_the_same_when_it_comes_back(tmp_path):
    project = new_project(tmp_path)
    pasted = lines(project, "a\n  b due 2026-02-31\n    - [x] c\n  risk: late")
    pasted.add()
    again = lines(project, pasted.as_text())
    assert [(line.text, str(line.state)) for line in again.lines] == [
        ("b due 2026-02-31 parent:T-1", "bad"),
        ("c", "left out"),
    ]
    again.edit(again.lines[0], "b due fri parent:T-1")
    again.add()
    assert project.data.tasks[2].parent == "T-1"


def test_two_of_one_paste_that_can_not_stand_together_are_told(tmp_path):
    pasted = lines(new_project(tmp_path), "1.2 Migration\n1.2 Data", "deliverable")
    assert pasted.count(State.BAD) > 0


def test_five_hundred_are_checked_and_added_in_one_transaction(tmp_path):
    project = new_project(tmp_path)
    pasted = lines(project, "\n".join(f"{'  ' * (n % 3)}- Task {n} @p{n % 9} due fri ~3d" for n in range(500)))
    before = project.sequence
    assert pasted.count(State.GOOD) == 500
    pasted.add()
    assert (len(project.data.tasks), project.sequence) == (500, before + 1)


def test_a_refusal_names_the_line_and_adds_nothing(tmp_path):
    project = new_project(tmp_path)
    drafts = [
        Draft(read_line("task", text, project.data, project.today), line=line)
        for line, text in ((1, "fine"), (4, "x start fri due thu"))
    ]
    assert [bool(problems) for problems in check(project, drafts)] == [False, True]
    with pytest.raises(Refused, match="line 4 due"):
        add_drafts(project, drafts)
    assert not project.data.tasks


def test_what_others_did_meanwhile_is_taken_in(tmp_path):
    project = new_project(tmp_path)
    pasted = lines(project, "x after T-1")
    assert pasted.count(State.BAD) == 1
    add(project, Task(title="first"))
    pasted.fresh()
    assert pasted.count(State.GOOD) == 1
