"""What a file of another tool says, before anything is known of the project it goes to."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pmtui.domain.problems import Problem


@dataclass(frozen=True, slots=True)
class Ref:
    """A field that names other records: a row of the same file by its key, else a record by its words.

    ``text`` is what the file has, for messages and for looking it up in the project: a number
    such as ``T-2``, the code of a deliverable, the category of a budget line.
    """

    field: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a file that follows from its others, and the step it is written in: 0.01 for two decimals."""

    value: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One record as a file tells it.

    ``key`` is its id in the file, or what stands for one; ``line`` where it begins (0: unknown).
    ``values`` holds only what the file says, ``defaults`` what a record needs that is not here yet.
    ``figures`` are numbers that follow from the others, to be compared with what really follows.
    ``of_known`` marks a row that may change a record but never makes one, ``own`` one whose key was given to its
    record here. A row with ``problems`` is bad.
    """

    kind: str
    key: str
    line: int
    title: str
    values: Mapping[str, object]
    defaults: Mapping[str, object] = field(default_factory=dict)
    refs: tuple[Ref, ...] = ()
    problems: tuple[Problem, ...] = ()
    of_known: bool = False
    figures: Mapping[str, Figure] = field(default_factory=dict)
    own: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A person as a file names them; ``handle`` is made from the name or the e-mail."""

    handle: str
    full_name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class FileContent:
    """All that a file says: its rows, the people it names, and what was left out of it (``notes``).

    ``currencies`` are those its amounts can be in; empty where it names none. ``is_plan`` says that this is
    another tool's whole plan: amounts in another currency than the project's are left out, not taken as they
    stand, and outline codes that are taken here already give way. ``ids_of`` is what its ids are said to be of, where
    they are the same in any file.
    """

    source: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    people: tuple[Named, ...] = ()
    currencies: frozenset[str] = frozenset()
    is_plan: bool = False
    ids_of: str = ""

    @property
    def origin(self) -> str:
        """What external ids of its rows are said to be of: the file's name, unless they hold in any file."""
        return self.ids_of or self.source

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with its rows, in their order."""
        return tuple(problem for row in self.rows for problem in row.problems)


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How the user says a file is to be read; what is empty is found out from the file.

    ``kind`` is a record kind, ``columns`` gives headings their fields, ``day_first`` settles 04/05/2026. A calendar's
    moments are told in ``zone``, its series from ``today`` on.
    """

    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    zone: dt.tzinfo = dt.UTC
    today: dt.date = dt.date.min


SYMBOLS: Mapping[str, frozenset[str]] = {
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "GIP", "FKP", "SHP", "EGP", "SSP"}),
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"}),
    "¥": frozenset({"JPY", "CNY"}),
}
"""The currencies (ISO 4217) that a sign commonly stands for."""
