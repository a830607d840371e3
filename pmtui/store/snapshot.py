"""The snapshot file: plain TinyDB JSON, one document a line, that any TinyDB opens.

Its first line is the table ``_meta`` with one document: format, generation, sequence, the next
id of each table, the journal's last checksum, and the checksum of all that follows the line.
"""

import contextlib
import gc
import os
import re
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from pmtui.store.errors import DamagedStore, StoreError
from pmtui.store.journal import CHAIN_START, from_json, to_json

FORMAT = 1
_STATED = re.compile(rb'"checksum":"[^"]*"')
_UNSTATED = b'"checksum":""'
META = "_meta"
Document = dict[str, Any]
Tables = dict[str, dict[str, Document]]
Identity = tuple[int, int, int]
"""Which file was read, and as it was then: inode, time of change in ns, size."""


class Meta(msgspec.Struct, frozen=True):
    """What a snapshot says of itself."""

    format: int = FORMAT
    generation: int = 0
    sequence: int = 0
    next: dict[str, int] = msgspec.field(default_factory=dict)
    chain: str = CHAIN_START
    stamps: bool = False
    checksum: str = ""


@dataclass
class Snapshot:
    """A snapshot as read: its meta, tables, what is wrong with it (empty when nothing), and which file it was."""

    meta: Meta = field(default_factory=Meta)
    tables: Tables = field(default_factory=dict)
    wrong: str = ""
    identity: "Identity" = (0, 0, 0)


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


def file_mode(folder: Path) -> int:
    """The mode of files in a folder: the group writes where the folder lets it, others never."""
    mode = folder.stat().st_mode
    return 0o600 | (0o060 if mode & stat.S_IWGRP else 0o040 if mode & stat.S_IRGRP else 0)


def identify(found: os.stat_result) -> Identity:
    """What tells one state of a file from another."""
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def read_meta(path: Path) -> tuple[Meta, Identity]:
    """The first line's meta alone (an empty one for a plain TinyDB file), and which file it was read from."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        return _meta_in(file.readline(), path), identify(os.fstat(file.fileno()))


def _meta_in(line: bytes, path: Path) -> Meta:
    """The meta in a snapshot's first line, which is cut off after it, or is the whole file."""
    if not line.startswith(b'{"_meta":'):
        return Meta()
    bare = line.rstrip().rstrip(b",")
    for text in (bare + b"}", bare):
        with contextlib.suppress(ValueError):
            return _meta_of(from_json(text)[META], path)
    raise DamagedStore(f"{path}: line 1: the store's own table can't be read")


def _meta_of(documents: object, path: Path) -> Meta:
    if documents is None:
        return Meta()
    try:
        meta = msgspec.convert(documents["1"] if isinstance(documents, dict) else documents, Meta)
    except (KeyError, msgspec.ValidationError) as error:
        raise DamagedStore(f"{path}: table {META}: {error}") from error
    if meta.format > FORMAT:
        raise StoreError(
            f"{path}: written by a newer pmtui (format {meta.format}, this one knows {FORMAT}); update pmtui"
        )
    return meta


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot; an empty or missing file is an empty one."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return Snapshot()
    with os.fdopen(fd, "rb") as file:
        identity = identify(os.fstat(file.fileno()))
        data = file.read()
    if not data.strip():
        return Snapshot(identity=identity)
    head, _, rest = data.partition(b"\n")
    with _collector_held():
        try:
            tables: Tables = from_json(data)
        except ValueError as error:
            raise DamagedStore(f"{path}: {error}") from error
    _check_shape(tables, path)
    meta = _meta_of(tables.pop(META, None), path)
    edited = meta.generation > 0 and meta.checksum != _checksum(head, rest)
    return Snapshot(meta, tables, f"{path.name} was changed outside pmtui" if edited else "", identity)


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
            if not isinstance(document, dict) or not key.isdecimal() or key != str(int(key)) or key == "0":
                raise DamagedStore(f"{path}: {name} {key!r}: a document has a number from 1, and fields")


def snapshot_bytes(meta: Meta, tables: Tables) -> bytes:
    """The file's content; the checksum is put into ``meta``."""
    parts = []
    for name, table in tables.items():
        rows = b",\n".join(to_json(key) + b":" + _document(document) for key, document in table.items())
        parts.append(to_json(name) + b":{" + (b"\n" + rows if rows else b"") + b"}")
    rest = b",\n".join(parts) + b"}\n"
    meta = msgspec.structs.replace(meta, checksum="")
    head = b'{"_meta":{"1":' + to_json(msgspec.to_builtins(meta)) + b"}" + (b"," if parts else b"")
    stated = _checksum(head, rest).encode()
    return head.replace(_UNSTATED, b'"checksum":"' + stated + b'"', 1) + b"\n" + rest


def _document(document: Document) -> bytes:
    try:
        return msgspec.json.encode(document)
    except (ValueError, TypeError):
        return to_json(document)


def write_snapshot(path: Path, meta: Meta, tables: Tables) -> None:
    """Put a new snapshot in place: a temporary file beside it, fsync, rename, fsync of the folder."""
    data = snapshot_bytes(meta, tables)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            os.fchmod(file.fileno(), file_mode(path.parent))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's names durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
