"""The report's words and lights are the draft's; once issued, nothing of it ever changes."""

import datetime as dt

import pytest

from pmtui.domain.problems import Refused
from pmtui.domain.records import Milestone, Project, Report, Risk, Task
from pmtui.reports.markdown import to_markdown
from pmtui.services.projects import add_project, open_project
from pmtui.services.reports import (
    clear_override,
    compare,
    current_lights,
    draft,
    issue,
    offered,
    override_light,
    preview,
    save_words,
    set_period,
)
from pmtui.services.session import Session

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
TODAY = START.date()


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def forward(self, days):
        self.now += dt.timedelta(days=days)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def project(tmp_path, clock):
    project = add_project(Session(path=tmp_path, user="ana", name="s", now=clock), "demo", "Demo")
    with project.change("plan") as change:
        change.add(Milestone(title="Go live", forecast=TODAY + dt.timedelta(days=30)))
    return project


def add(project, *records):
    with project.change("add") as change:
        for record in records:
            change.add(record)


class TestDraft:
    def test_the_first_looks_back_a_week_and_is_not_stored(self, project):
        report = draft(project)
        assert (report.id, report.period_start, report.period_end) == (0, TODAY - dt.timedelta(days=7), TODAY)
        preview(project)
        assert not project.data.reports

    def test_the_next_begins_where_the_last_issued_ended(self, project, clock):
        issue(project)
        clock.forward(7)
        report = draft(project)
        assert (report.period_start, report.period_end) == (TODAY, TODAY + dt.timedelta(days=7))

    def test_words_are_stored_once_and_read_again(self, project):
        save_words(project, "summary", "All is well.  ")
        save_words(project, "done", "- this")
        assert save_words(project, "done", "- this").words == "done is unchanged"
        assert [r.number for r in project.data.reports.values()] == ["SR-1"]
        assert draft(project).words == {"summary": "All is well.", "done": "- this"}
        save_words(project, "done", "")
        assert draft(project).words == {"summary": "All is well."}

    def test_two_people_write_in_one_draft(self, project, tmp_path, clock):
        theirs = open_project(Session(path=tmp_path, user="ben", name="b", now=clock), "demo")
        save_words(theirs, "next", "theirs")
        save_words(project, "summary", "mine")
        assert draft(project).words == {"next": "theirs", "summary": "mine"}
        assert len(project.data.reports) == 1

    def test_a_section_that_is_none_is_refused(self, project):
        with pytest.raises(Refused, match="summary, done, next, decisions wanted"):
            save_words(project, "weather", "sunny")
        with pytest.raises(Refused):
            offered(project, "weather")


class TestPeriod:
    def test_is_what_the_manager_says(self, project):
        set_period(project, dt.date(2026, 2, 1), dt.date(2026, 2, 28))
        assert preview(project).start == dt.date(2026, 2, 1)

    def test_ends_on_or_after_its_start(self, project):
        with pytest.raises(Refused, match="2026-02-02"):
            set_period(project, dt.date(2026, 2, 2), dt.date(2026, 2, 1))

    def test_days_told_twice_or_not_at_all_are_said(self, project, clock):
        issue(project)
        clock.forward(14)
        assert "SR-1 already reports" in set_period(project, TODAY - dt.timedelta(days=1), project.today).said[0]
        assert not set_period(project, TODAY, project.today).said
        assert "no report tells" in set_period(project, TODAY + dt.timedelta(days=3), project.today).said[0]

    def test_words_written_on_monday_do_not_end_the_report_on_monday(self, project, clock):
        save_words(project, "summary", "x")
        clock.forward(4)
        assert draft(project).period_end == TODAY + dt.timedelta(days=4)
        set_period(project, TODAY)
        clock.forward(1)
        issue(project)
        report = project.data.get("SR-1")
        assert (report.period_start, report.period_end) == (TODAY, project.today)
        assert preview(project, report).end == project.today

    def test_an_end_that_was_set_stays(self, project, clock):
        set_period(project, TODAY - dt.timedelta(days=7), TODAY)
        clock.forward(4)
        assert draft(project).period_end == TODAY
        issue(project)
        assert project.data.get("SR-1").period_end == TODAY

    def test_what_is_finished_on_the_day_of_issue_is_told_once(self, project, clock):
        add(project, Task(title="Before"), Task(title="After"))
        with project.change("done") as change:
            change.edit(project.data.get("T-1"), status="done")
        issue(project)
        now = preview(project)
        assert (now.start, now.end, now.done.total) == (TODAY, TODAY, 0)
        with project.change("done") as change:
            change.edit(project.data.get("T-2"), status="done")
        clock.forward(7)
        assert [row.number for row in preview(project).done.rows] == ["T-2"]

    def test_an_issued_report_is_whole(self, project):
        save_words(project, "summary", "x")
        with pytest.raises(Refused, match="whole page"), project.change("edit") as change:
            change.edit(project.data.get("SR-1"), status="issued")


class TestLights:
    def test_a_light_set_by_hand_shows_both_colours_and_its_reason(self, project):
        override_light(project, "risk", "amber", "the vendor is shaky")
        light = next(light for light in preview(project).lights if light.name == "risk")
        assert (light.colour, light.ruled, light.reason) == ("A", "G", "the vendor is shaky")
        assert current_lights(project).overall.colour == "A"
        page = to_markdown(preview(project))
        assert "set by hand: the vendor is shaky (the rules say green: no open risk)" in page

    @pytest.mark.parametrize(
        ("light", "colour", "reason"),
        [("risk", "amber", " "), ("risk", "blue", "x"), ("weather", "red", "x"), ("overall", "red", "x")],
    )
    def test_needs_a_light_a_colour_and_a_reason(self, project, light, colour, reason):
        with pytest.raises(Refused):
            override_light(project, light, colour, reason)
        assert not project.data.reports

    def test_setting_it_as_it_is_is_refused(self, project):
        with pytest.raises(Refused, match="green by the rules"):
            override_light(project, "risk", "g", "so it is")

    def test_can_be_set_again_and_given_back_to_the_rules(self, project):
        override_light(project, "risk", "amber", "x")
        override_light(project, "risk", "red", "y")
        assert [(o.colour, o.reason) for o in draft(project).overrides] == [("R", "y")]
        clear_override(project, "risk")
        assert draft(project).overrides == ()
        with pytest.raises(Refused, match="not set by hand"):
            clear_override(project, "risk")


class TestIssue:
    def test_freezes_numbers_lights_and_page(self, project, clock):
        add(project, Task(title="Call", owner="ben", due=TODAY - dt.timedelta(days=3)))
        save_words(project, "summary", "We are late.")
        override_light(project, "time", "red", "nobody calls")
        issue(project)
        before, shown = project.data.get("SR-1"), preview(project, project.data.get("SR-1"))
        assert (before.status, before.issued_on) == ("issued", TODAY)
        assert before.text.startswith("# Demo: Status report SR-1\n")
        assert "Issued 2 Mar 2026 by ana" in before.text
        clock.forward(30)
        with project.change("work") as change:
            change.edit(project.data.get("T-1"), title="Something else", status="done")
            change.edit(project.data.get("PRJ-1"), title="Renamed")
        after = project.data.get("SR-1")
        assert after == before
        assert preview(project, after) == shown
        assert to_markdown(preview(project, after)).strip() == after.text.strip()

    def test_can_not_be_changed(self, project):
        save_words(project, "summary", "x")
        issue(project)
        report = project.data.get("SR-1")
        with pytest.raises(Refused, match="issued on"), project.change("edit") as change:
            change.edit(report, words={"summary": "better"})
        with pytest.raises(Refused, match="issued on"), project.change("delete") as change:
            change.remove(report)

    def test_words_after_it_are_the_next_ones(self, project):
        save_words(project, "summary", "x")
        issue(project)
        save_words(project, "summary", "y")
        assert (project.data.get("SR-1").words, project.data.get("SR-2").words) == ({"summary": "x"}, {"summary": "y"})

    def test_a_second_one_of_the_same_day_without_words_is_refused(self, project):
        issue(project)
        with pytest.raises(Refused, match="already reports up to today"):
            issue(project)

    def test_without_a_summary_it_is_said(self, project):
        assert "without a summary" in issue(project).said[0]

    def test_the_next_report_shows_the_lights_of_the_last(self, project, clock):
        override_light(project, "risk", "amber", "x")
        issue(project)
        clock.forward(7)
        page = preview(project)
        assert page.previous_number == "SR-1"
        assert {light.name: light.previous for light in page.lights} == {
            "overall": "A", "time": "G", "cost": "G", "scope": "G", "risk": "A",
        }  # fmt: skip

    def test_numbers_that_can_not_be_read_are_refused_with_the_reason(self, project):
        add(
            project,
            Report(
                period_start=TODAY, period_end=TODAY, status="issued", issued_on=TODAY, numbers={"x": 1}, text="# Page"
            ),
        )
        with pytest.raises(Refused, match="its page is kept as text"):
            preview(project, project.data.get("SR-1"))


class TestCompare:
    def test_is_empty_before_the_first(self, project):
        assert compare(project) == []

    def test_says_what_changed_since_the_last_one(self, project, clock):
        with project.change("settings") as change:
            change.edit(project.data.get("PRJ-1"), finish=TODAY + dt.timedelta(days=30))
        add(project, Risk(title="Vendor", owner="ana", review_date=TODAY, probability=2, impact=2))
        issue(project)
        clock.forward(7)
        with project.change("work") as change:
            change.edit(project.data.get("MS-1"), forecast=TODAY + dt.timedelta(days=40), forecast_reason="x")
            change.edit(project.data.get("R-1"), probability=5, impact=5)
            change.add(Task(title="Call", due=TODAY))
        found = compare(project)
        assert "time light green → amber: forecast finish 11 Apr, 10 days past 1 Apr" in found
        assert "risk light green → red: worst R-1 with 25, very high" in found
        assert "MS-1 Go live forecast 1 Apr → 11 Apr, 10 days later" in found
        assert "R-1 Vendor score 4 → 25, very high" in found
        assert "late: 0 → 1 task" in found

    def test_needs_an_issued_report(self, project):
        save_words(project, "summary", "x")
        with pytest.raises(Refused, match="issued report"):
            compare(project, "SR-1")


class TestOffered:
    def test_what_matters_most_comes_first(self, project):
        done = {"status": "done", "percent_done": 100, "finish_date": TODAY}
        add(
            project,
            Task(title="Small", owner="ben", **done),
            Task(title="Urgent", owner="ben", priority="urgent", **done),
            Task(title="Long ago", **{**done, "finish_date": TODAY - dt.timedelta(days=30)}),
            Milestone(title="Tested", forecast=TODAY, actual=TODAY),
        )
        assert offered(project, "done") == [
            "MS-2 Tested (2 Mar)", "T-2 Urgent (2 Mar)", "T-1 Small (2 Mar)",
        ]  # fmt: skip

    def test_next_names_who_and_when_and_what_is_late(self, project):
        add(
            project,
            Task(title="Soon", owner="ben", due=TODAY + dt.timedelta(days=3)),
            Task(title="Late", due=TODAY - dt.timedelta(days=1)),
        )
        assert offered(project, "next") == ["T-1 Soon, ben, by 5 Mar", "T-2 Late, 1 day late"]

    def test_the_project_record_is_there(self, project):
        assert isinstance(project.data.get("PRJ-1"), Project)
