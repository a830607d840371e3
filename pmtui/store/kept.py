"""Snapshots that are kept: one a day, so that a day can be had back, and a base to rebuild from."""

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pmtui.store.errors import StoreError
from pmtui.store.files import make_folder
from pmtui.store.layout import Layout
from pmtui.store.snapshot import Meta, Tables, read_meta, write_snapshot

DAYS = 30
"""So many days are kept each; before, the first of each month."""

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.json")


def keep_day(layout: Layout, day: dt.date, meta: Meta, tables: Tables) -> Path | None:
    """Keep a snapshot for a day, where none is and something changed since the last one; its file."""
    path = layout.kept / f"{layout.prefix}{day.isoformat()}.json"
    kept = dict(_days(layout))
    if path.exists() or (kept and _sequence(kept[max(kept)]) == meta.sequence):
        return None
    make_folder(layout.kept)
    write_snapshot(path, meta, tables)
    for old in to_drop(kept, day):
        with contextlib.suppress(OSError):
            kept[old].unlink()
    return path


def to_drop(days: Iterable[dt.date], today: dt.date) -> list[dt.date]:
    """The days that need not be kept any longer: past a month, all but the first of each month."""
    dropped, months = [], set()
    for day in sorted(days):
        month = (day.year, day.month)
        if (today - day).days > DAYS and month in months:
            dropped.append(day)
        months.add(month)
    return dropped


def _days(layout: Layout) -> Iterator[tuple[dt.date, Path]]:
    for path in layout.kept.glob("*.json"):
        found = _NAME.fullmatch(path.name.removeprefix(layout.prefix))
        if found and path.name.startswith(layout.prefix):
            with contextlib.suppress(ValueError):
                yield dt.date.fromisoformat(found[1]), path


def _sequence(path: Path) -> int:
    try:
        return read_meta(path)[0].sequence
    except (OSError, StoreError):
        return -1
