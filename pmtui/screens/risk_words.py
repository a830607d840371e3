"""Risks in words: a row of the register, the story beside it, and the exposure of all of them."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pmtui.domain.dates import say_date, short_due
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Risk
from pmtui.domain.records.risk import residual_below_inherent
from pmtui.screens.details import due_tone, story
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.services.project import OpenProject
from pmtui.services.risks import Exposure, expected_value, exposure, trend
from pmtui.widgets.cells import Cell, Span, fit, wrap
from pmtui.widgets.charts import sparkline
from pmtui.widgets.record_table import Column

TONES = {"green": "good", "amber": "warn", "red": "bad"}
"""The tone on the screen of a band's tone."""

ARROWS = {1: "↗", 0: "→", -1: "↘"}
OPPORTUNITY = "◇ "
"""Stands before an opportunity's title."""

COLUMNS = (
    Column("number", "No", 5),
    Column("title", "Risk", minimum=32),
    Column("owner", "Who", 7, priority=2),
    Column("steps", "P×I", 3),
    Column("score", "Score", 5, "right"),
    Column("band", "Band", 9, priority=3),
    Column("arrow", "", 1),
    Column("trend", "Scores", 8, priority=6),
    Column("expected", "Expected", 9, "right", priority=7),
    Column("review", "Review", 9, priority=1),
    Column("status", "Status", 9, priority=4),
    Column("response", "Response", 16, priority=5),
)


def row_of(risk: Risk, data: ProjectData, today: dt.date) -> Sequence[Cell]:
    """The cells of a risk, one a column; all dim where it is no longer open."""
    band = data.band(risk.score) if risk.score else None
    tone = _tone(risk, data)
    way = trend(risk, today)
    cells: tuple[Cell, ...] = (
        (risk.number, "muted"),
        ((OPPORTUNITY, "good"), (risk.title, "")) if risk.kind == "opportunity" else risk.title,
        risk.owner,
        f"{risk.probability or '?'} {risk.impact or '?'}",
        (f"{risk.score} {band.letter}", tone) if band else ("?", "warn"),
        (band.name, tone) if band else ("not yet", "warn"),
        (ARROWS[way] if risk.score else "", _way_tone(risk, way)),
        (sparkline([s.score for s in risk.scores], 8), "muted"),
        amount(expected_value(risk)) if expected_value(risk) else "",
        (short_due(risk.review_date, today), due_tone(risk.review_date, today)),
        risk.status,
        risk.response or ("none yet", "warn"),
    )
    return cells if risk.is_open else tuple((_text(cell), "muted") for cell in _ended(cells))


def _ended(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """A risk that has ended has no trend, no review and misses no response."""
    gone = {"arrow", "expected", "review"}
    shown = [("" if column.key in gone else cell) for column, cell in zip(COLUMNS, cells, strict=True)]
    if shown[-1] == ("none yet", "warn"):
        shown[-1] = ""
    return tuple(shown)


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return "".join(str(part[0]) if isinstance(part, tuple) else "" for part in cell) or str(cell[0])


def _tone(risk: Risk, data: ProjectData) -> str:
    """A high score is bad for a threat and good for an opportunity."""
    if risk.kind == "opportunity":
        return "good"
    return TONES[data.band(risk.score).tone] if risk.score else "warn"


def _way_tone(risk: Risk, way: int) -> str:
    worse = -way if risk.kind == "opportunity" else way
    return {1: "bad", 0: "muted", -1: "good"}[worse]


def risk_story(project: OpenProject, risk: Risk, width: int) -> list[Sequence[Span]]:
    """What one must know of a risk before deciding, the most urgent first."""
    data = project.data
    lines = list(story(project, risk, width))
    for text, tone in _more(risk, data, project.today):
        lines += [((part, tone),) for part in wrap(text, width)]
    if len(risk.scores) > 1:
        lines.append(_history(risk, project.today, width))
    for note in [line for line in risk.notes.splitlines() if line.strip()][-8:]:
        lines += [((part, "muted"),) for part in wrap(note, width)]
    return lines


def _more(risk: Risk, data: ProjectData, today: dt.date) -> Iterator[Span]:
    warning = residual_below_inherent(risk)
    if warning:
        yield f"▲ {warning}", "bad"
    if risk.kind == "opportunity":
        yield f"{OPPORTUNITY}an opportunity: what it brings counts beside the exposure, not in it", "good"
    if risk.is_open and not risk.response:
        yield "No response yet: e chooses one.", "warn"
    if risk.review_is_due(today):
        yield f"Its review is {(today - risk.review_date).days} days past: r sets the next.", "warn"
    for number in risk.actions:
        task = data.tasks.get(data.id_of(number))
        if task:
            when = f", due {say_date(task.due, today)}" if task.due and task.is_open else ""
            yield f"{number} {task.title} ({task.owner or 'nobody'}, {task.status}{when})", ""
    if risk.is_open and expected_value(risk):
        delay = f", {risk.days_if_occurs} days" if risk.days_if_occurs else ""
        yield f"Expected {amount(expected_value(risk))} {data.project.currency}{delay} if nothing changes.", "muted"
    if risk.trigger:
        yield f"Trigger: {risk.trigger}", "muted"
    if risk.issue:
        issue = data.get(risk.issue)
        yield f"Occurred, now {risk.issue} {issue.name if issue else ''}".rstrip(), ""


def _history(risk: Risk, today: dt.date, width: int) -> Sequence[Span]:
    """The scores over time, the latest ones in numbers with their days."""
    drawn = sparkline([s.score for s in risk.scores], 12)
    told = " → ".join(str(s.score) for s in risk.scores[-5:])
    since = f"  since {say_date(risk.scores[-5:][0].on, today)}"
    return ((fit(f"Scores {drawn}  {told}{since}", width), "muted"),)


def exposure_facts(project: OpenProject, risks: Sequence[Risk]) -> tuple[list[Fact], list[Fact]]:
    """The money at stake, then what the open risks want."""
    found = exposure(project.data, project.today)
    currency = project.data.project.currency
    money: list[Fact] = [(("Expected loss ", "muted"), (amount(found.expected), "strong"), (f" {currency}", "muted"))]
    money.append((("contingency left ", "muted"), (amount(found.contingency_left), "")))
    if found.uncovered:
        money.append((("▲ ", "warn"), (amount(found.uncovered), "warn"), (" not covered", "muted")))
    if found.gain:
        money.append(((f"{OPPORTUNITY}gain ", "muted"), (amount(found.gain), "good")))
    return money, _wanted(project.data, risks, found)


def _wanted(data: ProjectData, risks: Sequence[Risk], found: Exposure) -> list[Fact]:
    threats = [risk for risk in risks if risk.score and risk.kind == "threat"]
    counts: list[Span] = [(f"{len(risks)} open", "")]
    for band in reversed(data.project.bands):
        count = sum(1 for risk in threats if band.low <= risk.score <= band.high)
        if count and band.tone != "green":
            counts += [("  ", ""), (f"{count} {band.name}", TONES[band.tone])]
    facts: list[Fact] = [tuple(counts)]
    for count, words in (
        (found.overdue, "review past"),
        (found.unanswered, "without a response"),
        (found.unassessed, "not assessed"),
        (found.worse, "worse after the response"),
    ):
        if count:
            facts.append(((f"{count} {words}", "warn"),))
    return facts


def exposure_lines(project: OpenProject, risks: Sequence[Risk], width: int, *, beside: bool) -> list[Sequence[Span]]:
    """The exposure in two lines, or one fact a line where it stands beside the heat map."""
    money, wanted = exposure_facts(project, risks)
    if not beside:
        return [*flowed(money, width)[:1], *flowed(wanted, width)[:1]]
    return [*money, (("", ""),), *wanted, (("", ""),), *_legend(project.data)]


def _legend(data: ProjectData) -> list[Sequence[Span]]:
    parts: list[Fact] = [
        ((f"{band.letter} ", TONES[band.tone]), (f"{band.name} to {band.high}", "muted")) for band in data.project.bands
    ]
    return list(flowed(parts, 40))
