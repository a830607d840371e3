"""Work-in-progress limits: how many tasks a column of the board holds, and what a full one allows.

A limit warns; where the project says that its limits hold (``wip_strict``) it refuses. Done and cancelled
are no work in progress: nothing is ever refused there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from pmtui.domain.problems import Problem
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records.task import FLOW

WHERE = "Board limits in Project settings (P in Today)"
"""Where a limit is changed."""


class Crowd(msgspec.Struct, frozen=True):
    """A column that a change fills past its limit; ``numbers`` are the tasks that would enter it."""

    status: str
    held: int
    would_hold: int
    limit: int
    numbers: tuple[str, ...]

    @property
    def warning(self) -> str:
        """That the limit is passed, where that is allowed."""
        return f"▲ {self.would_hold} in {self.status}, the limit is {self.limit}"

    @property
    def problem(self) -> Problem:
        """Why the change is refused, and what can be done."""
        number = self.numbers[0] if len(self.numbers) == 1 else ""
        said = f"it holds {self.held}, its limit is {self.limit}: move one out first, or change {WHERE}"
        return Problem("status", self.status, said, number)


def crowds(before: ProjectData, after: ProjectData, ids: Iterable[int]) -> Iterator[Crowd]:
    """Columns over their limit that the tasks with these ids enter, and that hold more than before.

    A task that is in its column already, whatever else of it changes, enters nothing.
    """
    limits = after.project.wip_limits
    if not limits:
        return
    entering: dict[str, list[str]] = {}
    for task_id in ids:
        was, now = before.tasks.get(task_id), after.tasks.get(task_id)
        if now is not None and now.status in limits and (was is None or was.status != now.status):
            entering.setdefault(now.status, []).append(now.number)
    if not entering:
        return
    held = Counter(task.status for task in before.tasks.values())
    holds = Counter(task.status for task in after.tasks.values())
    for status, numbers in entering.items():
        if holds[status] > max(limits[status], held[status]):
            yield Crowd(status, held[status], holds[status], limits[status], tuple(numbers))


def refuses(crowd: Crowd, data: ProjectData) -> bool:
    """Whether the project's limits hold, in this column."""
    return data.project.wip_strict and FLOW.is_open(crowd.status)
