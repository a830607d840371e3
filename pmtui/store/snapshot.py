"""The snapshot file: plain TinyDB JSON, one document a line, that any TinyDB opens.

Its first line is the table ``_meta`` with one document: format, generation, sequence, the next
id of each table, the journal's last checksum, and the checksum of all that follows the line.
"""

import contextlib
import gc
import os
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
META = "_meta"
Document = dict[str, Any]
Tables = dict[str, dict[str, Document]]


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
    """A snapshot as read: its meta, tables, and what is wrong with it (empty when nothing)."""

    meta: Meta = field(default_factory=Meta)
    tables: Tables = field(default_factory=dict)
    wrong: str = ""


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


def read_meta(path: Path) -> Meta:
    """The first line's meta alone; an empty one for a plain TinyDB file."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        return _meta_in(file.readline(), path)


def _meta_in(line: bytes, path: Path) -> Meta:
    if not line.startswith(b'{"_meta":'):
        return Meta()
    try:
        documents = from_json(line.rstrip().rstrip(b",") + b"}")[META]
        meta = msgspec.convert(documents["1"], Meta)
    except (ValueError, KeyError, msgspec.ValidationError) as error:
        raise DamagedStore(f"{path}: line 1: {error}") from error
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
        data = file.read()
    if not data.strip():
        return Snapshot()
    head, _, rest = data.partition(b"\n")
    meta = _meta_in(head, path)
    with _collector_held():
        try:
            tables: Tables = from_json(data)
        except ValueError as error:
            raise DamagedStore(f"{path}: {error}") from error
    if not isinstance(tables, dict):
        raise DamagedStore(f"{path}: not a TinyDB file")
    tables.pop(META, None)
    edited = meta.checksum and meta.checksum != f"{zlib.crc32(rest):08x}"
    return Snapshot(meta, tables, f"{path.name} was changed outside pmtui" if edited else "")


def snapshot_bytes(meta: Meta, tables: Tables) -> bytes:
    """The file's content; the checksum is put into ``meta``."""
    parts = []
    for name, table in tables.items():
        rows = b",\n".join(to_json(key) + b":" + _document(document) for key, document in table.items())
        parts.append(to_json(name) + b":{" + (b"\n" + rows if rows else b"") + b"}")
    rest = b",\n".join(parts) + b"}\n"
    meta = msgspec.structs.replace(meta, checksum=f"{zlib.crc32(rest):08x}")
    head = b'{"_meta":{"1":' + to_json(msgspec.to_builtins(meta)) + b"}"
    return head + (b",\n" if parts else b"\n") + rest


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
