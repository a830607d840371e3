"""Charts of characters, as spans: each part and line can be told from the others without colour."""

from __future__ import annotations

from itertools import pairwise
from math import floor, isfinite, log10
from typing import TYPE_CHECKING, TypeAlias

from pmtui.widgets.cells import clip_spans, fit, fit_spans, joined, safe
from pmtui.widgets.cells import width_of as cell_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmtui.widgets.cells import Span

Series: TypeAlias = "tuple[str, str, Sequence[float | None]]"
"""A label, a tone, and a value for each point of the axis; None where there is none yet."""

_PARTS, _REST, _OVER = "█▓░", "·", "▶"
_ASCII_PARTS, _ASCII_REST, _ASCII_OVER = "#=-", ".", ">"
_STEPS = "▁▂▃▄▅▆▇█"
_GLYPHS, _ASCII_GLYPHS = "·━╌═+", ".=-~+"
_LEAST_CHART = (12, 4)


def bar(
    parts: Sequence[tuple[float, str]],
    total: float,
    width: int,
    ascii: bool = False,  # noqa: A002 - what it says, where it is called
) -> tuple[Span, ...]:
    """Draw `parts` of `total` side by side in `width` cells; `▶` where they are more than it.

    A part above zero always shows. Negative amounts and those that are no number count as zero.
    """
    if width <= 0:
        return ()
    glyphs, rest, over = (_ASCII_PARTS, _ASCII_REST, _ASCII_OVER) if ascii else (_PARTS, _REST, _OVER)
    amounts = [value if isfinite(value) and value > 0 else 0.0 for value, _ in parts]
    exceeds = sum(amounts) > max(0.0, total) * (1 + 1e-9)
    room = width - exceeds
    row: list[Span] = []
    reached, used = 0.0, 0
    for place, (amount, (_, tone)) in enumerate(zip(amounts, parts, strict=True)):
        if not amount:
            continue
        reached += amount
        end = round(reached / total * width) if total > 0 else room
        end = min(room, max(end, used + 1))
        row.append((glyphs[place % len(glyphs)] * (end - used), tone))
        used = end
    row += [(rest * (room - used), "muted"), (over * exceeds, "bad")]
    return joined([row])


def sparkline(values: Sequence[float | None], width: int) -> str:
    """Draw `values` in at most `width` cells, from their least to their greatest; a gap is a space.

    Where there are more values than cells, a cell shows the mean of its share.
    """
    points = _resampled(values, width)
    known = [value for value in points if value is not None]
    if not known:
        return " " * len(points)
    least, most = min(known), max(known)
    span = most - least

    def step(value: float | None) -> str:
        if value is None:
            return " "
        if not span:
            return _STEPS[3] if value else _STEPS[0]
        return _STEPS[round((value - least) / span * (len(_STEPS) - 1))]

    return "".join(map(step, points))


def _resampled(values: Sequence[float | None], width: int) -> list[float | None]:
    finite = [value if value is not None and isfinite(value) else None for value in values]
    if len(finite) <= width or width <= 0:
        return finite[: max(0, width)]
    result: list[float | None] = []
    for cell in range(width):
        share = finite[cell * len(finite) // width : (cell + 1) * len(finite) // width]
        known = [value for value in share if value is not None]
        result.append(sum(known) / len(known) if known else None)
    return result


def nice_ceiling(value: float) -> float:
    """Give the next round number at or above `value`: such as 1, 1.5, 2, 3 times a power of ten."""
    if value <= 0 or not isfinite(value):
        return 1.0
    power = 10.0 ** floor(log10(value))
    for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8):
        if value <= factor * power * (1 + 1e-9):
            return factor * power
    return 10 * power


def line_chart(
    series: Sequence[Series],
    width: int,
    height: int,
    x_labels: Sequence[str] = (),
    *,
    ascii: bool = False,  # noqa: A002 - what it says, where it is called
) -> list[tuple[Span, ...]]:
    """Draw a chart of lines in `height` lines: a legend, the plot from 0 up, the axis, its labels.

    Each series has a character of its own, in the order given `·` (the plan), `━` (what was),
    `╌` (what is expected), `═`; a later one is drawn over an earlier. The labels are spread
    evenly over the axis.
    """
    if width < _LEAST_CHART[0] or height < _LEAST_CHART[1]:
        return []
    most = max((value for _, _, values in series for value in _known(values)), default=0.0)
    top = nice_ceiling(most)
    margin = max(len(_number(top)), 1)
    plot_width, plot_height = width - margin - 1, height - 3
    glyphs = _ASCII_GLYPHS if ascii else _GLYPHS
    grid: list[list[Span]] = [[(" ", "")] * plot_width for _ in range(plot_height)]
    for place, (_, tone, values) in enumerate(series):
        glyph = glyphs[place % len(glyphs)]
        for x, value in _line(values, plot_width):
            level = round(min(max(value, 0.0), top) / top * (plot_height - 1))
            grid[plot_height - 1 - level][x] = (glyph, tone)
    wall, corner, floor_line = ("|", "+", "-") if ascii else ("│", "└", "─")
    lines = [_legend(series, glyphs, margin, width)]
    for row, cells in enumerate(grid):
        label = {0: _number(top), plot_height - 1: "0"}.get(row, "")
        edge = ((label.rjust(margin) + wall, "muted"),)
        lines.append(joined([edge, cells]))
    lines.append(((" " * margin + corner + floor_line * plot_width, "muted"),))
    lines.append(((" " * (margin + 1) + _spread(x_labels, plot_width), "muted"),))
    return lines


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None and isfinite(value)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:,.1f}"


def _line(values: Sequence[float | None], width: int) -> list[tuple[int, float]]:
    """Give the plotted cells, those between two neighbouring points included."""
    across = max(1, len(values) - 1)
    points = [
        (round(at * (width - 1) / across), value)
        for at, value in enumerate(values)
        if value is not None and isfinite(value)
    ]
    cells = dict(points)
    for (x1, y1), (x2, y2) in pairwise(points):
        for x in range(x1 + 1, x2):
            cells[x] = y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return sorted(cells.items())


def _legend(series: Sequence[Series], glyphs: str, margin: int, width: int) -> tuple[Span, ...]:
    row: list[Span] = [(" " * (margin + 1), "")]
    for place, (label, tone, _) in enumerate(series):
        row += [
            ("   " if place else "", ""),
            (glyphs[place % len(glyphs)] * 2 + " ", tone),
            (safe(label), "muted"),
        ]
    return fit_spans(clip_spans(tuple(row), width), width)


def _spread(labels: Sequence[str], width: int) -> str:
    """Place `labels` evenly over `width` cells, leaving out those that would touch a neighbour."""
    text = ""
    across = max(1, len(labels) - 1)
    for at, label in enumerate(labels):
        size = cell_width(label)
        start = round(at * (width - 1) / across) - size // 2
        start = min(max(0, start), max(0, width - size))
        used = cell_width(text)
        if used and start < used + 1:
            continue
        text += " " * (start - used) + safe(label)
    return fit(text, width)
