"""What triage shows: an item's story, the keys that decide it, and why it comes here."""

from collections.abc import Sequence

from pmtui.domain.consequence import consequence
from pmtui.domain.dates import read_date, say_date
from pmtui.domain.records import Milestone, Record, Task
from pmtui.domain.triage import Overdue
from pmtui.screens.details import Line, last_notes, story
from pmtui.screens.summing_up import title_line
from pmtui.services.desk import Desk, Key
from pmtui.services.project import OpenProject
from pmtui.widgets.cells import fit, width_of, wrap

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

MOST_NEIGHBOURS = 5
"""Items shown before and after one when its place is explained."""


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
