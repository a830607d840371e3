"""Which risks are to be reviewed, in which order, and when they are next.

A risk is reviewed the sooner the higher its score: the intervals are pmtui's own choice. ISO 31000 and PM² ask that
a register is reviewed regularly and name no days.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Risk
from pmtui.domain.risk_exposure import open_risks


class ToReview(msgspec.Struct, frozen=True):
    """An open risk as it waits for its review: whether that is due now, and why in words."""

    number: str
    is_due: bool
    why: str


def interval(risk: Risk, data: ProjectData) -> int:
    """Calendar days from one review of a risk to the next, by the band of its score."""
    intervals = data.project.review_intervals
    if not risk.score:
        return intervals.unassessed
    higher = sum(1 for band in data.project.bands if band.low > risk.score)
    return intervals.by_band[min(higher, len(intervals.by_band) - 1)]


def next_review(risk: Risk, data: ProjectData, today: dt.date) -> dt.date:
    """The day of the next review when a risk is reviewed today: its interval on, moved to a working day."""
    return data.calendar.next_working(today + dt.timedelta(days=interval(risk, data)))


def to_review(data: ProjectData, today: dt.date) -> list[ToReview]:
    """All open risks: those whose review has come, then those that lack something, then the others; each by score."""

    def place(risk: Risk) -> tuple[int, int, dt.date, int]:
        group = 0 if risk.review_date <= today else 1 if _lacks(risk) else 2
        return group, -risk.score, risk.review_date, risk.id

    ordered = sorted(open_risks(data), key=place)
    return [ToReview(risk.number, is_due(risk, today), why(risk, today)) for risk in ordered]


def is_due(risk: Risk, today: dt.date) -> bool:
    """Whether a risk is to be reviewed now: its day has come, or it lacks a response or an assessment."""
    return risk.is_open and (risk.review_date <= today or bool(_lacks(risk)))


def why(risk: Risk, today: dt.date) -> str:
    """Why a risk is to be reviewed now, in words; empty where it is not."""
    late = (today - risk.review_date).days
    day = f"{late} day{'s' if late > 1 else ''} past" if late > 0 else "due today" if late == 0 else ""
    return ", ".join(filter(None, (day, *_lacks(risk))))


def reviewed_between(data: ProjectData, start: dt.date, end: dt.date) -> list[Risk]:
    """The risks whose last review was in a period, both days included; the highest score first."""
    found = [risk for risk in data.risks.values() if risk.reviewed is not None and start <= risk.reviewed <= end]
    return sorted(found, key=lambda risk: (-risk.score, risk.id))


def _lacks(risk: Risk) -> Sequence[str]:
    return [*([] if risk.score else ["not assessed"]), *([] if risk.response else ["no response"])]
