"""Sums of uncertain amounts are what probability says of them, and the same every time."""

from __future__ import annotations

import random
from decimal import Decimal as D
from itertools import pairwise
from math import sqrt

import pytest

from pmtui.domain.simulation import TRIALS, Chance, Spread, simulate

PROBABILITIES = [D(p) for p in ("0.05", "0.1", "0.25", "0.3", "0.5", "0.7", "0.9", "0.95")]
ERRORS = 5
"""Standard errors within which a sampled value must lie; the seed is fixed, so that it does or it does not."""


def chances(rng: random.Random, count: int, name: str = "R") -> list[Chance]:
    return [
        Chance(f"{name}-{at}", rng.choice(PROBABILITIES), D(rng.randrange(1, 9_000_000)) / 100) for at in range(count)
    ]


def expected(found: list[Chance]) -> D:
    return sum((c.probability * c.amount for c in found), D(0))


def variance(found: list[Chance]) -> D:
    return sum((c.probability * (1 - c.probability) * c.amount**2 for c in found), D(0))


def exact(losses: list[Chance], gains: list[Chance] = ()) -> dict[D, D]:
    """The distribution itself, by folding the events into it one by one."""
    found = {D(0): D(1)}
    for chance, sign in [*((c, 1) for c in losses), *((c, -1) for c in gains)]:
        folded: dict[D, D] = {}
        for total, p in found.items():
            for occurs, share in ((1, chance.probability), (0, 1 - chance.probability)):
                value = total + sign * occurs * chance.amount
                folded[value] = folded.get(value, D(0)) + p * share
        found = folded
    return found


def below(distribution: dict[D, D], amount: D, *, also_at: bool) -> float:
    return float(sum((p for total, p in distribution.items() if total < amount or (also_at and total == amount)), D(0)))


def test_nothing_uncertain_comes_to_nothing():
    found = simulate([])
    assert (found.losses.mean, found.losses.percentile(50), found.losses.percentile(95)) == (0, 0, 0)
    assert found.net == found.losses
    assert found.losses.covered(D(0)) == 100
    assert found.losses.covered(D("-0.01")) == 0


def test_what_is_certain_is_exact_to_the_cent():
    certain = [Chance("R-1", D(1), D("1234.56")), Chance("R-2", D(1), D("0.01")), Chance("R-3", D(0), D(99))]
    found = simulate(certain, [Chance("R-4", D(1), D("2000.00"))])
    assert {found.losses.percentile(p) for p in (1, 50, 80, 95, 100)} == {D("1234.57")}
    assert (found.losses.mean, found.losses.least, found.losses.greatest) == (D("1234.57"),) * 3
    assert found.net.mean == D("-765.43")


def test_percentiles_rise():
    rng = random.Random(11)
    for _ in range(30):
        found = simulate(chances(rng, rng.randrange(1, 25)), chances(rng, rng.randrange(4), "O"))
        for spread in (found.losses, found.net):
            told = [spread.percentile(p) for p in range(1, 101)]
            assert all(low <= high for low, high in pairwise(told))
            assert spread.least <= told[0] <= spread.percentile(50) <= spread.percentile(80) <= spread.percentile(95)
            assert told[-1] == spread.greatest


def test_the_mean_is_the_expected_value_within_the_error_of_sampling():
    rng = random.Random(12)
    for _ in range(40):
        losses, gains = chances(rng, rng.randrange(1, 60)), chances(rng, rng.randrange(6), "O")
        found = simulate(losses, gains)
        for mean, right, spread in (
            (found.losses.mean, expected(losses), variance(losses)),
            (found.net.mean, expected(losses) - expected(gains), variance(losses) + variance(gains)),
        ):
            assert abs(float(mean - right)) <= ERRORS * sqrt(float(spread) / TRIALS) + 0.01


def test_percentiles_are_those_of_the_exact_distribution_within_the_error_of_sampling():
    rng = random.Random(13)
    for _ in range(25):
        losses, gains = chances(rng, rng.randrange(1, 10)), chances(rng, rng.randrange(3), "O")
        right, found = exact(losses, gains), simulate(losses, gains).net
        assert abs(sum(right.values()) - 1) < D("1e-20")
        for percent in (5, 20, 50, 80, 95):
            share = percent / 100
            error = ERRORS * sqrt(share * (1 - share) / TRIALS)
            value = found.percentile(percent)
            assert below(right, value, also_at=True) >= share - error
            assert below(right, value, also_at=False) <= share + error


def test_how_much_an_amount_covers_is_the_share_of_trials_it_was_enough_for():
    rng = random.Random(14)
    for _ in range(20):
        losses = chances(rng, rng.randrange(1, 10))
        right, found = exact(losses), simulate(losses).losses
        amount = D(rng.randrange(0, 20_000_000)) / 100
        share = below(right, amount, also_at=True)
        assert abs(found.covered(amount) / 100 - share) <= ERRORS * sqrt(0.25 / TRIALS) + 0.01
        for percent in (50, 80, 95):
            assert found.covered(found.percentile(percent)) >= percent
            assert found.covered(found.percentile(percent) - D("0.01")) < percent
    assert simulate(losses).losses.covered(found.greatest) == 100
    assert simulate(losses).losses.covered(found.greatest - D("0.01")) < 100


def test_the_order_does_not_matter_and_neither_does_the_day():
    rng = random.Random(15)
    losses, gains = chances(rng, 20), chances(rng, 5, "O")
    first = simulate(losses, gains)
    for _ in range(5):
        rng.shuffle(losses)
        rng.shuffle(gains)
        assert simulate(losses, gains) == first
    assert simulate(losses, gains, seed=2) != first


def test_the_same_risks_give_the_same_numbers_in_every_version():
    """Were the streams drawn otherwise, what a report said last month could not be found again."""
    found = simulate([Chance("R-1", D("0.3"), D(1000)), Chance("R-2", D("0.5"), D(500))]).losses
    assert (found.mean, found.percentile(50), found.percentile(80)) == (D("554.00"), D(500), D(1000))


def test_a_risk_made_likelier_or_dearer_never_lowers_a_sum():
    rng = random.Random(16)
    for _ in range(20):
        found = chances(rng, 12)
        at = rng.randrange(12)
        before = simulate(found).losses
        one = found[at]
        likelier = Chance(one.key, min(D(1), one.probability + D("0.2")), one.amount)
        dearer = Chance(one.key, one.probability, one.amount + D("123.45"))
        for other in (likelier, dearer):
            after = simulate([*found[:at], other, *found[at + 1 :]]).losses
            assert all(low <= high for low, high in zip(before.sums, after.sums, strict=True))


def test_the_parts_of_the_way_hold_all_trials():
    rng = random.Random(17)
    for bins in (1, 7, 40):
        found = simulate(chances(rng, 15)).losses
        assert sum(found.counts(bins)) == TRIALS
        assert len(found.counts(bins)) == bins
        assert found.counts(bins)[0] and found.counts(bins)[-1]
    assert Spread((5, 5, 5)).counts(4) == [3, 0, 0, 0]
    assert Spread((0, 1, 2, 3)).counts(2) == [2, 2]


@pytest.mark.parametrize(
    ("chance", "problem"),
    [
        (Chance("R-1", D("1.1"), D(1)), "R-1: 1.1 is not a probability: 0 to 1"),
        (Chance("R-1", D("-0.1"), D(1)), "R-1: -0.1 is not a probability"),
        (Chance("R-1", D("0.1"), D(-1)), "R-1: -1 is below 0"),
    ],
)
def test_what_can_not_be_is_refused(chance, problem):
    with pytest.raises(ValueError, match=problem):
        simulate([chance])


def test_at_least_one_trial_and_a_percentile_from_1_to_100():
    with pytest.raises(ValueError, match="at least one"):
        simulate([], trials=0)
    for percent in (0, 101):
        with pytest.raises(ValueError, match="is not a percentile"):
            Spread().percentile(percent)
    assert simulate([Chance("R-1", D("0.5"), D(10))], trials=1).losses.mean in {0, 10}
