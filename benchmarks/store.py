"""What the store costs, against its floors in the same run, as ratios; and whether its bars are met.

``python -m benchmarks.store [--sizes 1000 10000] [--updates 300] [--folder /srv]`` prints two tables. What is
compared is measured in turns, call by call, so that a noisy moment of the machine hits both. The floor of an update is
an append of as many bytes as the journal's line has, and its sync, on the same disk; that of an open is the import of
``textual.app`` in a fresh interpreter. What is taken in is written by another process.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tinydb

from pmtui.store import Author, ProjectDB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCUMENT = {"title": "Sign off the data migration test plan", "owner": "ana", "due": "2026-11-27", "notes": "x" * 500}
JOURNALED = {"ext3", "ext4", "xfs", "jfs", "btrfs"}
IMPORT = "import time; b = time.perf_counter(); import textual.app; print((time.perf_counter() - b) * 1000)"


@dataclass(frozen=True)
class Costs:
    """Medians for a store of some documents, in ms."""

    documents: int
    append: float
    update: float
    sqlite: float
    stock: float
    opened: float
    imported: float
    taken: float
    taken_across: float


def in_turns(times: int, *works: Callable[[int], object]) -> list[float]:
    """The median of each work's calls, in ms, where they take turns."""
    taken: list[list[float]] = [[] for _ in works]
    for at in range(times):
        for work, found in zip(works, taken, strict=True):
            begin = time.perf_counter()
            work(at)
            found.append((time.perf_counter() - begin) * 1000)
    return [statistics.median(found) for found in taken]


def due(at: int) -> dict[str, str]:
    """A field's new value, another each time."""
    return {"due": f"2027-{at:05}"}


def open_journal(folder: Path, user: str = "bench") -> ProjectDB:
    """The journalled store of a folder, as a project is opened."""
    return ProjectDB(folder / "data.json", author=Author(user, "s"), stamps=True)


def journal(folder: Path, size: int) -> tuple[ProjectDB, int]:
    """A compacted store of so many documents, and the length of an update's line."""
    db = open_journal(folder)
    db.table("tasks").insert_multiple([DOCUMENT] * size)
    db.journal.compact()
    db.table("tasks").update(due(99_999), doc_ids=[1])
    return db, db.journal.journal_path.stat().st_size


def sqlite(folder: Path, size: int) -> sqlite3.Connection:
    """As many rows in SQLite, write-ahead log, synchronous FULL."""
    db = sqlite3.connect(folder / "bench.sqlite", isolation_level=None)
    db.execute("pragma journal_mode=wal")
    db.execute("pragma synchronous=full")
    db.execute("create table tasks (id integer primary key, due text, notes text)")
    db.execute("begin")
    db.executemany("insert into tasks (due, notes) values (?, ?)", [("2026-11-27", "x" * 560)] * size)
    db.execute("commit")
    return db


def update_costs(folder: Path, sizes: list[int], times: int) -> dict[int, list[float]]:
    """One durable update by size: append and sync, journal, SQLite; all sizes and all three in turns."""
    works: list[Callable[[int], object]] = []
    with contextlib.ExitStack() as left:
        for size in sizes:
            place = folder / str(size)
            place.mkdir()
            db, length = journal(place, size)
            left.callback(db.close)
            other = sqlite(place, size)
            left.callback(other.close)
            fd = os.open(place / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            left.callback(os.close, fd)
            works += updates_of(db, other, fd, b"x" * (length - 1) + b"\n", size)
        found = in_turns(times, *works)
        return {size: found[at * 3 : at * 3 + 3] for at, size in enumerate(sizes)}


def updates_of(
    db: ProjectDB, other: sqlite3.Connection, fd: int, line: bytes, size: int
) -> Iterator[Callable[[int], object]]:
    """The same durable update three times: bare, journalled, in SQLite."""
    table = db.table("tasks")

    def append(_: int) -> None:
        os.write(fd, line)
        os.fdatasync(fd)

    yield append
    yield lambda at: table.update(due(at), doc_ids=[at % size + 1])
    yield lambda at: other.execute("update tasks set due = ? where id = ?", (due(at)["due"], at % size + 1))


def stock_cost(folder: Path, size: int) -> float:
    """The same update in stock TinyDB."""
    with tinydb.TinyDB(folder / str(size) / "stock.json") as db:
        db.table("tasks").insert_multiple([DOCUMENT] * size)
        return in_turns(3, lambda at: db.table("tasks").update(due(at), doc_ids=[1]))[0]


def open_costs(folder: Path) -> list[float]:
    """An open, and the import of ``textual.app``."""

    def import_textual(_: int) -> float:
        return float(subprocess.check_output([sys.executable, "-c", IMPORT]))

    with open_journal(folder) as db:
        db.journal.compact()
    imported: list[float] = []
    (opened, _) = in_turns(7, lambda _: open_journal(folder).close(), lambda at: imported.append(import_textual(at)))
    return [opened, statistics.median(imported)]


def taking_in_costs(folder: Path, times: int) -> list[float]:
    """Taking in another process's change: one line, and one after a compaction."""
    command = [sys.executable, "-m", "benchmarks.store", "--write", str(folder)]
    with (
        open_journal(folder) as db,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other,
    ):
        assert other.stdin
        assert other.stdout
        found = []
        for what, often in (("update", times), ("compact", min(times, 9))):
            taken = []
            for _ in range(often):
                other.stdin.write(f"{what}\n")
                other.stdin.flush()
                other.stdout.readline()
                begin = time.perf_counter()
                came = db.journal.pull()
                taken.append((time.perf_counter() - begin) * 1000)
                assert came == 1
            found.append(statistics.median(taken))
        other.stdin.close()
    return found


def write_when_told(folder: Path) -> None:
    """Be the other process: an update for each line read, after a compaction where it says so."""
    with open_journal(folder, "other") as db:
        for at, line in enumerate(sys.stdin):
            if line.strip() == "compact":
                db.journal.compact()
            db.table("tasks").update(due(10_000 + at), doc_ids=[at % 100 + 1])
            print("done", flush=True)


def measure(folder: Path, sizes: list[int], times: int) -> list[Costs]:
    """All costs of all sizes."""
    updates = update_costs(folder, sizes, times)
    found = []
    for size in sizes:
        place = folder / str(size)
        opened, imported = open_costs(place)
        taken, across = taking_in_costs(place, min(times, 60))
        append, update, sqlite_cost = updates[size]
        stock = stock_cost(folder, size)
        found.append(Costs(size, append, update, sqlite_cost, stock, opened, imported, taken, across))
    return found


def print_costs(found: list[Costs]) -> None:
    """The table of medians, as Markdown."""
    print("\n| documents | append + fsync | journal | ratio | SQLite | stock TinyDB | open | open / import", end="")
    print(" | taken in | across a compaction |\n|" + "---|" * 10)
    for each in found:
        print(
            f"| {each.documents:,} | {each.append:.3f} ms | {each.update:.3f} ms | {each.update / each.append:.2f}"
            f" | {each.sqlite:.3f} ms | {each.stock:.1f} ms | {each.opened:.0f} ms | {each.opened / each.imported:.2f}"
            f" | {each.taken:.3f} ms | {each.taken_across:.3f} ms |"
        )


def print_bars(found: list[Costs], folder: Path) -> None:
    """Each bar, what was measured, and whether it is met."""
    kind = file_system(folder)
    by_size = {each.documents: each for each in found}
    ratios = [each.update / each.append for each in found]
    bars = [("update / append + fsync", ratios, 2.5)]
    if kind in JOURNALED:
        bars.append((f"the same, as {kind} is a journaled file system", ratios, 2.0))
    if {1_000, 100_000} <= by_size.keys():
        bars.append(("update at 100k / at 1k", [by_size[100_000].update / by_size[1_000].update], 1.2))
    if 10_000 in by_size:
        bars.append(("open of 10k / import of textual.app", [by_size[10_000].opened / by_size[10_000].imported], 0.25))
    bars.append(("another's change taken in, ms", [e.taken for e in found], 1.0))
    bars.append(("the same across a compaction, ms", [e.taken_across for e in found], 1.0))
    print("\n| what | measured | bar | |\n|---|---|---|---|")
    for what, measured, bar in bars:
        said = ", ".join(f"{value:.2f}" for value in measured)
        print(f"| {what} | {said} | ≤ {bar} | {'met' if max(measured) <= bar else 'missed'} |")


def file_system(folder: Path) -> str:
    """The kind of file system that a folder is on."""
    mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    there = [(place, kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(there, key=lambda found: len(found[0]))[1] if there else "unknown"


def main() -> None:
    """Print the tables, or be the other process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 50_000, 100_000])
    parser.add_argument("--updates", type=int, default=300)
    parser.add_argument("--folder", type=Path, help="where to measure; the temporary folder where not told")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.write:
        write_when_told(asked.write)
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        found = measure(folder, asked.sizes, asked.updates)
        print(f"medians; import of textual.app: {statistics.median(each.imported for each in found):.0f} ms")
        print_costs(found)
        print_bars(found, folder)


if __name__ == "__main__":
    main()
