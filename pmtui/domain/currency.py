"""Amounts in another currency than the project's: a stored rate, and what it makes of an amount, to the cent."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pmtui.domain.project_data import ProjectData
    from pmtui.domain.records import CostEntry

CENT = Decimal("0.01")
CODE = re.compile(r"[A-Z]{3}")
"""A currency's code (ISO 4217)."""


def converted(foreign_net: Decimal, rate: Decimal) -> Decimal:
    """An amount in the project's currency: ``foreign_net`` times ``rate``, half a cent rounded away from zero."""
    return (foreign_net * rate).quantize(CENT, ROUND_HALF_UP)


def rate_between(foreign_net: Decimal, net: Decimal) -> Decimal:
    """The rate that makes ``net`` of an amount, to the cent: eight decimals, more where the amount is that large."""
    rates = ((net / foreign_net).quantize(Decimal(1).scaleb(-decimals)) for decimals in (8, 12))
    found = next((rate for rate in rates if converted(foreign_net, rate) == net), None)
    return found if found is not None else (net / foreign_net).quantize(Decimal(1).scaleb(-16))


def last_rate(data: "ProjectData", currency: str) -> "CostEntry | None":
    """The latest entry in a currency that has a rate; void ones count for nothing."""
    found = [e for e in data.costs.values() if e.currency == currency and e.rate is not None and e.status != "void"]
    return max(found, key=lambda entry: (entry.date, entry.id), default=None)
