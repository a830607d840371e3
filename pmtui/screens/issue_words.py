"""Issues in words: a row of the issue log, the story beside it, and how the log stands as a whole."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pmtui.domain.dates import say_date, short_due
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Issue
from pmtui.screens.details import due_tone, last_notes
from pmtui.screens.risk_words import TONES, action_lines
from pmtui.screens.summary import Fact, fitted, flowed
from pmtui.services.project import OpenProject
from pmtui.services.responses import actions_of
from pmtui.widgets.cells import Cell, Span, wrap
from pmtui.widgets.record_table import Column

ISSUE_COLUMNS = (
    Column("number", "No", 5),
    Column("title", "Issue", minimum=20),
    Column("owner", "Who", 7, priority=2),
    Column("steps", "U×I", 3),
    Column("weight", "Weight", 6, "right", priority=6),
    Column("target", "Target", 9, priority=1),
    Column("decision", "Decision by", 18, priority=3),
    Column("source", "From", 5, priority=4),
    Column("status", "Status", 9, priority=5),
    Column("kind", "Kind", 18, priority=7),
)


def in_order(issue: Issue) -> tuple[bool, bool, int, dt.date, int]:
    """Open ones first, then postponed ones, the gravest first, then by target date; those that ended last."""
    return not issue.is_open, issue.status == "postponed", -issue.weight, issue.target_date, issue.id


def decision_is_late(issue: Issue, today: dt.date) -> bool:
    """Whether a decision was needed before today."""
    by = issue.decision_needed_by
    return bool(issue.is_open and issue.decision_needed_from and by and by < today)


def issue_row(issue: Issue, data: ProjectData, today: dt.date) -> Sequence[Cell]:
    """The cells of an issue, one a column; all dim where it has ended."""
    band = data.band(issue.weight)
    cells: tuple[Cell, ...] = (
        (issue.number, "muted"),
        issue.title,
        issue.owner,
        (f"{issue.urgency} {issue.impact}", TONES[band.tone]),
        (f"{issue.weight} {band.letter}", TONES[band.tone]),
        (short_due(issue.target_date, today), due_tone(issue.target_date, today)) if issue.is_open else "",
        _decision(issue, today) if issue.is_open else "",
        issue.source,
        issue.status,
        issue.kind,
    )
    return cells if issue.is_open else tuple((_plain(cell), "muted") for cell in cells)


def _plain(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell[0])


def _decision(issue: Issue, today: dt.date) -> Cell:
    """Who must decide, and by when: the day first, since it is what one looks for."""
    if not issue.decision_needed_from:
        return ""
    by = issue.decision_needed_by
    when = f"{short_due(by, today)} " if by else ""
    return (f"{when}{issue.decision_needed_from}", "bad" if decision_is_late(issue, today) else "warn")


def issue_story(project: OpenProject, issue: Issue, width: int) -> list[Sequence[Span]]:
    """What one must know of an issue before deciding, the most urgent first."""
    data, today = project.data, project.today
    lines: list[Sequence[Span]] = [((part, "strong"),) for part in wrap(f"{issue.number}  {issue.title}", width)]
    lines += flowed([((text, tone),) for text, tone in _facts(issue, data, today) if text], width)
    for text, tone in _more(project, issue):
        lines += [((part, tone),) for part in wrap(text, width)]
    return [*lines, *last_notes(issue, width)]


def _facts(issue: Issue, data: ProjectData, today: dt.date) -> Iterator[Span]:
    band = data.band(issue.weight)
    yield issue.owner, ""
    yield issue.status, ""
    yield issue.kind, ""
    yield f"urgency {issue.urgency} × impact {issue.impact} = {issue.weight} {band.name}", TONES[band.tone]
    if issue.is_open:
        late = (today - issue.target_date).days
        past = f", {late} day{'s' if late > 1 else ''} late" if late > 0 else ""
        yield f"target {say_date(issue.target_date, today)}{past}", due_tone(issue.target_date, today)
    yield " ".join(f"#{tag}" for tag in issue.tags), "muted"


def _more(project: OpenProject, issue: Issue) -> Iterator[Span]:
    data, today = project.data, project.today
    if issue.decision_needed_from:
        by = f" by {say_date(issue.decision_needed_by, today)}" if issue.decision_needed_by else ""
        late = decision_is_late(issue, today)
        words = f"Decision needed from {issue.decision_needed_from}{by}{', past' if late else ''}"
        yield words, "bad" if late else "warn"
    if issue.resolution:
        yield f"Resolved: {issue.resolution}", ""
    source = data.get(issue.source) if issue.source else None
    if source is not None:
        occurred = "the risk that occurred" if source.TYPE.kind == "risk" else f"a {source.TYPE.words[0]}"
        yield f"From {source.number} {source.name}, {occurred}", ""
    yield from action_lines(actions_of(project, issue), today)
    if issue.links:
        named = [f"{number} {found.name}" if (found := data.get(number)) else number for number in issue.links]
        yield f"Linked to {', '.join(named)}", "muted"


def log_lines(project: OpenProject, issues: Sequence[Issue], width: int) -> list[Sequence[Span]]:
    """How the open issues stand: how many, late ones, and the decisions that are wanted."""
    today = project.today
    late = sum(1 for issue in issues if issue.is_overdue(today))
    wanted = [issue for issue in issues if issue.decision_needed_from]
    past = sum(1 for issue in wanted if decision_is_late(issue, today))
    grave = sum(1 for issue in issues if project.data.band(issue.weight).tone != "green")
    facts: list[Fact] = [((f"{len(issues)} open", "strong"),)]
    facts += [((f"{late} past target", "bad"),)] if late else []
    decisions = f"{len(wanted)} decision{'s' if len(wanted) > 1 else ''} wanted" + (f", {past} past" if past else "")
    facts += [((decisions, "warn"),)] if wanted else []
    facts += [((f"{grave} grave", "warn"),)] if grave else []
    postponed = sum(1 for issue in issues if issue.status == "postponed")
    facts += [((f"{postponed} postponed", "muted"),)] if postponed else []
    return [fitted(list(enumerate(facts)), width)]
