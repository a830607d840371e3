"""What the heat map says in words: its grids, and what moved since a month ago."""

import datetime as dt
from collections.abc import Sequence

from pmtui.domain.dates import say_date
from pmtui.domain.heat import INHERENT, NOW, OPPORTUNITIES, RESIDUAL, Move, Steps
from pmtui.widgets.cells import Cell, Span

TITLES = {
    INHERENT: "Inherent",
    RESIDUAL: "Residual, else now",
    NOW: "Now",
    OPPORTUNITIES: "◇ Opportunities, now",
}

ARROWS = {1: "↗", 0: "→", -1: "↘"}
"""A score that rose, stayed, fell."""

MOST = 4
"""Moves that are told one by one."""


def note_of_grid(found: Sequence[Move], since: dt.date, today: dt.date) -> Cell:
    """How many risks of a grid moved since a day, and which way."""
    told = []
    for way, word in ((1, "up"), (-1, "down")):
        count = sum(1 for move in found if move.way == way and move.before and move.after)
        told += [f"{count} {ARROWS[way]} {word}"] if count else []
    came = sum(1 for move in found if move.before is None)
    left = sum(1 for move in found if move.after is None)
    told += [f"{came} new"] if came else []
    told += [f"{left} ended"] if left else []
    return (f"since {say_date(since, today)}: {', '.join(told) or 'nothing moved'}", "muted")


def note_of_cell(found: Sequence[Move], cell: Steps, grid: str) -> Cell:
    """What came into a cell since a month ago, and what left it."""
    came = [move for move in found if move.after == cell]
    left = [move for move in found if move.before == cell]
    if not came and not left:
        return ("since a month ago: nothing came here, nothing left", "muted")
    parts: list[Span] = [("came: ", "muted")] if came else []
    parts += _told([_came(move) for move in came], came, grid)
    parts += [(("   " if came else "") + "left: ", "muted")] if left else []
    parts += _told([_left(move) for move in left], left, grid)
    return tuple(parts)


def _told(words: Sequence[str], found: Sequence[Move], grid: str) -> list[Span]:
    parts: list[Span] = []
    for at, (text, move) in enumerate(zip(words[:MOST], found, strict=False)):
        worse = -move.way if grid == OPPORTUNITIES else move.way
        tone = {1: "bad", 0: "", -1: "good"}[worse]
        parts += [(", " if at else "", "muted"), (f"{text} {ARROWS[move.way]}", tone)]
    return [*parts, (f" and {len(words) - MOST} more", "muted")] if len(words) > MOST else parts


def _came(move: Move) -> str:
    if move.before:
        return f"{move.number} from {_place(move.before)}"
    return f"{move.number} from {move.why}" if move.why.startswith("score") else f"{move.number} {move.why}"


def _left(move: Move) -> str:
    return f"{move.number} to {_place(move.after)}" if move.after else f"{move.number} {move.why}"


def _place(cell: Steps) -> str:
    return f"P{cell[0]}×I{cell[1]}"
