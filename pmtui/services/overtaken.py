"""What somebody else did to a record after the screen showed it, and before a change of it was made."""

import datetime as dt
from collections.abc import Iterator, Mapping

from pmtui.domain.fields import Merge
from pmtui.domain.records import Record
from pmtui.domain.values import show_value
from pmtui.services.change import Change
from pmtui.store import ProjectDB
from pmtui.store.history import last_change


def overtaken(change: Change, seen: Mapping[str, Record], db: ProjectDB, user: str) -> list[str]:
    """What to say of fields that a change sets and somebody else has just set: ``ben had just set it to …``.

    ``seen`` are the records as they were shown, by number; the change's are as they are under the lock. What is
    joined with theirs (hours, lists, texts) loses nothing and is not told.
    """
    return [words for number, shown in seen.items() if (words := _told(change, number, shown, db, user))]


def _told(change: Change, number: str, shown: Record, db: ProjectDB, user: str) -> str:
    fields = list(_crossed(change, number, shown))
    if not fields:
        return ""
    current = change.before(number)
    assert current is not None, "a field of it was crossed"
    found = last_change(db.journal, current.TYPE.table, current.id, fields[0])
    who = "somebody" if found is None else "you, in another pane," if found.user == user else found.user
    values = [_value(current, name, change.today) for name in fields]
    if len(fields) == 1:
        what = f"it to {values[0]}"
    else:
        labels = (current.TYPE.fields[name].label.lower() for name in fields)
        what = ", ".join(f"{label} to {value}" for label, value in zip(labels, values, strict=True))
    whose = f"{number}: " if len(change.asked) > 1 else ""
    return f"{whose}{who} had just set {what}"


def _crossed(change: Change, number: str, shown: Record) -> Iterator[str]:
    """The fields that the change sets, and that no longer were as they were shown."""
    current = change.before(number)
    if current is None or type(current) is not type(shown):
        return
    for name in change.asked.get(number, ()):
        field = shown.TYPE.fields.get(name)
        if field is not None and field.merge is Merge.VALUE and getattr(current, name) != getattr(shown, name):
            yield name


def _value(record: Record, name: str, today: dt.date) -> str:
    return show_value(record.TYPE.fields[name], getattr(record, name), today) or "nothing"
