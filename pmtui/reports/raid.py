"""The RAID log: risks, actions and assumptions, issues and decisions on one page, those that a filter lets through."""

import datetime as dt
from collections.abc import Iterator, Mapping

import msgspec

from pmtui.domain.filters import Filter
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Decision, Issue, Record, Risk, Task
from pmtui.domain.text import fold
from pmtui.reports.blocks import Block, Cell, Column, Facts, Foot, Heading, Paragraph, Table, Title
from pmtui.reports.words import NONE, day, full_day

ASSUMPTION = "assumption"
"""The tag of a task, a risk or an issue that rests on something not known yet."""

_NUMBER = Column("No.", most=8)
_WHO = Column("Owner", most=14)
_TONES = {"green": "", "amber": "warn", "red": "bad"}


class RaidRow(msgspec.Struct, frozen=True):
    """A line of the log: ``state`` is its score, where it comes from or its status; ``note`` what is done about it."""

    number: str
    title: str
    who: str
    state: str
    note: str
    on: dt.date | None
    tone: str = ""
    late: bool = False


class RaidLog(msgspec.Struct, frozen=True):
    """The log on a day. ``filter`` is the text of the filter that it was made with, empty for all that is open."""

    code: str
    project: str
    on: dt.date
    filter: str
    risks: tuple[RaidRow, ...]
    actions: tuple[RaidRow, ...]
    issues: tuple[RaidRow, ...]
    decisions: tuple[RaidRow, ...]

    @property
    def total(self) -> int:
        """How many lines it has."""
        return len(self.risks) + len(self.actions) + len(self.issues) + len(self.decisions)

    def blocks(self) -> tuple[Block, ...]:
        """The page's parts, in order."""
        return tuple(_parts(self))


def build_raid(data: ProjectData, today: dt.date, wanted: Filter | None = None) -> RaidLog:
    """The log: without a filter what is open and the decisions in force, else what the filter lets through."""

    def shown(record: Record) -> bool:
        if wanted is not None and wanted.text.strip():
            return wanted.matches(record, data)
        return not data.superseded_by(record.number) if isinstance(record, Decision) else record.is_open

    answers: dict[str, list[str]] = {}
    for risk in data.risks.values():
        for number in risk.actions:
            answers.setdefault(number, []).append(risk.number)
    risks = sorted(filter(shown, data.risks.values()), key=lambda r: (not r.is_open, -r.score, r.review_date, r.id))
    actions = sorted(filter(shown, _actions(data, answers)), key=lambda t: (not t.is_open, t.due or dt.date.max, t.id))
    issues = sorted(filter(shown, data.issues.values()), key=lambda i: (not i.is_open, -i.weight, i.target_date, i.id))
    decisions = sorted(filter(shown, data.decisions.values()), key=lambda d: (d.date, d.id), reverse=True)
    return RaidLog(
        code=data.project.code,
        project=data.project.title,
        on=today,
        filter=wanted.text.strip() if wanted else "",
        risks=tuple(_risk(risk, data, today) for risk in risks),
        actions=tuple(_action(task, answers, today) for task in actions),
        issues=tuple(_issue(issue, data, today) for issue in issues),
        decisions=tuple(_decision(decision, data) for decision in decisions),
    )


def _actions(data: ProjectData, answers: Mapping[str, list[str]]) -> list[Task]:
    """Tasks that a record asked for, or that answer a risk, and those that are tagged as an assumption."""
    return [t for t in data.tasks.values() if t.source or t.number in answers or _is_assumption(t)]


def _is_assumption(record: Record) -> bool:
    return any(fold(tag) == ASSUMPTION for tag in record.tags)


def _risk(risk: Risk, data: ProjectData, today: dt.date) -> RaidRow:
    state, tone = "not assessed", ""
    if risk.score:
        try:
            band = data.band(risk.score)
            state, tone = f"{risk.score} {band.name}", _TONES[band.tone]
        except ValueError:
            state = f"{risk.score}, outside the bands"
    parts = ("opportunity" if risk.kind == "opportunity" else "", risk.response, *risk.actions)
    note = ", ".join(filter(None, parts)) if risk.is_open else risk.status
    late = risk.review_is_due(today)
    return RaidRow(risk.number, risk.title, risk.owner, state, note or "none yet", risk.review_date, tone, late)


def _action(task: Task, answers: Mapping[str, list[str]], today: dt.date) -> RaidRow:
    source = ", ".join(dict.fromkeys(filter(None, (task.source, *answers.get(task.number, ())))))
    note = "assumption" if _is_assumption(task) else task.blocked_reason
    return RaidRow(task.number, task.title, task.owner, source or NONE, note or task.status, task.due, "",
                   task.is_overdue(today))  # fmt: skip


def _issue(issue: Issue, data: ProjectData, today: dt.date) -> RaidRow:
    needed = f"decision of {issue.decision_needed_from}" if issue.decision_needed_from else ""
    note = issue.resolution or needed or ("none yet" if issue.is_open else issue.status)
    try:
        band = data.band(issue.weight)
        state, tone = f"{issue.weight} {band.name}", _TONES[band.tone]
    except ValueError:
        state, tone = f"{issue.weight}, outside the bands", ""
    return RaidRow(
        issue.number, issue.title, issue.owner, state, note, issue.target_date, tone, issue.is_overdue(today)
    )


def _decision(decision: Decision, data: ProjectData) -> RaidRow:
    after = data.superseded_by(decision.number)
    note = f"superseded by {after}" if after else "in force"
    return RaidRow(decision.number, decision.title, decision.decided_by, decision.meeting or NONE, note, decision.date)


def _parts(log: RaidLog) -> Iterator[Block]:
    yield Title(log.project or log.code, "RAID log")
    facts = [("Date", full_day(log.on)), ("Shown", log.filter or "what is open, and decisions in force")]
    yield Facts((*facts, ("Lines", f"{log.total:,}")))
    if not log.total:
        yield Paragraph("Nothing fits the filter." if log.filter else "Nothing is open.", "muted")
    state = {"Risk": "Score", "Action": "From", "Issue": "Weight", "Decision": "Meeting"}
    for name, rows in (
        ("Risk", log.risks),
        ("Action", log.actions),
        ("Issue", log.issues),
        ("Decision", log.decisions),
    ):
        yield from _table(log, name, state[name], rows)
    yield Foot(f"As the logs stood on {full_day(log.on)}.")


_TITLES = {"Risk": "Risks", "Action": "Actions and assumptions", "Issue": "Issues", "Decision": "Decisions"}
_LAST = {"Risk": "Review", "Action": "Due", "Issue": "Target", "Decision": "On"}
_NOTES = {"Risk": "Response", "Action": "Status", "Issue": "Response", "Decision": "Status"}


def _table(log: RaidLog, name: str, state: str, rows: tuple[RaidRow, ...]) -> Iterator[Block]:
    title = f"{_TITLES[name]} ({len(rows):,})"
    if not rows:
        yield Heading(title)
        yield Paragraph("None.", "muted")
        return
    columns = (
        _NUMBER,
        Column(name, flex=True),
        Column(state, most=14),
        Column("Decided by", most=14) if name == "Decision" else _WHO,
        Column(_NOTES[name], most=24, wrap=True),
        Column(_LAST[name], "right"),
    )
    yield Table(title, columns, tuple(_cells(row, log.on) for row in rows))


def _cells(row: RaidRow, on: dt.date) -> tuple[Cell, ...]:
    return (
        Cell(row.number, "muted"),
        Cell(row.title),
        Cell(row.state, row.tone),
        Cell(row.who or NONE),
        Cell(row.note),
        Cell(day(row.on, on), "bad" if row.late else ""),
    )
