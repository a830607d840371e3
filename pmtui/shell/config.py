"""The command on the user's settings: where pmtui works, what is set, the keys."""

from __future__ import annotations

import os

import click

from pmtui.shell import completing
from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, say

CHANGED = "yours"
"""How a list marks what the user changed."""


@click.group(invoke_without_command=True)
@as_json_option
@click.pass_context
def config(ctx: click.Context, as_json: bool) -> None:
    """Where pmtui works and as whom; with a word, your settings and keys.

    \b
    pmtui config set theme light
    pmtui config set workspace /srv/projects
    pmtui config set record.done d D
    pmtui config unset theme
    """  # noqa: D301 - click keeps the lines after its mark
    if ctx.invoked_subcommand is None:
        ctx.invoke(_where, as_json=as_json)


@click.command()
@pass_shell
def _where(shell: Shell, as_json: bool) -> None:
    from pmtui.services.session import state_folder
    from pmtui.shell.showing import aligned

    session = shell.session
    found = {
        "workspace": str(session.path),
        "projects": session.workspace.codes(),
        "project": shell.project or None,
        "user": session.user,
        "session": session.name,
        "state": str(state_folder()),
        "settings": str(shell.preferences.path),
        "today": session.today.isoformat(),
        "time_zone": str(session.now().tzinfo),
    }
    if as_json:
        out_json(found)
        return
    rows = [[name.replace("_", " "), ", ".join(v) if isinstance(v, list) else v or ""] for name, v in found.items()]
    out("\n".join(aligned(rows, [False, False])))


@config.command()
@pass_shell
def path(shell: Shell) -> None:
    """Print where the settings are, whether the file is there or not."""
    out(str(shell.preferences.path))


@config.command()
@pass_shell
def check(shell: Shell) -> None:
    """Whether all of the settings can be used: 0, or 1 with each line that can't, and what is allowed."""
    found = shell.preferences
    _say_problems(found.words)
    if found.problems:
        raise click.exceptions.Exit(1)
    where = found.path
    say(f"{where} is in order" if where and where.exists() else f"no settings at {where}; all is as usual")


@config.command()
@as_json_option
@pass_shell
def keys(shell: Shell, as_json: bool) -> None:
    """List every action with its keys; those that you changed are marked."""
    from pmtui.keymap import ACTIONS, GROUPS, shown_key, use_keys
    from pmtui.shell.showing import aligned

    found = shell.preferences
    use_keys(found.keys)
    _say_problems(found.words)
    actions = sorted(ACTIONS, key=lambda action: GROUPS.index(action.group))
    if as_json:
        out_json(
            [
                {
                    "id": action.id,
                    "keys": [action.shown(key) for key in action.keys],
                    "usual": [action.shown(key) for key in action.default],
                    "changed": action.id in found.keys,
                    "views": list(action.views),
                    "group": action.group,
                    "help": action.help,
                }
                for action in actions
            ]
        )
        return
    rows = [["Action", "Keys", "", "What it does", "Where"]]
    for action in actions:
        shown = " ".join(action.shown(key) for key in action.keys) or f"none, {shown_key('colon')} finds it"
        where = ", ".join(action.views) or "everywhere"
        rows.append([action.id, shown, CHANGED if action.id in found.keys else "", action.help, where])
    out("\n".join(aligned(rows, [False] * 5)))


@config.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("key", shell_complete=completing.settings)
@click.argument("value", nargs=-1, required=True, shell_complete=completing.setting_values)
def set_(key: str, value: tuple[str, ...]) -> None:
    """Write a setting: KEY is workspace, view, theme, borders, mail, or an action, whose VALUEs are its keys.

    Everything else in the file stays as it is, its comments too.
    """
    from pmtui.services.preferences import set_preference, short_path

    said = _plain(key, value)
    file = set_preference(key, said)
    say(f"{key} is {' '.join(said) or 'without a key'} in {short_path(file)}")
    _say_overruled(key)


@config.command()
@click.argument("key", shell_complete=completing.settings)
def unset(key: str) -> None:
    """Take a setting out of the file: it is as usual again."""
    from pmtui.services.preferences import settings_file, short_path, unset_preference

    if not unset_preference(key):
        raise Refusal(f"{key} is not set in {short_path(settings_file())}")
    say(f"{key} is as usual again")


def _plain(key: str, value: tuple[str, ...]) -> list[str]:
    """The values; ``none`` takes an action's keys away."""
    from pmtui.keymap import BY_ID

    return [] if value == ("none",) and key.removeprefix("keys.") in BY_ID else list(value)


def _say_overruled(key: str) -> None:
    name = f"PMTUI_{key.upper()}"
    if os.environ.get(name):
        say(f"{name}={os.environ[name]} goes before it here")


def _say_problems(words: tuple[str, ...]) -> None:
    for line in words:
        say(line)
