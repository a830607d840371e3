"""What every command shares: where to work, how to print, how refusals end."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pmtui.domain.filters import FilterError
    from pmtui.domain.records import RecordType
    from pmtui.services.preferences import Preferences
    from pmtui.services.project import OpenProject, Outcome
    from pmtui.services.session import Session

_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_TOWER = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")


@dataclass
class Shell:
    """One command's surroundings; ``given`` is a session of the caller's, in tests."""

    workspace: Path | None = None
    project: str = ""
    debug: bool = False
    given: Session | None = None
    told: bool = False

    @property
    def session(self) -> Session:
        """The session: commands typed in one pane share it, so that ``undo`` finds the last one.

        What is wrong with the settings is said once; where they should tell where to work and can't, it is refused.
        """
        if self.given:
            return self.session_here()
        found = self.preferences
        named = self.workspace or os.environ.get("PMTUI_WORKSPACE")
        if found.no_workspace and not named:
            raise Refusal(f"{found.no_workspace}\nso it can't be told where to work; --workspace names a folder")
        if found.problems and not self.told:
            self.told = True
            say(found.in_short)
        return self.session_here()

    def session_here(self) -> Session:
        """The session, whatever is wrong with the settings."""
        from pmtui.services.session import Session

        return dataclasses.replace(self.given, path=self.place()) if self.given else Session(self.place())

    @functools.cached_property
    def preferences(self) -> Preferences:
        """The user's settings."""
        from pmtui.services.preferences import preferences

        return preferences()

    def place(self) -> Path:
        """Where to work: what was said, else ``PMTUI_WORKSPACE``, the settings, the usual folder."""
        from pmtui.services.session import default_workspace

        if self.given:
            return self.workspace or self.given.path
        return self.workspace or default_workspace(self.preferences.workspace)

    def code(self) -> str:
        """The project to work in: the one named, else the only one there is."""
        if self.project:
            return self.project
        codes = self.session.workspace.codes()
        if len(codes) == 1:
            return codes[0]
        path = self.session.path
        if codes:
            raise Refusal(f"several projects in {path}: name one with --project: {', '.join(codes)}")
        raise Refusal(f"no project in {path} yet; begin with: pmtui projects add CODE --name NAME")

    @contextlib.contextmanager
    def opened(self, code: str = "") -> Iterator[OpenProject]:
        """A project, open until the block ends."""
        from pmtui.services.projects import open_project

        project = open_project(self.session, code or self.code())
        damage = project.db.journal.damage
        if damage:
            say(f"{project.code} is damaged, and told only as far as it could be read: {damage} (see pmtui check)")
        try:
            yield project
        finally:
            project.close()


class Refusal(click.ClickException):
    """What was asked was refused, in one or more lines."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ARG002 - click's signature
        """Say it on standard error."""
        say(self.message)


class Misread(Refusal):
    """A filter that can't be read: wrong usage, with the place."""

    exit_code = 2


class ShellGroup(click.Group):
    """A group whose commands are imported when they are called; refusals end in words and exit 1.

    ``lazy`` gives each command's place, ``module:name``, and its line in the help.
    """

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands, in the order of the work."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command, imported now."""
        import importlib

        if cmd_name not in self.lazy:
            return None
        module, _, name = self.lazy[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands with a line each, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self.lazy.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[click.shell_completion.CompletionItem]:
        """Commands and options that begin so, without importing a command."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=words) for name, (_, words) in self.lazy.items() if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong is told in a line, never in a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            leave_quietly()
            raise click.exceptions.Exit(1) from None
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None
        except Exception as error:
            if isinstance(ctx.obj, Shell) and ctx.obj.debug:
                raise
            raise refusal(error) from None


def refusal(error: Exception) -> Refusal:
    """How an error is told, and with which exit code."""
    from pmtui.domain.filters import FilterError

    return Misread(pointed_at(error)) if isinstance(error, FilterError) else Refusal(words_of(error))


def pointed_at(error: FilterError) -> str:
    """A filter's error: what is wrong, then the filter with carets under the place."""
    from pmtui.shell.showing import width

    before, part, after = (
        harmless(" ".join(piece.split("\n")))
        for piece in (error.text[: error.start], error.text[error.start : error.end], error.text[error.end :])
    )
    carets = " " * width(before) + "^" * max(1, width(part))
    return f"filter: {error.message}\n  {before}{part}{after}\n  {carets}"


def words_of(error: Exception) -> str:
    """What an error says to the user; one nobody foresaw is named."""
    from pmtui.domain.filters import FilterError
    from pmtui.domain.problems import Refused
    from pmtui.store import StoreError

    if isinstance(error, (Refused, StoreError, FilterError)):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    return f"pmtui failed: {type(error).__name__}: {error} (--debug shows where)"


def leave_quietly() -> None:
    """The reader went away: nothing more is written, also not when Python closes the stream."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def out(text: str) -> None:
    """Data, on standard output, without anything that could act on a terminal."""
    click.echo(harmless(text))


def harmless(text: str) -> str:
    """A text of several lines without what could act on a terminal; a base keeps four combining marks."""
    return _TOWER.sub(r"\1", _UNSAFE.sub("", text))


def say(text: str) -> None:
    """Words, on standard error."""
    click.echo(harmless(text), err=True)


def out_json(value: object) -> None:
    """JSON on standard output: a list with one element a line."""
    import json

    encoding = (getattr(sys.stdout, "encoding", "") or "utf-8").lower()
    plain = not encoding.startswith("utf")
    if isinstance(value, list):
        rows = ",\n ".join(json.dumps(row, ensure_ascii=plain) for row in value)
        text = f"[{rows}]"
    else:
        text = json.dumps(value, ensure_ascii=plain, indent=2)
    click.echo(_UNSAFE.sub(lambda found: json.dumps(found[0])[1:-1], text))


def tell(outcome: Outcome) -> None:
    """What a service did, and what it has to say about it."""
    if outcome.words:
        say(outcome.words)
    for words in outcome.said:
        say(words)


def plain_words(words: Iterable[str]) -> list[str]:
    """The words after a command, which may begin with one hyphen (``-done``, ``-50``) but not two."""
    found = list(words)
    for word in found:
        if re.match(r"--[a-z]", word) and " " not in word:
            raise click.NoSuchOption(word)
    return found


class KindParam(click.ParamType[Any]):
    """A kind of record, however it is written: ``task``, ``tasks``, ``budget-lines``."""

    name = "kind"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> RecordType:
        """The record type; an unknown kind is a usage error."""
        from pmtui.domain.records import type_named

        found = type_named(value) if isinstance(value, str) else value
        if found is None:
            self.fail(f"{value!r} is no kind of record; there are {', '.join(_kinds())}", param, ctx)
        return found

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        """Kinds that begin so."""
        del ctx, param
        from click.shell_completion import CompletionItem

        return [CompletionItem(kind) for kind in _kinds() if kind.startswith(incomplete)]


def _kinds() -> list[str]:
    from pmtui.domain.records import TYPES

    return [record_type.table.replace("_", "-") for record_type in TYPES]


KIND = KindParam()


def as_json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")(function)


pass_shell = click.make_pass_decorator(Shell, ensure=True)
