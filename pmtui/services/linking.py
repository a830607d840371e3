"""Links: a record after, before or related to another, or to an address or ticket outside."""

from collections.abc import Sequence
from typing import Any

from pmtui.domain.dates import say_date
from pmtui.domain.links import ACTION, AFTER, BEFORE, RELATED, is_outside, links_of, out_of_order, ways
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Milestone, Record, Task
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome
from pmtui.services.records import several

WORDS = {AFTER: "after", BEFORE: "before", RELATED: "linked to", ACTION: "answered by"}
"""How each way is told."""


def link(project: OpenProject, numbers: Sequence[str], to: str, way: str = RELATED) -> Outcome:
    """Link records to another one, both told of it, or to an address or ticket; one undo.

    Refused where that is no way to link them, and where records would wait for each other in a circle.
    """
    found = [project.get(number) for number in numbers]
    target = project.data.get(to)
    to = target.number if target is not None else to
    _refuse_wrong(found, target, to, way)
    with project.change("link") as change:
        new = [record for record in found if not _is_linked(change, record, to, way)]
        for record in new:
            if target is None:
                _add(change, record, "links", to)
            elif way == AFTER:
                _add(change, record, "depends_on", to)
                _tell_order(change, target, record)
            elif way == BEFORE:
                _add(change, target, "depends_on", record.number)
                _tell_order(change, record, target)
            else:
                _add(change, record, "actions" if way == ACTION else "links", to)
                _link_back(change, target, record.number)
    if not new:
        return Outcome(tuple(numbers), f"{several(numbers)}: {WORDS[way]} {to} already")
    return Outcome(tuple(numbers), f"{several([r.number for r in new])} {WORDS[way]} {to}", tuple(change.said))


def unlink(project: OpenProject, numbers: Sequence[str], to: str) -> Outcome:
    """Take every link between records and another, or something outside, away."""
    with project.change("unlink") as change:
        target = change.data.get(to)
        for number in numbers:
            record = change.current(project.get(number))
            _remove(change, record, to)
            if target is not None:
                _remove(change, change.current(target), number, politely=True)
    return Outcome(tuple(numbers), f"{several(numbers)} no longer linked to {to}", tuple(change.said))


def _refuse_wrong(records: Sequence[Record], target: Record | None, to: str, way: str) -> None:
    if target is None and not is_outside(to):
        allowed = (
            "allowed: the number of a record here, or one word: an address such as https://…, a ticket such as OPS-12"
        )
        raise Refused([Problem("links", to, allowed)])
    if target is None:
        return
    if any(record.number == target.number for record in records):
        raise Refused([Problem("links", to, "a record is not linked to itself", target.number)])
    possible = ways(records, target)
    if way not in possible:
        what = f"{target.number} is a {target.TYPE.words[0]}"
        raise Refused([Problem("links", way, f"{what}, allowed: {', '.join(possible)}", records[0].number)])


def _is_linked(change: Change, record: Record, to: str, way: str) -> bool:
    now = links_of(change.current(record), change.data)
    return any(known.way == way and known.to == to for known in now)


def _add(change: Change, record: Record, field: str, number: str) -> None:
    now = change.current(record)
    change.edit(now, **{field: (*getattr(now, field), number)})


def _link_back(change: Change, target: Record, number: str) -> None:
    """Name a record in the one it is linked to, where that may still be changed."""
    now = change.current(target)
    if not now.TYPE.frozen(now, change.data):
        if number not in now.links:
            change.edit(now, links=(*now.links, number))
        return
    said = f"{now.number} is frozen and does not name it back"
    if said not in change.said:
        change.said.append(said)


def _remove(change: Change, record: Record, to: str, *, politely: bool = False) -> None:
    """Take a number out of all that a record is linked by; a frozen one is left alone where asked to be polite."""
    values: dict[str, Any] = {}
    for field in ("links", "depends_on", "actions"):
        held = getattr(record, field, ())
        if to in held:
            values[field] = tuple(other for other in held if other != to)
    if values and not (politely and record.TYPE.frozen(record, change.data)):
        change.edit(record, **values)


def _tell_order(change: Change, earlier: Record, later: Record) -> None:
    """Say where what waits is due before what it waits for."""
    if out_of_order(earlier, later):
        due = earlier.due if isinstance(earlier, Task) else None
        when = f" ({say_date(due, change.today)})" if due else ""
        word = "forecast" if isinstance(later, Milestone) else "due"
        change.said.append(f"{later.number} is {word} before {earlier.number} is{when}")
