"""What is done to a store under its lock beside its changes: new snapshots, taking over, taking in, migrating."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from pmtui.store import hand_edits, migrations
from pmtui.store.errors import StoreError
from pmtui.store.files import make_folder, read_file, sync_folder, write_file
from pmtui.store.journal import CHAIN_START, Note, Op
from pmtui.store.lock import WriteLock
from pmtui.store.memory import Memory
from pmtui.store.open_files import OpenFiles
from pmtui.store.replay import replay
from pmtui.store.snapshot import Meta, Snapshot, write_snapshot

Append = Callable[[Note, list[Op], str], object]
"""Performs operations and writes them as a transaction, in the name of a user."""

MIGRATED = "pmtui"
"""The user in whose name the journal tells a migration."""


def begin(files: OpenFiles, lock: WriteLock, day: dt.date, append: Append) -> None:
    """Read a store, made where it is missing; what was edited outside is taken in, an older format migrated.

    Where that can't be done now it is read as it is, and why is told as damage.
    """
    path = files.layout.path
    if not files.read_only and not path.exists():
        with lock.held():
            if not path.exists() and not files.layout.has_changes():
                write_first(files)
    snapshot = files.load()
    old = _is_old(snapshot)
    if files.refused():
        if old:
            _migrate_in_memory(files, snapshot.meta.format)
    elif snapshot.edited or (old and not files.damage):
        try:
            with lock.held():
                _bring_up_to_date(files, day, append)
        except (StoreError, OSError) as error:
            files.load()
            files.mend()
            files.set_damage(f"{snapshot.wrong or 'an older format'}, and that can't be taken in now: {error}")


def _bring_up_to_date(files: OpenFiles, day: dt.date, append: Append) -> None:
    """Under the lock: take in what was edited outside, and migrate, where nobody else did meanwhile."""
    snapshot = files.load()
    if snapshot.edited:
        why = _take_in_edit(files, snapshot, day, append)
        snapshot = files.load()
        if why:
            files.set_damage(why)
    if _is_old(snapshot) and not files.damage:
        _migrate(files, snapshot.meta.format, day, append)


def _is_old(snapshot: Snapshot) -> bool:
    return snapshot.meta.generation > 0 and 0 < snapshot.meta.format < migrations.newest_format()


def meta_now(files: OpenFiles, generation: int) -> Meta:
    """What a snapshot of the documents in memory says of itself."""
    return Meta(
        generation=generation,
        sequence=files.sequence,
        next=files.memory.next_ids(),
        chain=files.chain,
        stamps=files.stamps,
        written=files.clock(),
    )


def write_generation(files: OpenFiles) -> None:
    """Write a new snapshot and begin its journal; the old one goes to the history."""
    meta = meta_now(files, files.generation + 1)
    files.layout.begin_journal(meta.generation)
    write_snapshot(files.layout.path, meta, files.memory.tables)
    files.switch(meta)
    files.layout.put_older_away(meta.generation)


def write_first(files: OpenFiles) -> None:
    """The empty snapshot of a store that is made, and its journal."""
    files.layout.begin_journal(1)
    meta = Meta(generation=1, chain=CHAIN_START, stamps=files.stamps, written=files.clock())
    write_snapshot(files.layout.path, meta, {})


def adopt_plain(files: OpenFiles, day: dt.date) -> None:
    """Make a store of a plain TinyDB file; what it held is kept, as the history begins there."""
    if files.memory.tables:
        _keep(files, f"{day}-before-pmtui", generation=files.generation + 1)
    write_generation(files)


def _take_in_edit(files: OpenFiles, edited: Snapshot, day: dt.date, append: Append) -> str:
    """Take in what somebody wrote into the snapshot by hand, as changes by "edited outside".

    The edited file is kept aside. Gives why it can't be told what was edited; empty where it was taken in.
    """
    layout = files.layout
    base = replay(layout.folder, layout.prefix, upto=edited.meta.sequence, stamps=files.stamps)
    now = replay(layout.folder, layout.prefix, stamps=files.stamps)
    if base is None or now is None or base.chain != edited.meta.chain:
        return f"{edited.wrong}, and its journals do not tell what it held before"
    files.mend()
    files.open_journal(edited.meta.generation, edited.meta.chain)
    files.memory, files.sequence = Memory(now.tables, now.next), now.sequence
    files.read_to_end()
    torn = files.torn_tail()
    if files.damage:
        return files.damage
    files.set_torn_aside(torn)
    _set_aside(layout.path, layout.kept / f"{layout.prefix}{day}-edited-outside.json")
    ops, left = hand_edits.operations(base.tables, edited.tables, now.tables, now.next)
    if ops:
        note = f"{len(ops)} document{'s' if len(ops) > 1 else ''} in {layout.path.name}"
        also = f"; {left} left as they were changed in pmtui since" if left else ""
        append(Note(verb="edited outside", effect=note + also), ops, hand_edits.OUTSIDE)
    write_generation(files)
    return ""


def _migrate(files: OpenFiles, have: int, day: dt.date, append: Append) -> None:
    """Bring a store of an older format to the newest, after a backup; each step is a transaction."""
    _keep(files, f"{day}-format-{have}", generation=files.generation)
    for at, step in enumerate(migrations.MIGRATIONS[have - 1 :], have):
        ops = step.operations(files.memory.tables)
        if ops:
            append(Note(verb="migrate", effect=f"format {at} to {at + 1}: {step.words}"), ops, MIGRATED)
    write_generation(files)


def _migrate_in_memory(files: OpenFiles, have: int) -> None:
    """Read an older format as the newest, where it can't be written."""
    for step in migrations.MIGRATIONS[have - 1 :]:
        for op in step.operations(files.memory.tables):
            files.memory.apply(op)


def _keep(files: OpenFiles, name: str, *, generation: int) -> None:
    """Keep the documents as they are in a snapshot of their own, once."""
    path = files.layout.kept / f"{files.layout.prefix}{name}.json"
    if not path.exists():
        make_folder(files.layout.kept)
        write_snapshot(path, meta_now(files, generation), files.memory.tables)
        sync_folder(files.layout.folder)


def _set_aside(source: Path, target: Path) -> None:
    """Copy a file's bytes to one that is not there yet."""
    make_folder(target.parent)
    data, _ = read_file(source)
    for count in range(1000):
        path = target.with_stem(f"{target.stem}-{count}") if count else target
        if not path.exists():
            write_file(path, data)
            return
