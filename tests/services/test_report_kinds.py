"""Other reports that are issued: each kind has its own draft and words, and leaves the status reports alone."""

import datetime as dt
from decimal import Decimal

import pytest
from factories import MONDAY, TODAY, add, day, new_project, session

from pmtui.domain.lights import last_issued
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, Change, Deliverable, Issue, Milestone, Report, Risk, Task
from pmtui.domain.records.report import END, EXCEPTION, SECTIONS_OF, STATUS
from pmtui.reports.markdown import to_markdown
from pmtui.services import reports
from pmtui.services.projects import open_project


@pytest.fixture
def project(tmp_path):
    """A project whose finish and cost are past what is tolerated."""
    project = new_project(
        tmp_path / "ws",
        BudgetLine(category="travel", planned=Decimal(1000), forecast=Decimal(1300)),
        BudgetLine(category="reserve", planned=Decimal(500), kind="contingency"),
        Milestone(title="Go live", forecast=day(30), baseline=day(10)),
        Issue(title="Firewall late", owner="ana", target_date=day(-4)),
        Change(title="One more site", requester="ben", description="It", decider="ana", delta_cost=Decimal(200)),
        Risk(title="Vendor leaves", owner="ben", review_date=day(9), probability=5, impact=5),
    )
    with project.change("plan") as change:
        change.edit(project.data.get("PRJ-1"), finish=day(10), objective="Replace the old system.")
    return project


def later(tmp_path, days):
    return open_project(session(tmp_path / "ws", now=MONDAY + dt.timedelta(days=days)), "hris")


def test_without_a_finish_nothing_is_off_by_days(tmp_path):
    bare = new_project(tmp_path / "bare")
    page = to_markdown(reports.preview(bare, reports.draft(bare, EXCEPTION)))
    (line,) = [line for line in page.splitlines() if line.startswith("| Finish")]
    assert line == "| Finish | – | 7 days | – | – |"
    bare.close()


class TestException:
    def test_is_prefilled_with_what_is_outside_tolerance(self, project):
        draft = reports.draft(project, EXCEPTION)
        assert reports.offered(project, "title", draft) == [
            "The finish is forecast for 1 Apr, 20 days past 12 Mar, the tolerance is 7 days",
            "The cost at completion is 300 EUR (30 %) over the budget, the tolerance is 10 %",
            "Cost is red: estimate at completion 30 % over the budget",
            "Risk is red: worst R-1 with 25, very high",
        ]
        cause = reports.offered(project, "cause", draft)
        assert cause[0] == "I-1 Firewall late (ana, 4 days past its target)"
        assert "travel is 300 EUR over its budget" in cause
        assert "R-1 Vendor leaves: 25, very high" in cause
        options = reports.offered(project, "options", draft)
        assert options[0] == "Go on as it is: finish 1 Apr, cost 1,300 EUR"
        assert "CR-1 One more site: +200 EUR" in options
        assert "Draw 300 EUR on the contingency: 200 of it is left then" in options
        assert reports.offered(project, "recommendation", draft) == ["Decide CR-1 One more site, by ana"]

    def test_within_tolerance_there_is_no_title_to_pick(self, tmp_path):
        calm = new_project(tmp_path / "calm", Milestone(title="Go live", forecast=day(10)))
        assert reports.offered(calm, "title", reports.draft(calm, EXCEPTION)) == []
        assert "Tolerances: both held" in to_markdown(reports.preview(calm, reports.draft(calm, EXCEPTION)))

    def test_its_page_has_options_with_their_effects_by_letter(self, project):
        reports.save_words(
            project, "options", "- Go on as it is: 300 EUR over\n- Stop travelling: 100 EUR over", kind=EXCEPTION
        )
        page = to_markdown(reports.preview(project, reports.draft(project, EXCEPTION)))
        assert "| A | Go on as it is | 300 EUR over |\n| B | Stop travelling | 100 EUR over |" in page
        assert "Tolerances: time and cost exceeded" in page

    def test_is_issued_frozen_and_numbered_among_the_reports(self, project, tmp_path):
        reports.issue(project)
        for section in SECTIONS_OF[EXCEPTION]:
            reports.save_words(project, section, f"the {section}", kind=EXCEPTION)
        outcome = reports.issue(project, EXCEPTION)
        assert (outcome.numbers, outcome.said) == (("SR-2",), ())
        report = project.data.get("SR-2")
        before = to_markdown(reports.preview(project, report)).strip()
        assert before == report.text
        assert "Exception report SR-2" in report.text
        with project.change("work") as change:
            change.edit(project.data.get("I-1"), status="closed")
            change.edit(project.data.get("B-1"), forecast=None)
        project.close()
        again = later(tmp_path, 30)
        assert to_markdown(reports.preview(again, again.data.get("SR-2"))).strip() == before
        with pytest.raises(Refused, match="issued on"), again.change("edit") as change:
            change.edit(again.data.get("SR-2"), words={})

    def test_needs_words(self, project):
        with pytest.raises(Refused, match="nothing is written in the exception report yet"):
            reports.issue(project, EXCEPTION)
        reports.save_words(project, "title", "We are late", kind=EXCEPTION)
        assert "without cause, consequences" in reports.issue(project, EXCEPTION).said[0]

    def test_a_section_of_another_kind_is_refused(self, project):
        with pytest.raises(Refused, match="allowed: title, cause"):
            reports.save_words(project, "summary", "x", kind=EXCEPTION)
        with pytest.raises(Refused, match="allowed: status, exception, end project"):
            reports.save_words(project, "summary", "x", kind="weather")


class TestStatusStaysAlone:
    def test_periods_lights_and_comparison_look_at_status_reports_only(self, project, tmp_path):
        reports.issue(project)
        reports.save_words(project, "title", "We are late", kind=EXCEPTION)
        reports.issue(project, EXCEPTION)
        assert last_issued(project.data).number == "SR-1"
        project.close()
        again = later(tmp_path, 7)
        draft = reports.draft(again)
        assert (draft.kind, draft.id, draft.period_start) == (STATUS, 0, TODAY)
        assert reports.preview(again).previous_number == "SR-1"
        with pytest.raises(Refused, match="it is an exception report"):
            reports.compared(again, "SR-2")

    def test_each_kind_has_its_own_draft(self, project):
        reports.save_words(project, "summary", "status")
        reports.save_words(project, "summary", "the end", kind=END)
        reports.save_words(project, "cause", "a cause", kind=EXCEPTION)
        words = {kind: reports.draft(project, kind).words for kind in SECTIONS_OF}
        assert words == {STATUS: {"summary": "status"}, EXCEPTION: {"cause": "a cause"}, END: {"summary": "the end"}}
        assert len(project.data.reports) == 3
        project.undo()
        assert reports.draft(project, EXCEPTION).words == {}
        assert reports.draft(project).words == {"summary": "status"}

    def test_reports_of_before_there_were_kinds_are_status_reports(self):
        old = {"period_start": "2026-02-01", "period_end": "2026-02-28", "status": "draft", "words": {"summary": "x"}}
        assert Report.TYPE.decode(3, old).kind == STATUS


class TestEnd:
    @pytest.fixture
    def ended(self, project):
        add(
            project,
            Deliverable(code="10", title="Training"),
            Deliverable(code="2", title="Migration", status="accepted"),
            Task(title="Archive the old one", owner="ben", due=day(40)),
            Task(title="Moved often", status="done", percent_done=100, finish_date=day(-2), slip_count=3),
        )
        with project.change("decide") as change:
            change.edit(project.data.get("CR-1"), status="approved", delta_days=5)
            change.edit(project.data.get("I-1"), status="resolved", resolution="A rule was added")
        return project

    def test_tells_baseline_and_actual_of_time_cost_and_deliverables(self, ended):
        page = to_markdown(reports.preview(ended, reports.draft(ended, END)))
        assert "Replace the old system." in page
        assert "| Finish | 12 Mar | 11 Apr (forecast) | +30 |" in page
        assert "| 1,000 | 1,000 | 0 | 0 | 1,300 | +300 |" in page
        assert "## Deliverables: 1 of 2 accepted" in page
        assert page.index("Training") < page.index("Migration")
        assert "| CR-1 | One more site | approved | +200 | +5 |" in page
        assert "| T-1 | Archive the old one | task | ben | 11 Apr |" in page

    def test_a_finish_that_was_reached_is_no_forecast(self, ended):
        with ended.change("end") as change:
            change.edit(ended.data.get("MS-1"), actual=day(-1))
            change.edit(ended.data.get("T-1"), status="done")
        assert "| Finish | 12 Mar | 1 Mar | -11 |" in to_markdown(reports.preview(ended, reports.draft(ended, END)))
        summary = reports.offered(ended, "summary", reports.draft(ended, END))
        assert summary[0] == "The project was finished on 1 Mar 2026, 11 days early."

    def test_lessons_come_from_earlier_reports_and_from_what_slipped(self, ended):
        reports.save_words(ended, "lessons", "- Ask the vendor first", kind=EXCEPTION)
        reports.issue(ended, EXCEPTION)
        assert reports.offered(ended, "lessons", reports.draft(ended, END)) == [
            "Ask the vendor first (SR-1)",
            "travel cost 300 EUR more than planned",
            "MS-1 Go live came 20 days late, on 1 Apr",
            "T-2 Moved often was moved 3 times",
            "I-1 Firewall late was resolved: A rule was added",
        ]

    def test_what_is_open_is_offered_to_be_handed_over(self, ended):
        found = reports.offered(ended, "handed over", reports.draft(ended, END))
        assert found == [
            "R-1 Vendor leaves, ben, 11 Mar",
            "CR-1 One more site, ana",
            "T-1 Archive the old one, ben, 11 Apr",
        ]

    def test_is_issued_and_stays(self, ended, tmp_path):
        reports.save_words(ended, "summary", "It is over.", kind=END)
        reports.issue(ended, END)
        text = ended.data.get("SR-1").text
        ended.close()
        again = later(tmp_path, 60)
        assert to_markdown(reports.preview(again, again.data.get("SR-1"))).strip() == text
        assert "End-project report SR-1" in text
