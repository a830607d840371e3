"""Meetings and milestones as an iCalendar file (RFC 5545) for Outlook, Google and others.

Each meeting is an event of its own, also within a series: it has its own agenda, is moved and cancelled alone, and
what another calendar knows of it is found again by its UID. Times are written in UTC, from the user's zone.
"""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pmtui.domain.agenda import write_topic
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting, Milestone, Record
from pmtui.exchange.ics_ids import uid_of

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//pmtui//pmtui//EN"


def calendar_text(records: Iterable[Record], data: ProjectData, zone: dt.tzinfo) -> str:
    """The file: meetings as events, milestones as whole days; other records are no part of a calendar."""
    from icalendar import Calendar  # a fifth of a second: only where a calendar is written or read

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", data.project.title or data.project.code)
    for record in records:
        if isinstance(record, (Meeting, Milestone)):
            calendar.add_component(_event(record, data, zone))
    return str(calendar.to_ical().decode())


def in_utc(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
    """A local moment in UTC; ``None`` for one that the clocks skip, which is none."""
    moved = moment.replace(tzinfo=zone).astimezone(dt.UTC)
    return moved if moved.astimezone(zone).replace(tzinfo=None) == moment else None


def _event(record: Meeting | Milestone, data: ProjectData, zone: dt.tzinfo) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", uid_of(record, data.project.code))
    event.add("summary", record.title)
    made = record.created or dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    changed = record.updated or made
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", max(0, int((changed - made).total_seconds())))
    if isinstance(record, Milestone):
        _milestone(event, record)
    else:
        _meeting(event, record, data, zone)
    return event


def _milestone(event: "Event", record: Milestone) -> None:
    day = record.actual or record.forecast
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["milestone"])


def _meeting(event: "Event", record: Meeting, data: ProjectData, zone: dt.tzinfo) -> None:
    start = in_utc(record.start, zone) or record.start
    event.add("dtstart", start)
    event.add("dtend", start + dt.timedelta(minutes=record.length))
    event.add("status", "CANCELLED" if record.status == "cancelled" else "CONFIRMED")
    event.add("categories", [record.kind])
    if record.agenda:
        event.add("description", "\n".join(map(write_topic, record.agenda)))
    if record.series:
        event.add("x-pmtui-series", record.series)
    _attendees(event, record, data)


def _attendees(event: "Event", record: Meeting, data: ProjectData) -> None:
    """People with an e-mail address as attendees; the others by handle, which other calendars leave alone."""
    from icalendar import vCalAddress

    without = []
    for handle in record.invited:
        person = data.person(handle)
        if person is None or not person.email:
            without.append(handle)
            continue
        attendee = vCalAddress(f"mailto:{person.email}")
        attendee.params["CN"] = data.full_name(handle)
        attendee.params["X-PMTUI-HANDLE"] = handle
        event.add("attendee", attendee, encode=False)
    if without:
        event.add("x-pmtui-invited", " ".join(without))
