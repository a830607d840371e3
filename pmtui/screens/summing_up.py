"""What is shown where items come one at a time: their titles, the keys that decide, and the summary at the end."""

import dataclasses
from collections.abc import Callable, Sequence

from pmtui.domain.records import Record
from pmtui.keymap import BY_ID
from pmtui.screens.decisions import Decision, Decisions
from pmtui.screens.details import Line
from pmtui.services.desk import Desk, Key
from pmtui.widgets.cells import Span, fit, width_of, wrap

Menu = Sequence[Sequence[tuple[str, str]]]
"""Actions with what they do, line by line."""

CELL = 11
"""Columns from one key of the menu to the next, where it stands in a grid."""

ROW_OF_KEYS = 5
"""Keys of one action that are shown from the first to the last: the steps of a scale."""

WORD = 13
"""Columns of a decision's word in the summary."""


def title_line(record: Record, late: str, width: int) -> list[Line]:
    """Number and title, how late on the right; beneath one another where there is no room."""
    title = f"{record.number}  {record.name}"
    room = width - width_of(late) - 2
    if late and width_of(title) <= room:
        return [((fit(title, width - width_of(late)), "strong"), (late, "bad"))]
    return [*(((part, "strong"),) for part in wrap(title, width)), *([((late, "bad"),)] if late else [])]


def menu_lines(menu: Menu, enabled: Callable[[str], bool], width: int, *, tiny: bool) -> list[Line]:
    """The keys that decide, those that do not apply dimmed; their letters alone where there is one line."""
    if tiny:
        return [tuple(_key(action_id, enabled) for row in menu for action_id, _ in row)]
    grid = [_menu_row(row, enabled) for row in menu]
    if all(width_of(tuple(line)) <= width for line in grid):
        return grid
    return _flowing([item for row in menu for item in row], enabled, width)


def _key(action_id: str, enabled: Callable[[str], bool]) -> Span:
    action = BY_ID[action_id]
    named = f"{action.key}–{action.shown(action.keys[-1])}" if len(action.keys) >= ROW_OF_KEYS else action.key
    return (f"{named} ", "accent" if enabled(action_id) else "muted")


def _menu_row(row: Sequence[tuple[str, str]], enabled: Callable[[str], bool]) -> Line:
    """A line whose keys stand beneath those of the line above."""
    spans: list[Span] = []
    for at, (action_id, words) in enumerate(row):
        key = _key(action_id, enabled)
        used = width_of(key[0]) + width_of(words)
        cells = -(-(used + 1) // CELL) * CELL
        last = at == len(row) - 1
        spans += [key, (words if last else fit(words, cells - width_of(key[0])), "" if enabled(action_id) else "muted")]
    return tuple(spans)


def _flowing(items: Sequence[tuple[str, str]], enabled: Callable[[str], bool], width: int) -> list[Line]:
    """The same keys in as many lines as it takes."""
    lines: list[Line] = []
    row: list[Span] = []
    used = 0
    for action_id, words in items:
        key = _key(action_id, enabled)
        cell = width_of(key[0]) + width_of(words)
        if row and used + cell > width:
            lines.append(tuple(row))
            row, used = [], 0
        row += [key, (f"{words}   ", "" if enabled(action_id) else "muted")]
        used += cell + 3
    return [*lines, tuple(row)]


def summary_lines(desk: Desk, queue: Sequence[Key], decisions: Decisions, done_word: str, width: int) -> list[Line]:
    """What was decided, each with who, what, old and new, and why; what is left; and what can be done now."""
    decided = decisions.decided
    left = [key for key in queue if key not in decided]
    total = len(queue)
    head = f"{len(decided)} of {total} {done_word}." if left else f"All {total} {done_word}."
    tally = ", ".join(f"{count} {word}" for word, count in decisions.tally())
    lines: list[Line] = [((head, "strong"), (f"  {tally}", ""))]
    lines.append((("The report offers them, to pick from in its summary.", "muted"),) if decided else (("", ""),))
    lines.append((("", ""),))
    lines += _all_told(desk, queue, decisions, width)
    if left:
        lines += [(("", ""),), ((f"Left for another time: {len(left)}", "head"),)]
        for key in left:
            record = desk.record(key)
            lines.append(((fit(f"{key[1]} {record.name if record else ''}", width), "muted"),))
    return lines


def _all_told(desk: Desk, queue: Sequence[Key], decisions: Decisions, width: int) -> list[Line]:
    """Each act in a sentence, item by item; of several that one act decided alike, the sentence names all."""
    lines: list[Line] = []
    told: set[tuple[str, str]] = set()
    for key in queue:
        for decision in decisions.of[key].all if key in decisions.of else ():
            sentence = _sentence(desk, key, decision, 2 * (width - WORD) - 8)
            if (decision.word, sentence) not in told:
                told.add((decision.word, sentence))
                lines += _told_lines(decision.word, sentence, width)
    return lines


def _told_lines(word: str, sentence: str, width: int) -> list[Line]:
    """A decision in a sentence, its word before it."""
    parts = wrap(sentence, max(20, width - WORD))
    lines: list[Line] = [((fit(word, WORD), "good"), (parts[0] if parts else "", ""))]
    return lines + [((" " * WORD, ""), (part, "")) for part in parts[1:]]


def _sentence(desk: Desk, key: Key, decision: Decision, width: int) -> str:
    project, record = desk.projects[key[0]], desk.record(key)
    transaction = decision.transaction
    if transaction is None and record is not None:
        latest = project.history(newest_first=True, record=(record.TYPE.table, record.id))
        transaction = next(latest, None)
    if transaction is None:
        return f"{key[1]} {record.name if record else 'is deleted'}"
    told = project.story().told(transaction).about(key[1])
    return dataclasses.replace(told, effect="").said(width)
