"""The player: a story's rows become dated events, and each is played through the services.

The clock stands where the story is, and whoever acts is the author. What random there is comes from one
seeded generator, used in the order of the rows, so that a seed and a day always give the same history.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from pathlib import Path

from pmtui.demo.days import Days
from pmtui.demo.rows import Story
from pmtui.domain.records import Person
from pmtui.domain.records.person import Rate
from pmtui.services.project import OpenProject
from pmtui.services.projects import add_project
from pmtui.services.session import Session
from pmtui.store import Author

MORNING, TRIAGE, NOON, EVENING = 8 * 60 + 40, 9 * 60 + 5, 12 * 60 + 30, 17 * 60 + 30
"""Minutes of the day: when plans are entered, triage begins, and the two halves of the day end."""


@dataclass
class Clock:
    """A clock that stands where it is put."""

    at: dt.datetime

    def __call__(self) -> dt.datetime:
        """The moment it stands at."""
        return self.at


@dataclass
class Stage:
    """A project while its story is played. ``numbers`` are its records' numbers by their rows' keys."""

    story: Story
    days: Days
    rng: random.Random
    clock: Clock
    project: OpenProject
    numbers: dict[str, str] = field(default_factory=dict)

    def number(self, key: str) -> str:
        """The number of the record that a row's key names."""
        return self.numbers[key]

    def known(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The numbers of those records that there are already."""
        return tuple(self.numbers[key] for key in keys if key in self.numbers)

    def enter(self, who: str, at: dt.datetime) -> None:
        """Let somebody act at a moment."""
        self.clock.at = at
        self.project.session.user, self.project.session.name = who, f"demo-{who}"
        self.project.db.journal.author = Author(who, f"demo-{who}")


Act = Callable[[Stage], object]


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did on a day, at a minute of it."""

    on: dt.date
    minute: int
    who: str
    act: Act


Teller = Callable[[Story, Days, random.Random], Iterator[Event]]
"""Rows of some kinds become events."""


def play(story: Story, workspace: Path, now: dt.datetime, seed: int, tellers: Iterable[Teller]) -> int:
    """Play a story up to the end of yesterday, as a project of a workspace; its last sequence number."""
    days = Days(now.date(), story.country)
    rng = random.Random(f"{seed} {story.code}")  # noqa: S311 - a history to look at, not a secret
    events = [*_opening(story, days)]
    for teller in tellers:
        events += teller(story, days, rng)
    events = sorted((e for e in events if e.on < days.today), key=lambda e: (e.on, e.minute))
    clock = Clock(_moment(events[0], now))
    session = Session(workspace, user=story.manager, name=f"demo-{story.manager}", now=clock, durable=False)
    project = add_project(session, story.code, story.title, currency=story.currency, manager=story.manager)
    stage = Stage(story, days, rng, clock, project)
    for event in events:
        stage.enter(event.who, max(_moment(event, now), clock.at))
        event.act(stage)
    project.db.journal.compact()
    project.close()
    return project.sequence


def _moment(event: Event, now: dt.datetime) -> dt.datetime:
    time = dt.time(event.minute // 60, event.minute % 60, tzinfo=now.tzinfo)
    return dt.datetime.combine(event.on, time)


def _opening(story: Story, days: Days) -> Iterator[Event]:
    first = days.day(story.start)
    yield Event(first, MORNING - 20, story.manager, _write_charter)
    yield Event(first, MORNING - 10, story.manager, _meet_people)
    for on, phase in story.phases:
        if on > story.start:
            yield Event(days.day(on), EVENING, story.manager, partial(_set_phase, phase=phase))


def _write_charter(stage: Stage) -> None:
    story, days = stage.story, stage.days
    _set(
        stage,
        "edit",
        sponsor=story.sponsor,
        objective=story.objective,
        phase=story.phases[0][1],
        start=days.day(story.start),
        finish=days.day(story.finish),
        country=story.country,
        tolerance_days=story.tolerance_days,
        tolerance_cost=Decimal(story.tolerance_cost),
        wip_limits=dict(story.limits),
    )


def _set_phase(stage: Stage, phase: str) -> None:
    _set(stage, "phase", phase=phase)


def _set(stage: Stage, verb: str, **values: object) -> None:
    with stage.project.change(verb) as change:
        change.edit(change.data.project, **values)


def _meet_people(stage: Stage) -> None:
    with stage.project.change("add people") as change:
        for member in stage.story.people:
            rates = (Rate(stage.days.day(stage.story.start), Decimal(member.rate)),) if member.rate else ()
            person = Person(
                handle=member.handle,
                full_name=member.name,
                role=member.role,
                email=f"{member.name.lower().replace(' ', '.')}@example.org",
                status="confirmed",
                rates=rates,
            )
            known = change.data.person(member.handle)
            if known is None:
                change.add(person)
            else:
                change.edit(known, **{n: getattr(person, n) for n in ("full_name", "role", "email", "status", "rates")})
