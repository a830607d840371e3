"""Writing everything at once, as TinyDB's own tables and middlewares do, without writing over anybody."""

from typing import Any

from pmtui.store.errors import StoreError
from pmtui.store.journal import same
from pmtui.store.snapshot import META, Tables

_ABSENT = object()
_TABLE, _DOCUMENT = 1, 2
"""How deep in the tables a table stands, and a document."""


def table_problem(data: Any) -> str:
    """Why JSON data are not tables of documents, each with a number from 1; empty where they are."""
    if not isinstance(data, dict):
        return "a journalled store holds tables by name"
    for name, table in data.items():
        if name == META:
            return f"the table {META} is the store's own"
        if not isinstance(table, dict):
            return f"a journalled store holds tables of documents; {name!r} is none"
        for key, document in table.items():
            if not (key.isdecimal() and key.isascii() and key[0] != "0" and isinstance(document, dict)):
                return f"{name} {key!r}: a document has a number from 1, and fields"
    return ""


def merged(base: Tables, mine: Tables, now: Tables) -> Tables:
    """What becomes of the tables ``now`` when ``mine``, made from ``base``, is written.

    What ``mine`` left as it was stays as it is now. Raises :class:`StoreError` where somebody else changed, added
    or removed the very thing that ``mine`` did, in another way.
    """
    found: Tables = _meet(base, mine, now, ())
    return found


def _meet(base: Any, mine: Any, now: Any, place: tuple[str, ...]) -> Any:
    if same(mine, base) or same(mine, now):
        return now
    if same(now, base):
        return mine
    if base is _ABSENT and len(place) == _TABLE:
        base = {}
    if len(place) > _DOCUMENT or not all(isinstance(value, dict) for value in (base, mine, now)):
        raise StoreError(f"{' '.join(place)}: somebody else changed it since it was read; nothing was written")
    result = {}
    for name in [*now, *(name for name in mine if name not in now)]:
        before, wanted, found = (version.get(name, _ABSENT) for version in (base, mine, now))
        value = _meet(before, wanted, found, (*place, name))
        if value is not _ABSENT:
            result[name] = value
    return result
