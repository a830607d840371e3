"""Pages that are shown as things are now: the RAID log, the team's week, the committee pack; and what chooses them."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from pmtui.domain.dates import DateError, read_date
from pmtui.domain.filters import Filter, FilterError, read_filter
from pmtui.domain.problems import Refused
from pmtui.domain.records.report import END, EXCEPTION, STATUS
from pmtui.reports.blocks import Document
from pmtui.reports.words import period
from pmtui.screens.prompts import Choice, Item, LineScreen, PickerScreen
from pmtui.screens.report_lines import read_period
from pmtui.screens.view import ViewScreen
from pmtui.services import live_reports
from pmtui.services.desk import Desk, title_of
from pmtui.services.project import OpenProject
from pmtui.services.saved_filters import saved_texts
from pmtui.widgets.cells import Cell

RAID, WEEKLY, PACK = "RAID log", "team's week", "committee pack"
LIVE = {RAID: "filter", WEEKLY: "week", PACK: "projects"}
"""The pages that are kept nowhere, and what is chosen in each."""

KINDS = (
    Choice("s", "status report", "for the committee, each period", value=STATUS),
    Choice("e", "exception report", "what leaves its tolerance, options, a recommendation", value=EXCEPTION),
    Choice("n", "end-project report", "what came of it, what is handed over, lessons", value=END),
    Choice("r", "RAID log", "risks, actions, issues, decisions, by a filter", value=RAID),
    Choice("w", "team's week", "by person: done, due, late, blocked", value=WEEKLY),
    Choice("c", "committee pack", "several projects: a line each, then their pages", value=PACK),
)
TITLES = {choice.value: choice.word for choice in KINDS}
"""What each kind is called, of those that are issued and those that are not."""

_DRAFTS = "drafts"
_WEEK = dt.timedelta(days=7)


@dataclass(slots=True)
class Chosen:
    """What the live pages show: kept while the view is, and written nowhere."""

    filter: str = ""
    week: tuple[dt.date, dt.date] | None = None
    left_out: set[str] = field(default_factory=set)
    drafts: bool = False

    def document(self, kind: str, desk: Desk) -> Document:
        """The page of a kind as things are now; raises :class:`FilterError` where a saved filter is gone."""
        if kind == RAID:
            return live_reports.raid_log(desk.project, read(desk, self.filter))
        if kind == WEEKLY:
            return live_reports.team_week(desk.project, *(self.week or (None, None)))
        chosen = [project for project in packable(desk) if project.code not in self.left_out]
        return live_reports.committee_pack(chosen, desk.session.today, drafts=self.drafts)

    def move_week(self, desk: Desk, weeks: int) -> str:
        """Go weeks on or back; the days that are shown then."""
        page = live_reports.team_week(desk.project, *(self.week or (None, None)))
        self.week = (page.start + weeks * _WEEK, page.end + weeks * _WEEK)
        return period(*self.week)


def packable(desk: Desk) -> list[OpenProject]:
    """The projects that a pack can have: those not archived."""
    return [project for project in desk.shown_all() if not project.data.project.archived]


def read(desk: Desk, text: str) -> Filter | None:
    """The filter that a text means, with what is saved in the workspace; ``None`` for none."""
    if not text.strip():
        return None
    session = desk.session
    return read_filter(text, session.today, me=session.user, saved=saved_texts(desk.shared))


def ask_filter(view: ViewScreen, chosen: Chosen, then: Callable[[], None]) -> None:
    """What the RAID log shows; an empty line shows what is open."""

    def problem(text: str) -> str:
        try:
            live_reports.raid_log(view.project, read(view.desk, text))
        except FilterError as error:
            return str(error)
        return ""

    def reading(text: str) -> Sequence[Cell]:
        try:
            log = live_reports.raid_log(view.project, read(view.desk, text))
        except FilterError as error:
            return [(str(error), "bad")]
        if not text.strip():
            return [(f"empty: what is open, {log.total:,} lines", "muted")]
        counts = (
            f"{len(rows):,} {name}"
            for rows, name in (
                (log.risks, "risks"),
                (log.actions, "actions"),
                (log.issues, "issues"),
                (log.decisions, "decisions"),
            )
        )
        return [(", ".join(counts), "")]

    def take(text: str | None) -> None:
        if text is not None:
            chosen.filter = text.strip()
            then()

    view.app.push_screen(LineScreen("Filter", value=chosen.filter, reader=reading, check=problem), take)


def ask_week(view: ViewScreen, chosen: Chosen, then: Callable[[], None]) -> None:
    """The days of the team's week: two dates, or one for the week that it is in; nothing for this week."""
    today = view.project.today

    def check(text: str) -> str:
        try:
            _days(text, today)
        except Refused as refused:
            return str(refused)
        return ""

    def reading(text: str) -> Sequence[Cell]:
        try:
            found = _days(text, today)
        except Refused as refused:
            return [(str(refused), "bad")]
        return [(period(*found), "strong") if found else ("empty: this week", "muted")]

    def take(text: str | None) -> None:
        if text is not None:
            chosen.week = _days(text, today)
            then()

    value = f"{chosen.week[0]} to {chosen.week[1]}" if chosen.week else ""
    view.app.push_screen(LineScreen("Week", value=value, reader=reading, check=check), take)


def _days(text: str, today: dt.date) -> tuple[dt.date, dt.date] | None:
    """The days that a line means, ``None`` for an empty one; raises :class:`Refused`."""
    if not text.strip():
        return None
    if " to " in text:
        return read_period(text, today)
    try:
        return live_reports.week_of(read_date(text, today, prefer="past"))
    except DateError as error:
        raise Refused(str(error)) from None


def ask_projects(view: ViewScreen, chosen: Chosen, then: Callable[[], None]) -> None:
    """Which projects are in the pack, one after the other until Esc; and whether their drafts are."""

    def items() -> list[Item]:
        pages = "drafts, with the numbers of today" if chosen.drafts else "as they were issued last"
        found = [Item(_DRAFTS, "Pages", pages)]
        for project in packable(view.desk):
            left_out = project.code in chosen.left_out
            found.append(Item(project.code, f"{' ' if left_out else '✓'} {title_of(project)}", project.code))
        return found

    def take(picked: Hashable | None) -> None:
        if picked is None:
            return
        if picked == _DRAFTS:
            chosen.drafts = not chosen.drafts
        else:
            chosen.left_out ^= {str(picked)}
        then()
        ask_projects(view, chosen, then)

    view.app.push_screen(PickerScreen("In the pack: ⏎ takes in or leaves out", items()), take)


ASKS = {RAID: ask_filter, WEEKLY: ask_week, PACK: ask_projects}
"""What asks what a page shows, by its kind."""
