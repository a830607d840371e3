"""What a field of a record is: its words, kind, choices and hints, declared once.

A record type's fields are declared as ``Annotated[type, Field(...)]``. Its form, list columns,
filter language, shell command, import headings and JSON follow from these declarations.
"""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """How a field's value is written, read and merged."""

    LINE = "line"
    TEXT = "text"
    INTEGER = "integer"
    PERCENT = "percent"
    HOURS = "hours"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    CHOICE = "choice"
    SCALE = "scale"
    PERSON = "person"
    PEOPLE = "people"
    TAGS = "tags"
    REFERENCE = "reference"
    REFERENCES = "references"
    LINKS = "links"
    REPEATS = "repeats"
    STRUCTURE = "structure"


class Merge(StrEnum):
    """How two people's changes to one field are joined."""

    VALUE = "value"
    ADD = "add"
    SET = "set"
    LINES = "lines"


_MERGE_OF_KIND = {
    Kind.TEXT: Merge.LINES,
    Kind.PEOPLE: Merge.SET,
    Kind.TAGS: Merge.SET,
    Kind.REFERENCES: Merge.SET,
    Kind.LINKS: Merge.SET,
}


class Field(msgspec.Struct, frozen=True):
    """One field: its words and what values it takes.

    ``headings`` are the names other tools give it (for import); ``kinds`` the record kinds a
    reference may name; ``low`` and ``high`` the bounds of a number; ``form`` whether people
    write it by hand; ``additive`` whether two people's changes add up (hours worked). ``decimals`` are
    the most that an amount may have; ``given_by`` names the fields that this one follows from where it is left empty.
    ``kept`` is what pmtui alone writes, whatever way somebody takes.
    """

    label: str
    kind: Kind = Kind.LINE
    required: bool = False
    choices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    form: bool = True
    additive: bool = False
    past: bool = False
    decimals: int = 2
    given_by: tuple[str, ...] = ()
    kept: bool = False
    hint: str = ""
    name: str = ""

    @property
    def merge(self) -> Merge:
        """How two people's changes to this field are joined."""
        return Merge.ADD if self.additive else _MERGE_OF_KIND.get(self.kind, Merge.VALUE)

    @property
    def allowed(self) -> str:
        """What may be written here, in words."""
        if self.hint:
            return self.hint
        if self.choices:
            return "allowed: " + ", ".join(self.choices)
        return {
            Kind.DATE: "allowed: a date such as fri, +2w, eom, 15 dec, 2026-12-15",
            Kind.MOMENT: "allowed: a date and time such as fri 10:00, 2026-12-15 14:30",
            Kind.MONEY: "allowed: an amount such as 1250.50",
            Kind.HOURS: "allowed: hours such as 6, 2.5, 3d (a day is 8 hours)",
            Kind.PERCENT: "allowed: 0 to 100",
            Kind.SCALE: "allowed: 1 to 5",
            Kind.INTEGER: "allowed: a whole number" + self._bounds(),
            Kind.FLAG: "allowed: yes, no",
            Kind.PERSON: "allowed: one person, such as @ana",
            Kind.PEOPLE: "allowed: people, such as @ana @ben",
            Kind.REFERENCE: "allowed: the number of a " + " or ".join(self.kinds or ("record",)),
            Kind.REFERENCES: "allowed: numbers such as T-1 T-2",
            Kind.REPEATS: "allowed: every 2nd tue, every 2 weeks on mon, every month until 30 jun",
        }.get(self.kind, "required" if self.required else "allowed: text")

    def _bounds(self) -> str:
        if self.low is not None and self.high is not None:
            return f" from {self.low:g} to {self.high:g}"
        return f" from {self.low:g}" if self.low is not None else ""
