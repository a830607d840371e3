"""The command ``history``: who changed what, in words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmtui.services.project import OpenProject
    from pmtui.store import Transaction

_OPS = {"i": "added", "u": "changed", "d": "deleted"}
_LONGEST = 100


@click.command()
@click.argument("number", required=False)
@click.option("--limit", type=click.IntRange(1), help="Only so many of the latest.")
@as_json_option
@pass_shell
def history(shell: Shell, number: str | None, limit: int | None, as_json: bool) -> None:
    """Who changed what, and when: of one record, or of the whole project; the latest last."""
    with shell.opened() as project:
        found = list(_transactions(project, number))[-(limit or 0) :]
        zone = project.session.now().tzinfo
        if as_json:
            out_json([_as_json(transaction, ops) for transaction, ops in found])
            return
        for transaction, ops in found:
            out("\n".join(_in_words(project, transaction, ops, zone)))
        if not found:
            say("nothing was changed yet")


def _transactions(project: OpenProject, number: str | None) -> Iterator[tuple[Transaction, list[list[Any]]]]:
    """Each transaction with its operations, or those on one record alone."""
    from pmtui.domain.records import BY_TABLE, split_number

    wanted = None
    if number is not None:
        found = split_number(number)
        if found is None:
            raise Refusal(f"{number}: there is no such record in {project.code}")
        wanted = (found[0].table, found[1])
    seen = False
    for transaction in project.history():
        ops = [op for op in transaction.ops if op[0] in _OPS and op[1] in BY_TABLE]
        if wanted:
            ops = [op for op in ops if (op[1], op[2]) == wanted]
        if ops:
            seen = True
            yield transaction, ops
    if wanted and not seen:
        project.get(number or "")


def _as_json(transaction: Transaction, ops: list[list[Any]]) -> dict[str, Any]:
    return {
        "sequence": transaction.sequence,
        "time": dt.datetime.fromtimestamp(transaction.time / 1000, dt.UTC).isoformat(timespec="milliseconds"),
        "user": transaction.user,
        "session": transaction.session,
        "verb": transaction.note.verb or None,
        "reason": transaction.note.reason or None,
        "effect": transaction.note.effect or None,
        "undoes": transaction.note.undoes or None,
        "changes": [
            {"number": _number(op), "what": _OPS[op[0]], "fields": {n: list(v) for n, v in _fields(op)}} for op in ops
        ],
    }


def _number(op: list[Any]) -> str:
    from pmtui.domain.records import BY_TABLE

    return BY_TABLE[op[1]].number(op[2])


def _fields(op: list[Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Each field an operation touched, with its value before and after."""
    what, _, __, changes = op
    for name, value in changes.items():
        if what == "u":
            yield name, (value[0], value[1])
        else:
            yield name, ((None, value) if what == "i" else (value, None))


def _in_words(
    project: OpenProject, transaction: Transaction, ops: list[list[Any]], zone: dt.tzinfo | None
) -> Iterator[str]:
    when = dt.datetime.fromtimestamp(transaction.time / 1000, zone)
    note = transaction.note
    head = [f"{when:%Y-%m-%d %H:%M}", transaction.user, note.verb or "change"]
    if note.undoes:
        head.append(f"(of change {note.undoes})")
    yield "  ".join([*head, *(part for part in (note.reason, note.effect) if part)])
    for op in ops:
        yield f"    {_number(op)} {_OPS[op[0]]}: {_change_words(project, op)}"


def _change_words(project: OpenProject, op: list[Any]) -> str:
    from pmtui.domain.records import BY_TABLE

    record_type = BY_TABLE[op[1]]
    if op[0] != "u":
        return _cut(str(op[3].get(record_type.title, "")))
    told = []
    for name, (before, after) in _fields(op):
        field = record_type.fields.get(name)
        label = field.label.lower() if field else name
        told.append(f"{label} {_cut(_value(before))} → {_cut(_value(after))}")
    return ", ".join(told)


def _value(value: Any) -> str:
    """A stored value in words."""
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(_value(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{name} {_value(item)}" for name, item in value.items())
    return str(value)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
