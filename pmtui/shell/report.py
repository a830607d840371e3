"""The command that prints a report or minutes, or writes them to a file, and the templates of its pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmtui.shell import completing
from pmtui.shell.context import Refusal, Shell, as_json_option, harmless, out, out_json, pass_shell, say, tell

if TYPE_CHECKING:
    import datetime as dt

    from pmtui.domain.filters import Filter
    from pmtui.domain.records import Record
    from pmtui.services.printing import Printed
    from pmtui.services.project import OpenProject

_PAGE_WIDTH = 100
KINDS = ("status", "exception", "end-project", "raid", "weekly", "pack")
"""The kinds of report, as :mod:`pmtui.shell.reporting` knows them, which is loaded when one is printed."""
_FORMS = ("md", "txt", "html", "docx", "pdf", "pptx", "json")


@click.command()
@click.argument("number", required=False, shell_complete=completing.page_numbers)
@click.option("--format", "form", type=click.Choice(_FORMS), help="Else as FILE ends, else md.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write a new file.")
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
    shell_complete=completing.page_numbers,
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
@click.option("--write-template", metavar="NAME", help="Write the template of html, md or minutes.html, to change it.")
@click.option("--template-check", is_flag=True, help="Whether the workspace's own templates are sound.")
@as_json_option
@pass_shell
def report(
    shell: Shell,
    number: str | None,
    *,
    form: str | None,
    output: Path | None,
    kind: str,
    period: str | None,
    words: tuple[tuple[str, str], ...],
    issued: bool,
    compare: str | None,
    chosen: str,
    projects: str,
    drafts: bool,
    lists: tuple[str, ...],
    write_template: str | None,
    template_check: bool,
    as_json: bool,
) -> None:
    """The status report: a preview of the draft, or an issued one by its number (SR-1); minutes by theirs (M-3).

    With --list the preview ends with what a filter shows: pmtui report --list '=waiting-on-vendor'.
    The RAID log, the team's week and the committee pack are printed as things are, and kept nowhere.
    """
    from pmtui.services.saved_filters import filter_in
    from pmtui.shell import reporting

    if write_template is not None:
        _write_template(shell, write_template)
        return
    if template_check:
        _check_templates(shell)
        return
    asked = reporting.Asked(kind, number or "", compare, period or "", projects, drafts, chosen, issued, bool(words))
    reporting.check(asked)
    wanted = "json" if as_json else form or _form_of(output)
    if asked.is_other:
        _refuse_early(wanted, output)
        _deliver(reporting.printed(shell, asked, _days), wanted, output, {}, shell)
        return
    _check_number(number, lists, changes=bool(period or words), issued=issued)
    _refuse_early(wanted, output)
    filters = [filter_in(shell.session, text) for text in lists]
    stored = reporting.ISSUED[kind]
    with shell.opened() as project:
        reporting.write(project, words, stored)
        if issued:
            number = _issue(project, period, stored)
        printed = _printed(project, number, period, stored)
        shown = {found.text: _shown_by(found, project) for found in filters}
        _deliver(_with_lists(printed, shown, project.today), wanted, output, shown, shell)


def _check_number(number: str | None, lists: tuple[str, ...], *, changes: bool, issued: bool) -> None:
    """Wrong usage: what is frozen can't be given anything."""
    if number and (changes or issued):
        raise click.UsageError("an issued report stays as it is: no --period, no --issue, no --write")
    if lists and (number or issued):
        raise click.UsageError("an issued report holds what every report has: --list is for the preview")


def _form_of(output: Path | None) -> str:
    """The format that a file's ending says; Markdown where there is no file."""
    if output is None:
        return "md"
    ending = output.suffix[1:].lower()
    if ending not in _FORMS:
        raise click.UsageError(f"{output}: its ending is no format; allowed: {', '.join(_FORMS)}, or say --format")
    return ending


def _refuse_early(form: str, output: Path | None) -> None:
    """Say what can't be done before a report is issued."""
    from pmtui.reports.formats import BY_ENDING

    known = BY_ENDING.get(form)
    why = known.why_not() if known else ""
    if known and why:
        raise Refusal(f"{known.name}: {why}")
    if known and not known.text and output is None and sys.stdout.isatty():
        raise click.UsageError(f"{known.name} is no text for a terminal: name a file with --output, or redirect it")
    if output is not None and output.exists():
        raise Refusal(f"{output}: there is such a file already; it was not written over")


def _issue(project: OpenProject, period: str | None, kind: str) -> str:
    from pmtui.services import reports

    if period:
        reports.set_period(project, *_days(project, period))
    outcome = reports.issue(project, kind)
    tell(outcome)
    return outcome.numbers[0]


def _printed(project: OpenProject, number: str | None, period: str | None, kind: str) -> Printed:
    from pmtui.domain.records import Meeting, Report
    from pmtui.services.printing import printed_minutes, printed_report

    found = project.get(number) if number else _draft(project, period, kind)
    if isinstance(found, Meeting):
        return printed_minutes(project, found)
    if not isinstance(found, Report):
        raise Refusal(f"{number}: allowed: the number of a report, such as SR-1, or of a meeting, such as M-3")
    return printed_report(project, found)


def _shown_by(wanted: Filter, project: OpenProject) -> list[Record]:
    """What a filter shows of all that a report may tell of; the next date first."""
    from pmtui.reports.listed import by_urgency

    records = [r for r in project.data.records() if r.TYPE.kind not in {"report", "person", "budget line"}]
    return by_urgency(wanted.select(records, project.data))


def _with_lists(printed: Printed, shown: dict[str, list[Record]], today: dt.date) -> Printed:
    import dataclasses

    from pmtui.reports.listed import WithLists, listed

    lists = tuple(block for text, records in shown.items() for block in listed(text, records, today))
    return dataclasses.replace(printed, document=WithLists(printed.document, lists)) if lists else printed


def _deliver(printed: Printed, form: str, output: Path | None, shown: dict[str, list[Record]], shell: Shell) -> None:
    """Print it, or write it to a file."""
    from pmtui.reports.formats import BY_ENDING
    from pmtui.services.exporting import write_private
    from pmtui.services.printing import written_in

    if form == "json" and output is None:
        out_json(_numbers(printed, shown))
        return
    if form in BY_ENDING:
        made = written_in(BY_ENDING[form], printed, shell.session.path)
        data = made.data
        for words in made.said:
            say(words)
    else:
        data = _text(printed, form, shown)
    if output is not None:
        try:
            write_private(output, data)
        except FileExistsError:
            raise Refusal(f"{output}: there is such a file already; it was not written over") from None
        say(f"{output} written")
    elif form in BY_ENDING and not BY_ENDING[form].text:
        click.echo(data, nl=False)
    else:
        out(data.decode().rstrip("\n"))


def _text(printed: Printed, form: str, shown: dict[str, list[Record]]) -> bytes:
    if form == "json":
        import json

        return (json.dumps(_numbers(printed, shown), ensure_ascii=False, indent=2) + "\n").encode()
    from pmtui.reports.page import to_lines

    lines = ("".join(text for text, _ in line).rstrip() for line in to_lines(printed.document, _PAGE_WIDTH))
    return (harmless("\n".join(lines)) + "\n").encode()


def _numbers(printed: Printed, shown: dict[str, list[Record]]) -> dict[str, Any]:
    if printed.kind == "minutes":
        raise click.UsageError("minutes are text: pmtui show tells a meeting as JSON")
    numbers = [{"filter": text, "numbers": [r.number for r in records]} for text, records in shown.items()]
    return printed.data | ({"listed": numbers} if shown else {})


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


def _write_template(shell: Shell, name: str) -> None:
    from pmtui.services.page_templates import write_out

    tell(write_out(shell.session, name))


def _check_templates(shell: Shell) -> None:
    """Render each template of the workspace with the draft, or the last minutes; exit 1 where one is wrong."""
    from pmtui.services.page_templates import NAMES, here
    from pmtui.services.printing import template_problem

    names = here(shell.session.path)
    if not names:
        say(f"no templates of its own in this workspace: the pages are those that ship; it can have {', '.join(NAMES)}")
        return
    wrong = 0
    with shell.opened() as project:
        for name in names:
            problem = template_problem(project, name)
            wrong += bool(problem)
            out(f"{name}: {problem or 'sound'}")
    if wrong:
        raise click.exceptions.Exit(1)
