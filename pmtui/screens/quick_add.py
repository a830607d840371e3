"""One line adds anything: what was understood is shown while it is typed."""

from collections.abc import Sequence

from pmtui.domain.quickline import read_line
from pmtui.domain.text import fold
from pmtui.screens.prompts import LineScreen
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span


def quick_add(project: OpenProject, kind: str, example: str) -> LineScreen:
    """The line that adds a record of a kind to a project."""
    example_line: Cell = (("such as  ", "muted"), (example, "muted"))

    def reader(text: str) -> Sequence[Cell]:
        if not text.strip():
            return [example_line]
        parsed = read_line(kind, text, project.data, project.today)
        understood: list[Span] = []
        for part in parsed.understood:
            understood += [(f"{part.label} ", "muted"), (f"{part.words}   ", "strong")]
        lines: list[Cell] = [tuple(understood)] if understood else []
        lines += [(str(problem), "bad") for problem in parsed.problems[:3]]
        lines += [(said, "warn") for said in parsed.said[:2]]
        return lines or [example_line]

    def check(text: str) -> str:
        problems = read_line(kind, text, project.data, project.today).problems
        return str(problems[0]) if problems else ""

    def completer(word: str) -> Sequence[str]:
        return [w for w in words_of(project) if fold(w).startswith(fold(word)) and w != word]

    label = f"Add a {kind} to {project.code}" if kind[0] not in "aeiou" else f"Add an {kind} to {project.code}"
    return LineScreen(
        label, reader=reader, check=check, completer=completer, hint="⏎ add   Tab completes @ and #   Esc leave"
    )


def words_of(project: OpenProject) -> list[str]:
    """People, tags and deliverables, as a line names them."""
    tags = {tag for record in project.data.records() for tag in record.tags}
    people = [f"@{p.handle}" for p in project.data.people.values()]
    return [
        *sorted(people),
        *sorted(f"#{tag}" for tag in tags),
        *(d.number for d in project.data.deliverables.values()),
    ]
