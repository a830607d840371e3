"""What a captured line of a meeting's notes means: shown beside it while it is typed, and written when it is saved."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from pmtui.domain.capture import dated_action
from pmtui.domain.problems import Problem
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickgrammar import ParsedLine, Understood
from pmtui.domain.records import Decision, Issue, Meeting, Record, Risk, Task
from pmtui.domain.text import clean

RISK_REVIEW_AFTER = dt.timedelta(days=28)
"""When a risk raised in a meeting is reviewed first, where its line does not say."""

ISSUE_TARGET_AFTER = dt.timedelta(days=14)
"""When an issue raised in a meeting is to be resolved, where its line does not say."""

_DECIDER = re.compile(r"\s+(?:by\s+)?@(?P<handle>\w[\w.\-]{0,39})\s*$", re.IGNORECASE)
_SUPERSEDES = re.compile(r"\bsupersedes\s+D-(\d{1,9})\b", re.IGNORECASE)


def read_captured(kind: str, text: str, meeting: Meeting, data: ProjectData, today: dt.date) -> ParsedLine:
    """The values that a captured line tells, what was understood in words, and what was not."""
    if kind == "decision":
        return _decision(text, meeting, data)
    from pmtui.domain.quickline import read_line  # the grammar is loaded when a line is read

    parsed = read_line(kind, dated_action(text, today) if kind == "task" else text, data, today)
    wrong = {problem.field for problem in parsed.problems} - {"title"}
    values = {name: value for name, value in parsed.values.items() if name not in wrong}
    undated = [p.value for p in parsed.problems if p.field == "due" and p.value]
    if kind == "task" and undated and values.get("title"):
        due = "due " if f"due {undated[0]}" in text else ""
        values["title"] = f"{values['title']} {due}{undated[0]}"  # what is no day stays in the words
    return ParsedLine(kind, values, parsed.understood, parsed.problems, parsed.said)


def usual_values(kind: str, meeting: Meeting, author: str, today: dt.date) -> tuple[type[Record], dict[str, Any]]:
    """What a captured record has where its line does not say it."""
    number = meeting.number
    if kind == "decision":
        return Decision, {"date": meeting.start.date(), "meeting": number}
    if kind == "risk":
        return Risk, {"owner": author, "review_date": today + RISK_REVIEW_AFTER, "source": number}
    if kind == "issue":
        return Issue, {"owner": author, "target_date": today + ISSUE_TARGET_AFTER, "source": number}
    return Task, {"source": number}


def newcomers(values: Mapping[str, object], data: ProjectData) -> list[str]:
    """The people that a line names and the project does not know: they are added, unconfirmed."""
    named = [str(values[name]) for name in ("owner",) if values.get(name)]
    return [handle for handle in named if data.person(handle) is None]


def _decision(text: str, meeting: Meeting, data: ProjectData) -> ParsedLine:
    """A decision's words stay as they are; a person named at the end took it, else the meeting."""
    named = _DECIDER.search(text)
    words = clean(text[: named.start()] if named else text)
    decider = named["handle"].lower() if named else meeting.title
    replaced = _SUPERSEDES.search(text)
    supersedes = f"D-{int(replaced[1])}" if replaced else ""
    understood = [Understood("title", "Title", words), Understood("decided_by", "Decided by", decider)]
    problems: list[Problem] = []
    if supersedes and isinstance(data.get(supersedes), Decision):
        understood.append(Understood("supersedes", "Supersedes", supersedes))
    elif supersedes:
        problems.append(Problem("supersedes", supersedes, "there is no such decision here"))
    values = {"title": words, "decided_by": decider, "supersedes": supersedes}
    return ParsedLine("decision", values, tuple(understood), tuple(problems))
