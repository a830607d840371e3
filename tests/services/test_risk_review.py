import datetime as dt

import pytest
from factories import MONDAY, TODAY, day, new_project, session

from pmtui.domain.problems import Refused
from pmtui.domain.records import Risk, Task
from pmtui.services import reports, risks
from pmtui.services.decided import told_decisions
from pmtui.services.projects import open_project
from pmtui.services.risk_review import respond, review_as_they_are, told_reviews


def risk(title="Vendor is late", steps=(4, 4), **values):
    given = {"owner": "ana", "review_date": day(-3), "response": "reduce", **values}
    return Risk(title=title, probability=steps[0], impact=steps[1], **given)


def test_reviewed_as_it_is_sets_the_next_review_by_its_band(tmp_path):
    project = new_project(tmp_path / "ws", risk(), risk("Strike", (1, 1)))
    outcome = review_as_they_are(project, ["R-1", "R-2"])
    assert outcome.words == "2 records reviewed, next each by its band"
    assert [(r.review_date, r.reviewed) for r in project.data.risks.values()] == [(day(14), TODAY), (day(84), TODAY)]
    assert review_as_they_are(project, ["R-1"]).words == "R-1 reviewed, next Mon 16 Mar"
    project.undo()
    assert [(r.review_date, r.reviewed) for r in project.data.risks.values()] == [(day(-3), None)] * 2


def test_the_band_is_that_of_the_records_as_they_are_now(tmp_path):
    project = new_project(tmp_path / "ws", risk())
    theirs = open_project(session(tmp_path / "ws", "ben", "other"), "hris")
    risks.assess(theirs, ["R-1"], probability=1, impact=1)
    review_as_they_are(project, ["R-1"])
    assert project.data.risks[1].review_date == day(84)


def test_a_response_fits_the_kind_and_can_be_taken_off(tmp_path):
    project = new_project(
        tmp_path / "ws", risk(), risk("Discount", kind="opportunity", response="share"), Task(title="x")
    )
    assert respond(project, ["R-1"], "avoid").words == "R-1: avoid"
    assert respond(project, ["R-1"], "").words == "R-1: no response"
    assert project.data.risks[1].response == ""
    with pytest.raises(Refused, match="for opportunity: exploit, enhance, share, accept"):
        respond(project, ["R-1", "R-2"], "avoid")
    assert project.data.risks[1].response == ""
    with pytest.raises(Refused, match="only risks can do this"):
        respond(project, ["T-1"], "avoid")


def test_the_report_is_offered_what_was_reviewed_and_what_became_of_the_scores(tmp_path):
    project = new_project(tmp_path / "ws", risk(), risk("Strike", (2, 2)), risk("Fire", (1, 2)), risk("Flood", (2, 2)))
    week = day(-7), TODAY
    assert told_reviews(project, *week) == []
    later = MONDAY + dt.timedelta(days=14)
    project = open_project(session(tmp_path / "ws", now=later), "hris")
    period = later.date() - dt.timedelta(days=6), later.date()
    review_as_they_are(project, ["R-3"])
    assert told_reviews(project, *period) == ["1 risk reviewed: as it was."]
    review_as_they_are(project, ["R-4"])
    assert told_reviews(project, *period) == ["2 risks reviewed: all as they were."]
    risks.assess(project, ["R-1"], probability=5)
    review_as_they_are(project, ["R-1", "R-2"])
    risks.set_status(project, ["R-2"], "closed")
    sentence = "4 risks reviewed: R-1 Vendor is late up from 16 to 20, R-2 Strike closed, 2 as they were."
    assert told_reviews(project, *period) == [sentence]
    assert sentence in reports.offered(project, "summary")


def test_a_review_that_was_due_counts_as_reviewed_among_what_was_decided(tmp_path):
    project = new_project(tmp_path / "ws", risk())
    review_as_they_are(project, ["R-1"])
    first, second = told_decisions(project, day(-7), TODAY)
    assert first == "1 overdue item decided: 1 reviewed."
    assert second == "Reviewed R-1 Vendor is late, next on 16 Mar."
