"""Risks are reviewed the sooner the higher their score, the due ones first."""

from __future__ import annotations

import datetime as dt

import pytest

from pmtui.domain.exposure import ReviewIntervals, read_bands
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Project, Risk
from pmtui.domain.risk_review import interval, is_due, next_review, reviewed_between, to_review, why

TODAY = dt.date(2026, 3, 2)  # a Monday


def risk(record_id: int, steps: tuple[int | None, int | None] = (3, 3), days: int = 10, **values: object) -> Risk:
    given = {"title": f"Risk {record_id}", "owner": "ana", "response": "reduce"} | values
    review = TODAY + dt.timedelta(days=days)
    return Risk(id=record_id, probability=steps[0], impact=steps[1], review_date=review, **given)


def data_of(*risks: Risk, **charter: object) -> ProjectData:
    project = Project(id=1, code="hris", title="HRIS", **charter)
    return ProjectData({"project": {1: project}, "risks": {r.id: r for r in risks}})


@pytest.mark.parametrize(
    ("steps", "days"), [((5, 5), 7), ((4, 5), 14), ((3, 4), 28), ((2, 3), 56), ((1, 2), 84), ((None, 5), 7)]
)
def test_the_interval_is_that_of_the_band(steps, days):
    found = risk(1, steps)
    assert interval(found, data_of(found)) == days
    assert next_review(found, data_of(found), TODAY) == TODAY + dt.timedelta(days=days)


def test_a_higher_score_is_never_reviewed_later():
    data = data_of()
    by_score = sorted(
        (risk(1, (p, i)) for p in range(1, 6) for i in range(1, 6)), key=lambda found: found.score, reverse=True
    )
    days = [interval(found, data) for found in by_score]
    assert days == sorted(days)


def test_bands_of_a_projects_own_are_counted_from_the_highest():
    two = data_of(bands=read_bands(((9, "low"), (25, "high"))))
    assert [interval(risk(1, steps), two) for steps in ((5, 5), (2, 5), (3, 3))] == [7, 7, 14]
    few = data_of(review_intervals=ReviewIntervals(by_band=(10, 30), unassessed=3))
    assert [interval(risk(1, s), few) for s in ((5, 5), (4, 4), (1, 1), (None, 1))] == [10, 30, 30, 3]


def test_a_review_falls_on_a_working_day():
    christmas = data_of(country="FR")
    friday = dt.date(2026, 12, 18)
    assert next_review(risk(1, (5, 5)), christmas, friday) == dt.date(2026, 12, 28)
    assert next_review(risk(1, (5, 5)), data_of(), dt.date(2026, 3, 1)) == dt.date(2026, 3, 9)


def test_the_due_come_first_then_those_that_lack_something_then_the_others_each_by_score():
    data = data_of(
        risk(1, (5, 5)),
        risk(2, (1, 1), days=-3),
        risk(3, (2, 2), days=0),
        risk(4, (None, None)),
        risk(5, (4, 4), response=""),
        risk(6, (2, 2)),
        risk(7, (5, 5), days=-30, status="closed"),
    )
    found = [(item.number, item.is_due, item.why) for item in to_review(data, TODAY)]
    assert found == [
        ("R-3", True, "due today"),
        ("R-2", True, "3 days past"),
        ("R-5", True, "no response"),
        ("R-4", True, "not assessed"),
        ("R-1", False, ""),
        ("R-6", False, ""),
    ]


def test_what_is_past_and_lacks_something_says_both():
    found = risk(1, (None, None), days=-1, response="")
    assert why(found, TODAY) == "1 day past, not assessed, no response"
    assert is_due(found, TODAY)
    assert not is_due(risk(1, days=-1, status="occurred"), TODAY)


def test_the_reviews_of_a_period_are_those_whose_last_one_was_in_it():
    data = data_of(
        risk(1, (2, 2), reviewed=TODAY),
        risk(2, (4, 4), reviewed=TODAY - dt.timedelta(days=7)),
        risk(3, reviewed=TODAY - dt.timedelta(days=8)),
        risk(4),
    )
    found = reviewed_between(data, TODAY - dt.timedelta(days=7), TODAY)
    assert [r.number for r in found] == ["R-2", "R-1"]
