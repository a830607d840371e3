"""What a review of risks shows: the risk's story with how it came to its score, and the keys that decide."""

import datetime as dt

from pmtui.domain.dates import say_date
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Risk
from pmtui.domain.risk_review import interval, next_review
from pmtui.keymap import key_of
from pmtui.screens.details import Line
from pmtui.screens.risk_words import risk_story
from pmtui.screens.summary import Fact, flowed
from pmtui.screens.summing_up import Menu, title_line
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import wrap

WEEK = 7


def review_story(project: OpenProject, risk: Risk, why: str, width: int) -> list[Line]:
    """All that one must know before deciding, why it is here beside the title."""
    title = wrap(f"{risk.number}  {risk.title}", width)
    lines = [*title_line(risk, why, width), *risk_story(project, risk, width)[len(title) :]]
    return [*lines, *flowed(_last_and_next(risk, project.data, project.today), width)]


def _last_and_next(risk: Risk, data: ProjectData, today: dt.date) -> list[Fact]:
    """When it was looked at last, and how often its band wants it looked at."""
    facts: list[Fact] = []
    if risk.reviewed is not None:
        facts.append(((f"last reviewed {say_date(risk.reviewed, today)}", "muted"),))
    band = data.band(risk.score).name if risk.score else "not assessed"
    every = f"{band}: every {weeks(interval(risk, data))}"
    facts.append(((every, "muted"),))
    return facts


def weeks(days: int) -> str:
    """An interval as people say it."""
    if days % WEEK:
        return f"{days} days"
    return "week" if days == WEEK else f"{days // WEEK} weeks"


def menu_of(risk: Risk, data: ProjectData, today: dt.date) -> Menu:
    """The keys that decide, and the day that the first of them sets."""
    day = say_date(next_review(risk, data, today), today)
    return (
        (("review.as_it_is", f"reviewed, next {day}"), ("record.date", "reviewed, next: t m f w n p")),
        (
            ("review.steps", "P and I: 43"), ("risks.probability", "prob."), ("risks.impact", "impact"),
            ("review.respond", "response"), ("risks.action", "action"),
        ),
        (
            ("record.issue", "occurred"), ("record.done", "close"), ("record.status", "status"),
            ("record.drop", "drop"), ("record.who", "who"), ("record.note", "note"),
        ),
    )  # fmt: skip


def others_lines(count: int) -> list[Line]:
    """That there are risks whose review is not due, and the key that goes through them."""
    if not count:
        return []
    words = "goes through the other open risk" if count == 1 else f"goes through the {count} other open risks, by score"
    return [(("", ""),), ((key_of("review.others"), "accent"), (f" {words}", ""))]
