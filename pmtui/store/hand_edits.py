"""What somebody changed in the snapshot by hand, or with another program, as operations like any other."""

from collections.abc import Iterator, Mapping

from pmtui.store.documents import Document
from pmtui.store.journal import ADDED, DELETE, INSERT, REMOVED, UPDATE, Op, field_changes, same
from pmtui.store.memory import STAMPS
from pmtui.store.snapshot import Tables

OUTSIDE = "edited outside"
"""The user in whose name the journal tells such changes: who it was, nobody knows."""


def operations(base: Tables, edited: Tables, now: Tables, following: Mapping[str, int]) -> tuple[list[Op], int]:
    """What brings ``now`` to the edit, where ``base`` is what the editor began with.

    What was changed in pmtui since, and differently, stays as it is: the second value counts such fields and
    documents. New documents whose number was given meanwhile get another, from ``following`` on by table. Nothing
    comes out for what ``now`` holds already.
    """
    found: list[Op] = []
    left = 0
    for table in dict.fromkeys([*edited, *base]):
        was, wanted, have = base.get(table, {}), edited.get(table, {}), now.get(table, {})
        free = max(following.get(table, 1), max((int(key) for key in [*have, *wanted]), default=0) + 1)
        for key, document in wanted.items():
            if key in was:
                changes, kept = _changes(was[key], document, have.get(key))
                left += kept
                found += [[UPDATE, table, int(key), changes]] if changes else []
            elif key not in have:
                found.append([INSERT, table, int(key), document])
            elif not any(_alike(document, other) for other in have.values()):
                found.append([INSERT, table, free, document])
                free += 1
        for key, document in was.items():
            if key not in wanted and key in have:
                if _alike(have[key], document):
                    found.append([DELETE, table, int(key), have[key]])
                else:
                    left += 1
    return found, left


def _changes(was: Document, wanted: Document, have: Document | None) -> tuple[dict[str, list[object]], int]:
    """The fields of one document to change, and how many were changed in pmtui since."""
    changes: dict[str, list[object]] = {}
    left = 0
    for name, change in _told(field_changes(was, wanted)):
        before, after, *flag = change
        if have is None:
            left += 1
        elif _holds(have, name, after, gone=flag == [REMOVED]):
            continue
        elif _holds(have, name, before, gone=flag == [ADDED]):
            changes[name] = change
        else:
            left += 1
    return changes, left


def _told(changes: Mapping[str, list[object]]) -> Iterator[tuple[str, list[object]]]:
    return ((name, change) for name, change in changes.items() if name not in STAMPS)


def _holds(document: Document, name: str, value: object, *, gone: bool) -> bool:
    return name not in document if gone else name in document and same(document[name], value)


def _alike(one: Document, other: Document) -> bool:
    return not any(True for _ in _told(field_changes(one, other)))
