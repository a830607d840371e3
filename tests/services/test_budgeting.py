"""Versions of the budget are decided on once; money is held against the approved one, and months follow amounts."""

import datetime as dt
from decimal import Decimal

import pytest
from msgspec import structs

from pmtui.domain.budget import planned_curve, totals, would_overspend
from pmtui.domain.phasing import MonthAmount, total
from pmtui.domain.problems import Refused
from pmtui.domain.records import BudgetLine, CostEntry, Decision, Risk
from pmtui.domain.versions import proposals, proposed_more, version_before
from pmtui.services import budgeting, phasing, records, reports
from pmtui.services.importing import apply_import, plan_import
from pmtui.services.projects import open_project
from tests.factories import MONDAY, TODAY, add, day, new_project, session

D = Decimal


def project_with_lines(tmp_path):
    project = new_project(
        tmp_path,
        BudgetLine(category="labour", planned=D(10000)),
        BudgetLine(category="travel", planned=D(3000)),
        BudgetLine(category="contingency", planned=D(1000), kind="contingency"),
        Decision(title="More labour", decided_by="board", date=TODAY),
        Risk(title="Late", owner="ben", review_date=TODAY),
    )
    with project.change("edit") as change:
        change.edit(change.data.project, start=dt.date(2026, 1, 1), finish=dt.date(2026, 6, 30))
    return project


@pytest.fixture
def project(tmp_path):
    return project_with_lines(tmp_path / "w")


def approved(project, title="First", by="board"):
    number = budgeting.propose(project, title).numbers[0]
    budgeting.approve(project, number, by)
    return number


def edit(project, number, **written):
    return records.edit_record(project, number, written)


def version(project, number):
    return project.data.get(number)


def an_hour_later(project):
    """The same sitting, later on the same day."""
    moment = MONDAY + dt.timedelta(hours=1)
    return open_project(session(project.session.path, now=moment), "hris")


def fresh(project):
    """The project as another process opens it."""
    return open_project(session(project.session.path, name="s2"), "hris").data


class TestProposing:
    def test_holds_the_lines_as_they_are_and_touches_no_number(self, project):
        before = totals(project.data)
        said = budgeting.propose(project, "First", "as agreed in D-1", "D-1").words
        found = version(project, "BV-1")
        assert said == "BV-1 First proposed: 14,000.00 EUR"
        assert (found.status, found.change, len(found.lines)) == ("proposed", "D-1", 3)
        edit(project, "B-1", planned="12000")
        assert version(project, "BV-1").lines[0].planned == D(10000)
        assert totals(project.data).planned == before.planned + 2000

    @pytest.mark.parametrize(
        ("text", "change", "wrong"),
        [
            ("as agreed in D-1", "D-1", ""),
            ("d1: more", "D-1", ""),
            ("CR-7", "", "there is no CR-7 here"),
            ("T-1", "", ""),
        ],
    )
    def test_the_change_or_decision_in_the_reason_is_its_own(self, project, text, change, wrong):
        why = budgeting.read_why(text, project.data)
        assert (why.reason, why.change, why.wrong) == (text, change, wrong)

    def test_nothing_new_is_refused(self, project):
        budgeting.propose(project, "First")
        with pytest.raises(Refused, match="BV-1 proposes just that already"):
            budgeting.propose(project, "Again")
        budgeting.approve(project, "BV-1", "board")
        with pytest.raises(Refused, match="as approved in BV-1"):
            budgeting.propose(project, "Again")

    def test_without_lines_it_is_refused(self, tmp_path):
        with pytest.raises(Refused, match="there are no budget lines to propose yet"):
            budgeting.propose(new_project(tmp_path / "empty"), "First")

    def test_a_proposed_one_takes_the_lines_of_now_is_edited_and_deleted(self, project):
        budgeting.propose(project, "First")
        with pytest.raises(Refused, match="holds the lines as they are"):
            budgeting.take_lines(project, "BV-1")
        edit(project, "B-1", planned="12000")
        assert "16,000.00" in budgeting.take_lines(project, "BV-1").words
        edit(project, "BV-1", title="Second thoughts")
        assert version(project, "BV-1").lines[0].planned == D(12000)
        budgeting.delete(project, "BV-1")
        assert version(project, "BV-1") is None


class TestApproving:
    def test_from_then_on_money_is_held_against_it(self, project):
        approved(project)
        edit(project, "B-1", planned="15000")
        edit(project, "B-2", planned="0")
        budget = totals(project.data)
        assert (budget.planned, budget.contingency) == (D(13000), D(1000))
        assert planned_curve(project.data)[-1].total == D(13000)
        entry = CostEntry(date=TODAY, budget_line="B-1", net=D(12000))
        assert would_overspend(project.data, entry) == D(2000)
        assert proposed_more(project.data) == D(2000)
        assert {number: d.amount for number, d in proposals(project.data).items()} == {"B-1": D(5000), "B-2": D(-3000)}

    def test_until_one_is_approved_the_lines_are_the_budget(self, project):
        budgeting.propose(project, "First")
        edit(project, "B-1", planned="15000")
        assert totals(project.data).planned == D(18000)
        assert proposals(project.data) == {}

    def test_the_one_before_is_superseded_in_the_same_transaction(self, project):
        approved(project)
        edit(project, "B-1", planned="15000")
        budgeting.propose(project, "Second")
        before = project.sequence
        said = budgeting.approve(project, "BV-2", "Steering committee", day(-1))
        assert project.sequence == before + 1
        assert said.words == "BV-2 approved, BV-1 superseded: 19,000.00 EUR"
        data = fresh(project)
        assert [v.status for v in data.budget_versions.values()] == ["superseded", "approved"]
        assert (data.approved_version.decided_by, data.approved_version.decided_on) == ("Steering committee", day(-1))
        assert version_before(data, data.approved_version).number == "BV-1"
        assert version_before(data, data.get("BV-1")) is None

    def test_it_is_said_where_the_lines_have_gone_on_since_the_proposal(self, project):
        budgeting.propose(project, "First")
        edit(project, "B-1", planned="10500")
        assert budgeting.approve(project, "BV-1", "board").said == (
            "the lines have changed since it was proposed; they come to +500.00",
        )

    @pytest.mark.parametrize(
        ("by", "on", "why"), [(" ", None, "say who decided"), ("board", day(1), "allowed: today or earlier")]
    )
    def test_who_and_when_are_wanted(self, project, by, on, why):
        budgeting.propose(project, "First")
        with pytest.raises(Refused, match=why):
            budgeting.approve(project, "BV-1", by, on)
        assert version(project, "BV-1").status == "proposed"

    def test_the_status_alone_is_refused_however_it_is_written(self, project):
        budgeting.propose(project, "First")
        with pytest.raises(Refused, match="with who decided, and when"):
            edit(project, "BV-1", status="approved")

    def test_rejecting_keeps_the_reason_and_changes_no_number(self, project):
        budgeting.propose(project, "First", "wanted")
        with pytest.raises(Refused, match="say why"):
            budgeting.reject(project, "BV-1", "board", " ")
        budgeting.reject(project, "BV-1", "board", "too much")
        found = version(project, "BV-1")
        assert (found.status, found.reason) == ("rejected", "wanted\nRejected: too much")
        assert project.data.approved_version is None


class TestFrozen:
    def test_what_was_decided_is_neither_edited_nor_deleted_nor_decided_again(self, project):
        approved(project)
        edit(project, "B-1", planned="1")
        approved(project)
        edit(project, "B-1", planned="2")
        budgeting.propose(project, "Third")
        budgeting.reject(project, "BV-3", "board", "no")
        for number, was in (("BV-1", "superseded"), ("BV-2", "approved"), ("BV-3", "rejected")):
            for act in (
                lambda n: edit(project, n, title="other"),
                lambda n: budgeting.take_lines(project, n),
                lambda n: budgeting.approve(project, n, "board"),
                lambda n: budgeting.delete(project, n),
                lambda n: records.add_note(project, [n], "hm"),
            ):
                with pytest.raises(Refused, match=f"it was {was}|has no notes"):
                    act(number)

    def test_an_approval_made_by_mistake_is_undone_with_what_it_superseded(self, project):
        approved(project)
        edit(project, "B-1", planned="15000")
        budgeting.propose(project, "Second")
        budgeting.approve(project, "BV-2", "board")
        project.undo()
        data = fresh(project)
        assert [v.status for v in data.budget_versions.values()] == ["approved", "proposed"]
        assert data.get("BV-2").decided_by == ""
        assert totals(data).planned == D(13000)
        project.redo()
        assert [v.status for v in fresh(project).budget_versions.values()] == ["superseded", "approved"]

    def test_a_rejection_is_undone_too(self, project):
        budgeting.propose(project, "First")
        budgeting.reject(project, "BV-1", "board", "no")
        project.undo()
        assert version(project, "BV-1").status == "proposed"

    def test_an_approval_that_a_report_was_issued_on_stays(self, project):
        budgeting.propose(project, "First")
        budgeting.approve(project, "BV-1", "board")
        approval = project.sequence
        later = an_hour_later(project)
        reports.issue(later)
        with pytest.raises(Refused, match="SR-1 was issued on it since; another version is proposed instead"):
            later.undo(approval)
        assert later.data.approved_version.number == "BV-1"

    def test_nobody_approves_lines_that_were_not_shown(self, project):
        budgeting.propose(project, "First")
        shown = version(project, "BV-1")
        ben = open_project(session(project.session.path, "ben", "s2"), "hris")
        edit(ben, "B-1", planned="12000")
        budgeting.take_lines(ben, "BV-1")
        with pytest.raises(Refused, match=r"ben changed its lines meanwhile, they come to 16,000.00; look again"):
            budgeting.approve(project, "BV-1", "board", shown=shown)
        budgeting.approve(project, "BV-1", "board", shown=version(project, "BV-1"))
        assert version(project, "BV-1").status == "approved"

    def test_what_was_approved_is_not_changed_by_undoing_what_was_done_before(self, project):
        budgeting.propose(project, "First", "as agreed")
        edit(project, "BV-1", title="The first", reason="as agreed on Monday")
        renamed = project.sequence
        edit(project, "B-1", planned="12000")
        budgeting.take_lines(project, "BV-1")
        budgeting.approve(open_project(session(project.session.path, "ben", "s2"), "hris"), "BV-1", "board")
        why = "BV-1 was approved as it stands; another version is proposed instead"
        for sequence in (None, renamed):
            with pytest.raises(Refused, match=why):
                project.undo(sequence)
        found = fresh(project).approved_version
        assert (found.title, found.lines[0].planned) == ("The first", D(12000))

    def test_nor_by_putting_another_record_in_its_place(self, project):
        approved(project)
        with pytest.raises(Refused, match="BV-1 was approved as it stands"), project.change("import") as change:
            change.replace(structs.replace(change.data.get("BV-1"), lines=()))

    def test_an_approval_that_another_version_was_proposed_on_stays(self, project):
        approved(project)
        approval = project.sequence
        later = an_hour_later(project)
        edit(later, "B-1", planned="7")
        budgeting.propose(later, "Second")
        with pytest.raises(Refused, match="BV-2 was proposed on it since"):
            later.undo(approval)
        later.undo()
        later.undo()
        later.undo(approval)
        assert later.data.approved_version is None


class TestLinesAfterApproval:
    def test_one_that_is_deleted_stays_in_the_budget_until_another_version_is_approved(self, project):
        approved(project)
        records.delete_records(project, ["B-2"])
        found = {t.line.number: t for t in totals(project.data).lines}
        assert (found["B-2"].planned, found["B-2"].line.category) == (D(3000), "travel")
        assert proposals(project.data)["B-2"].words == ("deleted",)
        approved(project, "Without travel")
        assert "B-2" not in {t.line.number for t in totals(project.data).lines}
        assert totals(project.data).planned == D(10000)

    def test_one_that_is_added_may_not_be_spent_on_until_it_is_approved(self, project):
        approved(project)
        add(project, BudgetLine(category="software", planned=D(500)))
        assert totals(project.data).planned == D(13000)
        assert proposals(project.data)["B-4"].words == ("added",)
        assert would_overspend(project.data, CostEntry(date=TODAY, budget_line="B-4", net=D(1))) == D(1)
        approved(project, "With software")
        assert totals(project.data).planned == D(13500)

    def test_one_that_is_renamed_goes_by_its_new_name_and_nothing_is_to_be_decided(self, project):
        approved(project)
        edit(project, "B-2", category="journeys")
        found = {t.line.number: t for t in totals(project.data).lines}
        assert (found["B-2"].planned, found["B-2"].line.category) == (D(3000), "journeys")
        assert proposals(project.data) == {}
        assert version(project, "BV-1").lines[1].category == "travel"

    def test_one_whose_kind_is_changed_counts_as_approved(self, project):
        approved(project)
        edit(project, "B-3", kind="base")
        assert (totals(project.data).planned, totals(project.data).contingency) == (D(13000), D(1000))
        assert proposals(project.data)["B-3"].words == ("contingency → base",)

    def test_the_report_has_the_approved_amounts(self, project):
        approved(project)
        edit(project, "B-1", planned="99000")
        assert reports.preview(project).money.budget == D(13000)

    def test_importing_lines_again_changes_what_is_proposed(self, project):
        rows = b"category,planned,kind\nhotel,%s,base\n"
        apply_import(project, plan_import(project, rows % b"800", "lines.csv", kind="budget-lines"))
        approved(project)
        apply_import(project, plan_import(project, rows % b"900", "lines.csv", kind="budget-lines"))
        hotel = project.data.budget_line_named("hotel")
        assert hotel.planned == D(900)
        assert proposals(project.data)[hotel.number].amount == D(100)
        assert totals(project.data).planned == D(13800)


class TestMonths:
    def months(self, project, number="B-1"):
        return {phase.month: phase.amount for phase in project.data.get(number).phasing}

    def test_even_then_one_of_them_then_undo(self, project):
        phasing.spread(project, "B-1")
        assert total(project.data.get("B-1").phasing) == D(10000)
        phasing.set_month(project, "B-1", "2026-02", D(5000))
        assert self.months(project)["2026-02"] == D(5000)
        assert total(fresh(project).get("B-1").phasing) == D(10000)
        project.undo()
        project.undo()
        assert fresh(project).get("B-1").phasing == ()

    def test_follow_what_is_planned_and_say_so(self, project):
        phasing.set_typed(project, "B-1", "2026-01 2500, 2026-04 7500")
        assert edit(project, "B-1", planned="2000.01").said == ("B-1: its 2 months follow in proportion",)
        assert self.months(project) == {"2026-01": D("500.00"), "2026-04": D("1500.01")}
        project.undo()
        assert self.months(project) == {"2026-01": D(2500), "2026-04": D(7500)}

    def test_follow_an_import_that_changes_the_amount(self, project):
        rows = b"category,planned\nhotel,%s\n"
        apply_import(project, plan_import(project, rows % b"800", "lines.csv", kind="budget-lines"))
        number = project.data.budget_line_named("hotel").number
        phasing.set_typed(project, number, "2026-01 200, 2026-04 600")
        apply_import(project, plan_import(project, rows % b"1600", "lines.csv", kind="budget-lines"))
        assert self.months(project, number) == {"2026-01": D(400), "2026-04": D(1200)}

    def test_take_the_shape_of_another_line_and_are_cleared(self, project):
        phasing.set_typed(project, "B-1", "2026-01 2500, 2026-04 7500")
        phasing.copy_shape(project, "B-2", "B-1")
        assert self.months(project, "B-2") == {"2026-01": D(750), "2026-04": D(2250)}
        phasing.clear(project, "B-2")
        assert self.months(project, "B-2") == {}

    @pytest.mark.parametrize(
        ("act", "why"),
        [
            (lambda p: phasing.set_typed(p, "B-1", "2026-01 2500"), "7,500.00 less"),
            (lambda p: phasing.set_typed(p, "B-1", "soon"), "allowed: months and amounts"),
            (lambda p: phasing.set_typed(p, "B-1", " "), "no month is named"),
            (lambda p: phasing.copy_shape(p, "B-1", "B-2"), "has no months of its own"),
            (lambda p: phasing.clear(p, "B-1"), "has no months of its own"),
            (lambda p: phasing.spread(p, "R-1"), "only budget lines have months"),
            (lambda p: phasing.set_month(p, "B-1", "2026-01", D(10001)), "at most 10,000.00 here"),
        ],
    )
    def test_what_does_not_come_to_the_amount_is_refused(self, project, act, why):
        with pytest.raises(Refused, match=why):
            act(project)
        assert self.months(project) == {}

    def test_need_an_amount_and_dates_to_be_spread_between(self, project):
        edit(project, "B-2", planned="0")
        with pytest.raises(Refused, match="nothing is planned"):
            phasing.spread(project, "B-2")
        with project.change("edit") as change:
            change.edit(change.data.project, start=None, finish=None)
        with pytest.raises(Refused, match="no start and finish"):
            phasing.spread(project, "B-1")
        phasing.set_typed(project, "B-1", "2026-01 10000")
        assert self.months(project) == {"2026-01": D(10000)}

    def test_the_approved_months_stay_until_others_are_approved(self, project):
        phasing.set_typed(project, "B-1", "2026-01 10000")
        approved(project)
        phasing.set_typed(project, "B-1", "2026-06 10000")
        assert proposals(project.data)["B-1"].words == ("other months",)
        assert project.data.baseline_lines[1].phasing == (MonthAmount("2026-01", D(10000)),)


class TestStory:
    def told(self, project):
        story = project.story()
        told = story.told(next(project.history(newest_first=True)))
        return f"{told.user} {told.sentence()}"

    def test_versions_and_months_are_told_in_plain_words(self, project):
        budgeting.propose(project, "First", "as agreed", "D-1")
        assert self.told(project) == "ana proposed the budget BV-1 of 14,000.00 EUR, for D-1: as agreed"
        edit(project, "B-1", planned="11000")
        budgeting.take_lines(project, "BV-1")
        assert self.told(project) == "ana took the lines as they are into BV-1 of 15,000.00 EUR"
        budgeting.approve(project, "BV-1", "the board", day(-3))
        assert self.told(project) == "ana approved the budget BV-1, decided by the board on 27 Feb"
        edit(project, "B-1", planned="10000")
        budgeting.propose(project, "Second")
        budgeting.approve(project, "BV-2", "the board")
        assert self.told(project) == "ana approved the budget BV-2 in place of BV-1, decided by the board on 2 Mar"
        edit(project, "B-1", planned="9000")
        budgeting.propose(project, "Third")
        budgeting.reject(project, "BV-3", "the board", "no money")
        assert self.told(project) == "ana rejected the budget BV-3, decided by the board on 2 Mar: no money"
        phasing.spread(project, "B-1")
        assert self.told(project) == "ana phased B-1 by month"
        phasing.clear(project, "B-1")
        assert self.told(project) == "ana took the months off B-1"
