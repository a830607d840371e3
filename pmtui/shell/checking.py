"""What ``check`` finds in a project: its files, then each record against its rules."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pmtui.domain.validation import problems_of
from pmtui.services.repairing import dangling, read_content
from pmtui.store import StoreError
from pmtui.store.damage.bases import shown
from pmtui.store.damage.findings import Finding
from pmtui.store.damage.inspect import Inspection, inspect
from pmtui.store.workspace import SHARED, folder_name_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmtui.domain.project_data import ProjectData
    from pmtui.services.session import Session

MOST_TOLD = 100
"""Findings of a project that are told in words."""


@dataclass
class CheckResult:
    """What was found; ``inspection`` is what a repair begins with, ``copy`` the folder of one that was made."""

    code: str
    findings: list[Finding] = field(default_factory=list)
    records: int = 0
    transactions: int = 0
    inspection: Inspection | None = None
    copy: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def damage(self) -> list[str]:
        """What was lost or altered, in words."""
        return [finding.words for finding in self.findings if finding.damage]

    @property
    def notes(self) -> list[str]:
        """What is worth knowing, and no damage."""
        return [_with_remedy(finding) for finding in self.findings if not finding.damage]

    def lines(self) -> list[str]:
        """In words."""
        state = "damaged" if self.damage else "whole"
        head = f"{self.code}: {state}, {self.records} records, {self.transactions} changes"
        damage, notes = self.damage, self.notes
        more = max(0, len(damage) - MOST_TOLD) + max(0, len(notes) - MOST_TOLD)
        remedies = dict.fromkeys(f.remedy for f in self.findings if f.damage and f.remedy)
        return [
            head,
            *(f"  damage: {text}" for text in damage[:MOST_TOLD]),
            *(f"  {text}" for text in notes[:MOST_TOLD]),
            *([f"  and {more} more (--json tells all)"] if more else []),
            *(f"  what to do: {text}" for text in remedies if not self.copy),
        ]

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        found = {
            "project": self.code,
            "whole": not self.damage,
            "records": self.records,
            "transactions": self.transactions,
            "damage": self.damage,
            "notes": self.notes,
            "findings": [dataclasses.asdict(finding) for finding in self.findings],
        }
        return found | ({"repaired": {"folder": self.copy, "told": list(self.left_out)}} if self.copy else {})


def check_project(session: Session, code: str) -> CheckResult:
    """Read all of a project, and change nothing: also not an unfinished last line, which is only told."""
    result = CheckResult(code)
    unknown = folder_problem(session, code)
    if unknown:
        result.findings.append(Finding("no project", code, unknown, damage=True))
        return result
    folder = session.path / code
    try:
        found = inspect(folder, zone=session.now().tzinfo)
    except (StoreError, OSError) as error:
        result.findings.append(Finding("unreadable", code, str(error), damage=True))
        return result
    result.inspection = found
    result.findings += found.findings
    result.transactions = found.sequence
    if not os.access(folder, os.W_OK | os.X_OK):
        words = f"read-only: {folder} can't be written by {session.user}"
        result.findings.append(Finding("read-only", code, words, damage=False))
    content = read_content(shown(found.files, found.chain))
    result.records = sum(1 for _ in content.data.records()) + len(content.unreadable)
    result.findings += content.findings()
    result.findings += _broken_rules(content.data, with_project=not code.startswith(SHARED))
    return result


def folder_problem(session: Session, code: str) -> str:
    """Why there is no folder of a project's with this code; empty where there is."""
    folder = session.path / code
    if not folder_name_problem(code) and not folder.is_symlink() and folder.is_dir():
        return ""
    known = ", ".join(session.workspace.codes()) or "none yet"
    return f"{code!r}: no such project in {session.path} (there: {known})"


def _broken_rules(data: ProjectData, *, with_project: bool) -> Iterator[Finding]:
    """Records that could not be written so today, and stand all the same."""
    told = {(link.record.number, link.field, link.number) for link in dangling(data)}
    for record in (*((data.project,) if with_project else ()), *data.records()):
        for problem in problems_of(record, data):
            if (record.number, problem.field, problem.value) not in told:
                yield Finding("broken rule", record.number, f"breaks a rule: {problem}", damage=False)


def _with_remedy(finding: Finding) -> str:
    return f"{finding.words}; {finding.remedy}" if finding.remedy else finding.words
