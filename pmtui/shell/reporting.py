"""The other pages of the command ``report``: the RAID log, the team's week, the committee pack, and differences."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click
import msgspec

from pmtui.shell.context import Refusal, Shell, out, out_json

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from pmtui.domain.filters import Filter
    from pmtui.reports.blocks import Document
    from pmtui.services.project import OpenProject

ISSUED = {"status": "status", "exception": "exception", "end-project": "end project"}
"""The kinds that are issued, as the command line names them."""

LIVE = {"raid": {"filter"}, "weekly": {"period"}, "pack": {"projects", "drafts"}}
"""The kinds that are printed as things are, with the options that each takes."""

KINDS = (*ISSUED, *LIVE)
PAGE_WIDTH = 100


class Asked(msgspec.Struct, frozen=True):
    """What was asked of the command, beside its format."""

    kind: str
    number: str = ""
    compare: str | None = None
    period: str = ""
    projects: str = ""
    drafts: bool = False
    filter: str = ""
    issued: bool = False
    written: bool = False

    @property
    def is_other(self) -> bool:
        """Whether it is for this module: no page that is issued."""
        return self.compare is not None or self.kind in LIVE


def check(asked: Asked) -> None:
    """Wrong usage: options that a kind does not take."""
    given = {name for name in ("period", "projects", "drafts", "filter") if getattr(asked, name)}
    if asked.compare is not None:
        if asked.kind != "status" or given or asked.issued or asked.written:
            raise click.UsageError("--compare is for status reports: SR-3 --compare SR-1, or --compare alone")
        return
    takes = LIVE.get(asked.kind, {"period"} if asked.kind == "status" else set())
    wrong = sorted(given - takes)
    if wrong:
        raise click.UsageError(f"--kind {asked.kind} takes no {', '.join(f'--{name}' for name in wrong)}")
    if asked.kind in LIVE and (asked.number or asked.issued or asked.written):
        raise click.UsageError(f"--kind {asked.kind} is printed as things are: no number, no --issue, no --write")


def print_other(shell: Shell, asked: Asked, form: str, days: Callable[[OpenProject, str], tuple[dt.date, dt.date]],
                *, as_json: bool) -> None:  # fmt: skip
    """Print what is not issued: a live page, or what changed between two reports."""
    with contextlib.ExitStack() as stack:
        if asked.kind == "pack":
            document = _pack(shell, asked, stack)
        else:
            project = stack.enter_context(shell.opened())
            document = _document(shell, project, asked, days)
        if as_json:
            out_json(_as_json(document, asked))
        else:
            print_document(document, form)


def print_document(document: Document, form: str) -> None:
    """A document on standard output, as Markdown or as text."""
    if form == "txt":
        from pmtui.reports.page import to_lines

        for line in to_lines(document, PAGE_WIDTH):
            out("".join(text for text, _ in line).rstrip())
    else:
        from pmtui.reports.markdown import to_markdown

        out(to_markdown(document).rstrip("\n"))


def _document(
    shell: Shell, project: OpenProject, asked: Asked, days: Callable[[OpenProject, str], tuple[dt.date, dt.date]]
) -> Document:
    from pmtui.services import live_reports, reports

    if asked.compare is not None:
        return reports.compared(project, asked.compare or None, asked.number or None)
    if asked.kind == "raid":
        return live_reports.raid_log(project, _filter(shell, asked.filter))
    if not asked.period:
        return live_reports.team_week(project)
    start, end = days(project, asked.period)
    if end < start:
        raise Refusal(f"{asked.period}: the last day is before the first")
    return live_reports.team_week(project, start, end)


def _filter(shell: Shell, text: str) -> Filter | None:
    from pmtui.services.saved_filters import filter_in

    return filter_in(shell.session, text) if text.strip() else None


def _pack(shell: Shell, asked: Asked, stack: contextlib.ExitStack) -> Document:
    from pmtui.services.live_reports import committee_pack

    projects = [stack.enter_context(shell.opened(code)) for code in _codes(shell, asked.projects)]
    if not asked.projects:
        projects = [project for project in projects if not project.data.project.archived]
    return committee_pack(projects, shell.session.today, drafts=asked.drafts)


def _codes(shell: Shell, named: str) -> Iterator[str]:
    """The projects that were named, else all there are."""
    known = shell.session.workspace.codes()
    wanted = [code.strip() for code in named.split(",") if code.strip()]
    for code in wanted or known:
        if code not in known:
            raise Refusal(f"{code}: there is no such project; there are {', '.join(known)}")
        yield code


def _as_json(document: Document, asked: Asked) -> object:
    if asked.compare is None:
        return msgspec.to_builtins(document)
    from pmtui.reports.compare import Differences, grouped

    assert isinstance(document, Differences)
    before, after = document.before, document.after
    return {"before": before.number, "after": after.number if after.issued else "", "changes": grouped(before, after)}
