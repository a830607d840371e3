"""The exposure in words, rows and a drawing: what is expected, how much it may come to, and what covers it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Risk
from pmtui.domain.risk_exposure import Exposure, Gap, Part, expected_value, probability_of
from pmtui.domain.simulation import SEED, TRIALS, Spread
from pmtui.keymap import key_of
from pmtui.screens.details import Line
from pmtui.screens.risk_words import TONES
from pmtui.screens.summary import SEPARATOR, Fact, amount, fitted, flowed
from pmtui.widgets.cells import Cell, Span, width_of
from pmtui.widgets.charts import bar
from pmtui.widgets.curve import axis, filled, pointer
from pmtui.widgets.record_table import Column

TOLD = (50, 80, 95)
"""The percentiles that are marked."""

WISE = 80
"""The percentile that a contingency is held against."""

BAR = 14
LEAST, MOST = 2, 14
"""Lines that the curve takes at least, and at most."""

MARGIN = "100% ", "  0% "
"""What stands before the highest line of the curve, and before its lowest."""

NAMES = {False: "threats alone", True: "threats less opportunities"}
"""What is summed, by whether the opportunities are counted."""


# The table --------------------------------------------------------------------


def columns_of(found: Exposure, currency: str) -> tuple[Column, ...]:
    """The columns, as wide as their largest number needs."""
    against = "Of contingency" if found.contingency_left > 0 else "Of the loss"
    loss, gain = (max(6, len(amount(value))) for value in (found.expected, found.gain))
    return (
        Column("name", f"Expected, in {currency}", minimum=22),
        Column("open", "Open", 4, "right", priority=1),
        Column("score", "Score", 5, "right", priority=3),
        Column("loss", "Loss", loss, "right"),
        Column("gain", "Gain", gain, "right", priority=2),
        Column("bar", against, BAR, priority=4),
    )


def part_cells(part: Part, found: Exposure, *, strong: bool = False) -> Sequence[Cell]:
    """A category, or all of them: how many are open, what is expected, and what of the contingency that takes."""
    tone = "strong" if strong else ""
    gain: Cell = (amount(part.gain), "good") if part.gain else ("", "")
    loss: Cell = (amount(part.loss), tone) if part.loss else ("0", "muted")
    return ((part.name, tone), str(len(part.numbers)), "", loss, gain, _bar(part.loss, found))


def risk_cells(risk: Risk, data: ProjectData, found: Exposure) -> Sequence[Cell]:
    """One of the top risks, with its score and what it is expected to cost."""
    band = data.band(risk.score)
    expected = expected_value(risk, data)
    loss: Cell = amount(expected) if expected else ("?", "warn")
    score: Cell = (f"{risk.score} {band.letter}", TONES[band.tone])
    return (((f"{risk.number} ", "muted"), (risk.title, "")), "", score, loss, "", _bar(expected, found))


def gap_cells(gap: Gap) -> Sequence[Cell]:
    """What is missing, and of how many."""
    return ((gap.words, "warn"), str(len(gap.numbers)), "", "", "", "")


def _bar(loss: Decimal, found: Exposure) -> Cell:
    whole = found.contingency_left if found.contingency_left > 0 else found.expected
    return bar([(float(loss), "accent")], float(whole), BAR) if loss else ""


# What it comes to ----------------------------------------------------------------


def exposure_facts(found: Exposure, currency: str, width: int) -> list[Line]:
    """What is expected, and what is left to cover it."""
    facts: list[Fact] = [(("Expected loss ", "muted"), (amount(found.expected), "strong"), (f" {currency}", "muted"))]
    if found.gain:
        facts.append((("gain ", "muted"), (amount(found.gain), "good")))
        facts.append((("net ", "muted"), (amount(found.net), "strong")))
    left = found.contingency_left
    facts.append((("contingency left ", "muted"), (amount(left), "bad" if left < 0 else "")))
    if found.uncovered:
        facts.append((("▲ ", "warn"), (amount(found.uncovered), "warn"), (" not covered", "muted")))
    return [*flowed(facts, width)]


def behind(numbers: Sequence[str], data: ProjectData, width: int) -> Cell:
    """The risks behind a number, the dearest first, each with how its part came about, on one line."""
    risks = [risk for number in numbers if isinstance(risk := data.get(number), Risk)]
    ordered = sorted(risks, key=lambda risk: (-expected_value(risk, data), risk.id))
    told: list[Span] = []
    for at, risk in enumerate(ordered):
        more = len(ordered) - at - 1
        part: list[Span] = [*([SEPARATOR] if at else []), (f"{risk.number} ", "accent"), (_sum(risk, data), "")]
        rest: list[Span] = [SEPARATOR, (f"{more} more", "muted")] if more else []
        if at and width_of((*told, *part, *rest)) > width:
            return (*told, SEPARATOR, (f"{more + 1} more", "muted"))
        told += part
    return tuple(told)


def _sum(risk: Risk, data: ProjectData) -> str:
    if risk.cost_if_occurs is None:
        return "no cost given"
    if not risk.probability:
        return f"not assessed, costs {amount(abs(risk.cost_if_occurs))}"
    sign = "-" if risk.kind == "opportunity" else ""
    likely, cost = probability_of(risk, data), amount(abs(risk.cost_if_occurs))
    return f"{likely * 100:.0f} % × {cost} = {sign}{amount(expected_value(risk, data))}"


# The distribution ------------------------------------------------------------------


def spread_lines(spread: Spread, found: Exposure, width: int, height: int, *, net: bool) -> list[Line]:
    """What all may come to: in how many trials it was no more than that, percentiles and contingency marked."""
    drawn = f"{TRIALS:,} trials, seed {SEED}"
    lines: list[Line] = [
        fitted([(0, ((f"What the {NAMES[net]} may come to", "head"),)), (1, ((drawn, "muted"),))], width)
    ]
    told = flowed(_told(spread, found), width)
    if spread.greatest == spread.least:
        return [*lines, *told]
    room = min(MOST, max(LEAST, height - len(lines) - len(told) - 3))
    across = width - len(MARGIN[0])
    at = _column(found.contingency_left, spread, across)
    indent: Span = (" " * len(MARGIN[0]), "")
    lines.append((indent, *pointer(at, _cover(spread, found), across, _cover_tone(spread, found))))
    curve = filled(_shares(spread, across), room, at, ("accent", "muted"))
    edges = [MARGIN[0], *[indent[0]] * (room - 2), MARGIN[1]]
    lines += [((edge, "muted"), *row) for edge, row in zip(edges, curve, strict=True)]
    ticks = [(_column(spread.percentile(p), spread, across), f"P{p}") for p in TOLD]
    lines += [(indent, *row) for row in axis(across, ticks)]
    return [*lines, *told]


def _column(value: Decimal, spread: Spread, across: int) -> int:
    """The column of an amount between the least and the greatest sum; one beyond the end where it is outside."""
    if not spread.least <= value <= spread.greatest:
        return -1 if value < spread.least else across
    return min(across - 1, int((value - spread.least) / (spread.greatest - spread.least) * across))


def _shares(spread: Spread, across: int) -> list[float]:
    """For each column, the share of the trials that came to no more than its amounts."""
    return [reached / TRIALS for reached in accumulate(spread.counts(across))]


def _told(spread: Spread, found: Exposure) -> list[Fact]:
    """The percentiles in numbers, and what the contingency lacks."""
    facts: list[Fact] = [((f"P{p} ", "muted"), (amount(spread.percentile(p)), "strong")) for p in TOLD]
    facts.append((("mean ", "muted"), (amount(spread.mean), "")))
    missing = spread.percentile(WISE) - found.contingency_left
    if missing > 0:
        facts.append(((f"{amount(missing)} more would cover P{WISE}", "warn"),))
    return facts


def _cover(spread: Spread, found: Exposure) -> str:
    """In how many of the trials the contingency is enough."""
    if not found.contingency and not found.contingency_left:
        return "no contingency is set aside"
    return f"{amount(found.contingency_left)} contingency left covers P{spread.covered(found.contingency_left)}"


def _cover_tone(spread: Spread, found: Exposure) -> str:
    return "good" if found.contingency_left >= spread.percentile(WISE) else "warn"


def nothing_to_sum() -> list[Line]:
    """What the drawing says where no open risk has a probability and a cost."""
    return [
        (("What it may come to is drawn once an open risk has a probability and a cost.", "muted"),),
        ((key_of("risks.probability"), "accent"), (" in Risks gives the probability, ", "muted"),
         (key_of("record.edit"), "accent"), (" the cost.", "muted")),
    ]  # fmt: skip
