"""What a cell that names other rows means: ``1,4``, ``RED-II 1d``, ``3FS+2d``, ``#2``, a title."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem
from pmtui.domain.records import split_number
from pmtui.domain.text import clean, fold
from pmtui.exchange.rows import Ref

_SPAN = r"(?:e?d(?:ays?)?|e?h(?:rs?|ours?)?|e?w(?:ks?|eeks?)?|e?mon?s?|min|%)"
_LAG = rf"(?P<lag>(?:\s+[+-]?|[+-])\s*\d+(?:[.,]\d+)?\s*{_SPAN}\??)"
_LINK = re.compile(rf"(?P<name>.+?)(?:(?<=\d)(?P<type>FS|SS|FF|SF))?{_LAG}?", re.IGNORECASE | re.DOTALL)


@dataclass
class RowIndex:
    """The rows of a file by what others may call them: their id, their place, their title.

    Where the file has no ids, a bare number counts its data rows from 1.
    """

    ids: Mapping[str, str]
    titles: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    lags: list[int] = field(default_factory=list)
    other_links: list[int] = field(default_factory=list)

    def key_of(self, text: str) -> str:
        """The key of the row that ``text`` names; empty where none is named so."""
        for index in (self.ids, self.places, self.titles):
            found = index.get(text) or index.get(fold(text))
            if found:
                return found
        return ""


NO_ROWS = RowIndex({}, {})
"""For fields that name records of another kind than the file's."""


def index_rows(keyed: Iterable[tuple[str, str, str]], *, numbered: bool) -> RowIndex:
    """An index over ``(id in the file, title, key)`` of all rows, in order; titles that stand twice name none."""
    ids: dict[str, str] = {}
    titles: dict[str, str] = {}
    twice: set[str] = set()
    places: dict[str, str] = {}
    for place, (own, title, key) in enumerate(keyed, 1):
        if own:
            ids.setdefault(own, key)
            ids.setdefault(fold(own), key)
        if fold(title) in titles:
            twice.add(fold(title))
        titles[fold(title)] = key
        places[str(place)] = key
    return RowIndex(ids, {t: key for t, key in titles.items() if t and t not in twice}, places if numbered else {})


def read_refs(
    f: Field, text: str, index: RowIndex, line: int, *, by_id: bool = False
) -> tuple[list[Ref], list[Problem]]:
    """The records that a cell names, and what is wrong with it; the index holds the rows it can name.

    With ``by_id`` a bare number is the id that another file gave a record which it brought.

    Lags and links of other types than finish to start have no place in a record: they are counted
    in the index, to be said; the latter name nothing then.
    """
    text = clean(text)
    alone = f.kind is Kind.REFERENCE or index.key_of(text) != ""
    parts = [text] if alone else [part for part in re.split(r"[,;]", text) if part.strip()]
    refs: list[Ref] = []
    problems: list[Problem] = []
    for part in parts:
        ref = _read_one(f, part.strip(), index, line, by_id=by_id)
        if isinstance(ref, Problem):
            problems.append(ref)
        elif ref is not None and ref not in refs:
            refs.append(ref)
    return refs, problems


def _read_one(f: Field, text: str, index: RowIndex, line: int, *, by_id: bool) -> Ref | Problem | None:
    key = index.key_of(text)
    if key:
        return Ref(f.name, text, key)
    name = text
    if f.kind is Kind.REFERENCES and (found := _LINK.fullmatch(text)):
        name = found["name"].strip()
        if (found["type"] or "FS").upper() != "FS":
            index.other_links.append(line)
            return None
        if found["lag"]:
            index.lags.append(line)
        key = index.key_of(name)
        if key:
            return Ref(f.name, text, key)
    if re.fullmatch(r"#\d{1,9}", name, re.ASCII) or (by_id and re.fullmatch(r"\d{1,9}", name, re.ASCII)):
        return Ref(f.name, name)
    if split_number(name) is None and f.kinds and f.kinds[0] not in {"budget line", "deliverable"}:
        return Problem(
            f.name, text, "there is no such row in the file; a record of the project is written #2", line=line
        )
    return Ref(f.name, name)
