"""The parts a task is split into: each read as a line of its own, the rest of the estimate shared out."""

from collections.abc import Mapping, Sequence
from typing import Any

from pmtui.domain.problems import Refused
from pmtui.domain.records import Task
from pmtui.services.change import Change


def read_parts(change: Change, lines: Sequence[str]) -> list[dict[str, Any]]:
    """What each part says of itself; refused with every problem of every part."""
    from pmtui.domain.capture import dated_action
    from pmtui.domain.quickline import read_line  # the grammar is loaded when a line is read

    read = [read_line("task", dated_action(line, change.today), change.data, change.today) for line in lines]
    problems = [problem for parsed in read for problem in parsed.problems]
    if problems:
        raise Refused(problems)
    change.said += [words for parsed in read for words in parsed.said]
    return [dict(parsed.values) for parsed in read]


def shares(read: Sequence[Mapping[str, Any]], rest: float | None) -> list[float | None]:
    """The estimate of each part: its own, or an even share of what the others leave, to the cent of an hour."""
    own = [values.get("estimate") for values in read]
    open_parts = sum(1 for estimate in own if estimate is None)
    left = max(0.0, (rest or 0.0) - sum(estimate or 0.0 for estimate in own))
    shares: list[float | None] = []
    for estimate in own:
        if estimate is not None or not left:
            shares.append(estimate)
            continue
        share = round(left / open_parts, 2)
        left, open_parts = round(left - share, 2), open_parts - 1
        shares.append(share)
    return shares


def part(parent: Task, values: Mapping[str, Any], share: float | None) -> Task:
    """A part of a task: what it says of itself, else what the parent says."""
    usual: dict[str, Any] = {
        name: getattr(parent, name) for name in ("owner", "due", "start", "priority", "deliverable")
    }
    told = usual | dict(values) | {"estimate": share, "parent": parent.number}
    if told["start"] and told["due"] and told["start"] > told["due"] and "start" not in values:
        told["start"] = None
    return Task(**told)
