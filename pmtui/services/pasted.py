"""Lines that were pasted, before they are added: what each becomes, which are left out, what is wrong with which."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pmtui.domain.dates import say_date
from pmtui.domain.pasting import PastedLine, parents, split_paste
from pmtui.domain.quickgrammar import ORDER, ParsedLine, split_kind
from pmtui.domain.quickline import read_line
from pmtui.domain.templates import NO_SUCH_LINE, PREVIOUS, split_links
from pmtui.domain.text import fold
from pmtui.services.adding import Draft, add_drafts, check
from pmtui.services.project import OpenProject, Outcome


class State(StrEnum):
    """How a line stands."""

    GOOD = "good"
    BAD = "bad"
    WAITS = "waits"
    OUT = "left out"


@dataclass(slots=True, eq=False)
class Pasted:
    """One line: as it stands now, and what it would become.

    ``above`` is the line that it is indented under, ``names`` the titles of those that its task waits for, and
    ``after`` these lines. ``number`` is its record's once it was added. ``problems`` says why it can't be added,
    ``said`` what is doubtful; ``waits_for`` is the line that has to be added before.
    """

    line: int
    text: str
    depth: int
    above: "Pasted | None"
    state: State
    parsed: ParsedLine
    names: tuple[str, ...] = ()
    after: list["Pasted"] = field(default_factory=list)
    number: str = ""
    problems: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    waits_for: int = 0

    @property
    def is_out(self) -> bool:
        """Whether it is not to be added."""
        return self.state is State.OUT

    @property
    def is_there(self) -> bool:
        """Whether it was added."""
        return bool(self.number)

    @property
    def title(self) -> str:
        """The title that others name it by."""
        return str(self.parsed.values.get("title", ""))


class PastedLines:
    """A text over a project, a record a line; ``kind`` is that of the lines that name none themselves."""

    def __init__(self, project: OpenProject, text: str, kind: str) -> None:
        self.project = project
        self.kind = kind
        self._read_at = project.sequence
        lines = split_paste(text, kind)
        self._all: list[Pasted] = []
        for line, above in zip(lines, parents(lines), strict=True):
            state = State.OUT if line.ticked else State.GOOD
            over = self._all[above] if above is not None else None
            parsed, names = self._read(line.text)
            self._all.append(Pasted(line.line, line.text, self._depth(line, lines), over, state, parsed, names))
        self._judge()

    @property
    def lines(self) -> list[Pasted]:
        """Those that are not added yet."""
        return [line for line in self._all if not line.is_there]

    def count(self, state: State) -> int:
        """How many lines stand so."""
        return sum(1 for line in self.lines if line.state is state)

    def edit(self, line: Pasted, text: str) -> None:
        """Another text in its place; it is taken in."""
        line.text, line.state = text, State.GOOD
        line.parsed, line.names = self._read(text)
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
        """Add every line that is good, as one change; the others stay to be mended.

        Raises :class:`Refused` where a rule forbids it, and the store's errors; nothing is added then.
        """
        good = [line for line in self.lines if line.state is State.GOOD]
        outcome = add_drafts(self.project, self._drafts(good))
        for line, number in zip(good, outcome.numbers, strict=True):
            line.number = number
        self._read_all()
        return outcome

    def as_text(self) -> str:
        """The lines that are left, to be kept: pasted again they are the same; those left out have a ticked box."""
        return "\n".join(map(self._kept, self.lines))

    def _kept(self, line: Pasted) -> str:
        over = self._over(line)
        text = split_links([line.text])[0][0] if line.names else line.text
        text += f" parent:{over.number}" if over is not None and over.is_there else ""
        there = [other.number for other in line.after if other.is_there]
        waiting = [f'"{other.title}"' for other in line.after if not other.is_there]
        waiting += [f'"{name}"' for name in line.names if not line.after]
        text += f" after {', '.join(there)}" if there else ""
        text += f" after {', '.join(waiting)}" if waiting else ""
        return f"{'  ' * line.depth}{'- [x] ' if line.is_out else '- '}{text}"

    @staticmethod
    def _depth(line: PastedLine, lines: Sequence[PastedLine]) -> int:
        depth, above = 0, line.above
        while above is not None:
            depth, above = depth + 1, lines[above].above
        return depth

    def _read(self, text: str) -> tuple[ParsedLine, tuple[str, ...]]:
        (bare,), (names,) = split_links([text])
        kind, rest = split_kind(bare, self.kind)
        return read_line(kind, rest, self.project.data, self.project.today), names

    def _read_all(self) -> None:
        self._read_at = self.project.sequence
        for line in self.lines:
            line.parsed, line.names = self._read(line.text)
        self._judge()

    def _over(self, line: Pasted) -> Pasted | None:
        """The task that a line's task would be a part of: the nearest above it that is not left out."""
        over = line.above if line.parsed.kind == "task" else None
        while over is not None and (over.is_out or over.parsed.kind != "task"):
            over = over.above
        return over

    def _linked(self) -> None:
        """Look up what each line waits for, by its title or as the one before it beside it; what is left out is not."""
        by_title = {fold(line.title): line for line in reversed(self._all) if line.title}
        before: dict[int, Pasted] = {}
        for line in self._all:
            found = [before.get(id(line.above)) if n == PREVIOUS else by_title.get(fold(n)) for n in line.names]
            line.after = [other for other in found if other is not None and not other.is_out and other is not line]
            line.problems = [
                f"after: {name!r}: {NO_SUCH_LINE}"
                for name, other in zip(line.names, found, strict=True)
                if other is None and not (name == PREVIOUS and line.is_out)
            ]
            if not line.is_out:
                before[id(line.above)] = line

    def _drafts(self, lines: Sequence[Pasted]) -> list[Draft]:
        places = {id(line): at for at, line in enumerate(lines)}
        drafts: list[Draft] = []
        for line in lines:
            over = self._over(line)
            above = places.get(id(over)) if over is not None else None
            parent = over.number if over is not None else ""
            after = tuple(places[id(other)] for other in line.after if id(other) in places)
            follows = tuple(other.number for other in line.after if other.is_there)
            drafts.append(Draft(line.parsed, above, parent, after, follows, line.line))
        return drafts

    def _judge(self) -> None:
        """How each line stands now: what is part of a bad one, or comes after it, waits for it."""
        self._linked()
        taken = [line for line in self.lines if not line.is_out]
        for line, problems in zip(taken, check(self.project, self._drafts(taken)), strict=True):
            line.problems += [str(problem) for problem in problems]
            line.said, line.waits_for = self._doubtful(line), 0
            line.state = State.BAD if line.problems else State.GOOD
        waiting: dict[int, list[Pasted]] = {}
        for line in taken:
            for other in filter(None, (self._over(line), *line.after)):
                waiting.setdefault(id(other), []).append(line)
        held = [line for line in taken if line.state is State.BAD]
        for line in held:  # it grows: what waits for what waits
            for other in waiting.get(id(line), ()):
                if other.state is State.GOOD:
                    other.state, other.waits_for = State.WAITS, line.waits_for or line.line
                    held.append(other)

    def _doubtful(self, line: Pasted) -> list[str]:
        """Days off among the days when work is to begin or end."""
        calendar, today = self.project.data.calendar, self.project.today
        days = {day_of(line.parsed.values.get(name)) for name in ("start", "due", "forecast", "target_date")}
        off = sorted(day for day in days if day is not None and not calendar.is_working(day))
        return [f"{say_date(day, today)} is no working day" for day in off]


def day_of(value: object) -> dt.date | None:
    """The day of a date or a moment; ``None`` for anything else."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None
