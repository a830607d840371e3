"""What a manager decides about tasks: one call a decision, one transaction, over one or many."""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from pmtui.domain.consequence import consequence
from pmtui.domain.dates import say_date
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Issue, Meeting, Milestone, Record, Risk, Task
from pmtui.domain.records.task import BACKLOG, BLOCKED, CANCELLED, DOING, DONE, TO_DO
from pmtui.domain.text import clean
from pmtui.services.change import Change
from pmtui.services.parts import part, read_parts, shares
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several
from pmtui.services.repeating import end, repeat

REVIEW_AFTER = dt.timedelta(weeks=4)
"""A risk without a review date gets one four weeks on."""

TARGET_AFTER = dt.timedelta(weeks=2)
"""An issue without a target date gets one two weeks on."""

LEFT_ALONE = 3
"""Working days until somebody who was chased is asked about again."""

Numbers = Sequence[str]


def complete(project: OpenProject, numbers: Numbers, on: dt.date | None = None, effort: float | None = None) -> Outcome:
    """Done on a day, today unless said; ``effort`` adds the hours it took. What repeats has its next one."""
    day = on or project.today
    if day > project.today:
        raise Refused([Problem("finish_date", day.isoformat(), "allowed: today or earlier")])

    def done(task: Task) -> dict[str, Any]:
        values: dict[str, Any] = {"status": DONE, "finish_date": day}
        if effort:
            values["actual_effort"] = (task.actual_effort or 0) + effort
        return values

    with project.change("done") as change:
        for task in _tasks(change, project, numbers):
            repeat(change, task)
            change.edit(task, **done(task))
    words = "done" + ("" if on is None else f" on {say_date(day, project.today)}")
    words += f", {effort:g}h" if effort else ""
    return Outcome(tuple(numbers), f"{several(numbers)} {words}", tuple(change.said))


def reschedule(project: OpenProject, numbers: Numbers, due: dt.date, reason: str = "") -> Outcome:
    """A new due date, with its reason; a later one than before counts as a slip. The baseline stays."""
    moved = dict.fromkeys(numbers, due)
    effect = consequence(project.data, moved).words(project.data, project.today)
    words = f"moved to {say_date(due, project.today)}"

    def move(task: Task) -> dict[str, Any]:
        return {"due": due, "start": due if task.start and task.start > due else task.start}

    return _decide(project, "reschedule", numbers, move, words, reason, effect)


def accept_delay(project: OpenProject, numbers: Numbers, until: dt.date | None = None) -> Outcome:
    """The delay is known and accepted: the date stays, triage asks again a week on."""
    again = until or project.today + dt.timedelta(days=7)
    effect = consequence(project.data, dict.fromkeys(numbers, again)).words(project.data, project.today)

    def accept(task: Task) -> dict[str, Any]:
        line = f"{project.today.isoformat()} {project.session.user}: delay accepted"
        return {"snoozed_until": again, "notes": f"{task.notes}\n{line}".strip()}

    words = f"delay accepted, asked again {say_date(again, project.today)}"
    return _decide(project, "accept the delay", numbers, accept, words, "", f"if done then: {effect}" if effect else "")


def correct_date(project: OpenProject, numbers: Numbers, due: dt.date) -> Outcome:
    """The date was wrong from the start: corrected without counting as a slip."""
    with project.change("correct") as change:
        for task in _tasks(change, project, numbers):
            if not task.is_open:
                raise Refused([Problem("due", "", f"it is {task.status}", task.number)])
            start = due if task.start and task.start > due else task.start
            change.replace(msgspec.structs.replace(task, due=due, start=start))
    words = f"{several(numbers)} due {say_date(due, project.today)}, corrected"
    return Outcome(tuple(numbers), words, tuple(change.said))


def progress(
    project: OpenProject, numbers: Numbers, percent: int, remaining: float | None = None, due: dt.date | None = None
) -> Outcome:
    """Partly done: percent, hours remaining, a new due date. 100 % is done."""
    if percent == 100:
        return complete(project, numbers)

    def partly(task: Task) -> dict[str, Any]:
        left = remaining
        if left is None and task.estimate:
            left = round(task.estimate * (100 - percent) / 100, 1)
        status = DOING if task.status in {TO_DO, BACKLOG} and percent else task.status
        values: dict[str, Any] = {"percent_done": percent, "remaining": left, "status": status}
        if due is not None:
            values |= {"due": due, "start": due if task.start and task.start > due else task.start}
        return values

    words, effect = f"{percent} % done", ""
    if remaining is not None:
        words += f", {remaining:g}h left"
    if due is not None:
        words += f", due {say_date(due, project.today)}"
        effect = consequence(project.data, dict.fromkeys(numbers, due)).words(project.data, project.today)
    return _decide(project, "progress", numbers, partly, words, "", effect)


def delegate(project: OpenProject, numbers: Numbers, owner: str) -> Outcome:
    """A new owner; nobody when ``owner`` is empty."""
    return _decide(
        project, "delegate", numbers, lambda _: {"owner": owner}, f"now @{owner}" if owner else "without owner"
    )


def block(project: OpenProject, numbers: Numbers, reason: str, follow_up: dt.date | None = None) -> Outcome:
    """Blocked by something, to be followed up on a day."""
    why = clean(reason)
    if not why:
        raise Refused([Problem("blocked_reason", "", "say by what it is blocked")])
    values = {"status": BLOCKED, "blocked_reason": why, "follow_up": follow_up}
    return _decide(project, "block", numbers, lambda _: values, f"blocked: {why}", why)


def unblock(project: OpenProject, numbers: Numbers) -> Outcome:
    """No longer blocked: back to doing."""
    return _decide(project, "unblock", numbers, lambda _: {"status": DOING, "follow_up": None}, "no longer blocked")


def chase(project: OpenProject, numbers: Numbers, whom: str = "") -> Outcome:
    """Somebody was asked: remembered, and left alone for some working days (:data:`LEFT_ALONE`)."""
    again = project.data.calendar.add_working_days(project.today, LEFT_ALONE)
    values: dict[str, Any] = {"last_chased": project.today, "snoozed_until": again}
    if whom:
        values["waiting_for"] = whom
    words = f"chased{f' with {whom}' if whom else ''}, asked again {say_date(again, project.today)}"
    return _decide(project, "chase", numbers, lambda _: values, words)


def chase_text(project: OpenProject, number: str, whom: str = "") -> str:
    """What to send to somebody, else to the person one waits for, or the owner."""
    task = _task(project.get(number))
    waits = [f"{n} {project.get(n).name}" for n in project.data.successors.get(number, ())]
    late = f"It was due {say_date(task.due, project.today)}." if task.is_overdue(project.today) and task.due else ""
    if not late and task.due:
        late = f"It is due {say_date(task.due, project.today)}."
    held = f" {', '.join(waits[:3])} wait{'s' if len(waits) == 1 else ''} for it." if waits else ""
    asked = whom or task.waiting_for or task.owner
    if project.data.person(asked) is None and " " in asked:
        begin = f"Hello, {task.number} {task.title} waits for {asked}."
    else:
        begin = f"Hello {project.data.full_name(asked)}, how far is {task.number} {task.title}?"
    return f"{begin} {late}{held} When can we have it?".replace("  ", " ")


def move_to(project: OpenProject, numbers: Numbers, status: str) -> Outcome:
    """Another status, by its name. Blocked and cancelled ask for more: see :func:`block`, :func:`drop`."""
    found = Task.TYPE.flow.named(status) if Task.TYPE.flow else None
    if found is None:
        raise Refused([Problem("status", status, "allowed: " + ", ".join(Task.TYPE.fields["status"].choices))])
    if found == DONE:
        return complete(project, numbers)
    return _decide(project, "move", numbers, lambda _: {"status": found}, f"in {found}")


def drop(project: OpenProject, numbers: Numbers, reason: str) -> Outcome:
    """Not to be done: cancelled, with the reason."""
    why = clean(reason)
    if not why:
        raise Refused([Problem("cancelled_reason", "", "say why it is dropped")])
    with project.change("drop", why) as change:
        for task in _tasks(change, project, numbers):
            end(change, task, "dropped")
            change.edit(task, status=CANCELLED, cancelled_reason=why)
    return Outcome(tuple(numbers), f"{several(numbers)} dropped", tuple(change.said))


def defer(project: OpenProject, numbers: Numbers, reason: str = "") -> Outcome:
    """Left to a later phase: back to the backlog, without a date."""
    values = {"status": BACKLOG, "due": None, "start": None}
    return _decide(project, "defer", numbers, lambda _: values, "left to a later phase", reason)


def merge(project: OpenProject, numbers: Numbers, survivor: str) -> Outcome:
    """Duplicates of another task: cancelled, naming it; its notes keep what they said.

    What depended on a duplicate, was part of it, or named it as its action, is the survivor's now;
    refused where that makes a circle.
    """
    with project.change("merge") as change:
        kept = change.current(_task(project.get(survivor)))
        for task in _tasks(change, project, numbers):
            if task.id == kept.id:
                raise Refused([Problem("survivor", survivor, "a task can't be merged into itself", task.number)])
            why = f"duplicate of {kept.number}"
            end(change, task, "merged")
            change.edit(task, status=CANCELLED, cancelled_reason=why, survivor=kept.number)
            kept = change.edit(kept, notes=f"{kept.notes}\nMerged {task.number} {task.title}. {task.notes}".strip())
            _repoint(change, task.number, kept.number)
            kept = change.current(kept)
    return Outcome(tuple(numbers), f"{several(numbers)} merged into {kept.number}", tuple(change.said))


def split(project: OpenProject, number: str, titles: Sequence[str]) -> Outcome:
    """Children for the work that is left; what is left of the estimate is theirs, no longer the parent's.

    Each part is read as a line that adds a task, so ``Part one @ivo fri ~4h`` has an owner, a due date and
    an estimate of its own; what a part does not say is the parent's, and the rest is shared out evenly.
    """
    lines = [clean(title) for title in titles if clean(title)]
    if len(lines) < 2:
        raise Refused([Problem("title", "; ".join(lines), "name at least two parts")])
    with project.change("split") as change:
        parent = change.current(_task(project.get(number)))
        read = read_parts(change, lines)
        rest = parent.remaining if parent.remaining is not None else parent.estimate
        parts = [
            change.add(part(parent, values, share)) for values, share in zip(read, shares(read, rest), strict=True)
        ]
        values: dict[str, Any] = {"depends_on": (*parent.depends_on, *(p.number for p in parts)), "remaining": 0.0}
        if parent.estimate is not None:
            values["estimate"] = max(0.0, round(parent.estimate - sum(p.estimate or 0 for p in parts), 2))
        change.edit(parent, **values)
    numbers = tuple(p.number for p in parts)
    return Outcome(numbers, f"{number} split into {', '.join(numbers)}", tuple(change.said))


def _repoint(change: Change, old: str, new: str) -> None:
    """Let all that names a task name another one, where that may still be changed."""

    def renamed(numbers: Sequence[str], own: str = "") -> tuple[str, ...]:
        return tuple(dict.fromkeys(n for n in (new if n == old else n for n in numbers) if n != own))

    for number in change.data.successors.get(old, ()):
        waiting = change.data.get(number)
        if isinstance(waiting, (Task, Milestone)):
            change.edit(waiting, depends_on=renamed(waiting.depends_on, number))
    for task in [task for task in change.data.tasks.values() if task.parent == old]:
        above = change.data.tasks[change.data.id_of(old)].parent
        parent = new if task.number != new else above if above != new else ""
        change.edit(task, parent=parent)
    asking: list[Meeting | Risk] = [*change.data.meetings.values(), *change.data.risks.values()]
    for record in asking:
        if old in record.actions and not record.TYPE.frozen(record, change.data):
            change.edit(record, actions=renamed(record.actions))


def raise_issue(
    project: OpenProject,
    numbers: Numbers,
    title: str = "",
    decision_from: str = "",
    decision_by: dt.date | None = None,
    level: int | None = None,
) -> Outcome:
    """An issue from a task, linked both ways; with ``decision_from`` it is escalated to them.

    A decision is needed in a week unless ``decision_by`` says when; ``level`` is its urgency and impact, 1 to 5.
    """
    steps: dict[str, Any] = {"urgency": level, "impact": level} if level else {}

    def issue(task: Task) -> Record:
        return Issue(
            title=clean(title) or f"{task.title} is late",
            owner=task.owner or project.session.user,
            target_date=project.today + TARGET_AFTER,
            decision_needed_from=decision_from,
            decision_needed_by=decision_by or project.today + dt.timedelta(days=7) if decision_from else None,
            source=task.number,
            **steps,
        )

    return _raise(project, "escalate" if decision_from else "raise issue", numbers, issue)


def raise_risk(
    project: OpenProject, numbers: Numbers, title: str = "", probability: int | None = None, impact: int | None = None
) -> Outcome:
    """A risk from a task, linked both ways; probability and impact in steps from 1 to 5 where they are known."""
    steps: dict[str, Any] = {name: step for name, step in (("probability", probability), ("impact", impact)) if step}

    def risk(task: Task) -> Record:
        return Risk(
            title=clean(title) or f"{task.title} delays what waits for it",
            owner=task.owner or project.session.user,
            review_date=project.today + REVIEW_AFTER,
            source=task.number,
            **steps,
        )

    return _raise(project, "raise risk", numbers, risk)


def reorder(project: OpenProject, numbers: Numbers, moved: str) -> Outcome:
    """Place a card: ``numbers`` is its column in the order people want.

    Only the moved card is written while its neighbours' ranks leave room; else the column is numbered anew.
    """
    found = [_task(project.get(number)) for number in numbers]
    at = list(numbers).index(moved)
    upper = found[at - 1].rank if at else None
    lower = found[at + 1].rank if at + 1 < len(found) else None
    others = [t.rank for t in found if t.number != moved]
    in_order = all(a < b for a, b in itertools.pairwise(others))
    with project.change("order") as change:
        if in_order and (upper is None or lower is None or upper < lower):
            low = upper if upper is not None else (lower or 0.0) - 2.0
            high = lower if lower is not None else low + 2.0
            change.edit(found[at], rank=(low + high) / 2)
        else:
            for rank, task in enumerate(found):
                change.edit(task, rank=float(rank))
    return Outcome((moved,), f"{moved} placed", tuple(change.said))


def _decide(
    project: OpenProject,
    verb: str,
    numbers: Numbers,
    values: Callable[[Task], Mapping[str, Any]],
    words: str,
    reason: str = "",
    effect: str = "",
) -> Outcome:
    with project.change(verb, clean(reason), effect) as change:
        for task in _tasks(change, project, numbers):
            change.edit(task, **values(task))
    told = f"{several(numbers)} {words}" + (f" · {effect}" if effect else "")
    return Outcome(tuple(numbers), told, tuple(change.said))


def _raise(project: OpenProject, verb: str, numbers: Numbers, make: Callable[[Task], Record]) -> Outcome:
    raised = []
    with project.change(verb) as change:
        for task in _tasks(change, project, numbers):
            record = change.add(make(task))
            change.edit(task, links=(*task.links, record.number))
            raised.append(record.number)
    return Outcome(tuple(raised), f"{', '.join(raised)} raised from {several(numbers)}", tuple(change.said))


def _tasks(change: Change, project: OpenProject, numbers: Numbers) -> list[Task]:
    return [change.current(_task(project.get(number))) for number in dict.fromkeys(numbers)]


def _task(record: Record) -> Task:
    if not isinstance(record, Task):
        raise Refused(f"{record.number}: only tasks can do this, it is a {record.TYPE.words[0]}")
    return record
