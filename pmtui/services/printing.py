"""Reports and minutes as files: Markdown, HTML, Word, PDF, a slide; issued ones exactly as they were frozen."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import Meeting, Report
from pmtui.domain.records.report import STATUS
from pmtui.reports.blocks import Document
from pmtui.reports.formats import BY_ENDING, FORMATS, About, Format, Made, for_minutes, make
from pmtui.reports.frozen_page import frozen_page
from pmtui.reports.markdown import to_markdown
from pmtui.reports.words import plain
from pmtui.services import page_templates, reports
from pmtui.services.exporting import write_new
from pmtui.services.project import OpenProject, Outcome

_MOST_LETTERS = 250


@dataclass(frozen=True, slots=True)
class Printed:
    """What is written to a file: the document, what the file says of itself, and what templates may show of it.

    ``text`` is its Markdown where that was frozen. ``name`` is what its file is called after the project.
    """

    kind: str
    name: str
    document: Document
    about: About
    data: dict[str, Any]
    text: str = ""

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats that it can be written in."""
        return FORMATS if self.kind == "report" else for_minutes()


def printed_report(project: OpenProject, report: Report | None = None) -> Printed:
    """The draft with the numbers of today, or an issued report as it was frozen."""
    from pmtui.reports.model import freeze

    shown = report or reports.draft(project)
    issued = shown.status == "issued"
    document = frozen_document(project, shown) if issued else reports.preview(project, shown)
    data = dict(shown.numbers) if issued else freeze(reports.preview(project, shown))
    number = shown.number if shown.id else "draft"
    on = shown.issued_on if issued and shown.issued_on else project.today
    title = f"{data.get('project') or project.code}: {shown.called} {number}"
    author = str(data.get("issued_by") or data.get("manager") or shown.updated_by or project.session.user)
    of_status = shown.kind == STATUS
    about = About(_property(title), _capital(shown.called), _property(author), on, one_page=of_status)
    kind = "report" if of_status else _slug(shown.called)
    name = number if issued or of_status else f"{kind}-{number}"
    return Printed(kind, name, document, about, data, shown.text if issued else "")


def printed_page(project: OpenProject, called: str, document: Document) -> Printed:
    """A page that is kept nowhere, such as the RAID log, with what it is called."""
    title = f"{project.data.project.title or project.code}: {called}"
    about = About(_property(title), _capital(called), _property(project.session.user), project.today, one_page=False)
    return Printed(_slug(called), _slug(called), document, about, msgspec.to_builtins(document))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _slug(words: str) -> str:
    """Words as they stand in the name of a file."""
    return "-".join(words.replace("'", "").lower().split())


def frozen_document(project: OpenProject, report: Report) -> Document:
    """An issued report's parts.

    Its numbers are laid out anew where that says word for word what was issued; else, as for a report of an older
    pmtui, the parts are read from the text that was issued.
    """
    try:
        page = reports.preview(project, report)
    except Refused:
        return frozen_page(report.text)
    same = not report.text or to_markdown(page).strip() == report.text.strip()
    return page if same else frozen_page(report.text)


def printed_minutes(project: OpenProject, meeting: Meeting) -> Printed:
    """Minutes as they were published; raises :class:`Refused` for a meeting whose minutes are not."""
    if meeting.status != "published" or meeting.published_on is None:
        raise Refused([Problem("minutes", meeting.status, "they are not published yet", meeting.number)])
    title = f"{meeting.title}: minutes {meeting.minutes_number or ''}".rstrip()
    author = meeting.updated_by or project.session.user
    about = About(_property(title), "Minutes of a meeting", _property(author), meeting.published_on, one_page=False)
    data = {"number": meeting.number, "minutes": meeting.minutes_number, "title": meeting.title, "kind": meeting.kind}
    document = frozen_page(meeting.minutes)
    return Printed("minutes", f"{meeting.number}-minutes", document, about, data, meeting.minutes)


def _property(text: str) -> str:
    """A text as a file's property: an office file has room for 255 characters."""
    text = plain(text)
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1].rstrip() + "…"


def written_in(form: Format, printed: Printed, workspace: Path) -> Made:
    """The bytes of a document in a format: by the workspace's template where it has one for it.

    Raises :class:`Refused` where the format can't be made here, or the template is wrong: the place is told.
    """
    why = form.why_not()
    if why:
        raise Refused(f"{form.name}: {why}")
    own = f"{printed.kind}.{form.ending}"
    template = page_templates.replacing(workspace, own) if own in page_templates.NAMES else None
    if template is not None:
        return page_templates.rendered(template, printed.document, printed.about, printed.data)
    if form.ending == "md" and printed.text:
        return Made((printed.text.rstrip("\n") + "\n").encode(errors="replace"))
    return make(form, printed.document, printed.about)


def to_file(project: OpenProject, printed: Printed, form: Format, folder: Path | None = None) -> Callable[[], Outcome]:
    """What writes the document to a new private file; it touches no record, so that it may run beside the screen."""
    workspace, stamp = project.session.path, f"{project.session.now():%Y%m%d-%H%M%S}"
    name = f"{project.code}-{printed.name}-{stamp}.{form.ending}"
    names = {"report": "the report is", "minutes": "the minutes are"}
    what = names.get(printed.kind, f"the {printed.about.subject[:1].lower()}{printed.about.subject[1:]} is")

    def write() -> Outcome:
        made = written_in(form, printed, workspace)
        return Outcome((), f"{what} written to {write_new(folder, name, made.data)}", made.said)

    return write


def template_problem(project: OpenProject, name: str) -> str:
    """What is wrong with a template of this workspace, tried on the draft or the last minutes; empty for nothing."""
    kind, _, ending = name.partition(".")
    if kind == "report":
        printed = printed_report(project)
    else:
        published = [m for m in project.data.meetings.values() if m.status == "published"]
        if not published:
            return "not looked at: no minutes were published yet"
        printed = printed_minutes(project, max(published, key=lambda m: m.start))
    try:
        written_in(BY_ENDING[ending], printed, project.session.path)
    except Refused as refused:
        return str(refused)
    return ""
