"""The next meeting of a series has its time, its people, and an agenda of what waits; a hand's topics stay."""

import datetime as dt

import pytest
from factories import TODAY, add, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import Change, Issue, Meeting, Milestone, Report, Risk, Task, Topic
from pmtui.services import series, verbs
from pmtui.services.meetings import hold, publish, save_notes
from pmtui.services.projects import open_project
from pmtui.services.quick import add_typed


def at(offset, hour=10):
    return dt.datetime.combine(day(offset), dt.time(hour))


def steering(offset, **more):
    values = {"title": "Steering committee", "series": "Steering", "invited": ("ana", "ben"), "length": 90}
    return Meeting(start=at(offset), **{**values, **more})


@pytest.fixture
def project(tmp_path):
    return new_project(tmp_path / "ws", steering(0, repeats="every 2 weeks"))


def topics(project, number):
    return [topic.topic for topic in project.data.get(number).agenda]


class TestTheNextOne:
    def test_it_has_the_time_the_people_and_how_it_repeats(self, project):
        hold(project, "M-1", ["ana", "dora"])
        outcome = series.plan_next(project, "M-1")
        new = project.data.get("M-2")
        assert outcome.numbers == ("M-2",)
        assert (new.title, new.series, new.start, new.length) == ("Steering committee", "Steering", at(14), 90)
        assert (new.repeats, new.status, new.present) == ("every 2 weeks", "planned", ())
        assert new.invited == ("ana", "ben", "dora")
        project.undo()
        assert project.data.get("M-2") is None

    def test_it_is_planned_once(self, project):
        series.plan_next(project, "M-1")
        with pytest.raises(Refused, match="planned already: M-2"):
            series.plan_next(project, "M-1")
        assert series.plan_next(project, "M-2").numbers == ("M-3",)
        assert project.data.get("M-3").start == at(28)

    def test_a_cancelled_one_is_passed_over(self, project):
        series.plan_next(project, "M-1")
        verbs.drop(project, ["M-2"], "holidays")
        series.plan_next(project, "M-1")
        assert project.data.get("M-3").start == at(28)

    def test_days_that_passed_are_passed_over(self, tmp_path):
        project = new_project(tmp_path / "ws", steering(-30, repeats="every week"))
        series.plan_next(project, "M-1")
        assert project.data.get("M-2").start == at(5)

    def test_the_last_of_a_series_has_none(self, tmp_path):
        project = new_project(tmp_path / "ws", steering(0, repeats="every week once more"))
        with pytest.raises(Refused, match="say when the next one is"):
            series.plan_next(project, "M-1")

    def test_a_series_that_does_not_say_when_is_told(self, tmp_path):
        project = new_project(tmp_path / "ws", Meeting(title="Supplier review", start=at(0)))
        with pytest.raises(Refused, match="say when the next one is"):
            series.plan_next(project, "M-1")
        series.plan_next(project, "M-1", at(9, 15))
        new = project.data.get("M-2")
        assert (new.start, new.series, new.repeats) == (at(9, 15), "Supplier review", "")

    def test_publishing_plans_it_with_the_actions_just_agreed_and_the_page_says_when(self, project):
        save_notes(project, "M-1", "A: Call the vendor @ben due fri")
        outcome = publish(project, "M-1")
        new = project.data.get("M-2")
        assert (new.start, new.actions) == (at(14), ("T-1",))
        assert topics(project, "M-2") == ["Open actions: T-1"]
        assert any("M-2 is the next one" in said for said in outcome.said)
        assert "Next meeting: Mon 16 Mar 2026, 10:00" in project.data.get("M-1").minutes

    def test_publishing_plans_none_where_it_is_planned_or_does_not_repeat(self, tmp_path):
        project = new_project(
            tmp_path / "ws", steering(0, repeats="every week"), steering(9), Meeting(title="Once", start=at(0))
        )
        publish(project, "M-1")
        publish(project, "M-3")
        assert len(project.data.meetings) == 3

    def test_an_hour_stays_over_a_change_of_clocks(self, tmp_path):
        project = new_project(tmp_path / "ws", steering(21, repeats="every week"))
        series.plan_next(project, "M-1")
        assert project.data.get("M-2").start == at(28)

    def test_a_line_that_repeats_begins_a_series_and_one_of_its_name_goes_on(self, tmp_path):
        project = new_project(tmp_path / "ws")
        add_typed(project, "meeting", "Team every 2nd tue 14:00 @ana")
        first = project.data.get("M-1")
        assert (first.start, first.repeats, first.series) == (at(8, 14), "every 2nd tue", "Team")
        add_typed(project, "meeting", "Team thu 9:00")
        assert (project.data.get("M-2").series, project.data.get("M-2").repeats) == ("Team", "every 2nd tue")


class TestTheAgenda:
    def waiting(self, tmp_path):
        project = new_project(
            tmp_path / "ws",
            steering(-14, actions=()),
            steering(0, status="planned"),
            Task(title="Call the vendor", owner="ben", due=day(-3), source="M-1"),
            Task(title="Done already", owner="ben", due=day(-3), source="M-1", status="done", finish_date=day(-2)),
            Task(title="Of nobody's meeting", owner="ben", due=day(-3)),
            Change(title="Two interfaces", requester="ben", description="x", decision_due=day(-1)),
            Change(title="Later phase", requester="chi", description="x", decision_due=day(40)),
            Issue(title="Firewall", owner="chi", target_date=day(20), decision_needed_from="sponsor"),
            Risk(title="Vendor", owner="ana", review_date=day(0), probability=4, impact=5),
            Risk(title="Quiet", owner="ana", review_date=day(30), probability=2, impact=2),
            Milestone(title="UAT start", forecast=day(30)),
        )
        verbs.set_date(project, ["MS-1"], day(36), "vendor late")
        return project

    def test_what_waits_stands_in_order_of_consequence_with_numbers_and_minutes(self, tmp_path):
        project = self.waiting(tmp_path)
        series.write_draft(project, "M-2")
        agenda = project.data.get("M-2").agenda
        assert [(t.topic, t.minutes, t.presenter) for t in agenda] == [
            ("Decide CR-1 Two interfaces", 10, "ben"),
            ("Milestones moved: MS-1 UAT start +6 days", 5, ""),
            ("Risks to review: R-1", 5, ""),
            ("Open actions: T-1, 1 late", 2, ""),
            ("Decide CR-2 Later phase", 10, "chi"),
            ("Decide I-1 Firewall", 10, "chi"),
        ]
        assert project.data.get("M-2").actions == ("T-1",)

    def test_it_is_one_undo(self, tmp_path):
        project = self.waiting(tmp_path)
        series.write_draft(project, "M-2")
        project.undo()
        assert project.data.get("M-2").agenda == ()

    def test_a_risk_whose_score_moved_says_from_what_to_what(self, tmp_path):
        before = open_project(session(tmp_path / "ws"), "hris") if (tmp_path / "ws").exists() else None
        assert before is None
        past = session(tmp_path / "ws", now=dt.datetime(2026, 2, 10, 9, tzinfo=dt.UTC))
        from pmtui.services.projects import add_project

        old = add_project(past, "hris", "HRIS")
        add(
            old,
            steering(-14),
            steering(7),
            Risk(title="Vendor", owner="ana", review_date=day(60), probability=3, impact=3),
        )
        project = open_project(session(tmp_path / "ws"), "hris")
        with project.change("assess") as change:
            change.edit(project.data.get("R-1"), probability=5)
        series.write_draft(project, "M-2")
        assert topics(project, "M-2") == ["Risks to review: R-1 (9 → 15)"]

    def test_drafting_again_keeps_what_was_typed_and_tells_what_is_new(self, tmp_path):
        project = self.waiting(tmp_path)
        series.write_draft(project, "M-2")
        text = "\n".join(
            ["Welcome @ana 5m", "Decide CR-1 Two interfaces, with the vendor present @dora 25m"]
            + [
                f"{t.topic} {t.minutes}m"
                for t in project.data.get("M-2").agenda
                if "CR-1" not in t.topic and not t.presenter
            ]
        )
        series.save_agenda(project, "M-2", text)
        add(project, Task(title="Another", owner="chi", due=day(5), source="M-1"))
        series.write_draft(project, "M-2")
        agenda = project.data.get("M-2").agenda
        assert agenda[:2] == (
            Topic("Welcome", 5, "ana"),
            Topic("Decide CR-1 Two interfaces, with the vendor present", 25, "dora"),
        )
        assert "Open actions: T-1, T-4, 1 late" in [t.topic for t in agenda]
        assert sum("CR-1" in t.topic for t in agenda) == 1
        assert len({t.topic for t in agenda}) == len(agenda)

    def test_drafting_twice_is_drafting_once(self, tmp_path):
        project = self.waiting(tmp_path)
        series.write_draft(project, "M-2")
        before = project.sequence
        series.write_draft(project, "M-2")
        assert project.sequence == before

    def test_what_is_settled_meanwhile_leaves_the_draft(self, tmp_path):
        project = self.waiting(tmp_path)
        series.write_draft(project, "M-2")
        verbs.set_status(project, ["CR-1"], "approved", "agreed by mail")
        series.write_draft(project, "M-2")
        assert not any("CR-1" in topic for topic in topics(project, "M-2"))

    def test_topics_that_the_last_two_both_had_stand_again(self, tmp_path):
        agenda = (Topic("Status", 10, "ana"), Topic("Vendor's visit", 5))
        project = new_project(
            tmp_path / "ws", steering(-28, agenda=agenda), steering(-14, agenda=agenda[:1]), steering(0, agenda=())
        )
        series.write_draft(project, "M-3")
        assert [(t.topic, t.minutes, t.presenter) for t in project.data.get("M-3").agenda] == [("Status", 10, "ana")]

    def test_what_the_report_asks_to_be_decided_comes_along_unless_it_stands_there(self, tmp_path):
        words = "- None so far\n- CR-1 or the later phase\n- Who pays for the second rehearsal"
        project = new_project(
            tmp_path / "ws",
            steering(0),
            Change(title="Two interfaces", requester="ben", description="x"),
            Report(period_start=day(-7), period_end=TODAY, words={"decisions wanted": words}),
        )
        series.write_draft(project, "M-1")
        assert topics(project, "M-1") == ["Decide CR-1 Two interfaces", "Decide: Who pays for the second rehearsal"]

    def test_a_meeting_alone_carries_nobody_elses_actions(self, tmp_path):
        project = self.waiting(tmp_path)
        add(project, Meeting(title="Kick-off", start=at(3)))
        series.write_draft(project, "M-3")
        assert project.data.get("M-3").actions == ()
        assert not any(topic.startswith("Open actions") for topic in topics(project, "M-3"))

    def test_carried_actions_stay_when_notes_are_saved(self, tmp_path):
        project = self.waiting(tmp_path)
        series.write_draft(project, "M-2")
        save_notes(project, "M-2", "D: Fine")
        assert project.data.get("M-2").actions == ("T-1",)

    def test_two_who_write_it_at_once_both_stay(self, project, tmp_path):
        series.save_agenda(project, "M-1", "Budget 10m")
        theirs = open_project(session(tmp_path / "ws", "ben", "b"), "hris")
        series.save_agenda(theirs, "M-1", "Budget 10m\nGo live 20m", base="Budget 10m")
        outcome = series.save_agenda(project, "M-1", "Welcome\nBudget 10m", base="Budget 10m")
        assert topics(project, "M-1") == ["Welcome", "Budget", "Go live"]
        assert any("ben wrote in this agenda" in said for said in outcome.said)

    def test_published_or_cancelled_it_stays(self, project):
        publish(project, "M-1")
        with pytest.raises(Refused, match="published on"):
            series.write_draft(project, "M-1")
        with pytest.raises(Refused, match="published on"):
            series.save_agenda(project, "M-1", "Other")
