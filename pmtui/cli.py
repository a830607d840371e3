"""The shell: ``pmtui`` opens the workspace, and every command does the same work without a screen.

Only click is imported here; each command imports what it needs.
"""

from __future__ import annotations

from pathlib import Path

import click

from pmtui.shell import completing
from pmtui.shell.context import Shell, ShellGroup

_RECORDS, _FILES, _PLACES = "pmtui.shell.records", "pmtui.shell.files", "pmtui.shell.places"
_KEEPING = "pmtui.shell.keeping"

COMMANDS = {
    "add": (f"{_RECORDS}:add", "Add a record from one line, or many from standard input."),
    "list": (f"{_RECORDS}:list_", "List records, filtered."),
    "filters": ("pmtui.shell.filters:filters", "List the saved filters; add, rename or delete one."),
    "templates": ("pmtui.shell.templates:templates", "List templates of task sets; apply, save or delete one."),
    "show": (f"{_RECORDS}:show", "Show all of a record."),
    "edit": (f"{_RECORDS}:edit", "Change fields of a record: due=fri owner=ana."),
    "done": (f"{_RECORDS}:done", "Done, closed, paid: the end of records."),
    "delete": (f"{_RECORDS}:delete", "Delete records; a task is better cancelled."),
    "undo": (f"{_RECORDS}:undo", "Take back the last change made from this shell."),
    "redo": (f"{_RECORDS}:redo", "Bring back what undo took away."),
    "history": ("pmtui.shell.history:history", "Who changed what, and when."),
    "report": ("pmtui.shell.report:report", "The status report, as a preview or issued, in any format."),
    "send": ("pmtui.shell.sending:send", "Send an issued report or published minutes to people."),
    "match": ("pmtui.shell.match:match", "Match a bank's or ERP's file with the costs, and book it once."),
    "import": (f"{_FILES}:import_", "Take in a CSV, Microsoft Project or .ics file."),
    "export": (f"{_FILES}:export", "Write records as CSV or JSON, meetings and milestones as .ics."),
    "minutes": ("pmtui.shell.meetings:minutes", "The minutes of a meeting, as published or as they stand."),
    "calendar": ("pmtui.shell.meetings:calendar", "All meetings and milestones as an .ics file."),
    "projects": (f"{_PLACES}:projects", "List the projects, or add one."),
    "check": (f"{_KEEPING}:check", "Whether the store is whole; --repair writes a repaired copy."),
    "doctor": ("pmtui.shell.doctor:doctor", "What is wrong with this terminal or workspace, and how to mend it."),
    "backup": (f"{_KEEPING}:backup", "Pack a project into one file."),
    "restore": (f"{_KEEPING}:restore", "Make a project of a backup or a kept snapshot."),
    "compact": (f"{_KEEPING}:compact", "Write a new snapshot and begin a new journal."),
    "demo": (f"{_PLACES}:demo", "Open a realistic workspace to try things in."),
    "config": ("pmtui.shell.config:config", "Where pmtui works and as whom; your settings and keys."),
    "completion": (f"{_PLACES}:completion", "The script that completes commands in a shell."),
    "manual": ("pmtui.shell.manual:manual", "Print the manual page."),
}
"""Where each command is, and its line in the help."""


@click.group(
    cls=ShellGroup,
    lazy=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--workspace",
    type=click.Path(path_type=Path),
    shell_complete=completing.folders,
    help="The folder of projects (else PMTUI_WORKSPACE, else your settings).",
)
@click.option(
    "--project",
    metavar="CODE",
    envvar="PMTUI_PROJECT",
    shell_complete=completing.codes,
    help="The project, where there are several.",
)
@click.option("--debug", is_flag=True, help="Show where an unforeseen error happened.")
@click.option("--version", is_flag=True, help="Show the version.")
@click.pass_context
def cli(ctx: click.Context, workspace: Path | None, project: str | None, debug: bool, version: bool) -> None:
    """Without a command: open the workspace on the screen.

    Data goes to standard output, words to standard error. Exit 0: done; 1: refused, with the
    reason; 2: wrong usage.
    """
    shell = ctx.ensure_object(Shell)
    shell.workspace = workspace.expanduser() if workspace else None
    shell.project = project or ""
    shell.debug = debug
    if version:
        from importlib.metadata import version as installed

        click.echo(f"pmtui {installed('pmtui')}")
    elif ctx.invoked_subcommand is None:
        open_screen(ctx, shell.place(), shell)


def open_screen(ctx: click.Context, workspace: Path, shell: Shell, *, demo: bool = False) -> None:
    """Open a workspace on the screen; the only way from the shell to the application."""
    import gc

    from pmtui.app import run

    gc.freeze()  # what was imported stays: later collections need not look at it
    gc.enable()
    ctx.exit(run(workspace, shell.project, shell.preferences, demo=demo))
