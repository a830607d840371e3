"""Commands that keep a project safe: check and repair, compact, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, say

if TYPE_CHECKING:
    from pmtui.services.session import Session
    from pmtui.shell.checking import CheckResult

_PATH = click.Path(path_type=Path)


@click.command()
@click.option("--repair", is_flag=True, help="Write a repaired copy of what is damaged; the original is not touched.")
@click.option("--to", type=_PATH, metavar="FOLDER", help="Where the copy goes; else CODE-repaired beside the project.")
@as_json_option
@pass_shell
def check(shell: Shell, repair: bool, to: Path | None, as_json: bool) -> None:
    """Whether the store is whole: the project named, or all and what they share. Exit 1 for damage, which is told."""
    from pmtui.shell.checking import check_project
    from pmtui.store.workspace import SHARED

    session = shell.session
    workspace = session.workspace
    codes = [shell.project] if shell.project else sorted({*workspace.codes(), *workspace.unreadable()})
    codes += [SHARED] if workspace.has_shared and not shell.project and to is None else []
    if to is not None and not (repair and len(codes) == 1):
        raise click.UsageError("--to goes with --repair of one project: name it with --project")
    results = [check_project(session, code) for code in codes]
    for result in results:
        if repair and result.damage:
            _repair(session, result, to)
    if as_json:
        out_json([result.as_json() for result in results])
    for result in () if as_json else results:
        out("\n".join(result.lines()))
        if repair:
            out("\n".join(_repair_words(result)))
    if not codes:
        say(f"no project in {session.path}")
    if any(result.damage and not result.copy for result in results):
        raise click.exceptions.Exit(1)


def _repair(session: Session, result: CheckResult, to: Path | None) -> None:
    """Write a copy and look at it as at any project."""
    import dataclasses

    from pmtui.services.repairing import repair_project
    from pmtui.shell.checking import check_project
    from pmtui.store.damage.repair import free_folder
    from pmtui.store.workspace import folder_name_problem

    if result.inspection is None:
        raise Refusal("\n".join(result.damage))
    target = to.absolute() if to else free_folder(session.path, result.code)
    wrong = folder_name_problem(target.name)
    if wrong:
        raise Refusal(f"--to {target}: the folder's name is the copy's code: {wrong}")
    try:
        result.left_out = repair_project(session, result.inspection, target)
    except PermissionError:
        raise Refusal(f"{target.parent} can't be written by you: name a folder of your own with --to") from None
    result.copy = str(target)
    again = check_project(dataclasses.replace(session, path=target.parent), target.name)
    if again.damage:
        raise Refusal("\n".join([f"{target} was written, and is not whole:", *again.damage]))


def _repair_words(result: CheckResult) -> list[str]:
    if not result.copy:
        return ["  nothing to repair"]
    told = [f"    {line}" for line in result.left_out] or ["    nothing had to be left out"]
    aside = Path(result.copy) / "not-repaired.txt"
    kept = [f"    what could not be used is in {aside}"] if aside.exists() else []
    return [f"  repaired copy: {result.copy} (the original was not touched)", *told, *kept]


@click.command()
@pass_shell
def compact(shell: Shell) -> None:
    """Write a new snapshot and begin a new journal; the old one goes to the history."""
    with shell.opened() as project:
        project.db.journal.compact()
        say(f"{project.code}: all of it is in {project.db.journal.path}")


@click.command()
@click.argument("file", required=False, type=_PATH)
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Every project and what they share, a file each; FILE is then a folder.",
)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@pass_shell
def backup(shell: Shell, file: Path | None, every: bool, force: bool) -> None:
    """Pack a project into one file, with its history, and read it back; prints the file's name.

    Without FILE: CODE-DATE-TIME.tar.gz in the current folder.
    """
    from pmtui.shell.checking import folder_problem
    from pmtui.store.archive import pack, write_archive
    from pmtui.store.workspace import SHARED

    session = shell.session
    if every and shell.project:
        raise click.UsageError("--all packs every project: leave --project out")
    codes = session.workspace.codes() if every else [shell.code()]
    codes += [SHARED] if every and session.workspace.has_shared else []
    if every and not codes:
        raise Refusal(f"no project in {session.path} yet")
    damaged = False
    for code in codes:
        unknown = folder_problem(session, code)
        if unknown:
            raise Refusal(unknown)
        name = f"{code}-{session.now():%Y-%m-%d-%H%M}.tar.gz"
        target = (file or Path()) / name if every or file is None or file.is_dir() else file
        write_archive(target, code, pack(session.path / code, session.workspace.author), force=force)
        out(str(target))
        damaged = _say_damage(session, code) or damaged
    if damaged:
        raise click.exceptions.Exit(1)


def _say_damage(session: Session, code: str) -> bool:
    """A backup of what is damaged is better than none, and can't be restored: that is said."""
    from pmtui.store.damage.inspect import inspect

    found = [finding.words for finding in inspect(session.path / code).findings if finding.damage]
    if found:
        say(f"{code} is damaged, and so is its backup, which restore will refuse: {found[0]} (see pmtui check)")
    return bool(found)


@click.command()
@click.argument("file", type=_PATH)
@click.option("--as", "code", metavar="CODE", default="", help="Under another code than its own.")
@click.option("--replace", is_flag=True, help="Move a project of that code aside, into _replaced of the workspace.")
@pass_shell
def restore(shell: Shell, file: Path, code: str, replace: bool) -> None:
    """Make a project of a backup, or of a kept snapshot (kept/2026-11-22.json); prints its code."""
    from pmtui.services.repairing import name_after_folder
    from pmtui.store.archive import restore as make

    workspace = shell.session.workspace
    made = make(file, workspace.path, workspace.author, workspace.clock(), code=code, replace=replace)
    with workspace.open(made.code) as db:
        name_after_folder(db, made.code)
    out(made.code)
    say(f"{made.code} restored from {file}")
    if made.replaced is not None:
        say(f"the one that was there is in {made.replaced}; to bring it back: move it to {made.folder}")
