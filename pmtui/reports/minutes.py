"""Minutes of a meeting: who was there, and by topic the notes, the decisions and the actions."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from pmtui.domain.agenda import survivor
from pmtui.domain.capture import captured
from pmtui.domain.dates import WEEKDAYS
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Decision, Issue, Meeting, Risk, Task
from pmtui.domain.series import after
from pmtui.domain.text import fold
from pmtui.reports.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Foot,
    Heading,
    Paragraph,
    Table,
    Title,
    text_blocks,
)
from pmtui.reports.words import NONE, count, day, full_day

_HEADING = re.compile(r"\s*#{1,6}\s+(.*?)\s*#*\s*")
_ORDINAL = re.compile(r"^\d{1,2}[.)]?\s+")


class Item(msgspec.Struct, frozen=True):
    """A decision, action, risk or issue: what, who (the decider, the owner), when (its date, or due)."""

    number: str
    kind: str
    what: str
    who: str
    when: dt.date | None
    done: bool = False


class TopicMinutes(msgspec.Struct, frozen=True):
    """What was said about a topic, and what came of it. The first may have no name."""

    title: str
    presenter: str = ""
    notes: str = ""
    items: tuple[Item, ...] = ()


class Minutes(msgspec.Struct, frozen=True):
    """The minutes as data. Times are local; ``published_on`` is empty for a draft."""

    project: str
    title: str
    kind: str
    meeting: str
    number: int | None
    start: dt.datetime
    length: int
    invited: tuple[str, ...]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    topics: tuple[TopicMinutes, ...]
    others: tuple[Item, ...]
    untouched: tuple[str, ...]
    carried: tuple[Item, ...]
    next_start: dt.datetime | None
    published_on: dt.date | None
    published_by: str

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""
        return tuple(_parts(self))


def build_minutes(
    data: ProjectData,
    meeting: Meeting,
    *,
    number: int | None = None,
    published_on: dt.date | None = None,
    published_by: str = "",
) -> Minutes:
    """The minutes from the meeting's record, its notes and the records captured in them."""
    known = dict.fromkeys((*meeting.decisions, *meeting.actions, *meeting.raised))
    topics = tuple(_topics(data, meeting, set(known)))
    told = {item.number for topic in topics for item in topic.items}
    rest = [item for n in known if n not in told and (item := _item(data, n))]
    carried = tuple(i for i in rest if i.kind == "action" and not _is_own(data, i.number, meeting))
    touched = {fold(topic.title) for topic in topics}
    return Minutes(
        project=data.project.title,
        title=meeting.title,
        kind=meeting.kind,
        meeting=meeting.number,
        number=number if number is not None else meeting.minutes_number,
        start=meeting.start,
        length=meeting.length,
        invited=_names(data, meeting.invited),
        present=_names(data, meeting.present),
        absent=_names(data, (p for p in meeting.invited if p not in meeting.present)),
        topics=topics,
        others=tuple(item for item in rest if item not in carried),
        untouched=tuple(t.topic for t in meeting.agenda if fold(t.topic) not in touched),
        carried=carried,
        next_start=_next_start(data, meeting),
        published_on=published_on or meeting.published_on,
        published_by=published_by,
    )


def _topics(data: ProjectData, meeting: Meeting, known: set[str]) -> Iterator[TopicMinutes]:
    """The notes cut at their headings; the records that lines were made into go to the lines' topic."""
    agenda = {fold(topic.topic): topic for topic in meeting.agenda}
    known = known | {task.number for task in data.tasks.values() if task.survivor and task.source == meeting.number}
    numbers = {item.line_no: item.number for item in captured(meeting.notes) if item.number in known}
    title, lines, items = "", list[str](), list[Item]()
    for at, line in enumerate(meeting.notes.split("\n"), 1):
        heading = _HEADING.fullmatch(line)
        if heading and heading[1]:
            yield from _topic(title, lines, items, agenda.get(fold(title)))
            title, lines, items = _named(heading[1], agenda), [], []
            continue
        item = _item(data, numbers[at] or "") if at in numbers else None
        if item is None:
            lines.append(line)
        else:
            items.append(item)
    yield from _topic(title, lines, items, agenda.get(fold(title)))


def _named(heading: str, agenda: Iterable[str]) -> str:
    """A topic's name without the number before it, where the agenda has it without."""
    bare = _ORDINAL.sub("", heading)
    return bare if fold(bare) in set(agenda) else heading


def _topic(title: str, lines: list[str], items: list[Item], topic: object) -> Iterator[TopicMinutes]:
    notes = "\n".join(lines).strip("\n")
    if title or notes.strip() or items:
        yield TopicMinutes(title, str(getattr(topic, "presenter", "")), notes, tuple(items))


def _item(data: ProjectData, number: str) -> Item | None:
    match data.get(number):
        case Decision() as found:
            return Item(number, "decision", found.title, found.decided_by, found.date)
        case Task() as found:
            lasting = survivor(data, found)
            into = f" (now {lasting.number} {lasting.title})" if lasting is not found else ""
            what, who = f"{found.title}{into}", _name(data, lasting.owner)
            return Item(number, "action", what, who, lasting.due, not lasting.is_open)
        case Risk() as found:
            return Item(number, "risk", found.title, _name(data, found.owner), found.review_date)
        case Issue() as found:
            return Item(number, "issue", found.title, _name(data, found.owner), found.target_date)
        case _:
            return None


def _is_own(data: ProjectData, number: str, meeting: Meeting) -> bool:
    found = data.get(number)
    return isinstance(found, Task) and found.source == meeting.number


def _name(data: ProjectData, handle: str) -> str:
    person = data.person(handle) if handle else None
    return person.full_name if person and person.full_name else handle


def _names(data: ProjectData, handles: Iterable[str]) -> tuple[str, ...]:
    return tuple(_name(data, handle) for handle in handles)


def _next_start(data: ProjectData, meeting: Meeting) -> dt.datetime | None:
    following = after(data, meeting)
    return following.start if following else None


def _parts(minutes: Minutes) -> Iterator[Block]:
    on = minutes.start.date()
    aside = f"Minutes {minutes.number}" if minutes.number else "Minutes, draft"
    yield Title(minutes.title, aside)
    yield Facts(tuple(_facts(minutes)))
    for topic in minutes.topics:
        presenter = f" ({topic.presenter})" if topic.presenter else ""
        yield Heading(f"{topic.title}{presenter}" if topic.title else "Notes")
        yield from text_blocks(topic.notes)
        yield from _outcomes(topic.items, on)
        if not topic.items and not topic.notes.strip():
            yield Paragraph("Nothing noted.", "muted")
    if minutes.others:
        yield Heading("Also decided, agreed and raised")
        yield from _outcomes(minutes.others, on)
    if minutes.untouched:
        yield Heading("Also on the agenda" if minutes.topics else "Agenda")
        yield Bullets(minutes.untouched)
    if minutes.carried:
        yield _carried(minutes.carried, on)
    yield Foot(_foot(minutes))


def _facts(minutes: Minutes) -> Iterator[tuple[str, str]]:
    end = minutes.start + dt.timedelta(minutes=minutes.length)
    until = f" to {end:%H:%M}" if minutes.length else ""
    yield "Project", minutes.project or NONE
    yield "Date", f"{_weekday(minutes.start)}, {minutes.start:%H:%M}{until}"
    yield "Present", ", ".join(minutes.present) or "not recorded"
    if minutes.present and minutes.absent:
        yield "Absent", ", ".join(minutes.absent)
    elif not minutes.present and minutes.invited:
        yield "Invited", ", ".join(minutes.invited)


_WORDS = {"decision": "Decision", "action": "Action", "risk": "Risk", "issue": "Issue"}


def _outcomes(items: Sequence[Item], on: dt.date) -> Iterator[Block]:
    if items:
        yield Bullets(tuple(_outcome(item, on) for item in items))


def _outcome(item: Item, on: dt.date) -> str:
    said = f"{_WORDS[item.kind]} {item.number}: {item.what}"
    if item.kind == "decision":
        return f"{said} (decided by {item.who})" if item.who else said
    who = item.who or "nobody yet"
    when = f"by {day(item.when, on)}" if item.when else "no date yet"
    when = f"review {day(item.when, on)}" if item.kind == "risk" else when
    return f"{said} ({who}, {'done' if item.done else when})"


def _carried(items: Sequence[Item], on: dt.date) -> Table:
    columns = (Column("No.", most=8), Column("Action", flex=True), Column("Who", most=14), Column("When", "right"))

    def cells(item: Item) -> tuple[Cell, ...]:
        late = not item.done and item.when is not None and item.when < on
        when = "done" if item.done else day(item.when, on)
        tone = "bad" if late else ""
        return Cell(item.number, "muted"), Cell(item.what), Cell(item.who or "nobody"), Cell(when, tone)

    return Table("Actions of earlier meetings", columns, tuple(map(cells, items)))


def _foot(minutes: Minutes) -> str:
    following = "Next meeting: not set."
    if minutes.next_start:
        following = f"Next meeting: {_weekday(minutes.next_start)}, {minutes.next_start:%H:%M}."
    if minutes.published_on is None:
        return f"{following} Draft: not published yet."
    by = f" by {minutes.published_by}" if minutes.published_by else ""
    return f"{following} Published {full_day(minutes.published_on)}{by}; a later decision corrects them."


def _weekday(moment: dt.datetime) -> str:
    return f"{WEEKDAYS[moment.weekday()][:3]} {full_day(moment.date())}"


def summary(minutes: Minutes) -> str:
    """What the minutes hold, in a few words: "2 decisions, 3 actions"."""
    kinds = [item.kind for topic in minutes.topics for item in topic.items]
    kinds += [item.kind for item in minutes.others]
    parts = [count(kinds.count(kind), kind) for kind in _WORDS if kind in kinds]
    return ", ".join(parts) or "no decisions or actions"
