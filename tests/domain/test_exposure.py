"""Risks score, band and add up as published."""

from __future__ import annotations

import csv
from decimal import Decimal as D
from pathlib import Path

import pytest

from pmtui.domain.exposure import (
    DEFAULT_BANDS,
    band_of,
    emv,
    impact_value,
    probability_value,
    read_bands,
    score,
)

REGISTER = Path(__file__).parents[3] / "shared" / "data" / "risk_uk_sbd" / "risk_tracker_extracted.csv"
# The bands in the formulas of the UK register's sheet.
UK_BANDS = (
    (3, "Very Low"),
    (6, "Low"),
    (12, "Medium"),
    (24, "High"),
    (25, "Very High"),
)


def test_a_score_is_probability_times_impact() -> None:
    assert score(3, 4) == 12
    assert score(4, 4, steps=4) == 16


@pytest.mark.parametrize(("p", "i"), [(0, 1), (1, 0), (6, 1), (1, 6), (-1, -1)])
def test_steps_are_one_to_five(p: int, i: int) -> None:
    with pytest.raises(ValueError, match="is not a step: 1 to 5"):
        score(p, i)


@pytest.mark.parametrize(
    ("name", "tone", "scores"),
    [
        ("very low", "green", (1, 2, 3)),
        ("low", "green", (4, 5, 6)),
        ("medium", "green", (8, 9, 10, 12)),
        ("high", "amber", (15, 16, 20)),
        ("very high", "red", (25,)),
    ],
)
def test_the_default_bands(name: str, tone: str, scores: tuple[int, ...]) -> None:
    for each in scores:
        assert (band_of(each).name, band_of(each).tone) == (name, tone)


def test_every_product_has_one_band_and_every_band_its_letter() -> None:
    for p in range(1, 6):
        for i in range(1, 6):
            value = score(p, i)
            assert [b for b in DEFAULT_BANDS if b.low <= value <= b.high] == [band_of(value)]
    assert [band.letter for band in DEFAULT_BANDS] == ["V", "L", "M", "H", "E"]


@pytest.mark.parametrize("outside", [0, 26])
def test_a_score_outside_the_bands_is_refused(outside: int) -> None:
    with pytest.raises(ValueError, match="is in no band: 1 to 25"):
        band_of(outside)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([], "at least one"),
        ([(5, "low"), (5, "high")], "band 2, 'high': 5 must be 6 or more"),
        ([(0, "low")], "band 1, 'low': 0 must be 1 or more"),
        ([(5, "low"), (9, "low")], "band 2: 'low' must be a name of its own"),
        ([(5, " ")], "band 1: ' ' must be a name of its own"),
    ],
)
def test_refuses_bands_that_cannot_be(rows: list[tuple[int, str]], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_bands(rows)


def test_bands_of_a_projects_own() -> None:
    low, middle, high = read_bands([(4, "low"), (8, "ll"), (16, "high")])
    assert (low.letter, middle.letter, high.letter) == ("L", "2", "H")
    assert (low.tone, middle.tone, high.tone) == ("green", "amber", "red")
    assert (middle.low, middle.high) == (5, 8)


def test_the_uk_registers_own_bands() -> None:
    if not REGISTER.exists():
        pytest.skip("the shared data is not here")
    bands = read_bands(UK_BANDS)
    with REGISTER.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    likelihood, impact = header.index("Threat Likelihood"), header.index("Impact")
    rating = header.index("Inherent Risk Rating")
    assert len(rows) == 14
    for row in rows:
        found = score(int(row[likelihood][0]), int(row[impact][0]))
        assert band_of(found, bands).name == row[rating], row[0]


def test_the_scales() -> None:
    assert [probability_value(n) for n in range(1, 6)] == [D(p) for p in ("0.1", "0.3", "0.5", "0.7", "0.9")]
    assert [impact_value(n) for n in range(1, 6)] == [D(p) for p in ("0.05", "0.1", "0.2", "0.4", "0.8")]
    assert probability_value(2, (D("0.2"), D("0.6"))) == D("0.6")
    for step in (0, 6, -1):
        with pytest.raises(ValueError, match="is not a step"):
            probability_value(step)


def test_expected_monetary_value_of_the_published_case() -> None:
    items = [
        (D(p), D(cost) * 1000)
        for p, cost in [
            *((".8", 10), (".3", 30), (".5", 8)),
            *((".1", 40), (".3", 20), (".25", 10)),
        ]
    ]
    assert emv(items) == 33_500
    assert sum(cost for _, cost in items) == 118_000
    assert emv([]) == 0
    assert emv([(D("0.5"), D(-100))]) == -50


@pytest.mark.parametrize("p", ["1.1", "-0.1"])
def test_a_probability_is_zero_to_one(p: str) -> None:
    with pytest.raises(ValueError, match="is not a probability"):
        emv([(D(p), D(1))])
