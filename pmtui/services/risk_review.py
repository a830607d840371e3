"""What a review of risks decides: reviewed as they are, another response; and the sentence it gives the report."""

import datetime as dt
from collections.abc import Sequence

from pmtui.domain.dates import say_date
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Record, Risk
from pmtui.domain.records.risk import RESPONSES
from pmtui.domain.risk_review import next_review, reviewed_between
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several
from pmtui.services.risks import score_before

MOST = 12
"""Risks named in the sentence for the report; the others are counted."""


def review_as_they_are(project: OpenProject, numbers: Sequence[str]) -> Outcome:
    """Looked at, and nothing to change: each is reviewed next as its band asks for, as the records are now."""
    days = set()
    with project.change("review") as change:
        for number in numbers:
            risk = change.current(_risk(project.get(number)))
            day = next_review(risk, change.data, project.today)
            days.add(day)
            change.edit(risk, review_date=day, reviewed=project.today)
    when = say_date(days.pop(), project.today) if len(days) == 1 else "each by its band"
    return Outcome(tuple(numbers), f"{several(numbers)} reviewed, next {when}", tuple(change.said))


def respond(project: OpenProject, numbers: Sequence[str], response: str) -> Outcome:
    """Another response; none where it is empty."""
    with project.change("respond") as change:
        for number in numbers:
            risk = _risk(project.get(number))
            allowed = RESPONSES[risk.kind]
            if response and response not in allowed:
                raise Refused([Problem("response", response, f"for {risk.kind}: {', '.join(allowed)}", number)])
            change.edit(risk, response=response)
    return Outcome(tuple(numbers), f"{several(numbers)}: {response or 'no response'}", tuple(change.said))


def told_reviews(project: OpenProject, start: dt.date, end: dt.date) -> list[str]:
    """A sentence for a report: which risks were reviewed in a period, and what became of their scores."""
    found = reviewed_between(project.data, start, end)
    if not found:
        return []
    moved = [(risk, score_before(risk, start - dt.timedelta(days=1))) for risk in found]
    told = [words for risk, before in moved if (words := _became(risk, before))]
    more = [f"{len(told) - MOST} more changed"] if len(told) > MOST else []
    same = len(found) - len(told)
    were = "as it was" if same == 1 else "as they were"
    rest = [were if same == len(found) == 1 else f"{same if told else 'all'} {were}"] if same else []
    return [f"{len(found)} risk{'s' if len(found) > 1 else ''} reviewed: {', '.join([*told[:MOST], *more, *rest])}."]


def _became(risk: Risk, before: int) -> str:
    """What a risk's score, or its end, makes worth telling; empty where it is as it was."""
    if not risk.is_open:
        return f"{risk.number} {risk.title} {risk.status}"
    if not before or risk.score == before:
        return ""
    way = "up" if risk.score > before else "down"
    return f"{risk.number} {risk.title} {way} from {before} to {risk.score}"


def _risk(record: Record) -> Risk:
    if not isinstance(record, Risk):
        raise Refused(f"{record.number}: only risks can do this, it is a {record.TYPE.words[0]}")
    return record
