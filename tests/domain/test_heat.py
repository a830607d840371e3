"""Where risks stand in the heat map, and what moved since a day."""

import datetime as dt
import random

import pytest

from pmtui.domain.heat import INHERENT, NOW, OPPORTUNITIES, RESIDUAL, Move, cell_of, drift, moves
from pmtui.domain.records import Risk
from pmtui.domain.records.risk import FLOW, ScoreAt, follow

TODAY = dt.date(2026, 3, 30)
SINCE = TODAY - dt.timedelta(days=28)
BEFORE, LATER = SINCE - dt.timedelta(days=10), SINCE + dt.timedelta(days=10)


def risk(number, *stands, kind="threat", **more):
    """A risk that was assessed on some days: ``(day, probability, impact)``, with what is left after them."""
    found = None
    for day, probability, impact, *left in stands:
        values = {"probability": probability, "impact": impact}
        if left:
            values |= {"residual_probability": left[0], "residual_impact": left[1]}
        made = Risk(id=number, title="x", owner="ana", review_date=TODAY, kind=kind)
        after = replaced(found or made, **values)
        found = follow(found, after, day)
    return replaced(found, **more)


def replaced(record, **values):
    import msgspec

    return msgspec.structs.replace(record, **values)


def test_a_risk_that_was_assessed_anew_comes_from_where_it_stood():
    moved = risk(4, (BEFORE, 2, 3), (LATER, 3, 4))
    assert list(moves([moved], NOW, SINCE)) == [Move("R-4", (2, 3), (3, 4), 1)]


def test_the_last_assessment_of_the_day_itself_still_counts_as_before():
    moved = risk(1, (BEFORE, 2, 3), (SINCE, 3, 3), (LATER, 1, 3))
    assert list(moves([moved], NOW, SINCE)) == [Move("R-1", (3, 3), (1, 3), -1)]


def test_what_came_back_to_its_cell_did_not_move():
    assert not list(moves([risk(1, (BEFORE, 2, 3), (LATER, 5, 5), (TODAY, 2, 3))], NOW, SINCE))


def test_other_steps_of_the_same_score_are_a_move_without_a_way():
    assert list(moves([risk(1, (BEFORE, 2, 3), (LATER, 3, 2))], NOW, SINCE)) == [Move("R-1", (2, 3), (3, 2), 0)]


@pytest.mark.parametrize("grid", [INHERENT, RESIDUAL, NOW])
def test_a_new_risk_and_one_assessed_since_came_from_nowhere(grid):
    new, late = risk(1, (LATER, 2, 3)), risk(2, (LATER, 2, 3), raised=BEFORE)
    assert list(moves([new, late], grid, SINCE)) == [
        Move("R-1", None, (2, 3), 1, "new"),
        Move("R-2", None, (2, 3), 1, "assessed"),
    ]


@pytest.mark.parametrize("status", sorted(FLOW.ends))
def test_what_ended_since_left_its_cell(status):
    gone = risk(1, (BEFORE, 4, 4), status=status, ended=LATER)
    assert list(moves([gone], NOW, SINCE)) == [Move("R-1", (4, 4), None, -1, status)]
    assert not list(moves([replaced(gone, ended=BEFORE)], NOW, SINCE))
    assert not list(moves([replaced(gone, ended=None)], NOW, SINCE))


def test_what_is_left_has_a_history_of_its_own():
    answered = risk(1, (BEFORE, 4, 4), (LATER, 4, 4, 2, 2))
    assert list(moves([answered], RESIDUAL, SINCE)) == [Move("R-1", (4, 4), (2, 2), -1)]
    assert not list(moves([answered], NOW, SINCE))
    assert not list(moves([answered], INHERENT, SINCE))


def test_opportunities_have_a_grid_of_their_own():
    chance = risk(1, (BEFORE, 2, 2), (LATER, 3, 2), kind="opportunity")
    assert list(moves([chance], OPPORTUNITIES, SINCE)) == [Move("R-1", (2, 2), (3, 2), 1)]
    assert not list(moves([chance], NOW, SINCE))


def test_scores_kept_without_their_steps_tell_the_score():
    old = replaced(risk(1, (LATER, 3, 3)), scores=(ScoreAt(BEFORE, 4), ScoreAt(LATER, 9, 3, 3)))
    assert list(moves([old], NOW, SINCE)) == [Move("R-1", None, (3, 3), 1, "score 4")]
    assert not list(moves([replaced(old, scores=(ScoreAt(BEFORE, 9),))], NOW, SINCE))
    assert not list(moves([old], RESIDUAL, SINCE))


def test_the_drift_of_a_cell_is_the_balance_of_those_that_came():
    up, down = Move("R-1", (1, 1), (3, 3), 1), Move("R-2", (5, 5), (3, 3), -1)
    assert (drift([up], (3, 3)), drift([down], (3, 3)), drift([up, down], (3, 3))) == (1, -1, 0)
    assert drift([up, down], (1, 1)) == 0


def test_moves_explain_every_difference_between_two_maps():
    chance = random.Random(7)
    for _ in range(300):
        days = sorted(chance.sample(range(-60, 1), chance.randint(1, 4)))
        stands = [(TODAY + dt.timedelta(days=d), chance.randint(1, 5), chance.randint(1, 5)) for d in days]
        one = risk(1, *stands)
        earlier = [(p, i) for day, p, i in stands if day <= SINCE]
        was, now = (earlier[-1] if earlier else None), cell_of(one, NOW)
        found = list(moves([one], NOW, SINCE))
        assert [(m.before, m.after) for m in found] == ([(was, now)] if was != now else [])
