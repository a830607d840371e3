"""The record types, each declared once in a module of its own."""

from pmtui.domain.records.base import External, Record, RecordType
from pmtui.domain.records.cost import BudgetLine, BudgetVersion, CostEntry
from pmtui.domain.records.hours import HoursEntry
from pmtui.domain.records.issue import Issue
from pmtui.domain.records.mapping import ImportMapping
from pmtui.domain.records.meeting import Decision, Meeting, Topic
from pmtui.domain.records.person import Person
from pmtui.domain.records.plan import Change, Deliverable, Milestone
from pmtui.domain.records.project import Project
from pmtui.domain.records.report import Report
from pmtui.domain.records.risk import Risk
from pmtui.domain.records.saved import SavedFilter
from pmtui.domain.records.sending import Sending
from pmtui.domain.records.task import Task
from pmtui.domain.records.template import Template

TYPES: tuple[RecordType, ...] = tuple(
    struct.TYPE
    for struct in (
        Task,
        Risk,
        Issue,
        CostEntry,
        BudgetLine,
        BudgetVersion,
        HoursEntry,
        Meeting,
        Decision,
        Deliverable,
        Milestone,
        Change,
        Report,
        Sending,
        Person,
        Project,
    )
)
"""Every record type of a project; a new one is added here and nowhere else."""

SHARED_TYPES: tuple[RecordType, ...] = (SavedFilter.TYPE, Template.TYPE, ImportMapping.TYPE)
"""What all projects of a workspace share, in a store of its own: no kind of record that a project has."""

BY_KIND = {record_type.kind: record_type for record_type in (*TYPES, *SHARED_TYPES)}
BY_TABLE = {record_type.table: record_type for record_type in (*TYPES, *SHARED_TYPES)}
BY_PREFIX = {record_type.prefix: record_type for record_type in (*TYPES, *SHARED_TYPES)}


def type_named(word: str) -> RecordType | None:
    """The record type of a project that a person means: ``task``, ``tasks``, ``budget-lines``, ``T``."""
    wanted = word.strip().lower().replace("-", " ").replace("_", " ")
    for record_type in TYPES:
        if wanted in {record_type.kind, record_type.table.replace("_", " "), *record_type.words}:
            return record_type
    found = BY_PREFIX.get(word.strip().upper())
    return found if found in TYPES else None


def split_number(number: str) -> tuple[RecordType, int] | None:
    """The type and id in a number such as ``T-48`` or ``t48``; ``None`` if it is none."""
    text = number.strip().upper().lstrip("#")
    prefix = text.rstrip("0123456789")
    digits = text[len(prefix) :]
    record_type = BY_PREFIX.get(prefix.rstrip("-"))
    if record_type is None or not digits.isascii() or not digits or len(digits) > 12:
        return None
    return record_type, int(digits)


__all__ = [
    "BY_KIND",
    "BY_PREFIX",
    "BY_TABLE",
    "SHARED_TYPES",
    "TYPES",
    "BudgetLine",
    "BudgetVersion",
    "Change",
    "CostEntry",
    "Decision",
    "Deliverable",
    "External",
    "HoursEntry",
    "ImportMapping",
    "Issue",
    "Meeting",
    "Milestone",
    "Person",
    "Project",
    "Record",
    "RecordType",
    "Report",
    "Risk",
    "SavedFilter",
    "Sending",
    "Task",
    "Template",
    "Topic",
    "split_number",
    "type_named",
]
