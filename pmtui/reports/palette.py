"""The colours of a page on paper, as red, green and blue in hexadecimal; none says what no text says."""

INK = "1b1f24"
MUTED = "5b636d"
RULE = "c3c9d0"
ACCENT = "1f3a5f"

INKS = {"": INK, "muted": MUTED, "strong": INK, "good": "1a6b34", "warn": "8a5200", "bad": "a8201a"}
"""What a tone is written in: each is dark enough to be read on white, and on its own tint."""

TINTS = {"good": "e2f2e6", "warn": "fdf0d3", "bad": "fae2e0"}
"""What a light stands on."""


def ink(tone: str) -> str:
    """The colour of a tone; that of plain text for one that paper does not know."""
    return INKS.get(tone, INK)
