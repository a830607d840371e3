"""One cell to the value of a field, the way a whole file writes its dates and amounts."""

import datetime as dt
import re
from dataclasses import dataclass, field

from pmtui.domain.fields import Field, Kind
from pmtui.domain.flow import plain
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.text import LINE_LIMIT, clean
from pmtui.domain.values import Reading, read_value
from pmtui.exchange.amounts_in import NO_UNIT, Unit, read_amount
from pmtui.exchange.dates_in import read_day, read_time
from pmtui.exchange.rows import Named
from pmtui.exchange.words_in import NOTHING, WORDS, read_people, read_person, read_step

_ANY_DAY = dt.date(2000, 1, 1)
_WORDY = {Kind.LINE, Kind.TEXT, Kind.TAGS, Kind.LINKS}


@dataclass
class Style:
    """How one file writes; the people that its cells name are gathered here, the fullest name of each."""

    kind: str
    day_first: bool | None = None
    comma: bool | None = None
    people: dict[str, Named] = field(default_factory=dict)

    def meet(self, person: Named) -> str:
        """Take note of a person; their handle."""
        known = self.people.get(person.handle, person)
        self.people[person.handle] = Named(
            person.handle, known.full_name or person.full_name, known.email or person.email
        )
        return person.handle


def is_empty(f: Field, text: str) -> bool:
    """Whether a cell says nothing for this field."""
    bare = text.strip()
    return not bare or (f.kind not in _WORDY and bare.lower() in NOTHING)


def read_cell(f: Field, text: str, style: Style, unit: Unit = NO_UNIT) -> object:
    """The value in a cell that is not empty.

    Raises :class:`Refused` with the field, the value and what is allowed.
    """
    try:
        return _read(f, text, style, unit)
    except ValueError as error:
        said = str(error)
        why = said if said.startswith(("allowed", "doubtful", "a time zone", "there is", "is ")) else f.allowed
        raise Refused([Problem(f.name, clean(text), why)]) from None


def _read(f: Field, text: str, style: Style, unit: Unit) -> object:
    if f.kind is Kind.DATE:
        return read_day(clean(text), style.day_first)
    if f.kind is Kind.MOMENT:
        return read_time(clean(text), style.day_first)
    if f.kind is Kind.MONEY and f.decimals > 2:
        return read_value(f, text, Reading(_ANY_DAY))
    if f.kind is Kind.MONEY:
        return read_amount(clean(text), style.comma, unit)
    if f.name == "handle":
        return read_person(text).handle
    if f.kind is Kind.PERSON:
        people = read_people(text)
        for person in people:
            style.meet(person)
        return people[0].handle if people else ""
    if f.kind is Kind.PEOPLE:
        return tuple(dict.fromkeys(style.meet(person) for person in read_people(text)))
    return _read_plain(f, text, style)


def _read_plain(f: Field, text: str, style: Style) -> object:
    if f.kind is Kind.SCALE:
        return read_step(clean(text))
    if f.kind is Kind.CHOICE:
        bare = re.sub(r"^\s*\d+\s*[-.:]\s*", "", clean(text))
        text = WORDS.get((style.kind, f.name), {}).get(plain(bare)) or _choice(f, bare)
    elif f.kind is Kind.PERCENT:
        text = _whole(text.replace("%", ""))
    elif f.kind is Kind.INTEGER:
        text = _whole(text)
    elif f.kind is Kind.HOURS:
        if len(text) > 20:
            raise ValueError(f.allowed)
        text = re.sub(r"(?<=[a-z])\.?\?$", "", text.strip(), flags=re.IGNORECASE)
    return read_value(f, text, Reading(_ANY_DAY))


def _choice(f: Field, text: str) -> str:
    """The choice itself: a file's word is never completed to one that begins so."""
    for choice in f.choices:
        if plain(choice) == plain(text):
            return choice
    raise ValueError(f.allowed)


def _whole(text: str) -> str:
    """``50.0`` is 50; other fractions stay, to be refused."""
    return re.sub(r"[.,]0+$", "", clean(text))


def is_cut(f: Field, text: str) -> bool:
    """Whether a one-line field can't hold all of the text."""
    return f.kind is Kind.LINE and len(" ".join(text.split())) > LINE_LIMIT
