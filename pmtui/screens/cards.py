"""A card of the board: who, when, how late, how often moved, blocked by what, in one line or three."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pmtui.domain.dates import say_date, short_due
from pmtui.domain.links import AFTER, BEFORE, RELATED, links_of
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Milestone, Record, Task
from pmtui.domain.records.task import BLOCKED, DONE
from pmtui.screens.details import Line, due_tone, story
from pmtui.screens.prompts import flow
from pmtui.services.project import OpenProject
from pmtui.widgets.board import Card
from pmtui.widgets.cells import ELLIPSIS, Span, clip_spans, fit, width_of, wrap

GAP = "  "
LEAST_TITLE, LEAST_BESIDE = 12, 20
"""Cells that the title keeps on a card of one line beside what is pressing, and beside anything else."""

MOST_NAMED = 3
"""Records that the details name of those a card comes after, before, or is linked to."""


def card_of(task: Task, data: ProjectData, width: int, height: int, today: dt.date) -> Card:
    """A card for ``width`` cells; what has no room is told by "…"."""
    if height == 1:
        return Card((_one_line(task, data, width, today),))
    facts = list(_facts(task, data, today))
    blocked = task.status == BLOCKED
    title = _title(task, width, 1 if blocked else height - 1)
    rest = height - len(title)
    if blocked:
        return Card((*title, clip_spans(facts[0], width), *_rows(facts[1:], width, rest - 1)))
    return Card((*title, *_rows(facts, width, rest)))


def _title(task: Task, width: int, most: int) -> list[tuple[Span, ...]]:
    """The number and the title over at most so many lines."""
    lines = wrap(f"{task.number} {task.title}", width) or [task.number]
    if len(lines) > most:
        lines = [*lines[: most - 1], fit(" ".join(lines[most - 1 :]), width)]
    first = lines[0].removeprefix(task.number)
    head: tuple[Span, ...] = ((task.number, "muted"), (first, "")) if first != lines[0] else ((lines[0], ""),)
    return [head, *(((line, ""),) for line in lines[1:])]


def _rows(facts: Sequence[Span], width: int, most: int) -> list[tuple[Span, ...]]:
    """Facts over at most so many lines, broken between them.

    Where some have no room, the last line holds those that fit, in their order, then "…".
    """
    rows: list[tuple[Span, ...]] = []
    rest = list(facts)
    while rest and len(rows) < most:
        row = _fitting(rest, width)
        if len(rows) == most - 1 and len(row) < len(rest):
            row = _fitting(rest, width - len(GAP) - width_of(ELLIPSIS), skips=True)
            rows.append(clip_spans((*_spaced(row), (GAP + ELLIPSIS, "muted")), width))
            break
        rows.append(clip_spans(_spaced(row), width))
        rest = rest[len(row) :]
    return rows


def _fitting(facts: Sequence[Span], width: int, *, skips: bool = False) -> list[Span]:
    """The facts that fit one line: up to the first that does not, or past it; always the first one."""
    row = [facts[0]]
    room = width - width_of(facts[0])
    for fact in facts[1:]:
        size = width_of(fact) + len(GAP)
        if size <= room:
            row.append(fact)
            room -= size
        elif not skips:
            break
    return row


def _spaced(row: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(span for at, fact in enumerate(row) for span in (((GAP, ""), fact) if at else (fact,)))


def _one_line(task: Task, data: ProjectData, width: int, today: dt.date) -> tuple[Span, ...]:
    """The title on the left; on the right as many facts as leave it room, what is pressing first."""
    kept: list[Span] = []
    used = 0
    for fact in sorted(_facts(task, data, today), key=_pressing):
        size = width_of(fact) + len(GAP)
        if width - used - size < (LEAST_TITLE if fact[1] in {"bad", "warn"} else LEAST_BESIDE):
            continue
        kept.append(fact)
        used += size
    room = max(1, width - used)
    name = fit(task.title, room - len(task.number) - 1) if room > len(task.number) + 3 else ""
    head: list[Span] = [(task.number, "muted"), (f" {name}", "")] if name else [(fit(task.number, room), "muted")]
    return (*head, *(span for fact in kept for span in ((GAP, ""), fact)))


def _pressing(fact: Span) -> int:
    """What matters most on a card of one line."""
    return ("bad", "warn", "", "good", "muted").index(fact[1])


def _facts(task: Task, data: ProjectData, today: dt.date) -> Iterator[Span]:
    """What is told of a task, the most important first."""
    if task.status == DONE:
        yield (f"✓ {say_date(task.finish_date, today)}" if task.finish_date else "✓", "good")
        if task.owner:
            yield task.owner, "muted"
        return
    if task.status == BLOCKED:
        yield f"⊘ {task.blocked_reason}", "warn"
    yield (task.owner, "") if task.owner else ("nobody", "muted")
    if task.status == BLOCKED and task.follow_up:
        when = short_due(task.follow_up, today).removeprefix("due ")
        yield f"follow up {when}", due_tone(task.follow_up, today) or "muted"
    if task.due:
        yield short_due(task.due, today), due_tone(task.due, today) or "muted"
    if task.priority in {"high", "urgent"}:
        yield "!" if task.priority == "high" else "!!", "warn"
    if task.slip_count:
        yield f"↷{task.slip_count}", "warn" if task.slip_count > 2 else "muted"
    yield from _plan_facts(task, data, today)


def _plan_facts(task: Task, data: ProjectData, today: dt.date) -> Iterator[Span]:
    """What is told of how a task is planned."""
    waits = [number for number in task.depends_on if (found := data.get(number)) is not None and found.is_open]
    if waits:
        yield f"after {waits[0]}" + (f" +{len(waits) - 1}" if len(waits) > 1 else ""), "muted"
    if task.estimate:
        days = round(task.estimate / 8, 1)
        yield f"~{days:g}d" if task.estimate >= 8 else f"~{task.estimate:g}h", "muted"
    if task.repeats:
        from pmtui.domain.repeats import brief_repeats  # only where something repeats

        yield brief_repeats(task.repeats, today), "muted"
    yield from ((f"#{tag}", "muted") for tag in task.tags)


def details_of(project: OpenProject, record: Record, width: int) -> list[Line]:
    """The story of a card in the few lines beneath the board: what it comes after and before stands with its name."""
    lines = story(project, record, width)
    title = f"{record.number}  {record.name}"
    around: list[Span] = [(f"  · {words}", "muted") for words in _around(record, project.data)]
    return [*flow(((title, "strong"), *around), width), *lines[len(wrap(title, width)) :]]


def _around(record: Record, data: ProjectData) -> Iterator[str]:
    """What it waits for that is still open, what waits for it, and what else it is linked to, by number."""
    found: dict[str, list[str]] = {}
    for known in links_of(record, data):
        other = data.get(known.to)
        if known.way != AFTER or (other is not None and other.is_open):
            name = f"{known.to} {other.name}" if isinstance(other, Milestone) else known.to
            found.setdefault(known.way, []).append(name)
    for way, word in ((AFTER, "after"), (BEFORE, "before"), (RELATED, "linked to")):
        names = found.get(way, [])
        if names:
            more = f" +{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else ""
            yield f"{word} {', '.join(names[:MOST_NAMED])}{more}"
