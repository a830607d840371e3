"""What is done about a risk or an issue: tasks of its own, made by one line or linked where they are there already."""

from collections.abc import Sequence
from dataclasses import replace

from pmtui.domain.dates import say_date
from pmtui.domain.links import ACTION, RELATED
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.quickgrammar import ParsedLine, Understood
from pmtui.domain.quickline import read_line
from pmtui.domain.records import Issue, Record, Risk, Task, split_number
from pmtui.services.adding import Draft, check
from pmtui.services.linking import link
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.quick import completed, describe

Answered = Risk | Issue


def task_named(project: OpenProject, line: str) -> Task | None:
    """The task whose number is all that a line says; ``None`` where it says more, or another thing."""
    found = split_number(line.strip())
    record = project.data.get(found[0].number(found[1])) if found else None
    return record if isinstance(record, Task) else None


def read_action(project: OpenProject, number: str, line: str) -> ParsedLine:
    """A task for a risk or an issue, as one line tells it.

    Where the line does not say it, the task is its owner's and due when it is to be looked at again: its review
    or target date, unless that has passed.
    """
    source = _answered(project.get(number))
    parsed = read_line("task", line, project.data, project.today)
    usual: list[tuple[str, str, object, str]] = [("owner", "owner", source.owner, f"@{source.owner}")]
    day = source.review_date if isinstance(source, Risk) else source.target_date
    if day >= project.today:
        usual.append(("due", "due", day, say_date(day, project.today)))
    given = [item for item in usual if item[0] not in parsed.values]
    values = {**parsed.values, **{name: value for name, _, value, _ in given}}
    told = tuple(Understood(name, label, words) for name, label, _, words in given)
    return replace(parsed, values=values, understood=(*parsed.understood, *told))


def action_problem(project: OpenProject, number: str, line: str) -> str:
    """Why a line can't be an action; empty where it can."""
    if task_named(project, line) is not None:
        return ""
    parsed = read_action(project, number, line)
    problems = check(project, [Draft(parsed)])[0]
    return str(problems[0]) if problems else ""


def add_action(project: OpenProject, numbers: Sequence[str], line: str) -> Outcome:
    """Add a task that is done about these risks or issues, the first of which is its source; one undo.

    A line that is the number of a task links that one. Raises :class:`Refused` with every problem of the line.
    """
    project.refresh()
    there = task_named(project, line)
    if there is not None:
        found = [_answered(project.get(number)) for number in numbers]
        way = ACTION if all(isinstance(record, Risk) for record in found) else RELATED
        return link(project, numbers, there.number, way)
    parsed = read_action(project, numbers[0], line)
    if parsed.problems:
        raise Refused(parsed.problems)
    with project.change("add action") as change:
        answered = [change.current(_answered(project.get(number))) for number in numbers]
        values = completed(project, "task", dict(parsed.values))
        task = change.add(Task(**{**values, "source": answered[0].number}))
        for record in answered:
            if isinstance(record, Risk):
                change.edit(record, actions=(*record.actions, task.number))
            elif record.number != task.source:
                change.edit(record, links=(*record.links, task.number))
    words = describe(task, project.data.project.currency, project.today)
    return Outcome((task.number,), f"{words} · for {', '.join(numbers)}", (*parsed.said, *change.said))


def actions_of(project: OpenProject, record: Answered) -> list[Task]:
    """The tasks done about a risk, or made for an issue."""
    if isinstance(record, Risk):
        return [task for number in record.actions if isinstance(task := project.data.get(number), Task)]
    return [task for task in project.data.tasks.values() if task.source == record.number]


def _answered(record: Record) -> Answered:
    if not isinstance(record, (Risk, Issue)):
        why = f"an action answers a risk or an issue, it is a {record.TYPE.words[0]}"
        raise Refused([Problem("source", "", why, record.number)])
    return record
