"""Text written by others, made harmless at the model's edge.

Every text of a record passes through :func:`clean` before it is kept, so that nothing stored can
act on a terminal: no control or escape characters, no bidirectional overrides, no towers of
combining marks.
"""

import re
import unicodedata

LINE_LIMIT = 500
"""Characters in a one-line text (a title, a name)."""

TEXT_LIMIT = 200_000
"""Characters in a long text (notes, minutes)."""

COMBINING_LIMIT = 4
"""Combining marks kept on one base character."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_MARKS = re.compile(r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f])")
_BLANKS = re.compile(r"[ \t\r\n\u00a0\u2028\u2029\x85]+")


def clean(text: str, *, lines: bool = False) -> str:
    r"""The text without anything that could act on a terminal.

    One line unless ``lines``; then line ends become ``\\n`` and tabs four blanks. Blanks at the
    ends go. Nothing is cut: a text that is too long is refused where it is written.
    """
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
        text = text.replace("\t", "    ")
    else:
        text = _BLANKS.sub(" ", text)
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        if _MARKS.search(text):
            text = _limit_marks(text)
    text = _CONTROLS.sub("", text)
    return text.strip("\n ") if lines else text.strip()


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= COMBINING_LIMIT:
            kept.append(character)
    return "".join(kept)


def fold(text: str) -> str:
    """The text as it is compared when people look for it: lower case, accents off."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
