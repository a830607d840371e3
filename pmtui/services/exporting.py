"""What is shown, written to a file that other tools read."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from pmtui.domain.fields import Kind
from pmtui.domain.records import Record
from pmtui.domain.values import write_value
from pmtui.services.desk import Desk, Key
from pmtui.services.project import Outcome

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; numbers stay numbers."""
    if text.startswith(_FORMULA) and not text.lstrip("+-").replace(".", "", 1).isdigit():
        return f"'{text}"
    return text


def as_csv(records: Sequence[Record]) -> str:
    """Records of any kinds as CSV: their number and every field that one of them has."""
    names = list(dict.fromkeys(name for record in records for name in record.TYPE.fields))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["number", *names])
    for record in records:
        cells = [_cell(record, name) for name in names]
        writer.writerow([record.number, *map(harmless_cell, cells)])
    return out.getvalue()


def _cell(record: Record, name: str) -> str:
    field = record.TYPE.fields.get(name)
    if field is None:
        return ""
    text = write_value(field, getattr(record, name))
    return text.replace("@", "") if field.kind in {Kind.PERSON, Kind.PEOPLE} else text


def export_shown(desk: Desk, keys: Sequence[Key], view: str, folder: Path | None = None) -> Outcome:
    """Write what a view shows to a new private CSV file in ``folder``, the working folder unless given."""
    found = [record for record in map(desk.record, keys) if record is not None]
    stamp = desk.session.now().strftime("%Y%m%d-%H%M%S")
    path = (folder or Path.cwd()) / f"pmtui-{desk.code}-{view}-{stamp}.csv"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8-sig") as file:
        file.write(as_csv(found))
    return Outcome((), f"{len(found)} rows written to {path}")
