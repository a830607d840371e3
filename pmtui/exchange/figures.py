"""Figures in a file that follow from its other columns, such as a variance: compared with what really follows."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Record
from pmtui.exchange.amounts_in import Unit, read_amount
from pmtui.exchange.rows import Figure, Row

MOST = 20
"""Rows that are told one by one; the others are counted."""


def read_figure(text: str, comma: bool | None, unit: Unit) -> Figure | None:
    """A figure and how finely it is written; ``None`` for what is no number."""
    bare = text.strip().removesuffix("%").strip()
    try:
        value = read_amount(bare, comma, unit)
    except ValueError:
        return None
    _, mark, decimals = bare.strip("()-").rpartition("," if comma else ".")
    return Figure(value, Decimal(1).scaleb(-len(decimals) if mark else 0) * unit.factor)


def figures_that_differ(rows: Iterable[tuple[Row, Record]], data: ProjectData, today: dt.date) -> Iterator[str]:
    """What to say of rows whose own figures don't agree with their other columns; ``data`` holds the records."""
    found, agree = [], 0
    for row, record in rows:
        for name, figure in row.figures.items():
            derived = record.TYPE.derived[name](record, data, today)
            if not isinstance(derived, Decimal):
                continue
            if abs(derived - figure.value) <= figure.step / 2:
                agree += 1
            else:
                words = f"line {row.line}: {name.replace('_', ' ')} {figure.value:,.2f} in the file"
                found.append(f"{words}, {derived:,.2f} by its other columns ({row.title})")
    if found or agree:
        said = f"{agree} agree with the file's, {len(found)} don't"
        yield f"figures that follow from other columns are worked out: {said}"
    yield from found[:MOST]
    if len(found) > MOST:
        yield f"and {len(found) - MOST} more that don't agree"
