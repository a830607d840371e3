"""Meetings and milestones for other calendars."""

from collections.abc import Sequence

from pmtui.domain.records import Meeting, Milestone, Record
from pmtui.exchange.ics_out import calendar_text
from pmtui.services.project import OpenProject
from pmtui.services.zones import zone_of


def calendar_of(project: OpenProject, records: Sequence[Record]) -> str:
    """The meetings and milestones of these as an iCalendar file, in the user's zone."""
    return calendar_text(records, project.data, zone_of(project.session))


def counted(records: Sequence[Record]) -> str:
    """How many of each: ``12 meetings and 5 milestones``."""
    parts = []
    for struct in (Meeting, Milestone):
        count = sum(1 for record in records if isinstance(record, struct))
        parts.append(f"{count} {struct.TYPE.words[0 if count == 1 else 1]}")
    return " and ".join(parts)
