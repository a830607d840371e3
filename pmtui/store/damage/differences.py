"""How two states of a store's documents differ, in words."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from pmtui.domain.text import clean
from pmtui.store.journal import ADDED, REMOVED, Transaction, field_changes
from pmtui.store.snapshot import Tables

_LONGEST = 60


def differences(before: Tables, after: Tables) -> Iterator[tuple[str, str, str]]:
    """Table, id and what differs of each document that is not the same in both."""
    for name in dict.fromkeys([*before, *after]):
        had, has = before.get(name, {}), after.get(name, {})
        for key in sorted({*had, *has}, key=int):
            if key not in had:
                yield name, key, "was added"
            elif key not in has:
                yield name, key, "is gone"
            else:
                changes = field_changes(had[key], has[key])
                if changes:
                    yield name, key, ", ".join(_field(field, change) for field, change in changes.items())


def _field(name: str, change: list[Any]) -> str:
    before, after, *flag = change
    if flag == [ADDED]:
        return f"{clean(name)} is new: {said(after)}"
    if flag == [REMOVED]:
        return f"{clean(name)} is gone: {said(before)}"
    return f"{clean(name)} {said(before)} → {said(after)}"


def said(value: object) -> str:
    """A stored value, short and harmless."""
    text = clean(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def said_change(sequence: int, transaction: Transaction | None, zone: dt.tzinfo | None) -> str:
    """A change's number, and by whom and when as far as it still reads."""
    if transaction is None:
        return f"change {sequence}"
    try:
        when = dt.datetime.fromtimestamp(transaction.time / 1000, zone or dt.UTC)
    except (ValueError, OverflowError, OSError):
        return f"change {sequence} by {clean(transaction.user)[:40]}"
    return f"change {sequence} by {clean(transaction.user)[:40]}, {when:%a} {when.day} {when:%b %Y %H:%M}"


def said_range(first: int, last: int) -> str:
    """One change, or several in a row."""
    return f"change {first}" if first == last else f"changes {first} to {last}"
