"""What came before its invoice: the question when, and the list of accruals."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pmtui.domain.accruals import Accrued, accrued
from pmtui.domain.dates import DateError, read_date, say_date
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import CostEntry
from pmtui.keymap import key_of
from pmtui.screens.money import month_name
from pmtui.screens.page import PageScreen
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.screens.summary import Fact, amount
from pmtui.services.accruals import receive
from pmtui.services.desk import Key
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Cell, Span, fit, fit_spans, width_of, wrap

if TYPE_CHECKING:
    from pmtui.screens.chosen import ChosenRecords

NOT, LIST, PICK = "n", "l", "p"


def accrued_facts(data: ProjectData, today: dt.date) -> list[tuple[int, Fact]]:
    """What is accrued, for the line of the project's money; nothing where nothing is."""
    found = accrued(data, today)
    return [(3, (("accrued ", "muted"), (amount(found.total), "")))] if found.entries else []


def accrued_words(found: Accrued, currency: str) -> str:
    """``accrued 4,200.00 EUR in 2 commitments``; empty where nothing is."""
    count = len(found.entries)
    many = f"{count} commitment{'' if count == 1 else 's'}"
    return f"accrued {amount(found.total, cents=True)} {currency} in {many}" if count else ""


class ReceivedQuestion:
    """Asks when the goods or work of commitments came, by one key."""

    def __init__(self, view: "ChosenRecords", keys: Sequence[Key]) -> None:
        self._view = view
        self._keys = keys
        self._project = view.project
        self._today = view.project.today

    def ask(self) -> None:
        """Show the days, and the list of what is accrued already."""
        yesterday, friday = self._today - dt.timedelta(days=1), _friday_before(self._today)
        days = {"t": ("today", self._today), "y": ("yesterday", yesterday)}
        days["f"] = (f"Friday {friday.day} {friday:%b}", friday)
        choices = [Choice(key, word) for key, (word, _) in days.items()] + [Choice(PICK, "pick a date")]
        entries = [self._view.desk.record(key) for key in self._keys]
        if any(isinstance(entry, CostEntry) and entry.received_on for entry in entries):
            choices.append(Choice(NOT, "not received"))
        found = accrued(self._project.data, self._today)
        if found.entries:
            choices.append(Choice(LIST, "list what is accrued"))

        def take(key: str | None) -> None:
            if key in days:
                self._receive(days[key][1])
            elif key == PICK:
                self._pick()
            elif key == NOT:
                self._receive(None)
            elif key == LIST:
                self._view.app.push_screen(accruals_page(self._project))

        question: Cell = ((self._view.naming(self._keys), "strong"), (" received, its invoice to come: when?", ""))
        self._view.app.push_screen(ChoiceScreen(question, choices), take)

    def _pick(self) -> None:
        def check(text: str) -> str:
            try:
                read_date(text, self._today, prefer="past")
            except DateError as error:
                return str(error)
            return ""

        def reader(text: str) -> Sequence[Cell]:
            if not text.strip():
                return [("mon  -2d  15 nov  2026-11-15", "muted")]
            why = check(text)
            return [
                (why, "bad") if why else (say_date(read_date(text, self._today, prefer="past"), self._today), "strong")
            ]

        def take(text: str | None) -> None:
            if text is not None:
                self._receive(read_date(text, self._today, prefer="past"))

        label = f"{self._view.naming(self._keys)} received on"
        self._view.app.push_screen(LineScreen(label, reader=reader, check=check), take)

    def _receive(self, on: dt.date | None) -> None:
        self._view.act_on_keys(self._keys, lambda project, numbers: receive(project, numbers, on))


def _friday_before(today: dt.date) -> dt.date:
    """The last Friday that is neither today nor yesterday."""
    back = (today.weekday() - 4) % 7
    return today - dt.timedelta(days=back if back > 1 else back + 7)


def accruals_page(project: OpenProject) -> PageScreen:
    """All accruals to read: by budget line with sums, and what each month comes to."""
    return PageScreen("Accruals", lambda width: accruals_lines(project.data, project.today, width))


def accruals_lines(data: ProjectData, today: dt.date, width: int) -> list[Sequence[Span]]:
    """What is accrued on a day, line by line."""
    found, currency = accrued(data, today), data.project.currency
    if not found.entries:
        words = f"Nothing is accrued: {key_of('costs.received')} on a commitment says that its goods or work came."
        return [((words, "muted"),)]
    lines: list[Sequence[Span]] = [((accrued_words(found, currency), "strong"),)]
    words = "Received, and not invoiced yet: beside the actual cost, until the invoice releases it."
    lines += [((part, "muted"),) for part in wrap(words, width)]
    for number, total in found.by_line.items():
        line = data.budget_lines.get(data.id_of(number))
        lines += [
            (("", ""),),
            _ends((f"{number} {line.category if line else ''}", "head"), (_money(total), "head"), width),
        ]
        lines += [_entry(entry, today, width) for entry in found.entries if entry.budget_line == number]
    lines += [(("", ""),), (("By month of receipt", "head"),)]
    months = sorted(found.by_month.items())
    return [*lines, *(_ends((f"  {month_name(month)}", ""), (_money(total), ""), width) for month, total in months)]


def _entry(entry: CostEntry, today: dt.date, width: int) -> Sequence[Span]:
    came = say_date(entry.received_on, today) if entry.received_on else ""
    expected = f"  invoice expected {say_date(entry.invoice_expected_on, today)}" if entry.invoice_expected_on else ""
    papers = "  ".join(filter(None, (entry.vendor, f"PO {entry.po}" if entry.po else "")))
    left = f"  {fit(entry.number, 6)}{fit(came, 11)} {entry.note or papers}  {papers if entry.note else ''}{expected}"
    return _ends((left.rstrip(), ""), (_money(entry.net), ""), width)


def _ends(left: Span, right: Span, width: int) -> Sequence[Span]:
    """Words on the left, an amount on the right of a page."""
    wide = min(width, 100)
    return (*fit_spans((left,), max(10, wide - width_of(right[0]) - 2)), ("  ", ""), right)


def _money(value: object) -> str:
    return f"{value:,.2f}"
