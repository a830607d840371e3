"""An invoice of a part of a commitment: how much of it, and what becomes of the rest."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pmtui.domain.problems import Refused
from pmtui.domain.records import CostEntry
from pmtui.domain.values import read_money
from pmtui.screens.prompts import Choice, ChoiceScreen, LineScreen
from pmtui.screens.summary import amount
from pmtui.services.accruals import committed, invoice_part, whole_of
from pmtui.services.desk import Key
from pmtui.widgets.cells import Cell

if TYPE_CHECKING:
    from pmtui.screens.chosen import ChosenRecords

STAYS, RELEASED = "s", "r"


class PartQuestion:
    """Asks for the amount and the number of an invoice, then whether the rest stays committed."""

    def __init__(self, view: "ChosenRecords", key: Key) -> None:
        self._view = view
        self._key = key
        self._project = view.project

    def ask(self) -> None:
        """The line for the amount; what would be left is told while it is typed."""
        try:
            entry = committed(self._project.get(self._key[1]), "invoiced in part")
        except Refused as refused:
            self._view.tell_error(refused)
            return
        whole, currency = whole_of(entry), entry.currency or self._project.data.project.currency

        def reader(text: str) -> Sequence[Cell]:
            if not text.strip():
                return [("700, or with the invoice's number: 700 INV-2231", "muted")]
            why = check(text)
            if why:
                return [(why, "bad")]
            part, number = _read(text)
            named = (f"   invoice {number}", "strong") if number else ("", "")
            return [((f"{amount(whole - part, cents=True)} {currency} are left", "strong"), named)]

        def check(text: str) -> str:
            part, _ = _read(text)
            return (
                ""
                if 0 < part < whole
                else f"allowed: an amount below the {amount(whole, cents=True)} {currency} committed"
            )

        def take(text: str | None) -> None:
            if text is not None:
                self._ask_rest(entry, *_read(text), currency)

        label = f"{entry.number} invoiced in part, of {amount(whole, cents=True)} {currency}"
        self._view.app.push_screen(LineScreen(label, reader=reader, check=check), take)

    def _ask_rest(self, entry: CostEntry, part: Decimal, invoice: str, currency: str) -> None:
        rest = f"{amount(whole_of(entry) - part, cents=True)} {currency}"
        choices = [
            Choice(STAYS, "the rest stays committed", f"{rest} on {entry.number}; the invoice is an entry of its own"),
            Choice(RELEASED, "the rest is released", f"{entry.number} becomes the invoice; {rest} are free again"),
        ]

        def take(key: str | None) -> None:
            if key is not None:
                stays = key == STAYS
                self._view.act_on_keys(
                    [self._key], lambda p, n: invoice_part(p, n[0], part, rest_stays=stays, invoice=invoice)
                )

        self._view.app.push_screen(
            ChoiceScreen(((f"{entry.number}: ", "strong"), (rest, ""), (" are left", "")), choices), take
        )


def _read(text: str) -> tuple[Decimal, str]:
    """The amount and the invoice's number in a line; nothing for what is no amount."""
    first, _, number = text.strip().partition(" ")
    try:
        return read_money(first), number.strip()
    except ValueError:
        return Decimal(0), ""
