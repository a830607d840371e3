"""Meetings: notes whose lines become records, who was there, the minutes, and the next agenda."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from pmtui.domain.capture import CapturedLine, captured, carry_numbers, dated_action, merge_notes, numbered
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Decision, Issue, Meeting, Record, Risk, Task, Topic
from pmtui.domain.text import clean, fold
from pmtui.domain.validation import problems_of, status_problem
from pmtui.domain.values import read_handle
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome

RISK_REVIEW_AFTER = dt.timedelta(days=28)
"""When a risk raised in a meeting is reviewed first, where its line does not say."""

ISSUE_TARGET_AFTER = dt.timedelta(days=14)
"""When an issue raised in a meeting is to be resolved, where its line does not say."""

ACTIONS_TOPIC = "Open actions"
RISKS_TOPIC = "Risks to review"
_SHOWN = 6
_DECIDER = re.compile(r"\s+(?:by\s+)?@(?P<handle>\w[\w.\-]{0,39})\s*$", re.IGNORECASE)
_SUPERSEDES = re.compile(r"\bsupersedes\s+D-(\d{1,9})\b", re.IGNORECASE)
_LISTS = {"decision": "decisions", "task": "actions", "risk": "raised", "issue": "raised"}


def save_notes(project: OpenProject, number: str, notes: str, base: str | None = None) -> Outcome:
    """Save a meeting's notes, and make or change the records that their lines tell, in one transaction.

    ``base`` is the notes as they were opened: where somebody has written in them since, both are kept.
    The outcome has the numbers of the records made or changed; the notes then carry these numbers.
    """
    text = clean(notes, lines=True)
    with project.change("notes") as change:
        meeting = _open(change, _meeting(project, number))
        joined = _joined(change, meeting, text, base)
        numbers = _capture(project, change, meeting, joined)
    several = f"{len(numbers)} record" + ("" if len(numbers) == 1 else "s")
    words = f"{number} notes saved" + (f", {several} written" if numbers else "")
    return Outcome(tuple(numbers), words, tuple(change.said))


def hold(project: OpenProject, number: str, present: Iterable[str]) -> Outcome:
    """The meeting takes place, with these people present."""
    handles = tuple(dict.fromkeys(_handle(name) for name in present))
    with project.change("hold") as change:
        meeting = _open(change, _meeting(project, number))
        change.edit(meeting, status="held", present=handles)
    people = f"{len(handles)} present" if handles else "nobody marked present yet"
    return Outcome((number,), f"{number} held, {people}", tuple(change.said))


def mark_present(project: OpenProject, number: str, handle: str, *, here: bool = True) -> Outcome:
    """Somebody is here, or is not."""
    name = _handle(handle)
    with project.change("present") as change:
        meeting = _open(change, _meeting(project, number))
        others = tuple(p for p in meeting.present if p != name)
        change.edit(meeting, present=(*others, name) if here else others)
    return Outcome((number,), f"@{name} is {'present' if here else 'not present'}", tuple(change.said))


def publish(project: OpenProject, number: str) -> Outcome:
    """Number the minutes and freeze them as a page; the notes can't be changed any more."""
    from pmtui.reports.markdown import to_markdown  # the page's makers are loaded when a page is made
    from pmtui.reports.minutes import build_minutes, summary

    with project.change("publish minutes") as change:
        meeting = _open(change, _meeting(project, number))
        _capture(project, change, meeting, meeting.notes)
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
    return Outcome((number,), words, tuple(change.said))


def next_agenda(project: OpenProject, series: str) -> tuple[Topic, ...]:
    """Topics for the next meeting of a series: its open actions, changes to decide, risks due for review.

    Without a series, the open actions of all meetings.
    """
    return tuple(_agenda(project.data, project.today, {m.number for m in _of_series(project.data, series)}))


def carry_over(project: OpenProject, number: str) -> Outcome:
    """Bring the open actions of the series' earlier meetings, and what waits, into this one."""
    with project.change("carry over") as change:
        meeting = _open(change, _meeting(project, number))
        if not meeting.series:
            raise Refused([Problem("series", "", "give the meeting the name of its series first", number)])
        earlier = [m for m in _of_series(change.data, meeting.series) if m.start < meeting.start]
        numbers = {m.number for m in earlier}
        open_now = open_actions(change.data, numbers)
        actions = tuple(dict.fromkeys((*meeting.actions, *(task.number for task in open_now))))
        known = {fold(_stem(topic.topic)) for topic in meeting.agenda}
        wanted = _agenda(change.data, project.today, numbers)
        added = tuple(topic for topic in wanted if fold(_stem(topic.topic)) not in known)
        carried = len(actions) - len(meeting.actions)
        if carried or added:
            change.edit(meeting, actions=actions, agenda=(*meeting.agenda, *added))
    words = f"{carried} open action{'' if carried == 1 else 's'} and {len(added)} topics carried over to {number}"
    return Outcome((number,), words, tuple(change.said))


def open_actions(data: ProjectData, meetings: Iterable[str]) -> list[Task]:
    """The open tasks that these meetings asked for, the most overdue first."""
    wanted = set(meetings)
    found = [task for task in data.tasks.values() if task.source in wanted and task.is_open]
    return sorted(found, key=lambda task: (task.due is None, task.due, task.id))


def _agenda(data: ProjectData, today: dt.date, meetings: set[str]) -> Iterator[Topic]:
    actions = open_actions(data, meetings)
    if actions:
        yield Topic(f"{ACTIONS_TOPIC}: {_some(actions)}", minutes=min(30, 2 * len(actions)))
    undecided = [c for c in data.changes.values() if c.is_undecided()]
    for change in sorted(undecided, key=lambda c: (c.decision_due is None, c.decision_due, c.id)):
        yield Topic(f"Decide {change.number} {change.title}", minutes=10, presenter=change.requester)
    for issue in data.issues.values():
        if issue.is_open and issue.decision_needed_from:
            yield Topic(f"Decide {issue.number} {issue.title}", minutes=10, presenter=issue.owner)
    risks = [risk for risk in data.risks.values() if risk.is_open and risk.review_date <= today]
    if risks:
        worst = sorted(risks, key=lambda r: -r.score)
        yield Topic(f"{RISKS_TOPIC}: {_some(worst)}", minutes=5 * min(4, len(risks)))


def _some(records: Sequence[Record]) -> str:
    numbers = [record.number for record in records]
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return ", ".join(numbers[:_SHOWN]) + more


def _stem(topic: str) -> str:
    """What makes a carried topic the same one, however many numbers it names."""
    return topic.partition(":")[0] if topic.startswith((ACTIONS_TOPIC, RISKS_TOPIC)) else topic


def _of_series(data: ProjectData, series: str) -> list[Meeting]:
    wanted = fold(series.strip())
    return [m for m in data.meetings.values() if not wanted or fold(m.series) == wanted]


def _capture(project: OpenProject, change: Change, meeting: Meeting, notes: str) -> list[str]:
    """Store the notes and what their lines tell; the numbers of the records made or changed."""
    capturing = _Capturing(change, meeting, project.session.user)
    text = capturing.apply(notes)
    values = {"notes": text, **capturing.lists()}
    changed = {name: value for name, value in values.items() if getattr(meeting, name) != value}
    if changed:
        change.edit(meeting, **changed)
    return capturing.written


class _Capturing:
    """Makes and changes the records that a meeting's notes tell, within one change."""

    def __init__(self, change: Change, meeting: Meeting, author: str) -> None:
        self.written: list[str] = []
        self._change = change
        self._meeting = meeting
        self._author = author
        self._before = {item.number: item for item in captured(meeting.notes) if item.number}
        self._seen: dict[str, str] = {}

    def apply(self, notes: str) -> str:
        """The notes with a number at the end of every line that has a record now."""
        lines = notes.split("\n")
        for item in captured(notes):
            record = self._own(item)
            if record is not None and record.number not in self._seen:
                self._seen[record.number] = _LISTS[item.kind]
                self._edit(record, item)
                continue
            copied = item.number in self._seen
            words = item.text if copied or not item.number else f"{item.text} [{item.number}]"
            number = self._add(replace(item, text=words))
            if number:
                self._seen[number] = _LISTS[item.kind]
                line = lines[item.line_no - 1]
                lines[item.line_no - 1] = numbered(line, number) if copied else f"{line.rstrip()} [{number}]"
        for number in sorted(self._before.keys() - self._seen.keys()):
            if self._change.data.get(number):
                self._change.said.append(f"{number} is no longer in the notes; the record stays")
        return "\n".join(lines)

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The meeting's decisions, actions and what was raised, as the notes have them now."""
        found = {}
        for name in ("decisions", "actions", "raised"):
            kept = [n for n in getattr(self._meeting, name) if n not in self._before or n in self._seen]
            found[name] = tuple(dict.fromkeys(kept + [n for n, list_ in self._seen.items() if list_ == name]))
        return found

    def _own(self, item: CapturedLine) -> Record | None:
        """The record of a line's number, where it came from this meeting; another's number is only text."""
        record = self._change.data.get(item.number) if item.number else None
        came_from = getattr(record, "meeting" if isinstance(record, Decision) else "source", "")
        return record if came_from == self._meeting.number else None

    def _add(self, item: CapturedLine) -> str:
        """Make the record of a new line; its number, or nothing where the line tells none."""
        values = self._values(item, aloud=True)
        struct, usual = self._usual(item.kind)
        record = struct(**usual | values) if values.get("title") else None
        if record is not None:
            sound = self._sound(None, record, values, item.line_no)
            record = struct(**usual | sound) if sound.get("title") else None
        if record is None:
            self._change.said.append(f"line {item.line_no}: nothing was made of it, it has no words of its own")
            return ""
        new = self._change.add(record)
        self.written.append(new.number)
        if isinstance(new, Task):
            lacking = [word for word, value in (("owner", new.owner), ("due date", new.due)) if not value]
            self._change.said += [f"{new.number} has no {' and no '.join(lacking)} yet"] if lacking else []
        return new.number

    def _edit(self, record: Record, item: CapturedLine) -> None:
        """Change what the line says differently than when it was saved last, and nothing else."""
        old = self._before.get(record.number)
        if old is not None and old.text == item.text:
            return
        values = self._values(item, aloud=True)
        was = self._values(old, aloud=False) if old else {"title": record.name}
        if old is None and values.get("title") == record.name:
            return
        changed = {n: v for n, v in values.items() if was.get(n) != v and getattr(record, n) != v}
        changed = self._sound(record, self._corrected(record, changed), changed, item.line_no)
        if changed:
            self._change.replace(self._corrected(record, changed))
            self.written.append(record.number)

    def _corrected(self, record: Record, values: Mapping[str, Any]) -> Record:
        """The record as its line has it now: what was just written down is corrected, so it is no slip."""
        changed = msgspec.structs.replace(record, **values)
        after: Record = record.TYPE.follow(record, changed, self._change.today)
        if isinstance(record, Task) and isinstance(after, Task):
            first = record.baseline_due in {None, record.due}
            baseline = after.due if first else record.baseline_due
            return msgspec.structs.replace(after, slip_count=record.slip_count, baseline_due=baseline)
        return after

    def _sound(self, before: Record | None, trial: Record, values: Mapping[str, Any], line: int) -> dict[str, Any]:
        """The values that the rules allow; the others are told, so that one never costs the whole notes."""
        after = trial if before else trial.TYPE.follow(None, trial, self._change.today)
        problems = problems_of(after, self._change.data)
        moved = status_problem(before, after) if before else None
        problems += [moved] if moved else []
        if not problems:
            return dict(values)
        self._change.said += [f"line {line}: {problem}" for problem in problems]
        wrong = {problem.field for problem in problems}
        if not wrong & values.keys():
            wrong = values.keys() - {"title"}
        return {name: value for name, value in values.items() if name not in wrong}

    def _values(self, item: CapturedLine, *, aloud: bool) -> dict[str, Any]:
        """The fields that a line tells; what it does not get across is said where ``aloud``."""
        if item.kind == "decision":
            return self._decision(item.text)
        from pmtui.domain.quickline import read_line  # the grammar is loaded when a line is read

        text = dated_action(item.text, self._change.today) if item.kind == "task" else item.text
        parsed = read_line(item.kind, text, self._change.data, self._change.today)
        if aloud:
            told = (*map(str, parsed.problems), *parsed.said)
            self._change.said += [f"line {item.line_no}: {words}" for words in told]
        wrong = {problem.field for problem in parsed.problems} - {"title"}
        values = {name: value for name, value in parsed.values.items() if name not in wrong}
        undated = [p.value for p in parsed.problems if p.field == "due" and p.value]
        if item.kind == "task" and undated and values.get("title"):
            due = "due " if f"due {undated[0]}" in item.text else ""
            values["title"] = f"{values['title']} {due}{undated[0]}"  # what is no day stays in the words
        return values

    def _decision(self, text: str) -> dict[str, Any]:
        """A decision's words stay as they are; a person named at the end took it, else the meeting."""
        named = _DECIDER.search(text)
        words = text[: named.start()] if named else text
        decider = named["handle"].lower() if named else self._meeting.title
        replaced = _SUPERSEDES.search(text)
        supersedes = f"D-{int(replaced[1])}" if replaced else ""
        return {"title": clean(words), "decided_by": decider, "supersedes": supersedes}

    def _usual(self, kind: str) -> tuple[type[Record], dict[str, Any]]:
        """What a captured record has where its line does not say it."""
        number, today = self._meeting.number, self._change.today
        if kind == "decision":
            return Decision, {"date": self._meeting.start.date(), "meeting": number}
        if kind == "risk":
            return Risk, {"owner": self._author, "review_date": today + RISK_REVIEW_AFTER, "source": number}
        if kind == "issue":
            return Issue, {"owner": self._author, "target_date": today + ISSUE_TARGET_AFTER, "source": number}
        return Task, {"source": number}


def _joined(change: Change, meeting: Meeting, notes: str, base: str | None) -> str:
    """The notes with the numbers their lines have, and with what others wrote since ``base``."""
    stored = meeting.notes
    mine = carry_numbers(notes, stored)
    if base is None:
        return mine
    began = carry_numbers(clean(base, lines=True), stored)
    if began == stored:
        return mine
    joined, overruled = merge_notes(began, mine, stored)
    change.said.append(f"{meeting.updated_by} wrote in these notes meanwhile; both are kept")
    change.said += [f"your line stays instead of {meeting.updated_by}'s: {line}" for line in overruled]
    return joined


def _meeting(project: OpenProject, number: str) -> Meeting:
    found = project.get(number)
    if not isinstance(found, Meeting):
        raise Refused(f"{number}: only meetings can do this, it is a {found.TYPE.words[0]}")
    return found


def _open(change: Change, meeting: Meeting) -> Meeting:
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
