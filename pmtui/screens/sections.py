"""A section of the report to write, with what happened beside it."""

from collections.abc import Sequence

from pmtui.keymap import key_of
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
        return desk.commit(project, lambda: reports.save_words(project, section, text, base))

    def beside(text: str, row: int, width: int) -> tuple[list[Line], int]:
        del row
        return _happened([line for line in reports.offered(project, section) if line not in text], width), 0

    title = f"{project.code} ▸ Report ▸ {section.capitalize()}"
    draft = f"{desk.session.place}-{project.code}-report-{section}"
    return Manuscript(title, draft, stored, save, beside)


def _happened(offered: Sequence[str], width: int) -> list[Line]:
    pick = key_of("report.pick")
    lines: list[Line] = [(("What happened", "head"), (f"   {pick} in the report picks from it", "muted"))]
    for sentence in offered:
        for at, part in enumerate(wrap(sentence, max(10, width - 2))):
            lines.append((("• " if at == 0 else "  ", "muted"), (part, "")))
    return lines if offered else [(("Nothing more happened in the period.", "muted"),)]
