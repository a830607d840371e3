"""Meetings as they were called, held, written down and published; reports as they were issued."""

import datetime as dt
import random
import re
from collections.abc import Iterator
from functools import partial

from pmtui.demo.days import Days
from pmtui.demo.play import EVENING, NOON, TRIAGE, Event, Stage
from pmtui.demo.rows import Status, Story, Talk
from pmtui.domain.records import Meeting, Topic
from pmtui.services import meetings, reports, series, tasks

CALLED_BEFORE = 10
"""Working days by which a meeting is called before it takes place."""

_PLACE = re.compile(r"\{([^{}]+)\}")


def tell_talk(story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    """All events of meetings and reports."""
    for talk in story.talks:
        yield from _talk_events(talk, days, rng)
    for status in story.statuses:
        yield Event(days.day(status.on), EVENING + 20, story.manager, partial(_issue, status=status))


def _talk_events(talk: Talk, days: Days, rng: random.Random) -> Iterator[Event]:
    hour, _, minute = talk.at.partition(":")
    start, on = int(hour) * 60 + int(minute), days.day(talk.on)
    called = min(talk.on - CALLED_BEFORE, -2)
    yield Event(days.day(called), rng.randrange(TRIAGE + 30, NOON), talk.scribe, partial(_call, talk=talk))
    yield Event(on, start, talk.scribe, partial(_hold, talk=talk))
    yield Event(on, start + talk.length - 5, talk.scribe, partial(_write, talk=talk))
    if talk.on >= 0 and not talk.notes and talk.kind == "team":
        yield Event(days.day(-1), EVENING + 5, talk.scribe, partial(_prepare, talk=talk))
    if talk.published is not None and talk.on + talk.published < 0:
        at = rng.randrange(TRIAGE + 30, NOON)
        yield Event(days.day(talk.on + talk.published), at, talk.scribe, partial(_publish, talk=talk))
    for which, done in talk.settled:
        at = rng.randrange(NOON + 30, EVENING)
        yield Event(days.day(done), at, talk.scribe, partial(_settle, talk=talk, which=which))


def _call(stage: Stage, talk: Talk) -> None:
    hour, _, minute = talk.at.partition(":")
    start = dt.datetime.combine(stage.days.day(talk.on), dt.time(int(hour), int(minute)))
    with stage.project.change("add meeting") as change:
        meeting = change.add(
            Meeting(
                title=talk.title,
                start=start,
                kind=talk.kind,
                series=talk.series,
                repeats=talk.repeats,
                length=talk.length,
                invited=talk.invited,
                agenda=tuple(Topic(*topic) for topic in talk.agenda),
            )
        )
    stage.numbers[talk.key] = meeting.number


def _hold(stage: Stage, talk: Talk) -> None:
    meetings.hold(stage.project, stage.number(talk.key), [p for p in talk.invited if p not in talk.absent])


def _write(stage: Stage, talk: Talk) -> None:
    def told(place: re.Match[str]) -> str:
        word = place[1]
        is_day = word.lstrip("-").isdigit()
        return stage.days.day(int(word)).isoformat() if is_day else stage.number(word)

    meetings.save_notes(stage.project, stage.number(talk.key), _PLACE.sub(told, talk.notes))


def _prepare(stage: Stage, talk: Talk) -> None:
    series.write_draft(stage.project, stage.number(talk.key))


def _publish(stage: Stage, talk: Talk) -> None:
    meetings.publish(stage.project, stage.number(talk.key))


def _settle(stage: Stage, talk: Talk, which: int) -> None:
    meeting = stage.project.get(stage.number(talk.key))
    number = meeting.actions[which - 1] if isinstance(meeting, Meeting) else ""
    owner = getattr(stage.project.get(number), "owner", "")
    stage.enter(owner or talk.scribe, stage.clock.at)
    tasks.complete(stage.project, [number])


def _issue(stage: Stage, status: Status) -> None:
    project = stage.project
    started = reports.draft(project).period_start if status.since is None else stage.days.day(status.since)
    reports.set_period(project, started, project.today)
    for section, text in status.words:
        reports.save_words(project, section, text)
    if status.override:
        reports.override_light(project, *status.override)
    reports.issue(project)
