"""The minutes of a meeting as a page to print, export and send: the one place that knows which page that is."""

import msgspec

from pmtui.domain.records import Meeting
from pmtui.reports.blocks import Document
from pmtui.reports.frozen_page import frozen_page
from pmtui.reports.markdown import to_markdown
from pmtui.reports.minutes import build_minutes
from pmtui.services.meetings import meeting_of
from pmtui.services.project import OpenProject


class Recipient(msgspec.Struct, frozen=True):
    """Somebody the minutes are for: a person who was invited or came; ``email`` is empty where none is known."""

    handle: str
    name: str
    email: str


class MinutesPage(msgspec.Struct, frozen=True):
    """Minutes ready to go out: ``markdown`` is the frozen text once published, else what would be frozen now.

    ``document`` is the same page as blocks, for other formats.
    """

    title: str
    markdown: str
    published: bool
    document: Document
    recipients: tuple[Recipient, ...]


def page_of(project: OpenProject, number: str) -> MinutesPage:
    """The page of a meeting's minutes as it is now. Raises :class:`Refused` where the number is of no meeting."""
    meeting = meeting_of(project, number)
    title = f"{meeting.title}, {meeting.start:%Y-%m-%d}"
    people = recipients_of(project, meeting)
    if meeting.status == "published" and meeting.minutes:
        return MinutesPage(
            title, meeting.minutes, published=True, document=frozen_page(meeting.minutes), recipients=people
        )
    draft = build_minutes(project.data, meeting)
    return MinutesPage(title, to_markdown(draft), published=False, document=draft, recipients=people)


def recipients_of(project: OpenProject, meeting: Meeting) -> tuple[Recipient, ...]:
    """Those who came and those who were invited, in that order, each once."""
    found = []
    for handle in dict.fromkeys((*meeting.present, *meeting.invited)):
        person = project.data.person(handle)
        found.append(Recipient(handle, project.data.full_name(handle), person.email if person else ""))
    return tuple(found)
