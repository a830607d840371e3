"""An amount in another currency on a cost's line: ``1200 USD @0.92``, or at an earlier entry's rate, which is said."""

from decimal import Decimal
from typing import TYPE_CHECKING

from pmtui.domain.currency import converted, last_rate
from pmtui.domain.dates import say_date
from pmtui.domain.quickgrammar import Understood
from pmtui.domain.values import show_rate

if TYPE_CHECKING:
    from pmtui.domain.quickcost import CostReader


def take_foreign(reader: "CostReader") -> None:
    """What was read as the net is the net in another currency, where one was written; the net follows by the rate."""
    values, own = reader.values, reader.data.project.currency
    code = reader.currency or str(values.get("currency", "")).upper()
    if not code or code == own:
        if "rate" in values:
            reader.problem("rate", show_rate(_amount(values["rate"])), "a rate goes with a currency: 1200 USD @0.92")
        return
    reader.put("currency", code)
    if "net" in values and "foreign_net" not in values:
        reader.shown.pop("net")
        reader.put("foreign_net", values.pop("net"))
    net = values.get("foreign_net")
    if not isinstance(net, Decimal):
        return
    if "rate" not in values:
        _propose(reader, code, net)
    if values.get("rate"):
        rate = _amount(values["rate"])
        reader.put("net", converted(net, rate))
        words = f"{converted(net, rate):,.2f} {own} ({net:,.2f} {code} at {show_rate(rate)})"
        reader.shown["net"] = Understood("net", reader.type.fields["net"].label, words)
        for name in ("currency", "foreign_net", "rate"):
            reader.shown.pop(name, None)


def _propose(reader: "CostReader", code: str, net: Decimal) -> None:
    """The rate of the last entry in this currency, told; refused where there is none."""
    known = last_rate(reader.data, code)
    if known is None or known.rate is None:
        reader.refuse_currency(f"{net} {code}", f"; say what 1 {code} costs, as in {net} {code} @0.92")
        return
    reader.put("rate", known.rate)
    day = say_date(known.date, reader.today)
    reader.said.append(
        f"rate {show_rate(known.rate)} of {known.number}, {day}; another one is written @{_other(known.rate)}"
    )


def _other(rate: Decimal) -> str:
    """A rate beside this one, as an example."""
    return show_rate(rate + Decimal(1).scaleb(int(rate.normalize().as_tuple().exponent)))


def _amount(value: object) -> Decimal:
    assert isinstance(value, Decimal), "the field is money"
    return value
