"""What can be done with a record of any kind: add, edit, note, delete, copy as text."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from pmtui.domain.dates import say_date
from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import BudgetLine, Record, RecordType, Task
from pmtui.domain.records.task import CANCELLED, DONE
from pmtui.domain.text import clean, fold
from pmtui.domain.values import Reading, read_value
from pmtui.services.change import Change
from pmtui.services.merging import deleted_words, merged, tell_followed
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.repeating import with_first_due

Written = Mapping[str, str]
"""Field values as people wrote them, by field name."""


def read_fields(project: OpenProject, record_type: RecordType, written: Written) -> dict[str, Any]:
    """The values that were written, typed; raises :class:`Refused` with every problem."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in written.items():
        try:
            field = _writable(record_type, name)
            values[field.name] = read_field(project, field, text)
        except Refused as refused:
            problems += refused.problems or [Problem(name, text, str(refused))]
    if problems:
        raise Refused(problems)
    return values


def read_field(project: OpenProject, field: Field, text: str) -> Any:
    """One value as it was written; a budget line may be named by its category."""
    if field.kind is Kind.REFERENCE and field.kinds == ("budget line",) and text.strip():
        line = project.data.budget_line_named(clean(text))
        if line is not None:
            return line.number
    return read_value(field, text, Reading(project.today))


def field_named(record_type: RecordType, name: str) -> Field:
    """The field that a name or label means; raises :class:`Refused` naming those there are."""
    wanted = fold(name).replace(" ", "_").replace("-", "_").strip("_")
    for field in record_type.fields.values():
        if wanted in {field.name, fold(field.label).replace(" ", "_")}:
            return field
    writable = ", ".join(record_type.fields)
    raise Refused([Problem(name, "", f"a {record_type.words[0]} has no such field; it has {writable}")])


def add_record(project: OpenProject, record_type: RecordType, written: Written) -> Outcome:
    """Add a record from a form's fields."""
    values = read_fields(project, record_type, written)
    missing = [f for f in record_type.fields.values() if f.required and f.name != "planned"]
    for field in missing:
        if field.given_by and all(values.get(name) not in (None, "") for name in field.given_by):
            values[field.name] = values.get(field.name) or Decimal(0)  # it follows, as the record is completed
    problems = [Problem(f.name, "", f"{f.label} is required") for f in missing if values.get(f.name) in (None, "", ())]
    if problems:
        raise Refused(problems)
    if values.get("repeats") and record_type is Task.TYPE:
        values = with_first_due(values, project.data, project.today)
    with project.change(f"add {record_type.words[0]}") as change:
        record = change.add(record_type.struct(**values))
        _meet_budget_line(change, record)
    return Outcome((record.number,), f"{record.number} {record.name} added", tuple(change.said))


def edit_record(
    project: OpenProject, number: str, written: Written, *, base: Record | None = None, verb: str = "edit"
) -> Outcome:
    """Change some fields of a record.

    ``base`` is the record as it was when the edit began. What others wrote since is kept: values are joined
    with theirs field by field, as :func:`merged` does, which raises :class:`Conflicted` where they can't be;
    nothing is written then.
    """
    found = base or project.get(number)
    values = read_fields(project, found.TYPE, written)
    with project.change(verb) as change:
        if change.data.get(found.number) is None:
            raise Refused(deleted_words(project, found))
        current = change.current(found)
        began = base or current
        changed = merged(project, change, began, current, values)
        if not changed:
            return Outcome((number,), f"{current.number} is unchanged")
        if isinstance(current, Task) and (changed.keys() & {"status", "percent_done", "finish_date"}):
            changed = _repeat_if_ended(change, current, changed)
        if changed.get("repeats") and isinstance(current, Task) and not current.due:
            changed = with_first_due(changed, change.data, project.today)
        after = change.edit(current, **changed)
        tell_followed(project, change, began, current, after, changed)
        _meet_budget_line(change, after)
    labels = ", ".join(found.TYPE.fields[name].label.lower() for name in changed)
    return Outcome((after.number,), f"{after.number} {labels} changed", tuple(change.said))


def delete_records(project: OpenProject, numbers: Sequence[str]) -> Outcome:
    """Delete records. A task is better dropped, which keeps its story."""
    with project.change("delete") as change:
        for number in numbers:
            change.remove(project.get(number))
    return Outcome(tuple(numbers), f"{several(numbers)} deleted")


def add_note(project: OpenProject, numbers: Sequence[str], text: str) -> Outcome:
    """Add a dated line to the notes of records."""
    line = clean(text)
    if not line:
        raise Refused([Problem("notes", "", "a note has some text")])
    with project.change("note") as change:
        for number in numbers:
            record = change.current(project.get(number))
            name = "notes" if "notes" in record.TYPE.fields else "description"
            if name not in record.TYPE.fields:
                raise Refused(f"{number}: a {record.TYPE.words[0]} has no notes")
            stamp = f"{project.today.isoformat()} {project.session.user}: {line}"
            before = str(getattr(record, name))
            change.edit(record, **{name: f"{before}\n{stamp}" if before else stamp})
    return Outcome(tuple(numbers), f"noted on {several(numbers)}")


def _writable(record_type: RecordType, name: str) -> Field:
    """The field that a name means, which somebody may write."""
    field = field_named(record_type, name)
    if field.kept or field.kind is Kind.STRUCTURE:
        raise Refused([Problem(field.name, "", "pmtui keeps it itself; it is not written by hand")])
    return field


def as_text(project: OpenProject, number: str) -> str:
    """A record in one line, to paste into a mail or a chat."""
    record = project.get(number)
    parts = [f"{record.number} {record.name}"]
    parts += [str(getattr(record, name)) for name in ("owner", "status") if getattr(record, name, "")]
    for name in ("due", "review_date", "target_date", "date", "forecast"):
        day = getattr(record, name, None)
        if day:
            parts.append(f"{record.TYPE.fields[name].label.lower()} {say_date(day, project.today)}")
            break
    return " · ".join(parts)


def several(numbers: Sequence[str]) -> str:
    """One number, or how many."""
    return numbers[0] if len(numbers) == 1 else f"{len(numbers)} records"


def _repeat_if_ended(change: Change, task: Task, changed: Mapping[str, Any]) -> dict[str, Any]:
    """A repeating task that an edit makes done has its next one, of what else it says; dropped, the series ends."""
    from pmtui.services.repeating import end, repeat

    status = Task.TYPE.follow(task, msgspec.structs.replace(task, **changed), change.today).status
    left = {name: value for name, value in changed.items() if name not in {"status", "percent_done", "finish_date"}}
    as_left = msgspec.structs.replace(task, **left)
    if status == CANCELLED:
        end(change, as_left, "dropped")
    if status != DONE or not task.is_open:
        return dict(changed)
    repeat(change, as_left)
    return {**changed, "repeats": ""} if "repeats" in changed else dict(changed)


def _meet_budget_line(change: Change, record: Record) -> None:
    """A category without a budget line makes one with nothing planned, and says so."""
    category = getattr(record, "budget_line", "")
    if category and change.data.get(category) is None:
        line = change.add(BudgetLine(category=category))
        change.edit(record, budget_line=line.number)
        change.said.append(f"{line.number} {category} is a new budget line with nothing planned")
