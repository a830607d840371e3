"""Meetings: notes whose lines become records, who was there, and the minutes."""

from collections.abc import Iterable

from pmtui.domain.capture import carry_numbers, mend_splits, merge_notes
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Meeting
from pmtui.domain.text import clean
from pmtui.domain.values import read_handle
from pmtui.services.capturing import capture
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome


def save_notes(project: OpenProject, number: str, notes: str, base: str | None = None) -> Outcome:
    """Save a meeting's notes, and make or change the records that their lines tell, in one transaction.

    ``base`` is the notes as they were opened: where somebody has written in them since, both are kept.
    The outcome has the numbers of the records made or changed; the notes then carry these numbers.
    """
    text = clean(notes, lines=True)
    with project.change("notes") as change:
        meeting = open_meeting(change, meeting_of(project, number))
        joined = _joined(change, meeting, text, base)
        numbers = capture(project, change, meeting, joined)
    several = f"{len(numbers)} record" + ("" if len(numbers) == 1 else "s")
    words = f"{number} notes saved" + (f", {several} written" if numbers else "")
    return Outcome(tuple(numbers), words, tuple(change.said))


def hold(project: OpenProject, number: str, present: Iterable[str]) -> Outcome:
    """The meeting takes place, with these people present."""
    handles = tuple(dict.fromkeys(_handle(name) for name in present))
    with project.change("hold") as change:
        meeting = open_meeting(change, meeting_of(project, number))
        change.edit(meeting, status="held", present=handles)
    people = f"{len(handles)} present" if handles else "nobody marked present yet"
    return Outcome((number,), f"{number} held, {people}", tuple(change.said))


def mark_present(project: OpenProject, number: str, handle: str, *, here: bool = True) -> Outcome:
    """Somebody is here, or is not."""
    name = _handle(handle)
    with project.change("present") as change:
        meeting = open_meeting(change, meeting_of(project, number))
        others = tuple(p for p in meeting.present if p != name)
        change.edit(meeting, present=(*others, name) if here else others)
    return Outcome((number,), f"@{name} is {'present' if here else 'not present'}", tuple(change.said))


def publish(project: OpenProject, number: str) -> Outcome:
    """Number the minutes and freeze them as a page; the notes can't be changed any more.

    Where the series repeats and its next meeting is not planned yet, it is, in the same change: the page tells when.
    """
    from pmtui.reports.markdown import to_markdown  # the page's makers are loaded when a page is made
    from pmtui.reports.minutes import build_minutes, summary
    from pmtui.services.series import follow_on

    with project.change("publish minutes") as change:
        meeting = open_meeting(change, meeting_of(project, number))
        capture(project, change, meeting, meeting.notes)
        follow_on(project, change, meeting)
        current = change.current(meeting)
        next_number = max((m.minutes_number or 0 for m in change.data.meetings.values()), default=0) + 1
        minutes = build_minutes(
            change.data,
            current,
            number=next_number,
            published_on=project.today,
            published_by=project.session.user,
        )
        change.edit(
            current,
            status="published",
            minutes_number=next_number,
            published_on=project.today,
            minutes=to_markdown(minutes),
        )
    words = f"{number} minutes {next_number} published: {summary(minutes)}"
    return Outcome((number,), words, tuple(change.said), lasting=True)


def _joined(change: Change, meeting: Meeting, notes: str, base: str | None) -> str:
    """The notes with the numbers their lines have, and with what others wrote since ``base``."""
    stored = meeting.notes
    mine = carry_numbers(mend_splits(notes, stored), stored)
    if base is None:
        return mine
    began = carry_numbers(clean(base, lines=True), stored)
    if began == stored:
        return mine
    joined, overruled = merge_notes(began, mine, stored)
    change.said.append(f"{meeting.updated_by} wrote in these notes meanwhile; both are kept")
    change.said += [f"your line stays instead of {meeting.updated_by}'s: {line}" for line in overruled]
    return joined


def meeting_of(project: OpenProject, number: str) -> Meeting:
    """The meeting with this number; refused where it is another record's."""
    found = project.get(number)
    if not isinstance(found, Meeting):
        raise Refused(f"{number}: only meetings can do this, it is a {found.TYPE.words[0]}")
    return found


def open_meeting(change: Change, meeting: Meeting) -> Meeting:
    """The meeting as it is now; refused once its minutes are published, or it was cancelled."""
    current = change.current(meeting)
    why = current.TYPE.frozen(current, change.data)
    if current.status == "cancelled":
        why = "the meeting was cancelled; plan it again first"
    if why:
        raise Refused([Problem("status", current.status, why, current.number)])
    return current


def _handle(name: str) -> str:
    try:
        return read_handle(name)
    except ValueError:
        raise Refused([Problem("present", name, "allowed: people, such as @ana")]) from None
