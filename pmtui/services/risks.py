"""What is done with risks: assess, review, close, and what happens when one occurs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from pmtui.domain.budget import totals
from pmtui.domain.dates import say_date
from pmtui.domain.exposure import STEPS, emv, probability_value
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Issue, Record, Risk
from pmtui.domain.records.risk import residual_below_inherent
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several

MONTH = dt.timedelta(days=28)
"""How far back a trend looks."""


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
    def uncovered(self) -> Decimal:
        """By how much the expected loss is above the contingency that is left; 0 where it isn't."""
        return max(Decimal(0), self.expected - self.contingency_left)


def exposure(data: ProjectData, today: dt.date) -> Exposure:
    """The exposure of a project's open risks against its contingency."""
    found = [risk for risk in data.risks.values() if risk.is_open]
    budget = totals(data)
    return Exposure(
        expected=sum((expected_value(r, data) for r in found if r.kind == "threat"), Decimal(0)),
        gain=sum((expected_value(r, data) for r in found if r.kind == "opportunity"), Decimal(0)),
        contingency=budget.contingency,
        contingency_left=budget.contingency_left,
        unanswered=sum(1 for r in found if not r.response),
        overdue=sum(1 for r in found if r.review_is_due(today)),
        unassessed=sum(1 for r in found if not r.score),
        worse=sum(1 for r in found if residual_below_inherent(r)),
    )


def expected_value(risk: Risk, data: ProjectData) -> Decimal:
    """Probability, by the project's scale, times cost if it occurs; 0 where either is not known."""
    if not risk.probability or not risk.cost_if_occurs:
        return Decimal(0)
    return emv([(probability_value(risk.probability, data.project.scales.probability), risk.cost_if_occurs)])


def score_before(risk: Risk, day: dt.date) -> int:
    """The score that a risk had on a day, or its first one where it was raised later; 0 where none."""
    earlier = [s.score for s in risk.scores if s.on <= day]
    return earlier[-1] if earlier else risk.scores[0].score if risk.scores else risk.score


def trend(risk: Risk, today: dt.date) -> int:
    """1 where the score is higher than a month ago, -1 lower, 0 the same."""
    before = score_before(risk, today - MONTH)
    return (risk.score > before) - (risk.score < before)


def assess(
    project: OpenProject, numbers: Sequence[str], *, probability: int | None = None, impact: int | None = None
) -> Outcome:
    """A new probability or impact, in steps from 1 to 5.

    An impact as a whole that is not the worst of those told by dimension takes their place, and says so.
    """
    values = _steps({"probability": probability, "impact": impact})
    with project.change("assess") as change:
        for number in numbers:
            risk = change.current(_risk(project.get(number)))
            gone = risk.impacts if impact is not None and impact != risk.worst_impact else {}
            after = change.edit(risk, **values, **{f"impact_{name}": None for name in gone})
            if gone:
                told = ", ".join(f"{name} {step}" for name, step in gone.items())
                change.said.append(f"{number}: one impact as a whole, no longer {told}")
    words = several(numbers) + "".join(f" {name} {step}" for name, step in values.items())
    return _assessed(project, numbers, words, after, change.said)


def assess_impacts(project: OpenProject, numbers: Sequence[str], impacts: Mapping[str, int | None]) -> Outcome:
    """The impact by dimension (cost, time, scope, quality), in steps from 1 to 5; none where it is not felt.

    The impact as a whole is the worst of them; where none is told any more it stays.
    """
    values = {f"impact_{name}": step for name, step in impacts.items()}
    _steps(values)
    with project.change("assess") as change:
        for number in numbers:
            risk = change.current(_risk(project.get(number)))
            worst = max((step or 0 for step in {**risk.impacts, **impacts}.values()), default=0)
            after = change.edit(risk, **values, **({"impact": worst} if worst else {}))
    told = ", ".join(f"{name} {step or 'none'}" for name, step in impacts.items())
    return _assessed(project, numbers, f"{several(numbers)} impact on {told}", after, change.said)


def _steps(values: Mapping[str, int | None]) -> dict[str, int]:
    """The steps that are given; refused where one is none from 1 to 5."""
    given = {name: step for name, step in values.items() if step is not None}
    wrong = [Problem(name, str(step), "allowed: 1 to 5") for name, step in given.items() if not 1 <= step <= STEPS]
    if wrong:
        raise Refused(wrong)
    return given


def _assessed(project: OpenProject, numbers: Sequence[str], words: str, after: Risk, said: Sequence[str]) -> Outcome:
    if after.score and len(numbers) == 1:
        words += f": score {after.score} {project.data.band(after.score).name}"
    return Outcome(tuple(numbers), words, tuple(said))


def review(project: OpenProject, numbers: Sequence[str], next_review: dt.date) -> Outcome:
    """Looked at; the next review is on another day."""
    with project.change("review") as change:
        for number in numbers:
            change.edit(_risk(project.get(number)), review_date=next_review)
    return Outcome(
        tuple(numbers), f"{several(numbers)} reviewed, next {say_date(next_review, project.today)}", tuple(change.said)
    )


def set_status(project: OpenProject, numbers: Sequence[str], status: str) -> Outcome:
    """Another status of the flow, such as approved or closed."""
    flow = Risk.TYPE.flow
    found = flow.named(status) if flow else None
    if found is None:
        raise Refused([Problem("status", status, "allowed: " + ", ".join(Risk.TYPE.fields["status"].choices))])
    if found == "occurred":
        return occurred(project, numbers)
    with project.change(found) as change:
        for number in numbers:
            change.edit(_risk(project.get(number)), status=found)
    return Outcome(tuple(numbers), f"{several(numbers)} {found}", tuple(change.said))


def occurred(project: OpenProject, numbers: Sequence[str]) -> Outcome:
    """The risk has become an issue; both name each other."""
    raised = []
    with project.change("occurred") as change:
        for number in numbers:
            risk = _risk(project.get(number))
            values: dict[str, Any] = {"impact": risk.impact} if risk.impact else {}
            issue = change.add(
                Issue(
                    title=risk.title,
                    owner=risk.owner,
                    target_date=project.today + dt.timedelta(weeks=2),
                    source=risk.number,
                    description=risk.notes,
                    **values,
                )
            )
            change.edit(risk, status="occurred", issue=issue.number)
            raised.append(issue.number)
    return Outcome(tuple(raised), f"{several(numbers)} occurred: {', '.join(raised)}", tuple(change.said))


def _risk(record: Record) -> Risk:
    if not isinstance(record, Risk):
        raise Refused(f"{record.number}: only risks can do this, it is a {record.TYPE.words[0]}")
    return record
