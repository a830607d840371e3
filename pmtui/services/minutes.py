"""The minutes of a meeting as a page to print, export and send: the one place that knows which page that is."""

import msgspec

from pmtui.reports.blocks import Document
from pmtui.reports.frozen_page import frozen_page
from pmtui.reports.markdown import to_markdown
from pmtui.reports.minutes import build_minutes
from pmtui.services.meetings import meeting_of
from pmtui.services.project import OpenProject


class MinutesPage(msgspec.Struct, frozen=True):
    """Minutes ready to go out: ``markdown`` is the frozen text once published, else what would be frozen now.

    ``document`` is the same page as blocks, for other formats.
    """

    title: str
    markdown: str
    published: bool
    document: Document


def page_of(project: OpenProject, number: str) -> MinutesPage:
    """The page of a meeting's minutes as it is now. Raises :class:`Refused` where the number is of no meeting."""
    meeting = meeting_of(project, number)
    title = f"{meeting.title}, {meeting.start:%Y-%m-%d}"
    if meeting.status == "published" and meeting.minutes:
        return MinutesPage(title, meeting.minutes, published=True, document=frozen_page(meeting.minutes))
    draft = build_minutes(project.data, meeting)
    return MinutesPage(title, to_markdown(draft), published=False, document=draft)
