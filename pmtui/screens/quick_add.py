"""One line adds anything: what was understood is shown while it is typed."""

from collections.abc import Callable, Sequence

from pmtui.domain.quickline import ParsedLine, read_line
from pmtui.domain.text import fold
from pmtui.screens.prompts import LineScreen
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span


def quick_add(
    project: OpenProject,
    kind: str,
    example: str,
    *,
    value: str = "",
    also: "Callable[[ParsedLine], Cell | None]" = lambda _parsed: None,
    against: Callable[[ParsedLine], str] = lambda _parsed: "",
) -> LineScreen:
    """The line that adds a record of a kind to a project, beginning with ``value``.

    ``also`` says what the record would do, ``against`` why it can't be added though the line is right.
    """
    example_line: Cell = (("such as  ", "muted"), (example, "muted"))

    def reader(text: str) -> Sequence[Cell]:
        if not text.strip():
            return [example_line]
        parsed = read_line(kind, text, project.data, project.today)
        understood: list[Span] = []
        for part in parsed.understood:
            understood += [(f"{part.label} ", "muted"), (f"{part.words}   ", "strong")]
        lines: list[Cell] = [tuple(understood)] if understood else []
        why, effect = against(parsed), also(parsed)
        lines += [(why, "bad")] if why else [effect] if effect else []
        lines += [(str(problem), "bad") for problem in parsed.problems[:3]]
        lines += [(said, "warn") for said in parsed.said[:2]]
        return lines or [example_line]

    def check(text: str) -> str:
        parsed = read_line(kind, text, project.data, project.today)
        return str(parsed.problems[0]) if parsed.problems else against(parsed)

    def completer(word: str) -> Sequence[str]:
        return [w for w in words_of(project) if fold(w).startswith(fold(word)) and w != word]

    label = f"Add {'an' if kind[0] in 'aeiou' else 'a'} {kind} to {project.code}"
    hint = "⏎ add   Tab completes @ and #   Esc leave"
    shell = kind.replace(" ", "-")
    many = f"paste them one by one, or use `pmtui add {shell} -` in the shell"
    return LineScreen(label, value=value, reader=reader, check=check, completer=completer, hint=hint, many=many)


def words_of(project: OpenProject) -> list[str]:
    """People, tags and deliverables, as a line names them."""
    tags = {tag for record in project.data.records() for tag in record.tags}
    people = [f"@{p.handle}" for p in project.data.people.values()]
    return [
        *sorted(people),
        *sorted(f"#{tag}" for tag in tags),
        *(d.number for d in project.data.deliverables.values()),
    ]
