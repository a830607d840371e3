"""Time sheets of the last weeks: each of some people writes at a week's end what they worked on which task."""

import datetime as dt
import random
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from pmtui.demo.days import Days
from pmtui.demo.play import EVENING, Event, Stage
from pmtui.demo.rows import Story
from pmtui.domain.records import HoursEntry, Task
from pmtui.domain.week import monday_of

SINCE = -15
"""The first working day that is written down: three weeks."""

PATTERN = (6.0, 7.5, 4.5, 8.0, 5.0, 7.0, 3.5)
"""Hours of one day after the other; each person begins at another place."""

MEETINGS = 1.5
"""Hours of a week that are of no task."""


def tell_sheets(story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    """All events of time sheets: one a person and week, on its last working day."""
    del rng
    worked = [days.day(at) for at in range(SINCE, 0)]
    for _, week in groupby(worked, key=monday_of):
        dates = tuple(week)
        for place, who in enumerate(story.sheets):
            yield Event(dates[-1], EVENING - 20 + place, who, partial(_write, who=who, dates=dates, place=place))


def _write(stage: Stage, who: str, dates: tuple[dt.date, ...], place: int) -> None:
    with stage.project.change("log hours") as change:
        mine = [t for t in change.data.tasks.values() if t.owner == who and _in_work(t, dates)]
        for at, day in enumerate(dates):
            if mine:
                hours = PATTERN[(at + place) % len(PATTERN)]
                change.add(HoursEntry(who=who, date=day, hours=hours, task=mine[at % len(mine)].number))
        change.add(HoursEntry(who=who, date=dates[0], hours=MEETINGS, note="weekly meeting"))


def _in_work(task: Task, dates: tuple[dt.date, ...]) -> bool:
    """Whether somebody worked on a task that week: it is being done, or was finished then."""
    return task.status == "doing" or (task.finish_date is not None and task.finish_date >= dates[0])
