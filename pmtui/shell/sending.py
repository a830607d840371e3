"""The command ``send``: an issued report or published minutes, by the server's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pmtui.shell import completing
from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, tell

if TYPE_CHECKING:
    from pmtui.services.sending import Letter


@click.command()
@click.argument("number", shell_complete=completing.sendable_numbers)
@click.option("--to", "to", multiple=True, metavar="WHO", help="@ana or an address; repeatable. Else who it is for.")
@click.option("--new-only", is_flag=True, help="Leave out who has it already.")
@click.option("--again", is_flag=True, help="Also to those who have it already.")
@click.option("--dry-run", is_flag=True, help="Print the letter; send nothing, record nothing.")
@as_json_option
@pass_shell
def send(
    shell: Shell, number: str, to: tuple[str, ...], new_only: bool, again: bool, dry_run: bool, as_json: bool
) -> None:
    """Send an issued report (SR-3) or published minutes (M-4) to people, and record it.

    Without --to, minutes go to those invited, reports to the settings' "Reports go to".
    Refused for who has it already: --new-only leaves them out, --again sends it to them once more.
    """
    from pmtui.domain.addresses import left_out, recipients
    from pmtui.services import sending

    if new_only and again:
        raise click.UsageError("--new-only leaves out who has it, --again does not: one of them")
    with shell.opened() as project:
        named = sending.document(project, number).number
        read = recipients(to or sending.meant_for(project.data, named), project.data)
        if read.problems:
            raise Refusal("\n".join(map(str, read.problems)))
        found = left_out(read.found, sending.who_had_it(project.data, named)) if new_only else read.found
        if not found:
            why = "everybody has it already" if read.found else "to whom? --to @ana, or 'Reports go to' in the settings"
            raise Refusal(f"{named}: {why}")
        letter = sending.compose(project, named, found)
        if dry_run:
            out_json(_as_json(letter)) if as_json else out(_as_text(letter))
            return
        outcome = sending.send(project, letter, shell.preferences.mail, again=again)
        if as_json:
            out_json({"sending": outcome.numbers[0], **_as_json(letter)})
        else:
            out(outcome.numbers[0])
            tell(outcome)


def _as_json(letter: Letter) -> dict[str, object]:
    to = [one.address for one in letter.to]
    return {"document": letter.document, "to": to, "subject": letter.subject, "text": letter.text}


def _as_text(letter: Letter) -> str:
    to = ", ".join(one.words for one in letter.to)
    return f"To: {to}\nSubject: {letter.subject}\n\n{letter.text.rstrip()}"
