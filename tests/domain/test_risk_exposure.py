"""The exposure of a register: every number by the risks behind it, against what is left to cover it."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal as D

import pytest

from pmtui.domain.exposure import Scales
from pmtui.domain.filters import read_filter
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, CostEntry, Project, Risk
from pmtui.domain.risk_exposure import (
    by_category,
    expected_value,
    exposure,
    gaps,
    open_risks,
    spreads,
    top_by_score,
    top_by_value,
)

TODAY = dt.date(2026, 3, 2)
LATER = TODAY + dt.timedelta(days=14)


def risk(record_id: int, steps: tuple[int | None, int | None] = (3, 3), cost: object = None, **values: object) -> Risk:
    return Risk(
        id=record_id,
        **{"title": f"Risk {record_id}", "owner": "ana", "review_date": LATER, "response": "reduce"} | values,
        probability=steps[0],
        impact=steps[1],
        cost_if_occurs=None if cost is None else D(str(cost)),
    )


def project_of(*risks: Risk, scales: Scales | None = None, more: dict | None = None) -> ProjectData:
    charter = Project(id=1, code="hris", title="HRIS", **({"scales": scales} if scales else {}))
    return ProjectData({"project": {1: charter}, "risks": {r.id: r for r in risks}, **(more or {})})


def contingency(planned: int, drawn: int = 0) -> dict:
    lines = {1: BudgetLine(id=1, category="contingency", kind="contingency", planned=D(planned))}
    draw = CostEntry(id=1, date=TODAY, budget_line="B-1", net=D(drawn), status="invoiced", caused_by="R-1")
    return {"budget_lines": lines, "costs": {1: draw} if drawn else {}}


def test_the_published_case_of_expected_monetary_value():
    """DOMAIN.md, risk exposure: 33 500 expected of 118 000, with the probabilities that the case has."""
    scale = Scales(probability=tuple(map(D, ("0.1", "0.25", "0.3", "0.5", "0.8"))))
    case = ((5, 10_000), (3, 30_000), (4, 8_000), (1, 40_000), (3, 20_000), (2, 10_000))
    data = project_of(*(risk(at, (step, 3), cost) for at, (step, cost) in enumerate(case, 1)), scales=scale)
    assert exposure(data, TODAY).expected == 33_500
    assert sum(r.cost_if_occurs for r in data.risks.values()) == 118_000
    found = spreads(data, TODAY).losses
    assert abs(found.mean - 33_500) < 900
    assert found.greatest <= 118_000


def test_threats_and_opportunities_are_apart_and_net():
    data = project_of(
        risk(1, (4, 4), 30_000),
        risk(2, (3, 3), 8_000, kind="opportunity", response="enhance"),
        risk(3, (5, 5), 99_000, status="closed"),
        risk(4, (None, None), 50_000),
        risk(5, (5, 5)),
        more=contingency(10_000, drawn=2_500),
    )
    found = exposure(data, TODAY)
    assert (found.expected, found.gain, found.net) == (21_000, 4_000, 17_000)
    assert (found.contingency, found.contingency_left, found.uncovered) == (10_000, 7_500, 13_500)


def test_the_kind_says_whether_an_amount_costs_or_brings():
    data = project_of(risk(1, (3, 3), -1000), risk(2, (3, 3), -1000, kind="opportunity", response="enhance"))
    assert (exposure(data, TODAY).expected, exposure(data, TODAY).gain) == (500, 500)
    assert spreads(data, TODAY).losses.greatest == 1000
    assert spreads(data, TODAY).net.least == -1000


def test_the_parts_are_the_whole_and_the_dearest_comes_first():
    data = project_of(
        risk(1, (3, 3), 1_000, category="supplier"),
        risk(2, (3, 3), 9_000, category="people"),
        risk(3, (3, 3), 1_000, category="Supplier"),
        risk(4, (3, 3), 70_000),
        risk(5, (3, 3), 2_000, category="people", kind="opportunity", response="share"),
    )
    told = [(part.name, part.numbers, part.loss, part.gain) for part in by_category(data, TODAY)]
    assert told == [
        ("people", ("R-2", "R-5"), 4_500, 1_000),
        ("supplier", ("R-1", "R-3"), 1_000, 0),
        ("no category", ("R-4",), 35_000, 0),
    ]
    found = exposure(data, TODAY)
    assert sum(part.loss for part in by_category(data, TODAY)) == found.expected
    assert sum(part.gain for part in by_category(data, TODAY)) == found.gain


def test_gaps_tell_what_is_missing_and_of_which_risks():
    data = project_of(
        risk(1, (4, 4), 1, review_date=TODAY - dt.timedelta(days=1)),
        risk(2, (None, 3), 1, response=""),
        risk(3, (3, 3), None, residual_probability=5, residual_impact=5, inherent_probability=2, inherent_impact=2),
        risk(4, (3, 3), 1, owner=""),
        risk(5, (None, None), None, status="closed", response="", owner=""),
    )
    assert {gap.words: gap.numbers for gap in gaps(data, TODAY)} == {
        "review past": ("R-1",),
        "not assessed": ("R-2",),
        "no response": ("R-2",),
        "no owner": ("R-4",),
        "residual above inherent": ("R-3",),
        "no cost: counts for nothing here": ("R-3",),
    }
    assert gaps(project_of(risk(1, (3, 3), 1)), TODAY) == ()


WORDS = ("supplier", "people", "data protection", "ARTÍCULOS", "any", "none", 'odd "one"', "a,b", "x:y", "-", "")


def test_the_filter_of_every_line_shows_the_risks_behind_it_and_no_other():
    rng = random.Random(21)
    for _ in range(60):
        data = project_of(
            *(
                risk(
                    at,
                    (rng.choice((None, 1, 3, 5)), rng.choice((None, 2, 4))),
                    rng.choice((None, 0, 500)),
                    category=rng.choice(WORDS),
                    owner=rng.choice(("", "ana")),
                    response=rng.choice(("", "accept")),
                    kind=rng.choice(("threat", "opportunity")),
                    status=rng.choice(("proposed", "approved", "closed")),
                    review_date=TODAY + dt.timedelta(days=rng.randrange(-9, 9)),
                    residual_probability=rng.choice((None, 5)),
                    residual_impact=5,
                    inherent_probability=1,
                    inherent_impact=rng.choice((None, 1)),
                )
                for at in range(1, rng.randrange(2, 14))
            )
        )
        for line in (*by_category(data, TODAY), *gaps(data, TODAY)):
            wanted = read_filter(line.filter, TODAY)
            shown = [r.number for r in data.risks.values() if wanted.matches(r, data)]
            assert shown == list(line.numbers), line


def test_the_worst_come_first_by_score_and_by_what_they_may_cost():
    data = project_of(
        risk(1, (5, 5), 100),
        risk(2, (4, 4), 90_000),
        risk(3, (4, 4), 95_000),
        risk(4, (5, 5), 900_000, kind="opportunity", response="exploit"),
        risk(5, (None, 5), 900_000),
        risk(6, (5, 5), 900_000, status="closed"),
    )
    assert [r.number for r in top_by_score(data, 5)] == ["R-1", "R-3", "R-2"]
    assert [r.number for r in top_by_value(data, 2)] == ["R-3", "R-2"]


def test_the_simulation_is_that_of_the_register_in_whatever_order_it_is():
    rng = random.Random(22)
    found = [risk(at, (rng.randrange(1, 6), 3), rng.randrange(90_000)) for at in range(1, 12)]
    first = spreads(project_of(*found), TODAY)
    for _ in range(3):
        rng.shuffle(found)
        assert spreads(project_of(*found), TODAY) == first
    assert first.losses.percentile(50) <= first.losses.percentile(80) <= first.losses.percentile(95)


def test_a_risk_that_is_certain_on_the_projects_scale_is_exact():
    certain = Scales(probability=tuple(map(D, ("0.1", "0.3", "0.5", "0.7", "1"))))
    data = project_of(risk(1, (5, 3), "1234.56"), scales=certain)
    assert {spreads(data, TODAY).losses.percentile(p) for p in (1, 50, 95)} == {D("1234.56")}
    assert expected_value(open_risks(data)[0], data) == D("1234.56")


@pytest.mark.parametrize("risks", [(), (risk(1, (3, 3)),), (risk(1, (None, 3), 500),), (risk(1, status="closed"),)])
def test_where_nothing_has_a_probability_and_a_cost_nothing_is_expected(risks):
    data = project_of(*risks)
    assert (exposure(data, TODAY).expected, exposure(data, TODAY).gain) == (0, 0)
    assert spreads(data, TODAY).losses.greatest == 0
