"""Typefaces of this machine, for characters that the one which comes with pmtui does not have.

They are looked for where systems keep them. Those that are made for many languages come first, then by name, so
that the same machine gives the same file.
"""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pmtui.reports.fontfile import FontFile, UnreadableFont

MOST = 300
"""Files that are looked into before a character is given up."""

_PLAIN = re.compile(r"(?i)(regular|book|medium|fallback|zenhei|microhei|unifont)|^[^-]*$")
_ODD = re.compile(r"(?i)(italic|oblique|bold|black|thin|light|mono|condensed|serif|emoji|color|display|slanted)")
_FIRST = ("notosans-", "notosans", "dejavusans.", "sourcehansans", "wqy-", "droidsansfallback", "lohit", "freesans")


def folders() -> tuple[Path, ...]:
    """Where this system and this user keep fonts."""
    home = Path.home()
    data = os.environ.get("XDG_DATA_HOME")
    own = (Path(data) if data else home / ".local" / "share") / "fonts"
    shared = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts")
    return (own, home / ".fonts", home / "Library" / "Fonts", *map(Path, shared))


def fonts_for(characters: Iterable[str]) -> list[FontFile]:
    """Fonts that have these characters between them, as few as are met; some may be in none."""
    left = set(characters)
    found = []
    for path in candidates() if left else ():
        font = _font(path)
        if font is None:
            continue
        has = {character for character in left if character in font}
        if has and font.may_be_embedded:
            found.append(font)
            left -= has
        if not left:
            break
    return found


@cache
def _font(path: Path) -> FontFile | None:
    try:
        font = FontFile(path)
        " " in font  # noqa: B015 - reads its map of characters, which may be damaged
    except UnreadableFont:
        return None
    return font


def candidates() -> list[Path]:
    """Font files of this machine, the most likely first."""
    found = sorted(set(_files()), key=lambda path: (_order(path.name), path.name, str(path)))
    return found[:MOST]


def _files() -> Iterator[Path]:
    for folder in folders():
        for place, _, names in os.walk(folder):
            yield from (Path(place, name) for name in names if name.lower().endswith((".ttf", ".otf", ".ttc")))


def _order(name: str) -> tuple[bool, bool, int]:
    lower = name.lower()
    first = next((at for at, known in enumerate(_FIRST) if lower.startswith(known)), len(_FIRST))
    return bool(_ODD.search(name)), not _PLAIN.search(name), first
