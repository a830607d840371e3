"""A text in the user's own editor, which takes the terminal until it is left."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.app import App, SuspendNotSupported

from pmtui.domain.problems import Refused
from pmtui.keymap import key_of

Run = Callable[[Sequence[str]], int]
"""Runs a command in the foreground; its exit code."""


def in_editor(app: App[None], text: str, name: str, run: Run | None = None) -> str | None:
    """What the user made of a text in ``$VISUAL``, ``$EDITOR`` or vi; ``None`` when they left it as it was.

    The file is theirs alone and gone afterwards. Raises :class:`Refused` where there is no editor, it
    fails, or what it wrote is no text.
    """
    command = editor_command()
    folder = Path(tempfile.mkdtemp(prefix="pmtui-"))
    try:
        file = folder / f"{name}.md"
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
        code = (run or _suspended(app))([*command, str(file)])
        if code:
            raise Refused(f"{command[0]} ended with {code}; the notes are as they were")
        after = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused(f"what {command[0]} wrote is not UTF-8 text; the notes are as they were") from None
    except FileNotFoundError as error:
        missing = error.filename or command[0]
        raise Refused(f"there is no {missing}; set EDITOR to an editor that is here, such as nano") from None
    except OSError as error:
        raise Refused(f"{command[0]}: {error.strerror}; the notes are as they were") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    after = after.removesuffix("\n") if not text.endswith("\n") else after
    return None if after == text else after


def editor_command() -> list[str]:
    """The editor's words; raises :class:`Refused` where they can't be read."""
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        command = shlex.split(wanted)
    except ValueError as error:
        raise Refused(f"EDITOR is {wanted!r}: {error}") from None
    if not command:
        raise Refused("EDITOR is empty; set it to an editor, such as nano")
    return command


def _suspended(app: App[None]) -> Run:
    def run(command: Sequence[str]) -> int:
        try:
            with app.suspend():
                return subprocess.run(command, check=False).returncode  # noqa: S603 - the user's own editor
        except SuspendNotSupported:
            notes = key_of("meetings.notes")
            raise Refused(f"this terminal can't be handed to an editor; {notes} writes the notes here") from None

    return run
