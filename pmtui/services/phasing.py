"""What is planned for a budget line, month by month: spread evenly, typed, shaped like another line, or left even."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import msgspec

from pmtui.domain.dates import say_month
from pmtui.domain.phasetext import PhaseText, read_phases
from pmtui.domain.phasing import Phasing, even, month_of, rescaled, with_month, working_days
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetLine, Record
from pmtui.services.project import OpenProject, Outcome


def months_of(data: ProjectData) -> dict[str, int]:
    """The project's months with their working days; none without a start and a finish."""
    start, finish = data.project.start, data.project.finish
    return working_days(start, finish, data.calendar) if start and finish and finish >= start else {}


def planned_months(data: ProjectData, line: BudgetLine) -> Phasing:
    """The months of a line: its own, else spread evenly over the project's; none where that has no dates."""
    start, finish = data.project.start, data.project.finish
    if line.phasing or not (start and finish and finish >= start):
        return line.phasing
    return even(line.planned, start, finish, data.calendar)


def why_not(line: BudgetLine) -> str:
    """Why a line can't be phased; empty where it can."""
    if line.kind != "base":
        return f"{line.kind} is not planned by month: it is spent where something draws on it"
    return "" if line.planned else "nothing is planned for it: give it an amount first"


def spread(project: OpenProject, number: str) -> Outcome:
    """Keep months spread evenly by working days in the place of the line's own."""

    def months(line: BudgetLine, data: ProjectData) -> Phasing:
        if not months_of(data):
            raise Refused([Problem("phasing", "", "the project has no start and finish to spread it between", number)])
        return planned_months(data, msgspec.structs.replace(line, phasing=()))

    return _keep(project, number, months, "spread evenly")


def set_month(
    project: OpenProject, number: str, month: str, amount: Decimal, kept: frozenset[str] = frozenset()
) -> Outcome:
    """What is planned in a month; the rest goes to the months that are not kept, in their proportions."""

    def months(line: BudgetLine, data: ProjectData) -> Phasing:
        return with_month(planned_months(data, line), month, amount, line.planned, kept)

    return _keep(project, number, months, f"{say_month(month)} {amount:,.2f}")


def read_typed(data: ProjectData, line: BudgetLine, text: str, today: dt.date) -> PhaseText:
    """What months typed on one line mean for a budget line."""
    return read_phases(text, line.planned, months_of(data), month_of(today))


def set_typed(project: OpenProject, number: str, text: str) -> Outcome:
    """All months of a line as typed: ``2026-01 5000, feb 3000, rest``."""

    def months(line: BudgetLine, data: ProjectData) -> Phasing:
        typed = read_typed(data, line, text, project.today)
        if typed.problem or not typed.phasing:
            raise Refused([Problem("phasing", text, typed.problem or "no month is named", number)])
        return typed.phasing

    return _keep(project, number, months, "months as typed")


def copy_shape(project: OpenProject, number: str, other: str) -> Outcome:
    """The months of another line, in proportion to what is planned for this one."""

    def months(line: BudgetLine, _: ProjectData) -> Phasing:
        like = _line(project.get(other))
        if not like.phasing:
            raise Refused([Problem("phasing", other, "it has no months of its own to copy", number)])
        return rescaled(like.phasing, line.planned)

    return _keep(project, number, months, f"shaped like {other}")


def clear(project: OpenProject, number: str) -> Outcome:
    """No months of its own any more: spread evenly from the project's start to its finish, as they move."""

    def months(line: BudgetLine, _: ProjectData) -> Phasing:
        if not line.phasing:
            raise Refused([Problem("phasing", "", "it has no months of its own", number)])
        return ()

    return _keep(project, number, months, "spread evenly, without months of its own")


def _keep(project: OpenProject, number: str, months: Callable[[BudgetLine, ProjectData], Phasing], how: str) -> Outcome:
    """Write the months that a line gets, as it is under the lock."""
    with project.change("phase") as change:
        line = change.current(_line(project.get(number)))
        problem = why_not(line)
        if problem:
            raise Refused([Problem("phasing", "", problem, number)])
        phasing = months(line, change.data)
        if phasing == line.phasing:
            return Outcome((number,), f"{number} is unchanged")
        change.edit(line, phasing=phasing)
    return Outcome((number,), f"{number} {line.category}: {how}", tuple(change.said))


def _line(record: Record) -> BudgetLine:
    if not isinstance(record, BudgetLine):
        raise Refused(f"{record.number}: only budget lines have months, it is a {record.TYPE.words[0]}")
    return record
