"""A risk's impact by dimension, and what is kept of its assessments."""

import datetime as dt

import msgspec
import pytest

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Risk
from pmtui.domain.records.risk import ScoreAt, follow
from pmtui.domain.validation import problems_of

MONDAY = dt.date(2026, 3, 2)


def made(**values):
    return follow(None, Risk(id=1, title="x", owner="ana", review_date=MONDAY, **values), MONDAY)


def changed(before, on=MONDAY, **values):
    return follow(before, msgspec.structs.replace(before, **values), on)


def problems(risk):
    return problems_of(risk, ProjectData({"risks": {1: risk}, "people": {}}))


def test_the_impact_is_the_worst_of_its_dimensions():
    risk = made(probability=3, impact_cost=2, impact_time=4)
    assert (risk.impact, risk.score, risk.inherent_score) == (4, 12, 12)
    risk = changed(risk, impact_quality=5)
    assert (risk.impact, risk.impacts) == (5, {"cost": 2, "time": 4, "quality": 5})
    assert changed(risk, impact_quality=None).impact == 4


def test_without_dimensions_the_impact_is_as_it_is_written():
    risk = made(probability=3, impact=2)
    assert changed(risk, impact=4).impact == 4
    cleared = changed(made(impact_cost=4), impact_cost=None)
    assert (cleared.impact, problems(cleared)) == (4, [])


@pytest.mark.parametrize("before", [None, made(probability=2, impact_cost=4, impact_time=2)])
def test_an_impact_that_contradicts_its_dimensions_is_refused_with_the_one_it_would_be(before):
    dimensions = {"impact_cost": 4, "impact_time": 2}
    risk = made(impact=3, **dimensions) if before is None else changed(before, impact=3)
    (problem,) = problems(risk)
    assert (problem.field, problem.value) == ("impact", "3")
    assert problem.allowed == "allowed: 4, the worst of cost 4, time 2"
    assert problems(msgspec.structs.replace(risk, impact=4)) == []


def test_scores_keep_the_steps_they_were_made_of_one_a_day():
    risk = made(probability=2, impact=3)
    risk = changed(risk, MONDAY, probability=3)
    risk = changed(risk, MONDAY + dt.timedelta(days=7), residual_probability=1, residual_impact=2)
    assert risk.scores == (ScoreAt(MONDAY, 9, 3, 3), ScoreAt(MONDAY + dt.timedelta(days=7), 9, 3, 3, 1, 2))
    assert changed(risk, MONDAY + dt.timedelta(days=9), title="y").scores == risk.scores


def test_the_day_it_ended_is_kept_until_it_is_taken_up_again():
    risk = changed(made(), status="closed")
    assert risk.ended == MONDAY
    assert changed(risk, MONDAY + dt.timedelta(days=3), title="y").ended == MONDAY
    assert changed(risk, status="assessing").ended is None
