"""A section of the report to write, with what happened beside it; and the page as a file."""

import os
from collections.abc import Sequence
from pathlib import Path

from pmtui.domain.capture import merge_notes
from pmtui.domain.records import Report
from pmtui.reports.markdown import to_markdown
from pmtui.screens.writing import Manuscript
from pmtui.services import reports
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Span, wrap

Line = Sequence[Span]


def section_of(desk: Desk, project: OpenProject, section: str) -> Manuscript:
    """A section's words to write; where somebody wrote in it meanwhile, both are kept."""

    def stored() -> str:
        return reports.draft(project).words.get(section, "")

    def save(text: str, base: str) -> Outcome:
        project.refresh()
        theirs = stored()
        joined = text if theirs == base else merge_notes(base, text, theirs)[0]
        outcome = desk.commit(project, lambda: reports.save_words(project, section, joined))
        if joined == text:
            return outcome
        who = reports.draft(project).updated_by or "somebody"
        said = f"{who} wrote in it meanwhile; both are kept"
        return Outcome(outcome.numbers, outcome.words, (*outcome.said, said))

    def beside(text: str, row: int, width: int) -> tuple[list[Line], int]:
        del row
        return _happened([line for line in reports.offered(project, section) if line not in text], width), 0

    title = f"{project.code} ▸ Report ▸ {section.capitalize()}"
    draft = f"{desk.session.path.name}-{project.code}-report-{section}"
    return Manuscript(title, draft, stored, save, beside)


def _happened(offered: Sequence[str], width: int) -> list[Line]:
    lines: list[Line] = [(("What happened", "head"), ("   o in the report picks from it", "muted"))]
    for sentence in offered:
        for at, part in enumerate(wrap(sentence, max(10, width - 2))):
            lines.append((("• " if at == 0 else "  ", "muted"), (part, "")))
    return lines if offered else [(("Nothing more happened in the period.", "muted"),)]


def export_report(project: OpenProject, report: Report | None, folder: Path | None = None) -> Outcome:
    """Write a report's page to a new private Markdown file: the draft's, or an issued one as it was frozen."""
    shown = report or reports.draft(project)
    text = shown.text if shown.status == "issued" else to_markdown(reports.preview(project, shown))
    name = shown.number if shown.id else "draft"
    stamp = project.session.now().strftime("%Y%m%d-%H%M%S")
    path = (folder or Path.cwd()) / f"pmtui-{project.code}-{name}-{stamp}.md"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
    return Outcome((), f"the report is written to {path}")
