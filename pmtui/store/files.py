"""Files that several people share: opened only where nobody could have put something else in their place."""

import contextlib
import errno
import os
import stat
from pathlib import Path

from pmtui.store.errors import ForeignFile

Identity = tuple[int, int, int, int]
"""Which file was read, and as it was then: inode, time of change of the inode and of the content in ns, size."""

NOWHERE: Identity = (0, 0, 0, 0)
"""The identity of a file that is not there."""


def open_file(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open a plain file beside its neighbours; never a link, a device or a stranger's file.

    Raises :class:`ForeignFile` for those, and ``OSError`` as :func:`os.open` does. A file that is made
    belongs to the folder's group.
    """
    try:
        fd = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, mode)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ForeignFile(f"{path}: a link; pmtui's files are never links") from error
        raise
    try:
        _refuse_foreign(path, os.fstat(fd), path.parent.stat())
        if flags & os.O_CREAT:
            share(fd, path.parent)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_file(path: Path) -> tuple[bytes, Identity]:
    """A file's bytes, and which file they were read from."""
    with os.fdopen(open_file(path, os.O_RDONLY), "rb") as file:
        identity = identify(os.fstat(file.fileno()))
        return file.read(), identity


def foreign(found: os.stat_result, folder: os.stat_result) -> str:
    """Why a file or folder is not to be trusted where it lies; empty where it is.

    Its owner is this user, root or the owner of the folder it lies in; where the group may write in that
    folder, anyone's of that group.
    """
    if found.st_uid in {os.geteuid(), 0, folder.st_uid}:
        return ""
    shared = folder.st_mode & stat.S_IWGRP
    if shared and (found.st_gid == folder.st_gid or _is_member(found.st_uid, folder.st_gid)):
        return ""
    return f"it belongs to {owner_name(found.st_uid)}, who has no business there"


def _is_member(uid: int, gid: int) -> bool:
    import grp
    import pwd

    try:
        user, group = pwd.getpwuid(uid), grp.getgrgid(gid)
    except KeyError:
        return False
    return user.pw_gid == gid or user.pw_name in group.gr_mem


def owner_name(uid: int) -> str:
    """The name of a user of this server."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _refuse_foreign(path: Path, found: os.stat_result, folder: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ForeignFile(f"{path}: not a plain file; it is neither read nor written")
    why = foreign(found, folder)
    if why:
        raise ForeignFile(f"{path}: {why}; it is neither read nor written")


def identify(found: os.stat_result) -> Identity:
    """What tells one state of a file from another."""
    return (found.st_ino, found.st_ctime_ns, found.st_mtime_ns, found.st_size)


def file_mode(folder: Path) -> int:
    """The mode of files in a folder: the group writes where the folder lets it, others never."""
    mode = folder.stat().st_mode
    return 0o600 | (0o060 if mode & stat.S_IWGRP else 0o040 if mode & stat.S_IRGRP else 0)


def share(fd: int, folder: Path) -> None:
    """Give an open file the folder's group and what it may do there, where that is allowed."""
    with contextlib.suppress(OSError):
        os.fchown(fd, -1, folder.stat().st_gid)
    with contextlib.suppress(OSError):
        os.fchmod(fd, file_mode(folder))


def make_folder(path: Path) -> None:
    """A folder within another, for those who share that one; others never see into it."""
    parent = path.parent.stat()
    if not path.exists():
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise ForeignFile(f"{path}: not a folder of its own; pmtui's folders are never links") from error
        raise
    try:
        with contextlib.suppress(OSError):
            os.fchown(fd, -1, parent.st_gid)
        with contextlib.suppress(OSError):
            os.fchmod(fd, parent.st_mode & 0o2770 | 0o700)
    finally:
        os.close(fd)


def write_file(path: Path, data: bytes, *, written: int | None = None) -> None:
    """Put a file in place whole: a temporary one beside it, fsync, rename, fsync of the folder.

    ``written`` sets its time of change, in ms since 1970.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    fd = open_file(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            if written is not None:
                os.utime(file.fileno(), ns=(written * 1_000_000, written * 1_000_000))
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
