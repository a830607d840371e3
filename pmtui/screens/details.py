"""A record in words: its story in a few lines, or all of it on a page."""

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pmtui.domain.consequence import holds_up
from pmtui.domain.dates import say_date, say_due
from pmtui.domain.fields import Kind
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import (
    BudgetVersion,
    Change,
    CostEntry,
    Decision,
    Issue,
    Meeting,
    Milestone,
    Record,
    Risk,
    Task,
)
from pmtui.domain.values import show_value
from pmtui.keymap import key_of
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Span, fit, width_of, wrap

if TYPE_CHECKING:
    from pmtui.services.story.telling import Told

Line = Sequence[Span]

INTERNAL = {"order", "rank", "position"}
"""Fields that say nothing to people."""


MOST_HAPPENED = 60
"""Changes that a record's page tells; the list of changes has all of them."""


def due_tone(day: dt.date | None, today: dt.date) -> str:
    """Late is bad, today is a warning."""
    if day is None:
        return "muted"
    return "bad" if day < today else "warn" if day == today else ""


def story(project: OpenProject, record: Record, width: int) -> list[Line]:
    """What one must know of a record before deciding: a few lines, wrapped to the width."""
    data, today = project.data, project.today
    lines: list[Line] = [((part, "strong"),) for part in wrap(f"{record.number}  {record.name}", width)]
    facts = [fact for fact in _facts(record, data, today) if fact]
    lines += [((part, ""),) for part in wrap(" · ".join(facts), width)]
    for text, tone in (*_circumstances(record, data, today), *_drawn(record, data)):
        lines += [((part, tone),) for part in wrap(text, width)]
    if record.links:
        lines += [((part, "muted"),) for part in wrap("Linked to " + _named(record.links, data), width)]
    return lines


def short_story(project: OpenProject, record: Record, width: int) -> list[Line]:
    """The story with the last lines of the notes beneath it."""
    return [*story(project, record, width), *last_notes(record, width)]


def last_notes(record: Record, width: int) -> list[Line]:
    """The last lines of a record's notes."""
    notes = str(getattr(record, "notes", "") or getattr(record, "description", "") or getattr(record, "text", ""))
    last = [line for line in notes.splitlines() if line.strip()][-8:]
    return [((part, "muted"),) for line in last for part in wrap(line, width)]


def full_page(project: OpenProject, record: Record, width: int) -> list[Line]:
    """Every field that holds something, then what happened to the record, newest first."""
    title = wrap(f"{record.number}  {record.name}", width)
    lines = story(project, record, width)[len(title) if len(title) == 1 else 0 :]
    lines.append((("", ""),))
    label_width = 20
    for name, field in record.TYPE.fields.items():
        value = getattr(record, name)
        if field.kind is Kind.STRUCTURE or name == record.TYPE.title or name in INTERNAL or not _tells(name, value):
            continue
        shown = show_value(field, value, project.today)
        if not shown:
            continue
        parts = [p for line in shown.splitlines() or [""] for p in wrap(line, max(10, width - label_width))]
        for at, part in enumerate(parts):
            label = field.label if at == 0 else ""
            lines.append(((label.ljust(label_width)[:label_width], "muted"), (part, "")))
    lines += [*_beside(project, record, width), (("", ""),), (("What happened", "head"),)]
    return [*lines, *happened_lines(project, record, width)]


def _beside(project: OpenProject, record: Record, width: int) -> list[Line]:
    """What is told of a record besides its fields."""
    if not isinstance(record, BudgetVersion):
        return []
    from pmtui.screens.budget_words import version_lines  # only of budget versions

    return [(("", ""),), *version_lines(project.data, record, width)]


def _tells(name: str, value: object) -> bool:
    """Whether a value says something: never moved is not worth a line."""
    return not (name == "slip_count" and not value)


def happened(project: OpenProject, record: Record) -> Iterator[tuple[dt.datetime, str, str]]:
    """What was done to a record, oldest first: when, who, and what in words; the last of it, as a page shows it."""
    for told in reversed(_changes(project, record)):
        yield told.when, told.user, told.sentence()


def _changes(project: OpenProject, record: Record) -> "list[Told]":
    """The last changes of a record, newest first."""
    story = project.story()
    found = project.history(newest_first=True, record=(record.TYPE.table, record.id))
    return [story.told(transaction).about(record.number) for transaction in itertools.islice(found, MOST_HAPPENED)]


def happened_lines(project: OpenProject, record: Record, width: int) -> list[Line]:
    """What was done to a record, newest first: when and who, and the sentence beneath one another."""
    found = _changes(project, record)
    who = min(max((width_of(told.user) for told in found), default=0), 12)
    indent = len("2026-03-02 09:14  ") + who + 2
    lines: list[Line] = []
    for told in found:
        first, *more = wrap(told.sentence(), max(20, width - indent)) or [""]
        head = (f"{told.when:%Y-%m-%d %H:%M}  ", "muted"), (f"{fit(told.user, who)}  ", "")
        lines.append((*head, (first, "")))
        lines += [((" " * indent, ""), (part, "")) for part in more]
    if len(found) == MOST_HAPPENED:
        lines.append(((f"{key_of('view.changes')} shows what was done before that", "muted"),))
    return lines


def _facts(record: Record, data: ProjectData, today: dt.date) -> Iterator[str]:
    if isinstance(record, Task):
        yield from _task_facts(record, data, today)
    elif isinstance(record, Risk):
        yield from _risk_facts(record, data, today)
    elif isinstance(record, Issue):
        yield from (record.owner, record.status, record.kind, f"target {say_date(record.target_date, today)}")
    elif isinstance(record, CostEntry):
        yield from (
            record.status,
            data.category_of(record),
            record.vendor,
            f"{record.net:,.2f} {data.project.currency}",
        )
        yield f"dated {say_date(record.date, today)}"
    elif isinstance(record, Meeting):
        yield from (record.status, record.series, f"{say_date(record.start.date(), today)} {record.start:%H:%M}")
        yield f"{record.length} minutes"
    elif isinstance(record, Milestone):
        yield f"forecast {say_date(record.forecast, today)}"
        yield f"baseline {say_date(record.baseline, today)}" if record.baseline else ""
        yield f"reached {say_date(record.actual, today)}" if record.actual else ""
    else:
        yield from (str(getattr(record, name, "") or "") for name in ("status", "owner", "role", "requester"))
    if record.tags:
        yield " ".join(f"#{tag}" for tag in record.tags)


def _task_facts(task: Task, data: ProjectData, today: dt.date) -> Iterator[str]:
    yield task.owner or "nobody"
    yield task.status
    yield f"priority {task.priority}" if task.priority != "normal" else ""
    yield _deliverable(task.deliverable, data)
    if task.due:
        baseline = task.baseline_due
        against = f", baseline {say_date(baseline, today)}" if baseline and baseline != task.due else ""
        yield f"due {say_date(task.due, today)}{against}"
    yield _moved(task.slip_count)
    yield f"{task.percent_done} % done" if 0 < task.percent_done < 100 else ""
    yield (f"~{task.remaining if task.remaining is not None else task.estimate:g}h left" if task.estimate else "")
    logged = data.logged.get(task.number, 0.0) if data.hours else 0.0
    yield f"{data.effort(task):g}h spent, {round(logged, 2):g}h of it logged" if logged else ""
    yield f"repeats {show_value(Task.TYPE.fields['repeats'], task.repeats, today)}" if task.repeats else ""


def _risk_facts(risk: Risk, data: ProjectData, today: dt.date) -> Iterator[str]:
    yield from (risk.owner, risk.status, risk.category)
    if risk.score:
        yield f"P{risk.probability} × I{risk.impact} = {risk.score} {data.band(risk.score).name}"
    yield f"inherent {risk.inherent_score}" if risk.inherent_score else ""
    yield f"residual {risk.residual_score}" if risk.residual_score else ""
    yield risk.response
    yield f"review {say_date(risk.review_date, today)}"


def _circumstances(record: Record, data: ProjectData, today: dt.date) -> Iterator[Span]:
    if isinstance(record, Task):
        if record.blocked_reason:
            follow = f", follow up {say_due(record.follow_up, today)}" if record.follow_up else ""
            yield f"⊘ blocked: {record.blocked_reason}{follow}", "warn"
        if record.waiting_for or record.last_chased:
            chased = f", chased {say_date(record.last_chased, today)}" if record.last_chased else ""
            yield (
                (f"Waiting for {record.waiting_for}{chased}." if record.waiting_for else f"Chased{chased[8:]}."),
                "warn",
            )
        if record.depends_on:
            yield "After " + _named(record.depends_on, data), "muted"
        held = holds_up(data, record.number)
        if held:
            yield "Holds up " + _named(held, data), ""
    elif isinstance(record, Risk):
        parts = [p for p in (record.cause, record.event, record.effect) if p]
        if parts:
            yield " → ".join(parts), ""
        if record.cost_if_occurs:
            yield f"Costs {record.cost_if_occurs:,.0f} {data.project.currency} if it occurs.", "muted"
    elif isinstance(record, Issue) and record.decision_needed_from:
        yield f"Decision needed from {record.decision_needed_from}", "warn"


def _drawn(record: Record, data: ProjectData) -> Iterator[Span]:
    """What was drawn on contingency and reserve for a record."""
    if isinstance(record, (Risk, Issue, Change, Decision)):
        from pmtui.screens.draw_words import drawn_words  # money is told only of what may have caused some

        yield from drawn_words(record, data)


def _named(numbers: Sequence[str], data: ProjectData) -> str:
    parts = []
    for number in numbers[:4]:
        found = data.get(number)
        owner = getattr(found, "owner", "")
        parts.append(f"{number} {found.name}{f' ({owner})' if owner else ''}" if found else number)
    if len(numbers) > 4:
        parts.append(f"{len(numbers) - 4} more")
    return ", ".join(parts)


def _deliverable(number: str, data: ProjectData) -> str:
    found = data.get(number) if number else None
    return f"{number} {found.name}" if found else ""


def _moved(times: int) -> str:
    return f"moved {times} time{'s' if times > 1 else ''}" if times else ""
