"""What triage shows: an item's story, the keys that decide it, why it comes here, and the summary at the end."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from pmtui.domain.consequence import consequence
from pmtui.domain.dates import read_date, say_date
from pmtui.domain.records import Milestone, Record, Task
from pmtui.domain.triage import Overdue
from pmtui.keymap import BY_ID
from pmtui.screens.decisions import Decision
from pmtui.screens.details import Line, last_notes, story
from pmtui.services.desk import Desk, Key
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import Span, fit, width_of, wrap

CELL = 11
"""Columns from one key of the menu to the next, where it stands in a grid."""

MENU = (
    (("record.done", "done"), ("record.date", "date: t today m tomorrow f Fri w +1 week p pick a accept c fix")),
    (
        ("record.progress", "partly"), ("record.who", "who"), ("record.block", "block"), ("record.chase", "chase"),
        ("record.split", "split"), ("record.issue", "issue"), ("record.risk", "risk"),
    ),
    (
        ("record.escalate", "escalate"), ("record.drop", "drop: d drop l later m merge"), ("record.status", "status"),
        ("record.note", "note"),
    ),
)  # fmt: skip
"""The keys that decide, line by line."""

WORD = 13
"""Columns of a decision's word in the summary."""

MOST_NEIGHBOURS = 5
"""Items shown before and after one when its place is explained."""


def title_line(record: Record, late: str, width: int) -> list[Line]:
    """Number and title, how late on the right; beneath one another where there is no room."""
    title = f"{record.number}  {record.name}"
    room = width - width_of(late) - 2
    if late and width_of(title) <= room:
        return [((fit(title, width - width_of(late)), "strong"), (late, "bad"))]
    return [*(((part, "strong"),) for part in wrap(title, width)), *([((late, "bad"),)] if late else [])]


def item_story(project: OpenProject, record: Record, late: str, width: int, *, tiny: bool) -> list[Line]:
    """What one must know of an item before deciding; the last of its notes beneath."""
    title = wrap(f"{record.number}  {record.name}", width)
    lines = [*title_line(record, late, width), *story(project, record, width)[len(title) :]]
    lines += slip_lines(project, record, width)
    notes = last_notes(record, width)
    return [*lines, *([] if tiny or not notes else [(("", ""),)]), *notes]


def slip_lines(project: OpenProject, record: Record, width: int) -> list[Line]:
    """What it does to the finish if it is put off to Friday."""
    if not isinstance(record, (Task, Milestone)) or not record.is_open:
        return []
    day = read_date("fri", project.today)
    effect = consequence(project.data, {record.number: day}).words(project.data, project.today)
    words = f"If it slips to {say_date(day, project.today)}: {effect}"
    return [((part, "warn"),) for part in wrap(words, width)] if effect else []


def menu_lines(enabled: Callable[[str], bool], width: int, *, tiny: bool) -> list[Line]:
    """The keys that decide, those that do not apply dimmed; their letters alone where there is one line."""
    if tiny:
        return [tuple(_key(action_id, enabled) for row in MENU for action_id, _ in row)]
    grid = [_menu_row(row, enabled) for row in MENU]
    if all(width_of(tuple(line)) <= width for line in grid):
        return grid
    return _flowing([item for row in MENU for item in row], enabled, width)


def _key(action_id: str, enabled: Callable[[str], bool]) -> Span:
    return (f"{BY_ID[action_id].key} ", "accent" if enabled(action_id) else "muted")


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


def order_lines(desk: Desk, queue: Sequence[tuple[str, Overdue]], key: Key, width: int) -> list[Line]:
    """What gives an item its place: each term with its points, and the items around it with theirs."""
    at = next((at for at, (code, item) in enumerate(queue) if (code, item.number) == key), -1)
    if at < 0:
        return [(("It is late no more, and has no place in the queue now.", ""),)]
    item = queue[at][1]
    wide = max(width_of(term.words) for term in item.terms) + 2
    place = f"place {at + 1} of {len(queue)}, by the points that its consequence gives"
    lines: list[Line] = [((f"{key[1]}  {place}", "strong"),), (("", ""),)]
    lines += [
        ((f"{term.points:>6}  ", "accent"), (fit(term.words, wide), ""), (term.rule, "muted")) for term in item.terms
    ]
    lines += [((f"{item.weight:>6}  ", "strong"), ("together", "strong")), (("", ""),)]
    first, last = max(0, at - MOST_NEIGHBOURS), at + MOST_NEIGHBOURS + 1
    lines.append((("Around it", "head"),))
    for code, other in queue[first:last]:
        record = desk.record((code, other.number))
        here = (code, other.number) == key
        name = f"{other.number} {record.name if record else ''}"
        why = ", ".join(other.why)
        room = max(20, width - 10)
        lines.append(((f"{other.weight:>6}  ", "accent"), (fit(name, room), "strong" if here else "")))
        lines += [((" " * 8, ""), (part, "muted")) for part in wrap(why, room)]
    lines += [(("", ""),), (("With the same points, what is later longest comes first.", "muted"),)]
    return lines


def summary_lines(
    desk: Desk, queue: Sequence[Key], decided: Mapping[Key, Decision], tally: Sequence[tuple[str, int]], width: int
) -> list[Line]:
    """What was decided, each with who, what, old and new, and why; what is left; and what can be done now."""
    left = [key for key in queue if key not in decided]
    total = len(queue)
    head = f"{len(decided)} of {total} decided." if left else f"All {total} decided."
    lines: list[Line] = [((head, "strong"), ("  " + ", ".join(f"{count} {word}" for word, count in tally), ""))]
    lines.append((("The report offers them, to pick from in its summary.", "muted"),) if decided else (("", ""),))
    lines.append((("", ""),))
    told: set[tuple[str, str]] = set()
    for key in queue:
        if key in decided:
            word, sentence = decided[key].word, _sentence(desk, key, decided[key], 2 * (width - WORD) - 8)
            if (word, sentence) not in told:  # of several that one act decided alike, the sentence names all
                told.add((word, sentence))
                lines += _told_lines(word, sentence, width)
    if left:
        lines += [(("", ""),), ((f"Left for another time: {len(left)}", "head"),)]
        for key in left:
            record = desk.record(key)
            lines.append(((fit(f"{key[1]} {record.name if record else ''}", width), "muted"),))
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
