"""The difference of two reports is told in lines, and nothing is told that is not known."""

import datetime as dt
from decimal import Decimal
from random import Random

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, Change, Issue, Milestone, Project, Risk, Task
from pmtui.domain.records.report import Override
from pmtui.reports.compare import differences, grouped
from pmtui.reports.offers import offers
from pmtui.reports.status import build

TODAY = dt.date(2026, 3, 2)


def report(*records, **more):
    tables = {"project": {1: Project(id=1, code="demo", title="Demo")}}
    for record in records:
        tables.setdefault(record.TYPE.table, {})[record.id] = record
    return build(ProjectData(tables), TODAY - dt.timedelta(days=7), TODAY, TODAY, **more)


def milestone(**more):
    return Milestone(**{"id": 1, "title": "Go live", "forecast": TODAY, "baseline": TODAY} | more)


def risk(number, score=2):
    return Risk(id=number, title="Vendor", owner="ana", review_date=TODAY, probability=1, impact=score)


def test_the_same_report_has_no_difference():
    same = report(milestone(), risk(1))
    assert differences(same, same) == []


def test_milestones_moved_reached_new_and_open_again():
    later = milestone(forecast=TODAY + dt.timedelta(days=1))
    reached = milestone(actual=TODAY)
    assert "MS-1 Go live forecast 2 Mar → 3 Mar, 1 day later" in differences(report(milestone()), report(later))
    assert "MS-1 Go live reached on 2 Mar" in differences(report(milestone()), report(reached))
    assert "MS-1 Go live is open again" in differences(report(reached), report(milestone()))
    assert "MS-1 Go live is new, forecast 2 Mar" in differences(report(), report(milestone()))


def test_a_change_that_was_decided_on_the_first_page_does_not_end_once_more():
    asked = {"id": 2, "title": "More units", "requester": "ana", "description": "Two units", "decision_due": TODAY}
    known = [report(Change(**asked, status=status)) for status in ("submitted", "approved")]
    for before in known:
        assert "CR-2 More units is no longer open" in differences(before, report())
    ended = report(Change(**asked, status="rejected", updated=dt.datetime.combine(TODAY, dt.time(9))))
    assert [row.number for row in ended.changes.rows] == ["CR-2"]
    assert not [line for line in differences(ended, report()) if "CR-2" in line]


def test_risks_and_issues_that_came_and_went():
    issue = Issue(id=4, title="Firewall", owner="ana", target_date=TODAY)
    assert differences(report(risk(1)), report(risk(2, 4), issue)) == [
        "R-2 Vendor is new, 4 low",
        "R-1 Vendor is closed",
        "I-4 Firewall was raised",
    ]
    assert "I-4 Firewall is resolved" in differences(report(issue), report())


def test_a_risk_pushed_out_by_others_is_not_told_as_closed():
    many = [risk(n, 5) for n in range(2, 110)]
    assert not any("closed" in line for line in differences(report(risk(1, 1)), report(risk(1, 1), *many)))


def test_money_is_told_with_its_difference():
    line = BudgetLine(id=1, category="labour", planned=Decimal(1000))
    more = BudgetLine(id=1, category="labour", planned=Decimal(1000), forecast=Decimal(1500))
    found = differences(report(line), report(more))
    assert "EAC 1,000 → 1,500 EUR (+500)" in found
    assert "variance 0 → -500 EUR (-500)" in found
    assert any(text.startswith("cost light green → red") for text in found)


def test_the_summary_offers_the_worst_light_first():
    found = offers(
        report(risk(1, 5), BudgetLine(id=1, category="x", planned=Decimal(10), forecast=Decimal(13))), "summary"
    )
    assert found[0] == "Cost is red: estimate at completion 30 % over the budget."
    assert "3 EUR over the budget at completion." in found


def test_a_red_light_is_offered_as_a_decision():
    late = milestone(forecast=TODAY + dt.timedelta(days=60))
    assert offers(report(late), "decisions wanted") == [
        "Time is red, forecast finish 1 May, 60 days past 2 Mar: how to go on"
    ]
    assert offers(report(late), "weather") == []


def any_records(random):
    """Some records of every kind that a report tells of, each as it may stand."""

    def some_day():
        return TODAY + dt.timedelta(days=random.randint(-20, 20))

    for n in range(1, random.randint(1, 12)):
        done = random.random() < 0.4
        ended = {"status": "done", "percent_done": 100, "finish_date": some_day()} if done else {}
        yield Task(id=n, title=f"task {n}", due=some_day(), **ended)
    for n in range(1, random.randint(1, 6)):
        yield risk(n, random.randint(1, 5))
        yield milestone(id=n, forecast=some_day(), actual=random.choice([None, some_day()]))
        yield Issue(id=n, title="x", owner="ana", target_date=some_day(), decision_needed_from=random.choice(["", "b"]))
        yield Change(
            id=n, title="y", requester="b", description="z", status=random.choice(["submitted", "approved", "rejected"])
        )
        yield BudgetLine(id=n, category=f"line {n}", planned=Decimal(100), forecast=Decimal(random.randint(50, 150)))


def test_any_two_reports_are_told_and_nothing_that_is_the_same():
    for seed in range(200):
        random = Random(seed)
        one, other = report(*any_records(random)), report(*any_records(random))
        assert differences(one, one) == []
        assert differences(other, other) == []
        forth, back = grouped(one, other), grouped(other, one)
        numbers = {row.number for page in (one, other) for row in (*page.risks.rows, *page.issues.rows)}
        for part in ("Risks", "Issues"):
            assert {line.split()[0] for line in forth.get(part, [])} <= numbers
            assert bool(forth.get(part)) == bool(back.get(part))
        assert ("Money" in forth) == ("Money" in back)


def test_words_that_came_and_went_are_told_by_section_and_moved_ones_are_not():
    def words(**by_section):
        return msgspec.structs.replace(report(), words=by_section)

    before, after = words(summary="One.\n- Two", next="Go"), words(summary="- Two\nThree.", done="All")
    assert grouped(before, after) == {
        "Words": ["summary, new: Three.", "summary, gone: One.", "done, new: All", "next is not written yet"]
    }


def test_a_light_set_by_hand_without_another_colour_is_told():
    by_hand = Override("risk", "A", "the vendor is shaky")
    data = [risk(1, 5)]
    ruled, set_so = report(*data), report(*data, overrides=(by_hand,))
    again = report(risk(1, 5), overrides=(Override("risk", "G", "as the rules say"),))
    assert any("risk light green → amber: the vendor is shaky" in line for line in differences(ruled, set_so))
    assert "risk light green as before, set by hand: as the rules say" in differences(ruled, again)
