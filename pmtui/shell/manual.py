"""The manual page, made of the same tables as the program: commands, options, keys, settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from pmtui.shell.context import Shell, out, pass_shell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXITS = (
    ("0", "done"),
    ("1", "refused, with the reason on standard error; for check, doctor and config check: something is wrong"),
    ("2", "wrong usage"),
    ("129, 143", "the line dropped, or the program was ended; what was saved is safe, drafts are kept"),
)
"""Exit codes, and what each says."""

FILES = (
    ("$XDG_CONFIG_HOME/pmtui/config.toml", "your settings; ~/.config where XDG_CONFIG_HOME is not set"),
    ("$XDG_DATA_HOME/pmtui", "the workspace, a folder a project, unless another is named; ~/.local/share"),
    ("$XDG_STATE_HOME/pmtui", "drafts, what you last looked at, the demo, crash files; ~/.local/state"),
)
"""Where things are."""

ENVIRONMENT = (
    ("PMTUI_WORKSPACE", "the workspace; goes before the settings, and --workspace before it"),
    ("PMTUI_PROJECT", "the project, as --project"),
    ("PMTUI_THEME", "dark, light or ansi; goes before the settings"),
    ("PMTUI_BORDERS", "ascii or unicode; goes before the settings"),
    ("PMTUI_DISPLAY", "stock: all is drawn by Textual itself, should a terminal show rubbish"),
    ("NO_COLOR", "no colour at all"),
    ("EDITOR, VISUAL", "the editor for meeting notes"),
)
"""What the environment may say."""

SETTINGS = (
    ("workspace", "a folder by its whole path, such as ~/projects or /srv/projects"),
    ("view", "the view to begin with: today, board, risks, costs, meetings or report"),
    ("theme", "dark, light or ansi"),
    ("borders", "ascii or unicode"),
    ("mail", "the command that takes a letter, such as: msmtp -t; the server's sendmail unless said"),
    ("[keys]", 'a line an action: "record.done" = ["d", "D"]; [] takes its keys away. config keys lists the actions'),
)
"""What the settings may say."""

_SIGNS = {"\\": "\\e", "-": "\\-", "`": "\\`", "^": "\\(ha", "~": "\\(ti", "'": "\\(aq"}
_IN_WORDS = {"⏎": "Enter", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right", "⌫": "Backspace"}


@click.command()
@pass_shell
def manual(shell: Shell) -> None:
    """Print the manual page, with your own keys, for man -l - to show."""
    from pmtui.keymap import use_keys

    use_keys(shell.preferences.keys)
    from pmtui.cli import cli

    out(page(cli))


def page(root: click.Command) -> str:
    """The whole page in roff."""
    return "\n".join(_lines(root)) + "\n"


def _lines(root: click.Command) -> Iterator[str]:
    from importlib.metadata import version

    from pmtui.domain.records import TYPES

    yield f'.TH PMTUI 1 "" "pmtui {version("pmtui")}" "User commands"'
    yield from (".SH NAME", _text("pmtui - the project manager's day in one terminal"))
    yield from _synopsis()
    yield ".SH DESCRIPTION"
    yield _text(
        "Tasks, risks, costs, meetings and the status report of IT projects, in a full-screen application used by "
        "keys alone, and by commands that do the same work without a screen. Data are JSON files in a folder, a "
        "project each; every change is durable when it is shown, has an author, and can be undone. pmtui demo opens "
        "a realistic workspace to try things in; its tour shows the first keys."
    )
    ctx = click.Context(root, info_name="pmtui")
    yield ".SH OPTIONS"
    yield from _options(root, ctx)
    yield ".SH COMMANDS"
    yield _text(
        "Data go to standard output, words to standard error; there are no prompts and no colours. "
        f"KIND is one of {', '.join(kind.table.replace('_', '-') for kind in TYPES if kind.kind != 'project')}; every "
        "command has --help."
    )
    assert isinstance(root, click.Group)
    for name in root.list_commands(ctx):
        command = root.get_command(ctx, name)
        if command is not None:
            yield from _command(command, click.Context(command, parent=ctx, info_name=name))
    yield from _keys()
    yield from _table("SETTINGS", SETTINGS)
    yield from _table("EXIT STATUS", EXITS)
    yield from _table("FILES", FILES)
    yield from _table("ENVIRONMENT", ENVIRONMENT)
    yield from (".SH SEE ALSO", _text("pmtui COMMAND --help; in the application ? and :"))


def _synopsis() -> Iterator[str]:
    yield ".SH SYNOPSIS"
    yield ".B pmtui"
    yield _text("[--workspace FOLDER] [--project CODE] [COMMAND [ARGUMENTS]]")


def _command(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """A command as its help tells it: how it is called, what it does, its options, its own commands."""
    usage = " ".join([ctx.command_path.removeprefix("pmtui "), *command.collect_usage_pieces(ctx)])
    yield f".SS {_quoted(usage)}"
    yield from _paragraphs(command.help or "")
    yield from _options(command, ctx)
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            if inner is not None:
                yield from _command(inner, click.Context(inner, parent=ctx, info_name=name))


def _paragraphs(text: str) -> Iterator[str]:
    """A help's paragraphs; those that are marked keep their lines."""
    for at, block in enumerate(re.split(r"\n\s*\n", text.strip())):
        lines = [line.strip() for line in block.splitlines()]
        if at:
            yield ".PP"
        if lines[0] == "\b":  # Click's mark
            yield from (".nf", *map(_text, lines[1:]), ".fi")
        else:
            yield _text(" ".join(lines))


def _options(command: click.Command, ctx: click.Context) -> Iterator[str]:
    for param in command.params:
        record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
        if record is not None:
            yield from _item(*record)


def _keys() -> Iterator[str]:
    """Every key, by group: where it works is told in the application's own help."""
    from pmtui.keymap import ACTIONS, GROUPS, key_of

    yield ".SH KEYS"
    yield _text(
        f"The same key does the same thing in every list. {key_of('view.help')} tells the keys of the screen you are "
        f"on, {key_of('go.palette')} finds any action or record by its words."
    )
    for group in GROUPS:
        found = [action for action in ACTIONS if action.group == group]
        yield f".SS {_quoted(group)}"
        for action in found:
            shown = (action.shown(key) for key in action.keys)
            keys = " ".join(_IN_WORDS.get(key, key) for key in shown) or key_of("go.palette")
            views = "" if not action.views or len(action.views) > 4 else f" ({', '.join(action.views)})"
            yield from _item(keys, f"{action.help}{views}")


def _table(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f".SH {title}"
    for name, words in rows:
        yield from _item(name, words)


def _item(name: str, words: str) -> Iterator[str]:
    yield from (".TP", f"\\fB{_escaped(name)}\\fR", _text(words))


def _text(words: str) -> str:
    """A line of running text, in which nothing is a request of roff's."""
    text = _escaped(words)
    return f"\\&{text}" if text[:1] in {".", "'"} else text


def _escaped(words: str) -> str:
    """Words in which every character is itself, also where the page is read without UTF-8."""
    return "".join(_SIGNS.get(sign) or (sign if sign.isascii() else f"\\[u{ord(sign):04X}]") for sign in words)


def _quoted(words: str) -> str:
    return '"' + _escaped(words).replace('"', '""') + '"'
