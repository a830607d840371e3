"""The journal's lines: one transaction each, with a checksum chained to the line before.

A line is ``{"c":"<crc>","q":seq,"t":ms,"u":user,"s":session,"n":note,"o":[op,…]}``. The checksum is the
CRC-32 of the checksum before it and of all raw bytes after its own comma, so that a deleted,
swapped or edited line shows.
"""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec

from pmtui.store.errors import DamagedStore

INSERT, UPDATE, DELETE, CREATE, TRUNCATE, DROP = "i", "u", "d", "c", "t", "x"
Op = list[Any]
"""``[op, table, id, changes]``: the document of an insert or delete, or of an update ``{field: [before,
after]}``, where a third element says that the field was added (1) or removed (2)."""

ADDED, REMOVED = 1, 2
CHAIN_START = "00000000"
_PREFIX = b'{"c":"'
CRC_AT = len(_PREFIX)
"""Where in a line its checksum stands."""
CRC_END = CRC_AT + len(CHAIN_START)
BODY_AT = CRC_END + 2
"""Where what the checksum is over begins."""


class Note(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={"verb": "v", "reason": "r", "effect": "e", "undoes": "z", "joined": "j"},
):
    """What a transaction says of itself: its verb, why, what it was shown to do, what it takes back.

    ``joined`` says that it belongs to the one of its session before it, also in another project: one key did both.
    """

    verb: str = ""
    reason: str = ""
    effect: str = ""
    undoes: int = 0
    joined: bool = False


class Transaction(
    msgspec.Struct,
    frozen=True,
    rename={"crc": "c", "sequence": "q", "time": "t", "user": "u", "session": "s", "note": "n", "ops": "o"},
):
    """One durable change: its sequence number, time (ms since 1970, UTC), author, session and operations."""

    crc: str
    sequence: int
    time: int
    user: str
    session: str
    note: Note = Note()
    ops: list[Op] = msgspec.field(default_factory=list)


_decoder = msgspec.json.Decoder(Transaction)
_compact = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def encode_line(
    chain: str, sequence: int, time: int, user: str, session: str, note: Note, ops: list[Op]
) -> tuple[bytes, str]:
    """The line of a transaction, newline included, and its checksum."""
    fields: dict[str, Any] = {"q": sequence, "t": time, "u": user, "s": session}
    said = msgspec.to_builtins(note)
    if said:
        fields["n"] = said
    fields["o"] = ops
    body = to_json(fields)[1:]
    crc = checksum(chain, body)
    return _PREFIX + crc.encode() + b'",' + body + b"\n", crc


def decode_line(chain: str, raw: bytes, place: str) -> Transaction:
    """The transaction in a line (without its newline).

    Raises :class:`DamagedStore`, naming ``place``, where the checksum or the form is wrong.
    """
    if raw[:BODY_AT] != _PREFIX + checksum(chain, raw[BODY_AT:]).encode() + b'",':
        raise DamagedStore(f"{place}: the line's checksum does not fit; it was altered, or a line before it is missing")
    try:
        return _decoder.decode(raw)
    except msgspec.DecodeError:
        try:
            return msgspec.convert(json.loads(raw), Transaction)
        except (ValueError, msgspec.ValidationError) as error:
            raise DamagedStore(f"{place}: {error}") from error


def whole_lines(data: bytes) -> Iterator[bytes]:
    """The lines that end in a newline, without it."""
    lines = data.split(b"\n")
    return iter(lines[:-1])


def to_json(value: object) -> bytes:
    """Compact JSON as bytes; refuses with ``TypeError`` what JSON can't hold."""
    try:
        return _compact.encode(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def from_json(data: bytes) -> Any:
    """The value in JSON bytes."""
    try:
        return msgspec.json.decode(data)
    except msgspec.DecodeError:
        return json.loads(data)


def checksum(chain: str, body: bytes) -> str:
    """The checksum of a line: over the one before it, and all bytes after its own comma."""
    return f"{zlib.crc32(body, zlib.crc32(chain.encode())):08x}"


def field_changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """What changed between two versions of a document, field by field."""
    changes: dict[str, list[Any]] = {}
    for name, value in after.items():
        if name not in before:
            changes[name] = [None, value, ADDED]
        elif not same(before[name], value):
            changes[name] = [before[name], value]
    for name, value in before.items():
        if name not in after:
            changes[name] = [value, None, REMOVED]
    return changes


def same(one: Any, other: Any) -> bool:
    """Equal and of one kind: ``1``, ``1.0`` and ``True`` are three values in JSON."""
    if isinstance(one, dict) and isinstance(other, dict):  # of whatever kind: documents that are read when asked for
        return one.keys() == other.keys() and all(same(v, other[k]) for k, v in one.items())
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
