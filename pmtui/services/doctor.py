"""What stands in the way of a workspace that several people share, and how to mend it; nothing is changed."""

import contextlib
import fcntl
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pmtui.services.session import Session
from pmtui.store import StoreError
from pmtui.store.damage.inspect import inspect
from pmtui.store.files import owner_name
from pmtui.store.workspace import SHARED

OK, NOTE, PROBLEM = "ok", "note", "problem"

LITTLE_SPACE, NO_SPACE = 1 << 30, 50 << 20
"""Bytes left on the disk below which it is noted, and below which it is a problem."""

SLOW_DISK = 0.05
"""Seconds that one durable write may take before every change is felt as slow."""

_SYNCED = 5
_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "fuse.sshfs",
    "fuse.glusterfs",
}
_FLEETING = {"tmpfs", "ramfs"}
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Told:
    """One thing that was looked at: about what, how it stands, in words, and what to do."""

    topic: str
    level: str
    words: str
    remedy: str = ""


def examine(session: Session, state: Path, mounts: Path = Path("/proc/self/mountinfo")) -> Iterator[Told]:
    """Everything about a workspace, its projects and the state folder."""
    yield from _folder(session)
    yield from _disk(_nearest(session.path), mounts)
    readable, closed = _codes(session)
    yield from _writing(session.path, readable)
    for code in sorted({*readable, *closed}):
        yield _project(session, code, readable=code in readable)
    if session.workspace.has_shared:
        readable_too = os.access(session.path / SHARED, os.R_OK | os.X_OK)
        yield _project(session, SHARED, readable=readable_too)
    yield _state(state)


def _codes(session: Session) -> tuple[list[str], list[str]]:
    """Projects that the user can read, and those they can't; none where the folder itself is closed."""
    try:
        return session.workspace.codes(), session.workspace.unreadable()
    except OSError:
        return [], []


def file_system(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """The type of the file system that a path lies on, such as ``ext4``; empty where it can't be told."""
    found, longest = "", -1
    with contextlib.suppress(OSError):
        here = str(path.resolve())
        for line in mounts.read_text(errors="replace").splitlines():
            before, _, after = line.partition(" - ")
            fields, kinds = before.split(" "), after.split(" ")
            if len(fields) < 5:
                continue
            at = _OCTAL.sub(lambda octal: chr(int(octal[1], 8)), fields[4])
            if len(at) >= longest and (here == at or here.startswith(at.rstrip("/") + "/")):
                found, longest = kinds[0], len(at)
    return found


def _nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next((p for p in (path, *path.absolute().parents) if p.is_dir()), Path("/"))


def _folder(session: Session) -> Iterator[Told]:
    path = session.path
    if not path.exists():
        above = _nearest(path)
        if os.access(above, os.W_OK | os.X_OK):
            yield Told("workspace", OK, f"{path} is not there yet; it is made with the first project, for you alone")
        else:
            remedy = f"let somebody who may write in {above} make it, or name another by PMTUI_WORKSPACE"
            yield Told("workspace", PROBLEM, f"{path} is not there, and can't be made", remedy)
        return
    if not path.is_dir():
        yield Told("workspace", PROBLEM, f"{path} is no folder", "name another by --workspace or PMTUI_WORKSPACE")
        return
    found = path.stat()
    whose = "yours" if found.st_uid == os.geteuid() else f"{owner_name(found.st_uid)}'s"
    yield Told("workspace", OK, f"{path}, {whose}, mode {stat.S_IMODE(found.st_mode):04o}")
    yield _permissions(path, found)
    if not os.access(path, os.R_OK | os.X_OK):
        yield Told("workspace", PROBLEM, f"{session.user} can't read {path}", _ask(found, path, "rx"))
    elif not os.access(path, os.W_OK):
        yield Told("workspace", NOTE, f"{session.user} can't add projects in {path}", _ask(found, path, "wx"))


def _ask(found: os.stat_result, path: Path, may: str) -> str:
    who = owner_name(found.st_uid)
    return f"ask {who} for: chgrp GROUP {path} && chmod g+{may}s {path}"


def _permissions(path: Path, found: os.stat_result) -> Told:
    mode = found.st_mode
    if mode & stat.S_IWOTH:
        return Told("permissions", PROBLEM, f"everybody on this server may write in {path}", f"chmod o-rwx {path}")
    if mode & (stat.S_IROTH | stat.S_IXOTH):
        words = f"everybody on this server may look into {path}; what is in the projects stays closed"
        return Told("permissions", NOTE, words, f"chmod o-rwx {path}")
    if not mode & (stat.S_IRWXG):
        return Told("permissions", OK, "for its owner alone")
    group = _group(found.st_gid)
    if not mode & stat.S_IWGRP:
        return Told("permissions", OK, f"the group {group} may read")
    if not mode & stat.S_ISGID:
        words = f"shared with the group {group}, but what is made in it does not get the group by itself"
        return Told("permissions", NOTE, words, f"chmod g+s {path}")
    return Told("permissions", OK, f"shared with the group {group}")


def _group(gid: int) -> str:
    import grp

    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _disk(path: Path, mounts: Path) -> Iterator[Told]:
    kind = file_system(path, mounts)
    if kind in _NETWORK:
        yield Told("file system", NOTE, f"{kind}: over the network; whether its locks hold is tried below")
    elif kind in _FLEETING:
        words = f"{kind}: what is written here is gone when the server starts anew"
        yield Told("file system", NOTE, words, "put the workspace on a disk")
    else:
        yield Told("file system", OK, kind or "of an unknown kind")
    left = os.statvfs(path)
    free = left.f_bavail * left.f_frsize
    level = PROBLEM if free < NO_SPACE else NOTE if free < LITTLE_SPACE else OK
    yield Told("disk", level, f"{_size(free)} left", "make room" if level != OK else "")
    if left.f_files and not left.f_favail:
        yield Told(
            "disk", PROBLEM, "no more files can be made (no inodes left)", "delete files, or ask for more inodes"
        )


def _size(count: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count //= 1000
    return f"{count:,} GB"


def _writing(path: Path, codes: list[str]) -> Iterator[Told]:
    """Try locks and durable writes where this user may write."""
    folders = [path, *(path / code for code in codes)]
    tried = next((f for f in folders if f.is_dir() and os.access(f, os.W_OK | os.X_OK)), None)
    if tried is None:
        if path.is_dir():
            yield Told("locks", NOTE, "not tried: nothing here can be written by you")
        return
    try:
        with _two_handles(tried) as (one, other):
            yield _locks(one, other, tried)
            yield _durable(one)
    except OSError as error:
        yield Told("writing", PROBLEM, f"nothing can be written in {tried}: {error.strerror}", "see the lines above")


@contextlib.contextmanager
def _two_handles(folder: Path) -> Iterator[tuple[int, int]]:
    """One new file, opened twice; it has no name any more when it is used, so that nothing of it can stay."""
    one, name = tempfile.mkstemp(prefix=".doctor.", dir=folder)
    other = -1
    try:
        try:
            other = os.open(name, os.O_RDWR | os.O_CLOEXEC)
        finally:
            os.unlink(name)  # noqa: PTH108 - mkstemp gives a name
        yield one, other
    finally:
        for fd in (one, other):
            if fd >= 0:
                os.close(fd)


def _locks(one: int, other: int, folder: Path) -> Told:
    remedy = "let the workspace lie on a local disk, or on NFS 4 with its lock service"
    try:
        fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return Told("locks", PROBLEM, f"there are no locks in {folder} ({error.strerror}): it can't be shared", remedy)
    try:
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return Told("locks", OK, "tried: one writer keeps another out")
    except OSError as error:
        return Told("locks", PROBLEM, f"locks fail in {folder} ({error.strerror}): it can't be shared", remedy)
    return Told("locks", PROBLEM, f"locks keep nobody out in {folder}: two writers would meet", remedy)


def _durable(fd: int) -> Told:
    taken = []
    for at in range(_SYNCED):
        before = time.perf_counter()
        os.pwrite(fd, b"x" * 512, at * 512)
        os.fdatasync(fd)
        taken.append(time.perf_counter() - before)
    cost = sorted(taken)[len(taken) // 2]
    words = f"a change is on the disk after {cost * 1000:.1f} ms"
    if cost > SLOW_DISK:
        return Told("durability", NOTE, words, "every key that changes something waits so long; a faster disk helps")
    return Told("durability", OK, words)


def _project(session: Session, code: str, *, readable: bool) -> Told:
    """How one project stands; its files are read as ``check`` reads them, and nothing is written."""
    folder, topic = session.path / code, "what projects share" if code == SHARED else f"project {code}"
    if not readable:
        try:
            found = folder.stat()
        except OSError as error:
            return Told(topic, PROBLEM, f"can't be looked at ({error.strerror})")
        return Told(topic, PROBLEM, f"can't be read by {session.user}", _ask(found, folder, "rx"))
    try:
        damage = [finding.words for finding in inspect(folder, zone=session.now().tzinfo).findings if finding.damage]
    except (StoreError, OSError) as error:
        damage = [str(error)]
    if damage:
        remedy = f"pmtui --project {code} check tells all, check --repair writes a repaired copy"
        return Told(topic, PROBLEM, f"damaged: {damage[0]}", remedy)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Told(topic, NOTE, f"read-only for {session.user}", _ask(folder.stat(), folder, "wx"))
    return Told(topic, OK, "whole")


def _state(folder: Path) -> Told:
    there = _nearest(folder)
    if not os.access(there, os.W_OK | os.X_OK) or (folder.exists() and not folder.is_dir()):
        remedy = "name a folder of your own by XDG_STATE_HOME"
        return Told("drafts", PROBLEM, f"{folder} can't be written: drafts would not outlive a dropped line", remedy)
    if (
        folder.exists()
        and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        and there.stat().st_uid == os.geteuid()
    ):
        return Told("drafts", NOTE, f"others may look into {folder}", f"chmod go-rwx {folder}")
    return Told("drafts", OK, f"are kept in {folder}")
