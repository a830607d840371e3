"""What is done to cards where they stand: a step to the next column."""

from collections.abc import Sequence

from pmtui.domain.problems import Refused
from pmtui.domain.records import Task
from pmtui.domain.records.task import DONE, STEPS, beside
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several
from pmtui.services.repeating import repeat


def step(project: OpenProject, numbers: Sequence[str], by: int) -> Outcome:
    """Each task one column on (``by`` 1) or back (-1), past Blocked; done on the last, as by its own key.

    Those that stand at the end stay, and are told; refused where all do.
    """
    moved: dict[str, list[str]] = {}
    stay: list[str] = []
    found = [project.get(number) for number in numbers]
    ends = all(isinstance(task, Task) and beside(task.status, by) == DONE for task in found)
    with project.change("done" if ends else "move") as change:
        for record in found:
            task = change.current(record)
            to = beside(task.status, by) if isinstance(task, Task) else ""
            if not isinstance(task, Task) or not to:
                stay.append(task.number)
                continue
            if to == DONE:
                repeat(change, task)
            change.edit(task, status=to)
            moved.setdefault(to, []).append(task.number)
        if not moved:
            raise Refused(f"there is no column beyond {STEPS[-1 if by > 0 else 0]}")
    words = ", ".join(f"{several(went)} in {status}" for status, went in moved.items())
    left = [f"{', '.join(stay)} stayed: no column beyond {STEPS[-1 if by > 0 else 0]}"] if stay else []
    return Outcome(tuple(number for went in moved.values() for number in went), words, (*left, *change.said))
