"""Records made and changed by the lines of a meeting's notes, within one change, until the minutes are published."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from pmtui.domain.agenda import survivor
from pmtui.domain.capture import CapturedLine, captured, numbered, turned
from pmtui.domain.capture_reading import read_captured, usual_values
from pmtui.domain.records import BY_KIND, Decision, Meeting, Record, Task
from pmtui.domain.validation import left_dangling, problems_of, status_problem
from pmtui.services.change import Change
from pmtui.services.project import OpenProject

LISTS = {"decision": "decisions", "task": "actions", "risk": "raised", "issue": "raised"}
"""Where a meeting names the records of each kind that its notes made."""

OWN = frozenset({"notes", "publish minutes", "undo", "redo"})
"""Verbs by which the notes themselves write a record; any other is somebody's work on it."""


def capture(project: OpenProject, change: Change, meeting: Meeting, notes: str) -> list[str]:
    """Store the notes and what their lines tell; the numbers of the records made, changed or taken out."""
    capturing = _Capturing(project, change, meeting)
    text = capturing.apply(notes)
    values = {"notes": text, **capturing.lists()}
    changed = {name: value for name, value in values.items() if getattr(meeting, name) != value}
    if changed:
        change.edit(meeting, **changed)
    capturing.take_out()
    return capturing.written


def why_kept(project: OpenProject, record: Record) -> str:
    """Why a record whose line was deleted is not taken out with it; empty where it is."""
    table = record.TYPE.table
    worked = next((t for t in project.history(record=(table, record.id)) if t.note.verb not in OWN), None)
    if worked is not None:
        return f"{worked.user} has worked on it since"
    return ""


def _is_merged(record: Record) -> bool:
    return isinstance(record, Task) and bool(record.survivor)


class _Capturing:
    """Makes and changes the records that a meeting's notes tell, within one change."""

    def __init__(self, project: OpenProject, change: Change, meeting: Meeting) -> None:
        self.written: list[str] = []
        self._project = project
        self._change = change
        self._meeting = meeting
        self._before = {item.number: item for item in captured(meeting.notes) if item.number}
        self._named = {*meeting.decisions, *meeting.actions, *meeting.raised} & self._before.keys()
        self._seen: dict[str, str] = {}

    def apply(self, notes: str) -> str:
        """The notes with a number at the end of every line that has a record now."""
        lines = [turned(line, self._before) for line in notes.split("\n")]
        found = captured("\n".join(lines))
        here = {item.number for item in found}
        for item in found:
            record = self._own(item)
            if record is None or record.number in self._seen:
                self._put_new(item, lines)
                continue
            lasting = survivor(self._change.data, record) if isinstance(record, Task) else record
            if lasting.number != record.number and lasting.number not in here:
                lines[item.line_no - 1] = numbered(lines[item.line_no - 1], lasting.number)
                self._change.said.append(f"{record.number} was merged into {lasting.number}: the line has its number")
            elif lasting.number != record.number:
                lasting = record
            self._seen[lasting.number] = LISTS[item.kind]
            if lasting.number == record.number and not _is_merged(record):
                self._edit(record, item)
        return "\n".join(lines)

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The meeting's decisions, actions and what was raised, as the notes have them now."""
        found = {}
        for name in ("decisions", "actions", "raised"):
            kept = [n for n in getattr(self._meeting, name) if n not in self._before or n in self._seen]
            found[name] = tuple(dict.fromkeys(kept + [n for n, list_ in self._seen.items() if list_ == name]))
        return found

    def take_out(self) -> None:
        """Take out the records whose lines were deleted, unless somebody worked on them or they are referred to."""
        for number in sorted(self._before.keys() - self._seen.keys()):
            record = self._change.data.get(number)
            if record is None or not self._came_from_here(record) or _is_merged(record):
                continue
            left = self._change.data.with_records({record.TYPE.table: {record.id: None}})
            dangling = left_dangling(record, left)
            why = why_kept(self._project, record) or (dangling[0].allowed if dangling else "")
            if why:
                self._change.said.append(f"{number} is no longer in the notes; the record stays: {why}")
            else:
                self._change.withdraw(record)
                self.written.append(number)
                self._change.said.append(f"{number} went with its line")

    def _put_new(self, item: CapturedLine, lines: list[str]) -> None:
        """Make the record of a line that has none, or whose number is another line's, or of nothing any more."""
        spent = item.number is not None and (item.number in self._seen or self._change.data.get(item.number) is None)
        words = item.text if spent or not item.number else f"{item.text} [{item.number}]"
        number = self._add(replace(item, text=words))
        if number:
            self._seen[number] = LISTS[item.kind]
            line = lines[item.line_no - 1]
            lines[item.line_no - 1] = numbered(line, number) if spent else f"{line.rstrip()} [{number}]"

    def _own(self, item: CapturedLine) -> Record | None:
        """The record of a line's number, where it came from this meeting; another's number is only text."""
        record = self._change.data.get(item.number) if item.number else None
        return record if record and (self._came_from_here(record) or item.number in self._named) else None

    def _came_from_here(self, record: Record) -> bool:
        return getattr(record, "meeting" if isinstance(record, Decision) else "source", "") == self._meeting.number

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
        if not values.get("title"):
            self._change.said.append(
                f"line {item.line_no}: {record.number} stays as it was, its line has no words left"
            )
            return
        was = self._values(old, aloud=False) if old else {"title": record.name}
        if old is None and values.get("title") == record.name:
            return
        changed = {n: v for n, v in values.items() if was.get(n) != v and getattr(record, n) != v}
        changed |= self._left_unsaid(record, was, values) if old else {}
        changed = self._sound(record, self._corrected(record, changed), changed, item.line_no)
        if changed:
            self._change.replace(self._corrected(record, changed))
            self.written.append(record.number)

    def _left_unsaid(self, record: Record, was: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
        """What a line said and says no more goes back to what is usual, unless it was changed elsewhere since."""
        usual = self._usual(record.TYPE.kind)[1]
        defaults = {field.name: field.default for field in msgspec.structs.fields(record.TYPE.struct)}
        found = {}
        for name in was.keys() - values.keys():
            value = usual.get(name, defaults.get(name))
            last = self._project.last_change(record.TYPE.table, record.id, name)
            if (last is None or last.note.verb in OWN) and getattr(record, name) != value:
                found[name] = value
        return found

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
        parsed = read_captured(item.kind, item.text, self._meeting, self._change.data, self._change.today)
        if aloud:
            problems = () if item.kind == "decision" else parsed.problems  # the rules tell of a decision's
            told = (*(str(one) for one in problems if one.field != "title"), *parsed.said)
            self._change.said += [f"line {item.line_no}: {words}" for words in told]
        return dict(parsed.values)

    def _usual(self, kind: str) -> tuple[type[Record], dict[str, Any]]:
        """What a captured record has where its line does not say it."""
        assert kind in BY_KIND
        return usual_values(kind, self._meeting, self._project.session.user, self._change.today)
