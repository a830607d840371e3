"""How a cell is drawn, as the codes of ECMA-48 (SGR), and the shortest way from one to another."""

from functools import lru_cache

import msgspec
from rich.color import ColorSystem
from rich.style import Style

_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24, 51: 54, 52: 54, 53: 55}
"""The code that ends what a code began; one may end two."""

_ON = (
    ("bold", 1), ("dim", 2), ("italic", 3), ("underline", 4), ("blink", 5), ("blink2", 6), ("reverse", 7),
    ("conceal", 8), ("strike", 9), ("underline2", 21), ("frame", 51), ("encircle", 52), ("overline", 53),
)  # fmt: skip


class Pen(msgspec.Struct, frozen=True):
    """Foreground, background (the codes as text; empty for the terminal's own) and attributes."""

    foreground: str = ""
    background: str = ""
    attributes: tuple[int, ...] = ()


@lru_cache(4096)
def _interned(foreground: str, background: str, attributes: tuple[int, ...]) -> Pen:
    return Pen(foreground, background, attributes)


PLAIN = _interned("", "", ())
"""What the terminal draws with after a reset."""

MARKS_SPACE = frozenset({4, 7, 9, 21, 51, 52, 53})
"""Attributes that show on a space too."""


@lru_cache(4096)
def blank_of(pen: Pen) -> Pen:
    """What is seen of a pen on a space: its background, or all of it where an attribute marks spaces."""
    return pen if MARKS_SPACE.intersection(pen.attributes) else _interned("", pen.background, ())


@lru_cache(4096)
def blanks_alike(one: Pen | None, other: Pen) -> bool:
    """Whether a space looks the same drawn with either."""
    return one is not None and blank_of(one) is blank_of(other)


@lru_cache(4096)
def pen_of(style: Style | None, system: ColorSystem | None) -> Pen:
    """The pen of a Rich style on a terminal with so many colours (``None``: without any); links are left out."""
    if style is None:
        return PLAIN
    attributes = tuple(code for name, code in _ON if getattr(style, name))
    if system is None:
        return _interned("", "", attributes)
    fore, back = style.color, style.bgcolor
    foreground = ";".join(fore.downgrade(system).get_ansi_codes(foreground=True)) if fore else ""
    background = ";".join(back.downgrade(system).get_ansi_codes(foreground=False)) if back else ""
    return _interned("" if foreground == "39" else foreground, "" if background == "49" else background, attributes)


@lru_cache(4096)
def turn(before: Pen | None, after: Pen) -> str:
    """The escape sequence that makes one pen of another (``None``: of one not known); empty where they are one."""
    if before is after:
        return ""
    whole = [str(code) for code in after.attributes]
    whole += [codes for codes in (after.foreground, after.background) if codes]
    reset = f"\x1b[0;{';'.join(whole)}m" if whole else "\x1b[m"
    if before is None:
        return reset
    codes = _attributes(before.attributes, after.attributes)
    if before.foreground != after.foreground:
        codes.append(after.foreground or "39")
    if before.background != after.background:
        codes.append(after.background or "49")
    changed = f"\x1b[{';'.join(codes)}m" if codes else ""
    return changed if len(changed) <= len(reset) else reset


def _attributes(before: tuple[int, ...], after: tuple[int, ...]) -> list[str]:
    ended = {_OFF[code] for code in before if code not in after}
    begun = [code for code in after if code not in before or _OFF[code] in ended]
    return [str(code) for code in (*sorted(ended), *begun)]
