"""What is done with risks: assess, review, close, and what happens when one occurs."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from pmtui.domain.dates import say_date
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Issue, Record, Risk
from pmtui.domain.records.risk import residual_below_inherent
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several


def assess(
    project: OpenProject, numbers: Sequence[str], *, probability: int | None = None, impact: int | None = None
) -> Outcome:
    """A new probability or impact, in steps from 1 to 5."""
    values = {k: v for k, v in {"probability": probability, "impact": impact}.items() if v is not None}
    if any(not 1 <= v <= 5 for v in values.values()):
        raise Refused([Problem(next(iter(values)), str(next(iter(values.values()))), "allowed: 1 to 5")])
    with project.change("assess") as change:
        for number in numbers:
            after = change.edit(_risk(project.get(number)), **values)
    warning = residual_below_inherent(after)
    said = (*change.said, f"{after.number}: {warning}") if warning else tuple(change.said)
    words = (
        f"{several(numbers)} score {after.score} {project.data.band(after.score).name}"
        if after.score
        else several(numbers)
    )
    return Outcome(tuple(numbers), words, said)


def review(project: OpenProject, numbers: Sequence[str], next_review: dt.date) -> Outcome:
    """Looked at; the next review is on another day."""
    with project.change("review") as change:
        for number in numbers:
            change.edit(_risk(project.get(number)), review_date=next_review)
    return Outcome(tuple(numbers), f"{several(numbers)} reviewed, next {say_date(next_review, project.today)}")


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
