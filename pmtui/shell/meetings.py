"""Commands around meetings: their minutes, and the calendar."""

from __future__ import annotations

import click

from pmtui.shell import completing
from pmtui.shell.context import Shell, out, pass_shell, say

_PAGE_WIDTH = 100


@click.command()
@click.argument("number", shell_complete=completing.meeting_numbers)
@click.option("--format", "form", type=click.Choice(["md", "txt"]), default="md", show_default=True)
@pass_shell
def minutes(shell: Shell, number: str, form: str) -> None:
    """Print the minutes of a meeting: as they were published, or as they would be now."""
    from pmtui.services.minutes import page_of

    with shell.opened() as project:
        page = page_of(project, number)
        if form == "md":
            out(page.markdown.rstrip("\n"))
        else:
            from pmtui.reports.page import to_lines

            for line in to_lines(page.document, _PAGE_WIDTH):
                out("".join(text for text, _ in line).rstrip())
        if not page.published:
            say(f"{number} is not published yet: these are its minutes as they stand")


@click.command()
@pass_shell
def calendar(shell: Shell) -> None:
    """Write all meetings and milestones as an iCalendar file to standard output.

    pmtui calendar > hris.ics. A meeting keeps its UID, so that importing the file again brings it up to date.
    """
    from pmtui.services.calendars import calendar_of, counted

    with shell.opened() as project:
        found = [*project.data.meetings.values(), *project.data.milestones.values()]
        click.echo(calendar_of(project, found), nl=False)
        say(f"{counted(found)} written")
