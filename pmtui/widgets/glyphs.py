"""The characters of the interface beyond ASCII, each with the one that stands for it where ASCII is all there is.

A twin is as wide as its glyph, so that it can be put in its place on the way to the terminal, also in borders.
No two states that stand in one place share a twin.
"""

TWINS = {
    # states: lights, marks, what is done, blocked, moved, an opportunity
    "●": "*", "○": "o", "▲": "^", "▼": "v", "✓": "+", "⊘": "X", "↷": ">", "◇": "O",
    # where the cursor is, where one is, what goes where
    "▌": ">", "▶": ">", "▸": ">", "→": ">", "←": "<", "›": ">", "‹": "<", "↑": "^", "↓": "v", "↗": "/", "↘": "\\",
    "⏎": "&",
    # bars and charts
    "█": "#", "▓": "=", "░": ".", "▁": "_", "▂": ".", "▃": "-", "▄": "-", "▅": "=", "▆": "=", "▇": "#",
    "━": "=", "╌": "-", "═": "~", "·": ".",
    # rules and boxes
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+",
    "▔": "-", "▏": "|", "▕": "|", "▎": "|", "▊": "|",
    # words
    "…": "~", "–": "-", "—": "-", "−": "-", "×": "x", "•": "*", "≤": "<", "≥": ">",
    "“": '"', "”": '"', "‘": "'", "’": "'", "«": '"', "»": '"', "€": "E", "£": "L", "¥": "Y", "¹": "1", "²": "2",
    "\u00a0": " ",
}  # fmt: skip
"""Each glyph's twin, one cell wide as it is."""

SPELLED = {"⏎": "Enter"}
"""What takes more room, where the text is still to be laid out."""

_ONE_FOR_ONE = str.maketrans(TWINS)
_LAID_OUT = str.maketrans(TWINS | SPELLED)


class _Terminal:
    """What the process's one terminal can show."""

    ascii = False


def use_ascii(on: bool) -> None:
    """Choose for this process whether glyphs are written as their twins."""
    _Terminal.ascii = on


def twinned(text: str) -> str:
    """A text whose place is fixed, as this terminal can show it."""
    return text.translate(_ONE_FOR_ONE) if _Terminal.ascii else text


def spelled(text: str) -> str:
    """A text whose place is still to be found, as this terminal can show it."""
    return text.translate(_LAID_OUT) if _Terminal.ascii else text
