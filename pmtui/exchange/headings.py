"""Which column of a file holds which field: headings recognised, given by hand, or left out and said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.records import BY_KIND, RecordType
from pmtui.domain.records.base import STAMPS
from pmtui.domain.text import clean, fold
from pmtui.exchange.amounts_in import NO_UNIT, Unit, unit_of

FIGURE = "="
"""What the role of a column begins with whose values follow from others; the value's name comes after."""

ID, WBS, LEFT_OUT = "id", "wbs", "-"
"""Columns that are no field: the row's id in its file, its outline number, nothing."""

IMPORTED = (
    *("task", "risk", "cost"),
    *("issue", "person", "budget line", "milestone", "deliverable", "change", "decision", "meeting", "hours"),
)
"""The kinds that a CSV can hold; the first three come first where headings fit two kinds alike."""

FIRST = IMPORTED[:3]

GIVEN = {
    "risk": {"owner", "review_date"},
    "issue": {"owner"},
    "change": {"requester"},
    "cost": {"date"},
    "person": {"handle"},
    "hours": {"who"},
}
"""Required fields that a file may leave out: an import gives them a value, and says so."""

_HIDDEN_BUT_IMPORTED = {"status", "blocked_reason", "cancelled_reason", "void_reason"}
_IDS = ("id", "unique id", "uid", "external id", "key", "number", "no", "nr", "ref", "reference", "row", "#")
_IDS_OF = {"budget line": ("project id",)}
_OUTLINE = ("wbs", "wbs code", "outline number")
_FORENAMES = ("firstname", "first name", "given name", "forename")
_SURNAMES = ("lastname", "last name", "surname", "family name")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: its place (from 0), its heading as written, and what it is taken for."""

    place: int
    heading: str
    field: Field | None = None
    unit: Unit = NO_UNIT
    role: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file read as one kind of record."""

    type: RecordType
    columns: tuple[Column, ...]
    left_out: tuple[str, ...] = ()

    @property
    def taken(self) -> int:
        """How many columns say something about the record itself."""
        return sum(1 for column in self.columns if column.field is not None)

    @property
    def missing(self) -> list[str]:
        """Labels of the required fields that no column holds."""
        held = {column.field.name for column in self.columns if column.field is not None}
        given = GIVEN.get(self.type.kind, set())
        return [f.label for f in self.type.fields.values() if f.required and f.name not in held | given]

    def of_role(self, role: str) -> int:
        """The place of the column with this role; -1 where there is none."""
        return next((column.place for column in self.columns if column.role == role), -1)


@dataclass
class _Search:
    """The best column found for each field so far, as headings are gone through."""

    ranks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def offer(self, name: str, rank: int, place: int) -> None:
        if name not in self.ranks or rank < self.ranks[name][0]:
            self.ranks[name] = (rank, place)


def plain_heading(heading: str) -> str:
    """A heading as it is compared: case, accents, blanks and marks do not count; ``%`` is ``percent``."""
    text = fold(clean(heading)).replace("%", "percent")
    return re.sub(r"[\W_]+", "", text) or text.strip()


def importable(record_type: RecordType) -> dict[str, Field]:
    """The fields that a file may set, by name."""
    return {
        name: f
        for name, f in record_type.fields.items()
        if name not in STAMPS
        and f.kind is not Kind.STRUCTURE
        and (f.form or f.headings or name in _HIDDEN_BUT_IMPORTED)
    }


def lay_out(record_type: RecordType, headings: Sequence[str], given: Mapping[int, str]) -> Layout | None:
    """How a file's columns are read as this kind; ``None`` where a column given by hand fits no field of it.

    The second of two equal headings is never taken by itself: a tracker repeats "Impact Score" for
    the residual risk, and the two must not be mixed.
    """
    fields = importable(record_type)
    by_hand = {place: _target(fields, name) for place, name in given.items()}
    if any(target is None for target in by_hand.values()):
        return None
    found = _Search()
    seen: set[str] = set()
    for place, heading in enumerate(headings):
        plain = plain_heading(heading)
        if plain and plain not in seen and place not in by_hand:
            _offer(found, record_type, fields, place, heading)
        seen.add(plain)
    chosen = {place: name for name, (_, place) in found.ranks.items() if name.partition(":")[0] not in by_hand.values()}
    chosen |= {place: str(target) for place, target in by_hand.items()}
    columns = tuple(_column(fields, place, heading, chosen.get(place, "")) for place, heading in enumerate(headings))
    left = tuple(c.heading for c in columns if c.heading and c.field is None and not c.role)
    return Layout(record_type, columns, left)


def _column(fields: Mapping[str, Field], place: int, heading: str, target: str) -> Column:
    shown = clean(heading)
    name = target.partition(":")[0]
    if name in fields and (name == target or fields[name].kind is Kind.TEXT):
        return Column(place, shown, fields[name], unit_of(shown)[1])
    return Column(place, shown, unit=unit_of(shown)[1] if target.startswith(FIGURE) else NO_UNIT, role=target)


def _offer(found: _Search, record_type: RecordType, fields: Mapping[str, Field], place: int, heading: str) -> None:
    plain, bare = plain_heading(heading), plain_heading(unit_of(clean(heading))[0])
    ranks = {name: rank for name, f in fields.items() if (rank := _rank(f, plain, bare)) is not None}
    if ranks:
        name = min(ranks, key=lambda n: ranks[n])
        several = fields[name].kind is Kind.TEXT
        found.offer(f"{name}:{place}" if several else name, ranks[name], place)
        return
    derived = {plain_heading(name): name for name in record_type.derived}
    if plain in derived or (bare in derived and "percent" not in plain):
        found.offer(f"{FIGURE}{derived[plain if plain in derived else bare]}", 0, place)
        return
    if record_type.kind == "person" and (part := _part_of_name(plain)):
        found.offer(f"full_name:{part}", 100, place)
        return
    ids = (*(f"{word} id" for word in record_type.words), *_IDS_OF.get(record_type.kind, ()), *_IDS)
    for part in (heading, *heading.split("/")):
        for rank, name in enumerate(ids):
            if plain_heading(part) == plain_heading(name):
                found.offer(ID, rank, place)
                return
    if plain in {plain_heading(name) for name in _OUTLINE}:
        found.offer(WBS, 0, place)


def _rank(f: Field, plain: str, bare: str) -> int | None:
    if plain in {plain_heading(f.name), plain_heading(f.label)}:
        return 0
    names = [plain_heading(name) for name in f.headings]
    for wanted, step in ((plain, 1), (bare, 50)):
        if wanted in names:
            return step + names.index(wanted)
    return 49 if bare in {plain_heading(f.name), plain_heading(f.label)} else None


def _part_of_name(plain: str) -> str:
    if plain in {plain_heading(name) for name in _FORENAMES}:
        return "first"
    return "last" if plain in {plain_heading(name) for name in _SURNAMES} else ""


def _target(fields: Mapping[str, Field], name: str) -> str | None:
    """The field or role that a name given by hand means."""
    wanted = plain_heading(name)
    if name.strip() in {ID, WBS, LEFT_OUT}:
        return name.strip()
    ranked = {n: rank for n, f in fields.items() if (rank := _rank(f, wanted, wanted)) is not None}
    return min(ranked, key=lambda n: ranked[n]) if ranked else None


def read_columns(items: Iterable[str]) -> dict[str, str]:
    """``--map`` as it is written: ``column A=title``; ``id`` is the row's own id, ``-`` leaves a column out.

    Raises :class:`Refused` for one without ``=``.
    """
    columns: dict[str, str] = {}
    for item in items:
        heading, equals, name = item.rpartition("=")
        if not equals or not heading.strip() or not name.strip():
            raise Refused([Problem("--map", item, 'allowed: HEADING=FIELD, such as --map "column A=title"')])
        columns[heading.strip()] = name.strip()
    return columns


def place_columns(headings: Sequence[str], columns: Mapping[str, str]) -> dict[int, str]:
    """The columns given by hand, by place. ``Impact Score#2`` is the second column of that heading.

    Raises :class:`Refused` for a heading the file does not have.
    """
    plain = [plain_heading(heading) for heading in headings]
    placed: dict[int, str] = {}
    for heading, name in columns.items():
        begin, _, count = heading.rpartition("#")
        numbered = bool(begin) and count.isdecimal() and plain_heading(heading) not in plain
        wanted = plain_heading(begin if numbered else heading)
        places = [place for place, have in enumerate(plain) if have == wanted]
        which = int(count) if numbered else 1
        if not 1 <= which <= len(places):
            there = ", ".join(clean(have) for have in headings if have.strip())
            raise Refused([Problem("--map", heading, f"the file has no such heading; it has: {there}")])
        placed[places[which - 1]] = name
    return placed


def choose(headings: Sequence[str], given: Mapping[int, str], kind: str, file_name: str) -> Layout:
    """The kind of record that the headings fit best, and their layout.

    Raises :class:`Refused` where none fits, or two fit alike, or the kind asked for lacks a required column.
    """
    if kind:
        layout = lay_out(BY_KIND[kind], headings, given)
        if layout is None:
            raise Refused([_unknown_field(BY_KIND[kind], given)])
        if layout.missing:
            raise Refused(_lacking(layout, headings))
        return layout
    layouts = [layout for name in IMPORTED if (layout := lay_out(BY_KIND[name], headings, given)) is not None]
    fitting = [layout for layout in layouts if layout.taken and not layout.missing]
    if not fitting:
        raise Refused(_none_fits(headings, layouts))
    most = max(layout.taken for layout in fitting)
    best = [layout for layout in fitting if layout.taken == most]
    named = [layout for layout in best if layout.type.words[0] in fold(file_name)]
    first = [layout for layout in best if layout.type.kind in FIRST]
    for some in (best, named, first):
        if len(some) == 1:
            return some[0]
    ask = " or ".join(f"--as {layout.type.table.replace('_', '-')}" for layout in best)
    raise Refused(f"the headings fit {_listed([layout.type.words[1] for layout in best])} alike; say which: {ask}")


def _unknown_field(record_type: RecordType, given: Mapping[int, str]) -> Problem:
    fields = importable(record_type)
    wrong = next(name for name in given.values() if _target(fields, name) is None)
    return Problem("--map", wrong, f"a {record_type.words[0]} has: id, wbs, {', '.join(fields)}")


def _lacking(layout: Layout, headings: Sequence[str]) -> str:
    lacks = _listed(layout.missing)
    return f"no column for {lacks} of {layout.type.words[1]}. {_how(layout.type, headings)}"


def _none_fits(headings: Sequence[str], layouts: Sequence[Layout]) -> str:
    if all(re.fullmatch(r"[\d.,+*\s-]*", heading) for heading in headings):
        return "the first line has no headings but numbers; a CSV begins with the names of its columns"
    best = max(layouts, key=lambda layout: (layout.taken, -len(layout.missing)), default=None)
    if best is None or not best.taken:
        return f"no heading was recognised. {_how(BY_KIND['task'], headings)}"
    near = f"nearest are {best.type.words[1]}, without a column for {_listed(best.missing)}"
    return f"the headings fit no kind of record: {near}. {_how(best.type, headings)}"


def _how(record_type: RecordType, headings: Sequence[str]) -> str:
    found = ", ".join(f"“{clean(heading)}”" for heading in headings if heading.strip()) or "none"
    table = record_type.table.replace("_", "-")
    example = next((clean(heading) for heading in headings if heading.strip()), "column A")
    return (
        f"The file's headings: {found}. Fields of {record_type.words[1]}: {', '.join(importable(record_type))}. "
        f'Name them with --map "{example}={record_type.title}" (as often as needed) and --as {table}'
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
