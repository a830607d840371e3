"""When a task that repeats is due again: ``every week``, ``every 2 months``, ``every 2nd tue``, ``every weekday``."""

import datetime as dt
import re
from typing import Any

from pmtui.domain.text import fold

_REPEATS = re.compile(
    r"(?:every )?(?:(?P<count>[0-9]{1,2}|other)|(?P<nth>1st|2nd|3rd|[4-9]th|last))? ?"
    r"(?:(?P<unit>day|week|month|quarter|year)s?|(?P<weekday>weekdays?)"
    r"|(?P<name>mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?)"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_SHORTEST_MONTH = 28


def next_due(repeats: str, due: dt.date | None, today: dt.date) -> dt.date | None:
    """The first day after both ``due`` and ``today`` on which it is due again; ``None`` where it can't be read.

    Weeks, months and years are counted from the due date, or from today where there is none. ``2nd tue`` and
    ``last fri`` are those of each month; a month that is too short has its last day.
    """
    found = _REPEATS.fullmatch(" ".join(fold(repeats).split()))
    anchor = due or today
    rule = _rule(found, anchor) if found else None
    if rule is None:
        return None
    from dateutil.rrule import rrule  # only where something repeats

    later = dt.datetime.combine(max(anchor, today), dt.time())
    after = rrule(dtstart=dt.datetime.combine(anchor, dt.time()), **rule).after(later)
    return after.date() if after else None


def _rule(found: re.Match[str], anchor: dt.date) -> dict[str, Any] | None:
    """The rule in iCalendar's terms."""
    from dateutil.rrule import DAILY, MONTHLY, WEEKLY, weekday

    count, nth, unit = found["count"], found["nth"], found["unit"]
    interval = 2 if count == "other" else int(count or 1)
    place = -1 if nth == "last" else int(nth[0]) if nth else 0
    if not interval:
        return None
    if found["name"]:
        day = _DAYS.index(found["name"])
        if not place:
            return {"freq": WEEKLY, "interval": interval, "byweekday": day}
        return {"freq": MONTHLY, "byweekday": weekday(day, place)} if place <= 5 else None
    if found["weekday"]:
        if place:
            return {"freq": MONTHLY, "byweekday": range(5), "bysetpos": place}
        return {"freq": DAILY, "byweekday": range(5)} if interval == 1 else None
    if place < 0:
        return {"freq": MONTHLY, "bymonthday": -1} if unit == "day" else None
    interval = place or interval
    if unit in _MONTHS:
        rule: dict[str, Any] = {"freq": MONTHLY, "interval": interval * _MONTHS[unit]}
        if anchor.day > _SHORTEST_MONTH:
            rule |= {"bymonthday": range(_SHORTEST_MONTH, anchor.day + 1), "bysetpos": -1}
        return rule
    return {"freq": WEEKLY if unit == "week" else DAILY, "interval": interval}
