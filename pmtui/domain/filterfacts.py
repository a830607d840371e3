"""Facts about a record that a filter asks for by one word: late, open, mine."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import (
    Change,
    CostEntry,
    Decision,
    Issue,
    Meeting,
    Milestone,
    Record,
    RecordType,
    Risk,
    Task,
)
from pmtui.domain.text import fold

Predicate = Callable[[Any, ProjectData], bool]

FACTS = frozenset(
    {
        "late",
        "overdue",
        "open",
        "done",
        "blocked",
        "waiting",
        "mine",
        "unowned",
        "undated",
        "moved",
        "today",
        "week",
    }
)
"""The words that are facts; as text they are written in quotes."""

DAYS: dict[type[Record], str] = {
    Task: "due",
    Risk: "review_date",
    Issue: "target_date",
    CostEntry: "date",
    Meeting: "start",
    Decision: "date",
    Milestone: "forecast",
    Change: "decision_due",
}
"""The date that ``today``, ``week`` and ``undated`` look at."""

OWNERS = ("owner", "requester", "handle", "manager")
_GIVEN_UP = frozenset({"cancelled", "rejected", "void"})

_LATE: dict[type[Record], Callable[[Any, dt.date], bool]] = {
    Task: Task.is_overdue,
    Risk: Risk.review_is_due,
    Issue: Issue.is_overdue,
    CostEntry: CostEntry.invoice_is_late,
    Meeting: Meeting.minutes_are_late,
    Change: Change.decision_is_late,
    Milestone: lambda milestone, today: milestone.is_open and milestone.forecast < today,
}


def fact(word: str, today: dt.date, me: str) -> Callable[[RecordType], Predicate]:
    """The fact a word stands for, made ready for each kind of record."""
    make = _MAKERS[word]
    return lambda record_type: make(record_type, today, fold(me))


def _never(_record: Record, _data: ProjectData) -> bool:
    return False


def _late(record_type: RecordType, today: dt.date, _: str) -> Predicate:
    late = _LATE.get(record_type.struct)
    return (lambda record, _: late(record, today)) if late else _never


def _open(record_type: RecordType, _: dt.date, __: str) -> Predicate:
    if record_type.flow is None or record_type.struct is Milestone:
        return lambda record, _: record.is_open
    ends = record_type.flow.ends
    return lambda record, _: record.status not in ends


def _done(record_type: RecordType, _: dt.date, __: str) -> Predicate:
    if record_type.struct is Milestone:
        return lambda record, _: not record.is_open
    ends = record_type.flow.ends - _GIVEN_UP if record_type.flow else frozenset()
    return (lambda record, _: record.status in ends) if ends else _never


def _blocked(record_type: RecordType, _: dt.date, __: str) -> Predicate:
    return (lambda record, _: record.status == "blocked") if record_type.struct is Task else _never


def _waiting(record_type: RecordType, _: dt.date, __: str) -> Predicate:
    return (lambda record, _: bool(record.waiting_for) and record.is_open) if record_type.struct is Task else _never


def _owner(record_type: RecordType) -> str:
    return next((name for name in OWNERS if name in record_type.fields), "")


def _mine(record_type: RecordType, _: dt.date, me: str) -> Predicate:
    if record_type.struct is Meeting:
        return lambda record, _: any(fold(handle) == me for handle in (*record.invited, *record.present))
    name = _owner(record_type)
    return (lambda record, _: bool(me) and fold(getattr(record, name)) == me) if name else _never


def _unowned(record_type: RecordType, _: dt.date, __: str) -> Predicate:
    name = _owner(record_type)
    return (lambda record, _: not getattr(record, name)) if name else _never


def _moved(record_type: RecordType, _: dt.date, __: str) -> Predicate:
    if record_type.struct is Task:
        return lambda record, _: record.slip_count > 0
    return (lambda record, _: record.days_late != 0) if record_type.struct is Milestone else _never


def _undated(record_type: RecordType, _: dt.date, __: str) -> Predicate:
    name = DAYS.get(record_type.struct, "")
    return (lambda record, _: getattr(record, name) is None) if name else _never


def _within(record_type: RecordType, first: dt.date, last: dt.date) -> Predicate:
    name = DAYS.get(record_type.struct, "")
    if not name:
        return _never

    def within(record: Any, _: ProjectData) -> bool:
        value = getattr(record, name)
        day = value.date() if isinstance(value, dt.datetime) else value
        return day is not None and first <= day <= last

    return within


def _today(record_type: RecordType, today: dt.date, _: str) -> Predicate:
    return _within(record_type, today, today)


def _week(record_type: RecordType, today: dt.date, _: str) -> Predicate:
    monday = today - dt.timedelta(days=today.weekday())
    return _within(record_type, monday, monday + dt.timedelta(days=6))


_MAKERS: dict[str, Callable[[RecordType, dt.date, str], Predicate]] = {
    "late": _late,
    "overdue": _late,
    "open": _open,
    "done": _done,
    "blocked": _blocked,
    "waiting": _waiting,
    "mine": _mine,
    "unowned": _unowned,
    "undated": _undated,
    "moved": _moved,
    "today": _today,
    "week": _week,
}
