"""What the five steps of a risk's probability and impact stand for: read, checked, and as authorities publish them.

A project's own are in its settings. Sources of the presets:

- PMBOK Guide, 6th edition (PMI 2017), table 11-1 and figure 11-5: probabilities .10 .30 .50 .70 .90, impacts
  .05 .10 .20 .40 .80, from very low to very high. Its matrix bands the product of these values, not of the
  steps; the bands of the steps' product are those of DEFAULT_BANDS.
- PM² Project Management Guide (European Commission), 9.7 and appendix B.3, with the PM² Risk Log: likelihood and
  impact are steps from 1 to 5, the risk level is their product, and medium and high levels are dealt with
  first. The guide leaves the scales and the thresholds to each project's risk management plan and prints none: the
  probabilities here are the middles of five equal parts, the impacts grow with the step as the product takes
  them to, and the thresholds are 2×2 for low and 3×4 for medium.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import msgspec

from pmtui.domain.exposure import DEFAULT_BANDS, STEPS, Band, Scales, read_bands
from pmtui.domain.text import fold

PARTS = ("probability", "impact", "probability_words", "impact_words")
"""The parts of the scales, each with a value for every step."""


class Preset(msgspec.Struct, frozen=True):
    """Scales and bands as an authority publishes them."""

    name: str
    scales: Scales
    bands: tuple[Band, ...]


_EVENLY = tuple(Decimal(step) / STEPS for step in range(1, STEPS + 1))

PRESETS = (
    Preset("PMBOK", Scales(), DEFAULT_BANDS),
    Preset("PM²", Scales(impact=_EVENLY), read_bands(((4, "low"), (12, "medium"), (25, "high")))),
)


def read_shares(texts: Sequence[str]) -> tuple[Decimal, ...]:
    """Probabilities or relative impacts, lowest first: ``0.1`` or ``10 %``.

    Raises ValueError, naming the step, for what is no share, does not rise, or is not one of five.
    """
    shares = []
    for step, text in enumerate(texts, 1):
        number = text.strip().removesuffix("%").strip()
        try:
            share = Decimal(number) / (100 if text.strip().endswith("%") else 1)
        except InvalidOperation:
            raise ValueError(f"step {step}: '{text}' must be a number such as 0.3 or 30 %") from None
        shares.append(share)
    problem = shares_problem(shares)
    if problem:
        raise ValueError(problem)
    return tuple(shares)


def shares_problem(shares: Sequence[Decimal]) -> str:
    """Why these can't be the values of the five steps; empty where they can."""
    for step, share in enumerate(shares, 1):
        if not share.is_finite() or not 0 <= share <= 1:
            return f"step {step}: {share} must be between 0 and 1, such as 0.3 or 30 %"
        if step > 1 and share <= shares[step - 2]:
            return f"step {step}: {share} must be above {shares[step - 2]}, the step before"
    return _count_problem(shares)


def read_step_words(texts: Sequence[str]) -> tuple[str, ...]:
    """The words of the five steps, lowest first; raises ValueError, naming the step, as for :func:`read_shares`."""
    words = tuple(text.strip() for text in texts)
    problem = words_problem(words)
    if problem:
        raise ValueError(problem)
    return words


def words_problem(words: Sequence[str]) -> str:
    """Why these can't name the five steps; empty where they can."""
    for step, word in enumerate(words, 1):
        if not word.strip():
            return f"step {step}: a word is needed"
        if fold(word) in {fold(other) for other in words[: step - 1]}:
            return f"step {step}: '{word}' must be a word of its own"
    return _count_problem(words)


def scales_problem(scales: Scales) -> str:
    """What is wrong with scales, and in which part and step; empty where nothing is."""
    found = {
        "probability": shares_problem(scales.probability),
        "impact": shares_problem(scales.impact),
        "probability words": words_problem(scales.probability_words),
        "impact words": words_problem(scales.impact_words),
    }
    return next((f"{part}, {problem}" for part, problem in found.items() if problem), "")


def bands_problem(bands: Sequence[Band]) -> str:
    """Why bands can't be a project's: each score from 1 to 25 is in one of them; empty where all are."""
    reached = 0
    for row, band in enumerate(bands, 1):
        if band.low != reached + 1 or band.high < band.low:
            return f"band {row}, '{band.name}': {band.low} to {band.high} must begin at {reached + 1}"
        reached = band.high
    return "" if reached >= STEPS * STEPS else f"the last band must reach {STEPS * STEPS}, the highest score"


def _count_problem(found: Sequence[object]) -> str:
    return "" if len(found) == STEPS else f"{len(found)} steps: {STEPS} are needed, lowest first"
