import datetime as dt
import os
import random

import msgspec
import pytest
from factories import MONDAY, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import Meeting, Task
from pmtui.domain.values import show_value
from pmtui.services import meetings, records, tasks
from pmtui.services.as_of import record_as_of
from pmtui.services.merging import Conflicted
from pmtui.services.projects import open_project

TORTURE = bool(os.environ.get("PMTUI_TORTURE"))
SEEDS = range(20) if TORTURE else range(3)
PAIRS = 150 if TORTURE else 50


def two(tmp_path, *stored):
    """Two people with one project open: ana, and ben a moment after three."""
    mine = new_project(tmp_path, *stored)
    return mine, open_project(session(tmp_path, "ben", "s2", MONDAY.replace(hour=14, minute=3)), "hris")


def the_task(project, number="T-1"):
    project.refresh()
    return project.data.get(number)


def edit(project, base, **written):
    return records.edit_record(project, base.number, written, base=base)


def refusal(project, base, **written):
    with pytest.raises(Refused) as refused:
        edit(project, base, **written)
    return refused.value


def test_different_fields_are_both_written_and_nothing_is_said_of_it(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", owner="ana"))
    base = the_task(ana)
    edit(ben, base, owner="ben", priority="high")
    outcome = edit(ana, base, title="b")
    after = the_task(ana)
    assert (after.title, after.owner, after.priority) == ("b", "ben", "high")
    assert outcome.said == ()


def test_a_value_that_both_changed_is_refused_with_both_who_and_when(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", due=day(1)))
    base = the_task(ana)
    edit(ben, base, due="2026-03-12", title="b")
    refused = refusal(ana, base, due="2026-03-13", title="c", priority="low")
    assert isinstance(refused, Conflicted)
    assert str(refused).splitlines() == [
        "T-1 due: 'Fri 13 Mar': ben changed it meanwhile (14:03) to Thu 12 Mar",
        "T-1 title: 'c': ben changed it meanwhile (14:03) to b",
    ]
    assert the_task(ana) == the_task(ben)
    assert the_task(ana).priority == "normal"


def test_an_emptied_value_is_told_as_nothing(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", owner="ana", waiting_for="vendor"))
    base = the_task(ana)
    edit(ben, base, owner="", waiting_for="the vendor")
    told = str(refusal(ana, base, owner="chi", waiting_for=""))
    assert "'@chi': ben emptied it meanwhile (14:03)" in told
    assert "'nothing': ben changed it meanwhile (14:03) to the vendor" in told


def test_a_change_of_another_day_is_told_with_its_day(tmp_path):
    ana = new_project(tmp_path, Task(title="a"))
    base = the_task(ana)
    friday = open_project(session(tmp_path, "ben", "s2", MONDAY - dt.timedelta(days=10)), "hris")
    edit(friday, base, title="b")
    assert "ben changed it meanwhile (Fri 20 Feb 09:00) to b" in str(refusal(ana, base, title="c"))


def test_hours_of_both_count_and_it_is_said(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", actual_effort=4.0))
    base = the_task(ana)
    edit(ben, base, actual_effort="6")
    outcome = edit(ana, base, actual_effort="6")
    assert the_task(ana).actual_effort == 8.0
    assert outcome.said == ("Actual effort: ben added 2h meanwhile (14:03), both count",)


def test_lists_and_texts_are_joined_and_it_is_said(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", tags=("x", "y"), notes="one\ntwo"))
    base = the_task(ana)
    edit(ben, base, tags="#x #ben", notes="one\ntwo\nben")
    outcome = edit(ana, base, tags="#x #y #ana", notes="ONE\ntwo\nana")
    after = the_task(ana)
    assert (after.tags, after.notes) == (("x", "ben", "ana"), "ONE\ntwo\nben\nana")
    assert outcome.said == (
        "Tags: ben changed it meanwhile (14:03), both are kept",
        "Notes: ben wrote in it meanwhile (14:03), both are kept",
    )


def test_of_a_text_the_lines_that_clash_are_told_alone(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", notes="one\ntwo\nthree"))
    base = the_task(ana)
    edit(ben, base, notes="one\ntwo of ben\nthree\nben's")
    told = str(refusal(ana, base, notes="one\ntwo of ana\nthree"))
    assert told == "T-1 notes: 'two of ana': ben changed the same lines meanwhile (14:03) to two of ben"


def test_after_both_were_shown_the_same_edit_is_deliberate(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", actual_effort=4.0))
    base = the_task(ana)
    edit(ben, base, title="b", actual_effort="5")
    refused = refusal(ana, base, title="c", actual_effort="6")
    edit(ben, the_task(ben), actual_effort="7")
    told = msgspec.structs.replace(base, title=refused.disputes[0].conflict.theirs)
    edit(ana, told, title="c", actual_effort="6")
    after = the_task(ana)
    assert (after.title, after.actual_effort) == ("c", 9.0)


def test_an_edit_of_a_record_that_was_deleted_says_by_whom(tmp_path):
    ana, ben = two(tmp_path, Task(title="a"))
    base = the_task(ana)
    records.delete_records(ben, ["T-1"])
    assert str(refusal(ana, base, title="b")) == "T-1: ben deleted it meanwhile (14:03)"
    assert the_task(ana) is None


def test_an_edit_of_a_record_that_was_frozen_says_why(tmp_path):
    ana, ben = two(tmp_path, Meeting(title="Steering", start=dt.datetime(2026, 3, 2, 9)))
    base = the_task(ana, "M-1")
    meetings.publish(ben, "M-1")
    assert "published" in str(refusal(ana, base, title="b"))


def test_what_follows_from_theirs_is_not_overwritten_in_silence(tmp_path):
    ana, ben = two(tmp_path, Task(title="a"))
    base = the_task(ana)
    tasks.complete(ben, ["T-1"])
    refused = refusal(ana, base, remaining="4")
    assert "ben changed status meanwhile (14:03) to done" in str(refused)
    assert the_task(ana).remaining is None


def test_what_gives_way_to_what_follows_from_mine_is_told(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", percent_done=10))
    base = the_task(ana)
    edit(ben, base, remaining="4")
    outcome = edit(ana, base, percent_done="100")
    assert (the_task(ana).status, the_task(ana).remaining) == ("done", 0)
    assert outcome.said == ("Remaining: ben changed it meanwhile (14:03) to 4h; now it is 0h",)


def test_what_comes_with_a_change_that_both_made_is_no_conflict(tmp_path):
    ana, ben = two(tmp_path, Task(title="a", repeats="every week", due=day(0)))
    base = the_task(ana)
    tasks.complete(ben, ["T-1"])
    assert edit(ana, base, percent_done="100").words == "T-1 is unchanged"
    assert sorted(the_task(ana).TYPE.number(key) for key in ana.data.tasks) == ["T-1", "T-2"]


class TestAsOf:
    def test_a_record_as_it_was_after_each_change(self, tmp_path):
        project = new_project(tmp_path, Task(title="a", tags=("x",), notes="one"))
        seen = {project.sequence: the_task(project)}
        for written in ({"title": "b"}, {"tags": "", "owner": "ben"}, {"notes": "two", "owner": ""}, {"tags": "#y"}):
            records.edit_record(project, "T-1", written)
            seen[project.sequence] = the_task(project)
        project.undo()
        project.db.journal.compact()
        records.edit_record(project, "T-1", {"title": "c"})
        for sequence, then in seen.items():
            found = record_as_of(project, "T-1", sequence)
            assert Task.TYPE.encode(found) == Task.TYPE.encode(then)

    def test_a_record_that_came_back_is_what_it_was(self, tmp_path):
        project = new_project(tmp_path, Task(title="a", notes="one"))
        began = project.sequence
        records.delete_records(project, ["T-1"])
        project.undo()
        assert record_as_of(project, "T-1", began).notes == "one"

    def test_unknown_and_future_changes_are_refused_in_words(self, tmp_path):
        project = new_project(tmp_path, Task(title="a"))
        last = project.sequence
        for sequence in (last + 1, -1):
            with pytest.raises(Refused, match=f"{sequence}: there is no such change yet; the last one is {last}"):
                record_as_of(project, "T-1", sequence)
        with pytest.raises(Refused, match="T-1 was not there yet after 0"):
            record_as_of(project, "T-1", 0)

    def test_a_change_that_is_not_kept_is_refused(self, tmp_path):
        project = new_project(tmp_path, Task(title="a"))
        began = project.sequence
        records.edit_record(project, "T-1", {"title": "b"})
        project.db.journal.compact()
        records.edit_record(project, "T-1", {"title": "c"})
        kept = sorted((tmp_path / "hris" / "history").iterdir())
        for path in kept:
            path.unlink()
        with pytest.raises(Refused, match="not kept"):
            record_as_of(project, "T-1", began)


# Concurrent pairs: two people, one base, no silent loss -------------------------------------------

WORDS = ["call the vendor", "ask Mia", "test again", "order it", "sign off", "- ", "wait"]


def a_text(pick, text, who):
    """Somebody's edit of a text: some lines altered, taken out or added, each with a mark of theirs."""
    made = text.split("\n") if text else []
    for _ in range(pick.randint(1, 3)):
        at = pick.randint(0, len(made))
        line = f"{pick.choice(WORDS)} {who}{pick.randint(0, 10**9)}"
        what = pick.random()
        if what < 0.5 or at == len(made):
            made.insert(pick.choice([at, len(made)]), line)
        elif what < 0.8:
            made[at] = line
        else:
            del made[at]
    return "\n".join(made).strip("\n ")


def an_edit(pick, task, who):
    """What somebody writes in a task's form: any of its fields, of each kind of merge."""
    there = ("@" + "ana", "@" + "ben", "@" + "chi", "")
    ways = {
        "title": lambda: f"title {pick.randint(0, 3)}",
        "owner": lambda: pick.choice(there),
        "due": lambda: pick.choice(["", *(day(n).isoformat() for n in range(4))]),
        "priority": lambda: pick.choice(["low", "normal", "high"]),
        "percent_done": lambda: str(pick.choice([0, 20, 40])),
        "estimate": lambda: pick.choice(["", "8", "16", "2.5"]),
        "actual_effort": lambda: f"{(task.actual_effort or 0) + pick.choice([1, 1, 2.5, 0.1, 8]):g}",
        "tags": lambda: " ".join(pick.sample(["#a", "#b", "#c", "#d", "#e"], pick.randint(0, 4))),
        "depends_on": lambda: " ".join(pick.sample(["T-2", "T-3", "T-4"], pick.randint(0, 3))),
        "links": lambda: " ".join(pick.sample(["JIRA-1", "JIRA-2", "https://x.example"], pick.randint(0, 3))),
        "notes": lambda: a_text(pick, task.notes, who),
    }
    names = pick.sample(list(ways), pick.randint(1, 5))
    return {name: ways[name]() for name in names}


def plain_lines(text):
    return [line.strip() for line in text.split("\n") if line.strip()]


def losses(name, base, mine, theirs, after):
    """What of two changes of one field, both meant to stand, is not in the result; an oracle of its own."""
    began, ours, others, now = (getattr(record, name) for record in (base, mine, theirs, after))
    if name == "actual_effort":
        wanted = round((others or 0) + (ours or 0) - (began or 0), 6)
        return [] if abs((now or 0) - wanted) < 1e-6 else [f"{name}: {now} is not {wanted}"]
    if name == "notes":
        was = plain_lines(began)
        added = [line for side in (ours, others) for line in plain_lines(side) if line not in was]
        gone = [line for line in was if line not in plain_lines(ours) or line not in plain_lines(others)]
        lost = [line for line in added if line not in plain_lines(now)]
        back = [line for line in gone if was.count(line) == 1 and line in plain_lines(now)]
        return [f"{name}: lost {line!r}" for line in lost] + [f"{name}: came back {line!r}" for line in back]
    if isinstance(began, tuple):
        wanted = {x for x in {*began, *ours, *others} if ((x in ours) + (x in others) == 2) or x not in began}
        return [] if set(now) == wanted else [f"{name}: {now} is not {wanted}"]
    changed = {value for value in (ours, others) if value != began} or {began}
    return [] if changed == {now} else [f"{name}: {now} of {changed}"]


def pair(pick, ana, ben):
    """One concurrent pair: ben saves, then ana with the base both began from; what was lost in silence."""
    base = the_task(ana)
    assert the_task(ben) == base
    for_ben, for_ana = an_edit(pick, base, "ben"), an_edit(pick, base, "ana")
    edit(ben, base, **for_ben)
    theirs = the_task(ben)
    before = ana.sequence
    values = records.read_fields(ana, Task.TYPE, for_ana)
    mine = {name: values.get(name, getattr(base, name)) for name in Task.TYPE.fields}
    try:
        edit(ana, base, **for_ana)
    except Conflicted as refused:
        ana.refresh()
        assert the_task(ana) == theirs, "what was refused wrote nothing"
        told = {p.field: (p, d.conflict) for p, d in zip(refused.problems, refused.disputes, strict=True)}
        for name, (problem, conflict) in told.items():
            field, stored = Task.TYPE.fields[name], getattr(theirs, name)
            assert getattr(base, name) not in (values[name], stored), f"{name} was no conflict"
            assert (conflict.mine, conflict.theirs) == (values[name], stored)
            assert "ben" in problem.allowed and "14:03" in problem.allowed
            assert name == "notes" or show_value(field, stored, ana.today) in problem.allowed
            assert name == "notes" or problem.value in {show_value(field, values[name], ana.today), "nothing"}
        return [], len(told), ana.sequence == before + 1
    after = the_task(ana)
    found = [loss for name in {*for_ben, *for_ana} for loss in losses(name, base, Task(**mine), theirs, after)]
    return [f"{loss}: ben {for_ben}, ana {for_ana}" for loss in found], 0, True


def concurrent_pairs(tmp_path, seed):
    pick = random.Random(seed)
    ana, ben = two(tmp_path, *(Task(title=f"task {n}", notes="one\ntwo\nthree\nfour") for n in range(4)))
    lost, asked = [], 0
    for _ in range(PAIRS):
        found, told, as_it_was = pair(pick, ana, ben)
        assert as_it_was
        lost += found
        asked += told
    assert lost == []
    assert asked, "some of them are in conflict"
    assert len(plain_lines(the_task(ana).notes)) > 4, "some of them are joined"


@pytest.mark.parametrize("seed", SEEDS)
def test_of_concurrent_pairs_of_edits_nothing_is_lost_in_silence(tmp_path, seed):
    concurrent_pairs(tmp_path, seed)


def test_the_oracle_sees_what_a_save_of_the_whole_record_loses():
    base = Task(title="a", notes="one", tags=("x",))
    theirs = Task(title="a", notes="one\nben", tags=("x", "ben"), owner="ben", actual_effort=1.0)
    mine = Task(title="a", notes="one\nana", tags=("x", "ana"), actual_effort=2.0)
    names = ("notes", "tags", "owner", "actual_effort")
    assert [len(losses(name, base, mine, theirs, mine)) for name in names] == [1, 1, 1, 1]
