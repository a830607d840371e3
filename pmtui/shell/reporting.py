"""The other pages of the command ``report``: the RAID log, the team's week, the committee pack, and differences."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING, Any

import click
import msgspec

from pmtui.shell.context import Refusal, Shell, tell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from pmtui.domain.filters import Filter
    from pmtui.reports.blocks import Document
    from pmtui.services.printing import Printed
    from pmtui.services.project import OpenProject

ISSUED = {"status": "status", "exception": "exception", "end-project": "end project"}
"""The kinds that are issued, as the command line names them."""

LIVE = {"raid": {"filter"}, "weekly": {"period"}, "pack": {"projects", "drafts"}}
"""The kinds that are printed as things are, with the options that each takes."""

CALLED = {"raid": "RAID log", "weekly": "team's week", "pack": "committee pack"}
"""What pages that are kept nowhere are called."""


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


def write(project: OpenProject, words: tuple[tuple[str, str], ...], kind: str) -> None:
    """Write words into the draft of a kind, by section; what was done is said."""
    from pmtui.services.reports import save_words

    for section, text in words:
        tell(save_words(project, section.strip().lower(), text, kind=kind))


def printed(shell: Shell, asked: Asked, days: Callable[[OpenProject, str], tuple[dt.date, dt.date]]) -> Printed:
    """What is not issued, ready to be written in any format: a live page, or what changed between two reports."""
    from pmtui.services.printing import printed_page

    with contextlib.ExitStack() as stack:
        if asked.kind == "pack":
            projects = _projects(shell, asked, stack)
            if not projects:
                raise Refusal("there is no project here to put into a pack")
            return printed_page(projects[0], CALLED[asked.kind], _pack(shell, asked, projects))
        project = stack.enter_context(shell.opened())
        document = _document(shell, project, asked, days)
        if asked.compare is None:
            return printed_page(project, CALLED[asked.kind], document)
        page = printed_page(project, "differences", document)
        return dataclasses.replace(page, data=_changes(document))


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


def _projects(shell: Shell, asked: Asked, stack: contextlib.ExitStack) -> list[OpenProject]:
    projects = [stack.enter_context(shell.opened(code)) for code in _codes(shell, asked.projects)]
    return [project for project in projects if asked.projects or not project.data.project.archived]


def _pack(shell: Shell, asked: Asked, projects: list[OpenProject]) -> Document:
    from pmtui.services.live_reports import committee_pack

    return committee_pack(projects, shell.session.today, drafts=asked.drafts)


def _codes(shell: Shell, named: str) -> Iterator[str]:
    """The projects that were named, else all there are."""
    known = shell.session.workspace.codes()
    wanted = [code.strip() for code in named.split(",") if code.strip()]
    for code in wanted or known:
        if code not in known:
            raise Refusal(f"{code}: there is no such project; there are {', '.join(known)}")
        yield code


def _changes(document: Document) -> dict[str, Any]:
    """What changed, as JSON values: by the part of the report."""
    from pmtui.reports.compare import Differences, grouped

    assert isinstance(document, Differences)
    before, after = document.before, document.after
    return {"before": before.number, "after": after.number if after.issued else "", "changes": grouped(before, after)}
