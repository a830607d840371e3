"""A Microsoft Project plan while it is read: its tasks in their outline, and the units of the file."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from pmtui.domain.text import clean
from pmtui.exchange.rows import Named
from pmtui.exchange.xml_in import Node

_DURATION = re.compile(r"-?P(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d+)?)S)?)?", re.ASCII)

_AMOUNT = re.compile(r"-?\d{1,14}(?:\.\d{1,9})?", re.ASCII)

DEEPEST = 100
"""Outline levels that are told apart."""


@dataclass(slots=True)
class Item:
    """A task of the plan in its place: the kind of record it becomes, the summary it is under, its leaves."""

    node: Node
    uid: str
    kind: str
    under: "Item | None" = None
    inside: list["Item"] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its name."""
        return clean(self.node.get("Name"))


@dataclass
class Plan:
    """The file as it is read: its tasks by UID, its people by resource UID, what is counted to be said."""

    root: Node
    source: str
    items: dict[str, Item] = field(default_factory=dict)
    people: dict[str, Named] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def start(self) -> dt.date | None:
        """The day the project starts."""
        return day(self.root.get("StartDate"))


def day(text: str) -> dt.date | None:
    """The day of a moment such as ``2018-10-18T17:00:00``; ``None`` for none."""
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def hours(text: str) -> float:
    """Hours of a duration such as ``PT7H30M0S``."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return 0.0
    days, whole, minutes, seconds = (float(part or 0) for part in found.groups())
    return round(days * 24 + whole + minutes / 60 + seconds / 3600, 2)


def money(text: str) -> Decimal:
    """An amount: the file counts in hundredths. 200 h at 10.00 and 15.00 for use stand there as 201500."""
    return (Decimal(text) / 100).quantize(Decimal("0.01")) if _AMOUNT.fullmatch(text) else Decimal(0)


def rate(text: str) -> Decimal:
    """A rate by the hour, in whole currency unlike the costs; 0 for none."""
    amount = Decimal(text) if _AMOUNT.fullmatch(text) else Decimal(0)
    return amount if 0 < amount < 10**6 else Decimal(0)


def whole(text: str, otherwise: int) -> int:
    """A whole number that is not negative."""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else otherwise


def is_uid(text: str) -> bool:
    """Whether this is a unique id: a number."""
    return re.fullmatch(r"\d{1,12}", text, re.ASCII) is not None
