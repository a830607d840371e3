"""Records that can't be read and links that lead nowhere: told, and mended in a repaired copy."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pmtui.domain.fields import Kind
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BY_KIND, BY_TABLE, Record, RecordType
from pmtui.services.session import Session
from pmtui.store import Note, ProjectDB
from pmtui.store.damage.differences import said
from pmtui.store.damage.findings import REPAIR, Finding
from pmtui.store.damage.inspect import Inspection
from pmtui.store.damage.repair import repair
from pmtui.store.history import transactions

Documents = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Stored documents by table and id."""

_AT = re.compile(r"at `\$\.([A-Za-z_]+)")
_MISSING = re.compile(r"required field `([A-Za-z_]+)`")
_VERB = "repaired"
_MOST_TOLD = 10
"""Lines of what was left out that the history tells."""


@dataclass(frozen=True)
class Content:
    """A store's documents as records: those that read, and why others don't, by table and id."""

    data: ProjectData
    unreadable: Mapping[tuple[str, int], str]

    def findings(self) -> Iterator[Finding]:
        """What is damaged in what the records say, not in how they are kept."""
        for (table, key), why in sorted(self.unreadable.items()):
            number = BY_TABLE[table].number(key)
            yield Finding("invalid record", number, f"{number} can't be read: {why}", damage=True, remedy=REPAIR)
        for link in dangling(self.data):
            number = link.record.number
            yield Finding("dangling link", number, link.words, damage=True, remedy=REPAIR)


@dataclass(frozen=True)
class Dangling:
    """A field of a record that names one that is not there."""

    record: Record
    field: str
    number: str
    words: str


def read_content(documents: Documents) -> Content:
    """Read every document of a project as its record."""
    tables: dict[str, dict[int, Record]] = {}
    unreadable: dict[tuple[str, int], str] = {}
    for table, record_type in BY_TABLE.items():
        found = tables.setdefault(table, {})
        for key, document in documents.get(table, {}).items():
            try:
                found[int(key)] = record_type.decode(int(key), document)
            except msgspec.ValidationError as error:
                unreadable[table, int(key)] = str(error)
    return Content(ProjectData(tables), unreadable)


def dangling(data: ProjectData) -> Iterator[Dangling]:
    """Every link between records that leads nowhere."""
    for record in (*data.tables.get("project", {}).values(), *data.records()):
        for name, field in record.TYPE.fields.items():
            value = getattr(record, name)
            numbers: tuple[str, ...] = ()
            if field.kind is Kind.REFERENCE and value:
                numbers = (value,)
            elif field.kind is Kind.REFERENCES:
                numbers = value
            for number in numbers:
                found = data.get(number)
                if found is None or (field.kinds and found.TYPE.kind not in field.kinds):
                    kinds = " or ".join(BY_KIND[kind].words[0] for kind in field.kinds) or "record"
                    words = f"{record.number} {name}: {number!r}: there is no such {kinds} here"
                    yield Dangling(record, name, number, words)


def repair_project(session: Session, found: Inspection, target: Path) -> tuple[str, ...]:
    """Write a repaired copy of an inspected project, files and records; what is not in it as it was, line by line."""
    workspace = dataclasses.replace(session, path=target.parent).workspace
    told = list(repair(found, target, workspace.author, workspace.clock()).told)
    origin = found.files.folder.name
    with workspace.open(target.name) as db:
        told += _mend_records(db, origin)
        left = "; ".join(told[:_MOST_TOLD]) + ("; and more" if len(told) > _MOST_TOLD else "")
        reason = f"repaired from {origin}: {left or 'nothing had to be left out'}"
        name_after_folder(db, target.name, Note(verb=_VERB, reason=reason))
    return tuple(told)


def name_after_folder(db: ProjectDB, code: str, note: Note | None = None) -> None:
    """Let a project's own record tell the code that its folder has now."""
    project = db.journal.documents("project").get("1")
    if project is not None and project.get("code") != code:
        with db.journal.transaction(note or Note(verb="restored")):
            db.table("project").update({"code": code}, doc_ids=[1])


def _mend_records(db: ProjectDB, origin: str) -> list[str]:
    """Bring every record of a store to what can be read, and take out links that lead nowhere; what was done."""
    journal = db.journal
    content = read_content({table: journal.documents(table) for table in journal.table_names()})
    told: list[str] = []
    with journal.transaction(
        Note(verb=_VERB, reason=f"repaired from {origin}: what could not be read, and links to what is not there")
    ):
        for (table, key), why in sorted(content.unreadable.items()):
            before = journal.documents(table)[str(key)]
            after, words = _readable(BY_TABLE[table], key, before, _past_values(db, table, key))
            number = BY_TABLE[table].number(key)
            if after is None:
                journal.delete(table, str(key))
                told.append(f"{number} could not be read ({why}), and was taken out")
            else:
                journal.put(table, str(key), after)
                told += [f"{number} {line}" for line in words]
        content = read_content({table: journal.documents(table) for table in journal.table_names()})
        for link in dangling(content.data):
            _take_out(db, link)
            told.append(f"{link.words}; it was taken out")
    return told


def _take_out(db: ProjectDB, link: Dangling) -> None:
    record_type, key = link.record.TYPE, str(link.record.id)
    document = dict(db.journal.documents(record_type.table)[key])
    value = document.get(link.field)
    left = [number for number in value if number != link.number] if isinstance(value, list) else ""
    if left:
        document[link.field] = left
    else:
        document.pop(link.field, None)
    db.journal.put(record_type.table, key, document)


def _past_values(db: ProjectDB, table: str, key: int) -> dict[str, list[Any]]:
    """What each field of a record was, the latest value first."""
    found: dict[str, list[Any]] = {}
    for transaction in transactions(db.journal, record=(table, key), newest_first=True):
        for what, name, number, changes in reversed(transaction.ops):
            if (name, number) != (table, key) or not isinstance(changes, dict):
                continue
            for field, change in changes.items():
                found.setdefault(field, []).extend([change[1], change[0]] if what == "u" else [change])
    return found


def _readable(
    record_type: RecordType, key: int, document: Mapping[str, Any], past: Mapping[str, list[Any]]
) -> tuple[dict[str, Any] | None, list[str]]:
    """The document with each offending field brought back to what it last was, or taken out; and that in words."""
    after = dict(document)
    told: list[str] = []
    for _ in range(len(record_type.fields) + len(document) + 1):
        field = _offending(record_type, key, after)
        if field is None:
            return after, told
        was = after.get(field)
        for value in [*past.get(field, ()), None, "", "(lost)"]:
            trial = {**after, field: value}
            if value is None:
                del trial[field]
            if _offending(record_type, key, trial) != field:
                after = trial
                now = "taken out" if value is None else f"{said(value)} again"
                told.append(f"{field} {said(was)} could not be read; it is {now}")
                break
        else:
            return None, told
    return None, told


def _offending(record_type: RecordType, key: int, document: Mapping[str, Any]) -> str | None:
    """The field for which a document can't be read; ``None`` where it can, empty where no field is to blame."""
    try:
        record_type.decode(key, document)
    except msgspec.ValidationError as error:
        found = _AT.search(str(error)) or _MISSING.search(str(error))
        return found[1] if found else ""
    return None
