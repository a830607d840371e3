"""Files in a store's folder that pmtui did not put there, or that are not its own any more."""

from collections.abc import Iterator
from pathlib import Path

from pmtui.store.damage.findings import REPAIR, Finding
from pmtui.store.files import foreign
from pmtui.store.layout import HISTORY, KEPT
from pmtui.store.rawfiles import Files, plain_problem

_FOLDERS = (HISTORY, KEPT)
_LEAVE = "pmtui does not read it; find out who put it there, and take it away"


def strangers(files: Files) -> Iterator[Finding]:
    """Links, devices, files of people who can't write here, and what was left over."""
    for path, why in files.unread:
        yield Finding("strange file", path.name, f"{path.name} {why}", damage=True, remedy=REPAIR)
    told = {path for path, _ in files.unread}
    for path in _all_files(files.folder):
        place = str(path.relative_to(files.folder))
        if path in told:
            continue
        if path.parent == files.folder and path.name in _FOLDERS and path.is_dir() and not path.is_symlink():
            continue
        if path.is_dir() and not path.is_symlink():
            continue
        problem = plain_problem(path)
        ours = _is_ours(path, files)
        if problem:
            yield Finding("strange file", place, f"{place} {problem}", damage=ours, remedy=_LEAVE)
        elif ours and (owner := _outsider(path)):
            words = f"{place}: {owner}; pmtui neither reads nor writes it"
            yield Finding("strange owner", place, words, damage=True, remedy=REPAIR)
        elif (left := _left_over(path.name)) is not None:
            yield Finding("left over", place, f"{left[0]}: {place}", damage=False, remedy=left[1])


def _all_files(folder: Path) -> Iterator[Path]:
    for place in (folder, *(folder / name for name in _FOLDERS)):
        if place != folder and (place.is_symlink() or not place.is_dir()):
            continue
        try:
            yield from sorted(place.iterdir())
        except PermissionError:
            continue


def _is_ours(path: Path, files: Files) -> bool:
    """Whether a file's name is one that pmtui reads or writes."""
    if path.parent != files.folder:
        return path.name.endswith((".jsonl", ".json"))
    known = {files.name, f"{files.prefix}lock", *_FOLDERS}
    return path.name in known or (path.name.startswith(f"{files.prefix}journal.") and path.suffix == ".jsonl")


def _left_over(name: str) -> tuple[str, str] | None:
    """What a file of pmtui's was left by, and what to do with it."""
    if name.startswith(".") and name.endswith(".tmp"):
        return "left over from a write that was cut short", "it can be deleted when nobody has the project open"
    if "torn." in name:
        return "set aside earlier, never acknowledged", "it can be deleted"
    if ".left." in name:
        return "left over from a compaction that was cut short", "it can be deleted once the project is whole"
    return None


def _outsider(path: Path) -> str:
    """Why a file's owner is none of those who may write in its folder; empty where they are."""
    try:
        return foreign(path.lstat(), path.parent.stat())
    except OSError:
        return ""
