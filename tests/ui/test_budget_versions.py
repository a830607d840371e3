"""Budget versions, months and draws by keys: each key reaches the store and comes back, and says what it does."""

import datetime as dt
from decimal import Decimal

import pytest

from pmtui.domain.records import BudgetLine, BudgetVersion, CostEntry, Risk
from pmtui.services import budgeting, phasing
from pmtui.services.projects import open_project
from pmtui.widgets.cells import plain
from tests.factories import TODAY, app_over, new_project, press, screen_text, session, until

D = Decimal
NARROW, WIDE = (80, 24), (140, 44)


@pytest.fixture
def project(tmp_path):
    project = new_project(
        tmp_path / "w",
        BudgetLine(category="labour", planned=D(10000)),
        BudgetLine(category="travel", planned=D(3000)),
        BudgetLine(category="contingency", planned=D(1000), kind="contingency"),
        Risk(title="Vendor is late", owner="ben", review_date=TODAY),
        CostEntry(date=TODAY, budget_line="B-3", net=D(1200), note="Load test", caused_by="R-1"),
    )
    with project.change("edit") as change:
        change.edit(change.data.project, start=dt.date(2026, 1, 1), finish=dt.date(2026, 4, 30), sponsor="eva")
    return project


def approved(project, title="First"):
    number = budgeting.propose(project, title).numbers[0]
    budgeting.approve(project, number, "board")


def planned(project, number, amount):
    with project.change("edit") as change:
        change.edit(project.get(number), planned=D(amount))


def stored(tmp_path):
    """The project as another process opens it."""
    return open_project(session(tmp_path / "w", name="other"), "hris").data


async def costs(pilot, *keys):
    """Costs in front, its lines under the keys, then further keys."""
    await press(pilot, "4")
    await until(pilot, lambda: pilot.app.current_mode == "costs" and pilot.app.screen.lines.lines)
    await press(pilot, "h", *keys)


def said(pilot):
    return plain(pilot.app.screen.query_one("#status").content)


class TestVersions:
    async def test_the_first_line_says_that_the_lines_are_the_budget_until_one_is_approved(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S")
            shown = screen_text(pilot.app)
            assert "No version is approved: the lines as they are now are the budget, 14,000 EUR." in shown
            assert "a proposes the lines as they are" in shown

    async def test_proposed_approved_and_taken_back_by_keys(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S", "a", "enter", '"as agreed', "enter")
            found = stored(tmp_path).budget_versions[1]
            assert (found.title, found.reason, found.status) == ("Budget of Mar 26", "as agreed", "proposed")
            await press(pilot, "d", "a", "backspace", "backspace", "backspace", '"Board', "enter")
            await press(pilot, *["backspace"] * 5, '"27 feb', "enter")
            found = stored(tmp_path).approved_version
            assert (found.number, found.decided_by, found.decided_on) == ("BV-1", "Board", dt.date(2026, 2, 27))
            assert "✓ BV-1 approved: 14,000.00 EUR" in said(pilot)
            await press(pilot, "u")
            assert stored(tmp_path).budget_versions[1].status == "proposed"
            await press(pilot, "u")
            assert stored(tmp_path).budget_versions == {}
            await press(pilot, "a", '"First budget', "enter", "enter")
            assert stored(tmp_path).budget_versions[2].title == "First budget"

    async def test_rejected_with_a_reason_that_must_be_given(self, project, tmp_path):
        budgeting.propose(project, "First")
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S", "d", "r", "enter")
            assert "the reason is kept with it" in screen_text(pilot.app)
            await press(pilot, '"too much', "enter", "enter", "enter")
            found = stored(tmp_path).budget_versions[1]
            assert (found.status, found.reason, found.decided_on) == ("rejected", "Rejected: too much", TODAY)

    async def test_a_day_to_come_is_refused_and_what_was_typed_stays(self, project, tmp_path):
        budgeting.propose(project, "First")
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S", "d", "a", '"x', "enter", *["backspace"] * 5, '"2026-03-03', "enter")
            assert "is still to come: today or earlier" in screen_text(pilot.app)
            assert pilot.app.screen.query_one("Input").value == "2026-03-03"
            assert stored(tmp_path).approved_version is None

    async def test_lines_stand_beside_the_approved_ones_with_what_was_moved(self, project, tmp_path):
        approved(project)
        planned(project, "B-1", 10600)
        planned(project, "B-3", 400)
        budgeting.propose(project, "Second")
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S")
            shown = screen_text(pilot.app)
            rows = [line.split() for line in shown.splitlines()]
            assert ["B-1", "labour", "base", "10,000", "10,600", "+600"] in rows
            assert ["B-3", "contingency", "contingency", "1,000", "400", "-600"] in rows
            assert "600 moved from contingency to labour" in shown
            await press(pilot, "enter")
            await until(pilot, lambda: "What happened" in screen_text(pilot.app))
            assert "600 moved from contingency to labour" in screen_text(pilot.app)

    async def test_what_was_decided_says_that_it_stays(self, project, tmp_path):
        approved(project)
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S")
            for key in ("d", "e", "x", "t"):
                await press(pilot, key)
                assert "! BV-1: it was approved; another version is proposed instead" in said(pilot)
            await press(pilot, "a")
            assert "! the lines are as approved in BV-1" in said(pilot)

    async def test_a_proposed_one_takes_the_lines_is_edited_and_deleted(self, project, tmp_path):
        budgeting.propose(project, "First")
        planned(project, "B-1", 12000)
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S", "t")
            assert stored(tmp_path).budget_versions[1].lines[0].planned == D(12000)
            await press(pilot, "e", '" again', "enter")
            await until(pilot, lambda: stored(tmp_path).budget_versions[1].title == "First again")
            await press(pilot, "x")
            assert stored(tmp_path).budget_versions == {}
            await press(pilot, "u")
            assert stored(tmp_path).budget_versions[1].title == "First again"

    async def test_text_of_others_never_acts_on_the_terminal(self, project, tmp_path):
        with project.change("seed") as change:
            change.replace(BudgetVersion(id=1, title="[red]\x1b[31mFirst", reason="\x07[b]x", status="proposed"))
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "S")
            shown = screen_text(pilot.app)
            assert "[red]" in shown
            assert "\x1b" not in shown
            assert "\x07" not in shown

    async def test_another_project_has_its_own(self, project, tmp_path):
        approved(project)
        new_project(tmp_path / "w", BudgetLine(category="labour", planned=D(1)), code="erp")
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            pilot.app.desk.look_at("erp")
            await costs(pilot, "S")
            assert "No version is approved" in screen_text(pilot.app)


class TestInCosts:
    @pytest.mark.parametrize(
        ("size", "line", "money"),
        [
            (WIDE, "labour  ▲ 12,000 proposed", "differs from approved BV-1: +2,000"),
            (NARROW, "labour  ▲ 12,000", "BV-1: +2,000 proposed"),
        ],
    )
    async def test_a_line_that_differs_from_the_approved_shows_it(self, project, tmp_path, size, line, money):
        approved(project)
        planned(project, "B-1", 12000)
        async with app_over(tmp_path / "w").run_test(size=size) as pilot:
            await costs(pilot)
            shown = screen_text(pilot.app)
            assert line in shown
            assert money in shown
            row = next(text for text in shown.splitlines() if line in text)
            assert "10,000" in row

    async def test_an_edit_says_that_it_is_only_proposed(self, project, tmp_path):
        approved(project)
        async with app_over(tmp_path / "w").run_test(size=WIDE) as pilot:
            await costs(pilot, "e", "tab", *["backspace"] * 5, '"12000', "enter")
            await until(pilot, lambda: stored(tmp_path).budget_lines[1].planned == D(12000))
            assert "▲ proposed: BV-1 counts until the next (S)" in said(pilot)
            assert "12,000.00 proposed, 10,000.00 approved in BV-1." in plain_details(pilot)

    async def test_a_line_deleted_since_is_shown_and_its_keys_say_why_they_do_nothing(self, project, tmp_path):
        approved(project)
        async with app_over(tmp_path / "w").run_test(size=WIDE) as pilot:
            await costs(pilot, "j", "x", "D")
            await until(pilot, lambda: 2 not in stored(tmp_path).budget_lines)
            assert "travel  ✗ deleted" in screen_text(pilot.app)
            for key in ("e", "x"):
                await press(pilot, key)
                assert "! B-2 was deleted; it counts until a version without it is approved: S" in said(pilot)
            await press(pilot, "u")
            assert "✗ deleted" not in screen_text(pilot.app)

    async def test_a_sum_says_that_it_is_none_to_change(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "G", "e")
            assert "! All lines: sums are not changed themselves" in said(pilot)


def plain_details(pilot):
    lines = pilot.app.screen._details(100)
    return "\n".join("".join(text for text, _ in line) for line in lines)


class TestDifferencesAndDraws:
    async def test_are_one_page(self, project, tmp_path):
        approved(project)
        planned(project, "B-1", 12000)
        async with app_over(tmp_path / "w").run_test(size=(80, 40)) as pilot:
            await costs(pilot, "D")
            shown = screen_text(pilot.app)
            assert ["B-1", "labour", "base", "10,000", "12,000", "+2,000"] in [s.split() for s in shown.splitlines()]
            assert "R-1  Vendor is late" in shown
            assert "drawn 1,200.00" in shown
            assert "left -200.00" in shown
            assert "▲ 200.00 more drawn than set aside" in shown

    async def test_without_any_say_how_to_begin(self, tmp_path):
        new_project(tmp_path / "w", BudgetLine(category="labour", planned=D(1)))
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "D")
            shown = screen_text(pilot.app)
            assert "S proposes the lines as a version" in shown
            assert "Nothing is set aside" in shown

    async def test_the_risk_says_what_was_drawn_for_it(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=(120, 40)) as pilot:
            await press(pilot, "3")
            await until(pilot, lambda: pilot.app.current_mode == "risks")
            await press(pilot, "enter")
            await until(pilot, lambda: "What happened" in screen_text(pilot.app))
            assert "1,200.00 EUR drawn from contingency for it: C-1" in screen_text(pilot.app)

    async def test_a_draw_in_one_line_names_its_risk(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await press(pilot, "4", "a", '"50 contingency "extra tests" for:ven', "tab", "enter")
            await until(pilot, lambda: 2 in stored(tmp_path).costs)
            found = stored(tmp_path).costs[2]
            assert (found.caused_by, found.note, found.net) == ("R-1", "extra tests", D(50))


class TestMonths:
    def months(self, tmp_path, number=1):
        return {phase.month: phase.amount for phase in stored(tmp_path).budget_lines[number].phasing}

    async def test_an_amount_is_typed_and_the_rest_is_spread_and_taken_back(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "F", "l", '"4000')
            assert "6,000.00 goes to the 3 other months" in screen_text(pilot.app)
            await press(pilot, "enter")
            found = self.months(tmp_path)
            assert (found["2026-02"], sum(found.values())) == (D(4000), D(10000))
            await press(pilot, "k", '"1000', "enter")
            found = self.months(tmp_path)
            assert (found["2026-01"], found["2026-02"], sum(found.values())) == (D(1000), D(4000), D(10000))
            await press(pilot, "u", "u")
            assert self.months(tmp_path) == {}

    async def test_too_much_is_told_while_it_is_typed_and_kept(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "F", '"10001', "enter")
            assert "1.00 more than the 10,000.00 planned; at most 10,000.00 here" in screen_text(pilot.app)
            assert pilot.app.screen.query_one("Input").value == "10001"
            assert self.months(tmp_path) == {}

    async def test_a_month_that_is_kept_stays(self, project, tmp_path):
        phasing.set_typed(project, "B-1", "2026-01 2500, 2026-02 2500, 2026-03 5000")
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "F", "space", "j", '"5000', "enter")
            assert self.months(tmp_path) == {"2026-01": D(2500), "2026-02": D(5000), "2026-03": D(2500)}

    async def test_what_is_taken_back_is_kept_no_longer(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "F", '"4000', "enter")
            assert "Kept: Jan 26" in screen_text(pilot.app)
            await press(pilot, "u")
            assert "Kept:" not in screen_text(pilot.app)

    async def test_all_on_one_line_with_the_difference_told(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "F", "t", '"2026-01 5000, feb 3000', "enter")
            assert "2,000.00 missing: rest spreads it" in screen_text(pilot.app)
            await press(pilot, '", rest', "enter")
            found = self.months(tmp_path)
            assert (found["2026-01"], found["2026-02"]) == (D(5000), D(3000))
            assert sum(found.values()) == D(10000)

    async def test_even_copied_and_cleared(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "F", "c")
            assert "! no other line has months of its own to copy" in said(pilot)
            await press(pilot, "e", "q", "j", "F", "c", "enter")
            await until(pilot, lambda: self.months(tmp_path, 2))
            shape = [amount * D("0.3") for amount in self.months(tmp_path).values()]
            found = list(self.months(tmp_path, 2).values())
            assert all(abs(one - other) < D("0.02") for one, other in zip(found, shape, strict=True))
            assert sum(found) == D(3000)
            await press(pilot, "x")
            assert self.months(tmp_path, 2) == {}

    async def test_what_is_set_aside_has_none(self, project, tmp_path):
        async with app_over(tmp_path / "w").run_test(size=NARROW) as pilot:
            await costs(pilot, "j", "j", "j", "F")
            assert "! B-3: contingency is not planned by month" in said(pilot)
            await press(pilot, "G", "F")
            assert "! months are planned for a budget line" in said(pilot)

    async def test_that_the_approved_months_still_count_is_said(self, project, tmp_path):
        approved(project)
        async with app_over(tmp_path / "w").run_test(size=WIDE) as pilot:
            await costs(pilot, "F", "e")
            assert "▲ the months of BV-1 count until another version is approved" in screen_text(pilot.app)


async def test_nothing_is_asked_where_nothing_can_be_written(project, tmp_path):
    budgeting.propose(project, "First")
    app = app_over(tmp_path / "w")
    async with app.run_test(size=NARROW) as pilot:
        app.desk.project.db.journal.read_only = "it is kept elsewhere"
        await costs(pilot, "S")
        assert "hris is read-only: it is kept elsewhere" in said(pilot)
        for key in ("d", "x", "t", "e", "a"):
            await press(pilot, key)
            assert said(pilot).startswith("! ")
        await press(pilot, "q", "F", "5")
        assert "hris is read-only" in said(pilot)
    assert stored(tmp_path).budget_versions[1].status == "proposed"
