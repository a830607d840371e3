"""Notes become records once, follow their lines until the minutes are published, and then stand still."""

import datetime as dt

import pytest

from pmtui.domain.problems import Refused
from pmtui.domain.records import Decision, Meeting, Task, Topic
from pmtui.services import tasks
from pmtui.services.meetings import (
    hold,
    mark_present,
    publish,
    save_notes,
)
from pmtui.services.projects import add_project, open_project
from pmtui.services.session import Session

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
TODAY = NOW.date()


def session(path, user="ana", now=NOW):
    return Session(path=path, user=user, name=f"s-{user}", now=lambda: now)


@pytest.fixture
def project(tmp_path):
    project = add_project(session(tmp_path), "demo", "Demo")
    with project.change("plan") as change:
        change.add(
            Meeting(
                title="Steering committee",
                start=dt.datetime(2026, 3, 2, 10),
                series="Steering",
                invited=("ana", "ben", "dora"),
                agenda=(Topic("Budget"), Topic("Go live", 20, "ben")),
            )
        )
    return project


def notes(project):
    return project.data.get("M-1").notes


def lines(*texts):
    return "\n".join(texts)


class TestSaveNotes:
    def test_each_kind_of_line_becomes_its_record(self, project):
        outcome = save_notes(
            project,
            "M-1",
            lines(
                "D: Go live moves to 10 Dec", "A: Call the vendor @ben due fri", "R: No test data p4 i5", "I: Firewall"
            ),
        )
        assert outcome.numbers == ("D-1", "T-1", "R-1", "I-1")
        decision, task, risk, issue = (project.data.get(n) for n in outcome.numbers)
        assert (decision.title, decision.decided_by) == ("Go live moves to 10 Dec", "Steering committee")
        assert (decision.date, decision.meeting) == (TODAY, "M-1")
        assert (task.title, task.owner, task.due, task.source) == ("Call the vendor", "ben", dt.date(2026, 3, 6), "M-1")
        assert (risk.owner, risk.score, risk.review_date) == ("ana", 20, TODAY + dt.timedelta(days=28))
        assert (issue.owner, issue.target_date) == ("ana", TODAY + dt.timedelta(days=14))

    def test_the_lines_carry_the_numbers_and_the_meeting_names_the_records(self, project):
        save_notes(project, "M-1", lines("# Budget", "- D: Stop", "words", "A: Call @ben due fri"))
        assert notes(project) == lines("# Budget", "- D: Stop [D-1]", "words", "A: Call @ben due fri [T-1]")
        meeting = project.data.get("M-1")
        assert (meeting.decisions, meeting.actions, meeting.raised) == (("D-1",), ("T-1",), ())

    def test_it_is_one_transaction_and_one_undo(self, project):
        save_notes(project, "M-1", lines("D: Stop", "A: Call @ben due fri"))
        project.undo()
        assert notes(project) == ""
        assert project.data.get("D-1") is None
        assert project.data.get("T-1") is None

    def test_saving_again_doubles_nothing(self, project):
        typed = lines("D: Stop", "A: Call @ben due fri")
        save_notes(project, "M-1", typed)
        stored = notes(project)
        assert save_notes(project, "M-1", stored).numbers == ()
        assert save_notes(project, "M-1", typed).numbers == ()
        assert notes(project) == stored
        assert (len(project.data.tasks), len(project.data.decisions)) == (1, 1)

    def test_editing_the_line_edits_the_record_also_a_decision(self, project):
        save_notes(project, "M-1", lines("D: Stop", "A: Call @ben due fri"))
        save_notes(project, "M-1", lines("D: Stop and think @dora [D-1]", "A: Call twice @ana due +14d [T-1]"))
        decision, task = project.data.get("D-1"), project.data.get("T-1")
        assert (decision.title, decision.decided_by) == ("Stop and think", "dora")
        assert (task.title, task.owner, task.due) == ("Call twice", "ana", TODAY + dt.timedelta(days=14))
        assert (task.slip_count, task.baseline_due) == (0, task.due)

    def test_what_was_changed_elsewhere_stays_when_the_line_says_nothing_new_about_it(self, project):
        save_notes(project, "M-1", "A: Call @ben due fri")
        with project.change("reschedule") as change:
            change.edit(project.data.get("T-1"), due=dt.date(2026, 4, 1), owner="chi")
        save_notes(project, "M-1", "A: Call at once @ben due fri [T-1]")
        task = project.data.get("T-1")
        assert (task.title, task.owner, task.due) == ("Call at once", "chi", dt.date(2026, 4, 1))

    def test_a_line_typed_further_without_its_number_is_the_same_record(self, project):
        save_notes(project, "M-1", "A: Call the ven")
        save_notes(project, "M-1", "A: Call the vendor @ben due fri")
        assert [task.title for task in project.data.tasks.values()] == ["Call the vendor"]

    def test_another_records_number_in_a_line_is_only_text(self, project):
        with project.change("add") as change:
            change.add(Task(title="Firewall", owner="chi"))
        save_notes(project, "M-1", "A: Ask about the firewall @ben due fri [T-1]")
        assert project.data.get("T-1").title == "Firewall"
        assert notes(project).endswith("[T-1] [T-2]")
        save_notes(project, "M-1", notes(project))
        assert len(project.data.tasks) == 2

    def test_a_copied_line_is_a_record_of_its_own(self, project):
        save_notes(project, "M-1", "A: Call @ben due fri")
        save_notes(project, "M-1", lines("A: Call @ben due fri [T-1]", "A: Call @ana due fri [T-1]"))
        assert notes(project).splitlines()[1] == "A: Call @ana due fri [T-2]"
        assert (project.data.get("T-1").owner, project.data.get("T-2").owner) == ("ben", "ana")

    def test_a_deleted_line_takes_its_record_with_it_and_one_undo_brings_both_back(self, project):
        save_notes(project, "M-1", lines("D: Stop", "A: Call @ben due fri"))
        outcome = save_notes(project, "M-1", "words")
        assert {"T-1 went with its line", "D-1 went with its line"} <= set(outcome.said)
        assert (project.data.get("T-1"), project.data.get("D-1")) == (None, None)
        assert (project.data.get("M-1").actions, project.data.get("M-1").decisions) == ((), ())
        project.undo()
        assert project.data.get("T-1").title == "Call"
        assert project.data.get("D-1").title == "Stop"
        assert notes(project).endswith("[T-1]")

    def test_a_record_that_somebody_worked_on_stays_when_its_line_goes(self, project, tmp_path):
        save_notes(project, "M-1", "A: Call @ben due fri")
        theirs = open_project(session(tmp_path, "ben"), "demo")
        tasks.progress(theirs, ["T-1"], 50)
        project.refresh()
        outcome = save_notes(project, "M-1", "words")
        assert "T-1 is no longer in the notes; the record stays: ben has worked on it since" in outcome.said
        assert project.data.get("T-1").percent_done == 50

    def test_a_record_that_others_refer_to_stays_when_its_line_goes(self, project):
        save_notes(project, "M-1", lines("D: Go", "A: Call @ben due fri"))
        with project.change("add") as change:
            change.add(Task(title="After it", depends_on=("T-1",)))
            change.add(Decision(title="Stop", date=TODAY, supersedes="D-1"))
        outcome = save_notes(project, "M-1", "words")
        assert {project.data.get("T-1").title, project.data.get("D-1").title} == {"Call", "Go"}
        assert any("T-2 After it names it" in said for said in outcome.said)

    def test_a_line_cut_and_put_back_after_a_save_is_a_record_again(self, project):
        save_notes(project, "M-1", "A: Call @ben due fri")
        cut = notes(project)
        save_notes(project, "M-1", "words")
        save_notes(project, "M-1", lines("words", cut))
        assert notes(project) == lines("words", "A: Call @ben due fri [T-2]")

    def test_an_owner_and_a_date_taken_off_the_line_are_taken_off_the_record(self, project):
        save_notes(project, "M-1", lines("A: Call @ben due fri", "R: Late @ben p4 i5"))
        save_notes(project, "M-1", lines("A: Call [T-1]", "R: Late p4 [R-1]"))
        task, risk = project.data.get("T-1"), project.data.get("R-1")
        assert (task.owner, task.due) == ("", None)
        assert (risk.owner, risk.probability, risk.impact) == ("ana", 4, None)

    def test_an_owner_given_elsewhere_stays_when_the_line_names_nobody_any_more(self, project):
        save_notes(project, "M-1", "A: Call @ben due fri")
        tasks.delegate(project, ["T-1"], "chi")
        save_notes(project, "M-1", "A: Call due fri [T-1]")
        assert project.data.get("T-1").owner == "chi"

    def test_a_line_moved_elsewhere_keeps_its_record(self, project):
        save_notes(project, "M-1", lines("A: Call @ben due fri", "# Budget", "words"))
        save_notes(project, "M-1", lines("# Budget", "words", "A: Call @ben due fri [T-1]"))
        assert len(project.data.tasks) == 1

    def test_two_lines_alike_are_two_records_and_each_goes_alone(self, project):
        save_notes(project, "M-1", lines("A: Call @ben due fri", "A: Call @ben due fri"))
        assert notes(project).splitlines() == ["A: Call @ben due fri [T-1]", "A: Call @ben due fri [T-2]"]
        save_notes(project, "M-1", lines("A: Call @ben due fri", "A: Call @ben due fri"))
        assert len(project.data.tasks) == 2
        save_notes(project, "M-1", "A: Call @ben due fri [T-2]")
        assert [task.number for task in project.data.tasks.values()] == ["T-2"]

    def test_a_line_broken_in_two_is_still_its_record(self, project):
        save_notes(project, "M-1", "A: Call ben about the interface and write to chi")
        save_notes(project, "M-1", lines("A: Call ben", "about the interface and write to chi [T-1]"))
        assert notes(project) == lines("A: Call ben [T-1]", "about the interface and write to chi")
        assert [task.title for task in project.data.tasks.values()] == ["Call ben"]

    def test_a_line_broken_in_two_actions_is_two_records(self, project):
        save_notes(project, "M-1", "A: Call ben and write to chi")
        save_notes(project, "M-1", lines("A: Call ben", "A: write to chi [T-1]"))
        assert {t.number: t.title for t in project.data.tasks.values()} == {"T-1": "write to chi", "T-2": "Call ben"}

    def test_another_letter_makes_another_record_and_takes_out_the_first(self, project):
        save_notes(project, "M-1", "A: Vendor is late")
        save_notes(project, "M-1", "R: Vendor is late [T-1]")
        assert notes(project) == "R: Vendor is late [R-1]"
        assert project.data.get("T-1") is None
        assert project.data.get("R-1").title == "Vendor is late"

    def test_the_line_of_a_merged_action_gets_the_number_that_lasts(self, project):
        with project.change("add") as change:
            change.add(Task(title="Call the vendor", owner="chi"))
        save_notes(project, "M-1", "A: Ring the vendor @ben due fri")
        tasks.merge(project, ["T-2"], "T-1")
        outcome = save_notes(project, "M-1", lines(notes(project), "words"))
        assert notes(project) == lines("A: Ring the vendor @ben due fri [T-1]", "words")
        assert "T-2 was merged into T-1: the line has its number" in outcome.said
        assert project.data.get("M-1").actions == ("T-1",)
        assert project.data.get("T-1").title == "Call the vendor"
        save_notes(project, "M-1", lines(notes(project), "more"))
        assert len(project.data.tasks) == 2
        save_notes(project, "M-1", "nothing")
        assert project.data.get("T-1") is not None

    def test_notes_that_name_anothers_record_by_hand_never_change_or_delete_it(self, project):
        with project.change("add") as change:
            change.add(Task(title="Theirs", owner="chi"))
            change.edit(project.data.get("M-1"), notes="A: Mine now [T-1]")
        save_notes(project, "M-1", "A: Mine it is [T-1]")
        assert project.data.get("T-1").title == "Theirs"
        save_notes(project, "M-1", "")
        assert project.data.get("T-1").title == "Theirs"

    def test_an_action_without_owner_or_date_is_taken_and_said(self, project):
        assert "T-1 has no owner and no due date yet" in save_notes(project, "M-1", "A: Call the vendor").said

    def test_what_is_not_understood_is_said_and_the_rest_is_kept(self, project):
        outcome = save_notes(project, "M-1", lines("words", "A: Call the vendor @ben due 31 feb"))
        assert any("line 2" in words and "31 feb" in words for words in outcome.said)
        assert project.data.get("T-1").owner == "ben"

    @pytest.mark.parametrize(
        ("line", "title", "due"),
        [
            ("send the contract @ben fri", "send the contract", 4),
            ("send the contract fri @ben", "send the contract", 4),
            ("send the contract @ben by 9 mar", "send the contract", 7),
            ("send the agenda for fri @ben", "send the agenda for fri", None),
            ("call @ben 31 feb", "call 31 feb", None),
            ("call @ben due 31 feb", "call due 31 feb", None),
        ],
    )
    def test_the_date_that_an_action_ends_with_is_its_due_date(self, project, line, title, due):
        save_notes(project, "M-1", f"A: {line}")
        task = project.data.get("T-1")
        assert (task.title, task.owner) == (title, "ben")
        assert task.due == (due and TODAY + dt.timedelta(days=due))

    def test_a_rule_that_a_line_breaks_never_costs_the_notes(self, project):
        outcome = save_notes(project, "M-1", "A: Call @ben start:2026-03-20 due:2026-03-10")
        task = project.data.get("T-1")
        assert (task.title, task.owner) == ("Call", "ben")
        assert any("2026-03-20" in words for words in outcome.said)

    def test_a_line_without_words_makes_nothing(self, project):
        assert save_notes(project, "M-1", lines("A:", "A: @ben", "D:")).numbers == ()
        assert notes(project) == lines("A:", "A: @ben", "D:")

    def test_a_newcomer_named_in_a_line_is_said(self, project):
        assert any("@zoe is new" in words for words in save_notes(project, "M-1", "A: Call @zoe due fri").said)

    def test_a_decision_can_supersede_another(self, project):
        save_notes(project, "M-1", "D: Go")
        save_notes(project, "M-1", lines("D: Go [D-1]", "D: Stop, supersedes D-1 @dora"))
        assert project.data.superseded_by("D-1") == "D-2"


class TestTwoPeople:
    def test_both_keep_their_words(self, project, tmp_path):
        save_notes(project, "M-1", lines("one", "two"))
        base = notes(project)
        theirs = open_project(session(tmp_path, "ben"), "demo")
        save_notes(theirs, "M-1", lines("one", "two", "A: Call @ben due fri"), base=base)
        outcome = save_notes(project, "M-1", lines("ONE", "two"), base=base)
        assert notes(project) == lines("ONE", "two", "A: Call @ben due fri [T-1]")
        assert any("ben wrote in these notes" in words for words in outcome.said)
        assert len(project.data.tasks) == 1

    def test_nobody_else_is_named_when_only_numbers_were_added(self, project):
        save_notes(project, "M-1", "A: Call @ben due fri")
        outcome = save_notes(project, "M-1", lines("A: Call @ben due fri", "D: x"), base="A: Call @ben due fri")
        assert outcome.said == ()
        assert notes(project) == lines("A: Call @ben due fri [T-1]", "D: x [D-1]")


class TestHold:
    def test_marks_who_is_present(self, project):
        hold(project, "M-1", ["@ana", "ben", "ana"])
        mark_present(project, "M-1", "dora")
        mark_present(project, "M-1", "ben", here=False)
        meeting = project.data.get("M-1")
        assert (meeting.status, meeting.present) == ("held", ("ana", "dora"))


class TestPublish:
    def test_numbers_and_freezes_the_minutes(self, project):
        save_notes(project, "M-1", lines("# Budget", "D: Stop", "A: Call @ben due fri"))
        hold(project, "M-1", ["ana"])
        outcome = publish(project, "M-1")
        meeting = project.data.get("M-1")
        assert outcome.words == "M-1 minutes 1 published: 1 decision, 1 action"
        assert (meeting.status, meeting.minutes_number, meeting.published_on) == ("published", 1, TODAY)
        assert meeting.minutes.startswith("# Steering committee: Minutes 1\n")
        assert "Action T-1: Call (ben, by 6 Mar)" in meeting.minutes

    def test_what_is_published_can_not_be_changed_or_published_again(self, project):
        save_notes(project, "M-1", "D: Stop")
        publish(project, "M-1")
        frozen = project.data.get("M-1").minutes
        for again in (
            lambda: publish(project, "M-1"),
            lambda: save_notes(project, "M-1", "D: Go [D-1]"),
            lambda: hold(project, "M-1", []),
            lambda: mark_present(project, "M-1", "ben"),
        ):
            with pytest.raises(Refused, match="published on 2026-03-02"):
                again()
        assert project.data.get("D-1").title == "Stop"
        assert project.data.get("M-1").minutes == frozen

    def test_numbers_follow_each_other_in_the_project(self, project):
        with project.change("plan") as change:
            change.add(Meeting(title="Team", start=dt.datetime(2026, 3, 9, 10)))
        publish(project, "M-2")
        publish(project, "M-1")
        assert (project.data.get("M-2").minutes_number, project.data.get("M-1").minutes_number) == (1, 2)

    def test_a_later_change_of_an_action_does_not_reach_the_page(self, project):
        save_notes(project, "M-1", "A: Call @ben due fri")
        publish(project, "M-1")
        frozen = project.data.get("M-1").minutes
        with project.change("edit") as change:
            change.edit(project.data.get("T-1"), title="Something else")
        assert project.data.get("M-1").minutes == frozen
