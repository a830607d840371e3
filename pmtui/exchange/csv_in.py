"""A CSV of tasks, risks, costs or another kind of record: its rows, each with what is wrong with it.

Headings are recognised by the words of the fields (``headings`` of a record's declaration) or given by
hand. An empty cell says nothing: what a record holds stays. Dates and amounts are read the way the whole
file writes them. Rows name each other by id, in any order; where the file has no ids, by their place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce

import msgspec

from pmtui.domain.fields import Field, Kind
from pmtui.domain.problems import Problem, Refused
from pmtui.domain.text import clean, fold
from pmtui.exchange.amounts_in import decimal_comma
from pmtui.exchange.cells import Style, is_cut, is_empty, read_cell
from pmtui.exchange.csv_text import CsvRecord, decode, read_records
from pmtui.exchange.dates_in import day_order, is_doubtful
from pmtui.exchange.figures import read_figure
from pmtui.exchange.formulas import original_cell
from pmtui.exchange.headings import FIGURE, GIVEN, ID, WBS, Column, Layout, choose, place_columns
from pmtui.exchange.kinds_in import WHOLE_TITLE_IN, complete, derive_handle, natural_key
from pmtui.exchange.references import NO_ROWS, RowIndex, index_rows, read_refs
from pmtui.exchange.rows import Figure, FileContent, ReadAs, Ref, Row

_REFERRING = {Kind.REFERENCE, Kind.REFERENCES}


@dataclass
class _Draft:
    """A row while it is read: values before its references are known."""

    line: int
    values: dict[str, object] = field(default_factory=dict)
    defaults: dict[str, object] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    referring: list[tuple[Field, str]] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)
    id: str = ""
    outline: str = ""
    key: str = ""
    title: str = ""


def read_csv(data: bytes, source: str, read_as: ReadAs) -> FileContent:
    """What a CSV says. Raises :class:`Refused` where the file as a whole can't be read, with the reason."""
    text, said = decode(data)
    records = [CsvRecord(r.line, tuple(map(original_cell, r.cells))) for r in read_records(text)]
    if not records:
        raise Refused(f"{source} is empty")
    headings, rows = records[0].cells, records[1:]
    if not rows:
        raise Refused(f"{source} has headings only, no data row")
    layout = choose(headings, place_columns(headings, read_as.columns), read_as.kind, source)
    style = _style_of(layout, rows, read_as.day_first)
    drafts = [_read_row(layout, style, record) for record in rows]
    _give_keys(layout, drafts)
    for draft in drafts:
        complete(layout.type.kind, draft.values, draft.defaults, source)
    numbered = layout.of_role(ID) < 0
    index = index_rows(((d.id, d.title, d.key) for d in drafts), numbered=numbered)
    done = tuple(_finish(layout, draft, index) for draft in drafts)
    notes = tuple(_notes(layout, rows, index, said))
    currencies = reduce(frozenset.union, (c.unit.currencies for c in layout.columns if c.field), frozenset[str]())
    return FileContent(source, done, notes, tuple(style.people.values()), currencies)


def _style_of(layout: Layout, rows: Sequence[CsvRecord], day_first: bool | None) -> Style:
    """How the file writes dates and amounts; refused where that is doubtful."""
    dates = [c for c in layout.columns if c.field is not None and c.field.kind in {Kind.DATE, Kind.MOMENT}]
    amounts = [c for c in layout.columns if c.field is not None and c.field.kind is Kind.MONEY]
    if dates and day_first is None:
        day_first = day_order((row.line, cell) for row in rows for cell in row.cells)
    if day_first is None:
        for line, cell in _cells(dates, rows):
            if is_doubtful(cell):
                why = "doubtful: the day or the month can stand first; say which with --dates dmy or --dates mdy"
                raise Refused([Problem("dates", clean(cell), why, line=line)])
    comma = decimal_comma(cell for _, cell in _cells(amounts, rows))
    return Style(layout.type.kind, day_first, comma)


def _cells(columns: Sequence[Column], rows: Iterable[CsvRecord]) -> Iterator[tuple[int, str]]:
    for row in rows:
        for column in columns:
            if column.place < len(row.cells):
                yield row.line, row.cells[column.place]


def _read_row(layout: Layout, style: Style, record: CsvRecord) -> _Draft:
    """One row's values, and what is wrong with them."""
    draft = _Draft(record.line)
    beyond = [cell for cell in record.cells[len(layout.columns) :] if cell.strip()]
    if beyond:
        why = f"{len(record.cells)} values under {len(layout.columns)} headings: is a delimiter inside a value?"
        draft.problems.append(Problem("", clean(beyond[0]), why, line=record.line))
    _read_cells(draft, layout, style, record)
    for f in layout.type.fields.values():
        held = f.name in draft.values or any(problem.field == f.name for problem in draft.problems)
        if f.required and not held and f.kind not in _REFERRING and _has_column(layout, f):
            draft.problems.append(Problem(f.name, "", f"{f.label} is required", line=record.line))
    return draft


def _read_cells(draft: _Draft, layout: Layout, style: Style, record: CsvRecord) -> None:
    joined: dict[str, list[tuple[str, str]]] = {}
    for column, cell in zip(layout.columns, record.cells, strict=False):
        if column.role == ID:
            draft.id = clean(cell)
        elif column.role == WBS:
            draft.outline = clean(cell)
        elif column.role.startswith(FIGURE):
            figure = read_figure(cell, style.comma, column.unit)
            draft.figures |= {column.role.removeprefix(FIGURE): figure} if figure is not None else {}
        elif column.role.startswith("full_name:") and cell.strip():
            joined.setdefault("full_name", []).append(("", cell))
        elif column.field is not None and not is_empty(column.field, cell):
            if column.field.kind is Kind.TEXT:
                joined.setdefault(column.field.name, []).append((column.heading, cell))
            else:
                _read_into(draft, column, cell, style)
    for name, parts in joined.items():
        draft.values[name] = _join(name, parts)


def _has_column(layout: Layout, f: Field) -> bool:
    given = f.name in GIVEN.get(layout.type.kind, ())
    return not given and any(column.field is not None and column.field.name == f.name for column in layout.columns)


def _read_into(draft: _Draft, column: Column, cell: str, style: Style) -> None:
    f = column.field
    assert f is not None
    if f.kind in _REFERRING:
        draft.referring.append((f, cell))
        return
    if is_cut(f, cell) and not (f.name == "title" and style.kind in WHOLE_TITLE_IN):
        draft.problems.append(Problem(f.name, clean(cell), "allowed: up to 500 characters", line=draft.line))
        return
    try:
        value = read_cell(f, cell, style, column.unit)
    except Refused as refused:
        draft.problems += [msgspec.structs.replace(problem, line=draft.line) for problem in refused.problems]
        return
    if value not in ("", (), None):
        draft.values[f.name] = value
    if f.kind is Kind.CHOICE:
        draft.defaults[f"{f.name} as written"] = clean(cell)
    if f.name == "title":
        draft.defaults["title in full"] = clean(cell, lines=True)


def _join(name: str, parts: Sequence[tuple[str, str]]) -> str:
    if name == "full_name":
        return clean(" ".join(cell for _, cell in parts))
    if len(parts) == 1:
        return clean(parts[0][1], lines=True)
    return "\n\n".join(f"{heading}:\n{clean(cell, lines=True)}" for heading, cell in parts)


def _give_keys(layout: Layout, drafts: Sequence[_Draft]) -> None:
    """Each row's key: its id; without one its title and outline number, counted where rows are alike."""
    lines: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for draft in drafts:
        if layout.type.kind == "person":
            derive_handle(draft.values)
        draft.title = clean(str(draft.values.get(layout.type.title, "")))
        if draft.id:
            draft.key = draft.id
            if draft.id in lines:
                why = f"line {lines[draft.id]} has this id already"
                draft.problems.append(Problem(ID, draft.id, why, line=draft.line))
            lines.setdefault(draft.id, draft.line)
            continue
        written = {f.name: cell for f, cell in draft.referring}
        natural = natural_key(layout.type.kind, draft.title, draft.outline, draft.values, written)
        counts[natural] += 1
        draft.key = natural if counts[natural] == 1 else f"{natural}|{counts[natural]}"


def _finish(layout: Layout, draft: _Draft, index: RowIndex) -> Row:
    refs: list[Ref] = []
    for f, cell in draft.referring:
        among = index if layout.type.kind in f.kinds else NO_ROWS
        found, wrong = read_refs(f, cell, among, draft.line, by_id=layout.type.kind == "hours")
        refs += found
        draft.problems += wrong
    return Row(
        layout.type.kind,
        draft.key,
        draft.line,
        clean(str(draft.values.get(layout.type.title, ""))) or draft.title,
        draft.values,
        draft.defaults,
        tuple(refs),
        tuple(draft.problems),
        figures=draft.figures,
    )


def _notes(layout: Layout, rows: Sequence[CsvRecord], index: RowIndex, encoding: str) -> Iterator[str]:
    yield f"read as {layout.type.words[1]}"
    if encoding:
        yield encoding
    if layout.left_out:
        yield "columns not understood and left out: " + ", ".join(f"“{heading}”" for heading in layout.left_out)
    blank = [c.place for c in layout.columns if not c.heading]
    if any(place < len(row.cells) and row.cells[place].strip() for row in rows for place in blank):
        yield "a column without a heading is left out"
    twice = [h for h, count in Counter(fold(c.heading) for c in layout.columns if c.heading).items() if count > 1]
    if twice:
        shown = [f"“{c.heading}”" for c in layout.columns if fold(c.heading) in twice and c.field is not None]
        if shown:
            yield f"headings that stand twice; only the first is taken: {', '.join(shown)}"
    if index.lags:
        yield f"lags of links are not kept (line {', '.join(map(str, sorted(set(index.lags))))})"
    if index.other_links:
        lines = ", ".join(map(str, sorted(set(index.other_links))))
        yield f"links other than finish to start are left out (line {lines})"
