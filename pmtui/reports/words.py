"""Dates, money and text as the pages print them."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

from pmtui.domain.lights import exact_date
from pmtui.domain.text import clean

NONE = "\u2013"
"""What stands where there is nothing to say."""

TRENDS = {1: "\u2191", 0: "", -1: "\u2193"}
"""Better or worse than before, by arrows that the fonts of documents have."""

_MORE = re.compile(r"(?:and )?([\d,]+) (?:more|not shown, the page is full)")
_SELECTORS = re.compile("[\ufe00-\ufe0f\u034f\u115f\u1160\u3164\uffa0]")
"""Characters that change another's width or are blank themselves: terminals disagree about them."""


def plain(text: str, *, lines: bool = False) -> str:
    """A text that can't act on a terminal nor change its neighbours' width; one line unless ``lines``."""
    text = clean(text, lines=lines)
    return text if text.isascii() else _SELECTORS.sub("", text)


def day(on: dt.date | None, beside: dt.date) -> str:
    """A date in a table: "27 Nov", with its year where it is far from ``beside``; a dash for none."""
    return exact_date(on, beside) if on else NONE


def full_day(on: dt.date) -> str:
    """A date that stands alone: "27 Nov 2026"."""
    return f"{exact_date(on, on)} {on.year}"


def period(first: dt.date, last: dt.date) -> str:
    """Both ends of a period: "23 Feb to 2 Mar 2026"."""
    if first == last:
        return full_day(last)
    return f"{exact_date(first, last)} to {full_day(last)}"


def cents_matter(amounts: Iterable[Decimal]) -> bool:
    """Whether any amount is not whole, so that all are shown to the cent and add up as printed."""
    return any(amount != amount.to_integral_value() for amount in amounts)


def money(amount: Decimal, *, cents: bool = False) -> str:
    """An amount with its thousands grouped, without the currency, which stands in the heading."""
    return f"{amount:,.2f}" if cents else f"{amount:,.0f}"


def signed(amount: Decimal | int | None, *, cents: bool = False) -> str:
    """An amount or a number of days more or less; a dash where it isn't known."""
    if amount is None:
        return NONE
    return f"{amount:+,.2f}" if cents else f"{amount:+,.0f}"


def more_words(left: int, *, none_shown: bool = False) -> str:
    """What stands under rows that were not all shown: "and 28 more"; nothing where they were."""
    if none_shown:
        return f"{left:,} not shown, the page is full"
    return f"and {left:,} more" if left > 0 else ""


def left_out(words: str) -> int:
    """How many rows :func:`more_words` says were left out."""
    found = _MORE.fullmatch(words)
    return int(found[1].replace(",", "")) if found else 0


def count(number: int, one: str, many: str = "") -> str:
    """A number of things: "1 task", "1,200 tasks"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
