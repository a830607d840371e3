"""Deliverables, milestones and tasks as they were planned, begun, moved, blocked and finished."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from pmtui.demo.days import Days
from pmtui.demo.play import EVENING, MORNING, NOON, TRIAGE, Act, Event, Stage
from pmtui.demo.rows import Gate, Part, Plan, Slip, Story, Work
from pmtui.domain.records import Deliverable, Milestone, Risk, Task
from pmtui.services import records, tasks, verbs
from pmtui.services.change import Change

AT_TRIAGE, BEFORE_NOON, AFTERNOON = (TRIAGE, TRIAGE + 25), (TRIAGE, NOON), (NOON + 30, EVENING)
"""Between which minutes of the day things are done."""

LATENESS = (-2, -1, -1, 0, 0, 0, 0, 1, 2, 3, 4)
"""Working days by which work is finished early or late, as often as that is."""


def tell_work(story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    """All events of deliverables, milestones and tasks."""
    manager, first = story.manager, days.day(story.start + 5)
    yield Event(first, MORNING, manager, _add_parts)
    yield Event(first, MORNING + 5, manager, _add_gates)
    for part in story.parts:
        for on, status in part.became:
            yield Event(days.day(on), EVENING - 5, part.owner, partial(_set_part, part=part, status=status))
    for gate in story.gates:
        yield from _gate_events(gate, days, manager)
    for plan in story.plans:
        yield Event(days.day(plan.on), MORNING + 10, manager, partial(_add_plan, plan=plan))
        for work in plan.works:
            yield from _work_events(_settled(work, story, rng), story, days, rng)


def _settled(work: Work, story: Story, rng: random.Random) -> Work:
    """The row with the day that the work was finished on, and a slip where it was late."""
    if work.fate != "done":
        return work
    due = work.slips[-1].to if work.slips else work.due
    done = work.done if work.done is not None else min(due + rng.choice(LATENESS), -1)
    if done > due + 1 and not work.slips:
        work = replace(work, slips=(Slip(due, done, rng.choice(story.whys)),))
    return replace(work, done=max(done, work.start))


def _work_events(work: Work, story: Story, days: Days, rng: random.Random) -> Iterator[Event]:
    def event(on: int, half: tuple[int, int], who: str, act: Act) -> Event:
        return Event(days.day(on), rng.randrange(*half), who, act)

    owner, manager = work.owner, story.manager
    took_days = work.fate == "done" and work.done != work.start and work.hours > 12
    if work.fate in {"doing", "blocked"} or took_days:
        yield event(work.start, BEFORE_NOON, owner, partial(_begin, key=work.key))
    for slip in work.slips:
        yield event(slip.on, AT_TRIAGE, slip.who or owner, partial(_reschedule, key=work.key, slip=slip))
    for on, percent in work.progress:
        yield event(on, AFTERNOON, owner, partial(_progress, key=work.key, percent=percent))
    once: tuple[tuple[tuple[int, str] | None, str, Callable[..., None]], ...] = (
        (work.handed, manager, _hand),
        (work.chased, manager, _chase),
        (work.dropped, manager, _drop),
        (work.deferred, manager, _defer),
    )
    for told, who, act in once:
        if told:
            yield event(told[0], AFTERNOON, who, partial(act, key=work.key, words=told[1]))
    if work.blocked:
        on, why, follow_up = work.blocked
        yield event(on, AFTERNOON, owner, partial(_block, key=work.key, why=why, follow_up=follow_up))
    for on, who, text in work.noted:
        yield event(on, AFTERNOON, who, partial(_note, key=work.key, text=text))
    if work.fate == "done" and work.done is not None:
        effort = round(work.hours * rng.uniform(0.8, 1.3) * 2) / 2
        yield event(work.done, AFTERNOON, owner, partial(_complete, key=work.key, effort=effort))


def _gate_events(gate: Gate, days: Days, manager: str) -> Iterator[Event]:
    for move in gate.moves:
        yield Event(days.day(move.on), EVENING - 20, move.who or manager, partial(_forecast, key=gate.key, slip=move))
    if gate.reached is not None:
        yield Event(days.day(gate.reached), EVENING - 10, manager, partial(_reach, key=gate.key))


def _add_parts(stage: Stage) -> None:
    with stage.project.change("add deliverable") as change:
        for part in stage.story.parts:
            added = change.add(
                Deliverable(
                    code=part.code,
                    title=part.title,
                    owner=part.owner,
                    parent=stage.numbers.get(part.parent, ""),
                    acceptance_criteria=part.criteria,
                )
            )
            stage.numbers[part.code] = added.number


def _add_gates(stage: Stage) -> None:
    with stage.project.change("add milestone") as change:
        for gate in stage.story.gates:
            added = change.add(Milestone(title=gate.title, forecast=stage.days.day(gate.baseline)))
            stage.numbers[gate.key] = added.number


def _set_part(stage: Stage, part: Part, status: str) -> None:
    verbs.set_status(stage.project, [stage.number(part.code)], status)


def _add_plan(stage: Stage, plan: Plan) -> None:
    with stage.project.change("add task") as change:
        for work in plan.works:
            _add_task(stage, change, work)
        for gate in stage.story.gates:
            milestone, after = change.data.get(stage.number(gate.key)), stage.known(gate.after)
            if isinstance(milestone, Milestone) and milestone.depends_on != after:
                change.edit(milestone, depends_on=after)


def _add_task(stage: Stage, change: Change, work: Work) -> None:
    task = change.add(
        Task(
            title=work.title,
            status="backlog" if work.fate == "backlog" else "to do",
            owner=work.owner,
            start=None if work.fate == "backlog" else stage.days.day(work.start),
            due=None if work.fate == "backlog" else stage.days.day(work.due),
            priority=work.priority,
            deliverable=stage.number(work.part),
            estimate=work.hours,
            depends_on=stage.known(work.after),
            tags=work.tags,
            source=stage.numbers.get(work.source, ""),
        )
    )
    stage.numbers[work.key] = task.number
    risk = change.data.get(task.source) if task.source else None
    if isinstance(risk, Risk):
        change.edit(risk, actions=(*risk.actions, task.number))


def _begin(stage: Stage, key: str) -> None:
    tasks.move_to(stage.project, [stage.number(key)], "doing")


def _reschedule(stage: Stage, key: str, slip: Slip) -> None:
    tasks.reschedule(stage.project, [stage.number(key)], stage.days.day(slip.to), slip.why)


def _progress(stage: Stage, key: str, percent: int) -> None:
    tasks.progress(stage.project, [stage.number(key)], percent)


def _hand(stage: Stage, key: str, words: str) -> None:
    tasks.delegate(stage.project, [stage.number(key)], words)


def _chase(stage: Stage, key: str, words: str) -> None:
    tasks.chase(stage.project, [stage.number(key)], words)


def _block(stage: Stage, key: str, why: str, follow_up: int) -> None:
    tasks.block(stage.project, [stage.number(key)], why, stage.days.day(follow_up))


def _drop(stage: Stage, key: str, words: str) -> None:
    tasks.drop(stage.project, [stage.number(key)], words)


def _defer(stage: Stage, key: str, words: str) -> None:
    tasks.defer(stage.project, [stage.number(key)], words)


def _note(stage: Stage, key: str, text: str) -> None:
    records.add_note(stage.project, [stage.number(key)], text)


def _complete(stage: Stage, key: str, effort: float) -> None:
    tasks.complete(stage.project, [stage.number(key)], effort=effort)


def _forecast(stage: Stage, key: str, slip: Slip) -> None:
    verbs.set_date(stage.project, [stage.number(key)], stage.days.day(slip.to), slip.why)


def _reach(stage: Stage, key: str) -> None:
    verbs.complete(stage.project, [stage.number(key)])
