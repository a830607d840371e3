"""What is shown, written to a file that other tools read."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from pmtui.domain.fields import Kind
from pmtui.domain.records import Record
from pmtui.domain.values import write_value
from pmtui.exchange.formulas import harmless_cell
from pmtui.services.desk import Desk, Key
from pmtui.services.project import OpenProject, Outcome


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
    name = f"{desk.code}-{view}-{desk.session.now():%Y%m%d-%H%M%S}.csv"
    path = write_new(folder, name, ("\ufeff" + as_csv(found)).encode())
    return Outcome((), f"{len(found)} rows written to {path}")


def export_minutes(project: OpenProject, number: str, folder: Path | None = None) -> Outcome:
    """Write minutes that are not published yet to a new private Markdown file, as they would be now."""
    from pmtui.services.minutes import page_of

    page = page_of(project, number)
    stamp = f"{project.session.now():%Y%m%d-%H%M%S}"
    path = write_new(folder, f"{project.code}-{number}-minutes-{stamp}.md", page.markdown.encode())
    return Outcome((), f"the minutes are written to {path}")


def export_calendar(project: OpenProject, folder: Path | None = None) -> Outcome:
    """Write all meetings and milestones to a new private iCalendar file."""
    from pmtui.services.calendars import calendar_of, counted

    found = [*project.data.meetings.values(), *project.data.milestones.values()]
    name = f"{project.code}-calendar-{project.session.now():%Y%m%d-%H%M%S}.ics"
    path = write_new(folder, name, calendar_of(project, found).encode())
    return Outcome((), f"{counted(found)} written to {path}")


def write_new(folder: Path | None, name: str, data: bytes) -> Path:
    """A new file for its owner alone; an existing one is never followed or replaced."""
    path = (folder or Path.cwd()) / f"pmtui-{name}"
    write_private(path, data)
    return path


def write_private(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, for its owner alone; nothing is left where it can't be written whole."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
    except OSError:
        path.unlink(missing_ok=True)
        raise
