"""Risks in words: a row of the register, the story beside it, and the exposure of all of them."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from pmtui.domain.dates import say_date, short_due
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Risk, Task
from pmtui.domain.records.risk import PROXIMITIES, ScoreAt, residual_below_inherent
from pmtui.domain.risk_exposure import Exposure, expected_value, exposure
from pmtui.screens.details import due_tone
from pmtui.screens.draw_words import drawn_words
from pmtui.screens.map_words import ARROWS
from pmtui.screens.summary import Fact, amount, fitted, flowed
from pmtui.services.project import OpenProject
from pmtui.services.responses import actions_of
from pmtui.services.risks import trend
from pmtui.widgets.cells import Cell, Span, fit, wrap
from pmtui.widgets.charts import sparkline
from pmtui.widgets.record_table import Column

TONES = {"green": "good", "amber": "warn", "red": "bad"}
"""The tone on the screen of a band's tone."""

OPPORTUNITY = "◇ "
"""Stands before an opportunity's title."""

COLUMNS = (
    Column("number", "No", 5),
    Column("title", "Risk", minimum=30),
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
BROAD_COLUMNS = (COLUMNS[0], Column("title", "Risk", minimum=40), *COLUMNS[2:])
"""Where there is room, the titles are read first."""


def row_of(risk: Risk, data: ProjectData, today: dt.date) -> Sequence[Cell]:
    """The cells of a risk, one a column; all dim where it is no longer open."""
    band = data.band(risk.score) if risk.score else None
    tone = _tone(risk, data)
    way = trend(risk, today)
    cells: tuple[Cell, ...] = (
        (risk.number, "muted"),
        _titled(risk),
        risk.owner,
        f"{risk.probability or '?'} {risk.impact or '?'}",
        (f"{risk.score} {band.letter}", tone) if band else ("?", "warn"),
        (band.name, tone) if band else ("not yet", "warn"),
        (ARROWS[way] if risk.score else "", _way_tone(risk, way)),
        (sparkline([s.score for s in _scores(risk)], 8) if len(_scores(risk)) > 1 else "", "muted"),
        amount(expected_value(risk, data)) if expected_value(risk, data) else "",
        (short_due(risk.review_date, today), due_tone(risk.review_date, today)),
        risk.status,
        risk.response or ("none yet", "warn"),
    )
    return cells if risk.is_open else tuple((_text(cell), "muted") for cell in _ended(cells))


def _titled(risk: Risk) -> Cell:
    """The title, an opportunity and what its response would make worse marked before it."""
    marks: list[Span] = [(OPPORTUNITY, "good")] if risk.kind == "opportunity" else []
    marks += [("▲ ", "bad")] if residual_below_inherent(risk) else []
    return (*marks, (risk.title, "")) if marks else risk.title


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
    data, today = project.data, project.today
    lines: list[Sequence[Span]] = [((part, "strong"),) for part in wrap(f"{risk.number}  {risk.title}", width)]
    lines += flowed([((text, tone),) for text, tone in _facts(risk, data, today) if text], width)
    if len(_scores(risk)) > 1:
        lines.append(_history(risk, today, width))
    for text, tone in _more(project, risk):
        lines += [((part, tone),) for part in wrap(text, width)]
    lines += flowed([((text, "muted"),) for text in _signs(risk, data) if text], width)
    for note in [line for line in risk.notes.splitlines() if line.strip()][-8:]:
        lines += [((part, "muted"),) for part in wrap(note, width)]
    return lines


def _facts(risk: Risk, data: ProjectData, today: dt.date) -> Iterator[Span]:
    if risk.kind == "opportunity":
        yield f"{OPPORTUNITY}opportunity", "good"
    yield risk.owner, ""
    yield risk.status, ""
    if risk.score:
        band = data.band(risk.score)
        yield f"P{risk.probability} × I{risk.impact} = {risk.score} {band.name}", _tone(risk, data)
    elif risk.is_open:
        yield "not assessed: P and I", "warn"
    yield f"inherent {risk.inherent_score}" if risk.inherent_score else "", ""
    worse = residual_below_inherent(risk)
    yield (f"▲ {worse}", "bad") if worse else (f"residual {risk.residual_score}" if risk.residual_score else "", "")
    yield (risk.response, "") if risk.response or not risk.is_open else ("no response yet", "warn")
    if risk.is_open:
        late = (today - risk.review_date).days
        past = f", {late} day{'s' if late > 1 else ''} past" if late > 0 else ""
        yield f"review {say_date(risk.review_date, today)}{past}", due_tone(risk.review_date, today)
    yield risk.proximity, "warn" if risk.proximity == PROXIMITIES[0] and risk.is_open else "muted"
    yield risk.category, "muted"
    yield " ".join(f"#{tag}" for tag in risk.tags), "muted"


def _more(project: OpenProject, risk: Risk) -> Iterator[Span]:
    data, today = project.data, project.today
    yield sentence(risk), ""
    if len(risk.impacts) > 1:
        told = ", ".join(f"{name} {step}" for name, step in risk.impacts.items())
        yield f"Impact {risk.impact}, the worst of {told}", "muted"
    if risk.issue:
        issue = data.get(risk.issue)
        yield f"Occurred, now {risk.issue} {issue.name if issue else ''}".rstrip(), ""
    yield from drawn_words(risk, data)
    yield from action_lines(actions_of(project, risk), today)


def _signs(risk: Risk, data: ProjectData) -> Iterator[str]:
    """What shows that it comes, and what it costs then."""
    yield f"Trigger: {risk.trigger}" if risk.trigger else ""
    yield _cost(risk, data) if risk.cost_if_occurs or risk.days_if_occurs else ""


def sentence(risk: Risk) -> str:
    """Cause, event and effect as one: ``Because …, it may happen that …, so that …``; empty where none is known."""
    cause, event, effect = (_clause(text) for text in (risk.cause, risk.event, risk.effect))
    event = event or (_clause(risk.title) if cause or effect else "")
    if not event:
        return ""
    parts = [f"Because {cause}"] if cause else []
    parts.append(f"{'it' if cause else 'It'} may happen that {event}")
    parts += [f"so that {effect}"] if effect else []
    return f"{', '.join(parts)}."


def _clause(text: str) -> str:
    """A text as a part of a sentence: without its full stop, small where only a sentence's beginning had a capital."""
    text = _SAID.sub("", text.strip().rstrip(".…;,"))
    begins = text.split(" ", 1)[0].lower() in _BEGINNINGS
    return text[0].lower() + text[1:] if text and begins else text


_SAID = re.compile(r"there is (?:a|the) risk (?:that|of) ", re.IGNORECASE)
"""What the sentence says itself."""

_BEGINNINGS = frozenset(
    (
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "we",
        "our",
        "they",
        "their",
        "there",
        "its",
        "it",
        "no",
        "one",
    )
)
"""Words whose capital only begins a sentence."""


def action_lines(actions: Sequence[Task], today: dt.date) -> Iterator[Span]:
    """The tasks done about something, each with who, how it stands and when."""
    for task in actions:
        when = f", due {say_date(task.due, today)}" if task.due and task.is_open else ""
        tone = "bad" if task.is_overdue(today) else ""
        yield f"{task.number} {task.title} ({task.owner or 'nobody'}, {task.status}{when})", tone


def _cost(risk: Risk, data: ProjectData) -> str:
    """What it costs or brings if it occurs, and what is expected of that."""
    currency = data.project.currency
    parts = [f"{amount(risk.cost_if_occurs)} {currency}"] if risk.cost_if_occurs else []
    parts += [f"{risk.days_if_occurs} days"] if risk.days_if_occurs else []
    value = expected_value(risk, data)
    expected = f", expected {amount(value)} {currency}" if value else ""
    return f"If it occurs: {' and '.join(parts)}{expected}"


def _scores(risk: Risk) -> list[ScoreAt]:
    """The days on which the score became another one."""
    return [
        s for before, s in zip((None, *risk.scores), risk.scores, strict=False) if not before or before.score != s.score
    ]


def _history(risk: Risk, today: dt.date, width: int) -> Sequence[Span]:
    """The scores over time, the latest ones in numbers with their days."""
    scores = _scores(risk)
    drawn = sparkline([s.score for s in scores], 12)
    told = " → ".join(str(s.score) for s in scores[-5:])
    since = f"  since {say_date(scores[-5:][0].on, today)}"
    return ((fit(f"Scores {drawn} {told}{since}", width), "muted"),)


def _money(project: OpenProject, found: Exposure) -> list[Fact]:
    currency = project.data.project.currency
    facts: list[Fact] = [(("Expected loss ", "muted"), (amount(found.expected), "strong"), (f" {currency}", "muted"))]
    facts.append((("contingency left ", "muted"), (amount(found.contingency_left), "")))
    if found.uncovered:
        facts.append((("▲ ", "warn"), (amount(found.uncovered), "warn"), (" not covered", "muted")))
    if found.gain:
        facts.append(((f"{OPPORTUNITY}gain ", "muted"), (amount(found.gain), "good")))
    return facts


def _wanted(data: ProjectData, risks: Sequence[Risk], found: Exposure) -> list[Fact]:
    threats = [risk for risk in risks if risk.score and risk.kind == "threat"]
    counts: list[Span] = [(f"{len(risks)} open", "")]
    for band in reversed(data.project.bands):
        count = sum(1 for risk in threats if band.low <= risk.score <= band.high)
        if count and band.tone != "green":
            counts += [("  ", ""), (f"{count} {band.name}", TONES[band.tone])]
    facts: list[Fact] = [tuple(counts)]
    for count, words in (
        (found.overdue, "reviews past" if found.overdue > 1 else "review past"),
        (found.unanswered, "no response"),
        (found.unassessed, "not assessed"),
        (found.worse, "residual above inherent"),
    ):
        if count:
            facts.append(((f"{count} {words}", "warn"),))
    return facts


def exposure_lines(project: OpenProject, risks: Sequence[Risk], width: int, *, tall: bool) -> list[Sequence[Span]]:
    """The money at stake, then what the open risks want; one line each unless there is height for more."""
    found = exposure(project.data, project.today)
    money, wanted = _money(project, found), _wanted(project.data, risks, found)
    if not tall:
        return [fitted(list(enumerate(facts)), width) for facts in (money, wanted)]
    return [*flowed(money, width), *flowed(wanted, width)]


def exposure_column(project: OpenProject, risks: Sequence[Risk], width: int) -> list[Sequence[Span]]:
    """The exposure beside the heat map, with what the letters of the bands mean."""
    found = exposure(project.data, project.today)
    rows = [("Expected loss", found.expected, "strong"), ("Contingency left", found.contingency_left, "")]
    if found.uncovered:
        rows.append(("▲ Not covered", found.uncovered, "warn"))
    if found.gain:
        rows.append((f"{OPPORTUNITY}Expected gain", found.gain, "good"))
    size = max(len(amount(value)) for _, value, _ in rows)
    lines: list[Sequence[Span]] = [
        ((fit(label, 18), "muted"), (fit(amount(value), size, "right"), tone)) for label, value, tone in rows
    ]
    lines[0] = (*lines[0], (f" {project.data.project.currency}", "muted"))
    lines += flowed(_wanted(project.data, risks, found), width)
    return [*lines, *flowed(_legend(project.data), width)]


def _legend(data: ProjectData) -> list[Fact]:
    return [((f"{b.letter} ", TONES[b.tone]), (f"{b.name} to {b.high}", "muted")) for b in data.project.bands]
