"""Series of meetings: the next one is planned with its time, its people and an agenda drafted from what waits."""

import datetime as dt
from collections.abc import Mapping

from pmtui.domain.agenda import draft_agenda, open_actions, read_agenda, redraft, since, write_agenda
from pmtui.domain.dates import say_date
from pmtui.domain.merge import merge_lines
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Meeting, Milestone, Topic
from pmtui.domain.series import after, before, next_start, of_series, series_name
from pmtui.domain.text import clean
from pmtui.services.change import Change
from pmtui.services.meetings import meeting_of, open_meeting
from pmtui.services.project import OpenProject, Outcome
from pmtui.store.journal import UPDATE


def plan_next(project: OpenProject, number: str, start: dt.datetime | None = None) -> Outcome:
    """Plan the next meeting of a series, of which one is named; ``start`` where the series does not say when.

    Refused where it is planned already, or nobody says when it is.
    """
    with project.change("next meeting") as change:
        meeting = change.current(meeting_of(project, number))
        planned = after(change.data, meeting)
        if planned is not None:
            day = say_date(planned.start.date(), project.today)
            raise Refused([Problem("series", "", f"the next one is planned already: {planned.number}, {day}", number)])
        following = next_start(change.data, meeting, project.today)
        when = start or (following[0] if following else None)
        if when is None:
            why = "say when the next one is, or how the series repeats (every 2nd tue)"
            raise Refused([Problem("repeats", meeting.repeats, why, number)])
        new = _add_next(project, change, meeting, when, following[1] if following else "")
    words = f"{new.number} {new.title} planned {_moment(new.start, project.today)}, {_topics(new.agenda)}"
    return Outcome((new.number,), words, tuple(change.said))


def follow_on(project: OpenProject, change: Change, meeting: Meeting) -> None:
    """Plan the next one of a series that repeats, within a change, where it is not planned yet."""
    following = next_start(change.data, meeting, project.today)
    if following is not None and after(change.data, meeting) is None:
        new = _add_next(project, change, change.current(meeting), *following)
        change.said.append(f"{new.number} is the next one, {_moment(new.start, project.today)}")


def drafted_agenda(project: OpenProject, meeting: Meeting, data: ProjectData | None = None) -> tuple[Topic, ...]:
    """What waits for a meeting, as topics in order of consequence."""
    data = data or project.data
    moved = moved_since(project, data, since(data, meeting, project.today))
    return draft_agenda(data, meeting, project.today, moved)


def write_draft(project: OpenProject, number: str) -> Outcome:
    """Draft a meeting's agenda, or draft it anew: what was typed by hand stays; open actions come along."""
    with project.change("draft agenda") as change:
        meeting = open_meeting(change, meeting_of(project, number))
        agenda = redraft(meeting.agenda, drafted_agenda(project, meeting, change.data))
        carried = open_actions(change.data, before(change.data, meeting))
        actions = tuple(dict.fromkeys((*meeting.actions, *(task.number for task in carried))))
        if (agenda, actions) != (meeting.agenda, meeting.actions):
            change.edit(meeting, agenda=agenda, actions=actions)
    drafted = sum(1 for topic in agenda if topic.drafted)
    by_hand = f", {len(agenda) - drafted} by hand stay{'s' if len(agenda) - drafted == 1 else ''}"
    words = f"{number} agenda drafted: {_topics(tuple(topic for topic in agenda if topic.drafted))}"
    minutes = sum(topic.minutes for topic in agenda)
    said = [f"{minutes} minutes of {meeting.length}"] if minutes else []
    return Outcome((number,), words + (by_hand if len(agenda) > drafted else ""), (*said, *change.said))


def save_agenda(project: OpenProject, number: str, text: str, base: str | None = None) -> Outcome:
    """The agenda as it was written, a topic a line; what others wrote in it since ``base`` is kept."""
    with project.change("agenda") as change:
        meeting = open_meeting(change, meeting_of(project, number))
        stored, mine = write_agenda(meeting.agenda), clean(text, lines=True)
        if base is not None and clean(base, lines=True) != stored:
            mine = merge_lines(clean(base, lines=True), mine, stored).text("both")
            change.said.append(f"{meeting.updated_by} wrote in this agenda meanwhile; both are kept")
        agenda = read_agenda(mine, meeting.agenda)
        if agenda != meeting.agenda:
            change.edit(meeting, agenda=agenda)
    minutes = sum(topic.minutes for topic in agenda)
    return Outcome((number,), f"{number} agenda: {_topics(agenda)}, {minutes} minutes", tuple(change.said))


def next_of(data: ProjectData, name: str) -> Meeting | None:
    """The last meeting of a series that has this name, which a new one of the name goes on from."""
    found = of_series(data, name) if name.strip() else []
    return found[-1] if found else None


def moved_since(project: OpenProject, data: ProjectData, day: dt.date) -> Mapping[str, int]:
    """Milestones whose forecast was moved after a day: by how many calendar days from what it was then."""
    was: dict[int, dt.date] = {}
    zone = project.session.now().tzinfo
    for transaction in project.history(newest_first=True):
        if dt.datetime.fromtimestamp(transaction.time / 1000, dt.UTC).astimezone(zone).date() <= day:
            break
        for op in transaction.ops:
            if op[0] == UPDATE and op[1] == Milestone.TYPE.table and op[3].get("forecast", (None,))[0]:
                was[op[2]] = dt.date.fromisoformat(str(op[3]["forecast"][0]))
    moved = {m.number: (m.forecast - was[m.id]).days for m in data.milestones.values() if m.id in was}
    return {number: days for number, days in moved.items() if days}


def _add_next(project: OpenProject, change: Change, meeting: Meeting, start: dt.datetime, repeats: str) -> Meeting:
    """Stage the meeting that follows the last one of the series: its people are those invited and those who came."""
    last = of_series(change.data, series_name(meeting))[-1]
    new = Meeting(
        title=last.title,
        start=start,
        kind=last.kind,
        series=series_name(last),
        repeats=repeats,
        length=last.length,
        invited=tuple(dict.fromkeys((*last.invited, *last.present))),
        tags=last.tags,
    )
    added = change.add(new)
    actions = tuple(task.number for task in open_actions(change.data, before(change.data, added)))
    return change.edit(added, agenda=drafted_agenda(project, added, change.data), actions=actions)


def _topics(agenda: tuple[Topic, ...]) -> str:
    return f"{len(agenda)} topic{'' if len(agenda) == 1 else 's'}"


def _moment(start: dt.datetime, today: dt.date) -> str:
    return f"{say_date(start.date(), today)} {start:%H:%M}"
