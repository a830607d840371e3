"""The hours behind a budget line, among its entries: a row for each person and month, opened entry by entry."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from pmtui.domain.labour import Worked, charged_line, hours_words
from pmtui.domain.project_data import ProjectData
from pmtui.keymap import key_of
from pmtui.screens.labour import labour_page, twice_words
from pmtui.screens.money import month_name
from pmtui.screens.page import PageScreen
from pmtui.screens.summary import amount
from pmtui.services.costs import Sums
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span, wrap

_MARK = "hours"

Rows = Mapping[str, Worked]
"""What each row comes to, by its name."""


def row_name(who: str, month: str) -> str:
    """What a row is known by; no record has such a number."""
    return f"{_MARK} {month} {who}"


def is_row(name: str) -> bool:
    """Whether a name is that of such a row."""
    return name.startswith(f"{_MARK} ")


def row_under(key: object) -> str:
    """The name of such a row in a list's key; empty where it is another."""
    return str(key[1]) if isinstance(key, tuple) and is_row(str(key[1])) else ""


def hours_behind(data: ProjectData, lines: Sequence[str], *, with_line: bool) -> dict[tuple[str, str], Rows]:
    """The rows behind some budget lines, by month and by line, which is left out where rows name it (``with_line``)."""
    line = charged_line(data)
    found: dict[tuple[str, str], dict[str, Worked]] = {}
    if line is not None and line.number in lines:
        for (who, month), worked in data.labour.by_person_and_month.items():
            found.setdefault(("" if with_line else line.number, month), {})[row_name(who, month)] = worked
    return dict(found)


def with_hours(sums: Sums, rows: Rows) -> Sums:
    """The sums of entries with what these rows cost, which is spent."""
    return msgspec.structs.replace(sums, actual=sum((w.cost for w in rows.values()), sums.actual))


def with_all_hours(data: ProjectData, sums: Sums, opened: str, lines: Collection[str]) -> tuple[Sums, str]:
    """The sums of entries with what the hours cost, and these in words, unless another line than theirs is opened."""
    line = charged_line(data)
    if line is None or not data.hours or (opened != line.number and opened in lines):
        return sums, ""
    total = data.labour.total
    return msgspec.structs.replace(sums, actual=sums.actual + total.cost), f" and {hours_words(total.hours)}"


def hours_cells(data: ProjectData, name: str, *, with_line: bool) -> Sequence[Cell]:
    """The cells of a row, as those of an entry."""
    who, month = _of(name)
    worked = data.labour.by_person_and_month.get((who, month), Worked())
    line, person = charged_line(data), data.person(who)
    named: list[Cell] = [(line.category if line else "")] if with_line else []
    vendor = person.full_name if person else ""
    unrated = " ▲" if worked.unrated else ""
    note = (f"{hours_words(worked.hours)} of @{who}", ""), (unrated, "warn")
    return (("hours", "muted"), "", ("hours", "muted"), *named, note, vendor, amount(worked.cost, cents=True))


def hours_page(project: OpenProject, name: str) -> PageScreen:
    """The hours of a row, entry by entry."""
    who, month = _of(name)
    return labour_page(project, who, month)


def hours_story(data: ProjectData, number: str, width: int) -> list[Sequence[Span]]:
    """Of a budget line that hours are charged to: who worked how much, and that entries may hold the same work."""
    line = charged_line(data)
    if line is None or line.number != number or not data.hours:
        return []
    labour = data.labour
    people = ", ".join(f"@{who} {amount(worked.cost, cents=True)}" for who, worked in labour.by_person.items())
    words = f"{hours_words(labour.total.hours)} are charged to it: {people}"
    lines: list[Sequence[Span]] = [((part, ""),) for part in wrap(words, width)]
    for text in filter(None, (twice_words(data), f"▲ {labour.unrated_words}" if labour.unrated_words else "")):
        lines += [((part, "warn"),) for part in wrap(text, width)]
    return lines


def row_story(data: ProjectData, name: str, width: int) -> list[Sequence[Span]]:
    """Whose hours a row is, and the key that opens them."""
    who, month = _of(name)
    worked = data.labour.by_person_and_month.get((who, month), Worked())
    words = f"{hours_words(worked.hours)} of @{who} in {month_name(month)}: {amount(worked.cost, cents=True)}"
    lines: list[Sequence[Span]] = [((part, "strong"),) for part in wrap(words, width)]
    return [*lines, ((key_of("record.open"), "accent"), (" shows them, day by day", "muted"))]


def _of(name: str) -> tuple[str, str]:
    _, month, who = name.split(" ", 2)
    return who, month
