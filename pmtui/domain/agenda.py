"""The agenda of a meeting: drafted from what waits, kept where a hand wrote it, and as a text to edit.

A drafted topic names the numbers of its records and proposes minutes. The order is that of consequence: what is
decided too late, what moved a milestone, the gravest risks, then what is late, then the rest.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Change, Issue, Meeting, Milestone, Record, Risk, Task, Topic
from pmtui.domain.series import before
from pmtui.domain.text import clean, fold
from pmtui.domain.values import read_handle

ACTIONS, RISKS, MILESTONES, DECIDE = "Open actions", "Risks to review", "Milestones moved", "Decide"
"""What drafted topics begin with."""

LONG_AGO = dt.timedelta(days=28)
"""How far back is looked for what moved, where a series has no earlier meeting."""

GRAVE, SEVERE, URGENT = 20, 15, 4
"""Risk scores, of 25, and an urgency, of 5, from which on a topic comes earlier."""

MOST_MINUTES = 1440
_SHOWN = 6
_NUMBER = re.compile(r"\b(?:CR|I)-\d{1,9}\b")
_AT_END = re.compile(
    r"(?:^|\s)(?:@(?P<who>\w[\w.\-]{0,39})|(?P<minutes>\d{1,4})\s?(?:m|min|minutes))\s*$", re.IGNORECASE
)
_BEFORE = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A topic with its weight: the heavier, the earlier."""

    weight: int
    topic: Topic


def draft_agenda(data: ProjectData, meeting: Meeting, today: dt.date, moved: Mapping[str, int]) -> tuple[Topic, ...]:
    """What waits for a meeting, in order of consequence; topics that its last two predecessors both had come first.

    ``moved`` are milestones by number whose forecast is so many days later (or earlier) than at the last meeting.
    """
    found = [*_decisions(data, meeting), *_milestones(data, moved), *_actions(data, meeting, today)]
    found += [*_risks(data, meeting, today), *_wanted(data, found)]
    found.sort(key=lambda proposed: -proposed.weight)
    return (*_standing(data, meeting), *(proposed.topic for proposed in found))


def redraft(agenda: Sequence[Topic], drafted: Sequence[Topic]) -> tuple[Topic, ...]:
    """An agenda with its drafted topics anew; those that a hand wrote or altered stay, and are not drafted again."""
    kept = [topic for topic in agenda if not topic.drafted]
    said = {about for topic in kept for about in _about(topic)}
    new = [topic for topic in drafted if not said & set(_about(topic))]
    place = next((at for at, topic in enumerate(agenda) if topic.drafted), len(agenda))
    ahead = sum(1 for topic in agenda[:place] if not topic.drafted)
    return (*kept[:ahead], *new, *kept[ahead:])


def since(data: ProjectData, meeting: Meeting, today: dt.date) -> dt.date:
    """The day of the last meeting of the series before this one."""
    earlier = [m.start.date() for m in before(data, meeting) if m.start.date() <= today]
    return earlier[-1] if earlier else today - LONG_AGO


def open_actions(data: ProjectData, meetings: Sequence[Meeting]) -> list[Task]:
    """The open tasks that these meetings asked for or carried, the most overdue first; a merged one as its survivor."""
    numbers = {m.number for m in meetings}
    found = {task.number: task for task in data.tasks.values() if task.source in numbers}
    found |= {n: task for m in meetings for n in m.actions if isinstance(task := data.get(n), Task)}
    tasks = {task.number: task for each in found.values() if (task := survivor(data, each)).is_open}
    return sorted(tasks.values(), key=lambda task: (task.due is None, task.due, task.id))


def survivor(data: ProjectData, task: Task) -> Task:
    """The task that one was merged into, and so on; itself where it was not."""
    met = {task.number}
    while task.survivor and task.survivor not in met:
        found = data.get(task.survivor)
        if not isinstance(found, Task):
            break
        task = found
        met.add(task.number)
    return task


# What is proposed -------------------------------------------------------------------


def _decisions(data: ProjectData, meeting: Meeting) -> Iterator[Proposed]:
    """Changes and issues that wait for a decision: those that are late by the day of the meeting first."""
    day = meeting.start.date()
    for change in data.changes.values():
        if change.is_undecided():
            late = (day - change.decision_due).days if change.decision_due else -1
            weighs = 5 if change.delta_cost or change.delta_days else 0
            yield _decide(change, late, weighs, minutes=15 if weighs else 10, who=change.requester)
    for issue in data.issues.values():
        if issue.is_open and issue.decision_needed_from:
            urgent = 5 if (issue.urgency or 0) >= URGENT else 0
            yield _decide(issue, (day - issue.target_date).days, urgent, minutes=10, who=issue.owner)


def _decide(record: Change | Issue, late: int, more: int, *, minutes: int, who: str) -> Proposed:
    weight = 90 + min(late, 9) if late >= 0 else 50 + more
    return Proposed(weight, Topic(f"{DECIDE} {record.number} {record.title}", minutes, who, drafted=True))


def _milestones(data: ProjectData, moved: Mapping[str, int]) -> Iterator[Proposed]:
    found = [(m, days) for n, days in moved.items() if isinstance(m := data.get(n), Milestone) and days and m.is_open]
    if found:
        found.sort(key=lambda each: (-each[1], each[0].id))
        words = [f"{m.number} {m.title} {days:+d} day{'' if abs(days) == 1 else 's'}" for m, days in found]
        worst = found[0][1]
        weight = 80 + min(worst, 9) if worst > 0 else 20
        yield Proposed(weight, Topic(f"{MILESTONES}: {_some(words)}", min(20, 5 * len(found)), drafted=True))


def _actions(data: ProjectData, meeting: Meeting, today: dt.date) -> Iterator[Proposed]:
    found = open_actions(data, before(data, meeting))
    if found:
        late = sum(1 for task in found if task.is_overdue(today))
        words = f"{_some([task.number for task in found])}{f', {late} late' if late else ''}"
        topic = Topic(f"{ACTIONS}: {words}", min(30, 2 * len(found)), drafted=True)
        yield Proposed(60 if late else 30, topic)


def _risks(data: ProjectData, meeting: Meeting, today: dt.date) -> Iterator[Proposed]:
    """Risks due for review by the day of the meeting, and those whose score is another than at the last one."""
    day, last = meeting.start.date(), since(data, meeting, today)
    found: list[tuple[Risk, str]] = []
    for risk in data.risks.values():
        was = _score_on(risk, last)
        moved = bool(was) and was != risk.score
        if risk.is_open and (moved or risk.review_date <= day):
            found.append((risk, f"{risk.number} ({was} → {risk.score})" if moved else risk.number))
    if found:
        found.sort(key=lambda each: (-each[0].score, each[0].id))
        worst = found[0][0].score
        weight = 75 if worst >= GRAVE else 55 if worst >= SEVERE else 25
        words = _some([said for _, said in found])
        yield Proposed(weight, Topic(f"{RISKS}: {words}", 5 * min(4, len(found)), drafted=True))


def _score_on(risk: Risk, day: dt.date) -> int:
    """A risk's score on a day; 0 where it was not assessed by then."""
    return next((score.score for score in reversed(risk.scores) if score.on <= day), 0)


def _wanted(data: ProjectData, found: Sequence[Proposed]) -> Iterator[Proposed]:
    """What the newest report asks to be decided, where it is about no record that stands here already."""
    reports = sorted(data.reports.values(), key=lambda report: (report.status == "draft", report.period_end, report.id))
    said = {number for proposed in found for number in _NUMBER.findall(proposed.topic.topic)}
    text = str(reports[-1].words.get("decisions wanted", "")) if reports else ""
    for line in text.splitlines():
        words = clean(_BEFORE.sub("", line))
        numbers = set(_NUMBER.findall(words))
        known = [data.get(number) for number in numbers]
        settled = bool(numbers) and not any(_waits(record) for record in known)
        if words and not numbers & said and not settled and not fold(words).startswith("none"):
            yield Proposed(50, Topic(f"{DECIDE}: {words}", 10, drafted=True))


def _waits(record: Record | None) -> bool:
    return record.is_undecided() if isinstance(record, Change) else record is not None and record.is_open


def _standing(data: ProjectData, meeting: Meeting) -> Iterator[Topic]:
    """Topics that a hand wrote for the last two meetings of the series alike."""
    earlier = before(data, meeting)[-2:]
    if len(earlier) == 2:
        once = {fold(topic.topic) for topic in earlier[0].agenda if not topic.drafted}
        for topic in earlier[1].agenda:
            if not topic.drafted and fold(topic.topic) in once and _about(topic) == [fold(topic.topic)]:
                yield Topic(topic.topic, topic.minutes, topic.presenter, drafted=True)


def _about(topic: Topic) -> list[str]:
    """What tells a topic from others, however it was written: what it begins with, the records to decide, its words."""
    begins = next((stem for stem in (ACTIONS, RISKS, MILESTONES) if fold(topic.topic).startswith(fold(stem))), "")
    return [begins] if begins else [*_NUMBER.findall(topic.topic), fold(topic.topic)]


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more


# As a text ----------------------------------------------------------------------------


def write_agenda(agenda: Sequence[Topic]) -> str:
    """An agenda as people edit it: a topic a line, then who presents it and its minutes."""
    return "\n".join(map(write_topic, agenda))


def write_topic(topic: Topic) -> str:
    """A topic on a line: ``Go live @ben 20m``."""
    who = f" @{topic.presenter}" if topic.presenter else ""
    return f"{topic.topic}{who}{f' {topic.minutes}m' if topic.minutes else ''}"


def read_agenda(text: str, was: Sequence[Topic] = ()) -> tuple[Topic, ...]:
    """The topics that a text says, a line each; those that stand as they were keep all they had."""
    known = {write_topic(topic): topic for topic in was}
    lines = (line.strip() for line in text.splitlines())
    found = (known.get(line) or _read_topic(line) for line in lines if line)
    return tuple(topic for topic in found if topic.topic)


def _read_topic(line: str) -> Topic:
    words, minutes, who = clean(_BEFORE.sub("", line)), 0, ""
    while found := _AT_END.search(words):
        if (found["who"] and who) or (found["minutes"] and minutes):
            break
        who = read_handle(found["who"]) if found["who"] else who
        minutes = min(MOST_MINUTES, int(found["minutes"])) if found["minutes"] else minutes
        words = words[: found.start()].rstrip(" ,·")
        if found["minutes"] and not minutes:
            break
    return Topic(words, minutes, who)
