"""Pages that are printed as things are now, and kept nowhere: the RAID log, the team's week, the committee pack."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pmtui.domain.filters import Filter
from pmtui.domain.lights import last_issued
from pmtui.services import reports
from pmtui.services.project import OpenProject

if TYPE_CHECKING:
    from pmtui.reports.model import StatusReport
    from pmtui.reports.pack import CommitteePack
    from pmtui.reports.raid import RaidLog
    from pmtui.reports.weekly import TeamWeek


def raid_log(project: OpenProject, wanted: Filter | None = None) -> "RaidLog":
    """The RAID log as it is: without a filter what is open and the decisions in force."""
    from pmtui.reports.raid import build_raid

    return build_raid(project.data, project.today, wanted)


def week_of(on: dt.date) -> tuple[dt.date, dt.date]:
    """Monday and Sunday of the week that a day is in."""
    monday = on - dt.timedelta(days=on.weekday())
    return monday, monday + dt.timedelta(days=6)


def team_week(project: OpenProject, start: dt.date | None = None, end: dt.date | None = None) -> "TeamWeek":
    """The team's days from ``start`` to ``end``: the week that ``start`` is in without an end, else this week."""
    from pmtui.reports.weekly import build_weekly

    first, last = week_of(start or project.today)
    if start is not None and end is not None:
        first, last = start, end
    return build_weekly(project.data, first, last, project.today)


def committee_pack(projects: Sequence[OpenProject], today: dt.date, *, drafts: bool = False) -> "CommitteePack":
    """The pages of these projects: the status report that each issued last, else, or with ``drafts``, its draft."""
    from pmtui.reports.pack import build_pack

    return build_pack([_page(project, drafts=drafts) for project in projects], today)


def _page(project: OpenProject, *, drafts: bool) -> "StatusReport":
    from pmtui.reports.model import thaw

    last = None if drafts else last_issued(project.data)
    return (thaw(last.numbers) if last else None) or reports.status_page(project)
