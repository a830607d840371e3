"""Where risks stand in the heat map, and how they moved there since a day.

What is known of an earlier day is what was kept when the risk was assessed. A move is worse where the score went
up: for an opportunity, that is the better.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from pmtui.domain.records.risk import Risk, ScoreAt

INHERENT, RESIDUAL, NOW, OPPORTUNITIES = "inherent", "residual", "now", "opportunities"
"""The grids: threats before any response, once it has worked, and as they are; opportunities as they are."""

Steps = tuple[int, int]
"""A probability and an impact, steps from 1 to 5."""


class Move(msgspec.Struct, frozen=True):
    """How a risk moved: from where, to where (``None``: not in the grid), and whether its score rose (1) or fell (-1).

    ``why`` tells what it did where it was not in the grid at one end: ``new``, ``assessed``, ``closed`` and so on, or
    its score of then where only that is known.
    """

    number: str
    before: Steps | None
    after: Steps | None
    way: int
    why: str = ""


def is_in(risk: Risk, grid: str) -> bool:
    """Whether a grid holds risks of this one's kind."""
    return (risk.kind == "opportunity") == (grid == OPPORTUNITIES)


def cell_of(risk: Risk, grid: str) -> Steps | None:
    """Where a risk stands in a grid; what is left counts as it is now until it is assessed."""
    if grid == INHERENT:
        return _cell(risk.inherent_probability or 0, risk.inherent_impact or 0)
    probability, impact, *left = risk.stands
    return _residual(grid, left) or _cell(probability, impact)


def moves(risks: Iterable[Risk], grid: str, since: dt.date) -> Iterator[Move]:
    """The risks of a grid that stand elsewhere than they did at the end of a day."""
    for risk in risks:
        if not is_in(risk, grid):
            continue
        found = _move(risk, grid, since)
        if found is not None:
            yield found


def drift(found: Iterable[Move], cell: Steps) -> int:
    """Whether those that came into a cell came from lower scores (1) or higher ones (-1) in balance; else 0."""
    balance = sum(move.way for move in found if move.after == cell)
    return (balance > 0) - (balance < 0)


def _move(risk: Risk, grid: str, since: dt.date) -> Move | None:
    was = next((s for s in reversed(risk.scores) if s.on <= since), None)
    after = cell_of(risk, grid)
    if not risk.is_open:
        left = _cell_then(risk, was, grid) if was and risk.ended and risk.ended > since else None
        return Move(risk.number, left, None, -1, risk.status) if left else None
    if after is None:
        return None
    if was is None:
        return _came(risk, after, since)
    before = _cell_then(risk, was, grid)
    if before is None and grid in {NOW, OPPORTUNITIES} and was.score != risk.score:
        return Move(risk.number, None, after, _way(was.score, risk.score), f"score {was.score}")
    if before is None or before == after:
        return None
    return Move(risk.number, before, after, _way(before[0] * before[1], after[0] * after[1]))


def _came(risk: Risk, after: Steps, since: dt.date) -> Move | None:
    """A risk without a score at the end of the day: new, or there and not assessed; nothing where none was kept."""
    if not risk.scores:
        return None
    known = risk.raised is not None and risk.raised <= since
    return Move(risk.number, None, after, 1, "assessed" if known else "new")


def _cell_then(risk: Risk, was: ScoreAt, grid: str) -> Steps | None:
    """Where a risk stood when it had this score; ``None`` where its steps were not kept."""
    if grid == INHERENT:
        return cell_of(risk, grid)
    return _residual(grid, (was.residual_probability, was.residual_impact)) or _cell(was.probability, was.impact)


def _residual(grid: str, left: Iterable[int]) -> Steps | None:
    return _cell(*left) if grid == RESIDUAL else None


def _cell(probability: int, impact: int) -> Steps | None:
    return (probability, impact) if probability and impact else None


def _way(before: int, after: int) -> int:
    return (after > before) - (after < before)
