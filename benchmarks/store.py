"""One durable update and one open, against their floors in the same run, as ratios.

``python -m benchmarks.store [--sizes 1000 10000] [--updates 200]`` prints a table. The floor of an update is a bare
append of as many bytes and an fsync to the same disk; that of an open is the import of ``textual.app``.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import tinydb

from pmtui.store import Author, ProjectDB

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT = {"title": "Sign off the data migration test plan", "owner": "ana", "due": "2026-11-27", "notes": "x" * 500}


def median_ms(work: Callable[[int], object], times: int) -> float:
    """The median of some calls, in ms."""
    taken = []
    for at in range(times):
        begin = time.perf_counter()
        work(at)
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def bare_append(folder: Path, times: int) -> float:
    """Append 220 bytes and fsync."""
    fd = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append(_: int) -> None:
        os.write(fd, b"x" * 219 + b"\n")
        os.fdatasync(fd)

    try:
        return median_ms(append, times)
    finally:
        os.close(fd)


def journal(folder: Path, size: int, times: int) -> tuple[float, float]:
    """A durable update, and an open, of a journalled store."""
    path = folder / "data.json"
    db = ProjectDB(path, author=Author("bench", "s"))
    db.table("tasks").insert_multiple([DOCUMENT] * size)
    db.journal.compact()
    table = db.table("tasks")
    update = median_ms(lambda at: table.update({"due": f"2026-12-{at % 28 + 1:02}"}, doc_ids=[at % size + 1]), times)
    db.close()
    return update, median_ms(lambda _: ProjectDB(path, author=Author("bench", "s")).close(), 5)


def stock(folder: Path, size: int, times: int) -> float:
    """The same update in stock TinyDB."""
    db = tinydb.TinyDB(folder / "stock.json")
    db.table("tasks").insert_multiple([DOCUMENT] * size)
    return median_ms(lambda at: db.table("tasks").update({"due": f"2026-12-{at % 28 + 1:02}"}, doc_ids=[1]), times)


def sqlite(folder: Path, size: int, times: int) -> float:
    """The same update in SQLite, write-ahead log, synchronous FULL."""
    db = sqlite3.connect(folder / "bench.sqlite", isolation_level=None)
    db.execute("pragma journal_mode=wal")
    db.execute("pragma synchronous=full")
    db.execute("create table tasks (id integer primary key, due text, notes text)")
    db.execute("begin")
    db.executemany("insert into tasks (due, notes) values (?, ?)", [("2026-11-27", "x" * 560)] * size)
    db.execute("commit")
    return median_ms(lambda at: db.execute("update tasks set due = ? where id = ?", (str(at), at % size + 1)), times)


def import_textual() -> float:
    """The import of ``textual.app`` in a fresh interpreter, in ms."""
    code = "import time; b = time.perf_counter(); import textual.app; print((time.perf_counter() - b) * 1000)"
    runs = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(5)]
    return statistics.median(runs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 50_000, 100_000])
    parser.add_argument("--updates", type=int, default=200)
    asked = parser.parse_args()
    imported = import_textual()
    print(f"import of textual.app: {imported:.0f} ms")
    print("documents  append+fsync  journal  ratio  sqlite  stock TinyDB  open    open / import")
    for size in asked.sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            floor = bare_append(folder, asked.updates)
            update, opened = journal(folder, size, asked.updates)
            other = sqlite(folder, size, asked.updates)
            slow = stock(folder, size, 5)
        print(
            f"{size:>9,}  {floor:>9.3f} ms  {update:>6.3f}  {update / floor:>5.2f}  {other:>6.3f}  {slow:>9.1f} ms"
            f"  {opened:>5.0f} ms  {opened / imported:>6.2f}"
        )


if __name__ == "__main__":
    main()
