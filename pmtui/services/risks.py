"""What is done with risks: assess, review, close, and what happens when one occurs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from pmtui.domain.dates import say_date
from pmtui.domain.exposure import STEPS
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Issue, Record, Risk
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several

MONTH = dt.timedelta(days=28)
"""How far back a trend looks."""


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
            change.edit(_risk(project.get(number)), review_date=next_review, reviewed=project.today)
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
