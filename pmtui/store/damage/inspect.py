"""What is wrong with a store's files, found without changing any of them, and told so that something can be done."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pmtui.store.damage.chain import Chain, Fate, read_chain
from pmtui.store.damage.differences import differences
from pmtui.store.damage.findings import REPAIR, Finding
from pmtui.store.damage.linewords import LineFindings
from pmtui.store.damage.strangers import strangers
from pmtui.store.errors import StoreError
from pmtui.store.files import NOWHERE
from pmtui.store.layout import kept_files, number_of
from pmtui.store.rawfiles import MOST_TRIES, Files, read_files
from pmtui.store.replay import read_kept, replay

__all__ = ["Finding", "Inspection", "inspect"]

EDITED_OUTSIDE = "-edited-outside"
MOST_DOCUMENTS = 50
"""Documents of one file whose differences are told one by one."""
_PAUSE = 0.02
"""Seconds after which what looks wrong is looked at again: somebody may be writing it."""


@dataclass(frozen=True)
class Inspection:
    """What a store's files are: findings, the last change's number, the files and lines, the zone of times told."""

    findings: tuple[Finding, ...]
    sequence: int
    files: Files
    chain: Chain
    zone: dt.tzinfo | None = None

    @property
    def is_damaged(self) -> bool:
        """Whether anything was lost or altered."""
        return any(finding.damage for finding in self.findings)


def inspect(folder: Path, name: str = "data.json", zone: dt.tzinfo | None = None) -> Inspection:
    """Read all of a store, also while somebody writes it; ``zone`` is that of the times told.

    Raises :class:`StoreError` where the files are replaced faster than they can be read.
    """
    files = read_files(folder, name)
    for _ in range(MOST_TRIES):
        found = _judge(files, zone)
        if not found.is_damaged and not found.chain.tails:
            break
        time.sleep(_PAUSE)
        again = read_files(folder, name)
        if again.identities == files.identities:
            break
        files = again
    return found


def _judge(files: Files, zone: dt.tzinfo | None) -> Inspection:
    anchors, kept = _kept(files)
    highest = 0
    if files.meta is not None and (files.is_written or files.is_edited):
        highest = files.meta.sequence
        anchors.setdefault(highest, set()).add(files.meta.chain)
    told = {sequence: frozenset(chains) for sequence, chains in anchors.items()}
    chain = read_chain(((path.name, data) for path, data in files.journals), told, highest)
    findings = [*_snapshot_findings(files), *_journal_findings(files, chain)]
    findings += [*LineFindings(files, chain, zone).all(), *kept, *strangers(files)]
    return Inspection(tuple(findings), max(chain.last, highest), files, chain, zone)


def _kept(files: Files) -> tuple[dict[int, set[str]], list[Finding]]:
    """The checksums that kept snapshots tell, by sequence number, and what is wrong with those."""
    anchors: dict[int, set[str]] = {}
    found: list[Finding] = []
    for path in kept_files(files.folder, files.prefix):
        if EDITED_OUTSIDE in path.name:  # kept as somebody left it, which is not as pmtui wrote it
            continue
        try:
            snapshot = read_kept(path)
            if snapshot.identity == NOWHERE:  # not kept any longer
                continue
            wrong = "was altered after it was written" if snapshot.wrong or not snapshot.meta.generation else ""
            anchors.setdefault(snapshot.meta.sequence, set()).add(snapshot.meta.chain)
        except (StoreError, OSError, ValueError, RecursionError) as error:
            wrong = f"can't be read ({str(error).removeprefix(f'{path}: ')})"
        if wrong:
            words = f"{path.parent.name}/{path.name} {wrong}: it is no copy to go back to"
            found.append(Finding("altered kept snapshot", path.name, words, damage=True, remedy=REPAIR))
    return anchors, found


def _snapshot_findings(files: Files) -> Iterator[Finding]:
    name = files.name
    if files.newer:
        yield Finding("newer format", name, f"{name}: {files.wrong}", damage=True, remedy="update pmtui")
    elif files.raw is None:
        if not any(path.name == name for path, _ in files.unread):
            yield Finding("missing snapshot", name, f"{name} is missing", damage=True, remedy=REPAIR)
    elif files.snapshot is None:
        yield Finding("altered snapshot", name, f"{name} can't be read: {files.wrong}", damage=True, remedy=REPAIR)
    elif files.meta is None:
        if any(number_of(path) > 0 for path, _ in files.journals):
            words = f"{name} was emptied, or replaced by a file that knows nothing of the journals beside it"
            yield Finding("replaced snapshot", name, words, damage=True, remedy=REPAIR)
    elif not files.is_written:
        yield from _edits(files)


def _edits(files: Files) -> Iterator[Finding]:
    """A snapshot that is not as it was written: what differs from what the journals tell."""
    assert files.meta is not None
    assert files.snapshot is not None
    meta = files.meta
    was = replay(files.folder, files.prefix, upto=meta.sequence, stamps=meta.stamps)
    if was is not None and was.chain != meta.chain:
        was = None
    damage = was is None or not files.is_edited
    kind = "hand-edited snapshot" if files.is_edited else "altered snapshot"
    remedy = REPAIR if damage else "pmtui takes it in, as changes, when the project is next opened for writing"
    words = f"{files.name} was edited outside pmtui"
    if not files.is_edited:
        words = f"{files.name} was altered after it was written, and nobody saved it: a disk or a copy went wrong"
    if was is None:
        words += "; what it held before can't be told, for its journals do not reach back to their beginning"
    found = list(differences(was.tables, files.snapshot.tables)) if was else []
    more = len(found) - MOST_DOCUMENTS
    words += f"; {more} documents more than are told here" if more > 0 else ""
    yield Finding(kind, files.name, words, damage=damage, remedy=remedy)
    for table, key, difference in found[:MOST_DOCUMENTS]:
        place = f"{table} {key}"
        yield Finding(kind, place, f"{files.name}: {place}: {difference}", damage=damage, remedy=remedy)


def _journal_findings(files: Files, chain: Chain) -> Iterator[Finding]:
    """Whether the snapshot and the journals belong to each other."""
    meta = files.meta
    if meta is None:
        return
    numbers = {number_of(path): (path, data) for path, data in files.journals}
    unread = {path.name for path, _ in files.unread}
    wanted = f"{files.prefix}journal.{meta.generation:06d}.jsonl"
    if meta.generation not in numbers and wanted not in unread:
        words = f"{wanted} is missing: changes after {meta.sequence} are lost"
        yield Finding("missing journal", wanted, words, damage=True, remedy=REPAIR)
    newer = [path for number, (path, data) in sorted(numbers.items()) if number > meta.generation and data]
    line = chain.chosen.get(meta.sequence)
    if newer:
        words = f"{files.name} is older than {newer[0].name}: it was replaced by an earlier one"
        yield Finding("older snapshot", files.name, words, damage=True, remedy=REPAIR)
    elif files.is_written and line is not None and line.fate is Fate.SOUND and line.actual != meta.chain:
        words = f"{files.name} does not follow {line.place}: it is from elsewhere, or from before a restore"
        yield Finding("older snapshot", files.name, words, damage=True, remedy=REPAIR)
    for number, (path, data) in sorted(numbers.items()):
        if number > meta.generation and not data:
            words = f"{path.name} is empty: a compaction was cut short before it"
            yield Finding("left over", path.name, words, damage=False, remedy="the next compaction takes it")
        elif number < meta.generation and path.parent == files.folder:
            words = f"{path.name} is still beside {files.name}: a compaction was cut short after it"
            yield Finding("left over", path.name, words, damage=False, remedy="the next compaction moves it")
