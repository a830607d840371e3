"""What the open risks may cost or bring, and what is missing to know it: the project's exposure.

Expected monetary value is probability times cost (DOMAIN: .8×10k, .3×30k, .5×8k, .1×40k, .3×20k, .25×10k give
33 500 of 118 000). The probabilities are those of the project's own scale. Money is in the project's currency;
amounts count without their sign, since a risk's kind says whether it costs or brings.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import msgspec

from pmtui.domain.budget import totals
from pmtui.domain.exposure import emv, probability_value
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Risk
from pmtui.domain.records.risk import residual_below_inherent
from pmtui.domain.simulation import Chance, Spreads, simulate
from pmtui.domain.text import fold

ZERO = Decimal(0)
UNSORTED = "no category"
_PLAIN = re.compile(r"[^\W\d_][\w-]*")


class Exposure(msgspec.Struct, frozen=True):
    """What the open risks may cost, in the project's currency.

    ``expected`` is the expected value of the threats, ``gain`` that of the opportunities;
    the counts are of open risks that want something: a response, a review that is past, an
    assessment, or a better one where what is left is worse than what there was.
    """

    expected: Decimal
    gain: Decimal
    contingency: Decimal
    contingency_left: Decimal
    unanswered: int
    overdue: int
    unassessed: int
    worse: int

    @property
    def net(self) -> Decimal:
        """The expected loss less the expected gain."""
        return self.expected - self.gain

    @property
    def uncovered(self) -> Decimal:
        """By how much the expected loss is above the contingency that is left; 0 where it isn't."""
        return max(ZERO, self.expected - self.contingency_left)


class Part(msgspec.Struct, frozen=True):
    """The open risks of a category, by number, what they are expected to cost and bring; a filter shows them."""

    name: str
    numbers: tuple[str, ...]
    loss: Decimal
    gain: Decimal
    filter: str


class Gap(msgspec.Struct, frozen=True):
    """Open risks, by number, of which something is missing or wrong; a filter shows them."""

    words: str
    numbers: tuple[str, ...]
    filter: str


def exposure(data: ProjectData, today: dt.date) -> Exposure:
    """The exposure of a project's open risks against its contingency."""
    found = open_risks(data)
    budget = totals(data)
    return Exposure(
        expected=_expected(found, data, "threat"),
        gain=_expected(found, data, "opportunity"),
        contingency=budget.contingency,
        contingency_left=budget.contingency_left,
        unanswered=sum(1 for r in found if not r.response),
        overdue=sum(1 for r in found if r.review_is_due(today)),
        unassessed=sum(1 for r in found if not r.score),
        worse=sum(1 for r in found if residual_below_inherent(r)),
    )


def open_risks(data: ProjectData) -> list[Risk]:
    """The risks that may still occur, by number."""
    return sorted((risk for risk in data.risks.values() if risk.is_open), key=lambda risk: risk.id)


def expected_value(risk: Risk, data: ProjectData) -> Decimal:
    """Probability times cost if it occurs; 0 where either is not known."""
    if not risk.probability or not risk.cost_if_occurs:
        return ZERO
    return emv([(probability_of(risk, data), abs(risk.cost_if_occurs))])


def probability_of(risk: Risk, data: ProjectData) -> Decimal:
    """How likely a risk is, 0 to 1, on the project's scale; 0 where it is not assessed."""
    return probability_value(risk.probability, data.project.scales.probability) if risk.probability else ZERO


def by_category(data: ProjectData, _: dt.date) -> tuple[Part, ...]:
    """The exposure by category, the greatest expected loss first; what has no category comes last."""
    groups: dict[str, list[Risk]] = {}
    for risk in open_risks(data):
        groups.setdefault(fold(risk.category.strip()), []).append(risk)
    parts = {name: _part(name, risks, data) for name, risks in groups.items()}
    ordered = sorted(parts.items(), key=lambda item: (not item[0], -item[1].loss, -item[1].gain, item[0]))
    return tuple(part for _, part in ordered)


def gaps(data: ProjectData, today: dt.date) -> tuple[Gap, ...]:
    """What the register lacks, the gravest first; only gaps that some risk has."""
    found = open_risks(data)
    kinds: Sequence[tuple[str, Callable[[Risk], bool], str]] = (
        ("review past", lambda r: r.review_is_due(today), "late"),
        ("not assessed", lambda r: not r.score, "open score:0"),
        ("no response", lambda r: not r.response, "open no:response"),
        ("no owner", lambda r: not r.owner, "open no:owner"),
        ("residual above inherent", lambda r: bool(residual_below_inherent(r)), ""),
        ("no cost: counts for nothing here", lambda r: r.cost_if_occurs is None, "open no:cost_if_occurs"),
    )
    told = []
    for words, lacks, shows in kinds:
        numbers = tuple(risk.number for risk in found if lacks(risk))
        if numbers:
            told.append(Gap(words, numbers, shows or numbers_filter(numbers)))
    return tuple(told)


def top_by_score(data: ProjectData, count: int) -> list[Risk]:
    """The open threats with the highest scores, the dearer of two alike first."""
    threats = [risk for risk in open_risks(data) if risk.kind == "threat" and risk.score]
    return sorted(threats, key=lambda risk: (-risk.score, -expected_value(risk, data), risk.id))[:count]


def top_by_value(data: ProjectData, count: int) -> list[Risk]:
    """The open threats with the highest expected losses."""
    threats = [risk for risk in open_risks(data) if risk.kind == "threat" and expected_value(risk, data)]
    return sorted(threats, key=lambda risk: (-expected_value(risk, data), -risk.score, risk.id))[:count]


def spreads(data: ProjectData, _: dt.date) -> Spreads:
    """How much the open risks may come to, by a seeded simulation of those with a probability and a cost."""
    return simulate(_chances(data, "threat"), _chances(data, "opportunity"))


def numbers_filter(numbers: Iterable[str]) -> str:
    """A filter that shows exactly these records."""
    return "number=" + ",".join(numbers)


def _chances(data: ProjectData, kind: str) -> list[Chance]:
    return [
        Chance(risk.number, probability_of(risk, data), abs(risk.cost_if_occurs))
        for risk in open_risks(data)
        if risk.kind == kind and risk.probability and risk.cost_if_occurs
    ]


def _expected(risks: Iterable[Risk], data: ProjectData, kind: str) -> Decimal:
    return sum((expected_value(risk, data) for risk in risks if risk.kind == kind), ZERO)


def _part(folded: str, risks: Sequence[Risk], data: ProjectData) -> Part:
    numbers = tuple(risk.number for risk in risks)
    readable = _PLAIN.fullmatch(folded) and folded not in {"none", "any"}
    shows = "open no:category" if not folded else f"open category={folded}" if readable else numbers_filter(numbers)
    name = risks[0].category.strip() or UNSORTED
    return Part(name, numbers, _expected(risks, data, "threat"), _expected(risks, data, "opportunity"), shows)
