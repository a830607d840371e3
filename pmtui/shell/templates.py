"""The command ``templates``: task sets with dates counted from one day, for everybody in the workspace."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, say, tell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from pmtui.services.pasted import PastedLines
    from pmtui.services.project import OpenProject
    from pmtui.services.templates import Shown

_DAY = click.option("--on", "day", metavar="DATE", required=True, help="The day that dates are counted from.")


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def templates(ctx: click.Context, as_json: bool) -> None:
    """Templates of task sets, for everybody in the workspace.

    \b
    pmtui templates
    pmtui templates show "Month-end"
    pmtui templates apply "Go-live cut-over" --on 2026-12-12 --dry-run
    pmtui templates save "Office move" T-1 T-2 T-3 --on 2026-12-12
    pmtui templates save "Office move" - < office-move.txt
    """  # noqa: D301 - click keeps the lines after its mark
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_templates, as_json=as_json)


@templates.command("list")
@as_json_option
@pass_shell
def list_templates(shell: Shell, as_json: bool = False) -> None:
    """List the templates: those kept here, and those that ship."""
    from pmtui.services.templates import all_templates
    from pmtui.shell.showing import aligned

    with _read(shell) as store:
        found = all_templates(store)
    if as_json:
        out_json([_as_json(template) for template in found])
        return
    rows = [["Name", "Tasks", "Dates", "By"], *([t.title, str(t.count), t.span, t.by or "ships"] for t in found)]
    out("\n".join(aligned(rows, [False, True, False, False])))


@templates.command("show")
@click.argument("name")
@as_json_option
@pass_shell
def show(shell: Shell, name: str, as_json: bool) -> None:
    """Print a template's lines, to be changed and saved again by: pmtui templates save NAME -."""
    from pmtui.services.templates import template_named

    with _read(shell) as store:
        found = template_named(store, name)
    if as_json:
        out_json(_as_json(found))
    else:
        out(found.tasks)


@templates.command("apply")
@click.argument("name")
@_DAY
@click.option("--dry-run", is_flag=True, help="Only tell what it would add.")
@as_json_option
@pass_shell
def apply(shell: Shell, name: str, day: str, dry_run: bool, as_json: bool) -> None:
    """Add a template's tasks with their dates, as one change.

    What falls on a day off is told; nothing is added where a line can't be.
    """
    from pmtui.services.pasted import PastedLines
    from pmtui.services.templates import lines_on, template_named

    with _read(shell) as store:
        template = template_named(store, name)
    with shell.opened() as project:
        project.refresh()
        text, said = lines_on(project, template, _date(project, day))
        lines = PastedLines(project, text, "task")
        for words in said:
            say(words)
        bad = _tell_lines(lines)
        if dry_run:
            _print_lines(project, lines, as_json)
            say(f"{len(lines.lines) - bad} would be added" + (f", {bad} can't be" if bad else ""))
        if bad:
            raise Refusal(f"nothing was added: {bad} line{'' if bad == 1 else 's'} of {template.title} can't be")
        if dry_run:
            return
        outcome = lines.add()
        if as_json:
            from pmtui.shell.showing import as_json as record_json

            out_json([record_json(project.get(number), project.data, project.today) for number in outcome.numbers])
        else:
            out("\n".join(outcome.numbers))
    tell(outcome)


def _tell_lines(lines: PastedLines) -> int:
    """Say what is wrong with lines and what falls on a day off; how many can't be added."""
    bad = 0
    for line in lines.lines:
        for words in (*line.problems, *line.said):
            say(f"line {line.line}: {line.title}: {words}")
        if line.waits_for:
            say(f"line {line.line}: {line.title}: waits for line {line.waits_for}")
        bad += bool(line.problems or line.waits_for)
    return bad


def _print_lines(project: OpenProject, lines: PastedLines, as_json: bool) -> None:
    from pmtui.domain.dates import say_date
    from pmtui.shell.showing import aligned

    found = [(line, line.parsed.values) for line in lines.lines]
    if as_json:
        out_json(
            [
                {
                    "line": line.line,
                    "kind": line.parsed.kind,
                    **{name: _plain(value) for name, value in values.items()},
                    "part_of": line.above.line if line.above else None,
                    "after": [other.line for other in line.after],
                }
                for line, values in found
            ]
        )
        return
    rows = [["Line", "Due", "Owner", "Title"]]
    for line, values in found:
        due = values.get("due")
        shown = say_date(due, project.today) if due else ""  # type: ignore[arg-type]  # a task's due is a date
        owner = str(values.get("owner", ""))
        rows.append([str(line.line), shown, f"@{owner}" if owner else "", "  " * line.depth + line.title])
    out("\n".join(aligned(rows, [True, False, False, False])))


def _plain(value: object) -> object:
    """A value as JSON has it."""
    import datetime as dt
    from decimal import Decimal

    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@templates.command("save")
@click.argument("name")
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBERS...|-")
@click.option("--on", "day", metavar="DATE", help="The day that the tasks' dates are counted from.")
@click.option("--about", default="", metavar="WORDS", help="What it is for.")
@click.option("--replace", is_flag=True, help="Change the one that has the name already.")
@as_json_option
@pass_shell
def save(
    shell: Shell, name: str, numbers: tuple[str, ...], day: str | None, about: str, replace: bool, as_json: bool
) -> None:
    """Save a template of tasks that are there, or with - of lines on standard input."""
    from pmtui.services.shared import shared
    from pmtui.services.templates import from_tasks, save_template, template_named
    from pmtui.shell.records import number_in_full

    said: tuple[str, ...] = ()
    if numbers == ("-",):
        text = sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    elif not day:
        raise click.UsageError("--on says which day the tasks' dates are counted from")
    else:
        with shell.opened() as project:
            text, said = from_tasks(project, [number_in_full(n) for n in numbers], _date(project, day))
    store = shared(shell.session)
    try:
        outcome = save_template(store, name, text, about, replace=replace)
        found = template_named(store, outcome.numbers[0])
    finally:
        store.close()
    if as_json:
        out_json(_as_json(found))
    else:
        out(found.title)
    tell(outcome)
    for words in said:
        say(words)


@templates.command("delete")
@click.argument("name")
@pass_shell
def delete(shell: Shell, name: str) -> None:
    """Delete a template that is kept here; undo brings it back."""
    from pmtui.domain.problems import Refused
    from pmtui.services.templates import delete_template

    with _read(shell) as store:
        if store is None:
            raise Refused(f"{name}: no template is kept in this workspace yet")
        tell(delete_template(store, name))


def _date(project: OpenProject, text: str) -> dt.date:
    from pmtui.domain.dates import DateError, read_date

    try:
        return read_date(text, project.today)
    except DateError as error:
        raise click.UsageError(f"--on {error}") from None


@contextlib.contextmanager
def _read(shell: Shell) -> Iterator[OpenProject | None]:
    """What is shared, where anything is; nothing is made."""
    from pmtui.services.shared import open_shared

    store = open_shared(shell.session)
    try:
        yield store
    finally:
        if store is not None:
            store.close()


def _as_json(template: Shown) -> dict[str, object]:
    return {
        "name": template.title,
        "about": template.about,
        "count": template.count,
        "tasks": template.tasks,
        "number": template.number or None,
        "by": template.by or None,
        "ships": not template.number,
    }
