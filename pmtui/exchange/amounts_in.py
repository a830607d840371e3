"""Amounts as files write them: 1,250.50 and 1.250,50 both, in units, millions or thousands, by their heading."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pmtui.exchange.rows import SYMBOLS

_UNITS = {
    **dict.fromkeys(("m", "mm", "mn", "mio", "million", "millions"), Decimal(10) ** 6),
    **dict.fromkeys(("k", "000", "000s", "thousand", "thousands"), Decimal(10) ** 3),
    **dict.fromkeys(("bn", "b", "billion", "billions"), Decimal(10) ** 9),
}
_TAIL = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$")
_NOISE = re.compile(r"[\s\u00a0\u202f'€£$¥]|\b[A-Z]{3}\b")
_POINT = re.compile(r"[\d,]*,\d{3}\.\d*|\d+\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3}){2,}")
_COMMA = re.compile(r"[\d.]*\.\d{3},\d*|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3}){2,}")


@dataclass(frozen=True, slots=True)
class Unit:
    """What a heading says of its amounts: a factor, and the currencies they can be in."""

    factor: Decimal = Decimal(1)
    currencies: frozenset[str] = frozenset()


NO_UNIT = Unit()


def unit_of(heading: str) -> tuple[str, Unit]:
    """The heading without its unit, and the unit: ``Planned Cost ($ M)`` is in millions of dollars."""
    tail = _TAIL.search(heading)
    if tail is None:
        return heading, NO_UNIT
    factor, currencies = Decimal(1), frozenset[str]()
    for word in re.findall(r"[€£$¥]|[A-Za-z]+|'?000s?", tail[1]):
        plain = word.lower().lstrip("'")
        if plain in _UNITS:
            factor *= _UNITS[plain]
        elif word in SYMBOLS:
            currencies = SYMBOLS[word]
        elif re.fullmatch(r"[A-Z]{3}", word):
            currencies = frozenset({word})
        elif plain != "in":
            return heading, NO_UNIT
    return heading[: tail.start()].strip(), Unit(factor, currencies)


def decimal_comma(cells: Iterable[str]) -> bool | None:
    """Whether a file's amounts have a decimal comma; ``None`` where none tells, or both are used."""
    seen = {style for text in cells if (style := _style(_bare(text)[1])) is not None}
    return seen.pop() if len(seen) == 1 else None


def read_amount(text: str, comma: bool | None, unit: Unit = NO_UNIT) -> Decimal:
    """The amount in a cell; ``comma`` is what the file's other amounts tell.

    ``(99.50)`` and ``99.50-`` are negative. Raises ``ValueError``, with why, for what is no amount
    or could be two: ``1.250`` alone may be a thousand and more, or one and a quarter.
    """
    negative, bare = _bare(text)
    if re.fullmatch(r"\d(?:\.\d{1,15})?[Ee][+-]?\d{1,2}", bare, re.ASCII):
        return _bounded(Decimal(bare) * unit.factor, negative)
    if not re.fullmatch(r"\d[\d.,]{0,30}", bare, re.ASCII):
        raise ValueError("allowed: an amount such as 1250.50")
    own = _style(bare)
    by_comma = comma if own is None else own
    if by_comma is None and "." in bare:
        whole = bare.replace(".", "")
        raise ValueError(f"doubtful: {whole} or {bare}; write {whole}.00 or {bare}0")
    group, point = (".", ",") if by_comma else (",", ".")
    head, _, tail = bare.partition(point)
    if group in tail or point in tail or not re.fullmatch(rf"\d+|\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", head):
        raise ValueError("allowed: an amount such as 1250.50")
    return _bounded(Decimal(head.replace(group, "") + (f".{tail}" if tail else "")) * unit.factor, negative)


def _bounded(amount: Decimal, negative: bool) -> Decimal:
    if amount >= Decimal(10) ** 12:
        raise ValueError("allowed: an amount below 10¹²")
    if amount == amount.to_integral_value():
        amount = amount.quantize(Decimal(1))
    if -int(amount.as_tuple().exponent) > 4:
        raise ValueError("allowed: an amount with at most four decimals")
    return -amount if negative else amount


def _style(bare: str) -> bool | None:
    """Whether this amount alone has a decimal comma (True) or point (False); ``None``: it does not tell."""
    if _COMMA.fullmatch(bare):
        return True
    return False if _POINT.fullmatch(bare) else None


def _bare(text: str) -> tuple[bool, str]:
    bare = _NOISE.sub("", text)
    negative = bare.startswith(("-", "\u2212", "(")) or bare.endswith("-")
    return negative, bare.strip("+-\u2212()")
