"""Risk exposure: scores, bands, scales and expected monetary value.

Scores are probability step times impact step, 1 to 25 on five steps. The bands and scales
here are defaults; a project's own come from its settings, because authorities disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

import msgspec

Tone = Literal["green", "amber", "red"]

STEPS = 5
PROBABILITY_SCALE = tuple(map(Decimal, ("0.1", "0.3", "0.5", "0.7", "0.9")))
IMPACT_SCALE = tuple(map(Decimal, ("0.05", "0.1", "0.2", "0.4", "0.8")))


class Band(msgspec.Struct, frozen=True):
    """A range of scores, `low` to `high` both included, with its name and look.

    The letter is one of its own among the bands, for where colour says nothing.
    """

    name: str
    letter: str
    low: int
    high: int
    tone: Tone


def score(probability: int, impact: int, *, steps: int = STEPS) -> int:
    """Probability times impact, both steps from 1 to `steps`; ValueError outside these."""
    for name, step in (("probability", probability), ("impact", impact)):
        if not 1 <= step <= steps:
            raise ValueError(f"{name} {step} is not a step: 1 to {steps}")
    return probability * impact


def read_bands(rows: Sequence[tuple[int, str]]) -> tuple[Band, ...]:
    """Bands from settings: for each its highest score and its name, lowest band first.

    A band begins one above the band before, the first at 1. The highest is red, the one
    below amber, the others green. The letter is the first of the name not yet taken.

    Raises ValueError, naming the row, for bounds that do not rise, names empty or used
    twice, or no row.
    """
    if not rows:
        raise ValueError("bands: at least one is needed")
    bands: list[Band] = []
    for row, (high, name) in enumerate(rows, 1):
        low = bands[-1].high + 1 if bands else 1
        if high < low:
            raise ValueError(f"band {row}, '{name}': {high} must be {low} or more")
        if not name.strip() or any(name == band.name for band in bands):
            raise ValueError(f"band {row}: '{name}' must be a name of its own")
        above = len(rows) - row
        tone: Tone = "red" if above == 0 else "amber" if above == 1 else "green"
        bands.append(Band(name, _letter(name, row, bands), low, high, tone))
    return tuple(bands)


def _letter(name: str, row: int, bands: Sequence[Band]) -> str:
    """The first letter of the name that no band has; the row's number when there is none."""
    taken = {band.letter for band in bands}
    letters = (letter for letter in name.upper() if letter.isalpha())
    return next((letter for letter in letters if letter not in taken), str(row))


DEFAULT_BANDS = read_bands(((3, "very low"), (6, "low"), (12, "medium"), (20, "high"), (25, "very high")))


def band_of(score: int, bands: Sequence[Band] = DEFAULT_BANDS) -> Band:
    """The band that a score falls in; ValueError when it falls in none."""
    for band in bands:
        if band.low <= score <= band.high:
            return band
    raise ValueError(f"score {score} is in no band: 1 to {bands[-1].high}")


STEP_WORDS = ("very low", "low", "medium", "high", "very high")


class Scales(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the five steps stand for in a project, lowest first.

    ``probability`` are probabilities from 0 to 1, ``impact`` relative impacts from 0 to 1; the words name the steps.
    """

    probability: tuple[Decimal, ...] = PROBABILITY_SCALE
    impact: tuple[Decimal, ...] = IMPACT_SCALE
    probability_words: tuple[str, ...] = STEP_WORDS
    impact_words: tuple[str, ...] = STEP_WORDS


class ReviewIntervals(msgspec.Struct, frozen=True, omit_defaults=True):
    """Calendar days until the next review: by band, the highest first, lower ones than are named as the last.

    ``unassessed`` is for a risk without a score: it is asked about soon.
    """

    by_band: tuple[int, ...] = (7, 14, 28, 56, 84)
    unassessed: int = 7


def probability_value(step: int, scale: Sequence[Decimal] = PROBABILITY_SCALE) -> Decimal:
    """The probability, 0 to 1, that a step from 1 stands for; ValueError outside the scale."""
    return _on(scale, step, "probability")


def impact_value(step: int, scale: Sequence[Decimal] = IMPACT_SCALE) -> Decimal:
    """The relative impact, 0 to 1, that a step stands for; ValueError outside the scale."""
    return _on(scale, step, "impact")


def _on(scale: Sequence[Decimal], step: int, name: str) -> Decimal:
    if not 1 <= step <= len(scale):
        raise ValueError(f"{name} {step} is not a step: 1 to {len(scale)}")
    return scale[step - 1]


def emv(items: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """Expected monetary value: the sum of probability times cost.

    Probabilities are 0 to 1, costs in one currency, those of opportunities negative. Raises
    ValueError for a probability outside 0 to 1.
    """
    total = Decimal(0)
    for probability, cost in items:
        if not 0 <= probability <= 1:
            raise ValueError(f"{probability} is not a probability: 0 to 1")
        total += probability * cost
    return total
