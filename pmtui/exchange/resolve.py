"""Rows of a file against a project: which records are new, which change, which can't be; nothing is written.

Rows are matched to records (:mod:`pmtui.exchange.matching`). A record then gets the values the file has;
what the file does not say stays. A later due date from a file is a fact of the other tool's plan, not a
decision made here: it is no slip. A row that names a bad row is bad itself.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from pmtui.domain.fields import Kind
from pmtui.domain.problems import Problem
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import BY_KIND, BudgetLine, External, Milestone, Person, Record, Task, split_number
from pmtui.domain.text import fold
from pmtui.domain.validation import change_problems, problems_of
from pmtui.exchange.figures import figures_that_differ
from pmtui.exchange.ics_ids import ORIGIN
from pmtui.exchange.ics_settle import settled
from pmtui.exchange.matching import by_own_id, match_rows
from pmtui.exchange.rows import SYMBOLS, FileContent, Named, Ref, Row
from pmtui.exchange.telling import (
    Entry,
    bad_entry,
    effort_by_hand,
    given_values,
    good_entry,
    made_beside,
    no_longer_there,
)

REVIEW_AFTER = dt.timedelta(weeks=4)
"""A risk without a review date gets one this long from now."""

SHOWN_OF_CIRCLE = 6
"""Records of a circle that a problem names."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a file does to a project: an entry for each row, the records to stage, what is wrong, what to say."""

    entries: tuple[Entry, ...]
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an import happens: the project as it is, the day, who imports, the next free id of a table."""

    data: ProjectData
    today: dt.date
    author: str
    next_id: Callable[[str], int]


def resolve(content: FileContent, setting: Setting) -> Resolved:
    """What the file would do to the project as it is now."""
    if content.ids_of == ORIGIN:
        content = settled(content, setting.data)
    content, notes = _money_that_fits(content, setting.data)
    return _Resolution(content, setting).run(notes)


def _money_that_fits(content: FileContent, data: ProjectData) -> tuple[FileContent, list[str]]:
    """The content without amounts in a currency that is not the project's, where its amounts can be left out."""
    ours = data.project.currency
    if not content.currencies or ours in content.currencies:
        return content, []
    signs = [sign for sign, meant in SYMBOLS.items() if meant == content.currencies]
    theirs = signs[0] if signs else min(content.currencies)
    if not content.is_plan:
        return content, [f"its headings name {theirs}: the amounts are taken as {ours}, as they stand"]
    kept = [replace(r, defaults=_without(r.defaults, "rates")) for r in content.rows if r.kind != "cost"]
    lost = len(kept) < len(content.rows) or any("rates" in r.defaults for r in content.rows)
    said = f"amounts are in {theirs}, the project's in {ours}: costs and rates are left out"
    return replace(content, rows=tuple(kept)), [said] if lost else []


def _without(values: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in values.items() if key != name}


@dataclass
class _Resolution:
    content: FileContent
    setting: Setting
    bad: dict[int, list[Problem]] = field(default_factory=dict)
    known: dict[int, Record] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    made: dict[int, Record] = field(default_factory=dict)
    extra: list[Record] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    _provisional: dict[str, str] = field(default_factory=dict)

    def run(self, notes: list[str]) -> Resolved:
        matched = match_rows(self.content, self.setting.data)
        self.known, self.handles, self.bad = matched.known, matched.handles, matched.doubled
        for place, row in enumerate(self.content.rows):
            if row.problems:
                self.bad[place] = list(row.problems)
        self.taken = self._taken_codes()
        self._missing_values()
        self._unknown_numbers()
        while True:
            self._spread()
            self._build()
            found = self._check()
            if not found:
                break
            self.bad |= found
        return self._told(notes)

    def _gave_way(self) -> bool:
        rows = self.content.rows
        return any(rows[place].values.get("code") in self.taken for place in self.made)

    def _taken_codes(self) -> frozenset[str]:
        """Outline codes of other plans' deliverables: two plans in one project both have a 1.1."""
        ours = {record.number for record in self.known.values()}
        deliverables = self.setting.data.deliverables.values() if self.content.is_plan else ()
        return frozenset(d.code for d in deliverables if d.number not in ours)

    # Bad rows ---------------------------------------------------------------

    def _missing_values(self) -> None:
        """New rows without what their record requires."""
        for place, row in enumerate(self.content.rows):
            if place in self.known or place in self.bad or row.of_known:
                continue
            held = row.values.keys() | row.defaults.keys() | {ref.field for ref in row.refs} | self._given(row).keys()
            lacking = [f for f in BY_KIND[row.kind].fields.values() if f.required and f.name not in held]
            if lacking:
                self.bad[place] = [self._placed(row, Problem(f.name, "", f"{f.label} is required")) for f in lacking]

    def _unknown_numbers(self) -> None:
        """Rows that name a record by a number the project does not have: new rows' numbers are not to be guessed."""
        for place, row in enumerate(self.content.rows):
            for ref in row.refs if place not in self.bad else ():
                kinds = BY_KIND[row.kind].fields[ref.field].kinds
                numbered = ref.text.lstrip("#").isdecimal() or split_number(ref.text) is not None
                if not ref.key and numbered and self._meant(ref, kinds) is None:
                    words = " or ".join(BY_KIND[kind].words[0] for kind in kinds) or "record"
                    why = f"there is no such {words} in the project"
                    if ref.text.isdecimal():
                        why = f"no import brought a {words} of this id; one of the project is written #{ref.text}"
                    self.bad.setdefault(place, []).append(self._placed(row, Problem(ref.field, ref.text, why)))

    def _spread(self) -> None:
        """A row that names a bad row is bad, and so on; each link is followed once."""
        rows = self.content.rows
        places = {(row.kind, row.key): place for place, row in reversed(list(enumerate(rows)))}
        named_by: dict[int, list[tuple[int, Ref]]] = {}
        for place, row in enumerate(rows):
            for ref in row.refs:
                if ref.key:
                    named_by.setdefault(places[self._target(row, ref)], []).append((place, ref))
        waiting = list(self.bad)
        while waiting:
            target = waiting.pop()
            for place, ref in named_by.get(target, ()):
                if place not in self.bad:
                    why = f"{self._place_of(target)} is bad, so this row can't be linked to it"
                    self.bad[place] = [self._placed(rows[place], Problem(ref.field, ref.text, why))]
                    waiting.append(place)

    def _place_of(self, place: int) -> str:
        """What to call a row: its line, or in XML, which may be one line, its title."""
        row = self.content.rows[place]
        return f"“{row.title}”" if self.content.is_plan else f"line {row.line}"

    @staticmethod
    def _target(row: Row, ref: Ref) -> tuple[str, str]:
        kinds = BY_KIND[row.kind].fields[ref.field].kinds
        return (row.kind if row.kind in kinds or not kinds else kinds[0], ref.key)

    def _check(self) -> dict[int, list[Problem]]:
        """What the project's rules say against the records as they would be."""
        staged: dict[str, dict[int, Record | None]] = {}
        for record in (*self.extra, *self.made.values()):
            staged.setdefault(record.TYPE.table, {})[record.id] = record
        after = self.setting.data.with_records(staged)
        found: dict[int, list[Problem]] = {}
        new = [place for place in self.made if place not in self.known]
        self._provisional = {self.made[place].number: self._place_of(place) for place in new}
        for place, record in self.made.items():
            row, before = self.content.rows[place], self.known.get(place)
            if before == record:
                continue
            problems = [*change_problems(before, record, after), *problems_of(record, after)]
            why = before.TYPE.frozen(before, self.setting.data) if before else ""
            if why:
                problems.append(Problem("", row.title, why, record.number))
            if problems:
                found[place] = [self._placed(row, self._in_lines(p), before) for p in problems]
        return found

    def _placed(self, row: Row, problem: Problem, before: Record | None = None) -> Problem:
        """The problem with its line; in XML, which may be one line, with the task's name too."""
        name = f"“{row.title}” {problem.field}".strip() if self.content.is_plan else problem.field
        number = before.number if before else ""
        return msgspec.structs.replace(problem, field=name, number=number, line=row.line or None)

    def _in_lines(self, problem: Problem) -> Problem:
        """Numbers that no record has yet, as the lines they are on; long circles are cut."""
        parts = problem.value.split(" → ")
        shown = parts if len(parts) <= SHOWN_OF_CIRCLE else [*parts[:SHOWN_OF_CIRCLE], "…"]
        return msgspec.structs.replace(problem, value=" → ".join(self._provisional.get(part, part) for part in shown))

    # Building ---------------------------------------------------------------

    def _build(self) -> None:
        """Make the record of each good row; ids are given anew, so that bad rows leave no gaps."""
        self.ids, self.made, self.extra, self.numbers = {}, {}, [], {}
        rows = [(place, row) for place, row in enumerate(self.content.rows) if place not in self.bad]
        rows = [(place, row) for place, row in rows if place in self.known or not row.of_known]
        for place, row in rows:
            record = self.known.get(place)
            prefix = BY_KIND[row.kind].prefix
            number = record.number if record else f"{prefix}-{self._take_id(BY_KIND[row.kind].table)}"
            self.numbers[row.kind, row.key] = number
        lines: dict[str, str] = {}
        for place, row in rows:
            record_id = ProjectData.id_of(self.numbers[row.kind, row.key])
            self.made[place] = self._record(row, self.known.get(place), record_id, lines)
        self._meet_people()

    def _take_id(self, table: str) -> int:
        taken = self.ids.get(table, self.setting.next_id(table))
        self.ids[table] = taken + 1
        return taken

    def _record(self, row: Row, before: Record | None, record_id: int, lines: dict[str, str]) -> Record:
        record_type = BY_KIND[row.kind]
        values: dict[str, Any] = dict(self._with_handles(row, row.values)) | self._linked(row, lines)
        external = None if row.own else External(self.content.origin, row.key)
        if values.get("code") in self.taken:
            values["code"] = f"{Path(self.content.source).stem}:{values['code']}"
        if before is None:
            given = self._given(row) | dict(row.defaults) | values
            new = record_type.struct(id=record_id, external=external, **given)
            followed: Record = record_type.follow(None, new, self.setting.today)
            return followed
        wanting = {n: v for n, v in row.defaults.items() if getattr(before, n) in (None, "", ())}
        if isinstance(before, Person):
            values.pop("handle", None)
        if isinstance(before, Task) and before.status == "done" and values.get("percent_done", 100) != 100:
            values.setdefault("status", "doing")
        if isinstance(before, Milestone) and values.get("forecast", before.forecast) != before.forecast:
            again = before.forecast_reason == f"import {self.content.source}"
            values["forecast_reason"] = f"import {self.content.source}{' again' if again else ''}"
        changed = msgspec.structs.replace(before, **{**wanting, **values, "external": before.external or external})
        after: Record = record_type.follow(before, changed, self.setting.today)
        if isinstance(after, Task) and isinstance(before, Task):
            return msgspec.structs.replace(after, slip_count=before.slip_count, snoozed_until=before.snoozed_until)
        return after

    def _given(self, row: Row) -> dict[str, Any]:
        """What an import gives a new record whose file does not say it."""
        today, author = self.setting.today, self.setting.author
        given: dict[str, dict[str, Any]] = {
            "risk": {"owner": author, "review_date": today + REVIEW_AFTER},
            "issue": {"owner": author},
            "change": {"requester": author},
            "cost": {"date": today},
            "hours": {"who": author},
        }
        return given.get(row.kind, {})

    def _with_handles(self, row: Row, values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
        fields = BY_KIND[row.kind].fields
        for name, value in values.items():
            kind = fields[name].kind
            if kind is Kind.PERSON and name != "handle":
                yield name, self.handles.get(str(value), value)
            elif kind is Kind.PEOPLE and isinstance(value, tuple):
                yield name, tuple(dict.fromkeys(self.handles.get(handle, handle) for handle in value))
            else:
                yield name, value

    def _linked(self, row: Row, lines: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for ref in row.refs:
            number = self.numbers[self._target(row, ref)] if ref.key else self._named(row, ref, lines)
            if BY_KIND[row.kind].fields[ref.field].kind is Kind.REFERENCES:
                found[ref.field] = tuple(dict.fromkeys((*found.get(ref.field, ()), number)))
            else:
                found[ref.field] = number
        return found

    def _named(self, row: Row, ref: Ref, lines: dict[str, str]) -> str:
        """The number of a record of the project; a category without a budget line makes one."""
        data, kinds = self.setting.data, BY_KIND[row.kind].fields[ref.field].kinds
        if kinds == ("budget line",):
            line = data.budget_line_named(ref.text)
            if line is not None:
                return line.number
            if fold(ref.text) not in lines:
                made = BudgetLine(id=self._take_id(BudgetLine.TYPE.table), category=ref.text)
                self.extra.append(made)
                lines[fold(ref.text)] = made.number
            return lines[fold(ref.text)]
        if kinds == ("deliverable",) and data.get(ref.text) is None:
            named = [d for d in data.deliverables.values() if fold(ref.text) in {fold(d.code), fold(d.title)}]
            return named[0].number if len(named) == 1 else ref.text
        found = self._meant(ref, kinds)
        return found.number if found else ref.text

    def _meant(self, ref: Ref, kinds: tuple[str, ...]) -> Record | None:
        """The record here that a number means; ``#2`` is never one of this file's, ``2`` one that another brought."""
        if ref.text.isdecimal():
            return next((r for kind in kinds if (r := self._own_ids.get((kind, ref.text)))), None)
        if not ref.text.startswith("#"):
            return self.setting.data.get(ref.text)
        found = self.setting.data.get(f"{BY_KIND[kinds[0]].prefix}-{ref.text[1:]}") if kinds else None
        ours = found is not None and found.external is not None and found.external.source == self.content.source
        return None if ours else found

    @cached_property
    def _own_ids(self) -> Mapping[tuple[str, str], Record]:
        """The records that other files brought, by kind and their id there."""
        return by_own_id(self.setting.data)

    def _meet_people(self) -> None:
        """People that rows name and the project does not know are added, unconfirmed."""
        named = {self.handles.get(person.handle, person.handle): person for person in self.content.people}
        known = {fold(p.handle) for p in self.setting.data.people.values()}
        known |= {fold(record.handle) for record in self.made.values() if isinstance(record, Person)}
        for record in list(self.made.values()):
            for name, f in record.TYPE.fields.items():
                value = getattr(record, name) if f.kind in {Kind.PERSON, Kind.PEOPLE} and name != "handle" else ()
                for handle in (value,) if isinstance(value, str) else value:
                    if not handle or fold(handle) in known or name in {"created_by", "updated_by"}:
                        continue
                    known.add(fold(handle))
                    person = named.get(handle, Named(handle))
                    new = Person(handle=handle, full_name=person.full_name, email=person.email)
                    self.extra.append(msgspec.structs.replace(new, id=self._take_id(Person.TYPE.table)))

    def _figures(self) -> Iterator[str]:
        """What the file's own figures say that does not follow from its other columns."""
        pairs = [(row, record) for place, record in self.made.items() if (row := self.content.rows[place]).figures]
        if pairs:
            staged: dict[str, dict[int, Record | None]] = {}
            for record in (*self.extra, *self.made.values()):
                staged.setdefault(record.TYPE.table, {})[record.id] = record
            yield from figures_that_differ(pairs, self.setting.data.with_records(staged), self.setting.today)

    # Telling ----------------------------------------------------------------

    def _told(self, notes: list[str]) -> Resolved:
        rows, known, today = self.content.rows, self.known, self.setting.today
        entries = []
        for place, row in enumerate(rows):
            made = self.made.get(place)
            if place in self.bad:
                entries.append(bad_entry(row, known.get(place)))
            elif made is not None:
                entries.append(good_entry(row, known.get(place), made, today))
        changed = [record for place, record in self.made.items() if record != known.get(place)]
        problems = tuple(problem for place in sorted(self.bad) for problem in self.bad[place])
        new = [rows[place] for place in self.made if place not in known]
        said = (
            *self.content.notes,
            *notes,
            *made_beside(self.extra),
            *(["outline codes taken here already have the file's name before them"] if self._gave_way() else []),
            *given_values(new, self.setting.author),
            *self._figures(),
            *no_longer_there(self.content, self.setting.data),
            *effort_by_hand((made for place, made in self.made.items() if place not in known), self.setting.data),
        )
        return Resolved(tuple(entries), (*self.extra, *changed), problems, said)
