"""Why something changes: the reasons that one key gives."""

from pmtui.screens.prompts import Choice

REASONS = (
    Choice("v", "vendor late"),
    Choice("d", "waiting for a decision"),
    Choice("c", "capacity"),
    Choice("s", "scope grew"),
    Choice("e", "estimate was short"),
    Choice("i", "illness or leave"),
    Choice("o", "other: type it"),
    Choice("enter", "no reason"),
)
"""Why a date moves, by one key."""
