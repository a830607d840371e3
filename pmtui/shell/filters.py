"""The command ``filters``: what is saved under a name, for everybody in the workspace."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from pmtui.shell.completing import saved_names
from pmtui.shell.context import Shell, as_json_option, out, out_json, pass_shell, say, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmtui.domain.records import SavedFilter
    from pmtui.services.project import OpenProject, Outcome


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def filters(ctx: click.Context, as_json: bool) -> None:
    """Saved filters, for everybody in the workspace.

    \b
    pmtui filters
    pmtui filters add waiting-on-vendor waiting tag:vendor
    pmtui list tasks --filter waiting-on-vendor
    """  # noqa: D301 - click keeps the lines after its mark
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_filters, as_json=as_json)


@filters.command("list")
@as_json_option
@pass_shell
def list_filters(shell: Shell, as_json: bool = False) -> None:
    """List the saved filters by name."""
    from pmtui.services.saved_filters import saved_filters
    from pmtui.services.shared import open_shared
    from pmtui.shell.showing import aligned

    store = open_shared(shell.session)
    found = saved_filters(store)
    if as_json:
        out_json([_as_json(saved) for saved in found])
    elif found:
        rows = [["Name", "Filter", "By"], *([f.title, f.text, f.updated_by] for f in found)]
        out("\n".join(aligned(rows, [False] * 3)))
    else:
        say("no filter is saved yet; begin with: pmtui filters add NAME FILTER")
    if store is not None:
        store.close()


def _as_json(saved: SavedFilter) -> dict[str, object]:
    return {
        "name": saved.title,
        "filter": saved.text,
        "created": saved.created.isoformat() if saved.created else None,
        "created_by": saved.created_by,
        "updated": saved.updated.isoformat() if saved.updated else None,
        "updated_by": saved.updated_by,
    }


def _print(store: OpenProject, outcome: Outcome, as_json: bool) -> None:
    """The name on standard output, or all of the filter; what was done on standard error."""
    saved = store.get(outcome.numbers[0])
    if as_json:
        out_json(_as_json(saved))  # type: ignore[arg-type]  # the services name filters alone
    else:
        out(saved.name)
    tell(outcome)


@filters.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("words", nargs=-1, required=True, metavar="FILTER...")
@click.option("--replace", is_flag=True, help="Change the one that has the name already.")
@as_json_option
@pass_shell
def add(shell: Shell, name: str, words: tuple[str, ...], replace: bool, as_json: bool) -> None:
    """Save a filter under a name; a filter that can't be read is pointed at, exit 2."""
    from pmtui.services.saved_filters import save_filter
    from pmtui.shell.records import filter_text

    with _shared(shell) as store:
        _print(store, save_filter(store, name, filter_text(words, None), replace=replace), as_json)


@filters.command("rename")
@click.argument("name", shell_complete=saved_names)
@click.argument("new")
@as_json_option
@pass_shell
def rename(shell: Shell, name: str, new: str, as_json: bool) -> None:
    """Give a saved filter another name, also in the filters that name it."""
    from pmtui.services.saved_filters import rename_filter

    with _shared(shell, name) as store:
        _print(store, rename_filter(store, name, new), as_json)


@filters.command("delete")
@click.argument("name", shell_complete=saved_names)
@pass_shell
def delete(shell: Shell, name: str) -> None:
    """Delete a saved filter that no other names; undo brings it back."""
    from pmtui.services.saved_filters import delete_filter

    with _shared(shell, name) as store:
        tell(delete_filter(store, name))


@contextlib.contextmanager
def _shared(shell: Shell, name: str = "") -> Iterator[OpenProject]:
    """What is shared, to be written; where one of a ``name`` must be there, nothing is made."""
    from pmtui.domain.problems import Refused
    from pmtui.services.shared import open_shared, shared

    store = open_shared(shell.session) if name else shared(shell.session)
    if store is None:
        raise Refused(f"{name}: no filter is saved in this workspace yet")
    try:
        yield store
    finally:
        store.close()
