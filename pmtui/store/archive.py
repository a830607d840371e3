"""A project in one file: packed as it is at one moment, read back, and unpacked only where it is whole."""

import contextlib
import datetime as dt
import gzip
import io
import itertools
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from pmtui.store.author import Author
from pmtui.store.damage.inspect import Inspection, inspect
from pmtui.store.damage.rebuilding import Rebuilding, filled_folder, put_folder, write_new
from pmtui.store.errors import StoreError
from pmtui.store.files import make_folder, sync_folder
from pmtui.store.journal import CHAIN_START, Note
from pmtui.store.layout import HISTORY, KEPT, SNAPSHOT, kept_files
from pmtui.store.lock import WriteLock
from pmtui.store.rawfiles import plain_problem, read_files, read_plain
from pmtui.store.replay import State
from pmtui.store.snapshot import read_snapshot
from pmtui.store.workspace import SHARED, code_problem

REPLACED = "_replaced"
MOST_FILES = 100_000
LEAST_LIMIT, PER_BYTE = 256_000_000, 200
"""Bytes that an archive may unpack to: so many in any case, or so many for each byte of it."""
_MEMBER = re.compile(
    rf"(?P<code>[A-Za-z0-9][A-Za-z0-9._-]{{0,39}}|{SHARED})/"
    r"(?P<path>data\.json|(?:history/)?journal\.\d{6,12}\.jsonl|kept/\d{4}-\d\d-\d\d[A-Za-z0-9.-]{0,40}\.json)"
)
_CHUNK = 1 << 20
_LATEST = 1 << 42
"""A time of change in ms, more than a century ahead, past which none is believed."""


@dataclass(frozen=True)
class Packed:
    """A file of a project's, as it was when it was packed; ``modified`` in ms since 1970."""

    path: str
    data: bytes
    modified: int


def pack(folder: Path, author: Author) -> list[Packed]:
    """A project's files at one moment: under the write lock where this user may write, else looked at twice.

    Raises :class:`StoreError` where a file is a link or can't be read, or where somebody holds the lock.
    """
    with contextlib.ExitStack() as stack:
        if os.access(folder, os.W_OK | os.X_OK) and not plain_problem(folder / "lock"):
            lock = WriteLock(folder / "lock", f"{author.user} (backup)")
            stack.callback(lock.close)
            stack.enter_context(lock.held())
        files = read_files(folder, SNAPSHOT)
        if files.unread or files.raw is None:
            path, why = files.unread[0] if files.unread else (folder / SNAPSHOT, "is missing")
            raise StoreError(f"{path} {why}; nothing was backed up")
        found = [Packed(SNAPSHOT, files.raw, files.touched)]
        for path, data in files.journals:
            found.append(Packed(str(path.relative_to(folder)), data, _modified(path)))
        for path in kept_files(folder):
            with contextlib.suppress(FileNotFoundError):  # not kept any longer
                found.append(Packed(f"{KEPT}/{path.name}", read_plain(path)[0], _modified(path)))
    return found


def _modified(path: Path) -> int:
    return path.stat().st_mtime_ns // 1_000_000


def write_archive(target: Path, code: str, packed: list[Packed], *, force: bool = False) -> None:
    """Write an archive, for its owner alone, and read it back; nothing is there before it is whole.

    Raises :class:`StoreError` where ``target`` is there already (unless ``force``) or does not read back.
    """
    if os.path.lexists(target) and not force:
        raise StoreError(f"{target} is there already; nothing was written (--force replaces it)")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    fd = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "w+b") as file:
            _write(file, code, packed)
            file.flush()
            os.fsync(file.fileno())
        _read_back(temporary, packed)
        _put_in_place(temporary, target, force=force)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
    sync_folder(target.parent)


def _write(file: IO[bytes], code: str, packed: list[Packed]) -> None:
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for one in packed:
            info = tarfile.TarInfo(f"{code}/{one.path}")
            info.size, info.mode, info.mtime = len(one.data), 0o600, one.modified / 1000
            archive.addfile(info, io.BytesIO(one.data))


def _read_back(path: Path, packed: list[Packed]) -> None:
    wanted = {one.path: (len(one.data), zlib.crc32(one.data)) for one in packed}
    found: dict[str, tuple[int, int]] = {}
    for _, name, __, chunks in _members(path):
        size = crc = 0
        for chunk in chunks:
            size, crc = size + len(chunk), zlib.crc32(chunk, crc)
        found[name] = (size, crc)
    if found != wanted:
        raise StoreError(f"{path}: does not read back as it was written; the disk may be failing")


def _put_in_place(temporary: Path, target: Path, *, force: bool) -> None:
    if force:
        temporary.replace(target)
        return
    try:
        os.link(temporary, target)  # unlike a rename, it never takes the place of another file
    except FileExistsError as error:
        raise StoreError(f"{target} was made by somebody meanwhile; nothing was written") from error
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise StoreError(f"{target} is there already; nothing was written") from None
        temporary.rename(target)


class _Limited:
    """A stream that refuses to give more than a number of bytes."""

    def __init__(self, inner: gzip.GzipFile, most: int, name: Path) -> None:
        self._inner, self._left, self._name = inner, most, name

    def read(self, size: int = -1) -> bytes:
        data = self._inner.read(_CHUNK if size < 0 else size)
        self._left -= len(data)
        if self._left < 0:
            raise StoreError(f"{self._name}: unpacks to far more than a project holds; nothing was restored")
        return data


def _members(path: Path) -> Iterator[tuple[str, str, int, Iterator[bytes]]]:
    """The files of an archive: code, path, time of change in ms, content. Only those that a project has.

    Raises :class:`StoreError` where it is no archive of ours, or is cut off or altered.
    """
    count = 0
    try:
        with path.open("rb") as file, gzip.GzipFile(fileobj=file, mode="rb") as zipped:
            most = max(LEAST_LIMIT, PER_BYTE * os.fstat(file.fileno()).st_size)
            stream = _Limited(zipped, most, path)
            with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]  # it only reads
                for member in archive:
                    count += 1
                    named = _MEMBER.fullmatch(member.name)
                    if named is None or not member.isreg() or member.issparse() or count > MOST_FILES:
                        raise StoreError(
                            f"{path}: holds {member.name[:200]!r}, which no project has; nothing was restored"
                        )
                    content = archive.extractfile(member)
                    assert content is not None, "a regular file has content"
                    modified = min(max(0, round(float(member.mtime) * 1000)), _LATEST)
                    yield named["code"], named["path"], modified, iter(partial(content.read, _CHUNK), b"")
            while stream.read(_CHUNK):  # to the end, where the checksum of all of it stands
                pass
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, OverflowError) as error:
        raise StoreError(f"{path}: is damaged, or no backup of pmtui ({error}); nothing was restored") from error


def unpack(path: Path, folder: Path, author: Author, when: int) -> str:
    """Fill an empty folder from an archive or from a snapshot; the code of the project it was (or nothing).

    Raises :class:`StoreError` where the file is damaged, or holds what is not a project's.
    """
    problem = plain_problem(path.resolve()) if path.exists() else "is not there"
    if problem:
        raise StoreError(f"{path}: {problem}")
    with path.open("rb") as file:
        zipped = file.read(2) == b"\x1f\x8b"
    if not zipped:
        _unpack_snapshot(path, folder, author, when)
        return ""
    codes: set[str] = set()
    for name in (HISTORY, KEPT):
        make_folder(folder / name)
    seen: set[str] = set()
    for code, name, modified, chunks in _members(path):
        if name in seen or (codes and code not in codes):
            raise StoreError(f"{path}: holds {code}/{name} twice, or two projects; nothing was restored")
        codes.add(code)
        seen.add(name)
        write_new(folder / name, chunks)
        os.utime(folder / name, ns=(modified * 1_000_000, modified * 1_000_000))
    if SNAPSHOT not in seen:
        raise StoreError(f"{path}: holds no {SNAPSHOT}; nothing was restored")
    refuse_damage(inspect(folder), path)
    return codes.pop()


def refuse_damage(found: Inspection, path: Path) -> None:
    """Raises :class:`StoreError`, naming what is damaged in a file that was unpacked."""
    damage = [finding.words for finding in found.findings if finding.damage]
    if damage:
        more = f" (and {len(damage) - 3} more)" if len(damage) > 3 else ""
        raise StoreError(f"{path}: what it holds is damaged; nothing was restored: {'; '.join(damage[:3])}{more}")


@dataclass(frozen=True)
class Restored:
    """The project's code, its folder, and where the one went that had the code before (``None`` for none)."""

    code: str
    folder: Path
    replaced: Path | None = None


def restore(
    path: Path, workspace: Path, author: Author, when: int, *, code: str = "", replace: bool = False
) -> Restored:
    """Make a project of an archive or a snapshot; under ``code``, else the one that it had.

    A project that has the code already is refused, unless ``replace`` moves it aside, under its write lock, into
    ``_replaced`` of the workspace; nothing is deleted. ``when`` is the time in ms since 1970. Raises
    :class:`StoreError` and ``OSError``; everything is then as before.
    """
    wrong = code_problem(code) if code else ""
    if wrong:
        raise StoreError(f"{code}: {wrong}")
    workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    with filled_folder(workspace, "restore") as folder:
        own = unpack(path, folder, author, when)
        if own == SHARED and code:
            raise StoreError(f"{path}: what projects share is no project; restore it without another code")
        code = code or own or _code_in(folder)
        taken = next((entry for entry in workspace.iterdir() if entry.name.lower() == code.lower()), None)
        if taken is None:
            put_folder(folder, workspace / code)
            return Restored(code, workspace / code)
        if not replace:
            raise StoreError(
                f"{taken} is there already; nothing was restored (--as CODE gives it another code, --replace moves "
                "the one that is there aside)"
            )
        return Restored(taken.name, taken, _take_place(folder, taken, author, when))


def _take_place(folder: Path, taken: Path, author: Author, when: int) -> Path:
    """Move a project aside and put another in its place, while nobody else writes; where the old one is now."""
    if taken.is_symlink() or not taken.is_dir():
        raise StoreError(f"{taken} is no project's folder; nothing was restored")
    home = taken.parent / REPLACED
    make_folder(home)
    moment = dt.datetime.fromtimestamp(when / 1000, dt.UTC)
    stamps = (f"{moment:%Y%m%dT%H%M%SZ}" + (f"-{n}" if n else "") for n in itertools.count())
    aside = next(place for stamp in stamps if not os.path.lexists(place := home / f"{taken.name}.{stamp}"))
    lock = WriteLock(taken / "lock", f"{author.user} (restore)")
    try:
        with lock.held():
            taken.rename(aside)
            try:
                put_folder(folder, taken)
            except BaseException:
                aside.rename(taken)
                raise
    finally:
        lock.close()
    sync_folder(home)
    return aside


def _code_in(folder: Path) -> str:
    """The code that a project's own record tells; raises :class:`StoreError` where there is none."""
    project = read_snapshot(folder / SNAPSHOT).tables.get("project", {}).get("1", {})
    code = project.get("code")
    if not isinstance(code, str) or code_problem(code):
        raise StoreError("the file does not tell which project it is; name its code with --as CODE")
    return code


def _unpack_snapshot(path: Path, folder: Path, author: Author, when: int) -> None:
    """A project that begins with a snapshot's documents; what was done before it is not in it."""
    snapshot = read_snapshot(path.resolve())
    if snapshot.wrong:
        raise StoreError(f"{path}: was altered after pmtui wrote it; nothing was restored")
    if not snapshot.tables:
        raise StoreError(f"{path}: holds nothing; nothing was restored")
    meta = snapshot.meta
    begun = Rebuilding(State(snapshot.tables, dict(meta.next), 0, CHAIN_START), True, meta.format)
    begun.take(when, author, Note(verb="restored", reason=f"from {path.name}"), [])
    begun.put(folder, when)
