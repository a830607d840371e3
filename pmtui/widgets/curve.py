"""A curve that rises from left to right, filled, with marks above and below: shapes tell it, also without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmtui.widgets.cells import clip_spans, fit, safe, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmtui.widgets.cells import Span

_STEPS = " ▁▂▃▄▅▆▇█"
_EIGHTHS = len(_STEPS) - 1
MARK, BEFORE, AFTER = "▼", "←", "→"


def filled(shares: Sequence[float], height: int, split: int, tones: tuple[str, str]) -> list[tuple[Span, ...]]:
    """Draw a column a share, 0 to 1, in `height` lines; those from column `split` on have the second tone.

    A share above zero always shows.
    """
    levels = [max(1, round(min(1.0, share) * height * _EIGHTHS)) if share > 0 else 0 for share in shares]
    lines: list[tuple[Span, ...]] = []
    for row in range(height - 1, -1, -1):
        text = "".join(_STEPS[min(_EIGHTHS, max(0, level - row * _EIGHTHS))] for level in levels)
        at = min(max(0, split), len(text))
        lines.append(((text[:at], tones[0]), (text[at:], tones[1])))
    return lines


def pointer(at: int, words: str, width: int, tone: str) -> tuple[Span, ...]:
    """Draw `▼` over column `at`, its words on the side that has room; an arrow where it is beyond either end."""
    mark = BEFORE if at < 0 else AFTER if at >= width else MARK
    at = min(max(0, at), width - 1)
    told = safe(words)
    if at + 2 + width_of(told) <= width or at < width // 2:
        return clip_spans(((" " * at, ""), (f"{mark} {told}", tone)), width)
    return ((f"{fit(told, at - 1, 'right')} {mark}", tone),)


def axis(width: int, marks: Sequence[tuple[int, str]]) -> list[tuple[Span, ...]]:
    """Draw the axis with a tick for each mark, and the words of the marks beneath; as many as there is room for.

    Words keep clear of one another: those that would touch move to the right, and back where that is the end.
    """
    words: dict[int, str] = {}
    for at, told in sorted(marks):
        words[at] = f"{words[at]} {told}" if at in words else told
    line = "".join("┴" if at in words else "─" for at in range(width))
    starts: list[int] = []
    free = 0
    for at, told in words.items():
        starts.append(max(free, at - len(told) // 2))
        free = starts[-1] + len(told) + 1
    end = width
    for place, told in reversed(list(enumerate(words.values()))):
        starts[place] = min(starts[place], end - len(told))
        end = starts[place] - 1
    beneath = ""
    for start, told in zip(starts, words.values(), strict=True):
        if start >= len(beneath):
            beneath += " " * (start - len(beneath)) + told
    return [((line, "muted"),), ((beneath, ""),)]
