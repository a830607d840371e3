"""A section of the report to write, with what happened beside it."""

from collections.abc import Sequence

from pmtui.domain.records.report import NAMES, STATUS
from pmtui.keymap import key_of
from pmtui.screens.writing import Manuscript
from pmtui.services import reports
from pmtui.services.desk import Desk
from pmtui.services.project import OpenProject, Outcome
from pmtui.widgets.cells import Span, wrap

Line = Sequence[Span]


def section_of(desk: Desk, project: OpenProject, section: str, kind: str = STATUS) -> Manuscript:
    """A section's words to write, in a kind of report; where somebody wrote in it meanwhile, both are kept."""

    def stored() -> str:
        return reports.draft(project, kind).words.get(section, "")

    def save(text: str, base: str) -> Outcome:
        return desk.commit(project, lambda: reports.save_words(project, section, text, base, kind=kind))

    def beside(text: str, row: int, width: int) -> tuple[list[Line], int]:
        del row
        offered = reports.offered(project, section, reports.draft(project, kind))
        return _happened([line for line in offered if line not in text], width), 0

    report = "Report" if kind == STATUS else NAMES[kind].capitalize()
    title = f"{project.code} ▸ {report} ▸ {section.capitalize()}"
    draft = f"{desk.session.place}-{project.code}-{'' if kind == STATUS else f'{kind}-'}report-{section}"
    return Manuscript(title, draft, stored, save, beside)


def _happened(offered: Sequence[str], width: int) -> list[Line]:
    pick = key_of("report.pick")
    lines: list[Line] = [(("What happened", "head"), (f"   {pick} in the report picks from it", "muted"))]
    for sentence in offered:
        for at, part in enumerate(wrap(sentence, max(10, width - 2))):
            lines.append((("• " if at == 0 else "  ", "muted"), (part, "")))
    return lines if offered else [(("Nothing more happened in the period.", "muted"),)]
