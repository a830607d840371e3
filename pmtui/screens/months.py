"""Closing a month's books, and reopening them."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from pmtui.domain.accruals import accrued
from pmtui.domain.phasing import month_of
from pmtui.screens.money import month_name, sums_words
from pmtui.screens.prompts import Choice, ChoiceScreen, Item, LineScreen, PickerScreen
from pmtui.screens.receipts import accrued_words
from pmtui.screens.summary import amount
from pmtui.services import costs
from pmtui.services.hours import month_words

if TYPE_CHECKING:
    from pmtui.screens.cost_verbs import CostVerbs

CLOSE, OTHER, REOPEN = "c", "o", "r"


class MonthQuestion:
    """Asks which month to close, the last full one proposed, or which to reopen and why."""

    def __init__(self, view: "CostVerbs") -> None:
        self._view = view
        self._project = view.project

    def ask(self) -> None:
        """Show the choices."""
        closed = self._project.data.project.closed_months
        proposed = costs.last_full_month(self._project.today)
        choices = []
        if proposed not in closed:
            choices.append(Choice(CLOSE, f"close {month_name(proposed)}", self._effect(proposed)))
        others = self._others(proposed)
        if len(others) == 1:
            choices.append(Choice(OTHER, f"close {month_name(others[0])}", self._effect(others[0])))
        elif others:
            choices.append(Choice(OTHER, "close another month", f"{len(others)} with entries are open"))
        if closed:
            named = ", ".join(month_name(month) for month in closed[-3:])
            choices.append(Choice(REOPEN, "reopen a closed one", named if len(closed) <= 3 else f"… {named}"))
        if not choices:
            self._view.tell(f"{month_name(proposed)} is closed, and no other month has entries.")
            return

        def take(key: str | None) -> None:
            if key == CLOSE:
                self._close(proposed)
            elif key == OTHER:
                self._pick("Close which month?", others, self._close)
            elif key == REOPEN:
                self._pick("Reopen which month?", list(reversed(closed)), self._reopen)

        question = "A closed month keeps its entries: they can be paid, not changed."
        self._view.app.push_screen(ChoiceScreen((("Months  ", "strong"), (question, "muted")), choices), take)

    def _others(self, proposed: str) -> list[str]:
        """Months with entries that are open, the latest first."""
        data = self._project.data
        days = (*(entry.date for entry in data.costs.values()), *(entry.date for entry in data.hours.values()))
        found = {month_of(day) for day in days}
        return sorted(found - set(data.project.closed_months) - {proposed}, reverse=True)

    def _effect(self, month: str) -> str:
        """What a month holds, and what in it is not settled yet."""
        entries = costs.entries_of(self._project.data, month)
        currency, sums = self._project.data.project.currency, costs.sums_of(entries)
        count = f"{len(entries)} entr{'y' if len(entries) == 1 else 'ies'}"
        planned = sum(1 for entry in entries if entry.status == "planned")
        shown = sums_words(msgspec.structs.replace(sums, accrued=Decimal(0), planned=Decimal(0)))
        left = f"{planned} still planned, {amount(sums.planned, cents=True)}" if planned else ""
        to_come = accrued_words(accrued(self._project.data, self._end(month)), currency)
        worked = month_words(self._project.data, month)
        told = ", ".join(filter(None, (shown and f"{shown} {currency}", to_come, left, worked)))
        return f"{count}: {told or 'void'}" if entries else ", ".join(filter(None, (to_come, worked))) or "no entries"

    def _end(self, month: str) -> dt.date:
        """The last day of a month, or today where that is before."""
        first = dt.date.fromisoformat(f"{month}-01")
        last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
        return min(last, self._project.today)

    def _pick(self, label: str, months: Sequence[str], then: Callable[[str], None]) -> None:
        if len(months) == 1:
            then(months[0])
            return
        items = [Item(month, month_name(month), self._effect(month)) for month in months]

        def take(picked: Hashable | None) -> None:
            if picked is not None:
                then(str(picked))

        self._view.app.push_screen(PickerScreen(label, items), take)

    def _close(self, month: str) -> None:
        self._view.perform(
            lambda: self._view.desk.commit(self._project, lambda: costs.close_month(self._project, month))
        )

    def _reopen(self, month: str) -> None:
        def take(reason: str | None) -> None:
            if reason is not None:
                self._view.perform(
                    lambda: self._view.desk.commit(
                        self._project, lambda: costs.reopen_month(self._project, month, reason)
                    )
                )

        def check(text: str) -> str:
            return "" if text.strip() else "say why: history keeps it with the month"

        self._view.app.push_screen(LineScreen(f"{month_name(month)} reopened, why?", check=check), take)
