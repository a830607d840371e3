"""What is wrong with a value, said with its place and what is allowed."""

from collections.abc import Iterable

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong: the record and field it is in, the value found, what is allowed."""

    field: str
    value: str
    allowed: str
    number: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line is not None else []
        place += [part for part in (self.number, self.field) if part]
        shown = self.value if len(self.value) <= 80 else self.value[:79] + "…"
        return f"{' '.join(place)}: {shown!r}: {self.allowed}" if shown else f"{' '.join(place)}: {self.allowed}"


class Refused(Exception):
    """What was asked would break a rule; nothing was changed."""

    def __init__(self, problems: Iterable[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        super().__init__(problems if isinstance(problems, str) else "\n".join(map(str, self.problems)))
