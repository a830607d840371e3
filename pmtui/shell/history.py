"""The command ``history``: who changed what, in words."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING, Any

import click

from pmtui.shell import completing
from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmtui.services.project import OpenProject, Outcome
    from pmtui.services.story.filter import Wanted
    from pmtui.services.story.telling import Told

_OPS = {"i": "added", "u": "changed", "d": "deleted"}
_LINE = 100
"""Characters into which a record's title must fit, beside what was done to it."""


@click.command()
@click.argument("wanted", nargs=-1, metavar="[NUMBER|@PERSON|WORDS]...", shell_complete=completing.numbers)
@click.option("--since", shell_complete=completing.dates, help="From this day on: mon, 2 mar, -2w, 2026-03-02.")
@click.option("--until", shell_complete=completing.dates, help="Up to this day.")
@click.option("--by", shell_complete=completing.people, help="Changes of this user alone.")
@click.option("--limit", type=click.IntRange(1), help="Only so many of the latest.")
@as_json_option
@pass_shell
def history(
    shell: Shell,
    wanted: tuple[str, ...],
    since: str | None,
    until: str | None,
    by: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Who changed what, when and why: in the project, of a record, a person or a period; the latest last."""
    with shell.opened() as project:
        asked = _wanted(project, wanted, since, until, by)
        found = list(itertools.islice(_found(project, asked), limit))[::-1]
        if as_json:
            out_json([_as_json(told) for told in found])
            return
        _say_gaps(project)
        if found:
            out("\n".join(f"{told.when:%Y-%m-%d %H:%M}  {told.said(_LINE)}" for told in found))
        elif asked.record:
            project.get(asked.number)
            say(f"nothing was done to {asked.number} that fits")
        else:
            say("nothing fits" if wanted or since or until or by else "nothing was changed yet")


def step(shell: Shell, verb: str) -> Outcome:
    """Undo or redo the last step of this pane: in all projects that it changed, of the project that is named."""
    from pmtui.services.desk import Desk

    if not shell.session.workspace.codes():
        shell.code()
    desk = Desk(shell.session, code=shell.project)
    try:
        desk.open_all()
        if shell.project and shell.project not in desk.projects:
            raise Refusal(desk.failed.get(shell.project, f"{shell.project}: there is no such project"))
        take = desk.undo if verb == "undo" else desk.redo
        return take(shell.project, "pmtui history tells all changes")
    finally:
        desk.close()


def _wanted(
    project: OpenProject, words: tuple[str, ...], since: str | None, until: str | None, by: str | None
) -> Wanted:
    """What the arguments and options ask for together."""
    import dataclasses

    from pmtui.services.story.filter import read_day, read_wanted

    asked = read_wanted(" ".join(words), project.today, me=project.session.user)
    days = {"since": since, "until": until}
    given = {name: read_day(text, project.today, name) for name, text in days.items() if text}
    if by:
        given |= {"user": by.removeprefix("@")}  # type: ignore[dict-item]
    asked = dataclasses.replace(asked, **given)  # type: ignore[arg-type]
    if len(words) == 1 and asked.words and _looks_like_number(words[0]):
        raise Refusal(f"{words[0]}: there is no such record in {project.code}")
    return asked


def _looks_like_number(word: str) -> bool:
    head, hyphen, digits = word.partition("-")
    return bool(hyphen) and head.isalpha() and digits.isdigit()


def _found(project: OpenProject, asked: Wanted) -> Iterator[Told]:
    """The changes asked for, the newest first; of a record, what was done to it alone."""
    from pmtui.services.story.filter import changes

    for told in changes(project, asked, newest_first=True):
        yield told.about(asked.number) if asked.record else told


def _say_gaps(project: OpenProject) -> None:
    from pmtui.services.story.telling import gap_words

    for gap in project.gaps():
        say(f"{project.code}: {gap_words(gap)}")


def _as_json(told: Told) -> dict[str, Any]:
    transaction = told.transaction
    return {
        "sequence": transaction.sequence,
        "time": dt.datetime.fromtimestamp(transaction.time / 1000, dt.UTC).isoformat(timespec="milliseconds"),
        "user": transaction.user,
        "session": transaction.session,
        "words": told.words,
        "verb": transaction.note.verb or None,
        "reason": transaction.note.reason or None,
        "effect": transaction.note.effect or None,
        "undoes": transaction.note.undoes or None,
        "changes": [
            {
                "number": touch.number,
                "what": _OPS[touch.what],
                "fields": {name: list(values) for name, values in touch.changes.items()},
            }
            for touch in told.touches
        ],
    }
