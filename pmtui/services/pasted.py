"""Lines that were pasted, before they are added: what each becomes, which are left out, what is wrong with which."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pmtui.domain.pasting import PastedLine, parents, split_paste
from pmtui.domain.quickgrammar import ORDER, ParsedLine, split_kind
from pmtui.domain.quickline import read_line
from pmtui.services.adding import Draft, add_drafts, check
from pmtui.services.project import OpenProject, Outcome


class State(StrEnum):
    """How a line stands."""

    GOOD = "good"
    BAD = "bad"
    WAITS = "waits"
    OUT = "left out"


@dataclass(slots=True)
class Pasted:
    """One line: as it stands now, and what it would become.

    ``above`` is the line that its task is a part of, ``parent`` the number of that task once it was added.
    ``problems`` says why it can't be added; ``waits_for`` is the line that has to be added before.
    """

    line: int
    text: str
    depth: int
    above: "Pasted | None"
    state: State
    parsed: ParsedLine
    parent: str = ""
    problems: list[str] = field(default_factory=list)
    waits_for: int = 0

    @property
    def is_out(self) -> bool:
        """Whether it is not to be added."""
        return self.state is State.OUT


class PastedLines:
    """A pasted text over a project; ``kind`` is that of the lines that name none themselves."""

    def __init__(self, project: OpenProject, text: str, kind: str) -> None:
        self.project = project
        self.kind = kind
        self._read_at = project.sequence
        lines = split_paste(text, kind)
        self.lines: list[Pasted] = []
        for line, above in zip(lines, parents(lines), strict=True):
            state = State.OUT if line.ticked else State.GOOD
            depth = self._depth(line, lines)
            over = self.lines[above] if above is not None else None
            self.lines.append(Pasted(line.line, line.text, depth, over, state, self._parsed(line.text)))
        self._judge()

    def count(self, state: State) -> int:
        """How many lines stand so."""
        return sum(1 for line in self.lines if line.state is state)

    def edit(self, line: Pasted, text: str) -> None:
        """Another text in its place; it is taken in."""
        line.text, line.parsed, line.state = text, self._parsed(text), State.GOOD
        self._judge()

    def toggle(self, lines: Sequence[Pasted]) -> None:
        """Leave lines out; where all of them are out, take them in again."""
        out = all(line.is_out for line in lines)
        for line in lines:
            line.state = State.GOOD if out else State.OUT
        self._judge()

    def next_kind(self, step: int) -> None:
        """Another kind for the lines that name none."""
        self.kind = ORDER[(ORDER.index(self.kind) + step) % len(ORDER)]
        self._read_all()

    def fresh(self) -> None:
        """Read the lines again where the project has changed."""
        if self.project.sequence != self._read_at:
            self._read_all()

    def add(self) -> Outcome:
        """Add every line that is good, as one change; they are taken off, the others stay.

        Raises :class:`Refused` where a rule forbids it, and the store's errors; nothing is added then.
        """
        good = [line for line in self.lines if line.state is State.GOOD]
        outcome = add_drafts(self.project, self._drafts(good))
        for line, number in zip(good, outcome.numbers, strict=True):
            line.parent = number
        added = set(map(id, good))
        for line, over in [(line, self._over(line)) for line in self.lines]:
            if over is not None and id(over) in added:
                line.above, line.parent = None, over.parent
        self.lines = [line for line in self.lines if id(line) not in added]
        self._read_all()
        return outcome

    def as_text(self) -> str:
        """The lines that are left, to be kept: pasted again they are the same; those left out have a ticked box."""
        return "\n".join(map(self._kept, self.lines))

    def _kept(self, line: Pasted) -> str:
        under = f" parent:{line.parent}" if line.parent and self._over(line) is None else ""
        return f"{'  ' * line.depth}{'- [x] ' if line.is_out else '- '}{line.text}{under}"

    @staticmethod
    def _depth(line: PastedLine, lines: Sequence[PastedLine]) -> int:
        depth, above = 0, line.above
        while above is not None:
            depth, above = depth + 1, lines[above].above
        return depth

    def _parsed(self, text: str) -> ParsedLine:
        kind, rest = split_kind(text, self.kind)
        return read_line(kind, rest, self.project.data, self.project.today)

    def _read_all(self) -> None:
        self._read_at = self.project.sequence
        for line in self.lines:
            line.parsed = self._parsed(line.text)
        self._judge()

    def _over(self, line: Pasted) -> Pasted | None:
        """The task that a line's task would be a part of: the nearest above it that is not left out."""
        over = line.above if line.parsed.kind == "task" else None
        while over is not None and (over.is_out or over.parsed.kind != "task"):
            over = over.above
        return over

    def _drafts(self, lines: Sequence[Pasted]) -> list[Draft]:
        places = {id(line): at for at, line in enumerate(lines)}
        drafts: list[Draft] = []
        for line in lines:
            over = self._over(line)
            at = places.get(id(over)) if over is not None else None
            drafts.append(Draft(line.parsed, at, line.parent if over is None else "", line.line))
        return drafts

    def _judge(self) -> None:
        """How each line stands now: what is under a bad one waits for it."""
        taken = [line for line in self.lines if not line.is_out]
        for line, problems in zip(taken, check(self.project, self._drafts(taken)), strict=True):
            line.problems = [str(problem) for problem in problems]
            line.waits_for = 0
            line.state = State.BAD if problems else State.GOOD
            over = self._over(line)
            if not problems and over is not None and over.state is not State.GOOD:
                line.state, line.waits_for = State.WAITS, over.line if over.state is State.BAD else over.waits_for
