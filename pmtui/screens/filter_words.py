"""What could end the word that is being typed in a filter: people, tags, fields, their choices, saved filters."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pmtui.domain.fields import Field, Kind
from pmtui.domain.filterfacts import FACTS
from pmtui.domain.filterterms import fields_named
from pmtui.domain.records import TYPES
from pmtui.domain.text import fold

if TYPE_CHECKING:
    from pmtui.screens.filtering import FilteredView

MOST = 40
_OPENS = "-("
_FIELDS = {name for kind in TYPES for name, known in kind.fields.items() if known.kind is not Kind.STRUCTURE}
_SIGNS = ("<=", ">=", "!=", ":", "=", "<", ">")


@dataclass
class Completing:
    """A line whose word is being completed: what stands before and after it, and the ways to complete it."""

    before: str
    after: str
    ways: list[str]
    line: str = ""
    at: int = field(default=-1)

    def next(self) -> tuple[str, int]:
        """The line with the next way, and where the cursor then stands."""
        self.at = (self.at + 1) % len(self.ways)
        begun = self.before + self.ways[self.at]
        self.line = begun + self.after
        return self.line, len(begun)


def completions(view: "FilteredView", line: str, cursor: int) -> Completing | None:
    """The ways to complete the word before the cursor; ``None`` where there are none."""
    before, after = line[:cursor], line[cursor:]
    word = before.rpartition(" ")[2].lstrip(_OPENS)
    if not word:
        return None
    begun, typed = before[: len(before) - len(word)], fold(word)
    ways = [way for way in _ways(view, word) if fold(way).startswith(typed) and fold(way) != typed][:MOST]
    return Completing(begun, after, [way if way.endswith(":") else f"{way} " for way in ways]) if ways else None


def _ways(view: "FilteredView", word: str) -> Iterator[str]:
    mark = word[0]
    if mark == "=":
        yield from (f"={name}" for name in view.saved_filters())
    elif mark == "@":
        yield from (f"@{handle}" for handle in _people(view))
    elif mark == "#":
        yield from (f"#{tag}" for tag in _tags(view))
    elif mark == "!":
        yield from (f"!{choice}" for choice in _choices("priority"))
    else:
        sign = next((sign for sign in _SIGNS if sign in word), "")
        yield from _values(view, word, sign) if sign else _names()


def _names() -> Iterator[str]:
    """Facts, then the names of fields."""
    yield from sorted(FACTS)
    names = {
        name for record_type in TYPES for name, found in record_type.fields.items() if found.kind is not Kind.STRUCTURE
    }
    yield from (f"{name}:" for name in sorted({*names, "has", "no", "is", "project"}))


def _values(view: "FilteredView", word: str, sign: str) -> Iterator[str]:
    """Values of the field before a sign; of a list its last."""
    name, _, value = word.partition(sign)
    listed = value.rpartition(",")[0]
    begun = f"{name}{sign}{listed}," if listed else f"{name}{sign}"
    if name == "is":
        found = [*sorted(FACTS), *(t.kind.replace(" ", "-") for t in TYPES), *view.saved_filters()]
    elif name in {"has", "no"}:
        found = sorted(
            {name for record_type in TYPES for name, f in record_type.fields.items() if f.kind is not Kind.STRUCTURE}
        )
    elif name == "project":
        found = [project.code for project in view.desk.shown_all()]
    else:
        found = [way for known in _of_kinds(name) for way in _of(view, known)]
    yield from (f"{begun}{way}" for way in dict.fromkeys(found))


def _of_kinds(name: str) -> list[Field]:
    return [known for _, known in fields_named(name)]


def _of(view: "FilteredView", known: Field) -> list[str]:
    if known.kind in {Kind.PERSON, Kind.PEOPLE}:
        return [*_people(view), "me", "none"]
    if known.kind is Kind.TAGS:
        return _tags(view)
    if known.kind in {Kind.DATE, Kind.MOMENT}:
        return ["today", "tomorrow", "week", "next-week", "last-week", "month", "next-month", "none", "any"]
    return [*_choices(known.name, known.choices), "none", "any"]


def _choices(name: str, choices: tuple[str, ...] = ()) -> list[str]:
    found = choices or tuple(dict.fromkeys(c for t in TYPES if name in t.fields for c in t.fields[name].choices))
    return [choice.replace(" ", "-") for choice in found]


def _people(view: "FilteredView") -> list[str]:
    return sorted({p.handle for project in view.shown_projects() for p in project.data.people.values()})


def _tags(view: "FilteredView") -> list[str]:
    records = (record for project in view.shown_projects() for record in project.data.records())
    return sorted({tag for record in records for tag in record.tags})
