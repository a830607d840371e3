"""Versions of the budget: proposed from the lines as they are, then approved or rejected, and frozen.

Approving one supersedes the one before, in the same transaction; from then on money is held against it, and
the lines are what is proposed next. What was decided is corrected by another version. An approval can be
undone until something was built on it: a report issued, another version proposed.
"""

import datetime as dt
import re
from decimal import Decimal

import msgspec

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BudgetVersion, Record, split_number
from pmtui.domain.records.cost import VersionLine
from pmtui.domain.text import clean
from pmtui.domain.versions import differences, lines_as_they_are, total_of, version_before
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome

_NUMBER = re.compile(r"\b[A-Za-z]{1,3}-?[0-9]{1,9}\b")
_CAUSES = ("change", "decision")


class Why(msgspec.Struct, frozen=True):
    """Why a version is proposed, and the change or decision that is named in it; ``wrong`` where it is none here."""

    reason: str
    change: str = ""
    wrong: str = ""


def read_why(text: str, data: ProjectData) -> Why:
    """The reason of a version, as typed; the first change or decision that it names is the version's own."""
    reason = clean(text, lines=True)
    for word in _NUMBER.findall(reason):
        found = split_number(word)
        if found is not None and found[0].kind in _CAUSES:
            number = found[0].number(found[1])
            there = data.get(number) is not None
            return Why(reason, number if there else "", "" if there else f"there is no {number} here")
    return Why(reason)


def nothing_to_propose(data: ProjectData) -> str:
    """Why the lines as they are can't be proposed; empty where they can."""
    lines = lines_as_they_are(data)
    if not lines:
        return "there are no budget lines to propose yet"
    approved = data.approved_version
    if approved is not None and _alike(approved.lines, lines):
        return f"the lines are as approved in {approved.number}: change what is planned first"
    same = [v.number for v in data.budget_versions.values() if v.status == "proposed" and _alike(v.lines, lines)]
    return f"{same[0]} proposes just that already" if same else ""


def propose(project: OpenProject, title: str, reason: str = "", change_number: str = "") -> Outcome:
    """The lines as they are, as a version to decide on; ``change_number`` is the change or decision it follows."""
    with project.change("propose budget", clean(reason)) as change:
        why_not = nothing_to_propose(change.data)
        if why_not:
            raise Refused([Problem("lines", "", why_not)])
        why = clean(reason, lines=True)
        lines = lines_as_they_are(change.data)
        version = change.add(BudgetVersion(title=clean(title), reason=why, change=change_number, lines=lines))
        words = f"{version.number} {version.title} proposed: {_money(change.data, total_of(lines))}"
    return Outcome((version.number,), words, tuple(change.said))


def take_lines(project: OpenProject, number: str) -> Outcome:
    """Let a proposed version hold the lines as they are now."""
    with project.change("update budget") as change:
        version = _proposed(change, project.get(number))
        lines = lines_as_they_are(change.data)
        if _alike(version.lines, lines):
            raise Refused([Problem("lines", "", "it holds the lines as they are", number)])
        change.edit(version, lines=lines)
    return Outcome((number,), f"{number} holds the lines as they are: {_money(change.data, total_of(lines))}")


def approve(
    project: OpenProject, number: str, by: str, on: dt.date | None = None, shown: BudgetVersion | None = None
) -> Outcome:
    """Money is held against this version from now on; the one approved before is superseded.

    ``shown`` is the version as whoever approves saw it: refused where it holds other lines by now.
    """
    with project.change("approve budget") as change:
        version = _proposed(change, project.get(number))
        if shown is not None and not _alike(shown.lines, version.lines):
            now = f"{version.updated_by} changed its lines meanwhile, they come to {total_of(version.lines):,.2f}"
            raise Refused([Problem("lines", "", f"{now}; look again", number)])
        before = change.data.approved_version
        if before is not None:
            change.replace(msgspec.structs.replace(before, status="superseded"))
        change.edit(version, status="approved", **_decision(project, number, by, on))
        lines = lines_as_they_are(change.data)
        if not _alike(version.lines, lines):
            more = total_of(lines) - total_of(version.lines)
            gap = f"; they come to {more:+,.2f}" if more else ""
            change.said.append(f"the lines have changed since it was proposed{gap}")
    instead = f", {before.number} superseded" if before else ""
    words = f"{number} approved{instead}: {_money(change.data, total_of(version.lines))}"
    return Outcome((number,), words, tuple(change.said))


def reject(project: OpenProject, number: str, by: str, reason: str, on: dt.date | None = None) -> Outcome:
    """A proposed version is not to be; the reason is kept with it."""
    why = clean(reason)
    if not why:
        raise Refused([Problem("reason", "", "say why it is rejected", number)])
    with project.change("reject budget", why) as change:
        version = _proposed(change, project.get(number))
        kept = f"{version.reason}\nRejected: {why}".strip()
        change.edit(version, status="rejected", reason=kept, **_decision(project, number, by, on))
    return Outcome((number,), f"{number} rejected", tuple(change.said))


def delete(project: OpenProject, number: str) -> Outcome:
    """Take a proposed version away; what was decided on stays."""
    with project.change("delete") as change:
        change.remove(_version(project.get(number)))
    return Outcome((number,), f"{number} deleted")


def more_than_before(data: ProjectData, version: BudgetVersion) -> tuple[BudgetVersion | None, Decimal | None]:
    """The version that one is compared with, and by how much it is above that; ``None`` where there is none."""
    before = version_before(data, version)
    return before, total_of(version.lines) - total_of(before.lines) if before else None


def _decision(project: OpenProject, number: str, by: str, on: dt.date | None) -> dict[str, object]:
    who, day = clean(by), on or project.today
    if not who:
        raise Refused([Problem("decided_by", "", "say who decided", number)])
    if day > project.today:
        raise Refused([Problem("decided_on", day.isoformat(), "allowed: today or earlier", number)])
    return {"decided_by": who, "decided_on": day}


def _proposed(change: Change, record: Record) -> BudgetVersion:
    version = change.current(_version(record))
    if version.status != "proposed":
        why = f"it was {version.status} already; another version is proposed instead"
        raise Refused([Problem("status", version.status, why, version.number)])
    return version


def _version(record: Record) -> BudgetVersion:
    if not isinstance(record, BudgetVersion):
        raise Refused(f"{record.number}: only versions of the budget can do this, it is a {record.TYPE.words[0]}")
    return record


def _alike(one: tuple[VersionLine, ...], other: tuple[VersionLine, ...]) -> bool:
    return all(difference.is_same for difference in differences(one, other))


def _money(data: ProjectData, value: object) -> str:
    return f"{value:,.2f} {data.project.currency}"
