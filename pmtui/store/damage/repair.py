"""A damaged store rebuilt as another one: all that is proven, and what could not be saved told and kept aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pmtui.store import hand_edits
from pmtui.store.author import Author
from pmtui.store.damage.bases import as_it_reads, sound_base
from pmtui.store.damage.chain import Fate, Line
from pmtui.store.damage.differences import said_change, said_range
from pmtui.store.damage.inspect import Inspection
from pmtui.store.damage.rebuilding import NOT_REPAIRED, Rebuilding, filled_folder, put_folder, refuse_taken
from pmtui.store.errors import StoreError
from pmtui.store.journal import CHAIN_START, DELETE, INSERT, Note, Op
from pmtui.store.migrations import newest_format
from pmtui.store.replay import State, replay
from pmtui.store.snapshot import Tables

__all__ = ["NOT_REPAIRED", "Repaired", "free_folder", "repair"]


@dataclass(frozen=True)
class Repaired:
    """The copy's folder, and what is not in it or not certain, line by line."""

    folder: Path
    told: tuple[str, ...]


def repair(found: Inspection, target: Path, author: Author, when: int) -> Repaired:
    """Write a repaired copy of an inspected store to ``target``, which must not be there yet.

    ``when`` is the time in ms since 1970. The original is only read. Raises :class:`StoreError` where a newer
    pmtui wrote it or ``target`` is there, and ``OSError``.
    """
    if found.files.newer:
        raise StoreError(f"{found.files.folder / found.files.name}: {found.files.wrong}")
    refuse_taken(target)
    with filled_folder(target.parent, "repair") as folder:
        copy = _rebuilt(found, author, when)
        copy.put(folder, when)
        put_folder(folder, target)
    return Repaired(target, tuple(copy.told))


def free_folder(workspace: Path, code: str) -> Path:
    """Where a copy of a project can be put: ``hris-repaired``, ``hris-repaired-2`` and so on."""
    taken = {entry.name.lower() for entry in workspace.iterdir()}
    for count in range(1, 10_000):
        ending = "-repaired" if count == 1 else f"-repaired-{count}"
        name = f"{code[: 40 - len(ending)]}{ending}"
        if name.lower() not in taken:
            return workspace / name
    raise StoreError(f"{workspace}: there are too many repaired copies of {code}")


def _rebuilt(found: Inspection, author: Author, when: int) -> Rebuilding:
    files, chain = found.files, found.chain
    reads = as_it_reads(files, chain)
    base = sound_base(files, chain)
    was = None
    if files.is_edited and files.meta is not None:
        was = replay(files.folder, files.prefix, upto=files.meta.sequence, stamps=files.meta.stamps)
    as_read = reads is not None and (base is None or (files.is_edited and was is None))
    begin = reads if as_read and reads is not None else base or State({}, {}, 0, CHAIN_START)
    meta = files.meta
    copy = Rebuilding(begin, meta.stamps if meta else True, meta.format if meta else newest_format(), found.zone)
    if as_read:
        copy.told.append(f"{files.name} was changed since it was written; its documents are taken as they read")
    last = max([begin.sequence, *(line.sequence for line in chain.chosen.values())])
    unsure = None if as_read or files.is_written or files.is_edited else reads
    _take_lines(found, copy, last, unsure)
    if was is not None and files.snapshot is not None:
        _take_edits(copy, was, files.snapshot.tables, when)
    for tail in chain.tails:
        copy.aside.append((f"{tail.file}, byte {tail.offset}: never acknowledged", tail.raw))
    if files.raw is not None and files.snapshot is None:
        copy.aside.append((f"{files.name}: as it is", files.raw))
    effect = "; ".join(copy.told[:20]) + (f"; and {len(copy.told) - 20} more" if len(copy.told) > 20 else "")
    said = Note(verb="repaired", reason=f"from {files.folder.name}", effect=effect or "nothing had to be left out")
    copy.take(max(when, copy.time), author, said, [])
    return copy


def _take_lines(found: Inspection, copy: Rebuilding, last: int, unsure: State | None) -> None:
    """All changes in their order; ``unsure`` is a snapshot that may tell of documents that lost ones made."""
    chain = found.chain
    lost = [n for n in range(1, last + 1) if n not in chain.chosen or chain.chosen[n].fate is Fate.ALTERED]
    told_by = max((n for n in lost if unsure and copy.base.sequence < n <= unsure.sequence), default=0)
    for first, final in _ranges([n for n in lost if n not in chain.chosen]):
        where = " from history; what it did is there" if final <= copy.base.sequence else ""
        copy.told.append(f"{said_range(first, final)}: missing{where}")
    gone = set(lost)
    for sequence in range(1, last + 1):
        line = chain.chosen.get(sequence)
        if line is not None and sequence not in gone:
            _take_line(copy, line)
            continue
        if line is not None:
            _leave(copy, line, "altered")
        more = _unsure_documents(copy, unsure, found, sequence) if unsure and sequence == told_by else []
        copy.lose(more)
    for line in chain.lines:
        if line.fate is Fate.FOREIGN:
            _leave(copy, line, "not written there")


def _take_line(copy: Rebuilding, line: Line) -> None:
    said = line.transaction
    assert said is not None, "a line that is proven reads"
    ops, left = copy.applying(said.ops)
    name = said_change(line.sequence, said, copy.zone)
    if line.fate is Fate.UNPROVEN:
        copy.told.append(f"{name}: taken as it reads, for the line before it is missing")
    if line.flaw == "bit":
        copy.told.append(f"{name}: the flipped bit was turned back, as its checksum tells")
    if left:
        copy.told += [f"{name}: {why}; left out" for why in left]
        copy.aside.append((f"{line.place}: {name}: {'; '.join(left)}", line.raw))
    copy.take(said.time, Author(said.user, said.session), said.note, ops)


def _leave(copy: Rebuilding, line: Line, why: str) -> None:
    """Keep a line's bytes aside, and its numbers from being given again."""
    copy.reserve(line.transaction)
    name = said_change(line.sequence, line.transaction, copy.zone) if line.sequence else "a line that nobody can read"
    copy.told.append(f"{line.place} ({name}): {why}; left out")
    copy.aside.append((f"{line.place}, byte {line.offset}: {name}: {why}", line.raw))


def _unsure_documents(copy: Rebuilding, unsure: State, found: Inspection, sequence: int) -> list[Op]:
    """Documents that an altered snapshot alone tells of, and that no later line makes."""
    later: set[tuple[str, int]] = set()
    for number, line in found.chain.chosen.items():
        if number > sequence and line.transaction is not None:
            later |= {(op[1], op[2]) for op in line.transaction.ops if op[0] in {INSERT, DELETE}}
    ops: list[Op] = []
    for table, documents in unsure.tables.items():
        for key, document in documents.items():
            if copy.document(table, int(key)) is None and (table, int(key)) not in later:
                ops.append([INSERT, table, int(key), document])
                copy.told.append(f"{table} {key}: taken from the altered {found.files.name} as it reads there")
    return ops


def _take_edits(copy: Rebuilding, was: State, edited: Tables, when: int) -> None:
    """What people did to the snapshot by hand, as a change; where a later one touched the same, that one stands."""
    ops, left = hand_edits.operations(was.tables, edited, copy.memory.tables, copy.memory.next_ids())
    if ops:
        copy.take(max(when, copy.time), Author(hand_edits.OUTSIDE, ""), Note(verb="edited outside"), ops)
    if left:
        copy.told.append(f"{left} hand edits of the snapshot: left as they were changed in pmtui since")


def _ranges(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Numbers in a row as their first and last."""
    start = 0
    for at, number in enumerate(numbers):
        if at + 1 == len(numbers) or numbers[at + 1] != number + 1:
            yield numbers[start], number
            start = at + 1
