"""Facts in a line or a few: what a view's numbers come to, laid out for the width there is."""

from collections.abc import Sequence
from decimal import Decimal

from pmtui.widgets.cells import Span, clip_spans, joined, width_of, wrap

Fact = tuple[Span, ...]
"""Some spans that stay together on one line."""

SEPARATOR: Span = (" · ", "muted")


def flowed(facts: Sequence[Fact], width: int) -> list[tuple[Span, ...]]:
    """Facts side by side, broken into lines between two of them, and within one of words that is too long."""
    lines: list[list[Fact]] = []
    used = 0
    for fact in facts:
        size = width_of(fact)
        if lines and used + len(SEPARATOR[0]) + size <= width:
            lines[-1].append(fact)
            used += len(SEPARATOR[0]) + size
        else:
            lines.append([fact])
            used = size
    return [part for line in lines for part in _broken(line, width)]


def _broken(line: Sequence[Fact], width: int) -> list[tuple[Span, ...]]:
    """A line of facts, or as many as one fact takes that is longer than a line."""
    if len(line) == len(line[0]) == 1 and width_of(line[0]) > width:
        text, tone = line[0][0]
        return [((part, tone),) for part in wrap(text, width)]
    return [clip_spans(_beside(line), width)]


def fitted(facts: Sequence[tuple[int, Fact]], width: int) -> tuple[Span, ...]:
    """Facts on one line, those of the highest priority left out where there is no room; 0 stays."""
    kept = list(facts)
    while len(kept) > 1 and width_of(_beside([fact for _, fact in kept])) > width:
        least = max(kept, key=lambda pair: pair[0])
        if not least[0]:
            break
        kept.remove(least)
    return clip_spans(_beside([fact for _, fact in kept]), width)


def amount(value: Decimal, *, cents: bool = False) -> str:
    """An amount, thousands grouped, without its currency; whole units unless ``cents``."""
    shown = f"{value:,.2f}" if cents else f"{value:,.0f}"
    return "0" if shown == "-0" else shown


def _beside(facts: Sequence[Fact]) -> tuple[Span, ...]:
    parts: list[Sequence[Span]] = []
    for at, fact in enumerate(facts):
        parts += [(SEPARATOR,), fact] if at else [fact]
    return joined(parts)
