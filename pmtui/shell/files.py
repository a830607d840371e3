"""Commands that read and write files: report, import, export."""

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
    import datetime as dt

    from pmtui.domain.filters import Filter
    from pmtui.domain.records import Record, RecordType, Report
    from pmtui.reports.kinds import Page
    from pmtui.services.importing import ImportPlan
    from pmtui.services.project import OpenProject

_PAGE_WIDTH = 100
KINDS = ("status", "exception", "end-project", "raid", "weekly", "pack")
"""The kinds of report, as :mod:`pmtui.shell.reporting` knows them, which is loaded when one is printed."""


@click.command()
@click.argument("number", required=False, shell_complete=completing.report_numbers)
@click.option("--format", "form", type=click.Choice(["md", "txt"]), default="md", show_default=True)
@click.option("--kind", type=click.Choice(KINDS), default="status", show_default=True, help="Which report.")
@click.option("--period", metavar="START..END", help="The days it tells, both included.")
@click.option(
    "--write", "words", nargs=2, multiple=True, metavar="SECTION TEXT", help="Words of the draft; repeatable."
)
@click.option("--issue", "issued", is_flag=True, help="Issue it: frozen for ever, and printed.")
@click.option(
    "--compare",
    is_flag=False,
    flag_value="",
    metavar="[SR-1]",
    shell_complete=completing.report_numbers,
    help="What changed since the last one, or that one.",
)
@click.option("--filter", "chosen", default="", metavar="FILTER", help="What the RAID log shows.")
@click.option(
    "--projects",
    default="",
    metavar="CODES",
    shell_complete=completing.codes,
    help="Those in the pack, as hris,erp; else all.",
)
@click.option("--drafts", is_flag=True, help="The pack of drafts, not of what was issued.")
@click.option("--list", "lists", multiple=True, metavar="FILTER", help="Add what a filter shows; repeatable.")
@as_json_option
@pass_shell
def report(
    shell: Shell,
    number: str | None,
    *,
    form: str,
    kind: str,
    period: str | None,
    words: tuple[tuple[str, str], ...],
    issued: bool,
    compare: str | None,
    chosen: str,
    projects: str,
    drafts: bool,
    lists: tuple[str, ...],
    as_json: bool,
) -> None:
    """The status report, or another kind: a preview of the draft, or an issued one by its number (SR-1).

    With --list the preview ends with what a filter shows: pmtui report --list '=waiting-on-vendor'.
    The RAID log, the team's week and the committee pack are printed as things are, and kept nowhere.
    """
    from pmtui.domain.records import Report
    from pmtui.services import reports
    from pmtui.services.saved_filters import filter_in
    from pmtui.shell import reporting

    asked = reporting.Asked(
        kind, number or "", compare, period or "", projects, drafts, chosen, issued, written=bool(words)
    )
    reporting.check(asked)
    if asked.is_other:
        reporting.print_other(shell, asked, form, _days, as_json=as_json)
        return
    if number and (period or issued or words):
        raise click.UsageError("an issued report stays as it is: no --period, no --issue, no --write")
    if lists and (number or issued):
        raise click.UsageError("an issued report holds what every report has: --list is for the preview")
    filters = [filter_in(shell.session, text) for text in lists]
    stored = reporting.ISSUED[kind]
    with shell.opened() as project:
        for section, text in words:
            tell(reports.save_words(project, section.strip().lower(), text, kind=stored))
        if issued:
            if period:
                reports.set_period(project, *_days(project, period))
            outcome = reports.issue(project, stored)
            tell(outcome)
            number = outcome.numbers[0]
        found = project.get(number) if number else _draft(project, period, stored)
        if not isinstance(found, Report):
            raise Refusal(f"{number}: allowed: the number of a report, such as SR-1")
        shown = {wanted.text: _shown_by(wanted, project) for wanted in filters}
        _print_report(found, reports.preview(project, found), form, shown, project.today, as_json=as_json)


def _shown_by(wanted: Filter, project: OpenProject) -> list[Record]:
    """What a filter shows of all that a report may tell of; the next date first."""
    from pmtui.reports.listed import by_urgency

    records = [r for r in project.data.records() if r.TYPE.kind not in {"report", "person", "budget line"}]
    return by_urgency(wanted.select(records, project.data))


def _print_report(
    found: Report, page: Page, form: str, chosen: dict[str, list[Record]], today: dt.date, *, as_json: bool
) -> None:
    from pmtui.reports.listed import WithLists, listed

    lists = tuple(block for text, records in chosen.items() for block in listed(text, records, today))
    if as_json:
        from pmtui.reports.model import freeze

        numbers = [{"filter": text, "numbers": [r.number for r in records]} for text, records in chosen.items()]
        out_json(freeze(page) | ({"listed": numbers} if chosen else {}))
    elif form == "txt":
        from pmtui.reports.page import to_lines

        for line in to_lines(WithLists(page, lists), _PAGE_WIDTH):
            out("".join(text for text, _ in line).rstrip())
    else:
        from pmtui.reports.markdown import to_markdown

        out((found.text or to_markdown(WithLists(page, lists))).rstrip("\n"))


def _draft(project: OpenProject, period: str | None, kind: str) -> Record:
    from pmtui.services.reports import draft

    found = draft(project, kind)
    if period is None:
        return found
    import msgspec

    start, end = _days(project, period)
    if end < start:
        raise Refusal(f"{period}: the last day is before the first")
    return msgspec.structs.replace(found, period_start=start, period_end=end)


def _days(project: OpenProject, period: str) -> tuple[Any, Any]:
    from pmtui.domain.dates import DateError, read_date

    first, dots, last = period.partition("..")
    if not dots:
        raise click.UsageError(f"{period!r} is no period such as 2026-03-01..2026-03-31")
    try:
        return tuple(read_date(part or "today", project.today, prefer="past") for part in (first, last))  # type: ignore[return-value]
    except DateError as error:
        raise Refusal(str(error)) from None


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
    """Take in a CSV or Microsoft Project XML file: all of it, or nothing where a row is bad.

    The same file again updates what it brought. Each bad row is told with its line and reason.
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
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
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
        if form == "json":
            out_json([record_json(record, data, today) for record in found])
        elif found:
            click.echo(harmless(as_csv(found)), nl=False)
        else:
            click.echo(",".join(["number", *kind.fields]))
        say(f"{len(found)} {kind.words[0 if len(found) == 1 else 1]} written")
