"""Reports that are issued: their drafts, words, lights set by hand, and their issue, which freezes them.

A report is a status report unless its kind is named.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from pmtui.domain.capture import merge_notes
from pmtui.domain.lights import WORDS, Lights, colour_named, last_issued, lights, lights_in_draft, open_draft
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Report
from pmtui.domain.records.report import END, LIGHTS, SECTIONS_OF, STATUS, Override
from pmtui.domain.text import clean
from pmtui.services.change import Change
from pmtui.services.project import OpenProject, Outcome

if TYPE_CHECKING:
    from pmtui.reports.compare import Differences
    from pmtui.reports.kinds import Page
    from pmtui.reports.model import StatusReport

FIRST_PERIOD = dt.timedelta(days=7)
"""How far back the first report reaches; the next ones begin where the last ended."""

_DAY = dt.timedelta(days=1)


def draft(project: OpenProject, kind: str = STATUS) -> Report:
    """The open draft of a kind, or a new one in memory, stored once something is written in it."""
    return _draft_in(project.data, project.today, kind)


def current_lights(project: OpenProject) -> Lights:
    """The lights as the next status report will show them, beside those of the last one."""
    return project.worked_out(lights_in_draft)


def save_words(
    project: OpenProject, section: str, text: str, base: str | None = None, *, kind: str = STATUS
) -> Outcome:
    """Write the words of a section of the draft; empty text takes them out.

    ``base`` is the text as the writer began with: where somebody wrote in it meanwhile, both are kept
    line by line, and that is said.
    """
    _check_section(kind, section)
    words = clean(text, lines=True)
    with project.change("write report") as change:
        report = _draft_in(change.data, project.today, kind)
        theirs = report.words.get(section, "")
        if base is not None and theirs not in (base, words):
            words = merge_notes(base, words, theirs)[0]
            change.said.append(f"{report.updated_by or 'somebody'} wrote in it meanwhile; both are kept")
        if theirs == words:
            return Outcome(_numbers(report), f"{section} is unchanged")
        others = {name: written for name, written in report.words.items() if name != section}
        after = _save(change, report, words=others | ({section: words} if words else {}))
    return Outcome((after.number,), f"{after.number} {section} saved", tuple(change.said))


def set_period(project: OpenProject, start: dt.date, end: dt.date | None = None) -> Outcome:
    """The period that the draft reports on, both days included.

    An end that is given stays; without one it is as it was, by default the day the report is issued.
    """
    with project.change("set period") as change:
        report = _draft_in(change.data, project.today)
        last_day = report.period_end if end is None else end
        if last_day < start:
            allowed = f"allowed: {start.isoformat()} (its start) or later"
            raise Refused([Problem("period_end", last_day.isoformat(), allowed)])
        fixed = report.period_fixed or end is not None
        after = _save(change, report, period_start=start, period_end=last_day, period_fixed=fixed)
        last = last_issued(change.data)
        if last and start < _next_start(last):
            change.said.append(f"{last.number} already reports on the days to {last.period_end.isoformat()}")
        elif last and start > last.period_end + _DAY:
            change.said.append(f"no report tells the days from {last.period_end + _DAY} to {start - _DAY}")
    return Outcome((after.number,), f"{after.number} from {start} to {last_day}", tuple(change.said))


def override_light(project: OpenProject, light: str, colour: str, reason: str) -> Outcome:
    """Set a light of the draft by hand, with the reason; the page shows both colours."""
    name, wanted, why = light.strip().lower(), colour_named(colour), clean(reason)
    _check_override(name, wanted, colour, why)
    with project.change("set light", why) as change:
        report = _draft_in(change.data, project.today)
        ruled = next(found for found in lights(change.data, project.today) if found.name == name)
        if ruled.colour == wanted:
            raise Refused([Problem(name, colour, f"it is {ruled.word} by the rules: {ruled.why}")])
        others = tuple(o for o in report.overrides if o.light != name)
        after = _save(change, report, overrides=(*others, Override(name, wanted or "", why)))
    said = f"{name} {WORDS[wanted or '']} by hand, {ruled.word} by the rules"
    return Outcome((after.number,), said, tuple(change.said))


def clear_override(project: OpenProject, light: str) -> Outcome:
    """Let a light follow the rules again."""
    name = light.strip().lower()
    with project.change("clear light") as change:
        report = _draft_in(change.data, project.today)
        others = tuple(o for o in report.overrides if o.light != name)
        if others == report.overrides:
            raise Refused([Problem("light", light, "it is not set by hand")])
        after = _save(change, report, overrides=others)
    return Outcome((after.number,), f"{name} follows the rules again", tuple(change.said))


def preview(project: OpenProject, report: Report | None = None) -> "Page":
    """The report as data: an issued one as it was frozen, a draft with the numbers of today."""
    if report is not None and report.status == "issued":
        return _frozen(report)
    wanted = report or draft(project)
    if wanted == draft(project, wanted.kind):
        return status_page(project) if wanted.kind == STATUS else project.worked_out(_DRAFTS[wanted.kind])
    return _page(project.data, wanted, project.today)


def status_page(project: OpenProject) -> "StatusReport":
    """The status report in preparation, with the numbers of today; worked out once for each state of the records."""
    return project.worked_out(_DraftStatus(current_lights(project)))


def issue(project: OpenProject, kind: str = STATUS) -> Outcome:
    """Issue the draft: its numbers, lights and page are frozen for ever."""
    from pmtui.reports.markdown import to_markdown  # the page's makers are loaded when a page is made
    from pmtui.reports.model import freeze

    with project.change("issue report") as change:
        report = _draft_in(change.data, project.today, kind)
        _check_issue(change, report, project.today)
        stored = report if report.id else change.add(report)
        whole = msgspec.structs.replace(stored, period_end=report.period_end)
        page = _page(change.data, whole, project.today, issued_by=project.session.user)
        after = change.edit(
            stored,
            status="issued",
            period_end=report.period_end,
            issued_on=project.today,
            numbers=freeze(page),
            text=to_markdown(page),
        )
        wanted = ("summary",) if kind == STATUS else SECTIONS_OF[kind]
        missing = [section for section in wanted if not after.words.get(section)]
        if missing:
            change.said.append(f"it was issued without {'a summary' if kind == STATUS else ', '.join(missing)}")
    return Outcome((after.number,), f"{after.number} issued", tuple(change.said), lasting=True)


def compare(project: OpenProject, number: str | None = None) -> list[str]:
    """What changed since the last issued report, or the one named; empty before the first is issued."""
    if number is None and last_issued(project.data) is None:
        return []
    from pmtui.reports.compare import differences

    found = compared(project, number)
    return differences(found.before, found.after)


def compared(project: OpenProject, number: str | None = None, other: str | None = None) -> "Differences":
    """Two issued status reports, the earlier first; the last one and the draft where none is named.

    Raises :class:`Refused` for what is no issued status report, and before the first is issued.
    """
    from pmtui.reports.compare import Differences  # loaded when reports are compared

    before = _issued(project, number) if number else last_issued(project.data)
    if before is None:
        raise Refused("no status report was issued yet: the second one is compared with the first")
    if other is None:
        return Differences(_thawed(before), status_page(project))
    after = _issued(project, other)
    earlier, later = sorted((before, after), key=lambda r: (r.issued_on or r.period_end, r.id))
    return Differences(_thawed(earlier), _thawed(later))


def offered(project: OpenProject, section: str, report: Report | None = None) -> list[str]:
    """What happened in the draft's period to pick from for a section, in order of consequence."""
    from pmtui.reports.kinds import offers_of
    from pmtui.services.decided import told_decisions
    from pmtui.services.risk_review import told_reviews

    wanted = report or draft(project)
    _check_section(wanted.kind, section)
    found = offers_of(preview(project, wanted), section, project.data, project.today)
    if wanted.kind == STATUS and section == "summary":
        found += told_decisions(project, wanted.period_start, wanted.period_end)
        found += told_reviews(project, wanted.period_start, wanted.period_end)
    return found


def _draft_in(data: ProjectData, today: dt.date, kind: str = STATUS) -> Report:
    """The draft of a kind as it is today.

    Its period ends today, however long ago its words were written, unless its end was set. A status report
    begins after the last issued one; on that one's last day where it was issued on or before it, so that what
    was finished later on that day is told by one of the two. An end-project report begins with the project;
    an exception report tells of its day.
    """
    found = open_draft(data, kind)
    if found is not None:
        if found.period_fixed:
            return found
        return msgspec.structs.replace(found, period_end=max(found.period_start, today))
    start = today
    if kind == STATUS:
        last = last_issued(data)
        start = _next_start(last) if last else today - FIRST_PERIOD
    elif kind == END:
        start = min(data.project.start or today, today)
    return Report(kind=kind, period_start=start, period_end=max(start, today))


def _next_start(last: Report) -> dt.date:
    after = last.period_end + _DAY
    return min(after, last.issued_on) if last.issued_on else after


def _save(change: Change, report: Report, **values: object) -> Report:
    """The draft with new values: changed where it is stored, else stored now."""
    if report.id:
        return change.edit(report, **values)
    return change.add(msgspec.structs.replace(report, **values))


def _numbers(report: Report) -> tuple[str, ...]:
    return (report.number,) if report.id else ()


def _check_override(name: str, wanted: str | None, colour: str, why: str) -> None:
    problems = []
    if name == "overall":
        problems.append(Problem("light", name, "overall is the worst of the four; set one of " + ", ".join(LIGHTS)))
    elif name not in LIGHTS:
        problems.append(Problem("light", name, "allowed: " + ", ".join(LIGHTS)))
    if wanted is None:
        problems.append(Problem("colour", colour, "allowed: " + ", ".join(WORDS.values())))
    if not why:
        problems.append(Problem("reason", "", "a light set by hand needs its reason"))
    if problems:
        raise Refused(problems)


def _check_section(kind: str, section: str) -> None:
    if kind not in SECTIONS_OF:
        raise Refused([Problem("kind", kind, "allowed: " + ", ".join(SECTIONS_OF))])
    if section not in SECTIONS_OF[kind]:
        raise Refused([Problem("section", section, "allowed: " + ", ".join(SECTIONS_OF[kind]))])


def _check_issue(change: Change, report: Report, today: dt.date) -> None:
    """A status report tells days of its own; the others are the manager's words, and need some."""
    last = last_issued(change.data)
    if report.kind == STATUS and last and not report.id and last.period_end >= today:
        raise Refused([Problem("report", "", f"{last.number} already reports up to today", last.number)])
    if report.kind != STATUS and not report.words:
        wanted = ", ".join(SECTIONS_OF[report.kind])
        raise Refused([Problem("words", "", f"nothing is written in the {report.called} yet: {wanted}")])


def _page(data: ProjectData, report: Report, today: dt.date, *, issued_by: str = "") -> "Page":
    from pmtui.reports.kinds import page_of  # loaded when a report is looked at

    return page_of(report.kind, _status(data, report, today, issued_by=issued_by), data, today)


def _status(
    data: ProjectData, report: Report, today: dt.date, *, issued_by: str = "", lit: Lights | None = None
) -> "StatusReport":
    """The figures of a report; the lights of one that has none of its own are as the next status report has them."""
    from pmtui.reports.status import build

    lights_from = report if report.kind == STATUS else open_draft(data)
    return build(
        data,
        report.period_start,
        report.period_end,
        today,
        words=report.words,
        overrides=lights_from.overrides if lights_from else (),
        previous=last_issued(data),
        number=report.number if report.id else "",
        issued_by=issued_by,
        lit=lit,
    )


@dataclass(frozen=True, slots=True)
class _DraftStatus:
    """What gives the status report in preparation, with lights that are known already; one is like any other."""

    lit: Lights = field(compare=False)

    def __call__(self, data: ProjectData, today: dt.date) -> "StatusReport":
        return _status(data, _draft_in(data, today), today, lit=self.lit)


def _draft_page(kind: str, data: ProjectData, today: dt.date) -> "Page":
    return _page(data, _draft_in(data, today, kind), today)


_DRAFTS = {kind: partial(_draft_page, kind) for kind in SECTIONS_OF if kind != STATUS}
"""The page of each other kind in preparation, worked out once for each state of the records."""


def _frozen(report: Report) -> "Page":
    from pmtui.reports.kinds import thaw_page

    page = thaw_page(report)
    if page is None:
        raise Refused([Problem("numbers", "", "its numbers can't be read; its page is kept as text", report.number)])
    return page


def _thawed(report: Report) -> "StatusReport":
    """A status report as it was frozen."""
    from pmtui.reports.model import thaw

    page = thaw(report.numbers)
    if page is None:
        raise Refused([Problem("numbers", "", "its numbers can't be read: it can't be compared", report.number)])
    return page


def _issued(project: OpenProject, number: str) -> Report:
    found = project.get(number)
    if not isinstance(found, Report) or found.status != "issued":
        raise Refused([Problem("report", number, "allowed: the number of an issued report, such as SR-1")])
    if found.kind != STATUS:
        raise Refused([Problem("report", number, f"it is an {found.called}; status reports are compared")])
    return found
