"""What every number of the costs is made of: the entries, lines and tasks behind it.

A number is asked for by its :class:`Figure`. Its amount comes from the totals, its parts from the records: where
the parts add up, they come to the amount, to the cent, in whatever order the records are.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cached_property

import msgspec

from pmtui.domain.budget import BASE, BOTTOM_UP, CONTINGENCY, RESERVE, Budget, LineTotals, budget_on, totals
from pmtui.domain.control import CENT, Standing, Timing, actual_entries, method_of, standing
from pmtui.domain.dates import MONTHS
from pmtui.domain.draws import all_draws
from pmtui.domain.earned_value import EacMethod
from pmtui.domain.labour import Labour, charged_line, hours_words, labour_cost
from pmtui.domain.progress import Work
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry

ZERO = Decimal(0)
BASE_LINES = "base budget"
"""What the sum of the base lines is called."""

LINE_FIGURES = ("planned", "committed", "actual", "forecast", "left")
"""The numbers of a budget line, and of sums of them."""

MONEY_FIGURES = ("budget", "committed", "actual", "eac", "variance", "contingency left")
"""The numbers of a project's money."""

MONTH_FIGURES = ("actual", "committed", "still planned")
"""The sums over the entries of a month."""

VALUE_FIGURES = ("bac", "pv", "ev", "ac", "cv", "sv", "cpi", "spi", "etc", "vac", "tcpi", "tcpi to eac")
"""The numbers of earned value, beside an ``eac`` for each method, and ``es``."""


class Figure(msgspec.Struct, frozen=True):
    """A number: its name, and what it is of.

    ``of`` is a budget line's number, ``base budget``, or for an ``eac`` its method; empty for the whole project.
    ``month`` narrows a sum of entries to a month such as ``2026-03``.
    """

    name: str
    of: str = ""
    month: str = ""


class Part(msgspec.Struct, frozen=True):
    """What a number is made of: ``number`` is the record, ``figure`` the number that it is itself; one or neither."""

    label: str
    amount: Decimal | None
    number: str = ""
    figure: Figure | None = None
    note: str = ""


class Behind(msgspec.Struct, frozen=True):
    """A number, opened. ``amount`` is ``None`` where it is not known; the parts come to it where it ``adds``."""

    figure: Figure
    amount: Decimal | None
    parts: tuple[Part, ...]
    adds: bool = True
    how: str = ""


def behind(data: ProjectData, figure: Figure, on: dt.date) -> Behind:
    """A number on a day, and what it is made of. Raises ``KeyError`` for a name that is none."""
    return opened(Books(data, on), figure)


def opened(books: "Books", figure: Figure) -> Behind:
    """A number of books that are open already."""
    return _OPENERS[figure.name](books, figure)


class Books:
    """A project's numbers on a day, each worked out once."""

    def __init__(self, data: ProjectData, on: dt.date) -> None:
        self.data = data
        self.on = on

    @cached_property
    def lines(self) -> tuple[LineTotals, ...]:
        """The budget lines, in the order of their numbers."""
        return totals(self.data).lines

    @cached_property
    def budget(self) -> Budget:
        """The money, by the method that was chosen."""
        return budget_on(self.data, self.on)

    @cached_property
    def standing(self) -> Standing:
        """Earned value."""
        return standing(self.data, self.on, timed=False)

    @cached_property
    def timing(self) -> Timing | None:
        """The earned schedule."""
        return standing(self.data, self.on).timing

    def of_kind(self, *kinds: str) -> list[LineTotals]:
        """The lines of these kinds."""
        return [line for line in self.lines if line.line.kind in kinds]

    def scope(self, of: str) -> list[LineTotals]:
        """The lines that a figure is of."""
        if of == BASE_LINES:
            return self.of_kind(BASE)
        return [line for line in self.lines if of in {"", line.line.number}]

    def entries(self, figure: Figure, kind: str) -> list[CostEntry]:
        """The entries of a figure, planned, committed or actual, in the order of their dates."""
        ids = {line.line.id for line in self.scope(figure.of)}
        found = [
            entry
            for entry in self.data.costs.values()
            if ("actual" if entry.is_actual else entry.status) == kind
            and self.data.id_of(entry.budget_line) in ids
            and figure.month in {"", f"{entry.date:%Y-%m}"}
        ]
        return sorted(found, key=lambda entry: (entry.date, entry.id))

    def parts(self, figure: Figure, kind: str, sign: int = 1) -> list[Part]:
        """The entries of a figure as its parts; of what is actual, the hours too, by person and month."""
        found = _entry_parts(self.entries(figure, kind), sign)
        line = charged_line(self.data)
        if kind == "actual" and line is not None and line.id in {t.line.id for t in self.scope(figure.of)}:
            found += _hours_parts(self.data.labour, figure.month, sign)
        return found


def _hours_parts(labour: Labour, month: str = "", sign: int = 1) -> list[Part]:
    return [
        Part(f"{hours_words(worked.hours)} of @{who}, {on}", sign * worked.cost)
        for (who, on), worked in labour.by_person_and_month.items()
        if worked.cost and month in {"", on}
    ]


def _entry_parts(entries: Iterable[CostEntry], sign: int = 1) -> list[Part]:
    return [Part(entry.note or entry.vendor, sign * entry.net, entry.number) for entry in entries]


def _line_parts(lines: Iterable[LineTotals], name: str) -> list[Part]:
    """Each line with one of its numbers, which can be opened itself."""
    return [
        Part(
            t.line.category, getattr(t, name), t.line.number, Figure(name, t.line.number) if name != "planned" else None
        )
        for t in lines
    ]


def _sum(parts: Iterable[Part]) -> Decimal:
    return sum((part.amount for part in parts if part.amount is not None), ZERO)


# Budget lines and entries ---------------------------------------------------------------


def _planned(books: Books, figure: Figure) -> Behind:
    lines = books.scope(figure.of)
    return Behind(figure, sum((t.planned for t in lines), ZERO), tuple(_line_parts(lines, "planned")))


def _entries(books: Books, figure: Figure) -> Behind:
    kind = "planned" if figure.name == "still planned" else figure.name
    parts = books.parts(figure, kind)
    if figure.month or kind == "planned":
        return Behind(figure, _sum(parts), tuple(parts))
    return Behind(figure, sum((getattr(t, kind) for t in books.scope(figure.of)), ZERO), tuple(parts))


def _forecast(books: Books, figure: Figure) -> Behind:
    lines = books.scope(figure.of)
    amount = sum((t.forecast for t in lines), ZERO)
    if len(lines) != 1 or figure.of in {"", BASE_LINES}:
        return Behind(figure, amount, tuple(_line_parts(lines, "forecast")))
    booked = [part for kind in ("actual", "committed", "planned") for part in books.parts(figure, kind)]
    rest = amount - _sum(booked)
    by_hand = lines[0].line.forecast is not None
    words = "what the forecast set by hand adds" if by_hand else "planned, and nothing booked for it yet"
    more = [Part(words, rest, lines[0].line.number)] if rest else []
    return Behind(figure, amount, (*booked, *more))


def _left(books: Books, figure: Figure) -> Behind:
    lines = books.scope(figure.of)
    amount = sum((t.left for t in lines), ZERO)
    if len(lines) != 1 or figure.of in {"", BASE_LINES}:
        return Behind(figure, amount, tuple(_line_parts(lines, "left")))
    spent = [part for kind in ("actual", "committed") for part in books.parts(figure, kind, -1)]
    return Behind(figure, amount, (*_line_parts(lines, "planned"), *spent))


# The project's money ----------------------------------------------------------------------


def _set_aside(books: Books, figure: Figure) -> Behind:
    kind, name = {
        "budget": (BASE, "planned"),
        "contingency": (CONTINGENCY, "planned"),
        "management reserve": (RESERVE, "planned"),
        "contingency left": (CONTINGENCY, "left"),
    }[figure.name]
    amount = getattr(books.budget, "planned" if kind == BASE else figure.name.replace(" ", "_"))
    return Behind(figure, amount, tuple(_line_parts(books.of_kind(kind), name)))


def _drawn(books: Books, figure: Figure) -> Behind:
    lines = _line_parts(books.of_kind(CONTINGENCY), "forecast")
    found = [draw.entry for draw in all_draws(books.data) if draw.kind == RESERVE and not draw.unreleased]
    released = [msgspec.structs.replace(part, note="released from the reserve") for part in _entry_parts(found)]
    beyond = books.budget.drawn - _sum([*lines, *released])
    more = [Part("more than what is set aside covers", beyond)] if beyond else []
    return Behind(figure, books.budget.drawn, (*lines, *released, *more))


def _eac(books: Books, figure: Figure) -> Behind:
    """The estimate at completion by a method, else by the one that was chosen, or took its place."""
    if figure.of:
        return _eac_by(books, figure, EacMethod(figure.of))
    if books.budget.method == BOTTOM_UP:
        parts = tuple(_line_parts(books.lines, "forecast"))
        return Behind(figure, books.budget.eac, parts, how=books.budget.fallback)
    return _eac_by(books, figure, method_of(books.data))


def _eac_by(books: Books, figure: Figure, method: EacMethod) -> Behind:
    """A method's estimate: what was spent, and what is left to spend by it; from the bottom up line by line."""
    amount = books.standing.eac(method)
    if amount is None:
        return Behind(figure, None, (), how=books.standing.forecast(method).why)
    if method is EacMethod.BOTTOM_UP:
        return Behind(figure, amount, tuple(_line_parts(books.lines, "forecast")))
    spent = _known(books, "ac")
    return Behind(figure, amount, (spent, Part(_WORK_LEFT[method], amount - books.standing.value.ac)))


_WORK_LEFT = {
    EacMethod.CPI: "the work left, at the cost of the work done: (BAC - EV) / CPI",
    EacMethod.REMAINING_AT_PLAN: "the work left, at its budget: BAC - EV",
    EacMethod.CPI_SPI: "the work left, delay included: (BAC - EV) / (CPI x SPI)",
}


def _variance(books: Books, figure: Figure) -> Behind:
    budget = books.budget
    parts = (
        Part("budget", budget.planned, figure=Figure("budget")),
        Part("drawn on what is set aside, and covered by it", budget.drawn, figure=Figure("drawn")),
        Part("EAC", -budget.eac, figure=Figure("eac")),
    )
    return Behind(figure, budget.variance, parts)


# Earned value -------------------------------------------------------------------------------


def _bac(books: Books, figure: Figure) -> Behind:
    lines = [line for _, line in sorted(books.data.baseline_lines.items()) if line.kind == BASE]
    parts = tuple(Part(line.category, line.planned, line.number) for line in lines)
    return Behind(figure, books.standing.value.bac, parts)


def _by_work(books: Books, figure: Figure) -> Behind:
    """EV or PV, task by task: each one's share of the budget by its weight, shared out to the cent."""
    name = "done" if figure.name == "ev" else "planned"
    work, value = books.standing.progress.work, books.standing.value
    amount = (value.ev if name == "done" else value.pv).quantize(CENT)
    weights = [part.weight * getattr(part, name) for part in work]
    cents = shared_out(amount, weights)
    parts = tuple(
        Part(part.title, cent, part.number, note=_weight_words(part, getattr(part, name), name))
        for part, cent in zip(work, cents, strict=True)
        if getattr(part, name)
    )
    return Behind(figure, amount, parts)


def _weight_words(part: Work, share: Decimal, name: str) -> str:
    hours = f"{part.weight.normalize():f} h" + ("" if part.estimated else " (no estimate)")
    return f"{hours}, {(share * 100).quantize(Decimal(1))} % {name}"


def shared_out(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount in cents by weights: each part is its share rounded down, or a cent more, and all come to the amount.

    The cents left over go to the largest remainders; nothing is given where there is no weight.
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [ZERO] * len(weights)
    exact = [amount * weight / whole for weight in weights]
    parts = [share.quantize(CENT, rounding="ROUND_DOWN") for share in exact]
    left = int((amount - sum(parts, ZERO)) / CENT)
    by_rest = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_rest[:left]:
        parts[at] += CENT
    return parts


def _ac(books: Books, figure: Figure) -> Behind:
    parts = tuple(
        Part(e.note or e.vendor, e.net, e.number, note="" if e.is_actual else "received, not invoiced yet")
        for e in sorted(actual_entries(books.data, books.on), key=lambda e: (e.date, e.id))
    )
    hours = (e for e in books.data.hours.values() if e.date <= books.on and charged_line(books.data))
    return Behind(figure, books.standing.value.ac, (*parts, *_hours_parts(labour_cost(books.data, hours))))


def _known(books: Books, name: str, sign: int = 1) -> Part:
    """A number as a part of another."""
    labels = {"cpi": "CPI", "spi": "SPI", "eac": "EAC"}
    found = _OPENERS[name](books, Figure(name))
    amount = None if found.amount is None else sign * found.amount
    return Part(labels.get(name, name.upper()), amount, figure=Figure(name))


def _difference(books: Books, figure: Figure) -> Behind:
    first, second = {"cv": ("ev", "ac"), "sv": ("ev", "pv"), "etc": ("eac", "ac"), "vac": ("bac", "eac")}[figure.name]
    parts = (_known(books, first), _known(books, second, -1))
    return Behind(figure, _sum(parts), parts)


def _index(books: Books, figure: Figure) -> Behind:
    value = books.standing.value
    eac = books.budget.eac
    amount, names, how = {
        "cpi": (value.cpi, ("ev", "ac"), "EV / AC"),
        "spi": (value.spi, ("ev", "pv"), "EV / PV"),
        "tcpi": (value.tcpi_bac, ("bac", "ev", "ac"), "(BAC - EV) / (BAC - AC)"),
        "tcpi to eac": (value.tcpi_eac(eac), ("bac", "ev", "eac", "ac"), "(BAC - EV) / (EAC - AC)"),
    }[figure.name]
    return Behind(figure, amount, tuple(_known(books, name) for name in names), adds=False, how=how)


def _es(books: Books, figure: Figure) -> Behind:
    """The earned schedule: what was planned by the end of each month, and what is earned."""
    timing = books.timing
    if timing is None:
        return Behind(figure, None, (), adds=False)
    months = zip(timing.months, timing.planned, strict=True)
    parts = [
        Part(f"PV, end of month {at}, {_short(month)}", planned.quantize(CENT), note=_reached(at, timing))
        for at, (month, planned) in enumerate(months, 1)
    ]
    how = "ES = C + (EV - PV of C) / (PV of C+1 - PV of C)"
    return Behind(figure, timing.earned.es, (*parts, _known(books, "ev")), adds=False, how=how)


def _short(month: dt.date) -> str:
    """A month and its year, which a list of 80 columns has room for."""
    return f"{MONTHS[month.month - 1][:3]} {month.year}"


def _reached(month: int, timing: Timing) -> str:
    """Which of the months is C, the last that is earned."""
    whole = int(timing.earned.es)
    return "C: the last that is earned" if month == whole else "C+1" if month == whole + 1 else ""


_OPENERS: dict[str, Callable[[Books, Figure], Behind]] = {
    "planned": _planned, "committed": _entries, "actual": _entries, "still planned": _entries,
    "forecast": _forecast, "left": _left,
    "budget": _set_aside, "contingency": _set_aside, "management reserve": _set_aside, "contingency left": _set_aside,
    "drawn": _drawn, "eac": _eac, "variance": _variance,
    "bac": _bac, "pv": _by_work, "ev": _by_work, "ac": _ac, "cv": _difference, "sv": _difference,
    "etc": _difference, "vac": _difference, "cpi": _index, "spi": _index, "tcpi": _index, "tcpi to eac": _index,
    "es": _es,
}  # fmt: skip
