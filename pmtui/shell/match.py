"""The command ``match``: a bank's or ERP's file, row by row, booked once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pmtui.shell.context import Refusal, Shell, as_json_option, out, out_json, pass_shell, say, tell

if TYPE_CHECKING:
    from pmtui.domain.matching_costs import Proposal
    from pmtui.domain.records import ImportMapping
    from pmtui.exchange.statement_in import Sheet
    from pmtui.services.project import OpenProject
    from pmtui.services.statements import Matching


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", metavar="NAME", help="How it is read: a mapping saved in the workspace.")
@click.option("--map", "columns", multiple=True, metavar="FIELD=HEADING", help="Which column is what; repeatable.")
@click.option("--save", metavar="NAME", help="Save how it is read under a name, for everybody.")
@click.option("--all", "everything", is_flag=True, help="Book also what is not sure, where nothing is lacking.")
@click.option("--dry-run", is_flag=True, help="Only print what each row is.")
@as_json_option
@pass_shell
def match(
    shell: Shell,
    file: Path,
    mapping: str | None,
    columns: tuple[str, ...],
    save: str | None,
    everything: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Match the rows of a bank's or ERP's CSV with the costs, and book those that are sure.

    A row that is booked is known again, in whatever file it comes: nothing is booked twice. Of a commitment that is
    invoiced in part, the rest stays committed.

    \b
    pmtui match bank.csv --dry-run
    pmtui match bank.csv --map amount="Betrag (EUR)" --map signs="costs are negative" --save giro
    """  # noqa: D301 - click keeps the lines after its mark
    from pmtui.services.statements import Matching

    with shell.opened() as project:
        sheet, read_as = _read(shell, file, mapping, columns)
        matching = Matching(project, sheet, read_as, _others(shell, project))
        if save and not dry_run:
            _save(shell, save, read_as)
        _book(matching, as_json=as_json, everything=everything, dry_run=dry_run)
    for problem in matching.statement.bad:
        say(str(problem))
    for words in matching.statement.said:
        say(words)
    if matching.statement.bad:
        count = len(matching.statement.bad)
        raise Refusal(f"{count} row{'' if count == 1 else 's'} can't be read and stay{'s' if count == 1 else ''} out")


def _book(matching: Matching, *, as_json: bool, everything: bool, dry_run: bool) -> None:
    from pmtui.domain.matching_costs import Way

    shown = matching.proposals
    wanted = matching.sure if not everything else [p for p in shown if p.way in {Way.MATCH, Way.NEW, Way.SAME}]
    rows = [p.row.id for p in wanted if not p.lacks]
    outcome = matching.accept(rows) if rows and not dry_run else None
    booked = set(rows) if outcome else set()
    if as_json:
        found = zip(shown, matching.proposals, strict=True)
        out_json([_as_json(was, now.entry if was.row.id in booked else was.entry, booked) for was, now in found])
    else:
        _print(shown, booked, dry_run=dry_run)
    if outcome is not None:
        tell(outcome)
    else:
        say("nothing was booked: --dry-run" if dry_run else "nothing was booked: no row is sure")


def _read(shell: Shell, file: Path, name: str | None, columns: tuple[str, ...]) -> tuple[Sheet, ImportMapping]:
    import msgspec

    from pmtui.exchange.statement_in import open_sheet
    from pmtui.services.mappings import mapping_for, mapping_named, read_columns, saved_mappings
    from pmtui.services.shared import open_shared
    from pmtui.services.statements import read_file

    store = open_shared(shell.session)
    saved = saved_mappings(store)
    if store is not None:
        store.close()
    data, source = read_file(file)
    given = read_columns(columns)
    sheet = open_sheet(data, source)
    found = mapping_named(saved, name) if name else mapping_for(sheet, saved)
    found = msgspec.structs.replace(found, **given) if given else found
    return open_sheet(data, source, found), found


def _others(shell: Shell, project: OpenProject) -> list[OpenProject]:
    """The workspace's other projects, where they can be opened: what is booked there is not booked here."""
    from pmtui.services.projects import open_project
    from pmtui.store import StoreError

    found = []
    for code in shell.session.workspace.codes():
        if code != project.code:
            try:
                found.append(open_project(shell.session, code))
            except (StoreError, OSError) as error:
                say(f"{code} can't be looked at: {error}")
    return found


def _save(shell: Shell, name: str, read_as: ImportMapping) -> None:
    from pmtui.services.mappings import save_mapping
    from pmtui.services.shared import shared

    store = shared(shell.session)
    try:
        tell(save_mapping(store, name, read_as))
    finally:
        store.close()


def _print(shown: list[Proposal], booked: set[str], *, dry_run: bool) -> None:
    for proposal in shown:
        row = proposal.row
        what = f"{proposal.way}{' ' if proposal.entry or proposal.line else ''}{proposal.entry or proposal.line}"
        sure = "booked" if row.id in booked else "sure" if proposal.sure and dry_run else ""
        lacks = f"lacks {proposal.lacks}" if proposal.lacks else ""
        why = "; ".join(filter(None, (*proposal.why, lacks)))
        words = " · ".join(filter(None, (row.vendor, row.text)))
        left = f"line {row.line}: {row.date.isoformat()} {row.amount:,.2f} {words}"
        out(f"{left} → {' '.join(filter(None, (what, sure)))}{f' ({why})' if why else ''}")


def _as_json(proposal: Proposal, entry: str, booked: set[str]) -> dict[str, Any]:
    row = proposal.row
    return {
        "line": row.line,
        "id": row.id,
        "date": row.date.isoformat(),
        "amount": str(row.amount),
        "currency": row.currency or None,
        "vendor": row.vendor,
        "text": row.text,
        "is": str(proposal.way),
        "entry": entry or None,
        "budget_line": proposal.line or None,
        "sure": proposal.sure,
        "part": proposal.part,
        "lacks": proposal.lacks or None,
        "because": list(proposal.why),
        "booked": row.id in booked,
    }
