"""What is shown, written to a file that other tools read."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from pmtui.domain.fields import Kind
from pmtui.domain.records import Record, Report
from pmtui.domain.values import write_value
from pmtui.exchange.formulas import harmless_cell
from pmtui.reports.blocks import Document
from pmtui.reports.markdown import to_markdown
from pmtui.services import reports
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
    path = _write_new(folder, name, "\ufeff" + as_csv(found))
    return Outcome((), f"{len(found)} rows written to {path}")


def export_report(project: OpenProject, report: Report | None, folder: Path | None = None) -> Outcome:
    """Write a report's page to a new private Markdown file: the draft's, or an issued one as it was frozen."""
    shown = report or reports.draft(project)
    text = shown.text if shown.status == "issued" else to_markdown(reports.preview(project, shown))
    name = f"{project.code}-{shown.number if shown.id else 'draft'}-{project.session.now():%Y%m%d-%H%M%S}.md"
    return Outcome((), f"the report is written to {_write_new(folder, name, text)}")


def export_page(project: OpenProject, kind: str, page: Document, folder: Path | None = None) -> Outcome:
    """Write a page that is kept nowhere, such as the RAID log, to a new private Markdown file."""
    name = f"{kind.replace(chr(39), '').replace(' ', '-').lower()}-{project.session.now():%Y%m%d-%H%M%S}.md"
    return Outcome((), f"the {kind} is written to {_write_new(folder, f'{project.code}-{name}', to_markdown(page))}")


def _write_new(folder: Path | None, name: str, text: str) -> Path:
    """A new file for its owner alone; an existing one is never followed or replaced."""
    path = (folder or Path.cwd()) / f"pmtui-{name}"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path
