"""What a new date does to the dates that depend on it, and the critical path.

`knock_on` works on calendar dates with finish-to-start links, as tasks have them;
`critical_path` on whole numbers of working days counted from zero, with all four kinds of
link. Both visit each activity and each link a fixed number of times, and refuse cycles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain

import msgspec

from pmtui.domain.calendar import WorkingCalendar


class CycleError(ValueError):
    """Links in a circle: each of `keys` leads to the next, the last to the first."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(tuple(keys))
        self.keys = tuple(keys)

    def __str__(self) -> str:
        return "a cycle of dependencies: " + " → ".join((*self.keys, self.keys[0]))


class Activity(msgspec.Struct, frozen=True):
    """A task or milestone as the schedule sees it.

    `days` is its duration in working days, used when start and due don't both say it;
    `after` are the keys that must be finished before it begins. A milestone has no
    duration. What is not `open` (done, cancelled) neither holds anything up nor moves.
    """

    key: str
    start: date | None
    due: date | None
    days: int | None = None
    after: tuple[str, ...] = ()
    open: bool = True
    milestone: bool = False


class Shift(msgspec.Struct, frozen=True):
    """A date that cannot be kept: the due date an activity has, and its earliest one."""

    key: str
    old: date
    new: date


def knock_on(
    activities: Mapping[str, Activity],
    moved: Mapping[str, date],
    calendar: WorkingCalendar,
) -> tuple[Shift, ...]:
    """Which other open activities lose their due dates when those in `moved` get new ones.

    A successor starts on the next working day after its latest open predecessor and keeps
    its working duration; a milestone falls on the day of its latest predecessor. Without a
    due date of its own, an activity passes its predecessors' date on, its duration added.
    Nothing moves earlier, and the moved ones stay where they are put.

    Only what the move causes is told: an activity that lands later than it would have
    without the move. `old` is its due date, even where a link was broken before. In order
    of dependency. Links to unknown keys are ignored.

    Raises KeyError for a moved key that is not there, CycleError when the links concerned
    run in a circle, ValueError for a date beyond the calendar.
    """
    if unknown := [key for key in moved if key not in activities]:
        raise KeyError(unknown[0])
    after = {
        key: [p for p in one.after if p in activities and activities[p].open]
        for key, one in activities.items()
        if one.open
    }
    touched = _reached(_reversed(after), [key for key in moved if key in after])
    order = _in_order(_reached(after, touched), after)
    before = _finishes(activities, order, after, {}, calendar)
    now = _finishes(activities, order, after, moved, calendar)
    return tuple(
        Shift(key, due, new)
        for key in order
        if (due := activities[key].due) and key not in moved
        if (new := now[key]) and (was := before[key]) and new > was
    )


def find_cycle(links: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The keys of one cycle, each linked to the next and the last to the first; or ()."""
    done: set[str] = set()
    for first in links:
        path: dict[str, Iterator[str]] = {}
        key: str | None = None if first in done else first
        while key is not None:
            if key not in path:
                path[key] = iter(links.get(key, ()))
            following = next((k for k in path[key] if k not in done), None)
            if following in path:
                keys = list(path)
                return tuple(keys[keys.index(following) :])
            if following is None:
                done.add(key)
                del path[key]
                following = next(reversed(path), None)
            key = following
    return ()


def downstream(after: Mapping[str, Iterable[str]], key: str) -> tuple[str, ...]:
    """The keys that depend on `key`, directly or not, the nearest first.

    `after` gives for each key those it comes after. Cycles do no harm: no key comes twice,
    and `key` itself never.
    """
    return _reached(_reversed(after), [key])[1:]


class LinkType(StrEnum):
    """Which end of the first activity holds which end of the second."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class Link(msgspec.Struct, frozen=True):
    """`first` holds `second`; the lag is in working days and may be negative."""

    first: str
    second: str
    type: LinkType = LinkType.FS
    lag: int = 0


class Timing(msgspec.Struct, frozen=True):
    """When an activity can be done, in working days from the project's start at 0.

    Total float is what it may slip without moving the finish, free float without moving
    any other activity.
    """

    early_start: int
    late_start: int
    duration: int
    free_float: int

    @property
    def early_finish(self) -> int:
        """Early start plus the duration."""
        return self.early_start + self.duration

    @property
    def late_finish(self) -> int:
        """Late start plus the duration."""
        return self.late_start + self.duration

    @property
    def total_float(self) -> int:
        """Late start less early start."""
        return self.late_start - self.early_start

    @property
    def critical(self) -> bool:
        """Whether any slip moves the finish."""
        return self.total_float <= 0


class CriticalPath(msgspec.Struct, frozen=True):
    """The length in working days, and each activity's timing, in order of dependency."""

    length: int
    timings: Mapping[str, Timing]

    @property
    def critical(self) -> tuple[str, ...]:
        """The keys of the critical activities, in order of dependency."""
        return tuple(key for key, timing in self.timings.items() if timing.critical)


def critical_path(durations: Mapping[str, int], links: Sequence[Link]) -> CriticalPath:
    """The critical-path method from zero, in working days.

    Forward: ES is the largest of 0 and, per link, FS: EF+lag; SS: ES+lag; FF: EF+lag-d;
    SF: ES+lag-d. The backward pass mirrors them, and nothing finishes later than the
    project. TF = LS-ES; FF is the least room on any link, and to the project's finish.
    Source: Vanhoucke, Integrated Project Management and Control, Springer 2014, ch. 1.

    Raises ValueError for a negative duration or a link to an unknown key, CycleError.
    """
    if negative := [key for key, days in durations.items() if days < 0]:
        raise ValueError(f"the duration of {negative[0]} is negative")
    into: dict[str, list[Link]] = {key: [] for key in durations}
    out: dict[str, list[Link]] = {key: [] for key in durations}
    for link in links:
        if link.first not in durations or link.second not in durations:
            raise ValueError(f"a link from {link.first} to {link.second}: no such key")
        into[link.second].append(link)
        out[link.first].append(link)
    order = _in_order(durations, {k: [x.first for x in into[k]] for k in into})
    early: dict[str, int] = {}
    for key in order:
        held = (early[x.first] + _apart(x, durations) for x in into[key])
        early[key] = max(chain((0,), held))
    length = max((early[key] + durations[key] for key in order), default=0)
    late: dict[str, int] = {}
    room: dict[str, int] = {}
    for key in reversed(order):
        latest = length - durations[key]
        ends = [(x.second, _apart(x, durations)) for x in out[key]]
        late[key] = min(chain((latest,), (late[k] - apart for k, apart in ends)))
        reach = min(chain((latest,), (early[k] - apart for k, apart in ends)))
        room[key] = reach - early[key]
    timings = {k: Timing(early[k], late[k], durations[k], room[k]) for k in order}
    return CriticalPath(length, timings)


def _apart(link: Link, durations: Mapping[str, int]) -> int:
    """How long after the first one's start the second's may come at the earliest."""
    first, second = durations[link.first], durations[link.second]
    from_finish = link.type in (LinkType.FS, LinkType.FF)
    to_finish = link.type in (LinkType.FF, LinkType.SF)
    return link.lag + (first if from_finish else 0) - (second if to_finish else 0)


def _reversed(links: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The same links the other way round."""
    back: dict[str, list[str]] = {}
    for key, others in links.items():
        for other in others:
            back.setdefault(other, []).append(key)
    return back


def _reached(links: Mapping[str, Iterable[str]], start: Iterable[str]) -> tuple[str, ...]:
    """The keys that links lead to from `start`, these first, the nearest before others."""
    found = dict.fromkeys(start)
    waiting = deque(found)
    while waiting:
        for key in links.get(waiting.popleft(), ()):
            if key not in found:
                found[key] = None
                waiting.append(key)
    return tuple(found)


def _in_order(keys: Collection[str], after: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The keys with none before those it comes after; CycleError if there is no way.

    `keys` must hold whatever its keys come after.
    """
    chosen = {key: after[key] for key in keys}
    missing = {key: len(before) for key, before in chosen.items()}
    successors = _reversed(chosen)
    ready = deque(key for key, count in missing.items() if count == 0)
    order: list[str] = []
    while ready:
        key = ready.popleft()
        order.append(key)
        for following in successors.get(key, ()):
            missing[following] -= 1
            if missing[following] == 0:
                ready.append(following)
    if len(order) < len(chosen):
        raise CycleError(find_cycle(chosen))
    return tuple(order)


def _finishes(
    activities: Mapping[str, Activity],
    order: Iterable[str],
    after: Mapping[str, Sequence[str]],
    moved: Mapping[str, date],
    calendar: WorkingCalendar,
) -> dict[str, date | None]:
    """When each activity is finished; None where neither it nor what it follows says."""
    finish: dict[str, date | None] = {}
    for key in order:
        one = activities[key]
        ends = [end for p in after[key] if (end := finish[p])]
        if key in moved or not ends:
            finish[key] = moved.get(key, one.due)
            continue
        earliest = max(ends)
        if not one.milestone:
            earliest = calendar.add_working_days(earliest, _duration(one, calendar))
        finish[key] = max(one.due, earliest) if one.due else earliest
    return finish


def _duration(one: Activity, calendar: WorkingCalendar) -> int:
    """Working days from start to due, both included; else as given; at least 1."""
    if one.start and one.due:
        eve = one.start - timedelta(days=1)
        return max(1, calendar.working_days_between(eve, one.due))
    return max(1, one.days or 1)
