"""Earned value: how much work the money has brought, what the project will cost by it, and when it will be done."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pmtui.domain.behind import Behind, Figure, behind
from pmtui.domain.control import METHODS, Standing, Timing, method_of, standing
from pmtui.domain.dates import MONTHS, say_date
from pmtui.domain.earned_value import EacMethod
from pmtui.keymap import key_of
from pmtui.screens.figure_words import ABOUT, figure_word
from pmtui.screens.figures import FiguresScreen, Line, Row
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.widgets.cells import Cell
from pmtui.widgets.record_table import Column, Heading

MONEY = ("bac", "pv", "ev", "ac")
AGAINST = ("cv", "sv", "cpi", "spi")
TO_COME = ("etc", "vac", "tcpi", "tcpi to eac")
INDEXES = {"cpi", "spi", "tcpi", "tcpi to eac"}
ZERO = Decimal(0)


class EarnedValueScreen(FiguresScreen):
    """All numbers of earned value, each explained, and opened to what is behind it."""

    def __init__(self) -> None:
        super().__init__()
        self._standing: Standing | None = None

    def columns(self, width: int) -> tuple[Column, ...]:
        """The number, how much, what it means."""
        del width
        heading = self.project.data.project.currency
        return (
            Column("name", "Earned value", 24),
            Column("amount", heading, 16, "right"),
            Column("means", "", minimum=20, priority=1),
        )

    def show_data(self) -> None:
        """Work all of it out again."""
        self._standing = standing(self.project.data, self.project.today)
        super().show_data()

    def headline(self, width: int) -> Sequence[Line]:
        """On which day, how the work was measured, and what of it had to be guessed."""
        now, today = self._standing, self.project.today
        if now is None or not now.progress.work:
            add = key_of("record.add")
            words = f" Earned value needs work to measure: tasks in scope ({key_of('go.board')}, then {add})."
            return [(("No tasks yet.", "warn"), (words, "muted"))]
        work = now.progress
        facts: list[Fact] = [
            (("On ", "muted"), (f"{today:%a} {today.day} {MONTHS[today.month - 1][:3]} {today.year}", "")),
            ((f"{len(work.work):,} tasks, {work.weight.normalize():,f} h", ""),),
        ]
        if work.unestimated:
            facts.append(((f"{work.unestimated:,} without an estimate count 8 h", "warn"),))
        if work.undated:
            facts.append(((f"{work.undated:,} without a date planned evenly over the project", "warn"),))
        return flowed(facts, width)

    def rows(self) -> Sequence[Row | Heading]:
        """By what they tell."""
        return list(self._sections())

    def _sections(self) -> Iterator[Row | Heading]:
        yield Heading("Work and money")
        yield from map(self._figure, MONEY)
        yield Heading("Against the plan")
        yield from map(self._figure, AGAINST)
        yield Heading("At completion")
        for method in METHODS:
            yield self._method(method)
        yield from map(self._figure, TO_COME)
        yield Heading("Earned schedule")
        yield from self._timing()

    def _behind(self, figure: Figure) -> Behind:
        return behind(self.project.data, figure, self.project.today)

    def _figure(self, name: str) -> Row:
        figure = Figure(name)
        found = self._behind(figure)
        means = self._means(name, found.amount)
        cells = (figure_word(name), _cell(name, found.amount), (means, "muted"))
        about = (f"{figure_word(name)}: {ABOUT[name]}.", *([f"{means}."] if means not in ABOUT[name] else []))
        return Row(name, cells, about, figure)

    def _method(self, method: EacMethod) -> Row:
        now = self._standing
        assert now is not None
        figure, eac = Figure("eac", method.value), now.eac(method)
        chosen = method_of(self.project.data) is method
        name: Cell = ((f"{'▸ ' if chosen else '  '}EAC ", "strong" if chosen else ""), (METHODS[method][0], ""))
        words = METHODS[method][1] if eac is not None else now.forecast(method).why
        shown = ("n/a", "muted") if eac is None else (amount(eac, cents=True), "strong" if chosen else "")
        about = [f"EAC {METHODS[method][0]}: {words}."]
        if chosen and eac is None:
            about.append("It is chosen, and can't be used yet: the EAC is forecast bottom up until then.")
        elif chosen:
            about.append("It is chosen: the light, the report and the charts go by it.")
        else:
            about.append(f"{key_of('figures.method')} chooses another method.")
        return Row(f"eac {method.value}", (name, shown, (words, "muted")), tuple(about), figure)

    def _means(self, name: str, value: Decimal | None) -> str:
        """What a number comes to here, in a line."""
        now = self._standing
        assert now is not None
        if value is None:
            return "not known yet: " + ("the budget is spent" if name.startswith("tcpi") else "nothing to divide by")
        done, currency = now.progress, self.project.data.project.currency
        if name in {"pv", "ev"}:
            share = done.planned if name == "pv" else done.done
            percent = share * 100 / done.weight if done.weight else ZERO
            return f"{percent:.1f} % of the work {'should be' if name == 'pv' else 'is'} done"
        said = {
            "cv": ("over cost", "on cost", "under cost"),
            "sv": ("behind the plan", "as planned", "ahead of the plan"),
            "vac": ("over the budget at completion", "as budgeted", "under the budget at completion"),
        }.get(name)
        if said:
            return said[(value > 0) - (value < 0) + 1]
        words = {
            "cpi": f"each {currency} spent has earned {value:.2f}",
            "spi": f"of each {currency} planned by now, {value:.2f} is earned",
            "tcpi": f"each {currency} left in the budget must earn {value:.2f}",
            "tcpi to eac": f"each {currency} still to be spent must earn {value:.2f}",
        }
        return words.get(name) or ABOUT[name].partition(": ")[2] or ABOUT[name]

    def _timing(self) -> Iterator[Row]:
        timing = self._standing.timing if self._standing else None
        if timing is None:
            words = "not known: the work has not begun by its plan, or no budget or date is known"
            yield Row("es", ("Earned schedule", ("n/a", "muted"), (words, "muted")), (words,))
            return
        today, earned = self.project.today, timing.earned
        late = f"{abs(earned.sv):.2f} months {'behind' if earned.sv < 0 else 'ahead'}" if earned.sv else "on time"
        rows = [
            ("es", "ES", _months(earned.es), f"what is earned was planned for this month of {earned.pd}"),
            ("at", "AT", _months(earned.at), "months that passed since the work was to begin"),
            ("sv(t)", "SV(t)", _months(earned.sv), late),
            ("spi(t)", "SPI(t)", f"{earned.spi:.3f}" if earned.spi is not None else "n/a", _pace(timing)),
            ("ieac(t)", "IEAC(t)", _months(earned.ieac), f"months in all at this pace, of {earned.pd} planned"),
            ("finish", "Finish", timing.finish.isoformat() if timing.finish else "n/a", _finish(timing, today)),
        ]
        for key, name, shown, means in rows:
            cell = (shown, "bad" if shown.startswith("-") else "")
            yield Row(key, (name, cell, (means, "muted")), (f"{name}: {means}.", _HOW[key]), Figure("es"))


_HOW = {
    "es": "Earned schedule, Lipke: C + (EV - PV of C) / (PV of C+1 - PV of C), by calendar months.",
    "at": "Actual time, in calendar months, and working days within this one.",
    "sv(t)": "ES less AT; negative is behind. Unlike SV it doesn't end at nothing when the work is done late.",
    "spi(t)": "ES / AT: how fast the work goes against its plan.",
    "ieac(t)": "Planned duration / SPI(t).",
    "finish": "The plan's working days divided by SPI(t), counted from the day the work was to begin.",
}


def _cell(name: str, value: Decimal | None) -> Cell:
    if value is None:
        return ("n/a", "muted")
    if name in INDEXES:
        under = value < 1 if name in {"cpi", "spi"} else value > 1
        return (f"{value:.3f}", "bad" if under else "")
    return (amount(value, cents=True), "bad" if value < 0 else "")


def _months(value: Decimal | None) -> str:
    return "n/a" if value is None else f"{value:.2f}"


def _pace(timing: Timing) -> str:
    spi = timing.earned.spi
    return "not known yet" if spi is None else f"{spi * 100:.0f} % of the planned pace"


def _finish(timing: Timing, today: dt.date) -> str:
    planned = say_date(timing.planned_finish, today)
    if timing.finish is None:
        return f"not known; planned {planned}"
    days = (timing.finish - timing.planned_finish).days
    late = f"{abs(days)} days {'after' if days > 0 else 'before'} the plan's" if days else "as planned"
    return f"{say_date(timing.finish, today)}, {late} {planned if days else ''}".rstrip()
