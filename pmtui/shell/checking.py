"""What ``check`` finds in a project's store."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pmtui.domain.validation import problems_of
from pmtui.services.project import OpenProject
from pmtui.services.projects import open_project
from pmtui.services.session import Session
from pmtui.store import StoreError
from pmtui.store.history import broken_history


@dataclass
class CheckResult:
    """``damage`` is what was lost or altered; ``notes`` is worth knowing, and no damage."""

    code: str
    damage: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    records: int = 0
    transactions: int = 0

    def lines(self) -> list[str]:
        """In words."""
        state = "damaged" if self.damage else "whole"
        head = f"{self.code}: {state}, {self.records} records, {self.transactions} changes"
        return [head, *(f"  damage: {text}" for text in self.damage), *(f"  {text}" for text in self.notes)]

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "project": self.code,
            "whole": not self.damage,
            "records": self.records,
            "transactions": self.transactions,
            "damage": self.damage,
            "notes": self.notes,
        }


def check_project(session: Session, code: str) -> CheckResult:
    """Read all of a project: its files, then each record against its rules.

    An unfinished last line was never acknowledged: it is set aside, and told.
    """
    result = CheckResult(code)
    try:
        project = open_project(session, code)
    except (StoreError, OSError, ValueError) as error:
        result.damage.append(str(error))
        return result
    try:
        _check_files(project, result)
        _check_records(project, result)
    except (StoreError, OSError) as error:
        result.damage.append(str(error))
    finally:
        project.db.close()
    return result


def _check_files(project: OpenProject, result: CheckResult) -> None:
    journal = project.db.journal
    if journal.damage:
        result.damage.append(journal.damage)
    elif journal.read_only:
        result.notes.append(f"read-only: {journal.read_only}")
    torn = _unfinished(journal.journal_path)
    before = set(_set_aside(journal.folder))
    if torn and not journal.read_only:
        with project.change("check"):
            pass
        made = sorted(set(_set_aside(journal.folder)) - before)
        place = f", set aside in {made[0]}" if made else ""
        result.notes.append(f"an unfinished last line of {torn} bytes, never acknowledged{place}")
    elif torn and not result.damage:
        result.notes.append(
            f"an unfinished last line of {torn} bytes, never acknowledged; the next writer sets it aside"
        )
    result.notes += [f"set aside earlier: {name}" for name in sorted(before)]
    result.transactions = project.sequence
    if not result.damage:
        result.damage += broken_history(journal)


def _unfinished(path: Path) -> int:
    """Bytes after the last newline of a journal."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            start = size
            while start > 0:
                start = max(0, start - 65_536)
                file.seek(start)
                found = file.read(65_536).rfind(b"\n")
                if found >= 0:
                    return size - (start + found + 1)
    except FileNotFoundError:
        return 0
    return size


def _set_aside(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*torn.*")]


def _check_records(project: OpenProject, result: CheckResult) -> None:
    data = project.data
    result.records = sum(1 for _ in data.records())
    result.damage += [f"{number} can't be read: {why}" for number, why in sorted(project.damaged.items())]
    for record in (data.project, *data.records()):
        result.notes += [f"breaks a rule: {problem}" for problem in problems_of(record, data)]
