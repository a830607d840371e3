"""One line adds anything: what was understood, and what a word could become, is shown while it is typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual import events
from textual.widgets import Input, Label

from pmtui.domain.completing import Candidate, Completing
from pmtui.domain.fields import Kind
from pmtui.domain.project_data import ProjectData
from pmtui.domain.quickgrammar import ORDER, split_kind
from pmtui.domain.quickline import ParsedLine, read_line
from pmtui.domain.records import BY_KIND
from pmtui.domain.templates import split_links
from pmtui.screens.prompts import LineScreen, OneLine, flow
from pmtui.services.adding import Draft, check
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span, safe, width_of
from pmtui.widgets.document_view import DocumentView

EXAMPLES = {
    "task": "Migrate payroll data @ana due fri !high #cutover ~3d",
    "risk": "Vendor delays the interface p4 i3 @ben review +2w",
    "cost": '1250.50 travel "Workshop Lyon" vendor:SNCF 2 mar paid',
    "meeting": "Steering committee fri 10:00",
    "hours": "3 T-48 mon wrote the tests @ben",
    "issue": "Payroll file rejected @chi by fri",
    "budget line": "travel 12000",
    "milestone": "UAT start 1 apr after T-3",
    "person": '@ana "Ana Silva"',
    "deliverable": "1.2 Migration @ana",
    "change": "Two more interfaces @ben",
    "decision": "Cut-over moves to the long weekend",
}
"""A line for each kind."""


_DAYS = re.compile(r"(?<=[,:]) ")
"""Between the days of a repetition, where a line may break."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A candidate that Tab put in the line: what stands before and after it, and which of them it is."""

    before: str
    after: str
    candidates: tuple[Candidate, ...]
    at: int

    @property
    def value(self) -> str:
        """The line with it."""
        return f"{self.before}{self.candidates[self.at].text} {self.after}"

    @property
    def cursor(self) -> int:
        """Where one types on."""
        return len(self.value) - len(self.after)


MARKS = frozenset("@#!~")
"""What begins a word that Tab completes, and never changes the kind for."""


class QuickAddScreen(LineScreen):
    """The line that adds a record to a project.

    Tab takes a candidate, once more the next one; where there is none it changes the kind, and ``risk:`` at the
    beginning does. Where several lines are pasted, ``pasted`` is all of them, and the line is given as it was typed.
    ``kept`` is how many lines of an earlier paste wait to be mended; ``recall`` is set where they are asked for.
    ``what`` names the line that is edited, where it is one of many.
    """

    def __init__(
        self, project: OpenProject, kind: str, *, value: str = "", refusal: str = "", kept: int = 0, what: str = ""
    ) -> None:
        super().__init__("", value=value)
        self._what = what
        self.pasted = ""
        self.typed = value
        self.recall = False
        self._kind = kind
        self._project = project
        self._refusal = (value, refusal) if refusal else ("", "")
        self._kept = kept
        self._taken: Taken | None = None
        self._completing: tuple[ProjectData, Completing] | None = None
        self._offer_of: tuple[str, str, tuple[int, tuple[Candidate, ...]] | None] = ("", "", None)
        self._label = self.label_of(kind)

    def label_of(self, kind: str) -> str:
        """What the line says that it adds."""
        word = BY_KIND[kind].words[0]
        if self._what:
            return f"{self._what}, {'an' if word[0] in 'aeiou' else 'a'} {word}"
        return f"Add {'an' if word[0] in 'aeiou' else 'a'} {word} to {self._project.code}"

    def entry(self, text: str) -> tuple[str, str]:
        """The kind that is added, and its line."""
        return split_kind(text, self._kind)

    def _bare(self, rest: str) -> str:
        """A line without what only means something among others: ``after previous``."""
        return split_links([rest])[0][0] if self._what else rest

    # Keys -------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Tab completes or changes the kind; Down brings back what an earlier paste left."""
        line = self.query_one(OneLine)
        if event.key in {"tab", "shift+tab"}:
            event.stop()
            event.prevent_default()
            step = 1 if event.key == "tab" else -1
            marked = line.value[: line.cursor_position].rpartition(" ")[2][:1] in MARKS
            if not self._take(line, step) and not marked:
                self._change_kind(line, step)
        elif event.key == "down" and self._kept:
            event.stop()
            event.prevent_default()
            self.recall = True
            self.dismiss(line.value)

    def take_paste(self, text: str) -> None:
        """Several lines are previewed, with what was typed before and after them; one line is put in."""
        line = self.query_one(OneLine)
        if self._what or sum(1 for part in text.splitlines() if part.strip()) < 2:
            super().take_paste(text)
            return
        at = line.cursor_position
        self.pasted = f"{line.value[:at]}{text.rstrip()}{line.value[at:]}"
        self.dismiss(line.value)

    def _take(self, line: Input, step: int) -> bool:
        taken = self._taken
        if taken is not None and taken.value == line.value:
            self._put(line, replace(taken, at=(taken.at + step) % len(taken.candidates)))
            return True
        typed, after = line.value[: line.cursor_position], line.value[line.cursor_position :]
        offered = self._offer(typed)
        if offered is not None:
            start, candidates = offered
            self._put(line, Taken(typed[:start], after.lstrip(" "), candidates, 0 if step > 0 else len(candidates) - 1))
        return offered is not None

    def _put(self, line: Input, taken: Taken) -> None:
        self._taken = taken
        line.value = taken.value
        line.cursor_position = taken.cursor

    def _offer(self, typed: str) -> tuple[int, tuple[Candidate, ...]] | None:
        """What the word before the cursor could become; what words are looked up in is kept while nothing changes."""
        data = self._project.data
        if self._completing is None or self._completing[0] is not data:
            self._completing, self._offer_of = (data, Completing(data)), ("", "", None)
        if self._offer_of[:2] != (self._kind, typed):
            kind, rest = self.entry(typed)
            offer = self._completing[1].offer(kind, rest)
            found = (len(typed) - len(rest) + offer.start, offer.candidates) if offer else None
            self._offer_of = self._kind, typed, found
        return self._offer_of[2]

    def _change_kind(self, line: Input, step: int) -> None:
        """The next kind; a prefix gives way to it."""
        kind, rest = self.entry(line.value)
        self._kind = ORDER[(ORDER.index(kind) + step) % len(ORDER)]
        if rest != line.value:
            line.value = rest
            line.cursor_position = len(rest)
        self._show(line.value)

    # What is said -------------------------------------------------------------------

    def reading(self, text: str) -> Sequence[Cell]:
        """What was understood, what is wrong, and what adding it would do."""
        kind, rest = self.entry(text)
        example: Cell = (("such as  ", "muted"), (EXAMPLES.get(kind, ""), "muted"))
        if text and text == self._refusal[0]:
            return [(self._refusal[1], "bad")]
        if not rest.strip():
            return [example]
        data = self._project.data
        parsed = read_line(kind, self._bare(rest), data, self._project.today)
        return reading_of(parsed, data, self._word_offered(text)) or [example]

    def _word_offered(self, text: str) -> str:
        """The word that is not yet one of those offered for it."""
        return text.rpartition(" ")[2] if self._offered() is not None else ""

    def problem(self, text: str) -> str:
        """Why it can't be added: what is wrong in the line, or with the record under the project's rules."""
        kind, rest = self.entry(text)
        parsed = read_line(kind, self._bare(rest), self._project.data, self._project.today)
        problems = check(self._project, [Draft(parsed)])[0]
        return str(problems[0]) if problems else _closed(parsed, self._project.data)

    def hint(self) -> Cell:
        """The keys."""
        hints = [
            ("⏎", " keep" if self._what else " add"),
            ("Tab", " other kind"),
            ("risk: cost: …", " begin with one"),
        ]
        if self._offered() is not None:
            hints[1:] = [("Tab", " takes it, again the next")]
        hints += [("↓", f" {self._kept} kept")] if self._kept else []
        hints += [("Esc", " leave")]
        return tuple(span for key, word in hints for span in ((key, "accent"), (f"{word}   ", "muted")))

    def _offered(self) -> tuple[int, tuple[Candidate, ...]] | None:
        """The candidates that are shown, and which of them is in the line; -1 where none is yet."""
        line = self.query_one(Input)
        if self._taken is not None and self._taken.value == line.value:
            return self._taken.at, self._taken.candidates
        offer = self._offer(line.value[: line.cursor_position])
        return (-1, offer[1]) if offer else None

    def _show(self, text: str, problem: str = "") -> None:
        self.typed = text
        label = self.label_of(self.entry(text)[0])
        if label != self._label:
            self._label = label
            self.query_one("#label", Label).update(safe(label))
            self.on_resize()
        offered = self._offered()
        lines: list[Cell] = [(problem, "bad")] if problem else list(self.reading(text))
        lines.append(self.hint())

        def document(width: int) -> list[tuple[Span, ...]]:
            found = [candidate_row(offered[1], offered[0], width)] if offered else []
            return [*found, *(part for line in lines for part in flow(line, width))]

        self.query_one("#reading", DocumentView).set_document(document)


def reading_of(parsed: ParsedLine, data: ProjectData, unfinished: str = "") -> list[Cell]:
    """What was understood of a line, what is wrong, who is new, and what was kept as text, a line each.

    A word that is ``unfinished`` is no new person yet.
    """
    understood: list[Span] = []
    repeats: list[Span] = []
    for part in parsed.understood:
        if part.field == "repeats":
            repeats += [(f"{part.label} ", "muted"), *((f"{day} ", "strong") for day in _DAYS.split(part.words))]
        else:
            understood += [(f"{part.label} ", "muted"), (f"{part.words}   ", "strong")]
    lines: list[Cell] = [tuple(row) for row in (understood, repeats) if row]
    lines += _money_lines(parsed, data)
    lines += [(str(problem), "bad") for problem in parsed.problems[:3]]
    new = (handle for handle in unknown_people(parsed, data) if f"@{handle}" != unfinished)
    lines += [(f"new person {handle}, unconfirmed", "warn") for handle in new]
    return [*lines, *((said, "warn") for said in parsed.said[:2])]


def candidate_row(candidates: Sequence[Candidate], chosen: int, width: int) -> tuple[Span, ...]:
    """Candidates side by side, what was typed of each marked, as many as there is room for; at least one."""
    row: list[Span] = []
    used = 0
    for at, candidate in enumerate(candidates):
        shown = safe(candidate.shown)
        size = width_of(shown) + 3
        if row and used + size > width:
            more = f"+{len(candidates) - at}"
            row += [(more, "muted")] if used + width_of(more) <= width else []
            break
        tone = "strong" if at == max(0, chosen) else "muted"
        begin, end = candidate.at, candidate.at + candidate.typed
        row += [(shown[:begin], tone), (shown[begin:end], "accent"), (shown[end:], tone), ("   ", "")]
        used += size
    return tuple(span for span in row if span[0])


def unknown_people(parsed: ParsedLine, data: ProjectData) -> list[str]:
    """Handles in a line that nobody of the project has; they would be added, unconfirmed."""
    fields = BY_KIND[parsed.kind].fields
    handles: list[str] = []
    for name, value in parsed.values.items():
        kind = fields[name].kind if name in fields and name != "handle" else None
        if kind is Kind.PERSON and value:
            handles.append(str(value))
        elif kind is Kind.PEOPLE and isinstance(value, tuple):
            handles += map(str, value)
    return [handle for handle in dict.fromkeys(handles) if data.person(handle) is None]


def _money_lines(parsed: ParsedLine, data: ProjectData) -> list[Cell]:
    """Of a cost: why its month takes none, or what it leaves on its budget line."""
    if parsed.kind != "cost":
        return []
    from pmtui.screens.entry_line import what_is_left  # the budget's rules are loaded where money is typed

    why, left = _closed(parsed, data), what_is_left(parsed, data)
    return [(why, "bad")] if why else [left] if left else []


def _closed(parsed: ParsedLine, data: ProjectData) -> str:
    if parsed.kind != "cost":
        return ""
    from pmtui.screens.entry_line import closed

    return closed(parsed, data)
