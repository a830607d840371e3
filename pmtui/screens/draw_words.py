"""Draws on contingency and management reserve in words: for whom, how much, and what is left."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pmtui.domain.dates import say_date
from pmtui.domain.draws import CauseDraws, Draw, Pot, drawn_for, draws
from pmtui.domain.project_data import ProjectData
from pmtui.domain.records import Record
from pmtui.keymap import key_of
from pmtui.screens.money import KINDS
from pmtui.screens.summary import Fact, amount, flowed
from pmtui.widgets.cells import Span, fit, wrap

Line = Sequence[Span]
NET, DAY, NUMBER, STATUS = 14, 12, 7, 11
"""Cells of a draw's amount, day, number and status."""


def draw_lines(data: ProjectData, today: dt.date, width: int) -> list[Line]:
    """What is set aside and what is left of it, then each draw beneath what it was for."""
    found = draws(data)
    if not found.pots:
        said = "Nothing is set aside: a budget line of the kind contingency or management reserve does."
        return [((part, "muted"),) for part in wrap(said, width)]
    lines = [line for pot in found.pots for line in _pot_lines(pot, data.project.currency, width)]
    if not found.causes:
        how = f'Nothing is drawn. {key_of("record.add")} draws, such as: 5000 contingency "extra tests" for:R-3'
        return [*lines, *(((part, "muted"),) for part in wrap(how, width))]
    for cause in found.causes:
        lines += [(("", ""),), *_cause_lines(cause, data, today, width)]
    return lines


def drawn_words(record: Record, data: ProjectData) -> Iterator[Span]:
    """What was drawn for a record, in a sentence; nothing where nothing was."""
    found = drawn_for(data, record.number)
    if found is None:
        return
    parts = [f"{amount(found.drawn, cents=True)} {data.project.currency} drawn"] if found.drawn else []
    parts += [f"{amount(found.expected, cents=True)} still planned"] if found.expected else []
    kinds = dict.fromkeys(KINDS[draw.kind] for draw in found.draws)
    numbers = ", ".join(draw.entry.number for draw in found.draws[:4])
    more = f" and {len(found.draws) - 4} more" if len(found.draws) > 4 else ""
    yield f"{' · '.join(parts) or 'Nothing left drawn'} from {' and '.join(kinds)} for it: {numbers}{more}", ""


def _pot_lines(pot: Pot, currency: str, width: int) -> list[Line]:
    facts: list[Fact] = [
        (
            (f"{pot.kind.capitalize()} ", "muted"),
            (amount(pot.set_aside, cents=True), "strong"),
            (f" {currency}", "muted"),
        ),
        (("drawn ", "muted"), (amount(pot.drawn, cents=True), "")),
        (("left ", "muted"), (amount(pot.left, cents=True), "bad" if pot.left < 0 else "strong")),
    ]
    if pot.expected:
        facts.insert(2, (("still planned ", "muted"), (amount(pot.expected, cents=True), "")))
    lines: list[Line] = [*flowed(facts, width)]
    if pot.left < 0:
        lines.append(((f"▲ {amount(-pot.left, cents=True)} more drawn than set aside", "bad"),))
    elif pot.left < pot.expected:
        lines.append(((f"▲ {amount(pot.expected - pot.left, cents=True)} more planned than is left", "warn"),))
    return lines


def _cause_lines(cause: CauseDraws, data: ProjectData, today: dt.date, width: int) -> list[Line]:
    record = data.get(cause.cause) if cause.cause else None
    named = f"{cause.cause}  {record.name}" if record else cause.cause or "Named for nothing"
    sums = [f"drawn {amount(cause.drawn, cents=True)}"] if cause.drawn or not cause.expected else []
    sums += [f"planned {amount(cause.expected, cents=True)}"] if cause.expected else []
    shown = " · ".join(sums)
    head = fit(named, max(12, width - len(shown) - 2))
    lines: list[Line] = [((head, "strong"), (f"  {shown}", "strong"))]
    for draw in cause.draws:
        lines += _draw_line(draw, data, today, width)
    return lines


def _draw_line(draw: Draw, data: ProjectData, today: dt.date, width: int) -> list[Line]:
    entry, tone = draw.entry, "" if draw.is_drawn else "muted"
    note = max(8, width - NET - DAY - NUMBER - STATUS - 2)
    cells = fit(entry.number, NUMBER) + fit(say_date(entry.date, today), DAY) + fit(entry.status, STATUS)
    what = entry.note or data.category_of(entry)
    line: Line = (
        (f"  {cells}", "muted"),
        (fit(what, note), tone),
        (fit(amount(entry.net, cents=True), NET, "right"), tone),
    )
    return [line, *([((f"  ▲ {draw.unreleased}", "warn"),)] if draw.unreleased else [])]
