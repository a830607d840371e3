"""Commands that read and write files: import, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmtui.shell import completing
from pmtui.shell.context import (
    KIND,
    Refusal,
    Shell,
    as_json_option,
    harmless,
    out,
    out_json,
    pass_shell,
    say,
    tell,
)

if TYPE_CHECKING:
    from pmtui.domain.records import Record, RecordType
    from pmtui.services.importing import ImportPlan
    from pmtui.services.project import OpenProject


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as", "kind", metavar="KIND", shell_complete=completing.kinds, help="What the rows are: tasks, risks, costs."
)
@click.option("--map", "mapping", multiple=True, metavar="HEADING=FIELD", help="What a heading means; repeatable.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How the file writes 04/05/2026.")
@click.option("--skip-bad", is_flag=True, help="Import the good rows although others are bad.")
@click.option("--dry-run", is_flag=True, help="Only print what it would do.")
@as_json_option
@pass_shell
def import_(
    shell: Shell,
    file: Path,
    kind: str | None,
    mapping: tuple[str, ...],
    dates: str | None,
    skip_bad: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take in a CSV, Microsoft Project XML or iCalendar file: all of it, or nothing where a row is bad.

    The same file again updates what it brought; of a calendar, a meeting is the same by its UID in any file. Each bad
    row is told with its line and reason.
    """
    from pmtui.services.importing import apply_import, plan_import

    with shell.opened() as project:
        plan = plan_import(project, file, kind=kind, mapping=mapping, dates=dates)
        refused = bool(plan.problems) and not skip_bad
        outcome = None if dry_run or refused else apply_import(project, plan, skip_bad=skip_bad)
    if as_json:
        out_json(_plan_json(plan, done=outcome is not None))
    else:
        _tell_plan(plan, rows=dry_run, notes=outcome is None)
    for problem in plan.problems:
        say(str(problem))
    if refused:
        count = sum(kind.bad for kind in plan.counts)
        raise Refusal(f"nothing imported: {count} bad row{'s' if count > 1 else ''} (--skip-bad leaves them out)")
    if outcome is None:
        say("nothing was imported: --dry-run")
    else:
        tell(outcome)


def _tell_plan(plan: ImportPlan, *, rows: bool, notes: bool) -> None:
    """The counts, and in a dry run what becomes of each row."""
    out(f"{plan.source}: {plan.words}")
    for entry in plan.entries if rows else ():
        place = f"line {entry.line}: " if entry.line and not plan.source.endswith(".xml") else ""
        changes = ", ".join(f"{c.field} {c.before or 'nothing'} → {c.after or 'nothing'}" for c in entry.changes)
        out(f"  {place}{entry.action} {entry.number} {entry.title}".rstrip() + (f": {changes}" if changes else ""))
    for note in plan.notes if notes else ():
        say(note)


def _plan_json(plan: ImportPlan, *, done: bool) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(
        {
            "source": plan.source,
            "imported": done,
            "counts": plan.counts,
            "rows": plan.entries,
            "problems": plan.problems,
            "notes": plan.notes,
        }
    )
    return found


@click.command(cls=completing.FilterCommand, context_settings={"ignore_unknown_options": True})
@click.argument("kind", type=KIND)
@click.argument("words", nargs=-1, shell_complete=completing.filter_words)
@completing.filter_option
@click.option("--format", "form", type=click.Choice(["csv", "json", "ics"]), default="csv", show_default=True)
@pass_shell
def export(shell: Shell, kind: RecordType, words: tuple[str, ...], saved: str | None, form: str) -> None:
    """Write records of a kind, filtered as by list, to standard output."""
    from pmtui.services.exporting import as_csv
    from pmtui.services.saved_filters import filter_in
    from pmtui.shell.records import filter_text
    from pmtui.shell.showing import as_json as record_json

    chosen = filter_in(shell.session, filter_text(words, saved))
    with shell.opened() as project:
        data, today = project.data, project.today
        everything = [record for _, record in sorted(data.tables.get(kind.table, {}).items())]
        found = chosen.select(everything, data)
        if form == "ics":
            click.echo(_calendar(project, kind, found), nl=False)
        elif form == "json":
            out_json([record_json(record, data, today) for record in found])
        elif found:
            click.echo(harmless(as_csv(found)), nl=False)
        else:
            click.echo(",".join(["number", *kind.fields]))
        say(f"{len(found)} {kind.words[0 if len(found) == 1 else 1]} written")


def _calendar(project: OpenProject, kind: RecordType, found: list[Record]) -> str:
    from pmtui.services.calendars import calendar_of

    if kind.kind not in {"meeting", "milestone"}:
        raise click.UsageError("a calendar holds meetings and milestones; of others, --format csv or json")
    return calendar_of(project, found)
