"""What the numbers of the costs are called, and what each of them means, in the field's words."""

from pmtui.domain.behind import BASE_LINES, Behind, Figure
from pmtui.domain.earned_value import EacMethod
from pmtui.domain.project_data import ProjectData
from pmtui.screens.money import month_name

ABOUT = {
    "planned": "what was set aside for it",
    "committed": "ordered, and not invoiced yet",
    "actual": "spent: invoiced or paid",
    "still planned": "meant to be spent, and not ordered yet",
    "forecast": "what it will have cost in the end: booked, and what is planned beyond that",
    "left": "planned, and neither spent nor committed",
    "budget": "what the base lines set aside",
    "contingency": "set aside for risks that may occur",
    "management reserve": "set aside for what nobody foresaw",
    "drawn": "what draws on contingency and released reserve will cost, as far as these cover them",
    "eac": "estimate at completion: what the project will have cost in the end",
    "variance": "the budget and what was drawn for it, less the EAC; negative is over",
    "contingency left": "contingency that is neither spent nor committed",
    "bac": "budget at completion: the base budget as it was approved",
    "pv": "planned value: the budget of the work that should be done by now",
    "ev": "earned value: the budget of the work that is done",
    "ac": "actual cost of the work done: spent, and received without an invoice yet",
    "cv": "cost variance, EV less AC; negative is over cost",
    "sv": "schedule variance, EV less PV, in money; negative is behind",
    "cpi": "cost performance index: what each unit of money spent has earned",
    "spi": "schedule performance index: what was earned of each unit of money planned by now",
    "etc": "estimate to complete: what is still to be spent, EAC less AC",
    "vac": "variance at completion, BAC less EAC; negative is over budget",
    "es": "earned schedule: the month, counted from the first, in which what is earned was planned to be",
    "tcpi": "the CPI needed from now on to end within the budget",
    "tcpi to eac": "the CPI needed from now on to end at the EAC",
}
"""Each number in a line."""

METHOD_KEYS = {
    "b": EacMethod.BOTTOM_UP,
    "c": EacMethod.CPI,
    "r": EacMethod.REMAINING_AT_PLAN,
    "s": EacMethod.CPI_SPI,
}
"""The key that chooses each method."""

_NAMES = {name: name.upper() for name in ("eac", "bac", "pv", "ev", "ac", "cv", "sv", "cpi", "spi", "etc", "vac", "es")}
_NAMES |= {"tcpi": "TCPI to the budget", "tcpi to eac": "TCPI to the EAC", "drawn": "Drawn on what is set aside"}


def figure_word(name: str) -> str:
    """What a number is called."""
    return _NAMES.get(name) or name.capitalize()


def figure_name(figure: Figure, data: ProjectData) -> str:
    """A number with what it is of: ``Actual of travel, February 2026``."""
    name = figure_word(figure.name)
    if figure.name == "eac" and figure.of:
        return f"{name}, {figure.of}"
    line = data.baseline_lines.get(data.id_of(figure.of)) if figure.of else None
    of = figure.of if figure.of == BASE_LINES or line is None else line.category
    return f"{name}{f' of {of}' if of else ''}{f', {month_name(figure.month)}' if figure.month else ''}"


def count_words(found: Behind) -> str:
    """How many there are behind a number: entries, lines, tasks."""
    numbers = [part.number for part in found.parts if part.number]
    if len(numbers) < len(found.parts) or not numbers:
        return ""
    word = {"C": "entr", "B": "line", "T": "task", "H": "entr"}.get(numbers[0].partition("-")[0], "record")
    ends = ("y", "ies") if word == "entr" else ("", "s")
    return f"{len(numbers):,} {word}{ends[len(numbers) != 1]}"
