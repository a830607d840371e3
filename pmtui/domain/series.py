"""Meetings of one series: which belong together, which was the last, and when the next one is."""

import datetime as dt

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting
from pmtui.domain.text import fold

A_WEEK = dt.timedelta(days=7)


def series_name(meeting: Meeting) -> str:
    """What the meetings of its series share: the series' name, else the title."""
    return meeting.series or meeting.title


def of_series(data: ProjectData, name: str) -> list[Meeting]:
    """The meetings of a series, the earliest first, cancelled ones too."""
    wanted = fold(name.strip())
    found = [m for m in data.meetings.values() if fold(series_name(m)) == wanted]
    return sorted(found, key=_order)


def before(data: ProjectData, meeting: Meeting) -> list[Meeting]:
    """The meetings of its series that took place before it, the earliest first."""
    found = of_series(data, series_name(meeting))
    return [m for m in found if m.id != meeting.id and _order(m) < _order(meeting) and m.status != "cancelled"]


def after(data: ProjectData, meeting: Meeting) -> Meeting | None:
    """The next one of its series, where it is planned already."""
    found = of_series(data, series_name(meeting))
    return next((m for m in found if _order(m) > _order(meeting) and m.status != "cancelled"), None)


def next_start(data: ProjectData, meeting: Meeting, today: dt.date) -> tuple[dt.datetime, str] | None:
    """When the next one of its series is, and how that one repeats; ``None`` where the last one does not say.

    It is counted from the last one planned, also from one that was cancelled; days that passed are passed over.
    """
    from pmtui.domain.repeats import RepeatError, next_of, read_repeats  # only where something repeats

    last = of_series(data, series_name(meeting))[-1]
    if not last.repeats:
        return None
    try:
        found = next_of(read_repeats(last.repeats, today), last.start.date(), today, data.calendar)
    except RepeatError:
        return None
    return (dt.datetime.combine(found[0], last.start.time()), found[1].write()) if found else None


def likely_start(data: ProjectData, meeting: Meeting, today: dt.date) -> dt.datetime:
    """When the next one of a series that does not repeat might be: as long after the last as that was after its own."""
    found = [m for m in of_series(data, series_name(meeting)) if m.status != "cancelled"] or [meeting]
    apart = found[-1].start - found[-2].start if len(found) > 1 else A_WEEK
    start = found[-1].start + max(apart, dt.timedelta(days=1))
    return dt.datetime.combine(max(start.date(), today + dt.timedelta(days=1)), found[-1].start.time())


def _order(meeting: Meeting) -> tuple[dt.datetime, int]:
    return meeting.start, meeting.id
