"""Commands on the workspace: projects, demo, completion."""

from __future__ import annotations

from typing import Any

import click

from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, say


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def projects(ctx: click.Context, as_json: bool) -> None:
    """List the projects, or add one: pmtui projects add hris --name "HRIS deployment"."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_projects, as_json=as_json)


@projects.command("list")
@as_json_option
@pass_shell
def list_projects(shell: Shell, as_json: bool = False) -> None:
    """List the projects that you can read."""
    from pmtui.shell.showing import aligned
    from pmtui.shell.showing import as_json as record_json
    from pmtui.store import StoreError

    found: list[dict[str, Any]] = []
    for code in shell.session.workspace.codes():
        try:
            with shell.opened(code) as project:
                record = record_json(project.data.project, project.data, project.today)
                found.append(record | {"code": code, "read_only": project.read_only or None})
        except (StoreError, OSError) as error:
            say(f"{code}: {error}")
    if as_json:
        out_json(found)
    elif found:
        rows = [["Code", "Name", "Status", "Manager", "Finish"]]
        rows += [[p["code"], *(p[name] or "" for name in ("title", "status", "manager", "finish"))] for p in found]
        out("\n".join(aligned(rows, [False] * 5)))
    else:
        say(f"no project in {shell.session.path} yet; begin with: pmtui projects add CODE --name NAME")


@projects.command("add")
@click.argument("code")
@click.option("--name", default="", help="What people call it.")
@click.option("--currency", default="EUR", show_default=True, help="ISO 4217 code of its money.")
@click.option("--manager", default="", help="The manager's handle; you, unless said.")
@pass_shell
def add_project(shell: Shell, code: str, name: str, currency: str, manager: str) -> None:
    """Add a project; CODE names its folder."""
    from pmtui.domain.values import read_handle
    from pmtui.services.projects import add_project as add

    try:
        handle = read_handle(manager) if manager else ""
    except ValueError:
        raise Refusal(f"manager: {manager!r}: allowed: one person, such as @ana") from None
    project = add(shell.session, code, name, currency=currency, manager=handle)
    project.close()
    out(project.code)
    say(f"{project.code} added in {shell.session.path}")


@click.command()
@click.option("--reset", is_flag=True, help="Make it anew, whatever was done in it.")
@click.option("--print", "only_print", is_flag=True, help="Print where it is, and open nothing.")
@click.pass_context
def demo(ctx: click.Context, reset: bool, only_print: bool) -> None:
    """Open a realistic workspace to try things in; your own is never touched."""
    from pmtui.demo import demo_workspace

    shell = ctx.ensure_object(Shell)
    path = demo_workspace(shell.session.now, reset=reset)
    if only_print:
        out(str(path))
        return
    from pmtui.cli import open_screen

    say(f"The demo is in {path}")
    open_screen(ctx, path, shell, demo=True)


@click.command()
@click.argument("shell_name", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell_name: str) -> None:
    """The script that completes commands: eval "$(pmtui completion bash)"."""
    from pmtui.shell.completion_scripts import script

    out(script(ctx.find_root().command, shell_name))
