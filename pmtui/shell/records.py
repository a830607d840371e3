"""Commands on records: add, list, show, edit, done, delete, undo, redo."""

from __future__ import annotations

import gc
import re
import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from pmtui.shell import completing
from pmtui.shell.context import (
    KIND,
    Refusal,
    Shell,
    as_json_option,
    out,
    out_json,
    pass_shell,
    plain_words,
    say,
    tell,
    words_of,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pmtui.domain.records import RecordType
    from pmtui.services.project import OpenProject, Outcome

_HYPHENS = {"ignore_unknown_options": True}
_NAMED = re.compile(r"([^\W\d_][\w%\-]*)(<=|>=|!=|[:=<>])(.+)", re.DOTALL)
_KEPT = frozenset(
    {"status", "notes", "finish_date", "snoozed_until", "last_chased", "repeats"}
    | {"blocked_reason", "cancelled_reason", "void_reason"}
)
"""Fields that no form shows but that may be written here; the others follow from what is done."""


@click.command(context_settings=_HYPHENS)
@click.argument("kind", type=KIND)
@click.argument("line", nargs=-1, required=True, shell_complete=completing.line_words)
@pass_shell
@click.pass_context
def add(ctx: click.Context, shell: Shell, kind: RecordType, line: tuple[str, ...]) -> None:
    """Add a record from one line; its number is printed.

    \b
    pmtui add task "Migrate payroll data @ana due fri !high #cutover ~3d"
    pmtui add risk "Vendor delays the interface p4 i3 @ben review +2w"
    pmtui add cost '1250.50 travel "Workshop Lyon" vendor:SNCF 2026-03-02 paid'
    pmtui add meeting "Steering committee fri 10:00"

    With - each line of standard input is a record, on disk before its number is printed. A bad
    line is told with its number, the others go on, and the exit code is 1.
    """  # noqa: D301 - click keeps the lines after its mark
    from pmtui.services.quick import add_line

    words = plain_words(line)
    with shell.opened() as project:
        if words == ["-"]:
            ctx.exit(_add_lines(project, kind.kind, sys.stdin.buffer))
        outcome = add_line(project, kind.kind, words[0] if len(words) == 1 else " ".join(map(_quoted, words)))
    out(outcome.numbers[0])
    tell(outcome)


def _quoted(word: str) -> str:
    """An argument that the shell took its quotes off, with quotes again."""
    if " " not in word or '"' in word:
        return word
    named = _NAMED.fullmatch(word)
    return f'{named[1]}:"{named[3]}"' if named and named[2] == ":" else f'"{word}"'


def _add_lines(project: OpenProject, kind: str, lines: BinaryIO) -> int:
    from pmtui.domain.problems import Refused
    from pmtui.services.quick import add_line

    gc.enable()  # it may be a long line of lines
    bad = 0
    for place, raw in enumerate(lines, start=1):
        try:
            line = raw.decode("utf-8-sig" if place == 1 else "utf-8")
            if not line.strip():
                continue
            outcome = add_line(project, kind, line)
        except (Refused, UnicodeDecodeError) as error:
            bad += 1
            why = str(error) if isinstance(error, Refused) else "is not UTF-8"
            say("\n".join(f"line {place}: {part}" for part in why.split("\n")))
            continue
        except Exception as error:
            raise Refusal(f"line {place}: {words_of(error)}; nothing after it was added") from error
        out(outcome.numbers[0])
        for words in outcome.said:
            say(f"line {place}: {words}")
    if bad:
        say(f"{bad} line{'s' if bad > 1 else ''} refused, the others added")
    return 1 if bad else 0


@click.command("list", cls=completing.FilterCommand, context_settings=_HYPHENS)
@click.argument("kind", type=KIND)
@click.argument("words", nargs=-1, shell_complete=completing.filter_words)
@completing.filter_option
@as_json_option
@pass_shell
def list_(shell: Shell, kind: RecordType, words: tuple[str, ...], saved: str | None, as_json: bool) -> None:
    """List records of a kind, all of them unless filtered.

    \b
    pmtui list tasks owner:ana late
    pmtui list tasks -done 'due<fri' '#cutover'
    pmtui list tasks --filter waiting-on-vendor
    pmtui list tasks =waiting-on-vendor or blocked
    pmtui list risks 'score>=12' open --json
    """  # noqa: D301 - click keeps the lines after its mark
    from pmtui.services.saved_filters import filter_in
    from pmtui.shell.showing import as_json as record_json
    from pmtui.shell.showing import table

    if kind.kind == "project":
        raise click.UsageError("projects are listed by: pmtui projects")
    text = filter_text(words, saved)
    chosen = filter_in(shell.session, text)
    with shell.opened() as project:
        data, today = project.data, project.today
        everything = [record for _, record in sorted(data.tables.get(kind.table, {}).items())]
        found = chosen.select(everything, data)
        damaged = dict(project.damaged)
    if as_json:
        out_json([record_json(record, data, today) for record in found])
    elif found:
        out("\n".join(table(found, kind, data)))
    plural = kind.words[1]
    if text:
        say(f"{len(found)} of {len(everything)} {plural} shown")
    elif not found and not as_json:
        say(f"no {plural} yet; begin with: pmtui add {kind.words[0].replace(' ', '-')} LINE")
    _tell_damage(damaged, kind)


def _tell_damage(damaged: dict[str, str], kind: RecordType) -> None:
    for number, why in damaged.items():
        if number.rpartition("-")[0] == kind.prefix:
            say(f"{number}: can't be read and is left out: {why}")


def filter_text(words: Sequence[str], saved: str | None) -> str:
    """The filter that arguments and ``--filter`` mean together."""
    from pmtui.services.saved_filters import name_of

    typed = " ".join(filter_word(word) for word in plain_words(words))
    if not saved:
        return typed
    name = f"={name_of(saved)}"
    return f"{name} ({typed})" if typed else name


def filter_word(word: str) -> str:
    """A filter's argument as it was typed: ``status:"to do"`` comes without its quotes."""
    named = _NAMED.fullmatch(word)
    if '"' in word or " " not in word or named is None:
        return word
    from pmtui.domain.flow import plain
    from pmtui.domain.records import TYPES

    choices = {plain(choice) for kind in TYPES for field in kind.fields.values() for choice in field.choices}
    return f'{named[1]}{named[2]}"{named[3]}"' if plain(named[3]) in choices else word


@click.command()
@click.argument("number", shell_complete=completing.numbers)
@as_json_option
@pass_shell
def show(shell: Shell, number: str, as_json: bool) -> None:
    """Show all of a record: pmtui show T-1.

    With --json, "change" is the project's last change at reading, for: pmtui edit T-1 --base CHANGE
    """
    from pmtui.shell.showing import as_json as record_json
    from pmtui.shell.showing import details

    with shell.opened() as project:
        data, wanted = project.data, number_in_full(number)
        if wanted in project.damaged:
            raise Refusal(f"{wanted}: can't be read: {project.damaged[wanted]}")
        record = project.get(wanted)
        if as_json:
            out_json(record_json(record, data, project.today) | {"change": project.sequence})
        else:
            out("\n".join(details(record, data, project.today)))


def number_in_full(text: str) -> str:
    """A number as it is written in full: ``t48`` is ``T-48``."""
    from pmtui.domain.records import split_number

    found = split_number(text)
    return found[0].number(found[1]) if found else text


@click.command(context_settings=_HYPHENS)
@click.argument("number", shell_complete=completing.numbers)
@click.argument("values", nargs=-1, required=True, metavar="FIELD=VALUE...", shell_complete=completing.assignments)
@click.option(
    "--base", type=int, metavar="CHANGE", help='The "change" that show --json told: what others wrote since is kept.'
)
@pass_shell
def edit(shell: Shell, number: str, values: tuple[str, ...], base: int | None) -> None:
    """Change fields of a record; an empty value empties the field.

    \b
    pmtui edit T-1 due=fri owner=ana
    pmtui edit C-3 status=paid "note=Workshop Lyon"
    pmtui edit T-1 --base 123 "notes=Vendor chased"

    With --base the edit is joined with what others wrote since that change: texts by line, lists by
    item, hours added up. Where both changed a field otherwise, both values are told and nothing is written.
    """  # noqa: D301 - click keeps the lines after its mark
    pairs = [word.partition("=") for word in plain_words(values)]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise click.UsageError(f"{name!r} is no FIELD=VALUE, such as due=fri")
    with shell.opened() as project:
        found = project.get(number_in_full(number))
        written = {_field_name(found.TYPE, name): value for name, _, value in pairs}
        if len(written) < len(pairs):
            raise click.UsageError("a field is given twice")
        tell(_edited(project, found.number, written, base))


def _field_name(kind: RecordType, name: str) -> str:
    """The field that a name, label, heading or alias means; refused where people do not write it."""
    from pmtui.domain.problems import Problem, Refused
    from pmtui.domain.quickgrammar import GRAMMARS, keys_of
    from pmtui.domain.quickwords import near
    from pmtui.domain.text import fold

    wanted = fold(name).replace(" ", "_").replace("-", "_")
    writable = {n: n for n, f in kind.fields.items() if f.form or n in _KEPT}
    known = {**(keys_of(kind.kind) if kind.kind in GRAMMARS else {}), **writable}
    if wanted in known:
        return known[wanted]
    if wanted in kind.fields:
        raise Refused([Problem(wanted, "", "follows from what is done; it is not written by hand")])
    close = dict.fromkeys(known[key] for key in near(wanted, list(known), cutoff=0.6))
    hint = f"is it {' or '.join(close)}?" if close else "it has " + ", ".join(writable)
    raise Refused([Problem(name, "", f"a {kind.words[0]} has no such field; {hint}")])


def _edited(project: OpenProject, number: str, written: dict[str, str], base: int | None) -> Outcome:
    """The edit; a status that does more than change a word goes its own way."""
    from pmtui.domain.problems import Refused
    from pmtui.services import records, verbs
    from pmtui.services.as_of import record_as_of

    kind = project.get(number).TYPE
    began = None if base is None else record_as_of(project, number, base)
    status = kind.flow.named(written["status"]) if kind.flow and "status" in written else None
    if status == "done" and len(written) == 1 and began is None:
        return verbs.set_status(project, [number], status)
    if status in verbs.OWN_WAY:
        if len(written) > 1 or began is not None:
            without = " and without --base" if began is not None else ""
            raise Refused(f"{number}: {status} is more than a word; change it alone{without}")
        return verbs.set_status(project, [number], status)
    if written.get("finish_date"):
        _refuse_ahead(project, number, written["finish_date"])
    return records.edit_record(project, number, written, base=began)


def _refuse_ahead(project: OpenProject, number: str, text: str) -> None:
    """Nothing was finished on a day to come."""
    from pmtui.domain.problems import Problem, Refused

    if _past_day(project, text) > project.today:
        raise Refused([Problem("finish_date", text, "allowed: today or earlier", number)])


@click.command()
@click.argument("numbers", nargs=-1, required=True, shell_complete=completing.open_numbers)
@click.option(
    "--on", "day", metavar="DATE", shell_complete=completing.dates, help="The day it was done; today unless said."
)
@pass_shell
def done(shell: Shell, numbers: tuple[str, ...], day: str | None) -> None:
    """Done: tasks done, risks closed, issues resolved, costs paid, milestones reached."""
    from pmtui.domain.records import Milestone, Task
    from pmtui.services import records, tasks, verbs

    with shell.opened() as project:
        wanted = list(dict.fromkeys(map(number_in_full, numbers)))
        found = [project.get(number) for number in wanted]
        if day is None:
            tell(verbs.complete(project, wanted))
            return
        if all(isinstance(record, Task) for record in found):
            tell(tasks.complete(project, wanted, on=_past_day(project, day)))
        elif len(found) == 1 and isinstance(found[0], Milestone):
            tell(records.edit_record(project, wanted[0], {"actual": day}, verb="done"))
        else:
            raise Refusal("--on is for tasks, or for one milestone")


def _past_day(project: OpenProject, text: str) -> dt.date:
    from pmtui.domain.dates import read_date

    return read_date(text, project.today, prefer="past")


@click.command()
@click.argument("numbers", nargs=-1, required=True, shell_complete=completing.numbers)
@pass_shell
def delete(shell: Shell, numbers: tuple[str, ...]) -> None:
    """Delete records that nothing refers to. undo brings them back."""
    from pmtui.services.records import delete_records

    with shell.opened() as project:
        tell(delete_records(project, _all_there(project, numbers)))


def _all_there(project: OpenProject, numbers: Sequence[str]) -> list[str]:
    return [project.get(number_in_full(number)).number for number in dict.fromkeys(numbers)]


@click.command()
@pass_shell
def undo(shell: Shell) -> None:
    """Take back the last thing done in this pane, in all projects that it changed; never a colleague's."""
    from pmtui.shell.history import step

    tell(step(shell, "undo"))


@click.command()
@pass_shell
def redo(shell: Shell) -> None:
    """Bring back what undo took away."""
    from pmtui.shell.history import step

    tell(step(shell, "redo"))
