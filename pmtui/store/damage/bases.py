"""From where a damaged store can be rebuilt: snapshots that are sound, or what still reads of one that is not."""

import contextlib
import re
from collections.abc import Iterator

from pmtui.store.damage.chain import Chain, Fate
from pmtui.store.errors import StoreError
from pmtui.store.journal import CHAIN_START, INSERT, from_json
from pmtui.store.layout import kept_files, number_of
from pmtui.store.memory import Memory, stamped_time
from pmtui.store.rawfiles import Files
from pmtui.store.replay import State, apply_to, read_kept
from pmtui.store.snapshot import META, Snapshot, Tables

_TABLE = re.compile(rb'^"((?:[^"\\]|\\.)*)":\{$')
_DOCUMENT = re.compile(rb'^"(\d+)":(\{.*\})(,|\},?|\}\})?$')


def sound_base(files: Files, chain: Chain) -> State | None:
    """The newest state that is proven; ``None`` where there is not even an empty beginning."""
    found = [_state(snapshot) for snapshot in _sound(files) if _belongs(snapshot, chain)]
    journals = [number_of(path) for path, _ in files.journals]
    if 1 in chain.chosen and min(journals, default=1) > 0:
        found.append(State({}, {}, 0, CHAIN_START))
    return max(found, key=lambda state: state.sequence, default=None)


def _sound(files: Files) -> Iterator[Snapshot]:
    if files.is_written and files.snapshot is not None:
        yield files.snapshot
    for path in kept_files(files.folder, files.prefix):
        try:
            snapshot = read_kept(path)
        except (StoreError, OSError, ValueError, RecursionError):
            continue
        if not snapshot.wrong and snapshot.meta.generation:
            yield snapshot


def _state(snapshot: Snapshot) -> State:
    meta = snapshot.meta
    return State(snapshot.tables, dict(meta.next), meta.sequence, meta.chain)


def _belongs(snapshot: Snapshot, chain: Chain) -> bool:
    """Whether a snapshot was made by these journals, as far as they can tell."""
    meta = snapshot.meta
    line = chain.chosen.get(meta.sequence)
    if line is None and meta.sequence > chain.last:
        return _has_the_same_makers(snapshot.tables, chain)
    return line is None or line.fate is not Fate.SOUND or line.actual == meta.chain


def _has_the_same_makers(tables: Tables, chain: Chain) -> bool:
    """Whether those documents that proven lines made tell the same time and author of it as the lines do."""
    made: dict[tuple[str, int], tuple[object, object]] = {}
    for _, line in sorted(chain.chosen.items()):
        transaction = line.transaction
        if line.fate is Fate.SOUND and transaction is not None:
            said = stamped_time(transaction), transaction.user
            for op in transaction.ops:
                if op[0] == INSERT:
                    made[op[1], op[2]] = op[3].get("created", said[0]), op[3].get("created_by", said[1])
    documents = ((place, tables.get(place[0], {}).get(str(place[1]), {})) for place in made)
    return all(
        (document["created"], document.get("created_by")) == made[place]
        for place, document in documents
        if "created" in document
    )


def as_it_reads(files: Files, chain: Chain) -> State | None:
    """The snapshot's documents as they stand, altered or not; ``None`` where nothing of it reads."""
    if files.raw is None or files.newer:
        return None
    last = files.journals[-1][0].name if files.journals else ""
    first = next((line.sequence for line in chain.lines if line.file == last and line.sequence), chain.last + 1)
    if files.snapshot is not None:
        meta = files.snapshot.meta
        return State(files.snapshot.tables, dict(meta.next), meta.sequence if files.meta else first - 1, meta.chain)
    tables = _salvaged(files.raw)
    return State(tables, {}, first - 1, "") if tables else None


def shown(files: Files, chain: Chain) -> Tables:
    """The documents as pmtui shows them: the snapshot's, and the changes after it up to one that is not proven."""
    altered = files.snapshot is None or not (files.is_written or files.is_edited or files.meta is None)
    begin = sound_base(files, chain) if altered else as_it_reads(files, chain)
    begin = begin or as_it_reads(files, chain)
    if begin is None:
        return {}
    memory = Memory({name: dict(table) for name, table in begin.tables.items()}, dict(begin.next))
    stamps = files.meta.stamps if files.meta else True
    for sequence in range(begin.sequence + 1, chain.last + 1):
        line = chain.chosen.get(sequence)
        if line is None or line.fate is not Fate.SOUND or line.transaction is None:
            break
        with contextlib.suppress(KeyError):
            apply_to(memory, line.transaction, stamps=stamps)
    return memory.tables


def _salvaged(data: bytes) -> Tables:
    """The documents of a snapshot that is no JSON any more: one a line, each read for itself."""
    tables: Tables = {}
    current: dict[str, dict[str, object]] | None = None
    for raw in data.split(b"\n"):
        table = _TABLE.match(raw)
        if table:
            name = table[1].decode("utf-8", "replace")
            current = tables.setdefault(name, {}) if name != META else None
            continue
        row = _DOCUMENT.match(raw)
        if row and current is not None:
            document = _read(row[2], (row[3] or b"").count(b"}"))
            if document is not None and row[1] != b"0":
                current[str(int(row[1]))] = document
    return tables


def _read(text: bytes, most: int) -> dict[str, object] | None:
    """A document, behind which braces of its table may stand."""
    for cut in range(3):
        try:
            found = from_json(text[: len(text) - cut] if cut else text)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else None
    return None
