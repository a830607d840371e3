"""Risks as they were raised, assessed and closed; issues, and change requests with their decisions."""

import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial

from pmtui.demo.days import Days
from pmtui.demo.play import EVENING, NOON, TRIAGE, Act, Event, Stage
from pmtui.demo.rows import Hazard, Request, Story, Trouble
from pmtui.domain.records import Change, Issue, Risk
from pmtui.services import records, risks, verbs

REVIEWED_EVERY = 20
"""Working days between two reviews of a risk, unless its row says more."""


def tell_raid(story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    """All events of risks, issues and changes."""
    for hazard in story.hazards:
        yield from _hazard_events(hazard, story, days, rng)
    for trouble in story.troubles:
        yield from _trouble_events(trouble, story, days, rng)
    for request in story.requests:
        at = rng.randrange(TRIAGE, NOON)
        yield Event(days.day(request.on), at, request.requester, partial(_submit, request=request))
        for on, status, who, why in request.became:
            decided = partial(_decide, key=request.key, status=status, why=why)
            yield Event(days.day(on), rng.randrange(NOON + 30, EVENING), who, decided)


def _hazard_events(row: Hazard, story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    def event(on: int, who: str, act: Act) -> Event:
        return Event(days.day(on), rng.randrange(TRIAGE + 30, EVENING), who, act)

    reviews = [on for on, _, __ in row.moves]
    first_review = reviews[0] if reviews else row.review
    yield event(row.on, row.owner, partial(_raise_risk, row=row, review=first_review))
    if row.rejected:
        yield event(
            row.rejected[0], story.manager, partial(_end_risk, key=row.key, status="rejected", why=row.rejected[1])
        )
        return
    approved = partial(_end_risk, key=row.key, status="approved", why="")
    yield event(min(row.on + 3, -1), story.manager, approved)
    for (on, probability, impact), following in zip(row.moves, [*reviews[1:], row.review], strict=False):
        at, scores = rng.randrange(TRIAGE + 30, EVENING - 10), (probability, impact)
        yield Event(days.day(on), at, row.owner, partial(_assess, key=row.key, scores=scores))
        yield Event(days.day(on), at + 2, row.owner, partial(_review, key=row.key, following=following))
    for on, probability, impact in row.left_moves:
        yield Event(days.day(on), EVENING - 5, row.owner, partial(_leave, key=row.key, left=(probability, impact)))
    for on, impacts in row.felt:
        yield Event(days.day(on), EVENING - 4, row.owner, partial(_feel, key=row.key, impacts=impacts))
    if row.occurred is not None:
        yield event(row.occurred, row.owner, partial(_occur, key=row.key))
    if row.closed:
        yield event(row.closed[0], row.owner, partial(_end_risk, key=row.key, status="closed", why=row.closed[1]))


def _trouble_events(row: Trouble, story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    def event(on: int, who: str, act: Act) -> Event:
        return Event(days.day(on), rng.randrange(NOON, EVENING), who, act)

    describe = partial(_describe_issue, row=row) if row.risk else partial(_raise_issue, row=row)
    yield Event(days.day(row.on), EVENING + 5 if row.risk else rng.randrange(TRIAGE, NOON), row.owner, describe)
    if row.resolved:
        yield event(row.resolved[0], row.owner, partial(_resolve, key=row.key, how=row.resolved[1]))
    if row.closed is not None:
        yield event(row.closed, story.manager, partial(_close_issue, key=row.key))


def _raise_risk(stage: Stage, row: Hazard, review: int) -> None:
    cause, happens, effect = row.words
    with stage.project.change("add risk") as change:
        risk = change.add(
            Risk(
                title=row.title,
                owner=row.owner,
                review_date=stage.days.day(review),
                probability=row.first[0],
                impact=row.first[1],
                kind=row.kind,
                category=row.category,
                cause=cause,
                event=happens,
                effect=effect,
                response=row.response,
                residual_probability=row.left[0] if row.left else None,
                residual_impact=row.left[1] if row.left else None,
                proximity=row.proximity,
                trigger=row.trigger,
                cost_if_occurs=Decimal(row.cost) if row.cost else None,
                days_if_occurs=row.days,
            )
        )
    stage.numbers[row.key] = risk.number


def _assess(stage: Stage, key: str, scores: tuple[int, int]) -> None:
    risks.assess(stage.project, [stage.number(key)], probability=scores[0], impact=scores[1])


def _leave(stage: Stage, key: str, left: tuple[int, int]) -> None:
    written = {"residual_probability": str(left[0]), "residual_impact": str(left[1])}
    records.edit_record(stage.project, stage.number(key), written)


def _feel(stage: Stage, key: str, impacts: Mapping[str, int | None]) -> None:
    risks.assess_impacts(stage.project, [stage.number(key)], impacts)


def _review(stage: Stage, key: str, following: int) -> None:
    risks.review(stage.project, [stage.number(key)], stage.days.day(following))


def _end_risk(stage: Stage, key: str, status: str, why: str) -> None:
    if why:
        records.add_note(stage.project, [stage.number(key)], why)
    risks.set_status(stage.project, [stage.number(key)], status)


def _occur(stage: Stage, key: str) -> None:
    risks.occurred(stage.project, [stage.number(key)])


def _raise_issue(stage: Stage, row: Trouble) -> None:
    with stage.project.change("add issue") as change:
        issue = change.add(
            Issue(
                title=row.title,
                owner=row.owner,
                target_date=stage.days.day(row.target),
                kind=row.kind,
                urgency=row.urgency,
                impact=row.impact,
                description=row.words,
                decision_needed_from=row.asks[0] if row.asks else "",
                decision_needed_by=stage.days.day(row.asks[1]) if row.asks else None,
            )
        )
    stage.numbers[row.key] = issue.number


def _describe_issue(stage: Stage, row: Trouble) -> None:
    risk = stage.project.get(stage.number(row.risk))
    number = stage.numbers[row.key] = risk.issue if isinstance(risk, Risk) else ""
    with stage.project.change("edit") as change:
        change.edit(
            stage.project.get(number),
            title=row.title,
            target_date=stage.days.day(row.target),
            kind=row.kind,
            urgency=row.urgency,
            impact=row.impact,
            description=row.words,
        )


def _resolve(stage: Stage, key: str, how: str) -> None:
    with stage.project.change("resolve") as change:
        change.edit(stage.project.get(stage.number(key)), status="resolved", resolution=how)


def _close_issue(stage: Stage, key: str) -> None:
    verbs.set_status(stage.project, [stage.number(key)], "closed")


def _submit(stage: Stage, request: Request) -> None:
    with stage.project.change("add change") as change:
        added = change.add(
            Change(
                title=request.title,
                requester=request.requester,
                description=request.words,
                delta_cost=Decimal(request.cost) if request.cost else None,
                delta_days=request.days,
                decider=request.decider,
                decision_due=stage.days.day(request.due),
            )
        )
    stage.numbers[request.key] = added.number


def _decide(stage: Stage, key: str, status: str, why: str) -> None:
    with stage.project.change(status, why) as change:
        change.edit(stage.project.get(stage.number(key)), status=status)
