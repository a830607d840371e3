"""The snapshot file: plain TinyDB JSON, one document a line, that any TinyDB opens.

Its first line is the table ``_meta`` with one document: format, generation, sequence, the next
id of each table, the journal's last checksum, and the checksum of all that follows the line.
"""

import contextlib
import gc
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pmtui.store.documents import Document, Documents, tables_in
from pmtui.store.errors import DamagedStore, NewerFormat
from pmtui.store.files import NOWHERE, Identity, identify, open_file, read_file, write_file
from pmtui.store.journal import CHAIN_START, from_json, to_json
from pmtui.store.migrations import newest_format

_STATED = re.compile(rb'"checksum":"[^"]*"')
_NUMBER = re.compile(r"[1-9][0-9]{0,99}")
_UNSTATED = b'"checksum":""'
META = "_meta"
COARSE_MS = 2_000
"""How far a file system that keeps whole seconds may be off."""
Tables = dict[str, dict[str, Document]]


class Meta(msgspec.Struct, frozen=True):
    """What a snapshot says of itself; ``written`` is the file's own time of change, in ms since 1970."""

    format: int = msgspec.field(default_factory=newest_format)
    generation: int = 0
    sequence: int = 0
    next: dict[str, int] = msgspec.field(default_factory=dict)
    chain: str = CHAIN_START
    stamps: bool = False
    checksum: str = ""
    written: int = 0


@dataclass
class Snapshot:
    """A snapshot as read: its meta, tables, what is wrong with it (empty when nothing), and which file it was.

    ``edited``: the file was written after pmtui did, by hand or by another program; what is wrong without
    that happened to the bytes behind everybody's back.
    """

    meta: Meta = field(default_factory=Meta)
    tables: Tables = field(default_factory=dict)
    wrong: str = ""
    edited: bool = False
    identity: Identity = NOWHERE


@contextlib.contextmanager
def _collector_held() -> Iterator[None]:
    """Many small dicts are made at once: the collector would walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_meta(path: Path) -> tuple[Meta, Identity]:
    """The first line's meta alone (an empty one for a plain TinyDB file), and which file it was read from."""
    with os.fdopen(open_file(path, os.O_RDONLY), "rb") as file:
        return _meta_in(file.readline(), path), identify(os.fstat(file.fileno()))


def _meta_in(line: bytes, path: Path) -> Meta:
    """The meta in a snapshot's first line, which is cut off after it, or is the whole file."""
    if not line.startswith(b'{"_meta":'):
        return Meta()
    bare = line.rstrip().rstrip(b",")
    for text in (bare + b"}", bare):
        with contextlib.suppress(ValueError, RecursionError):
            return _meta_of(from_json(text)[META], path)
    raise DamagedStore(f"{path}: line 1: the store's own table can't be read")


def _meta_of(documents: object, path: Path) -> Meta:
    if documents is None:
        return Meta()
    try:
        meta = msgspec.convert(documents["1"] if isinstance(documents, dict) else documents, Meta)
    except (KeyError, msgspec.ValidationError) as error:
        raise DamagedStore(f"{path}: table {META}: {error}") from error
    if meta.format > newest_format():
        known = newest_format()
        raise NewerFormat(
            f"{path}: written by a newer pmtui (format {meta.format}, this one knows up to {known}); update pmtui"
        )
    return meta


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot; an empty or missing file is an empty one."""
    try:
        data, identity = read_file(path)
    except FileNotFoundError:
        return Snapshot()
    if not data.strip():
        return Snapshot(identity=identity)
    head, _, rest = data.partition(b"\n")
    untouched = _untouched(path, head, rest, data, identity)
    if untouched is not None:
        return untouched
    with _collector_held():
        try:
            tables: Tables = from_json(data)
        except (ValueError, RecursionError) as error:
            raise DamagedStore(f"{path}: {error}") from error
    _check_shape(tables, path)
    meta = _meta_of(tables.pop(META, None), path)
    if meta.generation == 0 or meta.checksum == _checksum(head, rest):
        return Snapshot(meta, tables, identity=identity)
    edited = not _is_as_written(meta.written, identity)
    how = "was changed outside pmtui" if edited else "does not hold what pmtui wrote: some of its bytes are altered"
    return Snapshot(meta, tables, f"{path.name} {how}", edited, identity)


def _untouched(path: Path, head: bytes, rest: bytes, data: bytes, identity: Identity) -> Snapshot | None:
    """A snapshot whose bytes are as they were written: its documents are read as they are asked for."""
    with contextlib.suppress(DamagedStore, msgspec.DecodeError, UnicodeDecodeError):
        meta = _meta_in(head, path)
        if meta.generation and meta.checksum == _checksum(head, rest):
            data.decode()  # what can't be read is told now, not when somebody asks for it
            with _collector_held():
                tables = tables_in(data)
            tables.pop(META, None)
            return Snapshot(meta, tables, identity=identity)
    return None


def _is_as_written(written: int, identity: Identity) -> bool:
    """Whether a file's time of change is the stated one, as far as its file system keeps it."""
    _, _, changed, _ = identity
    coarse = changed % 1_000_000_000 == 0 and abs(changed // 1_000_000 - written) <= COARSE_MS
    return changed // 1_000_000 == written or coarse


def _checksum(head: bytes, rest: bytes) -> str:
    """Over the whole file, but for the checksum itself."""
    return f"{zlib.crc32(rest, zlib.crc32(_STATED.sub(_UNSTATED, head.rstrip(), count=1))):08x}"


def _check_shape(tables: object, path: Path) -> None:
    """A TinyDB file is a table of tables of documents with ids from 1."""
    if not isinstance(tables, dict):
        raise DamagedStore(f"{path}: not a TinyDB file")
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise DamagedStore(f"{path}: {name} is not a table")
        for key, document in table.items():
            if not isinstance(document, dict) or not _NUMBER.fullmatch(key):
                raise DamagedStore(f"{path}: {name} {key[:40]!r}: a document has a number from 1, and fields")


def snapshot_bytes(meta: Meta, tables: Tables) -> bytes:
    """The file's content; the checksum is put into ``meta``."""
    parts = []
    for name, table in tables.items():
        rows = b",\n".join(to_json(key) + b":" + _text(table, key) for key in table)
        parts.append(to_json(name) + b":{" + (b"\n" + rows if rows else b"") + b"}")
    rest = b",\n".join(parts) + b"}\n"
    meta = msgspec.structs.replace(meta, checksum="")
    head = b'{"_meta":{"1":' + to_json(msgspec.to_builtins(meta)) + b"}" + (b"," if parts else b"")
    stated = _checksum(head, rest).encode()
    return head.replace(_UNSTATED, b'"checksum":"' + stated + b'"', 1) + b"\n" + rest


def _text(table: dict[str, Document], key: str) -> bytes:
    """A document's JSON; as it was read, where nobody asked for it since."""
    text = table.text(key) if isinstance(table, Documents) else None
    return bytes(text) if text is not None else _document(table[key])


def _document(document: Document) -> bytes:
    try:
        found = msgspec.json.encode(document)
    except (ValueError, TypeError, OverflowError):
        return to_json(document)
    return to_json(document) if b"null" in found else found  # it writes null for what is no number


def write_snapshot(path: Path, meta: Meta, tables: Tables) -> None:
    """Put a new snapshot in place, whole or not at all; its time of change is the one it states."""
    write_file(path, snapshot_bytes(meta, tables), written=meta.written)
